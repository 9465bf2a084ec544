use serde::{Deserialize, Serialize};

use crate::{FamilyId, Id, PostId, QuoteId, Span};

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
}

impl Quote {
    /// The id of the quote at this place of a post.
    pub fn id_of(post: PostId, span: Span) -> QuoteId {
        QuoteId::make(|id| {
            id.id(post).number(span.start).number(span.length);
        })
    }
}
