//! Strings and regular expressions.

use super::*;

#[test]
fn strings_map_back_to_the_query() {
    let text = r#"x{a=~"\"é\\d[z-a]"}"#;
    let parsed = ok(text);
    let (_, matcher) = parsed.matchers().next().expect("a matcher");
    assert_eq!(parsed.string(&matcher.value), "\"é\\d[z-a]");
    let errors = check_regexes(&parsed);
    assert_eq!(errors.len(), 1);
    assert_eq!(&text[errors[0].span.range()], "z-a");
    let text = r#"x{a=~"\u0028"}"#;
    let errors = check_regexes(&ok(text));
    assert_eq!(&text[errors[0].span.range()], "\\u0028");
}

#[test]
fn regexes_are_checked_in_the_dialect_of_re2() {
    for pattern in [
        "a{,2}",
        "\\Qa(b\\E",
        "\\07",
        "[[]",
        "[a[b]",
        "[\\d-z]",
        "{{x}}",
        "(?P<a>x)(?P<a>y)",
        "(\\p{L}{1,50}){1,20}",
        "(?i)a",
        "[]a]",
        "a{",
        "^*",
        "(?U)a+",
        "\\z",
        "\\-",
        "[[:^alpha:]]",
        "(?i:a)",
        "",
        "a|",
        "(?s-i:a)",
        "[^\\n]+?",
    ] {
        assert_eq!(regex_check(pattern), Ok(()), "{pattern}");
    }
    for (pattern, at) in [
        ("(?x)a", "(?x"),
        ("(?u)a", "(?u"),
        ("a**", "**"),
        ("a{2}{3}", "{2}{3}"),
        ("a{1001}", "{1001}"),
        ("(a{100}){100}", "{100}"),
        ("\\u0041", "\\u"),
        ("[a--b]", "a--"),
        ("[[:foo:]]", "[:foo:]"),
        ("a)b", ")"),
        ("(a", "("),
        ("[a", "["),
        ("*a", "*"),
        ("a|*", "*"),
        ("(?=a)", "(?="),
        ("\\1", "\\1"),
        ("a\\", "\\"),
        ("\\p{Foo}", "\\p{Foo}"),
        ("[z-a]", "z-a"),
        ("(?<n", "(?<"),
        ("\\x{110000}", "\\x{110000}"),
    ] {
        let error = regex_check(pattern).expect_err(pattern);
        assert_eq!(&pattern[error.span.range()], at, "{pattern}");
    }
    // Variables are harmless, whatever they stand for.
    for text in [
        "x{a=~\"$a\"}",
        "x{a=~\"(${a:pipe})\"}",
        "x{a=~\"[z-$a]\"}",
        "x{a=~\".*{$n}\"}",
        "x{a=~\"\\\\$a\"}",
        "x{a=~\"[[a]]*\"}",
    ] {
        assert_eq!(check_regexes(&ok(text)), [], "{text}");
    }
    let text = "x{a=~\"($a\"}";
    assert_eq!(
        check_regexes(&ok(text)).len(),
        0,
        "next to a variable the benefit of the doubt"
    );
    let text = "x{a=~\"(foo|$a\"}";
    assert_eq!(check_regexes(&ok(text)).len(), 1);
    let text = "label_replace(x, \"a\", \"$1\", \"b\", \"(.*\")";
    let errors = check_regexes(&ok(text));
    assert_eq!(&text[errors[0].span.range()], "(");
}
