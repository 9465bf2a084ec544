use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use case::{Blobs, Case, Derived, Rows};
use families::{Feature, Held, Homography, Look, Outcome, Pose};
use image::RgbImage;
use model::{Contrast, Digest, Hasher, Match, Page, PageId, Picture, PictureId, Print, Proposal, Yield};

use crate::error::{Error, Result};
use crate::stage::{Desk, Stage};
use crate::stages::prints::{self, Part};

/// Looks kept at once, about 1 MB each.
const LOOKS: usize = 192;

/// Holds the two pictures of each proposal against each other.
#[derive(Default)]
pub(crate) struct Matches {
    album: OnceLock<Album>,
}

impl Stage for Matches {
    const NAME: &'static str = "matches";
    const VERSION: u32 = 17;
    const SAYS: &'static str = "holds pictures against each other";
    type Input = Proposal;

    fn inputs(&self, case: &Case) -> Result<Vec<Proposal>> {
        let album = Album::of(case.derived())?;
        let _ = self.album.set(album);
        let mut proposals: Vec<Proposal> = case.derived().all()?;
        // Pairs of one picture stand together, so that its look is still at hand.
        proposals.sort_by_key(|proposal| (proposal.a, proposal.b));
        Ok(proposals)
    }

    fn name(&self, proposal: &Proposal) -> String {
        proposal.id.to_string()
    }

    fn depends(&self, proposal: &Proposal, on: &mut Hasher) {
        on.number(u64::from(proposal.turns)).number(u64::from(proposal.negative));
        if let Some(album) = self.album.get() {
            album.depends([proposal.a, proposal.b], on);
        }
    }

    fn work(&self, proposal: &Proposal, desk: &Desk) -> Result<Yield<Rows>> {
        let album = self.album.get().ok_or_else(|| Error::Ours("no album".to_owned()))?;
        let pose = Pose { turns: proposal.turns, negative: proposal.negative };
        album.told(desk.made, (proposal.a, proposal.b), Some(pose))
    }
}

/// Holds pairs against each other that nothing proposed, but that a doubtful match ought to be held against.
#[derive(Default)]
pub(crate) struct Bridges {
    album: OnceLock<Album>,
}

/// Pairs looked at across each match that alone holds two groups together.
const ACROSS: usize = 4;

impl Stage for Bridges {
    const NAME: &'static str = "bridges";
    const VERSION: u32 = 10;
    const SAYS: &'static str = "holds pictures against each other across doubtful matches";
    type Input = families::Pair;

    fn inputs(&self, case: &Case) -> Result<Vec<families::Pair>> {
        let derived = case.derived();
        let _ = self.album.set(Album::of(derived)?);
        let mut proposed = BTreeSet::new();
        derived.each(|proposal: Proposal| {
            proposed.insert((proposal.a, proposal.b));
            Ok(())
        })?;
        // What this stage yielded itself is among the nouns, and is not asked.
        let mut matches: Vec<Match> = derived.all()?;
        matches.retain(|found| proposed.contains(&(found.a, found.b)));
        let known: BTreeSet<families::Pair> = matches.iter().map(|found| (found.a, found.b)).collect();
        let same = equals(derived)?;
        matches.extend(same.into_iter().filter(|found| !known.contains(&(found.a, found.b))));
        let mut others = Vec::new();
        derived.each(|contrast: Contrast| {
            others.extend(proposed.contains(&(contrast.a, contrast.b)).then_some((contrast.a, contrast.b)));
            Ok(())
        })?;
        let mut pairs = families::across(&matches, &others, ACROSS);
        // A pair that was proposed was held already, and nothing could be said of it.
        pairs.retain(|pair| !proposed.contains(pair));
        Ok(pairs)
    }

    fn name(&self, (a, b): &families::Pair) -> String {
        Match::id_of(*a, *b).to_string()
    }

    fn depends(&self, (a, b): &families::Pair, on: &mut Hasher) {
        if let Some(album) = self.album.get() {
            album.depends([*a, *b], on);
        }
    }

    fn work(&self, pair: &families::Pair, desk: &Desk) -> Result<Yield<Rows>> {
        let album = self.album.get().ok_or_else(|| Error::Ours("no album".to_owned()))?;
        album.told(desk.made, *pair, None)
    }
}

/// The matches of pictures with the same pixels, each with the first of them.
pub(super) fn equals(derived: &Derived) -> Result<Vec<Match>> {
    let mut pixels: BTreeMap<PageId, Digest> = BTreeMap::new();
    derived.each(|page: Page| {
        pixels.insert(page.id, page.pixels);
        Ok(())
    })?;
    let mut quality: BTreeMap<PictureId, u8> = BTreeMap::new();
    derived.each(|print: Print| {
        quality.insert(print.picture, print.quality);
        Ok(())
    })?;
    let mut matches = Vec::new();
    let mut first: BTreeMap<(Digest, String), PictureId> = BTreeMap::new();
    derived.each(|picture: Picture| {
        if let Some(pixels) = pixels.get(&picture.page) {
            // The same page seen twice: its sheets lie at the same places.
            let known = *first.entry((*pixels, format!("{:?}", picture.outline))).or_insert(picture.id);
            if known != picture.id {
                let quality = quality.get(&picture.id).copied().unwrap_or(0);
                matches.extend(families::same_pixels(known, picture.id, quality));
            }
        }
        Ok(())
    })?;
    Ok(matches)
}

/// What holding two pictures against each other gave.
enum Told {
    Same(Match),
    Other(Contrast),
    Unknown,
}

/// What is needed to hold pictures against each other.
pub(super) struct Album {
    shown: BTreeMap<PictureId, Shown>,
    looks: Mutex<Looks>,
}

struct Shown {
    print: Print,
    part: Part,
}

impl Album {
    pub(super) fn of(derived: &case::Derived) -> Result<Self> {
        let mut parts = Part::all(derived)?;
        let mut shown = BTreeMap::new();
        derived.each(|print: Print| {
            shown.extend(parts.remove(&print.picture).map(|part| (print.picture, Shown { print, part })));
            Ok(())
        })?;
        Ok(Self { shown, looks: Mutex::default() })
    }

    /// All that holding these against each other depends on.
    fn depends(&self, pictures: [PictureId; 2], on: &mut Hasher) {
        for shown in pictures.iter().filter_map(|picture| self.shown.get(picture)) {
            on.id(shown.print.features);
            shown.part.depends(on);
        }
    }

    /// What holding a pair against each other yields.
    fn told(&self, made: &Blobs, (a, b): families::Pair, pose: Option<Pose>) -> Result<Yield<Rows>> {
        let mut rows = Rows::default();
        match self.hold(made, a, b, pose)? {
            Told::Same(found) => rows.put(&found)?,
            Told::Other(contrast) => rows.put(&contrast)?,
            Told::Unknown => {}
        }
        Ok(Yield::clean(rows))
    }

    /// Holds `a` against `b`, `a` the one with the smaller id.
    fn hold(&self, made: &Blobs, a: PictureId, b: PictureId, pose: Option<Pose>) -> Result<Told> {
        let (Some(one), Some(two)) = (self.shown.get(&a), self.shown.get(&b)) else {
            return Ok(Told::Unknown);
        };
        let outcome = self.verified(made, one, two, pose)?;
        // What was measured lies on proxies: pixels of the page for one of the proxy.
        let unit = |shown: &Shown| -> Result<f64> {
            Ok(shown.part.width / f64::from(self.look(made, shown)?.of_width))
        };
        let (of_one, of_two) = (unit(one)?, unit(two)?);
        let cells = outcome
            .held()
            .and_then(|held| held.cells.as_ref())
            .map(|grid| if grid.on_first { grid.kept(a, of_one) } else { grid.kept(b, of_two) });
        if let Some(contrast) = outcome.contrast(a, b) {
            return Ok(Told::Other(Contrast { cells, ..contrast }));
        }
        let Some(found) = outcome.matched(a, b) else {
            return Ok(Told::Unknown);
        };
        let (to_proxy, from_proxy) = (Homography::stretch(1.0 / of_one), Homography::stretch(of_two));
        let homography = found.homography.map(|map| from_proxy.after(&Homography(map)).after(&to_proxy).0);
        Ok(Told::Same(Match { homography, cells, ..found }))
    }

    /// The rasters of two pictures and what holding them against each other gives, for showing.
    pub(super) fn shown(&self, made: &Blobs, a: PictureId, b: PictureId) -> Result<Option<Laid>> {
        let (Some(one), Some(two)) = (self.shown.get(&a), self.shown.get(&b)) else { return Ok(None) };
        let outcome = self.verified(made, one, two, None)?;
        let says = match outcome {
            Outcome::Same(_) => Said::Same,
            Outcome::Other(_) => Said::Other,
            Outcome::Unknown(_) => Said::Undecided,
        };
        let Some(held) = outcome.held().cloned() else { return Ok(None) };
        Ok(Some(Laid { rasters: [one.part.raster(made)?, two.part.raster(made)?], says, held }))
    }

    fn verified(&self, made: &Blobs, one: &Shown, two: &Shown, pose: Option<Pose>) -> Result<Outcome> {
        let (of_one, of_two) = (prints::features(made, &one.print)?, prints::features(made, &two.print)?);
        let (look_one, look_two) = (self.look(made, one)?, self.look(made, two)?);
        Ok(families::verify((&of_one as &[Feature], &look_one), (&of_two, &look_two), pose))
    }

    fn look(&self, made: &Blobs, shown: &Shown) -> Result<Arc<Look>> {
        let picture = shown.print.picture;
        if let Some(look) = self.looks.lock().unwrap_or_else(PoisonError::into_inner).kept.get(&picture) {
            return Ok(look.clone());
        }
        let look = Arc::new(Look::of(&shown.part.raster(made)?));
        let mut looks = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
        if looks.order.len() >= LOOKS
            && let Some(oldest) = looks.order.pop_front()
        {
            looks.kept.remove(&oldest);
        }
        if looks.kept.insert(picture, look.clone()).is_none() {
            looks.order.push_back(picture);
        }
        Ok(look)
    }
}

/// Two pictures held against each other, for showing.
pub struct Laid {
    /// The raster of either, of our own making, the one with the smaller id first.
    pub rasters: [RgbImage; 2],
    /// What it comes to.
    pub says: Said,
    /// What was measured, with cells in pixels of these rasters.
    pub held: Held,
}

/// What holding two pictures against each other comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// They show one sheet.
    Same,
    /// They show two sheets that look alike.
    Other,
    /// Neither can be said.
    Undecided,
}

/// Holds two pictures of a case against each other anew; None where nothing can be said of them.
pub fn laid(case: &Case, a: PictureId, b: PictureId) -> Result<Option<Laid>> {
    let (a, b) = if a <= b { (a, b) } else { (b, a) };
    Album::of(case.derived())?.shown(case.made(), a, b)
}

/// The looks made last.
#[derive(Default)]
struct Looks {
    kept: BTreeMap<PictureId, Arc<Look>>,
    order: VecDeque<PictureId>,
}
