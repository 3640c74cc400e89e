//! Severities and options of rules, for all files and for some.

use toml_edit::{Item, TableLike};

use super::{Checker, item_span, key_span};
use crate::config::keys::LEVELS;
use crate::config::names::nearest;
use crate::config::values;
use crate::rules::{OptionDefault, Rule};
use crate::span::Span;

impl Checker<'_> {
    pub(super) fn rules(&mut self, item: &Item, key: Span, path: &str) {
        let Some(table) = item.as_table_like() else {
            return self.wrong(item, key, path, "a table of rules");
        };
        for (name, item) in table.iter() {
            let at = key_span(table, name);
            self.selector(name, at);
            match item.as_table_like() {
                None => self.level(item, at, name),
                Some(options) => self.rule_options(name, options),
            }
        }
    }

    fn rule_options(&mut self, name: &str, options: &dyn TableLike) {
        let position = self.catalogue.position(name);
        let rule = position.map(|position| self.catalogue.rules()[position]);
        // An unknown rule is reported already, a policy's options are the policy's.
        let unknown =
            rule.is_none() && (name.contains('/') || self.catalogue.selector(name).is_err());
        for (option, item) in options.iter() {
            let at = key_span(options, option);
            if option == "severity" {
                self.level(item, at, &format!("{name}.severity"));
            } else if !unknown {
                self.rule_option(name, rule, option, item, at);
            }
        }
    }

    fn rule_option(
        &mut self,
        name: &str,
        rule: Option<&Rule>,
        option: &str,
        item: &Item,
        at: Span,
    ) {
        let specs = rule.map_or(&[][..], |rule| rule.options);
        let Some(spec) = specs.iter().find(|spec| spec.name == option) else {
            let known = specs.iter().map(|spec| spec.name).chain(["severity"]);
            let message = format!("`{name}` has no option `{option}`");
            let near = nearest(option, known.clone()).map(str::to_owned);
            let all: Vec<&str> = known.collect();
            self.fault(at, message).help = Some(match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("it has {}", all.join(", ")),
            });
            return;
        };
        if let (OptionDefault::List(_), Some(_)) = (spec.default, item.as_array()) {
            let path = format!("{name}.{option}");
            self.each(item, at, &path, "a list of strings", true, |_, _, _| {});
        } else if values::option(item, spec.default).is_none() {
            let wanted = match spec.default {
                OptionDefault::Bool(_) => "true or false",
                OptionDefault::Int(_) => "a whole number",
                OptionDefault::Float(_) => "a number",
                OptionDefault::Str(_) => "a string",
                OptionDefault::List(_) => "a list of strings",
            };
            self.wrong(item, at, &format!("{name}.{option}"), wanted);
        }
    }

    fn level(&mut self, item: &Item, key: Span, path: &str) {
        if values::level(item).is_some() {
            return;
        }
        match item.as_str() {
            Some(text) => self.word(text, item_span(item, key), &LEVELS, path),
            None => self.wrong(item, key, path, "a severity"),
        }
    }

    pub(super) fn per_file(&mut self, item: &Item, key: Span, path: &str) {
        let Some(globs) = item.as_table_like() else {
            return self.wrong(item, key, path, "a table of globs");
        };
        for (glob, item) in globs.iter() {
            let at = key_span(globs, glob);
            self.glob(glob, at);
            let Some(table) = item.as_table_like() else {
                self.wrong(item, at, glob, "a table of rules and severities");
                continue;
            };
            for (name, item) in table.iter() {
                let at = key_span(table, name);
                self.selector(name, at);
                self.level(item, at, name);
            }
        }
    }
}
