//! Secrets that tell what they are, wherever they stand.

use std::sync::OnceLock;

use regex::Regex;

/// A pattern of secrets, made when a text has a word without which it finds nothing: to make all of them takes as long as a small run.
pub(super) struct Shape {
    /// One of these stands in whatever it finds, in any case.
    pub(super) words: &'static [&'static str],
    pattern: &'static str,
    made: OnceLock<Option<Regex>>,
}

impl Shape {
    const fn new(words: &'static [&'static str], pattern: &'static str) -> Self {
        Shape {
            words,
            pattern,
            made: OnceLock::new(),
        }
    }

    fn regex(&self) -> Option<&Regex> {
        self.made
            .get_or_init(|| Regex::new(self.pattern).ok())
            .as_ref()
    }
}

/// Secrets that tell what they are, wherever they stand: passwords and tokens in addresses, the addresses of webhooks, tokens of Slack,
/// GitHub, Grafana and Amazon, headers, keys.
pub(super) static SHAPES: [Shape; 9] = [
    Shape::new(&["://"], r#"://[^\s/:@"'<>\\]*:([^\s/?#"'<>\\]+)@"#),
    Shape::new(
        &[
            "token=",
            "key=",
            "password=",
            "secret=",
            "sig=",
            "signature=",
        ],
        r#"(?i)[?&](?:[[:word:]-]*token|[[:word:]-]*key|password|secret|sig|signature)=([^\s&"'<>\\#]+)"#,
    ),
    Shape::new(
        &["hooks.slack.com"],
        r#"(?i)hooks\.slack\.com/(?:services|workflows|triggers)/([^\s"'<>\\]+)"#,
    ),
    Shape::new(
        &["discord"],
        r#"(?i)discord(?:app)?\.com/api/webhooks/([^\s"'<>\\]+)"#,
    ),
    Shape::new(
        &[
            "webhook",
            "logic.azure.com",
            "victorops.com",
            "chat.googleapis.com",
        ],
        r#"(?i)(?:webhook\.office\.com|logic\.azure\.com(?::\d+)?|victorops\.com/integrations|chat\.googleapis\.com/v1)/([^\s"'<>\\]+)"#,
    ),
    Shape::new(&["xox"], r"(?-u:\b)(xox[abeoprs]-[[:word:]-]+)"),
    Shape::new(
        &[
            "gho_",
            "ghp_",
            "ghs_",
            "ghu_",
            "ghr_",
            "github_pat_",
            "glsa_",
            "glc_",
            "akia",
        ],
        r"(?-u:\b)(gh[opsur]_[[:word:]]{20,}|github_pat_[[:word:]]{20,}|gl(?:sa|c)_[[:word:]]{20,}|AKIA[0-9A-Z]{16})",
    ),
    Shape::new(
        &["bearer", "basic"],
        r#"(?i)(?-u:\b)(?:Bearer|Basic)\s+([[:word:].~+/=-]{6,})"#,
    ),
    Shape::new(
        &["private key"],
        r"(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----(.*?)-----END",
    ),
];

/// Those of a set of [`SHAPES`].
pub(super) fn of_set(set: u16) -> impl Iterator<Item = &'static Regex> {
    let told = move |(at, shape): (usize, &'static Shape)| {
        (set & (1 << at) != 0).then(|| shape.regex()).flatten()
    };
    SHAPES.iter().enumerate().filter_map(told)
}
