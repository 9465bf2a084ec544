use std::collections::BTreeMap;

use case::{Blobs, Rows};
use families::Feature;
use image::RgbImage;
use model::{Digest, Hasher, Page, Picture, PictureId, Print, Yield};

use crate::error::{Error, Result};
use crate::stage::{Desk, Stage};

/// Takes the print of every picture.
pub(crate) struct Prints;

/// A picture, and the raster its print is taken from.
pub(crate) struct Seen {
    picture: PictureId,
    proxy: Digest,
}

impl Stage for Prints {
    const NAME: &'static str = "prints";
    const VERSION: u32 = 3;
    const SAYS: &'static str = "takes the print of each picture";
    type Input = Seen;

    fn inputs(&self, case: &case::Case) -> Result<Vec<Seen>> {
        let mut proxies = BTreeMap::new();
        case.derived().each(|page: Page| {
            proxies.insert(page.id, page.proxy);
            Ok(())
        })?;
        let mut seen = Vec::new();
        case.derived().each(|picture: Picture| {
            seen.extend(proxies.get(&picture.page).map(|proxy| Seen { picture: picture.id, proxy: *proxy }));
            Ok(())
        })?;
        Ok(seen)
    }

    fn name(&self, seen: &Seen) -> String {
        seen.picture.to_string()
    }

    fn depends(&self, seen: &Seen, on: &mut Hasher) {
        on.id(seen.proxy);
    }

    fn work(&self, seen: &Seen, desk: &Desk) -> Result<Yield<Rows>> {
        let mut rows = Rows::default();
        let raster = raster(desk.made, seen.proxy)?;
        let features = families::features(&raster);
        let packed =
            desk.made.put(&mut families::pack(&features).as_slice(), false).map_err(Error::Made)?.digest;
        rows.put(&families::print(seen.picture, &raster, features.len(), packed))?;
        Ok(Yield::clean(rows))
    }
}

/// A raster of our own making.
pub(super) fn raster(made: &Blobs, digest: Digest) -> Result<RgbImage> {
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
