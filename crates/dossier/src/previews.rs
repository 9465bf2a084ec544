//! What the report shows of pictures: made anew from rasters of ours, never from received bytes.

use std::cell::RefCell;
use std::collections::BTreeMap;

use case::Case;
use image::RgbImage;
use model::{Digest, Picture, Placing};
use pages::Homography;

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
    let made = case.made();
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
        let onto = homography(&picture.to_page).inverse()?;
        let on_upright = corners.map(|[x, y]| {
            let point = onto.apply(model::Point { x, y });
            [point.x, point.y]
        });
        thumbnail::cutting(raster, &on_upright)
    };
    let placing_of: BTreeMap<String, &Placing> =
        material.placings.iter().map(|placing| (placing.picture.to_string(), placing)).collect();
    let view = |id: &str| {
        let (picture, placing) = (pictures.get(id)?, placing_of.get(id)?);
        let raster = thumbnail::decoded(&made.read(picture.upright).ok()?)?;
        let to_upright = homography(&picture.to_page).inverse()?;
        let to_view = homography(&placing.to_view).inverse()?;
        let onto = to_upright.after(&to_view);
        let size = (placing.view.0.clamp(1.0, 2000.0) as u32, placing.view.1.clamp(1.0, 2000.0) as u32);
        thumbnail::view(&pages::laid(&raster, &onto, size))
    };
    report(dossier, context, &Previews { thumbnail: &thumbnail, place: &place, view: &view })
}

fn homography([a, b, c, d, e, f, g, h, i]: &[f64; 9]) -> Homography {
    Homography([[*a, *b, *c], [*d, *e, *f], [*g, *h, *i]])
}
