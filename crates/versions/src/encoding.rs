//! Whether a picture can have been made from another at once, by what its own encoding would have left of the other's grain.
//!
//! An encoder rounds the frequencies of every block to the steps of its table, and the file holds the table (ITU-T T.81).
//! What a copy's table would leave of the grain of its supposed source can thus be tried: the source is brought onto the
//! copy's pixels and rounded as the copy was. If the copy's grain agrees with the source's as well as the trial's does, one
//! step explains it. If it agrees so much less as the source's own rounding makes up for, the copy never went through that
//! rounding: both were made from a third that is not here. Grain distances are those of `grain`.

use std::sync::LazyLock;

use image::GrayImage;
use rayon::prelude::*;

use crate::geometry::Homography;
use crate::lay::{self, Drift};
use crate::plane::{Plane, quantile};
use crate::view::View;

/// Side of the tiles that are compared, a multiple of that of a block, and of the window by which they are registered.
const TILE: usize = 48;
const WINDOW: usize = 88;
/// Tiles compared, at most.
const TILES: usize = 130;
/// Side of an encoder's block.
const SIDE: usize = 8;
/// Radial frequencies that count, in half waves over a block.
const RADII: (f32, f32) = (1.5, 5.5);
/// Range of grey levels of blank paper, on the copy and on its source.
const CALM: (f32, f32) = (30.0, 40.0);
/// Blocks and frequencies that are needed.
const LEAST: (usize, usize) = (80, 4);
/// A distance from which on it is not taken for chance.
const EXCESS: f32 = 0.055;
/// How far the source's own rounding must move it for the grain to tell that the copy did not go through it, and that it did.
const MOVED: (f32, f32) = (0.06, 0.15);
/// What the distance may be of that, for the copy not to have gone through it.
const APART: (f32, f32) = (0.45, 2.0);
/// The same for the copy to have been made at once.
const AT_ONCE: f32 = 0.25;

/// A picture as it was received, before anything else was made of it.
#[derive(Clone, Debug)]
pub struct Original<'a> {
    /// Its brightness.
    pub luma: &'a GrayImage,
    /// From the sheet's frame to its pixels.
    pub to_original: Homography,
    /// The steps to which an encoder rounded its brightness, row by row, if it has any; see [`steps`].
    pub steps: Option<[u16; 64]>,
}

/// The steps of the first table of a JPEG file, row by row: frequencies across grow along the row. `None` for other files.
pub fn steps(bytes: &[u8]) -> Option<[u16; 64]> {
    let mut at = 2;
    while bytes.starts_with(&[0xff, 0xd8]) {
        let [0xff, kind, high, low] = *bytes.get(at..at + 4)? else { return None };
        let length = usize::from(high) << 8 | usize::from(low);
        if kind == 0xdb {
            return table(bytes.get(at + 4..(at + 2 + length).min(bytes.len()))?);
        }
        if kind == 0xda {
            return None;
        }
        at += 2 + length.max(2);
    }
    None
}

fn table(segment: &[u8]) -> Option<[u16; 64]> {
    let (head, body) = segment.split_first()?;
    let wide = head >> 4 != 0;
    let mut out = [0; 64];
    for (k, place) in zigzag().enumerate() {
        let step = if wide {
            u16::from(*body.get(2 * k)?) << 8 | u16::from(*body.get(2 * k + 1)?)
        } else {
            u16::from(*body.get(k)?)
        };
        out[place] = step.max(1);
    }
    Some(out)
}

/// Places of the frequencies, row by row, in the order in which files hold them.
fn zigzag() -> impl Iterator<Item = usize> {
    (0..2 * SIDE - 1).flat_map(|sum| {
        let along = (0..SIDE).filter(move |v| sum >= *v && sum - v < SIDE).map(move |v| v * SIDE + sum - v);
        let mut places: Vec<usize> = along.collect();
        if sum % 2 == 0 {
            places.reverse();
        }
        places
    })
}

/// What the grain says of a copy and its supposed source, as distances.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Told {
    /// By how much they are farther apart than the copy's encoding explains.
    pub excess: f32,
    /// How far the source's own encoding moved it from what it was made from.
    pub own: f32,
}

impl Told {
    /// Both were made from a third.
    pub fn apart(self) -> bool {
        let share = self.excess / self.own.max(1e-3);
        self.own >= MOVED.0 && self.excess > EXCESS && share >= APART.0 && share <= APART.1
    }

    /// The one was made from the other, with nothing between.
    pub fn at_once(self) -> bool {
        self.own >= MOVED.1 && self.excess <= AT_ONCE * self.own
    }
}

/// A picture as received, on the view.
struct Seen<'a> {
    luma: &'a GrayImage,
    map: Homography,
    drift: &'a Drift,
    steps: Option<[u16; 64]>,
}

impl<'a> Seen<'a> {
    fn new(view: &'a View, originals: &'a [Option<Original<'a>>], picture: usize) -> Option<Self> {
        let original = originals.get(picture)?.as_ref()?;
        let map = original.to_original.after(&view.to_sheet);
        Some(Self { luma: original.luma, map, drift: &view.drift[picture], steps: original.steps })
    }

    /// Where a point of the view lies on it.
    fn at(&self, (x, y): (f32, f32)) -> (f32, f32) {
        let (dx, dy) = self.drift.at(x, y);
        let (u, v) = self.map.apply(f64::from(x + dx), f64::from(y + dy));
        (u as f32, v as f32)
    }
}

/// Compares two pictures' grain; `None` where they or their blank paper do not allow it.
pub(crate) fn told(view: &View, originals: &[Option<Original>], from: usize, to: usize) -> Option<Told> {
    let (source, copy) = (Seen::new(view, originals, from)?, Seen::new(view, originals, to)?);
    let tiles = tiles(view, (from, to), &copy)?;
    let (_, first) = tiles.get(tiles.len() / 2)?;
    let (left, right) = (source.at(first[0]), source.at(first[1]));
    let scale = (right.0 - left.0).hypot(right.1 - left.1) / WINDOW as f32;
    let mut luma = plane(source.luma);
    if scale > 1.05 {
        luma = luma.blurred(0.5 * (scale * scale - 1.0).sqrt());
    }
    let places: Vec<[(f32, f32); 4]> =
        tiles.iter().map(|(_, corners)| corners.map(|c| source.at(c))).collect();
    let shifts: Vec<Option<(f32, f32)>> = tiles
        .par_iter()
        .zip(&places)
        .map(|((at, _), corners)| shift(&luma, corners, &window(copy.luma, *at, WINDOW)))
        .collect();
    let blocks: Vec<[[f32; 64]; 2]> = tiles
        .par_iter()
        .zip(&places)
        .flat_map_iter(|((at, _), corners)| {
            let own = window(copy.luma, *at, TILE);
            let shift = around(&tiles, &shifts, *at);
            shift.map(|by| blocks(&drawn(&luma, corners, TILE, by), &own)).unwrap_or_default()
        })
        .collect();
    weighed(&blocks, (&source, &copy), scale)
}

fn plane(luma: &GrayImage) -> Plane {
    let data = luma.as_raw().iter().map(|v| f32::from(*v)).collect();
    Plane { width: luma.width() as usize, height: luma.height() as usize, data }
}

type Tile = ((usize, usize), [(f32, f32); 4]);

/// Middles of tiles on the copy, on its grid of blocks, and where the corners of their windows lie on the view; only those
/// that both show.
fn tiles(view: &View, (from, to): (usize, usize), copy: &Seen) -> Option<Vec<Tile>> {
    let back = copy.map.inverse()?;
    let (w, h) = (copy.luma.width() as usize, copy.luma.height() as usize);
    let half = WINDOW / 2;
    let shown = |x: f32, y: f32| {
        let inside = x >= 0.0 && y >= 0.0 && x < view.size.0 as f32 && y < view.size.1 as f32;
        let k = y.max(0.0) as usize * view.size.0 + x.max(0.0) as usize;
        inside && view.laid[from].shown[k] > 0 && view.laid[to].shown[k] > 0
    };
    let onto = |x: usize, y: usize| {
        let (u, v) = back.apply(x as f64, y as f64);
        let (u, v) = (u as f32, v as f32);
        let mut at = (u, v);
        for _ in 0..2 {
            let (dx, dy) = copy.drift.at(at.0, at.1);
            at = (u - dx, v - dy);
        }
        at
    };
    let mut out = Vec::new();
    for y in (TILE..h.saturating_sub(half)).step_by(TILE) {
        for x in (TILE..w.saturating_sub(half)).step_by(TILE) {
            let corner = |dx: usize, dy: usize| onto(x + dx - half, y + dy - half);
            let corners = [corner(0, 0), corner(WINDOW, 0), corner(WINDOW, WINDOW), corner(0, WINDOW)];
            if corners.iter().all(|(u, v)| shown(*u, *v)) {
                out.push(((x, y), corners));
            }
        }
    }
    let step = out.len().div_ceil(TILES).max(1);
    Some(out.into_iter().step_by(step).collect())
}

/// A square of the copy around a point.
fn window(luma: &GrayImage, (x, y): (usize, usize), side: usize) -> Plane {
    let (left, top) = (x - side / 2, y - side / 2);
    let mut out = Plane::new(side, side);
    for (n, row) in out.data.chunks_exact_mut(side).enumerate() {
        let from = (top + n) * luma.width() as usize + left;
        row.iter_mut().zip(luma.as_raw().iter().skip(from)).for_each(|(o, v)| *o = f32::from(*v));
    }
    out
}

/// The same square drawn from the source, whose window has its corners there, moved by some pixels of the copy.
fn drawn(luma: &Plane, corners: &[(f32, f32); 4], side: usize, (dx, dy): (f32, f32)) -> Plane {
    let mut out = Plane::new(side, side);
    let pad = (WINDOW - side) as f32 / 2.0;
    for (y, row) in out.data.chunks_exact_mut(side).enumerate() {
        let v = (y as f32 + pad + 0.5 + dy) / WINDOW as f32;
        let mix = |p: (f32, f32), q: (f32, f32), t: f32| (p.0 + (q.0 - p.0) * t, p.1 + (q.1 - p.1) * t);
        let (left, right) = (mix(corners[0], corners[3], v), mix(corners[1], corners[2], v));
        for (x, o) in row.iter_mut().enumerate() {
            let (px, py) = mix(left, right, (x as f32 + pad + 0.5 + dx) / WINDOW as f32);
            *o = lay::cubic(luma, (px - 0.5).max(1.0), (py - 0.5).max(1.0));
        }
    }
    out
}

/// By how much the source must be moved to lie on the copy, by least squares on the slopes (Lucas and Kanade 1981, "An
/// iterative image registration technique"); `None` where nothing holds it, or it runs away.
fn shift(luma: &Plane, corners: &[(f32, f32); 4], own: &Plane) -> Option<(f32, f32)> {
    let mean = |p: &Plane| p.data.iter().sum::<f32>() / p.data.len() as f32;
    let own = own.blurred(0.8);
    let middle = mean(&own);
    let spread = own.data.iter().map(|v| (v - middle).powi(2)).sum::<f32>() / own.data.len() as f32;
    if spread < 40.0 {
        return None;
    }
    let mut by = (0.0_f32, 0.0_f32);
    for _ in 0..4 {
        let other = drawn(luma, corners, WINDOW, by).blurred(0.8);
        let level = mean(&other);
        let (mut cross, mut square) = (0.0_f32, 1e-3_f32);
        for (p, q) in own.data.iter().zip(&other.data) {
            cross += (p - middle) * (q - level);
            square += (q - level).powi(2);
        }
        let gain = cross / square;
        let (mut xx, mut xy, mut yy, mut xe, mut ye) = (1e-3_f32, 0.0, 1e-3_f32, 0.0, 0.0);
        for y in 1..WINDOW - 1 {
            for x in 1..WINDOW - 1 {
                let k = y * WINDOW + x;
                let gx = gain * (other.data[k + 1] - other.data[k - 1]) / 2.0;
                let gy = gain * (other.data[k + WINDOW] - other.data[k - WINDOW]) / 2.0;
                let e = (own.data[k] - middle) - gain * (other.data[k] - level);
                (xx, xy, yy) = (xx + gx * gx, xy + gx * gy, yy + gy * gy);
                (xe, ye) = (xe + gx * e, ye + gy * e);
            }
        }
        let det = xx * yy - xy * xy;
        if det < 1e-3 * xx * yy {
            return None;
        }
        by = (by.0 + (yy * xe - xy * ye) / det, by.1 + (xx * ye - xy * xe) / det);
        if !(by.0.abs() < 3.0 && by.1.abs() < 3.0) {
            return None;
        }
    }
    Some(by)
}

/// The middle shift of the nearest tiles that have one.
fn around(tiles: &[Tile], shifts: &[Option<(f32, f32)>], at: (usize, usize)) -> Option<(f32, f32)> {
    let far = |t: &Tile| t.0.0.abs_diff(at.0).pow(2) + t.0.1.abs_diff(at.1).pow(2);
    let mut near: Vec<(usize, (f32, f32))> =
        tiles.iter().zip(shifts).filter_map(|(t, s)| Some((far(t), (*s)?))).collect();
    near.sort_by_key(|n| n.0);
    near.truncate(7);
    let middle = |get: fn(&(f32, f32)) -> f32| {
        let mut all: Vec<f32> = near.iter().map(|n| get(&n.1)).collect();
        quantile(&mut all, 0.5)
    };
    (near.len() >= 3).then(|| (middle(|s| s.0), middle(|s| s.1)))
}

/// The frequencies of the blocks of blank paper, on the source and on the copy.
fn blocks(source: &Plane, copy: &Plane) -> Vec<[[f32; 64]; 2]> {
    let mut out = Vec::new();
    for y in (0..TILE).step_by(SIDE) {
        for x in (0..TILE).step_by(SIDE) {
            let cut = |p: &Plane| p.part(x as isize, y as isize, SIDE, SIDE).data;
            let (p, q) = (cut(source), cut(copy));
            let range = |b: &[f32]| {
                b.iter().copied().fold(f32::MIN, f32::max) - b.iter().copied().fold(f32::MAX, f32::min)
            };
            if range(&q) < CALM.0 && range(&p) < CALM.1 {
                out.push([waves(&p), waves(&q)]);
            }
        }
    }
    out
}

/// The discrete cosine transform of a block, row by row.
pub(crate) fn waves(block: &[f32]) -> [f32; 64] {
    static BASIS: LazyLock<[f32; 64]> = LazyLock::new(|| {
        std::array::from_fn(|k| {
            let (u, x) = ((k / SIDE) as f32, (k % SIDE) as f32);
            let norm = if k < SIDE { (1.0_f32 / 8.0).sqrt() } else { 0.5 };
            norm * (std::f32::consts::PI * u * (2.0 * x + 1.0) / 16.0).cos()
        })
    });
    let basis = &*BASIS;
    let across: [f32; 64] = std::array::from_fn(|k| {
        let (y, u) = (k / SIDE, k % SIDE);
        (0..SIDE).map(|x| block[y * SIDE + x] * basis[u * SIDE + x]).sum()
    });
    std::array::from_fn(|k| {
        let (v, u) = (k / SIDE, k % SIDE);
        (0..SIDE).map(|y| across[y * SIDE + u] * basis[v * SIDE + y]).sum()
    })
}

/// Over all frequencies, weighted by what the copy's encoding leaves of them.
fn weighed(blocks: &[[[f32; 64]; 2]], (source, copy): (&Seen, &Seen), scale: f32) -> Option<Told> {
    if blocks.len() < LEAST.0 {
        return None;
    }
    let (mut excess, mut own, mut total, mut count) = (0.0, 0.0, 0.0, 0);
    for k in 0..SIDE * SIDE {
        let radius = ((k / SIDE) as f32).hypot((k % SIDE) as f32);
        if !(RADII.0..=RADII.1).contains(&radius) {
            continue;
        }
        let step = |seen: &Seen| seen.steps.map(|s| f32::from(s[k]));
        let x: Vec<f32> = blocks.iter().map(|b| b[0][k]).collect();
        let y: Vec<f32> = blocks.iter().map(|b| b[1][k]).collect();
        let rounding = step(source).unwrap_or(0.0) / scale.max(1.0);
        let Some((agree, trial, power)) = compared(&x, &y, step(copy).unwrap_or(1.0)) else { continue };
        let lost = rounding * rounding / 12.0;
        let moved = 0.5 * (1.0 + lost / (power - lost).max(0.1 * power)).ln();
        let weight = trial * trial;
        excess += weight * (trial.ln() - agree.max(0.02).ln());
        own += weight * moved.min(1.5);
        total += weight;
        count += 1;
    }
    (count >= LEAST.1).then(|| Told { excess: excess / total, own: own / total })
}

/// Correlation of the source with the copy, and with itself rounded in the copy's steps, and its power; `None` where the
/// steps leave hardly anything.
fn compared(x: &[f32], y: &[f32], step: f32) -> Option<(f32, f32, f32)> {
    let dot = |p: &[f32], q: &[f32]| p.iter().zip(q).map(|(p, q)| f64::from(p * q)).sum::<f64>();
    let gain = (dot(x, y) / dot(x, x).max(1e-9)).abs() as f32;
    let rounded: Vec<f32> = x.iter().map(|v| (v * gain / step).round() * step).collect();
    let trial = correlation(x, &rounded)?;
    let power = dot(x, x) as f32 / x.len().max(1) as f32;
    (trial >= 0.25).then_some((correlation(x, y)?, trial, power))
}

fn correlation(x: &[f32], y: &[f32]) -> Option<f32> {
    let n = x.len().max(1) as f64;
    let mean = |v: &[f32]| v.iter().map(|v| f64::from(*v)).sum::<f64>() / n;
    let (mx, my) = (mean(x), mean(y));
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for (p, q) in x.iter().zip(y) {
        let (p, q) = (f64::from(*p) - mx, f64::from(*q) - my);
        (xx, yy, xy) = (xx + p * p, yy + q * q, xy + p * q);
    }
    (xx > 1e-6 * n && yy > 1e-6 * n).then(|| (xy / (xx * yy).sqrt()) as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_steps_of_a_file_are_read_and_nothing_else_is() {
        let mut bytes = Vec::new();
        let raster = image::RgbImage::from_pixel(16, 16, image::Rgb([200, 190, 180]));
        let mut encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 50);
        encoder.encode_image(&raster).unwrap();
        let found = steps(&bytes).unwrap();
        // The table of the standard, which is that of quality 50.
        assert_eq!(found[..8], [16, 11, 10, 16, 24, 40, 51, 61]);
        assert_eq!(found[8..12], [12, 12, 14, 19]);
        for cut in 0..bytes.len().min(200) {
            let _ = steps(&bytes[..cut]);
        }
        assert_eq!(steps(b"\x89PNG\r\n"), None);
        assert_eq!(steps(&[0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0]), None);
    }

    #[test]
    fn a_lost_source_shows_in_the_excess() {
        assert!(Told { excess: 0.6, own: 0.75 }.apart() && !Told { excess: 0.6, own: 0.75 }.at_once());
        assert!(!Told { excess: 0.02, own: 0.7 }.apart() && Told { excess: 0.02, own: 0.7 }.at_once());
        // Softened on the way: farther than any rounding explains.
        assert!(!Told { excess: 0.7, own: 0.1 }.apart());
    }
}
