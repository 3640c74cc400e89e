//! Every form of a dashboard shows one face: rules cannot tell them apart.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

#[path = "../support/mod.rs"]
mod support;

mod corpus;
mod face;
mod twins;

use std::sync::Arc;

use dashlint::model::{Dashboard, Document, Language, Loaded, NoDataSources, load};
use dashlint::source::Source;

/// What is seen in each dashboard of a file.
fn dashboards<T>(name: &str, text: &str, look: impl Fn(&Dashboard<'_>) -> T) -> Vec<T> {
    let Loaded::Parsed(file) = load(Arc::new(Source::new(name, None, text)), false) else {
        return Vec::new();
    };
    file.documents
        .iter()
        .filter_map(|info| file.document(info, &NoDataSources, Language::PromQl))
        .filter_map(|document| match document {
            Document::Dashboard(dashboard) => Some(look(&dashboard)),
            _ => None,
        })
        .collect()
}
