//! Which way is up.

use image::GrayImage;

/// What the text's look says about a raster that may stand on any of its sides.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turn {
    /// Quarter turns clockwise that the content is away from upright.
    pub(crate) quarters: usize,
    /// How much better the chosen way is than its opposite, from 0 (as good) on.
    pub(crate) sure: f64,
}

/// Judges a small evened raster.
pub(crate) fn turn(even: &GrayImage) -> Turn {
    let level = waves(even, false);
    let upright = waves(even, true);
    let quarters = usize::from(upright > level);
    Turn { quarters, sure: 0.0 }
}

/// How much the ink comes in stripes along rows (or columns), over short strips so that a tilt does not matter.
fn waves(even: &GrayImage, columns: bool) -> f64 {
    let (w, h) = (even.width() as usize, even.height() as usize);
    let (along, across) = if columns { (h, w) } else { (w, h) };
    let raw = even.as_raw();
    let strip = (along / 10).max(8);
    let mut total = 0.0;
    let mut start = 0;
    while start + strip <= along {
        let profile: Vec<f64> = (0..across)
            .map(|a| {
                (start..start + strip)
                    .map(|b| {
                        let (x, y) = if columns { (a, b) } else { (b, a) };
                        f64::from(255 - raw[y * w + x]) / 255.0
                    })
                    .sum::<f64>()
                    / strip as f64
            })
            .collect();
        total += profile.windows(3).map(|v| (v[2] - v[0]).powi(2)).sum::<f64>();
        start += strip;
    }
    total / (along / strip).max(1) as f64
}
