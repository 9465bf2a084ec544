use std::collections::{BTreeMap, BTreeSet};

use model::{Appearance, ChannelId, FamilyId, Interval, PostId};

/// A sheet in a channel (R5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The channel.
    pub channel: ChannelId,
    /// The sheet.
    pub family: FamilyId,
    /// How many posts show it there.
    pub posts: u64,
    /// When it was there first: from the earliest to the latest instant that can have been.
    pub first: Option<Interval>,
}

/// Every channel that has a sheet, sorted by channel, then sheet.
pub fn matrix(appearances: &[Appearance], channel_of: &dyn Fn(PostId) -> Option<ChannelId>) -> Vec<Cell> {
    let mut cells: BTreeMap<(ChannelId, FamilyId), (BTreeSet<PostId>, Option<Interval>)> = BTreeMap::new();
    for appearance in appearances {
        let Some(channel) = channel_of(appearance.post) else {
            continue;
        };
        let (posts, first) = cells.entry((channel, appearance.family)).or_default();
        posts.insert(appearance.post);
        *first = match (*first, appearance.when) {
            (Some(a), Some(b)) => {
                Some(Interval { earliest: a.earliest.min(b.earliest), latest: a.latest.min(b.latest) })
            }
            (a, b) => a.or(b),
        };
    }
    let cell = |((channel, family), (posts, first)): ((_, _), (BTreeSet<_>, _))| Cell {
        channel,
        family,
        posts: posts.len() as u64,
        first,
    };
    cells.into_iter().map(cell).collect()
}
