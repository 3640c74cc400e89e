//! Findings that are known from another time: those of a baseline, those of a revision.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{is_of_project, loosely, of_id, of_title};

/// A finding as it is matched: the name of its file, and its [identity](super::Diagnostic::identity).
pub type Seen<'f> = (&'f str, &'f str);

/// How often each fingerprint was found in a file.
type OfFile = FxHashMap<Box<str>, usize>;

/// Findings of another time, and which files there were.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Of each file that was there.
    files: FxHashMap<Arc<str>, OfFile>,
}

impl Known {
    /// Notes that there was a file, with or without findings.
    pub fn add_file(&mut self, file: &Arc<str>) {
        self.files.entry(file.clone()).or_default();
    }

    /// Notes `count` equal findings of a file.
    pub fn add(&mut self, file: &Arc<str>, fingerprint: &str, count: usize) {
        let of_file = self.files.entry(file.clone()).or_default();
        match of_file.get_mut(fingerprint) {
            Some(known) => *known = known.saturating_add(count),
            None => {
                of_file.insert(fingerprint.into(), count);
            }
        }
    }

    /// Which of the findings are known; each known one answers for one.
    ///
    /// A finding is known by its fingerprint in its file, or by the title of its panel where that has another number, and in a file
    /// that was not there when the one it was in is gone (`is_gone`): what is in two files that are both there is two findings. Where a dashboard or a group has got another name,
    /// it is known by the half that does not say whose it is, unless the one it was of is still in the file (`has_owner`). What
    /// is the whole project's is known in whichever file it was told. `silenced`: findings that something else silences, which
    /// leave what is known of them to no others.
    pub fn among<'f>(
        &'f self,
        findings: &'f [(&'f str, String)],
        silenced: &'f [(&'f str, String)],
        is_gone: &dyn Fn(&str) -> bool,
        has_owner: &dyn Fn(Seen<'_>) -> bool,
    ) -> Vec<bool> {
        let seen = |(file, identity): &'f (&'f str, String)| -> Seen<'f> { (*file, &**identity) };
        let findings: Vec<Seen<'f>> = findings.iter().map(seen).collect();
        let mut left = Left {
            known: self,
            taken: FxHashMap::default(),
        };
        let mut known: Vec<bool> = findings.iter().map(|finding| left.take(*finding)).collect();
        for finding in silenced.iter().map(seen) {
            left.take(finding);
        }
        for renamed in [
            Renamed::Number,
            Renamed::Title,
            Renamed::File,
            Renamed::Within,
            Renamed::Both,
            Renamed::Place,
        ] {
            let is_open = |(known, finding): &(&mut bool, &Seen<'f>)| {
                let may_be = || match renamed {
                    Renamed::File | Renamed::Both => !self.files.contains_key(finding.0),
                    Renamed::Number => of_title(finding.1).is_some(),
                    Renamed::Title | Renamed::Within => true,
                    Renamed::Place => is_of_project(finding.1),
                };
                !**known && may_be()
            };
            let open: Vec<(&mut bool, &Seen<'f>)> =
                known.iter_mut().zip(&findings).filter(is_open).collect();
            if open.is_empty() {
                continue;
            }
            let mut holders: FxHashMap<Seen<'f>, Vec<Seen<'f>>> = open
                .iter()
                .map(|(_, finding)| (renamed.key(**finding), Vec::new()))
                .collect();
            left.find_holders(renamed, is_gone, &mut holders);
            let retitled = match renamed {
                Renamed::Number => Some(self.retitled(open.iter().map(|(_, finding)| **finding))),
                _ => None,
            };
            for (known, finding) in open {
                let Some(of_key) = holders.get_mut(&renamed.key(*finding)) else {
                    continue;
                };
                while let Some(holder) = of_key.last() {
                    if retitled
                        .as_ref()
                        .is_some_and(|one| one.has(*holder, *finding))
                    {
                        break;
                    }
                    let stays = renamed == Renamed::Within && has_owner(*holder);
                    if !stays && left.take(*holder) {
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

impl Known {
    /// Which of these findings of now may be of panels that only have other titles.
    fn retitled<'f>(&'f self, findings: impl Iterator<Item = Seen<'f>> + Clone) -> Retitled<'f> {
        let files: FxHashSet<&str> = findings.clone().map(|finding| finding.0).collect();
        let of_name = |name: &&str| self.files.get_key_value(*name);
        let then = || {
            let of_file = |(file, all): (&'f Arc<str>, &'f OfFile)| {
                all.keys().map(move |identity| (&**file, &**identity))
            };
            files.iter().filter_map(of_name).flat_map(of_file)
        };
        let title = |(file, identity): Seen<'f>| Some((file, of_title(identity)?));
        let number = |(file, identity): Seen<'f>| (file, of_id(identity));
        let titles: FxHashSet<Seen<'f>> = then().filter_map(title).collect();
        let is_new = |finding: &Seen<'f>| title(*finding).is_none_or(|one| !titles.contains(&one));
        Retitled {
            with_new_titles: findings.filter(is_new).map(number).collect(),
            numbers: then().map(number).collect(),
        }
    }
}

/// Panels that may be the same with another title.
struct Retitled<'f> {
    /// Findings of now, by the numbers of their panels, whose titles nobody had.
    with_new_titles: FxHashSet<Seen<'f>>,
    /// Those of then, by the numbers of their panels.
    numbers: FxHashSet<Seen<'f>>,
}

impl Retitled<'_> {
    /// Whether the panel of `holder` is there with another title, and `finding` is of a new panel that has got its title: a
    /// panel was copied, and the original is called otherwise. Where all are numbered anew, most numbers were another's.
    fn has(&self, (file, holder): Seen<'_>, (_, finding): Seen<'_>) -> bool {
        self.with_new_titles.contains(&(file, of_id(holder)))
            && !self.numbers.contains(&(file, of_id(finding)))
    }
}

/// What of the known findings has not been met yet.
struct Left<'f> {
    known: &'f Known,
    taken: FxHashMap<Seen<'f>, usize>,
}

impl<'f> Left<'f> {
    /// Takes one of what is left.
    fn take(&mut self, finding: Seen<'f>) -> bool {
        let of_file = self.known.files.get(finding.0);
        let Some(count) = of_file.and_then(|of_file| of_file.get(finding.1)) else {
            return false;
        };
        let taken = self.taken.entry(finding).or_insert(0);
        let is_left = *taken < *count;
        *taken += usize::from(is_left);
        is_left
    }

    /// Those that a finding with one of the keys may have been before, in order.
    fn find_holders(
        &self,
        renamed: Renamed,
        is_gone: &dyn Fn(&str) -> bool,
        holders: &mut FxHashMap<Seen<'f>, Vec<Seen<'f>>>,
    ) {
        let files: Vec<(&'f Arc<str>, &'f OfFile)> = match renamed {
            Renamed::Number | Renamed::Title | Renamed::Within => {
                let names: FxHashSet<&str> = holders.keys().map(|key| key.0).collect();
                let of_name = |name: &&str| self.known.files.get_key_value(*name);
                names.iter().filter_map(of_name).collect()
            }
            Renamed::File | Renamed::Both | Renamed::Place => self.known.files.iter().collect(),
        };
        for (file, findings) in files {
            // Whether a file is gone is asked of the disk: only for one that holds what is looked for.
            let mut gone = None;
            for (fingerprint, count) in findings {
                let holder: Seen<'f> = (file, fingerprint);
                let Some(of_key) = holders.get_mut(&renamed.key(holder)) else {
                    continue;
                };
                let is_left = self.taken.get(&holder).is_none_or(|taken| taken < count);
                let mut may_be = || match renamed {
                    Renamed::File | Renamed::Both => *gone.get_or_insert_with(|| is_gone(file)),
                    Renamed::Number | Renamed::Title | Renamed::Within | Renamed::Place => true,
                };
                if is_left && may_be() {
                    of_key.push(holder);
                }
            }
        }
        holders
            .values_mut()
            .for_each(|of_key| of_key.sort_unstable());
    }
}

/// What has got another name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Renamed {
    /// The panel has another number, as programs give them anew.
    Number,
    /// The panel has another title.
    Title,
    /// The file.
    File,
    /// The dashboard or the group.
    Within,
    /// Both.
    Both,
    /// Nothing: another place of the project is told.
    Place,
}

impl Renamed {
    /// What is still the same.
    fn key(self, (file, fingerprint): Seen<'_>) -> Seen<'_> {
        match self {
            Renamed::Number => (file, of_title(fingerprint).unwrap_or_default()),
            Renamed::Title => (file, of_id(fingerprint)),
            Renamed::File => ("", of_id(fingerprint)),
            Renamed::Within => (file, loosely(fingerprint)),
            Renamed::Both | Renamed::Place => ("", loosely(fingerprint)),
        }
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
        known.add(&Arc::from("a.json"), A, 2);
        known.add_file(&Arc::from("b.json"));
        known
    }

    fn owned<'f>(findings: &[Seen<'f>]) -> Vec<(&'f str, String)> {
        let owned = findings
            .iter()
            .map(|(file, identity)| (*file, (*identity).to_owned()));
        owned.collect()
    }

    fn among(findings: &[Seen<'_>], gone: &[&str]) -> Vec<bool> {
        known().among(&owned(findings), &[], &|file| gone.contains(&file), &|_| {
            false
        })
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
        let findings = owned(&findings);
        assert_eq!(
            known().among(&findings, &[], &|_| false, &|_| true),
            [false]
        );
    }

    #[test]
    fn who_is_known_by_name_goes_first() {
        let copies = [("c.json", A), ("c.json", A), ("a.json", A), ("a.json", A)];
        assert_eq!(among(&copies, &[]), [false, false, true, true]);
    }

    #[test]
    fn panels_may_have_other_numbers_or_titles() {
        let of = |panel: &str, title: &str| {
            let number = format!("{panel:a>16}").repeat(2);
            ("a.json", number + &format!("{title:b>16}"))
        };
        let all: Vec<_> = ["1", "2", "3"].map(|number| of(number, number)).into();
        let mut known = Known::default();
        for (file, identity) in &all {
            known.add(&Arc::from(*file), identity, 1);
        }
        let is_gone = |_: &str| false;
        let among =
            |findings: &[_], silenced: &[_]| known.among(findings, silenced, &is_gone, &|_| true);
        let known = |findings: &[_]| among(findings, &[]);
        assert_eq!(known(&all), [true, true, true]);
        // Numbered anew: the title says more than a number that was another panel's.
        let anew = [of("1", "9"), of("2", "1"), of("3", "2"), of("4", "3")];
        assert_eq!(known(&anew), [false, true, true, true]);
        assert_eq!(known(&[of("2", "8"), of("2", "8")]), [true, false]);
        assert_eq!(known(&[of("8", "8")]), [false]);
        // Copied, and the original called otherwise.
        assert_eq!(known(&[of("1", "9"), of("8", "1")]), [true, false]);
        // What is silenced is there: a copy of it is new.
        let one = [of("1", "1")];
        assert_eq!(among(&[of("8", "1"), of("2", "2")], &one), [false, true]);
    }
}
