//! Brings a laid picture onto the reference to a fraction of a character: patch by patch, by normalised
//! cross-correlation (Lewis 1995, "Fast normalized cross-correlation"), first at a quarter of the size over a wide range,
//! then at full size over a narrow one, each time smoothed over the neighbours. Folds and curled paper bend the field of
//! shifts; a patch that does not agree with its neighbours is filled from them.

use rayon::prelude::*;

use crate::lay::Drift;
use crate::plane::{Plane, quantile};

/// How one round looks for shifts.
#[derive(Clone, Copy)]
pub(crate) struct Round {
    /// Halvings of the view before it.
    pub halvings: u32,
    /// Spacing of the patches, in pixels at that size.
    pub step: usize,
    /// Half of a patch's width and height.
    pub half: (usize, usize),
    /// Farthest shift looked for.
    pub reach: isize,
    /// Correlation that a patch needs to count.
    pub least: f32,
    /// Whether the peak is looked for uphill from the middle, not everywhere.
    pub climbs: bool,
}

pub(crate) const COARSE: Round =
    Round { halvings: 2, step: 32, half: (32, 26), reach: 7, least: 0.3, climbs: false };
pub(crate) const MIDDLE: Round =
    Round { halvings: 1, step: 40, half: (36, 26), reach: 4, least: 0.35, climbs: true };
pub(crate) const FINE: Round =
    Round { halvings: 0, step: 56, half: (48, 32), reach: 3, least: 0.4, climbs: true };

struct Patch {
    dx: f32,
    dy: f32,
    peak: f32,
}

/// The drift of `moving` against `fixed`, to be added to the drift that `moving` was laid with.
pub(crate) fn drift(fixed: &Plane, moving: &Plane, known: &Plane, round: Round) -> Drift {
    let (mut a, mut b, mut k) = (fixed.clone(), moving.clone(), known.clone());
    for _ in 0..round.halvings {
        (a, b, k) = (a.halved(), b.halved(), k.halved());
    }
    let (columns, rows) = (a.width.div_ceil(round.step) + 1, a.height.div_ceil(round.step) + 1);
    let patches: Vec<Patch> = (0..rows * columns)
        .into_par_iter()
        .map(|n| patch(&a, &b, &k, (n % columns * round.step, n / columns * round.step), round))
        .collect();
    let factor = (1 << round.halvings) as f32;
    let (dx, dy) = smooth(&patches, columns, rows, round);
    let scale = |p: Plane| p.map(|v| v * factor);
    Drift { step: round.step as f32 * factor, dx: scale(dx), dy: scale(dy) }
}

/// Adds `more` to `base`, on the finer of the two grids.
pub(crate) fn sum(base: &Drift, more: &Drift) -> Drift {
    let mut out = more.clone();
    for y in 0..out.dx.height {
        for x in 0..out.dx.width {
            let (px, py) = (x as f32 * out.step, y as f32 * out.step);
            let (ex, ey) = more.at(px, py);
            let (bx, by) = base.at(px, py);
            out.dx.data[y * out.dx.width + x] = bx + ex;
            out.dy.data[y * out.dy.width + x] = by + ey;
        }
    }
    out
}

fn patch(a: &Plane, b: &Plane, known: &Plane, centre: (usize, usize), round: Round) -> Patch {
    let none = Patch { dx: 0.0, dy: 0.0, peak: 0.0 };
    let (hx, hy, r) = (round.half.0 as isize, round.half.1 as isize, round.reach);
    let (cx, cy) = (centre.0 as isize, centre.1 as isize);
    let (w, h) = (2 * round.half.0 + 1, 2 * round.half.1 + 1);
    let seen = known.part(cx - hx, cy - hy, w, h);
    let inside = |x: isize, y: isize| x >= 0 && y >= 0 && x < a.width as isize && y < a.height as isize;
    let mut usable = 0;
    let mut own = a.part(cx - hx, cy - hy, w, h);
    let mut weight = vec![0.0_f32; w * h];
    for (k, mark) in weight.iter_mut().enumerate() {
        let (x, y) = (cx - hx + (k % w) as isize, cy - hy + (k / w) as isize);
        if seen.data[k] > 0.9 && inside(x, y) {
            *mark = 1.0;
            usable += 1;
        }
    }
    if usable * 5 < w * h {
        return none;
    }
    let count = usable as f32;
    let mean = own.data.iter().zip(&weight).map(|(v, m)| v * m).sum::<f32>() / count;
    own.data.iter_mut().zip(&weight).for_each(|(v, m)| *v = (*v - mean) * m);
    let power: f32 = own.data.iter().map(|v| v * v).sum();
    if power < count * 2e-4 {
        return none;
    }
    let wide = b.part(cx - hx - r, cy - hy - r, w + 2 * r as usize, h + 2 * r as usize);
    let side = (2 * r + 1) as usize;
    let at = |n: usize| correlation(&own, power, &wide, &weight, count, (n % side, n / side));
    best(&if round.climbs { climbed(at, side) } else { (0..side * side).map(at).collect() }, side, r)
}

/// The values around the way from the middle of a square uphill to a peak; the rest stays 0.
fn climbed(at: impl Fn(usize) -> f32, side: usize) -> Vec<f32> {
    let mut known = vec![f32::NAN; side * side];
    let mut top = side / 2 * side + side / 2;
    known[top] = at(top);
    loop {
        let (x, y) = (top % side, top / side);
        let mut next = top;
        for v in y.saturating_sub(1)..(y + 2).min(side) {
            for u in x.saturating_sub(1)..(x + 2).min(side) {
                let k = v * side + u;
                if known[k].is_nan() {
                    known[k] = at(k);
                }
                if known[k] > known[next] {
                    next = k;
                }
            }
        }
        if next == top {
            return known.into_iter().map(|v| if v.is_nan() { 0.0 } else { v }).collect();
        }
        top = next;
    }
}

fn correlation(own: &Plane, power: f32, wide: &Plane, weight: &[f32], count: f32, at: (usize, usize)) -> f32 {
    let (w, mut cross, mut total, mut square) = (own.width, 0.0_f32, 0.0_f32, 0.0_f32);
    for y in 0..own.height {
        let from = (y + at.1) * wide.width + at.0;
        let other = &wide.data[from..from + w];
        let line = y * w..(y + 1) * w;
        let (c, t, s) = sums(&own.data[line.clone()], other, &weight[line]);
        cross += c;
        total += t;
        square += s;
    }
    let spread = square - total * total / count;
    if spread < count * 5e-5 { 0.0 } else { cross / (power * spread).sqrt() }
}

/// Sums of `own` times `other`, and of `other` and its squares by weight; in lanes, that they are fast.
fn sums(own: &[f32], other: &[f32], weight: &[f32]) -> (f32, f32, f32) {
    const LANES: usize = 8;
    let (mut c, mut t, mut s) = ([0.0_f32; LANES], [0.0_f32; LANES], [0.0_f32; LANES]);
    let (o, v, m) = (own.chunks_exact(LANES), other.chunks_exact(LANES), weight.chunks_exact(LANES));
    let rest = o.remainder().iter().zip(v.remainder()).zip(m.remainder());
    let mut ends = (0.0_f32, 0.0_f32, 0.0_f32);
    for ((o, v), m) in rest {
        ends = (ends.0 + o * v, ends.1 + m * v, ends.2 + m * v * v);
    }
    for ((o, v), m) in o.zip(v).zip(m) {
        for k in 0..LANES {
            c[k] += o[k] * v[k];
            t[k] += m[k] * v[k];
            s[k] += m[k] * v[k] * v[k];
        }
    }
    let all = |lanes: [f32; LANES]| lanes.iter().sum::<f32>();
    (ends.0 + all(c), ends.1 + all(t), ends.2 + all(s))
}

/// The peak, to a part of a pixel by parabolas; nothing if it lies on the border of the range.
fn best(peaks: &[f32], side: usize, reach: isize) -> Patch {
    let top = (0..peaks.len()).max_by(|a, b| peaks[*a].total_cmp(&peaks[*b])).unwrap_or(0);
    let (x, y, peak) = (top % side, top / side, peaks[top]);
    if x == 0 || y == 0 || x + 1 == side || y + 1 == side {
        return Patch { dx: 0.0, dy: 0.0, peak: 0.0 };
    }
    let vertex = |before: f32, after: f32| {
        let bend = before + after - 2.0 * peak;
        if bend > -1e-6 { 0.0 } else { ((before - after) / (2.0 * bend)).clamp(-0.5, 0.5) }
    };
    let dx = vertex(peaks[top - 1], peaks[top + 1]);
    let dy = vertex(peaks[top - side], peaks[top + side]);
    Patch { dx: x as f32 - reach as f32 + dx, dy: y as f32 - reach as f32 + dy, peak }
}

/// Each node from its neighbourhood: those that agree with the median there, by weight of their peaks; holes are filled
/// from ever wider neighbourhoods.
fn smooth(patches: &[Patch], columns: usize, rows: usize, round: Round) -> (Plane, Plane) {
    let (mut dx, mut dy) = (Plane::new(columns, rows), Plane::new(columns, rows));
    for y in 0..rows {
        for x in 0..columns {
            let found = [1_usize, 2, 4, 8, 64]
                .iter()
                .find_map(|reach| around(patches, columns, rows, (x, y), *reach, round.least));
            if let Some((u, v)) = found {
                dx.data[y * columns + x] = u;
                dy.data[y * columns + x] = v;
            }
        }
    }
    (dx, dy)
}

fn around(
    patches: &[Patch],
    columns: usize,
    rows: usize,
    (x, y): (usize, usize),
    reach: usize,
    least: f32,
) -> Option<(f32, f32)> {
    let mut near: Vec<(&Patch, f32)> = Vec::new();
    for v in y.saturating_sub(reach)..(y + reach + 1).min(rows) {
        for u in x.saturating_sub(reach)..(x + reach + 1).min(columns) {
            let patch = &patches[v * columns + u];
            if patch.peak >= least {
                let far = (u.abs_diff(x).pow(2) + v.abs_diff(y).pow(2)) as f32;
                near.push((patch, patch.peak * patch.peak * (-far / (reach * reach) as f32).exp()));
            }
        }
    }
    if near.len() < 3 {
        return None;
    }
    let mut xs: Vec<f32> = near.iter().map(|(p, _)| p.dx).collect();
    let mut ys: Vec<f32> = near.iter().map(|(p, _)| p.dy).collect();
    let (mx, my) = (quantile(&mut xs, 0.5), quantile(&mut ys, 0.5));
    let (mut u, mut v, mut total) = (0.0, 0.0, 0.0);
    for (patch, weight) in near {
        if (patch.dx - mx).abs() < 1.0 && (patch.dy - my).abs() < 1.0 {
            u += patch.dx * weight;
            v += patch.dy * weight;
            total += weight;
        }
    }
    Some(if total > 0.0 { (u / total, v / total) } else { (mx, my) })
}
