//! Which picture was made from which: first which pictures are of one exposure, then within each who can be whose parent.

use rayon::prelude::*;

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
/// Grain distance at full size beyond which pictures of one size are not copy and source.
const STRANGE_GRAIN: f32 = 0.45;

/// What two pictures have in common and in what they differ, over the parts that both show.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Kinship {
    /// Share of the view that both show.
    pub common: f32,
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

/// For each picture its parent, or none. Within an exposure the parent shows all that the child shows, at no lower
/// resolution, and has no mark that the child lacks; of those that fit, the nearest.
pub(crate) fn parents(
    view: &View,
    kin: &[((usize, usize), Kinship)],
    exposure: &[usize],
    version: &[Option<usize>],
    seen: &[Option<i64>],
) -> Vec<Option<Edge>> {
    let n = exposure.len();
    let mut out: Vec<Option<Edge>> = vec![None; n];
    // Candidates for each child, cheapest first; a child is taken only below pictures that are not below it.
    let mut all: Vec<(f32, Edge)> = Vec::new();
    for ((a, b), k) in kin {
        if exposure[*a] != exposure[*b] {
            continue;
        }
        for (p, c, k) in [(*a, *b, *k), (*b, *a, turned(k))] {
            if let Some(cost) = cost(view, version, seen, (p, c), &k) {
                let mut edge = Edge { from: p, to: c, decided: false, kinship: k };
                edge.decided = decided(view, seen, &edge);
                all.push((cost, edge));
            }
        }
    }
    all.sort_by(|x, y| x.0.total_cmp(&y.0).then((x.1.from, x.1.to).cmp(&(y.1.from, y.1.to))));
    for (_, edge) in all {
        if out[edge.to].is_none() && !above(&out, edge.to, edge.from) {
            let to = edge.to;
            out[to] = Some(edge);
        }
    }
    out
}

fn above(parents: &[Option<Edge>], ancestor: usize, of: usize) -> bool {
    let mut at = of;
    for _ in 0..parents.len() {
        if at == ancestor {
            return true;
        }
        match &parents[at] {
            Some(edge) => at = edge.from,
            None => return false,
        }
    }
    false
}

fn turned(k: &Kinship) -> Kinship {
    Kinship { covers: (k.covers.1, k.covers.0), marks: (k.marks.1, k.marks.0), surplus: -k.surplus, ..*k }
}

/// What speaks against `p` being the parent of `c`, `None` if it cannot be. `k` is from `p` to `c`.
fn cost(
    view: &View,
    version: &[Option<usize>],
    seen: &[Option<i64>],
    (p, c): (usize, usize),
    k: &Kinship,
) -> Option<f32> {
    let ratio = (view.scale[p] / view.scale[c].max(1e-6)) as f32;
    let one_size = ratio < ONE_SIZE;
    if k.covers.1 < LEAST_COVERED || ratio < 2.0 - ONE_SIZE + 0.02 || k.marks.0 > MARKS {
        return None;
    }
    // Copies of one size made independently of one source agree less in their finest grain than a copy and its copy.
    if one_size && k.grain[0] > STRANGE_GRAIN || out_of_order(seen[p], seen[c]) {
        return None;
    }
    let grain = k.grain.into_iter().find(|g| !g.is_nan()).unwrap_or(0.3);
    let lost = if one_size && !k.surplus.is_nan() { k.surplus.clamp(-1.0, 1.0) } else { 0.0 };
    let altered = version[p] != version[c] && version[p].is_some() && version[c].is_some();
    Some(
        k.rest * 20.0
            + (1.0 - k.covers.0) * 0.5
            + 2.0 * (0.98 - k.covers.1).max(0.0)
            + 0.05 * ratio.max(1.0).ln()
            + k.marks.1 * 20.0
            + grain
            - 0.2 * lost
            + if altered { 0.6 } else { 0.0 },
    )
}

/// Whether the reasons carry which of the two came first: a loss of size or extent, the order of posts, or of grain.
fn decided(view: &View, seen: &[Option<i64>], edge: &Edge) -> bool {
    let ratio = view.scale[edge.from] / view.scale[edge.to].max(1e-6);
    let k = &edge.kinship;
    let posts = seen[edge.from].is_some() && seen[edge.to].is_some();
    ratio > f64::from(ONE_SIZE) || k.covers.0 < 0.95 || k.marks.1 > MARKS || posts || k.surplus > 0.05
}

/// Both were posted, and the one that is to be the source later.
fn out_of_order(source: Option<i64>, made: Option<i64>) -> bool {
    matches!((source, made), (Some(s), Some(m)) if s > m)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kin(light: f32, bend: f32) -> Kinship {
        Kinship { common: 0.9, light, bend, ..Kinship::default() }
    }

    #[test]
    fn exposures_join_through_a_third() {
        let near = kin(0.001, 0.1);
        let far = kin(0.08, 0.1);
        let kin = vec![((0, 1), near), ((0, 2), far), ((1, 2), far), ((1, 3), near), ((2, 3), far)];
        assert_eq!(exposures(4, &kin), vec![0, 0, 2, 0]);
    }

    #[test]
    fn posts_out_of_order_exclude_a_source() {
        assert!(out_of_order(Some(5), Some(3)));
        assert!(
            !out_of_order(Some(3), Some(5)) && !out_of_order(None, Some(3)) && !out_of_order(Some(3), None)
        );
    }
}
