use case::{Case, Rows};
use model::{Family, FamilyId, Hasher, PictureId, Reading, RunId, Yield};
use reading::Member;

use crate::error::Result;
use crate::stage::{Desk, Stage};
use crate::stages::readings::Readings;

/// Reads all pictures of a sheet together.
pub(crate) struct Sheets;

/// A family and the readings of its pictures.
pub(crate) struct Read {
    family: FamilyId,
    pictures: Vec<PictureId>,
    runs: Vec<RunId>,
}

impl Stage for Sheets {
    const NAME: &'static str = "sheets";
    const VERSION: u32 = 1;
    const SAYS: &'static str = "reads the pictures of each sheet together";
    type Input = Read;

    fn inputs(&self, case: &Case) -> Result<Vec<Read>> {
        let finished = case.derived().finished(Readings::NAME)?;
        let run_of: std::collections::BTreeMap<String, RunId> =
            finished.into_iter().map(|run| (run.input, run.id)).collect();
        let mut read = Vec::new();
        case.derived().each(|family: Family| {
            let runs = family.pictures.iter().filter_map(|id| run_of.get(&id.to_string())).copied().collect();
            read.push(Read { family: family.id, pictures: family.pictures, runs });
            Ok(())
        })?;
        Ok(read)
    }

    fn name(&self, read: &Read) -> String {
        read.family.to_string()
    }

    fn depends(&self, read: &Read, on: &mut Hasher) {
        for run in &read.runs {
            on.id(*run);
        }
    }

    fn work(&self, read: &Read, desk: &Desk) -> Result<Yield<Rows>> {
        let mut readings: Vec<Reading> = Vec::new();
        for picture in &read.pictures {
            readings.extend(desk.derived.get::<Reading>(*picture)?);
        }
        let member =
            |reading| Member { reading, frame: None, shows: None, covered: Vec::new(), weight: 1.0 };
        let members: Vec<Member> = readings.iter().map(member).collect();
        let mut rows = Rows::default();
        rows.put(&reading::together(read.family, &members))?;
        Ok(Yield::clean(rows))
    }
}
