use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{ImageFormat, ImageReader, Limits};

/// JPEG quality: text stays readable at arm's length, a thumbnail is about 8 KB.
const QUALITY: u8 = 72;

/// A small JPEG made anew from a proxy of ours, longest side at most `longest` pixels; None where it does not decode.
/// Only proxies are handed in, never received bytes; limits hold all the same.
pub fn thumbnail(proxy_jpeg: &[u8], longest: u32) -> Option<Vec<u8>> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(4096);
    limits.max_image_height = Some(4096);
    limits.max_alloc = Some(64 << 20);
    let mut reader = ImageReader::with_format(Cursor::new(proxy_jpeg), ImageFormat::Jpeg);
    reader.limits(limits);
    let picture = reader.decode().ok()?;
    let small = if picture.width().max(picture.height()) > longest {
        picture.resize(longest, longest, image::imageops::FilterType::CatmullRom)
    } else {
        picture
    };
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY).encode_image(&small.to_rgb8()).ok()?;
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
