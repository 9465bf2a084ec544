//! The words of Truecopy: ids, time, places and every noun, as plain data.
//!
//! Comes in: nothing. Goes out: types that every other crate speaks in.
//! Invariant: no algorithm, no I/O, no clock; an id is a pure function of what it names.
//! Deliberately absent: rasters (they live in the engines), SQL, and anything printed for people beyond an id.
//! The serde form of these types is private wire between crates and the case on disk; public formats have
//! structs of their own.

mod act;
mod channel;
mod discrepancy;
mod document;
mod encoding;
mod event;
mod exposure;
mod family;
mod gap;
mod hop;
mod id;
mod item;
mod measure;
mod noun;
mod page;
mod place;
mod placing;
mod problem;
mod quote;
mod reading;
mod statement;
mod time;
mod version;

pub use act::{Act, Deed, Held, standing};
pub use channel::{
    Account, Attachment, AttachmentState, Author, Channel, Declared, Export, Forward, Listing, Post, Record,
    Reply,
};
pub use discrepancy::{Differs, Discrepancy};
pub use document::Document;
pub use encoding::{Earlier, Encoding};
pub use event::{Event, Heads, Subject};
pub use exposure::{Exposure, Tell, Trace};
pub use family::{Appearance, Basis, Cells, Contrast, Family, First, Ground, Match, Print, Proposal};
pub use gap::{Gap, Lack, Reason, Seek, Why};
pub use hop::{Evidence, Hop, Tie};
pub use id::{
    AccountId, ActId, AlterationId, AppearanceId, AttachmentId, ChannelId, DerivationId, Digest,
    DiscrepancyId, DocumentId, EntityId, EventId, ExposureId, FamilyId, GapId, Hasher, HopId, Id, IdError,
    ImpactId, ItemId, ListingId, MatchId, MentionId, PageId, PictureId, PostId, ProblemId, QuoteId, RecordId,
    RunId, StatementId, SubjectId, VersionId,
};
pub use item::{Blob, Item, Kind};
pub use measure::Measure;
pub use noun::{NOUNS, Noun, NounKind};
pub use page::{Capture, Page, Picture, TextLayer, TextWord};
pub use place::{Citation, Point, Quad, Span};
pub use placing::Placing;
pub use problem::{Code, Level, Problem, Trouble, Yield};
pub use quote::{Quote, Wording};
pub use reading::{
    Dated, Dissent, FamilyReading, Holder, Imprint, Marking, Printed, Reading, Rules, Secrecy, SharedWord,
    Stands, Variant, Word,
};
pub use statement::{
    Cited, Entity, EntityKind, Form, Joined, Likelihood, Mention, Named, Otherwise, Party, Saying, Speech,
    Spot, Stance, Statement,
};
pub use time::{Clock, Interval, Order, When, Zone};
pub use version::{Alteration, Because, Change, Clue, Derivation, Step, Touches, Version};
