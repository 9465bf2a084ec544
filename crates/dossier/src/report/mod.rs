//! The report: one HTML file without scripts that opens offline. Received text is escaped, pictures are thumbnails of our
//! own making, and the content policy forbids every request.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped};
use rayon::prelude::*;
use texts::{html, mark, say};

use crate::json::digest;
use crate::told::Dossier;

mod activity;
mod around;
pub(crate) mod book;
pub(crate) mod chats;
mod descent;
pub(crate) mod differ;
pub(crate) mod gaps;
pub(crate) mod head;
pub(crate) mod hops;
pub(crate) mod matrix;
pub(crate) mod moved;
pub(crate) mod page;
pub(crate) mod places;
mod quotes;
pub(crate) mod said;
mod scale;
pub(crate) mod sheets;
pub mod shown;
pub(crate) mod silent;
pub(crate) mod thumbs;
pub(crate) mod timeline;
pub(crate) mod touched;
pub(crate) mod troubles;
pub(crate) mod views;
mod why;

pub use page::{Opened, Sought};
pub use timeline::Chosen;

use book::Book;
use moved::Arrived;
use page::Pages;
use places::Places;
use thumbs::Thumbs;
use views::Views;

/// What a report says of its own making: it is not in dossier.json, which has no clock and no custody log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// When the report was made, as text with its zone.
    pub made_at: String,
    /// The program's version.
    pub version: String,
    /// How many entries the custody log has.
    pub custody_entries: u64,
    /// The digest of its last entry, 64 hexadecimal digits.
    pub custody_head: String,
    /// Whether pictures are shown laid on each other also where they do not differ.
    pub view_all: bool,
    /// What was added when, in this order.
    pub arrivals: Vec<Arrival>,
}

/// What was added to the case in one go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// When, by the clock of the machine.
    pub at: jiff::Timestamp,
    /// The items that were new.
    pub items: std::collections::BTreeSet<model::ItemId>,
}

pub(crate) const POLICY: &str = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";
/// The style of the report, which the workbench has too.
pub const STYLE: &str = include_str!("style.css");

/// Small JPEGs of our own making that the report shows; anything else is not shown.
pub struct Previews<'a> {
    /// Of a picture, by its id.
    pub thumbnail: Preview<'a>,
    /// Of a place on a picture: its id, and the place's corners in page pixels.
    pub place: &'a dyn Fn(&str, &Corners) -> Option<Vec<u8>>,
    /// Of a picture laid on the view of its sheet, by its id.
    pub view: Preview<'a>,
    /// Of a picture laid open as a page, by its id.
    pub page: &'a (dyn Fn(&str) -> Option<Opened> + Sync),
}

/// Makes a small JPEG of the picture with an id; asked for many at once.
pub type Preview<'a> = &'a (dyn Fn(&str) -> Option<Vec<u8>> + Sync);

/// Those of some pictures, as text for `data:` addresses. Only what begins like a JPEG is embedded, whatever the caller
/// hands over.
fn embedded<'a>(preview: Preview, pictures: &[&'a str]) -> BTreeMap<&'a str, String> {
    let one = |id: &&'a str| {
        let jpeg = preview(id).filter(|bytes| is_jpeg(bytes))?;
        Some((*id, STANDARD.encode(jpeg)))
    };
    pictures.par_iter().with_max_len(1).filter_map(one).collect()
}

fn is_jpeg(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xff, 0xd8, 0xff])
}

/// Four corners `[x, y]`.
pub type Corners = [[f64; 2]; 4];

/// The rasters that sheets are told with.
pub(crate) struct Shown<'a, 'm> {
    pub(crate) thumbs: Thumbs<'a>,
    pub(crate) places: Places,
    pub(crate) views: Views<'a>,
    pub(crate) pages: Pages<'a>,
    pub(crate) arrived: &'m Arrived<'a>,
}

/// The report as HTML.
pub fn report(dossier: &Dossier, context: &Context, previews: &Previews) -> String {
    let book = Book::of(dossier, false);
    let thumbs = Thumbs::of(&book, previews.thumbnail);
    let places = Places::of(&book, previews);
    let views = Views::of(&book, context, previews.view);
    let arrived = Arrived::of(dossier, &context.arrivals);
    let pages = Pages::of(&book, previews.page);
    let shown = Shown { thumbs, places, views, pages, arrived: &arrived };
    let title = shown::plain(&dossier.case.name, 120);
    let page = html! {
        (DOCTYPE)
        html lang=(texts::language()) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                meta name="robots" content="noindex";
                title { "Dossier: " (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a .skip href="#main" { "Skip to the report" }
                (head::head(&book, context))
                (contents(&book))
                main #main tabindex="-1" {
                    (head::limits(&book))
                    (timeline::timeline(&book))
                    (matrix::matrix(&book))
                    (hops::hops(&book))
                    (gaps::gaps(&book))
                    (sheets::sheets(&book, &shown))
                    (sheets::documents(&book, shown.arrived))
                    (said::said(&book))
                    (said::mentioned(&book))
                    (touched::touched(&book))
                    (chats::log(&book))
                    (chats::channels(&book))
                    (chats::unseen(&book))
                    (silent::discrepancies(&book))
                    (troubles::acts(&book))
                    (troubles::problems(&book))
                    (troubles::method(&book))
                    (troubles::provenance(context, digest(dossier).ok()))
                }
                footer { "Made by Truecopy " (shown::plain(&context.version, 40)) ". All times are UTC unless they say otherwise." }
            }
        }
    };
    page.into_string()
}

/// The sections, with how much is in them.
fn contents(book: &Book) -> Markup {
    let counts = &book.dossier.counts;
    let entries = [
        ("limits", mark("What this report can say"), None),
        ("timeline", mark("Timeline"), None),
        ("matrix", mark("Channels and sheets"), None),
        ("hops", mark("From channel to channel"), Some(book.dossier.hops.len() as u64)),
        ("gaps", mark("What is missing"), Some(book.dossier.gaps.len() as u64)),
        ("sheets", mark("Sheets"), Some(counts.sheets)),
        ("documents", mark("Documents"), Some(book.dossier.documents.len() as u64)),
        ("said", mark("What the sheets say"), Some(book.dossier.statements.len() as u64)),
        ("mentioned", mark("Who and what is mentioned"), Some(book.dossier.entities.len() as u64)),
        ("touched", mark("Whom the sheets touch"), Some(book.dossier.parties.len() as u64)),
        ("posts", mark("Posts with pictures"), Some(book.carriers.len() as u64)),
        ("channels", mark("Channels"), Some(counts.channels)),
        ("unseen", mark("Referenced but unseen"), Some(counts.unseen)),
        (
            "discrepancies",
            mark("What exports tell differently"),
            Some(book.dossier.discrepancies.len() as u64),
        ),
        ("acts", mark("What analysts did"), Some(book.dossier.acts.len() as u64)),
        ("problems", mark("Problems and notes"), Some(counts.problems + counts.notes)),
        ("method", mark("Method and limits"), None),
        ("provenance", mark("Provenance"), None),
    ];
    html! {
        nav aria-label="Contents" {
            ul {
                @for (id, name, count) in entries {
                    li {
                        a href={ "#" (id) } { (say(name)) }
                        @if let Some(count) = count { " " span .muted { (shown::number(count)) } }
                    }
                }
            }
        }
    }
}

/// Words shown as they are, made safe; for other pages than the report.
pub(crate) fn plain_words(text: &str) -> Markup {
    html! { bdi { (shown::plain(text, 20_000)) } }
}

/// A section with its heading.
fn section(id: &str, heading: &'static str, body: Markup) -> Markup {
    html! {
        section id=(id) aria-labelledby={ (id) "-h" } {
            h2 id={ (id) "-h" } { (say(heading)) }
            (body)
        }
    }
}

/// Says how many rows are left out, and where they are.
fn left_out(shown: usize, all: usize, what: &'static str) -> Markup {
    html! {
        @if all > shown {
            p .note {
                (shown::number((all - shown) as u64)) " more " (say(what))
                " are left out here to keep the report usable. All are in dossier.json."
            }
        }
    }
}
