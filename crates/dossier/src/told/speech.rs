//! What sheets say of whom: names, what bears them, statements.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{EntityKind, Form, Heads, Measure, Named, Saying, Speech, Stance, Time};

/// Where words stand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Cited {
    /// The first character in the sheet's text (`families[].text`), counted from 0 in Unicode scalar values.
    pub start: u64,
    /// How many characters.
    pub length: u64,
    /// The chance that the most doubtful of the words was misread, 0 to 1.
    pub doubt: f64,
    /// Pictures that read the words so: at the word on which fewest of those that show it agree.
    #[serde(default)]
    pub agree: u32,
    /// Pictures that show that word. Which read otherwise, and what, is told where a statement stands.
    #[serde(default)]
    pub shown: u32,
    /// Where they stand on the pictures that show them best, line by line.
    pub places: Vec<Spot>,
}

/// A place on a picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Spot {
    /// The picture.
    pub picture: String,
    /// The place, corners `[x, y]` in page pixels, clockwise from its own top left.
    pub quad: [[f64; 2]; 4],
    /// The printed citation of that region of the page; null if the page is not known.
    pub cite: Option<String>,
}

/// A name in the text of a sheet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Mention {
    /// Made of sheet, kind and place.
    pub id: String,
    /// The sheet.
    pub family: String,
    /// What bears it; null: not gathered yet.
    pub entity: Option<String>,
    /// What kind of thing bears it.
    pub kind: EntityKind,
    /// How it is named.
    pub form: Form,
    /// The name without title.
    pub name: String,
    /// Title or role beside it.
    pub role: Option<String>,
    /// What it was told by, the weightiest first.
    pub grounds: Vec<String>,
    /// Where.
    pub cited: Cited,
}

/// Why two spellings are held to name one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Joined {
    /// A spelling.
    pub one: String,
    /// Another.
    pub other: String,
    /// Why.
    pub because: String,
    /// What was measured, if anything was.
    pub measure: Option<Measure>,
}

/// What bears a name, over all sheets: a proposal with its reasons.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Entity {
    /// Made of kind and name.
    pub id: String,
    /// What it is.
    pub kind: EntityKind,
    /// The fullest spelling.
    pub name: String,
    /// All spellings.
    pub spellings: Vec<String>,
    /// Titles and roles beside the name.
    pub roles: Vec<String>,
    /// Its mentions.
    pub mentions: Vec<String>,
    /// The sheets that mention it.
    pub families: Vec<String>,
    /// Why spellings that differ are held to be one.
    pub joined: Vec<Joined>,
}

/// Words of likelihood or confidence (Intelligence Community Directive 203).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Likelihood {
    /// The words.
    pub words: String,
    /// In percent, at least, as the directive has it.
    pub at_least: Option<u8>,
    /// In percent, at most.
    pub at_most: Option<u8>,
    /// A level of confidence: `low`, `moderate`, `high`.
    pub confidence: Option<String>,
}

/// Pictures that read words of a statement in another way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Otherwise {
    /// What the sheet's text has.
    pub here: String,
    /// What these pictures have; empty: nothing stands there.
    pub there: String,
    /// The pictures.
    pub pictures: Vec<String>,
}

/// Somebody's words as a sheet reports them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Statement {
    /// Made of sheet, place, speaker and addressee.
    pub id: String,
    /// The sheet.
    pub family: String,
    /// Who is said to have spoken, by name and without title; null: not named, or not clearly.
    pub speaker: Option<String>,
    /// The speaker's title or role, or the words that describe the speaker.
    pub speaker_role: Option<String>,
    /// How the speaker is named; null: not at all.
    pub speaker_named: Option<Named>,
    /// The speaker among the entities.
    pub speaker_entity: Option<String>,
    /// To whom, likewise.
    pub addressee: Option<String>,
    /// The addressee's title or role, or the words that describe the addressee.
    pub addressee_role: Option<String>,
    /// How the addressee is named; null: not at all.
    pub addressee_named: Option<Named>,
    /// The addressee among the entities.
    pub addressee_entity: Option<String>,
    /// About what: the subject of what is said.
    pub about: Option<String>,
    /// Entities named in what is said, in the order of the text.
    pub names: Vec<String>,
    /// The verb as it stands there.
    pub verb: String,
    /// What kind of saying it is.
    pub saying: Saying,
    /// Reported, quoted or judged.
    pub speech: Speech,
    /// How the speaker stands to what is said.
    pub stance: Stance,
    /// What is said, in the sheet's words.
    pub says: String,
    /// Through which source the sheet has it.
    pub source: Option<String>,
    /// Words of likelihood and confidence in the sentence.
    pub likelihood: Vec<Likelihood>,
    /// When it was said, as far as the sheet tells.
    pub when: Option<Time>,
    /// The sentence as the sheet has it.
    pub quote: String,
    /// Where the sentence stands.
    pub cited: Cited,
    /// Where pictures of the sheet differ in it.
    pub otherwise: Vec<Otherwise>,
}

/// Something that a sheet says happened, or is to happen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Event {
    /// Made of sheet and place.
    pub id: String,
    /// The sheet.
    pub family: String,
    /// The kind: `meeting`, `attack`, `journey`, …
    pub kind: String,
    /// The word that tells of it, as it stands there.
    pub word: String,
    /// When, held against the sheet's own date; null: the sentence has no date, or what it means cannot be told.
    pub when: Option<Time>,
    /// The date in the sentence as it stands there.
    pub dated: Option<String>,
    /// Persons, bodies, countries, units and ships named in the sentence, among the entities.
    pub who: Vec<String>,
    /// Places named in it, likewise.
    pub places: Vec<String>,
    /// The sentence as the sheet has it.
    pub quote: String,
    /// Where the sentence stands.
    pub cited: Cited,
}

/// What a sheet is about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Subject {
    /// Made of sheet and place.
    pub id: String,
    /// The sheet.
    pub family: String,
    /// The words.
    pub text: String,
    /// What tells it.
    pub heads: Heads,
    /// Where.
    pub cited: Cited,
}
