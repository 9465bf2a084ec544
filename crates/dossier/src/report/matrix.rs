//! Channel × sheet (R5): what each channel had, and where each sheet was seen first.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};

use super::book::{Book, Sheet, address};
use super::sheets::channel_link;
use super::shown::{counted, name, plain, window};
use super::{left_out, section};
use crate::told::{Cell, Channel};

/// How many sheets one table shows, at most; of more there are groups, at most so many, of so many sheets at least.
const COLUMNS: usize = 60;
const GROUPS: usize = 30;
const LEAST: usize = 20;
/// Pairs of channels that are told, at most.
const PAIRS: usize = 60;

pub(crate) fn matrix(book: &Book) -> Markup {
    let posted: Vec<&Sheet> =
        book.sheets.iter().filter(|sheet| !sheet.family.appearances.is_empty()).collect();
    let size =
        if posted.len() > COLUMNS { posted.len().div_ceil(GROUPS).clamp(LEAST, COLUMNS) } else { COLUMNS };
    let groups: Vec<&[&Sheet]> = posted.chunks(size).take(GROUPS).collect();
    let mut cells: Cells = BTreeMap::new();
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
            @match groups.as_slice() {
                [only] => (scrolled(table(book, &rows, only, &cells, &held))),
                several => {
                    (scrolled(overview(book, &rows, several, &cells, &held)))
                    @for group in several { (opened(book, &rows, group, &cells)) }
                }
            }
            (legend(book, rows.len(), groups.iter().map(|group| group.len()).sum(), posted.len()))
            (relations(book))
        },
    )
}

fn scrolled(table: Markup) -> Markup {
    html! { div .scroll tabindex="0" role="region" aria-label="Channels and sheets" { (table) } }
}

/// "21–40", by the numbers of its sheets.
fn range(group: &[&Sheet]) -> String {
    let number = |sheet: Option<&&Sheet>| sheet.map_or(0, |sheet| sheet.number);
    format!("{}–{}", number(group.first()), number(group.last()))
}

type Cells<'a> = BTreeMap<(&'a str, &'a str), &'a Cell>;

/// The groups that a channel has sheets of, and of how many it has.
fn overview(
    book: &Book,
    rows: &[&Channel],
    groups: &[&[&Sheet]],
    cells: &Cells,
    held: &BTreeMap<&str, usize>,
) -> Markup {
    let has = |channel: &Channel, group: &[&Sheet]| {
        let has = |sheet: &&&Sheet| cells.contains_key(&(channel.id.as_str(), sheet.family.id.as_str()));
        group.iter().filter(has).count()
    };
    html! {
        table .matrix {
            caption .sr { "Sheets of each group, by channel" }
            thead {
                tr {
                    th scope="col" { "Channel" }
                    th .total scope="col" { "sheets" }
                    @for group in groups { th scope="col" { (range(group)) } }
                }
            }
            tbody {
                @for channel in rows {
                    tr {
                        th scope="row" { a href=(book.to(&channel.id)) { (name(&channel.name)) } }
                        td .total { (held.get(channel.id.as_str()).copied().unwrap_or(0)) }
                        @for group in groups {
                            @match has(channel, group) {
                                0 => td {},
                                count => td .has .(if 2 * count > group.len() { "n3" } else if count > 2 { "n2" } else { "n1" }) { (count) },
                            }
                        }
                    }
                }
            }
        }
    }
}

/// One group, sheet by sheet, with the channels that have any of it.
fn opened(book: &Book, rows: &[&Channel], group: &[&Sheet], cells: &Cells) -> Markup {
    let mut held: BTreeMap<&str, usize> = BTreeMap::new();
    for channel in rows {
        let has = |sheet: &&&Sheet| cells.contains_key(&(channel.id.as_str(), sheet.family.id.as_str()));
        held.insert(&channel.id, group.iter().filter(has).count());
    }
    let rows: Vec<&Channel> =
        rows.iter().copied().filter(|channel| held.get(channel.id.as_str()) > Some(&0)).collect();
    html! {
        details {
            summary { "Sheets " (range(group)) " " span .muted { "in " (counted(rows.len(), "channel", "channels")) } }
            (scrolled(table(book, &rows, group, cells, &held)))
        }
    }
}

fn table(
    book: &Book,
    rows: &[&Channel],
    columns: &[&Sheet],
    cells: &Cells,
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
                            @if book.is_told(&sheet.family.id) {
                                a href=(book.to(&sheet.family.id)) aria-label={ "Sheet " (sheet.number) } { (sheet.number) }
                            } @else {
                                (sheet.number)
                            }
                        }
                    }
                }
            }
            tbody {
                @for channel in rows {
                    tr {
                        th scope="row" { a href=(book.to(&channel.id)) { (name(&channel.name)) } }
                        td .total { (held.get(channel.id.as_str()).copied().unwrap_or(0)) }
                        @for (sheet, start) in columns.iter().zip(&starts) {
                            (cell(book, channel, sheet, cells.get(&(channel.id.as_str(), sheet.family.id.as_str())).copied(), start))
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

fn cell(book: &Book, channel: &Channel, sheet: &Sheet, cell: Option<&Cell>, start: &Start) -> Markup {
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
            @let count = html! { span .(class.unwrap_or("later")) { (cell.posts) } };
            @if book.live {
                a href={ "/posts?channel=" (address(&channel.id)) "&family=" (address(&sheet.family.id)) } { (count) }
            } @else { (count) }
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
                "Shown are " (columns) " sheets, those seen more than once first; " (posted - columns)
                " other sheets were posted. All are in dossier.json under “matrix”."
            }
        }
        @if silent > 0 {
            p .note { (counted(silent, "channel carries no picture and is", "channels carry no picture and are")) " not shown here." }
        }
    }
}
