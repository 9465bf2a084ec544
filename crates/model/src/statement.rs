//! What sheets say of whom: names in their texts, what bears the names, and who is reported to have said what to whom.
//!
//! Spans count characters (Unicode scalar values) of the family's reading; words are counted in it likewise.

use serde::{Deserialize, Serialize};

use crate::{EntityId, FamilyId, Id, Measure, MentionId, PictureId, Quad, Span, StatementId, When};

/// What bears a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntityKind {
    /// A human being.
    Person,
    /// An organisation, authority, party, company.
    Body,
    /// A place that is no country.
    Place,
    /// A country.
    Country,
    /// A military unit.
    Unit,
    /// A cryptonym.
    CodeName,
    /// An operation, project or plan with a name.
    Operation,
    /// A ship.
    Ship,
    /// A weapon or weapon system.
    Weapon,
    /// A sum of money.
    Money,
    /// A place by numbers.
    Coordinate,
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
    /// The number of a passport, account, file, case.
    Identifier,
}

impl EntityKind {
    /// The kind that tables name by this word, a space or a low line between its parts; none if it is no such word.
    pub fn of(word: &str) -> Option<Self> {
        Some(match word.replace('_', " ").as_str() {
            "person" => Self::Person,
            "body" => Self::Body,
            "place" => Self::Place,
            "country" => Self::Country,
            "unit" => Self::Unit,
            "code name" => Self::CodeName,
            "operation" => Self::Operation,
            "ship" => Self::Ship,
            "weapon" => Self::Weapon,
            "money" => Self::Money,
            "coordinate" => Self::Coordinate,
            "phone" => Self::Phone,
            "email" => Self::Email,
            "identifier" => Self::Identifier,
            _ => return None,
        })
    }
}

/// How a mention names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// By a name.
    Name,
    /// By an adjective or the name of a people: "Turkish".
    Adjective,
}

/// Where words stand on the picture that shows them best.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spot {
    /// The picture.
    pub picture: PictureId,
    /// The place on its page, in page pixels: one line, or a part of one.
    pub quad: Quad,
}

/// Words of a sheet, and where they stand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cited {
    /// The characters of the family's reading.
    pub span: Span,
    /// The first of its words.
    pub word: u32,
    /// How many words.
    pub count: u32,
    /// Where they stand, line by line.
    pub spots: Vec<Spot>,
    /// The greatest doubt of these words, 0 to 1.
    pub doubt: f64,
    /// Pictures that read it so: at the word on which fewest of those that show it agree.
    #[serde(default)]
    pub agree: u32,
    /// Pictures that show that word.
    #[serde(default)]
    pub shown: u32,
}

/// A name in the text of a sheet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mention {
    /// Made of family, kind and span.
    pub id: MentionId,
    /// The sheet.
    pub family: FamilyId,
    /// What bears the name.
    pub kind: EntityKind,
    /// How it is named.
    pub form: Form,
    /// The name, without title, possessive and line breaks.
    pub name: String,
    /// Title or role that stands beside the name.
    pub role: Option<String>,
    /// Where.
    pub cited: Cited,
    /// What it was told by, in order of weight: `gazetteer`, `title`, `given name`, …
    pub grounds: Vec<String>,
}

impl Mention {
    /// The id of a mention.
    pub fn id_of(family: FamilyId, kind: EntityKind, span: Span) -> MentionId {
        MentionId::make(|id| {
            id.id(family).text(&format!("{kind:?}")).number(span.start).number(span.length);
        })
    }
}

/// Why two spellings are held to name one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Joined {
    /// A spelling.
    pub one: String,
    /// Another.
    pub other: String,
    /// In a few words: `same letters`, `transliteration`, `misread letters`, `surname alone`, `initials`, `gazetteer`.
    pub because: String,
    /// What was measured, if anything was.
    pub measure: Option<Measure>,
}

/// What bears a name, over all sheets: a proposal with its reasons.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entity {
    /// Made of kind and name.
    pub id: EntityId,
    /// What it is.
    pub kind: EntityKind,
    /// The fullest spelling that is most often read.
    pub name: String,
    /// All spellings, sorted.
    pub spellings: Vec<String>,
    /// Titles and roles beside the name, sorted.
    pub roles: Vec<String>,
    /// Its mentions, sorted.
    pub mentions: Vec<MentionId>,
    /// The sheets that mention it, sorted.
    pub families: Vec<FamilyId>,
    /// Why spellings that are not equal are held to be one.
    pub joined: Vec<Joined>,
}

impl Entity {
    /// The id of an entity.
    pub fn id_of(kind: EntityKind, name: &str) -> EntityId {
        EntityId::make(|id| {
            id.text(&format!("{kind:?}")).text(name);
        })
    }
}

/// How somebody of a statement is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Named {
    /// By name.
    Name,
    /// By a pronoun, of which the text leaves one reading.
    Pronoun,
    /// Not by name: "a senior official".
    Described,
}

/// Somebody who speaks or is spoken to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// The name without title; none if only described.
    pub name: Option<String>,
    /// Title, role or description as it stands there.
    pub role: Option<String>,
    /// How.
    pub named: Named,
    /// The mention that names it: here, or where the pronoun points.
    pub mention: Option<MentionId>,
}

/// What kind of saying a verb is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Saying {
    /// Said, told, reported.
    Told,
    /// Asked.
    Asked,
    /// Replied.
    Answered,
    /// Warned.
    Warned,
    /// Denied, refused, rejected.
    Denied,
    /// Confirmed, admitted, agreed.
    Confirmed,
    /// Promised, assured, offered.
    Promised,
    /// Urged, ordered, proposed.
    Urged,
    /// Complained, protested, accused, criticised.
    Complained,
    /// Assessed, judged, believed.
    Assessed,
    /// Claimed, alleged: the writer keeps a distance.
    Claimed,
}

impl Saying {
    /// The kind of saying that tables name by this word; none if it is no such word.
    pub fn of(word: &str) -> Option<Self> {
        Some(match word {
            "told" => Self::Told,
            "asked" => Self::Asked,
            "answered" => Self::Answered,
            "warned" => Self::Warned,
            "denied" => Self::Denied,
            "confirmed" => Self::Confirmed,
            "promised" => Self::Promised,
            "urged" => Self::Urged,
            "complained" => Self::Complained,
            "assessed" => Self::Assessed,
            "claimed" => Self::Claimed,
            _ => return None,
        })
    }
}

/// Whether words are reported, quoted or a judgement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Speech {
    /// In the writer's words.
    Reported,
    /// In quotation marks, in whole or in part.
    Quoted,
    /// What somebody holds to be so.
    Judged,
}

/// How the speaker stands to what is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stance {
    /// Holds it to be so.
    Affirms,
    /// Holds it not to be so, or will not have it.
    Denies,
    /// Doubts it.
    Doubts,
    /// Asks.
    Asks,
    /// Wants it done.
    Wants,
    /// Will do it.
    Commits,
}

/// Words of likelihood or confidence (Intelligence Community Directive 203, 2015).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Likelihood {
    /// The words as they stand there.
    pub words: String,
    /// What the directive takes them to mean, in percent: at least, at most; none for a level of confidence.
    pub percent: Option<(u8, u8)>,
    /// The level of confidence, if it is one: `low`, `moderate`, `high`.
    pub confidence: Option<String>,
    /// The characters of the family's reading.
    pub span: Span,
}

/// Pictures that read words of a statement in another way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Otherwise {
    /// What the family's text has.
    pub here: String,
    /// What these pictures have.
    pub there: String,
    /// Those pictures, sorted.
    pub pictures: Vec<PictureId>,
}

/// Who is reported to have said what to whom.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    /// Made of family, place of the verb, speaker and addressee.
    pub id: StatementId,
    /// The sheet.
    pub family: FamilyId,
    /// Who; none where the text does not say, or not clearly.
    pub speaker: Option<Party>,
    /// To whom; likewise.
    pub addressee: Option<Party>,
    /// About what: the subject of what is said, in the text's words.
    pub about: Option<String>,
    /// Names in what is said.
    pub mentions: Vec<MentionId>,
    /// The verb as it stands there.
    pub verb: String,
    /// Its characters.
    pub verb_span: Span,
    /// What kind of saying it is.
    pub saying: Saying,
    /// Reported, quoted, judged.
    pub speech: Speech,
    /// How the speaker stands to it.
    pub stance: Stance,
    /// What is said, in the text's words.
    pub says: String,
    /// Through which source the page has it: "a liaison report".
    pub source: Option<String>,
    /// Words of likelihood and confidence in it.
    pub likelihood: Vec<Likelihood>,
    /// When it was said.
    pub when: Option<When>,
    /// The sentence, verbatim.
    pub quote: String,
    /// Where the sentence stands.
    pub cited: Cited,
    /// Where pictures of the sheet differ in it.
    pub otherwise: Vec<Otherwise>,
}

impl Statement {
    /// The id of a statement.
    pub fn id_of(
        family: FamilyId,
        verb: Span,
        speaker: Option<&Party>,
        addressee: Option<&Party>,
    ) -> StatementId {
        StatementId::make(|id| {
            id.id(family).number(verb.start).number(verb.length);
            for party in [speaker, addressee] {
                let text = |text: Option<&String>| text.cloned().unwrap_or_default();
                id.text(&text(party.and_then(|party| party.name.as_ref())));
                id.text(&text(party.and_then(|party| party.role.as_ref())));
            }
        })
    }
}
