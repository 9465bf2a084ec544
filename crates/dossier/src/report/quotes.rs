//! Posts that quote a sheet in their own text.

use maud::{Markup, html};

use super::book::{Book, Sheet};
use super::left_out;
use super::sheets::post_link;
use super::shown::{counted, plain, when};
use crate::told::Quote;

/// Quotes of one sheet, at most.
const ROWS: usize = 40;
/// Letters of a quote, at most.
const LETTERS: usize = 400;

/// The posts that quote a sheet, by time.
pub(super) fn quoted(book: &Book, sheet: &Sheet) -> Markup {
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
        }
    }
}
