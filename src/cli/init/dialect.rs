//! Whether VictoriaMetrics answers the queries of a folder.

use std::fmt::Write as _;

use super::comment;
use crate::model::{Document, Language, NoDataSources, ParsedFile, Query};
use crate::promql::metricsql;
use crate::source::kind::DocKind;

/// What tells which language the queries of a folder are written in.
#[derive(Debug, Default)]
pub(super) struct Dialects {
    /// The first file with a query that only MetricsQL takes, and what shows it.
    query: Option<(String, &'static str)>,
    /// The first file with a `VMRule`, which the operator of VictoriaMetrics reads.
    resource: Option<String>,
    /// How many documents have either, and how many have queries.
    signs: usize,
    documents: usize,
}

/// Where fewer than one document in so many is written for VictoriaMetrics, it may be an example among others.
const FEW: usize = 10;

impl Dialects {
    /// Looks at a file, which reports show as `shown`.
    pub(super) fn add(&mut self, shown: &str, file: &ParsedFile) {
        for info in &file.documents {
            let document = file.document(info, &NoDataSources, Language::PromQl);
            let queries: &[Query<'_>] = match &document {
                Some(Document::Dashboard(dashboard)) => &dashboard.queries,
                Some(Document::Rules(rules)) => &rules.queries,
                Some(Document::Alerting(alerting)) => &alerting.queries,
                _ => continue,
            };
            // Where the data source is not known, another may take it.
            let promql = || {
                queries
                    .iter()
                    .filter(|query| query.language == Language::PromQl)
            };
            let is_theirs = |query: &Query<'_>| query.language == Language::MetricsQl;
            let is_resource = info.kind == DocKind::RuleResource && queries.iter().any(is_theirs);
            if !is_resource && promql().next().is_none() {
                continue;
            }
            self.documents += 1;
            let sign = promql().find_map(|query| metricsql::certain_sign(query.parsed()));
            self.signs += usize::from(is_resource || sign.is_some());
            if is_resource {
                self.resource.get_or_insert_with(|| shown.to_owned());
            }
            if let Some((_, what)) = sign {
                self.query.get_or_insert_with(|| (shown.to_owned(), what));
            }
        }
    }

    /// Writes the setting, if something asks for it. `prometheus` is a file that runs Prometheus: then it is a choice.
    pub(super) fn write(&self, text: &mut String, prometheus: Option<&str>) {
        let why = match (&self.query, &self.resource) {
            (Some((file, what)), _) => {
                let file = comment(file);
                format!("{file} holds a query that only MetricsQL takes ({what})")
            }
            (None, Some(file)) => {
                format!(
                    "{} holds a VMRule, which VictoriaMetrics reads",
                    comment(file)
                )
            }
            (None, None) => return,
        };
        let _ = match prometheus {
            Some(file) => writeln!(
                text,
                "\n# {why}, and {} runs Prometheus. If VictoriaMetrics answers the queries:\n\
                 # [promql]\n# dialect = \"metricsql\"",
                comment(file)
            ),
            None if self.signs * FEW < self.documents => writeln!(
                text,
                "\n# {why}, as few files here do. If VictoriaMetrics answers the queries:\n\
                 # [promql]\n# dialect = \"metricsql\""
            ),
            None => writeln!(
                text,
                "\n# {why}. Delete this if Prometheus answers: what it refuses is an error then.\n\
                 [promql]\ndialect = \"metricsql\""
            ),
        };
    }
}
