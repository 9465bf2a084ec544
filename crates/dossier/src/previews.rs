//! What the report shows of pictures: made anew from rasters of ours, never from received bytes.

use std::cell::RefCell;
use std::collections::BTreeMap;

use case::Case;
use image::RgbImage;
use model::{Digest, Picture};

use crate::material::Material;
use crate::report::{Context, Previews, report};
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
    let thumbnail = |id: &str| {
        let proxy = proxy_of.get(&pictures.get(id)?.page)?;
        thumbnail::thumbnail(&case.made().read(*proxy).ok()?, THUMBNAIL)
    };
    // Places of one picture are asked for one after the other.
    let kept: RefCell<Vec<(Digest, RgbImage)>> = RefCell::default();
    let place = |id: &str, corners: &[[f64; 2]; 4]| {
        let picture = pictures.get(id)?;
        let mut kept = kept.borrow_mut();
        if !kept.iter().any(|(digest, _)| *digest == picture.upright) {
            let raster = thumbnail::decoded(&case.made().read(picture.upright).ok()?)?;
            kept.truncate(KEPT - 1);
            kept.insert(0, (picture.upright, raster));
        }
        let (_, raster) = kept.iter().find(|(digest, _)| *digest == picture.upright)?;
        let [a, b, c, d, e, f, g, h, i] = picture.to_page;
        let onto = pages::Homography([[a, b, c], [d, e, f], [g, h, i]]).inverse()?;
        let on_upright = corners.map(|[x, y]| {
            let point = onto.apply(model::Point { x, y });
            [point.x, point.y]
        });
        thumbnail::cutting(raster, &on_upright)
    };
    report(dossier, context, &Previews { thumbnail: &thumbnail, place: &place })
}
