//! Sums over two rows of numbers, side by side, and what follows from them.

/// Sums of two rows of numbers and of their products, four by four.
#[derive(Default)]
pub(crate) struct Moments {
    count: usize,
    sums: [[f32; 4]; 5],
}

impl Moments {
    /// Adds two rows of one length; what is beyond a multiple of four is left out.
    #[inline]
    pub fn add(&mut self, a: &[f32], b: &[f32]) {
        self.count += a.len() / 4 * 4;
        for (p, q) in a.as_chunks::<4>().0.iter().zip(b.as_chunks::<4>().0) {
            for k in 0..4 {
                self.sums[0][k] += p[k];
                self.sums[1][k] += q[k];
                self.sums[2][k] += p[k] * p[k];
                self.sums[3][k] += q[k] * q[k];
                self.sums[4][k] += p[k] * q[k];
            }
        }
    }

    /// Standard deviations and covariance.
    pub fn spread(&self) -> (f32, f32, f32) {
        let count = self.count.max(1) as f64;
        let [a, b, aa, bb, ab] =
            self.sums.map(|four| four.iter().map(|v| f64::from(*v)).sum::<f64>() / count);
        ((aa - a * a).max(0.0).sqrt() as f32, (bb - b * b).max(0.0).sqrt() as f32, (ab - a * b) as f32)
    }

    /// The factor and the number that make the first as deep and as dark as the second, within bounds.
    pub fn likened(&self) -> (f32, f32) {
        let (mine, theirs, _) = self.spread();
        let count = self.count.max(1) as f32;
        let mean = |k: usize| self.sums[k].iter().sum::<f32>() / count;
        let gain = (theirs / mine.max(1e-3)).clamp(0.7, 1.4);
        (gain, (mean(1) - mean(0) * gain).clamp(-0.15, 0.15))
    }

    /// Pearson's correlation.
    pub fn correlation(&self) -> f32 {
        let (a, b, both) = self.spread();
        both / (a * b).max(1e-6)
    }
}
