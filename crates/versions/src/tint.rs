//! Whether the colour of a place belongs to the sheet, as that of a banner printed in red, or was laid on one picture.

use crate::lay::Laid;
use crate::place::{Area, each};
use crate::plane::quantile;
use crate::view::View;

/// How far the ink of a place must lie from its paper to have a colour, in grey levels.
const COLOURED: f32 = 10.0;
/// The least cosine between two colours that are the same.
const SAME: f32 = 0.85;
/// The most by which the one may be stronger.
const STRONGER: f32 = 3.5;
/// Which share of the ink must be coloured, for letters in colour and not something coloured over black ones.
const MOST_OF_IT: f32 = 0.75;
/// A picture on which hardly anything lies farther from its usual colour has none, in grey levels.
const GREY: f32 = 4.0;
/// How far beyond what is usual in a picture something coloured lies, in grey levels.
const BEYOND: f32 = 34.0;

/// Whether what is coloured at a place of a picture has that colour on every other picture as well that shows the place and
/// has colours, and whether those that have none show as much ink there; and there is one. Pens and highlighters colour one
/// picture and those made from it, never all: where they do colour all, they differ in nothing.
pub(crate) fn printed(view: &View, picture: usize, area: &Area) -> bool {
    let Some(own) = ink(view, picture, area) else { return false };
    let all = inked(view, picture, area);
    let shows = |p: &usize| {
        let laid = &view.laid[*p];
        let (mut count, mut seen) = (0_usize, 0_usize);
        each(laid, area, |k| {
            count += 1;
            seen += usize::from(laid.shown[k]);
        });
        seen * 100 >= count * 97
    };
    let others = (0..view.laid.len()).filter(|p| *p != picture).filter(shows);
    let same = |p: usize| {
        if view.colours[p].grey {
            // Letters of one colour throughout; what stands there in grey is about as much.
            let (count, _) = inked(view, p, area);
            return all.1 >= MOST_OF_IT && count <= 2.0 * all.0 && all.0 <= 2.0 * count;
        }
        ink(view, p, area).is_some_and(|other| alike(own, other))
    };
    others.map(same).reduce(|all, one| all && one).unwrap_or(false)
}

/// How many of a place's pixels are ink, and the share of these that is coloured.
fn inked(view: &View, picture: usize, area: &Area) -> (f32, f32) {
    let laid = &view.laid[picture];
    let (mut count, mut coloured) = (0.0_f32, 0.0_f32);
    each(laid, area, |k| {
        if f32::from(laid.ink[k]) > 125.0 * view.blackness[picture] {
            count += 1.0;
            coloured += f32::from(laid.colour[k] > 30);
        }
    });
    (count, coloured / count.max(1.0))
}

/// How far the colour of a place's ink lies from that of its paper; `None` without both, or if that is next to nothing.
fn ink(view: &View, picture: usize, area: &Area) -> Option<[f32; 2]> {
    let laid = &view.laid[picture];
    let (mut ink, mut paper) = (([0.0_f32; 2], 0.0_f32), ([0.0_f32; 2], 0.0_f32));
    each(laid, area, |k| {
        let sum = match laid.ink[k] {
            0..=25 => &mut paper,
            80.. => &mut ink,
            _ => return,
        };
        let at = view.on_picture(picture, (k % laid.width) as f32 + 0.5, (k / laid.width) as f32 + 0.5);
        if let Some(tint) = view.sources[picture].tint(at) {
            sum.0 = [sum.0[0] + tint[0], sum.0[1] + tint[1]];
            sum.1 += 1.0;
        }
    });
    if ink.1 < 8.0 || paper.1 < 8.0 {
        return None;
    }
    let off = [0, 1].map(|c: usize| ink.0[c] / ink.1 - paper.0[c] / paper.1);
    (off[0].hypot(off[1]) >= COLOURED).then_some(off)
}

fn alike(a: [f32; 2], b: [f32; 2]) -> bool {
    let (la, lb) = (a[0].hypot(a[1]), b[0].hypot(b[1]));
    a[0] * b[0] + a[1] * b[1] >= SAME * la * lb && la.max(lb) <= STRONGER * la.min(lb)
}

/// What holds for the colours of a picture as a whole.
pub(crate) struct Colours {
    /// It has none at all.
    grey: bool,
    /// From so far off its usual colour something is coloured, in grey levels.
    pub bound: f32,
}

impl Colours {
    pub fn of(laid: &Laid) -> Self {
        let mut some: Vec<f32> = laid.colour.iter().step_by(97).map(|c| f32::from(*c)).collect();
        let shown = laid.colour.iter().zip(&laid.shown).step_by(997).filter(|(_, s)| **s > 0);
        let mut usual: Vec<f32> = shown.map(|(c, _)| f32::from(*c)).collect();
        Self { grey: quantile(&mut some, 0.99) <= GREY, bound: quantile(&mut usual, 0.9) + BEYOND }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_paled_is_the_same_and_another_is_not() {
        assert!(alike([170.0, 10.0], [70.0, 8.0]));
        assert!(!alike([170.0, 10.0], [10.0, 150.0]) && !alike([170.0, 10.0], [-90.0, -50.0]));
        assert!(!alike([170.0, 10.0], [20.0, 1.0]), "a breath of red is not printed red");
    }
}
