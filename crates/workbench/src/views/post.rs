//! A post with the messages around it, as they were written.

use std::sync::Arc;

use axum::response::Response;
use dossier::shown;
use dossier::told::Reply;
use maud::Markup;
use model::{Attachment, Channel, Noun as _, Post, PostId};
use texts::{filled, html, say};

use super::{Frame, framed, missing};
use crate::bench::Bench;
use crate::people::Person;
use crate::unpoisoned;

/// Messages shown before a post and after it.
const AROUND: usize = 12;

pub(crate) fn post(bench: &Bench, who: &Person, id: &str) -> Response {
    let Some(post) = id.parse::<PostId>().ok().and_then(|id| bench.shelf.derived().get::<Post>(id).ok()?)
    else {
        return missing(bench, who, "post of this id");
    };
    let live = bench.live();
    let channel = post.channel.to_string();
    let named = live.channel(&channel).map_or(say("a channel"), |channel| channel.name.as_str());
    let title = filled("Post {n} in {channel}", &[("n", &post.native_id), ("channel", &named)]);
    let body = html! {
        h1 { "Post " (shown::name(&post.native_id)) " in " a href={ "/of/" (channel) } { (shown::name(named)) } }
        p .note { "As the exports have it, with the messages around it. Nothing is loaded from outside; addresses are not links." }
        @match unpoisoned(bench.posts.read()).clone() {
            Some(posts) => (context(bench, &posts, &post)),
            None => { p role="status" { "The posts are being put in order; the messages around this one show in a moment." } ol .context { (message(bench, &post, true)) } },
        }
        (live.remarks_on(id))
        (super::act(who, "note", "Note on this post", "", &[super::Field::Given("on", id)]))
    };
    framed(&Frame { bench, who, path: "", title: &title }, &body)
}

fn context(bench: &Bench, posts: &Arc<crate::order::Posts>, post: &Post) -> Markup {
    let all = posts.of_channel(post.channel);
    let place = posts.place(post.channel, post.id).unwrap_or(0);
    let (start, end) = (place.saturating_sub(AROUND), (place + AROUND + 1).min(all.len()));
    let page = start / dossier::ROWS + 1;
    html! {
        p { "Message " (shown::number(place as u64 + 1)) " of " (shown::number(all.len() as u64)) ". "
            a href={ "/of/" (post.channel.to_string()) "?page=" (page) } { "The channel at this place" } "." }
        ol .context { @for id in all.get(start..end).unwrap_or_default() { (by_id(bench, *id, *id == post.id)) } }
    }
}

/// A message of the case, as a row.
pub(super) fn by_id(bench: &Bench, id: PostId, is_it: bool) -> Markup {
    match bench.shelf.derived().get::<Post>(id) {
        Ok(Some(post)) => message(bench, &post, is_it),
        _ => html! {},
    }
}

fn message(bench: &Bench, post: &Post, is_it: bool) -> Markup {
    let live = bench.live();
    let id = post.id.to_string();
    let files: Vec<Attachment> = bench.shelf.derived().of(post.id).unwrap_or_default();
    let told = dossier::tell_post(
        post,
        files.iter().collect(),
        post.reply_to.as_ref().map(|reply| answered(bench, post, reply)),
    );
    let clocks: std::collections::BTreeSet<&str> =
        told.posted.iter().map(|time| time.verbatim.as_str()).collect();
    html! {
        li .here[is_it] id=(shown::anchor(&id)) data-row aria-current=[is_it.then_some("true")] {
            header {
                b { @match &post.author { Some(author) => (shown::name(&author.name)), None => span .muted { "no author" } } }
                " " (shown::when(told.when.as_ref()))
                @for verbatim in clocks { " " span .muted { "“" (shown::name(verbatim)) "”" } }
                " " a href={ "/of/" (id) } { "post " (shown::name(&post.native_id)) }
            }
            @if !post.text.trim().is_empty() { p .words { (shown::words(&post.text)) } }
            (live.remarks_of(&told))
            @for file in &files { (attached(&live, file)) }
        }
    }
}

/// What a post answers.
fn answered(bench: &Bench, post: &Post, reply: &model::Reply) -> Reply {
    let live = bench.live();
    let channel = match &reply.channel {
        None => Some(post.channel),
        Some(other) => {
            live.channel(&post.channel.to_string()).map(|own| Channel::id_of(&own.platform, other))
        }
    };
    let id = channel.map(|channel| Post::id_of(channel, &reply.native_id));
    let held = id.filter(|id| bench.shelf.derived().get::<Post>(*id).is_ok_and(|post| post.is_some()));
    Reply {
        native_id: reply.native_id.clone(),
        channel: reply.channel.clone(),
        post: held.map(|id| id.to_string()),
    }
}

fn attached(live: &dossier::Live, file: &Attachment) -> Markup {
    let items: Vec<String> = file.items.iter().map(ToString::to_string).collect();
    let pictures: Vec<&String> =
        items.iter().filter_map(|item| live.item(item)).flat_map(|item| &item.pictures).take(4).collect();
    html! {
        div .attached {
            @for picture in &pictures { (live.thumbnail(picture)) span .small { (live.label(picture)) } }
            @if pictures.is_empty() {
                span .small {
                    @if file.declared.name.is_empty() { "a file without a name" } @else { (shown::name(&file.declared.name)) }
                    @if items.is_empty() { ", not held" }
                }
            }
        }
    }
}

/// The kind of a post, so that a search knows its hits.
pub(crate) const KIND: &str = Post::KIND;
