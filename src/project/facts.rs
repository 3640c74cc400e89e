//! What one file adds to the project.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::alert_bounds::{self, AlertBound};
use super::claims::{Claim, claims};
use super::container::{Container, containers};
use super::names::{NameFact, names};
use super::recorded::{self, RecordedFact};
use super::scrape::ScrapeFact;
use super::shown::{Asked, ShownFacts};
use super::status::StatusColors;
use crate::config::Settings;
use crate::diagnostic::Location;
use crate::model::{
    Dashboard, Document, DocumentInfo, Language, NoDataSources, ParsedFile, data_sources, providers,
};
use crate::rules::accessibility::inconsistent_status_colors;
use crate::rules::thresholds::{inconsistent_thresholds, panel_and_alert_disagree};
use crate::rules::units::inconsistent_unit;
use crate::rules::{Place, location};
use crate::source::Source;
use crate::source::kind::{DocKind, folder_of};
use crate::syntax::NodeRef;

/// How a document stands in its file, which says who reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Home {
    /// It is the file, or one of its documents.
    File,
    /// It stands in the values of a Helm chart.
    Values {
        /// It is among the chart's `dashboards`: the provider to whose folder the chart writes it.
        provider: Option<String>,
    },
    /// A resource is it or carries it: who reads it is not known.
    Carried,
}

impl Home {
    /// How the document `info` of `file` stands in it.
    pub(super) fn of(file: &ParsedFile, info: &DocumentInfo) -> Home {
        let Some(root) = file.root(info) else {
            return Home::Carried;
        };
        if file.is_chart_values(info.number) {
            return match gets_more(root, info.kind) {
                true => Home::Carried,
                false => Home::Values {
                    provider: chart_provider(root),
                },
            };
        }
        let resource = matches!(
            info.kind,
            DocKind::OperatorDataSource | DocKind::OperatorAlerting | DocKind::RuleResource
        );
        if resource || root.tree().carrier().is_some() || root.parent().is_some() {
            return Home::Carried;
        }
        Home::File
    }
}

/// Whether the Grafana of a chart gets more than the data sources or the alerting in its values: from a sidecar that is on
/// (grafana chart, values.yaml: `sidecar.datasources`, `sidecar.alerts`), or because the chart is a part of another one
/// that brings its own (kube-prometheus-stack, values.yaml: `grafana`, whose sidecar is on by default).
fn gets_more(root: NodeRef<'_>, kind: DocKind) -> bool {
    let sidecar = match kind {
        DocKind::DataSources => "datasources",
        DocKind::GrafanaAlerting => "alerts",
        _ => return false,
    };
    let mut around = std::iter::successors(root.parent(), |node| node.parent());
    around.any(|node| {
        let on = node.path(&["sidecar", sidecar, "enabled"]);
        node.key().as_deref() == Some("grafana") || on.and_then(NodeRef::as_bool) == Some(true)
    })
}

/// The provider of a dashboard in values (grafana chart, values.yaml: `dashboards.<provider>.<name>.json`).
fn chart_provider(root: NodeRef<'_>) -> Option<String> {
    let own = root.pointer();
    let pointer = root
        .tree()
        .carrier()
        .map_or(own.as_str(), |carrier| carrier.pointer.as_str());
    let (_, below) = pointer.split_once("/dashboards/")?;
    Some(below.split_once('/')?.0.to_owned())
}

/// A provisioned data source, as other files refer to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataSourceFact {
    /// Its name.
    pub name: String,
    /// Its uid, where it is set.
    pub uid: Option<String>,
    /// Its plugin id.
    pub kind: String,
    /// It is the default one.
    pub default: bool,
    /// How it stands in its file.
    pub home: Home,
}

/// A provider of dashboards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderFact {
    /// The folder it reads, in its container.
    pub path: String,
    /// The organisation it writes to.
    pub org: i64,
    /// The title of the folder it writes to; empty: the general one.
    pub folder: String,
    /// The uid of that folder, if it is given.
    pub folder_uid: String,
    /// It writes to folders called like those it reads.
    pub by_structure: bool,
    /// Where its path stands.
    pub at: Location,
    /// How it stands in its file.
    pub home: Home,
}

/// A dashboard, as other files refer to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DashboardFact {
    /// Its uid.
    pub uid: Option<String>,
    /// Its title and where that stands, if it may share a folder with others.
    pub title: Option<(String, Location)>,
    /// Where its uid stands, else its title.
    pub location: Location,
    /// The ids of its panels, if it has a uid.
    pub panels: Arc<[i64]>,
    /// How it stands in its file.
    pub home: Home,
}

/// What one file adds to the project.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FileFacts {
    /// What reports call it.
    pub display: Arc<str>,
    /// Where it lies; unknown of texts that come from elsewhere.
    pub path: Option<PathBuf>,
    /// The provisioning root that it shows by its kind and its folder.
    pub root: Option<PathBuf>,
    /// Containers it describes.
    pub containers: Vec<Container>,
    /// Data sources it provisions.
    pub data_sources: Vec<DataSourceFact>,
    /// What they claim for themselves.
    pub claims: Vec<Claim>,
    /// Providers of dashboards.
    pub providers: Vec<ProviderFact>,
    /// Its dashboards that have a uid or a title.
    pub dashboards: Vec<DashboardFact>,
    /// Contact points, folders and the like.
    pub names: Vec<NameFact>,
    /// Metrics its recording rules record.
    pub recorded: Vec<Arc<RecordedFact>>,
    /// How often data sources it provisions are scraped.
    pub scrapes: Vec<ScrapeFact>,
    /// The colours of its value mappings, where somebody asks.
    pub status_colors: StatusColors,
    /// How its panels show their queries, where somebody asks.
    pub shown: ShownFacts,
    /// The values at which its alerts fire, where somebody asks.
    pub alert_bounds: Vec<AlertBound>,
}

impl FileFacts {
    /// What `file` says. `settings` say what is asked: some facts cost more than they are worth to nobody.
    pub fn collect(file: &ParsedFile, settings: &Settings) -> Self {
        let mut facts = FileFacts::of_other(&file.source);
        let asked = |rule| settings.level(rule, &file.source.path).is_some();
        if asked(&inconsistent_status_colors::RULE) {
            facts.status_colors = StatusColors::collect(file);
        }
        let shown = Asked {
            units: asked(&inconsistent_unit::RULE),
            thresholds: asked(&inconsistent_thresholds::RULE),
        };
        if shown.units || shown.thresholds {
            facts.shown = ShownFacts::collect(file, shown);
        }
        let bounds = asked(&panel_and_alert_disagree::RULE);
        for info in &file.documents {
            if let Some(dashboard) = file.dashboard_head(info) {
                facts.dashboard(file, info, &dashboard);
            } else {
                facts.document(file, info, bounds);
            }
            facts.claims.extend(claims(file, info));
            facts.names.extend(names(file, info));
        }
        facts
    }

    /// What any file says, also one that is none of ours: which folders stand in a container.
    pub fn of_other(source: &Source) -> Self {
        FileFacts {
            display: source.path.clone(),
            path: source.location.clone(),
            containers: containers(source),
            ..FileFacts::default()
        }
    }

    /// Whether some of it stands in the values of a chart.
    pub(super) fn holds_values(&self) -> bool {
        let sources = self.data_sources.iter().map(|fact| &fact.home);
        let providers = self.providers.iter().map(|fact| &fact.home);
        let dashboards = self.dashboards.iter().map(|fact| &fact.home);
        let names = self.names.iter().map(|fact| &fact.home);
        let mut homes = sources.chain(providers).chain(dashboards).chain(names);
        homes.any(|home| matches!(home, Home::Values { .. }))
    }

    fn dashboard(&mut self, file: &ParsedFile, info: &DocumentInfo, dashboard: &Dashboard<'_>) {
        let home = Home::of(file, info);
        let title = dashboard
            .node
            .get("title")
            .filter(|_| home != Home::Carried);
        let uid = dashboard.uid();
        let place = dashboard.uid_node().filter(|_| uid.is_some()).or(title);
        let Some(place) = place else { return };
        let panels = uid.as_ref().map_or(Vec::new(), |_| dashboard.panel_ids());
        self.dashboards.push(DashboardFact {
            panels: panels.into(),
            uid: uid.map(Cow::into_owned),
            title: title.and_then(|node| {
                let words = node.as_str()?.into_owned();
                Some((words, location(file, Place::value(node))))
            }),
            location: location(file, Place::value(place)),
            home,
        });
    }

    fn document(&mut self, file: &ParsedFile, info: &DocumentInfo, bounds: bool) {
        if !matches!(
            info.kind,
            DocKind::DataSources
                | DocKind::DashboardProviders
                | DocKind::GrafanaAlerting
                | DocKind::OperatorDataSource
                | DocKind::PrometheusRules
                | DocKind::RuleResource
        ) {
            return;
        }
        let home = Home::of(file, info);
        if home == Home::File && self.root.is_none() {
            self.root = root_of(self.path.as_deref(), info.kind);
        }
        if info.kind == DocKind::GrafanaAlerting && !bounds {
            return;
        }
        match file.document(info, &NoDataSources, Language::PromQl) {
            Some(Document::DataSources(root)) => {
                let scrapes = data_sources(root).filter_map(|source| ScrapeFact::new(&source));
                self.scrapes.extend(scrapes);
                self.data_sources
                    .extend(data_sources(root).filter_map(|source| {
                        Some(DataSourceFact {
                            name: source.name()?.into_owned(),
                            uid: source.uid().map(Cow::into_owned),
                            kind: source.kind()?.into_owned(),
                            default: source.is_default(),
                            home: home.clone(),
                        })
                    }));
            }
            Some(Document::Alerting(alerting)) => {
                self.alert_bounds
                    .extend(alert_bounds::of_grafana(file, &alerting));
            }
            Some(Document::Providers(root)) => {
                self.providers
                    .extend(providers(root).filter_map(|provider| {
                        Some(ProviderFact {
                            path: provider.path()?.into_owned(),
                            org: provider.org(),
                            folder: provider.folder().map(Cow::into_owned).unwrap_or_default(),
                            folder_uid: provider
                                .folder_uid()
                                .map(Cow::into_owned)
                                .unwrap_or_default(),
                            by_structure: provider.folders_from_files(),
                            at: location(file, Place::value(provider.path_node()?)),
                            home: home.clone(),
                        })
                    }));
            }
            Some(Document::Rules(rules)) => {
                self.recorded
                    .extend(recorded::of(file, info, &rules).map(Arc::new));
                if bounds {
                    self.alert_bounds.extend(alert_bounds::of(file, &rules));
                }
            }
            _ => {}
        }
    }
}

/// The folder that provisioning starts from, above the one where a file of this kind belongs.
fn root_of(path: Option<&Path>, kind: DocKind) -> Option<PathBuf> {
    let folder = folder_of(kind)?;
    let parent = path?.parent()?;
    (parent.file_name() == Some(OsStr::new(folder)))
        .then(|| parent.parent())?
        .map(Path::to_path_buf)
}
