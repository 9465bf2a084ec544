use std::collections::{BTreeMap, VecDeque};

use case::{Blobs, Rows};
use families::{Hash, Look};
use model::{Digest, Hasher, Match, Page, Picture, PictureId, Print, Yield};

use crate::error::{Error, Result};
use crate::stage::{Desk, Stage};
use crate::stages::Everything;
use crate::stages::pages::Pages;
use crate::stages::prints::{Prints, raster};

/// Looks kept at once, 256 KB each.
const LOOKS: usize = 256;

/// Proposes pairs, verifies them, gathers families.
pub(crate) struct Families;

struct Seen {
    page: Page,
    print: Print,
    area: f64,
}

impl Stage for Families {
    const NAME: &'static str = "families";
    const VERSION: u32 = 1;
    const SAYS: &'static str = "gathers pictures of the same sheet";
    type Input = Everything;

    fn inputs(&self, case: &case::Case) -> Result<Vec<Everything>> {
        Everything::of(case.derived(), &[Pages::NAME, Prints::NAME])
    }

    fn name(&self, everything: &Everything) -> String {
        everything.name()
    }

    fn depends(&self, everything: &Everything, on: &mut Hasher) {
        on.bytes(&everything.on);
    }

    fn work(&self, _: &Everything, desk: &Desk) -> Result<Yield<Rows>> {
        let seen = gather(desk)?;
        let mut matches = same_pixels(&seen);
        matches.extend(same_look(&seen, desk)?);
        let area: BTreeMap<PictureId, f64> = seen.iter().map(|(id, seen)| (*id, seen.area)).collect();
        let mut rows = Rows::default();
        let matches: BTreeMap<_, _> = matches.into_iter().rev().map(|found| (found.id, found)).collect();
        let matches: Vec<Match> = matches.into_values().collect();
        matches.iter().try_for_each(|found| rows.put(found))?;
        families::cluster(&area, &matches).iter().try_for_each(|family| rows.put(family))?;
        Ok(Yield::clean(rows))
    }
}

fn gather(desk: &Desk) -> Result<BTreeMap<PictureId, Seen>> {
    let mut pages = BTreeMap::new();
    desk.derived.each(|mut page: Page| {
        page.text_layer = None;
        pages.insert(page.id, page);
        Ok(())
    })?;
    let mut prints: BTreeMap<PictureId, Print> = BTreeMap::new();
    desk.derived.each(|print: Print| {
        prints.insert(print.picture, print);
        Ok(())
    })?;
    let mut seen = BTreeMap::new();
    desk.derived.each(|picture: Picture| {
        if let (Some(page), Some(print)) = (pages.get(&picture.page), prints.remove(&picture.id)) {
            seen.insert(picture.id, Seen { page: page.clone(), print, area: picture.outline.area() });
        }
        Ok(())
    })?;
    Ok(seen)
}

/// Ties every picture to the first one with the same pixels.
fn same_pixels(seen: &BTreeMap<PictureId, Seen>) -> Vec<Match> {
    let mut first: BTreeMap<Digest, PictureId> = BTreeMap::new();
    let mut matches = Vec::new();
    for (id, Seen { page, print, .. }) in seen {
        let known = *first.entry(page.pixels).or_insert(*id);
        if known != *id {
            matches.extend(families::same_pixels(known, *id, print.quality));
        }
    }
    matches
}

/// Pairs whose prints are near, held against each other cell by cell.
fn same_look(seen: &BTreeMap<PictureId, Seen>, desk: &Desk) -> Result<Vec<Match>> {
    let good = seen.iter().filter(|(_, seen)| seen.print.quality >= families::MIN_QUALITY);
    let mut pictures = Vec::new();
    for (id, seen) in good {
        let hash: Hash =
            seen.print.pdq.parse().map_err(|_| Error::Ours("a print does not parse".to_owned()))?;
        pictures.push((*id, seen, hash));
    }
    let hashes: Vec<Hash> = pictures.iter().map(|picture| picture.2).collect();
    let mut looks = Looks::default();
    let mut matches = Vec::new();
    for (a, b, distance) in families::propose(&hashes) {
        if desk.stopping() {
            return Err(Error::CutOff);
        }
        let ((one, of_one, _), (other, of_other, _)) = (&pictures[a], &pictures[b]);
        let (x, y) = (looks.get(desk.made, of_one.page.proxy)?, looks.get(desk.made, of_other.page.proxy)?);
        matches.extend(families::verify((*one, &x), (*other, &y), distance));
    }
    Ok(matches)
}

/// The looks used last.
#[derive(Default)]
struct Looks {
    kept: BTreeMap<Digest, std::sync::Arc<Look>>,
    order: VecDeque<Digest>,
}

impl Looks {
    fn get(&mut self, made: &Blobs, proxy: Digest) -> Result<std::sync::Arc<Look>> {
        if let Some(look) = self.kept.get(&proxy) {
            return Ok(look.clone());
        }
        if self.order.len() >= LOOKS
            && let Some(oldest) = self.order.pop_front()
        {
            self.kept.remove(&oldest);
        }
        let look = std::sync::Arc::new(Look::of(&raster(made, proxy)?));
        self.kept.insert(proxy, look.clone());
        self.order.push_back(proxy);
        Ok(look)
    }
}
