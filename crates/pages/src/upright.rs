//! A sheet set upright: its outline drawn out to a rectangle.

use image::RgbImage;
use model::{Point, Quad};

use crate::geometry::Homography;
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

/// A raster of `size` whose pixels lie on the page where `to_page` says.
pub(crate) fn drawn(image: &RgbImage, outline: &Quad, to_page: &Homography, size: (u32, u32)) -> RgbImage {
    let area = outline.area() / (f64::from(size.0) * f64::from(size.1)).max(1.0);
    // Where the page is finer than the raster, whole blocks of it are averaged first.
    let block = (area.sqrt() + 0.25).floor().clamp(1.0, 16.0) as u32;
    if block < 2 {
        return sampled(image, to_page, size);
    }
    let reduced = blocks(image, block);
    let by = 1.0 / f64::from(block);
    let [x, y, w] = to_page.0;
    sampled(&reduced, &Homography([x.map(|v| v * by), y.map(|v| v * by), w]), size)
}

/// The mean of each block of `by` by `by` pixels; what is left over at the right and below is dropped.
fn blocks(image: &RgbImage, by: u32) -> RgbImage {
    let (width, height) = ((image.width() / by).max(1), (image.height() / by).max(1));
    let mut out = RgbImage::new(width, height);
    let stride = image.width() as usize * 3;
    let (side, raw) = (by as usize, image.as_raw());
    let mut sums = vec![0u32; width as usize * 3];
    for (y, row) in out.as_mut().chunks_exact_mut(width as usize * 3).enumerate() {
        sums.fill(0);
        let mut rows = 0;
        for line in raw.chunks_exact(stride).skip(y * side).take(side) {
            rows += 1;
            for (sum, block) in sums.chunks_exact_mut(3).zip(line.chunks(side * 3)) {
                for pixel in block.chunks_exact(3) {
                    sum[0] += u32::from(pixel[0]);
                    sum[1] += u32::from(pixel[1]);
                    sum[2] += u32::from(pixel[2]);
                }
            }
        }
        let area = (rows * by.min(image.width())).max(1);
        for (value, sum) in row.iter_mut().zip(&sums) {
            *value = ((sum + area / 2) / area) as u8;
        }
    }
    out
}

/// One bilinear sample for each pixel.
fn sampled(image: &RgbImage, to_page: &Homography, size: (u32, u32)) -> RgbImage {
    let mut out = RgbImage::from_pixel(size.0, size.1, image::Rgb([255; 3]));
    let (iw, ih) = (image.width() as usize, image.height() as usize);
    if iw == 0 || ih == 0 {
        return out;
    }
    let m = to_page.0;
    let raw = image.as_raw();
    for (y, row) in out.as_mut().chunks_exact_mut(size.0 as usize * 3).enumerate() {
        let v = y as f64 + 0.5;
        for (x, pixel) in row.chunks_exact_mut(3).enumerate() {
            let u = x as f64 + 0.5;
            let d = 1.0 / (m[2][0] * u + m[2][1] * v + m[2][2]);
            let px = ((m[0][0] * u + m[0][1] * v + m[0][2]) * d - 0.5) as f32;
            let py = ((m[1][0] * u + m[1][1] * v + m[1][2]) * d - 0.5) as f32;
            if !(px > -1.0 && py > -1.0 && px < iw as f32 && py < ih as f32) {
                continue;
            }
            let (px, py) = (px.max(0.0), py.max(0.0));
            let (x0, y0) = ((px as usize).min(iw - 1), (py as usize).min(ih - 1));
            let (x1, y1) = ((x0 + 1).min(iw - 1), (y0 + 1).min(ih - 1));
            let (fx, fy) = ((256.0 * (px - x0 as f32)) as u32, (256.0 * (py - y0 as f32)) as u32);
            let (fx, fy) = (fx.min(256), fy.min(256));
            let at = |x: usize, y: usize| &raw[(y * iw + x) * 3..(y * iw + x) * 3 + 3];
            let (a, b, c, e) = (at(x0, y0), at(x1, y0), at(x0, y1), at(x1, y1));
            for ch in 0..3 {
                let top = u32::from(a[ch]) * (256 - fx) + u32::from(b[ch]) * fx;
                let low = u32::from(c[ch]) * (256 - fx) + u32::from(e[ch]) * fx;
                pixel[ch] = ((top * (256 - fy) + low * fy + (1 << 15)) >> 16) as u8;
            }
        }
    }
    out
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
