//! Simulation, difference and contrast against the reference implementations.

use dashlint::color::distance::{ciede2000, contrast, to_linear};
use dashlint::color::simulate::{simulate, simulate_linear};
use dashlint::color::{Deficiency, Model, Rgba, Theme, pair, resolve};

const BOTH: [Theme; 2] = Theme::ALL;

fn color(text: &str) -> Rgba {
    rgba(text, Theme::Dark)
}

fn rgba(text: &str, theme: Theme) -> Rgba {
    resolve(text, theme)
        .rgba(theme)
        .unwrap_or_else(|| panic!("{text:?} is no colour"))
}

fn close(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance
}

/// CIEDE2000 test data of Sharma, Wu and Dalal 2005, table 1: cases of hue and of chroma where implementations go wrong.
#[test]
fn sharma_2005() {
    for (a, b, expected) in [
        ([50.0, 2.6772, -79.7751], [50.0, 0.0, -82.7485], 2.0425),
        ([50.0, 3.1571, -77.2803], [50.0, 0.0, -82.7485], 2.8615),
        ([50.0, 2.8361, -74.0200], [50.0, 0.0, -82.7485], 3.4412),
        ([50.0, -1.3802, -84.2814], [50.0, 0.0, -82.7485], 1.0),
        ([50.0, 0.0, 0.0], [50.0, -1.0, 2.0], 2.3669),
        ([50.0, 2.49, -0.001], [50.0, -2.49, 0.0009], 7.1792),
        ([50.0, 2.49, -0.001], [50.0, -2.49, 0.0011], 7.2195),
        ([50.0, 2.5, 0.0], [73.0, 25.0, -18.0], 27.1492),
        ([50.0, 2.5, 0.0], [61.0, -5.0, 29.0], 22.8977),
        ([2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514], 0.9082),
    ] {
        assert!(
            close(ciede2000(a, b), expected, 1e-4),
            "{a:?} {b:?}: {}",
            ciede2000(a, b)
        );
        assert!(close(ciede2000(b, a), expected, 1e-4));
    }
}

/// A pair with its distance to everybody, its contrast, and Machado's and Brettel's distances for protan, deutan and tritan.
/// Made with colour-science 0.4.7, daltonlens 0.1.5 and wcag-contrast-ratio; see `agrees_with_the_reference` for all of them.
type Case = (&'static str, &'static str, f64, f64, [(f64, f64); 3]);

const CASES: [Case; 12] = [
    (
        "#73BF69",
        "#F2495C",
        69.034,
        1.5953,
        [(25.591, 28.819), (6.8, 7.218), (63.092, 49.044)],
    ),
    (
        "#73BF69",
        "#FADE2A",
        27.96,
        1.6565,
        [(14.803, 14.32), (19.065, 19.088), (39.853, 38.036)],
    ),
    (
        "#56A64B",
        "#E02F44",
        69.824,
        1.4919,
        [(25.881, 29.529), (4.972, 5.442), (61.635, 50.064)],
    ),
    (
        "#32AC2D",
        "#F53636",
        74.306,
        1.2949,
        [(22.289, 25.517), (1.633, 1.835), (67.93, 56.66)],
    ),
    (
        "#299C46",
        "#D44A3A",
        65.242,
        1.2269,
        [(16.769, 19.342), (4.375, 4.476), (65.367, 52.444)],
    ),
    (
        "#5794F2",
        "#F2495C",
        44.056,
        1.1768,
        [(39.663, 37.198), (49.831, 47.939), (75.943, 63.145)],
    ),
    (
        "#56A64B",
        "#FF780A",
        53.029,
        1.1426,
        [(6.268, 6.886), (13.223, 12.581), (58.761, 46.006)],
    ),
    (
        "#0072B2",
        "#E69F00",
        55.348,
        2.3023,
        [(55.648, 56.912), (62.677, 59.744), (51.357, 53.998)],
    ),
    (
        "#009E73",
        "#D55E00",
        54.363,
        1.1304,
        [(18.159, 18.134), (20.472, 20.139), (62.72, 55.634)],
    ),
    (
        "#4477AA",
        "#228833",
        45.173,
        1.0386,
        [(44.544, 44.255), (42.607, 41.411), (8.616, 1.9)],
    ),
    (
        "#1F77B4",
        "#9467BD",
        26.38,
        1.1327,
        [(1.904, 2.751), (6.188, 5.759), (41.17, 35.093)],
    ),
    (
        "#808080",
        "#808080",
        0.0,
        1.0,
        [(0.0, 0.0), (0.0, 0.0), (0.0, 0.0)],
    ),
];

#[test]
fn known_pairs() {
    for (a, b, normal, ratio, seen) in CASES {
        let report = pair(color(a), color(b), Theme::Dark);
        assert!(
            close(report.normal, normal, 0.05),
            "{a} {b}: {}",
            report.normal
        );
        assert!(
            close(report.contrast, ratio, 0.001),
            "{a} {b}: {}",
            report.contrast
        );
        for (seen, (machado, brettel)) in report.seen.iter().zip(seen) {
            assert!(close(seen.machado, machado, 0.05), "{a} {b} {seen:?}");
            assert!(close(seen.brettel, brettel, 0.05), "{a} {b} {seen:?}");
            assert_eq!(seen.distance, seen.machado.max(seen.brettel));
        }
    }
    let simulated = simulate(color("#73BF69"), Deficiency::Deutan, Model::Machado).to_string();
    assert_eq!(simulated, "#b8ab6e");
    let simulated = simulate(color("#F2495C"), Deficiency::Tritan, Model::Brettel).to_string();
    assert_eq!(simulated, "#f34767");
}

fn hex_within(found: Rgba, expected: &str, tolerance: u8) -> bool {
    let expected = color(expected);
    [
        (found.r, expected.r),
        (found.g, expected.g),
        (found.b, expected.b),
    ]
    .into_iter()
    .all(|(x, y)| x.abs_diff(y) <= tolerance)
}

#[test]
#[allow(clippy::print_stdout)] // A test that compares nothing must say so.
fn agrees_with_the_reference() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../shared/facts/cvd_reference.json"
    );
    let Ok(text) = std::fs::read_to_string(path) else {
        println!("not compared: {path} is not there");
        return;
    };
    let reference: serde_json::Value = serde_json::from_str(&text).expect("valid JSON");
    let tolerances = &reference["meta"]["tolerances"];
    let tolerance = |key: &str| tolerances[key].as_f64().expect("a tolerance");
    let (de, ok, ratio) = (
        tolerance("de2000"),
        tolerance("oklab"),
        tolerance("contrast"),
    );
    let channel = tolerance("hex_channel") as u8;
    let mut values = 0;
    let mut hexes = 0;
    let mut worst = [0f64; 3];
    let mut check = |kind: usize, found: f64, value: &serde_json::Value, limit: f64, what: &str| {
        let expected = value
            .as_f64()
            .unwrap_or_else(|| panic!("{what} is not a number"));
        worst[kind] = worst[kind].max((found - expected).abs());
        values += 1;
        assert!(
            close(found, expected, limit),
            "{what}: {found}, expected {expected}"
        );
    };

    for vector in reference["meta"]["sharma2005_ciede2000"]
        .as_array()
        .expect("a list")
    {
        let lab = |key: &str| [0, 1, 2].map(|at| vector[key][at].as_f64().unwrap_or_default());
        check(
            0,
            ciede2000(lab("lab1"), lab("lab2")),
            &vector["de"],
            1e-4,
            "Sharma",
        );
    }
    for theme in BOTH {
        let names = reference["grafana_named_colours"][theme.name()]
            .as_object()
            .expect("a table");
        for (name, hex) in names {
            assert!(
                hex_within(rgba(name, theme), hex.as_str().unwrap_or_default(), 0),
                "{name}"
            );
        }
    }
    let pairs = reference["pairs"].as_array().expect("a list");
    assert_eq!(pairs.len(), 62);
    for case in pairs {
        let (text_a, text_b) = (
            case["a"].as_str().unwrap_or_default(),
            case["b"].as_str().unwrap_or_default(),
        );
        let label = format!("{text_a} {text_b}");
        let (a, b) = (color(text_a), color(text_b));
        let report = pair(a, b, Theme::Dark);
        let (light_a, light_b) = (to_linear(a), to_linear(b));
        check(0, report.normal, &case["normal"]["de2000"], de, &label);
        check(
            1,
            oklab(light_a, light_b),
            &case["normal"]["oklab"],
            ok,
            &label,
        );
        check(2, report.contrast, &case["contrast_ab"], ratio, &label);
        check(
            2,
            contrast(a, Theme::Dark.panel()),
            &case["contrast_a_dark"],
            ratio,
            &label,
        );
        check(
            2,
            contrast(b, Theme::Dark.panel()),
            &case["contrast_b_dark"],
            ratio,
            &label,
        );
        check(
            2,
            contrast(a, Theme::Light.panel()),
            &case["contrast_a_light"],
            ratio,
            &label,
        );
        check(
            2,
            contrast(b, Theme::Light.panel()),
            &case["contrast_b_light"],
            ratio,
            &label,
        );
        let grey = report.seen_by(Deficiency::Grey);
        check(0, grey.distance, &case["grey"]["de2000"], de, &label);
        assert!(
            hex_within(
                grey.a,
                case["grey"]["a"].as_str().unwrap_or_default(),
                channel
            ),
            "{label}"
        );
        assert!(
            hex_within(
                grey.b,
                case["grey"]["b"].as_str().unwrap_or_default(),
                channel
            ),
            "{label}"
        );
        for (key, deficiency) in [
            ("protan", Deficiency::Protan),
            ("deutan", Deficiency::Deutan),
            ("tritan", Deficiency::Tritan),
        ] {
            let seen = report.seen_by(deficiency);
            for (name, model, found) in [
                ("machado", Model::Machado, seen.machado),
                ("brettel", Model::Brettel, seen.brettel),
            ] {
                let expected = &case[key][name];
                let label = format!("{label} {key} {name}");
                let after = |light| simulate_linear(light, deficiency, model);
                check(0, found, &expected["de2000"], de, &label);
                check(
                    1,
                    oklab(after(light_a), after(light_b)),
                    &expected["oklab"],
                    ok,
                    &label,
                );
                for (color, own, other) in [(a, "a", "a_daltonlens"), (b, "b", "b_daltonlens")] {
                    let simulated = simulate(color, deficiency, model);
                    for side in [own, other] {
                        let hex = expected[side].as_str().unwrap_or_default();

                        assert!(
                            hex_within(simulated, hex, channel),
                            "{label}: {simulated}, expected {hex}"
                        );
                        hexes += 1;
                    }
                }
            }
        }
    }
    println!(
        "{values} values and {hexes} simulated colours; largest errors: CIEDE2000 {:.4}, OKLab {:.4}, contrast {:.5}",
        worst[0], worst[1], worst[2]
    );
}

/// 100 × the distance in OKLab, by the formulas of its author.
fn oklab(a: [f64; 3], b: [f64; 3]) -> f64 {
    use palette::{FromColor, LinSrgb, Oklab};
    let a = Oklab::<f64>::from_color(LinSrgb::from(a));
    let b = Oklab::<f64>::from_color(LinSrgb::from(b));
    100.0 * ((a.l - b.l).powi(2) + (a.a - b.a).powi(2) + (a.b - b.b).powi(2)).sqrt()
}

#[test]
#[allow(clippy::print_stdout)] // The figure is worth more than the bound, which leaves room for slow machines.
fn a_pair_costs_microseconds() {
    let colors: Vec<Rgba> = (0..100u8)
        .map(|i| Rgba::opaque(i, i.wrapping_mul(37), 255 - i))
        .collect();
    let start = std::time::Instant::now();
    for a in &colors {
        for b in &colors {
            std::hint::black_box(pair(*a, *b, Theme::Dark));
        }
    }
    let each = start.elapsed() / 10_000;
    println!("{each:?} a pair");
    assert!(each.as_micros() < 500, "{each:?} a pair");
}
