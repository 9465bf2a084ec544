//! What a photographed sheet lies on.

use crate::rng::{Rng, scatter};

/// A texture, computed for any pixel of a photograph.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Surface {
    /// Boards with grain, in a colour, seams running at an angle (radians).
    Wood([f32; 3], f64),
    /// Woven cloth with stripes in two colours.
    Cloth([f32; 3], [f32; 3]),
    /// Speckled stone.
    Stone([f32; 3]),
    /// Carpet or felt in one colour.
    Felt([f32; 3]),
    /// The dark edge of a screen.
    Bezel,
}

impl Surface {
    /// One of the surfaces a sheet is found on.
    pub fn any(rng: &mut Rng) -> Self {
        let woods = [[142.0, 96.0, 58.0], [96.0, 60.0, 38.0], [186.0, 148.0, 104.0], [120.0, 108.0, 96.0]];
        let cloths = [
            [170.0, 40.0, 44.0],
            [226.0, 220.0, 206.0],
            [44.0, 74.0, 120.0],
            [70.0, 110.0, 80.0],
            [210.0, 170.0, 60.0],
        ];
        match rng.below(4) {
            0 => {
                Self::Wood(*rng.pick(&woods), rng.range(-0.3, 0.3) + if rng.chance(0.5) { 1.57 } else { 0.0 })
            }
            1 => Self::Cloth(*rng.pick(&cloths), *rng.pick(&cloths)),
            2 => Self::Stone(*rng.pick(&[[150.0, 150.0, 146.0], [92.0, 94.0, 100.0], [196.0, 186.0, 172.0]])),
            _ => Self::Felt(*rng.pick(&[
                [60.0, 70.0, 62.0],
                [118.0, 60.0, 70.0],
                [90.0, 84.0, 112.0],
                [150.0, 138.0, 118.0],
            ])),
        }
    }

    /// Its colour at a pixel.
    #[must_use]
    pub fn colour(&self, x: f64, y: f64, seed: u64) -> [f32; 3] {
        match *self {
            Self::Wood(rgb, angle) => {
                let (sin, cos) = angle.sin_cos();
                let (along, across) = (x * cos + y * sin, y * cos - x * sin);
                let board = (across / 330.0).floor();
                let shift = scatter(seed, board as i64 as u32, 7) % 1000;
                let drift = noise(along / 400.0 + shift as f64, across / 60.0, seed) * 30.0;
                let rings =
                    ((across + drift) / 9.0).sin() * 0.5 + noise(along / 90.0, across / 3.0, seed) - 0.5;
                let seam = if (across / 330.0).fract().abs() * 330.0 < 4.0 { 0.45 } else { 1.0 };
                let tone = (0.92 + 0.1 * rings + 0.0002 * shift as f64) * seam;
                rgb.map(|v| v * tone as f32)
            }
            Self::Cloth(a, b) => {
                let weave = 0.9 + 0.1 * ((x * 0.9).sin() * (y * 0.9).sin());
                let fold = 0.8 + 0.4 * noise(x / 300.0, y / 300.0, seed);
                let band = |v: f64| u32::from((v / 110.0).rem_euclid(2.0) < 0.8);
                let mix = (band(x + y * 0.06) + band(y - x * 0.06)) as f32 / 2.0;
                std::array::from_fn(|k| (a[k] * (1.0 - mix) + b[k] * mix) * (weave * fold) as f32)
            }
            Self::Stone(rgb) => {
                let cloud = noise(x / 130.0, y / 130.0, seed) + 0.5 * noise(x / 31.0, y / 31.0, seed ^ 1);
                let speck = if noise(x / 4.5, y / 4.5, seed ^ 2) > 0.8 { 0.72 } else { 1.0 };
                rgb.map(|v| v * ((0.72 + 0.34 * cloud) * speck) as f32)
            }
            Self::Felt(rgb) => {
                let pile = noise(x / 2.6, y / 2.6, seed) * 0.5 + noise(x / 17.0, y / 11.0, seed ^ 3) * 0.3;
                rgb.map(|v| v * (0.64 + 0.8 * pile) as f32)
            }
            Self::Bezel => [(22.0 + 10.0 * noise(x / 200.0, y / 200.0, seed)) as f32; 3],
        }
    }
}

/// Value noise in `[0, 1]`: random heights on a lattice, joined smoothly (Perlin's fade curve).
fn noise(x: f64, y: f64, seed: u64) -> f64 {
    let (x0, y0) = (x.floor(), y.floor());
    let fade = |t: f64| t * t * (3.0 - 2.0 * t);
    let (fx, fy) = (fade(x - x0), fade(y - y0));
    let height = |dx: i64, dy: i64| {
        f64::from((scatter(seed, (x0 as i64 + dx) as u32, (y0 as i64 + dy) as u32) >> 40) as u32)
            / f64::from(1 << 24)
    };
    let (a, b) =
        (height(0, 0) * (1.0 - fx) + height(1, 0) * fx, height(0, 1) * (1.0 - fx) + height(1, 1) * fx);
    a * (1.0 - fy) + b * fy
}
