//! Charts told from YAML.

use dashlint::syntax::is_template;

#[test]
fn charts() {
    for text in [
        "{{- if .Values.enabled }}\na: 1\n{{- end }}\n",
        "key: {{ .Values.y }}\n",
        "a:\n  {{- toYaml .Values.x | nindent 2 }}\n",
        "- {{ .x }}\n",
        "a: \"x\"\n{{ include \"x\" . }}\n",
        "a: |\n  text\n{{- range .x }}\nb: 1\n{{ end }}\n",
        "metadata:\n  name: x-{{ .Values.name }}\n",
        "{{ .Values.key }}: 1\n",
        "{% for x in y %}\n- a\n{% endfor %}\n",
        "a: [{{ .x }}]\n",
        "a: !!str {{ .x }}\n",
        "a: &b {{ .x }}\r\n",
        "a: \"x\n  y\"\nb: {{ .x }}\n",
    ] {
        assert!(is_template(text), "{text}");
    }
}

#[test]
fn yaml_that_holds_templates() {
    for text in [
        "a: 1\n",
        "",
        "summary: \"{{ $labels.x }} is {{ $value }}\"\n",
        "summary: '{{ $labels.x }}'\n",
        "description: CPU {{ $value }} high\n",
        "description: CPU of {{ $labels.instance }}\n  {{ $value }} high\n",
        "description: |\n  {{ $value }} is\n  {{- if $labels.x }} y {{ end }}\nb: 1\n",
        "description: >-\n\n  {{ $value }}\n",
        "# {{ .Values.x }}\na: 1 # {{ .Values.y }}\n",
        "- description: |\n    {{ range query \"up\" }}\n  summary: x\n",
        "a: \"first\n  {{ .Values.x }}\n  last\"\nb: 1\n",
        "a: {b: {c: 1}}\n",
        "a: [\"{{ x }}\", '{{ y }}']\n",
        "\"{{ x }}\": 1\n",
        "legendFormat: '{{instance}}'\n",
        "legendFormat: on {{instance}}\n",
        // Quotes forgotten: broken YAML, and to be told so.
        "summary: {{ $labels.x }} is down\n",
    ] {
        assert!(!is_template(text), "{text}");
    }
}
