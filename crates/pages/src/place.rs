//! Outlines placed to the pixel.
//!
//! In: a raster and an outline found on a reduced one. Out: the outline with each side fitted to where the colour steps most
//! along it, on means over squares of pixels such as the raster would have if it were reduced; only what is asked for is
//! reckoned.

use image::RgbImage;
use model::{Point, Quad};

use crate::geometry::Line;
use crate::quads::Found;
use crate::sheet::SOUGHT;
use crate::window::Part;

/// Longest side of the raster that outlines are placed on.
const PLACED: u32 = 1600;

/// A part of a raster as it would be if it were reduced.
struct Fine<'a> {
    image: &'a RgbImage,
    part: Part,
    /// Reduced pixels for one pixel.
    scale: f64,
}

impl<'a> Fine<'a> {
    fn of(image: &'a RgbImage, part: Part) -> Self {
        let scale = (f64::from(PLACED) / f64::from(part[2].max(part[3]).max(1))).min(1.0);
        Self { image, part, scale }
    }

    fn size(&self) -> (f64, f64) {
        (f64::from(self.part[2]) * self.scale, f64::from(self.part[3]) * self.scale)
    }

    /// The mean over a reduced pixel's square about a point; what lies outside the part is held to its border.
    fn sample(&self, x: f64, y: f64) -> [f32; 3] {
        let half = 0.5 / self.scale;
        let columns = shares(x / self.scale - half, 2.0 * half, self.part[2]);
        let rows = shares(y / self.scale - half, 2.0 * half, self.part[3]);
        let mut sum = [0.0f32; 3];
        for (y, of_row) in &rows {
            for (x, of_column) in &columns {
                let pixel = self.image.get_pixel(self.part[0] + x, self.part[1] + y).0;
                for (sum, value) in sum.iter_mut().zip(pixel) {
                    *sum += of_row * of_column * f32::from(value);
                }
            }
        }
        sum
    }
}

/// The pixels that a stretch from `start` covers, and what share of it each holds.
fn shares(start: f64, length: f64, most: u32) -> Vec<(u32, f32)> {
    let last = f64::from(most.max(1) - 1);
    let mut out = Vec::new();
    let mut at = start.floor();
    while at < start + length {
        let share = ((at + 1.0).min(start + length) - at.max(start)) / length;
        out.push((at.clamp(0.0, last) as u32, share as f32));
        at += 1.0;
    }
    out
}

/// The outline placed to the pixel: each side fitted to where the colour changes most along it. In: part pixels; out: page
/// pixels.
pub(crate) fn place(image: &RgbImage, part: Part, found: &Found) -> Quad {
    let fine = Fine::of(image, part);
    let scale = fine.scale;
    let corners = found.quad.0.map(|p| Point { x: p.x * scale, y: p.y * scale });
    let reach = f64::from(PLACED) / f64::from(SOUGHT) * 2.4;
    let mut lines = Vec::with_capacity(4);
    for k in 0..4 {
        let (a, b) = (corners[k], corners[(k + 1) % 4]);
        let length = (b.x - a.x).hypot(b.y - a.y).max(1e-6);
        let (nx, ny) = (-(b.y - a.y) / length, (b.x - a.x) / length);
        let rough = Line { nx, ny, rho: nx * a.x + ny * a.y };
        lines.push(if found.frame[k] { rough } else { fitted(&fine, a, b, rough, reach) });
    }
    let meet = |a: usize, b: usize| lines[a].meet(&lines[b]);
    let points = [meet(3, 0), meet(0, 1), meet(1, 2), meet(2, 3)];
    let mut out = found.quad;
    for (k, point) in points.iter().enumerate() {
        let at = point.unwrap_or(corners[k]);
        out.0[k] = Point { x: at.x / scale + f64::from(part[0]), y: at.y / scale + f64::from(part[1]) };
    }
    out
}

/// The line where the colour steps most, along `rough` from `a` to `b` within `reach`; the normal points inward.
fn fitted(fine: &Fine, a: Point, b: Point, rough: Line, reach: f64) -> Line {
    let (w, h) = fine.size();
    let count = 64;
    let steps = reach.ceil() as i64;
    let mut profiles: Vec<(f64, f64, Vec<[f32; 3]>)> = Vec::new();
    for k in 0..count {
        let t = 0.02 + 0.96 * (f64::from(k) + 0.5) / f64::from(count);
        let (x, y) = (a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t);
        if x < 1.0 || y < 1.0 || x > w - 1.0 || y > h - 1.0 {
            continue;
        }
        let colours = (-steps - 2..=steps + 2)
            .map(|s| fine.sample(x + s as f64 * rough.nx, y + s as f64 * rough.ny))
            .collect();
        profiles.push((x, y, colours));
    }
    if profiles.len() < 8 {
        return rough;
    }
    let mut step = [0.0f32; 3];
    for (_, _, colours) in &profiles {
        for (k, value) in step.iter_mut().enumerate() {
            *value += colours[colours.len() - 1][k] - colours[0][k];
        }
    }
    let size = step.iter().map(|v| v * v).sum::<f32>().sqrt().max(1e-3);
    let step = step.map(|v| v / size);
    let mut points: Vec<(f64, f64, f64)> = Vec::new();
    for (x, y, colours) in &profiles {
        let value: Vec<f32> =
            colours.iter().map(|c| c[0] * step[0] + c[1] * step[1] + c[2] * step[2]).collect();
        let rise: Vec<f32> = value.windows(5).map(|v| v[4] + v[3] - v[1] - v[0]).collect();
        let Some(best) = (0..rise.len()).max_by(|a, b| rise[*a].total_cmp(&rise[*b])) else {
            continue;
        };
        if rise[best] < 4.0 {
            continue;
        }
        let finer = if best > 0 && best + 1 < rise.len() {
            let (l, m, r) = (rise[best - 1], rise[best], rise[best + 1]);
            f64::from((l - r) / (2.0 * (l - 2.0 * m + r)).min(-1e-3)).clamp(-0.5, 0.5)
        } else {
            0.0
        };
        let s = best as f64 + finer - steps as f64;
        points.push((x + s * rough.nx, y + s * rough.ny, 1.0));
    }
    trimmed(points, rough)
}

/// A line through most of the points: the furthest are dropped, thrice.
fn trimmed(mut points: Vec<(f64, f64, f64)>, rough: Line) -> Line {
    let least = points.len() / 2;
    let mut line = Line::fit(&points, &rough).unwrap_or(rough);
    for _ in 0..4 {
        let mut away: Vec<f64> = points.iter().map(|p| line.away(p.0, p.1).abs()).collect();
        away.sort_by(f64::total_cmp);
        let Some(middle) = away.get(away.len() / 2) else {
            return rough;
        };
        let bound = (2.5 * middle).max(0.7);
        let kept: Vec<_> = points.iter().copied().filter(|p| line.away(p.0, p.1).abs() <= bound).collect();
        if kept.len() < least.max(6) {
            break;
        }
        points = kept;
        line = Line::fit(&points, &line).unwrap_or(line);
    }
    if line.nx * rough.nx + line.ny * rough.ny > 0.998 { line } else { rough }
}
