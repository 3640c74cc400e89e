use super::*;

fn fault(text: &str) -> Option<(String, Option<String>)> {
    let fault = parse(text).fault?;
    let place = text.get(fault.span.range()).expect("bytes of the text");
    Some((place.to_owned(), fault.instead))
}

#[test]
fn what_grafana_reads_has_no_fault() {
    for text in [
        "$A",
        "$A + $B * 2",
        "${A} > -1",
        "$A > - 1",
        "!($A > 0.9 && $B <= 1e3)",
        "abs($A) ** 2 || is_nan($B)",
        "inf()",
        "- - $A",
        "log( $A )",
        "${my query} % 0x1F",
        "($A)",
        "2 ** -$A",
    ] {
        assert_eq!(parse(text).fault, None, "{text}");
    }
    let names: Vec<_> = parse("$A + ${my query}/$B_1")
        .variables
        .into_iter()
        .map(|variable| variable.name)
        .collect();
    assert_eq!(names, ["A", "my query", "B_1"]);
}

#[test]
fn signs_run_together() {
    for (text, place, instead) in [
        ("$A>-1", ">-", "> -"),
        ("2*-1", "*-", "* -"),
        ("$A ==-1", "==-", "== -"),
        ("$A&&!$B", "&&!", "&& !"),
        ("$A--1", "--", "- -"),
        ("--1", "--", "- -"),
        ("$A = 1", "=", "=="),
        ("$A**-2", "**-", "** -"),
    ] {
        let expected = Some((place.to_owned(), Some(instead.to_owned())));
        assert_eq!(fault(text), expected, "{text}");
    }
    // What is written instead can be read.
    for text in ["$A>-1", "$A&&!!$B", "$A--1", "!-$A", "--1"] {
        let found = parse(text).fault.expect("a fault");
        let mut mended = text.to_owned();
        mended.replace_range(found.span.range(), &found.instead.expect("a repair"));
        assert_eq!(parse(&mended).fault, None, "{mended}");
    }
}

#[test]
fn the_place_of_the_fault_is_known() {
    for (text, place) in [
        ("", ""),
        ("  ", ""),
        ("$A +", "+"),
        ("$A $B", "$B"),
        ("($A", "("),
        ("abs($A", "abs"),
        ("$A)", ")"),
        ("abs()", "abs()"),
        ("inf(1)", "inf(1)"),
        ("abs $A", "abs"),
        ("()", ")"),
        ("$A, $B", ","),
        ("$", "$"),
        ("${a-b} > 1", "${a-b}"),
        ("A > 1", "A"),
        ("sqrt($A)", "sqrt"),
        ("abs(\"x\")", "\""),
        ("1e", "1e"),
        ("$A ! $B", "!"),
        ("* 2", "*"),
        ("$A > 5m", "m"),
    ] {
        assert_eq!(
            fault(text).map(|(at, _)| at).as_deref(),
            Some(place),
            "{text}"
        );
    }
    assert_eq!(fault("A > 1"), Some(("A".into(), Some("$A".into()))));
}
