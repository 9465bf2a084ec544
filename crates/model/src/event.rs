//! What a sheet is about, and what it says happened.

use serde::{Deserialize, Serialize};

use crate::{Cited, EventId, FamilyId, Id, MentionId, Span, SubjectId, When};

/// What tells that a sheet is about something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Heads {
    /// A line that says so: "SUBJECT: …".
    SubjectLine,
    /// A heading at the head of the sheet.
    Heading,
    /// No line does; it is a name that the sheet has three times or more.
    NamedMost,
}

/// What a sheet is about, in its own words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Subject {
    /// Made of family and place.
    pub id: SubjectId,
    /// The sheet.
    pub family: FamilyId,
    /// The words, without the label before them.
    pub text: String,
    /// What tells it.
    pub heads: Heads,
    /// Where.
    pub cited: Cited,
}

impl Subject {
    /// The id of a subject.
    pub fn id_of(family: FamilyId, span: Span) -> SubjectId {
        SubjectId::make(|id| {
            id.id(family).number(span.start).number(span.length);
        })
    }
}

/// Something that a sheet says happened, or is to happen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Made of family and place of the word.
    pub id: EventId,
    /// The sheet.
    pub family: FamilyId,
    /// The kind, as the table of words has it: "meeting", "attack", "journey", …
    pub kind: String,
    /// The word that tells of it, as it stands there.
    pub word: String,
    /// Its characters.
    pub word_span: Span,
    /// When, held against the page's own date; none where the sentence has no date, or it cannot be told what it means.
    pub when: Option<When>,
    /// The date in the sentence as it stands there, whether or not it can be told what it means.
    pub dated: Option<String>,
    /// Persons, bodies, countries, units and ships named in its sentence, in the order of the text.
    pub who: Vec<MentionId>,
    /// Places named in its sentence, in the order of the text.
    pub places: Vec<MentionId>,
    /// The sentence, verbatim.
    pub quote: String,
    /// Where the sentence stands.
    pub cited: Cited,
}

impl Event {
    /// The id of an event.
    pub fn id_of(family: FamilyId, word: Span) -> EventId {
        EventId::make(|id| {
            id.id(family).number(word.start).number(word.length);
        })
    }
}
