//! Which pictures say the same at one place.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::close::{self, Look, Pair, Samples, look};
use crate::place::{Area, Found};
use crate::view::View;

/// Two looks at the same thing lie within this many spreads.
const SAME: f32 = 3.5;
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
    /// The largest within a group.
    pub within: f32,
}

/// What is usual between any two pictures, found out when it is asked for.
pub(crate) struct Pairs<'a> {
    view: &'a View,
    found: &'a Found,
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

/// Splits members, the better ones first, by the pair that differs most of those with one of the best; `None` if all say
/// the same. The cost grows with the number of members.
pub(crate) fn split(looks: &Looks, members: &[usize], least: f32) -> Option<Split> {
    let mut told: Vec<(f32, Look, usize, usize)> = Vec::new();
    for (n, i) in members.iter().enumerate() {
        let looks = members[..n.min(HELD_AGAINST)].iter().map(|j| (looks.at(*i, *j), *j));
        told.extend(looks.filter_map(|(look, j)| look.map(|(odd, look)| (odd, look, *i, j))));
    }
    let most = told.iter().map(|t| t.0).fold(f32::MIN, f32::max);
    let mut near = told.into_iter().filter(|t| t.0 >= least && t.0 >= ABOUT_AS_MUCH * most);
    let (odd, look, i, j) = near.next()?;
    let (mut a, mut b) = (vec![i], vec![j]);
    let mut within = 0.0_f32;
    for k in members.iter().filter(|k| **k != i && **k != j) {
        let to = |group: usize| looks.at(*k, group).map(|l| l.0);
        let (to_a, to_b) = (to(i), to(j));
        match (to_a, to_b) {
            (Some(p), Some(q)) if p + 1.0 < q && p < SAME.max(0.5 * q) => {
                a.push(*k);
                within = within.max(p);
            }
            (Some(p), Some(q)) if q + 1.0 < p && q < SAME.max(0.5 * p) => {
                b.push(*k);
                within = within.max(q);
            }
            (Some(p), None) if p < SAME => a.push(*k),
            (None, Some(q)) if q < SAME => b.push(*k),
            _ => {}
        }
    }
    Some(Split { a, b, odd, look, within })
}
