//! What several exports of one channel say differently.

use serde::{Deserialize, Serialize};

use crate::{ChannelId, DiscrepancyId, Id, Interval, ItemId, PostId, Span};

/// In what two exports differ about a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Differs {
    /// Other words, and neither export marks an edit that explains it.
    Reworded,
    /// Other words, and the later one marks an edit.
    Edited,
    /// Other files.
    Files,
    /// The earlier export has the post, the later one has posts before and after it and not this one.
    Gone,
    /// The later export has a post that the earlier one should have had.
    Appeared,
}

/// A post that two exports of its channel tell differently: an observation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discrepancy {
    /// Made of post, exports and kind.
    pub id: DiscrepancyId,
    /// The channel.
    pub channel: ChannelId,
    /// The post.
    pub post: PostId,
    /// In what they differ.
    pub differs: Differs,
    /// The export that was made earlier, and the bytes of its record, if it has one.
    pub earlier: (ItemId, Option<Span>),
    /// The one that was made later.
    pub later: (ItemId, Option<Span>),
    /// Between which instants the change was seen: when the two were made.
    pub between: Option<Interval>,
    /// What the earlier says; the words or the names of the files.
    pub was: String,
    /// What the later says.
    pub is: String,
}

impl Discrepancy {
    /// The id of what two exports tell differently of a post.
    pub fn id_of(post: PostId, earlier: ItemId, later: ItemId, differs: Differs) -> DiscrepancyId {
        DiscrepancyId::make(|id| {
            id.id(post).id(earlier).id(later).text(&format!("{differs:?}"));
        })
    }
}
