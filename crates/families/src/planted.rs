//! What finding no other letters is worth: other letters of the same picture are planted at places that agree, and it is
//! counted how many of them are found in just the same way as those that were there.

use std::collections::BTreeSet;

use crate::grey::Plane;
use crate::letters::{CLASSES, Inks, STEP, Usual, WINDOW, Window, lacks, moments, places};

/// Other letters that are planted, how far apart (in steps), and of how many places one is taken, the first that is no more
/// alike than this.
const MOST_PLANTED: usize = 80;
const APART: usize = 8;
const DECOYS: usize = 12;
const ALIKE: f32 = 0.75;

/// The window at a row and column; windows are in order.
fn at(windows: &[Window], row: usize, column: usize) -> Option<&Window> {
    windows
        .binary_search_by_key(&(row, column), |window| (window.row, window.column))
        .ok()
        .and_then(|n| windows.get(n))
}

/// Plants other letters at places that agree, and counts how many were planted and how many are seen.
pub(crate) fn planted(
    inks: &Inks,
    windows: &[Window],
    usual: &[Usual; CLASSES],
    (lettered, height): (&[Window], usize),
) -> (usize, usize) {
    let wide = height.clamp(4, WINDOW);
    let laid = inks.laid;
    let mut changed = laid.clone();
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as usize % below.max(1)
    };
    let mut targets: Vec<&Window> = Vec::new();
    for _ in 0..MOST_PLANTED * 6 {
        let Some(window) = lettered.get(next(lettered.len())) else { break };
        let far = |other: &&Window| {
            other.row.abs_diff(window.row).max(other.column.abs_diff(window.column)) >= APART
        };
        let fair = window.lacks <= usual[window.class].lacks * 1.5;
        if targets.len() == MOST_PLANTED || !fair || !targets.iter().all(far) {
            continue;
        }
        let here = (window.column * STEP, window.row * STEP);
        let mut found: Option<(f32, (usize, usize))> = None;
        for _ in 0..DECOYS {
            if found.is_some() {
                break;
            }
            let Some(decoy) = lettered.get(next(lettered.len())) else { break };
            let (x, y) = (decoy.column * STEP, decoy.row * STEP);
            let mut best: Option<(f32, (usize, usize))> = None;
            for v in (y.saturating_sub(2)..=y + 2).filter(|v| v + WINDOW <= laid.height) {
                let fit = moments(laid, laid, here, (x, v)).map_or(1.0, |sums| sums.correlation());
                if best.is_none_or(|(most, _)| fit > most) {
                    best = Some((fit, (x, v)));
                }
            }
            found = best.filter(|(fit, _)| *fit < ALIKE);
        }
        if let Some((_, from)) = found {
            paste(&mut changed, laid, here, from, wide);
            targets.push(window);
        }
    }
    let other = Inks { laid: &changed, ..*inks };
    let reach = (WINDOW / 2 + wide / 2) / STEP;
    let seen = targets.iter().filter(|target| {
        let mut odd = BTreeSet::new();
        for row in target.row.saturating_sub(reach)..=target.row + reach {
            for column in target.column.saturating_sub(reach)..=target.column + reach {
                let Some(window) = at(windows, row, column) else { continue };
                if lacks(inks.still, &changed, (column * STEP, row * STEP)) > usual[window.class].odd {
                    odd.insert((row, column));
                }
            }
        }
        places(odd).iter().any(|place| other.differ(place))
    });
    (targets.len(), seen.count())
}

/// Copies a strip of a window.
fn paste(to: &mut Plane, from: &Plane, (x, y): (usize, usize), (u, v): (usize, usize), wide: usize) {
    let skip = (WINDOW - wide) / 2;
    for row in 0..WINDOW {
        let (start, at) = ((v + row) * from.width + u + skip, (y + row) * to.width + x + skip);
        if let (Some(to), Some(from)) = (to.data.get_mut(at..at + wide), from.data.get(start..start + wide)) {
            to.copy_from_slice(from);
        }
    }
}

/// Windows that no ruled line runs through: a line is inked all along.
pub(crate) fn lettered(ink: &Plane, windows: &[Window]) -> Vec<Window> {
    const RULED: f32 = 0.25;
    let free = |window: &&Window| {
        let (x, y) = (window.column * STEP, window.row * STEP);
        let level = |row: usize, column: usize| {
            ink.data.get((y + row) * ink.width + x + column).copied().unwrap_or(0.0)
        };
        let along = |k: usize| (0..WINDOW).all(|n| level(k, n) > RULED);
        let down = |k: usize| (0..WINDOW).all(|n| level(n, k) > RULED);
        !(0..WINDOW).any(|k| along(k) || down(k))
    };
    windows.iter().filter(free).copied().collect()
}

/// How high letters are, about: rows of ink in one go through the middle of windows, the median.
pub(crate) fn height(ink: &Plane, windows: &[Window]) -> usize {
    const HALF: usize = 24;
    let mut heights = Vec::new();
    for window in windows.iter().step_by((windows.len() / 300).max(1)) {
        let (x, y) = (window.column * STEP, window.row * STEP + WINDOW / 2);
        let depth = |row: usize| -> f32 {
            let start = row * ink.width + x;
            let line = ink.data.get(start..start + WINDOW).unwrap_or(&[]);
            line.iter().sum()
        };
        let rows: Vec<f32> = (y.saturating_sub(HALF)..(y + HALF).min(ink.height)).map(depth).collect();
        let middle = y - y.saturating_sub(HALF);
        let Some(around) = rows.get(middle.saturating_sub(4)..(middle + 5).min(rows.len())) else { continue };
        let most = around.iter().copied().fold(0.0, f32::max);
        let Some(start) = (middle.saturating_sub(4)..middle + 5).find(|k| rows.get(*k) == Some(&most)) else {
            continue;
        };
        let inked = |k: &usize| rows.get(*k).is_some_and(|depth| *depth > most * 0.3);
        let down = (start..rows.len()).take_while(inked).count();
        let up = (0..start).rev().take_while(inked).count();
        heights.push(up + down);
    }
    heights.sort_unstable();
    heights.get(heights.len() / 2).copied().unwrap_or(WINDOW)
}
