use serde::{Deserialize, Serialize};

use crate::PageId;

/// How the file of a page was encoded, as far as it is a JPEG file, and what it keeps of an encoding before that.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Encoding {
    /// The page.
    pub page: PageId,
    /// The 64 steps to which brightness was rounded, row by row: frequencies across grow along the row.
    pub steps: Vec<u16>,
    /// Frequencies that were rounded to another step before, on the same grid of blocks.
    pub earlier: Vec<Earlier>,
}

/// A frequency that was rounded twice.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Earlier {
    /// Its place among the 64.
    pub place: u8,
    /// The step of the earlier rounding.
    pub step: u16,
    /// How much likelier its values are after two roundings than after one: mean natural logarithm; where the frequency
    /// was looked at by itself, the less of two halves of the blocks.
    pub gain: f64,
}

impl Encoding {
    /// Whether what was encoded so and encoded again leaves what `other` keeps of an earlier encoding.
    pub fn is_before(&self, other: &Self) -> bool {
        let same = |earlier: &Earlier| self.steps.get(usize::from(earlier.place)) == Some(&earlier.step);
        !other.earlier.is_empty() && other.earlier.iter().all(same)
    }
}
