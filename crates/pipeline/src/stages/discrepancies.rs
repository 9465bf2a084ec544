use case::{Case, Rows};
use model::{Hasher, Listing, Record, Yield};

use crate::error::Result;
use crate::stage::{Desk, Stage};
use crate::stages::posts::{Posts, Told};

/// Finds what the exports of a channel tell differently.
pub(crate) struct Discrepancies;

impl Stage for Discrepancies {
    const NAME: &'static str = "discrepancies";
    const VERSION: u32 = 1;
    const SAYS: &'static str = "holds exports of one channel against each other";
    type Input = Told;

    fn inputs(&self, case: &Case) -> Result<Vec<Told>> {
        Posts.inputs(case)
    }

    fn name(&self, told: &Told) -> String {
        Posts.name(told)
    }

    fn depends(&self, told: &Told, on: &mut Hasher) {
        Posts.depends(told, on);
    }

    fn work(&self, told: &Told, desk: &Desk) -> Result<Yield<Rows>> {
        let listings: Vec<Listing> = desk.derived.of(told.channel())?;
        let mut rows = Rows::default();
        if listings.len() > 1 {
            let records: Vec<Record> = desk.derived.of(told.channel())?;
            let found = spread::discrepancies(&listings, &records);
            found.iter().try_for_each(|one| rows.put(one))?;
        }
        Ok(Yield::clean(rows))
    }
}
