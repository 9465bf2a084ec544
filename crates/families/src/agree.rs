//! Holds ink against ink over the shared part of two pictures, cell by cell.
//!
//! Each cell is moved a little until it fits best; then it is asked whether ink of either picture is missing in the other.
//! A pen stroke, a black box or a stamp adds ink and takes none away; another word does both.

use crate::grey::Plane;
use crate::overlap::Overlap;
use crate::squares::{Sums, best};

/// Side of a cell in pixels of the overlap.
pub(crate) const CELL: usize = 24;
/// Side of the blocks that find how far the map is off, and the distance between them.
const BLOCK: usize = 64;
const STEP: usize = 48;
/// How far blocks are moved, in double pixels, and cells, in pixels.
const COARSE: i32 = 4;
const FINE: i32 = 2;
/// What fits better than this is not moved further.
const ENOUGH: f32 = 0.9;
/// Share of a picture's darkest ink above which a pixel counts as ink, and below which as paper.
const INK: f32 = 0.35;
const PAPER: f32 = 0.15;

/// One cell that lies within both pictures.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cell {
    pub column: usize,
    pub row: usize,
    /// Best correlation.
    pub fit: f32,
    /// Share of the ink of one that the other does not have, of either.
    pub lost: (f32, f32),
    /// Standard deviations of grey levels.
    pub ink: (f32, f32),
    /// By how many pixels it was moved.
    pub moved: (i32, i32),
}

/// Two planes made ready to be held against each other.
pub(crate) struct Sheets<'a> {
    pub still: Sums<'a>,
    pub laid: Sums<'a>,
    pub field: Field,
}

impl<'a> Sheets<'a> {
    /// Of an overlap whose second plane was turned to its negative where the pictures are negatives of each other.
    pub fn of(overlap: &'a Overlap) -> Self {
        let (still, laid) = (Sums::of(&overlap.still), Sums::of(&overlap.laid));
        Self { field: Field::of(&overlap.still, &overlap.laid), still, laid }
    }

    /// Every `stride`th cell, without what of its ink is lost.
    pub fn glance(&self, stride: usize) -> Vec<Cell> {
        let count = self.still.rows(CELL) * self.still.columns(CELL);
        (0..count).step_by(stride).filter_map(|k| self.cell(k)).collect()
    }

    /// Every cell.
    pub fn cells(&self) -> Vec<Cell> {
        let (a, b) = (ink(self.still.plane), ink(self.laid.plane));
        let mut cells = self.glance(1);
        for cell in &mut cells {
            cell.lost = lost(&a, &b, (cell.column * CELL, cell.row * CELL), cell.moved);
        }
        cells
    }

    fn cell(&self, k: usize) -> Option<Cell> {
        let columns = self.still.columns(CELL);
        let (row, column) = (k / columns, k % columns);
        let (x, y) = ((column * CELL) as i32, (row * CELL) as i32);
        let mine = self.still.square(x, y, CELL)?;
        let (_, theirs) = self.laid.spread(x, y, CELL)?;
        let moved = self.field.at(x as usize + CELL / 2, y as usize + CELL / 2);
        let (fit, moved) = if mine.deviation.max(theirs) > 1.0 {
            best(&mine, &self.laid, (x, y), moved, (FINE, ENOUGH))
        } else {
            (0.0, moved)
        };
        Some(Cell { column, row, fit, lost: (0.0, 0.0), ink: (mine.deviation, theirs), moved })
    }
}

/// How far the second picture is off, in pixels, over the overlap: lenses and folds bend what the map takes for flat.
pub(crate) struct Field {
    columns: usize,
    rows: usize,
    moves: Vec<(i32, i32)>,
}

impl Field {
    fn of(still: &Plane, laid: &Plane) -> Self {
        let (still, laid) = (halved(still), halved(laid));
        let (still, laid) = (Sums::of(&still), Sums::of(&laid));
        let (half, step) = (BLOCK / 2, STEP / 2);
        let places = |side: usize| (side.saturating_sub(half)) / step + 1;
        let (columns, rows) = (places(still.plane.width), places(still.plane.height));
        let mut found = Vec::with_capacity(columns * rows);
        for k in 0..columns * rows {
            let (x, y) = ((k % columns * step) as i32, (k / columns * step) as i32);
            // At an edge of either picture not every move can be tried, and the best of the others tells nothing.
            let square = still
                .square(x, y, half)
                .filter(|square| square.deviation > 2.0 && laid.reaches((x, y), half, COARSE));
            found.push(
                square
                    .map(|square| best(&square, &laid, (x, y), (0, 0), (COARSE, ENOUGH)))
                    .filter(|best| best.0 > 0.4),
            );
        }
        let moves = (0..columns * rows).map(|k| settled(&found, columns, rows, k)).collect();
        Self { columns, rows, moves }
    }

    /// How far at a place of the first picture.
    pub fn at(&self, x: usize, y: usize) -> (i32, i32) {
        let place = |v: usize, count: usize| (v.saturating_sub(BLOCK / 2 - STEP / 2) / STEP).min(count - 1);
        self.moves[place(y, self.rows) * self.columns + place(x, self.columns)]
    }
}

/// The median of a block's and its neighbours' moves, in whole pixels.
fn settled(found: &[Option<(f32, (i32, i32))>], columns: usize, rows: usize, k: usize) -> (i32, i32) {
    let (row, column) = (k / columns, k % columns);
    let mut near = Vec::new();
    for r in row.saturating_sub(1)..(row + 2).min(rows) {
        for c in column.saturating_sub(1)..(column + 2).min(columns) {
            near.extend(found[r * columns + c].map(|(_, moved)| moved));
        }
    }
    if near.is_empty() {
        return (0, 0);
    }
    let middle = |mut values: Vec<i32>| {
        values.sort_unstable();
        values[values.len() / 2] * 2
    };
    (middle(near.iter().map(|m| m.0).collect()), middle(near.iter().map(|m| m.1).collect()))
}

/// Means of two by two pixels.
fn halved(plane: &Plane) -> Plane {
    let (width, height) = (plane.width / 2, plane.height / 2);
    let mut out = Plane::new(width, height);
    for y in 0..height {
        for x in 0..width {
            let at = 2 * y * plane.width + 2 * x;
            let below = at + plane.width;
            out.data[y * width + x] =
                (plane.data[at] + plane.data[at + 1] + plane.data[below] + plane.data[below + 1]) / 4.0;
        }
    }
    out
}

/// How dark each pixel is against the paper around it, as a share of how dark the picture's ink is. NaN stays.
pub(crate) fn ink(plane: &Plane) -> Plane {
    let (columns, rows) = (plane.width.div_ceil(CELL), plane.height.div_ceil(CELL));
    let mut papers = Vec::with_capacity(columns * rows);
    let mut depths = Vec::with_capacity(columns * rows);
    for k in 0..columns * rows {
        let (x, y) = (k % columns * CELL, k / columns * CELL);
        let (mut counts, mut held) = ([0_u32; LEVELS], 0);
        for row in y..(y + CELL).min(plane.height) {
            let line = &plane.data[row * plane.width + x..row * plane.width + (x + CELL).min(plane.width)];
            for level in line.iter().filter(|level| !level.is_nan()) {
                counts[((level * 2.0) as usize).min(LEVELS - 1)] += 1;
                held += 1;
            }
        }
        let at = |share: f32| level_at(&counts, (held as f32 * share) as u32).filter(|_| held > 0);
        papers.push(at(0.85));
        depths.extend(at(0.85).zip(at(0.04)).map(|(paper, dark)| paper - dark));
    }
    depths.sort_unstable_by(f32::total_cmp);
    let depth = depths.get(depths.len() * 4 / 5).copied().unwrap_or(1.0).max(8.0);
    let mut out = plane.clone();
    for k in 0..columns * rows {
        let (column, row) = (k % columns, k / columns);
        let mut near = Vec::with_capacity(9);
        for r in row.saturating_sub(1)..(row + 2).min(rows) {
            near.extend(
                (column.saturating_sub(1)..(column + 2).min(columns)).filter_map(|c| papers[r * columns + c]),
            );
        }
        near.sort_unstable_by(f32::total_cmp);
        // Not the median: a black box can cover most of a neighbourhood, and is not paper.
        let Some(paper) = near.get(near.len().saturating_sub(2)) else { continue };
        for y in row * CELL..(row * CELL + CELL).min(plane.height) {
            let line = y * plane.width;
            for level in &mut out.data[line + column * CELL..line + (column * CELL + CELL).min(plane.width)] {
                *level = ((paper - *level) / depth).clamp(-0.5, 1.5);
            }
        }
    }
    out
}

/// Half grey levels, which is as fine as paper is known.
const LEVELS: usize = 512;

/// The level that so many lie below.
fn level_at(counts: &[u32; LEVELS], below: u32) -> Option<f32> {
    let mut sum = 0;
    let found = counts.iter().position(|count| {
        sum += count;
        sum > below
    });
    found.map(|k| k as f32 / 2.0 + 0.25)
}

/// Shares of ink in a cell of either that is paper in the other, all around.
fn lost(a: &Plane, b: &Plane, (x, y): (usize, usize), (dx, dy): (i32, i32)) -> (f32, f32) {
    let (mut of_a, mut lost_a, mut of_b, mut lost_b) = (0.0_f32, 0.0_f32, 0.0_f32, 0.0_f32);
    for v in y..(y + CELL).min(a.height) {
        for u in x..(x + CELL).min(a.width) {
            let (p, q) = (u as i32 + dx, v as i32 + dy);
            if p < 1 || q < 1 || p as usize + 1 >= b.width || q as usize + 1 >= b.height {
                continue;
            }
            let (mine, theirs) = (a.data[v * a.width + u], b.data[q as usize * b.width + p as usize]);
            if mine > INK {
                of_a += 1.0;
                lost_a += if darkest(b, p as usize, q as usize) < PAPER { 1.0 } else { 0.0 };
            }
            if theirs > INK {
                of_b += 1.0;
                lost_b += if darkest(a, u, v) < PAPER { 1.0 } else { 0.0 };
            }
        }
    }
    (lost_a / of_a.max(12.0), lost_b / of_b.max(12.0))
}

/// The darkest of a pixel and its eight neighbours.
fn darkest(plane: &Plane, x: usize, y: usize) -> f32 {
    let mut most = f32::MIN;
    for line in y.saturating_sub(1)..(y + 2).min(plane.height) {
        let start = line * plane.width;
        for level in &plane.data[start + x.saturating_sub(1)..start + (x + 2).min(plane.width)] {
            most = most.max(*level);
        }
    }
    most
}
