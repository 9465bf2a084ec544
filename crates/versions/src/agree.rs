//! Which pictures say the same at one place.

use std::collections::BTreeMap;

use crate::close::{Look, Pair, look};
use crate::place::Area;
use crate::view::View;

/// Two looks at the same thing lie within this many spreads.
const SAME: f32 = 3.5;
/// Pictures compared all with all; the rest are held against two of them.
const FULL: usize = 9;

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

/// The looks of all pairs at one place.
pub(crate) struct Looks(BTreeMap<(usize, usize), (f32, Look)>);

impl Looks {
    pub fn at(&self, i: usize, j: usize) -> Option<(f32, Look)> {
        self.0.get(&(i.min(j), i.max(j))).copied()
    }
}

/// Looks at a place on all pairs of the better members, and on every other with the best.
pub(crate) fn looks(
    view: &View,
    pairs: &BTreeMap<(usize, usize), Pair>,
    members: &[usize],
    area: &Area,
) -> Looks {
    let mut out = BTreeMap::new();
    for (n, i) in members.iter().enumerate() {
        for j in &members[..n.min(FULL)] {
            let key = (*i.min(j), *i.max(j));
            if let Some(pair) = pairs.get(&key) {
                let look = look(view, pair, area);
                out.insert(key, (pair.odd(look), look));
            }
        }
    }
    Looks(out)
}

/// Splits members by the pair that differs most; `None` if all say the same.
pub(crate) fn split(looks: &Looks, members: &[usize], least: f32) -> Option<Split> {
    let mut top: Option<(f32, Look, usize, usize)> = None;
    for (n, i) in members.iter().enumerate() {
        for j in &members[..n] {
            if let Some((odd, look)) = looks.at(*i, *j)
                && top.is_none_or(|t| odd > t.0)
            {
                top = Some((odd, look, *i, *j));
            }
        }
    }
    let (odd, look, i, j) = top.filter(|t| t.0 >= least)?;
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
