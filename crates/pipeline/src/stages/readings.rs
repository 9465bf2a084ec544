use std::collections::BTreeMap;

use case::{Case, Rows};
use image::{GrayImage, RgbImage, imageops};
use model::{Code, Hasher, Measure, Page, PageId, Picture, Point, Quad, TextLayer, Trouble, Yield};
use pages::{Bend, Homography};
use reading::{Looked, Noted, Traits, Upright};

use crate::drive::Reader;
use crate::error::{Error, Result};
use crate::stage::{Desk, Stage};
use crate::stages::{self, prints};

/// Reads every picture.
pub(crate) struct Readings<'a> {
    pub(crate) reader: Option<&'a Reader>,
}

/// A picture to be read.
pub(crate) struct Readable {
    picture: Picture,
    page: PageId,
    path: String,
}

impl Stage for Readings<'_> {
    const NAME: &'static str = "readings";
    const VERSION: u32 = 6;
    const SAYS: &'static str = "reads every picture";
    const BATCH: usize = 4;
    type Input = Readable;

    fn inputs(&self, case: &Case) -> Result<Vec<Readable>> {
        let items = stages::items(case)?;
        let paths = stages::paths(&items);
        let mut path_of: BTreeMap<PageId, String> = BTreeMap::new();
        case.derived().each(|page: Page| {
            let path = paths.get(&page.blob).map(|(path, _)| path.clone()).unwrap_or_default();
            path_of.insert(page.id, path);
            Ok(())
        })?;
        let mut readable = Vec::new();
        case.derived().each(|picture: Picture| {
            let path = path_of.get(&picture.page).cloned().unwrap_or_default();
            readable.push(Readable { page: picture.page, picture, path });
            Ok(())
        })?;
        Ok(readable)
    }

    fn name(&self, readable: &Readable) -> String {
        readable.picture.id.to_string()
    }

    fn about(&self, readable: &Readable) -> String {
        readable.path.clone()
    }

    fn depends(&self, readable: &Readable, on: &mut Hasher) {
        on.id(readable.picture.upright).text(&format!("{:?}", readable.picture.to_page));
    }

    fn with(&self, on: &mut Hasher) {
        if let Some(reader) = self.reader {
            on.text(&reader.signature()).text(&format!("{:?}", reader.looks));
        }
    }

    fn ready(&self) -> bool {
        self.reader.is_some()
    }

    fn work(&self, readable: &Readable, desk: &Desk) -> Result<Yield<Rows>> {
        let mut results = self.work_batch(&[readable], desk)?;
        results.pop().ok_or_else(|| Error::Ours("a picture without a result".to_owned()))
    }

    fn work_batch(&self, batch: &[&Readable], desk: &Desk) -> Result<Vec<Yield<Rows>>> {
        let reader = stages::at_hand(self.reader)?;
        let mut rasters: Vec<(GrayImage, Option<Bend>)> = Vec::new();
        for readable in batch {
            rasters.push(straight(&prints::raster(desk.made, readable.picture.upright)?));
        }
        let uprights: Vec<Upright> = batch
            .iter()
            .zip(&rasters)
            .map(|(readable, (raster, _))| Upright { raster, density: density(&readable.picture) })
            .collect();
        let unsure: Vec<bool> = batch.iter().map(|readable| in_doubt(&readable.picture)).collect();
        let looked = reading::look_either(&reader.tesseract, &uprights, &unsure, &reader.looks)?;
        let mut results = Vec::new();
        for (((readable, upright), (_, bend)), looked) in
            batch.iter().zip(&uprights).zip(&rasters).zip(looked)
        {
            let mut told = tell(reader, readable, bend.as_ref(), &looked, desk)?;
            let languages = &reader.looks.manner.languages;
            let over = looked.turned.then(|| imageops::rotate180(upright.raster));
            let seen = Upright { raster: over.as_ref().unwrap_or(upright.raster), density: upright.density };
            let foreign = reading::unread(&reader.tesseract, &seen, &looked, languages)?;
            told.troubles.extend(foreign.map(|foreign| script(&foreign)));
            results.push(told);
        }
        Ok(results)
    }
}

/// An upright raster with its lines level, and the bend that was taken out of it, if there was one.
fn straight(upright: &RgbImage) -> (GrayImage, Option<Bend>) {
    let grey = imageops::grayscale(upright);
    match pages::bend(&grey) {
        Some(bend) => (bend.straightened(&grey), Some(bend)),
        None => (grey, None),
    }
}

/// The reading of a picture that was looked at, perhaps with its lines made level.
fn tell(
    reader: &Reader,
    readable: &Readable,
    bend: Option<&Bend>,
    looked: &Looked,
    desk: &Desk,
) -> Result<Yield<Rows>> {
    let picture = &readable.picture;
    let turned = looked.turned;
    let (width, height) = (f64::from(picture.size.0), f64::from(picture.size.1));
    let to_page = homography(picture);
    let onto = |point: Point| {
        let level = if turned { Point { x: width - point.x, y: height - point.y } } else { point };
        to_page.apply(bend.map_or(level, |bend| bend.back(level)))
    };
    let signature = reader.signature();
    let mut read = reading::reading(picture.id, looked, height, &onto, signature);
    read.turned = if turned { 2 } else { 0 };
    let mut found = Yield::clean(Rows::default());
    if looked.lost {
        found.troubles.push(Trouble::new(Code::ReadingLost, ""));
    }
    let layer = desk.derived.get::<Page>(readable.page)?.and_then(|page| page.text_layer);
    if let Some(layer) = layer.filter(|layer| !layer.text.trim().is_empty()) {
        let judged = reading::judge(&layer, &read.words);
        found.troubles.extend(differing(&judged));
        if judged.sound {
            read =
                reading::reading(picture.id, &told(&layer), height, &|point| point, "text layer".to_owned());
        }
    }
    found.value.put(&read)?;
    Ok(found)
}

/// Pixels of the page for one pixel of the upright raster, along a side.
fn density(picture: &Picture) -> f64 {
    let (width, height) = picture.size;
    (picture.outline.area() / (f64::from(width) * f64::from(height)).max(1.0)).sqrt()
}

pub(crate) fn homography(picture: &Picture) -> Homography {
    let [a, b, c, d, e, f, g, h, i] = picture.to_page;
    Homography([[a, b, c], [d, e, f], [g, h, i]])
}

/// Whether the look of the page does not say which of two ways is up: then reading decides.
fn in_doubt(picture: &Picture) -> bool {
    picture
        .ground
        .iter()
        .any(|Measure { name, value, bound, .. }| name == "up" && bound.is_some_and(|bound| *value < bound))
}

/// A script that the chosen languages are not written in, with the way to read it.
fn script(foreign: &reading::Unread) -> Trouble {
    let way = match (&foreign.installed, foreign.package) {
        (Some(language), _) => format!("; `--languages` with +{language} reads it"),
        (None, "") => String::new(),
        (None, package) => format!("; apt install {package}"),
    };
    Trouble::new(Code::ScriptUnread, format!("{}{way}", foreign.script))
}

/// A layer's words as if they had been looked at, without doubt.
fn told(layer: &TextLayer) -> Looked {
    let mut line = 0;
    let mut end = 0;
    let mut words = Vec::new();
    for word in &layer.words {
        let start = word.span.start as usize;
        let stop = start.saturating_add(word.span.length as usize);
        let Some(text) = layer.text.get(start..stop) else { continue };
        line += layer.text.get(end..start).map_or(0, |between| between.matches('\n').count() as u32);
        end = stop;
        words.push(noted(text, word.quad, line));
    }
    Looked { words, ..Looked::default() }
}

fn noted(text: &str, quad: Quad, line: u32) -> Noted {
    let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
    let others = text.chars().count() - letters;
    let traits = Traits { confidence: 1.0, line: 1.0, letters, others, tall: 20.0, misfit: 0.0, odd: 0.0 };
    Noted { text: text.to_owned(), quad, doubt: 0.0, line, second: false, traits }
}

/// What a text layer says that the picture does not show: worth knowing, whichever is meant to be seen.
fn differing(judged: &reading::Judged) -> Option<Trouble> {
    const SHOWN: usize = 3;
    if judged.differing.is_empty() || judged.agrees.is_none_or(|share| share > 0.98) {
        return None;
    }
    let passage =
        |passage: &reading::Passage| format!("layer '{}', picture '{}'", passage.layer, passage.picture);
    let shown: Vec<String> = judged.differing.iter().take(SHOWN).map(passage).collect();
    let more = judged.differing.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    Some(Trouble::new(Code::LayerDiffers, format!("{}{more}", shown.join("; "))))
}
