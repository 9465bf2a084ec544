//! A close look at one place on two pictures, held against the same look at other places of the same two.

use crate::differ::{self, sharpness};
use rayon::prelude::*;

use crate::place::{Area, Found, overlap, silence};
use crate::plane::{Plane, quantile};
use crate::view::View;

/// What a close look measures.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Look {
    /// Logarithm of the largest difference over what its slope lets expect.
    pub log: f32,
    /// Largest share of the contrast that differs.
    pub share: f32,
}

/// A pair of pictures, with what is usual between them.
#[derive(Clone, Debug)]
pub(crate) struct Pair {
    pub a: usize,
    pub b: usize,
    blur: (f32, f32),
    /// Middle and spread of the logarithms, and of the shares, over places that were not found odd.
    log: (f32, f32),
    share: (f32, f32),
    /// How many places that rests on.
    pub places: usize,
}

impl Pair {
    /// How unusual a look is for this pair, in spreads: by the less unusual of its two numbers.
    pub fn odd(&self, look: Look) -> f32 {
        ((look.log - self.log.0) / self.log.1).min((look.share - self.share.0) / self.share.1)
    }
}

/// Places all over the view that hold letters and that no pair found odd: what the noise of a pair is taken from.
pub(crate) struct Samples {
    pub places: Vec<Area>,
    /// For each picture, whether it tells what stands at each of the places.
    pub tell: Vec<Vec<bool>>,
}

/// Up to about two hundred of them, spread over the view.
pub(crate) fn samples(view: &View, found: &Found) -> Samples {
    let all = lettered(view, found);
    let step = all.len().div_ceil(200).max(1);
    let places: Vec<Area> = all.into_iter().step_by(step).collect();
    let tell = (0..view.laid.len())
        .into_par_iter()
        .map(|p| places.iter().map(|s| silence(view, &found.covered[p], p, s).is_none()).collect())
        .collect();
    Samples { places, tell }
}

fn lettered(view: &View, found: &Found) -> Vec<Area> {
    let l = view.letter;
    let (w, h) = (4.0 * l, 2.0 * l);
    let best = &view.laid[view.order[0]];
    let second = &view.laid[*view.order.get(1).unwrap_or(&view.order[0])];
    let mut out = Vec::new();
    let (columns, rows) = ((view.size.0 as f32 / w) as usize, (view.size.1 as f32 / h) as usize);
    for row in 1..rows.saturating_sub(1) {
        for column in 1..columns.saturating_sub(1) {
            let area = [column as f32 * w, row as f32 * h, (column + 1) as f32 * w, (row + 1) as f32 * h];
            let mut dark = 0;
            let mut count = 0;
            for y in (area[1] as usize..area[3] as usize).step_by(2) {
                for x in (area[0] as usize..area[2] as usize).step_by(2) {
                    count += 1;
                    let k = y * view.size.0 + x;
                    dark += usize::from(best.ink[k] > 90 || second.ink[k] > 90);
                }
            }
            let lettered = dark * 25 > count && dark * 2 < count;
            if lettered && found.places.iter().all(|p| overlap(p, &area) == 0.0) {
                out.push(area);
            }
        }
    }
    out
}

/// What is usual between two pictures; `None` if they share too few places.
pub(crate) fn pair(view: &View, found: &Found, samples: &Samples, a: usize, b: usize) -> Option<Pair> {
    let both = samples.tell[a].iter().zip(&samples.tell[b]).map(|(p, q)| *p && *q);
    let shared: Vec<&Area> = samples.places.iter().zip(both).filter(|(_, b)| *b).map(|(s, _)| s).collect();
    if shared.len() < 6 {
        return None;
    }
    let blur = blur_of(view, &shared, a, b, found);
    let mut pair = Pair { a, b, blur, log: (0.0, 1.0), share: (0.0, 1.0), places: 0 };
    let step = shared.len().div_ceil(28).max(1);
    let looks: Vec<Look> = shared.iter().step_by(step).map(|s| look(view, &pair, s)).collect();
    let usual = |get: fn(&Look) -> f32, least: f32| {
        let mut values: Vec<f32> = looks.iter().map(get).collect();
        let middle = quantile(&mut values, 0.5);
        let upper = quantile(&mut values, 0.84) - middle;
        let lower = middle - quantile(&mut values, 0.16);
        (middle, upper.min(2.0 * lower).max(least))
    };
    pair.log = usual(|l| l.log, 0.25);
    pair.share = usual(|l| l.share, 0.02);
    pair.places = looks.len();
    Some(pair)
}

fn blur_of(view: &View, shared: &[&Area], a: usize, b: usize, found: &Found) -> (f32, f32) {
    let known = |pair: (usize, usize)| found.seen.iter().find(|s| s.pair == pair).map(|s| s.noise.blur);
    if let Some(blur) = known((a, b)).or_else(|| known((b, a)).map(|(p, q)| (q, p))) {
        return blur;
    }
    let middle = shared[shared.len() / 2];
    let ink = |of: usize| cut(view, middle, 14.0, &view.laid[of].ink).map(|v| v / 250.0);
    let (ca, cb) = (ink(a), ink(b));
    let shown = ca.map(|_| 1.0);
    sharpness(&ca, &cb, &shown, view.letter).unwrap_or((0.0, 0.0))
}

/// Values of the view's pixels, around a place.
fn cut(view: &View, area: &Area, letters: f32, values: &[u8]) -> Plane {
    let pad = letters * view.letter;
    let (x0, y0) = ((area[0] - pad) as isize, (area[1] - pad) as isize);
    let (w, h) = ((area[2] - area[0] + 2.0 * pad) as usize, (area[3] - area[1] + 2.0 * pad) as usize);
    let mut out = Plane::new(w.max(1), h.max(1));
    let (width, height) = (view.size.0 as isize, view.size.1 as isize);
    let within = x0 >= 0 && x0 + out.width as isize <= width;
    for (y, row) in out.data.chunks_exact_mut(w.max(1)).enumerate() {
        let v = (y0 + y as isize).clamp(0, height - 1) as usize * view.size.0;
        if within {
            let from = v + x0 as usize;
            row.iter_mut().zip(&values[from..]).for_each(|(o, i)| *o = f32::from(*i));
        } else {
            for (x, o) in row.iter_mut().enumerate() {
                *o = f32::from(values[v + (x0 + x as isize).clamp(0, width - 1) as usize]);
            }
        }
    }
    out
}

/// Looks at one place on both, the second moved by parts of a pixel to where it agrees best around the place.
pub(crate) fn look(view: &View, pair: &Pair, area: &Area) -> Look {
    let letters = 3.0;
    let least = 0.07 * view.letter;
    // Beyond the edge of the one the other says nothing.
    let seen = |of: usize| cut(view, area, letters, &view.laid[of].shown);
    let shown = seen(pair.a).zip(&seen(pair.b), |p, q| if p * q > 0.0 { 1.0 } else { 0.0 });
    let ink = |of: usize| cut(view, area, letters, &view.laid[of].ink).zip(&shown, |i, s| i * s / 250.0);
    let a = ink(pair.a).blurred(pair.blur.0.hypot(least));
    let b = ink(pair.b).blurred(pair.blur.1.hypot(least));
    let b = [0.8, 0.35].into_iter().fold(b, |b, step| {
        let (dx, dy) = nearest(&a, &b, step);
        b.shifted(dx, dy)
    });
    let fields = differ::fields(&a, &b, &shown, view.letter);
    let pad = (letters * view.letter / 2.0) as usize;
    let mut out = Look { log: -20.0, share: 0.0 };
    for y in pad..fields.differs.height.saturating_sub(pad) {
        for x in pad..fields.differs.width.saturating_sub(pad) {
            let k = y * fields.differs.width + x;
            let (d, s, c) = (fields.differs.data[k], fields.slope.data[k], fields.contrast.data[k]);
            out.log = out.log.max(((d + 1e-7) / (s * 0.1 + 4e-4)).ln());
            out.share = out.share.max(d / (2.0 * c + 6e-3));
        }
    }
    out
}

/// Of the shifts by nothing and by `step` to all eight sides the one at which `b` is most like `a`.
fn nearest(a: &Plane, b: &Plane, step: f32) -> (f32, f32) {
    let wide = b.part(-1, -1, b.width + 2, b.height + 2);
    let sides = [(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1)];
    let mut best = (f32::MAX, (0.0, 0.0));
    let mut moved = Vec::with_capacity(a.data.len().div_ceil(EACH) + a.width);
    for (x, y) in sides {
        let by = (x as f32 * step, y as f32 * step);
        let rest = sturdy(a, &wide, by, &mut moved);
        if rest < best.0 {
            best = (rest, by);
        }
    }
    best.1
}

/// Sum of differences of some rows, each counted up to a bound, so that what was altered does not pull. `wide` is the second
/// with a border of one pixel, to be moved by less than one; `moved` is room for its rows.
fn sturdy(a: &Plane, wide: &Plane, (dx, dy): (f32, f32), moved: &mut Vec<f32>) -> f32 {
    let (x0, y0) = (usize::from(dx >= 0.0), usize::from(dy >= 0.0));
    let (fx, fy) = (dx - dx.floor(), dy - dy.floor());
    moved.clear();
    for y in (0..a.height).step_by(EACH) {
        let top = &wide.data[(y + y0) * wide.width + x0..][..a.width + 1];
        let low = &wide.data[(y + y0 + 1) * wide.width + x0..][..a.width + 1];
        let ends = top.iter().zip(&top[1..]).zip(low.iter().zip(&low[1..]));
        moved.extend(
            ends.map(|((a, b), (c, d))| {
                (a * (1.0 - fx) + b * fx) * (1.0 - fy) + (c * (1.0 - fx) + d * fx) * fy
            }),
        );
    }
    let rows = || a.data.chunks_exact(a.width.max(1)).step_by(EACH);
    let sum: f32 = rows().map(total).sum();
    let lift = (sum - total(moved)) / moved.len().max(1) as f32;
    let mut lanes = [0.0_f32; LANES];
    for (p, q) in rows().zip(moved.chunks_exact(a.width.max(1))) {
        for (p, q) in p.chunks(LANES).zip(q.chunks(LANES)) {
            for ((lane, p), q) in lanes.iter_mut().zip(p).zip(q) {
                *lane += (p - q - lift).abs().min(0.25);
            }
        }
    }
    lanes.iter().sum()
}

/// Of so many rows one is compared.
const EACH: usize = 2;
/// Numbers that are summed side by side.
const LANES: usize = 8;

fn total(values: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; LANES];
    for some in values.chunks(LANES) {
        lanes.iter_mut().zip(some).for_each(|(lane, v)| *lane += v);
    }
    lanes.iter().sum()
}
