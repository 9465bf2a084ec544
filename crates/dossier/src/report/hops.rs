//! How sheets may have gone from channel to channel: drawn along time, from the earliest known holder to the loudest channel, and
//! told with the evidence of each hop.

use std::collections::BTreeMap;

use maud::Markup;
use texts::{filled, html};

use super::book::Book;
use super::gaps::sheets;
use super::scale::Scale;
use super::sheets::{channel_link, post_link};
use super::shown::{anchor, counted, number, plain, when, window};
use super::timeline::pieces;
use super::{left_out, section};
use crate::told::{Channel, Evidence, Hop, Tie, Window};

const WIDTH: f64 = 1120.0;
const LEFT: f64 = 196.0;
const RIGHT: f64 = WIDTH - 40.0;
const TOP: f64 = 30.0;
const LANE: f64 = 58.0;
/// Channels drawn, hops drawn into one channel, and rows told, at most.
const LANES: usize = 30;
const INTO: usize = 3;
const ROWS: usize = 60;
/// Pieces of evidence of one kind that are told.
const TOLD: usize = 3;

/// A channel in the drawing.
struct Lane<'a> {
    channel: &'a Channel,
    y: f64,
    /// From its first picture to its last, in pixels.
    from: f64,
    to: f64,
    posts: usize,
}

pub(crate) fn hops(book: &Book) -> Markup {
    let hops = &book.dossier.hops;
    let decided = hops.iter().filter(|hop| hop.decided).count();
    section(
        "hops",
        "From channel to channel",
        html! {
            @if hops.is_empty() { p { "Nothing but time ties pictures of one channel to those of another." } }
            @else {
                p {
                    "How sheets may have gone from channel to channel: hypotheses, each with what speaks for it. Where the possible times \
                     overlap, the direction is left open. That one channel had a sheet before another is no reason by itself. What happened in \
                     channels that nobody exported is not here."
                }
                (drawn(book))
                p .legend {
                    span .key { "the circle: its first picture; larger: more posts with pictures; ringed: the loudest" }
                    span .key { "an arrow: the direction is told; a dashed line: it is open; up to " (INTO) " strongest into each channel" }
                }
                p { (counted(decided, "hop has", "hops have")) " a direction, " (number((hops.len() - decided) as u64)) " have none." }
                ul .gaps { @for hop in ordered(book).into_iter().take(ROWS) { (told(book, hop)) } }
                (left_out(ROWS, hops.len(), "hops"))
            }
        },
    )
}

/// Those with a direction first, by the number of sheets.
fn ordered<'a>(book: &Book<'a>) -> Vec<&'a Hop> {
    let mut all: Vec<&Hop> = book.dossier.hops.iter().collect();
    all.sort_by_key(|hop| {
        (!hop.decided, std::cmp::Reverse(hop.families.len()), hop.first.map(|at| at.earliest), &hop.id)
    });
    all
}

fn told(book: &Book, hop: &Hop) -> Markup {
    let mut kinds: BTreeMap<Tie, Vec<&Evidence>> = BTreeMap::new();
    for one in &hop.evidence {
        kinds.entry(one.tie).or_default().push(one);
    }
    html! {
        li id=(anchor(&hop.id)) {
            div {
                b { (channel_link(book, &hop.from)) @if hop.decided { " → " } @else { " – " } (channel_link(book, &hop.to)) }
                @if !hop.decided { " " span .tag { "direction open" } }
                p .remark { "Sheets: " (sheets(book, &hop.families)) (book.ways_to_judge(&hop.id)) }
            }
            div {
                @for (tie, all) in &kinds {
                    p .remark {
                        b { (number(all.len() as u64)) " × " } (tie.shown())
                        @if *tie != Tie::Time {
                            @for one in all.iter().take(TOLD) {
                                "; " @if let Some(from) = &one.from { (post_link(book, from)) " and " }
                                (post_link(book, &one.to))
                            }
                            @if all.len() > TOLD { "; …" }
                        }
                    }
                }
            }
            div { @if hop.first.is_some() { "from " (when(hop.first.as_ref())) " on" } @else { span .muted { "time not known" } } }
        }
    }
}

fn drawn(book: &Book) -> Markup {
    let mut spans: BTreeMap<&str, (Window, usize)> = BTreeMap::new();
    for carrier in &book.carriers {
        let Some(at) = carrier.post.when else { continue };
        let known = spans.entry(&carrier.post.channel).or_insert((at, 0));
        known.0 =
            Window { earliest: known.0.earliest.min(at.earliest), latest: known.0.latest.max(at.earliest) };
        known.1 += 1;
    }
    let mut order: Vec<&Channel> =
        book.channels.iter().copied().filter(|channel| spans.contains_key(channel.id.as_str())).collect();
    order.sort_by_key(|channel| (spans[channel.id.as_str()].0.earliest, &channel.id));
    order.truncate(LANES);
    let windows: Vec<Window> = spans.values().map(|(span, _)| *span).collect();
    let Some(scale) = Scale::of(&windows, LEFT, RIGHT) else { return html! {} };
    let lanes: Vec<Lane> = order
        .iter()
        .enumerate()
        .map(|(place, channel)| {
            let (span, posts) = spans[channel.id.as_str()];
            let y = TOP + LANE * place as f64 + LANE / 2.0;
            Lane { channel, y, from: scale.x(span.earliest), to: scale.x(span.latest), posts }
        })
        .collect();
    let loudest = lanes.iter().map(|lane| lane.posts).max().unwrap_or(0);
    let floor = TOP + LANE * lanes.len() as f64;
    html! {
        div .scroll tabindex="0" role="region" aria-label="Hops between channels" {
            svg .timeline .hops data-pieces=[book.live.then(|| pieces(&scale))] viewBox={ "0 0 " (WIDTH) " " (floor + 46.0) } role="group" aria-label={ "Hops between " (lanes.len()) " channels, told below" } {
                @for piece in &scale.pieces { line .axis x1=(px(piece.left)) x2=(px(piece.right)) y1=(px(floor)) y2=(px(floor)) {} }
                @for tick in scale.ticks() {
                    line .grid x1=(px(tick.x)) x2=(px(tick.x)) y1=(TOP) y2=(px(floor + 5.0)) {}
                    text .tick x=(px(tick.x)) y=(px(floor + 20.0)) { (tick.label) }
                    @if let Some(year) = tick.year { text .year x=(px(tick.x)) y=(px(floor + 36.0)) { (year) } }
                }
                @for lane in &lanes { (drawn_lane(book, lane, lane.posts == loudest)) }
                @for hop in strongest(book) { (edge(book, hop, &lanes, &scale)) }
            }
        }
    }
}

fn drawn_lane(book: &Book, lane: &Lane, loudest: bool) -> Markup {
    let radius = (4.0 + 1.6 * (lane.posts.max(1) as f64).ln()).min(11.0);
    html! {
        a href=(book.to(&lane.channel.id)) {
            svg x="0" y=(px(lane.y - 16.0)) width=(LEFT - 14.0) height="36" {
                text .channel x="0" y="15" { (plain(&lane.channel.name, 28)) }
                text .platform x="0" y="30" { (plain(&lane.channel.platform, 20)) " · " (counted(lane.posts, "post", "posts")) }
            }
        }
        line .base x1=(px(lane.from)) x2=(px(lane.to)) y1=(px(lane.y)) y2=(px(lane.y)) {}
        circle .dot cx=(px(lane.from)) cy=(px(lane.y)) r=(px(radius)) {}
        @if loudest { circle .ring cx=(px(lane.from)) cy=(px(lane.y)) r=(px(radius + 3.0)) {} }
    }
}

/// Up to three hops into each channel, those with most sheets.
fn strongest<'a>(book: &Book<'a>) -> Vec<&'a Hop> {
    let mut into: BTreeMap<&str, usize> = BTreeMap::new();
    let mut chosen = ordered(book);
    chosen.retain(|hop| {
        let count = into.entry(&hop.to).or_default();
        *count += 1;
        *count <= INTO
    });
    chosen
}

/// A hop from the time of its first post in the one channel to that in the other.
fn edge(book: &Book, hop: &Hop, lanes: &[Lane], scale: &Scale) -> Markup {
    let lane = |id: &str| lanes.iter().find(|lane| lane.channel.id == id);
    let (Some(from), Some(to)) = (lane(&hop.from), lane(&hop.to)) else { return html! {} };
    let at = |post: Option<&String>| {
        book.post(post?).and_then(|post| post.when).map(|when| scale.x(when.earliest))
    };
    let strong = hop.evidence.iter().filter(|one| !matches!(one.tie, Tie::Words | Tie::Time));
    let ends = strong.filter_map(|one| Some((at(one.from.as_ref()), at(Some(&one.to))?)));
    let Some((start, end)) = ends.min_by(|a, b| a.1.total_cmp(&b.1)) else { return html! {} };
    let (x, y) = (start.unwrap_or(from.from), from.y);
    let side = if to.y > y { 1.0 } else { -1.0 };
    let (tip, end_y) = (end.max(x), to.y - side * 3.0);
    let bend = (end_y - y) * 0.55;
    let sheets = counted(hop.families.len(), "sheet", "sheets");
    let mut title = filled(
        "{one} and {other}: {sheets}",
        &[("one", &from.channel.name), ("other", &to.channel.name), ("sheets", &sheets)],
    );
    if let Some(first) = &hop.first {
        title.push_str(&filled(", from {time}", &[("time", &window(first))]));
    }
    let wide = (1.0 + (hop.families.len().max(1) as f64).ln()).min(5.0);
    html! {
        a href={ "#" (anchor(&hop.id)) } {
            path .{ "hop " (if hop.decided { "decided" } else { "near" }) } stroke-width=(px(wide))
                d={ "M " (px(x)) " " (px(y)) " C " (px(x)) " " (px(y + bend)) " " (px(tip)) " " (px(end_y - bend)) " " (px(tip)) " " (px(end_y)) } {
                title { (plain(&title, 300)) }
            }
            @if hop.decided {
                polygon .tip points={ (px(tip)) "," (px(end_y)) " " (px(tip - 5.0)) "," (px(end_y - side * 9.0)) " " (px(tip + 5.0)) "," (px(end_y - side * 9.0)) } {}
            }
        }
    }
}

/// A place to the tenth of a pixel.
fn px(place: f64) -> String {
    let tenths = format!("{:.1}", place + 0.0);
    tenths.strip_suffix(".0").map_or(tenths.clone(), str::to_owned)
}
