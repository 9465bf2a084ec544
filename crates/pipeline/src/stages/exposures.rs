use std::collections::BTreeMap;

use case::{Case, Rows};
use model::{Family, FamilyId, Hasher, Match, Yield};

use crate::error::Result;
use crate::stage::{Desk, Stage};
use crate::stages::kin::each_within;

/// Groups the pictures of each sheet by the photograph or scan that they go back to.
pub(crate) struct Exposures;

/// A family of several pictures, and the matches among them, sorted by id.
pub(crate) struct Matched {
    family: Family,
    matches: Vec<Match>,
}

impl Stage for Exposures {
    const NAME: &'static str = "exposures";
    const VERSION: u32 = 1;
    const SAYS: &'static str = "tells photographs of one sheet from copies of one photograph";
    type Input = Matched;

    fn inputs(&self, case: &Case) -> Result<Vec<Matched>> {
        let mut families: Vec<Family> = case.derived().all()?;
        families.retain(|family| family.pictures.len() > 1);
        let mut matches: BTreeMap<FamilyId, Vec<Match>> = BTreeMap::new();
        each_within(case.derived(), &families, |of, found| matches.entry(of).or_default().push(found))?;
        let matched = |family: Family| {
            let matches = matches.remove(&family.id).unwrap_or_default();
            Matched { family, matches }
        };
        Ok(families.into_iter().map(matched).collect())
    }

    fn name(&self, matched: &Matched) -> String {
        matched.family.id.to_string()
    }

    fn depends(&self, matched: &Matched, on: &mut Hasher) {
        for picture in &matched.family.pictures {
            on.id(*picture);
        }
        for found in &matched.matches {
            on.id(found.id).text(&format!("{:?} {:?}", found.ground, found.measures));
        }
    }

    fn work(&self, matched: &Matched, _: &Desk) -> Result<Yield<Rows>> {
        let Matched { family, matches } = matched;
        let mut rows = Rows::default();
        let found = families::exposures(family.id, &family.pictures, matches);
        found.iter().try_for_each(|exposure| rows.put(exposure))?;
        Ok(Yield::clean(rows))
    }
}
