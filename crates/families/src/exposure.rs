//! Which pictures of a family go back to one photograph or scan, and which to another.
//!
//! Comes in: the matches of a family, with the traces that [`crate::verify`] measured on them. Goes out: groups of
//! pictures, each with the pairs it rests on, and which groups are told apart. Invariant: a group rests on clear pairs only,
//! and no pair that is clearly of two origins stands in one group unless as many speak for it; what is not clear stands
//! alone, and standing alone says nothing. Deliberately absent: the ink, which is the same in both anyway, and who took a
//! picture. A second photograph of one folded sheet under one lamp has much of the same shade: such pairs are left
//! undecided as a rule, for the bounds are far apart.

use std::collections::{BTreeMap, BTreeSet};

use model::{Exposure, FamilyId, Ground, Match, Measure, PictureId, Tell, Trace};

use crate::traces::{
    BENT, GRAIN, GRAIN_FIRST, GRAIN_SECOND, OFF_AFFINE, OFF_PLANE, SHADE, SHADE_FIRST, SHADE_SECOND,
};

/// Shade, as a share of the light, that a picture must have to be held against another's; less where nothing but a file's way
/// lies between; and the most that paper without folds and shadows has.
const SHADED: f64 = 0.012;
const SHADED_FILE: f64 = 0.006;
const EVEN: f64 = 0.005;
/// Correlation of shades from which they are one, less where nothing but a file's way lies between; and up to which they
/// are two where there was another view. Through another view they are never one: grey print looks like shade.
const ONE_SHADE: f64 = 0.9;
const ONE_SHADE_FILE: f64 = 0.75;
const TWO_SHADES: f64 = 0.8;
/// Correlation of grain from which it is one; grain in grey levels that is none, and that is no grain but a pattern.
const ONE_GRAIN: f64 = 0.06;
const NO_GRAIN: f64 = 0.1;
const PATTERN: f64 = 1.3;
/// How far off an affine map, in pixels of the overlap, the ways of a file lead at most; from where on it was another view;
/// and how far paper must be bent in one picture otherwise than in the other to tell them apart.
const FILE: f64 = 0.12;
const OTHER_VIEW: f64 = 0.25;
const BENT_OTHERWISE: f64 = 0.3;
/// How far it is bent otherwise at most in pictures of one origin; how much the shade of one may be of the other's.
const BENT_ALIKE: f64 = 0.1;
const AS_DEEP: f64 = 1.6;
/// Median correlation of cells where nothing lies between two drawings but a file's way.
const SAME_INK: f64 = 0.97;

/// Whether two pictures of one sheet go back to one photograph, scan or drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// To one.
    One(Trace),
    /// To two.
    Two(Trace),
    /// What was measured does not tell.
    Undecided,
}

/// What a match says of the origin of its two pictures.
pub fn origin(found: &Match) -> Origin {
    if found.ground == Ground::SamePixels {
        return Origin::One(Trace::Pixels);
    }
    let value = |name: &str| value(&found.measures, name);
    let Some(view) = value(OFF_AFFINE) else { return Origin::Undecided };
    let pair = |first: &str, second: &str| value(first).zip(value(second)).map(|(a, b)| (a.min(b), a.max(b)));
    let file = view <= FILE && value(OFF_PLANE).is_some_and(|off| off <= FILE);
    if let Some((alike, (less, more))) = value(SHADE).zip(pair(SHADE_FIRST, SHADE_SECOND)) {
        let bent = value(BENT).unwrap_or(f64::MAX);
        let least = if file {
            (ONE_SHADE_FILE, SHADED_FILE)
        } else if bent <= BENT_ALIKE && value(OFF_PLANE).is_some_and(|off| view <= 1.15 * off + 0.03) {
            (ONE_SHADE, SHADED)
        } else {
            (f64::MAX, f64::MAX)
        };
        if alike >= least.0 && less >= least.1 && more <= AS_DEEP * less {
            return Origin::One(Trace::Shade);
        } else if less >= SHADED && alike <= TWO_SHADES && view >= OTHER_VIEW {
            return Origin::Two(Trace::Shade);
        } else if less <= EVEN
            && more >= SHADED
            && view >= OTHER_VIEW
            && (BENT_OTHERWISE..f64::MAX).contains(&bent)
        {
            return Origin::Two(Trace::Bend);
        } else if more >= SHADED {
            return Origin::Undecided;
        }
    }
    let Some((less, more)) = pair(GRAIN_FIRST, GRAIN_SECOND).filter(|_| file) else {
        return Origin::Undecided;
    };
    if value(GRAIN) >= Some(ONE_GRAIN) && less > 0.0 && more < PATTERN {
        Origin::One(Trace::Grain)
    } else if more <= NO_GRAIN && value("median correlation of cells") >= Some(SAME_INK) {
        Origin::One(Trace::Drawn)
    } else {
        Origin::Undecided
    }
}

fn value(measures: &[Measure], name: &str) -> Option<f64> {
    measures.iter().find(|measure| measure.name == name).map(|measure| measure.value)
}

/// A pair that was told, and how strongly.
struct Told {
    strength: f64,
    a: PictureId,
    b: PictureId,
    trace: Trace,
}

/// The exposures of a family: of its pictures, and of the matches among them (others are passed over). Every picture is in
/// one exposure; sorted by their first pictures.
pub fn exposures(family: FamilyId, pictures: &[PictureId], matches: &[Match]) -> Vec<Exposure> {
    let known: BTreeSet<PictureId> = pictures.iter().copied().collect();
    let (mut one, mut two) = (Vec::new(), Vec::new());
    for found in matches {
        if found.a == found.b || !known.contains(&found.a) || !known.contains(&found.b) {
            continue;
        }
        let told = |trace| Told { strength: strength(found, trace), a: found.a, b: found.b, trace };
        match origin(found) {
            Origin::One(trace) => one.push(told(trace)),
            Origin::Two(trace) => two.push(told(trace)),
            Origin::Undecided => {}
        }
    }
    one.sort_by(|a, b| b.strength.total_cmp(&a.strength).then((a.a, a.b).cmp(&(b.a, b.b))));
    let group = grouped(&known, &one, &two);
    one.sort_by_key(|told| (told.a, told.b));
    two.sort_by_key(|told| (told.a, told.b));
    listed(family, &group, &one, &two)
}

/// For each picture the first of its group. The strongest pairs come first; two groups are joined only if no more pairs
/// across them tell that they are two than that they are one.
fn grouped(known: &BTreeSet<PictureId>, one: &[Told], two: &[Told]) -> BTreeMap<PictureId, PictureId> {
    let mut group: BTreeMap<PictureId, PictureId> = known.iter().map(|id| (*id, *id)).collect();
    for told in one {
        let of = |id: &PictureId| group.get(id).copied();
        let Some((p, q)) = of(&told.a).zip(of(&told.b)).filter(|(p, q)| p != q) else { continue };
        let across = |told: &&Told| {
            let pair = of(&told.a).zip(of(&told.b));
            pair == Some((p, q)) || pair == Some((q, p))
        };
        if two.iter().filter(across).count() <= one.iter().filter(across).count() {
            group.values_mut().filter(|of| **of == p || **of == q).for_each(|of| *of = p.min(q));
        }
    }
    group
}

fn listed(
    family: FamilyId,
    group: &BTreeMap<PictureId, PictureId>,
    one: &[Told],
    two: &[Told],
) -> Vec<Exposure> {
    let heads: Vec<PictureId> = group.values().copied().collect::<BTreeSet<_>>().into_iter().collect();
    let number = |id: &PictureId| group.get(id).and_then(|head| heads.binary_search(head).ok());
    let exposure = |head: &PictureId| {
        let pictures: Vec<PictureId> =
            group.iter().filter(|(_, of)| *of == head).map(|(id, _)| *id).collect();
        let id = Exposure::id_of(family, &pictures);
        Exposure { id, family, pictures, held: Vec::new(), apart: Vec::new() }
    };
    let mut out: Vec<Exposure> = heads.iter().map(exposure).collect();
    let tell = |told: &Told| Tell { a: told.a, b: told.b, by: told.trace };
    let mut joined: BTreeSet<(usize, usize)> = BTreeSet::new();
    for told in one {
        let Some((p, q)) = number(&told.a).zip(number(&told.b)) else { continue };
        if p == q {
            out[p].held.push(tell(told));
        } else {
            joined.extend([(p, q), (q, p)]);
        }
    }
    for told in two {
        let pair = number(&told.a).zip(number(&told.b));
        let Some((p, q)) = pair.filter(|pair| pair.0 != pair.1 && !joined.contains(pair)) else { continue };
        let (here, there) = (out[p].id, out[q].id);
        if out[p].apart.iter().all(|(other, _)| *other != there) {
            out[p].apart.push((there, tell(told)));
            out[q].apart.push((here, tell(told)));
        }
    }
    out.iter_mut().for_each(|exposure| exposure.apart.sort_unstable());
    out
}

fn strength(found: &Match, trace: Trace) -> f64 {
    let value = |name: &str| value(&found.measures, name).unwrap_or(0.0);
    match trace {
        Trace::Pixels => 3.0,
        Trace::Shade | Trace::Bend => 1.0 + value(SHADE),
        Trace::Grain => 1.0 + value(GRAIN),
        Trace::Drawn => value("median correlation of cells"),
    }
}

#[cfg(test)]
mod tests {
    use forge::camera::{Shot, photograph};
    use forge::damage::{self, Damage};
    use forge::rng::Rng;
    use forge::shown::Shown;
    use forge::typeset::{self, Look as Kind};
    use model::Id;

    use super::*;
    use crate::{Feature, Look, Outcome, features, verify};

    fn family() -> FamilyId {
        FamilyId::make(|_| {})
    }

    fn id(n: usize) -> PictureId {
        PictureId::make(|id| {
            id.text(&n.to_string());
        })
    }

    fn found(a: usize, b: usize, alike: f64, view: f64) -> Match {
        let measure = |name: &str, value| Measure::new(name, value, "", None);
        let measures = vec![
            measure(OFF_AFFINE, view),
            measure(OFF_PLANE, view),
            measure(BENT, 0.01),
            measure(SHADE, alike),
            measure(SHADE_FIRST, 0.05),
            measure(SHADE_SECOND, 0.05),
        ];
        Match::new(id(a), id(b), Ground::SameLook, measures)
    }

    #[test]
    fn two_photographs_and_what_was_made_of_them_are_two_exposures() {
        let mut rng = Rng::new(12);
        let sheet = typeset::sheet(&mut rng, Kind::Memo);
        let shown: Vec<Shown> = (0..2)
            .flat_map(|n| {
                let shot = Shot { folds: folds(n), ..Shot::hurried(&mut rng, sheet.size) };
                let first = photograph(&sheet.raster(), &shot, &mut rng);
                let steps = [Damage::Crop([0.05, 0.1, 0.8, 0.8]), Damage::Rescale(0.7), Damage::Reencode(70)];
                let again =
                    steps.iter().fold(first.clone(), |shown, step| damage::apply(&shown, step, &mut rng));
                [first, again]
            })
            .collect();
        let taken: Vec<(Vec<Feature>, Look)> =
            shown.iter().map(|shown| (features(&shown.image), Look::of(&shown.image))).collect();
        let mut matches = Vec::new();
        for a in 0..4 {
            for b in a + 1..4 {
                let outcome = verify((&taken[a].0, &taken[a].1), (&taken[b].0, &taken[b].1), None);
                assert!(matches!(outcome, Outcome::Same(_)), "{a} {b}");
                matches.extend(outcome.matched(id(a), id(b)));
            }
        }
        let pictures: Vec<PictureId> = (0..4).map(id).collect();
        let exposures = exposures(family(), &pictures, &matches);
        let of = |n: usize| exposures.iter().position(|exposure| exposure.pictures.contains(&id(n))).unwrap();
        assert_eq!(exposures.len(), 2, "{exposures:?}");
        assert!(of(0) == of(1) && of(2) == of(3));
        assert_eq!(exposures[0].apart.len(), 1);
    }

    fn folds(n: usize) -> Vec<forge::camera::Fold> {
        [0.3, 0.7].iter().map(|at| forge::camera::Fold { upright: n == 0, at: *at, depth: 0.12 }).collect()
    }

    #[test]
    fn what_is_unclear_stands_alone_and_a_false_bridge_holds_nothing() {
        let pictures: Vec<PictureId> = (0..5).map(id).collect();
        let matches = [
            found(0, 1, 0.99, 0.05),
            found(2, 3, 0.99, 0.05),
            found(1, 2, 0.91, 1.0),
            found(0, 2, 0.1, 1.0),
            found(0, 3, 0.1, 1.0),
            found(3, 4, 0.85, 1.0),
            Match::new(id(4), id(9), Ground::SamePixels, Vec::new()),
        ];
        let told = exposures(family(), &pictures, &matches);
        let mut sizes: Vec<usize> = told.iter().map(|exposure| exposure.pictures.len()).collect();
        sizes.sort_unstable();
        assert_eq!(sizes, [1, 2, 2], "{told:?}");
        // The bridge that speaks for one keeps the two groups from being told apart for certain.
        assert!(told.iter().all(|exposure| exposure.apart.is_empty()));
        let without = exposures(family(), &pictures, &[&matches[..2], &matches[3..]].concat());
        assert_eq!(without.iter().filter(|exposure| exposure.apart.len() == 1).count(), 2);
        assert!(exposures(family(), &[], &matches).is_empty());
    }
}
