//! Which colours are judged alike, and what is proposed instead.

use dashlint::color::data;
use dashlint::color::ramp::{Family, palettes, propose};
use dashlint::color::verdict::{Alike, Question, Use, confusable, low_contrast, series_alike};
use dashlint::color::{Deficiency, PairCache, Rgba, Theme, pair, resolve};

const BOTH: [Theme; 2] = Theme::ALL;

fn rgba(text: &str, theme: Theme) -> Rgba {
    resolve(text, theme)
        .rgba(theme)
        .unwrap_or_else(|| panic!("{text:?} is no colour"))
}

fn close(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance
}

#[test]
fn grafana_s_defaults_pass_where_the_value_is_printed() {
    let cache = PairCache::new();
    let printed = Question {
        themes: &BOTH,
        ..Question::default()
    };
    assert_eq!(
        confusable(data::defaults::thresholds(), &printed, &cache),
        []
    );
    assert_eq!(
        confusable(data::defaults::thresholds(), &Question::default(), &cache),
        []
    );
    assert_eq!(
        confusable(&["green", "yellow", "red"], &printed, &cache),
        []
    );
    assert_eq!(
        confusable(&["green", "orange", "red"], &printed, &cache),
        []
    );
    // No two colours of the classic palette's first round are alike to everybody.
    let first = &data::classic_palette()[..12];
    assert!(
        !series_alike(first, &printed, &cache)
            .iter()
            .any(|a| matches!(a, Alike::Everybody(_)))
    );
}

#[test]
fn legacy_triads_do_not_pass() {
    let cache = PairCache::new();
    for triad in [
        [
            "rgba(50, 172, 45, 0.97)",
            "rgba(237, 129, 40, 0.89)",
            "rgba(245, 54, 54, 0.9)",
        ],
        ["#299c46", "rgba(237, 129, 40, 0.89)", "#d44a3a"],
    ] {
        for themes in [&BOTH[..], &BOTH[..1]] {
            let found = confusable(
                &triad,
                &Question {
                    themes,
                    ..Question::default()
                },
                &cache,
            );
            let reds: Vec<_> = found.iter().filter(|f| (f.a, f.b) == (0, 2)).collect();
            assert_eq!(reds.len(), 1, "{triad:?} {themes:?} {found:#?}");
            assert_eq!(reds[0].deficiency, Deficiency::Deutan);
            assert!(reds[0].distance < 5.0);
            assert!(
                found
                    .windows(2)
                    .all(|two| two[0].distance <= two[1].distance)
            );
        }
    }
}

#[test]
fn where_colour_is_the_only_cue_more_is_asked() {
    let cache = PairCache::new();
    let only = Question {
        only_cue: true,
        ..Question::default()
    };
    let found = confusable(&["green", "red"], &only, &cache);
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].theme, found[0].deficiency),
        (Theme::Dark, Deficiency::Deutan)
    );
    assert!(close(found[0].distance, 7.218, 0.05));
    for good in [["dark-green", "light-red"], ["light-blue", "semi-dark-red"]] {
        let question = Question {
            themes: &BOTH,
            deficiencies: &Deficiency::ALL,
            only_cue: true,
        };
        assert_eq!(confusable(&good, &question, &cache), []);
    }
    let tritan = Question {
        deficiencies: &[Deficiency::Tritan],
        ..only
    };
    assert_eq!(confusable(&["#4477AA", "#228833"], &only, &cache).len(), 0);
    assert_eq!(
        confusable(&["#4477AA", "#228833"], &tritan, &cache).len(),
        1
    );
}

#[test]
fn what_is_left_out_of_a_set() {
    let cache = PairCache::new();
    let only = Question {
        only_cue: true,
        ..Question::default()
    };
    for set in [
        &["green", "text"][..],
        &["green", "transparent", "panel-bg"],
        &["green", "#73BF69", "#73bf69ff"],
        // A shade by choice, and a difference in lightness.
        &["#73BF69", "#78c46e"],
        &["#ffffff", "#303030", "black"],
        &["red", "no colour", "$color"],
        &[],
    ] {
        assert_eq!(confusable(set, &only, &cache), [], "{set:?}");
    }
    // The places are those of the first colours alike.
    let found = confusable(
        &["nonsense", "#32AC2D", "#32ac2d", "#F53636"],
        &only,
        &cache,
    );
    assert_eq!(
        found.iter().map(|f| (f.a, f.b)).collect::<Vec<_>>(),
        [(1, 3)]
    );
}

#[test]
fn series_colours() {
    let cache = PairCache::new();
    let question = Question::default();
    let found = series_alike(
        &["#1F78C1", "#1F77C0", "#32AC2D", "#F53636"],
        &question,
        &cache,
    );
    assert!(matches!(&found[0], Alike::Everybody(c) if (c.a, c.b) == (0, 1) && c.distance < 5.0));
    assert!(matches!(&found[1], Alike::Some(c) if (c.a, c.b) == (2, 3)));
    assert_eq!(found.len(), 2);
}

#[test]
fn contrast_of_text() {
    assert!(
        low_contrast("dark-red", Theme::Dark, Use::LargeText).is_some_and(|r| close(r, 2.88, 0.01))
    );
    assert_eq!(low_contrast("red", Theme::Dark, Use::Text), None);
    assert!(low_contrast("semi-dark-red", Theme::Dark, Use::Text).is_some());
    assert!(low_contrast("yellow", Theme::Light, Use::Graphic).is_some());
    assert_eq!(low_contrast("transparent", Theme::Dark, Use::Text), None);
    assert_eq!(low_contrast("nonsense", Theme::Dark, Use::Text), None);
}

#[test]
fn ramps_get_colours_that_hold() {
    let cache = PairCache::new();
    let fix = |colors: &[&str], family| {
        propose(colors, family, &cache).map(|p| {
            let new: Vec<String> = p
                .colors
                .iter()
                .zip(colors)
                .map(|(new, old)| new.map_or_else(|| format!("({old})"), str::to_owned))
                .collect();
            new.join(" ")
        })
    };
    let keep = |colors: &[&str]| fix(colors, Family::KeepHue);
    assert_eq!(
        keep(&["green", "red"]).as_deref(),
        Some("dark-green light-red")
    );
    assert_eq!(
        keep(&["red", "green"]).as_deref(),
        Some("light-red dark-green")
    );
    assert_eq!(
        keep(&["#299c46", "#ED8128", "#d44a3a"]).as_deref(),
        Some("dark-green yellow light-red")
    );
    assert_eq!(
        keep(&["red", "yellow", "green"]).as_deref(),
        Some("light-red (yellow) dark-green")
    );
    assert_eq!(
        keep(&["red", "orange", "green", "orange", "red"]).as_deref(),
        Some("light-red yellow dark-green yellow light-red")
    );
    assert_eq!(
        keep(&["green", "yellow", "orange", "red"]).as_deref(),
        Some("blue super-light-yellow (orange) semi-dark-red")
    );
    assert_eq!(
        keep(&["transparent", "green", "red"]).as_deref(),
        Some("(transparent) dark-green light-red")
    );
    assert_eq!(
        fix(&["green", "red"], Family::Blue).as_deref(),
        Some("light-blue semi-dark-red")
    );
    assert_eq!(
        fix(&["green", "red"], Family::KeepHueDark).as_deref(),
        Some("light-green semi-dark-red")
    );
    assert_eq!(
        fix(&["green", "red"], Family::KeepHueText).as_deref(),
        Some("super-light-green (red)")
    );
    for no_ramp in [
        &["blue", "purple"][..],
        &["green"],
        &["green", "light-green", "red"],
        &["green", "red", "green", "red"],
        &["rgba(255, 0, 0, 0.2)", "green"],
        &["dark-green", "light-red"],
        &["nonsense", "green", "red"],
        &[],
    ] {
        assert_eq!(keep(no_ramp), None, "{no_ramp:?}");
    }
}

#[test]
fn the_palettes_are_as_good_as_the_facts_say() {
    for palette in palettes() {
        let mut worst = [f64::MAX; 4];
        for theme in BOTH {
            for (at, a) in palette.colors.iter().enumerate() {
                for b in &palette.colors[at + 1..] {
                    let report = pair(rgba(a, theme), rgba(b, theme), theme);
                    worst[0] = worst[0].min(report.normal);
                    for d in 0..3 {
                        // The facts name the smaller of the two models.
                        let least = report.seen[d].machado.min(report.seen[d].brettel);
                        worst[d + 1] = worst[d + 1].min(least);
                    }
                }
            }
        }
        if palette.family == Family::KeepHueText {
            for text in palette.colors {
                assert_eq!(low_contrast(text, Theme::Dark, Use::Text), None, "{text}");
            }
        }
        for (found, said) in worst.iter().zip(palette.worst) {
            assert!(*found >= said - 0.06, "{}: {worst:?}", palette.id);
        }
    }
}
