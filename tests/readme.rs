//! The README shows real output.
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::path::Path;

use support::run::run;

/// The pictures: what they are called, what is shown as typed, and what is run.
const PICTURES: [(&str, &str, &[&str]); 2] = [
    (
        "findings",
        "dashlint dashboards",
        &["dashboards", "--isolated", "--quiet", "--color", "never"],
    ),
    (
        "costs",
        "dashlint cost nodes",
        &["cost", "nodes", "--isolated", "--color", "never"],
    ),
];

fn output(args: &[&str]) -> String {
    run(Path::new("testdata/readme"), args).1
}

#[test]
fn the_pictures_are_what_the_program_prints() {
    let readme = fs::read_to_string("README.md").unwrap();
    let mut wanted = readme.clone();
    for (name, typed, args) in PICTURES {
        let start = format!("<!-- {name}: written by `UPDATE=1 cargo test --test readme` -->\n");
        let end = format!("<!-- /{name} -->");
        let text = output(args);
        let block = format!(
            "{start}```console\n$ {typed}\n{}\n```\n{end}",
            text.trim_end()
        );
        let (from, to) = (
            wanted.find(&start).unwrap(),
            wanted.find(&end).unwrap() + end.len(),
        );
        wanted.replace_range(from..to, &block);
    }
    if std::env::var_os("UPDATE").is_some() {
        fs::write("README.md", wanted).unwrap();
        return;
    }
    assert!(
        readme == wanted,
        "README.md is stale: UPDATE=1 cargo test --test readme"
    );
}
