//! Where a stranger's file seems to withhold something: dark boxes.

use image::{GrayImage, RgbImage, imageops};

use crate::area::Area;

/// Levels up to which a pixel may belong to a box.
const DARK: u8 = 48;
/// Boxes that are looked for, at most.
const MOST: usize = 2_000;

/// Filled dark rectangles, at least 10 pixels high and 16 wide, sorted from the top. A stroke, a letter or a photograph is none:
/// nearly every pixel inside must be dark, and the pixels beside it lighter.
pub fn boxes(raster: &RgbImage) -> Vec<Area> {
    let grey = imageops::grayscale(raster);
    let (width, height) = grey.dimensions();
    let mut taken = vec![false; width as usize * height as usize];
    let mut found = Vec::new();
    // Pixels looked at for boxes that were none: a raster made to cost much costs this much.
    let mut left = grey.len() as u64 * 64;
    for y in 0..height {
        for x in 0..width {
            let at = y as usize * width as usize + x as usize;
            if taken[at] || grey.get_pixel(x, y)[0] > DARK {
                continue;
            }
            let area = grown(&grey, x, y);
            left = left.saturating_sub(area.size());
            if left == 0 {
                return found;
            }
            if area.width >= 16 && area.height >= 10 && filled(&grey, area) {
                for row in area.y..area.bottom() {
                    let start = row as usize * width as usize + area.x as usize;
                    taken[start..start + area.width as usize].fill(true);
                }
                found.push(area);
                if found.len() == MOST {
                    return found;
                }
            }
        }
    }
    found
}

/// From its top left pixel: as far right as the row is dark, then as far down as the rows are.
fn grown(grey: &GrayImage, x: u32, y: u32) -> Area {
    let dark = |x: u32, y: u32| grey.get_pixel(x, y)[0] <= DARK;
    let right = (x..grey.width()).find(|at| !dark(*at, y)).unwrap_or(grey.width());
    let width = right - x;
    let row_is_dark = |row: u32| {
        let count = (x..right).filter(|at| dark(*at, row)).count() as u32;
        count * 20 >= width * 19
    };
    let bottom = if width < 16 {
        y + 1
    } else {
        (y..grey.height()).find(|row| !row_is_dark(*row)).unwrap_or(grey.height())
    };
    Area { x, y, width, height: bottom - y }
}

fn filled(grey: &GrayImage, area: Area) -> bool {
    let dark = (area.y..area.bottom())
        .flat_map(|y| (area.x..area.right()).map(move |x| (x, y)))
        .filter(|(x, y)| grey.get_pixel(*x, *y)[0] <= DARK)
        .count() as u64;
    dark * 100 >= area.size() * 96
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    #[test]
    fn boxes_are_found_and_letters_are_not() {
        let mut rng = forge::rng::Rng::new(3);
        let mut raster = forge::typeset::sheet(&mut rng, forge::typeset::Look::Memo).raster();
        let before = boxes(&raster);
        let drawn = [
            Area { x: 300, y: 900, width: 200, height: 40 },
            Area { x: 700, y: 1200, width: 60, height: 24 },
        ];
        for area in drawn {
            for (x, y) in (area.y..area.bottom()).flat_map(|y| (area.x..area.right()).map(move |x| (x, y))) {
                raster.put_pixel(x, y, Rgb([3, 2, 4]));
            }
        }
        let after: Vec<Area> = boxes(&raster).into_iter().filter(|area| !before.contains(area)).collect();
        assert!(before.len() < 3, "{before:?}");
        for area in drawn {
            assert!(
                after.iter().any(|found| found.near(&area, 0) && found.size() >= area.size() * 9 / 10),
                "{after:?}"
            );
        }
    }
}
