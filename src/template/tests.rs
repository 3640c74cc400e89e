use super::*;

fn faults(text: &str, dialect: &Dialect) -> Vec<(FaultKind, String)> {
    let template = Template::parse(text, dialect);
    let faults = template.faults.iter();
    faults
        .map(|fault| (fault.kind, text[fault.span.range()].to_owned()))
        .collect()
}

#[track_caller]
fn fine(text: &str) {
    assert_eq!(faults(text, &Dialect::PROMETHEUS_ALERT), [], "{text}");
}

#[track_caller]
fn wrong(text: &str, kind: FaultKind, at: &str) {
    let found = faults(text, &Dialect::PROMETHEUS_ALERT);
    assert_eq!(found, [(kind, at.to_owned())], "{text}");
}

#[test]
fn templates_of_real_alerts_are_fine() {
    for text in [
        "plain",
        "{{ $labels.instance }} is at {{ $value }}",
        "{{$value|humanize}}{{- $value -}}",
        "{{ $value | printf \"%.2f\" }}%",
        "{{ printf \"%.2f\" $value }} {{ printf `%d` 3 }} {{ print 'a' }}",
        "{{ with query \"up == 0\" }}{{ . | first | value | humanize }}{{ end }}",
        "{{ with printf \"up{job='%s'}\" $labels.job | query }}{{ . | first | label \"x\" }}{{ end }}",
        "{{ range query \"up\" }}{{ .Labels.instance }} {{ .Value }}{{ else }}none{{ end }}",
        "{{ if gt $value 1.0 }}a{{ else if eq $value 0.0 }}b{{ else }}c{{ end }}",
        "{{ if and (eq $labels.a \"b\") (not (match \"x.*\" .Labels.c)) }}x{{end}}",
        "{{ $x := $labels.job }}{{ if $x }}{{ $x }}{{ $x = \"b\" }}{{ end }}",
        "{{ range $i, $e := query \"up\" }}{{ if $i }}, {{ end }}{{ $e.Labels.a }}{{ end }}",
        "{{/* a comment */}}{{- /* another */ -}}",
        "{{ define \"x\" }}{{ .Anything }}{{ end }}{{ template \"x\" . }}",
        "{{ (query \"up\" | first).Labels.job }}",
        "{{ index $labels \"a-b\" }}{{ $externalLabels.cluster }}{{ $externalURL }}",
        "{{ .Labels.a }}{{ $.Value }}{{ .ExternalURL }}",
        "{{\n  $value |\n  humanize\n}}",
        "{{ `{{ not me }}` }}",
        "{{ 1_000 }}{{ 0x1F }}{{ -1.5e3 }}{{ 1i }}{{ '\\n' }}",
        "{{ range $x := query \"up\" }}{{ if eq $x.Value 1.0 }}{{ break }}{{ end }}{{ continue }}{{ end }}",
        "{{ \"\\xff \\377 \\u00e9 \\U0001F600 \\\" \\a\" }}{{ '\\x41' }}{{ '\\'' }}",
        "}} alone and { one }",
    ] {
        fine(text);
    }
}

#[test]
fn what_go_refuses_is_found_where_it_stands() {
    use FaultKind::*;
    wrong("{{ $labels.a }", Syntax, "}");
    wrong("a {{ $labels.a", Syntax, "{{");
    wrong("{{ }}", Syntax, "}}");
    wrong("{{ $labels.a-b }}", Syntax, "-");
    wrong("{{ $value | humanise }}", UndefinedFunction, "humanise");
    wrong("{{ value | humanize }}", BadCall, "value");
    wrong("{{ labels.instance }}", UndefinedFunction, "labels");
    wrong("{{ $label.instance }}", UndefinedVariable, "$label");
    wrong("{{ if $value }}x", Syntax, "{{ if");
    wrong("{{ end }}", Syntax, "{{ end");
    wrong("{{ else }}", Syntax, "{{ else");
    wrong(
        "{{ if $value }}{{ else }}{{ else }}{{ end }}",
        Syntax,
        "{{ else",
    );
    wrong(
        "{{ range query \"a\" }}{{ else if $value }}{{ end }}",
        Syntax,
        "{{ else",
    );
    wrong("{{ \"abc }}", Syntax, "\"");
    wrong("{{ 'abc' }}", Syntax, "'abc'");
    wrong("{{ \"\\.\" }}", Syntax, "\\.");
    // Escapes are those of Go's strconv.UnquoteChar.
    wrong("{{ \"\\x+f\" }}", Syntax, "\\x");
    wrong("{{ \"\\777\" }}", Syntax, "\\7");
    wrong("{{ \"\\ud800\" }}", Syntax, "\\u");
    wrong("{{ \"\\U00110000\" }}", Syntax, "\\U");
    wrong("{{ \"\\'\" }}", Syntax, "\\'");
    wrong("{{ '\\\"' }}", Syntax, "'\\\"'");
    wrong("{{ ($value }}", Syntax, "(");
    wrong("{{ $value) }}", Syntax, ")");
    wrong("{{ $value | 3 }}", Syntax, "3");
    wrong("{{ 3x }}", Syntax, "3x");
    wrong("{{ template x }}", Syntax, "x");
    wrong("{{ break }}", Syntax, "break");
    wrong("{{ /* x */ }}", Syntax, "/");
    wrong("{{/* x }}", Syntax, "{{");
    wrong(
        "{{ if $value }}{{ define \"x\" }}{{ end }}{{ end }}",
        Syntax,
        "{{ define",
    );
    wrong(
        "{{ define \"x\" }}{{ $labels.a }}{{ end }}",
        UndefinedVariable,
        "$labels",
    );
    wrong(
        "{{ if $value }}{{ $x := 1 }}{{ end }}{{ $x }}",
        UndefinedVariable,
        "$x",
    );
}

#[test]
fn what_fails_when_it_is_expanded_is_found_too() {
    use FaultKind::*;
    wrong("{{ .Label.instance }}", UnknownField, "Label");
    wrong("{{ $value.x }}", UnknownField, "x");
    wrong("{{ $labels.a.b }}", UnknownField, "b");
    wrong("{{ $labels.a | $value }}", BadCall, "$value");
    wrong("{{ $value humanize }}", BadCall, "$value");
    wrong(
        "{{ reReplaceAll \"a\" $labels.b }}",
        BadCall,
        "reReplaceAll",
    );
}

#[test]
fn everything_is_found_at_once() {
    let text = "{{ $x }} {{ foo }} {{ $labels.a } {{ .Bar }} {{ $value }";
    let kinds: Vec<_> = faults(text, &Dialect::PROMETHEUS_ALERT)
        .into_iter()
        .map(|(kind, _)| kind)
        .collect();
    use FaultKind::*;
    assert_eq!(
        kinds,
        [
            UndefinedVariable,
            UndefinedFunction,
            Syntax,
            UnknownField,
            Syntax
        ]
    );
}

#[test]
fn grafanas_templates_know_their_own_data() {
    use FaultKind::*;
    let alert = |text: &str| faults(text, &Dialect::GRAFANA_ALERT);
    for text in [
        "{{ $values.A.Value | humanize }} {{ $values.B }} {{ .Values.A.Labels.x }}",
        "{{ index $values \"A\" }}{{ len $labels }}",
        "{{ range $k, $v := $values }}{{ $k }}={{ $v.Value }}{{ end }}",
        "{{ with removeLabels .Labels \"a\" }}{{ . }}{{ end }}",
    ] {
        assert_eq!(alert(text), [], "{text}");
    }
    assert_eq!(
        alert("{{ $externalLabels.a }}"),
        [(UndefinedVariable, "$externalLabels".to_owned())]
    );
    assert_eq!(
        alert("{{ $values.A.value }}"),
        [(UnknownField, "value".to_owned())]
    );

    let notification = |text: &str| faults(text, &Dialect::GRAFANA_NOTIFICATION);
    for text in [
        "{{ define \"a\" }}{{ range .Alerts.Firing }}{{ .Labels.x }}{{ end }}{{ end }}",
        "{{ range .Alerts.Firing }}{{ .Annotations.summary }}{{ .Values.A }}{{ end }}",
        "{{ range .CommonLabels.SortedPairs }}{{ .Name }}={{ .Value }}{{ end }}",
        "{{ (.GroupLabels.Remove (stringSlice \"a\")).Values | join \", \" }}",
        "{{ coll.Dict \"a\" 1 | data.ToJSON }}{{ tmpl.Exec \"x\" . }}",
        "{{ template \"default.title\" . }}",
    ] {
        assert_eq!(notification(text), [], "{text}");
    }
    assert_eq!(
        notification("{{ range .Alerts }}{{ .Label.x }}{{ end }}{{ .CommonLabel }}"),
        [
            (UnknownField, "Label".to_owned()),
            (UnknownField, "CommonLabel".to_owned())
        ]
    );
}

#[test]
fn keys_that_are_looked_up_are_told_with_their_place() {
    let text = "{{ $labels.a }}{{ .Labels.b }}{{ index $labels \"c-d\" }}{{ with query \"x\" }}{{ .Labels.e }}{{ end }}";
    let template = Template::parse(text, &Dialect::PROMETHEUS_ALERT);
    let lookups = template.lookups();
    let keys: Vec<&str> = lookups.iter().map(|lookup| &*lookup.key).collect();
    assert_eq!(keys, ["a", "b", "c-d"]);
    assert!(
        lookups
            .iter()
            .all(|lookup| text[lookup.span.range()].contains(&*lookup.key))
    );
}

#[test]
fn depth_costs_no_stack() {
    let deep = format!("{{{{ {}1{} }}}}", "(".repeat(100_000), ")".repeat(100_000));
    fine(&deep);
    let open = "{{ if $value }}".repeat(50_000);
    assert_eq!(faults(&open, &Dialect::PROMETHEUS_ALERT).len(), 50_000);
}

#[test]
fn no_cut_of_a_template_panics() {
    let text = "é{{- range $i, $x := query \"ü\\n\" -}}{{ ($x.Labels.é | printf `%s` 'a') }}{{/* ö */}}{{ else if }}{{ end }}";
    for (at, _) in text.char_indices() {
        let _ = Template::parse(&text[..at], &Dialect::PROMETHEUS_ALERT);
        let _ = Template::parse(&text[at..], &Dialect::GRAFANA_NOTIFICATION);
    }
}

#[test]
fn what_a_rule_of_grafana_hands_over_is_no_number() {
    use FaultKind::*;
    let found = |text: &str| faults(text, &Dialect::GRAFANA_ALERT_OF_SEVERAL);
    for (text, at) in [
        ("{{ $value | humanize }}", "humanize"),
        ("{{ humanizePercentage $values.A }}", "humanizePercentage"),
        ("{{ .Value | humanizeDuration }}", "humanizeDuration"),
        ("{{ range $values }}{{ humanize . }}{{ end }}", "humanize"),
        ("{{ $values | humanize1024 }}", "humanize1024"),
    ] {
        assert_eq!(found(text), [(BadCall, at.to_owned())], "{text}");
    }
    for text in [
        "{{ $values.A.Value | humanize }}{{ humanize 3 }}{{ $value }}{{ $values.A }}",
        "{{ with $values }}{{ humanize .A.Value }}{{ end }}{{ printf \"%v\" $value }}",
        "{{ humanize $labels.size }}",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
    // The value of a single query may be a number.
    let text = "{{ $value | humanize }}{{ .Value | humanize }}";
    assert_eq!(faults(text, &Dialect::GRAFANA_ALERT), []);
}

#[test]
fn alerts_are_known_in_templates_that_others_expand() {
    use FaultKind::*;
    let found = |text: &str| faults(text, &Dialect::GRAFANA_NOTIFICATION);
    let text = "{{ define \"a\" }}{{ range .Alerts.Firing }}{{ .GroupLabels }}{{ end }}{{ end }}";
    assert_eq!(found(text), [(UnknownField, "GroupLabels".to_owned())]);
    for text in [
        "{{ define \"a\" }}{{ .Anything }}{{ range .Alerts }}{{ .Labels.x }}{{ $.AppVersion }}{{ end }}{{ end }}",
        "{{ define \"a\" }}{{ range . }}{{ .Anything }}{{ end }}{{ end }}{{ .AppVersion }}",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}
