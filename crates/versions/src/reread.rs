//! Reads a place again at full size on every picture that shows it.

use image::GrayImage;
use rayon::prelude::*;

use crate::lay;
use crate::place::Area;
use crate::plane::{Plane, quantile};
use crate::view::View;

/// Height to which letters are brought for reading, in pixels.
pub(crate) const LETTER: f32 = 25.0;
/// Readers at work side by side, and strips that each gets at least: to start one costs as much as to read some.
const SIDE_BY_SIDE: usize = 2;
const LEAST_TOGETHER: usize = 4;
/// White around a strip, in pixels.
const PAD: usize = 14;

/// A word as read on a strip.
#[derive(Clone, Debug, PartialEq)]
pub struct StripWord {
    /// As read.
    pub text: String,
    /// `[left, top, right, bottom]` in pixels of the strip.
    pub area: [f32; 4],
    /// The chance that it is wrong, 0 to 1.
    pub doubt: f32,
}

/// Reads one line of text on each of some strips, dark on white, letters about 25 pixels high. The answer holds one list of
/// words for each strip, in its order; an empty list where nothing was read.
pub trait Reader: Sync {
    /// Reads them all.
    fn read(&self, strips: &[GrayImage]) -> Vec<Vec<StripWord>>;
}

impl<F: Fn(&[GrayImage]) -> Vec<Vec<StripWord>> + Sync> Reader for F {
    fn read(&self, strips: &[GrayImage]) -> Vec<Vec<StripWord>> {
        self(strips)
    }
}

/// A line around a place, as it is cut into a strip.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    /// In pixels of the view.
    pub area: Area,
    /// Pixels of the strip under one of the view.
    pub zoom: f32,
}

/// A word as read, where it stands on the view.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Spoken {
    pub text: String,
    pub doubt: f32,
    pub area: Area,
}

/// What was read at a place.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Said {
    pub words: Vec<Spoken>,
}

impl Said {
    /// The words, by spaces.
    pub fn text(&self) -> String {
        self.words.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// The largest doubt among them; 1 for nothing.
    pub fn doubt(&self) -> f32 {
        self.words.iter().map(|w| w.doubt).reduce(f32::max).unwrap_or(1.0)
    }
}

/// The line of text around a place: from gap to gap above and below, some words to the left and right.
pub(crate) fn line(view: &View, area: &Area, members: &[usize]) -> Line {
    let letter = view.letter;
    let (x0, x1) = (area[0] - 10.0 * letter, area[2] + 10.0 * letter);
    let (x0, x1) = (x0.max(0.0), x1.min(view.size.0 as f32));
    let middle = (area[1] + area[3]) / 2.0;
    let profile = profile(view, members, (x0, x1), middle);
    let reach = profile.len() / 2;
    let gap = |from: usize, to: usize| {
        (from..to).min_by(|a, b| profile[*a].total_cmp(&profile[*b])).unwrap_or(from)
    };
    let (near, far) = ((0.75 * letter) as usize, (1.9 * letter) as usize);
    let top = gap(reach.saturating_sub(far), reach.saturating_sub(near).max(1));
    let low = gap((reach + near).min(profile.len() - 1), (reach + far).min(profile.len()));
    let start = middle - reach as f32;
    let (y0, y1) = (start + top as f32 - 1.0, start + low as f32 + 2.0);
    let zoom = (LETTER / letter).clamp(0.5, 5.0);
    Line { area: [x0, y0, x1, y1], zoom }
}

/// The same line at other sizes, and less of it.
pub(crate) fn others(view: &View, line: &Line, area: &Area) -> [Line; 2] {
    let reach = 7.0 * view.letter;
    let (x0, x1) = ((area[0] - reach).max(line.area[0]), (area[2] + reach).min(line.area[2]));
    [1.5, 0.8].map(|by| Line { area: [x0, line.area[1], x1, line.area[3]], zoom: line.zoom * by })
}

/// Ink by rows around `middle`, over the members together.
fn profile(view: &View, members: &[usize], (x0, x1): (f32, f32), middle: f32) -> Vec<f32> {
    let reach = (2.4 * view.letter) as isize;
    (-reach..=reach)
        .map(|dy| {
            let y = (middle as isize + dy).clamp(0, view.size.1 as isize - 1) as usize;
            let mut sum = 0.0;
            for x in x0 as usize..(x1 as usize).min(view.size.0) {
                let k = y * view.size.0 + x;
                sum += members.iter().map(|m| f32::from(view.laid[*m].ink[k])).fold(f32::MAX, f32::min);
            }
            // Nearer rows are preferred where several are empty.
            sum + dy.unsigned_abs() as f32 * 0.5
        })
        .collect()
}

/// Reads lines on pictures, each asked for with the number of its place: what is read on each, in their order. How many are
/// read side by side does not depend on the machine.
pub(crate) fn read(view: &View, reader: &dyn Reader, asked: &[(usize, usize, Line)]) -> Vec<Vec<Spoken>> {
    let some = asked.len().div_ceil(SIDE_BY_SIDE).max(LEAST_TOGETHER);
    let part = |asked: &[(usize, usize, Line)]| -> Vec<Vec<Spoken>> {
        let strips: Vec<GrayImage> =
            asked.iter().map(|(_, picture, line)| strip(view, *picture, line)).collect();
        let mut read = reader.read(&strips);
        read.resize(asked.len(), Vec::new());
        asked.iter().zip(read).map(|((_, _, line), words)| spoken(&words, line)).collect()
    };
    asked.par_chunks(some).flat_map_iter(part).collect()
}

/// The strip of a line on a picture, stretched to black on white.
pub(crate) fn strip(view: &View, picture: usize, line: &Line) -> GrayImage {
    let raw = lay::strip(
        &view.sources[picture],
        &view.to_picture[picture],
        &view.drift[picture],
        line.area,
        line.zoom,
    );
    picture_of(&raw)
}

fn picture_of(raw: &Plane) -> GrayImage {
    let mut known: Vec<f32> = raw.data.iter().copied().filter(|v| v.is_finite()).collect();
    let (dark, light) = (quantile(&mut known, 0.01), quantile(&mut known, 0.8));
    let reach = (light - dark).max(24.0);
    let pad = PAD;
    let (w, h) = (raw.width + 2 * pad, raw.height + 2 * pad);
    let mut out = GrayImage::from_pixel(w as u32, h as u32, image::Luma([255]));
    for y in 0..raw.height {
        for x in 0..raw.width {
            let v = raw.data[y * raw.width + x];
            if v.is_finite() {
                let level = ((v - light) / reach * 245.0 + 250.0).clamp(0.0, 255.0);
                out.put_pixel((x + pad) as u32, (y + pad) as u32, image::Luma([level as u8]));
            }
        }
    }
    out
}

/// All words read on a strip, laid on the view; those without a letter or digit are left out.
pub(crate) fn spoken(words: &[StripWord], line: &Line) -> Vec<Spoken> {
    let back = |v: f32, o: f32| (v - PAD as f32) / line.zoom + o;
    words
        .iter()
        .filter(|w| w.text.chars().any(char::is_alphanumeric))
        .map(|w| Spoken {
            text: w.text.clone(),
            doubt: w.doubt,
            area: [
                back(w.area[0], line.area[0]),
                back(w.area[1], line.area[1]),
                back(w.area[2], line.area[0]),
                back(w.area[3], line.area[1]),
            ],
        })
        .collect()
}

/// Of the words of a line, those at a place.
pub(crate) fn said(words: &[Spoken], place: &Area) -> Said {
    let there = |w: &&Spoken| {
        let shared = w.area[2].min(place[2]) - w.area[0].max(place[0]);
        shared > 0.5 * (w.area[2] - w.area[0]) || shared > 0.6 * (place[2] - place[0])
    };
    Said { words: words.iter().filter(there).cloned().collect() }
}
