use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{
    Account, AccountId, Act, ActId, Alteration, AlterationId, Appearance, AppearanceId, Attachment,
    AttachmentId, Blob, Channel, ChannelId, Contrast, Derivation, DerivationId, Discrepancy, DiscrepancyId,
    Document, DocumentId, Encoding, Entity, EntityId, Event, EventId, Exposure, ExposureId, Family, FamilyId,
    FamilyReading, First, Gap, GapId, Hop, HopId, Id, Item, ItemId, Listing, ListingId, Match, MatchId,
    Mention, MentionId, Page, PageId, Picture, PictureId, Placing, Post, PostId, Print, Problem, ProblemId,
    Proposal, Quote, QuoteId, Reading, Record, RecordId, Statement, StatementId, Subject, SubjectId, Version,
    VersionId,
};

/// A thing that the case keeps in a table of its kind, found by its 32 bytes.
pub trait Noun: Serialize + DeserializeOwned {
    /// The name of its table.
    const KIND: &'static str;

    /// What it is found by.
    fn key(&self) -> [u8; 32];

    /// What it belongs to, for listing by owner.
    fn owner(&self) -> Option<[u8; 32]> {
        None
    }

    /// The words by which it can be searched for.
    fn words(&self) -> Option<&str> {
        None
    }
}

/// A kind of noun as the command line names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NounKind {
    /// The table.
    pub kind: &'static str,
    /// The word in `list`.
    pub plural: &'static str,
    /// The word before the colon in its ids.
    pub prefix: &'static str,
    /// What it is, in one line.
    pub says: &'static str,
}

/// Every noun that can be listed and shown by its id.
pub const NOUNS: &[NounKind] = &[
    NounKind {
        kind: Item::KIND,
        plural: "items",
        prefix: ItemId::PREFIX,
        says: "files as they arrived, and files inside them",
    },
    NounKind {
        kind: Page::KIND,
        plural: "pages",
        prefix: PageId::PREFIX,
        says: "surfaces of items: an image, a page of a PDF",
    },
    NounKind {
        kind: Picture::KIND,
        plural: "pictures",
        prefix: PictureId::PREFIX,
        says: "sheets seen on pages",
    },
    NounKind {
        kind: Family::KIND,
        plural: "families",
        prefix: FamilyId::PREFIX,
        says: "all pictures of one sheet",
    },
    NounKind {
        kind: Exposure::KIND,
        plural: "exposures",
        prefix: ExposureId::PREFIX,
        says: "pictures of one sheet that go back to one photograph or scan",
    },
    NounKind {
        kind: Match::KIND,
        plural: "matches",
        prefix: MatchId::PREFIX,
        says: "two pictures of one sheet, and why",
    },
    NounKind {
        kind: Version::KIND,
        plural: "versions",
        prefix: VersionId::PREFIX,
        says: "pictures of one sheet that say the same",
    },
    NounKind {
        kind: Alteration::KIND,
        plural: "alterations",
        prefix: AlterationId::PREFIX,
        says: "places at which pictures of one sheet differ",
    },
    NounKind {
        kind: Derivation::KIND,
        plural: "derivations",
        prefix: DerivationId::PREFIX,
        says: "one picture made from another",
    },
    NounKind {
        kind: Document::KIND,
        plural: "documents",
        prefix: DocumentId::PREFIX,
        says: "sheets that may belong together, and why",
    },
    NounKind {
        kind: Statement::KIND,
        plural: "statements",
        prefix: StatementId::PREFIX,
        says: "who is reported to have said what to whom",
    },
    NounKind {
        kind: Subject::KIND,
        plural: "subjects",
        prefix: SubjectId::PREFIX,
        says: "what sheets are about, in their own words",
    },
    NounKind {
        kind: Event::KIND,
        plural: "events",
        prefix: EventId::PREFIX,
        says: "what sheets say happened, and when",
    },
    NounKind {
        kind: Entity::KIND,
        plural: "entities",
        prefix: EntityId::PREFIX,
        says: "persons, bodies, places and what else bears a name",
    },
    NounKind {
        kind: Mention::KIND,
        plural: "mentions",
        prefix: MentionId::PREFIX,
        says: "names in the texts of sheets",
    },
    NounKind {
        kind: Channel::KIND,
        plural: "channels",
        prefix: ChannelId::PREFIX,
        says: "channels, chats and threads",
    },
    NounKind {
        kind: Post::KIND,
        plural: "posts",
        prefix: PostId::PREFIX,
        says: "posts, merged over all exports",
    },
    NounKind {
        kind: Account::KIND,
        plural: "accounts",
        prefix: AccountId::PREFIX,
        says: "who posted, as the platform names them",
    },
    NounKind {
        kind: Attachment::KIND,
        plural: "attachments",
        prefix: AttachmentId::PREFIX,
        says: "files that posts carry, held or not",
    },
    NounKind {
        kind: Quote::KIND,
        plural: "quotes",
        prefix: QuoteId::PREFIX,
        says: "words of a post that stand on a sheet",
    },
    NounKind {
        kind: Appearance::KIND,
        plural: "appearances",
        prefix: AppearanceId::PREFIX,
        says: "a picture in a post",
    },
    NounKind {
        kind: Gap::KIND,
        plural: "gaps",
        prefix: GapId::PREFIX,
        says: "what must have existed and nobody holds, and why",
    },
    NounKind {
        kind: Hop::KIND,
        plural: "hops",
        prefix: HopId::PREFIX,
        says: "how sheets may have gone from channel to channel",
    },
    NounKind {
        kind: Discrepancy::KIND,
        plural: "discrepancies",
        prefix: DiscrepancyId::PREFIX,
        says: "what two exports tell differently of a post",
    },
    NounKind {
        kind: Listing::KIND,
        plural: "listings",
        prefix: ListingId::PREFIX,
        says: "what one export says of one channel",
    },
    NounKind {
        kind: Record::KIND,
        plural: "records",
        prefix: RecordId::PREFIX,
        says: "one post as one export has it",
    },
    NounKind { kind: Act::KIND, plural: "acts", prefix: ActId::PREFIX, says: "what analysts did, and why" },
    NounKind {
        kind: Problem::KIND,
        plural: "problems",
        prefix: ProblemId::PREFIX,
        says: "what could not be read, and why",
    },
];

macro_rules! nouns {
    ($($kind:literal $name:ty, $key:expr, $owner:expr $(, $words:expr)?;)+) => {$(
        impl Noun for $name {
            const KIND: &'static str = $kind;
            fn key(&self) -> [u8; 32] {
                let key: fn(&$name) -> [u8; 32] = $key;
                key(self)
            }
            fn owner(&self) -> Option<[u8; 32]> {
                let owner: fn(&$name) -> Option<[u8; 32]> = $owner;
                owner(self)
            }
            $(fn words(&self) -> Option<&str> {
                let words: fn(&$name) -> &str = $words;
                Some(words(self))
            })?
        }
    )+};
}

nouns! {
    "act" Act, |x| x.id.into(), |_| None;
    "reading" Reading, |x| x.picture.into(), |_| None, |x| &x.text;
    "family_reading" FamilyReading, |x| x.family.into(), |_| None;
    "item" Item, |x| x.id.into(), |x| Some(x.blob.into());
    "blob" Blob, |x| x.digest.into(), |_| None;
    "listing" Listing, |x| x.id.into(), |x| Some(x.channel.into());
    "record" Record, |x| x.id.into(), |x| Some(x.post.channel.into());
    "channel" Channel, |x| x.id.into(), |_| None;
    "account" Account, |x| x.id.into(), |_| None;
    "post" Post, |x| x.id.into(), |x| Some(x.channel.into()), |x| &x.text;
    "attachment" Attachment, |x| x.id.into(), |x| Some(x.post.into());
    "page" Page, |x| x.id.into(), |x| Some(x.blob.into());
    "picture" Picture, |x| x.id.into(), |x| Some(x.page.into());
    "print" Print, |x| x.picture.into(), |_| None;
    "proposal" Proposal, |x| x.id.into(), |_| None;
    "contrast" Contrast, |x| x.id.into(), |_| None;
    "placing" Placing, |x| x.picture.into(), |x| Some(x.family.into());
    "encoding" Encoding, |x| x.page.into(), |_| None;
    "match" Match, |x| x.id.into(), |_| None;
    "family" Family, |x| x.id.into(), |_| None;
    "exposure" Exposure, |x| x.id.into(), |x| Some(x.family.into());
    "mention" Mention, |x| x.id.into(), |x| Some(x.family.into());
    "entity" Entity, |x| x.id.into(), |_| None;
    "subject" Subject, |x| x.id.into(), |x| Some(x.family.into());
    "event" Event, |x| x.id.into(), |x| Some(x.family.into());
    "statement" Statement, |x| x.id.into(), |x| Some(x.family.into());
    "version" Version, |x| x.id.into(), |x| Some(x.family.into());
    "alteration" Alteration, |x| x.id.into(), |x| Some(x.family.into());
    "derivation" Derivation, |x| x.id.into(), |x| Some(x.family.into());
    "document" Document, |x| x.id.into(), |_| None;
    "quote" Quote, |x| x.id.into(), |x| Some(x.post.into());
    "appearance" Appearance, |x| x.id.into(), |x| Some(x.family.into());
    "gap" Gap, |x| x.id.into(), |_| None;
    "hop" Hop, |x| x.id.into(), |_| None;
    "discrepancy" Discrepancy, |x| x.id.into(), |x| Some(x.channel.into());
    "first" First, |x| x.family.into(), |_| None;
    "problem" Problem, |x| x.id.into(), |_| None;
}
