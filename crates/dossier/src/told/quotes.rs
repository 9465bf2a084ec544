//! Posts that say in their own text what a sheet says.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::AlterationKind;

/// Words of a post that stand on a sheet: a typed quote or a transcript (R8).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Quote {
    /// Made of the post and the place.
    pub id: String,
    /// The post.
    pub post: String,
    /// The words as the post has them.
    pub text: String,
    /// The sheets that have them; several where the words do not tell which.
    pub sheets: Vec<Quoted>,
    /// Words of the passage that are the same on the sheet, but for a letter misread.
    pub same: u32,
    /// Words of the passage.
    pub words: u32,
    /// Words of the sheet (of several the first): a passage with most of them is a transcript.
    pub of: u32,
    /// Where it says something else than the sheet (of several the first), in its order; the first 64 places. Case,
    /// punctuation and a misread letter do not count.
    pub differs: Vec<Wording>,
}

/// A place at which a quote has other words than the sheet, between words that both have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Wording {
    /// The first character in the post's text (`posts[].text`), counted from 0 in Unicode scalar values.
    pub start: u64,
    /// How many characters; 0 where the post lacks words.
    pub length: u64,
    /// The first character in the sheet's text (`families[].text`), likewise.
    pub sheet_start: u64,
    /// How many characters; 0 where the sheet lacks words.
    pub sheet_length: u64,
    /// How the post differs from the sheet.
    pub kind: AlterationKind,
    /// What the post says there; null: nothing.
    pub says: Option<String>,
    /// What the sheet says there; null: nothing.
    pub sheet_says: Option<String>,
}

/// A post that quotes an altered place and has one of its two readings there, letter for letter. Where that is not clear, the
/// post is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct QuotedBy {
    /// The post.
    pub post: String,
    /// The quote.
    pub quote: String,
    /// Whose reading it has.
    pub side: Side,
    /// What it says there; null where it has the words before and after and nothing between.
    pub says: Option<String>,
}

/// One of the two pictures of an alteration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// `picture`: its reading is `reads`.
    Picture,
    /// `against`: its reading is `reads_against`.
    Against,
}

/// A sheet that a post quotes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Quoted {
    /// The sheet.
    pub family: String,
    /// The words as they were read on it.
    pub text: String,
}
