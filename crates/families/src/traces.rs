//! What two pictures of one sheet share beyond its ink: the traces of one photograph or scan.
//!
//! Comes in: the shared part of two pictures that were found to show one sheet. Goes out: measures. How far the map is from
//! what cropping, scaling, turning and cutting do to a file (an affine map), and how far the paper is bent beyond any map
//! of a plane; whether light and shade of the paper, without the even fall of light that most pictures have, are the same;
//! whether the grain of blank paper is the same (as with sensor noise: Lukas, Fridrich, Goljan, TIFS 2006, though here of
//! one picture, not of one camera). Ink is left out wherever it can be, since it is the same in both anyway.
//! Deliberately absent: what the measures mean; [`crate::exposures`] says that.

use model::Measure;

use crate::agree::Sheets;
use crate::grey::Plane;
use crate::homography::{Homography, Pair};
use crate::overlap::{Overlap, warp};
use crate::squares::fine;

pub(crate) const OFF_AFFINE: &str = "map beyond an affine one";
pub(crate) const OFF_PLANE: &str = "paper bent beyond the map";
pub(crate) const BENT: &str = "paper bent beyond the map, over wide parts";
pub(crate) const SHADE: &str = "shade of the paper alike";
pub(crate) const SHADE_FIRST: &str = "shade of the first's paper";
pub(crate) const SHADE_SECOND: &str = "shade of the second's paper";
pub(crate) const GRAIN: &str = "grain of the paper alike";
pub(crate) const GRAIN_FIRST: &str = "grain of the first's paper";
pub(crate) const GRAIN_SECOND: &str = "grain of the second's paper";

/// Side of the squares whose place is measured, in pixels of the overlap, and how well they must fit.
const SQUARE: usize = 40;
const SQUARES: usize = 260;
const FITS: f32 = 0.7;
const FEWEST_SQUARES: usize = 14;
const FEWEST_IN_PART: usize = 6;
/// Side of the cells whose paper is looked at, and how many of them are needed.
const CELL: usize = 32;
const FEWEST_CELLS: usize = 60;
/// Side of the cells whose grain is looked at, and how many pixels are needed.
const BLANK: usize = 16;
const FEWEST_PIXELS: usize = 4_000;
/// Numbers that an even fall of light has: six of a square surface, and two for ink that darkens what is around it.
const EVEN: usize = 8;

/// The measures of an overlap, within `core` (left, top, right, bottom; pixels of the overlap); those that cannot be
/// taken are missing.
pub(crate) fn traces(overlap: &Overlap, sheets: &Sheets, core: [f64; 4]) -> Vec<Measure> {
    let mut out = Vec::new();
    let pairs = squares(overlap, sheets, core);
    let mut plane = None;
    if let Some((affine, _)) = settle(&pairs, 6)
        && let Some((bent, map)) = settle(&pairs, 8)
    {
        out.push(Measure::new(OFF_AFFINE, rounded(affine), "pixels of the overlap", None));
        out.push(Measure::new(OFF_PLANE, rounded(bent), "pixels of the overlap", None));
        out.push(Measure::new(BENT, rounded(bent_widely(&pairs, &map, core)), "pixels of the overlap", None));
        plane = Some(map);
    }
    let turned = |one, two| if overlap.swapped { (two, one) } else { (one, two) };
    if let Some((alike, mine, theirs)) = shade(overlap, core) {
        let (first, second) = turned(mine, theirs);
        out.push(Measure::new(SHADE, rounded(alike), "correlation", None));
        out.push(Measure::new(SHADE_FIRST, rounded(first), "share", None));
        out.push(Measure::new(SHADE_SECOND, rounded(second), "share", None));
    }
    if let Some((alike, mine, theirs)) = plane.and_then(|map| grain(overlap, &map, core)) {
        let (first, second) = turned(mine, theirs);
        out.push(Measure::new(GRAIN, rounded(alike), "correlation", None));
        out.push(Measure::new(GRAIN_FIRST, rounded(first), "grey levels", None));
        out.push(Measure::new(GRAIN_SECOND, rounded(second), "grey levels", None));
    }
    out
}

/// Where squares of the still picture lie on the raster of the other, to parts of a pixel.
fn squares(overlap: &Overlap, sheets: &Sheets, [left, top, right, bottom]: [f64; 4]) -> Vec<Pair> {
    let area = (right - left).max(0.0) * (bottom - top).max(0.0);
    let step = ((area / SQUARES as f64).sqrt() as usize).max(SQUARE / 2);
    let half = SQUARE as f64 / 2.0;
    let mut pairs = Vec::new();
    for y in (top.max(0.0) as usize..bottom.max(0.0) as usize).step_by(step) {
        for x in (left.max(0.0) as usize..right.max(0.0) as usize).step_by(step) {
            let Some(square) = sheets.still.square(x as i32, y as i32, SQUARE) else { continue };
            if square.deviation < 4.0 {
                continue;
            }
            let off = sheets.field.at(x + SQUARE / 2, y + SQUARE / 2);
            let Some((fit, (dx, dy))) = fine(&square, &sheets.laid, (x as i32, y as i32), off) else {
                continue;
            };
            if fit >= FITS {
                let a = (x as f64 + half, y as f64 + half);
                pairs.push(Pair { a, b: overlap.onto.apply((a.0 + dx, a.1 + dy)) });
            }
        }
    }
    pairs
}

/// The map with so many free numbers that fits the squares best, and how far off it three in four of them lie at most, in
/// pixels of the overlap.
fn settle(pairs: &[Pair], free: usize) -> Option<(f64, Homography)> {
    if pairs.len() < FEWEST_SQUARES {
        return None;
    }
    let mut weights = vec![1.0; pairs.len()];
    let mut told = None;
    for _ in 0..5 {
        let map = Homography::fit(pairs, &weights, free)?;
        let scale = map.area(pairs.first()?.a).abs().sqrt().max(1e-6);
        let off = |pair: &Pair| {
            let (u, v) = map.apply(pair.a);
            (u - pair.b.0).hypot(v - pair.b.1) / scale
        };
        let distances: Vec<f64> = pairs.iter().map(off).collect();
        let mut order = distances.clone();
        order.sort_unstable_by(f64::total_cmp);
        let at = |share: usize| order.get(order.len() * share / 100).copied().unwrap_or(0.0);
        let reach = (3.0 * at(50)).max(0.15);
        weights.iter_mut().zip(&distances).for_each(|(weight, off)| {
            let part = (off / reach).min(1.0);
            *weight = (1.0 - part * part).powi(2);
        });
        told = Some((at(75), map));
    }
    told
}

/// The part of what the map leaves that neighbours have in common: the root mean square over 3 x 3 parts of the medians in
/// each. What is uncertain of a single square falls out; what the paper is bent stays.
fn bent_widely(pairs: &[Pair], map: &Homography, [left, top, right, bottom]: [f64; 4]) -> f64 {
    let mut parts: [(Vec<f64>, Vec<f64>); 9] = Default::default();
    let part =
        |v: f64, low: f64, high: f64| (((v - low) / (high - low).max(1.0) * 3.0).clamp(0.0, 2.0)) as usize;
    for pair in pairs {
        let scale = map.area(pair.a).abs().sqrt().max(1e-6);
        let (u, v) = map.apply(pair.a);
        let here = &mut parts[part(pair.a.1, top, bottom) * 3 + part(pair.a.0, left, right)];
        here.0.push((pair.b.0 - u) / scale);
        here.1.push((pair.b.1 - v) / scale);
    }
    let median = |values: &mut Vec<f64>| {
        values.sort_unstable_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or(0.0)
    };
    let full = parts.iter_mut().filter(|part| part.0.len() >= FEWEST_IN_PART);
    let squares: Vec<f64> =
        full.map(|part| median(&mut part.0).powi(2) + median(&mut part.1).powi(2)).collect();
    (squares.iter().sum::<f64>() / squares.len().max(1) as f64).sqrt()
}

/// How alike the shade of the paper is, cell by cell, once the even fall of light is taken away: the correlation; and how
/// much shade either has, as a share of its light.
fn shade(overlap: &Overlap, [left, top, right, bottom]: [f64; 4]) -> Option<(f64, f64, f64)> {
    let mut cells = Vec::new();
    for y in (top.max(0.0) as usize..(bottom.max(0.0) as usize).saturating_sub(CELL)).step_by(CELL) {
        for x in (left.max(0.0) as usize..(right.max(0.0) as usize).saturating_sub(CELL)).step_by(CELL) {
            let both = paper(&overlap.still, x, y).zip(paper(&overlap.laid, x, y));
            cells.extend(both.map(|(mine, theirs)| Lit { at: (x as f64, y as f64), mine, theirs }));
        }
    }
    if cells.len() < FEWEST_CELLS {
        return None;
    }
    let (wide, high) = ((right - left).max(1.0), (bottom - top).max(1.0));
    let place = |(x, y): (f64, f64)| ((x - left) / wide * 2.0 - 1.0, (y - top) / high * 2.0 - 1.0);
    let side = |take: fn(&Lit) -> Paper| {
        let rows: Vec<([f64; EVEN], f64)> = cells
            .iter()
            .map(|cell| {
                let ((x, y), paper) = (place(cell.at), take(cell));
                let ink = paper.ink / paper.level.max(1.0);
                ([1.0, x, y, x * x, y * y, x * y, ink, ink * ink], paper.level.max(1.0).ln())
            })
            .collect();
        uneven(&rows)
    };
    let (mine, theirs) = (side(|cell| cell.mine)?, side(|cell| cell.theirs)?);
    let kept: Vec<(f64, f64)> = mine.rest.iter().zip(&theirs.rest).map(|(a, b)| (*a, *b)).collect();
    Some((correlation(&kept)?, mine.spread, theirs.spread))
}

/// One cell of either picture.
#[derive(Clone, Copy)]
struct Lit {
    at: (f64, f64),
    mine: Paper,
    theirs: Paper,
}

#[derive(Clone, Copy)]
struct Paper {
    level: f64,
    ink: f64,
}

/// The level of the paper in a cell, and how much ink there is; `None` where something has no level.
fn paper(plane: &Plane, x: usize, y: usize) -> Option<Paper> {
    let mut levels = Vec::with_capacity(CELL * CELL);
    for row in y..(y + CELL).min(plane.height) {
        levels.extend_from_slice(plane.data.get(row * plane.width + x..row * plane.width + x + CELL)?);
    }
    if levels.iter().any(|level| level.is_nan()) {
        return None;
    }
    let count = levels.len() as f64;
    let mean = levels.iter().map(|level| f64::from(*level)).sum::<f64>() / count;
    let at = levels.len() * 8 / 10;
    let (_, level, _) = levels.select_nth_unstable_by(at, f32::total_cmp);
    let level = f64::from(*level);
    Some(Paper { level, ink: (level - mean).max(0.0) })
}

struct Uneven {
    rest: Vec<f64>,
    spread: f64,
}

/// What an even fall of light leaves, what is far out brought in; and its spread.
fn uneven(rows: &[([f64; EVEN], f64)]) -> Option<Uneven> {
    let mut weights = vec![1.0; rows.len()];
    let mut rest: Vec<f64> = Vec::new();
    let mut spread = 0.0;
    for _ in 0..5 {
        let fitted = least_squares(rows, &weights)?;
        rest = rows
            .iter()
            .map(|(row, value)| value - row.iter().zip(&fitted).map(|(a, b)| a * b).sum::<f64>())
            .collect();
        let mut order: Vec<f64> = rest.iter().map(|v| v.abs()).collect();
        order.sort_unstable_by(f64::total_cmp);
        spread = order.get(order.len() / 2).copied().unwrap_or(0.0) * 1.4826;
        let reach = (3.0 * spread).max(1e-4);
        weights.iter_mut().zip(&rest).for_each(|(weight, v)| *weight = (reach / v.abs().max(reach)).powi(2));
    }
    let reach = (4.0 * spread).max(1e-4);
    let clipped: Vec<f64> = rest.iter().map(|v| v.clamp(-reach, reach)).collect();
    Some(Uneven { rest: clipped, spread })
}

fn least_squares(rows: &[([f64; EVEN], f64)], weights: &[f64]) -> Option<[f64; EVEN]> {
    let mut m = [[0.0_f64; EVEN + 1]; EVEN];
    for ((row, value), weight) in rows.iter().zip(weights) {
        for r in 0..EVEN {
            for c in 0..EVEN {
                m[r][c] += weight * row[r] * row[c];
            }
            m[r][EVEN] += weight * row[r] * value;
        }
    }
    // A little is added so that pictures without ink or light have a solution too.
    let least = rows.len() as f64 * 1e-7;
    (0..EVEN).for_each(|k| m[k][k] += least);
    for k in 0..EVEN {
        let pivot = (k..EVEN).max_by(|a, b| m[*a][k].abs().total_cmp(&m[*b][k].abs()))?;
        m.swap(k, pivot);
        if m[k][k].abs() < 1e-12 {
            return None;
        }
        let above = m[k];
        for (row, line) in m.iter_mut().enumerate() {
            if row != k {
                let factor = line[k] / above[k];
                line.iter_mut().zip(&above).skip(k).for_each(|(value, above)| *value -= factor * above);
            }
        }
    }
    Some(std::array::from_fn(|k| m[k][EVEN] / m[k][k]))
}

fn correlation(pairs: &[(f64, f64)]) -> Option<f64> {
    let count = pairs.len() as f64;
    let mean = pairs.iter().fold((0.0, 0.0), |sum, p| (sum.0 + p.0 / count, sum.1 + p.1 / count));
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for (x, y) in pairs {
        let (x, y) = (x - mean.0, y - mean.1);
        xx += x * x;
        yy += y * y;
        xy += x * y;
    }
    (count > 1.0 && xx > 1e-9 && yy > 1e-9).then(|| xy / (xx * yy).sqrt())
}

/// How alike the grain of blank paper is, the second picture laid by the map that fits best; and how strong either's is.
fn grain(
    overlap: &Overlap,
    map: &Homography,
    [left, top, right, bottom]: [f64; 4],
) -> Option<(f64, f64, f64)> {
    // From the frame to itself: where the laid picture shows what the still one shows at a place.
    let moved = overlap.onto.inverse()?.after(map);
    let still = rough(&overlap.still);
    let laid = warp(&rough(&overlap.laid), &moved, still.width, still.height);
    let (right, bottom) = (right.min(still.width as f64), bottom.min(still.height as f64));
    let mut cells = Vec::new();
    for y in (top.max(2.0) as usize..(bottom.max(0.0) as usize).saturating_sub(BLANK)).step_by(BLANK) {
        for x in (left.max(2.0) as usize..(right.max(0.0) as usize).saturating_sub(BLANK)).step_by(BLANK) {
            let cell = (y..y + BLANK).flat_map(|row| {
                let line = |plane: &Plane| row * plane.width + x..row * plane.width + x + BLANK;
                still.data[line(&still)].iter().copied().zip(laid.data[line(&laid)].iter().copied())
            });
            let cell: Vec<(f32, f32)> = cell.collect();
            if cell.iter().any(|(mine, theirs)| mine.is_nan() || theirs.is_nan()) {
                continue;
            }
            let strength = |take: fn(&(f32, f32)) -> f32| {
                (cell.iter().map(|p| take(p) * take(p)).sum::<f32>() / cell.len() as f32).sqrt()
            };
            cells.push(Grained { mine: strength(|p| p.0), theirs: strength(|p| p.1), pixels: cell });
        }
    }
    let usual = |take: fn(&Grained) -> f32| {
        let mut all: Vec<f32> = cells.iter().map(take).collect();
        all.sort_unstable_by(f32::total_cmp);
        all.get(all.len() / 12).copied().unwrap_or(0.0)
    };
    let (mine, theirs) = (usual(|cell| cell.mine), usual(|cell| cell.theirs));
    let blank = cells.iter().filter(|cell| cell.mine <= mine * 1.5 && cell.theirs <= theirs * 1.5);
    let pairs: Vec<(f64, f64)> =
        blank.flat_map(|cell| cell.pixels.iter().map(|p| (f64::from(p.0), f64::from(p.1)))).collect();
    if pairs.len() < FEWEST_PIXELS {
        return None;
    }
    Some((correlation(&pairs).unwrap_or(0.0), f64::from(mine), f64::from(theirs)))
}

/// One cell of both pictures: how rough either is, and all its pixels.
struct Grained {
    mine: f32,
    theirs: f32,
    pixels: Vec<(f32, f32)>,
}

/// By how much each pixel differs from the four around it; at the edges, and beside places without a level, there is none.
fn rough(plane: &Plane) -> Plane {
    let (width, height) = (plane.width, plane.height);
    let mut out = Plane::new(width, height);
    out.data.fill(f32::NAN);
    if width < 3 {
        return out;
    }
    for y in 1..height.saturating_sub(1) {
        let line = |y: usize| &plane.data[y * width..(y + 1) * width];
        let (above, here, below) = (&line(y - 1)[1..], line(y), &line(y + 1)[1..]);
        let around = here.iter().zip(&here[2..]).zip(above).zip(below);
        let to = &mut out.data[y * width + 1..(y + 1) * width - 1];
        for ((to, middle), (((left, right), above), below)) in to.iter_mut().zip(&here[1..]).zip(around) {
            *to = middle - (left + right + above + below) / 4.0;
        }
    }
    out
}

fn rounded(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grain_is_its_own_and_a_core_beyond_the_overlap_does_no_harm() {
        let mut plane = Plane::new(170, 130);
        for (k, level) in plane.data.iter_mut().enumerate() {
            *level = 200.0 + ((k * 2_654_435_761) >> 17) as u8 as f32 / 16.0;
        }
        let one = Homography::IDENTITY;
        let (still, laid) = (plane.clone(), plane);
        let overlap =
            Overlap { still, laid, shares: (1.0, 1.0), scale: 1.0, swapped: false, frame: one, onto: one };
        for core in [[0.0, 0.0, 170.0, 130.0], [-9.0, -9.0, 190.0, 160.0]] {
            let (alike, mine, theirs) = grain(&overlap, &one, core).unwrap();
            assert!(alike > 0.99 && (mine - theirs).abs() < 0.01, "{alike} {mine} {theirs}");
        }
    }
}
