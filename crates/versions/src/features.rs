//! What can be measured of one word on one picture: where its letters stand, how dark and sharp they are, the grain of the
//! paper between them.

use crate::lay;
use crate::plane::{Plane, quantile};
use crate::view::View;

/// What is measured, in the order of [`Values`].
pub(crate) const FEATURES: [Feature; 6] = [
    Feature {
        name: "off the line of the words beside it",
        unit: "letter heights",
        least: 0.05,
        floor: 0.012,
    },
    Feature {
        name: "darkness of the letters against those beside",
        unit: "logarithm",
        least: 0.25,
        floor: 0.04,
    },
    Feature {
        name: "sharpness of the letters against those beside",
        unit: "logarithm",
        least: 0.3,
        floor: 0.05,
    },
    Feature { name: "grain of the paper against that beside", unit: "logarithm", least: 0.7, floor: 0.12 },
    Feature {
        name: "grain of bare paper against that beneath the words beside it",
        unit: "logarithm",
        least: 0.7,
        floor: 0.12,
    },
    Feature { name: "head of the letters above the line", unit: "letter heights", least: 0.1, floor: 0.05 },
];
/// The feature of place, whose neighbours lie along a slope.
pub(crate) const FOOT: usize = 0;
/// The feature of the paper between letters.
pub(crate) const GRAIN: usize = 3;
/// The feature of paper without letters: beneath words, and where words are missing.
pub(crate) const BARE: usize = 4;
/// Where the letters begin above. It depends on the word, and tells only beside the foot.
pub(crate) const HEAD: usize = 5;

/// One of them.
pub(crate) struct Feature {
    pub name: &'static str,
    pub unit: &'static str,
    /// How far a word must lie from those beside it to be odd at all.
    pub least: f32,
    /// The least spread that is believed of a picture.
    pub floor: f32,
}

/// What was measured of a word, by feature; `None` where it cannot be had.
pub(crate) type Values = [Option<f32>; FEATURES.len()];

/// How far above and below the foot of its line a word is looked at, in letter heights.
const ABOVE: f32 = 1.5;
const BELOW: f32 = 0.9;
/// How far the foot of a word may lie above and below that of its line, in letter heights.
const REACH: (f32, f32) = (0.6, 0.5);
/// Darkness against paper from which on something is a letter.
const INK: f32 = 0.12;
/// Pixels of paper that are needed for its grain.
const PAPER: usize = 24;

/// Measures a word from `left` to `right` whose line has its foot near `foot`, its letters `height` high.
pub(crate) fn measured(
    view: &View,
    picture: usize,
    [left, right]: [f32; 2],
    foot: f32,
    height: f32,
) -> Values {
    let part = [left, foot - ABOVE * height, right, foot + BELOW * height];
    if right - left < 0.6 * height {
        return Values::default();
    }
    let raw = lay::strip(&view.sources[picture], &view.to_picture[picture], &view.drift[picture], part, 1.0);
    of_strip(&raw, height)
}

/// The same of a strip that reaches `ABOVE` letter heights above the line's foot.
fn of_strip(raw: &Plane, height: f32) -> Values {
    if raw.data.iter().any(|v| !v.is_finite()) {
        return Values::default();
    }
    let paper = quantile(&mut raw.data.clone(), 0.8).max(1.0);
    let ink = raw.map(|v| (1.0 - v / paper).max(0.0));
    let line = ABOVE * height;
    let bare =
        |from: f32, to: f32| grain(raw, &ink, rows(raw, line + from * height, line + to * height), INK);
    let none: Values = [None, None, None, None, bare(-0.9, 0.0), None];
    let Some((foot, head)) = ends(&ink, height) else { return none };
    let within = rows(raw, foot - 1.1 * height, foot + 0.15 * height);
    let mut dark: Vec<f32> = ink.data[within.start * ink.width..within.end * ink.width].to_vec();
    let dark = quantile(&mut dark, 0.97);
    if dark < INK {
        return none;
    }
    [
        Some((foot - ABOVE * height) / height),
        Some(dark.ln()),
        sharpness(&ink, within.clone()).map(|s| (s / dark).ln()),
        grain(raw, &ink, within, dark),
        bare(0.3, 0.8),
        head.map(|head| (head - line) / height),
    ]
}

fn rows(plane: &Plane, from: f32, to: f32) -> std::ops::Range<usize> {
    let to = (to.max(0.0) as usize + 1).min(plane.height);
    (from.max(0.0) as usize).min(to)..to
}

/// The rows at which the ink of a word ends below and begins above, between rows: where its sum by rows falls most steeply, and
/// where above that it rises most steeply.
fn ends(ink: &Plane, height: f32) -> Option<(f32, Option<f32>)> {
    let mut sums = Plane::new(1, ink.height);
    for (sum, row) in sums.data.iter_mut().zip(ink.data.chunks_exact(ink.width.max(1))) {
        *sum = row.iter().sum::<f32>() / row.len() as f32;
    }
    let sums = sums.blurred((0.08 * height).max(0.7)).data;
    let most = sums.iter().copied().fold(0.0, f32::max);
    let fall: Vec<f32> = sums.windows(2).map(|w| w[0] - w[1]).collect();
    let rise: Vec<f32> = fall.iter().map(|f| -f).collect();
    let line = ABOVE * height;
    let foot = steepest(&fall, line - REACH.0 * height, line + REACH.1 * height, 0.06 * most)?;
    Some((foot, steepest(&rise, foot - 1.4 * height, foot - 0.45 * height, 0.06 * most)))
}

/// Where a slope is steepest between two rows; `None` if that is at an end, or less than `least`.
fn steepest(slope: &[f32], from: f32, to: f32, least: f32) -> Option<f32> {
    let (from, to) = (from.max(1.0) as usize, (to.max(0.0) as usize).min(slope.len().saturating_sub(1)));
    let at = (from..to).max_by(|a, b| slope[*a].total_cmp(&slope[*b]))?;
    let (before, own, after) = (slope[at - 1], slope[at], *slope.get(at + 1)?);
    if own < least || at == from || at + 1 == to {
        return None;
    }
    let bow = before - 2.0 * own + after;
    let off = if bow < 0.0 { (0.5 * (before - after) / bow).clamp(-0.5, 0.5) } else { 0.0 };
    Some(at as f32 + 1.0 + off)
}

/// How steep the steepest edges of letters are.
fn sharpness(ink: &Plane, rows: std::ops::Range<usize>) -> Option<f32> {
    let slope = ink.slope();
    let mut some: Vec<f32> = slope.data[rows.start * ink.width..rows.end * ink.width].to_vec();
    let steep = quantile(&mut some, 0.95);
    (steep > 1e-6).then(|| steep.sqrt())
}

/// How much the paper between and about the letters varies from pixel to pixel, a logarithm.
fn grain(raw: &Plane, ink: &Plane, rows: std::ops::Range<usize>, dark: f32) -> Option<f32> {
    let near = ink.blurred(1.2);
    let smooth = raw.blurred(1.2);
    let within = rows.start * raw.width..rows.end * raw.width;
    let mut off: Vec<f32> = within
        .filter(|k| near.data[*k] < 0.15 * dark)
        .map(|k| (raw.data[k] - smooth.data[k]).abs())
        .collect();
    (off.len() >= PAPER).then(|| (quantile(&mut off, 0.5) + 0.08).ln())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A strip with a row of letters whose foot lies at `foot`.
    fn strip(height: f32, foot: f32, grain: f32) -> Plane {
        let mut plane = Plane::new(60, ((ABOVE + BELOW) * height).ceil() as usize);
        for k in 0..plane.data.len() {
            let (x, y) = (k % 60, (k / 60) as f32);
            let letter = x % 20 < 5 && y >= foot - height && y < foot;
            let speck = ((k * 7919) % 13) as f32 / 6.0 - 1.0;
            plane.data[k] = if letter { 60.0 } else { 200.0 + grain * speck };
        }
        plane
    }

    #[test]
    fn the_foot_is_where_the_letters_end() {
        for off in [-3.0, 0.0, 2.0, 5.0] {
            let found = of_strip(&strip(20.0, 30.0 + off, 1.0), 20.0)[FOOT].unwrap();
            assert!((found * 20.0 - off).abs() < 0.4, "{off} {found}");
            let head = of_strip(&strip(20.0, 30.0 + off, 1.0), 20.0)[HEAD].unwrap();
            assert!((head * 20.0 - off + 20.0).abs() < 0.4, "{off} {head}");
        }
    }

    #[test]
    fn smooth_paper_has_less_grain_and_an_empty_strip_tells_nothing() {
        let [rough, smooth] = [4.0, 0.5].map(|g| of_strip(&strip(20.0, 30.0, g), 20.0)[GRAIN].unwrap());
        assert!(rough - smooth > 1.0, "{rough} {smooth}");
        assert_eq!(of_strip(&Plane::new(60, 48), 20.0), Values::default());
        assert_eq!(of_strip(&strip(20.0, 30.0, 1.0).map(|_| f32::NAN), 20.0), Values::default());
        assert_eq!(of_strip(&Plane::new(0, 0), 20.0), Values::default());
        assert_eq!(of_strip(&Plane::new(3, 1), 1.0), Values::default());
    }
}
