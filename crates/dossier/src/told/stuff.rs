//! Files, pictures, problems, times.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Capture, Clock, Held, Kind, Level, Zone};

/// One arrival of bytes: as handed in, or found inside another item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Item {
    /// Made of the bytes, the path and the item it lies in.
    pub id: String,
    /// SHA-256 of the bytes, 64 hexadecimal digits.
    pub sha256: String,
    /// In bytes.
    pub size: u64,
    /// The last part of the path.
    pub name: String,
    /// Where it lay: below the folder that was handed in, or inside its archive.
    pub path: String,
    /// The item it was found in.
    pub inside: Option<String>,
    /// What the bytes are.
    pub kind: Kind,
    /// The pictures seen on its pages.
    pub pictures: Vec<String>,
}

/// What an analyst did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Act {
    /// Made of all that it says.
    pub id: String,
    /// When, by the clock of the machine.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub at: Timestamp,
    /// Who, as the machine names the user.
    pub actor: String,
    /// `join`: these pictures show one sheet; `split`: none of `pictures` shows the same sheet as any of `from`; `undo`:
    /// an earlier act is taken back; `join names`, `split names`: these spellings name one, or none of `names` names what any of
    /// `names_from` names; `confirm`, `reject`: a harm that was proposed is one, or is none; `testify`: somebody says that the
    /// sheet was seen, which is no observation; `note`, `label`, `judge`: something is said of what `on` names.
    pub deed: String,
    /// The pictures joined or split off, those that show the sheet of which somebody testifies, or those that what `on` names is
    /// made of.
    pub pictures: Vec<String>,
    /// The pictures they were split from.
    pub from: Vec<String>,
    /// The spellings joined or split off.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// The spellings they were split from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names_from: Vec<String>,
    /// The act that was taken back.
    pub undoes: Option<String>,
    /// The harm that was confirmed or rejected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judges: Option<String>,
    /// What a note, a label or a judgement is about: any printed id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
    /// The label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What is held of the observation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holds: Option<Held>,
    /// When, as it is testified, the sheet was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Window>,
    /// How it is known that this is testified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
    /// Why, in the analyst's words; what is testified; the note.
    pub reason: String,
    /// Whether it stands: nobody took it back.
    pub stands: bool,
}

/// One sheet seen on a page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Picture {
    /// Made of the page's bytes, its number and the number of the sheet on it.
    pub id: String,
    /// Of the items with these bytes the one with the smallest id; null where none is held any more.
    pub item: Option<String>,
    /// Every item with these bytes.
    pub items: Vec<String>,
    /// The page's number in the item, counted from 0.
    pub page: u32,
    /// The page.
    pub page_id: String,
    /// The sheet's corners `[x, y]` in page pixels, clockwise from the sheet's own top left.
    pub outline: [[f64; 2]; 4],
    /// The page's width in pixels.
    pub width: u32,
    /// The page's height in pixels.
    pub height: u32,
    /// All pictures of the same sheet.
    pub family: Option<String>,
    /// The pictures of the family that say the same; null: not looked into.
    pub version: Option<String>,
    /// How it lies on the view of its sheet, which all pictures of the family share; null: not looked into.
    pub on_sheet: Option<OnSheet>,
    /// The picture it was made from; null: unknown or not looked into.
    pub derived_from: Option<String>,
    /// The words a PDF carries with the page; null where there are none.
    pub text: Option<String>,
    /// How the sheet came to be a picture.
    pub capture: Capture,
    /// The software or camera the file names.
    pub software: Option<String>,
    /// Times the file itself tells (EXIF).
    pub times: Vec<Time>,
}

/// How a picture lies on the view of its sheet.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OnSheet {
    /// The projective map, row by row, from page pixels to the view.
    pub map: [f64; 9],
    /// Width of the view; the longer side is 2000.
    pub width: f64,
    /// Height of the view.
    pub height: f64,
}

/// From the earliest to the latest instant something can have been; both ends belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Window {
    /// The earliest instant, in UTC.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub earliest: Timestamp,
    /// The latest instant, in UTC.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub latest: Timestamp,
}

/// A time as some clock gave it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Time {
    /// The text or number as it stands in the material.
    pub verbatim: String,
    /// What it can mean.
    #[serde(flatten)]
    pub window: Window,
    /// Whose clock.
    pub clock: Clock,
    /// How the zone is known.
    pub zone: Zone,
}

/// What could not be received or read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Problem {
    /// Made of all the rest.
    pub id: String,
    /// The path or id of the material.
    pub about: String,
    /// The short name of what went wrong.
    pub code: String,
    /// Its number.
    pub number: u16,
    /// How grave it is.
    pub level: Level,
    /// What it means.
    pub says: String,
    /// The particulars.
    pub detail: String,
    /// What one can do about it.
    pub way_out: String,
}
