//! Findings that are known from another time: those of a baseline, those of a revision.

use rustc_hash::{FxHashMap, FxHashSet};

use super::loosely;

/// A finding as it is matched: the name of its file, and its fingerprint.
pub type Seen<'f> = (&'f str, &'f str);

/// Findings of another time, and which files there were.
#[derive(Debug, Clone, Default)]
pub struct Known {
    files: FxHashSet<String>,
    /// How often each was found, by file and fingerprint.
    findings: FxHashMap<(String, String), usize>,
}

impl Known {
    /// Notes that there was a file, with or without findings.
    pub fn add_file(&mut self, file: &str) {
        if !self.files.contains(file) {
            self.files.insert(file.to_owned());
        }
    }

    /// Notes `count` equal findings of a file.
    pub fn add(&mut self, file: &str, fingerprint: &str, count: usize) {
        self.add_file(file);
        let key = (file.to_owned(), fingerprint.to_owned());
        let known = self.findings.entry(key).or_insert(0);
        *known = known.saturating_add(count);
    }

    /// Which of the findings are known; each known one answers for one.
    ///
    /// A finding is known by its fingerprint in its file, and in a file that was not there when the one it was in is gone
    /// (`is_gone`): what is in two files that are both there is two findings. Where a dashboard or a group has got another name,
    /// it is known by the half that does not say whose it is, unless the one it was of is still in the file (`has_owner`).
    pub fn among<'f>(
        &'f self,
        findings: &[Seen<'f>],
        is_gone: &dyn Fn(&str) -> bool,
        has_owner: &dyn Fn(Seen<'_>) -> bool,
    ) -> Vec<bool> {
        let mut left: FxHashMap<Seen<'f>, usize> = self
            .findings
            .iter()
            .map(|((file, fingerprint), count)| ((file.as_str(), fingerprint.as_str()), *count))
            .collect();
        let mut known: Vec<bool> = findings
            .iter()
            .map(|finding| take(&mut left, *finding))
            .collect();
        for renamed in [Renamed::File, Renamed::Within, Renamed::Both] {
            let mut holders: FxHashMap<Seen<'f>, Vec<Seen<'f>>> = FxHashMap::default();
            for (one, _) in left.iter().filter(|(_, count)| **count > 0) {
                if renamed == Renamed::Within || is_gone(one.0) {
                    holders.entry(renamed.key(*one)).or_default().push(*one);
                }
            }
            holders
                .values_mut()
                .for_each(|of_key| of_key.sort_unstable());
            for (known, finding) in known.iter_mut().zip(findings) {
                let is_new = !self.files.contains(finding.0);
                if *known || (renamed != Renamed::Within && !is_new) {
                    continue;
                }
                let Some(of_key) = holders.get_mut(&renamed.key(*finding)) else {
                    continue;
                };
                while let Some(holder) = of_key.last() {
                    let stays = renamed == Renamed::Within && has_owner(*holder);
                    if !stays && take(&mut left, *holder) {
                        *known = true;
                        break;
                    }
                    of_key.pop();
                }
            }
        }
        known
    }
}

/// What has got another name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Renamed {
    /// The file.
    File,
    /// The dashboard or the group.
    Within,
    /// Both.
    Both,
}

impl Renamed {
    /// What is still the same.
    fn key(self, (file, fingerprint): Seen<'_>) -> Seen<'_> {
        match self {
            Renamed::File => ("", fingerprint),
            Renamed::Within => (file, loosely(fingerprint)),
            Renamed::Both => ("", loosely(fingerprint)),
        }
    }
}

/// Takes one of what is left.
fn take<'f>(left: &mut FxHashMap<Seen<'f>, usize>, finding: Seen<'f>) -> bool {
    match left.get_mut(&finding) {
        Some(count) if *count > 0 => {
            *count -= 1;
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "aaaaaaaaaaaaaaaa1111111111111111";
    const RENAMED: &str = "aaaaaaaaaaaaaaaa2222222222222222";
    const OTHER: &str = "bbbbbbbbbbbbbbbb1111111111111111";

    fn known() -> Known {
        let mut known = Known::default();
        known.add("a.json", A, 2);
        known.add_file("b.json");
        known
    }

    fn among(findings: &[Seen<'_>], gone: &[&str]) -> Vec<bool> {
        known().among(findings, &|file| gone.contains(&file), &|_| false)
    }

    #[test]
    fn each_answers_for_one() {
        let same = ("a.json", A);
        assert_eq!(among(&[same, same, same], &[]), [true, true, false]);
        assert_eq!(among(&[("a.json", OTHER)], &[]), [false]);
    }

    #[test]
    fn files_may_be_renamed_and_so_may_what_is_in_them() {
        assert_eq!(among(&[("c.json", A)], &["a.json"]), [true]);
        assert_eq!(among(&[("a.json", RENAMED)], &[]), [true]);
        assert_eq!(among(&[("c.json", RENAMED)], &["a.json"]), [true]);
        // A copy is new, and so is what comes into a file that was there.
        assert_eq!(among(&[("c.json", A)], &[]), [false]);
        assert_eq!(among(&[("b.json", A)], &["a.json"]), [false]);
        assert_eq!(among(&[("c.json", RENAMED)], &[]), [false]);
        assert_eq!(among(&[("b.json", RENAMED)], &["a.json"]), [false]);
    }

    #[test]
    fn what_is_of_a_group_that_is_still_there_is_not_renamed() {
        let findings = [("a.json", RENAMED)];
        assert_eq!(known().among(&findings, &|_| false, &|_| true), [false]);
    }

    #[test]
    fn who_is_known_by_name_goes_first() {
        let copies = [("c.json", A), ("c.json", A), ("a.json", A), ("a.json", A)];
        assert_eq!(among(&copies, &[]), [false, false, true, true]);
    }
}
