//! What exports of one channel tell differently, and how long and widely each sheet could be seen.

use maud::Markup;
use texts::{html, mark, say};

use super::book::{Book, Sheet};
use super::sheets::{channel_link, post_link};
use super::shown::{anchor, counted, number, plain, second, when, window};
use super::{left_out, section};
use crate::told::{Differs, Discrepancy, First, FirstOf, Open};

/// Rows of one kind, at most.
const ROWS: usize = 100;
/// Letters of what a post said, at most.
const LETTERS: usize = 400;
/// Posts that can have been the first, at most.
const CANDIDATES: usize = 6;

pub(crate) fn discrepancies(book: &Book) -> Markup {
    let all = &book.dossier.discrepancies;
    let kinds: Vec<&[Discrepancy]> = all.chunk_by(|a, b| a.differs == b.differs).collect();
    section(
        "discrepancies",
        "What exports tell differently",
        html! {
            @if all.is_empty() { p { "No two exports of one channel and one format that say when they were made tell a post differently." } }
            @else {
                p {
                    "Exports of one channel, in one format, made at different times, held against each other. An export is somebody's account: \
                     a post that one does not return was deleted, hidden from whoever made it, or left out."
                }
            }
            @for kind in kinds {
                @if let Some(one) = kind.first() {
                    h3 { (say(heading(one.differs))) " " span .muted { (number(kind.len() as u64)) } }
                    ul .gaps { @for one in kind.iter().take(ROWS) { (told(book, one)) } }
                    (left_out(ROWS, kind.len(), "of this kind"))
                }
            }
        },
    )
}

fn heading(differs: Differs) -> &'static str {
    match differs {
        Differs::Reworded => mark("Other words, without a mark of an edit"),
        Differs::Edited => mark("Other words, marked as edited"),
        Differs::Files => mark("Other files"),
        Differs::Gone => mark("Deleted or not returned"),
        Differs::Appeared => mark("In the later export only"),
    }
}

fn told(book: &Book, one: &Discrepancy) -> Markup {
    html! {
        li id=(anchor(&one.id)) {
            div { (post_link(book, &one.post)) (book.ways_to_judge(&one.id)) }
            div {
                @if !one.was.is_empty() { p .remark { "earlier: " q { (plain(&one.was, LETTERS)) } } }
                @if !one.is.is_empty() { p .remark { "later: " q { (plain(&one.is, LETTERS)) } } }
                @if one.was.is_empty() && one.is.is_empty() { p .remark { (one.differs.shown()) } }
            }
            div { @if let Some(between) = &one.between { "exports made " (when(Some(between))) } }
        }
    }
}

/// When exposures of a sheet were seen first, where the zone decides, and how long it could be seen.
pub(crate) fn details(book: &Book, sheet: &Sheet) -> Markup {
    let dossier = book.dossier;
    let id = &sheet.family.id;
    let choices = dossier.zone_choices.iter().filter(|choice| &choice.family == id);
    let first = |of: &str| dossier.firsts.iter().find(|first| first.of == of);
    let exposures =
        dossier.exposures.iter().filter(|exposure| &exposure.family == id && exposure.pictures.len() > 1);
    html! {
        ul .about {
            @for choice in choices {
                li {
                    "The answer depends on a zone that is not known: " (post_link(book, &choice.post)) " was the first if its clock ran at "
                    b { (offset(choice.first_from)) } " or further east."
                }
            }
            @for exposure in exposures {
                @if let Some(FirstOf { first, .. }) = first(&exposure.id) {
                    li {
                        "Photograph of " (exposure.pictures.iter().map(|picture| book.label(picture)).collect::<Vec<_>>().join(", "))
                        ": " (seen(book, first))
                    }
                }
            }
            (reach(book, id))
        }
    }
}

/// "first seen 2023-…, post 7 in general by anon"; where several posts can have been the first, all of them.
pub(crate) fn seen(book: &Book, first: &First) -> Markup {
    html! {
        @match &first.interval {
            Some(interval) => { "first seen " (when(Some(interval))) },
            None if first.candidates.is_empty() => "in no post",
            None => "seen, at a time not known",
        }
        @match first.candidates.as_slice() {
            [] => {},
            [only] => { ", " (post_link(book, only)) },
            several => {
                ", undecided among "
                @for (place, post) in several.iter().take(CANDIDATES).enumerate() { @if place > 0 { "; " } (post_link(book, post)) }
                @if several.len() > CANDIDATES { " and " (several.len() - CANDIDATES) " more" }
            },
        }
    }
}

fn reach(book: &Book, family: &str) -> Markup {
    let Some(reach) = book.dossier.reach.iter().find(|reach| reach.family == family) else { return html! {} };
    let of = |open: Open| reach.channels.iter().filter(move |seen| seen.open == open).collect::<Vec<_>>();
    html! {
        li {
            "Could be seen: " (counted(reach.posts as usize, "post", "posts"))
            @if let Some(first) = &reach.first { ", first " (window(first)) }
            @if let Some(last) = &reach.last { ", last " (window(last)) }
            @if let Some(until) = reach.until { "; still returned by an export made " (second(until)) " UTC" }
            @for open in [Open::Public, Open::Closed, Open::Untold] {
                @let channels = of(open);
                @if !channels.is_empty() {
                    "; " (open.shown()) ": "
                    @for (place, seen) in channels.iter().take(12).enumerate() {
                        @if place > 0 { ", " }
                        (channel_link(book, &seen.channel))
                    }
                    @if channels.len() > 12 { " and " (channels.len() - 12) " more" }
                }
            }
            @if let Some(days) = reach.public_days { "; where anyone can see it for at least " (format!("{days:.1}")) " days" }
            "."
        }
    }
}

/// "UTC+03:15".
fn offset(minutes: i64) -> String {
    let sign = if minutes < 0 { '−' } else { '+' };
    format!("UTC{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
}
