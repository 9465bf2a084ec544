//! The posts: the copies in their venues, forwards between them, and the talk around it all.

use super::Recipe;
use super::grow::{Copy, SAID};
use super::venue::Venue;
use crate::chat::{Attached, Channel, Origin, Platform, Post};
use crate::rng::Rng;
use crate::truth::{CopyTruth, MissingTruth, PostTruth};

/// The channels with all their posts, in order of time.
pub(super) fn channels(
    recipe: &Recipe,
    venues: &[Venue],
    files: &[Copy],
    copies: &[CopyTruth],
    rng: &mut Rng,
) -> Vec<Channel> {
    let mut channels: Vec<Channel> = venues.iter().map(open).collect();
    for (file, copy) in files.iter().zip(copies) {
        if let Some(at) = file.venue.filter(|v| *v < venues.len()) {
            let post = shown(&venues[at], file, copy, rng);
            channels[at].posts.push(post);
        }
    }
    for (channel, venue) in channels.iter_mut().zip(venues) {
        talk(channel, venue, recipe, rng);
        settle(channel);
    }
    for to in 1..channels.len() {
        forward(&mut channels, to, venues, rng);
    }
    for channel in &mut channels {
        answer(channel, rng);
    }
    channels
}

/// The truth about the posts of `channel`, whose held pictures were written to `paths`; marks their copies as posted.
pub(super) fn posts(
    channel: &Channel,
    all: &[Channel],
    paths: &[Option<String>],
    copies: &mut [CopyTruth],
) -> Vec<PostTruth> {
    let mut out = Vec::new();
    for (post, path) in channel.posts.iter().zip(paths) {
        let (Some(picture), Some(path)) = (&post.picture, path) else { continue };
        if let Some(copy) = copies.iter_mut().find(|c| c.copy == picture.copy) {
            copy.posted = true;
            copy.file.get_or_insert_with(|| path.clone());
        }
        out.push(PostTruth {
            channel: channel.name.clone(),
            platform: channel.platform.name(),
            post: post.native.clone(),
            when: post.when.iso(),
            account: post.account.clone(),
            copy: picture.copy.clone(),
            file: path.clone(),
            forwards: post.forwards.as_ref().map(|o| (all[o.channel].name.clone(), o.post.clone())),
        });
    }
    out
}

/// The truth about the posts of `channel` whose pictures are not held.
pub(super) fn missing(channel: &Channel) -> Vec<MissingTruth> {
    let told = |post: &Post| {
        let picture = post.picture.as_ref().filter(|picture| !picture.held)?;
        Some(MissingTruth {
            channel: channel.name.clone(),
            platform: channel.platform.name(),
            post: post.native.clone(),
            when: post.when.iso(),
            copy: picture.copy.clone(),
        })
    };
    channel.posts.iter().filter_map(told).collect()
}

fn open(venue: &Venue) -> Channel {
    Channel {
        platform: venue.platform,
        name: venue.name.to_owned(),
        guild: venue.guild.to_owned(),
        id: venue.ids.0,
        guild_id: venue.ids.1,
        posts: Vec::new(),
    }
}

fn shown(venue: &Venue, file: &Copy, copy: &CopyTruth, rng: &mut Rng) -> Post {
    let stem = match rng.below(4) {
        0 => format!("IMG_{}", rng.between(1000, 9999)),
        1 => "image0".to_owned(),
        2 => {
            let (day, hour) = (file.when.day(0).iso().replace('-', ""), rng.between(8, 22));
            format!("{day}_{hour:02}{:02}{:02}", rng.between(0, 59), rng.between(0, 59))
        }
        _ => "unknown".to_owned(),
    };
    Post {
        native: String::new(),
        when: file.when,
        account: (*rng.pick(&venue.accounts)).to_owned(),
        text: if rng.chance(0.5) { (*rng.pick(&SAID)).to_owned() } else { String::new() },
        picture: Some(Attached {
            copy: copy.copy.clone(),
            name: format!("{stem}.{}", file.ext),
            bytes: file.bytes.clone(),
            size: file.size,
            held: !copy.withheld,
        }),
        reply_to: None,
        forwards: None,
    }
}

/// Posts without a picture, between the first picture and a week after the last.
fn talk(channel: &mut Channel, venue: &Venue, recipe: &Recipe, rng: &mut Rng) {
    let last = channel.posts.iter().map(|p| p.when).max().unwrap_or(venue.opens());
    let span = (last.0 - venue.opens().0) as f64 / 60_000.0 + 10_000.0;
    for _ in 0..4 + channel.posts.len() * recipe.chatter {
        channel.posts.push(Post {
            native: String::new(),
            when: venue.opens().plus_minutes(rng.range(0.0, span)),
            account: (*rng.pick(&venue.accounts)).to_owned(),
            text: (*rng.pick(&SAID)).to_owned(),
            picture: None,
            reply_to: None,
            forwards: None,
        });
    }
}

/// Puts the posts in order, no two in one millisecond, and numbers them.
fn settle(channel: &mut Channel) {
    channel.posts.sort_by_key(|p| p.when);
    for k in 1..channel.posts.len() {
        let before = channel.posts[k - 1].when.0;
        let when = &mut channel.posts[k].when.0;
        *when = (*when).max(before + 1);
    }
    for k in 0..channel.posts.len() {
        channel.posts[k].native = channel.number(k, channel.posts[k].when);
    }
}

/// Forwards one or two held pictures of an earlier channel of the same platform into channel `to`, as its last posts.
fn forward(channels: &mut [Channel], to: usize, venues: &[Venue], rng: &mut Rng) {
    let platform = channels[to].platform;
    if platform == Platform::Imageboard {
        return;
    }
    for _ in 0..=rng.below(2) {
        let sources: Vec<(usize, usize)> = (0..to)
            .filter(|&c| channels[c].platform == platform)
            .flat_map(|c| (0..channels[c].posts.len()).map(move |p| (c, p)))
            .filter(|&(c, p)| {
                channels[c].posts[p].picture.as_ref().is_some_and(|a| a.held)
                    && channels[c].posts[p].forwards.is_none()
            })
            .collect();
        if sources.is_empty() {
            return;
        }
        let (from, place) = *rng.pick(&sources);
        let source = channels[from].posts[place].clone();
        let last = channels[to].posts.last().map_or(source.when, |p| p.when);
        let when = last.max(source.when).plus_minutes(rng.range(5.0, 900.0));
        let native = channels[to].number(channels[to].posts.len(), when);
        let text = if platform == Platform::Telegram { source.text.clone() } else { String::new() };
        let forwards =
            Some(Origin { channel: from, post: source.native, when: source.when, text: source.text });
        let account = (*rng.pick(&venues[to].accounts)).to_owned();
        channels[to].posts.push(Post {
            native,
            when,
            account,
            text,
            picture: source.picture,
            reply_to: None,
            forwards,
        });
    }
}

/// About a quarter of the posts without a picture answer one of the ten before.
fn answer(channel: &mut Channel, rng: &mut Rng) {
    for k in 1..channel.posts.len() {
        if channel.posts[k].picture.is_none() && rng.chance(0.25) {
            channel.posts[k].reply_to = Some(k - 1 - rng.below(k.min(10)));
        }
    }
}
