//! Why two pictures are held to show one sheet, drawn: cell by cell where their ink agrees.

use std::io::Cursor;

use families::{Place, Says};
use image::{ImageFormat, Rgb, RgbImage};

fn colour(says: Says) -> Rgb<u8> {
    match says {
        Says::Same => Rgb([0, 160, 90]),
        Says::Unclear => Rgb([235, 165, 0]),
        Says::Other => Rgb([215, 30, 30]),
        Says::One => Rgb([60, 110, 220]),
    }
}

/// Both rasters beside each other as a PNG, the places coloured: green the same ink, amber unclear, red other ink, blue ink
/// on one only.
pub fn overlay(rasters: &[RgbImage; 2], places: &[Place]) -> Option<Vec<u8>> {
    const GAP: u32 = 12;
    let [one, two] = rasters;
    let (width, height) = (one.width() + GAP + two.width(), one.height().max(two.height()));
    let mut both = RgbImage::from_pixel(width, height, Rgb([255; 3]));
    image::imageops::replace(&mut both, one, 0, 0);
    image::imageops::replace(&mut both, two, i64::from(one.width() + GAP), 0);
    for place in places {
        let across = if place.on_first { 0.0 } else { f64::from(one.width() + GAP) };
        tint(&mut both, place.quad.map(|(x, y)| (x + across, y)), colour(place.says));
    }
    let mut png = Cursor::new(Vec::new());
    both.write_to(&mut png, ImageFormat::Png).ok()?;
    Some(png.into_inner())
}

/// Colours the pixels within four corners of a shape without dents, whichever way round they are.
fn tint(raster: &mut RgbImage, corners: [(f64, f64); 4], colour: Rgb<u8>) {
    let side = |pick: fn(&(f64, f64)) -> f64, most: u32| {
        let of = corners.iter().map(pick);
        let (low, high) = (of.clone().fold(f64::MAX, f64::min), of.fold(f64::MIN, f64::max));
        low.clamp(0.0, f64::from(most)) as u32..high.ceil().clamp(0.0, f64::from(most)) as u32
    };
    let (xs, ys) = (side(|corner| corner.0, raster.width()), side(|corner| corner.1, raster.height()));
    for y in ys {
        for x in xs.clone() {
            let (px, py) = (f64::from(x) + 0.5, f64::from(y) + 0.5);
            let turn = |k: usize| {
                let ((ax, ay), (bx, by)) = (corners[k], corners[(k + 1) % 4]);
                (bx - ax) * (py - ay) - (by - ay) * (px - ax)
            };
            let turns = [turn(0), turn(1), turn(2), turn(3)];
            if turns.iter().all(|turn| *turn >= 0.0) || turns.iter().all(|turn| *turn <= 0.0) {
                let pixel = raster.get_pixel_mut(x, y);
                for (level, of) in pixel.0.iter_mut().zip(colour.0) {
                    *level = ((u16::from(*level) * 3 + u16::from(of) * 2) / 5) as u8;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_coloured_where_they_are() {
        let rasters =
            [RgbImage::from_pixel(20, 10, Rgb([255; 3])), RgbImage::from_pixel(10, 20, Rgb([255; 3]))];
        let square = [(2.0, 2.0), (6.0, 2.0), (6.0, 6.0), (2.0, 6.0)];
        let place = |on_first, says| Place { quad: square, on_first, says };
        let png = overlay(&rasters, &[place(true, Says::Same), place(false, Says::Other)]).unwrap();
        let seen = image::load_from_memory(&png).unwrap().into_rgb8();
        assert_eq!((seen.width(), seen.height()), (42, 20));
        assert_eq!(seen.get_pixel(3, 3).0, [153, 217, 189]);
        assert_eq!(seen.get_pixel(35, 3).0, [239, 165, 165]);
        assert_eq!(seen.get_pixel(8, 8).0, [255; 3]);
    }
}
