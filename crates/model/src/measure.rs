use serde::{Deserialize, Serialize};

/// A measured number with its name, unit and the bound it is held against; no bare confidence crosses a crate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// What was measured.
    pub name: String,
    /// The number.
    pub value: f64,
    /// Its unit: "bits", "px", "share" and so on.
    pub unit: String,
    /// The bound that decides, if one does.
    pub bound: Option<f64>,
}

impl Measure {
    /// A measure held against a bound.
    pub fn new(name: &str, value: f64, unit: &str, bound: Option<f64>) -> Self {
        Self { name: name.to_owned(), value, unit: unit.to_owned(), bound }
    }
}
