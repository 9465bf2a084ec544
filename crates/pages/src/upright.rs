//! A sheet set upright: its outline drawn out to a rectangle.

use image::{GrayImage, RgbImage};
use model::{Point, Quad};

use crate::geometry::Homography;
use crate::sample;
use crate::sheet::Sheet;

/// Longest side of an upright raster, where the page carries it.
const LONGEST: f64 = 2200.0;
/// The most that a sheet is enlarged.
const MOST: f64 = 1.6;
/// Sides, long over short, of Letter and of ISO 216 paper.
const LETTER: f64 = 11.0 / 8.5;
const ISO: f64 = std::f64::consts::SQRT_2;

/// How far a ratio of sides is from the nearer of Letter's and ISO's, as a share.
pub(crate) fn off_paper(ratio: f64) -> f64 {
    (ratio / LETTER - 1.0).abs().min((ratio / ISO - 1.0).abs())
}

/// Width and height of the raster that a sheet with this outline is set upright on.
pub(crate) fn size(outline: &Quad, whole: bool) -> (u32, u32) {
    let side = |a: usize, b: usize| {
        let (p, q) = (outline.0[a], outline.0[b]);
        (p.x - q.x).hypot(p.y - q.y)
    };
    let (mut width, mut height) = ((side(0, 1) + side(3, 2)) / 2.0, (side(0, 3) + side(1, 2)) / 2.0);
    (width, height) = (width.max(1.0), height.max(1.0));
    if whole {
        let ratio = width.max(height) / width.min(height);
        let near = if (ratio - LETTER).abs() < (ratio - ISO).abs() { LETTER } else { ISO };
        if (ratio / near - 1.0).abs() < 0.07 {
            let area = width * height;
            let (long, short) = ((area * near).sqrt(), (area / near).sqrt());
            (width, height) = if width > height { (long, short) } else { (short, long) };
        }
    }
    let scale = (LONGEST / width.max(height)).min(MOST);
    let hold = |v: f64| (v * scale).round().clamp(1.0, LONGEST) as u32;
    (hold(width), hold(height))
}

/// The sheet's raster, colours kept. Where the sheet reaches outside the picture, white.
pub fn upright(image: &RgbImage, sheet: &Sheet) -> RgbImage {
    drawn(image, &sheet.outline, &sheet.to_page, sheet.size)
}

/// A raster of `size` whose pixels lie on `image` where `to_image` says, colours kept; white where that is outside.
pub fn laid(image: &RgbImage, to_image: &Homography, size: (u32, u32)) -> RgbImage {
    sample::colour(image, to_image, size)
}

/// A raster of `size` whose pixels lie on the page where `to_page` says.
pub(crate) fn drawn(image: &RgbImage, outline: &Quad, to_page: &Homography, size: (u32, u32)) -> RgbImage {
    match block(outline, size) {
        1 => sample::colour(image, to_page, size),
        by => sample::colour(&sample::blocks(image, by), &shrunk(to_page, by), size),
    }
}

/// The same in grey.
pub(crate) fn drawn_grey(
    image: &RgbImage,
    outline: &Quad,
    to_page: &Homography,
    size: (u32, u32),
) -> GrayImage {
    let by = block(outline, size);
    sample::grey(&sample::brightness(image, by), &shrunk(to_page, by), size)
}

/// Where the page is finer than the raster, whole blocks of it are averaged first: their side.
fn block(outline: &Quad, size: (u32, u32)) -> u32 {
    let area = outline.area() / (f64::from(size.0) * f64::from(size.1)).max(1.0);
    (area.sqrt() + 0.25).floor().clamp(1.0, 16.0) as u32
}

/// The map onto a page of which blocks were averaged.
fn shrunk(to_page: &Homography, by: u32) -> Homography {
    let by = 1.0 / f64::from(by);
    let [x, y, w] = to_page.0;
    Homography([x.map(|v| v * by), y.map(|v| v * by), w])
}

/// The map from upright raster to page for an outline.
pub(crate) fn to_page(outline: &Quad, size: (u32, u32)) -> Homography {
    let raster = Quad::rectangle(0.0, 0.0, f64::from(size.0), f64::from(size.1));
    let still = Homography([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]);
    Homography::between(&raster, outline).unwrap_or(still)
}

/// The corners `turns` quarters further on: what was corner `turns` becomes the sheet's own top left.
pub(crate) fn turned(outline: &Quad, turns: usize) -> Quad {
    let corners: [Point; 4] = std::array::from_fn(|k| outline.0[(k + turns) % 4]);
    Quad(corners)
}
