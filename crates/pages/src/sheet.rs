//! Sheets seen on a page.
//!
//! Comes in: a raster. Goes out: every sheet on it with its outline, how it was captured and on what ground, and the map
//! between its upright raster and the page. Invariant: there is always at least one, the whole raster where no outline is
//! seen, and then a trouble says so. Deliberately absent: reading; where the text's look leaves open which way is up, the
//! measure `up` is low and reading may decide (`Sheet::turned`).

use image::{GrayImage, RgbImage};
use model::{Capture, Code, Measure, Point, Quad, Trouble, Yield};

use crate::geometry::Homography;
use crate::lines::{Edges, borders};
use crate::plane::Reduced;
use crate::quads::{self, Found};
use crate::window::{self, Part};
use crate::{capture, even, place, several, skew, turn, upright};

/// Longest side of the raster that borders are sought on.
pub(crate) const SOUGHT: u32 = 512;
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

    /// Width and height of its upright raster reduced to `longest`.
    pub(crate) fn reduced(&self, longest: u32) -> (u32, u32) {
        let (w, h) = self.size;
        let scale = (f64::from(longest) / f64::from(w.max(h))).min(1.0);
        let side = |v: u32| (f64::from(v) * scale).round().max(1.0) as u32;
        (side(w), side(h))
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
    let drawn = !inner.is_empty();
    let parts = if drawn { inner } else { vec![open] };
    let mut out = Yield::clean(Vec::new());
    for part in parts {
        let part = if drawn { window::without_bars(image, part) } else { part };
        let shown = drawn || window::between_bars(all, part);
        let found = find(image, part);
        if found.is_empty() {
            out.troubles.push(Trouble::new(Code::SheetNotFound, "no border of a sheet is seen"));
            out.value.push(seen(image, part, None, shown));
        }
        out.value.extend(found.iter().map(|found| seen(image, part, Some(found), shown)));
    }
    out
}

/// The sheet of an outline, or the whole part where there is none.
fn seen(image: &RgbImage, part: Part, found: Option<&Found>, shown: bool) -> Sheet {
    let mut sheet = blank(part);
    if let Some(found) = found {
        let sides = found.frame.iter().filter(|frame| !**frame).count();
        sheet.whole = sides == 4;
        sheet.set(place::place(image, part, found));
        sheet.ground.push(Measure::new("borders seen", sides as f64, "sides", None));
        sheet.ground.push(Measure::new("outline", found.score, "score", Some(LEAST)));
    } else {
        sheet.ground.push(Measure::new("borders seen", 0.0, "sides", None));
    }
    let mut evened = even::even(&small(image, &sheet));
    if let Some(better) = found.is_none().then(|| levelled(&sheet, &evened)).flatten() {
        sheet.set(better);
        evened = even::even(&small(image, &sheet));
    }
    let turn = turn::turn(&evened);
    (sheet.capture, sheet.ground) = capture::judge(image, &sheet, shown);
    let mut sheet = sheet.turned(turn.quarters);
    sheet.ground.push(Measure::new("up", turn.sure, "log odds", Some(SURE)));
    sheet.ground.push(Measure::new("letters asked", turn.letters as f64, "letters", None));
    sheet
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

fn find(image: &RgbImage, part: Part) -> Vec<Found> {
    let reduced = Reduced::of(image, part, SOUGHT).without_ink(3);
    let edges = Edges::of(&reduced);
    let borders = borders(&reduced, &edges);
    let found = quads::outlines(&borders, reduced.width() as f64, reduced.height() as f64);
    let (sx, sy) = reduced.scale;
    let on_part = |found: Found| {
        let quad = Quad(found.quad.0.map(|p| Point { x: p.x / sx, y: p.y / sy }));
        Found { quad, ..found }
    };
    let several = several::several(&found);
    if !several.is_empty() {
        return several.into_iter().map(on_part).collect();
    }
    let best = screened(&reduced, &found).filter(|best| best.score >= LEAST && best.frame != [true; 4]);
    let best = best.filter(|best| !goes_on(&reduced, best));
    best.map(on_part).into_iter().collect()
}

/// Whether a single border has the same paper beyond it: then it is printed on the sheet.
fn goes_on(reduced: &Reduced, found: &Found) -> bool {
    let mut seen = (0..4).filter(|k| !found.frame[*k]);
    let (Some(k), None) = (seen.next(), seen.next()) else {
        return false;
    };
    let (a, b) = (found.quad.0[k], found.quad.0[(k + 1) % 4]);
    let (mut alike, mut all) = (0usize, 0usize);
    for y in (0..reduced.height()).step_by(2) {
        for x in (0..reduced.width()).step_by(2) {
            let (px, py) = (x as f64 + 0.5, y as f64 + 0.5);
            if (b.x - a.x) * (py - a.y) - (b.y - a.y) * (px - a.x) < 0.0 {
                let at = y * reduced.width() + x;
                let off = (0..3).map(|c| (f64::from(reduced.colour[c].at[at]) - found.inside[k][c]).abs());
                all += 1;
                alike += usize::from(off.fold(0.0, f64::max) < 16.0);
            }
        }
    }
    4 * alike > all
}

/// The best outline; or, where that or one nearly as good is a screen with its dark edge around, the best one well inside it.
fn screened(reduced: &Reduced, found: &[Found]) -> Option<Found> {
    let diagonal = (reduced.width() as f64).hypot(reduced.height() as f64);
    let best = quads::unfolded(found, diagonal).or_else(|| found.first().cloned())?;
    let dark = |other: &&Found| {
        other.frame == [false; 4] && other.outside.iter().all(|c| c.iter().all(|v| *v <= 60.0))
    };
    let near = found.iter().take_while(|other| other.score > 0.95 * best.score).find(dark);
    let Some(screen) = Some(&best).filter(dark).or(near) else {
        return Some(best);
    };
    let surely = !dark(&&best);
    let inside = |other: &Found| {
        let area = other.quad.area() / screen.quad.area();
        let apart = (0..4).all(|k| {
            let (a, b) = (screen.quad.0[k], other.quad.0[k]);
            (a.x - b.x).hypot(a.y - b.y) > 0.02 * diagonal
        });
        let bright = other.outside.iter().all(|c| c.iter().any(|v| *v > 45.0));
        let light = |c: &[f64; 3]| c.iter().sum::<f64>() / 3.0;
        let clear = other.inside.iter().zip(&other.outside).all(|(a, b)| light(a) > light(b) + 14.0);
        area > 0.3
            && area < 0.9
            && apart
            && bright
            && (clear || !surely)
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

/// The sheet at a third or so of its size, for judging its text.
fn small(image: &RgbImage, sheet: &Sheet) -> GrayImage {
    let size = sheet.reduced(JUDGED);
    upright::drawn_grey(image, &sheet.outline, &upright::to_page(&sheet.outline, size), size)
}
