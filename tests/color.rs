//! Colours: resolved as Grafana does, blended, measured once, shown.

use dashlint::color::data::{self, color_mode};
use dashlint::color::ramp::{Family, palettes, propose};
use dashlint::color::simulate::simulate;
use dashlint::color::swatch::{mentioned, patch, swatch};
use dashlint::color::verdict::{Question, confusable};
use dashlint::color::{
    Deficiency, Model, PairCache, Resolved, Rgba, Special, Theme, pair, resolve,
};
use proptest::prelude::*;

const BOTH: [Theme; 2] = Theme::ALL;

fn color(text: &str) -> Rgba {
    rgba(text, Theme::Dark)
}

fn rgba(text: &str, theme: Theme) -> Rgba {
    resolve(text, theme)
        .rgba(theme)
        .unwrap_or_else(|| panic!("{text:?} is no colour"))
}

fn shown(text: &str) -> String {
    color(text).to_string()
}

#[test]
fn every_notation() {
    for (text, hex) in [
        ("", "#808080"),
        ("green", "#73bf69"),
        ("semi-dark-red", "#e02f44"),
        ("super-light-yellow", "#fff899"),
        ("#F2495C", "#f2495c"),
        ("#f00", "#ff0000"),
        ("#f008", "#ff000088"),
        ("#FF000080", "#ff000080"),
        ("rgb(1,2,3)", "#010203"),
        ("rgba(245, 54, 54, 0.9)", "#f53636e6"),
        ("rgba(50, 172, 45, 0.97", "#32ac2df7"),
        ("RGB(50 172 45 / 50%)", "#32ac2d80"),
        ("rgb(100%, 0%, 50%)", "#ff0080"),
        ("rgb(300, -5, 1e2)", "#ff0064"),
        ("hsl(120, 100%, 25%)", "#008000"),
        ("hsl(-120deg 100% 50%)", "#0000ff"),
        ("hsla(0.5turn, 100%, 50%, .5)", "#00ffff80"),
        ("hsl(0, 0%, 100%)", "#ffffff"),
        ("text", "#ccccdc"),
        ("panel-bg", "#181b1f"),
        ("transparent", "#00000000"),
        ("Transparent", "#00000000"),
        // The theme's names are case-sensitive; in another case they are CSS.
        ("Red", "#ff0000"),
        ("GREEN", "#008000"),
        ("DarkGreen", "#006400"),
        ("darkgreen", "#006400"),
        ("dark-green", "#37872d"),
        ("grey", "#808080"),
        ("IndianRed", "#cd5c5c"),
        ("rebeccapurple", "#663399"),
        ("mediumpurple", "#9370d8"),
    ] {
        assert_eq!(shown(text), hex, "{text:?}");
    }
    assert_eq!(rgba("green", Theme::Light).to_string(), "#56a64b");
    assert_eq!(rgba("text", Theme::Light).to_string(), "#24292e");
    assert_eq!(rgba("panel-bg", Theme::Light).to_string(), "#ffffff");
}

#[test]
fn no_plain_colours() {
    let special = |text| match resolve(text, Theme::Dark) {
        Resolved::Special(special) => special,
        other => panic!("{text:?} is {other:?}"),
    };
    assert_eq!(special("text"), Special::Text);
    assert_eq!(special("oklch(0.7 0.1 30)"), Special::Css);
    assert_eq!(special("currentColor"), Special::Css);
    assert_eq!(special("${color}"), Special::Variable);
    assert_eq!(special("{{ .Values.color }}"), Special::Variable);
    assert!(matches!(special("continuous-GrYlRd"), Special::Mode(mode) if mode.red_green));
    assert!(matches!(special("palette-classic"), Special::Mode(mode) if !mode.by_value));
    assert!(color_mode("continuous-viridis").is_some_and(|mode| mode.accessible));
}

#[test]
fn unknown_colours_and_what_was_meant() {
    for (text, meant) in [
        ("Dark-Red", Some("dark-red")),
        ("dark_green", Some("dark-green")),
        ("semiDarkRed", Some("semi-dark-red")),
        ("semi-light-red", Some("light-red")),
        ("gren", Some("green")),
        ("yelow", Some("yellow")),
        ("F2495C", Some("#F2495C")),
        ("0xff0000", Some("#ff0000")),
        ("Panel-BG", Some("panel-bg")),
        ("#12345", None),
        ("#ggg", None),
        ("rgb(1,2)", None),
        ("rgb(inf,0,0)", None),
        ("hsl()", None),
        ("none", None),
        ("critical", None),
        ("🟥", None),
    ] {
        match resolve(text, Theme::Dark) {
            Resolved::Unknown { near } => {
                let found = near.as_deref();
                match meant {
                    Some("light-red") => {
                        assert!(found.is_some_and(|n| n.ends_with("-red")), "{found:?}")
                    }
                    _ => assert_eq!(found, meant, "{text:?}"),
                }
            }
            other => panic!("{text:?} is {other:?}"),
        }
    }
}

#[test]
fn the_tables_say_what_the_file_says() {
    let file: toml_edit::DocumentMut = include_str!("../rules/facts/colors.toml")
        .parse()
        .expect("valid TOML");
    for (name, fact) in file["named"].as_table().expect("a table").iter() {
        for theme in BOTH {
            let hex = fact[theme.name()].as_str().map(str::to_lowercase);
            assert_eq!(Some(rgba(name, theme).to_string()), hex, "{name}");
        }
    }
    for section in ["css", "css_passed"] {
        for (name, fact) in file[section].as_table().expect("a table").iter() {
            if data::named_colors().iter().all(|(named, _)| *named != name) {
                assert_eq!(
                    Some(shown(name)),
                    fact.as_str().map(str::to_lowercase),
                    "{name}"
                );
            }
        }
    }
    assert_eq!(data::named_colors().len(), 30);
    assert_eq!(data::classic_palette().len(), 64);
    assert_eq!(
        data::color_modes().len(),
        file["modes"].as_table().map_or(0, |t| t.len())
    );
    assert!(data::heatmap_scheme(data::defaults::heatmap_scheme()).is_some());
    let texts = data::classic_palette()
        .iter()
        .chain(data::color_modes().iter().flat_map(|m| m.colors));
    for text in texts.chain(palettes().iter().flat_map(|p| p.colors)) {
        assert!(
            resolve(text, Theme::Light).rgba(Theme::Light).is_some(),
            "{text}"
        );
    }
}

#[test]
fn alpha_is_mixed_over_the_panel() {
    assert_eq!(
        color("rgba(255,0,0,0.5)")
            .on_panel(Theme::Light)
            .to_string(),
        "#ff7f7f"
    );
    assert_eq!(
        color("transparent").on_panel(Theme::Dark),
        Theme::Dark.panel()
    );
    assert!(color("rgba(1,2,3,0.04)").is_transparent());
    assert!(!color("rgba(1,2,3,0.05)").is_transparent());
    assert_eq!(resolve("panel-bg", Theme::Dark).painted(Theme::Dark), None);
}

#[test]
fn a_pair_is_measured_once() {
    let cache = PairCache::new();
    let texts = ["green", "red", "#299c46", "rgba(245, 54, 54, 0.9)"];
    for theme in BOTH {
        for a in texts {
            for b in texts {
                let (a, b) = (rgba(a, theme), rgba(b, theme));
                assert_eq!(cache.pair(a, b, theme), pair(a, b, theme));
            }
        }
    }
    // Ten pairs (with the equal ones) a theme, less the one of #299c46 with itself, which is the same in both.
    assert_eq!(cache.len(), 19);
}

#[test]
fn swatches() {
    let report = pair(color("green"), color("red"), Theme::Dark);
    assert_eq!(
        swatch(&report, Deficiency::Deutan, false),
        "#73bf69 #f2495c, with deuteranopia #baa86c #a29155 (ΔE 7.2)"
    );
    assert_eq!(
        patch(color("red"), true),
        "\x1b[48;2;242;73;92m    \x1b[0m #f2495c"
    );
    assert_eq!(
        swatch(&report, Deficiency::Protan, true)
            .matches("\x1b[48;2;")
            .count(),
        4
    );
}

fn any_rgba() -> impl Strategy<Value = Rgba> {
    any::<(u8, u8, u8, u8)>().prop_map(|(r, g, b, a)| Rgba { r, g, b, a })
}

proptest! {
    #[test]
    fn resolve_is_total(text in ".{0,60}") {
        for theme in BOTH {
            let _ = resolve(&text, theme).painted(theme);
        }
    }

    #[test]
    fn resolve_is_total_on_what_looks_like_colours(
        text in "(#|rgba?\\(|hsla?\\(|dark-|semi-|0x)?[0-9a-f.,%/ e+-]{0,24}(deg|turn|red|green)?\\)?"
    ) {
        if let Resolved::Unknown { near: Some(near) } = resolve(&text, Theme::Dark) {
            prop_assert!(resolve(&near, Theme::Dark).rgba(Theme::Dark).is_some());
        }
    }

    #[test]
    fn the_notation_of_a_colour_is_read_back(c in any_rgba()) {
        prop_assert_eq!(color(&c.to_string()), c);
        let written = format!("rgba({}, {}, {}, {})", c.r, c.g, c.b, c.alpha());
        prop_assert_eq!(color(&written), c);
    }

    #[test]
    fn blending_stays_between(front in any_rgba(), back in any_rgba()) {
        let mixed = front.over(back);
        prop_assert_eq!(mixed.a, 255);
        for (m, x, y) in [(mixed.r, front.r, back.r), (mixed.g, front.g, back.g), (mixed.b, front.b, back.b)] {
            prop_assert!(m >= x.min(y) && m <= x.max(y));
        }
    }

    #[test]
    fn pairs_are_symmetric(a in any_rgba(), b in any_rgba()) {
        for theme in BOTH {
            let (one, two) = (pair(a, b, theme), pair(b, a, theme));
            prop_assert_eq!((one.a, one.b), (two.b, two.a));
            prop_assert_eq!((one.normal, one.contrast), (two.normal, two.contrast));
            prop_assert!(one.normal.is_finite() && (1.0..=21.01).contains(&one.contrast));
            for (x, y) in one.seen.iter().zip(&two.seen) {
                prop_assert_eq!((x.distance, x.a, x.b), (y.distance, y.b, y.a));
                prop_assert!(x.distance.is_finite() && x.distance >= 0.0);
            }
            prop_assert_eq!(pair(a, a, theme).normal, 0.0);
        }
    }

    #[test]
    fn greys_stay_grey(v in any::<u8>()) {
        for deficiency in Deficiency::ALL {
            for model in [Model::Machado, Model::Brettel] {
                let seen = simulate(Rgba::opaque(v, v, v), deficiency, model);
                prop_assert!([seen.r, seen.g, seen.b].iter().all(|c| c.abs_diff(v) <= 1), "{seen}");
            }
        }
    }

    #[test]
    fn a_verdict_is_total(colors in proptest::collection::vec(".{0,12}|#[0-9a-f]{6}|(dark-)?(red|green)", 0..60)) {
        let cache = PairCache::new();
        for only_cue in [false, true] {
            let question = Question { themes: &BOTH, deficiencies: &Deficiency::ALL, only_cue };
            for found in confusable(&colors, &question, &cache) {
                prop_assert!(found.a < found.b && found.b < colors.len());
                prop_assert!(found.distance < question.limit());
            }
        }
        let _ = propose(&colors, Family::KeepHue, &cache);
    }
}

#[test]
fn the_colours_of_a_sentence() {
    let shown =
        |text: &str| -> Vec<String> { mentioned(text).iter().map(ToString::to_string).collect() };
    assert_eq!(
        shown("`#299C46` and `red` look alike, seen as #8d8042 `no colour` #12"),
        ["#299c46", "#f2495c", "#8d8042"]
    );
    assert_eq!(shown("`red`, `red` and #f2495c"), ["#f2495c"]);
    assert_eq!(shown("nothing, # and `"), [""; 0]);
}
