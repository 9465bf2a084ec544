//! All posts, those without pictures too: counted by channel and stretch of time, from the whole down to the hours of a day.
//!
//! A million posts cannot be listed. Each chart has a row for a channel and a column for a stretch of time; what is drawn is how
//! many posts fall on both, in four steps of ten. Under it stand the same for its years, months and days, closed until they are
//! asked for. How much is drawn depends on channels and time, not on posts.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use jiff::{Timestamp, ToSpan};
use maud::Markup;
use texts::{filled, html, mark, say};

use super::book::Book;
use super::shown::{civil, counted, number, plain};

/// Posts from which on they are drawn: fewer are told well enough by the list.
const LEAST: usize = 200;
const WIDTH: f64 = 1120.0;
const LEFT: f64 = 250.0;
const ROW: f64 = 13.0;
/// Columns of the first chart, at most.
const COLUMNS: usize = 170;
/// Strokes of all charts together, at most, and days that are drawn by hours: those with most pictures.
const STROKES: usize = 400_000;
const DAYS: usize = 60;
/// Channels of one chart, at most: those with most posts.
const ROWS: usize = 250;
/// A time that is not known to so many seconds is not counted.
const KNOWN: f64 = 3600.0;
const HOUR: i64 = 3600;

/// A post: its hour since 1970, its channel by the place in the book, whether it carries a picture.
#[derive(Clone, Copy)]
struct Spot {
    hour: i64,
    channel: u32,
    pictured: bool,
}

/// A stretch of time of which a chart is drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stretch {
    Whole,
    Year,
    Month,
    Day,
}

/// How long a column is.
#[derive(Clone, Copy)]
enum Step {
    Hours(i64),
    Months(i64),
}

const STEPS: [Step; 7] = [
    Step::Hours(1),
    Step::Hours(6),
    Step::Hours(24),
    Step::Hours(168),
    Step::Months(1),
    Step::Months(3),
    Step::Months(12),
];

/// What is left to draw.
struct Room<'a> {
    book: &'a Book<'a>,
    strokes: usize,
    days: BTreeSet<i64>,
    left_out: usize,
}

pub(crate) fn activity(book: &Book) -> Markup {
    let all = book.dossier.posts.len();
    let spots = spots(book);
    let (Some(first), Some(last)) = (spots.first(), spots.last()) else { return html! {} };
    if all < LEAST {
        return html! {};
    }
    let mut room = Room { book, strokes: STROKES, days: days(&spots), left_out: 0 };
    let drawn = told(&mut room, &spots, Stretch::Whole, (first.hour, last.hour + 1));
    html! {
        h3 { "All posts" }
        p {
            "Posts by channel and time in UTC, those without pictures too. A year, a month or a day opens the same in finer steps; \
             hours are drawn of the " (DAYS) " days with most pictures."
        }
        (drawn)
        p .legend {
            @for (class, says) in [("d0", say("1 post")), ("d1", say("2 to 9")), ("d2", say("10 to 99")), ("d3", say("100 and more")), ("pictured", say("pictures among them"))] {
                span .key {
                    svg .swatch.activity viewBox="0 0 3 1" preserveAspectRatio="none" aria-hidden="true" { path class=(class) d="M0 .5h3" {} }
                    (says)
                }
            }
        }
        @if all > spots.len() { p .note { (counted(all - spots.len(), "post", "posts")) " without a time known to the hour are not drawn here." } }
        @if room.left_out > 0 { p .note { (counted(room.left_out, "stretch", "stretches")) " of time are left out to keep the report usable." } }
    }
}

/// The posts whose hour is known, by time.
fn spots(book: &Book) -> Vec<Spot> {
    let place: BTreeMap<&str, u32> =
        (0..).zip(&book.channels).map(|(n, channel)| (channel.id.as_str(), n)).collect();
    let pictured: BTreeSet<&str> = book.carriers.iter().map(|carrier| carrier.post.id.as_str()).collect();
    let spot = |post: &crate::told::Post| {
        let when = post.when.as_ref().filter(|when| super::shown::width(when) <= KNOWN)?;
        Some(Spot {
            hour: when.earliest.as_second().div_euclid(HOUR),
            channel: *place.get(post.channel.as_str())?,
            pictured: pictured.contains(post.id.as_str()),
        })
    };
    let mut spots: Vec<Spot> = book.dossier.posts.iter().filter_map(spot).collect();
    spots.sort_by_key(|spot| (spot.hour, spot.channel, spot.pictured));
    spots
}

/// The days that are drawn by hours.
fn days(spots: &[Spot]) -> BTreeSet<i64> {
    let mut carried: BTreeMap<i64, usize> = BTreeMap::new();
    for spot in spots.iter().filter(|spot| spot.pictured) {
        *carried.entry(spot.hour.div_euclid(24)).or_default() += 1;
    }
    let mut most: Vec<(i64, usize)> = carried.into_iter().collect();
    most.sort_by_key(|(day, count)| (std::cmp::Reverse(*count), *day));
    most.into_iter().take(DAYS).map(|(day, _)| day).collect()
}

/// A stretch with its chart, and what it opens.
fn told(room: &mut Room, spots: &[Spot], stretch: Stretch, (from, to): (i64, i64)) -> Markup {
    let within = parts(spots, stretch, (from, to), &room.days);
    let step = match stretch {
        Stretch::Whole => whole_step(from, to),
        Stretch::Year => Step::Hours(168),
        Stretch::Month => Step::Hours(6),
        Stretch::Day => Step::Hours(1),
    };
    let Some(chart) = chart(room, spots, &borders(step, from, to)) else {
        room.left_out += 1;
        return html! {};
    };
    let within: Vec<Markup> = within
        .into_iter()
        .map(|(finer, name, from, to)| {
            let own = between(spots, from, to);
            let inside = told(room, own, finer, (from, to));
            html! { details { summary { (name) " " span .muted { (said(own)) } } div .inner { (inside) } } }
        })
        .collect();
    html! { (chart) @for part in &within { (part) } }
}

/// "214,332 posts in 180 channels, 512 with pictures".
fn said(spots: &[Spot]) -> String {
    let channels: BTreeSet<u32> = spots.iter().map(|spot| spot.channel).collect();
    let pictured = spots.iter().filter(|spot| spot.pictured).count();
    let (posts, channels) =
        (counted(spots.len(), "post", "posts"), counted(channels.len(), "channel", "channels"));
    let mut said = filled("{posts} in {channels}", &[("posts", &posts), ("channels", &channels)]);
    if pictured > 0 {
        said.push_str(&filled(", {n} with pictures", &[("n", &number(pictured as u64))]));
    }
    said
}

type Part = (Stretch, String, i64, i64);

/// The stretches that one opens: those of the next finer kind that have posts.
fn parts(spots: &[Spot], stretch: Stretch, (from, to): (i64, i64), by_hours: &BTreeSet<i64>) -> Vec<Part> {
    let finer = match stretch {
        Stretch::Whole if to - from > 400 * 24 => Stretch::Year,
        Stretch::Whole if to - from > 40 * 24 => Stretch::Month,
        Stretch::Year => Stretch::Month,
        Stretch::Whole | Stretch::Month => Stretch::Day,
        Stretch::Day => return Vec::new(),
    };
    let step = match finer {
        Stretch::Year => Step::Months(12),
        Stretch::Month => Step::Months(1),
        Stretch::Whole | Stretch::Day => Step::Hours(24),
    };
    let borders = borders(step, from, to);
    let part = |pair: &[i64]| {
        let [from, to] = *pair else { return None };
        let date = at(from).date();
        let name = match finer {
            Stretch::Year => date.year().to_string(),
            Stretch::Month => format!("{} {}", say(MONTHS.get(date.month() as usize - 1)?), date.year()),
            Stretch::Whole | Stretch::Day => date.to_string(),
        };
        let wanted = finer != Stretch::Day || by_hours.contains(&from.div_euclid(24));
        (wanted && !between(spots, from, to).is_empty()).then_some((finer, name, from, to))
    };
    borders.windows(2).filter_map(part).collect()
}

const MONTHS: [&str; 12] = [
    mark("January"),
    mark("February"),
    mark("March"),
    mark("April"),
    mark("May"),
    mark("June"),
    mark("July"),
    mark("August"),
    mark("September"),
    mark("October"),
    mark("November"),
    mark("December"),
];

fn between(spots: &[Spot], from: i64, to: i64) -> &[Spot] {
    let start = spots.partition_point(|spot| spot.hour < from);
    let end = spots.partition_point(|spot| spot.hour < to);
    spots.get(start..end.max(start)).unwrap_or_default()
}

/// The finest step that leaves not too many columns.
fn whole_step(from: i64, to: i64) -> Step {
    let fits = |step: &Step| borders(*step, from, to).len() <= COLUMNS + 1;
    STEPS.into_iter().find(fits).unwrap_or(Step::Months(120))
}

fn at(hour: i64) -> DateTime {
    civil(Timestamp::from_second(hour.saturating_mul(HOUR)).unwrap_or(Timestamp::UNIX_EPOCH))
}

fn hour(date: Date) -> Option<i64> {
    let at = Offset::UTC.to_timestamp(date.at(0, 0, 0, 0)).ok()?;
    Some(at.as_second().div_euclid(HOUR))
}

/// Where columns begin, on the calendar, with the end of the last. Weeks begin on Monday.
fn borders(step: Step, from: i64, to: i64) -> Vec<i64> {
    let mut borders = Vec::new();
    match step {
        Step::Hours(hours) => {
            // 5 January 1970 was a Monday.
            let base = if hours == 168 { 4 * 24 } else { 0 };
            let mut next = (from - base).div_euclid(hours) * hours + base;
            while next < to && borders.len() < 4000 {
                borders.push(next);
                next += hours;
            }
            borders.push(next);
        }
        Step::Months(months) => {
            let date = at(from).date();
            let month = (i64::from(date.month()) - 1) / months.min(12) * months.min(12) + 1;
            let mut next = Date::new(date.year(), month as i8, 1).ok();
            while let Some(begun) = next.and_then(hour) {
                borders.push(begun);
                if begun >= to || borders.len() > 4000 {
                    break;
                }
                next = next.and_then(|date| date.checked_add(months.months()).ok());
            }
        }
    }
    borders
}

/// How many posts a channel has in a column, and whether pictures are among them.
#[derive(Clone, Copy, Default)]
struct Cell {
    posts: usize,
    pictured: bool,
}

/// One chart; none where no room is left.
fn chart(room: &mut Room, spots: &[Spot], borders: &[i64]) -> Option<Markup> {
    let mut cells: BTreeMap<(u32, usize), Cell> = BTreeMap::new();
    let mut of: BTreeMap<u32, usize> = BTreeMap::new();
    for spot in spots {
        let column = borders.partition_point(|border| *border <= spot.hour).saturating_sub(1);
        let cell = cells.entry((spot.channel, column)).or_default();
        cell.posts += 1;
        cell.pictured |= spot.pictured;
        *of.entry(spot.channel).or_default() += 1;
    }
    let rows = rows(&of);
    let strokes = strokes(&cells, &rows);
    let drawn: usize = strokes.iter().map(|(_, path)| path.matches('M').count()).sum();
    room.strokes = room.strokes.checked_sub(drawn)?;
    let columns = borders.len().saturating_sub(1).max(1);
    let (height, wide) = (rows.len() as f64 * ROW, WIDTH - LEFT);
    Some(html! {
        div .scroll tabindex="0" role="region" aria-label="Posts by channel and time" {
            svg .activity viewBox={ "0 0 " (WIDTH) " " (height + 22.0) } role="img" aria-label=(said(spots)) {
                @for (place, (channel, posts)) in rows.iter().enumerate() {
                    text x="0" y=(place as f64 * ROW + 10.0) { (plain(&label(room.book, *channel), 60)) " · " (number(*posts as u64)) }
                }
                svg x=(LEFT) y="0" width=(wide) height=(height) viewBox={ "0 0 " (columns) " " (rows.len()) } preserveAspectRatio="none" {
                    @for (class, path) in &strokes { path class=(class) d=(path) {} }
                }
                @for (column, label) in ticks(borders) {
                    text .tick x=(format!("{:.0}", LEFT + wide * column as f64 / columns as f64)) y=(height + 14.0) { (label) }
                }
            }
        }
        @if of.len() > rows.len() { p .note { (counted(of.len() - rows.len(), "channel", "channels")) " with fewest posts are not drawn." } }
    })
}

/// The channels that are drawn with their posts, in the order of the report.
fn rows(of: &BTreeMap<u32, usize>) -> Vec<(u32, usize)> {
    let mut rows: Vec<(u32, usize)> = of.iter().map(|(channel, posts)| (*channel, *posts)).collect();
    rows.sort_by_key(|(channel, posts)| (std::cmp::Reverse(*posts), *channel));
    rows.truncate(ROWS);
    rows.sort();
    rows
}

fn label(book: &Book, channel: u32) -> String {
    let name = book.channels.get(channel as usize).map_or("", |channel| channel.name.as_str());
    name.chars().take(24).collect()
}

/// For each depth the strokes of all cells that have it; neighbours are one stroke.
fn strokes(cells: &BTreeMap<(u32, usize), Cell>, rows: &[(u32, usize)]) -> Vec<(&'static str, String)> {
    let row: BTreeMap<u32, usize> =
        rows.iter().enumerate().map(|(row, (channel, _))| (*channel, row)).collect();
    let classes = ["d0", "d1", "d2", "d3", "pictured"];
    let mut runs: [Vec<(usize, usize, usize)>; 5] = Default::default();
    for ((channel, column), cell) in cells {
        let Some(row) = row.get(channel) else { continue };
        let depth = match cell.posts {
            0..=1 => 0,
            2..=9 => 1,
            10..=99 => 2,
            _ => 3,
        };
        for class in [Some(depth), cell.pictured.then_some(4)].into_iter().flatten() {
            let Some(runs) = runs.get_mut(class) else { continue };
            match runs.last_mut() {
                Some((known, from, length)) if *known == *row && *from + *length == *column => *length += 1,
                _ => runs.push((*row, *column, 1)),
            }
        }
    }
    let path = |(class, runs): (&'static str, Vec<(usize, usize, usize)>)| {
        let below = if class == "pictured" { "9" } else { "5" };
        let path: String =
            runs.iter().map(|(row, from, length)| format!("M{from} {row}.{below}h{length}")).collect();
        (!path.is_empty()).then_some((class, path))
    };
    classes.into_iter().zip(runs).filter_map(path).collect()
}

/// About ten columns with their dates or hours.
fn ticks(borders: &[i64]) -> Vec<(usize, String)> {
    let columns = borders.len().saturating_sub(1);
    let short = borders.first().zip(borders.last()).is_some_and(|(from, to)| to - from <= 48);
    let label = |(column, border): (usize, &i64)| {
        let at = at(*border);
        let label = if short { format!("{:02}:00", at.hour()) } else { at.date().to_string() };
        (column, label)
    };
    borders.iter().take(columns).enumerate().step_by(columns.div_ceil(9).max(1)).map(label).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_second() / HOUR
    }

    #[test]
    fn columns_begin_on_the_calendar() {
        let (from, to) = (hours("2021-12-30T05:00:00Z"), hours("2022-02-02T00:00:00Z"));
        let starts =
            |step| borders(step, from, to).iter().map(|hour| at(*hour).to_string()).collect::<Vec<_>>();
        assert_eq!(starts(Step::Months(1))[..2], ["2021-12-01T00:00:00", "2022-01-01T00:00:00"]);
        assert_eq!(
            starts(Step::Months(12)),
            ["2021-01-01T00:00:00", "2022-01-01T00:00:00", "2023-01-01T00:00:00"]
        );
        assert_eq!(starts(Step::Hours(168))[0], "2021-12-27T00:00:00");
        assert!(borders(whole_step(0, 60 * 366 * 24), 0, 60 * 366 * 24).len() <= COLUMNS + 1);
    }

    #[test]
    fn depth_grows_by_tens_and_neighbours_are_one_stroke() {
        let counts = [1, 9, 10, 99, 100, 5000, 1, 1];
        let cells: BTreeMap<(u32, usize), Cell> = counts
            .iter()
            .enumerate()
            .map(|(column, posts)| ((7, column), Cell { posts: *posts, pictured: column == 4 }))
            .collect();
        let drawn = strokes(&cells, &[(7, 1)]);
        let expected = [
            ("d0", "M0 0.5h1M6 0.5h2"),
            ("d1", "M1 0.5h1"),
            ("d2", "M2 0.5h2"),
            ("d3", "M4 0.5h2"),
            ("pictured", "M4 0.9h1"),
        ];
        assert_eq!(drawn, expected.map(|(class, path)| (class, path.to_owned())));
    }
}
