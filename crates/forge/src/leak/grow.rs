//! One sheet's copies: the exposures, and what grew from them.

use super::Recipe;
use super::venue::{self, Venue};
use crate::camera::{Shot, fax, photograph, scan};
use crate::chat::Platform;
use crate::clock::Moment;
use crate::damage::{Damage, apply, rescale};
use crate::edit::{Edit, altered, paint, propose};
use crate::raster::jpeg;
use crate::rng::Rng;
use crate::shown::Shown;
use crate::typeset::Sheet;
use image::{ImageFormat, RgbImage};
use std::io;
use std::sync::Arc;

/// What a picture shows of its sheet at the least; a step that would leave less is not taken.
const LEAST_SEEN: f64 = 0.14;
/// Shortest side, in pixels, a step may leave.
const LEAST_SIDE: u32 = 260;

/// What people write under such pictures, and otherwise.
pub(super) const SAID: [&str; 24] = [
    "where did this come from",
    "read the second line",
    "my cousin has more of these",
    "is the date right?",
    "send page two",
    "looks printed to me",
    "the table is from a canteen lol",
    "who else has seen this",
    "that stamp though",
    "old, saw it last week",
    "somebody zoom in on the total",
    "why is it folded",
    "match starts at nine",
    "ok but the map is upside down",
    "link is dead",
    "this is the one i meant",
    "reposting before it goes",
    "anyone up for a round?",
    "not sure about the numbers",
    "kept a copy",
    "ask in the other room",
    "that is not what mine says",
    "new keyboard arrived",
    "good night all",
];

/// One picture file in the making.
#[derive(Debug, Clone)]
pub(super) struct Copy {
    pub parent: Option<usize>,
    pub version: usize,
    pub capture: String,
    pub ops: Vec<String>,
    pub shown: Shown,
    pub size: (u32, u32),
    pub bytes: Arc<[u8]>,
    pub ext: &'static str,
    /// Which of the venues it was posted in, if any.
    pub venue: Option<usize>,
    pub when: Moment,
    pub withheld: bool,
}

impl Copy {
    /// The copy without its pixels, which are in its bytes.
    pub fn without_pixels(mut self) -> Self {
        self.shown.image = RgbImage::default();
        self
    }
}

/// All of one sheet.
#[derive(Debug)]
pub(super) struct Grown {
    /// The edits of each version; none for the original.
    pub versions: Vec<Vec<Edit>>,
    pub copies: Vec<Copy>,
}

impl Grown {
    pub fn without_pixels(self) -> Self {
        Self { copies: self.copies.into_iter().map(Copy::without_pixels).collect(), ..self }
    }
}

/// Grows the copies of `sheet`.
pub(super) fn sheet(recipe: &Recipe, sheet: &Sheet, rng: &mut Rng) -> io::Result<Grown> {
    let venues = venue::all(recipe);
    let mut grown = Grown { versions: vec![Vec::new()], copies: Vec::new() };
    for n in 0..1 + rng.below(recipe.exposures) {
        // A later exposure may be of an altered sheet, printed anew.
        let version =
            if n > 0 && rng.chance(0.3) { invent(recipe, sheet, &mut grown, |_| true, rng) } else { None };
        let version = version.unwrap_or(0);
        let mut copy = root(Shown::born(&altered(sheet, &grown.versions[version])), n, rng);
        copy.version = version;
        if version > 0 {
            copy.ops.push("ALTERED".to_owned());
        }
        copy.venue = Some(if n == 0 { 0 } else { rng.below(venues.len()) });
        copy.when = venues[copy.venue.unwrap_or(0)].opens().plus_minutes(rng.range(60.0, 12_000.0));
        copy.withheld = rng.chance(0.12);
        grown.copies.push(finish(copy, &venues, rng)?);
    }
    for _ in 0..recipe.copies.saturating_sub(1) + rng.below(3) {
        let copy = child(recipe, sheet, &mut grown, rng)?;
        grown.copies.push(copy);
    }
    Ok(grown)
}

/// An exposure of a sheet: the `n`-th one. Most are photographs.
pub(super) fn root(born: Shown, n: usize, rng: &mut Rng) -> Copy {
    let sheet = (born.image.width(), born.image.height());
    let (shown, how) = match rng.below(10) {
        0 => (born, "born"),
        1 => (scan(&born.image, *rng.pick(&[150, 170, 200]), rng), "scan"),
        2 => (fax(&born.image, 1728, rng), "fax"),
        _ => {
            let shot = Shot::hurried(rng, sheet);
            (photograph(&born.image, &shot, rng), "photo")
        }
    };
    Copy {
        parent: None,
        version: 0,
        capture: format!("{how}{n}"),
        ops: Vec::new(),
        size: (0, 0),
        shown,
        bytes: Arc::default(),
        ext: "jpg",
        venue: None,
        when: Moment(0),
        withheld: false,
    }
}

/// A copy of one of the copies at hand, with up to two things done to it, and perhaps words changed.
fn child(recipe: &Recipe, sheet: &Sheet, grown: &mut Grown, rng: &mut Rng) -> io::Result<Copy> {
    let venues = venue::all(recipe);
    let parent = rng.below(grown.copies.len());
    let mut copy = grown.copies[parent].clone();
    copy.parent = Some(parent);
    copy.ops = Vec::new();
    if copy.version == 0 && rng.chance(0.45) {
        let shown = copy.shown.clone();
        let readable = |area: [f64; 4]| {
            let quad = shown.homography.apply_box(area);
            shown.shows(area) && crate::geometry::upright_length(&quad) > 12.0
        };
        if let Some(version) = invent(recipe, sheet, grown, readable, rng) {
            let edits = &grown.versions[version];
            copy.shown = paint(&copy.shown, &altered(sheet, edits).raster(), edits);
            copy.version = version;
            copy.ops.push("ALTERED".to_owned());
        }
    }
    for _ in 0..rng.below(3) {
        harm(&mut copy, sheet, rng);
    }
    copy.venue = (!rng.chance(0.2)).then(|| rng.below(venues.len()));
    let opens = copy.venue.map_or(copy.when, |v| venues[v].opens());
    copy.when = copy.when.max(opens).plus_minutes(rng.range(20.0, 9000.0));
    copy.withheld = rng.chance(0.12);
    finish(copy, &venues, rng)
}

/// A new version of the sheet, if there may be one more; its number.
fn invent(
    recipe: &Recipe,
    sheet: &Sheet,
    grown: &mut Grown,
    readable: impl Fn([f64; 4]) -> bool,
    rng: &mut Rng,
) -> Option<usize> {
    if grown.versions.len() > recipe.versions {
        return None;
    }
    let edits = propose(sheet, 1 + rng.below(4), readable, rng);
    (!edits.is_empty()).then(|| {
        grown.versions.push(edits);
        grown.versions.len() - 1
    })
}

fn harm(copy: &mut Copy, sheet: &Sheet, rng: &mut Rng) {
    let said: Vec<String> = SAID.iter().map(|s| (*s).to_owned()).collect();
    let damage = Damage::any(sheet, &said, rng);
    let next = apply(&copy.shown, &damage, rng);
    if next.seen() >= LEAST_SEEN && next.image.width().min(next.image.height()) >= LEAST_SIDE {
        copy.shown = next;
        copy.ops.push(damage.name());
    }
}

/// Encodes the copy as its platform does (or as it came off the telephone, if it is in no post), and keeps of its pixels
/// what the encoding left.
pub(super) fn finish(mut copy: Copy, venues: &[Venue], rng: &mut Rng) -> io::Result<Copy> {
    let platform = copy.venue.and_then(|v| venues.get(v)).map(|v| v.platform);
    let (name, limit, quality) = match platform {
        Some(Platform::Discord) => ("discord", 2600, rng.between(86, 94)),
        Some(Platform::Telegram) => ("telegram", 1280, rng.between(80, 87)),
        Some(Platform::Imageboard) => ("4chan", 2000, rng.between(78, 92)),
        None => ("whatsapp", 1600, rng.between(66, 80)),
    };
    let long = copy.shown.image.width().max(copy.shown.image.height());
    if long > limit {
        copy.shown = rescale(&copy.shown, f64::from(limit) / f64::from(long));
    }
    let as_png = platform == Some(Platform::Discord) && copy.ops.iter().any(|op| op == "screenshot");
    let bytes = if as_png {
        let mut out = io::Cursor::new(Vec::new());
        copy.shown.image.write_to(&mut out, ImageFormat::Png).map_err(io::Error::other)?;
        copy.ext = "png";
        copy.ops.push(format!("{name}:png"));
        out.into_inner()
    } else {
        copy.ext = "jpg";
        copy.ops.push(format!("{name}:q{quality}"));
        jpeg(&copy.shown.image, quality as u8).map_err(io::Error::other)?
    };
    copy.shown.image = image::load_from_memory(&bytes).map_err(io::Error::other)?.to_rgb8();
    copy.size = copy.shown.image.dimensions();
    copy.bytes = bytes.into();
    Ok(copy)
}
