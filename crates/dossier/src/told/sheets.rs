//! Sheets: families, why they hold together, where they were seen, what they say.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AlterationKind, Basis, Because, Ground, QuotedBy, Trace, Window};

/// All pictures of one leaked sheet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Family {
    /// Made of its pictures.
    pub id: String,
    /// Its pictures.
    pub pictures: Vec<String>,
    /// The one that shows most: the largest visible area in pixels.
    pub best: String,
    /// The best reading over all its pictures; null: not read.
    pub text: Option<String>,
    /// What is marked on the sheet.
    pub marking: Marking,
    /// The post that carried it before every other; null where that is undecided or there is none.
    pub first_appearance: Option<String>,
    /// When it was first seen, as far as the material goes, and what that rests on.
    pub first: First,
    /// The matches among its pictures.
    pub matches: Vec<String>,
    /// Where it was seen: sorted by time, those without a time last.
    pub appearances: Vec<Appearance>,
}

/// What is marked on a sheet. A key that is absent was not read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Marking {
    /// The line at the head of the sheet that says who may see it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schemars(with = "String")]
    pub banner: Option<String>,
}

/// When a sheet was first seen, as far as the material goes: a later day with more material can only move it back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct First {
    /// From the earliest to the latest instant at which it can have been.
    pub interval: Option<Window>,
    /// What this rests on.
    pub basis: Basis,
    /// The same in words.
    pub says: String,
    /// The posts that can have been the first, by their earliest instant.
    pub candidates: Vec<String>,
}

/// A picture in a post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Appearance {
    /// Where.
    pub post: String,
    /// The post's channel; null where the post is not in the material.
    pub channel: Option<String>,
    /// What was seen.
    pub picture: String,
    /// The file it was seen in.
    pub item: String,
    /// When, by the narrowest clock the post has.
    pub when: Option<Window>,
}

/// Sheets that may belong together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Document {
    /// Made of the sheets in their order.
    pub id: String,
    /// The sheets, in the order of their pages.
    pub families: Vec<String>,
    /// For each sheet but the last, why the next one follows it: what speaks for it, and with a negative weight against.
    pub reasons: Vec<Vec<Measure>>,
}

/// Pictures of one sheet that go back to one photograph, scan or drawing. What is not clear stands alone, and standing
/// alone says nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Exposure {
    /// Made of the sheet and the pictures.
    pub id: String,
    /// The sheet.
    pub family: String,
    /// Sorted by id.
    pub pictures: Vec<String>,
    /// The pairs it rests on.
    pub held: Vec<Tell>,
    /// Exposures that clearly are others; of any other exposure of the sheet nothing is known.
    pub apart: Vec<Apart>,
}

/// Another exposure, and the pair that tells it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Apart {
    /// The other one.
    pub exposure: String,
    /// The pair, one picture of each.
    pub by: Tell,
}

/// Two pictures, and what tells that they go back to one photograph or to two.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Tell {
    /// One picture.
    pub a: String,
    /// The other.
    pub b: String,
    /// What tells it.
    pub trace: Trace,
}

/// Two pictures found to show one sheet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Match {
    /// Made of both pictures.
    pub id: String,
    /// The one with the smaller id.
    pub a: String,
    /// The other.
    pub b: String,
    /// Why.
    pub ground: Ground,
    /// The numbers it rests on.
    pub measures: Vec<Measure>,
    /// Where they agree and where not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cells: Option<Cells>,
}

/// Two pictures that lie on each other and say other things: of two sheets that look alike.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Contrast {
    /// That of the match it did not become.
    pub id: String,
    /// The one with the smaller id.
    pub a: String,
    /// The other.
    pub b: String,
    /// The numbers it rests on.
    pub measures: Vec<Measure>,
    /// Where they agree and where not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cells: Option<Cells>,
}

/// Where two pictures that lie on each other agree and where not, cell by cell, on one of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Cells {
    /// The picture on which the cells are squares.
    pub on: String,
    /// Where the first cell begins, from the left, in pixels of that picture's page.
    pub left: f64,
    /// Likewise, from the top.
    pub top: f64,
    /// Side of a cell, in pixels of that picture's page.
    pub side: f64,
    /// Row by row, a letter a cell: `s` the same ink, `u` ink in both that is unclear, `o` other ink, `1` ink in one only,
    /// `.` none.
    pub rows: Vec<String>,
}

/// A measured number and the bound it is held against.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Measure {
    /// What was measured.
    pub name: String,
    /// The number.
    pub value: f64,
    /// Its unit.
    pub unit: String,
    /// The bound that decides, if one does.
    pub bound: Option<f64>,
}

/// A place where one picture says something else than another picture of the same sheet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Alteration {
    /// Made of both pictures and the place.
    pub id: String,
    /// The picture.
    pub picture: String,
    /// The picture it is held against.
    pub against: String,
    /// The place on `picture`, corners `[x, y]` in page pixels, clockwise from its own top left.
    pub quad: [[f64; 2]; 4],
    /// The place on `against`, likewise.
    pub quad_against: [[f64; 2]; 4],
    /// How they differ.
    pub kind: AlterationKind,
    /// What `picture` reads there.
    pub reads: Option<String>,
    /// What `against` reads there.
    pub reads_against: Option<String>,
    /// What the words are, if it is told: `figure`, `name`, `date`, `marking`.
    pub touches: Vec<String>,
    /// Whether `picture` is held to be the later of the two; null: the reasons do not decide it.
    pub later: Option<bool>,
    /// What speaks for either being the later, those that decide by themselves first.
    pub reasons: Vec<Clue>,
    /// How unusual the difference is for these two pictures, and what else was measured.
    pub measures: Vec<Measure>,
    /// Posts that quote the place and have one of the two readings there, sorted by post and quote.
    pub quoted_by: Vec<QuotedBy>,
}

/// What speaks for one of two pictures being the later at a place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Clue {
    /// By what.
    pub why: Because,
    /// Whether it speaks for `picture` being the later (true) or for `against` (false).
    pub later: bool,
    /// Whether it decides by itself, if nothing that does so speaks for the other.
    pub carries: bool,
    /// What it rests on.
    pub measures: Vec<Measure>,
}

/// Pictures of one sheet that say the same, as far as they show it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Version {
    /// Made of its pictures.
    pub id: String,
    /// The sheet.
    pub family: String,
    /// Its pictures.
    pub pictures: Vec<String>,
    /// What it says at each place at which versions of the sheet differ, in reading order; null where none of its pictures
    /// shows the place.
    pub says: Vec<Option<String>>,
    /// When one of its pictures was first seen, as far as the material goes; the same as in `firsts`.
    pub first: First,
}

/// A picture that may have been made from another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Derivation {
    /// Made of both pictures.
    pub id: String,
    /// The sheet.
    pub family: String,
    /// The picture it was made from, or the nearest to that which is held.
    pub from: String,
    /// The picture that was made.
    pub to: String,
    /// Whether the reasons decide which of the two came first.
    pub decided: bool,
    /// What was done, as far as it shows: `cut`, `made smaller`, `encoded again`, `turned or framed`, `marked`, `altered`.
    pub steps: Vec<String>,
    /// What it rests on.
    pub measures: Vec<Measure>,
}
