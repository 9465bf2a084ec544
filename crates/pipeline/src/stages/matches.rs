use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use case::{Blobs, Case, Rows};
use families::{Feature, Homography, Look, Outcome, Pose};
use model::{Contrast, Digest, Hasher, Match, Page, PageId, Picture, PictureId, Print, Proposal, Yield};

use crate::error::{Error, Result};
use crate::stage::{Desk, Stage};
use crate::stages::prints;

/// Looks kept at once, about 1 MB each.
const LOOKS: usize = 192;

/// Holds the two pictures of each proposal against each other.
#[derive(Default)]
pub(crate) struct Matches {
    album: OnceLock<Album>,
}

impl Stage for Matches {
    const NAME: &'static str = "matches";
    const VERSION: u32 = 3;
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
        for picture in [proposal.a, proposal.b] {
            if let Some(shown) = self.album.get().and_then(|album| album.shown.get(&picture)) {
                on.id(shown.print.features).id(shown.proxy);
            }
        }
    }

    fn work(&self, proposal: &Proposal, desk: &Desk) -> Result<Yield<Rows>> {
        let album = self.album.get().ok_or_else(|| Error::Ours("no album".to_owned()))?;
        let pose = Pose { turns: proposal.turns, negative: proposal.negative };
        let mut rows = Rows::default();
        match album.hold(desk.made, proposal.a, proposal.b, Some(pose))? {
            Told::Same(found) => rows.put(&found)?,
            Told::Other(contrast) => rows.put(&contrast)?,
            Told::Unknown => {}
        }
        Ok(Yield::clean(rows))
    }
}

/// What holding two pictures against each other gave.
pub(super) enum Told {
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
    proxy: Digest,
    /// Width of the page in pixels.
    width: f64,
}

impl Album {
    pub(super) fn of(derived: &case::Derived) -> Result<Self> {
        let mut pages: BTreeMap<PageId, (Digest, u32)> = BTreeMap::new();
        derived.each(|page: Page| {
            pages.insert(page.id, (page.proxy, page.width));
            Ok(())
        })?;
        let mut page_of: BTreeMap<PictureId, PageId> = BTreeMap::new();
        derived.each(|picture: Picture| {
            page_of.insert(picture.id, picture.page);
            Ok(())
        })?;
        let mut shown = BTreeMap::new();
        derived.each(|print: Print| {
            let page = page_of.get(&print.picture).and_then(|page| pages.get(page));
            shown.extend(page.map(|(proxy, width)| {
                (print.picture, Shown { print, proxy: *proxy, width: f64::from(*width) })
            }));
            Ok(())
        })?;
        Ok(Self { shown, looks: Mutex::default() })
    }

    /// Holds `a` against `b`, `a` the one with the smaller id.
    pub(super) fn hold(&self, made: &Blobs, a: PictureId, b: PictureId, pose: Option<Pose>) -> Result<Told> {
        let (Some(one), Some(two)) = (self.shown.get(&a), self.shown.get(&b)) else {
            return Ok(Told::Unknown);
        };
        let (of_one, of_two) = (prints::features(made, &one.print)?, prints::features(made, &two.print)?);
        let (look_one, look_two) = (self.look(made, one.proxy)?, self.look(made, two.proxy)?);
        let outcome = families::verify((&of_one as &[Feature], &look_one), (&of_two, &look_two), pose);
        if let Outcome::Other(held) = outcome {
            return Ok(Told::Other(Contrast { id: Match::id_of(a, b), a, b, measures: held.measures }));
        }
        let Some(mut found) = outcome.matched(a, b) else {
            return Ok(Told::Unknown);
        };
        // The map was measured between proxies.
        let to_proxy = Homography::stretch(f64::from(look_one.of_width) / one.width);
        let from_proxy = Homography::stretch(two.width / f64::from(look_two.of_width));
        found.homography = found.homography.map(|map| from_proxy.after(&Homography(map)).after(&to_proxy).0);
        Ok(Told::Same(found))
    }

    fn look(&self, made: &Blobs, proxy: Digest) -> Result<Arc<Look>> {
        if let Some(look) = self.looks.lock().unwrap_or_else(PoisonError::into_inner).kept.get(&proxy) {
            return Ok(look.clone());
        }
        let look = Arc::new(Look::of(&prints::raster(made, proxy)?));
        let mut looks = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
        if looks.order.len() >= LOOKS
            && let Some(oldest) = looks.order.pop_front()
        {
            looks.kept.remove(&oldest);
        }
        if looks.kept.insert(proxy, look.clone()).is_none() {
            looks.order.push_back(proxy);
        }
        Ok(look)
    }
}

/// The looks made last.
#[derive(Default)]
struct Looks {
    kept: BTreeMap<Digest, Arc<Look>>,
    order: VecDeque<Digest>,
}
