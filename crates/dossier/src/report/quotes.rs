//! Posts that quote a sheet in their own text.

use maud::Markup;
use texts::html;

use super::book::{Book, Sheet};
use super::left_out;
use super::sheets::post_link;
use super::shown::{counted, plain, when};
use crate::told::{Alteration, Quote, QuotedBy, Wording};

/// Quotes of one sheet, at most.
const ROWS: usize = 40;
/// Letters of a quote, at most.
const LETTERS: usize = 400;
/// Differences of a quote, and quotes of a difference, at most; letters of either side.
const DIFFER: usize = 12;
const WORDS: usize = 120;

/// The posts that quote a sheet, by time.
pub(crate) fn quoted(book: &Book, sheet: &Sheet) -> Markup {
    let of_it = |quote: &&Quote| quote.sheets.iter().any(|quoted| quoted.family == sheet.family.id);
    let mut quotes: Vec<&Quote> = book.dossier.quotes.iter().filter(of_it).collect();
    let time =
        |quote: &Quote| book.post(&quote.post).and_then(|post| post.when.as_ref().map(|when| when.earliest));
    quotes.sort_by_key(|quote| (time(quote), &quote.post, &quote.id));
    html! {
        @if !quotes.is_empty() {
            details {
                summary { "Quoted in posts, as text " span .muted { (counted(quotes.len(), "passage", "passages")) } }
                ul .about {
                    @for quote in quotes.iter().take(ROWS) { (told(book, quote)) }
                }
                (left_out(ROWS, quotes.len(), "passages"))
            }
        }
    }
}

fn told(book: &Book, quote: &Quote) -> Markup {
    let post = book.post(&quote.post);
    let most = 10 * quote.same >= 6 * quote.of;
    html! {
        li {
            @if most { span .tag { "transcript" } " " }
            @if let Some(post) = post { (when(post.when.as_ref())) " " }
            (post_link(book, &quote.post)) ": " q { (plain(&quote.text, LETTERS)) } " "
            span .muted {
                (quote.same) " of " (quote.words) " words as on the sheet, which has " (quote.of)
                @if quote.sheets.len() > 1 { "; " (quote.sheets.len() - 1) " more have them, so that it does not tell which" }
            }
            @if !quote.differs.is_empty() {
                ul { @for one in quote.differs.iter().take(DIFFER) { li { (differs(one)) } } }
                (left_out(DIFFER, quote.differs.len(), "differences"))
            }
        }
    }
}

fn differs(one: &Wording) -> Markup {
    html! {
        @match &one.says { Some(says) => { "says “" (plain(says, WORDS)) "”" }, None => { "has nothing" } }
        " where the sheet "
        @match &one.sheet_says { Some(says) => { "says “" (plain(says, WORDS)) "”" }, None => { "has nothing" } }
    }
}

/// The posts that quote one of the two readings of a difference, by time; `group` is the difference on all who hold it.
pub(crate) fn sided(book: &Book, group: &[&Alteration]) -> Markup {
    let time = |one: &QuotedBy| book.post(&one.post).and_then(|post| post.when.map(|when| when.earliest));
    let mut rows: Vec<&QuotedBy> = group.iter().flat_map(|row| &row.quoted_by).collect();
    rows.sort_by_key(|one| (time(one), &one.post, &one.quote));
    rows.dedup_by_key(|one| &one.quote);
    html! {
        @if !rows.is_empty() {
            ul .about {
                @for one in rows.iter().take(DIFFER) {
                    li {
                        "quoted in " (post_link(book, &one.post))
                        @match &one.says { Some(says) => { " as “" (plain(says, WORDS)) "”" }, None => { " without these words" } }
                    }
                }
            }
            (left_out(DIFFER, rows.len(), "quotes"))
        }
    }
}
