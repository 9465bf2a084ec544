//! Why pictures are held to show one sheet, and why sheets that look alike are held apart: the numbers, and where both agree.

use std::collections::BTreeMap;
use std::fmt::Write;

use maud::Markup;
use texts::{html, mark, say};

use super::book::{Book, Sheet};
use super::left_out;
use super::sheets::{linked, measured};
use super::shown::counted;
use crate::told::{Cells, Contrast, Match, Measure};

/// Rows of a table, at most.
const ROWS: usize = 60;
/// Rows that have a drawing, at most.
const DRAWN: usize = 12;
/// The longer side of a drawing, in pixels.
const SIDE: f64 = 150.0;
/// What a cell says: its letter, its class, words.
const KINDS: [(char, &str, &str); 4] = [
    ('s', "same", mark("the same ink")),
    ('u', "unclear", mark("unclear")),
    ('o', "other", mark("other ink")),
    ('1', "one", mark("ink in one only")),
];

/// The matches within a sheet.
pub(crate) fn together(book: &Book, sheet: &Sheet) -> Markup {
    let mut matches: Vec<&Match> = sheet.family.matches.iter().filter_map(|id| book.found(id)).collect();
    let place = |id: &str| sheet.pictures.iter().position(|picture| *picture == id);
    matches.sort_by_key(|found| {
        let (a, b) = (place(&found.a), place(&found.b));
        (a.min(b), a.max(b))
    });
    html! {
        @if !matches.is_empty() {
            details {
                summary { "Why together " span .muted { (counted(matches.len(), "match", "matches")) } }
                (legend())
                div .scroll tabindex="0" role="region" aria-label={ "Matches of sheet " (sheet.number) } {
                    table {
                        thead { tr { th scope="col" { "Pictures" } th scope="col" { "Where they agree" } th scope="col" { "Because" } th scope="col" { "Measured" } } }
                        tbody {
                            @for (n, found) in matches.iter().take(ROWS).enumerate() {
                                @let turned = place(&found.a) > place(&found.b);
                                @let (one, other) = if turned { (&found.b, &found.a) } else { (&found.a, &found.b) };
                                tr {
                                    th scope="row" { (book.label(one)) " – " (book.label(other)) }
                                    td { (where_they_agree(book, found.cells.as_ref(), n)) }
                                    td { (found.ground.shown()) }
                                    td { (all_measured(&found.measures)) }
                                }
                            }
                        }
                    }
                }
                (left_out(ROWS, matches.len(), "matches"))
            }
        }
    }
}

/// Other sheets that look like this one: of each the pair of pictures that was held first.
pub(crate) fn apart(book: &Book, sheet: &Sheet) -> Markup {
    let mut others: BTreeMap<usize, Vec<&Contrast>> = BTreeMap::new();
    for contrast in sheet.pictures.iter().flat_map(|picture| book.contrasts(picture)) {
        let mine = |id: &str| sheet.pictures.contains(&id);
        let other = if mine(&contrast.a) { &contrast.b } else { &contrast.a };
        if let Some(number) = book.sheet_of(other).filter(|_| !mine(other)) {
            others.entry(number).or_default().push(contrast);
        }
    }
    html! {
        @if !others.is_empty() {
            details {
                summary { "Looks alike, and held apart " span .muted { (counted(others.len(), "other sheet", "other sheets")) } }
                (legend())
                div .scroll tabindex="0" role="region" aria-label={ "Sheets that look like sheet " (sheet.number) } {
                    table {
                        thead { tr { th scope="col" { "Sheet" } th scope="col" { "Where they agree" } th scope="col" { "Pairs" } th scope="col" { "Measured of the first" } } }
                        tbody {
                            @for (n, (number, pairs)) in others.iter().take(ROWS).enumerate() { (held_apart(book, sheet, *number, pairs, n)) }
                        }
                    }
                }
                (left_out(ROWS, others.len(), "sheets"))
            }
        }
    }
}

fn held_apart(book: &Book, sheet: &Sheet, number: usize, pairs: &[&Contrast], n: usize) -> Markup {
    let Some((other, first)) = number.checked_sub(1).and_then(|k| book.sheets.get(k)).zip(pairs.first())
    else {
        return html! {};
    };
    let mine = sheet.pictures.contains(&first.a.as_str());
    let (one, two) = if mine { (&first.a, &first.b) } else { (&first.b, &first.a) };
    html! {
        tr {
            th scope="row" {
                (linked(book, book.is_told(&other.family.id), &other.family.id, html! { "Sheet " (number) }))
                span .under { (book.label(one)) " – " (book.label(two)) }
            }
            td { (where_they_agree(book, first.cells.as_ref(), n)) }
            td { (counted(pairs.len(), "pair", "pairs")) }
            td { (all_measured(&first.measures)) }
        }
    }
}

fn all_measured(measures: &[Measure]) -> Markup {
    html! { ul .measures { @for measure in measures { li { (measured(measure)) } } } }
}

fn legend() -> Markup {
    html! {
        p .legend {
            @for (_, class, says) in KINDS {
                span .key { svg .swatch viewBox="0 0 24 16" aria-hidden="true" { rect .{ "cell " (class) } width="24" height="16" {} } (say(says)) }
            }
        }
    }
}

/// The cells, drawn in the frame of the picture that they lie on.
fn where_they_agree(book: &Book, cells: Option<&Cells>, n: usize) -> Markup {
    let drawn = cells.filter(|_| n < DRAWN).and_then(|cells| Some((cells, book.picture(&cells.on)?)));
    let Some((cells, picture)) = drawn else {
        return html! {};
    };
    let (wide, high) = (f64::from(picture.width).max(1.0), f64::from(picture.height).max(1.0));
    let scale = SIDE / wide.max(high);
    let (width, height) = ((wide * scale).ceil(), (high * scale).ceil());
    html! {
        svg .cells width=(width) height=(height) viewBox={ "0 0 " (width) " " (height) } role="img"
            aria-label={ "Cells of picture " (book.label(&cells.on)) ": " (shares(cells)) } {
            rect .page width=(width) height=(height) {}
            @for (letter, class, _) in KINDS { path .{ "cell " (class) } d=(path(cells, letter, scale)) {} }
        }
        span .under { "on " (book.label(&cells.on)) }
    }
}

/// How many cells say what, in words.
fn shares(cells: &Cells) -> String {
    let count = |letter: char| cells.rows.iter().flat_map(|row| row.chars()).filter(|c| *c == letter).count();
    let said = KINDS.iter().map(|(letter, _, says)| format!("{} {}", count(*letter), say(says)));
    said.collect::<Vec<_>>().join(", ")
}

/// Runs of cells with one letter as boxes.
fn path(cells: &Cells, letter: char, scale: f64) -> String {
    let mut path = String::new();
    let at = |from: f64, n: usize| ((from + cells.side * n as f64) * scale * 10.0).round() / 10.0;
    for (row, line) in cells.rows.iter().enumerate() {
        let line = line.as_bytes();
        let mut column = 0;
        for run in line.chunk_by(|a, b| a == b) {
            if run.first() == Some(&(letter as u8)) {
                let (x, y) = (at(cells.left, column), at(cells.top, row));
                let (right, bottom) = (at(cells.left, column + run.len()), at(cells.top, row + 1));
                let _ = write!(path, "M{x} {y}H{right}V{bottom}H{x}z");
            }
            column += run.len();
        }
    }
    path
}
