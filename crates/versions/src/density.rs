//! How dark a place is on one picture: clean paper, letters, or letters smeared to grey.

use crate::lay;
use crate::place::Area;
use crate::plane::{Plane, quantile};
use crate::view::View;

/// How much darker than the paper around it a place is, for letters of the picture being 1: on the mean, and its darkest
/// parts. Letters made unreadable by a mosaic keep their mean; paper does not have it, and other letters keep both.
pub(crate) struct Density {
    pub mean: f32,
    pub dark: f32,
}

pub(crate) fn density(view: &View, picture: usize, area: &Area) -> Density {
    let letter = view.letter;
    let around = [area[0] - 3.0 * letter, area[1] - letter, area[2] + 3.0 * letter, area[3] + letter];
    let raw =
        lay::strip(&view.sources[picture], &view.to_picture[picture], &view.drift[picture], around, 1.0);
    let (mut within, mut outside) = (Vec::new(), Vec::new());
    let inset = 0.15 * (area[3] - area[1]);
    for y in 0..raw.height {
        for x in 0..raw.width {
            let value = raw.data[y * raw.width + x];
            let (vx, vy) = (around[0] + x as f32, around[1] + y as f32);
            let inside = vx >= area[0] && vx < area[2] && vy >= area[1] + inset && vy < area[3] - inset;
            if value.is_finite() {
                if inside { within.push(value) } else { outside.push(value) }
            }
        }
    }
    let paper = quantile(&mut outside, 0.7).max(1.0);
    let mean = within.iter().sum::<f32>() / within.len().max(1) as f32;
    let full = view.blackness[picture].max(0.05);
    Density { mean: (1.0 - mean / paper) / full, dark: (1.0 - quantile(&mut within, 0.06) / paper) / full }
}

/// Whether the letters of `of` were smeared to an even grey, as by a mosaic, compared with those of `against`.
pub(crate) fn smeared(view: &View, of: usize, against: usize, area: &Area) -> bool {
    let (own, other) = (density(view, of, area), density(view, against, area));
    own.dark < 0.5 * other.dark && own.mean > 0.35 * other.mean
}

/// How much darker than paper the letters of a place must be, at their darkest, for letters of the picture being 1.
const LETTERS: f32 = 0.6;
/// How much the paper beside a place may differ on two pictures, as a share of the contrast of their letters.
const BESIDE: f32 = 0.12;
/// And how much in terms of what differs on the paper farther around.
const BESIDE_USUAL: f32 = 2.0;

/// Whether what differs at a place are letters and nothing else: dark as letters on those of the two pictures that say
/// something there, and the paper beside them the same. A fold, a watermark, a stroke or a shadow is seldom as dark as
/// letters, and does not end where they end.
pub(crate) fn letters_alone(
    view: &View,
    says: [Option<usize>; 2],
    (a, b): (usize, usize),
    area: &Area,
) -> bool {
    let dark = |picture: &usize| density(view, *picture, area).dark >= LETTERS;
    if !says.iter().flatten().all(dark) {
        return false;
    }
    let (share, usual) = beside(view, a, b, area);
    share <= BESIDE || usual <= BESIDE_USUAL
}

/// How much the paper beside the letters of a place differs on two pictures, as a share of the contrast of their letters, and
/// over what differs on the paper farther around.
fn beside(view: &View, a: usize, b: usize, area: &Area) -> (f32, f32) {
    let letter = view.letter;
    let wide = grown(area, 5.0 * letter, 4.0 * letter);
    let (sa, sb) = (evened(view, a, wide), evened(view, b, wide));
    let contrast = view.blackness[a].min(view.blackness[b]).max(0.1);
    let ink = sa.zip(&sb, |p, q| (1.0 - p.max(q)).max(0.0)).blurred(0.2 * letter);
    let differs = sa.zip(&sb, |p, q| p - q).blurred(0.12 * letter);
    let (own, near) = (grown(area, 0.2 * letter, 0.2 * letter), grown(area, letter, letter));
    let (mut ring, mut rest) = (Vec::new(), Vec::new());
    for (k, differs) in differs.data.iter().enumerate().filter(|(k, _)| ink.data[*k] <= 0.15 * contrast) {
        let at = (wide[0] + (k % ink.width) as f32, wide[1] + (k / ink.width) as f32);
        let inside = |r: &Area| at.0 > r[0] && at.0 < r[2] && at.1 > r[1] && at.1 < r[3];
        if !inside(&near) {
            rest.push(*differs);
        } else if !inside(&own) {
            ring.push(*differs);
        }
    }
    let middle = quantile(&mut rest, 0.5);
    ring.iter_mut().chain(&mut rest).for_each(|d| *d = (*d - middle).abs());
    let most = quantile(&mut ring, 0.9);
    (most / contrast, most / quantile(&mut rest, 0.5).max(0.004))
}

/// How much the paper between the letters of a place may differ on two pictures, as a share of the contrast of their letters.
const BETWEEN: f32 = 0.15;

/// Whether two pictures show the same paper between the letters that stand on `a` at a place: bands, boxes and stickers
/// bring paper of their own.
pub(crate) fn paper_kept(view: &View, a: usize, b: usize, area: &Area) -> bool {
    let letter = view.letter;
    let wide = grown(area, 5.0 * letter, 4.0 * letter);
    let (sa, sb) = (evened(view, a, wide), evened(view, b, wide));
    let contrast = view.blackness[a].min(view.blackness[b]).max(0.1);
    let ink = sa.zip(&sb, |p, q| (1.0 - p.min(q)).max(0.0)).blurred(0.1 * letter);
    let (mut inside, mut around) = (Vec::new(), Vec::new());
    let paper = (0..ink.data.len()).filter(|k| ink.data[*k] <= 0.5 * contrast);
    for k in paper {
        let at = (wide[0] + (k % ink.width) as f32, wide[1] + (k / ink.width) as f32);
        let within = at.0 > area[0] && at.0 < area[2] && at.1 > area[1] && at.1 < area[3];
        if within { inside.push(sa.data[k] - sb.data[k]) } else { around.push(sa.data[k] - sb.data[k]) }
    }
    // Between small letters only the lightest is paper.
    let apart = quantile(&mut inside, 0.75) - quantile(&mut around, 0.5);
    inside.len() < 12 || apart.abs() <= BETWEEN * contrast
}

/// A part of a picture, its paper 1; what lies beyond the picture is paper.
fn evened(view: &View, picture: usize, part: Area) -> Plane {
    let raw = lay::strip(&view.sources[picture], &view.to_picture[picture], &view.drift[picture], part, 1.0);
    let mut known: Vec<f32> = raw.data.iter().copied().filter(|v| v.is_finite()).collect();
    let paper = quantile(&mut known, 0.7).max(1.0);
    raw.map(|v| if v.is_finite() { v / paper } else { 1.0 })
}

fn grown(area: &Area, across: f32, down: f32) -> Area {
    [area[0] - across, area[1] - down, area[2] + across, area[3] + down]
}
