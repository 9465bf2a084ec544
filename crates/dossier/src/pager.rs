//! Long lists, a page at a time.

use std::ops::Range;

/// Rows of a page.
pub const ROWS: usize = 60;

/// A page of a long list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Counted from 1.
    pub number: usize,
    /// How many pages there are; one at least.
    pub of: usize,
    /// How many rows there are on all pages.
    pub all: usize,
}

impl Page {
    /// The page with a number, or the last one.
    pub fn of(number: usize, all: usize) -> Self {
        let of = all.div_ceil(ROWS).max(1);
        Self { number: number.clamp(1, of), of, all }
    }

    /// Its rows among all of them.
    pub fn rows(&self) -> Range<usize> {
        let start = (self.number - 1) * ROWS;
        start..(start + ROWS).min(self.all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_holds_its_rows_and_no_page_is_beyond_the_last() {
        assert_eq!(Page::of(1, 0).rows(), 0..0);
        assert_eq!(Page::of(2, ROWS + 1).rows(), ROWS..ROWS + 1);
        assert_eq!(Page::of(9, ROWS + 1), Page { number: 2, of: 2, all: ROWS + 1 });
    }
}
