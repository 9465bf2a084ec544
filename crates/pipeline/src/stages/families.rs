use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use case::Rows;
use families::Evidence;
use model::{Act, Contrast, Deed, Hasher, Match, MatchId, Picture, PictureId, Yield};

use crate::error::Result;
use crate::stage::{Desk, Stage};
use crate::stages::Everything;
use crate::stages::matches::{self, Bridges, Matches};
use crate::stages::pages::Pages;
use crate::stages::prints::Prints;

/// Gathers families from matches.
#[derive(Default)]
pub(crate) struct Families {
    acts: OnceLock<Acts>,
}

/// Pairs of pictures that analysts joined and split.
#[derive(Default)]
struct Acts {
    joined: Vec<families::Pair>,
    split: Vec<families::Pair>,
}

fn pairs_of(acts: Vec<Act>) -> Vec<families::Pair> {
    acts.iter().flat_map(|act| act.deed.pairs()).collect()
}

impl Stage for Families {
    const NAME: &'static str = "families";
    const VERSION: u32 = 7;
    const SAYS: &'static str = "gathers pictures of the same sheet";
    type Input = Everything;

    fn inputs(&self, case: &case::Case) -> Result<Vec<Everything>> {
        let mut everything =
            Everything::of(case.derived(), &[Pages::NAME, Prints::NAME, Matches::NAME, Bridges::NAME])?;
        let mut standing = case.ground().standing()?;
        standing.retain(|act| act.deed.gathers());
        let ids = standing.iter().map(|act| <[u8; 32]>::from(act.id));
        everything.iter_mut().for_each(|everything| everything.add(ids.clone()));
        let (split, joined) = standing.into_iter().partition(|act| matches!(act.deed, Deed::Split { .. }));
        let _ = self.acts.set(Acts { joined: pairs_of(joined), split: pairs_of(split) });
        Ok(everything)
    }

    fn name(&self, everything: &Everything) -> String {
        everything.name()
    }

    fn depends(&self, everything: &Everything, on: &mut Hasher) {
        on.bytes(&everything.on);
    }

    fn work(&self, _: &Everything, desk: &Desk) -> Result<Yield<Rows>> {
        let mut rows = Rows::default();
        let mut matches: Vec<Match> = desk.derived.all()?;
        let known: BTreeSet<MatchId> = matches.iter().map(|found| found.id).collect();
        for found in matches::equals(desk.derived)? {
            if !known.contains(&found.id) {
                rows.put(&found)?;
                matches.push(found);
            }
        }
        let contrasts: Vec<Contrast> = desk.derived.all()?;
        let mut area: BTreeMap<PictureId, f64> = BTreeMap::new();
        desk.derived.each(|picture: Picture| {
            area.insert(picture.id, picture.outline.area());
            Ok(())
        })?;
        let acts = self.acts.get_or_init(Acts::default);
        let evidence =
            Evidence { matches: &matches, others: &contrasts, joined: &acts.joined, split: &acts.split };
        families::cluster(&area, evidence).iter().try_for_each(|family| rows.put(family))?;
        Ok(Yield::clean(rows))
    }
}
