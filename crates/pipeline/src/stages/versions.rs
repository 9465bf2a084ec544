use std::collections::{BTreeMap, BTreeSet};

use case::{Case, Rows};
use image::{GrayImage, RgbImage};
use model::{Alteration, Appearance, Family, Hasher, Page, Picture, PictureId, Quad, RunId, Yield};
use reading::{Layout, Manner, Tesseract};
use versions::{Homography, Shown, StripWord};

use crate::error::{Error, Result};
use crate::stage::{Desk, Stage};
use crate::stages::families::Families;
use crate::stages::frames::{self, LONG};
use crate::stages::spread::Spread;
use crate::stages::{prints, sheets};

/// Pictures of one family that are compared, at most: each is held in memory while it is.
const MOST: usize = 60;

/// Compares the pictures of each family.
pub(crate) struct Versions<'a> {
    pub(crate) tesseract: &'a Tesseract,
    pub(crate) languages: &'a str,
}

/// A family of several pictures, and what its result rests on.
pub(crate) struct Several {
    family: Family,
    runs: Vec<RunId>,
}

impl Stage for Versions<'_> {
    const NAME: &'static str = "versions";
    const VERSION: u32 = 2;
    const SAYS: &'static str = "compares the pictures of each sheet";
    type Input = Several;

    fn inputs(&self, case: &Case) -> Result<Vec<Several>> {
        let mut runs = Vec::new();
        for stage in [Families::NAME, Spread::NAME] {
            runs.extend(case.derived().finished(stage)?.into_iter().map(|run| run.id));
        }
        let mut several = Vec::new();
        case.derived().each(|family: Family| {
            if family.pictures.len() > 1 {
                several.push(Several { family, runs: runs.clone() });
            }
            Ok(())
        })?;
        Ok(several)
    }

    fn name(&self, several: &Several) -> String {
        several.family.id.to_string()
    }

    fn depends(&self, several: &Several, on: &mut Hasher) {
        on.text(&self.tesseract.signature(self.languages));
        for run in &several.runs {
            on.id(*run);
        }
    }

    fn work(&self, several: &Several, desk: &Desk) -> Result<Yield<Rows>> {
        let family = &several.family;
        let mut pictures = Vec::new();
        for id in &family.pictures {
            pictures.extend(desk.derived.get::<Picture>(*id)?);
        }
        pictures.sort_by(|a, b| b.outline.area().total_cmp(&a.outline.area()).then(a.id.cmp(&b.id)));
        pictures.truncate(MOST);
        let Some(base) = frames::base(&pictures) else {
            return Ok(Yield::clean(Rows::default()));
        };
        let maps = frames::frames(base, &sheets::within(family, desk)?);
        let seen = first_seen(family, desk)?;
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
                first_seen: seen.get(picture).copied(),
            })
            .collect();
        let longer = f64::from(base.size.0.max(base.size.1).max(1));
        let sheet = (f64::from(base.size.0) * LONG / longer, f64::from(base.size.1) * LONG / longer);
        let found = versions::compare(family.id, sheet, &shown, &|strips: &[GrayImage]| self.read(strips));
        if desk.stopping() {
            return Err(Error::CutOff);
        }
        keep(found, &sights)
    }
}

impl Versions<'_> {
    /// Reads strips of one line each. What cannot be read has no words: then no alteration is said of it.
    fn read(&self, strips: &[GrayImage]) -> Vec<Vec<StripWord>> {
        let manner =
            Manner { languages: self.languages.to_owned(), layout: Layout::Line, ..Manner::default() };
        let strips: Vec<&GrayImage> = strips.iter().collect();
        let Ok(leaves) = self.tesseract.read(&strips, &manner) else {
            return vec![Vec::new(); strips.len()];
        };
        let word = |seen: reading::Seen| {
            let (x, y) = (seen.left as f32, seen.top as f32);
            let area = [x, y, x + seen.width as f32, y + seen.height as f32];
            StripWord { text: seen.text, area, doubt: (1.0 - seen.confidence / 100.0) as f32 }
        };
        leaves.into_iter().map(|leaf| leaf.seen.into_iter().map(word).collect()).collect()
    }
}

/// A raster of a picture on which every pixel was really there, and the ways to and from it.
struct Sight {
    raster: RgbImage,
    from_frame: Homography,
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
        let map = from_page.after(&from_frame).0;
        let from_frame =
            Homography([[map[0], map[1], map[2]], [map[3], map[4], map[5]], [map[6], map[7], map[8]]]);
        Ok(Some(Self { raster, from_frame, to_page }))
    }
}

/// The latest instant at which each picture can have been seen first, in milliseconds.
fn first_seen(family: &Family, desk: &Desk) -> Result<BTreeMap<PictureId, i64>> {
    let mut seen: BTreeMap<PictureId, i64> = BTreeMap::new();
    desk.derived.each_of(family.id, |appearance: Appearance| {
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
