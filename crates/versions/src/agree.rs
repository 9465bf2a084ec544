//! Which pictures say the same at one place.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::close::{self, Look, Pair, Samples, look};
use crate::place::{Area, Found};
use crate::view::View;

/// Two looks at the same thing lie within this many spreads.
const SAME: f32 = 3.5;
/// A place at which two pictures compared as a whole differ by less than so many spreads is not looked at closely on them.
const PLAIN: f32 = 2.0;
/// Pictures that every other is held against, to find the one that differs most.
const HELD_AGAINST: usize = 2;
/// Of those that differ by at least this share of the most, the better picture stands for its side.
const ABOUT_AS_MUCH: f32 = 0.85;

/// The pictures that tell at a place, in two groups.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Split {
    pub a: Vec<usize>,
    pub b: Vec<usize>,
    /// Between the two that differ most.
    pub odd: f32,
    pub look: Look,
}

/// The two that differ most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Top {
    pub pair: (usize, usize),
    pub odd: f32,
    pub look: Look,
}

/// What is usual between any two pictures, found out when it is asked for.
pub(crate) struct Pairs<'a> {
    view: &'a View,
    pub found: &'a Found,
    samples: Samples,
    known: Vec<OnceLock<Option<Pair>>>,
}

impl<'a> Pairs<'a> {
    pub fn new(view: &'a View, found: &'a Found) -> Self {
        let count = view.laid.len();
        let samples = close::samples(view, found);
        Self { view, found, samples, known: (0..count * count).map(|_| OnceLock::new()).collect() }
    }

    /// Nothing runs side by side within it: whoever waits for a pair waits for work that goes on.
    fn of(&self, a: usize, b: usize) -> Option<&Pair> {
        let (a, b) = (a.min(b), a.max(b));
        let cell = self.known.get(b * self.view.laid.len() + a)?;
        cell.get_or_init(|| close::pair(self.view, self.found, &self.samples, a, b)).as_ref()
    }
}

/// How odd a look is, and the look; `None` where the two share too little.
type Taken = Option<(f32, Look)>;

/// The looks at one place, each taken when it is first asked for.
pub(crate) struct Looks<'a> {
    pairs: &'a Pairs<'a>,
    area: Area,
    taken: Mutex<BTreeMap<(usize, usize), Taken>>,
}

impl<'a> Looks<'a> {
    pub fn new(pairs: &'a Pairs<'a>, area: Area) -> Self {
        Self { pairs, area, taken: Mutex::default() }
    }

    /// Whether the two were compared as a whole and differ in nothing there.
    fn plain(&self, i: usize, j: usize) -> bool {
        self.pairs.found.peak(i, j, &self.area).is_some_and(|peak| peak < PLAIN)
    }

    /// Whether a picture differs by so many spreads and such a share of the contrast from all of some others that it was
    /// compared with as a whole. It is looked at only if it differs as oddly there.
    pub fn differs(&self, picture: usize, others: &[usize], (least, share): (f32, f32)) -> bool {
        let peak = |other: &usize| Some((*other, self.pairs.found.peak(picture, *other, &self.area)?));
        let compared: Vec<(usize, f32)> = others.iter().filter_map(peak).collect();
        let odd = |other: usize| self.at(picture, other).is_some_and(|(o, l)| o >= least && l.share >= share);
        !compared.is_empty() && compared.iter().all(|(other, peak)| *peak >= least && odd(*other))
    }

    pub fn at(&self, i: usize, j: usize) -> Taken {
        let key = (i.min(j), i.max(j));
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        *taken.entry(key).or_insert_with(|| {
            let pair = self.pairs.of(key.0, key.1)?;
            let look = look(self.pairs.view, pair, &self.area);
            Some((pair.odd(look), look))
        })
    }
}

/// The pair that differs most of those with one of the best of some members, the better ones first; `None` if all say the
/// same. Pairs that were compared as a whole and differ in nothing there are not looked at.
pub(crate) fn top(looks: &Looks, members: &[usize], least: f32) -> Option<Top> {
    let mut told: Vec<Top> = Vec::new();
    for (n, i) in members.iter().enumerate() {
        let others = members[..n.min(HELD_AGAINST)].iter().filter(|j| !looks.plain(*i, **j));
        let top = |j: &usize| looks.at(*i, *j).map(|(odd, look)| Top { pair: (*i, *j), odd, look });
        told.extend(others.filter_map(top));
    }
    let most = told.iter().map(|t| t.odd).fold(f32::MIN, f32::max);
    told.into_iter().find(|t| t.odd >= least && t.odd >= ABOUT_AS_MUCH * most)
}

/// Splits members by which of the two that differ most they resemble. The cost grows with the number of members.
pub(crate) fn sides(looks: &Looks, members: &[usize], top: &Top) -> Split {
    let (i, j) = top.pair;
    let (mut a, mut b) = (vec![i], vec![j]);
    for k in members.iter().filter(|k| **k != i && **k != j) {
        let to = |group: usize| looks.at(*k, group).map(|l| l.0);
        let (to_a, to_b) = (to(i), to(j));
        match (to_a, to_b) {
            (Some(p), Some(q)) if p + 1.0 < q && p < SAME.max(0.5 * q) => a.push(*k),
            (Some(p), Some(q)) if q + 1.0 < p && q < SAME.max(0.5 * p) => b.push(*k),
            (Some(p), None) if p < SAME => a.push(*k),
            (None, Some(q)) if q < SAME => b.push(*k),
            _ => {}
        }
    }
    Split { a, b, odd: top.odd, look: top.look }
}
