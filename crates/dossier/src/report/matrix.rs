//! Channel × sheet (R5): what each channel had, and where each sheet was seen first.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};

use super::book::{Book, Sheet};
use super::sheets::channel_link;
use super::shown::{anchor, counted, name, plain, window};
use super::{left_out, section};
use crate::told::{Cell, Channel};

/// How many sheets the table shows, at most.
const COLUMNS: usize = 60;
/// Pairs of channels that are told, at most.
const PAIRS: usize = 60;

pub(super) fn matrix(book: &Book) -> Markup {
    let posted: Vec<&Sheet> =
        book.sheets.iter().filter(|sheet| !sheet.family.appearances.is_empty()).collect();
    let mut columns: Vec<&Sheet> = posted.clone();
    if columns.len() > COLUMNS {
        columns.retain(|sheet| sheet.family.appearances.len() > 1);
        columns.truncate(COLUMNS);
    }
    let mut cells: BTreeMap<(&str, &str), &Cell> = BTreeMap::new();
    let mut held: BTreeMap<&str, usize> = BTreeMap::new();
    for cell in &book.dossier.matrix {
        cells.insert((&cell.channel, &cell.family), cell);
        *held.entry(&cell.channel).or_default() += 1;
    }
    let rows: Vec<&Channel> =
        book.channels.iter().copied().filter(|channel| held.contains_key(channel.id.as_str())).collect();
    if rows.is_empty() {
        return section(
            "matrix",
            "Channels and sheets",
            html! { p { "No post in this case carries a picture." } },
        );
    }
    section(
        "matrix",
        "Channels and sheets",
        html! {
            p {
                "What each channel had. A number counts the posts that show the sheet there. A channel that holds sheets \
                 its supposed source lacks has another source as well."
            }
            div .scroll tabindex="0" role="region" aria-label="Channels and sheets" {
                (table(&rows, &columns, &cells, &held))
            }
            (legend(book, rows.len(), columns.len(), posted.len()))
            (relations(book))
        },
    )
}

fn table(
    rows: &[&Channel],
    columns: &[&Sheet],
    cells: &BTreeMap<(&str, &str), &Cell>,
    held: &BTreeMap<&str, usize>,
) -> Markup {
    let starts: Vec<Start> = columns.iter().map(|sheet| Start::of(sheet)).collect();
    html! {
        table .matrix {
            caption .sr { "Posts that show each sheet, by channel" }
            thead {
                tr {
                    th scope="col" { "Channel" }
                    th .total scope="col" { "sheets" }
                    @for sheet in columns {
                        th scope="col" {
                            a href={ "#" (anchor(&sheet.family.id)) } aria-label={ "Sheet " (sheet.number) } { (sheet.number) }
                        }
                    }
                }
            }
            tbody {
                @for channel in rows {
                    tr {
                        th scope="row" { a href={ "#" (anchor(&channel.id)) } { (name(&channel.name)) } }
                        td .total { (held.get(channel.id.as_str()).copied().unwrap_or(0)) }
                        @for (sheet, start) in columns.iter().zip(&starts) {
                            (cell(channel, sheet, cells.get(&(channel.id.as_str(), sheet.family.id.as_str())).copied(), start))
                        }
                    }
                }
            }
        }
    }
}

/// What channels have in common: whose sheets are all among those of another (R5).
fn relations(book: &Book) -> Markup {
    let all = &book.dossier.relations;
    html! {
        @if !all.is_empty() {
            details {
                summary { "What channels have in common " span .muted { (counted(all.len(), "pair", "pairs")) } }
                ul .about {
                    @for relation in all.iter().take(PAIRS) {
                        @let (one, other) = (channel_link(book, &relation.one), channel_link(book, &relation.other));
                        li {
                            @match (relation.only_one, relation.only_other) {
                                (0, 0) => { (one) " and " (other) " have the same " (counted(relation.both as usize, "sheet", "sheets")) "." },
                                (more, 0) => {
                                    "All " (counted(relation.both as usize, "sheet", "sheets")) " of " (other) " are among those of " (one)
                                    ", which has " (more) " more."
                                },
                                (more, others) => {
                                    (one) " and " (other) " share " (counted(relation.both as usize, "sheet", "sheets")) "; the first has "
                                    (more) " that the second lacks, the second " (others) " that the first lacks."
                                },
                            }
                        }
                    }
                }
                (left_out(PAIRS, all.len(), "pairs"))
            }
        }
    }
}

/// The channels a sheet can have been in first.
struct Start<'a> {
    channels: BTreeSet<&'a str>,
}

impl<'a> Start<'a> {
    fn of(sheet: &Sheet<'a>) -> Self {
        let candidates: BTreeSet<&str> = sheet.family.first.candidates.iter().map(String::as_str).collect();
        let seen = sheet.family.appearances.iter().filter(|seen| candidates.contains(seen.post.as_str()));
        Self { channels: seen.filter_map(|seen| seen.channel.as_deref()).collect() }
    }

    /// Every candidate is in this channel; or one of several channels.
    fn class(&self, channel: &str) -> Option<&'static str> {
        match (self.channels.contains(channel), self.channels.len()) {
            (false, _) => None,
            (true, 1) => Some("first"),
            (true, _) => Some("maybe"),
        }
    }
}

fn cell(channel: &Channel, sheet: &Sheet, cell: Option<&Cell>, start: &Start) -> Markup {
    let Some(cell) = cell else {
        return html! { td {} };
    };
    let class = start.class(&channel.id);
    let says = match class {
        Some("first") => ", first seen here",
        Some(_) => ", perhaps first seen here",
        None => "",
    };
    let times = cell.first.as_ref().map_or_else(|| "at a time not known".to_owned(), window);
    let title = format!(
        "sheet {}: {}, from {times}{says}",
        sheet.number,
        counted(cell.posts as usize, "post", "posts")
    );
    let depth = match cell.posts {
        1 => "n1",
        2..=3 => "n2",
        _ => "n3",
    };
    html! {
        td .has .(depth) title={ (plain(&channel.name, 60)) ", " (title) } {
            span .(class.unwrap_or("later")) { (cell.posts) }
            @if !says.is_empty() { span .sr { (says) } }
        }
    }
}

fn legend(book: &Book, rows: usize, columns: usize, posted: usize) -> Markup {
    let silent = book.dossier.channels.len() - rows;
    html! {
        p .legend {
            span .key { span .first { "n" } " first seen here" }
            span .key { span .maybe { "n" } " one of several channels it can have been first in" }
        }
        @if columns < posted {
            p .note {
                "Shown are " (columns) " sheets with more than one appearance; " (posted - columns)
                " other sheets were posted. All are in dossier.json under “matrix”."
            }
        }
        @if silent > 0 {
            p .note { (counted(silent, "channel carries", "channels carry")) " no picture and is not shown here." }
        }
    }
}
