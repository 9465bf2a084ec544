//! Posts that say in their own text what a sheet says.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
}

/// A sheet that a post quotes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Quoted {
    /// The sheet.
    pub family: String,
    /// The words as they were read on it.
    pub text: String,
}
