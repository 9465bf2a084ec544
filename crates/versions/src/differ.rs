//! How two pictures of a sheet differ, place by place, held against the noise of that pair.
//!
//! Both are brought to one sharpness and one contrast; what is left is compared with what this pair leaves everywhere
//! else: a floor, and a part that grows with the slope of the letters (a shift or a blur that was not wholly undone).

use crate::lay::Laid;
use crate::plane::{Plane, quantile};

/// Blurs tried on the one or the other, in pixels of the view.
const BLURS: [f32; 8] = [0.0, 0.6, 0.9, 1.25, 1.7, 2.2, 2.8, 3.6];

/// What holds for a pair of pictures as a whole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Noise {
    /// To be laid on the first, and on the second, for one sharpness.
    pub blur: (f32, f32),
    /// What differs on blank paper, squared.
    pub floor: f32,
    /// What differs for each unit of squared slope.
    pub slope: f32,
    /// Middle and spread (of the upper side) of the logarithm of difference over expectation.
    pub middle: f32,
    pub spread: f32,
}

/// Differences at half the view's size.
pub(crate) struct Difference {
    /// How unusual: spreads above the middle; 0 where nothing can be said.
    pub odd: Plane,
    /// How much of the local contrast differs, 0 (nothing) to about 1 (other letters).
    pub share: Plane,
    /// Squared difference and contrast, for sums over larger parts.
    pub differs: Plane,
    pub contrast: Plane,
    pub noise: Noise,
}

/// Compares two pictures over the whole view; `letter` is the height of its letters.
pub(crate) fn compare(a: &Laid, b: &Laid, letter: f32) -> Option<Difference> {
    let (pa, pb) = (a.ink_plane(), b.ink_plane());
    let shown = a.shown_plane().zip(&b.shown_plane(), |p, q| p * q);
    let blur = sharpness(&pa, &pb, &shown, letter)?;
    let least = 0.07 * letter;
    let (pa, pb) = (pa.blurred(blur.0.hypot(least)), pb.blurred(blur.1.hypot(least)));
    let fields = fields(&pa, &pb, &shown, letter);
    judge(fields, blur)
}

pub(crate) struct Fields {
    /// Squared difference, squared slope and contrast, each over a letter; at half size.
    pub differs: Plane,
    pub slope: Plane,
    pub contrast: Plane,
    /// The lesser of the two contrasts: letters in both.
    pub both: Plane,
    pub shown: Plane,
}

/// The local sums that the judgement rests on. Contrast is fitted over some words around.
pub(crate) fn fields(a: &Plane, b: &Plane, shown: &Plane, letter: f32) -> Fields {
    let rest = residual(a, b, shown, 4.0 * letter);
    let over = 0.42 * letter / 2.0;
    let differs = rest.zip(shown, |d, s| d * d * s).halved().blurred(over);
    let slope =
        a.slope().zip(&b.slope(), |p, q| (p + q) / 2.0).zip(shown, |v, s| v * s).halved().blurred(over);
    let half = |p: &Plane| p.halved();
    let (ha, hb) = (half(a), half(b));
    let (ma, mb) = (ha.blurred(letter), hb.blurred(letter));
    let power = |p: &Plane, m: &Plane| p.zip(m, |v, m| (v - m) * (v - m)).blurred(over);
    let (ca, cb) = (power(&ha, &ma), power(&hb, &mb));
    let contrast = ca.zip(&cb, |p, q| (p + q) / 2.0);
    let both = ca.zip(&cb, f32::min);
    let shown = shown.halved().blurred(0.4 * letter);
    Fields { differs, slope, contrast, both, shown }
}

/// The first less the second, after the second was given the first's local contrast and level.
fn residual(a: &Plane, b: &Plane, shown: &Plane, window: f32) -> Plane {
    let quarter = |p: &Plane| p.halved().halved();
    let sigma = window / 4.0;
    let (qa, qb, qs) = (quarter(a), quarter(b), quarter(shown));
    let mean = |p: Plane| p.blurred(sigma);
    let weight = mean(qs.clone()).map(|v| v.max(1e-3));
    let over = |p: Plane| mean(p.zip(&qs, |v, s| v * s)).zip(&weight, |v, w| v / w);
    let (ma, mb) = (over(qa.clone()), over(qb.clone()));
    let cross = over(qa.zip(&qb, |p, q| p * q)).zip(&ma.zip(&mb, |p, q| p * q), |c, m| c - m);
    let own = over(qb.map(|v| v * v)).zip(&mb, |s, m| s - m * m);
    let gain = cross.zip(&own, |c, v| ((c + 4e-4) / (v + 4e-4)).clamp(0.4, 2.5));
    let wide = |p: &Plane| p.spread(4, a.width, a.height);
    let one = a.zip(&wide(&ma), |v, m| v - m);
    let other = b.zip(&wide(&mb), |v, m| v - m).zip(&wide(&gain), |v, g| v * g);
    one.zip(&other, |p, q| p - q)
}

/// Which blur on which picture makes them most alike, on the places with most letters.
pub(crate) fn sharpness(a: &Plane, b: &Plane, shown: &Plane, letter: f32) -> Option<(f32, f32)> {
    let tiles = tiles(b, shown, letter);
    if tiles.is_empty() {
        return None;
    }
    let cut = |p: &Plane| -> Vec<Plane> {
        tiles.iter().map(|[x, y, w, h]| p.part(*x as isize, *y as isize, *w, *h)).collect()
    };
    let (ta, tb) = (cut(a), cut(b));
    let mut best = (f32::MAX, (0.0, 0.0));
    for blur in BLURS {
        for (one, other) in [(blur, 0.0), (0.0, blur)] {
            let rest: f32 = ta.iter().zip(&tb).map(|(p, q)| misfit(&p.blurred(one), &q.blurred(other))).sum();
            if rest < best.0 {
                best = (rest, (one, other));
            }
        }
    }
    Some(best.1)
}

/// One less the squared correlation.
fn misfit(a: &Plane, b: &Plane) -> f32 {
    let n = a.data.len().max(1) as f32;
    let (ma, mb) = (a.data.iter().sum::<f32>() / n, b.data.iter().sum::<f32>() / n);
    let (mut aa, mut bb, mut ab) = (1e-6, 1e-6, 0.0);
    for (p, q) in a.data.iter().zip(&b.data) {
        aa += (p - ma) * (p - ma);
        bb += (q - mb) * (q - mb);
        ab += (p - ma) * (q - mb);
    }
    1.0 - ab * ab / (aa * bb)
}

/// Up to 14 tiles with letters that both pictures show, spread over the view.
fn tiles(ink: &Plane, shown: &Plane, letter: f32) -> Vec<[usize; 4]> {
    let (tw, th) = ((10.0 * letter) as usize, (6.0 * letter) as usize);
    let mut found = Vec::new();
    for y in (0..ink.height.saturating_sub(th)).step_by(th) {
        for x in (0..ink.width.saturating_sub(tw)).step_by(tw) {
            let (mut sum, mut square, mut seen, mut count) = (0.0_f32, 0.0_f32, 0.0_f32, 0.0_f32);
            for v in (y..y + th).step_by(3) {
                for u in (x..x + tw).step_by(3) {
                    let value = ink.data[v * ink.width + u];
                    sum += value;
                    square += value * value;
                    seen += shown.data[v * ink.width + u];
                    count += 1.0;
                }
            }
            let mean = sum / count;
            if seen > 0.98 * count && mean < 0.5 {
                found.push((square / count - mean * mean, [x, y, tw, th]));
            }
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    let top = found.len().div_ceil(2);
    let step = top.div_ceil(14).max(1);
    found.into_iter().take(top).step_by(step).map(|(_, tile)| tile).collect()
}

/// Holds the local differences against what the pair leaves everywhere.
fn judge(fields: Fields, blur: (f32, f32)) -> Option<Difference> {
    let Fields { differs, slope, contrast, both, shown } = fields;
    let (mut blank, mut ratio) = (Vec::new(), Vec::new());
    for k in (0..differs.data.len()).step_by(7) {
        if shown.data[k] > 0.99 && contrast.data[k] < 6e-4 {
            blank.push(differs.data[k]);
        }
    }
    let floor = quantile(&mut blank, 0.7).max(2e-5);
    let lettered = |k: usize| shown.data[k] > 0.99 && both.data[k] > 4e-3;
    for k in (0..differs.data.len()).step_by(7).filter(|k| lettered(*k)) {
        ratio.push((differs.data[k] - floor).max(0.0) / slope.data[k].max(1e-6));
    }
    if ratio.len() < 200 {
        return None;
    }
    let per_slope = quantile(&mut ratio, 0.5).max(1e-3);
    let expected = slope.map(|s| floor + per_slope * s);
    let log = differs.zip(&expected, |d, e| ((d + 1e-9) / e).ln());
    let mut logs: Vec<f32> =
        (0..log.data.len()).step_by(7).filter(|k| lettered(*k)).map(|k| log.data[k]).collect();
    let middle = quantile(&mut logs, 0.5);
    let upper = quantile(&mut logs, 0.75) - middle;
    let lower = middle - quantile(&mut logs, 0.25);
    // Marks and watermarks widen the upper side alone.
    let spread = (upper.min(1.5 * lower) / 0.6745).max(0.25);
    let share = differs.zip(&contrast, |d, c| (d / (2.0 * c + 2e-3)).min(2.0));
    // Where a pair is nearly equal, logarithms spread widely for nothing: the share alone may then be what is unusual.
    let mut shares: Vec<f32> =
        (0..share.data.len()).step_by(7).filter(|k| lettered(*k)).map(|k| share.data[k]).collect();
    let common = quantile(&mut shares, 0.95).max(0.03);
    let mut odd = log.zip(&share, |v, s| ((v - middle) / spread).max(2.0 * (s / common - 1.0)));
    for (k, o) in odd.data.iter_mut().enumerate() {
        if shown.data[k] < 0.99 || differs.data[k] < 3.0 * floor {
            *o = 0.0;
        }
    }
    let noise = Noise { blur, floor, slope: per_slope, middle, spread };
    Some(Difference { odd, share, differs, contrast, noise })
}
