//! One trial: pictures forged, compared, and held against the truth.

use std::sync::atomic::{AtomicBool, Ordering};

use forge::camera::{Shot, photograph};
use forge::damage::{Damage, apply, rescale, spots};
use forge::edit::{Edit, paint};
use forge::geometry::upright_length;
use forge::kinds::{Kind, alter};
use forge::rng::Rng;
use forge::shown::Shown as Forged;
use forge::typeset::{Look, Sheet as Page, sheet};
use image::{DynamicImage, GrayImage, RgbImage};
use model::{Alteration, Because, Change, FamilyId, Id, PictureId};
use reading::{Layout, Manner, Tesseract};
use versions::{Findings, Homography, Looked, Original, Sheet, SheetWord, Shown, StripWord, compare};

use super::Result;

/// What happened to the altered picture on its way.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Harm {
    Reencoded,
    Softened,
    Marked,
    OffScreen,
    Grey,
}

impl Harm {
    pub const ALL: [Self; 5] = [Self::Reencoded, Self::Softened, Self::Marked, Self::OffScreen, Self::Grey];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Reencoded => "re-encoded",
            Self::Softened => "softened",
            Self::Marked => "marks and a caption",
            Self::OffScreen => "photographed off a screen",
            Self::Grey => "grey, other tone",
        }
    }
}

/// An alteration that was made, and whether it was found.
#[derive(Clone)]
pub struct Wanted {
    pub kind: Kind,
    pub found: bool,
    pub read: bool,
}

/// A place that was reported, with its measures, and whether it is true.
#[derive(Clone)]
pub struct Said {
    pub place: [f64; 4],
    pub odd: f64,
    pub share: f64,
    pub doubt: f64,
    pub right: bool,
    /// Whether the altered picture is held to be the later, if either is.
    pub later: Option<bool>,
    /// What speaks for either, and whether it speaks for the altered one.
    pub reasons: Vec<(Because, bool)>,
}

/// What came of a trial.
#[derive(Clone)]
pub struct Outcome {
    pub seed: u64,
    pub height: f64,
    pub harm: Option<Harm>,
    pub wanted: Vec<Wanted>,
    pub said: Vec<Said>,
    /// The first picture and the last, for the plain pipeline.
    pub pair: Option<Box<[Forged; 2]>>,
    pub edits: Vec<(Kind, Edit)>,
}

impl Outcome {
    pub fn false_places(&self) -> usize {
        self.said.iter().filter(|s| !s.right).count()
    }

    pub fn line(&self) -> String {
        let found = self.wanted.iter().filter(|w| w.found).count();
        format!("{found} of {} found, {} falsely said", self.wanted.len(), self.false_places())
    }
}

/// A picture as it was posted, and the steps of its encoding.
pub struct Posted {
    pub shown: Forged,
    steps: Option<[u16; 64]>,
}

/// What trials need.
pub struct Bench {
    tesseract: Tesseract,
    lost: AtomicBool,
}

impl Bench {
    pub fn new() -> Result<Self> {
        let tesseract = Tesseract::find().map_err(|error| error.to_string())?;
        Ok(Self { tesseract, lost: AtomicBool::new(false) })
    }

    fn read(&self, strips: &[GrayImage]) -> Vec<Vec<StripWord>> {
        let manner = Manner { layout: Layout::Line, ..Manner::default() };
        let strips: Vec<&GrayImage> = strips.iter().collect();
        let Ok(leaves) = self.tesseract.read(&strips, &manner) else {
            self.lost.store(true, Ordering::Relaxed);
            return vec![Vec::new(); strips.len()];
        };
        let word = |seen: reading::Seen| {
            let (x, y) = (seen.left as f32, seen.top as f32);
            let area = [x, y, x + seen.width as f32, y + seen.height as f32];
            StripWord { text: seen.text, area, doubt: (1.0 - seen.confidence / 100.0) as f32 }
        };
        leaves.into_iter().map(|leaf| leaf.seen.into_iter().map(word).collect()).collect()
    }

    /// Compares pictures whose homographies are some pixels off, of a sheet that says so.
    pub fn compare(&self, pictures: &[Posted], words: Vec<SheetWord>) -> Findings {
        let mut rng = Rng::new(99);
        let sheet = pictures[0].shown.sheet;
        let sheet = Sheet { size: (f64::from(sheet.0), f64::from(sheet.1)), words };
        let lumas: Vec<GrayImage> =
            pictures.iter().map(|p| DynamicImage::from(p.shown.image.clone()).into_luma8()).collect();
        let shown: Vec<Shown> = pictures
            .iter()
            .enumerate()
            .map(|(n, picture)| {
                let (dx, dy) = (rng.range(-3.0, 3.0), rng.range(-3.0, 3.0));
                let off = Homography::stretch(1.0 + rng.range(-0.002, 0.002), 1.0, dx, dy);
                let to_picture = Homography(picture.shown.homography.0).after(&off);
                let original = Original { luma: &lumas[n], to_original: to_picture, steps: picture.steps };
                Shown {
                    picture: name(n),
                    raster: &picture.shown.image,
                    to_picture,
                    original: Some(original),
                    first_seen: Some(n as i64),
                }
            })
            .collect();
        compare(FamilyId::make(|_| {}), &sheet, &shown, &|strips: &[GrayImage]| self.read(strips))
    }

    /// A photograph, and a copy of it with one alteration of each kind, harmed and made so small that a line of text
    /// is `height` pixels high on it.
    pub fn altered(&self, seed: u64, height: f64, harm: Harm) -> Outcome {
        self.altered_in(seed, height, harm, &Kind::ALL).0
    }

    /// The same with one alteration of each of some kinds; and what was looked at, in the sheet's frame.
    pub fn altered_in(&self, seed: u64, height: f64, harm: Harm, kinds: &[Kind]) -> (Outcome, Vec<Looked>) {
        let mut rng = Rng::new(seed).fork(&format!("{height} {}", harm.name()));
        let sheet = sheet(&mut rng, *rng_look(seed, height, harm));
        let original = passed_on(&photo_of(&sheet, height, &mut rng), &mut rng);
        let (after, edits) = alter(&sheet, kinds, &mut rng);
        let plain: Vec<Edit> = edits.iter().map(|(_, edit)| edit.clone()).collect();
        let forged = paint(&original.shown, &after.raster(), &plain);
        let forged = harmed(&forged, &sheet, harm, &mut rng);
        let factor = height / line_height(&sheet, &forged);
        let forged = if factor < 1.0 { rescale(&forged, factor) } else { forged };
        let pictures = [original, passed_on(&forged, &mut rng)];
        let found = self.compare(&pictures, words(&sheet));
        let mut out = outcome(&pictures, &edits, &found.alterations);
        (out.seed, out.height, out.harm) = (seed, line_height(&sheet, &pictures[1].shown), Some(harm));
        (out, found.looked)
    }

    /// A photograph, and a picture of the same sheet on which something lies and nothing was altered: a copy of the first
    /// or, of every other pair, another photograph.
    pub fn overlaid(&self, pair: u64) -> (Outcome, String) {
        let mut rng = Rng::new(9000 + pair).fork("overlaid");
        let sheet = sheet(&mut rng, Look::ALL[(pair / 3) as usize % Look::ALL.len()]);
        let first = photo(&sheet, &mut rng);
        let under = if pair.is_multiple_of(2) { first.clone() } else { photo(&sheet, &mut rng) };
        let damage = overlay(pair, &sheet, &mut rng);
        let laid = damage.iter().fold(under, |shown, step| apply(&shown, step, &mut rng));
        let factor = rng.range(0.5, 1.0);
        let pictures = [passed_on(&first, &mut rng), passed_on(&rescale(&laid, factor), &mut rng)];
        let found = self.compare(&pictures, words(&sheet));
        let mut out = outcome(&pictures, &[], &found.alterations);
        (out.seed, out.height) = (pair, line_height(&sheet, &pictures[1].shown));
        (out, damage.iter().map(Damage::name).collect::<Vec<_>>().join("+"))
    }

    /// Two photographs of one sheet.
    pub fn unaltered(&self, pair: u64) -> Outcome {
        let mut rng = Rng::new(8000 + pair / 5);
        let sheet = sheet(&mut rng, Look::ALL[(pair / 5) as usize % Look::ALL.len()]);
        let mut rng = Rng::new(8000 + pair / 5).fork(&format!("pair {pair}"));
        let first = passed_on(&photo(&sheet, &mut rng), &mut rng);
        let factor = rng.range(0.45, 1.0);
        let second = passed_on(&rescale(&photo(&sheet, &mut rng), factor), &mut rng);
        let pictures = [first, second];
        let found = self.compare(&pictures, words(&sheet));
        let mut out = outcome(&pictures, &[], &found.alterations);
        (out.seed, out.height) = (pair, line_height(&sheet, &pictures[1].shown));
        out
    }

    /// A sheet in so many pictures, two of them altered, and what it says.
    pub fn family(&self, count: usize) -> (Vec<Posted>, Vec<SheetWord>) {
        let mut rng = Rng::new(7100);
        let sheet = sheet(&mut rng, Look::Memo);
        let mut pictures = vec![Posted { shown: photo(&sheet, &mut rng), steps: None }];
        let (after, edits) = alter(&sheet, &[Kind::Digit, Kind::Word], &mut rng);
        let plain: Vec<Edit> = edits.into_iter().map(|(_, edit)| edit).collect();
        for n in 1..count {
            let from = if n % 4 == 0 {
                // At the scale of the first, so that time grows with the number of pictures and not with their size.
                let photo = photo(&sheet, &mut rng);
                rescale(&photo, f64::from(pictures[0].shown.image.width()) / f64::from(photo.image.width()))
            } else {
                pictures[n / 2].shown.clone()
            };
            let from = if n == 1 { paint(&from, &after.raster(), &plain) } else { from };
            let factor = if n % 3 == 0 { 0.7 } else { 1.0 };
            pictures.push(passed_on(&rescale(&from, factor), &mut rng));
        }
        (pictures, words(&sheet))
    }
}

/// What people lay on pictures, by turns.
fn overlay(pair: u64, sheet: &Page, rng: &mut Rng) -> Vec<Damage> {
    let said = |text: &str| text.to_owned();
    match pair % 8 {
        0 => vec![Damage::Marks(spots(sheet, 4, rng))],
        1 => vec![Damage::Caption(said("RECEIVED 14 JULY, see below"), rng.chance(0.5))],
        2 => vec![Damage::Watermark(said("@harbour_feed"))],
        3 => vec![Damage::Redact(spots(sheet, 4, rng))],
        4 => vec![Damage::Mosaic(spots(sheet, 4, rng))],
        5 => vec![Damage::Highlight(spots(sheet, 4, rng))],
        6 => {
            let lines = ["is this genuine?", "COPY 2 of it", "look at the date"].map(said);
            vec![Damage::Screenshot(said("general"), lines.to_vec())]
        }
        _ => vec![Damage::Marks(spots(sheet, 3, rng)), Damage::Caption(said("@harbour_feed"), true)],
    }
}

fn rng_look(seed: u64, height: f64, harm: Harm) -> &'static Look {
    const LOOKS: [Look; 4] = [Look::Memo, Look::Cable, Look::Letter, Look::Minutes];
    &LOOKS[(seed as usize + height as usize + harm as usize) % LOOKS.len()]
}

fn name(n: usize) -> PictureId {
    PictureId::make(|id| {
        id.number(n as u64);
    })
}

fn photo(sheet: &Page, rng: &mut Rng) -> Forged {
    let shot = Shot::hurried(rng, sheet.size);
    photograph(&sheet.raster(), &shot, rng)
}

/// The photograph, from so near that a line of text is at least `height` pixels high on it.
fn photo_of(sheet: &Page, height: f64, rng: &mut Rng) -> Forged {
    let mut shot = Shot::hurried(rng, sheet.size);
    let tall = upright_length(&shot.corners) / f64::from(sheet.size.1);
    let mut lines: Vec<f64> = sheet.words.iter().map(|w| w.area[3] * tall).collect();
    lines.sort_by(f64::total_cmp);
    let nearer = (1.15 * height / lines.get(lines.len() / 2).copied().unwrap_or(height)).clamp(1.0, 2.0);
    shot.size = [shot.size.0, shot.size.1].map(|side| (f64::from(side) * nearer) as u32 / 8 * 8).into();
    shot.corners = shot.corners.map(|(x, y)| (x * nearer, y * nearer));
    photograph(&sheet.raster(), &shot, rng)
}

fn passed_on(shown: &Forged, rng: &mut Rng) -> Posted {
    let quality = rng.between(78, 92) as u8;
    let steps =
        forge::raster::jpeg(&RgbImage::new(8, 8), quality).ok().and_then(|bytes| versions::steps(&bytes));
    Posted { shown: apply(shown, &Damage::Reencode(quality), rng), steps }
}

/// What the sheet says, as its readings would have it.
fn words(sheet: &Page) -> Vec<SheetWord> {
    let word = |w: &forge::typeset::Word| {
        let [x, y, wide, tall] = w.area;
        SheetWord { text: w.text.clone(), area: [x, y, x + wide, y + tall], line: (y / tall.max(1.0)) as u32 }
    };
    sheet.words.iter().map(word).collect()
}

fn harmed(shown: &Forged, sheet: &Page, harm: Harm, rng: &mut Rng) -> Forged {
    let steps = match harm {
        Harm::Reencoded => Vec::new(),
        Harm::Softened => vec![Damage::Soft(1.0)],
        Harm::Marked => {
            vec![Damage::Marks(spots(sheet, 2, rng)), Damage::Caption("look at this".to_owned(), true)]
        }
        Harm::OffScreen => vec![Damage::Rephotograph],
        Harm::Grey => vec![Damage::Grey, Damage::Tone(12.0, 0.8)],
    };
    steps.iter().fold(shown.clone(), |shown, step| apply(&shown, step, rng))
}

/// Height of the usual line of text on a picture, in pixels.
fn line_height(sheet: &Page, shown: &Forged) -> f64 {
    let mut all: Vec<f64> =
        sheet.words.iter().map(|w| upright_length(&shown.homography.apply_box(w.area))).collect();
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or(1.0)
}

/// What was said, on the sheet, each place once, held against what was done.
fn outcome(pictures: &[Posted], edits: &[(Kind, Edit)], alterations: &[Alteration]) -> Outcome {
    let last = &pictures[pictures.len() - 1].shown;
    let visible = |edit: &Edit| last.shows(edit.area);
    let mut wanted: Vec<Wanted> = Vec::new();
    for kind in Kind::ALL {
        if edits.iter().any(|(k, edit)| *k == kind && visible(edit)) {
            wanted.push(Wanted { kind, found: false, read: false });
        }
    }
    let mut said: Vec<Said> = Vec::new();
    for alteration in alterations.iter().filter(|a| a.change != Change::Obscured) {
        let Some(place) = on_sheet(pictures, alteration) else { continue };
        let told = [alteration.reads.as_str(), alteration.reads_against.as_str()];
        let mut right = false;
        for (kind, edit) in edits.iter().filter(|(_, edit)| hits(place, edit.area)) {
            right = true;
            for one in wanted.iter_mut().filter(|w| w.kind == *kind) {
                one.found = true;
                one.read |= told.contains(&edit.old.as_str()) && told.contains(&edit.new.as_str());
            }
        }
        if said.iter().all(|s| overlap(s.place, place) < 0.3) {
            let measure = |n: usize| alteration.measures.get(n).map_or(0.0, |m| m.value);
            let of_last = alteration.picture == name(pictures.len() - 1);
            let later = alteration.later.map(|later| later == of_last);
            let reasons = alteration.reasons.iter().map(|clue| (clue.why, clue.later == of_last)).collect();
            said.push(Said {
                place,
                odd: measure(0),
                share: measure(1),
                doubt: measure(2),
                right,
                later,
                reasons,
            });
        }
    }
    let pair = Some(Box::new([pictures[0].shown.clone(), last.clone()]));
    Outcome { seed: 0, height: 0.0, harm: None, wanted, said, pair, edits: edits.to_vec() }
}

fn on_sheet(pictures: &[Posted], alteration: &Alteration) -> Option<[f64; 4]> {
    let n = (0..pictures.len()).find(|n| name(*n) == alteration.picture)?;
    let back = pictures[n].shown.homography.inverse();
    Some(forge::geometry::bounds(&alteration.quad.0.map(|p| back.apply((p.x, p.y)))))
}

/// Whether a place `[left, top, right, bottom]` marks an edit `[x, y, width, height]`: the one holds the other's middle.
pub fn hits(place: [f64; 4], [x, y, w, h]: [f64; 4]) -> bool {
    let edit = [x - 14.0, y - 14.0, x + w + 14.0, y + h + 14.0];
    let middle = |r: [f64; 4]| ((r[0] + r[2]) / 2.0, (r[1] + r[3]) / 2.0);
    let holds = |r: [f64; 4], p: (f64, f64)| p.0 >= r[0] && p.0 <= r[2] && p.1 >= r[1] && p.1 <= r[3];
    let tall = place[3] - place[1] > 4.0 * (edit[3] - edit[1]);
    !tall && (holds(edit, middle(place)) || holds(place, middle(edit)))
}

fn overlap(a: [f64; 4], b: [f64; 4]) -> f64 {
    let w = (a[2].min(b[2]) - a[0].max(b[0])).max(0.0);
    let h = (a[3].min(b[3]) - a[1].max(b[1])).max(0.0);
    let size = |r: [f64; 4]| ((r[2] - r[0]) * (r[3] - r[1])).max(1.0);
    w * h / size(a).min(size(b))
}
