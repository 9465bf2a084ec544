//! Redaction with all that it needs of a case: pictures with their words, the reader of letters, the worker that opens files of
//! strangers, and the other pictures of the sheet.

mod check;
mod choice;
mod derive;
mod objection;
mod twins;

use case::Case;
use image::{GrayImage, RgbImage, imageops};
use model::{PageId, Picture, PictureId, Point, Quad, Reading};
use pages::Homography;
use reading::{Layout, Manner, Upright};
use redaction::{Area, Finding, Placed, Seen, Terms};

use crate::drive::Reader;
use crate::error::Result;
use crate::stages::prints;
use crate::stages::readings::homography;

pub use check::{Checked, Regions, check};
pub use choice::{Choice, Form, Party};
pub use derive::{Derivative, Made, derive, enter};
pub use objection::Objection;
use twins::across;
pub use twins::{Twin, twins};

/// RGB, 8 bits a channel.
pub type Raster = RgbImage;

/// Rasters up to this height are read as one block of lines.
const BLOCK: u32 = 400;

/// A picture set upright, the right way up, with the words that were read on it.
pub struct Canvas {
    /// The picture.
    pub picture: PictureId,
    /// Its page.
    pub page: PageId,
    /// Its pixels, of our own making.
    pub raster: RgbImage,
    /// The words, in reading order.
    pub words: Vec<(String, Placed)>,
    /// From pixels of the raster to pixels of the page.
    to_page: Homography,
}

impl Canvas {
    /// That of a picture of the case; none if there is no such picture.
    pub fn of(case: &Case, picture: PictureId) -> Result<Option<Self>> {
        let Some(picture) = case.derived().get::<Picture>(picture)? else { return Ok(None) };
        let reading = case.derived().get::<Reading>(picture.id)?;
        let mut raster = prints::raster(case.made(), picture.upright)?;
        let mut to_page = homography(&picture);
        if reading.as_ref().is_some_and(|reading| reading.turned == 2) {
            imageops::rotate180_in_place(&mut raster);
            let (width, height) = (f64::from(raster.width()), f64::from(raster.height()));
            to_page = to_page.after(&Homography([[-1.0, 0.0, width], [0.0, -1.0, height], [0.0, 0.0, 1.0]]));
        }
        let mut canvas = Self { picture: picture.id, page: picture.page, raster, words: Vec::new(), to_page };
        for word in reading.iter().flat_map(|reading| &reading.words) {
            if let Some(area) = canvas.area(&word.quad) {
                canvas.words.push((word.text.clone(), Placed { area, line: word.line }));
            }
        }
        Ok(Some(canvas))
    }

    /// The place of a quad of the page on the raster.
    pub fn area(&self, quad: &Quad) -> Option<Area> {
        let onto = self.to_page.inverse()?;
        around(&onto.quad(quad), self.raster.dimensions())
    }

    /// The place of an area of the raster on the page.
    pub fn quad(&self, area: &Area) -> Quad {
        let (x, y) = (f64::from(area.x), f64::from(area.y));
        self.to_page.quad(&Quad::rectangle(x, y, f64::from(area.width), f64::from(area.height)))
    }
}

fn around(quad: &Quad, size: (u32, u32)) -> Option<Area> {
    let fold = |of: fn(&Point) -> f64| {
        let values = quad.0.iter().map(of);
        (values.clone().fold(f64::MAX, f64::min), values.fold(f64::MIN, f64::max))
    };
    let ((left, right), (top, bottom)) = (fold(|point| point.x), fold(|point| point.y));
    Area::around(left, top, right, bottom, size)
}

/// Attacks a page of a redacted file; gives what was found and the words of the page that are still read.
pub fn attacked(
    reader: &Reader,
    page: &redaction::Page,
    withheld: &Terms,
) -> Result<(Vec<Finding>, Vec<Seen>)> {
    let (mut fault, mut whole) = (None, Vec::new());
    let found = redaction::attack(page, withheld, &mut |raster| match read(reader, raster) {
        Ok(seen) => {
            if raster.dimensions() == page.raster.dimensions() {
                whole.clone_from(&seen);
            }
            seen
        }
        Err(error) => {
            fault = Some(error);
            Vec::new()
        }
    });
    match fault {
        Some(error) => Err(error),
        None => Ok((found, whole)),
    }
}

/// The words on a raster: a page as pictures are read, a strip as one block.
fn read(reader: &Reader, raster: &GrayImage) -> Result<Vec<Seen>> {
    let size = raster.dimensions();
    if raster.height() > BLOCK {
        let upright = Upright { raster, density: 1.0 };
        let looked = reading::look(&reader.tesseract, &[upright], &reader.looks)?;
        let words = looked.into_iter().flat_map(|looked| looked.words);
        let seen = words.filter_map(|word| {
            Some(Seen { area: around(&word.quad, size)?, text: word.text, doubt: word.doubt })
        });
        return Ok(seen.collect());
    }
    let manner = Manner { layout: Layout::Block, ..reader.looks.manner.clone() };
    let leaves = reader.tesseract.read(&[raster], &manner)?;
    let seen = leaves.into_iter().flat_map(|leaf| leaf.seen).filter_map(|seen| {
        let (x, y) = (f64::from(seen.left), f64::from(seen.top));
        let area = Area::around(x, y, x + f64::from(seen.width), y + f64::from(seen.height), size)?;
        Some(Seen { text: seen.text, area, doubt: 1.0 - seen.confidence / 100.0 })
    });
    Ok(seen.collect())
}
