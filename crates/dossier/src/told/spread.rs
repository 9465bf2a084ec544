//! How sheets spread: hops between channels, what is missing, what exports tell differently.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Differs, First, Lack, Measure, Open, Order, Tie, Why, Window};

/// What must have existed, or is named, and nobody holds (R6).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Gap {
    /// Made of what is missing.
    pub id: String,
    /// What is missing.
    pub lack: Lack,
    /// Whether the reasons leave no other way; else it may have existed.
    pub sure: bool,
    /// The sheets it would show, or came with.
    pub families: Vec<String>,
    /// The held pictures that tell of it; of a picture between two, first the one before it.
    pub pictures: Vec<String>,
    /// The held channel that it belongs to.
    pub channel: Option<String>,
    /// Why it is held to have existed.
    pub reasons: Vec<Reason>,
    /// Where to look for it.
    pub seek: Seek,
}

/// One reason for a gap.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Reason {
    /// What it is.
    pub why: Why,
    /// The same in words.
    pub says: String,
    /// Where to look: a post, a region of a page, words of a picture.
    pub cited: String,
    /// What stands there, word for word, if words matter.
    pub words: Option<String>,
    /// The numbers it rests on.
    pub measures: Vec<Measure>,
}

/// Where to look for what is missing: as much as is known, in the platform's own ids.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Seek {
    /// The platform.
    pub platform: Option<String>,
    /// The guild, server or site.
    pub space: Option<String>,
    /// The channel's own id, or the name by which it is called.
    pub channel: Option<String>,
    /// The post's own id.
    pub post: Option<String>,
    /// The id of the held post before it.
    pub post_before: Option<String>,
    /// The id of the held post after it.
    pub post_after: Option<String>,
    /// The file's name or address, or the page that is missing.
    pub file: Option<String>,
    /// It was there no earlier than this.
    #[schemars(with = "Option<String>")]
    pub not_before: Option<jiff::Timestamp>,
    /// It was there no later than this.
    #[schemars(with = "Option<String>")]
    pub not_after: Option<jiff::Timestamp>,
}

/// Two channels between which sheets may have gone: a hypothesis with what speaks for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Hop {
    /// Made of both channels.
    pub id: String,
    /// Where from; where the direction is undecided, the one with the smaller id.
    pub from: String,
    /// Where to.
    pub to: String,
    /// Whether times or the platform tell the direction.
    pub decided: bool,
    /// The sheets that something other than time speaks for.
    pub families: Vec<String>,
    /// When the first of them was there.
    pub first: Option<Window>,
    /// What speaks for it, the strongest first.
    pub evidence: Vec<Evidence>,
}

/// One thing that speaks for a hop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// What.
    pub tie: Tie,
    /// The sheet it is about.
    pub family: Option<String>,
    /// The post in the one channel, where one is told.
    pub from: Option<String>,
    /// The post in the other.
    pub to: String,
    /// How the two stand in time.
    pub order: Order,
}

/// What two channels have in common, counted in sheets (R5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Relation {
    /// The one that has more sheets.
    pub one: String,
    /// The other.
    pub other: String,
    /// Sheets that both have.
    pub both: u64,
    /// Sheets that only the first has; none: the other has all it has.
    pub only_one: u64,
    /// Sheets that only the other has; none: a subset of the first.
    pub only_other: u64,
}

/// A post that two exports of its channel tell differently: an observation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Discrepancy {
    /// Made of post, exports and kind.
    pub id: String,
    /// The channel.
    pub channel: String,
    /// The post.
    pub post: String,
    /// In what they differ.
    pub differs: Differs,
    /// The record in the export that was made earlier, `item:…@start+length`; the export alone where it has none.
    pub earlier: String,
    /// The record in the one that was made later, likewise.
    pub later: String,
    /// When the two were made, the change lies between.
    pub between: Option<Window>,
    /// What the earlier says: words, or names of files.
    pub was: String,
    /// What the later says.
    pub is: String,
}

/// How long and how widely a sheet could be seen, as far as the material tells (R19).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Reach {
    /// The sheet.
    pub family: String,
    /// When a post showed it first.
    pub first: Option<Window>,
    /// When a post showed it last.
    pub last: Option<Window>,
    /// Until when a post that shows it was still returned by an export.
    #[schemars(with = "Option<String>")]
    pub until: Option<jiff::Timestamp>,
    /// Posts that show it.
    pub posts: u64,
    /// The channels it was seen in, each with who can see it.
    pub channels: Vec<Seen>,
    /// Days from its first to its last known public sight, in channels that anyone can see; null: in none.
    pub public_days: Option<f64>,
}

/// A channel in which a sheet was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Seen {
    /// The channel.
    pub channel: String,
    /// Who can see what stands there.
    pub open: Open,
}

/// A first appearance that depends on the choice of a zone (R3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ZoneChoice {
    /// The sheet.
    pub family: String,
    /// The post whose zone is not known.
    pub post: String,
    /// It was the first if its zone is this one, or lies further east: minutes from UTC.
    pub first_from: i64,
}

/// When something smaller or larger than a sheet was seen first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FirstOf {
    /// A version, an exposure or a document.
    pub of: String,
    /// When.
    pub first: First,
}
