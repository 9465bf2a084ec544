//! JPEG, PNG, WebP, GIF, TIFF and BMP, through the `image` crate. Of moving pictures the first frame.

use std::io::{self, Cursor};

use image::error::{ImageError, LimitErrorKind};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, RgbImage};
use model::{Code, Kind, Trouble};

use crate::surface::{Limits, Surface, Take, Told, within};

pub(crate) fn read(kind: Kind, bytes: &[u8], limits: &Limits, take: Take) -> io::Result<Vec<Trouble>> {
    let mut troubles = Vec::new();
    match decode(kind, bytes, limits) {
        Ok(surface) => {
            if kind == Kind::Jpeg && !crate::jpeg::has_end(bytes) {
                troubles.push(Trouble::new(Code::ImageTruncated, "the end-of-image marker is missing"));
            }
            take(surface)?;
        }
        Err(trouble) => troubles.push(trouble),
    }
    Ok(troubles)
}

fn decode(kind: Kind, bytes: &[u8], limits: &Limits) -> Result<Surface, Trouble> {
    let format = match kind {
        Kind::Jpeg => ImageFormat::Jpeg,
        Kind::Png => ImageFormat::Png,
        Kind::Webp => ImageFormat::WebP,
        Kind::Gif => ImageFormat::Gif,
        Kind::Tiff => ImageFormat::Tiff,
        _ => ImageFormat::Bmp,
    };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut bounds = image::Limits::default();
    bounds.max_alloc = Some(limits.bytes);
    reader.limits(bounds);
    let mut decoder = reader.into_decoder().map_err(|error| trouble(&error))?;
    let (width, height) = decoder.dimensions();
    within(u64::from(width), u64::from(height), limits)?;
    // The decoder's own limits do not bind once it is taken out of its reader: held against them here.
    if decoder.total_bytes() > limits.bytes {
        let detail = format!("{width} x {height} pixels need {} bytes", decoder.total_bytes());
        return Err(Trouble::new(Code::ImageTooLarge, detail));
    }
    let mut told = Told::plain(0);
    if let Ok(Some(exif)) = decoder.exif_metadata() {
        crate::exif::tell(exif, &mut told);
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    told.orientation = orientation.to_exif();
    let mut image = DynamicImage::from_decoder(decoder).map_err(|error| trouble(&error))?;
    image.apply_orientation(orientation);
    Ok(Surface { raster: on_white(image), told })
}

/// Lays transparency on white, as paper would be.
pub(crate) fn on_white(image: DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.into_rgb8();
    }
    let rgba = image.into_rgba8();
    let mut rgb = RgbImage::new(rgba.width(), rgba.height());
    for (to, from) in rgb.pixels_mut().zip(rgba.pixels()) {
        let alpha = u32::from(from.0[3]);
        for channel in 0..3 {
            let blended = (u32::from(from.0[channel]) * alpha + 255 * (255 - alpha) + 127) / 255;
            to.0[channel] = blended as u8;
        }
    }
    rgb
}

fn trouble(error: &ImageError) -> Trouble {
    let code = match error {
        ImageError::Limits(limit) => match limit.kind() {
            LimitErrorKind::DimensionError | LimitErrorKind::InsufficientMemory => Code::ImageTooLarge,
            _ => Code::ImageDamaged,
        },
        ImageError::Unsupported(_) => Code::FormatNotSupported,
        ImageError::IoError(source) if source.kind() == io::ErrorKind::UnexpectedEof => Code::ImageTruncated,
        _ => Code::ImageDamaged,
    };
    Trouble::new(code, error.to_string())
}
