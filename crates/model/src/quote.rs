use serde::{Deserialize, Serialize};

use crate::{Change, FamilyId, Id, PostId, QuoteId, Span};

/// Words of a post that stand on a sheet: a typed quote, or a transcript. The post shows no picture of the sheet by that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// Made of the post and the place.
    pub id: QuoteId,
    /// The post.
    pub post: PostId,
    /// Characters of its text.
    pub span: Span,
    /// The sheets that have these words, with characters of their texts; several where the words do not tell which.
    pub sheets: Vec<(FamilyId, Span)>,
    /// Words of the passage that are the same on the sheet.
    pub same: u32,
    /// Words of the passage.
    pub words: u32,
    /// Words of the sheet (of several the first).
    pub of: u32,
    /// Where it says something else than the first of these sheets, in its order; the first 64 places.
    #[serde(default)]
    pub differs: Vec<Wording>,
}

/// A place at which a quote has other words than the sheet, between words that both have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wording {
    /// Characters of the post's text; none where it lacks words.
    pub span: Span,
    /// Characters of the sheet's text; none where it lacks words.
    pub there: Span,
    /// How the quote differs from the sheet.
    pub change: Change,
    /// What the quote says there; empty for removed words.
    pub says: String,
    /// What the sheet says there; empty for added words.
    pub sheet_says: String,
}

impl Quote {
    /// The id of the quote at this place of a post.
    pub fn id_of(post: PostId, span: Span) -> QuoteId {
        QuoteId::make(|id| {
            id.id(post).number(span.start).number(span.length);
        })
    }
}
