//! What Grafana knows by its id or name: panels, transformations, matchers, reducers, time zones, versions of the schema.
//!
//! The facts are in `rules/facts/{panels,registries,timezones}.toml`; the build script turns them into tables.

use crate::config::Version;
use crate::spelling::misspelt;

mod tables {
    use super::{AngularPanel, CorePanel, GonePanel, Transformation};
    use crate::config::Version;

    include!(concat!(env!("OUT_DIR"), "/panels.rs"));
    include!(concat!(env!("OUT_DIR"), "/registries.rs"));
    include!(concat!(env!("OUT_DIR"), "/timezones.rs"));
}
use tables::{ANGULAR, CORE, GONE, SCHEMA_VERSIONS, TIME_ZONES, TRANSFORMATIONS};
pub(crate) use tables::{FIELD_MATCHERS, OVERRIDE_PROPERTIES, REDUCERS};

/// A panel that comes with Grafana.
#[derive(Debug)]
pub(crate) struct CorePanel {
    pub(crate) id: &'static str,
    /// What the list of visualizations shows.
    pub(crate) name: &'static str,
}

/// A panel that Grafana had, and shows as another now.
#[derive(Debug)]
pub(crate) struct GonePanel {
    pub(crate) id: &'static str,
    pub(crate) shown_as: &'static str,
    pub(crate) since: Version,
    pub(crate) angular: bool,
}

/// Somebody else's panel that needs Angular.
#[derive(Debug)]
pub(crate) struct AngularPanel {
    pub(crate) id: &'static str,
    pub(crate) instead: &'static [&'static str],
}

/// A transformation.
#[derive(Debug)]
pub(crate) struct Transformation {
    pub(crate) id: &'static str,
    /// The newest version that is known not to have it.
    pub(crate) missing_in: Option<Version>,
}

/// Whether `id` is a panel that comes with Grafana.
pub(crate) fn is_core(id: &str) -> bool {
    CORE.binary_search_by(|panel| panel.id.cmp(id)).is_ok()
}

/// The core panel that was perhaps meant by `text`.
pub(crate) fn near_panel(text: &str) -> Option<&'static str> {
    let named = CORE
        .iter()
        .find(|panel| panel.name.eq_ignore_ascii_case(text));
    named
        .map(|panel| panel.id)
        .or_else(|| misspelt(text, CORE.iter().map(|panel| panel.id)))
}

/// The panel `id` that Grafana had.
pub(crate) fn gone(id: &str) -> Option<&'static GonePanel> {
    let at = GONE.binary_search_by(|panel| panel.id.cmp(id)).ok()?;
    GONE.get(at)
}

/// The panel `id` that needs Angular.
pub(crate) fn angular(id: &str) -> Option<&'static AngularPanel> {
    let at = ANGULAR.binary_search_by(|panel| panel.id.cmp(id)).ok()?;
    ANGULAR.get(at)
}

/// Whether `id` is a panel somebody knows: a core one, one of the past or one of another's that is in a list.
pub(crate) fn is_listed(id: &str) -> bool {
    is_core(id) || gone(id).is_some() || angular(id).is_some()
}

/// The transformation called `id`.
pub(crate) fn transformation(id: &str) -> Option<&'static Transformation> {
    let at = TRANSFORMATIONS
        .binary_search_by(|transformation| transformation.id.cmp(id))
        .ok()?;
    TRANSFORMATIONS.get(at)
}

/// The transformation that was perhaps meant by `text`.
pub(crate) fn near_transformation(text: &str) -> Option<&'static str> {
    misspelt(text, TRANSFORMATIONS.iter().map(|one| one.id))
}

/// Whether `id` is a reducer: one of the list, or a percentile from p1 to p99.
pub(crate) fn is_reducer(id: &str) -> bool {
    let percentile = || {
        let number = id.strip_prefix('p')?.parse::<u8>().ok()?;
        Some((1..=99).contains(&number) && !id.starts_with("p0") && !id.starts_with("p+"))
    };
    REDUCERS.binary_search(&id).is_ok() || percentile() == Some(true)
}

/// The newest `schemaVersion` that a Grafana reads.
pub(crate) fn newest_schema(grafana: Version) -> Option<i64> {
    let mut lines = SCHEMA_VERSIONS.iter().rev();
    let line = lines.find(|(from, _)| *from <= grafana);
    line.map(|(_, schema)| *schema)
}

/// The first Grafana that reads a `schemaVersion`.
pub(crate) fn first_to_read(schema: i64) -> Option<Version> {
    let line = SCHEMA_VERSIONS.iter().find(|(_, known)| *known >= schema);
    line.map(|(from, _)| *from)
}

/// Whether there is a time zone of this name, in any case.
pub(crate) fn is_time_zone(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    TIME_ZONES
        .binary_search_by(|(known, _)| (*known).cmp(&lower))
        .is_ok()
}

/// The time zone that was perhaps meant by `text`: spelt almost so, or of that place.
pub(crate) fn near_time_zone(text: &str) -> Option<&'static str> {
    let place = text.trim().replace(' ', "_").to_ascii_lowercase();
    let of_place = TIME_ZONES
        .iter()
        .find(|(lower, _)| lower.rsplit('/').next() == Some(place.as_str()));
    of_place
        .map(|(_, name)| *name)
        .or_else(|| misspelt(text, TIME_ZONES.iter().map(|(_, name)| *name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        text.parse().expect("a version")
    }

    /// The keys of a table, sorted, as a full TOML parser reads them.
    fn keys(file: &str, table: &str) -> Vec<String> {
        let file: toml_edit::DocumentMut = file.parse().expect("valid TOML");
        let table = file[table].as_table().expect("a table");
        let mut keys: Vec<String> = table.iter().map(|(key, _)| key.to_owned()).collect();
        keys.sort();
        keys
    }

    #[test]
    fn the_tables_say_what_the_files_say() {
        let panels = include_str!("../../../rules/facts/panels.toml");
        let registries = include_str!("../../../rules/facts/registries.toml");
        let zones = include_str!("../../../rules/facts/timezones.toml");
        let core: Vec<_> = CORE.iter().map(|panel| panel.id).collect();
        let gone: Vec<_> = GONE.iter().map(|panel| panel.id).collect();
        let angular: Vec<_> = ANGULAR.iter().map(|panel| panel.id).collect();
        let transformations: Vec<_> = TRANSFORMATIONS.iter().map(|one| one.id).collect();
        assert_eq!(core, keys(panels, "core"));
        assert_eq!(gone, keys(panels, "gone"));
        assert_eq!(angular, keys(panels, "angular"));
        assert_eq!(transformations, keys(registries, "transformations"));
        assert_eq!(
            SCHEMA_VERSIONS.len(),
            keys(registries, "schema_versions").len()
        );
        assert!(SCHEMA_VERSIONS.is_sorted());
        let zones: toml_edit::DocumentMut = zones.parse().expect("valid TOML");
        let areas = zones["zones"].as_table().expect("a table").iter();
        let places = areas.filter_map(|(_, places)| places.as_array());
        assert_eq!(
            TIME_ZONES.len(),
            places.map(toml_edit::Array::len).sum::<usize>()
        );
    }

    #[test]
    fn ids_are_found_exactly_and_near_ones_are_proposed() {
        assert!(is_core("timeseries") && is_core("nodeGraph") && !is_core("Timeseries"));
        assert_eq!(near_panel("Time series"), Some("timeseries"));
        assert_eq!(near_panel("bar-gauge"), Some("bargauge"));
        assert_eq!(near_panel("something-else"), None);
        assert_eq!(
            near_transformation("ConvertFieldType"),
            Some("convertFieldType")
        );
        assert_eq!(near_transformation("joinByFeild"), Some("joinByField"));
        for panel in GONE {
            assert!(is_core(panel.shown_as), "{}", panel.id);
        }
    }

    #[test]
    fn reducers_are_ids_aliases_and_percentiles() {
        for id in ["lastNotNull", "avg", "current", "p1", "p95", "p99"] {
            assert!(is_reducer(id), "{id}");
        }
        for id in ["p0", "p100", "p05", "p+5", "average", "LastNotNull", "p"] {
            assert!(!is_reducer(id), "{id}");
        }
    }

    #[test]
    fn schema_versions_follow_grafana() {
        assert_eq!(newest_schema(version("10.4")), Some(39));
        assert_eq!(newest_schema(version("12.1")), Some(41));
        assert_eq!(newest_schema(version("13.2")), Some(42));
        assert_eq!(newest_schema(version("4.0")), None);
        assert_eq!(first_to_read(42), Some(version("12.2")));
        assert_eq!(first_to_read(99), None);
    }

    #[test]
    fn time_zones_are_known_in_any_case() {
        for name in [
            "UTC",
            "utc",
            "Europe/Berlin",
            "america/argentina/buenos_aires",
            "Etc/GMT+3",
        ] {
            assert!(is_time_zone(name), "{name}");
        }
        assert!(!is_time_zone("default") && !is_time_zone("Europe"));
        assert_eq!(near_time_zone("Europe/Berln"), Some("Europe/Berlin"));
        assert_eq!(near_time_zone("New York"), Some("America/New_York"));
    }
}
