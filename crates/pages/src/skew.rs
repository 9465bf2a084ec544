//! The tilt of text lines where no border of the sheet is seen.
//!
//! The profile of ink across the lines is sharpest when it is taken along them (Postl 1986); the angle is sought coarsely,
//! then finely, along rows and along columns, since the text may stand on its side.

use image::GrayImage;

/// The largest tilt sought, in degrees.
const MOST: f64 = 12.0;

/// Degrees clockwise by which the text lines run off the level (or the upright), if there are enough of them.
pub(crate) fn angle(even: &GrayImage) -> Option<f64> {
    let few = [ink(even, false, FEW), ink(even, true, FEW)];
    if few[0].len() < 400 {
        return None;
    }
    let mut best = (0.0, 0.0, 0);
    for (k, points) in few.iter().enumerate() {
        let steps = (MOST / 0.5) as i32;
        for step in -steps..=steps {
            let angle = f64::from(step) * 0.5;
            let sharp = sharpness(points, angle);
            if sharp > best.0 {
                best = (sharp, angle, k);
            }
        }
    }
    let points = ink(even, best.2 == 1, MANY);
    let flat = sharpness(&points, 0.0).max(sharpness(&ink(even, best.2 == 0, MANY), 0.0));
    best.0 = sharpness(&points, best.1);
    for width in [0.25, 0.1, 0.05] {
        let around = best.1;
        for step in -3..=3 {
            let angle = around + width * f64::from(step);
            let sharp = sharpness(&points, angle);
            if sharp > best.0 {
                best = (sharp, angle, best.2);
            }
        }
    }
    // Columns are sheared the other way.
    let angle = if best.2 == 0 { best.1 } else { -best.1 };
    (best.0 > 1.06 * flat && best.1.abs() < MOST).then_some(angle)
}

/// Points the coarse search is made on, and the fine one.
const FEW: usize = 12_000;
const MANY: usize = 40_000;

/// Ink pixels as (along, across), about `most` of them.
fn ink(even: &GrayImage, columns: bool, most: usize) -> Vec<(f32, f32)> {
    let w = even.width() as usize;
    let all = even.as_raw().iter().filter(|v| **v < 150).count();
    let every = all / most + 1;
    let mut out = Vec::with_capacity(all / every + 1);
    let mut n = 0;
    for (y, row) in even.as_raw().chunks_exact(w.max(1)).enumerate() {
        for (x, _) in row.iter().enumerate().filter(|(_, v)| **v < 150) {
            n += 1;
            // Every n-th by a stride that hangs together with no row.
            if n * 7919 % every == 0 {
                let (x, y) = (x as f32, y as f32);
                out.push(if columns { (y, x) } else { (x, y) });
            }
        }
    }
    out
}

fn sharpness(points: &[(f32, f32)], angle: f64) -> f64 {
    let slope = angle.to_radians().tan() as f32;
    let reach = points.iter().map(|p| p.0.max(p.1)).fold(0.0f32, f32::max) * 1.3;
    let bins = (reach * 1.6 / 2.0) as usize + 8;
    let mut counts = vec![0u32; bins];
    for (along, across) in points {
        let at = (across - along * slope + reach * 0.3) / 2.0;
        if at >= 0.0
            && let Some(count) = counts.get_mut(at as usize)
        {
            *count += 1;
        }
    }
    let steps = counts.windows(2).map(|v| (f64::from(v[1]) - f64::from(v[0])).powi(2));
    steps.sum::<f64>() / (points.len().max(1) as f64).powi(2)
}

/// How wide the ink reaches (pixels between the outermost hundredths) along lines tilted by `angle`, and whether more than a
/// little of it lies outside the rectangle of the raster's size turned by `angle` about its middle.
pub(crate) fn reach(even: &GrayImage, angle: f64) -> (f64, bool) {
    let (w, h) = (f64::from(even.width()), f64::from(even.height()));
    let (sin, cos) = angle.to_radians().sin_cos();
    let mut beyond = 0usize;
    let mut along = Vec::new();
    let every = even.as_raw().iter().filter(|v| **v < 150).count() / MANY + 1;
    for (k, _) in even.as_raw().iter().enumerate().filter(|(_, v)| **v < 150).step_by(every) {
        let (x, y) =
            ((k % even.width() as usize) as f64 - w / 2.0, (k / even.width() as usize) as f64 - h / 2.0);
        let (u, v) = (x * cos + y * sin, y * cos - x * sin);
        if solid(even, k) {
            continue;
        }
        along.push(u as f32);
        beyond += usize::from(u.abs() > w / 2.0 || v.abs() > h / 2.0);
    }
    along.sort_by(f32::total_cmp);
    let (Some(first), Some(last)) = (along.get(along.len() / 100), along.get(along.len() * 99 / 100)) else {
        return (0.0, false);
    };
    (f64::from(last - first), beyond * 100 > along.len())
}

/// Whether a pixel lies in a dark area wider than strokes are: the ground a page was turned on, a plate.
fn solid(even: &GrayImage, at: usize) -> bool {
    let (w, h) = (even.width() as usize, even.height() as usize);
    let (x, y) = (at % w, at / w);
    let dark = |x: usize, y: usize| even.as_raw()[y * w + x] < 150;
    let (l, r) = (x.saturating_sub(7), (x + 7).min(w - 1));
    let (t, b) = (y.saturating_sub(7), (y + 7).min(h - 1));
    let corners = [dark(l, t), dark(r, t), dark(l, b), dark(r, b)];
    let cross = [dark(l, y), dark(r, y), dark(x, t), dark(x, b)];
    corners.iter().chain(&cross).filter(|v| **v).count() >= 3
}
