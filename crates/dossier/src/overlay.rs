//! Why two pictures are held to show one sheet, drawn: cell by cell where their ink agrees.

use std::io::Cursor;

use families::{Grid, Says};
use image::{ImageFormat, Rgb, RgbImage};

fn colour(says: Says) -> Rgb<u8> {
    match says {
        Says::Same => Rgb([0, 160, 90]),
        Says::Unclear => Rgb([235, 165, 0]),
        Says::Other => Rgb([215, 30, 30]),
        Says::One => Rgb([60, 110, 220]),
    }
}

/// Both rasters beside each other as a PNG, the cells coloured on the one that they lie on: green the same ink, amber unclear,
/// red other ink, blue ink on one only.
pub fn overlay(rasters: &[RgbImage; 2], grid: &Grid) -> Option<Vec<u8>> {
    const GAP: u32 = 12;
    let [one, two] = rasters;
    let (width, height) = (one.width() + GAP + two.width(), one.height().max(two.height()));
    let mut both = RgbImage::from_pixel(width, height, Rgb([255; 3]));
    image::imageops::replace(&mut both, one, 0, 0);
    image::imageops::replace(&mut both, two, i64::from(one.width() + GAP), 0);
    let (across, size) =
        if grid.on_first { (0, one.dimensions()) } else { (one.width() + GAP, two.dimensions()) };
    for (row, line) in grid.rows.iter().enumerate() {
        for (column, says) in line.iter().enumerate() {
            let Some(says) = says else { continue };
            let at = |from: f64, n: usize, most: u32| {
                (from + grid.side * n as f64).clamp(0.0, f64::from(most)) as u32
            };
            let xs = at(grid.corner.0, column, size.0)..at(grid.corner.0, column + 1, size.0);
            let ys = at(grid.corner.1, row, size.1)..at(grid.corner.1, row + 1, size.1);
            for (x, y) in ys.flat_map(|y| xs.clone().map(move |x| (x + across, y))) {
                let pixel = both.get_pixel_mut(x, y);
                for (level, of) in pixel.0.iter_mut().zip(colour(*says).0) {
                    *level = ((u16::from(*level) * 3 + u16::from(of) * 2) / 5) as u8;
                }
            }
        }
    }
    let mut png = Cursor::new(Vec::new());
    both.write_to(&mut png, ImageFormat::Png).ok()?;
    Some(png.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_coloured_where_they_are() {
        let rasters =
            [RgbImage::from_pixel(20, 10, Rgb([255; 3])), RgbImage::from_pixel(10, 20, Rgb([255; 3]))];
        let seen = |on_first, says| {
            let rows = vec![vec![None, Some(says)], vec![None, None]];
            let grid = Grid { on_first, corner: (-2.0, 2.0), side: 4.0, rows };
            image::load_from_memory(&overlay(&rasters, &grid).unwrap()).unwrap().into_rgb8()
        };
        let first = seen(true, Says::Same);
        assert_eq!((first.width(), first.height()), (42, 20));
        assert_eq!(first.get_pixel(3, 3).0, [153, 217, 189]);
        assert_eq!(first.get_pixel(8, 8).0, [255; 3]);
        assert_eq!(first.get_pixel(0, 3).0, [255; 3], "no ink there");
        assert_eq!(seen(false, Says::Other).get_pixel(35, 3).0, [239, 165, 165]);
    }
}
