//! The sheet view: all pictures of a family laid on one another.

use image::RgbImage;
use rayon::prelude::*;

use crate::geometry::Homography;
use crate::lay::{Drift, Laid, Source, lay};
use crate::letters;
use crate::plane::{Plane, quantile};
use crate::register::{self, COARSE, FINE, MIDDLE};
use crate::tint::Colours;

/// Pixels that a view has at most.
const PIXELS: f64 = 4.0e6;

/// Pictures that are registered side by side.
const TOGETHER: usize = 4;

/// The pictures of a family on one view.
pub(crate) struct View {
    /// From pixels of the view to those of the sheet.
    pub to_sheet: Homography,
    pub size: (usize, usize),
    /// Height of the letters, in pixels of the view.
    pub letter: f32,
    /// The pictures, in the order in which they were given.
    pub laid: Vec<Laid>,
    pub sources: Vec<Source>,
    /// From the view to each picture, without the drift.
    pub to_picture: Vec<Homography>,
    pub drift: Vec<Drift>,
    /// Pixels of each picture under one of the view.
    pub scale: Vec<f64>,
    /// How much darker than paper the darkest parts of the letters are on each picture, as a share.
    pub blackness: Vec<f32>,
    /// The colours of each picture as a whole.
    pub colours: Vec<Colours>,
    /// The pictures from the one that shows most and sharpest to the one that shows least.
    pub order: Vec<usize>,
}

impl View {
    /// Lays all pictures: first by their homographies alone, then each onto what the better ones show together.
    pub fn new(rasters: &[&RgbImage], to_picture: &[Homography], sheet: (f64, f64)) -> Self {
        let (to_sheet, size) = frame(rasters, to_picture, sheet);
        let to_picture: Vec<Homography> = to_picture.iter().map(|h| h.after(&to_sheet)).collect();
        let scale: Vec<f64> =
            to_picture.iter().map(|h| h.scale_at(size.0 as f64 / 2.0, size.1 as f64 / 2.0)).collect();
        let sources: Vec<Source> = rasters.par_iter().zip(&scale).map(|(r, s)| Source::new(r, *s)).collect();
        let mut drift = vec![Drift::none(); rasters.len()];
        let first: Vec<Laid> = (0..rasters.len())
            .into_par_iter()
            .map(|k| lay(&sources[k], &to_picture[k], &drift[k], size))
            .collect();
        let order = order(&first, &scale);
        let mut laid = first;
        let empty = || Plane::new(size.0, size.1);
        let first = order.first().copied();
        let (mut ink, mut known) =
            first.map_or_else(|| (empty(), empty()), |k| (laid[k].ink_plane(), laid[k].shown_plane()));
        // Some at a time, side by side, onto what the better ones before them show together.
        for some in order.get(1..).unwrap_or_default().chunks(TOGETHER) {
            let settled: Vec<(Laid, Drift)> = some
                .par_iter()
                .map(|k| settle(&sources[*k], &to_picture[*k], &laid[*k], (&ink, &known), size))
                .collect();
            for (k, (found, at)) in some.iter().zip(settled) {
                drift[*k] = at;
                add(&mut ink, &mut known, &found);
                laid[*k] = found;
            }
        }
        let letter = letters::height(&ink);
        let blackness = laid.iter().map(blackness).collect();
        let colours = laid.par_iter().map(Colours::of).collect();
        Self { to_sheet, size, letter, laid, sources, to_picture, drift, scale, blackness, colours, order }
    }

    /// Where a point of the view falls on a picture.
    pub fn on_picture(&self, picture: usize, x: f32, y: f32) -> (f64, f64) {
        let (dx, dy) = self.drift[picture].at(x, y);
        self.to_picture[picture].apply(f64::from(x + dx), f64::from(y + dy))
    }
}

/// The view's frame: the sheet's shape, at the scale of the largest picture but within bounds.
fn frame(rasters: &[&RgbImage], maps: &[Homography], sheet: (f64, f64)) -> (Homography, (usize, usize)) {
    let bounded = |v: f64| if v.is_finite() { v.clamp(16.0, 2e4) } else { 1000.0 };
    let (w, h) = (bounded(sheet.0), bounded(sheet.1));
    let largest = maps
        .iter()
        .zip(rasters)
        .map(|(map, _)| map.scale_at(w / 2.0, h / 2.0))
        .filter(|s| s.is_finite())
        .fold(0.0, f64::max);
    let bound = (PIXELS / (w * h)).sqrt();
    let scale = (largest * 1.1).clamp(0.3 * bound, bound);
    let size = (((w * scale).round() as usize).max(8), ((h * scale).round() as usize).max(8));
    (Homography::stretch(1.0 / scale, 1.0 / scale, 0.0, 0.0), size)
}

/// By what they show: visible area times resolution (full resolution counts no further).
fn order(laid: &[Laid], scale: &[f64]) -> Vec<usize> {
    let worth: Vec<f64> = laid
        .iter()
        .zip(scale)
        .map(|(l, s)| {
            let seen = l.shown.iter().step_by(5).map(|v| u64::from(*v)).sum::<u64>() as f64;
            seen * s.clamp(0.01, 1.0)
        })
        .collect();
    let mut order: Vec<usize> = (0..laid.len()).collect();
    order.sort_by(|a, b| worth[*b].total_cmp(&worth[*a]).then(a.cmp(b)));
    order
}

fn blackness(laid: &Laid) -> f32 {
    let sampled = laid.ink.iter().zip(&laid.shown).step_by(13).filter(|(i, s)| **s > 0 && **i > 40);
    let mut ink: Vec<f32> = sampled.map(|(i, _)| f32::from(*i) / 250.0).collect();
    quantile(&mut ink, 0.7)
}

/// Three rounds of finding the drift and laying again.
fn settle(
    source: &Source,
    map: &Homography,
    rough: &Laid,
    (ink, known): (&Plane, &Plane),
    size: (usize, usize),
) -> (Laid, Drift) {
    let step = |laid: &Laid, drift: &Drift, round| {
        let both = known.zip(&laid.shown_plane(), |a, b| a * b);
        let more = register::drift(ink, &laid.ink_plane(), &both, round);
        let drift = register::sum(drift, &more);
        (lay(source, map, &drift, size), drift)
    };
    let (laid, drift) = step(rough, &Drift::none(), COARSE);
    let (laid, drift) = step(&laid, &drift, MIDDLE);
    step(&laid, &drift, FINE)
}

/// Fills what was not known yet.
fn add(ink: &mut Plane, known: &mut Plane, laid: &Laid) {
    for (k, shown) in laid.shown.iter().enumerate() {
        if known.data[k] == 0.0 && *shown > 0 {
            known.data[k] = 1.0;
            ink.data[k] = f32::from(laid.ink[k]) / 250.0;
        }
    }
}
