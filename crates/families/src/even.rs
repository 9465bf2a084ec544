//! Makes two pictures of one sheet as alike as they can be made without touching what is written: one is brought onto the
//! other to parts of a pixel, the sharper one is made as soft as the other, and shade falls out.

use crate::agree::{Field, Sheets};
use crate::grey::Plane;
use crate::moments::Moments;
use crate::squares::{Sums, fine};

/// Side of the squares by which the pictures are brought onto each other, the distance between them, and how well they
/// must fit.
const SQUARE: usize = 32;
const GRID: usize = 24;
const FITS: f32 = 0.5;
/// Standard deviation of grey levels that ink makes.
const DEVIATION: f32 = 4.0;
/// How much softer the sharper one may be made, and the gain that is worth it.
const SOFTER: [f32; 5] = [0.6, 0.9, 1.2, 1.6, 2.1];
const GAIN: f32 = 0.002;
/// Pixels within which there is paper, across and down.
const PAPER: (usize, usize) = (16, 16);
/// Paper darker than this share of the usual one is none.
const DARK: f32 = 0.45;

/// Two pictures made alike.
pub(crate) struct Even {
    /// The ink of both on the pixels of the first: how dark against the paper around, as a share of how dark ink is.
    pub still: Plane,
    pub laid: Plane,
    /// Where either is dark over more than letters, as a black box is.
    pub dark: Vec<bool>,
}

/// Makes both as alike as they can be made.
pub(crate) fn evened_out(sheets: &Sheets, core: [f64; 4]) -> Even {
    let laid = brought(sheets.still.plane, &sheets.laid, &sheets.field);
    let (still, laid) = evened(sheets.still.plane, laid, core);
    let papers = [closed(&still, PAPER), closed(&laid, PAPER)];
    let [one, two] = [dark(&papers[0]), dark(&papers[1])];
    let either = one.iter().zip(&two).map(|(one, two)| *one || *two).collect();
    Even { still: flat(&still, &papers[0]), laid: flat(&laid, &papers[1]), dark: either }
}

/// The second picture brought onto the first to parts of a pixel.
fn brought(still: &Plane, laid: &Sums, field: &Field) -> Plane {
    let (columns, rows) = (still.width.div_ceil(GRID) + 1, still.height.div_ceil(GRID) + 1);
    let still_sums = Sums::of(still);
    let mut found = vec![None; columns * rows];
    for (k, found) in found.iter_mut().enumerate() {
        let corner = |v: usize| (v * GRID) as i32 - (SQUARE / 2) as i32;
        let at = (corner(k % columns), corner(k / columns));
        let off = field.at(k % columns * GRID, k / columns * GRID);
        let square = still_sums.square(at.0, at.1, SQUARE).filter(|square| square.deviation > DEVIATION);
        *found = square
            .and_then(|square| fine(&square, laid, at, off))
            .filter(|(fit, _)| *fit > FITS)
            .map(|(_, moved)| moved);
    }
    let moves: Vec<(f32, f32)> = (0..columns * rows)
        .map(|k| {
            let settled = [1, 2, 4].iter().find_map(|reach| settled(&found, columns, rows, k, *reach));
            let off = field.at(k % columns * GRID, k / columns * GRID);
            settled.unwrap_or((off.0 as f32, off.1 as f32))
        })
        .collect();
    let mut out = Plane::new(still.width, still.height);
    let (right, bottom) = (laid.plane.width as f32 - 1.0, laid.plane.height as f32 - 1.0);
    for (y, line) in out.data.chunks_exact_mut(still.width.max(1)).enumerate() {
        let (row, v) = (y / GRID, (y % GRID) as f32 / GRID as f32);
        // The moves at the nodes of this row, between those above and below.
        let node = |k: usize| {
            let (a, b) = (moves[row * columns + k], moves[(row + 1) * columns + k]);
            (a.0 + (b.0 - a.0) * v, a.1 + (b.1 - a.1) * v)
        };
        for (column, part) in line.chunks_mut(GRID).enumerate() {
            let (from, to) = (node(column), node(column + 1));
            for (n, level) in part.iter_mut().enumerate() {
                let (x, u) = ((column * GRID + n) as f32, n as f32 / GRID as f32);
                let (p, q) = (x + from.0 + (to.0 - from.0) * u, y as f32 + from.1 + (to.1 - from.1) * u);
                let inside = p >= 0.0 && q >= 0.0 && p < right && q < bottom;
                *level = if inside { laid.plane.between(p, q) } else { f32::NAN };
            }
        }
    }
    out
}

/// The median move around a node, if enough squares there were found again.
fn settled(
    found: &[Option<(f64, f64)>],
    columns: usize,
    rows: usize,
    k: usize,
    reach: usize,
) -> Option<(f32, f32)> {
    let (row, column) = (k / columns, k % columns);
    let mut near = Vec::with_capacity(81);
    for r in row.saturating_sub(reach)..(row + reach + 1).min(rows) {
        let line = column.saturating_sub(reach)..(column + reach + 1).min(columns);
        near.extend(line.filter_map(|c| found[r * columns + c]));
    }
    if near.len() < 4 {
        return None;
    }
    let middle = |take: fn(&(f64, f64)) -> f64| {
        let mut values: Vec<f64> = near.iter().map(take).collect();
        values.sort_unstable_by(f64::total_cmp);
        // The mean of the middle third: parts of a pixel count.
        let third = &values[values.len() / 3..values.len() - values.len() / 3];
        (third.iter().sum::<f64>() / third.len().max(1) as f64) as f32
    };
    Some((middle(|moved| moved.0), middle(|moved| moved.1)))
}

/// The two planes, the sharper one made as soft as the other.
fn evened(still: &Plane, laid: Plane, core: [f64; 4]) -> (Plane, Plane) {
    let samples = Samples::of(still, &laid, core);
    let even = samples.fit(0.0, false);
    let mut best = (even, 0.0, false);
    for second in [false, true] {
        for sigma in SOFTER {
            let fit = samples.fit(sigma, second);
            if fit <= best.0 + GAIN {
                break;
            }
            best = (fit, sigma, second);
        }
    }
    match best {
        (_, 0.0, _) => (still.clone(), laid),
        (_, sigma, false) => (still.blurred(sigma), laid),
        (_, sigma, true) => (still.clone(), laid.blurred(sigma)),
    }
}

/// Where paper is far darker than it usually is.
fn dark(paper: &Plane) -> Vec<bool> {
    let mut some: Vec<f32> = paper.data.iter().step_by(31).copied().filter(|level| !level.is_nan()).collect();
    let middle = some.len() / 2;
    let usual = if some.is_empty() { 0.0 } else { *some.select_nth_unstable_by(middle, f32::total_cmp).1 };
    paper.data.iter().map(|level| *level < DARK * usual).collect()
}

/// How dark each pixel is against the paper around it, as a share of how dark ink is: what is darker than all that is near
/// over a small square is ink, so that shades and folds fall out (a closing: Serra 1982). NaN stays.
fn flat(plane: &Plane, paper: &Plane) -> Plane {
    let mut depths = Vec::with_capacity(plane.data.len() / 16);
    let mut out = plane.clone();
    for (level, paper) in out.data.iter_mut().zip(&paper.data) {
        *level = 1.0 - *level / paper.max(8.0);
    }
    for line in out.data.chunks(plane.width.max(1)).step_by(3) {
        depths.extend(line.iter().step_by(3).filter(|depth| **depth > 0.1).copied());
    }
    let most = depths.len() * 9 / 10;
    let depth = if depths.is_empty() {
        1.0
    } else {
        let (_, depth, _) = depths.select_nth_unstable_by(most, f32::total_cmp);
        depth.max(0.1)
    };
    out.data.iter_mut().for_each(|level| *level = (*level / depth).clamp(-0.5, 1.5));
    out
}

/// The most over so many pixels to the right and below, of them the least over as many to the left and above. NaN is none, and
/// stays where there is nothing else.
pub(crate) fn closed(plane: &Plane, (across, down): (usize, usize)) -> Plane {
    let (width, height) = (plane.width, plane.height);
    let mut data: Vec<f32> =
        plane.data.iter().map(|level| if level.is_nan() { f32::NEG_INFINITY } else { *level }).collect();
    let mut before = vec![0.0; width];
    for line in data.chunks_exact_mut(width.max(1)) {
        for step in steps(across).filter(|step| *step < width) {
            before.copy_from_slice(line);
            line.iter_mut().zip(&before[step..]).for_each(|(to, from)| *to = most(*to, *from));
        }
    }
    // Strips, of which all rows fit into the cache.
    for strip in (0..width).step_by(STRIP).map(|x| x..(x + STRIP).min(width)) {
        for step in steps(down) {
            for y in 0..height.saturating_sub(step) {
                let (above, below) = data.split_at_mut((y + step) * width);
                let to = &mut above[y * width..(y + 1) * width][strip.clone()];
                to.iter_mut().zip(&below[strip.clone()]).for_each(|(to, from)| *to = most(*to, *from));
            }
        }
        for y in 0..height {
            // Where there was nothing, nothing is least.
            let line = &mut data[y * width..(y + 1) * width][strip.clone()];
            line.iter_mut().for_each(|to| *to = if *to == f32::NEG_INFINITY { f32::INFINITY } else { *to });
        }
        for step in steps(down) {
            for y in (step..height).rev() {
                let (above, below) = data.split_at_mut(y * width);
                let from = &above[(y - step) * width..(y - step + 1) * width][strip.clone()];
                below[strip.clone()].iter_mut().zip(from).for_each(|(to, from)| *to = least(*to, *from));
            }
        }
    }
    for line in data.chunks_exact_mut(width.max(1)) {
        for step in steps(across).filter(|step| *step < width) {
            before.copy_from_slice(line);
            line[step..].iter_mut().zip(&before).for_each(|(to, from)| *to = least(*to, *from));
        }
        line.iter_mut().for_each(|to| *to = if *to == f32::INFINITY { f32::NAN } else { *to });
    }
    Plane { width, height, data }
}

/// Pixels across of which a strip of a picture fits into the cache.
const STRIP: usize = 16;

/// The larger of two numbers of which none is NaN: one instruction, other than `f32::max`.
fn most(one: f32, two: f32) -> f32 {
    if one > two { one } else { two }
}

/// The smaller of two numbers of which none is NaN.
fn least(one: f32, two: f32) -> f32 {
    if one < two { one } else { two }
}

/// Steps by which a span grows from one pixel to so many, each at most as long as what there is.
fn steps(span: usize) -> impl Iterator<Item = usize> {
    let mut held = 1;
    std::iter::from_fn(move || {
        let step = held.min(span.saturating_sub(held));
        held += step;
        (step > 0).then_some(step)
    })
}

/// Patches of both planes with ink, one below the other.
struct Samples {
    still: Plane,
    laid: Plane,
}

impl Samples {
    const SIDE: usize = 32;
    const MARGIN: usize = 6;
    const MOST: usize = 160;

    fn of(still: &Plane, laid: &Plane, [left, top, right, bottom]: [f64; 4]) -> Self {
        let side = Self::SIDE;
        let mut corners = Vec::new();
        let (right, bottom) = (right.min(still.width as f64), bottom.min(still.height as f64));
        let sums = (Sums::of(still), Sums::of(laid));
        for y in (top.max(0.0) as usize..(bottom.max(0.0) as usize).saturating_sub(side)).step_by(side) {
            for x in (left.max(0.0) as usize..(right.max(0.0) as usize).saturating_sub(side)).step_by(side) {
                let (x, y) = (x as i32, y as i32);
                let both = sums.0.spread(x, y, side).zip(sums.1.spread(x, y, side));
                if let Some(((_, mine), (_, theirs))) = both
                    && mine.min(theirs) > DEVIATION
                {
                    corners.push((x as usize, y as usize));
                }
            }
        }
        let step = (corners.len() / Self::MOST).max(1);
        let taken: Vec<(usize, usize)> = corners.into_iter().step_by(step).take(Self::MOST).collect();
        let cut = |plane: &Plane| {
            let mut out = Plane::new(side, side * taken.len());
            for (n, (x, y)) in taken.iter().enumerate() {
                for row in 0..side {
                    let from = (y + row) * plane.width + x;
                    let to = (n * side + row) * side;
                    out.data[to..to + side].copy_from_slice(&plane.data[from..from + side]);
                }
            }
            out
        };
        Self { still: cut(still), laid: cut(laid) }
    }

    /// The median correlation once one side is softened.
    fn fit(&self, sigma: f32, second: bool) -> f32 {
        let soft = |plane: &Plane, wanted: bool| {
            if wanted && sigma > 0.0 { plane.blurred(sigma) } else { plane.clone() }
        };
        let (still, laid) = (soft(&self.still, !second), soft(&self.laid, second));
        let count = self.still.height / Self::SIDE;
        let mut fits: Vec<f32> = (0..count)
            .map(|n| {
                let mut sums = Moments::default();
                for row in Self::MARGIN..Self::SIDE - Self::MARGIN {
                    let from = (n * Self::SIDE + row) * Self::SIDE;
                    let line = from + Self::MARGIN..from + Self::SIDE - Self::MARGIN;
                    sums.add(&still.data[line.clone()], &laid.data[line]);
                }
                sums.correlation()
            })
            .collect();
        fits.sort_unstable_by(f32::total_cmp);
        fits.get(fits.len() / 2).copied().unwrap_or(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_is_the_least_of_the_most() {
        let (width, height) = (150, 40);
        // A part of it shows nothing.
        let nothing = |k: usize| k % width > 60 && k % width < 120 && k / width < 30;
        let level = |k: usize| ((k * 2_654_435_761_usize) >> 13) as u8 as f32;
        let data = (0..width * height).map(|k| if nothing(k) { f32::NAN } else { level(k) }).collect();
        let plane = Plane { width, height, data };
        let over = |from: &dyn Fn(usize, usize) -> f32, xs: [usize; 2], ys: [usize; 2], most: bool| {
            let all =
                (ys[0]..ys[1]).flat_map(|y| (xs[0]..xs[1]).map(move |x| (x, y))).map(|(x, y)| from(x, y));
            all.reduce(|a, b| if most { a.max(b) } else { a.min(b) }).unwrap()
        };
        let level = |x: usize, y: usize| plane.data[y * width + x];
        let (across, down) = (21, 10);
        let opened = |x: usize, y: usize| {
            over(&level, [x, (x + across).min(width)], [y, (y + down).min(height)], true)
        };
        let found = closed(&plane, (across, down));
        let places: [(usize, usize); 7] =
            [(0, 0), (70, 20), (149, 39), (63, 1), (64, 39), (140, 30), (90, 9)];
        assert!(found.data[9 * width + 90].is_nan() && !found.data[20 * width + 70].is_nan());
        for (x, y) in places {
            let wanted = over(
                &opened,
                [x.saturating_sub(across - 1), x + 1],
                [y.saturating_sub(down - 1), y + 1],
                false,
            );
            let found = found.data[y * width + x];
            assert!(found == wanted || found.is_nan() && wanted.is_nan(), "at {x}, {y}: {found}, {wanted}");
        }
    }
}
