//! Light, difference and contrast. The formulas are those of the `palette` crate.

use super::Rgba;
use palette::color_difference::{Ciede2000, Wcag21RelativeContrast};
use palette::white_point::D65;
use palette::{FromColor, Lab, LinLuma, LinSrgb, Srgb};

/// Linear sRGB, each channel from 0 to 1.
pub type Linear = [f64; 3];

/// The light of a colour; alpha is left out.
pub fn to_linear(color: Rgba) -> Linear {
    Srgb::new(color.r, color.g, color.b)
        .into_linear::<f64>()
        .into()
}

/// The nearest colour of 8 bits a channel.
pub fn from_linear(light: Linear) -> Rgba {
    let [r, g, b] = light;
    let encoded: Srgb<u8> = Srgb::from_linear(LinSrgb::new(r, g, b));
    Rgba::opaque(encoded.red, encoded.green, encoded.blue)
}

/// CIE L\*a\*b\* (D65) of linear sRGB.
pub fn to_lab(light: Linear) -> [f64; 3] {
    Lab::<D65, f64>::from_color(LinSrgb::from(light)).into()
}

/// CIEDE2000 between two L\*a\*b\* colours: 1 or 2 is the least a trained eye sees on large patches side by side.
pub fn ciede2000(a: [f64; 3], b: [f64; 3]) -> f64 {
    Lab::<D65, f64>::from(a).difference(Lab::from(b))
}

/// Relative luminance by the weights WCAG 2 prescribes (IEC 61966-2-1); `palette` derives slightly different ones from the
/// primaries, which moves a contrast by 0.001.
pub fn luminance(light: Linear) -> f64 {
    0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]
}

/// The contrast ratio of WCAG 2, from 1 to 21; alpha is left out.
pub fn contrast(a: Rgba, b: Rgba) -> f64 {
    let luma = |color| LinLuma::<D65, f64>::new(luminance(to_linear(color)));
    luma(a).relative_contrast(luma(b))
}
