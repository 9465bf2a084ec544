use image::error::EncodingError;
use image::{ImageError, ImageFormat, ImageResult, RgbImage};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use model::{Capture, Digest, Hasher, Measure, Page, Picture, Quad};

use crate::sample;
use crate::sheet::Sheet;
use crate::surface::Told;

/// Longest side of a proxy, in pixels.
pub const PROXY_LONGEST: u32 = 1600;
const PROXY_QUALITY: u8 = 90;
const UPRIGHT_QUALITY: u8 = 93;

/// A reduced raster of our own making: what a browser may be shown, and what prints are taken from.
pub fn proxy(raster: &RgbImage) -> ImageResult<Vec<u8>> {
    let (width, height) = raster.dimensions();
    let longest = width.max(height);
    if longest <= PROXY_LONGEST {
        return written(raster, PROXY_QUALITY);
    }
    let side = |side: u32| (u64::from(side) * u64::from(PROXY_LONGEST) / u64::from(longest)).max(1) as u32;
    written(&sample::averaged(raster, side(width), side(height)), PROXY_QUALITY)
}

/// Colours at half the size of the brightness (4:2:0), as cameras write them.
fn written(raster: &RgbImage, quality: u8) -> ImageResult<Vec<u8>> {
    let failed = |why: String| ImageError::Encoding(EncodingError::new(ImageFormat::Jpeg.into(), why));
    let side = |side: u32| u16::try_from(side).map_err(|_| failed(format!("a side of {side} pixels")));
    let (width, height) = (side(raster.width())?, side(raster.height())?);
    let mut jpeg = Vec::new();
    let mut encoder = Encoder::new(&mut jpeg, quality);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder
        .encode(raster.as_raw(), width, height, ColorType::Rgb)
        .map_err(|error| failed(error.to_string()))?;
    Ok(jpeg)
}

/// The page that a surface of `blob` is.
pub fn page(blob: Digest, raster: &RgbImage, told: Told, proxy: Digest) -> Page {
    let mut pixels = Hasher::new("pixels");
    pixels.number(u64::from(raster.width())).number(u64::from(raster.height())).bytes(raster.as_raw());
    Page {
        id: Page::id_of(blob, told.number),
        blob,
        number: told.number,
        width: raster.width(),
        height: raster.height(),
        dpi: told.dpi,
        orientation: told.orientation,
        pixels: Digest::from(pixels.finish()),
        proxy,
        times: told.times,
        software: told.software,
        text_layer: told.text_layer,
    }
}

/// The whole of a surface that was never on paper, as its own sheet.
pub fn whole(raster: &RgbImage) -> Sheet {
    let size = raster.dimensions();
    let outline = Quad::rectangle(0.0, 0.0, f64::from(size.0), f64::from(size.1));
    let to_page = crate::geometry::Homography([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]);
    let ground = vec![Measure::new("has its own text", 1.0, "", None)];
    Sheet { outline, capture: Capture::BornDigital, ground, to_page, size, within: outline, whole: true }
}

/// The `number`th sheet seen on a page, its upright raster kept as `upright`.
pub fn picture(page: &Page, number: u32, sheet: &Sheet, upright: Digest) -> Picture {
    let [a, b, c] = sheet.to_page.0;
    Picture {
        id: Picture::id_of(page.id, number),
        page: page.id,
        outline: sheet.outline,
        capture: sheet.capture,
        ground: sheet.ground.clone(),
        within: sheet.within,
        whole: sheet.whole,
        upright,
        size: sheet.size,
        to_page: [a[0], a[1], a[2], b[0], b[1], b[2], c[0], c[1], c[2]],
    }
}

/// A raster set upright, as it is kept.
pub fn kept(upright: &RgbImage) -> ImageResult<Vec<u8>> {
    written(upright, UPRIGHT_QUALITY)
}
