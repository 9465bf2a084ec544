//! Sheets: families, why they hold together, where they were seen, what they say.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AlterationKind, Basis, Ground, Window};

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
    /// The picture.
    pub picture: String,
    /// The picture it is held against.
    pub against: String,
    /// The place on `picture`, corners `[x, y]` in page pixels, clockwise from its own top left.
    pub quad: [[f64; 2]; 4],
    /// How they differ.
    pub kind: AlterationKind,
    /// What `picture` reads there.
    pub reads: Option<String>,
    /// What `against` reads there.
    pub reads_against: Option<String>,
}

/// Somebody's words as a sheet reports them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Statement {
    /// Who is said to have spoken.
    pub speaker: Option<String>,
    /// To whom.
    pub addressee: Option<String>,
    /// About what.
    pub about: Option<String>,
    /// The words as the sheet has them.
    pub quote: String,
}
