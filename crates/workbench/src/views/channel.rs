//! A channel: its exports, and its messages in order.

use axum::response::Response;
use dossier::{Page, shown};
use model::ChannelId;
use texts::html;

use super::{Frame, framed, missing, pager, post};
use crate::bench::Bench;
use crate::fields::Fields;
use crate::people::Person;
use crate::unpoisoned;

pub(crate) fn channel(bench: &Bench, who: &Person, id: &str, fields: &Fields) -> Response {
    let live = bench.live();
    let Some((channel, key)) = live.channel(id).zip(id.parse::<ChannelId>().ok()) else {
        return missing(bench, who, "channel of this id");
    };
    let posts = unpoisoned(bench.posts.read()).clone();
    let all = posts.as_ref().map_or(&[][..], |posts| posts.of_channel(key));
    let page = Page::of(fields.number("page"), all.len());
    let path = format!("/of/{id}");
    let body = html! {
        h1 { (shown::name(&channel.name)) }
        p .summary {
            (shown::name(&channel.platform)) " · " (shown::counted(channel.posts as usize, "post", "posts")) " · "
            (shown::counted(channel.exports.len(), "export", "exports")) ", told under " a href="/channels" { "channels" }
        }
        p {
            a href={ "/timeline?channel=" (id) } { "On the timeline" } " · " a href={ "/sheets?channel=" (id) } { "Its sheets" } " · "
            a href={ "/search?channel=" (id) } { "Search in it" }
        }
        @if posts.is_none() { p role="status" { "The posts are being put in order; they show in a moment." } }
        ol .context { @for one in all.get(page.rows()).unwrap_or_default() { (post::by_id(bench, *one, false)) } }
        (pager(page, &path, fields))
        (live.remarks_on(id))
        (super::act(who, "note", "Note on this channel", "", &[super::Field::Given("on", id)]))
    };
    framed(&Frame { bench, who, path: "/channels", title: &channel.name }, &body)
}
