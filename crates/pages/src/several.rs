//! Several sheets in one picture.
//!
//! In: all outlines of a reduced raster, the best first. Out: those that bound sheets beside each other, or none where at
//! most one does. A sheet must not be taken for two, so that each has to show an edge along all four sides with something
//! darker beyond, and the paper of all has to be alike; an outline round them all must lack an edge where the gap is. Sheets of which one covers a side of
//! another are taken together: what parts them looks like a fold.

use model::Point;

use crate::overlap::shared;
use crate::quads::{Found, middle};

/// Share of a side that must have an edge.
const EDGE: f64 = 0.62;
/// Grey levels by which the paper is brighter than what lies beyond it.
const BRIGHTER: f64 = 14.0;
/// A sheet's area over that of the largest beside it.
const SIZE: f64 = 0.3;
/// Share of the smaller one that two sheets may have in common (their outlines are straight, the sheets may overlap).
const COMMON: f64 = 0.12;
/// Share that sheets beside each other have of an outline round them all.
const PARTS: f64 = 0.66;
/// How far the sides of two bands of one sheet may be out of line, as a share of the side between them.
const IN_LINE: f64 = 0.03;
/// Sheets looked for.
const MOST: usize = 6;

/// The outlines of sheets that lie side by side, if there are at least two.
pub(crate) fn several(found: &[Found]) -> Vec<Found> {
    let mut sheets: Vec<&Found> = Vec::new();
    let mut clear: Vec<&Found> = found.iter().filter(|found| stands_alone(found)).collect();
    clear.sort_by(|a, b| worth(b).total_cmp(&worth(a)));
    for first in &clear {
        let other = unfolded(first, &clear);
        let apart = |sheet: &&Found| {
            let (a, b) = (sheet.quad.area(), other.quad.area());
            a.min(b) > SIZE * a.max(b)
                && shared(&sheet.quad, &other.quad) < COMMON * a.min(b)
                && alike(sheet, other)
        };
        if sheets.len() < MOST && sheets.iter().all(apart) {
            sheets.push(other);
        }
    }
    let Some(best) = found.first().filter(|_| sheets.len() > 1) else {
        return Vec::new();
    };
    // An outline that holds them all, with an edge all along, or much else: they are parts of it.
    let holds =
        |whole: &Found| sheets.iter().all(|sheet| shared(&whole.quad, &sheet.quad) > 0.9 * sheet.quad.area());
    let single = sheets.iter().any(|sheet| std::ptr::eq(*sheet, best));
    let sum: f64 = sheets.iter().map(|sheet| sheet.quad.area()).sum();
    let round = |whole: &Found| whole.edge.iter().all(|edge| *edge > 0.85) && holds(whole);
    let in_line = |a: &Found| sheets.iter().any(|b| !std::ptr::eq(a, *b) && runs_on(a, b));
    if (!single && sum < PARTS * best.quad.area() && holds(best))
        || found.iter().any(round)
        || sheets.iter().any(|sheet| in_line(sheet))
    {
        return Vec::new();
    }
    sheets.into_iter().cloned().collect()
}

/// The best outline that is larger by one side alone, with edges all along: this one may end at a fold.
fn unfolded<'a>(sheet: &'a Found, clear: &[&'a Found]) -> &'a Found {
    let near = |other: &Found, k: usize| {
        let (a, b, c) = (sheet.quad.0[k], other.quad.0[k], sheet.quad.0[(k + 2) % 4]);
        (a.x - b.x).hypot(a.y - b.y) < 0.02 * (a.x - c.x).hypot(a.y - c.y)
    };
    let larger = |other: &&&Found| {
        other.edge.iter().all(|edge| *edge > 0.88)
            && other.quad.area() > 1.12 * sheet.quad.area()
            && (0..4).any(|k| near(other, k) && near(other, (k + 1) % 4))
            && shared(&sheet.quad, &other.quad) > 0.96 * sheet.quad.area()
    };
    clear.iter().find(larger).copied().unwrap_or(sheet)
}

/// Whether the sides of one run on into those of the other, with much the same paper between: bands of a folded sheet.
fn runs_on(a: &Found, b: &Found) -> bool {
    let (from, to) = (middle(&a.quad), middle(&b.quad));
    let towards = |k: usize| {
        let (p, q) = (a.quad.0[k], a.quad.0[(k + 1) % 4]);
        let length = (q.x - p.x).hypot(q.y - p.y).max(1e-6);
        // Corners run clockwise on a raster: outward is to the left of the way.
        ((q.y - p.y) * (to.x - from.x) - (q.x - p.x) * (to.y - from.y)) / length
    };
    let Some(side) = (0..4).max_by(|m, n| towards(*m).total_cmp(&towards(*n))) else {
        return false;
    };
    let (p, q) = (a.quad.0[side], a.quad.0[(side + 1) % 4]);
    let (dx, dy) = (q.x - p.x, q.y - p.y);
    let length = dx.hypot(dy).max(1e-6);
    let off = |end: &Point| {
        let lines = (0..4).filter_map(|k| {
            let (m, n) = (b.quad.0[k], b.quad.0[(k + 1) % 4]);
            let (ex, ey) = (n.x - m.x, n.y - m.y);
            let long = ex.hypot(ey).max(1e-6);
            let along = (dx * ex + dy * ey).abs() > 0.7 * length * long;
            (!along).then(|| ((end.x - m.x) * ey - (end.y - m.y) * ex).abs() / long)
        });
        lines.fold(f64::INFINITY, f64::min)
    };
    let light = |c: [f64; 3]| (c[0] + c[1] + c[2]).max(1.0);
    let (inner, outer) = (a.inside[side], a.outside[side]);
    let tint = |k: usize| (inner[k] / light(inner) - outer[k] / light(outer)).abs();
    let paper = light(outer) > 0.55 * light(inner) && tint(0) + tint(2) < 0.06;
    off(&p).max(off(&q)) < IN_LINE * length && paper
}

fn stands_alone(found: &Found) -> bool {
    let light = |c: [f64; 3]| (c[0] + c[1] + c[2]) / 3.0;
    found.frame == [false; 4]
        && (0..4).all(|k| found.edge[k] > EDGE && light(found.inside[k]) > light(found.outside[k]) + BRIGHTER)
}

/// How good an outline is whatever its size.
fn worth(found: &Found) -> f64 {
    let edges: f64 = found.edge.iter().sum();
    found.score + edges
}

/// Whether two outlines hold paper of about one colour.
fn alike(a: &Found, b: &Found) -> bool {
    let mean = |found: &Found| -> [f64; 3] {
        std::array::from_fn(|c| found.inside.iter().map(|side| side[c]).sum::<f64>() / 4.0)
    };
    let (a, b) = (mean(a), mean(b));
    (0..3).all(|c| (a[c] - b[c]).abs() < 60.0)
}
