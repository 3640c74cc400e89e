//! The check behind `benches/cost`: what `dashlint::cost` says of queries, and what a real Prometheus counts for them.
//!
//! Synthetic series are written as blocks by promtool, Prometheus is started on loopback over them, and each query is asked
//! with `stats=all`. Labels have as many values as `rules/facts/cost.toml` says: it is the model that is checked, not how many
//! series somebody's server has.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::env;
use std::error::Error;
use std::fs::{self, File};
use std::io::{BufWriter, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use dashlint::cost::{Evaluation, SeriesCounts, query_cost};
use dashlint::promql::parse;
use serde_json::Value;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Seconds between two samples.
const SCRAPE: u64 = 30;
/// Hours of samples of most metrics.
const HOURS: u64 = 4;
/// Days of samples of the one for long windows.
const DAYS: u64 = 3;
/// The range of queries along time, and their step.
const RANGE: u64 = 2 * 3600;
const STEP: u64 = 15;

/// A shape of query, and whether it is asked along time.
const QUERIES: &[(&str, bool, &str)] = &[
    ("series as stored", true, "http_requests_total"),
    (
        "aggregated",
        true,
        "sum by (instance) (node_cpu_seconds_total)",
    ),
    (
        "one label chosen",
        true,
        r#"sum by (instance) (rate(node_cpu_seconds_total{mode="idle"}[5m]))"#,
    ),
    (
        "label excluded",
        true,
        r#"sum by (instance) (rate(node_cpu_seconds_total{mode!="idle"}[5m]))"#,
    ),
    (
        "alternatives chosen",
        true,
        r#"rate(http_requests_total{code=~"c1|c2"}[5m])"#,
    ),
    ("window of an hour", true, "rate(http_requests_total[1h])"),
    ("window of a day", true, "increase(jobs_done_total[1d])"),
    (
        "quantile of summed buckets",
        true,
        "histogram_quantile(0.9, sum by (le) (rate(latency_seconds_bucket[5m])))",
    ),
    (
        "quantile of every histogram",
        true,
        "histogram_quantile(0.9, rate(latency_seconds_bucket[5m]))",
    ),
    (
        "ratio",
        true,
        r#"sum(rate(http_requests_total{code="c1"}[5m])) / sum(rate(http_requests_total[5m]))"#,
    ),
    (
        "join",
        true,
        "rate(http_requests_total[5m]) * on (instance) group_left () jobs_done_total",
    ),
    (
        "the largest",
        true,
        "topk(5, rate(http_requests_total[5m]))",
    ),
    (
        "with an offset",
        true,
        "sum(http_requests_total) - sum(http_requests_total offset 1h)",
    ),
    (
        "nailed to the end",
        true,
        "http_requests_total and topk(5, avg_over_time(http_requests_total[1h] @ end()))",
    ),
    (
        "alternatives of two selectors",
        true,
        "jobs_done_total or http_requests_total",
    ),
    (
        "subquery",
        true,
        "max_over_time(sum(rate(http_requests_total[5m]))[30m:1m])",
    ),
    (
        "subquery in a subquery",
        true,
        "avg_over_time(max_over_time(sum(jobs_done_total)[10m:1m])[1h:5m])",
    ),
    (
        "rate, at one moment",
        false,
        "sum by (mode) (rate(node_cpu_seconds_total[5m]))",
    ),
    (
        "window of an hour, at one moment",
        false,
        "rate(http_requests_total[1h])",
    ),
    (
        "window of a day, at one moment",
        false,
        "avg_over_time(jobs_done_total[1d])",
    ),
    (
        "subquery, at one moment",
        false,
        "max_over_time(sum(rate(http_requests_total[5m]))[1h:1m])",
    ),
];

fn main() -> Result<()> {
    let folder = env::args().nth(1).map(PathBuf::from);
    let tool = |name: &str| {
        folder
            .as_ref()
            .map_or(PathBuf::from(name), |folder| folder.join(name))
    };
    let work = tempfile::tempdir()?;
    let end = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs() / 3600 * 3600;
    let counts = write_series(&tool("promtool"), work.path(), end)?;
    let server = Server::start(&tool("prometheus"), work.path())?;
    compare(&server, end, &counts)
}

fn compare(server: &Server, end: u64, counts: &SeriesCounts) -> Result<()> {
    println!(
        "{:32} {:>12} {:>12} {:>6} {:>9} {:>7}",
        "query", "estimate", "server", "ratio", "ms", "µs/work"
    );
    let mut close = 0;
    for (shape, along, query) in QUERIES {
        let evaluation = Evaluation {
            range: if *along { RANGE as f64 } else { 0.0 },
            shown: RANGE as f64,
            step: STEP as f64,
            scrape: SCRAPE as f64,
        };
        let parsed = parse(query);
        assert!(parsed.is_valid(), "{query}: {:?}", parsed.errors);
        let cost = query_cost(&parsed, &evaluation, counts);
        let (samples, seconds) = server.ask(query, *along, end)?;
        let ratio = cost.samples / samples;
        let near = (0.8..=1.25).contains(&ratio);
        close += usize::from(near);
        println!(
            "{shape:32} {:>12.0} {samples:>12.0} {ratio:>6.2} {:>9.1} {:>7.2}{}",
            cost.samples,
            seconds * 1e3,
            seconds * 1e6 / cost.work(),
            if near { "" } else { "  off" }
        );
    }
    println!("{close} of {} within 0.8 to 1.25", QUERIES.len());
    // Twelve of fourteen.
    if close * 14 < QUERIES.len() * 12 {
        return Err("the model is off".into());
    }
    Ok(())
}

/// Writes all series as blocks; how many each metric has.
fn write_series(promtool: &Path, folder: &Path, end: u64) -> Result<SeriesCounts> {
    let mut counts = serde_json::Map::new();
    let short = folder.join("short.om");
    let mut out = BufWriter::new(File::create(&short)?);
    let instances = values("instance", "i", 20);
    for (metric, labels) in [
        (
            "node_cpu_seconds_total",
            [
                instances.clone(),
                values("cpu", "", 16),
                values("mode", "m", 7),
            ],
        ),
        (
            "http_requests_total",
            [
                instances.clone(),
                values("method", "m", 6),
                values("code", "c", 8),
            ],
        ),
        (
            "latency_seconds_bucket",
            [instances.clone(), values("handler", "h", 5), buckets()],
        ),
    ] {
        let series = combinations(&labels);
        // The eighth mode is the one that is asked for.
        let series = match metric {
            "node_cpu_seconds_total" => with_idle(series),
            _ => series,
        };
        counts.insert(metric.to_owned(), series.len().into());
        write_metric(&mut out, metric, &series, end - HOURS * 3600, end)?;
    }
    writeln!(out, "# EOF")?;
    drop(out);
    let long = folder.join("long.om");
    let mut out = BufWriter::new(File::create(&long)?);
    let series = combinations(&[instances]);
    counts.insert("jobs_done_total".to_owned(), series.len().into());
    write_metric(
        &mut out,
        "jobs_done_total",
        &series,
        end - DAYS * 86_400,
        end,
    )?;
    writeln!(out, "# EOF")?;
    drop(out);
    for file in [short, long] {
        let status = Command::new(promtool)
            .args(["tsdb", "create-blocks-from", "openmetrics"])
            .arg(&file)
            .arg(folder.join("data"))
            .stdout(Stdio::null())
            .status()?;
        if !status.success() {
            return Err("promtool failed".into());
        }
        fs::remove_file(file)?;
    }
    Ok(SeriesCounts::parse(&Value::Object(counts).to_string())?)
}

fn values(label: &str, prefix: &str, count: usize) -> Vec<String> {
    (0..count)
        .map(|n| format!("{label}=\"{prefix}{n}\""))
        .collect()
}

fn buckets() -> Vec<String> {
    let bound = |n: usize| match n {
        11 => "+Inf".to_owned(),
        n => format!("{}", 0.01 * 2f64.powi(n as i32)),
    };
    (0..12).map(|n| format!("le=\"{}\"", bound(n))).collect()
}

fn with_idle(mut series: Vec<String>) -> Vec<String> {
    let idle: Vec<String> = series
        .iter()
        .filter(|labels| labels.contains("mode=\"m0\""))
        .map(|labels| labels.replace("mode=\"m0\"", "mode=\"idle\""))
        .collect();
    series.extend(idle);
    series
}

fn combinations(labels: &[Vec<String>]) -> Vec<String> {
    let mut all = vec![String::new()];
    for values in labels {
        all = all
            .iter()
            .flat_map(|before| {
                let comma = if before.is_empty() { "" } else { "," };
                values
                    .iter()
                    .map(move |value| format!("{before}{comma}{value}"))
            })
            .collect();
    }
    all
}

fn write_metric(
    out: &mut impl Write,
    metric: &str,
    series: &[String],
    start: u64,
    end: u64,
) -> Result<()> {
    for (number, labels) in series.iter().enumerate() {
        for (tick, at) in (start..=end).step_by(SCRAPE as usize).enumerate() {
            writeln!(out, "{metric}{{{labels}}} {} {at}", tick * (number % 7 + 1))?;
        }
    }
    Ok(())
}

/// A Prometheus of our own, which ends with us.
struct Server {
    process: Child,
    address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Server {
    fn start(prometheus: &Path, folder: &Path) -> Result<Self> {
        let config = folder.join("prometheus.yml");
        fs::write(&config, "global: {}\n")?;
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
        let process = Command::new(prometheus)
            .arg(format!("--config.file={}", config.display()))
            .arg(format!(
                "--storage.tsdb.path={}",
                folder.join("data").display()
            ))
            .arg(format!("--web.listen-address={address}"))
            .arg("--storage.tsdb.retention.time=365d")
            .stderr(Stdio::null())
            .spawn()?;
        let server = Server { process, address };
        for _ in 0..200 {
            if server
                .get("/-/ready")
                .is_ok_and(|answer| answer.contains("200 OK"))
            {
                return Ok(server);
            }
            sleep(Duration::from_millis(100));
        }
        Err("Prometheus does not start".into())
    }

    fn get(&self, path: &str) -> Result<String> {
        let mut stream = TcpStream::connect(&self.address)?;
        write!(
            stream,
            "GET {path} HTTP/1.0\r\nHost: {}\r\n\r\n",
            self.address
        )?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }

    /// The samples the server counts for a query, and the seconds of its fastest evaluation of three.
    fn ask(&self, query: &str, along: bool, end: u64) -> Result<(f64, f64)> {
        let query = encoded(query);
        let path = match along {
            true => format!(
                "/api/v1/query_range?query={query}&start={}&end={end}&step={STEP}&stats=all",
                end - RANGE
            ),
            false => format!("/api/v1/query?query={query}&time={end}&stats=all"),
        };
        let mut samples = 0.0;
        let mut fastest = f64::INFINITY;
        for _ in 0..3 {
            let answer = self.get(&path)?;
            let body = answer.split_once("\r\n\r\n").ok_or("no answer")?.1;
            let answer: Value = serde_json::from_str(body)?;
            let stats = &answer["data"]["stats"];
            samples = stats["samples"]["totalQueryableSamples"]
                .as_f64()
                .ok_or_else(|| format!("no statistics: {}", answer["error"]))?;
            let seconds = stats["timings"]["execTotalTime"].as_f64();
            fastest = fastest.min(seconds.unwrap_or(f64::INFINITY));
        }
        Ok((samples, fastest))
    }
}

fn encoded(query: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    query
        .bytes()
        .map(|byte| match plain(byte) {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        })
        .collect()
}
