//! Figures of a sheet as they stand to each other: under each other, beside each other, with what labels them.

use super::figure::{Figure, Style, figure};
use crate::sheet::{Worded, height, same_row};

/// Figures of a column or row that are looked at, at most.
const LONG: usize = 120;
/// Figures of a sheet.
const MOST: usize = 1500;
/// Figures stand under each other if they begin or end within so many letter heights of each other.
const UNDER: f64 = 0.7;
/// And so much more a height between them, for paper that bends.
const BEND: f64 = 0.02;
/// A gap is wide from so many usual ones on.
const WIDE: f64 = 1.6;
/// Parts of one figure stand at most so many letter heights apart.
const PARTED: f64 = 1.1;

/// What the last of figures that add up is called.
const LABELS: [&str; 34] = [
    "total",
    "totals",
    "totale",
    "totaal",
    "totaux",
    "sum",
    "summe",
    "somme",
    "soma",
    "suma",
    "subtotal",
    "net",
    "netto",
    "balance",
    "saldo",
    "gesamt",
    "insgesamt",
    "zusammen",
    "razem",
    "ogółem",
    "łącznie",
    "celkem",
    "ukupno",
    "itogo",
    "итого",
    "всего",
    "итог",
    "баланс",
    "разом",
    "усього",
    "всього",
    "сума",
    "сумма",
    "toplam",
];

/// A figure where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    pub figure: Figure,
    pub area: [f64; 4],
    pub own: bool,
}

/// The figures of a sheet in one style.
pub(super) struct Table {
    pub cells: Vec<Cell>,
    labels: Vec<[f64; 4]>,
    /// Height of its letters.
    letter: f64,
}

/// Figures in a row or under each other, in order, with what tells where sums begin and end.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    pub cells: Vec<usize>,
    pub labelled: Vec<bool>,
    /// Before it is more room than usual.
    pub apart: Vec<bool>,
    /// Side by side, not under each other.
    pub row: bool,
}

impl Line {
    pub fn reversed(&self) -> Self {
        let back = |all: &[bool]| all.iter().rev().copied().collect::<Vec<bool>>();
        let mut apart = back(&self.apart);
        apart.rotate_right(1.min(self.apart.len()));
        Self {
            cells: self.cells.iter().rev().copied().collect(),
            labelled: back(&self.labelled),
            apart,
            row: self.row,
        }
    }
}

impl Table {
    /// All figures among the words; where the place is empty, nothing stands there as a nought.
    pub fn new(words: &[Worded], style: Style, empty: Option<[f64; 4]>) -> Self {
        let mut cells = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let most = parts(&words[at..]);
            let found = (1..=most).rev().find_map(|n| Some((n, cell(&words[at..at + n], style)?)));
            at += found.map_or(1, |(n, _)| n);
            if let Some((_, mut cell)) = found {
                let next = words.get(at).filter(|w| same_row(&w.area, &cell.area));
                cell.figure.percent |= next.is_some_and(|w| w.text == "%");
                cells.push(cell);
            }
        }
        let nought = Figure { value: 0, percent: false, nil: true, units: 1.0, heading: false };
        cells.truncate(MOST);
        cells.extend(empty.map(|area| Cell { figure: nought, area, own: true }));
        let labels = words.iter().filter(|w| label(w.text)).map(|w| w.area).collect();
        let mut heights: Vec<f64> = cells.iter().map(|c| height(&c.area)).collect();
        heights.sort_by(f64::total_cmp);
        let letter = heights.get(heights.len() / 2).copied().unwrap_or(1.0);
        Self { cells, labels, letter }
    }

    /// The places of the altered figures among the cells.
    pub fn own(&self) -> Vec<usize> {
        (0..self.cells.len()).filter(|n| self.cells[*n].own).collect()
    }

    /// Where a cell's left edge, right edge, middle and end of the whole number are.
    fn anchors(&self, cell: usize) -> [f64; 4] {
        let Cell { area: [x0, _, x1, _], figure, .. } = self.cells[cell];
        [x1, x0 + figure.units * (x1 - x0), x0, (x0 + x1) / 2.0]
    }

    fn within(&self, a: usize, b: usize) -> [bool; 4] {
        let far = (self.cells[a].area[3] - self.cells[b].area[3]).abs();
        let room = UNDER * self.letter + BEND * far;
        let (p, q) = (self.anchors(a), self.anchors(b));
        [0, 1, 2, 3].map(|n| (p[n] - q[n]).abs() <= room)
    }

    pub fn under(&self, a: usize, b: usize) -> bool {
        self.within(a, b).contains(&true)
    }

    pub fn beside(&self, a: usize, b: usize) -> bool {
        same_row(&self.cells[a].area, &self.cells[b].area)
    }

    /// The columns a cell may stand in, none of them part of another; the row it stands in, last.
    pub fn lines(&self, cell: usize) -> Vec<Line> {
        let mut columns: Vec<Vec<usize>> = Vec::new();
        for way in 0..4 {
            let column = self.column(cell, way);
            if columns.iter().any(|c| column.iter().all(|n| c.contains(n))) {
                continue;
            }
            columns.retain(|c| !c.iter().all(|n| column.contains(n)));
            columns.push(column);
        }
        let mut lines: Vec<Line> = columns.into_iter().map(|cells| self.measured(cells)).collect();
        lines.push(self.row(cell));
        lines
    }

    fn column(&self, cell: usize, way: usize) -> Vec<usize> {
        let anchor = |n: usize| (self.anchors(n)[way] - self.anchors(cell)[way]).abs();
        let mut all: Vec<usize> = (0..self.cells.len())
            .filter(|n| *n == cell || self.within(*n, cell)[way] && !self.beside(*n, cell))
            .collect();
        all.sort_by(|a, b| self.cells[*a].area[1].total_cmp(&self.cells[*b].area[1]).then(a.cmp(b)));
        let mut column: Vec<usize> = Vec::new();
        for n in all {
            match column.last_mut() {
                Some(last) if self.beside(*last, n) => {
                    if anchor(n) < anchor(*last) {
                        *last = n;
                    }
                }
                _ => column.push(n),
            }
        }
        about(column, cell)
    }

    fn measured(&self, cells: Vec<usize>) -> Line {
        let top = |n: usize| self.cells[n].area[1];
        let gaps: Vec<f64> = cells.windows(2).map(|w| top(w[1]) - top(w[0])).collect();
        let mut sorted = gaps.clone();
        sorted.sort_by(f64::total_cmp);
        let usual = sorted.get(sorted.len() / 2).copied().unwrap_or_default();
        let apart = std::iter::once(false).chain(gaps.iter().map(|g| *g > WIDE * usual));
        let apart = apart.take(cells.len()).collect();
        let left = |label: &[f64; 4], cell: &[f64; 4]| label[2] <= cell[0] + UNDER * self.letter;
        let labelled = |n: &usize| {
            let area = &self.cells[*n].area;
            self.labels.iter().any(|l| same_row(l, area) && left(l, area))
        };
        Line { labelled: cells.iter().map(labelled).collect(), cells, apart, row: false }
    }

    /// The row of a cell; labelled is what has a label over it.
    fn row(&self, cell: usize) -> Line {
        let mut cells: Vec<usize> = (0..self.cells.len()).filter(|n| self.beside(*n, cell)).collect();
        cells.sort_by(|a, b| self.cells[*a].area[0].total_cmp(&self.cells[*b].area[0]).then(a.cmp(b)));
        let cells = about(cells, cell);
        let over = |label: &[f64; 4], cell: &[f64; 4]| {
            let shared = label[2].min(cell[2]) - label[0].max(cell[0]);
            label[3] <= cell[1] + 0.3 * self.letter && shared > -self.letter
        };
        let labelled = |n: &usize| self.labels.iter().any(|l| over(l, &self.cells[*n].area));
        Line {
            labelled: cells.iter().map(labelled).collect(),
            apart: vec![false; cells.len()],
            cells,
            row: true,
        }
    }
}

/// The nearest of a line to one of it.
fn about(line: Vec<usize>, cell: usize) -> Vec<usize> {
    let at = line.iter().position(|n| *n == cell).unwrap_or_default();
    let from = at.saturating_sub(LONG / 2);
    line.into_iter().skip(from).take(LONG).collect()
}

/// How many of the first words may be one figure, parted by spaces: 12 345 678.
fn parts(words: &[Worded]) -> usize {
    let close = |w: &[Worded]| {
        let gap = w[1].area[0] - w[0].area[2];
        let tall = height(&w[0].area).min(height(&w[1].area));
        same_row(&w[0].area, &w[1].area) && gap > -0.5 * tall && gap <= PARTED * tall
    };
    1 + words.windows(2).take(4).take_while(|w| close(w)).count()
}

/// The figure that some words are together.
fn cell(words: &[Worded], style: Style) -> Option<Cell> {
    let (first, rest) = words.split_first()?;
    let figure = match rest {
        [] => figure(first.text, style)?,
        _ => figure(&words.iter().map(|w| w.text).collect::<Vec<_>>().join(" "), style)?,
    };
    let join = |a: [f64; 4], b: &Worded| {
        [a[0].min(b.area[0]), a[1].min(b.area[1]), a[2].max(b.area[2]), a[3].max(b.area[3])]
    };
    let area = rest.iter().fold(first.area, join);
    Some(Cell { figure, area, own: words.iter().any(|w| w.own) })
}

fn label(text: &str) -> bool {
    let word: String = text.chars().take(30).filter(|c| c.is_alphabetic()).collect();
    let word = word.to_lowercase();
    LABELS.contains(&word.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::{tests, worded};

    fn table(text: &str, place: &str) -> (Table, Vec<String>) {
        let words = tests::sheet(text);
        let all = worded(&words, tests::area_of(&words, place), [place, "9"], 0).unwrap();
        let table = Table::new(&all, Style::Loose, None);
        let own = table.own()[0];
        let show = |l: &Line| {
            let value = |n: &usize| (table.cells[*n].figure.value / super::super::figure::PARTS).to_string();
            l.cells.iter().map(value).collect::<Vec<_>>().join(" ")
        };
        let lines = table.lines(own).iter().map(show).collect();
        (table, lines)
    }

    #[test]
    fn columns_and_rows() {
        let text = "Alpha   120   7\nBravo  1 300  20\nSum    1 420  27";
        let (table, lines) = table(text, "120");
        assert_eq!(lines, ["120 1300 1420", "120 7"]);
        let column = table.lines(table.own()[0]).remove(0);
        assert_eq!(column.labelled, [false, false, true]);
        assert_eq!(column.reversed().labelled, [true, false, false]);
    }

    #[test]
    fn a_wide_gap_is_seen_from_both_ends() {
        let text = "Alpha   120\nBravo   300\nDelta   400\n\n\nEcho    101\nFox     102";
        let (table, lines) = table(text, "300");
        assert_eq!(lines[0], "120 300 400 101 102");
        let column = table.lines(table.own()[0]).remove(0);
        assert_eq!(column.apart, [false, false, false, true, false]);
        assert_eq!(column.reversed().apart, [false, false, true, false, false]);
    }
}
