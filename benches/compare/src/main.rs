//! What `benches/run` measures with: whole processes, medians, ratios.
//!
//! dashlint itself, `serde_json` parsing every JSON file of the folder into `Value` on one core (this same program,
//! started with `--parse`), and grafana/dashboard-linter and pint where they are found on PATH.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// One run of a process.
#[derive(Clone, Copy, Default)]
struct Run {
    wall: Duration,
    cpu: Duration,
    peak_kib: u64,
}

fn main() -> Result<()> {
    let args: Vec<String> = env::args().skip(1).collect();
    if args.first().map(String::as_str) == Some("--parse") {
        return parse_all(Path::new(args.get(1).ok_or("--parse FOLDER")?));
    }
    let runs: usize = args.get(1).and_then(|n| n.parse().ok()).unwrap_or(7);
    let generated = env::temp_dir().join("dashlint-bench-repository");
    let folder = match args.first() {
        Some(folder) => PathBuf::from(folder),
        None if Path::new("../shared/corpus").is_dir() => PathBuf::from("../shared/corpus"),
        None => {
            generate(&generated)?;
            generated
        }
    };
    let own = env::current_exe()?;
    let dashlint = built()?;
    println!("{} ({} runs each, medians)", folder.display(), runs);
    let mut command = Command::new(&dashlint);
    command
        .args(["--quiet", "--isolated", "--format", "concise"])
        .arg(&folder);
    let linted = median(&mut command, runs)?;
    let mut command = Command::new(&own);
    command.arg("--parse").arg(&folder);
    let parsed = median(&mut command, runs)?;
    row("dashlint", linted, None);
    row("serde_json, one core", parsed, None);
    println!(
        "ratio: wall {:.2}, CPU {:.2}",
        linted.wall.as_secs_f64() / parsed.wall.as_secs_f64(),
        linted.cpu.as_secs_f64() / parsed.cpu.as_secs_f64()
    );
    if let Some(one) = one_dashboard(&folder) {
        let mut command = Command::new(&dashlint);
        command
            .args(["--quiet", "--isolated", "--format", "concise"])
            .arg(&one);
        let lone = median(&mut command, runs)?;
        row(
            "dashlint, one dashboard",
            lone,
            Some(fs::metadata(&one)?.len()),
        );
    }
    for (peer, args) in [
        ("dashboard-linter", &["lint"][..]),
        ("pint", &["--offline", "lint"][..]),
    ] {
        if Command::new(peer)
            .arg("--help")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok()
        {
            let mut command = Command::new(peer);
            command.args(args).arg(&folder);
            row(peer, median(&mut command, runs)?, None);
        }
    }
    Ok(())
}

fn row(name: &str, run: Run, bytes: Option<u64>) {
    let size = bytes.map_or(String::new(), |bytes| format!(" ({} kB)", bytes / 1000));
    println!(
        "{name:<24}{size} wall {:>8.1} ms   CPU {:>8.1} ms   peak {:>7.1} MiB",
        run.wall.as_secs_f64() * 1e3,
        run.cpu.as_secs_f64() * 1e3,
        run.peak_kib as f64 / 1024.0
    );
}

/// The release binary as users have it, built if need be: `benches/run` starts this program in the root of the repository.
fn built() -> Result<PathBuf> {
    let status = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--release", "--bin", "dashlint"])
        .status()?;
    if !status.success() {
        return Err("the release build failed".into());
    }
    let target = env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    let name = format!("dashlint{}", env::consts::EXE_SUFFIX);
    Ok(Path::new(&target).join("release").join(name))
}

fn median(command: &mut Command, runs: usize) -> Result<Run> {
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut all = Vec::new();
    measure(command)?;
    for _ in 0..runs.max(1) {
        all.push(measure(command)?);
    }
    let middle = |mut values: Vec<Duration>| {
        values.sort_unstable();
        values[values.len() / 2]
    };
    Ok(Run {
        wall: middle(all.iter().map(|run| run.wall).collect()),
        cpu: middle(all.iter().map(|run| run.cpu).collect()),
        peak_kib: all.iter().map(|run| run.peak_kib).max().unwrap_or_default(),
    })
}

/// Runs it once under GNU time, which asks the system for CPU time and peak memory; without GNU time only the wall
/// clock is known.
fn measure(command: &Command) -> Result<Run> {
    let report = env::temp_dir().join(format!("dashlint-bench-{}", std::process::id()));
    let timed = Path::new("/usr/bin/time").exists();
    let mut wrapped = if timed {
        let mut wrapped = Command::new("/usr/bin/time");
        wrapped
            .args(["-o"])
            .arg(&report)
            .args(["-f", "%U %S %M"])
            .arg(command.get_program());
        wrapped
    } else {
        Command::new(command.get_program())
    };
    wrapped
        .args(command.get_args())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let start = Instant::now();
    wrapped.status()?;
    let wall = start.elapsed();
    let mut run = Run {
        wall,
        ..Run::default()
    };
    if timed {
        let text = fs::read_to_string(&report)?;
        let last = text.lines().last().unwrap_or_default();
        let figures: Vec<f64> = last
            .split_whitespace()
            .filter_map(|word| word.parse().ok())
            .collect();
        if let [user, system, peak] = figures[..] {
            run.cpu = Duration::from_secs_f64(user + system);
            run.peak_kib = peak as u64;
        }
    }
    Ok(run)
}

/// Reads every JSON file below `folder` and parses it into a `serde_json::Value`.
fn parse_all(folder: &Path) -> Result<()> {
    let mut values = 0usize;
    for entry in walkdir::WalkDir::new(folder)
        .into_iter()
        .filter_map(std::result::Result::ok)
    {
        if entry
            .path()
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            let bytes = fs::read(entry.path())?;
            values += usize::from(serde_json::from_slice::<serde_json::Value>(&bytes).is_ok());
        }
    }
    println!("{values}");
    Ok(())
}

/// A dashboard of about 100 kB.
fn one_dashboard(folder: &Path) -> Option<PathBuf> {
    walkdir::WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .filter_map(std::result::Result::ok)
        .filter(|entry| {
            entry
                .path()
                .extension()
                .is_some_and(|extension| extension == "json")
        })
        .filter_map(|entry| {
            Some((
                entry.metadata().ok()?.len().abs_diff(100_000),
                entry.into_path(),
            ))
        })
        .min()
        .map(|(_, path)| path)
}

/// A repository of 400 dashboards of 40 panels, with rules and data sources.
fn generate(root: &Path) -> Result<()> {
    fs::create_dir_all(root.join("dashboards"))?;
    fs::create_dir_all(root.join("rules"))?;
    for number in 0..400 {
        let mut panels = String::new();
        for id in 1..=40 {
            let comma = if id == 1 { "" } else { "," };
            write!(
                panels,
                r#"{comma}
    {{
      "id": {id},
      "type": "timeseries",
      "title": "Latency {id}",
      "gridPos": {{ "h": 8, "w": 12, "x": {x}, "y": {y} }},
      "datasource": {{ "type": "prometheus", "uid": "${{datasource}}" }},
      "fieldConfig": {{
        "defaults": {{
          "unit": "s",
          "thresholds": {{ "mode": "absolute", "steps": [{{ "color": "green", "value": null }}, {{ "color": "red", "value": {id} }}] }}
        }},
        "overrides": []
      }},
      "targets": [
        {{
          "refId": "A",
          "expr": "histogram_quantile(0.99, sum by (le, service) (rate(service{number}_request_seconds_bucket{{job=~\"$job\", code!~\"5..\"}}[$__rate_interval]))) > {id}",
          "legendFormat": "{{{{service}}}}"
        }},
        {{ "refId": "B", "expr": "sum(rate(service{number}_requests_total{{job=~\"$job\"}}[$__rate_interval])) by (job)" }}
      ]
    }}"#,
                x = (id % 2) * 12,
                y = (id / 2) * 8,
            )?;
        }
        let dashboard = format!(
            r#"{{
  "uid": "service-{number}",
  "title": "Service {number}",
  "schemaVersion": 39,
  "templating": {{
    "list": [
      {{ "name": "datasource", "type": "datasource", "query": "prometheus" }},
      {{ "name": "job", "type": "query", "multi": true, "datasource": {{ "type": "prometheus", "uid": "${{datasource}}" }}, "query": "label_values(up, job)" }}
    ]
  }},
  "panels": [{panels}
  ]
}}
"#
        );
        fs::write(
            root.join(format!("dashboards/service-{number}.json")),
            dashboard,
        )?;
        let mut rules = format!("groups:\n  - name: service-{number}\n    rules:\n");
        for rule in 0..20 {
            write!(
                rules,
                "      - alert: Service{number}Alert{rule}\n        expr: sum by (job) (rate(service{number}_requests_total{{code=~\"5..\"}}[5m])) > {rule}\n        for: 5m\n"
            )?;
        }
        fs::write(root.join(format!("rules/service-{number}.yaml")), rules)?;
    }
    Ok(())
}
