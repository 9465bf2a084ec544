//! How dark a place is on one picture: clean paper, letters, or letters smeared to grey.

use crate::lay;
use crate::place::Area;
use crate::plane::quantile;
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
