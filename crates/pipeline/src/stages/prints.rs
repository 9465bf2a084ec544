use std::collections::BTreeMap;

use case::{Blobs, Derived, Rows};
use families::Feature;
use image::{Rgb, RgbImage};
use model::{Digest, Hasher, Page, PageId, Picture, PictureId, Print, Quad, Yield};

use crate::error::{Error, Result};
use crate::stage::{Desk, Stage};

/// Takes the print of every picture.
pub(crate) struct Prints;

/// A picture, and what its print is taken from.
pub(crate) struct Seen {
    picture: PictureId,
    part: Part,
}

/// What is looked at of a picture: the proxy of its page; where that holds several pictures, only this one's part of it.
pub(super) struct Part {
    pub(super) proxy: Digest,
    /// Width of the page in pixels.
    pub(super) width: f64,
    /// The outline on the page, where there are other pictures on it.
    only: Option<Quad>,
}

impl Part {
    /// That of every picture.
    pub(super) fn all(derived: &Derived) -> Result<BTreeMap<PictureId, Self>> {
        let mut pages: BTreeMap<PageId, (Digest, u32)> = BTreeMap::new();
        derived.each(|page: Page| {
            pages.insert(page.id, (page.proxy, page.width));
            Ok(())
        })?;
        let mut on: BTreeMap<PageId, Vec<(PictureId, Quad)>> = BTreeMap::new();
        derived.each(|picture: Picture| {
            on.entry(picture.page).or_default().push((picture.id, picture.outline));
            Ok(())
        })?;
        let mut parts = BTreeMap::new();
        for (page, pictures) in on {
            let Some((proxy, width)) = pages.get(&page).copied() else { continue };
            let several = pictures.len() > 1;
            let part = |outline| Self { proxy, width: f64::from(width), only: several.then_some(outline) };
            parts.extend(pictures.into_iter().map(|(picture, outline)| (picture, part(outline))));
        }
        Ok(parts)
    }

    /// The raster; what belongs to other pictures of the page is grey.
    pub(super) fn raster(&self, made: &Blobs) -> Result<RgbImage> {
        let mut raster = raster(made, self.proxy)?;
        let Some(outline) = self.only else { return Ok(raster) };
        let scale = f64::from(raster.width()) / self.width.max(1.0);
        let corners = outline.0.map(|corner| (corner.x * scale, corner.y * scale));
        for (x, y, pixel) in raster.enumerate_pixels_mut() {
            if !within(corners, (f64::from(x) + 0.5, f64::from(y) + 0.5)) {
                *pixel = Rgb([128; 3]);
            }
        }
        Ok(raster)
    }

    pub(super) fn depends(&self, on: &mut Hasher) {
        on.id(self.proxy);
        if let Some(outline) = self.only {
            on.text(&format!("{outline:?}"));
        }
    }
}

/// Whether a place lies within four corners given clockwise, of a shape without dents.
fn within(corners: [(f64, f64); 4], (x, y): (f64, f64)) -> bool {
    (0..4).all(|k| {
        let ((ax, ay), (bx, by)) = (corners[k], corners[(k + 1) % 4]);
        (bx - ax) * (y - ay) - (by - ay) * (x - ax) >= 0.0
    })
}

impl Stage for Prints {
    const NAME: &'static str = "prints";
    const VERSION: u32 = 5;
    const SAYS: &'static str = "takes the print of each picture";
    type Input = Seen;

    fn inputs(&self, case: &case::Case) -> Result<Vec<Seen>> {
        let parts = Part::all(case.derived())?;
        Ok(parts.into_iter().map(|(picture, part)| Seen { picture, part }).collect())
    }

    fn name(&self, seen: &Seen) -> String {
        seen.picture.to_string()
    }

    fn depends(&self, seen: &Seen, on: &mut Hasher) {
        seen.part.depends(on);
    }

    fn work(&self, seen: &Seen, desk: &Desk) -> Result<Yield<Rows>> {
        let mut rows = Rows::default();
        let raster = seen.part.raster(desk.made)?;
        let features = families::features(&raster);
        let packed =
            desk.made.put(&mut families::pack(&features).as_slice(), false).map_err(Error::Made)?.digest;
        rows.put(&families::print(seen.picture, &raster, features.len(), packed))?;
        Ok(Yield::clean(rows))
    }
}

/// A raster of our own making.
pub(crate) fn raster(made: &Blobs, digest: Digest) -> Result<RgbImage> {
    let jpeg = made.read(digest)?;
    let raster = image::load_from_memory_with_format(&jpeg, image::ImageFormat::Jpeg);
    raster
        .map(image::DynamicImage::into_rgb8)
        .map_err(|error| Error::Ours(format!("a proxy does not decode: {error}")))
}

/// The places of a picture, as its print keeps them.
pub(super) fn features(made: &Blobs, print: &Print) -> Result<Vec<Feature>> {
    families::unpack(&made.read(print.features)?)
        .ok_or_else(|| Error::Ours("features do not unpack".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inside_and_outside() {
        let corners = [(0.0, 0.0), (10.0, 1.0), (9.0, 8.0), (1.0, 9.0)];
        assert!(within(corners, (5.0, 5.0)) && !within(corners, (9.9, 7.0)) && !within(corners, (5.0, 0.2)));
    }
}
