//! How a sheet came to be a picture, and on what ground.
//!
//! A drawn window makes it a screenshot. Otherwise the light decides: lamps fall off and tint, scanners and renderers do not;
//! and a renderer's white is one value, where a scanner's wavers. After heavy compression the last two look alike.

use image::RgbImage;
use model::{Capture, Measure};

use crate::plane::Reduced;
use crate::sheet::Sheet;
use crate::upright;

/// Longest side of the raster that the paper is looked at on.
const LOOKED: u32 = 480;
/// Largest fall of light over a scanned sheet, in grey levels.
const FALL: f64 = 16.0;
/// Largest tint of a scanned sheet, in grey levels between colours.
const TINT: f64 = 10.0;
/// Darkest paper that a scanner makes.
const PAPER: f64 = 228.0;
/// Share of paper at exactly one value that only a renderer makes.
const ONE_VALUE: f64 = 0.9;

/// Judges by the sheet's raster (reduced, upright or not).
pub(crate) fn judge(image: &RgbImage, sheet: &Sheet, window: bool) -> (Capture, Vec<Measure>) {
    let mut ground = sheet.ground.clone();
    let size = sheet.reduced(LOOKED);
    let small = upright::drawn(image, &sheet.outline, &upright::to_page(&sheet.outline, size), size);
    let paper = Reduced::of(&small, [0, 0, size.0, size.1], 160).without_ink(4);
    let light: Vec<f32> = (0..paper.width() * paper.height())
        .map(|k| paper.colour.iter().map(|plane| plane.at[k]).sum::<f32>() / 3.0)
        .collect();
    let mut sorted = light.clone();
    sorted.sort_by(f32::total_cmp);
    let at =
        |share: f64| f64::from(sorted.get((share * sorted.len() as f64) as usize).copied().unwrap_or(0.0));
    let fall = at(0.95) - at(0.25);
    let white = at(0.6);
    let mean =
        |k: usize| paper.colour[k].at.iter().map(|v| f64::from(*v)).sum::<f64>() / light.len().max(1) as f64;
    let colours = [mean(0), mean(1), mean(2)];
    let tint = colours.iter().copied().fold(0.0, f64::max) - colours.iter().copied().fold(255.0, f64::min);
    let one = one_value(image, sheet);
    ground.push(Measure::new("window around it", f64::from(u8::from(window)), "windows", Some(1.0)));
    ground.push(Measure::new("fall of light", fall, "grey levels", Some(FALL)));
    ground.push(Measure::new("tint of the paper", tint, "grey levels", Some(TINT)));
    ground.push(Measure::new("brightness of the paper", white, "grey levels", Some(PAPER)));
    ground.push(Measure::new("paper of exactly one value", one, "share", Some(ONE_VALUE)));
    let capture = if window {
        Capture::Screenshot
    } else if fall > FALL || tint > TINT || white < PAPER {
        Capture::Photo
    } else if one >= ONE_VALUE {
        Capture::BornDigital
    } else {
        Capture::Scan
    };
    (capture, ground)
}

/// Of the pixels inside the outline that are bright, the share whose value is the commonest one (give or take one level).
fn one_value(image: &RgbImage, sheet: &Sheet) -> f64 {
    let mut counts = [0u64; 256];
    let (w, h) = (f64::from(sheet.size.0), f64::from(sheet.size.1));
    for row in 0..160 {
        for column in 0..160 {
            let at = model::Point {
                x: (f64::from(column) + 0.5) / 160.0 * w,
                y: (f64::from(row) + 0.5) / 160.0 * h,
            };
            let at = sheet.to_page.apply(at);
            if at.x >= 0.0
                && at.y >= 0.0
                && at.x < f64::from(image.width())
                && at.y < f64::from(image.height())
            {
                let pixel = image.get_pixel(at.x as u32, at.y as u32).0;
                counts[usize::from(pixel[1])] += 1;
            }
        }
    }
    let bright: u64 = counts[200..].iter().sum();
    let most =
        (200..256usize).map(|k| counts[k - 1..(k + 2).min(256)].iter().sum::<u64>()).max().unwrap_or(0);
    if bright == 0 { 0.0 } else { (most as f64 / bright as f64).min(1.0) }
}
