//! Figures that add up to a stated total under one reading of a place and not under the other.
//!
//! A total stands last or first of figures under each other or beside each other, and adds up all of them, those behind the
//! previous total or gap, or the subtotals among them; percentages add up to 100. How likely figures meet their total by
//! chance is told from how many values the total might have, how many such sums there were to try, what the total is
//! called, and whether other columns or rows add up in the same way.
//!
//! The words elsewhere on the sheet must be those of both readings: where pictures differ at a second place, and a total
//! was altered together with a figure, the words of one side would speak against the other. Leave such words out.

mod figure;
mod table;
#[cfg(test)]
mod trials;

use model::Measure;

use crate::sheet::{Contrary, SheetWord, worded};
use figure::{PARTS, Style};
use table::{Line, Table};

/// So likely by chance a sum may be and still speak.
const CHANCE: f64 = 0.001;
/// And so likely it may be and still silence what speaks for the other reading.
const OBJECTS: f64 = 0.03;
/// A total that is called so is so many times less likely one by chance.
const CALLED: f64 = 10.0;
/// Of percentages a total of 100 is.
const WHOLE: f64 = 20.0;
/// Totals that are tried, along a line.
const TOTALS: usize = 6;
/// Starts of a sum that are tried.
const STARTS: usize = 8;
/// Columns, or rows, that are asked whether they add up alike.
const BESIDE: usize = 20;
/// Altered figures at one place.
const OWN: usize = 8;

/// Figures that add up.
#[derive(Clone, Debug)]
struct Sum {
    /// The cell of the total; none for percentages that add up to 100 without one.
    total: Option<usize>,
    addends: Vec<usize>,
    /// The total is called one.
    called: bool,
    /// Before it is weighed, how many sums were more to be expected, and it.
    chance: f64,
}

/// The reading with which figures no longer add up that do with the other. `words` say elsewhere what both sides say.
pub(crate) fn contrary(words: &[SheetWord], area: [f64; 4], texts: [&str; 2]) -> Option<Contrary> {
    let mut best: [Option<(Sum, [Measure; 4])>; 2] = [None, None];
    let mut objects = [false; 2];
    let (a, b) = (worded(words, area, texts, 0)?, worded(words, area, texts, 1)?);
    for style in Style::ALL {
        let empty = |side: usize| texts[side].trim().is_empty().then_some(area);
        let tables = [Table::new(&a, style, empty(0)), Table::new(&b, style, empty(1))];
        let own = [tables[0].own(), tables[1].own()];
        if own[0].is_empty() || own[0].len() != own[1].len() || own[0].len() > OWN {
            continue;
        }
        let value = |side: usize, n: usize| tables[side].cells[own[side][n]].figure.value;
        if (0..own[0].len()).all(|n| value(0, n) == value(1, n)) {
            return None;
        }
        for side in 0..2 {
            for sum in own[side].iter().flat_map(|n| sums(&tables[side], *n)) {
                let Some(measures) = compared(&sum, [&tables[side], &tables[1 - side]]) else { continue };
                objects[side] |= sum.chance <= OBJECTS;
                let better = best[side].as_ref().is_none_or(|(b, _)| sum.chance < b.chance);
                if sum.chance <= CHANCE && better {
                    best[side] = Some((sum, measures));
                }
            }
        }
    }
    let side = (0..2).find(|side| best[1 - side].is_some() && !objects[*side])?;
    let (_, measures) = best[1 - side].take()?;
    Some(Contrary { side, measures: measures.into() })
}

/// What is measured of a sum that holds on the first table; `None` if it holds on the second as well, or if there the place
/// of the total is empty.
fn compared(sum: &Sum, tables: [&Table; 2]) -> Option<[Measure; 4]> {
    let own = tables.map(Table::own);
    let value = |table: usize, cell: usize| {
        let at = own[0].iter().position(|n| *n == cell).filter(|_| table == 1);
        at.map_or(tables[0].cells[cell].figure, |at| tables[1].cells[own[1][at]].figure)
    };
    let added = |table: usize| sum.addends.iter().map(|n| value(table, *n).value).sum::<i128>();
    let stated = |table: usize| sum.total.map_or(100 * PARTS, |n| value(table, n).value);
    if added(1) == stated(1) || sum.total.is_some_and(|n| value(1, n).nil) {
        return None;
    }
    let number = |value: i128| value as f64 / PARTS as f64;
    let held = |name: &str, table: usize| {
        Measure::new(name, number(added(table)), "as printed", Some(number(stated(table))))
    };
    let count = sum.addends.iter().filter(|n| tables[0].cells[**n].figure.value != 0).count();
    Some([
        held("sum of the figures with this reading, against the stated total", 1),
        held("sum of the figures with the other reading, against the stated total", 0),
        Measure::new("figures that are added", count as f64, "figures", Some(2.0)),
        Measure::new("chance that figures add up so", sum.chance.min(1.0), "probability", Some(CHANCE)),
    ])
}

/// The sums that an altered figure takes part in.
fn sums(table: &Table, own: usize) -> Vec<Sum> {
    let mut found = Vec::new();
    for line in table.lines(own) {
        let first = candidates(table, &line.reversed(), own);
        // A total is seldom first.
        let first = first.into_iter().map(|sum| Sum { chance: 2.0 * sum.chance, ..sum });
        let all = candidates(table, &line, own).into_iter().chain(first).chain(shares(table, &line, own));
        found.extend(all.filter_map(|sum| weighed(table, sum)));
    }
    found
}

/// The sum with its chance, if it holds and is enough to be one.
fn weighed(table: &Table, mut sum: Sum) -> Option<Sum> {
    let figure = |n: usize| table.cells[n].figure;
    let total = sum.total.map_or(100 * PARTS, |n| figure(n).value);
    let values: Vec<i128> = sum.addends.iter().map(|n| figure(*n).value).collect();
    let added = values.iter().filter(|v| **v != 0).count();
    if values.iter().sum::<i128>() != total || added < 2 {
        return None;
    }
    let span = span(total, &values);
    let like = alike(table, &sum);
    let percent = sum.addends.iter().all(|n| figure(*n).percent || figure(*n).nil);
    let whole = sum.total.is_some() && percent && total == 100 * PARTS;
    if span < 10.0 || added < 3 && !sum.called && !whole && like <= 1.0 {
        return None;
    }
    let called = if sum.called { CALLED } else { 1.0 };
    sum.chance /= span * like * called * if whole { WHOLE } else { 1.0 };
    Some(sum)
}

/// How many values a total of such figures might have.
fn span(total: i128, addends: &[i128]) -> f64 {
    let largest = addends.iter().map(|v| v.unsigned_abs()).max().unwrap_or(0).max(total.unsigned_abs());
    let step = addends.iter().fold(total.unsigned_abs(), |a, b| divisor(a, b.unsigned_abs()));
    (largest / step.max(1)) as f64
}

fn divisor(mut a: u128, mut b: u128) -> u128 {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// The sums there may be along a line with the total behind its addends, whether they hold or not: the nearest total and
/// the nearest start are the most to be expected.
fn candidates(table: &Table, line: &Line, own: usize) -> Vec<Sum> {
    let cell = |n: usize| &table.cells[line.cells[n]].figure;
    let all = line.cells.len();
    let Some(at) = line.cells.iter().position(|n| *n == own) else { return Vec::new() };
    let headings = |from: usize| (from..all).all(|n| cell(n).heading);
    let closes = |n: usize| n + 1 == all || line.apart[n + 1] || headings(n + 1);
    let able = |n: &usize| !cell(*n).nil && (line.labelled[*n] || closes(*n));
    let mut out: Vec<Sum> = Vec::new();
    for (far, total) in (at.max(2)..all).filter(able).take(TOTALS).enumerate() {
        let folded = folded(table, line, total);
        let folded = (folded.len() < total).then_some(folded);
        let runs = starts(table, line, total).into_iter().map(|start| (start..total).collect());
        let takes_part = |run: &Vec<usize>| run.len() > 1 && (total == at || run.contains(&at));
        for (near, run) in folded.into_iter().chain(runs).filter(takes_part).enumerate() {
            let addends: Vec<usize> = run.into_iter().map(|n| line.cells[n]).collect();
            let chance = ((far + 1) * (near + 1)) as f64;
            out.push(Sum { total: Some(line.cells[total]), addends, called: line.labelled[total], chance });
        }
    }
    out
}

/// Where the addends of a total may begin: at the first figure, below headings, below a gap, below another total.
fn starts(table: &Table, line: &Line, total: usize) -> Vec<usize> {
    let heading = |n: usize| table.cells[line.cells[n]].figure.heading;
    let headed = (0..total).take_while(|n| heading(*n)).count();
    let numbered = line.row && table.cells[line.cells[0]].figure.value < 1000 * PARTS;
    let begins = |n: &usize| {
        *n == 0
            || *n == headed
            || *n == 1 && (heading(0) || numbered)
            || line.apart[*n]
            || line.labelled[*n - 1]
    };
    (0..total).rev().filter(begins).take(STARTS).collect()
}

/// What is left before a total when every subtotal stands for its addends.
fn folded(table: &Table, line: &Line, total: usize) -> Vec<usize> {
    let value = |n: usize| table.cells[line.cells[n]].figure.value;
    let (mut open, mut block): (Vec<usize>, usize) = (Vec::new(), 0);
    for n in 0..total {
        let part: Vec<i128> = open[block..].iter().map(|n| value(*n)).collect();
        let sum = part.len() > 1 && part.iter().sum::<i128>() == value(n);
        if sum && span(value(n), &part) >= if line.labelled[n] { 10.0 } else { 100.0 } {
            open.truncate(block);
            block += 1;
        }
        open.push(n);
    }
    open
}

/// Percentages about the altered one that may add up to 100.
fn shares(table: &Table, line: &Line, own: usize) -> Option<Sum> {
    let at = line.cells.iter().position(|n| *n == own)?;
    let share = |n: usize| table.cells[line.cells[n]].figure.percent && !line.labelled[n];
    let from = (0..=at).rev().take_while(|n| share(*n) && (*n == at || !line.apart[*n + 1])).last()?;
    let to = (at..line.cells.len()).take_while(|n| share(*n) && (*n == at || !line.apart[*n])).last()?;
    let addends = line.cells.get(from..=to)?.to_vec();
    (addends.len() > 2).then_some(Sum { total: None, addends, called: false, chance: 1.0 })
}

/// How many times less likely a sum is one by chance for the columns, or rows, in which the same figures add up; 1 where
/// they do in fewer than in which they do not.
fn alike(table: &Table, sum: &Sum) -> f64 {
    let Some(total) = sum.total else { return 1.0 };
    let column = sum.addends.iter().all(|n| !table.beside(*n, total));
    let along = |a: usize, b: usize| if column { table.beside(a, b) } else { table.under(a, b) };
    let across = |a: usize, b: usize| if column { table.under(a, b) } else { table.beside(a, b) };
    let free = |n: usize| !table.cells[n].own && n != total && !sum.addends.contains(&n);
    let all = 0..table.cells.len();
    let (mut holds, mut fails, mut times) = (0, 0, 1.0);
    for other in all.clone().filter(|n| free(*n) && along(*n, total) && !across(*n, total)).take(BESIDE) {
        let beside: Vec<usize> =
            all.clone().filter(|n| free(*n) && *n != other && across(*n, other)).collect();
        let term = |a: &usize| beside.iter().copied().find(|n| along(*n, *a));
        let terms = sum.addends.iter().filter_map(term).map(|n| table.cells[n].figure.value);
        let terms: Vec<i128> = terms.filter(|v| *v != 0).collect();
        let stated = table.cells[other].figure.value;
        if terms.len() < 2 {
            continue;
        }
        if terms.iter().sum::<i128>() == stated {
            holds += 1;
            times *= span(stated, &terms).clamp(1.0, 1000.0);
        } else {
            fails += 1;
        }
    }
    if holds >= fails { times } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::tests::{area_of, sheet};

    /// The side that does not fit where `was` is read as `now`.
    fn side(text: &str, was: &str, now: &str) -> Option<usize> {
        let words = sheet(text);
        let area = area_of(&words, was);
        let one = contrary(&words, area, [was, now]).map(|c| c.side);
        let other = contrary(&words, area, [now, was]).map(|c| c.side);
        assert_eq!(one, other.map(|side| 1 - side), "{was} {now}");
        one
    }

    const STORES: &str = "Place     Crates  Tonnes\nAlpha        120      12\nBravo      1,310      33\n\
                          Charlie      422       7\nTotal      1,852      52";

    #[test]
    fn a_column_adds_up_with_one_reading() {
        for (was, now) in [("120", "170"), ("1,310", "7,310"), ("1,852", "1,352"), ("33", "38"), ("52", "32")]
        {
            assert_eq!(side(STORES, was, now), Some(1), "{was} {now}");
        }
        let words = sheet(STORES);
        let told = contrary(&words, area_of(&words, "120"), ["170", "120"]).unwrap();
        assert_eq!(told.side, 0);
        let of = |n: usize| (told.measures[n].value, told.measures[n].bound);
        assert_eq!(of(0), (1902.0, Some(1852.0)));
        assert_eq!(of(1), (1852.0, Some(1852.0)));
        assert_eq!(of(2), (3.0, Some(2.0)));
    }

    #[test]
    fn what_is_no_contradiction() {
        for (was, now) in
            [("120", "l20"), ("120", "12O"), ("1,310", "1.310"), ("1,310", "1310"), ("Alpha", "Aloha")]
        {
            assert_eq!(side(STORES, was, now), None, "{was} {now}");
        }
        assert_eq!(side(&STORES.replace("422", "432"), "1,310", "7,310"), None);
        assert_eq!(side("Alpha  12\nBravo  33\nTotal  45", "12", "17"), None);
        assert_eq!(side("1000\n2345\n3345", "1000", "1900"), None);
    }

    #[test]
    fn totals_first_rows_and_dashes() {
        assert_eq!(side("Total   5,391\nNorth   1,044\nSouth   4,347", "1,044", "1,944"), Some(1));
        assert_eq!(side("Quarter  1044  388  17  52  1501", "388", "338"), Some(1));
        let rows = "       Men  Women   All\nAlpha  120     31   151\nBravo   17     12    29\nDelta  200     85   285";
        assert_eq!(side(rows, "17", "11"), Some(1));
        assert_eq!(side("Alpha  1,200\nBravo      -\nDelta    310\nTotal  1,510", "310", "810"), Some(1));
    }

    #[test]
    fn grand_totals() {
        let text = "Rifles        1,210\nGuns            340\nSubtotal      1,550\n\nTrucks          812\n\
                    Cars             77\nSubtotal        889\n\nTotal         2,439";
        for (was, now) in
            [("340", "940"), ("889", "859"), ("2,439", "2,489"), ("77", "71"), ("1,550", "1,530")]
        {
            assert_eq!(side(text, was, now), Some(1), "{was} {now}");
        }
    }

    #[test]
    fn money_brackets_and_percent() {
        let money = "Income     $ 12 400.50\nCosts      $ (3 100.25)\nRent         $ (900.00)\nNet         $ 8 400.25";
        let words = sheet(money);
        let first = area_of(&words, "12");
        let area = [first[0], first[1], first[2] + 70.0, first[3]];
        let told = contrary(&words, area, ["12 400.50", "17 400.50"]).unwrap();
        assert_eq!(told.side, 1);
        assert_eq!(side("Alpha   12.5%\nBravo   40.1%\nDelta   47.4%", "40.1%", "49.1%"), Some(1));
        assert_eq!(side("Alpha   12%\nBravo   40%\nDelta   48%\nTotal  100%", "40%", "49%"), Some(1));
        assert_eq!(side("Alpha   12%\nBravo   40%\nDelta   48%", "40%", "49%"), None);
        assert_eq!(side("A  1.200,50\nB    300,25\nSumme  1.500,75", "300,25", "800,25"), None);
        assert_eq!(side("A      1.200,50\nB        300,25\nSumme  1.500,75", "300,25", "800,25"), Some(1));
    }

    #[test]
    fn a_figure_taken_out_is_missed() {
        assert_eq!(side(STORES, "1,310", ""), Some(1));
        assert_eq!(side(STORES, "1,852", ""), None);
        assert_eq!(side(&STORES.replace("  422", "5,422").replace("1,852", "1,430"), "5,422", ""), Some(0));
    }
}
