//! The sheets: their pictures, where each was seen, why they are held together.

use maud::Markup;
use texts::{filled, html, say_told};

use super::book::{Book, FULL, GALLERY, Sheet};
use super::moved::Arrived;
use super::shown::{anchor, counted, name, number, plain, short, verbatim, when};
use super::thumbs::{IN_STRIP, caption};
use super::{Shown, differ, left_out, quotes, section, silent, why};
use crate::told::{Appearance, Basis, Exposure, Item, Measure};

mod remarks;
pub(crate) use remarks::remarks_on;

/// Rows of a sheet's lists, at most.
const ROWS: usize = 200;
/// Lines of its text, at most.
const LINES: usize = 120;
/// Up to so many sheets the lists stand open.
const OPEN: usize = 40;

pub(crate) fn sheets(book: &Book, shown: &Shown) -> Markup {
    let thumbs = &shown.thumbs;
    let (many, single) = book.sheets.split_at(book.many);
    section(
        "sheets",
        "Sheets",
        html! {
            p {
                "A sheet is a family: all pictures that were matched with each other. "
                (counted(many.len(), "sheet has", "sheets have")) " more than one picture or appearance; "
                (counted(single.len(), "was", "were")) " seen once. Numbers follow the first appearance."
            }
            @if thumbs.left_out > 0 {
                p .note { "Previews are shown for some pictures only; " (number(thumbs.left_out as u64)) " have none, to keep the report small." }
            }
            @if shown.views.left_out > 0 {
                p .note { (number(shown.views.left_out as u64)) " sheets that differ are not shown laid on each other, to keep the report small; `truecopy compare` shows any two pictures so." }
            }
            @if shown.pages.left_out > 0 {
                p .note { (number(shown.pages.left_out as u64)) " pictures are not shown as pages with what was found where, to keep the report small; the workbench (`truecopy serve`) shows each." }
            }
            @for sheet in many.iter().take(FULL) { (told(book, shown, sheet, many.len() <= OPEN)) }
            (left_out(FULL, many.len(), "sheets with several pictures or appearances"))
            @if !single.is_empty() { (gallery(book, shown, single)) }
        },
    )
}

/// Sheets that may belong together, with the reasons.
pub(crate) fn documents(book: &Book, arrived: &Arrived) -> Markup {
    let documents = &book.dossier.documents;
    section(
        "documents",
        "Documents",
        html! {
            @if documents.is_empty() { p { "No sheets were found to belong together." } }
            @else {
                p { "Sheets that may belong together, in the order of their pages: proposals, each with its reasons. Where two sheets \
                     would follow equally well, none is named." }
            }
            @for document in documents.iter().take(ROWS) {
                @if let Some(first) = book.dossier.firsts.iter().find(|first| first.of == document.id) {
                    p .remark { "Any of these sheets: " (silent::seen(book, &first.first)) }
                }
                (arrived.told_of(book, &document.families))
                ul .about {
                    @for (place, family) in document.families.iter().enumerate() {
                        li {
                            (link(book, family))
                            @if let Some(reasons) = place.checked_sub(1).and_then(|before| document.reasons.get(before)) {
                                " " span .muted { "follows: " (reasons.iter().map(|reason| say_told(&reason.name)).collect::<Vec<_>>().join(", ")) }
                            }
                        }
                    }
                }
            }
            (left_out(ROWS, documents.len(), "documents"))
        },
    )
}

fn link(book: &Book, family: &str) -> Markup {
    let sheet = book.sheet(family);
    html! {
        @if let Some(sheet) = sheet { (linked(book, book.is_told(family), family, html! { "Sheet " (sheet.number) })) " " }
        (short(family))
    }
}

/// Which pictures of a sheet go back to one photograph, scan or drawing, and which clearly to another.
fn taken(book: &Book, sheet: &Sheet) -> Markup {
    let exposures: Vec<&Exposure> =
        book.dossier.exposures.iter().filter(|exposure| exposure.family == sheet.family.id).collect();
    let labels = |exposure: &Exposure| {
        let labels: Vec<&str> = exposure.pictures.iter().map(|picture| book.label(picture)).collect();
        labels.join(", ")
    };
    let apart =
        exposures.iter().flat_map(|exposure| exposure.apart.iter().map(move |apart| (*exposure, apart)));
    let apart: Vec<(&Exposure, &Exposure, &str)> = apart
        .filter(|(exposure, apart)| exposure.id < apart.exposure)
        .filter_map(|(exposure, apart)| {
            let other = exposures.iter().find(|other| other.id == apart.exposure)?;
            Some((exposure, *other, apart.by.trace.shown()))
        })
        .collect();
    let together: Vec<&&Exposure> = exposures.iter().filter(|exposure| exposure.pictures.len() > 1).collect();
    html! {
        @if !together.is_empty() || !apart.is_empty() {
            ul .about {
                @for exposure in together {
                    li {
                        "Of one photograph, scan or drawing: " (labels(exposure)) " "
                        span .muted { "(" (by(exposure)) ")" }
                    }
                }
                @for (one, other, by) in apart.iter().take(ROWS) {
                    li { "Of two: " (labels(one)) " and " (labels(other)) " " span .muted { "(" (by) ")" } }
                }
            }
        }
    }
}

/// What an exposure rests on, each once.
fn by(exposure: &Exposure) -> String {
    let mut traces: Vec<&str> = exposure.held.iter().map(|tell| tell.trace.shown()).collect();
    traces.sort_unstable();
    traces.dedup();
    traces.join("; ")
}

/// A sheet with all that is known of it.
pub(crate) fn told(book: &Book, shown: &Shown, sheet: &Sheet, open: bool) -> Markup {
    let thumbs = &shown.thumbs;
    let family = sheet.family;
    html! {
        article .sheet id=(anchor(&family.id)) {
            h3 { "Sheet " (sheet.number) " " (short(&family.id)) }
            p .summary { (summary(sheet)) }
            ul .strip {
                @for picture in sheet.pictures.iter().take(IN_STRIP) {
                    li .best[*picture == family.best] id=(anchor(picture)) {
                        figure {
                            (thumbs.image(book, picture))
                            figcaption {
                                b { (book.label(picture)) }
                                @if *picture == family.best { " " span .tag { "best" } }
                                " " (caption(book, picture))
                            }
                        }
                    }
                }
            }
            @if sheet.pictures.len() > IN_STRIP {
                p .note { (sheet.pictures.len() - IN_STRIP) " more pictures are not shown here; all are in dossier.json." }
            }
            (first(book, sheet))
            (shown.arrived.told(book, sheet))
            (remarks::remarks(book, sheet))
            (silent::details(book, sheet))
            (taken(book, sheet))
            (said(sheet))
            (differ::differ(book, &shown.places, sheet))
            (shown.views.shown(book, sheet))
            (shown.pages.shown(book, sheet))
            details open[open] {
                summary { "Where it was seen " span .muted { (counted(family.appearances.len(), "appearance", "appearances")) } }
                (seen(book, sheet))
            }
            (quotes::quoted(book, sheet))
            (why::together(book, sheet))
            (why::apart(book, sheet))
        }
    }
}

/// What the sheet says: its banner and its text, as read.
fn said(sheet: &Sheet) -> Markup {
    let Some(text) = &sheet.family.text else {
        return html! {};
    };
    let count = text.split_whitespace().count();
    html! {
        @if let Some(banner) = &sheet.family.marking.banner {
            dl .first { dt { "Marked" } dd { (plain(banner, 200)) } }
        }
        details {
            summary { "What it says, as read " span .muted { (counted(count, "word", "words")) } }
            @for line in text.lines().take(LINES) { p .line { (plain(line, 400)) } }
            (left_out(LINES, text.lines().count(), "lines"))
        }
    }
}

pub(crate) fn summary(sheet: &Sheet) -> String {
    let posts: std::collections::BTreeSet<&str> =
        sheet.family.appearances.iter().map(|seen| seen.post.as_str()).collect();
    let channels: std::collections::BTreeSet<&str> =
        sheet.family.appearances.iter().filter_map(|seen| seen.channel.as_deref()).collect();
    let pictures = counted(sheet.pictures.len(), "picture", "pictures");
    if posts.is_empty() {
        return filled("{pictures}, in no post", &[("pictures", &pictures)]);
    }
    let (posts, channels) =
        (counted(posts.len(), "post", "posts"), counted(channels.len(), "channel", "channels"));
    filled(
        "{pictures}, {posts} in {channels}",
        &[("pictures", &pictures), ("posts", &posts), ("channels", &channels)],
    )
}

/// The first appearance, what it rests on, and the posts (R2).
fn first(book: &Book, sheet: &Sheet) -> Markup {
    let first = &sheet.family.first;
    html! {
        dl .first {
            dt { "First seen" }
            dd {
                @if first.interval.is_some() { strong { (when(first.interval.as_ref())) } } @else if first.basis == Basis::NotPosted { "in no post of this material" }
                @else { "time not known" }
                @if first.basis != Basis::NotPosted { ", by " (say_told(&first.says)) "." }
                ul {
                    @for post in first.candidates.iter().take(12) { li { (post_link(book, post)) } }
                    @if first.candidates.len() > 12 { li { "and " (first.candidates.len() - 12) " more" } }
                }
            }
        }
    }
}

/// "post 7 in general by anon", linked to the list of posts where it stands there.
pub(crate) fn post_link(book: &Book, id: &str) -> Markup {
    let Some(post) = book.post(id) else {
        return html! { "a post that is not in the material, " (short(id)) };
    };
    html! {
        (linked(book, book.is_logged(id), id, html! { "post " (name(&post.native_id)) }))
        " in " (channel_link(book, &post.channel))
        @if let Some(author) = &post.author { " by " (name(&author.name)) }
    }
}

/// Words that lead to an id's place in the report, where it has one.
pub(crate) fn linked(book: &Book, has_place: bool, id: &str, words: Markup) -> Markup {
    if has_place || book.live {
        html! { a href=(book.to(id)) { (words) } }
    } else {
        words
    }
}

pub(crate) fn channel_link(book: &Book, id: &str) -> Markup {
    html! {
        @match book.channel(id) {
            Some(channel) => a href=(book.to(id)) { (name(&channel.name)) },
            None => (short(id)),
        }
    }
}

fn seen(book: &Book, sheet: &Sheet) -> Markup {
    let appearances = &sheet.family.appearances;
    let posted: std::collections::BTreeSet<&str> =
        appearances.iter().map(|seen| seen.picture.as_str()).collect();
    let loose: Vec<&str> =
        sheet.pictures.iter().copied().filter(|picture| !posted.contains(picture)).collect();
    html! {
        ol .seen {
            @for seen in appearances.iter().take(ROWS) { (seen_once(book, seen)) }
            @for picture in loose.iter().take(ROWS) {
                li {
                    div .muted { "in no post" }
                    div {}
                    div .which { (book.label(picture)) }
                    div { (file(book.picture(picture).and_then(|picture| book.item(picture.item.as_deref()?)))) }
                }
            }
        }
        (left_out(ROWS, appearances.len().max(loose.len()), "rows"))
    }
}

fn seen_once(book: &Book, seen: &Appearance) -> Markup {
    let post = book.post(&seen.post);
    html! {
        li {
            div {
                (when(seen.when.as_ref()))
                @if let Some(post) = post { (verbatim(&post.posted, seen.when.as_ref())) }
            }
            div { (post_link(book, &seen.post)) }
            div .which { (book.label(&seen.picture)) }
            div { (file(book.item(&seen.item))) }
        }
    }
}

/// Where a file lay, and its digest.
fn file(item: Option<&Item>) -> Markup {
    html! {
        @match item {
            Some(item) => {
                span .path { (name(&item.path)) }
                code .id title=(item.sha256) { "sha256 " (item.sha256.chars().take(12).collect::<String>()) }
            },
            None => span .muted { "file not held" },
        }
    }
}

pub(crate) fn measured(measure: &Measure) -> Markup {
    html! {
        (name(say_told(&measure.name))) " " b { (figure(measure.value)) } " " (name(say_told(&measure.unit)))
        @if let Some(bound) = measure.bound { span .muted { " (bound " (figure(bound)) ")" } }
    }
}

/// Whole numbers as they are, others to three places.
fn figure(value: f64) -> String {
    if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.3}") }
}

fn gallery(book: &Book, shown: &Shown, single: &[Sheet]) -> Markup {
    let thumbs = &shown.thumbs;
    html! {
        h3 #single { "Sheets seen once" }
        p { "One picture, at most one appearance. Hard crops of other sheets may be among them." }
        ul .gallery {
            @for sheet in single.iter().take(GALLERY) {
                @let seen = sheet.family.appearances.first();
                li id=(anchor(&sheet.family.id)) {
                    @for picture in &sheet.pictures { (thumbs.image(book, picture)) }
                    div {
                        b { (sheet.number) } " "
                        @match seen {
                            Some(seen) => {
                                (linked(book, book.is_logged(&seen.post), &seen.post, when(seen.when.as_ref())))
                                @if let Some(channel) = &seen.channel { " in " (channel_link(book, channel)) }
                            },
                            None => span .muted { "in no post" },
                        }
                        @for picture in &sheet.pictures { span .small { (caption(book, picture)) } }
                        (remarks::remarks(book, sheet))
                    }
                }
            }
        }
        (left_out(GALLERY, single.len(), "sheets seen once"))
        @for sheet in single.iter().take(GALLERY) { (shown.pages.shown(book, sheet)) }
    }
}
