//! Of the borders in a reduced raster, the four that bound a sheet.
//!
//! Every two borders of one direction with every two across are tried. A good outline has an edge all along its sides, the
//! same smooth paper just inside all of them, and something else just outside; of two equally good ones the larger is taken,
//! since boxes and pictures printed on a sheet are good outlines too.

use model::{Point, Quad};

use crate::geometry::Line;
use crate::lines::{Border, Stretch};

/// An outline, how good it is, and which sides are the raster's own edge.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    /// In reduced pixels, clockwise from the corner nearest the raster's top left.
    pub(crate) quad: Quad,
    pub(crate) score: f64,
    /// For the sides top, right, bottom, left.
    pub(crate) frame: [bool; 4],
    /// Edge share of each side, the frame's being 0.
    pub(crate) edge: [f64; 4],
    /// Mean colour just outside each side.
    pub(crate) outside: [[f64; 3]; 4],
    /// Mean colour just inside each side.
    pub(crate) inside: [[f64; 3]; 4],
}

/// Share of the raster below which nothing is a sheet.
const SMALLEST: f64 = 0.06;
/// What the raster's own edge is worth as a side, where no better one is seen.
const FRAME: f64 = 0.42;
/// What size is worth.
const LARGE: f64 = 0.6;
/// Lines of each direction that are tried.
const TRIED: usize = 26;

/// All outlines worth anything, the best first.
pub(crate) fn outlines(borders: &[Border], width: f64, height: f64) -> Vec<Found> {
    let level = |line: &Line| line.ny.abs() > line.nx.abs();
    let mut found = Vec::new();
    // Around the two ways that lines of a sheet can be split: level and upright, or the two diagonals.
    let (across, down) = split(borders, &level);
    pairs(borders, &across, &down, width, height, &mut found);
    let diagonal = |line: &Line| line.nx * line.ny > 0.0;
    let (across, down) = split(borders, &diagonal);
    let tilted = |k: &usize| {
        let line = &borders[*k].line;
        (line.nx * line.ny).abs() > 0.25 || borders[*k].frame
    };
    let across: Vec<usize> = across.into_iter().filter(tilted).collect();
    let down: Vec<usize> = down.into_iter().filter(tilted).collect();
    pairs(borders, &across, &down, width, height, &mut found);
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
    found
}

/// A sheet folded across can be taken for its half. Where the best outline has more of the same paper beyond one side, a
/// larger outline that shares the other corners is taken instead, if its borders are nearly as good.
pub(crate) fn unfolded(found: &[Found], diagonal: f64) -> Option<Found> {
    // A sheet may be folded twice.
    let once = beyond(found, found.first()?, diagonal)?;
    let twice = beyond(found, once, diagonal).filter(|other| other.frame == once.frame);
    Some(twice.unwrap_or(once).clone())
}

fn beyond<'a>(found: &'a [Found], best: &Found, diagonal: f64) -> Option<&'a Found> {
    let light = |c: [f64; 3]| (c[0] + c[1] + c[2]) / 3.0;
    for k in 0..4 {
        let (inner, outer) = (best.inside[k], best.outside[k]);
        let alike = light(outer) > 0.68 * light(inner) && light(outer) < 1.45 * light(inner);
        if best.frame[k] || !alike || hue_spread(&[inner, outer, inner, outer]) > 0.025 {
            continue;
        }
        let near = |other: &Found, corner: usize| {
            let (a, b) = (best.quad.0[corner], other.quad.0[corner]);
            (a.x - b.x).hypot(a.y - b.y) < 0.02 * diagonal
        };
        let larger = |other: &&Found| {
            near(other, (k + 2) % 4)
                && near(other, (k + 3) % 4)
                && other.quad.area() > 1.12 * best.quad.area()
                && other.score > best.score - 0.2
                && (other.frame[k] || other.edge[k] > 0.45)
        };
        let mut larger = found.iter().filter(larger);
        let first = larger.next();
        if let Some(other) = first.filter(|other| !other.frame[k]).or(larger.find(|o| !o.frame[k])).or(first)
        {
            return Some(other);
        }
    }
    None
}

fn split(borders: &[Border], first: &dyn Fn(&Line) -> bool) -> (Vec<usize>, Vec<usize>) {
    let (mut a, mut b) = (Vec::new(), Vec::new());
    for (k, border) in borders.iter().enumerate() {
        let to = if first(&border.line) { &mut a } else { &mut b };
        if border.frame || to.len() < TRIED {
            to.push(k);
        }
    }
    (a, b)
}

fn pairs(
    borders: &[Border],
    across: &[usize],
    down: &[usize],
    width: f64,
    height: f64,
    found: &mut Vec<Found>,
) {
    for (n, a) in across.iter().enumerate() {
        for b in &across[n + 1..] {
            for (m, c) in down.iter().enumerate() {
                for d in &down[m + 1..] {
                    let sides = [&borders[*a], &borders[*c], &borders[*b], &borders[*d]];
                    found.extend(judge(sides, width, height));
                }
            }
        }
    }
}

/// Puts the four sides in order round their middle and weighs them.
fn judge(sides: [&Border; 4], width: f64, height: f64) -> Option<Found> {
    let meet = |a: usize, b: usize| sides[a].line.meet(&sides[b].line);
    let (p, q, r, s) = (meet(3, 0)?, meet(0, 1)?, meet(1, 2)?, meet(2, 3)?);
    let (mut corners, mut order) = ([p, q, r, s], [0, 1, 2, 3]);
    if turn(&corners) < 0.0 {
        // Sides 1 and 3 change places.
        corners = [q, p, s, r];
        order = [0, 3, 2, 1];
    }
    if !sound(&corners, width, height) {
        return None;
    }
    let first =
        (0..4).min_by(|a, b| (corners[*a].x + corners[*a].y).total_cmp(&(corners[*b].x + corners[*b].y)))?;
    corners.rotate_left(first);
    order.rotate_left(first);
    let quad = Quad(corners);
    let share = inside_share(&quad, width, height);
    if share < SMALLEST {
        return None;
    }
    let mut stretches = [Stretch::default(); 4];
    let mut inner = [[0.0; 3]; 4];
    let mut outer = [[0.0; 3]; 4];
    let mut rough = [0.0; 4];
    let centre = middle(&quad);
    for (k, side) in order.iter().enumerate() {
        let border = sides[*side];
        let (a, b) = (corners[k], corners[(k + 1) % 4]);
        let stretch = border.stretch(border.place(a.x, a.y), border.place(b.x, b.y));
        if stretch.seen < 0.5 * stretch.length && !border.frame {
            return None;
        }
        let behind = border.line.away(centre.x, centre.y) > 0.0;
        (inner[k], outer[k]) =
            if behind { (stretch.behind, stretch.before) } else { (stretch.before, stretch.behind) };
        rough[k] = if behind { stretch.rough_behind } else { stretch.rough_before };
        stretches[k] = stretch;
    }
    let frame = order.map(|side| sides[side].frame);
    let score = score(&stretches, &inner, &outer, &rough, frame, share);
    let edge = stretches.map(|stretch| stretch.edge);
    Some(Found { quad, score, frame, edge, outside: outer, inside: inner })
}

fn score(
    of: &[Stretch; 4],
    inner: &[[f64; 3]; 4],
    outer: &[[f64; 3]; 4],
    rough: &[f64; 4],
    frame: [bool; 4],
    share: f64,
) -> f64 {
    let light = |c: [f64; 3]| (c[0] + c[1] + c[2]) / 3.0;
    let mut worth = [0.0; 4];
    let mut brighter = 0.0;
    for k in 0..4 {
        if frame[k] {
            worth[k] = FRAME;
            continue;
        }
        let differs = (0..3).map(|c| (inner[k][c] - outer[k][c]).powi(2)).sum::<f64>().sqrt();
        let contrast = differs / (differs + 14.0);
        let smooth = 1.0 / (1.0 + rough[k] / 30.0);
        // Bars printed across a sheet make its rim uneven: that counts only where the edge itself is in doubt.
        let smooth = 1.0 - (1.0 - smooth) * (1.0 - of[k].edge);
        worth[k] = (0.62 * of[k].edge + 0.38 * contrast) * smooth;
        brighter += if light(inner[k]) > light(outer[k]) + 2.0 { 0.02 } else { -0.02 };
    }
    let mean = worth.iter().sum::<f64>() / 4.0;
    let least = worth.iter().copied().fold(1.0, f64::min);
    let strips: Vec<f64> = (0..4).map(|k| light(inner[k])).collect();
    let spread = hue_spread(inner);
    let dark = strips.iter().copied().fold(255.0, f64::min) / strips.iter().copied().fold(1.0, f64::max);
    0.5 * mean + 0.5 * least + LARGE * share.sqrt() + brighter - 1.4 * spread - 0.5 * (0.7 - dark).max(0.0)
}

/// How much the hue differs between the four strips of paper.
fn hue_spread(inner: &[[f64; 3]; 4]) -> f64 {
    let hue = inner.map(|c| {
        let sum = (c[0] + c[1] + c[2]).max(30.0);
        [c[0] / sum, c[1] / sum]
    });
    let mut most = 0.0f64;
    for a in &hue {
        for b in &hue {
            most = most.max((a[0] - b[0]).abs() + (a[1] - b[1]).abs());
        }
    }
    (most - 0.02).max(0.0)
}

/// Twice the signed area; positive where the corners run clockwise on a raster.
pub(crate) fn turn(corners: &[Point; 4]) -> f64 {
    (0..4).map(|k| corners[k].x * corners[(k + 1) % 4].y - corners[(k + 1) % 4].x * corners[k].y).sum()
}

pub(crate) fn middle(quad: &Quad) -> Point {
    let sum = quad.0.iter().fold((0.0, 0.0), |sum, p| (sum.0 + p.x, sum.1 + p.y));
    Point { x: sum.0 / 4.0, y: sum.1 / 4.0 }
}

/// Convex, with corners of 50 to 130 degrees, and not far outside the raster.
fn sound(corners: &[Point; 4], width: f64, height: f64) -> bool {
    let margin = 0.22 * width.max(height);
    for k in 0..4 {
        let (a, b, c) = (corners[(k + 3) % 4], corners[k], corners[(k + 1) % 4]);
        let (ux, uy, vx, vy) = (a.x - b.x, a.y - b.y, c.x - b.x, c.y - b.y);
        let lengths = ux.hypot(uy) * vx.hypot(vy);
        if lengths < 1.0 {
            return false;
        }
        let (cos, cross) = ((ux * vx + uy * vy) / lengths, vx * uy - vy * ux);
        if cos.abs() > 0.64 || cross < 0.0 {
            return false;
        }
        if b.x < -margin || b.y < -margin || b.x > width + margin || b.y > height + margin {
            return false;
        }
    }
    true
}

/// Area of the quad as a share of the raster, what is outside the raster not counted (roughly: corners are held inside).
fn inside_share(quad: &Quad, width: f64, height: f64) -> f64 {
    let held = Quad(quad.0.map(|p| Point { x: p.x.clamp(0.0, width), y: p.y.clamp(0.0, height) }));
    held.area() / (width * height)
}
