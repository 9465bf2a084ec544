//! Counts the places where other letters stand: two receipts of one printer, or two fillings of one form, agree nearly
//! all over, yet here and there both hold ink and it is not the same ink. Whoever alters a sheet alters few words.
//!
//! Small windows are held against each other at the finest scale both pictures have. A window is odd where it fits
//! much worse than windows of this pair do: blur, noise and coarse pixels make all of them fit worse, and then none is
//! odd. Odd windows that touch are one place. A place counts only if each picture holds ink there that the other does
//! not: a mark, a box, a stamp, a mosaic or a stain adds ink to one alone.

use std::collections::{BTreeMap, BTreeSet};

use crate::agree::{Sheets, best, ink};
use crate::grey::Plane;

/// Pixels that the shared part is held against each other at.
pub(crate) const PIXELS: f64 = 900_000.0;
/// Side of a window, about two small letters; and the distance between windows.
const WINDOW: usize = 16;
const STEP: usize = 8;
/// How far a window is moved beyond what its surroundings are off: near folds and where the map is poor it is far. A
/// window must be movable this much at least.
const FAR: i32 = 5;
const REACH: i32 = 2;
/// Standard deviation of grey levels, and its share of what inked windows of the picture have, that ink makes.
const DEVIATION: f32 = 4.0;
const INKED: f32 = 0.35;
/// A window is odd if its correlation lacks more than so many times what the median's lacks, and this on top; and is
/// below this in any case.
const SLACK: f32 = 3.0;
const ON_TOP: f32 = 0.05;
const CEILING: f32 = 0.8;
/// Windows of a place, at least.
const LEAST: usize = 2;
/// Ink, as a share of the darkest, by which one must be darker than the other to count.
const DARKER: f32 = 0.2;
/// The share of its ink that either must have at a place where the other has none, beyond what is usual.
const BOTH_LOSE: f32 = 0.03;
/// Below so many windows with ink in both nothing is known.
const FEWEST: usize = 30;

/// One window with ink in both.
struct Window {
    row: usize,
    column: usize,
    fit: f32,
    moved: (i32, i32),
}

/// How many places with other letters there are within `core` (left, top, right, bottom; pixels of the overlap).
pub(crate) fn other_letters(sheets: &Sheets, core: [f64; 4]) -> usize {
    let windows = windows(sheets, core);
    if windows.len() < FEWEST {
        return 0;
    }
    let mut fits: Vec<f32> = windows.iter().map(|window| window.fit).collect();
    let middle = fits.len() / 2;
    let (_, median, _) = fits.select_nth_unstable_by(middle, f32::total_cmp);
    let least = (1.0 - SLACK * (1.0 - *median) - ON_TOP).min(CEILING);
    let odd: BTreeMap<(usize, usize), &Window> = windows
        .iter()
        .filter(|window| window.fit < least)
        .map(|window| ((window.row, window.column), window))
        .collect();
    let all = places(&odd);
    let places = all.iter().filter(|place| place.len() >= LEAST);
    let inks = Inks::of(sheets, windows.iter().filter(|window| window.fit >= *median));
    places
        .filter(|place| {
            let lost = inks.lost(place.iter().filter_map(|at| odd.get(at)).copied());
            lost.0.min(lost.1) > BOTH_LOSE
        })
        .count()
}

fn windows(sheets: &Sheets, [left, top, right, bottom]: [f64; 4]) -> Vec<Window> {
    let (still, laid) = (&sheets.still, &sheets.laid);
    let places = |side: usize| side.saturating_sub(WINDOW) / STEP + 1;
    let (columns, rows) = (places(still.plane.width), places(still.plane.height));
    let mut seen = Vec::new();
    for k in 0..columns * rows {
        let (row, column) = (k / columns, k % columns);
        let (x, y) = (column * STEP, row * STEP);
        let (u, v) = ((x + WINDOW / 2) as f64, (y + WINDOW / 2) as f64);
        if u < left || u > right || v < top || v > bottom {
            continue;
        }
        let off = sheets.field.at(x + WINDOW / 2, y + WINDOW / 2);
        let (x, y) = (x as i32, y as i32);
        let there = (x + off.0, y + off.1);
        let spreads = still.spread(x, y, WINDOW).zip(laid.spread(there.0, there.1, WINDOW));
        let Some(((_, mine), (_, theirs))) = spreads else { continue };
        if laid.reaches(there, WINDOW, REACH) && mine.max(theirs) > DEVIATION {
            seen.push((row, column, off, (mine, theirs)));
        }
    }
    let inked = |take: fn((f32, f32)) -> f32| {
        let mut all: Vec<f32> = seen.iter().map(|one| take(one.3)).collect();
        all.sort_unstable_by(f32::total_cmp);
        (all.get(all.len() * 3 / 4).copied().unwrap_or(0.0) * INKED).max(DEVIATION)
    };
    let least = (inked(|pair| pair.0), inked(|pair| pair.1));
    let both = seen.into_iter().filter(|(.., ink)| ink.0 > least.0 && ink.1 > least.1);
    both.filter_map(|(row, column, off, _)| {
        let (x, y) = ((column * STEP) as i32, (row * STEP) as i32);
        let square = still.square(x, y, WINDOW)?;
        let (fit, moved) = best(&square, laid, (x, y), off, (FAR, CEILING));
        Some(Window { row, column, fit, moved })
    })
    .collect()
}

/// The ink of both pictures, and what of it is usually lost where they agree.
struct Inks {
    still: Plane,
    laid: Plane,
    usual: (f32, f32),
}

impl Inks {
    fn of<'a>(sheets: &Sheets, agreeing: impl Iterator<Item = &'a Window>) -> Self {
        let mut inks =
            Self { still: ink(sheets.still.plane), laid: ink(sheets.laid.plane), usual: (0.0, 0.0) };
        let (mut lost, mut of) = ((0.0, 0.0), (0.0, 0.0));
        for window in agreeing.step_by(4) {
            let (one, two) = inks.sums(window);
            lost = (lost.0 + one.0, lost.1 + one.1);
            of = (of.0 + two.0, of.1 + two.1);
        }
        inks.usual = (lost.0 / of.0.max(1.0), lost.1 / of.1.max(1.0));
        inks
    }

    /// The lines of a window on both.
    fn lines(&self, window: &Window) -> impl Iterator<Item = (&[f32], &[f32])> {
        let (x, y) = (window.column * STEP, window.row * STEP);
        let (p, q) = (x as i32 + window.moved.0, y as i32 + window.moved.1);
        let (p, q) = (p.max(0) as usize, q.max(0) as usize);
        (0..WINDOW).map(move |row| (line(&self.still, x, y + row), line(&self.laid, p, q + row)))
    }

    /// Ink of either that the other has not, and ink of either, over a window.
    fn sums(&self, window: &Window) -> ((f32, f32), (f32, f32)) {
        let (mut lost, mut of) = ((0.0_f32, 0.0_f32), (0.0_f32, 0.0_f32));
        for (mine, theirs) in self.lines(window) {
            for (mine, theirs) in mine.iter().zip(theirs) {
                lost.0 += (mine - theirs - DARKER).max(0.0);
                lost.1 += (theirs - mine - DARKER).max(0.0);
                of.0 += mine.max(0.0);
                of.1 += theirs.max(0.0);
            }
        }
        (lost, of)
    }

    /// The share of either's ink over windows that the other has not, beyond what is usual.
    fn lost<'a>(&self, windows: impl Iterator<Item = &'a Window>) -> (f32, f32) {
        let (mut lost, mut of) = ((0.0, 0.0), (0.0, 0.0));
        for window in windows {
            let (one, two) = self.sums(window);
            lost = (lost.0 + one.0, lost.1 + one.1);
            of = (of.0 + two.0, of.1 + two.1);
        }
        (lost.0 / of.0.max(1.0) - self.usual.0, lost.1 / of.1.max(1.0) - self.usual.1)
    }
}

fn line(plane: &Plane, x: usize, y: usize) -> &[f32] {
    let start = y * plane.width + x;
    plane.data.get(start..start + WINDOW).unwrap_or(&[])
}

/// Groups of windows that touch each other.
fn places(odd: &BTreeMap<(usize, usize), &Window>) -> Vec<Vec<(usize, usize)>> {
    let mut left: BTreeSet<(usize, usize)> = odd.keys().copied().collect();
    let mut places = Vec::new();
    while let Some(first) = left.pop_first() {
        let mut place = Vec::new();
        let mut open = vec![first];
        while let Some((row, column)) = open.pop() {
            place.push((row, column));
            for r in row.saturating_sub(1)..=row + 1 {
                open.extend(
                    (column.saturating_sub(1)..=column + 1).map(|c| (r, c)).filter(|at| left.remove(at)),
                );
            }
        }
        places.push(place);
    }
    places
}
