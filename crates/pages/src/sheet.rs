//! Sheets seen on a page.
//!
//! Comes in: a raster. Goes out: every sheet on it with its outline, how it was captured and on what ground, and the map
//! between its upright raster and the page. Invariant: there is always at least one, the whole raster where no outline is
//! seen, and then a trouble says so. Deliberately absent: reading; where the text's look leaves open which way is up, the
//! measure `up` is low and reading may decide (`Sheet::turned`).

use image::imageops;
use image::RgbImage;
use model::{Capture, Code, Measure, Point, Quad, Trouble, Yield};

use crate::geometry::{Homography, Line};
use crate::lines::{Edges, borders};
use crate::plane::Reduced;
use crate::quads::{self, Found};
use crate::window::{self, Part};
use crate::{even, turn, upright};

/// Longest side of the raster that borders are sought on.
const SOUGHT: u32 = 512;
/// Longest side of the raster that they are placed on.
const PLACED: u32 = 1600;

/// One sheet seen on a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// Its corners in page pixels, clockwise from its own top left; they may lie outside the page.
    pub outline: Quad,
    /// How it came to be a picture.
    pub capture: Capture,
    /// What that rests on, and how sure the rest is.
    pub ground: Vec<Measure>,
    /// From pixels of the upright raster to pixels of the page.
    pub to_page: Homography,
    /// Width and height of the upright raster.
    pub size: (u32, u32),
    /// The region the sheet was sought in, page pixels: the picture inside a window, or the whole page. What of it lies
    /// outside the outline is the margin strip.
    pub within: Quad,
    /// Whether the whole sheet is bounded by borders that were seen.
    pub whole: bool,
}

impl Sheet {
    /// The same sheet, its content `quarters` quarter turns further clockwise from upright than was thought.
    pub fn turned(&self, quarters: usize) -> Self {
        let outline = upright::turned(&self.outline, quarters % 4);
        let size = if quarters % 2 == 1 { (self.size.1, self.size.0) } else { self.size };
        Self { outline, size, to_page: upright::to_page(&outline, size), ..self.clone() }
    }
}

/// Every sheet seen on a page.
pub fn sheets(image: &RgbImage) -> Yield<Vec<Sheet>> {
    let all: Part = [0, 0, image.width(), image.height()];
    if image.width() < 24 || image.height() < 24 {
        let trouble = Trouble::new(Code::SheetNotFound, "the picture is too small");
        return Yield { value: vec![blank(all)], troubles: vec![trouble] };
    }
    let open = window::without_bars(image, all);
    let inner = window::inner(image, open);
    let part = inner.map_or(open, |part| window::without_bars(image, part));
    let found = find(image, part);
    let mut troubles = Vec::new();
    let (quad, seen) = match &found {
        Some(found) => (place(image, part, found), found.frame.iter().filter(|frame| !**frame).count()),
        None => (rectangle(part), 0),
    };
    if found.is_none() {
        troubles.push(Trouble::new(Code::SheetNotFound, "no border of a sheet is seen"));
    }
    let mut sheet = blank(part);
    sheet.whole = seen == 4;
    sheet.outline = quad;
    sheet.size = upright::size(&quad, sheet.whole);
    sheet.to_page = upright::to_page(&quad, sheet.size);
    sheet.capture = if inner.is_some() { Capture::Screenshot } else { Capture::Photo };
    sheet.ground.push(Measure::new("borders seen", seen as f64, "sides", None));
    if let Some(found) = &found {
        sheet.ground.push(Measure::new("outline", found.score, "score", Some(LEAST)));
    }
    let small = small(image, &sheet);
    let turn = turn::turn(&even::even(&small));
    let mut sheet = sheet.turned(turn.quarters);
    sheet.ground.push(Measure::new("up", turn.sure, "log odds", Some(3.0)));
    Yield { value: vec![sheet], troubles }
}

/// Score below which an outline is not believed.
const LEAST: f64 = 0.8;

fn find(image: &RgbImage, part: Part) -> Option<Found> {
    let reduced = Reduced::of(image, part, SOUGHT).without_ink(3);
    let edges = Edges::of(&reduced);
    let borders = borders(&reduced, &edges);
    let found = quads::outlines(&borders, reduced.width() as f64, reduced.height() as f64);
    let best = found.into_iter().next()?;
    let (sx, sy) = reduced.scale;
    let quad = Quad(best.quad.0.map(|p| Point { x: p.x / sx, y: p.y / sy }));
    (best.score >= LEAST && best.frame.iter().any(|frame| !frame)).then_some(Found { quad, ..best })
}

fn rectangle(part: Part) -> Quad {
    let [left, top, width, height] = part.map(f64::from);
    Quad::rectangle(left, top, width, height)
}

fn blank(part: Part) -> Sheet {
    let outline = rectangle(part);
    let size = upright::size(&outline, false);
    Sheet {
        outline,
        capture: Capture::Unknown,
        ground: Vec::new(),
        to_page: upright::to_page(&outline, size),
        size,
        within: outline,
        whole: false,
    }
}

/// The outline placed to the pixel: each side fitted to where the colour changes most along it. In: part pixels; out: page
/// pixels.
fn place(image: &RgbImage, part: Part, found: &Found) -> Quad {
    let reduced = Reduced::of(image, part, PLACED);
    let (sx, sy) = reduced.scale;
    let corners = found.quad.0.map(|p| Point { x: p.x * sx, y: p.y * sy });
    let reach = f64::from(PLACED) / f64::from(SOUGHT) * 2.4;
    let mut lines = Vec::with_capacity(4);
    for k in 0..4 {
        let (a, b) = (corners[k], corners[(k + 1) % 4]);
        let length = (b.x - a.x).hypot(b.y - a.y).max(1e-6);
        let (nx, ny) = (-(b.y - a.y) / length, (b.x - a.x) / length);
        let rough = Line { nx, ny, rho: nx * a.x + ny * a.y };
        lines.push(if found.frame[k] { rough } else { fitted(&reduced, a, b, rough, reach) });
    }
    let meet = |a: usize, b: usize| lines[a].meet(&lines[b]);
    let points = [meet(3, 0), meet(0, 1), meet(1, 2), meet(2, 3)];
    let mut out = found.quad;
    for (k, point) in points.iter().enumerate() {
        let at = point.unwrap_or(corners[k]);
        out.0[k] = Point { x: at.x / sx + f64::from(part[0]), y: at.y / sy + f64::from(part[1]) };
    }
    out
}

/// The line where the colour steps most, along `rough` from `a` to `b` within `reach`; the normal points inward.
fn fitted(reduced: &Reduced, a: Point, b: Point, rough: Line, reach: f64) -> Line {
    let (w, h) = (reduced.width() as f64, reduced.height() as f64);
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
            .map(|s| reduced.sample(x + s as f64 * rough.nx, y + s as f64 * rough.ny))
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
        let value: Vec<f32> = colours.iter().map(|c| c[0] * step[0] + c[1] * step[1] + c[2] * step[2]).collect();
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

/// The sheet at a third or so of its size, for judging its text.
fn small(image: &RgbImage, sheet: &Sheet) -> RgbImage {
    let raster = upright::upright(image, sheet);
    let (w, h) = raster.dimensions();
    let scale = (1000.0 / f64::from(w.max(h))).min(1.0);
    if scale > 0.8 {
        return raster;
    }
    imageops::thumbnail(&raster, (f64::from(w) * scale).max(1.0) as u32, (f64::from(h) * scale).max(1.0) as u32)
}
