//! The unit catalogue: complete, exact, and helpful about what it does not know.

use dashlint::units::catalog::{Custom, Format, UnitId, lookup, suggest, unit, units};
use proptest::prelude::*;

fn near(id: &str) -> Vec<&'static str> {
    assert_eq!(lookup(id), UnitId::Unknown, "{id:?}");
    suggest(id).near
}

fn hint(id: &str) -> Option<String> {
    assert_eq!(lookup(id), UnitId::Unknown, "{id:?}");
    suggest(id).hint
}

#[test]
fn the_table_says_what_the_file_says() {
    let file: toml_edit::DocumentMut = include_str!("../rules/facts/units.toml")
        .parse()
        .expect("valid TOML");
    let facts = file["units"].as_table().expect("a table");
    assert_eq!(facts.len(), 273);
    assert_eq!(units().len(), 273);
    for (order, (id, fact)) in facts.iter().enumerate() {
        let unit = unit(id).unwrap_or_else(|| panic!("{id} is missing"));
        let text = |key: &str| fact.get(key).and_then(|v| v.as_str());
        let number = |key: &str| {
            fact.get(key)
                .and_then(|v| v.as_float().or_else(|| v.as_integer().map(|i| i as f64)))
        };
        assert_eq!((unit.id, usize::from(unit.order)), (id, order));
        assert_eq!(Some(unit.label), text("label"), "{id}");
        assert_eq!(Some(unit.category), text("category"), "{id}");
        assert_eq!(Some(unit.dimension), text("dimension"), "{id}");
        assert_eq!(unit.base, text("base"), "{id}");
        assert_eq!(unit.quantity, text("quantity"), "{id}");
        assert_eq!(unit.since, text("since"), "{id}");
        assert_eq!(unit.factor, number("factor"), "{id}");
        assert_eq!(unit.offset, number("offset").unwrap_or(0.0), "{id}");
        if let Format::Si { suffix, prescale } | Format::Iec { suffix, prescale } = unit.format {
            assert_eq!(suffix, text("suffix").unwrap_or(""), "{id}");
            assert_eq!(
                f64::from(prescale),
                number("prescale").unwrap_or(0.0),
                "{id}"
            );
        }
        assert_eq!(unit.trap.is_some(), file["traps"].get(id).is_some(), "{id}");
    }
}

#[test]
fn ids_are_sorted_and_prefixes_agree_with_factors() {
    assert!(units().windows(2).all(|two| two[0].id < two[1].id));
    // A prescaled unit of a kind is a power of the step away from the plain one.
    for unit in units() {
        let (suffix, prescale, step) = match unit.format {
            Format::Si { suffix, prescale } => (suffix, prescale, 1000f64),
            Format::Iec { suffix, prescale } => (suffix, prescale, 1024f64),
            _ => continue,
        };
        let plain = units().iter().find(|other| match other.format {
            Format::Si {
                suffix: s,
                prescale: 0,
            } => s == suffix && step == 1000.0 && other.category == unit.category,
            Format::Iec {
                suffix: s,
                prescale: 0,
            } => s == suffix && step == 1024.0 && other.category == unit.category,
            _ => false,
        });
        let (Some(plain), Some(factor)) = (plain.and_then(|p| p.factor), unit.factor) else {
            continue;
        };
        let expected = plain * step.powi(i32::from(prescale));
        assert!(
            (factor / expected - 1.0).abs() < 1e-9,
            "{}: {factor} instead of {expected}",
            unit.id
        );
    }
}

#[test]
#[allow(clippy::print_stdout)] // A test that compares nothing must say so.
fn agrees_with_the_facts_it_was_made_from() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/facts/units.json");
    let Ok(text) = std::fs::read_to_string(path) else {
        println!("not compared: {path} is not there");
        return;
    };
    let facts: serde_json::Value = serde_json::from_str(&text).expect("valid JSON");
    let list = facts["units"].as_array().expect("a list");
    assert_eq!(list.len(), units().len());
    for (order, fact) in list.iter().enumerate() {
        let id = fact["id"].as_str().expect("an id");
        let unit = unit(id).unwrap_or_else(|| panic!("{id} is missing"));
        assert_eq!(usize::from(unit.order), order, "{id}");
        assert_eq!(Some(unit.label), fact["label"].as_str(), "{id}");
        assert_eq!(Some(unit.dimension), fact["dimension"].as_str(), "{id}");
        assert_eq!(unit.factor, fact["factor"].as_f64(), "{id}");
        assert_eq!(unit.offset, fact["offset"].as_f64().unwrap_or(0.0), "{id}");
        assert_eq!(unit.base, fact["base"].as_str(), "{id}");
        assert_eq!(
            unit.autoscales(),
            fact["format"]["autoscale"].as_bool() == Some(true),
            "{id}"
        );
    }
}

#[test]
fn known_ids() {
    let factor = |id: &str| lookup(id).known().and_then(|u| u.factor);
    assert_eq!(factor("ms"), Some(0.001));
    assert_eq!(factor("mbytes"), Some(1_048_576.0));
    assert_eq!(factor("decmbytes"), Some(1e6));
    assert_eq!(factor("Mbits"), Some(125_000.0));
    assert_eq!(factor("percent"), Some(0.01));
    assert_eq!(factor("bool"), None);
    assert_eq!(lookup("").known().map(|u| u.id), Some("none"));
    assert_eq!(
        lookup("farenheit").known().map(|u| u.id),
        Some("fahrenheit")
    );
    assert_eq!(
        lookup("µs").known().map(|u| u.label),
        Some("microseconds (µs)")
    );
    let boiling = unit("fahrenheit")
        .and_then(|u| u.to_base(212.0))
        .unwrap_or_default();
    assert!((boiling - 373.15).abs() < 1e-9);
    assert!(unit("dateTimeAsIso").is_some_and(|u| u.is_date()));
    assert!(unit("percentunit").is_some_and(|u| !u.autoscales()));
}

#[test]
fn ids_that_are_taken_for_something_else() {
    let trap = |id: &str| unit(id).and_then(|u| u.trap);
    assert_eq!(
        trap("rps").map(|t| (t.means, t.instead)),
        Some(("reads per second", &["reqps"][..]))
    );
    assert_eq!(trap("Mbits").map(|t| t.means), Some("megabits per second"));
    assert_eq!(trap("m").map(|t| t.instead), Some(&["lengthm"][..]));
    assert_eq!(trap("reqps"), None);
}

#[test]
fn custom_forms() {
    let custom = |id: &'static str| match lookup(id) {
        UnitId::Custom(custom) => custom,
        other => panic!("{id:?} is {other:?}"),
    };
    assert_eq!(custom("suffix:pods"), Custom::Suffix("pods"));
    assert_eq!(custom("prefix:~"), Custom::Prefix("~"));
    assert_eq!(
        custom("time:YYYY-MM-DD HH:mm"),
        Custom::Time("YYYY-MM-DD HH:mm")
    );
    assert_eq!(
        custom("si:meters"),
        Custom::Si {
            prefix: Some(('m', 0.001)),
            unit: "eters"
        }
    );
    assert_eq!(
        custom("si:µs"),
        Custom::Si {
            prefix: Some(('µ', 1e-6)),
            unit: "s"
        }
    );
    assert_eq!(
        custom("si:Hz"),
        Custom::Si {
            prefix: None,
            unit: "Hz"
        }
    );
    assert_eq!(custom("count:req"), Custom::Count("req"));
    assert_eq!(custom("currency:€"), Custom::Currency("€"));
    assert_eq!(
        custom("currency:financial:$"),
        Custom::Financial {
            symbol: "$",
            after: false
        }
    );
    assert_eq!(
        custom("currency:financial:€:suffix"),
        Custom::Financial {
            symbol: "€",
            after: true
        }
    );
    assert_eq!(
        custom("bool:up/down"),
        Custom::Bool {
            yes: "up",
            no: "down"
        }
    );
    assert_eq!(custom("bool:up"), Custom::Bool { yes: "up", no: "-" });
    assert_eq!(custom("${unit}"), Custom::Variable("${unit}"));
    assert!(matches!(lookup(":x"), UnitId::Unknown));
    assert!(matches!(lookup("foo:x"), UnitId::Unknown));
}

#[test]
fn suggestions() {
    for (written, meant) in [
        ("milliseconds", "ms"),
        ("Milliseconds", "ms"),
        ("milliseconds (ms)", "ms"),
        ("seconds (s)", "s"),
        ("seconds", "s"),
        ("Seconds", "s"),
        ("sec", "s"),
        ("us", "µs"),
        ("μs", "µs"),
        ("minutes", "m"),
        ("hours", "h"),
        ("bytes/sec", "Bps"),
        ("bytes/sec(SI)", "Bps"),
        ("B/s", "Bps"),
        ("req/s", "reqps"),
        ("requests/sec", "reqps"),
        ("qps", "reqps"),
        ("GB", "decgbytes"),
        ("GiB", "gbytes"),
        ("MB/s", "MBs"),
        ("Mbps", "Mbits"),
        ("Bytes", "bytes"),
        ("percent (0-100)", "percent"),
        ("Percent (0.0-1.0)", "percentunit"),
        ("percentUnit", "percentunit"),
        ("percent_unit", "percentunit"),
        ("precent", "percent"),
        ("%", "percent"),
        ("Short", "short"),
        ("None", "none"),
        ("celcius", "celsius"),
        ("°C", "celsius"),
        ("kWh", "kwatth"),
        ("W", "watt"),
        ("MW", "megwatt"),
        ("mW", "mwatt"),
        ("USD", "currencyUSD"),
        ("€", "currencyEUR"),
        ("Hz", "hertz"),
        ("dateTimeAsISO", "dateTimeAsIso"),
        ("recsps", "recps"),
        (" ms", "ms"),
        ("tokens/s", "cps"),
        ("items/sec", "cps"),
        ("calls/s", "ops"),
        ("binB", "bytes"),
    ] {
        assert_eq!(
            near(written).first(),
            Some(&meant),
            "{written:?}: {:?}",
            near(written)
        );
    }
    assert_eq!(near("BPS"), ["Bps", "bps"]);
    for written in ["widgets", "pods", "x", "ms/s", "🦀"] {
        assert_eq!(near(written), Vec::<&str>::new(), "{written:?}");
    }
    assert_eq!(hint("Suffix:pods").as_deref(), Some("write `suffix:pods`"));
    assert_eq!(hint("sufix: pods").as_deref(), Some("write `suffix:pods`"));
    assert!(hint("weeks").is_some());
    assert!(hint("timestamp").is_some_and(|h| h.contains("milliseconds")));
    assert_eq!(hint("GB"), None);
}

proptest! {
    #[test]
    fn lookup_is_total(text in ".{0,80}") {
        if lookup(&text) == UnitId::Unknown {
            let near = suggest(&text).near;
            prop_assert!(near.len() <= 3);
            for id in near {
                prop_assert!(unit(id).is_some());
            }
        }
    }

    #[test]
    fn a_slip_of_the_case_is_found(at in 0usize..273) {
        let id = units()[at].id;
        let upper = id.to_uppercase();
        match lookup(&upper) {
            UnitId::Unknown => prop_assert!(!suggest(&upper).near.is_empty(), "{}", upper),
            UnitId::Known(_) => {}
            UnitId::Custom(_) => prop_assert!(false, "{}", upper),
        }
    }
}
