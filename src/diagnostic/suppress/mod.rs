//! Comments that silence findings: `# dashlint: ignore[rule] reason` in YAML, `<!-- dashlint: ignore[rule] reason -->`
//! in a description; and `.lint` files of grafana/dashboard-linter.

mod directive;
mod lint_file;
mod lint_file_faults;
mod pint;
mod scope;
mod until;
mod write;

use directive::WORD;
pub use directive::{
    Directive, parse_comment, says_nothing, with_directives_of, without_directives,
};
pub use lint_file_faults::lint_file_faults;
pub use scope::Scope;
pub use write::{Comments, comments};

use std::sync::Arc;

use jiff::civil::Date;

use super::meta::{
    EXPIRED_SUPPRESSION, INVALID_SUPPRESSION, SUPPRESSION_WITHOUT_REASON, UNUSED_SUPPRESSION,
};
use super::{Diagnostic, Edit, Fix, Safety, Silencer, Suppression};
use crate::config::{Catalogue, Selector, Settings, today};
use crate::model::ParsedFile;
use crate::source::Source;
use crate::span::Span;

/// Silences what comments in the file and `[[ignore]]` entries silence, and adds what is to be said of the comments
/// themselves.
pub fn apply(file: &ParsedFile, settings: &Settings, findings: &mut Vec<Diagnostic>) {
    // Without the word there is no directive; in an escaped form (`dashlint\u003a`) nobody writes one. `dashlint: ignore`,
    // `dashlint ignore`, which lacks its colon, and the annotation `dashlint/ignore` are found at one look.
    let text = file.source.text.as_bytes();
    let holds = memchr::memmem::find_iter(text, WORD)
        .any(|at| matches!(text.get(at + WORD.len()), Some(b':' | b' ' | b'\t' | b'/')));
    if holds {
        let mut suppressions = Suppressions::new(file.source.clone());
        for tree in &file.trees {
            scope::collect(tree, &mut suppressions);
        }
        suppressions.apply(findings);
        let path = &file.source.path;
        let active = |selector: &Selector| settings.selects(selector, path);
        let mut own = suppressions.findings(&active);
        settings.judge(&mut own);
        findings.extend(own);
    }
    others(file, settings, findings);
}

/// Silences what comments in the file and `[[ignore]]` entries silence, and says nothing of these: for findings that are not
/// all there are.
pub fn silence(file: &ParsedFile, settings: &Settings, findings: &mut [Diagnostic]) {
    let mut suppressions = Suppressions::new(file.source.clone());
    for tree in &file.trees {
        scope::collect(tree, &mut suppressions);
    }
    suppressions.apply(findings);
    others(file, settings, findings);
}

/// Comments of other tools, and the configuration.
fn others(file: &ParsedFile, settings: &Settings, findings: &mut [Diagnostic]) {
    if memchr::memmem::find(file.source.text.as_bytes(), b"# pint ").is_some() {
        let mut suppressions = Suppressions::new(file.source.clone());
        for tree in &file.trees {
            pint::collect(tree, &mut suppressions);
        }
        suppressions.apply(findings);
    }
    settings.apply_ignores(&file.source.path, findings);
    lint_file::apply(file, findings);
}

/// The directives of one file.
#[derive(Debug)]
pub struct Suppressions {
    source: Arc<Source>,
    today: Date,
    items: Vec<Item>,
    /// Places in `items` of those with a range, by its start; and the furthest end up to there.
    ranges: Vec<(u32, u32, usize)>,
    faults: Vec<Diagnostic>,
}

#[derive(Debug)]
struct Item {
    directive: Directive,
    /// Its rules, as far as there are such, and whether each silenced anything.
    rules: Vec<(Selector, Span, bool)>,
    scope: Scope,
    by: Silencer,
}

/// What a comment in YAML speaks for, where it may be meant to speak for more.
const SCOPE: &str = ", or put it above what it is for: it speaks for the key or the item that follows, above `- alert:` for the \
                     whole alert, above `rules:` for all of them";

impl Suppressions {
    /// None yet.
    pub fn new(source: Arc<Source>) -> Self {
        Suppressions {
            source,
            today: today(),
            items: Vec::new(),
            ranges: Vec::new(),
            faults: Vec::new(),
        }
    }

    /// Counts days from another one than today.
    #[must_use]
    pub fn on(mut self, today: Date) -> Self {
        self.today = today;
        self
    }

    fn fault(&mut self, span: Span, message: String, help: Option<String>) {
        let mut finding = INVALID_SUPPRESSION.at(&self.source, span, message);
        finding.help = help;
        self.faults.push(finding);
    }

    /// Adds a directive whose spans are bytes of the file, and what it speaks for.
    pub fn add(&mut self, scope: Scope, directive: Directive) {
        if let Some((span, message)) = &directive.fault {
            let example = format!("write it as `{}`", directive.example);
            self.fault(*span, message.clone(), Some(example));
            return;
        }
        let mut rules = Vec::new();
        for (name, span) in &directive.rules {
            match Catalogue::native().selector(name) {
                Ok(Selector::All) => {
                    let message = "a comment names the rules it silences".to_owned();
                    let example = format!("write it as `{}`", directive.example);
                    self.fault(*span, message, Some(example));
                }
                Ok(selector) => rules.push((selector, *span, false)),
                Err(unknown) => {
                    let help = unknown.near.map(|near| format!("did you mean `{near}`?"));
                    self.fault(*span, format!("there is no rule or group `{name}`"), help);
                }
            }
        }
        self.items.push(Item {
            directive,
            rules,
            scope,
            by: Silencer::Comment,
        });
        self.ranges.clear();
    }

    /// Adds a comment of pint. Whether it is of use, pint says.
    fn add_pint(&mut self, scope: Scope, rules: Vec<Selector>, until: Option<Date>, span: Span) {
        self.items.push(Item {
            directive: Directive {
                until,
                ..Directive::new(span)
            },
            rules: rules.into_iter().map(|rule| (rule, span, false)).collect(),
            scope,
            by: Silencer::Pint,
        });
        self.ranges.clear();
    }

    /// Whether there is nothing to silence or to say.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty() && self.faults.is_empty()
    }

    fn index(&mut self) {
        let mut ranges: Vec<(u32, u32, usize)> = self
            .items
            .iter()
            .enumerate()
            .filter_map(|(at, item)| match item.scope {
                Scope::Range(span) => Some((span.start, span.end, at)),
                _ => None,
            })
            .collect();
        ranges.sort_unstable();
        let mut furthest = 0;
        for range in &mut ranges {
            furthest = range.1.max(furthest);
            range.1 = furthest;
        }
        self.ranges = ranges;
    }

    /// Silences the findings that directives speak for, and notes which were of use.
    pub fn apply(&mut self, findings: &mut [Diagnostic]) {
        if self.items.is_empty() {
            return;
        }
        self.index();
        let wide: Vec<usize> = (0..self.items.len())
            .filter(|&at| !matches!(self.items[at].scope, Scope::Range(_)))
            .collect();
        for finding in findings {
            let start = finding.location.range.start.offset;
            let until = self.ranges.partition_point(|(from, ..)| *from <= start);
            let near = self.ranges[..until]
                .iter()
                .rev()
                .take_while(|(_, furthest, _)| *furthest >= start)
                .map(|(.., at)| *at);
            for at in near.chain(wide.iter().copied()) {
                self.items[at].silence(finding, self.today);
            }
        }
    }

    /// What is to be said of the directives after [`Suppressions::apply`]: not understood, of no use, expired, without
    /// a reason. `active` says whether any rule that a name selects ran.
    pub fn findings(&self, active: &dyn Fn(&Selector) -> bool) -> Vec<Diagnostic> {
        let mut found = self.faults.clone();
        for item in &self.items {
            let directive = &item.directive;
            if let Some(until) = directive.until.filter(|until| *until < self.today) {
                let message =
                    format!("this comment ended on {until} and no longer silences anything");
                found.push(
                    EXPIRED_SUPPRESSION
                        .at(&self.source, directive.span, message)
                        .with_help("delete the comment, or give it a later date")
                        .with_fix(Fix {
                            title: "delete the comment".to_owned(),
                            safety: Safety::Safe,
                            edits: vec![self.edit(self.comment(directive), "")],
                        }),
                );
                continue;
            }
            self.unused(item, active, &mut found);
            if directive.reason.is_none() && !item.rules.is_empty() {
                let message = "this comment does not say why".to_owned();
                let mut finding = SUPPRESSION_WITHOUT_REASON
                    .at(&self.source, directive.span, message)
                    .with_help("write the reason after the bracket");
                finding.fix = self.after_bracket(directive).map(|place| Fix {
                    title: "write the reason".to_owned(),
                    safety: Safety::Display,
                    edits: vec![self.edit(place, " TODO: say why")],
                });
                found.push(finding);
            }
        }
        found
    }

    fn unused(&self, item: &Item, active: &dyn Fn(&Selector) -> bool, found: &mut Vec<Diagnostic>) {
        let unused: Vec<usize> = (0..item.rules.len())
            .filter(|&at| !item.rules[at].2 && active(&item.rules[at].0))
            .filter(|_| !item.directive.shared)
            .collect();
        if unused.is_empty() {
            return;
        }
        let directive = &item.directive;
        let whole = unused.len() == directive.rules.len();
        let text = self.source.text.get(directive.span.range());
        let in_yaml = text.is_some_and(|text| text.starts_with('#'));
        let elsewhere = match item.scope {
            Scope::Range(_) if in_yaml => SCOPE,
            _ => "",
        };
        for &at in &unused {
            let (selector, span, _) = &item.rules[at];
            let message =
                format!("nothing here is found by `{selector}`: the comment silences nothing");
            let (title, span_of_edit) = if whole {
                ("delete the comment".to_owned(), self.comment(directive))
            } else {
                (
                    format!("take `{selector}` out of the comment"),
                    directive.without(*span),
                )
            };
            let finding = UNUSED_SUPPRESSION
                .at(&self.source, *span, message)
                .with_help(format!("{title} (dashlint --fix){elsewhere}"))
                .with_fix(Fix {
                    title,
                    safety: Safety::Safe,
                    edits: vec![self.edit(span_of_edit, "")],
                });
            found.push(finding);
        }
    }

    fn edit(&self, span: Span, replacement: &str) -> Edit {
        Edit {
            file: self.source.path.clone(),
            span,
            replacement: replacement.to_owned(),
        }
    }

    /// The place behind the bracket of a comment.
    fn after_bracket(&self, directive: &Directive) -> Option<Span> {
        let (_, last) = directive.rules.last()?;
        let end = last.end as usize;
        let close = self.source.text.get(end..)?.find(']')?;
        Some(Span::at(end + close + 1))
    }

    /// A comment with what goes with it: its line where it has one of its own, the blanks before it.
    fn comment(&self, directive: &Directive) -> Span {
        if let Some(holder) = directive.holder {
            return holder;
        }
        let span = directive.span;
        let text = &*self.source.text;
        let Some(before) = text.get(..span.start as usize) else {
            return span;
        };
        let blank = before.trim_end_matches([' ', '\t']).len();
        let after = text.get(span.end as usize..).unwrap_or("");
        if !text[span.start as usize..].starts_with('#') {
            // In a description: at most one blank.
            let start = blank.max(before.len().saturating_sub(1));
            return Span::new(start, span.end as usize);
        }
        if blank > 0 && !before[..blank].ends_with(['\n', '\u{feff}']) {
            return Span::new(blank, span.end as usize);
        }
        let line = after.find('\n').map_or(after.len(), |at| at + 1);
        Span::new(blank, span.end as usize + line)
    }
}

impl Item {
    fn silence(&mut self, finding: &mut Diagnostic, today: Date) {
        let expired = self.directive.until.is_some_and(|until| until < today);
        if expired || !self.scope.holds(finding) {
            return;
        }
        let mut hit = false;
        for (selector, _, used) in &mut self.rules {
            if selector.matches(&finding.rule, finding.group) {
                *used = true;
                hit = true;
            }
        }
        if hit && finding.suppressed.is_none() {
            finding.suppressed = Some(Suppression {
                by: self.by,
                reason: self.directive.reason.clone(),
                until: self.directive.until.map(|until| until.to_string()),
            });
        }
    }
}
