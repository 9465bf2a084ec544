use case::Case;
use model::{Family, Match, Picture, PictureId, Placing, Quad};
use pages::Homography;
use redaction::Area;

use super::Canvas;
use crate::error::Result;
use crate::stages::readings::homography;

/// Another picture of the sheet, on which a withheld place can be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Twin {
    /// The picture.
    pub picture: PictureId,
    /// The areas, on the redacted raster, that it shows.
    pub areas: Vec<Area>,
}

/// Levels of ink from which on a place shows something.
const SHOWN: u8 = 60;

/// The other pictures of the sheet on which something stands where `areas` of this one are withheld. They are as the case
/// received them, so they may be public.
pub fn twins(case: &Case, canvas: &Canvas, areas: &[Area]) -> Result<Vec<Twin>> {
    let mut others = Vec::new();
    case.derived().each(|family: Family| {
        if family.pictures.contains(&canvas.picture) {
            others = family.pictures.into_iter().filter(|picture| *picture != canvas.picture).collect();
        }
        Ok(())
    })?;
    let mut twins = Vec::new();
    for other in others {
        let Some(map) = mapped(case, canvas.picture, other)? else { continue };
        let Some(picture) = case.derived().get::<Picture>(other)? else { continue };
        let Some(there) = Canvas::of(case, other)? else { continue };
        let shown = |area: &&Area| shows(&there, &picture, &map.quad(&canvas.quad(area)));
        let areas: Vec<Area> = areas.iter().filter(shown).copied().collect();
        if !areas.is_empty() {
            twins.push(Twin { picture: other, areas });
        }
    }
    Ok(twins)
}

/// Where a place on the page of one picture lies on the page of another of the same sheet.
pub(super) fn across(from: &Placing, to: &Placing, quad: &Quad) -> Option<Quad> {
    let onto = rows(to.to_view).inverse()?.after(&rows(from.to_view));
    Some(onto.quad(quad))
}

fn rows([a, b, c, d, e, f, g, h, i]: [f64; 9]) -> Homography {
    Homography([[a, b, c], [d, e, f], [g, h, i]])
}

/// The map from the page of one picture to that of another: over the view that their sheet has, or of the match between them.
fn mapped(case: &Case, from: PictureId, to: PictureId) -> Result<Option<Homography>> {
    let derived = case.derived();
    if let (Some(one), Some(two)) = (derived.get::<Placing>(from)?, derived.get::<Placing>(to)?) {
        return Ok(rows(two.to_view).inverse().map(|back| back.after(&rows(one.to_view))));
    }
    let id = Match::id_of(from.min(to), from.max(to));
    let Some(found) = derived.get::<Match>(id)? else { return Ok(None) };
    let Some(map) = found.homography else {
        // The same pixels: what lies at a place of one lies at that place of the other.
        let same = rows([1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]);
        return Ok((found.ground == model::Ground::SamePixels).then_some(same));
    };
    Ok(if found.a == from { Some(rows(map)) } else { rows(map).inverse() })
}

/// Whether something stands at a place of the page, in the part of it that the picture shows.
fn shows(there: &Canvas, picture: &Picture, quad: &Quad) -> bool {
    let Some(onto) = homography(picture).inverse() else { return false };
    let whole = onto.quad(quad);
    let inside = |point: &model::Point| {
        let (width, height) = (f64::from(picture.size.0), f64::from(picture.size.1));
        point.x > -width * 0.02
            && point.y > -height * 0.02
            && point.x < width * 1.02
            && point.y < height * 1.02
    };
    // A corner or two may be cut off and the words still stand there.
    if whole.0.iter().filter(|corner| inside(corner)).count() < 2 {
        return false;
    }
    let Some(area) = there.area(quad).and_then(|area| area.shrunk(2).or(Some(area))) else { return false };
    let (mut least, mut most) = (255, 0);
    for y in area.y..area.bottom() {
        for x in area.x..area.right() {
            let level = there.raster.get_pixel(x, y).0[1];
            (least, most) = (least.min(level), most.max(level));
        }
    }
    most.saturating_sub(least) >= SHOWN
}
