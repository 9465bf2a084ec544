//! Channels, accounts, posts and what they carry.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{State, Time, Window};

/// A place on a platform where posts stand in order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Channel {
    /// Made of platform and native id.
    pub id: String,
    /// The name it shows.
    pub name: String,
    /// The platform: "discord", "telegram", "imageboard".
    pub platform: String,
    /// The platform's own id.
    pub native_id: String,
    /// The guild, server, workspace or site it belongs to.
    pub space: Option<String>,
    /// The platform's word for its kind.
    pub kind: Option<String>,
    /// How many posts were read, each counted once over all exports.
    pub posts: u64,
    /// The exports it was read from.
    pub exports: Vec<Export>,
}

/// One export of a channel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Export {
    /// The file.
    pub item: String,
    /// The format that read it.
    pub format: String,
    /// When it was made, if it says so.
    pub exported: Option<Time>,
    /// How many posts it says it holds: an observation, not the truth.
    pub declared: Option<u64>,
    /// How many were read.
    pub read: u64,
    /// False where the file ends before its own end.
    pub complete: bool,
}

/// A platform's user. Whether two accounts are one person is not asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Account {
    /// Made of platform and native id.
    pub id: String,
    /// The platform.
    pub platform: String,
    /// The platform's own id; where it has none, the name.
    pub native_id: String,
    /// Every name it was seen under, sorted.
    pub names: Vec<String>,
    /// How many posts it wrote.
    pub posts: u64,
}

/// A post, or a notice that stands in for one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Post {
    /// Made of channel and native id.
    pub id: String,
    /// The platform's own id.
    pub native_id: String,
    /// Where it stands.
    pub channel: String,
    /// Who wrote it, if told.
    pub account: Option<String>,
    /// The name shown beside it, if told.
    pub author: Option<Author>,
    /// When it was posted, by each clock that tells.
    pub posted: Vec<Time>,
    /// The narrowest of these times.
    pub when: Option<Window>,
    /// Its words, markup resolved to plain text.
    pub text: String,
    /// The platform's word for a notice that nobody wrote; null for a post.
    pub service: Option<String>,
    /// The files it carries or carried, in the post's order.
    pub attached: Vec<Attached>,
    /// What it answers.
    pub reply_to: Option<Reply>,
    /// Where it was forwarded from.
    pub forwarded: Option<Forward>,
    /// Whether the platform marks it as deleted.
    pub deleted: bool,
    /// When it was last edited, by each clock that tells.
    pub edited: Vec<Time>,
    /// The bytes it was read from, one citation `item:…@start+length` for each export that has it.
    pub records: Vec<String>,
}

/// Who wrote a post, as the record has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Author {
    /// The name shown.
    pub name: String,
    /// The platform's own id; where it has none, the name.
    pub native_id: String,
}

/// A file that a post carries or carried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Attached {
    /// Name as the poster gave it.
    pub name: String,
    /// Path or address as the export has it; empty where it has none.
    pub reference: String,
    /// Where it is.
    pub state: State,
    /// The items that hold it.
    pub items: Vec<String>,
    /// MD5 of the original file as the platform declares it.
    pub md5: Option<String>,
    /// Size in bytes as declared.
    pub size: Option<u64>,
}

/// What a post answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reply {
    /// The answered post's native id.
    pub native_id: String,
    /// Its channel's native id, where it is another one.
    pub channel: Option<String>,
    /// The answered post; null where it is not in the material.
    pub post: Option<String>,
}

/// Where a post was forwarded from, as far as the platform tells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Forward {
    /// Shown name of the origin.
    pub from: Option<String>,
    /// Native id of the channel or account it came from.
    pub from_id: Option<String>,
    /// Native id of the post it came from.
    pub native_id: Option<String>,
    /// When the original was posted.
    pub posted: Option<Time>,
}

/// A file that a post names and nobody handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Unseen {
    /// The post.
    pub post: String,
    /// Its channel; null where the post itself is not in the material.
    pub channel: Option<String>,
    /// Name as the poster gave it.
    pub name: String,
    /// Path or address as the export has it; empty where it has none.
    pub reference: String,
    /// Why it is not held.
    pub state: State,
    /// MD5 of the original file as the platform declares it.
    pub md5: Option<String>,
    /// When its signed address stops to lead anywhere, if it says so.
    #[schemars(with = "Option<String>")]
    pub expires: Option<jiff::Timestamp>,
    /// Size in bytes as declared.
    pub size: Option<u64>,
}

/// A sheet in a channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Cell {
    /// The channel.
    pub channel: String,
    /// The sheet.
    pub family: String,
    /// How many posts show it there.
    pub posts: u64,
    /// When it was there first; null where no post tells when.
    pub first: Option<Window>,
}
