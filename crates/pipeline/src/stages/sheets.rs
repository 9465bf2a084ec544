use std::collections::{BTreeMap, BTreeSet};

use case::{Case, Rows};
use families::Homography;
use model::{Family, Hasher, Match, Picture, PictureId, Point, Quad, Reading, RunId, Yield};
use reading::Member;

use crate::error::Result;
use crate::stage::{Desk, Stage};
use crate::stages::families::Families;
use crate::stages::frames;
use crate::stages::readings::Readings;

/// Reads all pictures of a sheet together.
pub(crate) struct Sheets;

/// A family and the readings of its pictures.
pub(crate) struct Read {
    family: Family,
    runs: Vec<RunId>,
}

impl Stage for Sheets {
    const NAME: &'static str = "sheets";
    const VERSION: u32 = 3;
    const SAYS: &'static str = "reads the pictures of each sheet together";
    type Input = Read;

    fn inputs(&self, case: &Case) -> Result<Vec<Read>> {
        let finished = case.derived().finished(Readings::NAME)?;
        let run_of: BTreeMap<String, RunId> = finished.into_iter().map(|run| (run.input, run.id)).collect();
        let matching: Vec<RunId> =
            case.derived().finished(Families::NAME)?.into_iter().map(|run| run.id).collect();
        let mut read = Vec::new();
        case.derived().each(|family: Family| {
            let mut runs: Vec<RunId> =
                family.pictures.iter().filter_map(|id| run_of.get(&id.to_string())).copied().collect();
            runs.extend(&matching);
            read.push(Read { family, runs });
            Ok(())
        })?;
        Ok(read)
    }

    fn name(&self, read: &Read) -> String {
        read.family.id.to_string()
    }

    fn depends(&self, read: &Read, on: &mut Hasher) {
        for run in &read.runs {
            on.id(*run);
        }
    }

    fn work(&self, read: &Read, desk: &Desk) -> Result<Yield<Rows>> {
        let mut readings: Vec<Reading> = Vec::new();
        let mut pictures: BTreeMap<PictureId, Picture> = BTreeMap::new();
        for id in &read.family.pictures {
            readings.extend(desk.derived.get::<Reading>(*id)?);
            pictures.extend(desk.derived.get::<Picture>(*id)?.map(|picture| (*id, picture)));
        }
        let matches = within(&read.family, desk)?;
        let all: Vec<Picture> = pictures.values().cloned().collect();
        let frames = frames::base(&all).map(|base| frames::frames(base, &matches)).unwrap_or_default();
        let ways: BTreeMap<PictureId, Way> = frames.into_iter().map(|(id, map)| (id, way(map))).collect();
        let member = |reading| {
            let reading: &Reading = reading;
            let id = reading.picture;
            let frame = ways.get(&id).map(|way| way as &dyn Fn(Point) -> Point);
            let shows =
                frame.zip(pictures.get(&id)).map(|(frame, picture)| Quad(picture.outline.0.map(frame)));
            Member { reading, frame, shows, covered: Vec::new(), weight: 1.0 }
        };
        let members: Vec<Member> = readings.iter().map(member).collect();
        let mut rows = Rows::default();
        rows.put(&reading::together(read.family.id, &members))?;
        Ok(Yield::clean(rows))
    }
}

/// The way of a point into the family's frame.
type Way = Box<dyn Fn(Point) -> Point>;

fn way(map: Homography) -> Way {
    Box::new(move |point| {
        let (x, y) = map.apply((point.x, point.y));
        Point { x, y }
    })
}

/// The matches among a family's pictures, sorted by id.
pub(super) fn within(family: &Family, desk: &Desk) -> Result<Vec<Match>> {
    let members: BTreeSet<PictureId> = family.pictures.iter().copied().collect();
    let mut within = Vec::new();
    if members.len() > 1 {
        desk.derived.each(|found: Match| {
            if members.contains(&found.a) && members.contains(&found.b) {
                within.push(found);
            }
            Ok(())
        })?;
    }
    Ok(within)
}
