//! The timeline: one lane a channel, posts that carry pictures as marks, first appearances ringed and numbered.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use maud::{Markup, PreEscaped};
use texts::{filled, html, say};

use super::activity::activity;
use super::book::{Book, Carrier, address};
use super::scale::{CUT, Scale};
use super::section;
use super::shown::{counted, number, plain, window};
use crate::told::{Channel, Family, Window};

const WIDTH: f64 = 1120.0;
const LEFT: f64 = 196.0;
const RIGHT: f64 = WIDTH - 24.0;
const TOP: f64 = 12.0;
/// Height of a lane without labels, and of one row of labels.
const LANE: f64 = 42.0;
const ROW: f64 = 14.0;
/// Rows of labels a lane has at most.
const ROWS: usize = 5;
/// Marks nearer than this are one mark.
const BIN: f64 = 8.0;
/// A window wider than this is a bar.
const BAR: f64 = 9.0;
/// Lanes drawn at most.
const LANES: usize = 60;

/// Posts of one lane that stand at one place.
struct Mark<'a> {
    from: f64,
    to: f64,
    posts: Vec<&'a Carrier<'a>>,
    /// Numbers of the sheets first seen here, and of those that may have been.
    first: BTreeSet<usize>,
    maybe: BTreeSet<usize>,
}

struct Lane<'a> {
    channel: &'a Channel,
    posts: usize,
    marks: Vec<Mark<'a>>,
    labels: Vec<Label>,
    rows: usize,
}

/// The numbers over a mark.
struct Label {
    x: f64,
    row: usize,
    text: String,
    left: bool,
}

/// What of a timeline is drawn: all that is not named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// From this instant on; with `to`, the axis reaches from the one to the other.
    pub from: Option<Timestamp>,
    /// Up to this instant.
    pub to: Option<Timestamp>,
    /// Posts that show this sheet.
    pub family: Option<String>,
    /// Posts that show a picture of this version.
    pub version: Option<String>,
    /// Posts of this channel.
    pub channel: Option<String>,
}

impl Chosen {
    /// Whether a post is of the channel and shows what is named; its time is not looked at.
    fn shows(&self, book: &Book, carrier: &Carrier) -> bool {
        let version = |picture: &str| book.picture(picture).and_then(|picture| picture.version.as_deref());
        let shows = |(family, picture): &(&Family, &str)| {
            self.family.as_ref().is_none_or(|wanted| *wanted == family.id)
                && self.version.as_deref().is_none_or(|wanted| version(picture) == Some(wanted))
        };
        self.channel.as_ref().is_none_or(|wanted| *wanted == carrier.post.channel)
            && carrier.carries.iter().any(shows)
    }

    fn is_of_time(&self) -> bool {
        self.from.is_some() || self.to.is_some() || self.version.is_some()
    }

    /// What of it the list of posts can choose by, as the end of an address.
    fn address(&self) -> String {
        let named = [("channel", &self.channel), ("family", &self.family)];
        let mut fields =
            named.iter().filter_map(|(name, id)| Some(format!("{name}={}", address(id.as_ref()?))));
        let first = fields.next().map(|first| format!("?{first}")).unwrap_or_default();
        fields.fold(first, |all, field| format!("{all}&{field}"))
    }

    fn reaches(&self, when: &Window) -> bool {
        self.from.is_none_or(|from| when.latest >= from) && self.to.is_none_or(|to| when.earliest <= to)
    }
}

pub(crate) fn timeline(book: &Book) -> Markup {
    chosen_timeline(book, &Chosen::default(), true)
}

/// The timeline of some posts, with how many posts each channel had where `all_posts` are held.
pub(crate) fn chosen_timeline(book: &Book, chosen: &Chosen, all_posts: bool) -> Markup {
    let activity = |book| {
        if all_posts {
            activity(book)
        } else {
            html! {}
        }
    };
    let (dated, undated): (Vec<&Carrier>, Vec<&Carrier>) = book
        .carriers
        .iter()
        .filter(|carrier| chosen.shows(book, carrier))
        .partition(|carrier| carrier.post.when.is_some());
    let dated = dated.into_iter().filter_map(|carrier| Some((carrier, carrier.post.when?)));
    let dated: Vec<(&Carrier, Window)> = dated.filter(|(_, when)| chosen.reaches(when)).collect();
    let undated = html! {
        @if !undated.is_empty() {
            p .note { (counted(undated.len(), "post tells", "posts tell")) " no time and cannot be drawn." }
        }
    };
    let windows: Vec<Window> = dated.iter().map(|(_, when)| *when).collect();
    let scale = match (chosen.from, chosen.to) {
        // Where nothing is drawn the axis stays, so that it can be widened again.
        (Some(from), Some(to)) if from < to => Some(Scale::over(from, to, LEFT, RIGHT)),
        _ => Scale::of(&windows, LEFT, RIGHT),
    };
    let Some(scale) = scale else {
        return section(
            "timeline",
            "Timeline",
            html! {
                p role="status" { (none(chosen)) }
                (undated)
                (activity(book))
            },
        );
    };
    let (lanes, left) = lanes(book, &dated, &scale);
    let range = windows
        .iter()
        .copied()
        .reduce(|a, b| Window { earliest: a.earliest.min(b.earliest), latest: a.latest.max(b.latest) });
    section(
        "timeline",
        "Timeline",
        html! {
            @if dated.is_empty() { p role="status" { (none(chosen)) } }
            @else { p role="status" {
                (counted(dated.len(), "post that carries pictures", "posts that carry pictures"))
                ", one lane for each channel, time in UTC from left to right"
                @if let Some(range) = &range { ": " (window(range)) }
                ". The same posts stand as a list under " a href=(book.section("posts") + &chosen.address()) { "posts with pictures" } @if chosen.is_of_time() { ", with those of other times and versions" } "."
            } }
            div .scroll tabindex="0" role="region" aria-label="Timeline" { (drawn(book, &lanes, &scale, dated.len())) }
            (legend(&scale))
            (undated)
            @if left > 0 { p .note { "Only the first " (LANES) " channels are drawn." } }
            (activity(book))
        },
    )
}

fn none(chosen: &Chosen) -> &'static str {
    if *chosen == Chosen::default() {
        say("No dated post in this case carries a picture.")
    } else {
        say("No dated post that carries pictures is chosen.")
    }
}

/// The lanes that are drawn, and how many channels have none.
fn lanes<'a>(book: &Book<'a>, dated: &[(&'a Carrier<'a>, Window)], scale: &Scale) -> (Vec<Lane<'a>>, usize) {
    let (first, maybe) = starts(book);
    let mut of_channel: BTreeMap<&str, Vec<(&Carrier, Window)>> = BTreeMap::new();
    for (carrier, when) in dated {
        of_channel.entry(&carrier.post.channel).or_default().push((carrier, *when));
    }
    let mut lanes = Vec::new();
    for channel in &book.channels {
        if lanes.len() == LANES {
            break;
        }
        let Some(carriers) = of_channel.remove(channel.id.as_str()) else { continue };
        let mut marks: Vec<Mark> = Vec::new();
        for (carrier, when) in &carriers {
            let (from, to) = placed(when, scale);
            // Carriers come by time: only the latest mark of the same kind can be near.
            let near = |mark: &&mut Mark| {
                (mark.to > mark.from) == (to > from)
                    && (mark.from - from).abs() < BIN
                    && (mark.to - to).abs() < BIN
            };
            let mark = match marks.iter_mut().rev().take(8).find(near) {
                Some(mark) => mark,
                None => {
                    marks.push(Mark::at(from, to));
                    let last = marks.len() - 1;
                    &mut marks[last]
                }
            };
            mark.first.extend(first.get(carrier.post.id.as_str()).into_iter().flatten());
            mark.maybe.extend(maybe.get(carrier.post.id.as_str()).into_iter().flatten());
            mark.posts.push(carrier);
        }
        let (labels, rows) = labels(&marks);
        lanes.push(Lane { channel, posts: carriers.len(), marks, labels, rows });
    }
    (lanes, of_channel.len())
}

/// Where a window stands: a bar, or its middle where it is too narrow for one.
fn placed(when: &Window, scale: &Scale) -> (f64, f64) {
    let (from, to) = (scale.x(when.earliest), scale.x(when.latest));
    let middle = (from + to) / 2.0;
    if to - from > BAR { (from, to) } else { (middle, middle) }
}

type Starts<'a> = BTreeMap<&'a str, Vec<usize>>;

/// The numbers of the sheets that a post was first with, and of those it may have been first with. Only sheets seen more
/// than once have a spread worth a ring.
fn starts<'a>(book: &Book<'a>) -> (Starts<'a>, Starts<'a>) {
    let (mut first, mut maybe) = (Starts::new(), Starts::new());
    for sheet in &book.sheets[..book.many] {
        let into = if sheet.family.first_appearance.is_some() { &mut first } else { &mut maybe };
        for post in &sheet.family.first.candidates {
            into.entry(post).or_default().push(sheet.number);
        }
    }
    (first, maybe)
}

/// Stacks the labels of a lane so that none covers another; what finds no room is said in the mark's title.
fn labels(marks: &[Mark]) -> (Vec<Label>, usize) {
    let mut ends = [f64::MIN; ROWS];
    let mut labels = Vec::new();
    let mut ringed: Vec<&Mark> = marks.iter().filter(|mark| mark.is_ringed()).collect();
    ringed.sort_by(|a, b| a.middle().total_cmp(&b.middle()));
    for mark in ringed {
        let text = mark.numbers();
        let (x, wide) = (mark.middle(), text.chars().count() as f64 * 6.6);
        let left = x + wide > RIGHT + 16.0;
        let from = if left { x - wide } else { x - 3.0 };
        if let Some(row) = ends.iter().position(|end| *end < from) {
            ends[row] = from + wide + 7.0;
            labels.push(Label { x, row, text, left });
        }
    }
    let rows = labels.iter().map(|label| label.row + 1).max().unwrap_or(0);
    (labels, rows)
}

impl Mark<'_> {
    fn at(from: f64, to: f64) -> Self {
        Self { from, to, posts: Vec::new(), first: BTreeSet::new(), maybe: BTreeSet::new() }
    }

    fn is_ringed(&self) -> bool {
        !self.first.is_empty() || !self.maybe.is_empty()
    }

    fn middle(&self) -> f64 {
        (self.from + self.to) / 2.0
    }

    /// "1–3, 7 (8?)": first of 1, 2, 3 and 7, perhaps of 8.
    fn numbers(&self) -> String {
        let (first, maybe) = (ranges(&self.first), ranges(&self.maybe));
        match (first.is_empty(), maybe.is_empty()) {
            (_, true) => first,
            (true, _) => format!("({maybe}?)"),
            _ => format!("{first} ({maybe}?)"),
        }
    }

    fn title(&self) -> String {
        let posts = counted(self.posts.len(), "post", "posts");
        let when = self
            .posts
            .iter()
            .filter_map(|carrier| carrier.post.when)
            .reduce(|a, b| Window { earliest: a.earliest.min(b.earliest), latest: a.latest.max(b.latest) });
        let mut title = format!("{posts}, {}", when.as_ref().map(window).unwrap_or_default());
        if !self.first.is_empty() {
            title.push_str(&filled(
                "; first appearance of sheet {numbers}",
                &[("numbers", &ranges(&self.first))],
            ));
        }
        if !self.maybe.is_empty() {
            title.push_str(&filled(
                "; perhaps first appearance of sheet {numbers}",
                &[("numbers", &ranges(&self.maybe))],
            ));
        }
        title
    }
}

/// "1–3, 7"; at most four runs.
fn ranges(numbers: &BTreeSet<usize>) -> String {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, to)) if *to + 1 == *number => *to = *number,
            _ => runs.push((*number, *number)),
        }
    }
    let text = |(from, to): &(usize, usize)| match to - from {
        0 => from.to_string(),
        1 => format!("{from}, {to}"),
        _ => format!("{from}–{to}"),
    };
    let mut shown: Vec<String> = runs.iter().take(4).map(text).collect();
    if runs.len() > 4 {
        shown.push("…".to_owned());
    }
    shown.join(", ")
}

fn drawn(book: &Book, lanes: &[Lane], scale: &Scale, posts: usize) -> Markup {
    let heights: Vec<f64> = lanes.iter().map(|lane| LANE + lane.rows as f64 * ROW).collect();
    let floor = TOP + heights.iter().sum::<f64>().max(LANE);
    let height = floor + 46.0;
    let posts = counted(posts, "post that carries pictures", "posts that carry pictures");
    let channels = counted(lanes.len(), "channel", "channels");
    let says = filled("Timeline of {posts} in {channels}", &[("posts", &posts), ("channels", &channels)]);
    let tops = heights.iter().scan(TOP, |floor, height| {
        *floor += height;
        Some(*floor - height)
    });
    html! {
        svg .timeline data-pieces=[book.live.then(|| pieces(scale))] viewBox={ "0 0 " (WIDTH) " " (height) } role="group" aria-label=(says) {
            (axis(scale, floor))
            @for ((lane, height), top) in lanes.iter().zip(&heights).zip(tops) { (drawn_lane(book, lane, top, *height)) }
        }
    }
}

/// The pieces of the axis as JSON, so that a place can be turned into an instant.
pub(super) fn pieces(scale: &Scale) -> String {
    let one = |piece: &super::scale::Piece| {
        let [from, to] = [piece.from, piece.to].map(|at| {
            Timestamp::from_millisecond((at * 1000.0) as i64).unwrap_or(Timestamp::UNIX_EPOCH).to_string()
        });
        serde_json::json!({ "x0": piece.left, "x1": piece.right, "from": from, "to": to })
    };
    serde_json::Value::Array(scale.pieces.iter().map(one).collect()).to_string()
}

fn axis(scale: &Scale, floor: f64) -> Markup {
    html! {
        @for piece in &scale.pieces {
            line .axis x1=(px(piece.left)) x2=(px(piece.right)) y1=(px(floor)) y2=(px(floor)) {}
        }
        @for tick in scale.ticks() {
            line .grid x1=(px(tick.x)) x2=(px(tick.x)) y1=(TOP) y2=(px(floor + 5.0)) {}
            text .tick x=(px(tick.x)) y=(px(floor + 20.0)) { (tick.label) }
            @if let Some(year) = tick.year { text .year x=(px(tick.x)) y=(px(floor + 36.0)) { (year) } }
        }
        @for (x, days) in scale.cuts() {
            rect .cut x=(px(x - CUT / 2.0 + 6.0)) y=(TOP) width=(CUT - 12.0) height=(px(floor - TOP)) {}
            text .cut-says x=(px(x)) y=(px(floor + 20.0)) { (number(days.round() as u64)) " days" }
            text .cut-says x=(px(x)) y=(px(floor + 36.0)) { "not drawn" }
        }
    }
}

fn drawn_lane(book: &Book, lane: &Lane, top: f64, height: f64) -> Markup {
    let floor = top + height;
    let y = floor - LANE / 2.0;
    html! {
        g {
            title { (plain(&lane.channel.name, 120)) }
            line .lane x1="0" x2=(WIDTH) y1=(px(floor)) y2=(px(floor)) {}
            // A nested svg clips what has no room.
            svg x="0" y=(px(y - 16.0)) width=(LEFT - 12.0) height="36" {
                text .channel x="0" y="15" { (plain(&cut(&lane.channel.name, 26), 60)) }
                text .platform x="0" y="30" { (plain(&lane.channel.platform, 20)) " · " (counted(lane.posts, "post", "posts")) }
            }
            line .base x1=(LEFT) x2=(RIGHT) y1=(px(y)) y2=(px(y)) {}
            @for label in &lane.labels {
                @let at = y - 13.0 - label.row as f64 * ROW;
                @if label.row > 0 { line .leader x1=(px(label.x)) x2=(px(label.x)) y1=(px(y - 8.0)) y2=(px(at - 3.0)) {} }
                text .number.left[label.left] x=(px(label.x + if label.row > 0 { 3.0 } else { -3.0 })) y=(px(at)) { (label.text) }
            }
            @for mark in &lane.marks { (drawn_mark(book, mark, y)) }
        }
    }
}

fn drawn_mark(book: &Book, mark: &Mark, y: f64) -> Markup {
    let radius = (3.4 + 1.5 * (mark.posts.len() as f64).ln()).min(9.0);
    let ring = if mark.first.is_empty() { "ring maybe" } else { "ring" };
    let post = mark.posts.first().map(|carrier| carrier.post.id.as_str()).filter(|post| book.is_logged(post));
    let is_bar = mark.to > mark.from;
    html! {
        a href=[post.map(|post| book.to(post))] tabindex="-1" {
            title { (mark.title()) }
            @if is_bar {
                rect .bar x=(px(mark.from)) y=(px(y - 4.0)) width=(px(mark.to - mark.from)) height="8" rx="4" {}
                @if mark.is_ringed() {
                    rect class=(ring) x=(px(mark.from - 2.5)) y=(px(y - 6.5)) width=(px(mark.to - mark.from + 5.0)) height="13" rx="6.5" {}
                }
            } @else {
                circle .dot cx=(px(mark.from)) cy=(px(y)) r=(px(radius)) {}
                @if mark.is_ringed() { circle class=(ring) cx=(px(mark.from)) cy=(px(y)) r=(px(radius + 3.0)) {} }
            }
        }
    }
}

fn legend(scale: &Scale) -> Markup {
    let swatch = |inner: &str| {
        PreEscaped(format!(r#"<svg class="swatch" viewBox="0 0 24 16" aria-hidden="true">{inner}</svg>"#))
    };
    html! {
        p .legend {
            span .key { (swatch(r#"<circle class="dot" cx="12" cy="8" r="3.4"/>"#)) "a post with pictures (larger: several)" }
            span .key {
                (swatch(r#"<circle class="dot" cx="12" cy="8" r="3.4"/><circle class="ring" cx="12" cy="8" r="6.4"/>"#))
                "first appearance of the numbered sheets"
            }
            span .key {
                (swatch(r#"<circle class="dot" cx="12" cy="8" r="3.4"/><circle class="ring maybe" cx="12" cy="8" r="6.4"/>"#))
                "(7?) order undecided: perhaps the first"
            }
            span .key {
                (swatch(r#"<rect class="bar" x="1" y="4" width="22" height="8" rx="4"/>"#))
                "a time known only as an interval"
            }
            @if scale.pieces.len() > 1 {
                span .key {
                    (swatch(r#"<rect class="cut" x="3" y="1" width="18" height="14"/>"#))
                    "a stretch without posts, not drawn to scale"
                }
            }
        }
    }
}

/// The first characters of a name that has no room.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}

/// A place to the tenth of a pixel.
fn px(place: f64) -> String {
    let tenths = format!("{:.1}", place + 0.0);
    tenths.strip_suffix(".0").map_or(tenths.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_run_together() {
        let of = |numbers: &[usize]| ranges(&numbers.iter().copied().collect());
        assert_eq!(of(&[1, 2, 3, 7]), "1–3, 7");
        assert_eq!(of(&[4, 5]), "4, 5");
        assert_eq!(of(&[1, 3, 5, 7, 9]), "1, 3, 5, 7, …");
        assert_eq!(of(&[]), "");
    }

    #[test]
    fn labels_never_cover_each_other() {
        let mark = |x: f64, n: usize| Mark { first: BTreeSet::from([n]), ..Mark::at(x, x) };
        let marks: Vec<Mark> = (0..40).map(|n| mark(300.0 + 4.0 * n as f64, 10 + n)).collect();
        let (labels, rows) = labels(&marks);
        assert!(rows <= ROWS && labels.len() > 10);
        for (n, a) in labels.iter().enumerate() {
            for b in &labels[n + 1..] {
                assert!(a.row != b.row || (a.x - b.x).abs() > a.text.len() as f64 * 6.0);
            }
        }
    }
}
