//! Single words in doubt, each cut out and read by itself.
//!
//! A sharpened page reads best as a whole and spoils a word here and there: a figure over a bar of a chart, small print
//! beside large. In: evened rasters and their words. Out: the words that read surer alone, with their places in the lists.
//! Absent: pages that are in doubt as a whole, which are looked at again as a whole.

use image::{GrayImage, Luma, imageops};

use crate::doubt::{Traits, doubt, oddness};
use crate::look::{Noted, hull};
use crate::prepare::{Recipe, ready_evened};
use crate::tesseract::{Fault, Layout, Leaf, Manner, Tesseract};

/// The doubt from which a word is read again, and the share of it that a new reading may have at most.
const DOUBTED: f64 = 0.25;
const SURER: f64 = 0.5;
/// Words of one page that are read again; a page with more in doubt is poor as a whole.
const MOST: usize = 16;
/// What of the page stays around a word, and the white around that, in heights of the word.
const AROUND: f64 = 0.15;
const WHITE: f64 = 0.8;

/// A page whose words may be read again.
pub(crate) struct Sheet<'a> {
    pub(crate) evened: &'a GrayImage,
    /// Its x-height in pixels.
    pub(crate) letters: Option<f64>,
    /// Pixels of the picture as it came for one of its own.
    pub(crate) density: f64,
    pub(crate) words: &'a [Noted],
}

/// The words of these pages that read surer alone: page, place in its words, and the word.
pub(crate) fn alone(
    tesseract: &Tesseract,
    sheets: &[Sheet],
    manner: &Manner,
) -> Result<Vec<(usize, usize, Noted)>, Fault> {
    let asked: Vec<(usize, usize)> =
        sheets.iter().enumerate().flat_map(|(n, sheet)| doubted(sheet.words).map(move |k| (n, k))).collect();
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let rasters: Vec<GrayImage> =
        asked.iter().map(|&(n, k)| cut_out(&sheets[n], &sheets[n].words[k])).collect();
    let rasters: Vec<&GrayImage> = rasters.iter().collect();
    let leaves = tesseract.read(&rasters, &Manner { layout: Layout::Line, ..manner.clone() })?;
    let read = asked.into_iter().zip(leaves);
    Ok(read.filter_map(|((n, k), leaf)| Some((n, k, surer(&sheets[n].words[k], &leaf)?))).collect())
}

/// Places of the words in doubt, if they are few.
fn doubted(words: &[Noted]) -> impl Iterator<Item = usize> {
    let places: Vec<usize> =
        (0..words.len()).filter(|&k| words[k].traits.letters > 0 && words[k].doubt > DOUBTED).collect();
    let few = places.len() <= MOST;
    places.into_iter().filter(move |_| few)
}

/// The word as it is on the evened page, not sharpened, with white around it.
fn cut_out(sheet: &Sheet, word: &Noted) -> GrayImage {
    let [left, top, right, bottom] = hull(&word.quad);
    let high = (bottom - top).max(4.0);
    let (width, height) = sheet.evened.dimensions();
    let side = |v: f64, most: u32| v.clamp(0.0, f64::from(most)) as u32;
    let (x, y) = (side(left - AROUND * high, width), side(top - AROUND * high, height));
    let (x2, y2) = (side(right + AROUND * high, width), side(bottom + AROUND * high, height));
    let cut = imageops::crop_imm(sheet.evened, x, y, x2.saturating_sub(x), y2.saturating_sub(y)).to_image();
    let white = (WHITE * high) as u32;
    let mut framed = GrayImage::from_pixel(cut.width() + 2 * white, cut.height() + 2 * white, Luma([255]));
    imageops::replace(&mut framed, &cut, white.into(), white.into());
    ready_evened(framed, sheet.letters, sheet.density, &Recipe::PLAIN).raster
}

/// The word as it was read alone, if it is one word and its doubt is less by far.
fn surer(word: &Noted, leaf: &Leaf) -> Option<Noted> {
    let [seen] = leaf.seen.as_slice() else { return None };
    let letters = seen.text.chars().filter(|c| c.is_alphanumeric()).count();
    let (confidence, line) = (seen.confidence / 100.0, seen.confidence / 100.0);
    let others = seen.text.chars().count() - letters;
    let traits = Traits { confidence, line, letters, others, odd: oddness(&seen.text), ..word.traits };
    let doubt = doubt(&traits);
    let better = letters > 0 && doubt < SURER * word.doubt;
    better.then(|| Noted { text: seen.text.clone(), doubt, second: true, traits, ..word.clone() })
}
