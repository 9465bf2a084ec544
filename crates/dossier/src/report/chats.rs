//! Posts with pictures, channels, what is referenced but unseen.

use maud::Markup;
use texts::html;

use super::around::around;
use super::book::{Book, Carrier, LOGGED};
use super::sheets::{channel_link, linked, post_link};
use super::shown::{anchor, counted, name, number, second, verbatim, when, window, words};
use super::{left_out, section};
use crate::told::{Channel, Export, Post, Unseen};

/// Rows of a list, at most.
const ROWS: usize = 2000;

pub(crate) fn log(book: &Book) -> Markup {
    section(
        "posts",
        "Posts with pictures",
        html! {
            @if book.carriers.is_empty() { p { "No post in this case carries a picture." } }
            @else { p { "In the order of the earliest time each can have been posted; those without a time stand last. In quotes the time as it \
                 stands in the record." } }
            ol .log { @for (place, carrier) in book.carriers.iter().take(LOGGED).enumerate() { (logged(book, carrier, place)) } }
            (left_out(LOGGED, book.carriers.len(), "posts"))
        },
    )
}

/// A post as a row of a list, and at which place of it.
pub(crate) fn logged(book: &Book, carrier: &Carrier, place: usize) -> Markup {
    let post = carrier.post;
    html! {
        li id=(anchor(&post.id)) {
            div {
                (when(post.when.as_ref())) (verbatim(&post.posted, post.when.as_ref()))
                @if book.live { " " a .small href=(book.to(&post.id)) { "post " (name(&post.native_id)) } }
            }
            div {
                (channel_link(book, &post.channel))
                @if let Some(author) = &post.author { " by " (name(&author.name)) }
                @if !post.text.trim().is_empty() { blockquote { (words(&post.text)) } }
                (remarks(book, post))
                (around(book, post, place))
            }
            div {
                @for (place, (family, picture)) in carrier.carries.iter().take(30).enumerate() {
                    @if place > 0 { ", " }
                    (linked(book, book.is_told(&family.id), &family.id, html! { (book.label(picture)) }))
                }
                @if carrier.carries.len() > 30 { " and " (carrier.carries.len() - 30) " more" }
            }
            div { @for record in post.records.iter().take(4) { (cited(book, record)) } }
        }
    }
}

/// What the record says of the post beyond its words.
pub(crate) fn remarks(book: &Book, post: &Post) -> Markup {
    html! {
        @if let Some(reply) = &post.reply_to {
            p .remark {
                @match &reply.post {
                    Some(answered) => { "answers " (post_link(book, answered)) },
                    None => { "answers post " (name(&reply.native_id)) ", which is not in the material" },
                }
            }
        }
        @if let Some(forward) = &post.forwarded {
            p .remark {
                "forwarded"
                @if let Some(from) = &forward.from { " from " (name(from)) }
                @if let Some(posted) = &forward.posted { ", first posted " (window(&posted.window)) }
            }
        }
        @if let Some(edited) = post.edited.first() { p .remark { "edited " (window(&edited.window)) } }
        @if post.deleted { p .remark { "marked as deleted by the platform" } }
    }
}

/// A citation `item:…@start+length` as file and bytes.
fn cited(book: &Book, record: &str) -> Markup {
    let parts =
        record.split_once('@').and_then(|(item, span)| Some((book.item(item)?, span.split_once('+')?)));
    html! {
        @if let Some((item, (start, length))) = parts {
            span .cited { (name(&item.path)) " " span .muted { (length) " bytes at " (start) } }
        }
    }
}

pub(crate) fn channels(book: &Book) -> Markup {
    section(
        "channels",
        "Channels",
        html! {
            @if book.channels.is_empty() { p { "No export of a channel is in this case." } }
            @else {
                div .scroll tabindex="0" role="region" aria-label="Channels" {
                    table {
                        thead {
                            tr {
                                th scope="col" { "Channel" } th scope="col" { "Platform" } th .number scope="col" { "Posts" }
                                th scope="col" { "Export" } th scope="col" { "Made" } th .number scope="col" { "Declares" }
                                th .number scope="col" { "Read" } th scope="col" { "Whole" }
                            }
                        }
                        @for channel in &book.channels { (channel_rows(book, channel)) }
                    }
                }
            }
        },
    )
}

fn channel_rows(book: &Book, channel: &Channel) -> Markup {
    let span = channel.exports.len().max(1);
    html! {
        tbody id=(anchor(&channel.id)) {
            @for (place, export) in channel.exports.iter().map(Some).chain((span > channel.exports.len()).then_some(None)).enumerate() {
                tr {
                    @if place == 0 {
                        th scope="rowgroup" rowspan=(span) {
                            (book.bearer(&channel.id, &channel.name))
                            @if let Some(space) = &channel.space { span .under { "in " (name(space)) } }
                        }
                        td rowspan=(span) {
                            (name(&channel.platform))
                            @if let Some(kind) = &channel.kind { span .under { (name(kind)) } }
                            span .under { "id " (name(&channel.native_id)) }
                        }
                        td .number rowspan=(span) { (number(channel.posts)) }
                    }
                    (export_cells(book, export))
                }
            }
        }
    }
}

fn export_cells(book: &Book, export: Option<&Export>) -> Markup {
    let Some(export) = export else {
        return html! { td colspan="5" { "no export" } };
    };
    let differs = export.declared.is_some_and(|declared| declared != export.read);
    html! {
        td {
            @match book.item(&export.item) { Some(item) => (name(&item.path)), None => "file not held" }
            span .under { "read as " (name(&export.format)) }
        }
        td {
            @match &export.exported {
                Some(at) => { (when(Some(&at.window))) },
                None => span .muted { "does not say" },
            }
        }
        td .number.differs[differs] {
            @match export.declared { Some(declared) => (number(declared)), None => span .muted { "–" } }
        }
        td .number.differs[differs] { (number(export.read)) }
        td { @if export.complete { "yes" } @else { b { "no, cut short" } } }
    }
}

pub(crate) fn unseen(book: &Book) -> Markup {
    let mut unseen: Vec<&Unseen> = book.dossier.unseen.iter().collect();
    unseen.sort_by_key(|missing| {
        let when =
            book.post(&missing.post).and_then(|post| post.when).map(|when| (when.earliest, when.latest));
        (when.is_none(), when, &missing.post)
    });
    section(
        "unseen",
        "Referenced but unseen",
        html! {
            @if unseen.is_empty() { p { "Every file that a post names is held." } }
            @else {
                p {
                    (counted(unseen.len(), "file is", "files are"))
                    " named by posts and not held. Nothing is fetched from the network: ask whoever made the export, or the platform."
                }
                ol .log.missing {
                    @for missing in unseen.iter().take(ROWS) {
                        li {
                            div {
                                @if missing.name.is_empty() { span .muted { "no name" } } @else { (name(&missing.name)) }
                                @if let Some(size) = missing.size { span .muted { " " (number(size)) " bytes" } }
                            }
                            div {
                                (post_link(book, &missing.post))
                                @if let Some(post) = book.post(&missing.post) { ", " (when(post.when.as_ref())) }
                            }
                            div {
                                (missing.state.shown())
                                @if let Some(at) = missing.expires { span .under { "its address leads nowhere after " (second(at)) " UTC" } }
                            }
                            div { @if !missing.reference.is_empty() { span .path { (name(&missing.reference)) } } }
                        }
                    }
                }
                (left_out(ROWS, unseen.len(), "files"))
            }
        },
    )
}
