//! The posts of each channel in the order in which they stand there: what came before one and after it.

use std::collections::BTreeMap;

use case::Derived;
use jiff::Timestamp;
use model::{ChannelId, Noun as _, Post, PostId, When};
use serde::Deserialize;

/// Ids of posts by channel, in order.
pub(crate) struct Posts(BTreeMap<ChannelId, Vec<PostId>>);

/// As much of a post as its place takes.
#[derive(Deserialize)]
struct Placed {
    id: PostId,
    channel: ChannelId,
    native_id: String,
    posted: Vec<When>,
}

/// By time, and where that is equal or missing by the number the platform gave.
type Key = (bool, Option<Timestamp>, Option<u128>, PostId);

impl Posts {
    pub fn of(derived: &Derived) -> Result<Self, case::Error> {
        let mut channels: BTreeMap<ChannelId, Vec<Key>> = BTreeMap::new();
        derived.each_body(Post::KIND, |body| {
            let post: Placed = serde_json::from_str(body)?;
            let at = post.posted.iter().map(|when| when.interval.earliest).min();
            let key = (at.is_none(), at, post.native_id.parse().ok(), post.id);
            channels.entry(post.channel).or_default().push(key);
            Ok(())
        })?;
        let sorted = |mut keys: Vec<Key>| {
            keys.sort_unstable();
            keys.into_iter().map(|key| key.3).collect()
        };
        Ok(Self(channels.into_iter().map(|(channel, keys)| (channel, sorted(keys))).collect()))
    }

    /// The posts of a channel.
    pub fn of_channel(&self, channel: ChannelId) -> &[PostId] {
        self.0.get(&channel).map_or(&[], Vec::as_slice)
    }

    /// Where a post stands in its channel.
    pub fn place(&self, channel: ChannelId, post: PostId) -> Option<usize> {
        self.of_channel(channel).iter().position(|id| *id == post)
    }
}
