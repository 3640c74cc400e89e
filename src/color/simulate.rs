//! How colours look to people with a colour vision deficiency.
//!
//! Two models, both in linear sRGB with the result clipped to the gamut: Machado, Oliveira and Fernandes 2009 at severity 1.0
//! (the matrices their paper publishes), and Brettel, Viénot and Mollon 1997 (two half planes, with the matrices daltonlens
//! derives for sRGB from Smith and Pokorny's cone fundamentals, white as the neutral axis). The second is the sound one for
//! tritanopia.

use super::Rgba;
use super::distance::{Linear, from_linear, luminance, to_linear};

/// A way of seeing fewer colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Deficiency {
    /// No red cones (about 1 % of men; weaker forms another 1 %).
    Protan,
    /// No green cones (about 1 % of men; weaker forms another 5 %).
    Deutan,
    /// No blue cones (rare).
    Tritan,
    /// No colour at all: very rare in people, common in print.
    Grey,
}

impl Deficiency {
    /// All of them.
    pub const ALL: [Deficiency; 4] = [
        Deficiency::Protan,
        Deficiency::Deutan,
        Deficiency::Tritan,
        Deficiency::Grey,
    ];

    /// The two that are common.
    pub const RED_GREEN: [Deficiency; 2] = [Deficiency::Protan, Deficiency::Deutan];

    /// Its name, as in "people with deuteranopia".
    pub const fn name(self) -> &'static str {
        match self {
            Deficiency::Protan => "protanopia",
            Deficiency::Deutan => "deuteranopia",
            Deficiency::Tritan => "tritanopia",
            Deficiency::Grey => "achromatopsia",
        }
    }

    /// The deficiency called so in a configuration: its short name or its full one.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "protan" | "protanopia" => Deficiency::Protan,
            "deutan" | "deuteranopia" => Deficiency::Deutan,
            "tritan" | "tritanopia" => Deficiency::Tritan,
            "grey" | "achromatopsia" => Deficiency::Grey,
            _ => return None,
        })
    }

    pub(crate) const fn index(self) -> usize {
        self as usize
    }
}

/// A model of a deficiency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Model {
    /// Machado, Oliveira and Fernandes 2009, severity 1.0.
    Machado,
    /// Brettel, Viénot and Mollon 1997.
    Brettel,
}

type Matrix = [[f64; 3]; 3];

/// Machado 2009, table of severity 1.0: protan, deutan, tritan.
const MACHADO: [Matrix; 3] = [
    [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
];

/// The two half planes of one dichromacy and the normal of the plane between them, in linear sRGB.
struct HalfPlanes {
    above: Matrix,
    below: Matrix,
    normal: [f64; 3],
}

/// Brettel 1997: protan, deutan, tritan.
const BRETTEL: [HalfPlanes; 3] = [
    HalfPlanes {
        above: [
            [0.145096, 1.201653, -0.346749],
            [0.104465, 0.853164, 0.042371],
            [0.00429, -0.00603, 1.00174],
        ],
        below: [
            [0.141152, 1.167822, -0.308974],
            [0.104947, 0.857298, 0.037755],
            [0.004309, -0.00586, 1.00155],
        ],
        normal: [0.00048455, 0.00415593, -0.00464048],
    },
    HalfPlanes {
        above: [
            [0.361982, 0.867547, -0.229529],
            [0.260985, 0.645124, 0.09389],
            [-0.019754, 0.026861, 0.992893],
        ],
        below: [
            [0.37009, 0.885402, -0.255492],
            [0.257669, 0.637821, 0.104511],
            [-0.019503, 0.027414, 0.992089],
        ],
        normal: [-0.00292798, -0.00644819, 0.00937617],
    },
    HalfPlanes {
        above: [
            [1.013542, 0.142682, -0.156224],
            [-0.011805, 0.875612, 0.136194],
            [0.077073, 0.812081, 0.110847],
        ],
        below: [
            [0.93337, 0.19999, -0.13336],
            [0.058087, 0.825652, 0.116261],
            [-0.379228, 1.13825, 0.240978],
        ],
        normal: [0.03960095, -0.0283072, -0.01129375],
    },
];

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn apply(matrix: &Matrix, light: Linear) -> Linear {
    matrix.map(|row| dot(row, light).clamp(0.0, 1.0))
}

/// What light becomes. Both models agree about [`Deficiency::Grey`]: its luminance.
pub fn simulate_linear(light: Linear, deficiency: Deficiency, model: Model) -> Linear {
    let at = deficiency.index();
    if deficiency == Deficiency::Grey {
        return [luminance(light).clamp(0.0, 1.0); 3];
    }
    match model {
        Model::Machado => apply(&MACHADO[at], light),
        Model::Brettel => {
            let planes = &BRETTEL[at];
            let above = dot(planes.normal, light) >= 0.0;
            apply(if above { &planes.above } else { &planes.below }, light)
        }
    }
}

/// What an opaque colour becomes.
pub fn simulate(color: Rgba, deficiency: Deficiency, model: Model) -> Rgba {
    from_linear(simulate_linear(to_linear(color), deficiency, model))
}
