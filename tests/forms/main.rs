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

/// Looks at the dashboard in `text`; `None` where there is none.
fn with_dashboard<T>(name: &str, text: &str, look: impl FnOnce(&Dashboard<'_>) -> T) -> Option<T> {
    let Loaded::Parsed(file) = load(Arc::new(Source::new(name, None, text)), false) else {
        return None;
    };
    let dashboard = file
        .documents
        .iter()
        .filter_map(|info| file.document(info, &NoDataSources, Language::PromQl))
        .find_map(|document| match document {
            Document::Dashboard(dashboard) => Some(dashboard),
            _ => None,
        });
    dashboard.map(|dashboard| look(&dashboard))
}
