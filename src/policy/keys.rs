//! The keys of policy files: the reader, the schema and the documentation come from these tables.

/// A key of a policy file.
pub(crate) struct Key {
    pub(crate) name: &'static str,
    pub(crate) doc: &'static str,
}

const fn key(name: &'static str, doc: &'static str) -> Key {
    Key { name, doc }
}

/// The keys of the file.
pub(crate) static FILE_KEYS: &[Key] = &[
    key("version", "The version of the language: 1."),
    key("description", "What the rules of the file are for."),
    key("rules", "The rules."),
];

/// The keys of a rule.
pub(crate) static RULE_KEYS: &[Key] = &[
    key(
        "id",
        "Its name, `team/what-is-wrong`: what findings show, and what `[rules]`, `[[ignore]]` and comments call it.",
    ),
    key(
        "on",
        "What it looks at: one kind of thing, or a list of them.",
    ),
    key("where", "Only those of which this is so."),
    key(
        "require",
        "What must be so; where it is not, that is found.",
    ),
    key("forbid", "What must not be so; where it is, that is found."),
    key(
        "severity",
        "`error`, `warning` (unless said otherwise) or `info`.",
    ),
    key(
        "message",
        "One sentence of what goes wrong. `{field}` stands for a field of what is found, `{value}` for what is wrong with it.",
    ),
    key("help", "What to do, with the same placeholders."),
    key(
        "summary",
        "A few words for lists; unless given, the message.",
    ),
    key(
        "description",
        "Why the rule is there, for `dashlint explain`.",
    ),
    key(
        "once",
        "`true`: one finding a document, with the other places beside it; for what by nature repeats.",
    ),
    key("fix", "How to repair it."),
    key(
        "examples",
        "Texts that the rule finds something in (`flagged`) or not (`clean`): `dashlint test` tries them.",
    ),
];

/// The keys of an example.
pub(crate) static EXAMPLE_KEYS: &[Key] = &[
    key(
        "flagged",
        "A text in which the rule finds something; `⟦…⟧` marks where.",
    ),
    key("clean", "A text in which it finds nothing."),
    key("fixed", "What the flagged text becomes by the fix."),
    key("file", "The path of the text, where that matters."),
];
