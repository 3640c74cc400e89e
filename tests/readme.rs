//! The README shows real output.
#![allow(clippy::unwrap_used)]

use std::fs;

use assert_cmd::Command;

const START: &str = "<!-- findings: written by `UPDATE=1 cargo test --test readme` -->\n";
const END: &str = "<!-- /findings -->";

#[test]
fn the_picture_is_what_the_program_prints() {
    let output = Command::cargo_bin("dashlint")
        .unwrap()
        .current_dir("testdata/readme")
        .args(["dashboards", "--isolated", "--quiet", "--color", "never"])
        .env_remove("COLUMNS")
        .env_remove("FORCE_COLOR")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let block = format!(
        "{START}```console\n$ dashlint dashboards\n{}\n```\n{END}",
        text.trim_end()
    );
    let readme = fs::read_to_string("README.md").unwrap();
    let (from, to) = (
        readme.find(START).unwrap(),
        readme.find(END).unwrap() + END.len(),
    );
    let wanted = format!("{}{block}{}", &readme[..from], &readme[to..]);
    if std::env::var_os("UPDATE").is_some() {
        fs::write("README.md", wanted).unwrap();
        return;
    }
    assert!(
        readme == wanted,
        "README.md is stale: UPDATE=1 cargo test --test readme"
    );
}
