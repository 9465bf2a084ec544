//! Channel × sheet (R5): what each channel had, and where each sheet was seen first.

use std::collections::{BTreeMap, BTreeSet};

use maud::Markup;
use texts::{filled, html, say};

use super::book::{Book, Sheet, address};
use super::sheets::channel_link;
use super::shown::{counted, name, plain, window};
use super::{left_out, section};
use crate::pager::Page;
use crate::told::{Cell, Channel};

/// How many sheets one table shows, at most; of more there are groups, at most so many, of so many sheets at least.
const COLUMNS: usize = 60;
const GROUPS: usize = 30;
const LEAST: usize = 20;
/// Channels that the report shows, at most.
const CHANNELS: usize = 300;
/// Pairs of channels that are told, at most.
const PAIRS: usize = 60;

/// What each channel had of which sheet.
struct Had<'a> {
    cells: Cells<'a>,
    /// How many sheets each channel had.
    held: BTreeMap<&'a str, usize>,
    /// Channels that had any, by their first picture.
    rows: Vec<&'a Channel>,
    /// Sheets that were posted.
    posted: Vec<&'a Sheet<'a>>,
}

impl<'a> Had<'a> {
    fn of(book: &'a Book) -> Self {
        let mut cells: Cells = BTreeMap::new();
        let mut held: BTreeMap<&str, usize> = BTreeMap::new();
        for cell in &book.dossier.matrix {
            cells.insert((&cell.channel, &cell.family), cell);
            *held.entry(&cell.channel).or_default() += 1;
        }
        let rows = book.channels.iter().copied().filter(|channel| held.contains_key(channel.id.as_str()));
        let posted = book.sheets.iter().filter(|sheet| !sheet.family.appearances.is_empty());
        Self { rows: rows.collect(), posted: posted.collect(), cells, held }
    }

    /// Of how many of some sheets a channel had a picture.
    fn count(&self, channel: &Channel, group: &[&Sheet]) -> usize {
        let has = |sheet: &&&Sheet| self.cells.contains_key(&(channel.id.as_str(), sheet.family.id.as_str()));
        group.iter().filter(has).count()
    }

    /// The channels that had any of some sheets.
    fn rows_of(&self, rows: &[&'a Channel], group: &[&Sheet]) -> Vec<&'a Channel> {
        rows.iter().copied().filter(|channel| self.count(channel, group) > 0).collect()
    }
}

/// All of it, in one section of the report.
pub(crate) fn matrix(book: &Book) -> Markup {
    let had = Had::of(book);
    let posted = had.posted.len();
    let size = if posted > COLUMNS { posted.div_ceil(GROUPS).clamp(LEAST, COLUMNS) } else { COLUMNS };
    let groups: Vec<&[&Sheet]> = had.posted.chunks(size).take(GROUPS).collect();
    let rows = had.rows.get(..CHANNELS).unwrap_or(&had.rows);
    told(
        book,
        &had,
        html! {
            @match groups.as_slice() {
                [only] => (scrolled(table(book, &had, rows, only))),
                several => {
                    (scrolled(overview(book, &had, rows, several)))
                    @for group in several { (opened(book, &had, rows, group)) }
                }
            }
            (left_out(CHANNELS, had.rows.len(), "channels that had sheets"))
            (legend(book, had.rows.len(), groups.iter().map(|group| group.len()).sum(), posted))
        },
    )
}

/// The groups of sheets between which [`part`] chooses: "1–60".
pub(crate) fn groups(book: &Book) -> Vec<String> {
    Had::of(book).posted.chunks(COLUMNS).map(range).collect()
}

/// A page of the channels that had any of a group of sheets; both are counted from 1.
pub(crate) fn part(book: &Book, group: usize, page: usize) -> (Markup, Page) {
    let had = Had::of(book);
    let groups = had.posted.len().div_ceil(COLUMNS).max(1);
    let group = had.posted.chunks(COLUMNS).nth(group.clamp(1, groups) - 1).unwrap_or_default();
    let rows = had.rows_of(&had.rows, group);
    let page = Page::of(page, rows.len());
    let rows = rows.get(page.rows()).unwrap_or_default();
    let markup = told(
        book,
        &had,
        html! {
            (scrolled(table(book, &had, rows, group)))
            (legend(book, had.rows.len(), had.posted.len(), had.posted.len()))
        },
    );
    (markup, page)
}

fn told(book: &Book, had: &Had, tables: Markup) -> Markup {
    let told = html! {
        @if had.rows.is_empty() { p { "No post in this case carries a picture." } }
        @else {
            p {
                "What each channel had. A number counts the posts that show the sheet there. A channel that holds sheets \
                 its supposed source lacks has another source as well."
            }
            (tables)
            (relations(book))
        }
    };
    section("matrix", "Channels and sheets", told)
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
fn overview(book: &Book, had: &Had, rows: &[&Channel], groups: &[&[&Sheet]]) -> Markup {
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
                        (row_head(book, had, channel))
                        @for group in groups {
                            @match had.count(channel, group) {
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

/// A channel, and how many sheets it had.
fn row_head(book: &Book, had: &Had, channel: &Channel) -> Markup {
    html! {
        th scope="row" { a href=(book.to(&channel.id)) { (name(&channel.name)) } }
        td .total { (had.held.get(channel.id.as_str()).copied().unwrap_or(0)) }
    }
}

/// One group, sheet by sheet, with the channels that have any of it.
fn opened(book: &Book, had: &Had, rows: &[&Channel], group: &[&Sheet]) -> Markup {
    let rows = had.rows_of(rows, group);
    html! {
        details {
            summary { "Sheets " (range(group)) " " span .muted { "in " (counted(rows.len(), "channel", "channels")) } }
            (scrolled(table(book, had, &rows, group)))
        }
    }
}

fn table(book: &Book, had: &Had, rows: &[&Channel], columns: &[&Sheet]) -> Markup {
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
                        (row_head(book, had, channel))
                        @for (sheet, start) in columns.iter().zip(&starts) {
                            (cell(book, channel, sheet, had.cells.get(&(channel.id.as_str(), sheet.family.id.as_str())).copied(), start))
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
        Some("first") => say(", first seen here"),
        Some(_) => say(", perhaps first seen here"),
        None => "",
    };
    let times = cell.first.as_ref().map_or_else(|| say("at a time not known").to_owned(), window);
    let posts = counted(cell.posts as usize, "post", "posts");
    let title = filled(
        "sheet {n}: {posts}, from {time}",
        &[("n", &sheet.number), ("posts", &posts), ("time", &times)],
    ) + says;
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
