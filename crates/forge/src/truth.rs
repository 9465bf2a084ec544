//! What `truth.json` says. All sheet coordinates in it are of a frame of 1700 x 2200 pixels, whatever the sheet's shape
//! ([`Sheet::frame`](crate::typeset::Sheet::frame)); all picture coordinates are pixels of the file.

use crate::edit::Edit;
use crate::geometry::{Homography, Quad, upright_length};
use crate::shown::Shown;
use crate::typeset::{SHEET, Sheet};
use serde::Serialize;

/// The whole truth about one leak.
#[derive(Debug, Clone, Serialize)]
pub struct Truth {
    /// The seed it grew from.
    pub seed: u64,
    /// Always "forged".
    pub profile: &'static str,
    /// The sheets, in order of document and page.
    pub sheets: Vec<SheetTruth>,
    /// Their versions, the original first.
    pub versions: Vec<VersionTruth>,
    /// Every picture file made, held or not.
    pub copies: Vec<CopyTruth>,
    /// Every post with a held picture, by channel and time.
    pub posts: Vec<PostTruth>,
    /// Every post whose picture is kept out of the leak, by channel and time.
    pub missing: Vec<MissingTruth>,
    /// The channels.
    pub channels: Vec<ChannelTruth>,
}

/// One sheet.
#[derive(Debug, Clone, Serialize)]
pub struct SheetTruth {
    /// Name, as "D000p1".
    pub sheet: String,
    /// The document.
    pub doc: String,
    /// Page number from 1.
    pub page: usize,
    /// The document this one is another edition of.
    pub series: Option<String>,
    /// Its look.
    pub template: &'static str,
    /// Banner.
    pub marking: String,
    /// Serial number.
    pub serial: String,
    /// Date as printed.
    pub date: String,
    /// All words, joined by spaces.
    pub text: String,
    /// Words with boxes.
    pub words: Vec<WordTruth>,
    /// The frame: `[1700, 2200]`.
    pub size: [u32; 2],
    /// Reported speech.
    pub statements: Vec<StatementTruth>,
}

/// One word.
#[derive(Debug, Clone, Serialize)]
pub struct WordTruth {
    /// Text.
    pub t: String,
    /// Left.
    pub x: f64,
    /// Top.
    pub y: f64,
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
}

/// One sentence of reported speech.
#[derive(Debug, Clone, Serialize)]
pub struct StatementTruth {
    /// Who is said to have spoken.
    pub speaker: String,
    /// To whom.
    pub addressee: String,
    /// About what.
    pub about: String,
    /// Day, as "2026-02-03".
    pub date: String,
    /// The sentence.
    pub sentence: String,
    /// Page number from 1.
    pub page: usize,
}

/// One version of a sheet.
#[derive(Debug, Clone, Serialize)]
pub struct VersionTruth {
    /// Name, as "D000p1v1"; v0 is the original.
    pub version: String,
    /// The sheet.
    pub sheet: String,
    /// What differs from the original.
    pub edits: Vec<EditTruth>,
}

/// One altered word.
#[derive(Debug, Clone, Serialize)]
pub struct EditTruth {
    /// `[x, y, width, height]` on the frame.
    #[serde(rename = "box")]
    pub area: [f64; 4],
    /// What stood there.
    pub old: String,
    /// What stands there.
    pub new: String,
}

/// One picture file.
#[derive(Debug, Clone, Serialize)]
pub struct CopyTruth {
    /// Name: c0000 and on; x0000 and on for pictures of nothing leaked.
    pub copy: String,
    /// The sheet; for a distractor, its own name.
    pub sheet: String,
    /// The document.
    pub doc: String,
    /// The version.
    pub version: String,
    /// The copy it was made from.
    pub parent: Option<String>,
    /// The exposure it descends from, as "7/D000p1/photo0".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capture: Option<String>,
    /// What was done to make it, in order.
    pub ops: Vec<String>,
    /// Width and height of the file.
    pub size: [u32; 2],
    /// Frame to file.
    #[serde(rename = "H", skip_serializing_if = "Option::is_none")]
    pub homography: Option<[[f64; 3]; 3]>,
    /// Share of the sheet within the picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen: Option<f64>,
    /// The version's edits as they fall on this picture.
    pub alterations: Vec<AlterationTruth>,
    /// Is the file kept out of the leak?
    pub withheld: bool,
    /// SHA-256 of the file, hex.
    pub sha256: String,
    /// Does the sheet belong to no document?
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub distractor: bool,
    /// Is it in a post?
    pub posted: bool,
    /// Path of the file in the leak, if it is held.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
}

/// One edit on one picture.
#[derive(Debug, Clone, Serialize)]
pub struct AlterationTruth {
    /// Where, in picture pixels.
    pub quad: [[f64; 2]; 4],
    /// What stood there.
    pub old: String,
    /// What stands there.
    pub new: String,
    /// In the picture, and nothing opaque on it?
    pub visible: bool,
    /// How high the line stands on the picture.
    pub px_height: f64,
}

/// One post with a held picture.
#[derive(Debug, Clone, Serialize)]
pub struct PostTruth {
    /// Channel.
    pub channel: String,
    /// Platform.
    pub platform: &'static str,
    /// The platform's number.
    pub post: String,
    /// When, UTC.
    pub when: String,
    /// Who.
    pub account: String,
    /// Which copy.
    pub copy: String,
    /// Path of the file in the leak.
    pub file: String,
    /// Channel and number of the post it forwards.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forwards: Option<(String, String)>,
}

/// One post that names a picture which is not held.
#[derive(Debug, Clone, Serialize)]
pub struct MissingTruth {
    /// Channel.
    pub channel: String,
    /// Platform.
    pub platform: &'static str,
    /// The platform's number.
    pub post: String,
    /// When, UTC.
    pub when: String,
    /// Which copy.
    pub copy: String,
}

/// One channel.
#[derive(Debug, Clone, Serialize)]
pub struct ChannelTruth {
    /// Name.
    pub id: String,
    /// Platform.
    pub kind: &'static str,
    /// Guild.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub guild: String,
    /// Day of the story on which it began.
    pub start: i64,
    /// Small and closed?
    pub private: bool,
    /// How many posts, with pictures or without.
    pub posts: usize,
    /// How many posts refer to a picture that is not held.
    pub missing: usize,
}

impl SheetTruth {
    /// The truth about `sheet`, page of document `doc`.
    #[must_use]
    pub fn of(sheet: &Sheet, doc: &str) -> Self {
        let words = sheet.words.iter().map(|word| {
            let [x, y, w, h] = framed(sheet, word.area);
            WordTruth { t: word.text.clone(), x, y, w, h }
        });
        let statements = sheet.said.iter().map(|s| StatementTruth {
            speaker: s.speaker.clone(),
            addressee: s.addressee.clone(),
            about: s.about.clone(),
            date: s.day.iso(),
            sentence: s.sentence.clone(),
            page: sheet.page.0,
        });
        Self {
            sheet: format!("{doc}p{}", sheet.page.0),
            doc: doc.to_owned(),
            page: sheet.page.0,
            series: None,
            template: sheet.look.name(),
            marking: sheet.marking.clone(),
            serial: sheet.serial.clone(),
            date: sheet.date.clone(),
            text: sheet.text(),
            words: words.collect(),
            size: [SHEET.0, SHEET.1],
            statements: statements.collect(),
        }
    }
}

impl EditTruth {
    /// The truth about one edit of `sheet`.
    #[must_use]
    pub fn of(sheet: &Sheet, edit: &Edit) -> Self {
        Self { area: framed(sheet, edit.area), old: edit.old.clone(), new: edit.new.clone() }
    }
}

impl AlterationTruth {
    /// Where one edit falls on one picture.
    #[must_use]
    pub fn of(shown: &Shown, edit: &Edit) -> Self {
        let quad: Quad = shown.homography.apply_box(edit.area);
        Self {
            quad: quad.map(|(x, y)| [tenth(x), tenth(y)]),
            old: edit.old.clone(),
            new: edit.new.clone(),
            visible: shown.shows(edit.area),
            px_height: tenth(upright_length(&quad)),
        }
    }
}

/// The map from the frame to the picture.
#[must_use]
pub fn frame_to(shown: &Shown, sheet: &Sheet) -> [[f64; 3]; 3] {
    let Homography(rows) = shown.homography.after(&sheet.frame());
    rows
}

fn framed(sheet: &Sheet, [x, y, w, h]: [f64; 4]) -> [f64; 4] {
    let [a, _, c, _] = sheet.frame().inverse().apply_box([x, y, w, h]);
    [tenth(a.0), tenth(a.1), tenth(c.0 - a.0), tenth(c.1 - a.1)]
}

fn tenth(v: f64) -> f64 {
    (v * 10.0).round() / 10.0
}
