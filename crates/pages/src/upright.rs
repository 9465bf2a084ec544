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
    let (width, height) = sheet.size;
    let mut out = RgbImage::from_pixel(width, height, image::Rgb([255; 3]));
    if image.width() == 0 || image.height() == 0 {
        return out;
    }
    let m = sheet.to_page.0;
    let area = sheet.outline.area() / (f64::from(width) * f64::from(height)).max(1.0);
    // Where the page is finer than the raster, several points are averaged.
    let grid = if area > 6.0 { 3 } else if area > 1.9 { 2 } else { 1 };
    let (iw, ih) = (image.width() as usize, image.height() as usize);
    let raw = image.as_raw();
    for (y, row) in out.as_mut().chunks_exact_mut(width as usize * 3).enumerate() {
        for (x, pixel) in row.chunks_exact_mut(3).enumerate() {
            let mut sum = [0.0f32; 3];
            let mut count = 0.0f32;
            for k in 0..grid * grid {
                let u = x as f64 + (f64::from(k % grid) + 0.5) / f64::from(grid);
                let v = y as f64 + (f64::from(k / grid) + 0.5) / f64::from(grid);
                let d = 1.0 / (m[2][0] * u + m[2][1] * v + m[2][2]);
                let px = (m[0][0] * u + m[0][1] * v + m[0][2]) * d - 0.5;
                let py = (m[1][0] * u + m[1][1] * v + m[1][2]) * d - 0.5;
                if !(px > -1.0 && py > -1.0 && px < iw as f64 && py < ih as f64) {
                    continue;
                }
                let (px, py) = (px.max(0.0) as f32, py.max(0.0) as f32);
                let (x0, y0) = ((px as usize).min(iw - 1), (py as usize).min(ih - 1));
                let (x1, y1) = ((x0 + 1).min(iw - 1), (y0 + 1).min(ih - 1));
                let (fx, fy) = ((px - x0 as f32).min(1.0), (py - y0 as f32).min(1.0));
                let (a, b) = ((y0 * iw + x0) * 3, (y0 * iw + x1) * 3);
                let (c, e) = ((y1 * iw + x0) * 3, (y1 * iw + x1) * 3);
                for ch in 0..3 {
                    let top = f32::from(raw[a + ch]) * (1.0 - fx) + f32::from(raw[b + ch]) * fx;
                    let low = f32::from(raw[c + ch]) * (1.0 - fx) + f32::from(raw[e + ch]) * fx;
                    sum[ch] += top * (1.0 - fy) + low * fy;
                }
                count += 1.0;
            }
            if count > 0.0 {
                for ch in 0..3 {
                    pixel[ch] = (sum[ch] / count + 0.5) as u8;
                }
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
