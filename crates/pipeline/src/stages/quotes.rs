use case::{Case, Rows};
use model::{FamilyId, FamilyReading, Hasher, Post, Quote, Yield};
use spread::Said;

use crate::error::Result;
use crate::stage::{Desk, Stage};
use crate::stages::Everything;
use crate::stages::posts::Posts;
use crate::stages::sheets::Sheets;

/// Finds posts that say in their own text what a sheet says.
pub(crate) struct Quotes {
    /// Whether pictures are read at all.
    pub(crate) reading: bool,
}

impl Stage for Quotes {
    const NAME: &'static str = "quotes";
    const VERSION: u32 = 2;
    const SAYS: &'static str = "finds the words of sheets in posts";
    type Input = Everything;

    fn inputs(&self, case: &Case) -> Result<Vec<Everything>> {
        Everything::of(case.derived(), &[Sheets::NAME, Posts::NAME])
    }

    fn name(&self, everything: &Everything) -> String {
        everything.name()
    }

    fn depends(&self, everything: &Everything, on: &mut Hasher) {
        on.bytes(&everything.on);
    }

    fn ready(&self) -> bool {
        self.reading
    }

    fn work(&self, _: &Everything, desk: &Desk) -> Result<Yield<Rows>> {
        let mut texts: Vec<(FamilyId, String)> = Vec::new();
        desk.derived.each(|read: FamilyReading| {
            texts.push((read.family, read.text));
            Ok(())
        })?;
        let said = Said::new(texts.iter().map(|(family, text)| (*family, text.as_str())));
        let mut quotes: Vec<Quote> = Vec::new();
        desk.derived.each(|post: Post| {
            quotes.extend(said.passages(&post.text).into_iter().map(|passage| Quote {
                id: Quote::id_of(post.id, passage.span),
                post: post.id,
                span: passage.span,
                sheets: passage.sheets,
                same: passage.same as u32,
                words: passage.words as u32,
                of: passage.of as u32,
                differs: passage.differs,
            }));
            Ok(())
        })?;
        let mut rows = Rows::default();
        quotes.iter().try_for_each(|quote| rows.put(quote))?;
        Ok(Yield::clean(rows))
    }
}
