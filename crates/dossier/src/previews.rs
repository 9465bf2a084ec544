//! What the report shows of pictures: made anew from rasters of ours, never from received bytes.

use std::cell::RefCell;
use std::collections::BTreeMap;

use case::{Blobs, Case, Shelf};
use image::RgbImage;
use model::{Digest, Page, Picture, PictureId, Placing, Reading};
use pages::Homography;

use crate::material::Material;
use crate::report::{Context, Corners, Opened, Previews, report};
use crate::thumbnail;
use crate::told::Dossier;

/// Longest side of a thumbnail in the report, in pixels.
const THUMBNAIL: u32 = 260;
/// Upright rasters held at once while places are cut out of them.
const KEPT: usize = 8;

/// The report of a case, with previews of its pictures and cuttings of the places at which they differ.
pub fn report_of(case: &Case, material: &Material, dossier: &Dossier, context: &Context) -> String {
    let proxy_of: BTreeMap<_, _> = material.pages.iter().map(|page| (page.id, page.proxy)).collect();
    let pictures: BTreeMap<String, &Picture> =
        material.pictures.iter().map(|picture| (picture.id.to_string(), picture)).collect();
    let (made, derived) = (case.made(), case.derived());
    let thumbnail = |id: &str| {
        let proxy = proxy_of.get(&pictures.get(id)?.page)?;
        thumbnail::thumbnail(&made.read(*proxy).ok()?, THUMBNAIL)
    };
    // Places of one picture are asked for one after the other.
    let kept: RefCell<Vec<(Digest, RgbImage)>> = RefCell::default();
    let place = |id: &str, corners: &[[f64; 2]; 4]| {
        let picture = pictures.get(id)?;
        let mut kept = kept.borrow_mut();
        if !kept.iter().any(|(digest, _)| *digest == picture.upright) {
            let raster = thumbnail::decoded(&made.read(picture.upright).ok()?)?;
            kept.truncate(KEPT - 1);
            kept.insert(0, (picture.upright, raster));
        }
        let (_, raster) = kept.iter().find(|(digest, _)| *digest == picture.upright)?;
        cut(raster, picture, corners)
    };
    let placing_of: BTreeMap<String, &Placing> =
        material.placings.iter().map(|placing| (placing.picture.to_string(), placing)).collect();
    let view = |id: &str| laid(made, pictures.get(id)?, placing_of.get(id)?);
    let page = |id: &str| {
        let picture = *pictures.get(id)?;
        let raster = thumbnail::decoded(&made.read(picture.upright).ok()?)?;
        let reading = derived.get::<Reading>(picture.id).ok().flatten();
        Some(Opened { upright: thumbnail::view(&raster)?, picture: picture.clone(), reading })
    };
    report(dossier, context, &Previews { thumbnail: &thumbnail, place: &place, view: &view, page: &page })
}

/// A place of a picture, cut out of its upright raster.
fn cut(raster: &RgbImage, picture: &Picture, corners: &Corners) -> Option<Vec<u8>> {
    let onto = homography(&picture.to_page).inverse()?;
    let on_upright = corners.map(|[x, y]| {
        let point = onto.apply(model::Point { x, y });
        [point.x, point.y]
    });
    thumbnail::cutting(raster, &on_upright)
}

/// A picture drawn onto the view of its sheet.
fn laid(made: &Blobs, picture: &Picture, placing: &Placing) -> Option<Vec<u8>> {
    let raster = thumbnail::decoded(&made.read(picture.upright).ok()?)?;
    let to_upright = homography(&picture.to_page).inverse()?;
    let to_view = homography(&placing.to_view).inverse()?;
    let onto = to_upright.after(&to_view);
    let size = (placing.view.0.clamp(1.0, 2000.0) as u32, placing.view.1.clamp(1.0, 2000.0) as u32);
    thumbnail::view(&pages::laid(&raster, &onto, size))
}

/// One picture's rasters, made when they are asked for: what a workbench hands out. JPEG, anew from rasters of ours.
pub struct Rasters<'a> {
    shelf: &'a Shelf,
    picture: Picture,
}

impl<'a> Rasters<'a> {
    /// Of a picture of the case; None if there is no such picture.
    pub fn of(shelf: &'a Shelf, picture: PictureId) -> Result<Option<Self>, case::Error> {
        Ok(shelf.derived().get::<Picture>(picture)?.map(|picture| Self { shelf, picture }))
    }

    /// The page it was seen on, small: its longest side is [`THUMBNAIL`] pixels at most.
    pub fn thumbnail(&self) -> Option<Vec<u8>> {
        let page: Page = self.shelf.derived().get(self.picture.page).ok()??;
        thumbnail::thumbnail(&self.shelf.made().read(page.proxy).ok()?, THUMBNAIL)
    }

    /// The picture set upright, as it is read.
    pub fn upright(&self) -> Option<Vec<u8>> {
        let jpeg = self.shelf.made().read(self.picture.upright).ok()?;
        jpeg.starts_with(&[0xff, 0xd8, 0xff]).then_some(jpeg)
    }

    /// A place, with something around it; `corners` in pixels of the page.
    pub fn place(&self, corners: &Corners) -> Option<Vec<u8>> {
        let raster = thumbnail::decoded(&self.shelf.made().read(self.picture.upright).ok()?)?;
        cut(&raster, &self.picture, corners)
    }

    /// The picture drawn onto the view of its sheet; None where it does not lie on one.
    pub fn view(&self) -> Option<Vec<u8>> {
        let placing: Placing = self.shelf.derived().get(self.picture.id).ok()??;
        laid(self.shelf.made(), &self.picture, &placing)
    }
}

fn homography([a, b, c, d, e, f, g, h, i]: &[f64; 9]) -> Homography {
    Homography([[*a, *b, *c], [*d, *e, *f], [*g, *h, *i]])
}
