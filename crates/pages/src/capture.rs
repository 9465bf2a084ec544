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
/// Share of paper at exactly one value that only a renderer (or a fax) makes; and below which it is a scanner's.
const ONE_VALUE: f64 = 0.975;
const WAVERING: f64 = 0.9;
/// Share of half-tones below which ink is black or nothing, as a fax sends it.
const HALF_TONES: f64 = 0.05;
/// Bright as paper; and dark as ink is.
const INK: u8 = 200;
const DARK: u8 = 56;
/// Pixels within which paper has no ink.
const NEAR: i64 = 5;

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
    let (one, half) = values(image, sheet);
    ground.push(Measure::new("window around it", f64::from(u8::from(window)), "windows", Some(1.0)));
    ground.push(Measure::new("fall of light", fall, "grey levels", Some(FALL)));
    ground.push(Measure::new("tint of the paper", tint, "grey levels", Some(TINT)));
    ground.push(Measure::new("brightness of the paper", white, "grey levels", Some(PAPER)));
    ground.push(Measure::new("paper of exactly one value", one, "share", Some(ONE_VALUE)));
    ground.push(Measure::new("half-tones in the ink", half, "share", Some(HALF_TONES)));
    let capture = if window {
        Capture::Screenshot
    } else if fall > FALL || tint > TINT || white < PAPER {
        Capture::Photo
    } else if one < WAVERING || half < HALF_TONES {
        Capture::Scan
    } else if one >= ONE_VALUE {
        Capture::BornDigital
    } else {
        Capture::Unknown
    };
    (capture, ground)
}

/// Of the bright pixels inside the outline with no ink near them, the share whose value is the commonest one (give or take one
/// level); and of the ink's pixels, the share that is neither dark nor bright. Both 0 where there are none.
fn values(image: &RgbImage, sheet: &Sheet) -> (f64, f64) {
    const ACROSS: u32 = 200;
    let mut counts = [0u64; 256];
    let (mut ink, mut half) = (0u64, 0u64);
    let (w, h) = (f64::from(sheet.size.0), f64::from(sheet.size.1));
    let (right, foot) = (i64::from(image.width()), i64::from(image.height()));
    for k in 0..ACROSS * ACROSS {
        let place = |k: u32, side: f64| (f64::from(k) + 0.5) / f64::from(ACROSS) * side;
        let at = model::Point { x: place(k % ACROSS, w), y: place(k / ACROSS, h) };
        let at = sheet.to_page.apply(at);
        let (x, y) = (at.x.floor() as i64, at.y.floor() as i64);
        if x < NEAR || y < NEAR || x >= right - NEAR || y >= foot - NEAR {
            continue;
        }
        let value = |dx: i64, dy: i64| image.get_pixel((x + dx) as u32, (y + dy) as u32).0[1];
        let here = value(0, 0);
        if here < INK {
            ink += 1;
            half += u64::from(here > DARK);
        }
        let steps = [-NEAR, 0, NEAR];
        if steps.iter().all(|dx| steps.iter().all(|dy| value(*dx, *dy) >= INK)) {
            counts[usize::from(here)] += 1;
        }
    }
    let bright: u64 = counts.iter().sum();
    let most = (1..256usize).map(|k| counts[k - 1..(k + 2).min(256)].iter().sum::<u64>()).max().unwrap_or(0);
    let share = |part: u64, whole: u64| if whole == 0 { 0.0 } else { (part as f64 / whole as f64).min(1.0) };
    (share(most, bright), share(half, ink))
}
