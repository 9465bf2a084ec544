//! Which picture was made from which: first which pictures are of one exposure, then within each who can be whose parent.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::branching::branching;
use crate::earlier::Order;
use crate::encoding::Told;
use crate::grain::{self, Grain};
use crate::lay::Laid;
use crate::plane::{Plane, quantile};
use crate::view::View;

/// Pictures whose sizes differ by less than this are of one size.
const ONE_SIZE: f32 = 1.07;
/// Share of a child that its parent must show; what a caption or a window covers counts as shown.
const LEAST_COVERED: f32 = 0.65;
/// Share of the common view that is marked on one alone, from which on a mark is believed.
const MARKS: f32 = 0.002;
/// Least size of a parent to its child.
const LEAST_RATIO: f32 = 0.95;
/// Grain distance by which sums of distances may be off.
const GRAIN_SLACK: f32 = 0.03;
/// Grain distance beyond which a third picture tells nothing.
const FARTHEST: f32 = 1.3;
/// Grain distance beyond which two pictures are not of one exposure.
const STRANGE_GRAIN: f32 = 2.0;
/// Where between source and copy the others must branch off for the two to be copies of a third.
const BETWEEN: (f32, f32) = (0.3, 0.7);
/// The same for one that cannot have been made from the copy, where both are of one size, and else.
const ABOVE: (f32, f32) = (0.5, 0.45);
/// The cost at which a picture is rather held to have no source here.
const ALONE: f32 = 9.0;

/// What two pictures have in common and in what they differ, over the parts that both show.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Kinship {
    /// Share of the view that both show.
    pub common: f32,
    /// Pixels of the first for each pixel of the second, along a line, in the middle of what both show.
    pub ratio: f32,
    /// Share of what the first shows that the second shows too, and the other way round.
    pub covers: (f32, f32),
    /// Spread of the logarithm of the ratio of their paper's brightness, a trend in tone taken out.
    pub light: f32,
    /// How much the brightness of the paper varies in them at all: the smaller of the two.
    pub shade: f32,
    /// What is left of their drift against each other after a smooth projective map, in pixels of the view.
    pub bend: f32,
    /// Parts of the common view that are darker on the first than on the second, and the other way round: marks.
    pub marks: (f32, f32),
    /// Root of the mean squared difference of letters and paper at low resolution.
    pub rest: f32,
    /// Distance of their grain at full, half and quarter size; see `grain`.
    pub grain: [f32; 3],
    /// How much more grain the first has than the second, a logarithm.
    pub surplus: f32,
}

/// One derivation as found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Edge {
    pub from: usize,
    pub to: usize,
    pub decided: bool,
    pub kinship: Kinship,
    /// What their encodings tell, if they do.
    pub told: Option<Told>,
}

/// A picture at a quarter of the view's size.
struct Small {
    ink: Plane,
    shown: Plane,
}

/// All pairs' kinship, `(a, b)` with a < b.
pub(crate) fn kinships(view: &View) -> Vec<((usize, usize), Kinship)> {
    let small: Vec<Small> = view
        .laid
        .par_iter()
        .map(|laid| Small {
            ink: laid.ink_plane().halved().halved().blurred(1.0),
            shown: laid.shown_plane().halved().halved(),
        })
        .collect();
    let grains: Vec<Grain> = view.laid.par_iter().zip(&view.scale).map(|(l, s)| Grain::of(l, *s)).collect();
    let n = view.laid.len();
    let keys: Vec<(usize, usize)> = (0..n).flat_map(|b| (0..b).map(move |a| (a, b))).collect();
    keys.into_par_iter().map(|(a, b)| ((a, b), kinship(view, &small, &grains, a, b))).collect()
}

fn kinship(view: &View, small: &[Small], grains: &[Grain], a: usize, b: usize) -> Kinship {
    let (sa, sb) = (&small[a], &small[b]);
    let (mut seen_a, mut seen_b, mut both) = (1e-3, 1e-3, 0.0);
    for (p, q) in sa.shown.data.iter().zip(&sb.shown.data) {
        seen_a += p;
        seen_b += q;
        both += p * q;
    }
    let (light, shade) = light(&view.laid[a], &view.laid[b]);
    let (rest, marks) = rest(sa, sb);
    Kinship {
        common: both / sa.shown.data.len().max(1) as f32,
        ratio: ratio(view, sa, sb, (a, b)),
        covers: (both / seen_a, both / seen_b),
        light,
        shade,
        bend: bend(view, a, b),
        marks,
        rest,
        grain: grain::distances(&grains[a], &grains[b]),
        surplus: grain::surplus(&grains[a], &grains[b]),
    }
}

/// Sizes against each other where both show the sheet: beyond what a crop shows its map means little.
fn ratio(view: &View, a: &Small, b: &Small, (first, second): (usize, usize)) -> f32 {
    let (mut x, mut y, mut total) = (0.0_f64, 0.0_f64, 0.0_f64);
    for (k, (p, q)) in a.shown.data.iter().zip(&b.shown.data).enumerate() {
        let both = f64::from(p * q);
        x += both * (k % a.shown.width) as f64;
        y += both * (k / a.shown.width) as f64;
        total += both;
    }
    let (x, y) = if total > 1.0 { (4.0 * x / total, 4.0 * y / total) } else { (0.0, 0.0) };
    let scale = |of: usize| view.to_picture[of].scale_at(x, y).max(1e-6);
    let ratio = (scale(first) / scale(second)) as f32;
    if ratio.is_finite() { ratio.clamp(1e-3, 1e3) } else { 1.0 }
}

/// Compares the paper's brightness: its ratio is even if both are of one exposure.
fn light(a: &Laid, b: &Laid) -> (f32, f32) {
    let block = a.width.div_ceil(a.paper.width.max(1)).max(1);
    let mut couples: Vec<(f32, f32)> = Vec::new();
    for y in 1..a.paper.height.saturating_sub(1) {
        for x in 1..a.paper.width.saturating_sub(1) {
            let k = (y * block + block / 2).min(a.height - 1) * a.width
                + (x * block + block / 2).min(a.width - 1);
            let (p, q) = (a.paper.data[y * a.paper.width + x], b.paper.data[y * a.paper.width + x]);
            if a.shown[k] > 0 && b.shown[k] > 0 && p > 20.0 && q > 20.0 {
                couples.push((p.ln(), q.ln()));
            }
        }
    }
    if couples.len() < 30 {
        return (1.0, 0.0);
    }
    // Robust line of one on the other: two rounds of least squares, the far ones left out.
    let mut keep = couples.clone();
    let (mut slope, mut rise) = (1.0, 0.0);
    for _ in 0..3 {
        let n = keep.len() as f32;
        let (mp, mq) = (keep.iter().map(|c| c.0).sum::<f32>() / n, keep.iter().map(|c| c.1).sum::<f32>() / n);
        let pp: f32 = keep.iter().map(|c| (c.0 - mp).powi(2)).sum();
        let pq: f32 = keep.iter().map(|c| (c.0 - mp) * (c.1 - mq)).sum();
        slope = ((pq + 1e-3) / (pp + 1e-3)).clamp(0.3, 3.0);
        rise = mq - slope * mp;
        let mut off: Vec<f32> = couples.iter().map(|c| (c.1 - slope * c.0 - rise).abs()).collect();
        let bound = quantile(&mut off, 0.8).max(1e-3);
        keep = couples.iter().copied().filter(|c| (c.1 - slope * c.0 - rise).abs() <= bound).collect();
    }
    let mut off: Vec<f32> = couples.iter().map(|c| (c.1 - slope * c.0 - rise).abs()).collect();
    let spread = |get: fn(&(f32, f32)) -> f32| {
        let mut values: Vec<f32> = couples.iter().map(get).collect();
        let middle = quantile(&mut values, 0.5);
        let mut off: Vec<f32> = couples.iter().map(|c| (get(c) - middle).abs()).collect();
        quantile(&mut off, 0.6)
    };
    (quantile(&mut off, 0.6), spread(|c| c.0).min(spread(|c| c.1)))
}

/// Fits a projective map (to first order, eight numbers) to the difference of two drifts and tells what is left.
fn bend(view: &View, a: usize, b: usize) -> f32 {
    let (w, h) = (view.size.0 as f32, view.size.1 as f32);
    let (mut rows, mut dx, mut dy): (Vec<[f64; 8]>, Vec<f64>, Vec<f64>) =
        (Vec::new(), Vec::new(), Vec::new());
    for y in (24..view.size.1.saturating_sub(24)).step_by(48) {
        for x in (24..view.size.0.saturating_sub(24)).step_by(48) {
            let k = y * view.size.0 + x;
            if view.laid[a].shown[k] == 0 || view.laid[b].shown[k] == 0 {
                continue;
            }
            let (ax, ay) = view.drift[a].at(x as f32, y as f32);
            let (bx, by) = view.drift[b].at(x as f32, y as f32);
            let (u, v) = (f64::from(x as f32 / w - 0.5), f64::from(y as f32 / h - 0.5));
            rows.push([u, v, 1.0, 0.0, 0.0, 0.0, u * u, u * v]);
            dx.push(f64::from(ax - bx));
            rows.push([0.0, 0.0, 0.0, u, v, 1.0, u * v, v * v]);
            dy.push(f64::from(ay - by));
        }
    }
    if rows.len() < 40 {
        return 0.0;
    }
    let target: Vec<f64> = dx.iter().zip(&dy).flat_map(|(x, y)| [*x, *y]).collect();
    let mut weight = vec![1.0; rows.len()];
    let mut off = Vec::new();
    for _ in 0..3 {
        let fit = crate::solve::least_squares(&rows, &target, &weight);
        off = rows
            .iter()
            .zip(&target)
            .map(|(r, t)| (r.iter().zip(&fit).map(|(p, q)| p * q).sum::<f64>() - t).abs() as f32)
            .collect();
        let bound = quantile(&mut off.clone(), 0.8).max(0.05);
        weight = off.iter().map(|o| if *o <= bound { 1.0 } else { 0.1 }).collect();
    }
    quantile(&mut off, 0.7)
}

/// What differs at low resolution, and how much of it is darker on the one or the other.
fn rest(a: &Small, b: &Small) -> (f32, (f32, f32)) {
    let (mut sum, mut count, mut more, mut less) = (0.0_f32, 0.0_f32, 0.0_f32, 0.0_f32);
    let mut off: Vec<f32> = Vec::with_capacity(a.ink.data.len());
    for k in 0..a.ink.data.len() {
        if a.shown.data[k] > 0.99 && b.shown.data[k] > 0.99 {
            let d = a.ink.data[k] - b.ink.data[k];
            off.push(d);
            count += 1.0;
            if d > 0.14 {
                more += 1.0;
            }
            if d < -0.14 {
                less += 1.0;
            }
        }
    }
    let middle = quantile(&mut off.clone(), 0.5);
    for d in &off {
        sum += (d - middle).powi(2).min(0.01);
    }
    let count = count.max(1.0);
    ((sum / count).sqrt(), (more / count, less / count))
}

/// Sets of pictures of one exposure, by number.
pub(crate) fn exposures(count: usize, kin: &[((usize, usize), Kinship)]) -> Vec<usize> {
    let mut of: Vec<usize> = (0..count).collect();
    for ((a, b), k) in kin {
        if one_exposure(k) {
            let (from, to) = (of[*a].max(of[*b]), of[*a].min(of[*b]));
            of.iter_mut().filter(|o| **o == from).for_each(|o| *o = to);
        }
    }
    of
}

fn one_exposure(k: &Kinship) -> bool {
    k.common > 0.03 && k.light < 0.02 && k.bend < 0.5
}

/// Times that sources are looked for anew after some were ruled out.
const ROUNDS: usize = 8;

/// For each picture its parent, or none: of all ways to give them parents within their exposures the one that explains most
/// at the least cost. A parent shows all that the child shows, at no lower resolution, has no mark that the child lacks, and
/// left the grain of its own encoding in it, and is not the later of the two at a place at which they differ: `grain` tells
/// for a source and a copy, and is asked only of those found.
pub(crate) fn parents(
    kin: &[((usize, usize), Kinship)],
    exposure: &[usize],
    versions: (&[Option<usize>], &Order),
    seen: &[Option<i64>],
    grain: &dyn Fn(usize, usize) -> Option<Told>,
) -> Vec<Option<Edge>> {
    let mut edges = edges(kin, exposure, versions, seen);
    let mut asked: BTreeMap<(usize, usize), Option<Told>> = BTreeMap::new();
    let mut made = Vec::new();
    for _ in 0..ROUNDS {
        let ways: Vec<(usize, usize, f32)> = edges.iter().map(|(cost, e)| (e.from, e.to, *cost)).collect();
        made = branching(exposure.len(), &ways, ALONE);
        let found = made.iter().enumerate().filter_map(|(to, from)| Some(((*from)?, to)));
        for (from, to) in found {
            asked.entry((from, to)).or_insert_with(|| grain(from, to));
        }
        let before = edges.len();
        let apart = |e: &Edge| asked.get(&(e.from, e.to)).copied().flatten().is_some_and(Told::apart);
        edges.retain(|(_, e)| !apart(e));
        if edges.len() == before {
            break;
        }
    }
    let edge = |(to, from): (usize, Option<usize>)| {
        let found = edges.iter().map(|(_, e)| e).find(|e| e.to == to && Some(e.from) == from)?;
        let told = asked.get(&(found.from, to)).copied().flatten();
        Some(Edge { decided: found.decided || told.is_some_and(Told::at_once), told, ..found.clone() })
    };
    made.into_iter().enumerate().map(edge).collect()
}

/// All that may be source and copy, each with its cost.
fn edges(
    kin: &[((usize, usize), Kinship)],
    exposure: &[usize],
    (version, order): (&[Option<usize>], &Order),
    seen: &[Option<i64>],
) -> Vec<(f32, Edge)> {
    let family = Family::new(kin, exposure, seen);
    let mut edges = Vec::new();
    for ((a, b), k) in kin.iter().filter(|((a, b), _)| exposure[*a] == exposure[*b]) {
        for (from, to, k) in [(*a, *b, *k), (*b, *a, turned(k))] {
            if order.says(to, from) {
                continue;
            }
            let between = family.between(from, to);
            let late = out_of_order(seen[from], seen[to]);
            let altered = version[from] != version[to] && version[from].is_some() && version[to].is_some();
            if let Some(cost) = cost(&k, between, late, altered) {
                let posts = seen[from].is_some() && seen[to].is_some() && !late;
                let decided = decided(&k, between, posts) || order.says(from, to);
                edges.push((cost, Edge { from, to, decided, kinship: k, told: None }));
            }
        }
    }
    edges
}

/// The pictures of a family with what is known of each pair.
struct Family<'a> {
    kin: BTreeMap<(usize, usize), &'a Kinship>,
    exposure: &'a [usize],
    seen: &'a [Option<i64>],
}

/// Where the way from a third picture to a copy leaves the line between the copy and its supposed source: 0 if at the source
/// (which then stands between the two), 1 if at the copy; the middle of what all third pictures say.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Between {
    at: f32,
    /// The same with copy and source exchanged.
    turned: f32,
    /// The largest of what those say that cannot have been made from the copy: larger, showing more, or seen before it.
    above: f32,
}

impl<'a> Family<'a> {
    fn new(kin: &'a [((usize, usize), Kinship)], exposure: &'a [usize], seen: &'a [Option<i64>]) -> Self {
        Self { kin: kin.iter().map(|(pair, k)| (*pair, k)).collect(), exposure, seen }
    }

    fn of(&self, a: usize, b: usize) -> Option<Kinship> {
        let k = **self.kin.get(&(a.min(b), a.max(b)))?;
        Some(if a < b { k } else { turned(&k) })
    }

    /// Whether the second cannot have been made from the first.
    fn cannot(&self, first: usize, second: usize) -> bool {
        let odd = |k: Kinship| k.ratio < 1.0 / ONE_SIZE || k.covers.1 < LEAST_COVERED || k.marks.0 > MARKS;
        out_of_order(self.seen[first], self.seen[second]) || self.of(first, second).is_some_and(odd)
    }

    /// `None` if no third picture tells.
    fn between(&self, from: usize, to: usize) -> Option<Between> {
        let third = |x: usize| {
            let own = self.of(from, to)?.grain;
            let (near, far) = (self.of(from, x)?.grain, self.of(to, x)?.grain);
            let level = (1..3).find(|n| ![own[*n], near[*n], far[*n]].iter().any(|v| v.is_nan()))?;
            let (own, near, far) = (own[level], near[level], far[level]);
            let part = |more: f32| ((more - GRAIN_SLACK) / (2.0 * (own + GRAIN_SLACK))).clamp(0.0, 1.0);
            let above = self.cannot(to, x);
            (near.max(far) < FARTHEST).then(|| (part(own + near - far), part(own + far - near), above))
        };
        let others = (0..self.exposure.len()).filter(|x| *x != from && *x != to);
        let told: Vec<(f32, f32, bool)> =
            others.filter(|x| self.exposure[*x] == self.exposure[from]).filter_map(third).collect();
        let middle = |get: fn(&(f32, f32, bool)) -> f32| {
            let mut all: Vec<f32> = told.iter().map(get).collect();
            all.sort_by(f32::total_cmp);
            (all[(all.len() - 1) / 2] + all[all.len() / 2]) / 2.0
        };
        let above = told.iter().filter(|t| t.2).map(|t| t.0).fold(0.0, f32::max);
        (!told.is_empty()).then(|| Between { at: middle(|t| t.0), turned: middle(|t| t.1), above })
    }
}

fn turned(k: &Kinship) -> Kinship {
    Kinship {
        covers: (k.covers.1, k.covers.0),
        marks: (k.marks.1, k.marks.0),
        ratio: 1.0 / k.ratio,
        surplus: -k.surplus,
        ..*k
    }
}

/// What speaks against the first being the source of the second, `None` if it cannot be. `k` is from the first to the second.
fn cost(k: &Kinship, between: Option<Between>, late: bool, altered: bool) -> Option<f32> {
    if k.covers.1 < LEAST_COVERED || k.ratio < LEAST_RATIO || k.marks.0 > MARKS {
        return None;
    }
    let one_size = k.ratio < ONE_SIZE && k.ratio > 1.0 / ONE_SIZE;
    // Both were made from one that is not here: the others branch off between them.
    if let Some(Between { at, turned, above }) = between {
        let amid = !one_size && (BETWEEN.0..=BETWEEN.1).contains(&at) && turned >= 0.2;
        if amid || above >= if one_size { ABOVE.0 } else { ABOVE.1 } {
            return None;
        }
    }
    let grain = [1, 2, 0].into_iter().map(|n| k.grain[n]).find(|g| !g.is_nan()).unwrap_or(0.3);
    // Another grain is another photograph, whatever the light.
    if grain > STRANGE_GRAIN {
        return None;
    }
    Some(
        k.rest * 20.0
            + (1.0 - k.covers.0) * 0.5
            + 2.0 * (0.98 - k.covers.1).max(0.0)
            + k.marks.1.min(0.05) * 20.0
            + 1.5 * grain
            + 0.3 * between.map_or(0.2, |b| b.at)
            + if late { 0.4 } else { 0.0 }
            + if altered { 0.6 } else { 0.0 },
    )
}

/// Whether the reasons carry which of the two came first: a loss of size or extent, marks, the order of posts, grain lost, or
/// where the others branch off.
fn decided(k: &Kinship, between: Option<Between>, posts: bool) -> bool {
    k.ratio > ONE_SIZE
        || k.covers.0 < 0.95
        || k.marks.1 > MARKS
        || posts
        || k.surplus > 0.05
        || between.is_some_and(|b| b.turned > b.at + 0.2)
}

/// Both were posted, and the one that is to be the source later.
fn out_of_order(source: Option<i64>, made: Option<i64>) -> bool {
    matches!((source, made), (Some(s), Some(m)) if s > m)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kin(light: f32, bend: f32) -> Kinship {
        Kinship { common: 0.9, ratio: 1.0, light, bend, ..Kinship::default() }
    }

    #[test]
    fn exposures_join_through_a_third() {
        let near = kin(0.001, 0.1);
        let far = kin(0.08, 0.1);
        let kin = vec![((0, 1), near), ((0, 2), far), ((1, 2), far), ((1, 3), near), ((2, 3), far)];
        assert_eq!(exposures(4, &kin), vec![0, 0, 2, 0]);
    }

    /// Copies along a chain or around a lost source, `grain` the distances at half size.
    fn copies(pairs: &[((usize, usize), f32, f32)]) -> Vec<((usize, usize), Kinship)> {
        let near = |ratio, grain| Kinship {
            ratio,
            covers: (1.0, 1.0),
            grain: [f32::NAN, grain, f32::NAN],
            surplus: f32::NAN,
            ..kin(0.001, 0.1)
        };
        pairs.iter().map(|(pair, ratio, grain)| (*pair, near(*ratio, *grain))).collect()
    }

    fn sources(kin: &[((usize, usize), Kinship)], count: usize) -> Vec<Option<usize>> {
        let parents = parents(
            kin,
            &vec![0; count],
            (&vec![None; count], &Order::default()),
            &vec![None; count],
            &|_, _| None,
        );
        parents.into_iter().map(|e| e.map(|e| e.from)).collect()
    }

    #[test]
    fn along_a_chain_the_nearest_is_the_source() {
        let chain = copies(&[((0, 1), 1.5, 0.3), ((0, 2), 3.0, 0.7), ((1, 2), 2.0, 0.4)]);
        assert_eq!(sources(&chain, 3), vec![None, Some(0), Some(1)]);
    }

    #[test]
    fn copies_of_a_lost_source_are_not_made_from_each_other() {
        // Each is 0.3 from a source that is not here.
        let around = copies(&[((0, 1), 1.5, 0.6), ((0, 2), 3.0, 0.6), ((1, 2), 2.0, 0.6)]);
        assert_eq!(sources(&around, 3), vec![None; 3]);
    }

    #[test]
    fn a_larger_third_that_branches_off_between_speaks_against_a_source() {
        // 1 and 2 are of one size; 0 is larger than both, and nearer to 2 than to 1.
        let kin = copies(&[((0, 1), 2.0, 0.6), ((0, 2), 2.0, 0.5), ((1, 2), 1.0, 0.3)]);
        let family = Family::new(&kin, &[0; 3], &[None; 3]);
        let (wrong, right) = (family.between(1, 2), family.between(0, 2));
        assert!(wrong.is_some_and(|b| b.above >= ABOVE.0), "{wrong:?}");
        let cost_of = |from, to, between| family.of(from, to).and_then(|k| cost(&k, between, false, false));
        assert!(cost_of(1, 2, wrong).is_none() && cost_of(0, 2, right).is_some());
    }

    #[test]
    fn what_is_later_at_a_place_is_no_source() {
        let kin = copies(&[((0, 1), 1.5, 0.3)]);
        let made = |earlier: usize, later: usize| {
            let order = Order(vec![[vec![earlier], vec![later]]]);
            let parents = parents(&kin, &[0; 2], (&[None; 2], &order), &[None; 2], &|_, _| None);
            parents[1].as_ref().map(|edge| (edge.from, edge.decided))
        };
        assert_eq!((made(0, 1), made(1, 0)), (Some((0, true)), None));
    }

    #[test]
    fn a_source_whose_rounding_the_copy_lacks_is_no_source() {
        let kin = copies(&[((0, 1), 1.5, 0.3)]);
        let told = |excess| move |_: usize, _: usize| Some(Told { excess, own: 0.4 });
        let parents =
            |excess| parents(&kin, &[0; 2], (&[None; 2], &Order::default()), &[None; 2], &told(excess));
        assert!(parents(0.02)[1].as_ref().is_some_and(|e| e.from == 0 && e.decided));
        assert_eq!(parents(0.3), vec![None, None]);
    }

    #[test]
    fn posts_out_of_order_speak_against_a_source() {
        assert!(out_of_order(Some(5), Some(3)));
        assert!(
            !out_of_order(Some(3), Some(5)) && !out_of_order(None, Some(3)) && !out_of_order(Some(3), None)
        );
    }
}
