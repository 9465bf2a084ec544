//! The grain of blank paper as a witness of descent.
//!
//! What a sensor and each encoding leave on blank paper is passed on, and each step adds its own. Along a chain of copies
//! the correlations of the grain multiply, so that the negative logarithm of the correlation is a distance that adds up
//! along the tree (Chow and Liu 1968, "Approximating discrete probability distributions with dependence trees"; Choi et al.
//! 2011, "Learning latent tree graphical models"). A picture lies between two others if its distances to them add up to the
//! distance between them; copies made independently of one lost source do not.

use crate::lay::Laid;
use crate::plane::Plane;

/// The grain of one picture at full, half and quarter size of the view; `None` where the picture is too coarse for it.
pub(crate) struct Grain(pub [Option<Level>; 3]);

pub(crate) struct Level {
    /// The finer part of the ink, 0 where there are letters or nothing is shown.
    fine: Plane,
    /// 1 on blank paper.
    blank: Plane,
}

impl Grain {
    pub fn of(laid: &Laid, scale: f64) -> Self {
        let mut ink = laid.ink_plane();
        let mut shown = laid.shown_plane();
        let mut bound = 0.85;
        Self(std::array::from_fn(|n| {
            if n > 0 {
                ink = ink.halved();
                shown = shown.halved();
                bound /= 2.0;
            }
            (scale >= bound).then(|| level(&ink, &shown))
        }))
    }
}

fn level(ink: &Plane, shown: &Plane) -> Level {
    let low = ink.blurred(2.0);
    let busy = ink.slope().blurred(2.0);
    let mut fine = ink.zip(&low, |v, m| v - m);
    let mut blank = shown.zip(&low, |s, m| f32::from(u8::from(s > 0.99 && m < 0.3)));
    for (k, b) in blank.data.iter_mut().enumerate() {
        if busy.data[k] > 8e-4 || fine.data[k].abs() > 0.12 {
            *b = 0.0;
        }
        fine.data[k] *= *b;
    }
    Level { fine, blank }
}

/// Negative logarithms of the correlations of two pictures' grain; not a number where they cannot be had.
pub(crate) fn distances(a: &Grain, b: &Grain) -> [f32; 3] {
    std::array::from_fn(|n| match (&a.0[n], &b.0[n]) {
        (Some(p), Some(q)) => distance(p, q),
        _ => f32::NAN,
    })
}

fn distance(a: &Level, b: &Level) -> f32 {
    let (mut aa, mut bb, mut ab, mut count) = (0.0_f64, 0.0_f64, 0.0_f64, 0_usize);
    let w = a.fine.width;
    for y in 0..a.fine.height {
        let (mut ra, mut rb, mut rab) = (0.0_f32, 0.0_f32, 0.0_f32);
        for k in y * w..(y + 1) * w {
            let both = a.blank.data[k] * b.blank.data[k];
            let (p, q) = (a.fine.data[k] * both, b.fine.data[k] * both);
            ra += p * p;
            rb += q * q;
            rab += p * q;
            count += usize::from(both > 0.0);
        }
        aa += f64::from(ra);
        bb += f64::from(rb);
        ab += f64::from(rab);
    }
    if count < 3000 || aa <= 0.0 || bb <= 0.0 {
        return f32::NAN;
    }
    -((ab / (aa * bb).sqrt()).max(1e-3).ln() as f32)
}
