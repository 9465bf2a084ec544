//! What was withheld and why: never the words, no digest of them, no count.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::area::Area;

/// The log of one derivative.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Log {
    /// `truecopy.redaction/1`.
    pub schema: String,
    /// SHA-256 of the derivative.
    pub derivative: String,
    /// Its pages.
    pub pages: Vec<Page>,
    /// Why, in the analyst's words.
    pub reason: String,
}

/// One page of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// The picture it was made of.
    pub picture: String,
    /// Width and height in pixels.
    pub size: (u32, u32),
    /// What was withheld, from the top.
    pub withheld: Vec<Withheld>,
    /// What attacking it found, in words.
    pub findings: Vec<String>,
}

/// A region that was withheld.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withheld {
    /// Where, in pixels of the derivative.
    pub area: Area,
    /// By which rules, in words that name nobody.
    pub rules: Vec<String>,
}

impl Log {
    /// The version of the format.
    pub const SCHEMA: &'static str = "truecopy.redaction/1";

    /// As JSON.
    pub fn json(&self) -> serde_json::Result<String> {
        serde_json::to_string_pretty(self)
    }

    /// For people.
    pub fn text(&self) -> String {
        let mut out = format!("Withheld from the file with SHA-256 {}\n", self.derivative);
        let _ = writeln!(out, "Reason: {}", self.reason);
        for (n, page) in self.pages.iter().enumerate() {
            let count = page.withheld.len();
            let regions = if count == 1 { "region" } else { "regions" };
            let _ = writeln!(out, "\nPage {} ({}): {count} {regions} withheld", n + 1, page.picture);
            for one in &page.withheld {
                let Area { x, y, width, height } = one.area;
                let _ = writeln!(out, "  {width} x {height} at {x}, {y}: {}", one.rules.join("; "));
            }
            for finding in &page.findings {
                let _ = writeln!(out, "  attack: {finding}");
            }
        }
        out
    }
}
