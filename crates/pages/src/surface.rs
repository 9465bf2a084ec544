use std::io;

use image::RgbImage;
use model::{Code, Kind, TextLayer, Trouble, When};
use serde::{Deserialize, Serialize};

/// Bounds that no file may exceed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Pixels of one surface.
    pub pixels: u64,
    /// Bytes that one decoder may allocate.
    pub bytes: u64,
    /// Pages of one PDF.
    pub pages: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { pixels: 120_000_000, bytes: 1 << 30, pages: 1_000 }
    }
}

/// What a file tells about a surface, beside its pixels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// Counted from 0.
    pub number: u32,
    /// The EXIF orientation that was applied, 1 to 8.
    pub orientation: u8,
    /// Pixels per inch where it was rendered at one.
    pub dpi: Option<f64>,
    /// Times the file tells.
    pub times: Vec<When>,
    /// Camera or software the file names.
    pub software: Option<String>,
    /// A PDF's own text, in pixels of this surface.
    pub text_layer: Option<TextLayer>,
}

impl Told {
    pub(crate) fn plain(number: u32) -> Self {
        Self { number, orientation: 1, dpi: None, times: Vec::new(), software: None, text_layer: None }
    }
}

/// One surface, decoded.
#[derive(Clone, Debug)]
pub struct Surface {
    /// RGB, 8 bits a channel, upright as far as EXIF tells, transparency laid on white.
    pub raster: RgbImage,
    /// What the file tells.
    pub told: Told,
}

/// Takes surfaces as they are decoded, so that one at a time is held.
pub type Take<'a> = &'a mut dyn FnMut(Surface) -> io::Result<()>;

/// Decodes every surface of a file and hands each to `take`; an error of `take` ends it and is returned.
pub fn read(kind: Kind, bytes: Vec<u8>, limits: &Limits, take: Take) -> io::Result<Vec<Trouble>> {
    match kind {
        Kind::Pdf => crate::pdf::read(bytes, limits, take),
        Kind::Heic => crate::heic::read(&bytes, limits, take),
        Kind::Avif => Ok(vec![Trouble::new(Code::FormatNotSupported, "AVIF")]),
        Kind::Jpeg | Kind::Png | Kind::Webp | Kind::Gif | Kind::Tiff | Kind::Bmp => {
            crate::raster::read(kind, &bytes, limits, take)
        }
        _ => Ok(Vec::new()),
    }
}

/// Refuses a raster that is larger than the limits, or has no pixels.
pub(crate) fn within(width: u64, height: u64, limits: &Limits) -> Result<(), Trouble> {
    if width == 0 || height == 0 {
        return Err(Trouble::new(Code::ImageDamaged, "it has no pixels"));
    }
    if width.saturating_mul(height) > limits.pixels {
        let detail = format!("{width} x {height} pixels; at most {} are decoded", limits.pixels);
        return Err(Trouble::new(Code::ImageTooLarge, detail));
    }
    Ok(())
}
