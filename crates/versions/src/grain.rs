//! The grain of blank paper as a witness of descent.
//!
//! What a sensor and each encoding leave on blank paper is passed on, and each step adds its own. Along a chain of copies
//! the correlations of the grain multiply, so that the negative logarithm of the correlation is a distance that adds up
//! along the tree (Chow and Liu 1968, "Approximating discrete probability distributions with dependence trees"; Choi et al.
//! 2011, "Learning latent tree graphical models"). A picture lies between two others if its distances to them add up to the
//! distance between them; copies made independently of one lost source do not. The correlation is taken frequency by
//! frequency (blocks of a discrete cosine transform), so that a picture made softer or smaller is not held to be farther
//! than it is.

use crate::lay::Laid;
use crate::plane::Plane;

/// Side of the blocks, in pixels of the level.
const SIDE: usize = 12;
/// Radial frequencies that count, in half waves over a block.
const LOW: f32 = 1.5;
const HIGH: f32 = 7.5;

/// The grain of one picture at full, half and quarter size of the view; `None` where the picture is too coarse for it.
pub(crate) struct Grain(pub [Option<Level>; 3]);

pub(crate) struct Level {
    /// The frequencies of each block of the level, in reading order; `None` where there are letters or nothing is shown.
    blocks: Vec<Option<Vec<f32>>>,
}

impl Grain {
    pub fn of(laid: &Laid, scale: f64) -> Self {
        let mut ink = laid.ink_plane();
        let mut shown = laid.shown_plane();
        let mut bound = 0.8;
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
    let bands = bands();
    let waves = waves();
    let (columns, rows) = (ink.width / SIDE, ink.height / SIDE);
    let blocks = (0..columns * rows)
        .map(|n| block(ink, shown, (n % columns * SIDE, n / columns * SIDE), &bands, &waves))
        .collect();
    Level { blocks }
}

/// The frequencies that count, across and down.
fn bands() -> Vec<(usize, usize)> {
    (0..SIDE * SIDE)
        .map(|k| (k % SIDE, k / SIDE))
        .filter(|(u, v)| {
            let r = (*u as f32).hypot(*v as f32);
            (LOW..=HIGH).contains(&r)
        })
        .collect()
}

fn waves() -> Vec<f32> {
    (0..SIDE * SIDE)
        .map(|k| {
            let (u, x) = ((k / SIDE) as f32, (k % SIDE) as f32);
            (std::f32::consts::PI * u * (x + 0.5) / SIDE as f32).cos()
        })
        .collect()
}

fn block(
    ink: &Plane,
    shown: &Plane,
    (x0, y0): (usize, usize),
    bands: &[(usize, usize)],
    waves: &[f32],
) -> Option<Vec<f32>> {
    let mut across = [0.0_f32; SIDE * SIDE];
    let (mut least, mut most) = (f32::MAX, f32::MIN);
    for y in 0..SIDE {
        let from = (y0 + y) * ink.width + x0;
        let row = &ink.data[from..from + SIDE];
        if shown.data[from..from + SIDE].iter().any(|s| *s < 1.0) {
            return None;
        }
        for v in row {
            least = least.min(*v);
            most = most.max(*v);
        }
        for u in 0..SIDE {
            across[y * SIDE + u] = row.iter().zip(&waves[u * SIDE..]).map(|(v, c)| v * c).sum();
        }
    }
    if most - least > 0.22 || most > 0.35 {
        return None;
    }
    let down = |(u, v): &(usize, usize)| (0..SIDE).map(|y| across[y * SIDE + u] * waves[v * SIDE + y]).sum();
    Some(bands.iter().map(down).collect())
}

/// Negative logarithms of the correlations of two pictures' grain; not a number where they cannot be had.
pub(crate) fn distances(a: &Grain, b: &Grain) -> [f32; 3] {
    std::array::from_fn(|n| match (&a.0[n], &b.0[n]) {
        (Some(p), Some(q)) => distance(p, q),
        _ => f32::NAN,
    })
}

/// How much of the finest grain they share the first has over the second, as a logarithm: re-encoding takes grain away.
/// Not a number where they share no level.
pub(crate) fn surplus(a: &Grain, b: &Grain) -> f32 {
    let level = a.0.iter().zip(&b.0).find_map(|(p, q)| Some((p.as_ref()?, q.as_ref()?)));
    let Some((p, q)) = level else { return f32::NAN };
    let (mut xx, mut yy, mut blocks) = (0.0_f64, 0.0_f64, 0);
    for (x, y) in p.blocks.iter().zip(&q.blocks) {
        let (Some(x), Some(y)) = (x, y) else { continue };
        blocks += 1;
        xx += x.iter().map(|v| f64::from(v * v)).sum::<f64>();
        yy += y.iter().map(|v| f64::from(v * v)).sum::<f64>();
    }
    if blocks < 60 || yy <= 0.0 || xx <= 0.0 { f32::NAN } else { (xx / yy).ln() as f32 }
}

fn distance(a: &Level, b: &Level) -> f32 {
    let count = bands().len();
    let mut sums = vec![[0.0_f64; 3]; count];
    let mut blocks = 0;
    for (p, q) in a.blocks.iter().zip(&b.blocks) {
        let (Some(p), Some(q)) = (p, q) else { continue };
        blocks += 1;
        for ((sum, x), y) in sums.iter_mut().zip(p).zip(q) {
            let (x, y) = (f64::from(*x), f64::from(*y));
            sum[0] += x * x;
            sum[1] += y * y;
            sum[2] += x * y;
        }
    }
    if blocks < 60 {
        return f32::NAN;
    }
    let logs = sums.iter().map(|[xx, yy, xy]| -(xy / (xx * yy).sqrt().max(1e-12)).max(0.02).ln());
    (logs.sum::<f64>() / count.max(1) as f64) as f32
}
