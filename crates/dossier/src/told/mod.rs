//! The shapes of dossier.json. Ids are printed ids (`pic:…`), instants RFC 3339 in UTC, pixels those of the page as
//! decoded with EXIF orientation applied, origin top left. Lists are sorted by id unless their field says otherwise.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

mod chat;
mod parties;
mod quotes;
mod sheets;
mod speech;
mod spread;
mod stuff;
mod words;

pub use chat::{Account, Attached, Author, Cell, Channel, Export, Forward, Post, Reply, Unseen};
pub use parties::{AffectedParty, Harm, Passage};
pub use quotes::{Quote, Quoted, QuotedBy, Side, Wording};
pub use sheets::{
    Alteration, Apart, Appearance, Cells, Clue, Contrast, Derivation, Document, Exposure, Family, First,
    Marking, Match, Measure, Tell, Version,
};
pub use speech::{Cited, Entity, Event, Joined, Likelihood, Mention, Otherwise, Spot, Statement, Subject};
pub use spread::{Discrepancy, Evidence, FirstOf, Gap, Hop, Reach, Reason, Relation, Seek, Seen, ZoneChoice};
pub use stuff::{Act, Item, OnSheet, Picture, Problem, Time, Window};
pub use words::{
    AlterationKind, Basis, Because, Capture, Clock, Differs, EntityKind, Form, Ground, Heads, Held, Kind,
    Lack, Level, Named, Open, Order, Saying, Speech, Stance, State, Tie, Trace, Why, Zone,
};

/// The version of the format. Raised when a key changes its meaning or goes away; new keys do not raise it.
pub const SCHEMA: &str = "truecopy.dossier/1";

/// The account of a leak: which pictures show the same sheet, where each first appeared, how it spread.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Dossier {
    /// The version of this format.
    pub schema: String,
    /// The case it tells of.
    pub case: CaseName,
    /// What was counted; always read together.
    pub counts: Counts,
    /// Files as they arrived, and files inside them.
    pub items: Vec<Item>,
    /// Sheets seen on pages.
    pub pictures: Vec<Picture>,
    /// All pictures of one sheet, for each sheet.
    pub families: Vec<Family>,
    /// Pictures of one sheet that go back to one photograph, scan or drawing; for sheets with several pictures.
    pub exposures: Vec<Exposure>,
    /// Sheets that may belong together, with the reasons: proposals. A sheet in none may still belong to one.
    pub documents: Vec<Document>,
    /// Pairs of pictures that were held against each other and found to show one sheet, with the numbers.
    pub matches: Vec<Match>,
    /// Pairs of pictures that lie on each other and were found to show two sheets that look alike, with the numbers.
    #[serde(default)]
    pub contrasts: Vec<Contrast>,
    /// Places where two pictures of one sheet say different things.
    pub alterations: Vec<Alteration>,
    /// What analysts did, in the order in which they did it.
    pub acts: Vec<Act>,
    /// Pictures of one sheet that say the same.
    pub versions: Vec<Version>,
    /// Pictures that may have been made from others.
    pub derivations: Vec<Derivation>,
    /// Who is reported to have said what to whom, by sheet and in the order of its text.
    pub statements: Vec<Statement>,
    /// What sheets say happened, or is to happen, by sheet and in the order of its text.
    #[serde(default)]
    pub events: Vec<Event>,
    /// What each sheet is about, in its own words, by sheet and in the order of its text.
    #[serde(default)]
    pub subjects: Vec<Subject>,
    /// What bears a name, over all sheets.
    pub entities: Vec<Entity>,
    /// Names in the texts of sheets, by sheet and in the order of its text.
    pub mentions: Vec<Mention>,
    /// Whom the sheets touch: persons, bodies and countries, with the passages that mention them.
    #[serde(default)]
    pub parties: Vec<AffectedParty>,
    /// Posts that say in their own text what a sheet says.
    pub quotes: Vec<Quote>,
    /// Where posts stand.
    pub channels: Vec<Channel>,
    /// Who posted, as the platforms name them.
    pub accounts: Vec<Account>,
    /// Posts, merged over all exports.
    pub posts: Vec<Post>,
    /// Files that posts name and nobody handed in: referenced but unseen.
    pub unseen: Vec<Unseen>,
    /// Which channel has which sheet: one row for each pair that has one, sorted by channel, then family.
    pub matrix: Vec<Cell>,
    /// What each two channels that share a sheet have in common, those that share most first.
    pub relations: Vec<Relation>,
    /// How sheets may have gone from channel to channel: hypotheses, each with what speaks for it.
    pub hops: Vec<Hop>,
    /// What must have existed, or is named, and nobody holds; sorted by what it is, the sure ones first.
    pub gaps: Vec<Gap>,
    /// First appearances of versions, exposures and documents.
    pub firsts: Vec<FirstOf>,
    /// First appearances of sheets that depend on the choice of a zone.
    pub zone_choices: Vec<ZoneChoice>,
    /// How long and how widely each sheet that was posted could be seen.
    pub reach: Vec<Reach>,
    /// Posts that two exports of their channel tell differently.
    pub discrepancies: Vec<Discrepancy>,
    /// What could not be received or read, sorted by number, then by what it is about.
    pub problems: Vec<Problem>,
    /// How the parts of the program work, and what they do not do, in the order the material passes them.
    pub method: Vec<Method>,
}

/// The case a dossier tells of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CaseName {
    /// Its name.
    pub name: String,
    /// What it is for, in the analyst's words.
    pub purpose: String,
}

/// What was counted. Public counts of a leak disagree because files, images and sheets are mixed: they stand together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Counts {
    /// Files as they arrived, those inside archives included; the same bytes at two places are two.
    pub files: u64,
    /// Different contents among them, by SHA-256.
    pub contents: u64,
    /// Different image files that could be decoded.
    pub images: u64,
    /// Different PDF files of which at least one page could be rendered.
    pub documents: u64,
    /// Sheets seen on images and on pages of documents; a sheet on two images is two pictures.
    pub pictures: u64,
    /// Different sheets: families of pictures.
    pub sheets: u64,
    /// Channels, chats and threads.
    pub channels: u64,
    /// Posts, each counted once over all exports; notices that nobody wrote are included.
    pub posts: u64,
    /// Accounts that posted.
    pub accounts: u64,
    /// Files that posts name and that are not held.
    pub unseen: u64,
    /// Problems: something was not received or not read, in whole or in part.
    pub problems: u64,
    /// Notes: worth knowing, nothing was lost.
    pub notes: u64,
}

/// What one part of the program does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Method {
    /// The part.
    pub engine: String,
    /// What it does.
    pub does: String,
    /// What it does not do, and where it errs.
    pub limits: Vec<String>,
}
