use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::OnceLock;

use case::Rows;
use families::Evidence;
use model::{
    Act, Contrast, Deed, Digest, Hasher, Match, MatchId, Page, PageId, Picture, PictureId, Print, Yield,
};

use crate::error::Result;
use crate::stage::{Desk, Stage};
use crate::stages::Everything;
use crate::stages::matches::{Album, Matches, Told};
use crate::stages::pages::Pages;
use crate::stages::prints::Prints;

/// Pairs looked at across each match that alone holds two groups together.
const ACROSS: usize = 4;

/// Gathers families from matches.
#[derive(Default)]
pub(crate) struct Families {
    acts: OnceLock<Acts>,
}

/// Pairs of pictures that analysts joined and split.
#[derive(Default)]
struct Acts {
    joined: Vec<families::Pair>,
    split: Vec<families::Pair>,
}

fn pairs_of(acts: Vec<Act>) -> Vec<families::Pair> {
    acts.iter().flat_map(|act| act.deed.pairs()).collect()
}

impl Stage for Families {
    const NAME: &'static str = "families";
    const VERSION: u32 = 6;
    const SAYS: &'static str = "gathers pictures of the same sheet";
    type Input = Everything;

    fn inputs(&self, case: &case::Case) -> Result<Vec<Everything>> {
        let mut everything = Everything::of(case.derived(), &[Pages::NAME, Prints::NAME, Matches::NAME])?;
        let standing = case.ground().standing()?;
        let ids = standing.iter().map(|act| <[u8; 32]>::from(act.id));
        everything.iter_mut().for_each(|everything| everything.add(ids.clone()));
        let (split, joined) = standing.into_iter().partition(|act| matches!(act.deed, Deed::Split { .. }));
        let _ = self.acts.set(Acts { joined: pairs_of(joined), split: pairs_of(split) });
        Ok(everything)
    }

    fn name(&self, everything: &Everything) -> String {
        everything.name()
    }

    fn depends(&self, everything: &Everything, on: &mut Hasher) {
        on.bytes(&everything.on);
    }

    fn work(&self, _: &Everything, desk: &Desk) -> Result<Yield<Rows>> {
        let mut rows = Rows::default();
        let mut matches: BTreeMap<MatchId, Match> = BTreeMap::new();
        desk.derived.each(|found: Match| {
            matches.insert(found.id, found);
            Ok(())
        })?;
        let mut contrasts: Vec<Contrast> = desk.derived.all()?;
        let (area, same_pixels) = gather(desk)?;
        for found in same_pixels {
            if let Entry::Vacant(place) = matches.entry(found.id) {
                rows.put(&found)?;
                place.insert(found);
            }
        }
        let album = Album::of(desk.derived)?;
        for (a, b) in families::across(&all(&matches), &pairs(&contrasts), ACROSS) {
            let (a, b) = if a <= b { (a, b) } else { (b, a) };
            match album.hold(desk.made, a, b, None)? {
                Told::Same(found) => {
                    rows.put(&found)?;
                    matches.insert(found.id, found);
                }
                Told::Other(contrast) => {
                    rows.put(&contrast)?;
                    contrasts.push(contrast);
                }
                Told::Unknown => {}
            }
        }
        let (matches, others) = (all(&matches), pairs(&contrasts));
        let acts = self.acts.get_or_init(Acts::default);
        let evidence =
            Evidence { matches: &matches, others: &others, joined: &acts.joined, split: &acts.split };
        families::cluster(&area, evidence).iter().try_for_each(|family| rows.put(family))?;
        Ok(Yield::clean(rows))
    }
}

fn all(matches: &BTreeMap<MatchId, Match>) -> Vec<Match> {
    matches.values().cloned().collect()
}

fn pairs(contrasts: &[Contrast]) -> Vec<families::Pair> {
    contrasts.iter().map(|contrast| (contrast.a, contrast.b)).collect()
}

/// What every picture shows, in pixels, and the matches of pictures with the same pixels, each with the first of them.
fn gather(desk: &Desk) -> Result<(BTreeMap<PictureId, f64>, Vec<Match>)> {
    let mut pixels: BTreeMap<PageId, Digest> = BTreeMap::new();
    desk.derived.each(|page: Page| {
        pixels.insert(page.id, page.pixels);
        Ok(())
    })?;
    let mut quality: BTreeMap<PictureId, u8> = BTreeMap::new();
    desk.derived.each(|print: Print| {
        quality.insert(print.picture, print.quality);
        Ok(())
    })?;
    let (mut area, mut matches) = (BTreeMap::new(), Vec::new());
    let mut first: BTreeMap<(Digest, String), PictureId> = BTreeMap::new();
    desk.derived.each(|picture: Picture| {
        area.insert(picture.id, picture.outline.area());
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
    Ok((area, matches))
}
