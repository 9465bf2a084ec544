//! Whom the sheets touch.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Cited, EntityKind, Window};

/// A person, body or country that the sheets mention, and all that touches it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AffectedParty {
    /// Its id among the entities.
    pub id: String,
    /// What it is.
    pub kind: EntityKind,
    /// The fullest spelling of its name.
    pub name: String,
    /// The passages that mention it or in which it speaks, by sheet and in the order of the text.
    pub passages: Vec<Passage>,
    /// Statements it is reported to have made.
    pub said: Vec<String>,
    /// Statements it is reported to have been told.
    pub told: Vec<String>,
    /// Statements of others in which it is named.
    pub about: Vec<String>,
    /// When the first of its sheets was first seen in a post.
    pub first: Option<Window>,
    /// Its sheets that were seen where anyone can see them.
    pub public_sheets: u64,
}

/// A sentence that touches a party.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Passage {
    /// The sheet.
    pub family: String,
    /// Where it stands, in the sheet's text and on its pictures.
    pub cited: Cited,
    /// The marking of its paragraph; of its sheet where the paragraph bears none.
    pub marking: Option<String>,
    /// Whether that is the paragraph's own marking.
    pub portion: bool,
    /// Names in it, the party's own and others'.
    pub mentions: Vec<String>,
    /// Which harm it may do to the party.
    pub harms: Vec<Harm>,
}

/// A harm that a passage may do to a party: a proposal by a listed rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Harm {
    /// Made of the party, the kind of harm and the letters of the passage.
    pub id: String,
    /// The kind of harm.
    pub kind: String,
    /// The rule that proposes it.
    pub rule: String,
    /// What of the passage it rests on.
    pub because: String,
    /// Whether an analyst confirmed (true) or rejected (false) it; null: a proposal.
    pub judged: Option<bool>,
}
