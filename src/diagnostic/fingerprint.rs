//! The identity of a finding.

use std::fmt::Write;

/// A fingerprint over `parts` (rule, file kind and uid, panel id, refId, normalised snippet …): 32 hexadecimal digits.
/// Each part is delimited, so that moving text from one part to the next changes it. Stable between versions: baselines
/// are written with it.
pub fn fingerprint<'p>(parts: impl IntoIterator<Item = &'p str>) -> String {
    // FNV-1a of 128 bits (draft-eastlake-fnv): short, stable, and no secret depends on it.
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013B;
    let mut hash: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    for part in parts {
        for byte in part.bytes().chain([0xff]) {
            hash ^= u128::from(byte);
            hash = hash.wrapping_mul(PRIME);
        }
    }
    let mut text = String::with_capacity(32);
    let _ = write!(text, "{hash:032x}");
    text
}
