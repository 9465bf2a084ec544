//! What was read: words with places and doubts, and what the words mark, date and number.
//!
//! Spans count characters (Unicode scalar values) of the reading's text. A doubt is a probability: of the words at doubt
//! d, a share d is wrong.

use serde::{Deserialize, Serialize};

use crate::{FamilyId, PictureId, Quad, Span, When};

/// One word as read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Word {
    /// As read, without spaces.
    pub text: String,
    /// Its characters in the reading's text.
    pub span: Span,
    /// Where it stands, in page pixels (in upright pixels until the reading is laid onto its page).
    pub quad: Quad,
    /// The chance that it is not what stands there, 0 to 1.
    pub doubt: f64,
    /// The line it stands on, counted from 0 in reading order.
    pub line: u32,
    /// It was read a second time in another way, and the second reading was kept.
    pub second: bool,
}

/// What was read on one picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// Of this picture.
    pub picture: PictureId,
    /// Words by spaces, lines by line feeds, in reading order.
    pub text: String,
    /// The words of the text, in its order.
    pub words: Vec<Word>,
    /// Classification markings, banner and portions.
    pub markings: Vec<Marking>,
    /// Dates and times printed on the sheet.
    pub dates: Vec<Dated>,
    /// Page numbers, serials, stamps of printers.
    pub printed: Vec<Printed>,
    /// What read it, as "tesseract 5.3.0 eng".
    pub reader: String,
    /// Quarter turns clockwise by which the picture's upright raster is still to be turned: its words say so.
    pub turned: u8,
}

/// Whose rules a marking follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rules {
    /// United States: 32 CFR 2001, the Intelligence Community markings system, and their forerunners.
    Us,
    /// United Kingdom: Government Security Classifications (2014) and the protective markings before them.
    Uk,
    /// NATO: C-M(2002)49.
    Nato,
    /// European Union: Council Decision 2013/488/EU.
    Eu,
}

/// How high.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Secrecy {
    /// UNCLASSIFIED, OFFICIAL.
    Unclassified,
    /// RESTRICTED, OFFICIAL-SENSITIVE, RESTREINT UE.
    Restricted,
    /// CONFIDENTIAL.
    Confidential,
    /// SECRET.
    Secret,
    /// TOP SECRET, COSMIC TOP SECRET.
    TopSecret,
}

/// Where a marking stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stands {
    /// At the head of the page.
    Head,
    /// At the foot of the page.
    Foot,
    /// Before a paragraph, in brackets.
    Portion,
}

/// A classification marking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marking {
    /// Head, foot or portion.
    pub stands: Stands,
    /// Whose rules.
    pub rules: Rules,
    /// How high.
    pub secrecy: Secrecy,
    /// In the form the rules write it, errors of reading undone: "SECRET//REL TO USA, FVEY".
    pub says: String,
    /// As read.
    pub verbatim: String,
    /// Characters by which the two differ (edit distance without spaces); 0 if it was read as it is written.
    pub corrected: u32,
    /// Its parts after the level, in order: compartments, caveats, countries.
    pub parts: Vec<String>,
    /// Editions of the rules that know all of its parts, each with its source: "seen since 2013 (IC Markings System
    /// Register and Manual)", "dropped 1953 (E.O. 10501)"; earliest first, empty if none is told apart.
    pub editions: Vec<String>,
    /// Something in it that no table here knows.
    pub unknown: Vec<String>,
    /// Its characters in the reading's text.
    pub span: Span,
    /// The first of its words in the reading.
    pub word: u32,
    /// How many words.
    pub count: u32,
}

/// A date or time printed on a sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dated {
    /// When.
    pub when: When,
    /// A date-time group of a message.
    pub group: bool,
    /// Its characters in the reading's text.
    pub span: Span,
    /// The first of its words in the reading.
    pub word: u32,
    /// How many words.
    pub count: u32,
}

/// What a printed header, footer or stamp says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Imprint {
    /// "Page 2 of 5": number, and of how many.
    Page {
        /// From 1.
        number: u32,
        /// Of so many, if said.
        of: Option<u32>,
    },
    /// A serial or copy number.
    Serial(String),
    /// A line a printer or web browser set at the edge: file name, address, printed at.
    Stamp(String),
}

/// A printed header, footer or stamp.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Printed {
    /// What it says.
    pub says: Imprint,
    /// Its characters in the reading's text.
    pub span: Span,
    /// The first of its words in the reading.
    pub word: u32,
    /// How many words.
    pub count: u32,
}

/// One way in which pictures of a sheet read at one place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Variant {
    /// The words, by spaces; empty where nothing stands.
    pub text: String,
    /// The least doubt among its holders.
    pub doubt: f64,
    /// Pictures that read so, and the words of their readings: picture, first word, how many. Sorted by picture.
    pub holders: Vec<Holder>,
}

/// A picture that reads a variant.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Holder {
    /// The picture.
    pub picture: PictureId,
    /// The first word in its reading.
    pub word: u32,
    /// How many words; 0 where nothing stands, and then `word` is where it would stand.
    pub count: u32,
    /// Its doubt.
    pub doubt: f64,
}

/// A place where confident readings of one sheet differ.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dissent {
    /// The word of the family's reading.
    pub word: u32,
    /// How many words there.
    pub count: u32,
    /// The variants, the heaviest first: the first one stands in the family's text.
    pub variants: Vec<Variant>,
}

/// What all pictures of one sheet say together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FamilyReading {
    /// Of this family.
    pub family: FamilyId,
    /// Words by spaces, lines by line feeds.
    pub text: String,
    /// The words of the text. Their quads are on the picture named beside them.
    pub words: Vec<SharedWord>,
    /// Its markings, with spans and words of this text.
    pub markings: Vec<Marking>,
    /// The banner as the rules write it, if the sheet bears one.
    pub banner: Option<String>,
    /// Dates and times printed on the sheet.
    pub dates: Vec<Dated>,
    /// Page numbers, serials, stamps of printers.
    pub printed: Vec<Printed>,
    /// Where confident readings differ.
    pub dissents: Vec<Dissent>,
}

/// A word of a family's reading.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SharedWord {
    /// The word, and its quad on `picture`.
    pub word: Word,
    /// The picture that shows it best.
    pub picture: PictureId,
    /// Its number in that picture's reading.
    pub at: u32,
    /// Pictures that read it so.
    pub agree: u32,
    /// Pictures that show the place.
    pub shown: u32,
}
