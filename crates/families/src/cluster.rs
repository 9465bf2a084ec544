//! Families from matches, so that one false match cannot chain two families into one.
//!
//! The strongest matches come first; two groups are joined by a match only if what speaks for it across them is at least as
//! much as what speaks against it. A pair counts as much as it can tell letters apart: a picture that is too poor to tell
//! two editions apart joins one of them at most, for the clear pictures of either speak against it. What analysts joined and
//! split comes before everything.

use std::collections::{BTreeMap, BTreeSet};

use model::{Contrast, Family, Ground, Match, Measure, PictureId};

use crate::verify::{LETTERS_TOLD, OTHER_LETTERS, SURELY_OTHER_LETTERS};

/// Two pictures.
pub type Pair = (PictureId, PictureId);

/// What families are made of.
#[derive(Clone, Copy, Debug, Default)]
pub struct Evidence<'a> {
    /// Pairs that show one sheet.
    pub matches: &'a [Match],
    /// Pairs that lie on each other and speak against it ([`crate::Outcome::contrast`]).
    pub others: &'a [Contrast],
    /// Pairs that an analyst joined.
    pub joined: &'a [Pair],
    /// Pairs that an analyst split; they win over `joined`.
    pub split: &'a [Pair],
}

/// One family for each group that matches hold together, and one for each picture that none does; sorted by id. `area` is
/// what a picture shows, in pixels: the largest is the best.
pub fn cluster(area: &BTreeMap<PictureId, f64>, evidence: Evidence) -> Vec<Family> {
    let mut groups = Groups::of(area, evidence.split);
    for (a, b) in sorted(evidence.joined) {
        groups.join(a, b);
    }
    let matched: BTreeMap<Pair, f64> =
        evidence.matches.iter().map(|tie| (ordered(tie.a, tie.b), speaks_for(tie))).collect();
    let others = evidence.others.iter().map(|pair| (ordered(pair.a, pair.b), speaks_against(pair)));
    let others: BTreeMap<Pair, f64> = others.filter(|(pair, _)| !matched.contains_key(pair)).collect();
    for tie in by_strength(evidence.matches) {
        let Some((one, two)) = groups.apart(tie.a, tie.b) else { continue };
        let (smaller, larger) = if one.len() <= two.len() { (&one, &two) } else { (&two, &one) };
        let across = smaller.iter().flat_map(|a| larger.iter().map(move |b| ordered(*a, *b)));
        let (mut same, mut other) = (0.0, 0.0);
        for pair in across {
            same += matched.get(&pair).copied().unwrap_or(0.0);
            other += others.get(&pair).copied().unwrap_or(0.0);
        }
        if other <= same || tie.ground == Ground::SamePixels {
            groups.join(tie.a, tie.b);
        }
    }
    groups.families(area)
}

/// Pairs that ought to be verified before [`cluster`]: where one match alone holds two groups of several together, the
/// strongest pictures across it. At most `each` for every such match; sorted, none that was matched or found to differ.
pub fn across(matches: &[Match], others: &[Pair], each: usize) -> Vec<Pair> {
    let mut known: BTreeSet<Pair> = matches.iter().map(|tie| (tie.a, tie.b)).collect();
    known.extend(sorted(others));
    let mut near: BTreeMap<PictureId, Vec<PictureId>> = BTreeMap::new();
    for tie in by_strength(matches) {
        near.entry(tie.a).or_default().push(tie.b);
        near.entry(tie.b).or_default().push(tie.a);
    }
    let none = Vec::new();
    let of = |picture: &PictureId| near.get(picture).unwrap_or(&none).iter().take(12);
    let mut pairs = BTreeSet::new();
    for tie in matches {
        // A match whose two pictures have a neighbour in common is held by it.
        let held = of(&tie.a).any(|third| near.get(&tie.b).is_some_and(|list| list.contains(third)));
        if held {
            continue;
        }
        let both = of(&tie.a).map(|x| (*x, tie.b)).chain(of(&tie.b).map(|y| (tie.a, *y)));
        let fresh =
            both.filter(|(x, y)| x != y).map(|(x, y)| ordered(x, y)).filter(|pair| !known.contains(pair));
        pairs.extend(fresh.take(each));
    }
    pairs.into_iter().collect()
}

fn ordered(a: PictureId, b: PictureId) -> Pair {
    if a <= b { (a, b) } else { (b, a) }
}

fn sorted(pairs: &[Pair]) -> BTreeSet<Pair> {
    pairs.iter().map(|(a, b)| ordered(*a, *b)).collect()
}

fn value(measures: &[Measure], name: &str) -> Option<f64> {
    measures.iter().find(|measure| measure.name == name).map(|measure| measure.value)
}

/// How much a match counts, up to 1.
fn speaks_for(tie: &Match) -> f64 {
    value(&tie.measures, LETTERS_TOLD).unwrap_or(1.0)
}

/// How much a contrast counts, up to 1: less where there are not many more places with other letters than one sheet may
/// have.
fn speaks_against(pair: &Contrast) -> f64 {
    let letters = pair.measures.iter().find(|measure| measure.name == OTHER_LETTERS);
    let Some(letters) = letters else { return 1.0 };
    let bound = letters.bound.unwrap_or(0.0);
    let over = (letters.value - bound) / (SURELY_OTHER_LETTERS as f64 - bound);
    value(&pair.measures, LETTERS_TOLD).unwrap_or(1.0) * over.clamp(0.0, 1.0)
}

/// The matches, those first that rest on most; of equals those of the smaller ids.
fn by_strength(matches: &[Match]) -> Vec<&Match> {
    let strength = |tie: &Match| {
        let agreed = value(&tie.measures, "cells with ink in both that agree").unwrap_or(1.0);
        if tie.ground == Ground::SamePixels {
            f64::MAX
        } else {
            agreed * value(&tie.measures, "cells with ink in both").unwrap_or(0.0) * speaks_for(tie)
        }
    };
    let mut order: Vec<&Match> = matches.iter().collect();
    order.sort_by(|a, b| strength(b).total_cmp(&strength(a)).then((a.a, a.b).cmp(&(b.a, b.b))));
    order
}

struct Groups {
    number: BTreeMap<PictureId, usize>,
    members: BTreeMap<usize, Vec<PictureId>>,
    split: BTreeSet<Pair>,
}

impl Groups {
    fn of(area: &BTreeMap<PictureId, f64>, split: &[Pair]) -> Self {
        let number: BTreeMap<_, _> = area.keys().copied().zip(0..).collect();
        let members = number.iter().map(|(picture, n)| (*n, vec![*picture])).collect();
        Self { number, members, split: sorted(split) }
    }

    /// The groups of two pictures, if they are two.
    fn apart(&self, a: PictureId, b: PictureId) -> Option<(Vec<PictureId>, Vec<PictureId>)> {
        let (one, two) = (self.number.get(&a)?, self.number.get(&b)?);
        if one == two {
            return None;
        }
        Some((self.members.get(one)?.clone(), self.members.get(two)?.clone()))
    }

    fn join(&mut self, a: PictureId, b: PictureId) {
        let Some((one, two)) = self.apart(a, b) else { return };
        let parted = |pair: &Pair| {
            let within = |group: &[PictureId], picture| group.contains(picture);
            within(&one, &pair.0) && within(&two, &pair.1) || within(&one, &pair.1) && within(&two, &pair.0)
        };
        if self.split.iter().any(parted) {
            return;
        }
        let (Some(low), Some(high)) = (self.number.get(&a).copied(), self.number.get(&b).copied()) else {
            return;
        };
        let (low, high) = (low.min(high), low.max(high));
        let moved = self.members.remove(&high).unwrap_or_default();
        for picture in &moved {
            self.number.insert(*picture, low);
        }
        self.members.entry(low).or_default().extend(moved);
    }

    fn families(self, area: &BTreeMap<PictureId, f64>) -> Vec<Family> {
        let size = |picture: &PictureId| area.get(picture).copied().unwrap_or(0.0);
        let mut families: Vec<Family> = self
            .members
            .into_values()
            .filter_map(|mut pictures| {
                pictures.sort_unstable();
                // Of equals the one with the smallest id.
                let best = pictures.iter().rev().max_by(|a, b| size(a).total_cmp(&size(b))).copied()?;
                Some(Family::new(pictures, best))
            })
            .collect();
        families.sort_by_key(|family| family.id);
        families
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Id, Measure};

    fn id(n: u64) -> PictureId {
        PictureId::make(|id| {
            id.number(n);
        })
    }

    fn tie(a: u64, b: u64) -> Match {
        let measures = vec![Measure::new("cells with ink in both", 100.0, "cells", None)];
        Match::new(id(a), id(b), Ground::SameLook, measures)
    }

    fn contrast(a: PictureId, b: PictureId, measures: Vec<Measure>) -> Contrast {
        Contrast { id: Match::id_of(a, b), a, b, measures, cells: None }
    }

    fn six() -> BTreeMap<PictureId, f64> {
        (0..6).map(|n| (id(n), n as f64)).collect()
    }

    #[test]
    fn families_do_not_depend_on_the_order_of_matches() {
        let mut ties = vec![tie(0, 1), tie(2, 3), tie(1, 2)];
        let families = cluster(&six(), Evidence { matches: &ties, ..Evidence::default() });
        assert_eq!(families.len(), 3);
        let four = families.iter().find(|family| family.pictures.len() == 4).unwrap();
        assert_eq!(four.best, id(3));
        ties.reverse();
        assert_eq!(cluster(&six(), Evidence { matches: &ties, ..Evidence::default() }), families);
    }

    #[test]
    fn one_false_match_does_not_chain_two_families() {
        let matches = [tie(0, 1), tie(1, 2), tie(0, 2), tie(3, 4), tie(4, 5), tie(3, 5), tie(2, 3)];
        let asked = across(&matches, &[], 4);
        assert!(asked.contains(&ordered(id(1), id(3))) && asked.contains(&ordered(id(2), id(4))));
        let asked: Vec<Contrast> = asked.iter().map(|(a, b)| contrast(*a, *b, Vec::new())).collect();
        let evidence = Evidence { matches: &matches, others: &asked, ..Evidence::default() };
        assert_eq!(cluster(&six(), evidence).len(), 2);
        assert_eq!(cluster(&six(), Evidence { others: &[], ..evidence }).len(), 1);
    }

    #[test]
    fn a_picture_that_cannot_tell_two_editions_apart_joins_one() {
        let told = |share| Measure::new(LETTERS_TOLD, share, "share", None);
        let poor = |a, b| {
            let mut tie = tie(a, b);
            tie.measures.push(told(0.3));
            tie
        };
        let matches = [poor(0, 1), poor(1, 2)];
        let places = |count| vec![Measure::new(OTHER_LETTERS, count, "places", Some(8.0)), told(0.9)];
        for (count, families) in [(30.0, 5), (13.0, 5), (9.0, 4)] {
            let others = [contrast(id(0), id(2), places(count))];
            let evidence = Evidence { matches: &matches, others: &others, ..Evidence::default() };
            assert_eq!(cluster(&six(), evidence).len(), families, "{count}");
        }
    }

    #[test]
    fn analysts_win() {
        let matches = [tie(0, 1), tie(1, 2)];
        let (joined, split) = ([(id(4), id(5))], [(id(2), id(0))]);
        let families =
            cluster(&six(), Evidence { matches: &matches, joined: &joined, split: &split, others: &[] });
        let family = |n: u64| families.iter().find(|family| family.pictures.contains(&id(n))).unwrap();
        assert_eq!(family(4), family(5));
        assert_ne!(family(0), family(2));
        assert_eq!(families.len(), 4);
    }
}
