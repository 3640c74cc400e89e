use std::fs;
use std::process::Command;

use dashlint::fix::diff;
use proptest::prelude::*;

/// The new text, as `git apply` makes it from the old one and the difference. `None` without git.
fn patched(path: &str, old: &str, new: &str) -> Option<String> {
    applied(path, old, &diff(path, old, new))
}

fn applied(path: &str, old: &str, patch: &str) -> Option<String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let run = |arguments: &[&str]| {
        Command::new("git")
            .args(arguments)
            .current_dir(folder.path())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null")
            .output()
            .ok()
    };
    run(&["init", "-q"])?;
    let file = folder.path().join(path);
    fs::create_dir_all(file.parent().expect("a folder")).expect("folders");
    fs::write(&file, old).expect("a file");
    fs::write(folder.path().join("change.patch"), patch).expect("a patch");
    let output = run(&["apply", "--whitespace=nowarn", "change.patch"])?;
    assert!(
        output.status.success(),
        "{}\n{patch}",
        String::from_utf8_lossy(&output.stderr)
    );
    Some(fs::read_to_string(&file).expect("a file"))
}

fn round_trip(path: &str, old: &str, new: &str) {
    if let Some(text) = patched(path, old, new) {
        assert_eq!(text, new);
    }
}

#[test]
fn looks_like_git_s() {
    let old = "a\nb\nc\nd\ne\nf\ng\nh\n";
    let new = "a\nB\nc\nd\ne\nf\ng\nH";
    assert_eq!(
        diff("x/y z.json", old, new),
        "diff --git a/x/y z.json b/x/y z.json\n--- a/x/y z.json\t\n+++ b/x/y z.json\t\n\
         @@ -1,8 +1,8 @@\n a\n-b\n+B\n c\n d\n e\n f\n g\n-h\n+H\n\\ No newline at end of file\n"
    );
    assert_eq!(diff("x", old, old), "");
}

#[test]
fn git_applies_it() {
    for (old, new) in [
        ("a\nb\nc\n", "a\nB\nc\n"),
        ("a\nb", "a\nb\n"),
        ("a\nb\n", "a\nb"),
        ("a\r\nb\r\nc\r\n", "a\r\nB\r\nc\r\n"),
        ("a\rb\n", "a\rc\n"),
        ("{\"one\":1}", "{\"one\":2}"),
        ("", "a\n"),
        ("\u{feff}a\n", "a\n"),
        (
            "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n",
            "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n",
        ),
    ] {
        round_trip("dashboards/a.json", old, new);
    }
}

#[test]
fn odd_names_are_quoted_as_git_does() {
    for name in [
        "with space/a b.json",
        "quo\"te.json",
        "back\\slash.json",
        "ümläut.json",
        "tab\there.json",
        "line\nbreak.json",
        " leading.json",
        "日本.yaml",
    ] {
        round_trip(name, "a\n", "b\n");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_change_goes_through_git(
        old in prop::collection::vec("[ab]{0,2}(\r)?", 1..24),
        new in prop::collection::vec("[ab]{0,2}(\r)?", 1..24),
        ends in any::<(bool, bool)>(),
    ) {
        let text = |lines: &[String], end: bool| lines.join("\n") + if end { "\n" } else { "" };
        let (old, new) = (text(&old, ends.0), text(&new, ends.1));
        // git takes an empty file for a deleted one.
        prop_assume!(old != new && !old.is_empty() && !new.is_empty());
        round_trip("a.json", &old, &new);
    }
}

#[test]
fn hidden_lines_are_not_shown_and_the_rest_applies() {
    let old: String = (0..40).map(|line| format!("line {line}\n")).collect();
    // Changed: 5, 6 inserted lines after 20, 30. Hidden: 8 (three below a change), 21 (beside one), 32 (two below).
    let new = old
        .replace("line 5\n", "LINE 5\n")
        .replace("line 20\n", "line 20\nnew\nnew\n")
        .replace("line 30\n", "LINE 30\n");
    let (patch, left_out) =
        dashlint::fix::diff_hiding(b"x", &old, &new, (&[8, 21, 32], &[8, 23, 34]));
    assert_eq!(left_out, 1);
    for hidden in ["line 8\n", "line 21\n", "line 32\n", "new\n"] {
        assert!(!patch.contains(hidden), "{patch}");
    }
    assert!(
        patch.contains("@@ -4,5 +4,5 @@") && patch.contains("@@ -30,3 +30,3 @@"),
        "{patch}"
    );
    let expected = new.replace("new\n", "");
    if let Some(text) = applied("x", &old, &patch) {
        assert_eq!(text, expected);
    }
}
