//! Texts made to hurt: no panic, no overflow of a thread's 2 MiB, no look that is more than linear.

use dashlint::syntax::{ProblemKind, Tree};

use super::{json, nodes, yaml};

const MANY: usize = 1_000_000;

/// Parses in a thread with the stack of a rayon worker, and looks at every node.
fn survive(text: String, is_json: bool) -> Vec<ProblemKind> {
    std::thread::Builder::new()
        .stack_size(2 << 20)
        .spawn(move || {
            let tree: Tree = if is_json { json(&text) } else { yaml(&text) };
            let all = nodes(&tree);
            if let Some(last) = all.last() {
                let pointer = last.pointer();
                assert!(tree.documents().any(|root| root.find(&pointer).is_some()));
                last.as_text();
                last.key();
            }
            tree.problems().iter().map(|problem| problem.kind).collect()
        })
        .unwrap()
        .join()
        .unwrap()
}

#[test]
fn deep_json() {
    use ProblemKind::{Invalid, TooDeep};
    assert_eq!(survive("[".repeat(MANY), true), [TooDeep, Invalid]);
    assert_eq!(survive("{\"a\":".repeat(MANY), true), [TooDeep, Invalid]);
    assert_eq!(
        survive("[".repeat(MANY) + &"]".repeat(MANY), true),
        [TooDeep]
    );
    assert_eq!(survive("[".repeat(9_000) + &"]".repeat(9_000), true), []);
}

#[test]
fn deep_yaml() {
    for part in ["[", "{\"a\":", "{a: ", "- ", "? ", "- ? ", "[{"] {
        assert_eq!(
            survive(part.repeat(MANY), false),
            [ProblemKind::TooDeep],
            "{part:?}"
        );
    }
    assert_eq!(
        survive("- ".repeat(100_000) + "x", false),
        [ProblemKind::TooDeep]
    );
    let indented: String = (0..1_500).map(|depth| " ".repeat(depth) + "a:\n").collect();
    assert_eq!(survive(indented, false), [ProblemKind::TooDeep]);
    assert_eq!(survive("[".repeat(900) + &"]".repeat(900), false), []);
}

#[test]
fn wide_json() {
    let keys: String = (0..MANY).map(|n| format!("\"k{n}\":1,")).collect();
    assert_eq!(survive(format!("{{{keys}\"end\":1}}"), true), []);
    assert_eq!(
        survive(format!("{{{}\"end\":1}}", "\"k\":1,".repeat(100_000)), true).len(),
        99_999
    );
    assert_eq!(
        survive(format!("[{}1]", "[1,],".repeat(100_000)), true).len(),
        100_000
    );
    assert_eq!(
        survive(format!("[{}1]", "/*a*/\n//b\n".repeat(50_000)), true).len(),
        100_000
    );
    assert_eq!(
        survive(format!("[\"{}\"]", "\\ud800".repeat(100_000)), true).len(),
        100_000
    );
    let panel = "{\"id\":1,\"title\":\"a\",\"targets\":[{\"expr\":\"up\"}]},";
    assert_eq!(
        survive(
            format!("{{\"panels\":[{}{{}}]}}", panel.repeat(20_000)),
            true
        ),
        []
    );
}

#[test]
fn wide_yaml() {
    let keys: String = (0..MANY / 4).map(|n| format!("k{n}: 1\n")).collect();
    assert_eq!(survive(keys, false), []);
    assert_eq!(survive("k: 1\n".repeat(50_000), false).len(), 49_999);
    assert_eq!(survive("---\na: 1\n".repeat(50_000), false), []);
    assert_eq!(survive("---\na: [1\n".repeat(50_000), false).len(), 50_000);
    let panel = "{\"id\":1,\"title\":\"a\",\"targets\":[{\"expr\":\"up\"}]},";
    assert_eq!(
        survive(
            format!("a: {{\"panels\":[{}{{}}]}}", panel.repeat(20_000)),
            false
        ),
        []
    );
    assert_eq!(
        survive(
            format!("rules:\n{}- a: 1\n", "# c\n".repeat(200_000)),
            false
        ),
        []
    );
}

#[test]
fn aliases_cost_nothing() {
    let mut bomb = "a0: &a0 [x, x]\n".to_owned();
    for n in 1..60 {
        let before = n - 1;
        bomb.push_str(&format!(
            "a{n}: &a{n} [*a{before}, *a{before}, *a{before}]\n"
        ));
    }
    assert_eq!(survive(bomb.clone(), false), []);
    assert!(yaml(&bomb).len() < 300);
    let cycle = yaml("a: &a\n  b: *a\n  <<: *a\n");
    assert!(cycle.problems().is_empty());
    let root = cycle.root().unwrap();
    assert!(root.path(&["a", "b", "b", "b", "b"]).is_some());
    assert!(root.path(&["a", "nowhere"]).is_none());
    let merges: String = (1..20)
        .map(|n| {
            format!(
                "m{n}: &m{n}\n  <<: [{}]\n",
                format!("*m{}, ", n - 1).repeat(40)
            )
        })
        .collect();
    let tree = yaml(&format!("m0: &m0 {{x: 1}}\n{merges}"));
    let root = tree.root().unwrap();
    assert!(root.path(&["m19", "nowhere"]).is_none());
    assert!(root.path(&["m7", "x"]).is_some());
}

#[test]
fn odd_bytes() {
    for text in [
        "\0",
        "\u{feff}\u{feff}",
        "\0\0{",
        "{\"a\": \0}",
        "\"\0\"",
        "a: \0",
        "\u{85}",
        "\u{2028}",
        "\u{7f}",
        "\t",
        "\r",
        "é",
        "\\",
        "\"",
        "'",
        "`",
        "@",
        "%",
        "|",
        ">",
        "!",
        "&",
        "*",
        "?",
        ":",
        "-",
    ] {
        survive(text.to_owned(), true);
        survive(text.to_owned(), false);
    }
    survive("\0".repeat(MANY), true);
    survive("\0".repeat(MANY), false);
    survive("'".repeat(MANY), false);
    survive("a\r".repeat(MANY), false);
}
