//! Making a raster ready for the reader: light evened, letters brought to the size it reads best, edges sharpened.
//!
//! Tesseract's recogniser squeezes every line to a fixed height, so that what counts is not size as such but how its line
//! finder, its own binarisation (Otsu over the page) and soft edges behave: evened light and steep edges matter most.
//!
//! In: an upright grey raster. Out: another, and the factor between them. Absent: finding the sheet, turning it upright.

use image::GrayImage;

use crate::filters::{median, sharpen, wolf};
use crate::light::{even, flatten};
use crate::resize::resize;

/// How a raster is made ready.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recipe {
    /// The height of small letters (x-height) wanted, in pixels.
    pub letters: f64,
    /// How much of the difference to a blurred copy is added (unsharp masking); 0 for none.
    pub sharpen: f64,
    /// The blur of that copy, as a share of the x-height.
    pub reach: f64,
    /// A median over 3 x 3 pixels first, against specks.
    pub despeckle: bool,
    /// Black and white by Wolf's threshold, instead of grey.
    pub binary: bool,
    /// Shades wider than a stroke but lighter than ink (folds, creases, broad pens) are evened as well.
    pub folds: bool,
}

impl Recipe {
    /// What reads best on most pages.
    pub const FIRST: Recipe =
        Recipe { letters: 20.0, sharpen: 1.5, reach: 0.12, despeckle: false, binary: false, folds: false };
    /// For what the first could not make out.
    pub const SECOND: Recipe =
        Recipe { letters: 24.0, sharpen: 2.5, reach: 0.16, despeckle: false, binary: false, folds: true };
    /// As it is, at the size wanted: for pages that are sharp already.
    pub const PLAIN: Recipe =
        Recipe { letters: 20.0, sharpen: 0.0, reach: 0.12, despeckle: false, binary: false, folds: false };
    /// Black and white.
    pub const BINARY: Recipe =
        Recipe { letters: 26.0, sharpen: 1.0, reach: 0.12, despeckle: false, binary: true, folds: false };
}

/// A raster made ready.
#[derive(Clone, Debug)]
pub struct Ready {
    /// What the reader gets.
    pub raster: GrayImage,
    /// Its pixels for one pixel of the raster it was made from, across and down.
    pub scale: (f64, f64),
}

/// Pixels that no raster made ready exceeds.
const MOST: f64 = 24e6;

/// Letters lower than this, in pixels of the picture as it came, are small.
const SMALL: f64 = 8.0;
/// The blur of what was enlarged, in pixels of the picture as it came.
const SOFT: f64 = 0.6;
/// What small letters are enlarged by beyond the size wanted.
const ENLARGE: f64 = 1.5;

/// Makes a raster ready. `letters` is its x-height as [`letter_height`] measured it, in pixels; `density` the pixels of the
/// picture as it came for one pixel of the raster. What was enlarged is soft over that many more pixels, and is sharpened
/// over as many.
pub fn ready(raster: &GrayImage, letters: Option<f64>, density: f64, recipe: &Recipe) -> Ready {
    ready_evened(even(raster), letters, density, recipe)
}

/// As [`ready`], of a raster whose light is evened.
pub(crate) fn ready_evened(evened: GrayImage, letters: Option<f64>, density: f64, recipe: &Recipe) -> Ready {
    let (width, height) = evened.dimensions();
    if width == 0 || height == 0 {
        return Ready { raster: evened, scale: (1.0, 1.0) };
    }
    let area = f64::from(width) * f64::from(height);
    let wanted = letters.map_or(1.0, |letters| recipe.letters / letters.max(1.0));
    // What is nearly right is left alone: every resampling costs edges.
    let wanted = if (0.62..=1.6).contains(&wanted) { 1.0 } else { wanted };
    let small = letters.is_some_and(|letters| letters * density < SMALL) && density < 0.6;
    let wanted = if small { wanted * ENLARGE } else { wanted };
    let factor = wanted.clamp(0.3, 5.0).min((MOST / area).sqrt());
    let (w, h) = (resized(width, factor), resized(height, factor));
    let mut made = evened;
    if recipe.despeckle {
        made = median(&made);
    }
    if recipe.folds {
        flatten(&mut made, (letters.unwrap_or(16.0) * 0.5).round().clamp(5.0, 24.0) as usize);
    }
    if (w, h) != (width, height) {
        made = resize(&made, w, h);
    }
    let scale = (f64::from(w) / f64::from(width), f64::from(h) / f64::from(height));
    let tall = letters.unwrap_or(16.0) * scale.1;
    if recipe.sharpen > 0.0 {
        let soft = if small { (SOFT * scale.0 / density.max(0.1)).min(0.25 * tall) } else { 0.0 };
        sharpen(&mut made, recipe.sharpen, (tall * recipe.reach).max(soft).clamp(0.8, 8.0));
    }
    if recipe.binary {
        made = wolf(&made, (tall * 1.6) as u32);
    }
    Ready { raster: made, scale }
}

fn resized(length: u32, factor: f64) -> u32 {
    (f64::from(length) * factor).round().clamp(1.0, 31_999.0) as u32
}
