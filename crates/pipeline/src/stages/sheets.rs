use std::collections::BTreeMap;

use case::{Case, Rows};
use families::Homography;
use model::{Hasher, PictureId, Point, Quad, Reading, RunId, Yield};
use reading::Member;

use crate::error::Result;
use crate::stage::{Desk, Stage};
use crate::stages::frames;
use crate::stages::kin::Kin;
use crate::stages::readings::Readings;

/// Reads all pictures of a sheet together.
pub(crate) struct Sheets {
    /// Whether pictures are read at all.
    pub(crate) reading: bool,
}

/// A family and the readings of its pictures.
pub(crate) struct Read {
    kin: Kin,
    runs: Vec<RunId>,
}

impl Stage for Sheets {
    const NAME: &'static str = "sheets";
    const VERSION: u32 = 5;
    const SAYS: &'static str = "reads the pictures of each sheet together";
    type Input = Read;

    fn inputs(&self, case: &Case) -> Result<Vec<Read>> {
        let finished = case.derived().finished(Readings::NAME)?;
        let run_of: BTreeMap<String, RunId> = finished.into_iter().map(|run| (run.input, run.id)).collect();
        let read = |kin: Kin| {
            let runs = kin.family.pictures.iter().filter_map(|id| run_of.get(&id.to_string())).copied();
            Read { runs: runs.collect(), kin }
        };
        Ok(Kin::all(case)?.into_iter().map(read).collect())
    }

    fn name(&self, read: &Read) -> String {
        read.kin.family.id.to_string()
    }

    fn depends(&self, read: &Read, on: &mut Hasher) {
        read.kin.depends(on);
        for run in &read.runs {
            on.id(*run);
        }
    }

    fn ready(&self) -> bool {
        self.reading
    }

    fn work(&self, read: &Read, desk: &Desk) -> Result<Yield<Rows>> {
        let family = &read.kin.family;
        let mut readings: Vec<Reading> = Vec::new();
        for id in &family.pictures {
            readings.extend(desk.derived.get::<Reading>(*id)?);
        }
        let pictures = read.kin.pictures(desk.derived)?;
        let base = frames::base(pictures.values());
        let frames = base.map(|base| frames::frames(base, &read.kin.ties)).unwrap_or_default();
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
        rows.put(&reading::together(family.id, &members))?;
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
