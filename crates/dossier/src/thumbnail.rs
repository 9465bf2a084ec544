use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::{self, FilterType};
use image::{DynamicImage, ImageFormat, ImageReader, Limits, RgbImage};

/// JPEG quality: text stays readable at arm's length, a thumbnail is about 8 KB.
const QUALITY: u8 = 72;
/// A cutting is at most so tall and so wide, in pixels.
const TALL: u32 = 84;
const WIDE: u32 = 420;

/// A small JPEG made anew from a proxy of ours, longest side at most `longest` pixels; None where it does not decode.
pub fn thumbnail(proxy_jpeg: &[u8], longest: u32) -> Option<Vec<u8>> {
    let picture = DynamicImage::ImageRgb8(decoded(proxy_jpeg)?);
    let small = if picture.width().max(picture.height()) > longest {
        picture.thumbnail(longest, longest)
    } else {
        picture
    };
    encoded(&small.to_rgb8())
}

/// A small JPEG of a place on a raster of ours, with something around it. `corners` are those of the place in the raster's
/// pixels, in any order; None where the place is not on the raster.
pub fn cutting(raster: &RgbImage, corners: &[[f64; 2]; 4]) -> Option<Vec<u8>> {
    let side = |axis: usize| {
        let of = corners.iter().map(|corner| corner[axis]);
        (of.clone().fold(f64::MAX, f64::min), of.fold(f64::MIN, f64::max))
    };
    let ((left, right), (top, bottom)) = (side(0), side(1));
    let tall = (bottom - top).max(4.0);
    let hold = |value: f64, most: u32| value.clamp(0.0, f64::from(most)) as u32;
    let (x0, x1) = (hold(left - 2.5 * tall, raster.width()), hold(right + 2.5 * tall, raster.width()));
    let (y0, y1) = (hold(top - 0.6 * tall, raster.height()), hold(bottom + 0.6 * tall, raster.height()));
    if x1 <= x0 || y1 <= y0 {
        return None;
    }
    let cut = imageops::crop_imm(raster, x0, y0, x1 - x0, y1 - y0).to_image();
    let scale = (f64::from(TALL) / f64::from(cut.height())).min(f64::from(WIDE) / f64::from(cut.width()));
    let (width, height) = (f64::from(cut.width()) * scale, f64::from(cut.height()) * scale);
    encoded(&imageops::resize(&cut, width.max(1.0) as u32, height.max(1.0) as u32, FilterType::CatmullRom))
}

/// A JPEG of a sheet's view, at three fifths of its size.
pub fn view(raster: &RgbImage) -> Option<Vec<u8>> {
    let (width, height) = (raster.width() * 3 / 5, raster.height() * 3 / 5);
    encoded(&imageops::resize(raster, width.max(1), height.max(1), FilterType::Triangle))
}

/// The raster of a JPEG of ours. Only those are handed in, never received bytes; limits hold all the same.
pub fn decoded(jpeg: &[u8]) -> Option<RgbImage> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(4096);
    limits.max_image_height = Some(4096);
    limits.max_alloc = Some(64 << 20);
    let mut reader = ImageReader::with_format(Cursor::new(jpeg), ImageFormat::Jpeg);
    reader.limits(limits);
    Some(reader.decode().ok()?.into_rgb8())
}

fn encoded(raster: &RgbImage) -> Option<Vec<u8>> {
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY).encode_image(raster).ok()?;
    Some(jpeg)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thumbnail_fits_and_damage_gives_none() {
        let proxy = image::RgbImage::from_pixel(640, 480, image::Rgb([200, 190, 180]));
        let mut jpeg = Vec::new();
        JpegEncoder::new(&mut jpeg).encode_image(&proxy).unwrap();
        let small = thumbnail(&jpeg, 200).unwrap();
        let seen = image::load_from_memory(&small).unwrap();
        assert_eq!((seen.width(), seen.height()), (200, 150));
        assert_eq!(thumbnail(&jpeg, 200).unwrap(), small);
        assert_eq!(thumbnail(b"\xff\xd8not a picture", 200), None);
    }
}
