use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};

use case::{Case, Rows};
use image::{GrayImage, RgbImage};
use model::{
    Alteration, Appearance, Code, FamilyReading, Hasher, Kind, Page, Picture, PictureId, Placing, Quad,
    RunId, SharedWord, Trouble, Yield,
};
use reading::{Layout, Manner};
use versions::{Homography, Original, Sheet, SheetWord, Shown, StripWord};

use crate::drive::Reader;
use crate::error::{Error, Result};
use crate::stage::{Desk, Stage};
use crate::stages::frames::{self, LONG};
use crate::stages::kin::Kin;
use crate::stages::sheets::Sheets;
use crate::stages::{self, prints};

/// Pictures of one family that are compared, at most: each is held in memory while it is.
const MOST: usize = 60;

/// Compares the pictures of each family.
pub(crate) struct Versions<'a> {
    pub(crate) reader: Option<&'a Reader>,
}

/// A family of several pictures, and when each was seen first.
pub(crate) struct Several {
    kin: Kin,
    seen: BTreeMap<PictureId, i64>,
    /// The run that read them together.
    read: Option<RunId>,
}

impl Stage for Versions<'_> {
    const NAME: &'static str = "versions";
    const VERSION: u32 = 11;
    const SAYS: &'static str = "compares the pictures of each sheet";
    type Input = Several;

    fn inputs(&self, case: &Case) -> Result<Vec<Several>> {
        let seen = first_seen(case)?;
        let finished = case.derived().finished(Sheets::NAME)?;
        let run_of: BTreeMap<String, RunId> = finished.into_iter().map(|run| (run.input, run.id)).collect();
        let several = |kin: Kin| {
            let pictures = kin.family.pictures.iter();
            let seen = pictures.filter_map(|id| Some((*id, *seen.get(id)?))).collect();
            Several { seen, read: run_of.get(&kin.family.id.to_string()).copied(), kin }
        };
        Ok(Kin::all(case)?.into_iter().filter(Kin::several).map(several).collect())
    }

    fn name(&self, several: &Several) -> String {
        several.kin.family.id.to_string()
    }

    fn depends(&self, several: &Several, on: &mut Hasher) {
        several.kin.depends(on);
        for (picture, at) in &several.seen {
            on.id(*picture).text(&at.to_string());
        }
        if let Some(read) = several.read {
            on.id(read);
        }
    }

    fn with(&self, on: &mut Hasher) {
        if let Some(reader) = self.reader {
            on.text(&reader.signature());
        }
    }

    fn ready(&self) -> bool {
        self.reader.is_some()
    }

    fn work(&self, several: &Several, desk: &Desk) -> Result<Yield<Rows>> {
        let (reader, kin) = (stages::at_hand(self.reader)?, &several.kin);
        let mut pictures: Vec<Picture> = kin.pictures(desk.derived)?.into_values().collect();
        pictures.sort_by(|a, b| b.outline.area().total_cmp(&a.outline.area()).then(a.id.cmp(&b.id)));
        pictures.truncate(MOST);
        let Some(base) = frames::base(&pictures) else {
            return Ok(Yield::clean(Rows::default()));
        };
        let maps = frames::frames(base, &kin.ties);
        let mut sights: BTreeMap<PictureId, Sight> = BTreeMap::new();
        for picture in &pictures {
            if let Some(map) = maps.get(&picture.id) {
                sights.extend(Sight::of(picture, map, desk)?.map(|sight| (picture.id, sight)));
            }
        }
        let shown: Vec<Shown> = sights
            .iter()
            .map(|(picture, sight)| Shown {
                picture: *picture,
                raster: &sight.raster,
                to_picture: sight.from_frame,
                original: sight.received.as_ref().map(|(luma, steps)| Original {
                    luma,
                    to_original: sight.frame_to_page,
                    steps: *steps,
                }),
                first_seen: several.seen.get(picture).copied(),
            })
            .collect();
        let longer = f64::from(base.size.0.max(base.size.1).max(1));
        let sheet = (f64::from(base.size.0) * LONG / longer, f64::from(base.size.1) * LONG / longer);
        let lost = AtomicBool::new(false);
        let read = |strips: &[GrayImage]| {
            read(reader, strips).unwrap_or_else(|| {
                lost.store(true, Ordering::Relaxed);
                vec![Vec::new(); strips.len()]
            })
        };
        let words = words(kin, &maps, desk)?;
        let found = versions::compare(kin.family.id, &Sheet { size: sheet, words }, &shown, &read);
        if desk.stopping() {
            return Err(Error::CutOff);
        }
        let mut kept = keep(found, &sights)?;
        for (picture, map) in &maps {
            let to_view = map.0;
            kept.value.put(&Placing { picture: *picture, family: kin.family.id, to_view, view: sheet })?;
        }
        if lost.into_inner() {
            kept.troubles.push(Trouble::new(Code::ReadingLost, "while differing places were read again"));
        }
        Ok(kept)
    }
}

/// Reads strips of one line each; none where the reader failed: then no alteration is said of their words.
fn read(reader: &Reader, strips: &[GrayImage]) -> Option<Vec<Vec<StripWord>>> {
    let languages = reader.looks.manner.languages.clone();
    let manner = Manner { languages, layout: Layout::Line, ..Manner::default() };
    let strips: Vec<&GrayImage> = strips.iter().collect();
    let word = |seen: reading::Seen| {
        let (x, y) = (seen.left as f32, seen.top as f32);
        let area = [x, y, x + seen.width as f32, y + seen.height as f32];
        StripWord { text: seen.text, area, doubt: (1.0 - seen.confidence / 100.0) as f32 }
    };
    let leaves = reader.tesseract.read(&strips, &manner).ok()?;
    Some(leaves.into_iter().map(|leaf| leaf.seen.into_iter().map(word).collect()).collect())
}

/// What the sheet says as a whole, its words laid on the common frame.
fn words(kin: &Kin, maps: &BTreeMap<PictureId, families::Homography>, desk: &Desk) -> Result<Vec<SheetWord>> {
    let Some(reading) = desk.derived.get::<FamilyReading>(kin.family.id)? else { return Ok(Vec::new()) };
    let laid = |shared: SharedWord| {
        let map = maps.get(&shared.picture)?;
        let corners = shared.word.quad.0.map(|corner| map.apply((corner.x, corner.y)));
        let least = |get: fn(&(f64, f64)) -> f64| corners.iter().map(get).fold(f64::MAX, f64::min);
        let most = |get: fn(&(f64, f64)) -> f64| corners.iter().map(get).fold(f64::MIN, f64::max);
        let area = [least(|c| c.0), least(|c| c.1), most(|c| c.0), most(|c| c.1)];
        Some(SheetWord { text: shared.word.text, area, line: shared.word.line })
    };
    Ok(reading.words.into_iter().filter_map(laid).collect())
}

/// A raster of a picture on which every pixel was really there, and the ways to and from it.
struct Sight {
    raster: RgbImage,
    from_frame: Homography,
    frame_to_page: Homography,
    /// The brightness of the page as it was received, and its encoder's steps.
    received: Option<(GrayImage, Option<[u16; 64]>)>,
    to_page: families::Homography,
}

impl Sight {
    /// The page's proxy where it is as fine as the page, or where the sheet reaches beyond the page and its upright raster
    /// is blank there; else the upright raster. `to_frame` leads from the page to the family's frame.
    fn of(picture: &Picture, to_frame: &families::Homography, desk: &Desk) -> Result<Option<Self>> {
        let Some(page) = desk.derived.get::<Page>(picture.page)? else { return Ok(None) };
        let (width, height) = (f64::from(page.width), f64::from(page.height));
        let beyond = |corner: &model::Point| {
            corner.x < -1.0 || corner.y < -1.0 || corner.x > width + 1.0 || corner.y > height + 1.0
        };
        let as_fine = page.width.max(page.height) <= pages::PROXY_LONGEST;
        let (raster, to_page) = if as_fine || picture.outline.0.iter().any(beyond) {
            let raster = prints::raster(desk.made, page.proxy)?;
            let to_page = families::Homography::stretch(width / f64::from(raster.width().max(1)));
            (raster, to_page)
        } else {
            (prints::raster(desk.made, picture.upright)?, families::Homography(picture.to_page))
        };
        let Some((from_page, from_frame)) = to_page.inverse().zip(to_frame.inverse()) else {
            return Ok(None);
        };
        let frame_to_page = plain(&from_frame);
        let from_frame = plain(&from_page.after(&from_frame));
        let received = received(&page, desk)?;
        Ok(Some(Self { raster, from_frame, frame_to_page, received, to_page }))
    }
}

fn plain(map: &families::Homography) -> Homography {
    let map = map.0;
    Homography([[map[0], map[1], map[2]], [map[3], map[4], map[5]], [map[6], map[7], map[8]]])
}

/// What a page of a JPEG or PNG file looked like when it was received, decoded anew in a worker: our own rasters went through
/// an encoding of ours.
fn received(page: &Page, desk: &Desk) -> Result<Option<(GrayImage, Option<[u16; 64]>)>> {
    let head = desk.head(page.blob)?;
    let kind = match head.as_slice() {
        [0xff, 0xd8, ..] => Kind::Jpeg,
        [0x89, b'P', b'N', b'G', ..] => Kind::Png,
        _ => return Ok(None),
    };
    let mut luma = None;
    desk.worker.surfaces(desk.bytes(page.blob)?, kind, desk.budget, |_, raster| {
        luma.get_or_insert_with(|| GrayImage::from(image::DynamicImage::from(raster).into_luma8()));
        Ok(())
    })?;
    let fits = |luma: &GrayImage| luma.dimensions() == (page.width, page.height);
    Ok(luma.filter(fits).map(|luma| (luma, versions::steps(&head))))
}

/// The latest instant at which each picture can have been seen first, in milliseconds.
fn first_seen(case: &Case) -> Result<BTreeMap<PictureId, i64>> {
    let mut seen: BTreeMap<PictureId, i64> = BTreeMap::new();
    case.derived().each(|appearance: Appearance| {
        if let Some(when) = appearance.when {
            let at = when.latest.as_millisecond();
            let known = seen.entry(appearance.picture).or_insert(at);
            *known = at.min(*known);
        }
        Ok(())
    })?;
    Ok(seen)
}

/// Findings with their places on the pages.
fn keep(found: versions::Findings, sights: &BTreeMap<PictureId, Sight>) -> Result<Yield<Rows>> {
    let onto = |picture: PictureId, quad: Quad| {
        let map = sights.get(&picture).map_or(families::Homography::IDENTITY, |sight| sight.to_page);
        Quad(quad.0.map(|corner| {
            let (x, y) = map.apply((corner.x, corner.y));
            model::Point { x, y }
        }))
    };
    let mut rows = Rows::default();
    let mut known = BTreeSet::new();
    for mut alteration in found.alterations {
        alteration.quad = onto(alteration.picture, alteration.quad);
        alteration.quad_against = onto(alteration.against, alteration.quad_against);
        alteration.id = Alteration::id_of(alteration.picture, alteration.against, &alteration.quad);
        if known.insert(alteration.id) {
            rows.put(&alteration)?;
        }
    }
    found.versions.iter().try_for_each(|version| rows.put(version))?;
    found.derivations.iter().try_for_each(|derivation| rows.put(derivation))?;
    Ok(Yield::clean(rows))
}
