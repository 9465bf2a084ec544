//! What must have existed, or is named, and nobody holds: each with the reason and where to look (R6).

use maud::Markup;
use texts::{html, mark, say, say_told};

use super::book::Book;
use super::sheets::{channel_link, linked, measured, post_link};
use super::shown::{anchor, counted, name, number, second, short};
use super::{left_out, section};
use crate::told::{Gap, Lack, Reason, Seek};

/// Rows of one kind, and reasons of a row, at most.
const ROWS: usize = 80;
const REASONS: usize = 4;
/// Sheets that are named, at most.
const SHEETS: usize = 12;

/// The kinds in the order in which they are told, each with its heading.
const KINDS: [(Lack, &str); 6] = [
    (Lack::Source, mark("Pictures from which held ones were made")),
    (Lack::Between, mark("Pictures between two that are held")),
    (Lack::Sheet, mark("Sheets")),
    (Lack::Supply, mark("Other sources of channels")),
    (Lack::Channel, mark("Channels")),
    (Lack::Post, mark("Posts")),
];

pub(crate) fn gaps(book: &Book) -> Markup {
    let gaps = &book.dossier.gaps;
    let files = gaps.iter().filter(|gap| gap.lack == Lack::File).count();
    section(
        "gaps",
        "What is missing",
        html! {
            @if gaps.is_empty() { p { "Nothing in the material tells of anything that is not held. That says little of what else there was." } }
            @else {
                p {
                    "What must have existed, or is named, and is not held: each with the reason, and where and when to look. “May” marks \
                     what another explanation leaves open."
                }
            }
            @for (lack, heading) in KINDS {
                @let rows = of_kind(book, lack);
                @if !rows.is_empty() {
                    h3 { (say(heading)) " " span .muted { (number(rows.len() as u64)) } }
                    ul .gaps { @for gap in rows.iter().take(ROWS) { (told(book, gap)) } }
                    (left_out(ROWS, rows.len(), "of this kind"))
                }
            }
            @if files > 0 {
                p { (counted(files, "file that a post carries is", "files that posts carry are")) " not held; see " a href=(book.section("unseen")) { "referenced but unseen" } "." }
            }
        },
    )
}

/// Those of a kind: the sure ones first, those that sheets came with before others.
fn of_kind<'a>(book: &Book<'a>, lack: Lack) -> Vec<&'a Gap> {
    let mut rows: Vec<&Gap> = book.dossier.gaps.iter().filter(|gap| gap.lack == lack).collect();
    rows.sort_by_key(|gap| (!gap.sure, gap.families.is_empty(), gap.seek.not_after, &gap.id));
    rows
}

fn told(book: &Book, gap: &Gap) -> Markup {
    html! {
        li id=(anchor(&gap.id)) {
            div { b { (title(book, gap)) } @if !gap.sure { " " span .tag { "may" } } " " (short(&gap.id)) (book.ways_to_judge(&gap.id)) }
            div {
                @for reason in gap.reasons.iter().take(REASONS) { (because(book, reason)) }
                @if gap.reasons.len() > REASONS { p .remark { "and " (number((gap.reasons.len() - REASONS) as u64)) " more reasons of this kind" } }
                @if gap.lack != Lack::Sheet && gap.lack != Lack::Source && gap.lack != Lack::Between && !gap.families.is_empty() {
                    p .remark { "Sheets: " (sheets(book, &gap.families)) }
                }
            }
            div { (look(&gap.seek)) }
        }
    }
}

fn title(book: &Book, gap: &Gap) -> Markup {
    let seek = &gap.seek;
    html! {
        @match gap.lack {
            Lack::Source => { "The source of " (pictures(book, &gap.pictures)) },
            Lack::Between => { "A picture between " (pictures(book, &gap.pictures)) },
            Lack::Sheet => {
                @if let Some(page) = &seek.file { "P" (name(page.trim_start_matches(['p', 'P']))) } @else { "A page" }
                " of the document of sheet " (sheets(book, &gap.families))
            },
            Lack::Supply => {
                "Another source of " @if let Some(channel) = &gap.channel { (channel_link(book, channel)) }
                ", or it is itself the source of " (counted(gap.families.len(), "sheet", "sheets"))
            },
            Lack::Channel => { @if let Some(channel) = &seek.channel { (name(channel)) } },
            Lack::Post => {
                "Post " @if let Some(post) = &seek.post { (name(post)) }
                " in " @match &gap.channel { Some(channel) => (channel_link(book, channel)), None => { @if let Some(channel) = &seek.channel { (name(channel)) } } }
            },
            Lack::File => { "A file" },
        }
    }
}

/// Pictures by their labels, linked to their places.
fn pictures(book: &Book, ids: &[String]) -> Markup {
    html! {
        @for (place, id) in ids.iter().enumerate() {
            @if place > 0 { @if place + 1 == ids.len() { " and " } @else { ", " } }
            (linked(book, true, id, html! { "picture " (book.label(id)) }))
        }
    }
}

/// Sheets by their numbers.
pub(crate) fn sheets(book: &Book, ids: &[String]) -> Markup {
    let mut numbered: Vec<(usize, &String)> =
        ids.iter().filter_map(|id| Some((book.sheet(id)?.number, id))).collect();
    numbered.sort();
    html! {
        @for (place, (number, id)) in numbered.iter().take(SHEETS).enumerate() {
            @if place > 0 { ", " }
            (linked(book, book.is_told(id), id, html! { (number) }))
        }
        @if numbered.len() > SHEETS { " and " (numbered.len() - SHEETS) " more" }
    }
}

fn because(book: &Book, reason: &Reason) -> Markup {
    let is_post = reason.cited.starts_with("post:");
    html! {
        p .remark {
            (say_told(&reason.says))
            @if is_post { ": " (post_link(book, &reason.cited)) } @else { " " code .id title=(reason.cited) { (cut(&reason.cited)) } }
            @if let Some(words) = &reason.words { ", “" (name(words)) "”" }
            @if !reason.measures.is_empty() {
                span .muted { @for measure in &reason.measures { "; " (measured(measure)) } }
            }
        }
    }
}

/// A citation cut to its first digits and its place.
fn cut(cited: &str) -> String {
    let (id, place) = cited.find(['#', '~', '@']).map_or((cited, ""), |at| cited.split_at(at));
    format!("{}{place}", id.chars().take(17).collect::<String>())
}

/// Where and when to look.
pub(crate) fn look(seek: &Seek) -> Markup {
    html! {
        p .remark {
            b { "Look " }
            @if let Some(platform) = &seek.platform { "on " (name(platform)) } @else { "wherever the sheet was seen" }
            @if let Some(space) = &seek.space { ", in " (name(space)) }
            @if let Some(channel) = &seek.channel { ", channel " (name(channel)) }
            @if let Some(post) = &seek.post { ", post " (name(post)) }
            @match (&seek.post_before, &seek.post_after) {
                (Some(before), Some(after)) => { ", between posts " (name(before)) " and " (name(after)) },
                (Some(before), None) => { ", after post " (name(before)) },
                (None, Some(after)) => { ", before post " (name(after)) },
                (None, None) => {},
            }
            @match (seek.not_before, seek.not_after) {
                (Some(from), Some(to)) if second(from) == second(to) => { ", at " (second(from)) " UTC" },
                (Some(from), Some(to)) => { ", between " (second(from)) " and " (second(to)) " UTC" },
                (Some(from), None) => { ", not before " (second(from)) " UTC" },
                (None, Some(to)) => { ", no later than " (second(to)) " UTC" },
                (None, None) => { "; no time is told" },
            }
            "."
        }
    }
}
