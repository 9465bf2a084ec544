use serde::{Deserialize, Serialize};

use crate::{
    AccountId, AttachmentId, ChannelId, Digest, Id, Interval, ItemId, ListingId, PostId, RecordId, Span, When,
};

/// A place on a platform where posts stand in order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Channel {
    /// Made of platform and native id.
    pub id: ChannelId,
    /// "discord", "telegram", "imageboard".
    pub platform: String,
    /// The platform's own id.
    pub native_id: String,
    /// The name it shows; of several exports the latest one's.
    pub name: String,
    /// The guild, server, workspace or site it belongs to.
    pub space: Option<String>,
    /// The platform's word for its kind.
    pub kind: Option<String>,
    /// The exports it was read from.
    pub exports: Vec<Export>,
    /// How many posts were read, each counted once.
    pub posts: u64,
}

impl Channel {
    /// The id of the channel that `platform` calls `native_id`.
    pub fn id_of(platform: &str, native_id: &str) -> ChannelId {
        ChannelId::make(|id| {
            id.text(platform).text(native_id);
        })
    }
}

/// One export of a channel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Export {
    /// The file.
    pub item: ItemId,
    /// The format that read it.
    pub format: String,
    /// When it was made, if it says so.
    pub exported: Option<When>,
    /// How many posts it says it holds: an observation, not the truth.
    pub declared: Option<u64>,
    /// How many were read.
    pub read: u64,
    /// False where the file ends before its own end.
    pub complete: bool,
}

/// What one export says of one channel. Posts are merged from the records of all listings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Listing {
    /// Made of item and channel.
    pub id: ListingId,
    /// Of this channel.
    pub channel: ChannelId,
    /// "discord", "telegram", "imageboard".
    pub platform: String,
    /// The platform's own id.
    pub native_id: String,
    /// The name it shows.
    pub name: String,
    /// The guild, server, workspace or site it belongs to.
    pub space: Option<String>,
    /// The platform's word for its kind.
    pub kind: Option<String>,
    /// The export.
    pub export: Export,
    /// Smallest and largest offset from UTC, in seconds, seen where a post gives both local and absolute time.
    pub offsets: Option<(i32, i32)>,
}

impl Listing {
    /// The id of what `item` says of `channel`.
    pub fn id_of(item: ItemId, channel: ChannelId) -> ListingId {
        ListingId::make(|id| {
            id.id(item).id(channel);
        })
    }
}

/// A platform's user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Made of platform and native id.
    pub id: AccountId,
    /// "discord", "telegram", "imageboard".
    pub platform: String,
    /// The platform's own id; where the platform has none, the name.
    pub native_id: String,
    /// Every name it was seen under, sorted.
    pub names: Vec<String>,
    /// How many posts it wrote.
    pub posts: u64,
}

/// Who wrote a post, as the record has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// The account.
    pub account: AccountId,
    /// The platform's own id; where the platform has none, the name.
    pub native_id: String,
    /// The name shown.
    pub name: String,
}

impl Author {
    /// The author that `platform` calls `native_id`, shown as `name`.
    pub fn new(platform: &str, native_id: &str, name: &str) -> Self {
        let account = AccountId::make(|id| {
            id.text(platform).text(native_id);
        });
        Self { account, native_id: native_id.to_owned(), name: name.to_owned() }
    }
}

/// A post, or what stands in for one (a notice that someone joined).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Post {
    /// Made of channel and native id.
    pub id: PostId,
    /// Where it stands.
    pub channel: ChannelId,
    /// The platform's own id.
    pub native_id: String,
    /// Who wrote it, if told.
    pub author: Option<Author>,
    /// When it was posted, by each clock that tells.
    pub posted: Vec<When>,
    /// When it was last edited.
    pub edited: Vec<When>,
    /// Its words, markup resolved to plain text.
    pub text: String,
    /// The platform's word for a notice that nobody wrote; None for a post.
    pub service: Option<String>,
    /// The files it carries, as declared.
    pub attached: Vec<Declared>,
    /// What it answers.
    pub reply_to: Option<Reply>,
    /// Where it was forwarded from.
    pub forwarded: Option<Forward>,
    /// Whether the platform marks it as deleted.
    pub deleted: bool,
    /// The places it was read from: item and bytes, one for each export that has it.
    pub records: Vec<(ItemId, Span)>,
}

impl Post {
    /// The id of the post that its channel calls `native_id`.
    pub fn id_of(channel: ChannelId, native_id: &str) -> PostId {
        PostId::make(|id| {
            id.id(channel).text(native_id);
        })
    }

    /// When it was posted, by the narrowest of its clocks.
    pub fn when(&self) -> Option<Interval> {
        When::narrowest(&self.posted).map(|when| when.interval)
    }
}

/// One post as one export has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Made of post, item and place.
    pub id: RecordId,
    /// The post as this export has it; `records` holds this one place.
    pub post: Post,
    /// Local time without a zone: to be narrowed by what the rest of the export tells.
    pub floating: bool,
}

/// What a post answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// The answered post's native id.
    pub native_id: String,
    /// Its channel's native id, where it is another one.
    pub channel: Option<String>,
}

/// Where a post was forwarded from, as far as the platform tells.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Forward {
    /// Shown name of the origin.
    pub from: Option<String>,
    /// Native id of the channel or account it came from.
    pub from_id: Option<String>,
    /// Native id of the post it came from.
    pub native_id: Option<String>,
    /// When the original was posted.
    pub posted: Option<When>,
}

/// A file that a post says it carries.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declared {
    /// Name as the poster gave it.
    pub name: String,
    /// Path or URL as the export has it; empty where it has none.
    pub reference: String,
    /// Other names the file may lie under beside the export.
    pub also: Vec<String>,
    /// MD5 of the original file, lowercase hexadecimal.
    pub md5: Option<String>,
    /// Size in bytes, as declared.
    pub size: Option<u64>,
    /// Set where the export itself says why there is no file.
    pub withheld: Option<AttachmentState>,
}

/// Where an attached file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttachmentState {
    /// Held, at the place the export names.
    Held,
    /// Held, found elsewhere by its name or its MD5.
    FoundElsewhere,
    /// The export names a place where nothing is held.
    Missing,
    /// The export gives only an address on the network.
    Remote,
    /// The export says it left it out.
    NotIncluded,
    /// The platform says it was deleted.
    Deleted,
}

/// A file that a post carries or carried, and where it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Made of post and position.
    pub id: AttachmentId,
    /// The post.
    pub post: PostId,
    /// Counted from 0.
    pub position: u32,
    /// As declared.
    pub declared: Declared,
    /// Where it is.
    pub state: AttachmentState,
    /// The items that hold it, sorted; empty where none is held.
    pub items: Vec<ItemId>,
    /// Their bytes, where held.
    pub blob: Option<Digest>,
}

impl Attachment {
    /// The id of the file at `position` of `post`.
    pub fn id_of(post: PostId, position: u32) -> AttachmentId {
        AttachmentId::make(|id| {
            id.id(post).number(u64::from(position));
        })
    }
}
