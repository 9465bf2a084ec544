//! Arithmetic on rasters: sampling, blurring, JPEG.

use crate::geometry::Homography;
use image::codecs::jpeg::JpegEncoder;
use image::{ImageError, Rgb, RgbImage};

/// The colour at a point, mixed from its four neighbours; the edge is carried on outside.
#[must_use]
pub fn sample(image: &RgbImage, x: f64, y: f64) -> [f32; 3] {
    let (w, h) = image.dimensions();
    let (x, y) = ((x - 0.5).clamp(0.0, f64::from(w - 1)), (y - 0.5).clamp(0.0, f64::from(h - 1)));
    let (x0, y0) = (x as u32, y as u32);
    let (fx, fy) = ((x - f64::from(x0)) as f32, (y - f64::from(y0)) as f32);
    let (x1, y1) = ((x0 + 1).min(w - 1), (y0 + 1).min(h - 1));
    let raw = image.as_raw();
    let at = |x: u32, y: u32| 3 * (y as usize * w as usize + x as usize);
    let (a, b, c, d) = (at(x0, y0), at(x1, y0), at(x0, y1), at(x1, y1));
    std::array::from_fn(|k| {
        let top = f32::from(raw[a + k]) * (1.0 - fx) + f32::from(raw[b + k]) * fx;
        let low = f32::from(raw[c + k]) * (1.0 - fx) + f32::from(raw[d + k]) * fx;
        top * (1.0 - fy) + low * fy
    })
}

/// Blurs by a Gaussian of `sigma` pixels. Under 0.25 the image comes back as it was.
#[must_use]
pub fn blur(image: &RgbImage, sigma: f64) -> RgbImage {
    if sigma < 0.25 {
        return image.clone();
    }
    let reach = (sigma * 2.5).ceil() as i64;
    let weights: Vec<f32> =
        (-reach..=reach).map(|k| (-(k * k) as f64 / (2.0 * sigma * sigma)).exp() as f32).collect();
    let total: f32 = weights.iter().sum();
    let weights: Vec<f32> = weights.iter().map(|w| w / total).collect();
    let (w, h) = (image.width() as usize, image.height() as usize);
    let across = convolve(image.as_raw(), (w, h), 3, w - 1, &weights, |x, _| x);
    let both = convolve(&across, (w, h), 3 * w, h - 1, &weights, |_, y| y);
    RgbImage::from_raw(image.width(), image.height(), both).unwrap_or_else(|| image.clone())
}

/// The image seen through `step`, on a canvas of `size`, `ground` where there is nothing.
#[must_use]
pub fn warp(image: &RgbImage, step: &Homography, size: (u32, u32), ground: [u8; 3]) -> RgbImage {
    let back = step.inverse();
    let (w, h) = (f64::from(image.width()), f64::from(image.height()));
    RgbImage::from_fn(size.0, size.1, |x, y| {
        let (u, v) = back.apply((f64::from(x) + 0.5, f64::from(y) + 0.5));
        if u < 0.0 || v < 0.0 || u > w || v > h { Rgb(ground) } else { Rgb(sample(image, u, v).map(byte)) }
    })
}

/// Makes every pixel anew from its place and colour.
pub fn each(image: &mut RgbImage, paint: impl Fn(u32, u32, [f32; 3]) -> [f32; 3]) {
    for (x, y, pixel) in image.enumerate_pixels_mut() {
        pixel.0 = paint(x, y, pixel.0.map(f32::from)).map(byte);
    }
}

/// Rec. 601 luma of a colour.
#[must_use]
pub fn luma(rgb: [f32; 3]) -> f32 {
    0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2]
}

/// The nearest value of a channel.
#[must_use]
pub fn byte(value: f32) -> u8 {
    value.round().clamp(0.0, 255.0) as u8
}

/// The bytes of a JPEG file.
///
/// # Errors
/// If the encoder refuses the size (over 65,535 pixels a side, or none).
pub fn jpeg(image: &RgbImage, quality: u8) -> Result<Vec<u8>, ImageError> {
    let mut out = Vec::new();
    JpegEncoder::new_with_quality(&mut out, quality).encode_image(image)?;
    Ok(out)
}

/// The bytes of a JPEG file that was made from another on the same pixels: `before` is the quality of the first.
///
/// # Errors
/// If the encoder refuses the size.
pub fn jpeg_after(image: &RgbImage, before: u8, quality: u8) -> Result<Vec<u8>, ImageError> {
    jpeg(&image::load_from_memory(&jpeg(image, before)?)?.to_rgb8(), quality)
}

fn convolve(
    raw: &[u8],
    (w, h): (usize, usize),
    stride: usize,
    last: usize,
    weights: &[f32],
    place: impl Fn(usize, usize) -> usize,
) -> Vec<u8> {
    let reach = weights.len() / 2;
    let mut out = vec![0; raw.len()];
    for y in 0..h {
        for x in 0..w {
            let at = place(x, y);
            let origin = 3 * (y * w + x) - at * stride;
            let mut sum = [0.0_f32; 3];
            for (k, weight) in weights.iter().enumerate() {
                let from = origin + (at + k).saturating_sub(reach).min(last) * stride;
                for (s, v) in sum.iter_mut().zip(&raw[from..from + 3]) {
                    *s += weight * f32::from(*v);
                }
            }
            for (o, s) in out[3 * (y * w + x)..][..3].iter_mut().zip(sum) {
                *o = byte(s);
            }
        }
    }
    out
}
