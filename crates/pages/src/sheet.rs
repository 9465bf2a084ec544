//! Sheets seen on a page.
//!
//! Comes in: a raster. Goes out: every sheet on it with its outline, how it was captured and on what ground, and the map
//! between its upright raster and the page. Invariant: there is always at least one, the whole raster where no outline is
//! seen, and then a trouble says so. Deliberately absent: reading; where the text's look leaves open which way is up, the
//! measure `up` is low and reading may decide (`Sheet::turned`).

use image::{GrayImage, RgbImage};
use model::{Capture, Code, Measure, Point, Quad, Trouble, Yield};

use crate::geometry::{Homography, Line};
use crate::lines::{Edges, borders};
use crate::plane::Reduced;
use crate::quads::{self, Found};
use crate::window::{self, Part};
use crate::{capture, even, skew, turn, upright};

/// Longest side of the raster that borders are sought on.
const SOUGHT: u32 = 512;
/// Longest side of the raster that they are placed on.
const PLACED: u32 = 1600;

/// Longest side of the raster that its text is judged on.
const JUDGED: u32 = 1400;

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
    fn set(&mut self, outline: Quad) {
        self.outline = outline;
        self.size = upright::size(&outline, self.whole);
        self.to_page = upright::to_page(&outline, self.size);
    }

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
    let mut sheet = blank(part);
    let mut troubles = Vec::new();
    if let Some(found) = find(image, part) {
        let seen = found.frame.iter().filter(|frame| !**frame).count();
        sheet.whole = seen == 4;
        sheet.set(place(image, part, &found));
        sheet.ground.push(Measure::new("borders seen", seen as f64, "sides", None));
        sheet.ground.push(Measure::new("outline", found.score, "score", Some(LEAST)));
    } else {
        sheet.ground.push(Measure::new("borders seen", 0.0, "sides", None));
        troubles.push(Trouble::new(Code::SheetNotFound, "no border of a sheet is seen"));
    }
    let mut small = small(image, &sheet);
    let bordered = troubles.is_empty();
    let mut evened = even::even(&small);
    if let Some(better) = (!bordered).then(|| levelled(&sheet, &evened)).flatten() {
        sheet.set(better);
        small = self::small(image, &sheet);
        evened = even::even(&small);
    }
    let turn = turn::turn(&evened);
    (sheet.capture, sheet.ground) =
        capture::judge(image, &sheet, &small, inner.is_some() || window::between_bars(all, part));
    let mut sheet = sheet.turned(turn.quarters);
    sheet.ground.push(Measure::new("up", turn.sure, "log odds", Some(SURE)));
    sheet.ground.push(Measure::new("letters asked", turn.letters as f64, "letters", None));
    Yield { value: vec![sheet], troubles }
}

/// Log odds below which reading should decide which way is up.
const SURE: f64 = 12.0;

/// The usual margin beside the text, as a share of the sheet's width.
const MARGIN: f64 = 0.1;

/// Where no border is seen: the region turned about its middle so that its lines of text run level.
fn levelled(sheet: &Sheet, even: &GrayImage) -> Option<Quad> {
    let angle = skew::angle(even)?;
    if angle.abs() < 0.15 {
        return None;
    }
    let (sin, cos) = angle.to_radians().sin_cos();
    let centre = quads::middle(&sheet.outline);
    let side = |a: usize, b: usize| {
        let (p, q) = (sheet.outline.0[a], sheet.outline.0[b]);
        (p.x - q.x).hypot(p.y - q.y) / 2.0
    };
    let (mut w, mut h) = (side(0, 1), side(0, 3));
    let reach = skew::reach(even, angle);
    let scale = w / (f64::from(even.width()) / 2.0);
    let margin = |w: f64| 0.5 - 0.5 * reach.0 * scale / w;
    let fitting = cos * cos - sin * sin;
    // Turned whole, on a larger ground; or turned within its own bounds, its corners lost.
    let (small_w, small_h) = ((w * cos - h * sin.abs()) / fitting, (h * cos - w * sin.abs()) / fitting);
    if reach.1 {
        // Ink stands in the corners that a rectangle of the same size would cut off: a part of a sheet.
        (w, h) = (w * cos + h * sin.abs(), h * cos + w * sin.abs());
    } else if small_w > 0.0 && small_h > 0.0 {
        let off = |w: f64, h: f64| upright::off_paper(w.max(h) / w.min(h));
        let (turned_whole, within) = (off(small_w, small_h), off(w, h));
        let by_margin = (margin(small_w) - MARGIN).abs() < (margin(w) - MARGIN).abs();
        if turned_whole + 0.005 < within || (turned_whole < within + 0.005 && by_margin) {
            (w, h) = (small_w, small_h);
        }
    }
    Some(Quad(
        [(-w, -h), (w, -h), (w, h), (-w, h)]
            .map(|(x, y)| Point { x: centre.x + x * cos - y * sin, y: centre.y + x * sin + y * cos }),
    ))
}

/// Score below which an outline is not believed.
const LEAST: f64 = 1.04;

fn find(image: &RgbImage, part: Part) -> Option<Found> {
    let reduced = Reduced::of(image, part, SOUGHT).without_ink(3);
    let edges = Edges::of(&reduced);
    let borders = borders(&reduced, &edges);
    let found = quads::outlines(&borders, reduced.width() as f64, reduced.height() as f64);
    let best = screened(&reduced, found)?;
    let (sx, sy) = reduced.scale;
    let quad = Quad(best.quad.0.map(|p| Point { x: p.x / sx, y: p.y / sy }));
    (best.score >= LEAST && best.frame.iter().any(|frame| !frame)).then_some(Found { quad, ..best })
}

/// The best outline; or, where that is a screen with its dark edge around, the best one well inside it.
fn screened(reduced: &Reduced, found: Vec<Found>) -> Option<Found> {
    let diagonal = (reduced.width() as f64).hypot(reduced.height() as f64);
    let best = quads::unfolded(&found, diagonal).or_else(|| found.first().cloned())?;
    if best.frame.iter().any(|frame| *frame) || best.outside.iter().any(|c| c.iter().any(|v| *v > 60.0)) {
        return Some(best);
    }
    let inside = |other: &Found| {
        let area = other.quad.area() / best.quad.area();
        let apart = (0..4).all(|k| {
            let (a, b) = (best.quad.0[k], other.quad.0[k]);
            (a.x - b.x).hypot(a.y - b.y) > 0.02 * diagonal
        });
        let bright = other.outside.iter().all(|c| c.iter().any(|v| *v > 45.0));
        area > 0.3
            && area < 0.9
            && apart
            && bright
            && other.frame == [false; 4]
            && other.edge.iter().all(|e| *e > 0.7)
    };
    found.iter().find(|other| other.score > 0.85 * best.score && inside(other)).cloned().or(Some(best))
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

/// The sheet at a third or so of its size, for judging its text.
fn small(image: &RgbImage, sheet: &Sheet) -> RgbImage {
    let (w, h) = sheet.size;
    let scale = (f64::from(JUDGED) / f64::from(w.max(h))).min(1.0);
    let side = |v: u32| (f64::from(v) * scale).round().max(1.0) as u32;
    let size = (side(w), side(h));
    upright::drawn(image, &sheet.outline, &upright::to_page(&sheet.outline, size), size)
}
