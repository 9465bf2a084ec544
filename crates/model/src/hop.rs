//! How sheets may have gone from one channel to another.

use serde::{Deserialize, Serialize};

use crate::{ChannelId, FamilyId, HopId, Id, Interval, Order, PostId};

/// What ties a post of one channel to a post of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tie {
    /// The platform says that the later is a forward of the earlier, or of its channel.
    Forward,
    /// The later has the address of the earlier, or of its channel.
    Link,
    /// The later answers the earlier.
    Reply,
    /// Both carry the same bytes.
    SameBytes,
    /// The picture of the later was made from that of the earlier, or from one between.
    Descent,
    /// The later types off words of a sheet that the earlier shows.
    Words,
    /// Both show the sheet, the earlier before the later; by itself it shows nothing.
    Time,
}

/// One thing that speaks for a hop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// What.
    pub tie: Tie,
    /// The sheet it is about.
    pub family: Option<FamilyId>,
    /// The post in the one channel, where one is told.
    pub from: Option<PostId>,
    /// The post in the other.
    pub to: PostId,
    /// Whether the first is the earlier by their times.
    pub order: Order,
}

/// Two channels between which sheets may have gone: a hypothesis with what speaks for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hop {
    /// Made of both channels.
    pub id: HopId,
    /// Where from; where the direction is undecided, the one with the smaller id.
    pub from: ChannelId,
    /// Where to.
    pub to: ChannelId,
    /// Whether times or the platform tell the direction.
    pub decided: bool,
    /// The sheets.
    pub families: Vec<FamilyId>,
    /// When it was there first, by the evidence.
    pub first: Option<Interval>,
    /// What speaks for it, the strongest first.
    pub evidence: Vec<Evidence>,
}

impl Hop {
    /// The id of a hop between two channels.
    pub fn id_of(from: ChannelId, to: ChannelId, decided: bool) -> HopId {
        HopId::make(|id| {
            id.id(from).id(to).number(u64::from(decided));
        })
    }
}
