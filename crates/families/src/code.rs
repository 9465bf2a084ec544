//! Codes of 256 bits: signs of sums of gradients with fixed random signs (Charikar, STOC 2002).
//!
//! Of each of 32 sums there are the four quarter turns and their negatives; so the code of a turned or inverted picture
//! has the same eight words in another order.

/// Squares of the window, 4 x 4 row by row.
pub const CELLS: usize = 16;
/// Directions of gradients, the first along x, the third along y.
pub const BINS: usize = 8;
const SUMS: usize = 32;

/// 8 words: quarter turns 0 to 3, then the same of the negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub [u32; 8]);

/// How a picture is laid on another: quarter turns clockwise, and light for dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pose {
    /// 0 to 3.
    pub turns: u8,
    /// Light and dark change places.
    pub negative: bool,
}

impl Pose {
    /// All eight.
    pub const ALL: [Self; 8] = {
        let mut all = [Self { turns: 0, negative: false }; 8];
        let mut k = 0;
        while k < 8 {
            all[k] = Self { turns: (k % 4) as u8, negative: k >= 4 };
            k += 1;
        }
        all
    };

    /// Its number, 0 to 7.
    pub fn number(self) -> usize {
        usize::from(self.turns % 4) + if self.negative { 4 } else { 0 }
    }

    /// The pose of the second picture on the first.
    pub fn back(self) -> Self {
        Self { turns: (4 - self.turns % 4) % 4, negative: self.negative }
    }
}

impl Code {
    /// The code of the same place when the picture is laid so.
    pub fn posed(&self, pose: Pose) -> Self {
        let turns = usize::from(pose.turns % 4);
        let half = if pose.negative { 4 } else { 0 };
        Self(std::array::from_fn(|k| self.0[((k % 4 + turns) % 4) + ((k / 4 * 4) ^ half)]))
    }

    /// In how many bits two codes differ.
    #[inline]
    pub fn distance(&self, other: &Self) -> u32 {
        let word = |k: usize| u64::from(self.0[2 * k]) | u64::from(self.0[2 * k + 1]) << 32;
        let theirs = |k: usize| u64::from(other.0[2 * k]) | u64::from(other.0[2 * k + 1]) << 32;
        (0..4).map(|k| (word(k) ^ theirs(k)).count_ones()).sum()
    }
}

/// Makes codes.
pub struct Coder {
    signs: Vec<[f32; CELLS * BINS]>,
}

impl Coder {
    /// The one coder there is.
    pub fn new() -> Self {
        let mut state = 0x9E37_79B9_7F4A_7C15_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize
        };
        // Corners, edges and middle hold as many of either sign in each direction, so that what is common to all
        // windows falls out.
        let rings: [&[usize]; 3] = [&[0, 3, 12, 15], &[1, 2, 4, 7, 8, 11, 13, 14], &[5, 6, 9, 10]];
        let mut first = Vec::with_capacity(SUMS);
        for _ in 0..SUMS {
            let mut signs = [0.0_f32; CELLS * BINS];
            for bin in 0..BINS {
                for ring in rings {
                    let mut order: Vec<usize> = ring.to_vec();
                    for k in (1..order.len()).rev() {
                        order.swap(k, next() % (k + 1));
                    }
                    for (k, cell) in order.iter().enumerate() {
                        signs[cell * BINS + bin] = if k % 2 == 0 { 1.0 } else { -1.0 };
                    }
                }
            }
            first.push(signs);
        }
        let mut signs = Vec::with_capacity(8 * SUMS);
        for pose in Pose::ALL {
            signs.extend(first.iter().map(|signs| laid(signs, pose)));
        }
        Self { signs }
    }

    /// The code of gradients in 16 squares of 8 directions; `None` where there are none.
    pub fn code(&self, bins: &[f32; CELLS * BINS]) -> Option<Code> {
        let norm = bins.iter().map(|v| v * v).sum::<f32>().sqrt();
        if norm.is_nan() || norm <= 1e-3 {
            return None;
        }
        // As in RootSIFT (Arandjelovic and Zisserman, CVPR 2012): the root tames the strongest edges.
        let rooted = bins.map(|v| (v / norm).min(0.25).sqrt());
        let mut code = Code::default();
        for (k, signs) in self.signs.iter().enumerate() {
            let mut sums = [0.0_f32; 8];
            for (sign, value) in signs.as_chunks::<8>().0.iter().zip(rooted.as_chunks::<8>().0) {
                for lane in 0..8 {
                    sums[lane] += sign[lane] * value[lane];
                }
            }
            if sums.iter().sum::<f32>() > 0.0 {
                code.0[k / SUMS] |= 1 << (k % SUMS);
            }
        }
        Some(code)
    }
}

/// Signs moved so that they meet a picture laid so as they met it upright.
fn laid(signs: &[f32; CELLS * BINS], pose: Pose) -> [f32; CELLS * BINS] {
    let mut out = *signs;
    for _ in 0..pose.turns {
        let from = out;
        for row in 0..4 {
            for column in 0..4 {
                for bin in 0..BINS {
                    // A quarter turn clockwise takes (column, row) to (3 - row, column) and each direction two on.
                    let to = (column * 4 + 3 - row) * BINS + (bin + 2) % BINS;
                    out[(row * 4 + column) * BINS + bin] = from[to];
                }
            }
        }
    }
    if pose.negative {
        let from = out;
        for (k, sign) in out.iter_mut().enumerate() {
            *sign = from[k / BINS * BINS + (k % BINS + 4) % BINS];
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_turn_and_the_negative_only_move_words() {
        let bins: [f32; CELLS * BINS] = std::array::from_fn(|k| ((k * 7919 + 13) % 101) as f32);
        let coder = Coder::new();
        let upright = coder.code(&bins).unwrap();
        for pose in Pose::ALL {
            // laid() pulls: the histogram of a picture that was turned pushes.
            let mut turned = bins;
            for _ in 0..pose.turns {
                let from = turned;
                for row in 0..4 {
                    for column in 0..4 {
                        for bin in 0..BINS {
                            turned[(column * 4 + 3 - row) * BINS + (bin + 2) % BINS] =
                                from[(row * 4 + column) * BINS + bin];
                        }
                    }
                }
            }
            if pose.negative {
                let from = turned;
                turned = std::array::from_fn(|k| from[k / BINS * BINS + (k % BINS + 4) % BINS]);
            }
            assert_eq!(coder.code(&turned).unwrap(), upright.posed(pose), "{pose:?}");
            assert_eq!(upright.posed(pose).posed(pose.back()), upright);
        }
    }
}
