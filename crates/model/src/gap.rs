//! What must have existed, or is named, and nobody holds (R6).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{ChannelId, Citation, FamilyId, GapId, Id, Measure, PictureId};

/// What is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lack {
    /// A picture from which held ones were made.
    Source,
    /// A picture that stands between two that are held.
    Between,
    /// A sheet of a document of which others are held.
    Sheet,
    /// A post.
    Post,
    /// A channel, or an account's own posts.
    Channel,
    /// A file that a post carries or carried.
    File,
    /// Where a channel had sheets from that none of its supposed sources has.
    Supply,
}

/// Why it is held to have existed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Pictures of one photograph, none of which can have been made from another that is held.
    NoneFromOther,
    /// Two pictures of one photograph: one shows more of the sheet, the other is finer.
    MoreAndFiner,
    /// Its longer side is the one to which a platform reduces pictures, and it is held from elsewhere only.
    Reduced,
    /// Its blocks were rounded before by an encoding that no held picture of its size has.
    RoundedBefore,
    /// A page number is printed on a sheet.
    PageNumber,
    /// A post answers it.
    Answered,
    /// A post is forwarded from it.
    Forwarded,
    /// A post has its address.
    Linked,
    /// A post carries it.
    Carried,
    /// A channel has sheets that were in none of the channels it shares pictures with.
    HoldsMore,
}

/// One reason, with the place where anyone can look.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// What it is.
    pub why: Why,
    /// Where to look.
    pub cited: Citation,
    /// What stands there, word for word, if words matter.
    pub words: Option<String>,
    /// The numbers it rests on.
    pub measures: Vec<Measure>,
}

impl Reason {
    /// A reason without numbers.
    pub fn new(why: Why, cited: Citation, words: Option<String>) -> Self {
        Self { why, cited, words, measures: Vec::new() }
    }
}

/// Where to look for it: as much as is known. Ids are the platform's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seek {
    /// The platform.
    pub platform: Option<String>,
    /// The guild, server or site.
    pub space: Option<String>,
    /// The channel's own id, or the name by which it is called.
    pub channel: Option<String>,
    /// The post's own id.
    pub post: Option<String>,
    /// The ids of the held posts between which it stands.
    pub between: (Option<String>, Option<String>),
    /// The file's name or address.
    pub file: Option<String>,
    /// It was there no earlier than this.
    pub after: Option<Timestamp>,
    /// It was there no later than this.
    pub before: Option<Timestamp>,
}

/// What must have existed, or is named, and nobody holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gap {
    /// Made of what is missing.
    pub id: GapId,
    /// What is missing.
    pub lack: Lack,
    /// Whether the reasons leave no other way; else it may have existed.
    pub sure: bool,
    /// The sheets it would show, or came with.
    pub families: Vec<FamilyId>,
    /// The held pictures that tell of it.
    pub pictures: Vec<PictureId>,
    /// The held channel that it belongs to.
    pub channel: Option<ChannelId>,
    /// Why; at least one.
    pub reasons: Vec<Reason>,
    /// Where to look for it.
    pub seek: Seek,
}

impl Gap {
    /// The id of what is missing, called by words that tell it from all else of its kind.
    pub fn id_of(lack: Lack, called: &[&str]) -> GapId {
        GapId::make(|id| {
            id.text(&format!("{lack:?}"));
            for word in called {
                id.text(word);
            }
        })
    }
}
