//! Regular expressions of policies: what most of them ask of a text is told without a search.

use std::sync::{Arc, OnceLock};

use regex::{Regex, RegexBuilder};
use regex_syntax::hir::literal::Extractor;
use regex_syntax::hir::{Class, Hir, HirKind, Look, LookSet};

use super::glance::Glance;

/// The memory one may take when it is compiled: it is counted as the first of these that is enough for it.
const SIZES: [usize; 3] = [1 << 14, 1 << 17, 1 << 20];
/// While it searches it may take so many times its size.
const SEARCH: usize = 8;
/// The memory that one state takes, and more than it takes in most expressions.
const STATE: usize = 32;
/// One of so few states takes a part of the greatest size whatever its states are, and is compiled when it is asked for the first
/// time.
const FEW_STATES: usize = 16_000;
/// Beginnings that are compared one by one.
const FEW_BEGINNINGS: usize = 32;

/// A regular expression.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    text: String,
    built: Arc<OnceLock<Option<Regex>>>,
    /// What a text that matches begins with, where the expression says so.
    beginnings: Vec<Vec<u8>>,
    says: Says,
    glance: Glance,
}

/// What its beginnings say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Says {
    /// No more than that a text without them does not match.
    Begins,
    /// All: a text with one matches.
    AllBegin,
    /// All: a text that is one matches.
    AllAre,
}

/// Why there is none.
#[derive(Debug)]
pub(super) enum Fault {
    TooLarge,
    Wrong(String),
}

impl Pattern {
    /// Reads an expression. With it comes the memory it may take.
    pub(super) fn new(text: String) -> Result<(Self, usize), Fault> {
        let hir = match regex_syntax::parse(&text) {
            Ok(hir) => hir,
            // The words for what is wrong are those of `regex`.
            Err(_) => return Err(build(&text, SIZES[0]).err().unwrap_or(Fault::TooLarge)),
        };
        let (beginnings, says) = beginnings(&hir);
        let glance = Glance::new(&hir);
        let pattern = |built: OnceLock<Option<Regex>>, text| Pattern {
            text,
            built: Arc::new(built),
            beginnings,
            says,
            glance,
        };
        let states = states(&hir);
        let enough = |size: &usize| *size >= states.saturating_mul(STATE);
        if states <= FEW_STATES
            && let Some(size) = SIZES.into_iter().find(enough)
        {
            return Ok((pattern(OnceLock::new(), text), size));
        }
        for size in SIZES {
            match build(&text, size) {
                Err(Fault::TooLarge) => {}
                Err(fault) => return Err(fault),
                Ok(regex) => return Ok((pattern(OnceLock::from(Some(regex)), text), size)),
            }
        }
        Err(Fault::TooLarge)
    }

    /// Whether it matches a part of a text.
    pub(super) fn is_match(&self, text: &str) -> bool {
        let mut beginnings = self.beginnings.iter();
        let begins = |start: &Vec<u8>| text.as_bytes().starts_with(start);
        match self.says {
            Says::AllAre => beginnings.any(|whole| whole == text.as_bytes()),
            Says::AllBegin => beginnings.any(begins),
            Says::Begins if !self.beginnings.is_empty() && !beginnings.any(begins) => false,
            Says::Begins if !self.glance.allows(text) => false,
            Says::Begins => {
                let largest = SIZES[SIZES.len() - 1];
                let built = self.built.get_or_init(|| build(&self.text, largest).ok());
                built.as_ref().is_some_and(|regex| regex.is_match(text))
            }
        }
    }
}

fn build(text: &str, size: usize) -> Result<Regex, Fault> {
    let built = RegexBuilder::new(text)
        .size_limit(size)
        .dfa_size_limit(size * SEARCH)
        .build();
    built.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => Fault::TooLarge,
        error => Fault::Wrong(error.to_string()),
    })
}

/// What a text that matches begins with; none where that is not known.
fn beginnings(hir: &Hir) -> (Vec<Vec<u8>>, Says) {
    let looks = hir.properties();
    let none = (Vec::new(), Says::Begins);
    if !looks.look_set_prefix().contains(Look::Start) {
        return none;
    }
    let found = Extractor::new().extract(hir);
    let Some(literals) = found.literals().filter(|all| all.len() <= FEW_BEGINNINGS) else {
        return none;
    };
    if literals.iter().any(|literal| literal.is_empty()) {
        return none;
    }
    let says = match literals.iter().all(|literal| literal.is_exact()) {
        true => anchors(hir).unwrap_or(Says::Begins),
        false => Says::Begins,
    };
    let beginnings = literals.iter().map(|literal| literal.as_bytes().to_vec());
    (beginnings.collect(), says)
}

/// What its beginnings say if they are all it has besides looks: it is tied to the start of a text, or to both ends, and has no
/// other look anywhere.
fn anchors(hir: &Hir) -> Option<Says> {
    let HirKind::Concat(parts) = hir.kind() else {
        return None;
    };
    let (first, rest) = parts.split_first()?;
    let free = |parts: &[Hir]| {
        let mut looks = parts.iter().map(|part| part.properties().look_set());
        looks.all(LookSet::is_empty)
    };
    match (first.kind(), rest.split_last()) {
        (HirKind::Look(Look::Start), _) if free(rest) => Some(Says::AllBegin),
        (HirKind::Look(Look::Start), Some((last, between))) => {
            let ends = matches!(last.kind(), HirKind::Look(Look::End));
            (ends && free(between)).then_some(Says::AllAre)
        }
        _ => None,
    }
}

/// About how many states a machine for it has.
fn states(hir: &Hir) -> usize {
    let sum = |all: &[Hir]| {
        all.iter()
            .fold(all.len(), |sum, one| sum.saturating_add(states(one)))
    };
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => 1,
        HirKind::Literal(literal) => literal.0.len(),
        // A range of characters is one of up to four bytes.
        HirKind::Class(Class::Unicode(class)) => class.ranges().len().saturating_mul(4),
        HirKind::Class(Class::Bytes(class)) => class.ranges().len(),
        HirKind::Repetition(repetition) => {
            let times = repetition.max.unwrap_or(repetition.min).max(1) as usize;
            states(&repetition.sub)
                .saturating_add(1)
                .saturating_mul(times)
        }
        HirKind::Capture(capture) => states(&capture.sub).saturating_add(2),
        HirKind::Concat(all) | HirKind::Alternation(all) => sum(all),
    }
}

#[cfg(test)]
mod tests {
    use regex::Regex;

    use super::{FEW_STATES, Fault, Pattern, SIZES, Says, build, states};

    const PATTERNS: &[&str] = &[
        "^kube_",
        "^(kube|node)_",
        "^up$",
        "^(up|down)$",
        "^up$|^down$",
        "^up|down$",
        "^team[:-]",
        "^team:[a-z-]+$",
        "^.+ [-/] .+$",
        "(?i)^Sandbox",
        "^(?:Sandbox|Test)$",
        "^",
        "$",
        "^$",
        "",
        "^\\bup",
        "^up\\b",
        "up",
        "^(|a)b$",
        "(^a|b)c",
        "^a*b",
        "^(a|ab)(c|bcd)$",
        "(?m)^b$",
        "(?s)^a.b",
        "^a$b",
        "\\Aup\\z",
        "[A-Z]{2,5}",
        "^é",
        "^a^",
        "\\Aab\\A",
        "^a$$",
        "^^a",
        "\\p{Emoji_Presentation}",
        "^(é|ä)?x",
        "é|a",
        "(é|ä)+",
        "^(?i)s",
        "(?i)^(sb|k)",
        "^(instance|job|__.*[^_]_?)$",
        "^-?[0-9]{2,}$",
        "^[^a]b",
        "(?-u:a)|^b",
        "(?:^a|^b)c?",
        "a{0}",
        "[a&&b]",
        "^\\S(.*\\S)?$",
        "(?m)^up$",
    ];

    const TEXTS: &[&str] = &[
        "",
        "a",
        "b",
        "ab",
        "abc",
        "bc",
        "abcd",
        "up",
        "upper",
        "down",
        "up_total",
        "kube_pod",
        "node_cpu",
        "akube_",
        "team:sre",
        "team-",
        "team",
        "sandbox",
        "Sandbox",
        "SANDBOX x",
        "Test",
        "Tests",
        "a - b",
        "a\nb",
        "b\nup",
        "up\n",
        "AB",
        "é",
        "éa",
        "xup",
        "a b",
        "🚀",
        "x 🚀 y",
        "ä",
        "äx",
        "x",
        "ſb",
        "\u{212a}",
        "k",
        "__x_",
        "job",
        "-12",
        "12",
        "-1",
        "zb",
        " a ",
    ];

    #[test]
    fn it_says_what_the_expression_says() {
        for pattern in PATTERNS {
            let (own, _) = Pattern::new((*pattern).to_owned()).expect("a regular expression");
            let regex = Regex::new(pattern).expect("a regular expression");
            for text in TEXTS {
                assert_eq!(
                    own.is_match(text),
                    regex.is_match(text),
                    "{pattern} in {text:?}"
                );
            }
        }
    }

    #[test]
    fn plain_ones_need_no_search() {
        let says = |pattern: &str| {
            Pattern::new(pattern.to_owned())
                .map(|(own, _)| own.says)
                .ok()
        };
        assert_eq!(says("^kube_"), Some(Says::AllBegin));
        assert_eq!(says("^(up|down)$"), Some(Says::AllAre));
        assert_eq!(says("^up$|^down$"), Some(Says::Begins));
    }

    #[test]
    fn what_is_compiled_late_is_small() {
        for pattern in [
            "(?:abcdefgh){1750}",
            "[a-z]{3000}",
            "(?i)[a-z0-9]{750}",
            "(?:[a-z]?){2600}",
            "(?:a|b|c|d){2600}",
            "(?:ab|cd|ef|gh){1200}",
            "(a){3900}",
            "(?:a*b+?){2000}",
            "\\w{5}",
            "(?i)é{1700}",
            "(?:^|\\b)(?:a|$){2600}",
        ] {
            let hir = regex_syntax::parse(pattern).expect("a regular expression");
            assert!(
                (FEW_STATES / 2..=FEW_STATES).contains(&states(&hir)),
                "{pattern}: {}",
                states(&hir)
            );
            assert!(build(pattern, SIZES[2]).is_ok(), "{pattern}");
        }
        assert!(matches!(
            Pattern::new("(?:\\w{100}){100}".to_owned()),
            Err(Fault::TooLarge)
        ));
        assert!(matches!(Pattern::new("(".to_owned()), Err(Fault::Wrong(_))));
    }
}
