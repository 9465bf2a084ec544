//! The sheet that all pictures of a family show, and what it says as a whole.

/// The frame of a sheet, and its text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// Width and height of the frame, in any unit.
    pub size: (f64, f64),
    /// Its words in reading order, as far as they are known; without them fewer reasons tell which version is the earlier.
    pub words: Vec<SheetWord>,
}

/// A word of the sheet's text, as the readings of its pictures give it.
#[derive(Clone, Debug, PartialEq)]
pub struct SheetWord {
    /// As read.
    pub text: String,
    /// `[left, top, right, bottom]` in the sheet's frame.
    pub area: [f64; 4],
    /// Its line, counted from 0 in reading order.
    pub line: u32,
}

/// What the rest of the sheet says against one of two readings of a place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Contrary {
    /// 0 or 1: the reading that does not fit.
    pub side: usize,
    /// What was held against what.
    pub measures: Vec<model::Measure>,
}
