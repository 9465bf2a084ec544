//! The first page: what was counted, what came last and what it changed, what is undecided.

use maud::Markup;
use texts::html;

use crate::report::book::Book;
use crate::report::head;
use crate::report::moved::Arrived;
use crate::report::shown::{counted, number, second};

/// Sheets that are named, at most.
const NAMED: usize = 24;

/// What the last arrival changed (R20). Numbers are those of sheets.
pub(super) struct News {
    at: Option<jiff::Timestamp>,
    /// Sheets of which nothing was there before.
    new: Vec<usize>,
    /// Sheets whose first appearance moved.
    moved: Vec<usize>,
}

impl News {
    pub fn of(book: &Book, arrived: &Arrived) -> Self {
        let mut news = Self { at: arrived.last(), new: Vec::new(), moved: Vec::new() };
        for (place, sheet) in book.sheets.iter().enumerate() {
            if arrived.is_new(book, sheet) {
                news.new.push(place);
            } else if arrived.just_moved(book, sheet) {
                news.moved.push(place);
            }
        }
        news
    }
}

pub(super) fn overview(book: &Book, news: &News) -> Markup {
    html! {
        (head::counts(book))
        section aria-labelledby="news-h" {
            h2 #news-h { "What came last" }
            @match news.at {
                None => p { "Nothing was added yet." },
                Some(at) => {
                    p { "Material was last added " (second(at)) " UTC." }
                    p { (sheets(book, &news.new, "sheet is new", "sheets are new")) }
                    p { (sheets(book, &news.moved, "sheet is seen earlier than before", "sheets are seen earlier, or first seen elsewhere, than before")) }
                }
            }
        }
        (undecided(book))
    }
}

fn sheets(book: &Book, places: &[usize], one: &'static str, many: &'static str) -> Markup {
    html! {
        (counted(places.len(), one, many))
        @for (n, sheet) in places.iter().take(NAMED).filter_map(|place| book.sheets.get(*place)).enumerate() {
            @if n == 0 { ": " } @else { ", " }
            a href=(book.to(&sheet.family.id)) { (sheet.number) }
        }
        @if places.len() > NAMED { " and " (number((places.len() - NAMED) as u64)) " more" }
        "."
    }
}

/// What the material leaves open: an analyst may know more.
fn undecided(book: &Book) -> Markup {
    let dossier = book.dossier;
    let open: Vec<usize> = (0..book.sheets.len())
        .filter(|place| book.sheets.get(*place).is_some_and(|sheet| sheet.family.first.candidates.len() > 1))
        .collect();
    let later = dossier.alterations.iter().filter(|row| row.later.is_none()).count();
    let hops = dossier.hops.iter().filter(|hop| !hop.decided).count();
    let gaps = dossier.gaps.iter().filter(|gap| !gap.sure).count();
    html! {
        section aria-labelledby="open-h" {
            h2 #open-h { "What is undecided" }
            ul {
                li { (sheets(book, &open, "sheet has several posts that can have been the first", "sheets have several posts that can have been the first")) }
                li { (counted(later, "difference does not tell", "differences do not tell")) " which side is the later: " a href="/sheets?differs=yes" { "sheets that differ" } "." }
                li { (counted(hops, "pair of channels", "pairs of channels")) " without a direction: " a href="/hops" { "from channel to channel" } "." }
                li { (counted(gaps, "gap is", "gaps are")) " not sure: " a href="/gaps" { "what is missing" } "." }
            }
        }
    }
}
