//! The messages around a post, as they were written.

use std::collections::BTreeMap;

use maud::Markup;
use texts::html;

use super::book::Book;
use super::shown::{name, when, words};
use crate::told::{Dossier, Post};

/// Messages shown before a post and after it.
const AROUND: usize = 3;
/// Posts that are shown with the messages around them, at most.
const MOST: usize = 500;

/// The posts of each channel in the order in which they stand there: by time, and where that is equal or missing by the
/// number the platform gave.
#[derive(Default)]
pub(crate) struct Around<'a>(BTreeMap<&'a str, Vec<&'a Post>>);

impl<'a> Around<'a> {
    pub fn of(dossier: &'a Dossier) -> Self {
        let mut channels: BTreeMap<&str, Vec<&Post>> = BTreeMap::new();
        for post in &dossier.posts {
            channels.entry(&post.channel).or_default().push(post);
        }
        channels.values_mut().for_each(|posts| posts.sort_by_cached_key(|post| key(post)));
        Self(channels)
    }

    /// A post with those before it and after it.
    fn run(&self, post: &Post) -> &[&'a Post] {
        let all = self.0.get(post.channel.as_str()).map_or(&[][..], Vec::as_slice);
        let own = key(post);
        let place = all.partition_point(|other| key(other) < own);
        all.get(place.saturating_sub(AROUND)..(place + AROUND + 1).min(all.len())).unwrap_or_default()
    }
}

fn key(post: &Post) -> (bool, Option<jiff::Timestamp>, Option<u128>, &str) {
    let at = post.when.map(|when| when.earliest);
    (at.is_none(), at, post.native_id.parse().ok(), &post.id)
}

/// The messages around the post that stands at a place of the list; in a workbench each post has a page with them.
pub(crate) fn around(book: &Book, post: &Post, place: usize) -> Markup {
    let run = if place < MOST { book.around.run(post) } else { &[] };
    html! {
        @if run.len() > 1 {
            details .around {
                summary { "Messages around it" }
                ol .context { @for other in run { (message(other, other.id == post.id)) } }
            }
        }
    }
}

fn message(post: &Post, is_it: bool) -> Markup {
    html! {
        li .here[is_it] aria-current=[is_it.then_some("true")] {
            header {
                b { @match &post.author { Some(author) => (name(&author.name)), None => span .muted { "no author" } } }
                " " (when(post.when.as_ref())) " post " (name(&post.native_id))
            }
            @if is_it { p .note { "this post" } }
            @else {
                @if !post.text.trim().is_empty() { p .words { (words(&post.text)) } }
                @for file in post.attached.iter().take(4) {
                    div .small { @if file.name.is_empty() { "a file without a name" } @else { (name(&file.name)) } }
                }
            }
        }
    }
}
