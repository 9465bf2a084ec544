use std::collections::BTreeMap;

use case::{Case, Rows};
use families::Feature;
use model::{Hasher, Match, PictureId, Print, Proposal, Yield};

use crate::error::Result;
use crate::stage::{Desk, Stage};
use crate::stages::Everything;
use crate::stages::prints::{self, Prints};

/// Names the pairs of pictures that share places.
pub(crate) struct Proposals;

impl Stage for Proposals {
    const NAME: &'static str = "proposals";
    const VERSION: u32 = 4;
    const SAYS: &'static str = "finds pictures that look alike";
    type Input = Everything;

    fn inputs(&self, case: &Case) -> Result<Vec<Everything>> {
        Everything::of(case.derived(), &[Prints::NAME])
    }

    fn name(&self, everything: &Everything) -> String {
        everything.name()
    }

    fn depends(&self, everything: &Everything, on: &mut Hasher) {
        on.bytes(&everything.on);
    }

    fn work(&self, _: &Everything, desk: &Desk) -> Result<Yield<Rows>> {
        let mut pictures: BTreeMap<PictureId, Vec<Feature>> = BTreeMap::new();
        let prints: Vec<Print> = desk.derived.all()?;
        for print in prints.iter().filter(|print| print.quality >= families::MIN_QUALITY) {
            pictures.insert(print.picture, prints::features(desk.made, print)?);
        }
        let ids: Vec<PictureId> = pictures.keys().copied().collect();
        let features: Vec<&[Feature]> = pictures.values().map(Vec::as_slice).collect();
        let mut rows = Rows::default();
        for (a, b, pose, _) in families::propose(&features) {
            let (a, b) = (ids[a], ids[b]);
            rows.put(&Proposal { id: Match::id_of(a, b), a, b, turns: pose.turns, negative: pose.negative })?;
        }
        Ok(Yield::clean(rows))
    }
}
