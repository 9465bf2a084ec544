//! Brings the part that two pictures share to one scale: the coarser picture as it is, the finer one laid on it.

use crate::grey::Plane;
use crate::homography::Homography;
use crate::look::Look;

/// Pixels that the shared part is reduced to.
pub(crate) const PIXELS: f64 = 450_000.0;
/// Below this the shared part is too small to be compared.
const LEAST: f64 = 6_000.0;

/// Two pictures of one size, one laid on the other. Where the second shows nothing it is NaN.
pub(crate) struct Overlap {
    pub still: Plane,
    pub laid: Plane,
    /// Share of the first picture that the second covers, and of the second that the first covers.
    pub shares: (f64, f64),
    /// Pixels of the second for one of the first.
    pub scale: f64,
    /// Is the second picture the one that stands still?
    pub swapped: bool,
    /// From the still picture's raster to this frame.
    pub frame: Homography,
    /// From this frame to the raster of the picture that is laid.
    pub onto: Homography,
}

/// The shared part of two looks; `map` takes the first raster's pixels to the second's.
pub(crate) fn overlap(a: &Look, b: &Look, map: &Homography, pixels: f64) -> Option<Overlap> {
    let there = lay(a, b, map)?;
    let back = map.inverse()?;
    let here = lay(b, a, &back)?;
    let scale = there.scale * a.factor() / b.factor();
    let shares = (there.share, here.share);
    // The one of which a pixel falls on several of the other is the coarser.
    let swapped = there.scale < 1.0;
    let (still, other, way, laid) = if swapped { (b, a, &back, here) } else { (a, b, map, there) };
    let reduction = whole_if_near((pixels / laid.pixels).sqrt());
    if laid.pixels < LEAST {
        return None;
    }
    let fine = whole_if_near(reduction / laid.scale);
    let [x0, y0, x1, y1] = laid.span.map(|v| v * reduction);
    let (left, top) = (x0.floor().max(0.0) as usize, y0.floor().max(0.0) as usize);
    let whole = reduced(still.plane(), reduction);
    let (width, height) = ((x1.ceil() as usize).min(whole.width), (y1.ceil() as usize).min(whole.height));
    let (width, height) = (width.checked_sub(left)?, height.checked_sub(top)?);
    if width < 24 || height < 24 {
        return None;
    }
    let mut here = Plane::new(width, height);
    for (row, to) in here.data.chunks_exact_mut(width).enumerate() {
        let start = (row + top) * whole.width + left;
        to.copy_from_slice(&whole.data[start..start + width]);
    }
    let (unit, step) = (still.factor() * reduction, other.factor() * fine);
    let frame = Homography([unit, 0.0, -(left as f64), 0.0, unit, -(top as f64), 0.0, 0.0, 1.0]);
    let onto = way.after(&frame.inverse()?);
    let to = Homography::stretch(step).after(&onto);
    let laid = warp(&reduced(other.plane(), fine), &to, width, height);
    Some(Overlap { still: here, laid, shares, scale, swapped, frame, onto })
}

struct Laid {
    share: f64,
    pixels: f64,
    scale: f64,
    span: [f64; 4],
}

/// How much of `a` the other covers, in `a`'s look.
fn lay(a: &Look, b: &Look, map: &Homography) -> Option<Laid> {
    const STEPS: usize = 48;
    let way = Homography::stretch(b.factor()).after(&map.after(&Homography::stretch(1.0 / a.factor())));
    let (width, height) = (f64::from(a.width), f64::from(a.height));
    let mut areas = Vec::new();
    let mut span = [f64::MAX, f64::MAX, f64::MIN, f64::MIN];
    for k in 0..STEPS * STEPS {
        let step = |n: usize, side: f64| (n as f64 + 0.5) / STEPS as f64 * side;
        let (x, y) = (step(k % STEPS, width), step(k / STEPS, height));
        let (u, v) = way.apply((x, y));
        if u >= 0.0 && v >= 0.0 && u < f64::from(b.width) && v < f64::from(b.height) {
            areas.push(way.area((x, y)));
            let (dx, dy) = (width / STEPS as f64 / 2.0, height / STEPS as f64 / 2.0);
            span = [span[0].min(x - dx), span[1].min(y - dy), span[2].max(x + dx), span[3].max(y + dy)];
        }
    }
    areas.sort_by(f64::total_cmp);
    let middle = *areas.get(areas.len() / 2)?;
    let share = areas.len() as f64 / (STEPS * STEPS) as f64;
    (middle > 0.0).then(|| Laid { share, pixels: share * width * height, scale: middle.sqrt(), span })
}

/// A small reduction is not worth its blur.
fn whole_if_near(factor: f64) -> f64 {
    if factor > 0.95 { 1.0 } else { factor }
}

fn reduced(plane: Plane, factor: f64) -> Plane {
    if factor < 1.0 { plane.shrunk(factor) } else { plane }
}

/// What `from` shows where `map` leads from the pixels of a plane of this size; NaN where it shows nothing.
pub(crate) fn warp(from: &Plane, map: &Homography, width: usize, height: usize) -> Plane {
    let mut out = Plane::new(width, height);
    let h = map.0.map(|number| number as f32);
    let (right, bottom) = (from.width as f32 - 1.0, from.height as f32 - 1.0);
    for (row, to) in out.data.chunks_exact_mut(width).enumerate() {
        let y = row as f64 + 0.5;
        // The numbers of a row are taken exactly; along it single precision is enough, for a picture has few columns.
        let [p, q, r] = [1, 4, 7].map(|k| (map.0[k] * y + map.0[k + 1]) as f32);
        for (column, level) in to.iter_mut().enumerate() {
            let x = column as f32 + 0.5;
            let w = h[6] * x + r;
            let (u, v) = ((h[0] * x + p) / w - 0.5, (h[3] * x + q) / w - 0.5);
            let inside = w > 0.0 && u >= 0.0 && v >= 0.0 && u < right && v < bottom;
            *level = if inside { from.between(u, v) } else { f32::NAN };
        }
    }
    out
}
