use std::io::{Seek, SeekFrom, Write};
use std::path::Path;

use image::RgbImage;
use model::{Kind, TextLayer};
use pages::Told;
use redaction::{Area, Container, Finding, Part, Seen, Terms};

use super::attacked;
use crate::budget::Budget;
use crate::drive::Reader;
use crate::error::{Error, Result};
use crate::worker::Worker;

/// What checking a file found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// What is weak in it.
    pub findings: Vec<Finding>,
    /// The regions that were looked at, page by page.
    pub regions: Vec<Vec<Area>>,
}

/// Which regions of a page are withheld: by its number and its raster.
pub type Regions<'a> = &'a dyn Fn(usize, &RgbImage) -> Vec<Area>;

/// Pages that are looked at, at most.
const PAGES: usize = 200;
/// Pixels of all parts that are held against the pages together.
const PIXELS: u64 = 120_000_000;

/// Attacks a file of a stranger: it is walked here, and opened by `worker`, the program that serves as one. None if it is neither
/// PNG, JPEG nor PDF.
pub fn check(
    worker: &Path,
    reader: &Reader,
    bytes: &[u8],
    regions: Regions,
    withheld: &Terms,
) -> Result<Option<Checked>> {
    let Some(container) = redaction::container(bytes) else { return Ok(None) };
    let scan = redaction::scan(container, bytes);
    let worker = Worker::new(Some(worker.to_owned()));
    let parts = opened(&worker, &scan.parts)?;
    let mut checked = Checked { findings: scan.findings, regions: Vec::new() };
    let lossy = scan.parts.iter().any(|part| part.container == Container::Jpeg);
    let edge = match container {
        Container::Png => 0,
        Container::Pdf if !lossy => 3,
        Container::Pdf | Container::Jpeg => 8,
    };
    surfaces(&worker, container, bytes, &mut |told, raster| {
        let number = checked.regions.len();
        let areas = regions(number, &raster);
        if number < PAGES {
            let layer = told.text_layer.as_ref().map(|layer| words(layer, &raster)).unwrap_or_default();
            let page = redaction::Page { number, raster: &raster, edge, layer: &layer, regions: &areas };
            checked.findings.extend(attacked(reader, &page, withheld)?.0);
            for (what, part) in &parts {
                checked.findings.extend(redaction::laid_on(part, what, &page));
            }
        }
        checked.regions.push(areas);
        Ok(())
    })?;
    checked.findings.sort();
    checked.findings.dedup();
    Ok(Some(checked))
}

/// The parts of a file that a worker can open, with their pixels.
fn opened(worker: &Worker, parts: &[Part]) -> Result<Vec<(String, RgbImage)>> {
    let (mut rasters, mut left) = (Vec::new(), PIXELS);
    for part in parts {
        surfaces(worker, part.container, &part.bytes, &mut |_, raster| {
            let pixels = u64::from(raster.width()) * u64::from(raster.height());
            if pixels <= left {
                left -= pixels;
                rasters.push((part.what.clone(), raster));
            }
            Ok(())
        })?;
    }
    Ok(rasters)
}

/// Opens a file in a worker and hands its surfaces on; what the worker could not show is passed over.
fn surfaces(
    worker: &Worker,
    container: Container,
    bytes: &[u8],
    take: &mut dyn FnMut(Told, RgbImage) -> Result<()>,
) -> Result<()> {
    let kind = match container {
        Container::Png => Kind::Png,
        Container::Jpeg => Kind::Jpeg,
        Container::Pdf => Kind::Pdf,
    };
    let mut file = tempfile::tempfile().map_err(Error::Worker)?;
    file.write_all(bytes).and_then(|()| file.seek(SeekFrom::Start(0))).map_err(Error::Worker)?;
    worker.surfaces(file, kind, &Budget::new(PIXELS), take)?;
    Ok(())
}

/// The words of a text layer with their places.
fn words(layer: &TextLayer, raster: &RgbImage) -> Vec<Seen> {
    let word = |word: &model::TextWord| {
        let start = word.span.start as usize;
        let text = layer.text.get(start..start.saturating_add(word.span.length as usize))?;
        let area = super::around(&word.quad, raster.dimensions())?;
        Some(Seen { text: text.to_owned(), area, doubt: 0.0 })
    };
    layer.words.iter().filter_map(word).collect()
}
