//! The uid that Grafana gives a provisioned data source which does not set one.

use std::fmt::Write as _;

/// `P` and the first eight bytes of the SHA-256 of the name (Grafana 12, pkg/services/provisioning/datasources,
/// safeUIDFromName).
pub(super) fn auto_uid(name: &str) -> String {
    let mut uid = "P".to_owned();
    for word in &sha256(name.as_bytes())[..2] {
        let _ = write!(uid, "{word:08X}");
    }
    uid
}

/// The fractional parts of the square roots of the first primes (FIPS 180-4, 5.3.3).
const START: [u32; 8] = {
    let mut start = [0; 8];
    let mut at = 0;
    while at < 8 {
        start[at] = fraction_of_root(PRIMES[at], 2);
        at += 1;
    }
    start
};
/// The fractional parts of their cube roots (FIPS 180-4, 4.2.2).
const ROUND: [u32; 64] = {
    let mut round = [0; 64];
    let mut at = 0;
    while at < 64 {
        round[at] = fraction_of_root(PRIMES[at], 3);
        at += 1;
    }
    round
};
const PRIMES: [u128; 64] = {
    let mut primes = [0; 64];
    let (mut count, mut number) = (0, 2);
    while count < 64 {
        let mut divisor = 0;
        while divisor < count && number % primes[divisor] != 0 {
            divisor += 1;
        }
        if divisor == count {
            primes[count] = number;
            count += 1;
        }
        number += 1;
    }
    primes
};

/// The first 32 bits behind the point of the square or cube root of a small number.
const fn fraction_of_root(number: u128, degree: u32) -> u32 {
    let shifted = number << (32 * degree);
    let mut root: u128 = 0;
    let mut bit = 1 << 36;
    while bit > 0 {
        if (root | bit).pow(degree) <= shifted {
            root |= bit;
        }
        bit >>= 1;
    }
    root as u32
}

/// SHA-256 as FIPS 180-4, 6.2 has it.
fn sha256(text: &[u8]) -> [u32; 8] {
    let mut padded = text.to_vec();
    padded.push(0x80);
    padded.resize((padded.len() + 8).next_multiple_of(64) - 8, 0);
    padded.extend((text.len() as u64 * 8).to_be_bytes());
    let mut state = START;
    for block in padded.chunks_exact(64) {
        let mut words = [0; 64];
        for (word, bytes) in words.iter_mut().zip(block.chunks_exact(4)) {
            *word = bytes
                .iter()
                .fold(0, |word, byte| word << 8 | u32::from(*byte));
        }
        for at in 16..64 {
            let (near, far) = (words[at - 2], words[at - 15]);
            let near = near.rotate_right(17) ^ near.rotate_right(19) ^ near >> 10;
            let far = far.rotate_right(7) ^ far.rotate_right(18) ^ far >> 3;
            words[at] = near
                .wrapping_add(words[at - 7])
                .wrapping_add(far)
                .wrapping_add(words[at - 16]);
        }
        let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = state;
        for (word, constant) in words.iter().zip(ROUND) {
            let mixed = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
            let first = h
                .wrapping_add(mixed)
                .wrapping_add(e & f ^ !e & g)
                .wrapping_add(constant)
                .wrapping_add(*word);
            let mixed = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
            let second = mixed.wrapping_add(a & b ^ a & c ^ b & c);
            (h, g, f, e) = (g, f, e, d.wrapping_add(first));
            (d, c, b, a) = (c, b, a, first.wrapping_add(second));
        }
        for (word, added) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
            *word = word.wrapping_add(added);
        }
    }
    state
}

#[cfg(test)]
mod tests {
    use super::{auto_uid, sha256};

    #[test]
    fn the_hash_is_sha_256() {
        assert_eq!((sha256(b"")[0], sha256(b"")[7]), (0xe3b0_c442, 0x7852_b855));
        // More than one block (FIPS 180-4's own example).
        let long = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
        assert_eq!(
            (sha256(long)[0], sha256(long)[7]),
            (0x248d_6a61, 0x19db_06c1)
        );
    }

    #[test]
    fn uids_are_those_of_grafana() {
        // As seen in countless exported dashboards.
        assert_eq!(auto_uid("Prometheus"), "PBFA97CFB590B2093");
        assert_eq!(auto_uid("Loki"), "P8E80F9AEF21F6940");
    }
}
