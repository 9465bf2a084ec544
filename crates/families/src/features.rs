//! Places of a picture that are found again: extrema of differences of Gaussians over scale (Lowe, IJCV 2004), each with
//! a code of what stands around it.
//!
//! Unlike Lowe's, a place is not turned by its own gradient, which is unsteady on letters, but by the direction of the
//! lines of writing around it, known up to quarter turns; the code is made so that a quarter turn of the picture, or its
//! negative, only changes the order of the code's words.

use std::f32::consts::{FRAC_PI_2, PI};

use image::RgbImage;

use crate::code::{BINS, CELLS, Code, Coder};
use crate::grey::Plane;

/// Pixels that a raster is reduced to before places are sought.
const PIXELS: f64 = 550_000.0;
/// Places kept of one picture.
pub const MOST: usize = 900;
/// Levels of an octave that places are found on.
const LEVELS: usize = 2;
const SIGMA: f32 = 1.13;
/// Difference, in grey levels, that a place must stand out by.
const CONTRAST: f32 = 1.2;
/// Largest ratio of the two curvatures.
const EDGE: f32 = 12.0;
/// Side of one of the 4 x 4 squares of the code, in sigmas.
const SQUARE: f32 = 4.5;
/// The part of the picture is split into squares so that no texture takes all places.
const PATCHES: usize = 8;

/// One place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Feature {
    /// In pixels of the raster it was found on.
    pub x: f32,
    /// In pixels of the raster it was found on.
    pub y: f32,
    /// Sigma of the Gaussian, in pixels of that raster.
    pub scale: f32,
    /// Direction of writing, radians, between -pi/4 and pi/4.
    pub angle: f32,
    /// Is it darker than what is around it?
    pub dark: bool,
    /// What stands around it.
    pub code: Code,
}

struct Spot {
    octave: usize,
    level: usize,
    x: f32,
    y: f32,
    scale: f32,
    value: f32,
}

/// The places of a raster, at most [`MOST`], the most striking first.
pub fn features(raster: &RgbImage) -> Vec<Feature> {
    let (base, factor) = Plane::of(raster, PIXELS);
    if base.width < 16 || base.height < 16 {
        return Vec::new();
    }
    let octaves = pyramid(base);
    let mut spots = Vec::new();
    for (number, levels) in octaves.iter().enumerate() {
        seek(number, levels, &mut spots);
    }
    let size = (octaves[0][0].width, octaves[0][0].height);
    let spots = choose(spots, size);
    let slopes: Vec<Vec<Option<Slopes>>> = octaves
        .iter()
        .enumerate()
        .map(|(number, levels)| {
            let used = |k: usize| spots.iter().any(|spot| spot.octave == number && spot.level == k);
            (0..levels.len()).map(|k| used(k).then(|| Slopes::of(&levels[k]))).collect()
        })
        .collect();
    let lines = Lines::of(&octaves[0][1]);
    let (coder, bell) = (Coder::new(), bell());
    let place = |spot: &Spot| {
        let step = (1 << spot.octave) as f32;
        let angle = lines.at(spot.x * step, spot.y * step);
        let slopes = slopes[spot.octave][spot.level].as_ref()?;
        let code = coder.code(&histogram(slopes, spot, angle, &bell))?;
        let back = |v: f32| ((f64::from(v * step) + 0.5) / factor) as f32;
        let scale = f64::from(spot.scale * step) / factor;
        Some(Feature {
            x: back(spot.x),
            y: back(spot.y),
            scale: scale as f32,
            angle,
            dark: spot.value > 0.0,
            code,
        })
    };
    spots.iter().filter_map(place).collect()
}

fn pyramid(base: Plane) -> Vec<Vec<Plane>> {
    let step = 2.0_f32.powf(1.0 / LEVELS as f32);
    let mut octaves = Vec::new();
    let mut first = base.blurred((SIGMA * SIGMA - 0.25).sqrt());
    while first.width.min(first.height) >= 24 && octaves.len() < 6 {
        let mut levels = vec![first];
        let mut sigma = SIGMA;
        for k in 0..LEVELS + 2 {
            let next = sigma * step;
            levels.push(levels[k].blurred((next * next - sigma * sigma).sqrt()));
            sigma = next;
        }
        first = levels[LEVELS].halved();
        octaves.push(levels);
    }
    if octaves.is_empty() {
        octaves.push(vec![first.clone(), first]);
    }
    octaves
}

fn seek(octave: usize, levels: &[Plane], spots: &mut Vec<Spot>) {
    let differences: Vec<Plane> = levels
        .windows(2)
        .map(|pair| Plane {
            width: pair[0].width,
            height: pair[0].height,
            data: pair[1].data.iter().zip(&pair[0].data).map(|(a, b)| a - b).collect(),
        })
        .collect();
    for k in 1..differences.len().saturating_sub(1) {
        let (below, here, above) = (&differences[k - 1], &differences[k], &differences[k + 1]);
        let width = here.width;
        for y in 4..here.height.saturating_sub(4) {
            for x in 4..width.saturating_sub(4) {
                let at = y * width + x;
                let value = here.data[at];
                if value.abs() > CONTRAST && extreme(value, at, width, [here, below, above]) {
                    spots.extend(settle(octave, k, (x, y), [below, here, above]));
                }
            }
        }
    }
}

fn extreme(value: f32, at: usize, width: usize, planes: [&Plane; 3]) -> bool {
    let sign = value.signum();
    let value = value.abs();
    let rows = [at - 1 - width, at - 1, at - 1 + width];
    let here = planes[0];
    // The row it stands in first: most places fail there.
    if here.data[at - 1] * sign > value || here.data[at + 1] * sign >= value {
        return false;
    }
    for row in rows {
        for k in row..row + 3 {
            let near = k != at && here.data[k] * sign > value;
            if near || planes[1].data[k] * sign > value || planes[2].data[k] * sign > value {
                return false;
            }
        }
    }
    true
}

/// Refines a place between pixels and levels, and drops it where it lies along an edge.
fn settle(octave: usize, level: usize, (x, y): (usize, usize), planes: [&Plane; 3]) -> Option<Spot> {
    let [below, here, above] = planes;
    let width = here.width;
    let at = y * width + x;
    let d = |k: usize| here.data[k];
    let value = d(at);
    let (dx, dy) = ((d(at + 1) - d(at - 1)) / 2.0, (d(at + width) - d(at - width)) / 2.0);
    let (xx, yy) = (d(at + 1) + d(at - 1) - 2.0 * value, d(at + width) + d(at - width) - 2.0 * value);
    let xy = (d(at + width + 1) - d(at + width - 1) - d(at - width + 1) + d(at - width - 1)) / 4.0;
    let (trace, det) = (xx + yy, xx * yy - xy * xy);
    if det <= 0.0 || trace * trace * EDGE >= (EDGE + 1.0) * (EDGE + 1.0) * det {
        return None;
    }
    let (u, v) = ((xy * dy - yy * dx) / det, (xy * dx - xx * dy) / det);
    let (ds, ss) = ((above.data[at] - below.data[at]) / 2.0, above.data[at] + below.data[at] - 2.0 * value);
    let s = if ss.abs() > 1e-6 { (-ds / ss).clamp(-0.6, 0.6) } else { 0.0 };
    let scale = SIGMA * 2.0_f32.powf((level as f32 + s) / LEVELS as f32);
    Some(Spot {
        octave,
        level,
        x: x as f32 + u.clamp(-0.6, 0.6),
        y: y as f32 + v.clamp(-0.6, 0.6),
        scale,
        value,
    })
}

/// The most striking spots, spread over the picture and over the octaves.
fn choose(mut spots: Vec<Spot>, size: (usize, usize)) -> Vec<Spot> {
    spots.sort_by(|a, b| {
        b.value.abs().total_cmp(&a.value.abs()).then(a.y.total_cmp(&b.y)).then(a.x.total_cmp(&b.x))
    });
    let share = [0.42, 0.30, 0.16, 0.12];
    let mut by_octave: Vec<Vec<Spot>> = (0..share.len()).map(|_| Vec::new()).collect();
    for spot in spots {
        by_octave[spot.octave.min(share.len() - 1)].push(spot);
    }
    let mut chosen = Vec::new();
    let mut room = 0;
    for (list, share) in by_octave.into_iter().zip(share).rev() {
        room += (MOST as f64 * share) as usize;
        let (taken, left) = spread(list, room, size);
        room = left;
        chosen.extend(taken);
    }
    chosen.sort_by(|a: &Spot, b: &Spot| b.value.abs().total_cmp(&a.value.abs()));
    chosen
}

/// Takes at most `room` of a sorted list, from each patch of the picture its best first; says what room is left.
fn spread(list: Vec<Spot>, room: usize, size: (usize, usize)) -> (Vec<Spot>, usize) {
    let patch = |spot: &Spot| {
        let step = (1 << spot.octave) as f32;
        let cell =
            |v: f32, side: usize| ((v * step / side as f32 * PATCHES as f32) as usize).min(PATCHES - 1);
        cell(spot.y, size.1) * PATCHES + cell(spot.x, size.0)
    };
    let mut rank = [0_usize; PATCHES * PATCHES];
    let mut ranked: Vec<(usize, usize, Spot)> = list
        .into_iter()
        .enumerate()
        .map(|(n, spot)| {
            let here = &mut rank[patch(&spot)];
            *here += 1;
            (*here, n, spot)
        })
        .collect();
    ranked.sort_by_key(|(rank, n, _)| (*rank, *n));
    ranked.truncate(room);
    let left = room - ranked.len();
    (ranked.into_iter().map(|(_, _, spot)| spot).collect(), left)
}

/// Gradients of a plane.
struct Slopes {
    width: usize,
    height: usize,
    /// Length and direction as a share of a full turn, 0 to 1.
    data: Vec<(f32, f32)>,
}

impl Slopes {
    fn of(plane: &Plane) -> Self {
        let (width, height) = (plane.width, plane.height);
        let mut data = vec![(0.0, 0.0); width * height];
        for y in 1..height.saturating_sub(1) {
            let line = |y: usize| &plane.data[y * width..(y + 1) * width];
            let (above, here, below) = (line(y - 1), line(y), line(y + 1));
            let to = &mut data[y * width + 1..(y + 1) * width - 1];
            let across = here.iter().skip(2).zip(here);
            let down = below[1..].iter().zip(&above[1..]);
            for ((slope, (right, left)), (below, above)) in to.iter_mut().zip(across).zip(down) {
                let (dx, dy) = (right - left, below - above);
                *slope = ((dx * dx + dy * dy).sqrt(), turn_of(dx, dy));
            }
        }
        Self { width, height, data }
    }
}

/// The direction of a vector as a share of a full turn, to about a thousandth.
fn turn_of(dx: f32, dy: f32) -> f32 {
    let (ax, ay) = (dx.abs(), dy.abs());
    let ratio = ax.min(ay) / ax.max(ay).max(1e-12);
    let mut angle = ratio * (FRAC_PI_2 / 2.0 + 0.273 * (1.0 - ratio));
    if ay > ax {
        angle = FRAC_PI_2 - angle;
    }
    if dx < 0.0 {
        angle = PI - angle;
    }
    if dy < 0.0 {
        angle = 2.0 * PI - angle;
    }
    // A full turn may come out: whoever counts directions counts it as the first.
    angle / (2.0 * PI)
}

/// Gradients around a spot in 4 x 4 squares of 8 directions each, as [`Coder`] takes them.
fn histogram(slopes: &Slopes, spot: &Spot, angle: f32, bell: &[f32; BELL]) -> [f32; CELLS * BINS] {
    let mut wide = [0.0_f32; WIDE * WIDE * (BINS + 1)];
    let side = SQUARE * spot.scale;
    let (sin, cos) = angle.sin_cos();
    let reach = side * 2.5 * (sin.abs() + cos.abs());
    let span = |v: f32, limit: usize| {
        (
            (v - reach).ceil().max(1.0) as usize,
            ((v + reach).floor().max(0.0) as usize).min(limit.saturating_sub(2)),
        )
    };
    let ((x0, x1), (y0, y1)) = (span(spot.x, slopes.width), span(spot.y, slopes.height));
    // Large windows are sampled, not read out whole.
    let stride = ((side / 5.0) as usize).max(1);
    let turned = angle / (2.0 * PI);
    let (cos, sin) = (cos / side, sin / side);
    for y in (y0..=y1).step_by(stride) {
        let row = y * slopes.width;
        let v = y as f32 - spot.y;
        for x in (x0..=x1).step_by(stride) {
            let u = x as f32 - spot.x;
            let (fx, fy) = (cos * u + sin * v, cos * v - sin * u);
            if fx.abs().max(fy.abs()) >= 2.5 {
                continue;
            }
            let (length, turn) = slopes.data[row + x];
            if length < 0.05 {
                continue;
            }
            let weight = length * bell[((fx * fx + fy * fy) * BELL_STEPS) as usize];
            let mut turn = turn - turned;
            turn += if turn < 0.0 {
                1.0
            } else if turn >= 1.0 {
                -1.0
            } else {
                0.0
            };
            share_out(&mut wide, (fx + 2.5, fy + 2.5, turn * BINS as f32), weight);
        }
    }
    let mut bins = [0.0_f32; CELLS * BINS];
    for (k, to) in bins.chunks_exact_mut(4 * BINS).enumerate() {
        for (n, cell) in to.chunks_exact_mut(BINS).enumerate() {
            let from = ((k + 1) * WIDE + n + 1) * (BINS + 1);
            cell.copy_from_slice(&wide[from..from + BINS]);
            cell[0] += wide[from + BINS];
        }
    }
    bins
}

/// Steps of the bell for one square's side, squared; it spans twice 2.5 x 2.5.
const BELL_STEPS: f32 = 16.0;
const BELL: usize = 202;

/// How much a gradient counts by the square of its distance.
fn bell() -> [f32; BELL] {
    std::array::from_fn(|k| (-(k as f32 + 0.5) / BELL_STEPS / 8.0).exp())
}

/// Squares in a row with a margin on either side, so that what falls beside needs no questions; each has a first
/// direction once more at its end.
const WIDE: usize = 6;

fn share_out(wide: &mut [f32; WIDE * WIDE * (BINS + 1)], (column, line, turn): (f32, f32, f32), weight: f32) {
    let (c, l, t) = (column as usize, line as usize, (turn as usize).min(BINS - 1));
    let (fc, fl, ft) = (column - c as f32, line - l as f32, turn - t as f32);
    let (low, high) = (weight * (1.0 - ft), weight * ft);
    for (row, part) in [(l, 1.0 - fl), (l + 1, fl)] {
        let from = (row * WIDE + c) * (BINS + 1) + t;
        let Some(cells) = wide.get_mut(from..from + BINS + 3) else { continue };
        let (near, far) = (part * (1.0 - fc), part * fc);
        cells[0] += low * near;
        cells[1] += high * near;
        cells[BINS + 1] += low * far;
        cells[BINS + 2] += high * far;
    }
}

/// Directions of writing over a picture, up to quarter turns: the mean of the gradients' fourfold angle.
struct Lines {
    columns: usize,
    rows: usize,
    angles: Vec<f32>,
    side: f32,
}

impl Lines {
    fn of(plane: &Plane) -> Self {
        let side = (plane.width.min(plane.height) / 16).max(24);
        let (columns, rows) = (plane.width.div_ceil(side).max(1), plane.height.div_ceil(side).max(1));
        let mut sums = vec![(0.0_f32, 0.0_f32); columns * rows];
        let mut all = (0.0_f32, 0.0_f32);
        for y in 1..plane.height.saturating_sub(1) {
            for x in 1..plane.width.saturating_sub(1) {
                let at = y * plane.width + x;
                let dx = plane.data[at + 1] - plane.data[at - 1];
                let dy = plane.data[at + plane.width] - plane.data[at - plane.width];
                let (xx, yy) = (dx * dx, dy * dy);
                let length = xx + yy;
                if length < 16.0 {
                    continue;
                }
                // cos and sin of four times the angle, weighed by the length.
                let (c2, s2) = ((xx - yy) / length, 2.0 * dx * dy / length);
                let weight = length.sqrt();
                let sum = &mut sums[y / side * columns + x / side];
                let (c4, s4) = ((c2 * c2 - s2 * s2) * weight, 2.0 * c2 * s2 * weight);
                *sum = (sum.0 + c4, sum.1 + s4);
                all = (all.0 + c4, all.1 + s4);
            }
        }
        let prior = 0.02;
        let angles = (0..columns * rows)
            .map(|k| {
                let (mut c, mut s) = (all.0 * prior, all.1 * prior);
                let (row, column) = (k / columns, k % columns);
                for r in row.saturating_sub(2)..(row + 3).min(rows) {
                    for q in column.saturating_sub(2)..(column + 3).min(columns) {
                        c += sums[r * columns + q].0;
                        s += sums[r * columns + q].1;
                    }
                }
                s.atan2(c) / 4.0
            })
            .collect();
        Self { columns, rows, angles, side: side as f32 }
    }

    fn at(&self, x: f32, y: f32) -> f32 {
        let cell = |v: f32, count: usize| ((v / self.side).max(0.0) as usize).min(count - 1);
        self.angles[cell(y, self.rows) * self.columns + cell(x, self.columns)]
    }
}
