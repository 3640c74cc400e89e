//! Real files, where they are there.

use std::fs;
use std::path::{Path, PathBuf};

use dashlint::syntax::{Dialect, Kind, Map, Style, is_template, parse_embedded};

use super::oracle::{check_span, compare_json, compare_yaml, tree_scalars};
use super::support::corpus::corpus;
use super::{json, nodes, slice, value, yaml};

fn files(root: &Path, extensions: &[&str]) -> Vec<(PathBuf, String)> {
    walkdir::WalkDir::new(root)
        .sort_by_file_name()
        .into_iter()
        .flatten()
        .filter(|entry| entry.file_type().is_file())
        .filter(|entry| {
            let extension = entry.path().extension().unwrap_or_default();
            extensions.iter().any(|wanted| extension == *wanted)
        })
        .filter_map(|entry| {
            Some((
                entry.path().to_owned(),
                fs::read_to_string(entry.path()).ok()?,
            ))
        })
        .collect()
}

#[test]
fn every_json_file_is_as_serde_json_reads_it() {
    let Some(root) = corpus() else { return };
    let mut accepted = 0;
    for (path, text) in files(&root, &["json"]) {
        eprintln!("{}", path.display());
        compare_json(&text);
        accepted += usize::from(json(&text).problems().is_empty());
    }
    assert!(accepted > 300);
}

#[test]
fn every_yaml_scalar_is_as_granit_reads_it() {
    let Some(root) = corpus() else { return };
    let (mut accepted, mut scalars, mut whole) = (0, 0, 0);
    for (path, text) in files(&root, &["yaml", "yml"]) {
        eprintln!("{}", path.display());
        accepted += usize::from(compare_yaml(&text));
        for text in tree_scalars(&yaml(&text)).into_iter().flatten() {
            scalars += 1;
            whole += usize::from(matches!(text.map, Map::Whole(_)));
        }
    }
    eprintln!(
        "{accepted} files accepted; of {scalars} scalars {whole} have no finer place than the whole"
    );
    assert_eq!(whole, 0);
    assert!(accepted > 350, "{accepted}");
}

#[test]
fn json_in_yaml_strings_is_where_it_says() {
    let Some(root) = corpus() else { return };
    let (mut trees, mut scalars) = (0, 0);
    for (path, text) in files(&root, &["yaml", "yml"]) {
        let tree = yaml(&text);
        for node in nodes(&tree) {
            if node.kind() != Kind::String
                || !node
                    .as_str()
                    .is_some_and(|text| text.trim_start().starts_with('{'))
            {
                continue;
            }
            let inner = parse_embedded(node, 0, Dialect::Json).unwrap();
            if inner
                .problems()
                .iter()
                .any(|problem| problem.kind == dashlint::syntax::ProblemKind::Invalid)
            {
                continue;
            }
            trees += 1;
            for leaf in nodes(&inner) {
                check_span(leaf);
                if matches!(leaf.kind(), Kind::Array | Kind::Object) {
                    continue;
                }
                scalars += 1;
                let place = slice(&tree, leaf.file_span());
                match node.style() {
                    Style::Literal => assert_eq!(place, leaf.raw(), "{}", path.display()),
                    Style::Double => {
                        let again = json(&format!("\"{place}\""));
                        let again = json(&again.root().unwrap().as_str().unwrap());
                        assert_eq!(
                            value(again.root().unwrap()),
                            value(leaf),
                            "{}",
                            path.display()
                        );
                    }
                    Style::Single => {
                        assert_eq!(place.replace("''", "'"), leaf.raw(), "{}", path.display())
                    }
                    _ => {}
                }
            }
        }
    }
    eprintln!("{trees} texts of JSON in YAML strings, {scalars} scalars");
    assert!(trees > 50, "{trees}");
}

#[test]
fn charts_are_told_from_yaml() {
    let Some(root) = corpus() else { return };
    let manifest = fs::read_to_string(root.join("MANIFEST.tsv")).unwrap();
    let (mut found, mut missed, mut wrong, mut broken) = (0, Vec::new(), Vec::new(), Vec::new());
    for line in manifest.lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [repository, _, _, path, kind, ..] = fields[..] else {
            continue;
        };
        if !path.ends_with(".yaml") && !path.ends_with(".yml") {
            continue;
        }
        let Ok(text) = fs::read_to_string(root.join(repository.replace('/', "__")).join(path))
        else {
            continue;
        };
        let invalid = yaml(&text)
            .problems()
            .iter()
            .any(|problem| problem.kind == dashlint::syntax::ProblemKind::Invalid);
        match (kind == "helm-template", is_template(&text)) {
            (true, true) => found += 1,
            (true, false) => missed.push((path.to_owned(), invalid)),
            (false, true) => wrong.push((path.to_owned(), invalid)),
            (false, false) if invalid => broken.push(path.to_owned()),
            (false, false) => {}
        }
    }
    eprintln!("found {found}, missed {missed:?}, wrong {wrong:?}, broken YAML {broken:?}");
    assert!(found > 0);
}
