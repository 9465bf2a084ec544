use std::collections::{BTreeMap, BTreeSet};

use case::{Case, Rows};
use model::{
    Appearance, Attachment, Capture, Citation, Derivation, Document, Encoding, Exposure, Family, FamilyId,
    FamilyReading, Gap, Hasher, Hop, Imprint, Page, PageId, Picture, PictureId, Placing, Post, PostId, Quad,
    Yield,
};
use spread::{Missing, PageNumber, Shot, Sight, Stock};

use crate::error::Result;
use crate::stage::{Desk, Stage};
use crate::stages::Everything;
use crate::stages::attachments::Attachments;
use crate::stages::documents::Documents;
use crate::stages::encodings::Encodings;
use crate::stages::exposures::Exposures;
use crate::stages::hops::{self, Hops};
use crate::stages::posts::Posts;
use crate::stages::sheets::Sheets;
use crate::stages::spread::Spread;
use crate::stages::versions::Versions;

/// Finds what must have existed and nobody holds.
pub(crate) struct Gaps;

impl Stage for Gaps {
    const NAME: &'static str = "gaps";
    const VERSION: u32 = 3;
    const SAYS: &'static str = "finds what must have existed and is not held";
    type Input = Everything;

    fn inputs(&self, case: &Case) -> Result<Vec<Everything>> {
        let behind = [
            Posts::NAME,
            Attachments::NAME,
            Spread::NAME,
            Exposures::NAME,
            Sheets::NAME,
            Documents::NAME,
            Versions::NAME,
            Hops::NAME,
            Encodings::NAME,
        ];
        Everything::of(case.derived(), &behind)
    }

    fn name(&self, everything: &Everything) -> String {
        everything.name()
    }

    fn depends(&self, everything: &Everything, on: &mut Hasher) {
        on.bytes(&everything.on);
    }

    fn work(&self, _: &Everything, desk: &Desk) -> Result<Yield<Rows>> {
        let (stock, sights) = (hops::stock(desk)?, hops::sights(desk)?);
        let mut gaps = named(desk, &stock, &sights)?;
        gaps.extend(sheets(desk)?);
        gaps.extend(supplies(desk, &stock, &sights)?);
        gaps.extend(sources(desk, &stock, &sights)?);
        let mut rows = Rows::default();
        gaps.iter().try_for_each(|gap| rows.put(gap))?;
        Ok(Yield::clean(rows))
    }
}

/// What posts name.
fn named(desk: &Desk, stock: &Stock, sights: &[Sight]) -> Result<Vec<Gap>> {
    let mut shows: BTreeMap<PostId, BTreeSet<FamilyId>> = BTreeMap::new();
    for sight in sights {
        shows.entry(sight.post).or_default().insert(sight.family);
    }
    let mut missing = Missing::new(stock);
    desk.derived.each(|post: Post| {
        let families: Vec<FamilyId> = shows.get(&post.id).into_iter().flatten().copied().collect();
        missing.post(&post, &families);
        Ok(())
    })?;
    let mut absent: Vec<Attachment> = Vec::new();
    desk.derived.each(|attachment: Attachment| {
        if attachment.blob.is_none() {
            absent.push(attachment);
        }
        Ok(())
    })?;
    for attachment in &absent {
        if let Some(post) = desk.derived.get::<Post>(attachment.post)? {
            missing.file(attachment, &post);
        }
    }
    Ok(missing.gaps())
}

/// Sheets that page numbers tell of.
fn sheets(desk: &Desk) -> Result<Vec<Gap>> {
    let (mut printed, mut numbered): (Vec<PageNumber>, BTreeSet<FamilyId>) = (Vec::new(), BTreeSet::new());
    let mut page_of: BTreeMap<PictureId, PageId> = BTreeMap::new();
    desk.derived.each(|picture: Picture| {
        page_of.insert(picture.id, picture.page);
        Ok(())
    })?;
    desk.derived.each(|read: FamilyReading| {
        let own = page_numbers(&read, &page_of);
        if !own.is_empty() {
            numbered.insert(read.family);
        }
        printed.extend(own);
        Ok(())
    })?;
    let families: Vec<Family> = desk.derived.all()?;
    let documents: Vec<Document> = desk.derived.all()?;
    Ok(spread::unseen_sheets(&printed, &documents, families.len().saturating_sub(numbered.len())))
}

/// The page numbers with a total that a sheet bears, each with its place.
fn page_numbers(read: &FamilyReading, page_of: &BTreeMap<PictureId, PageId>) -> Vec<PageNumber> {
    let number = |printed: &model::Printed| {
        let Imprint::Page { number, of: Some(of) } = printed.says else { return None };
        let words = read.words.get(printed.word as usize..)?.get(..printed.count as usize)?;
        let first = words.first()?;
        let on_it: Vec<&model::SharedWord> =
            words.iter().filter(|word| word.picture == first.picture).collect();
        let quad = around(on_it.iter().map(|word| &word.word.quad))?;
        Some(PageNumber {
            family: read.family,
            number,
            of,
            doubt: words.iter().map(|word| word.word.doubt).fold(0.0, f64::max),
            cited: Citation::Region { page: *page_of.get(&first.picture)?, quad },
            words: words.iter().map(|word| word.word.text.as_str()).collect::<Vec<_>>().join(" "),
        })
    };
    read.printed.iter().filter_map(number).collect()
}

/// The rectangle around places on one page.
fn around<'a>(quads: impl Iterator<Item = &'a Quad>) -> Option<Quad> {
    let corners: Vec<_> = quads.flat_map(|quad| quad.0).collect();
    let least = |get: fn(&model::Point) -> f64| corners.iter().map(get).reduce(f64::min);
    let most = |get: fn(&model::Point) -> f64| corners.iter().map(get).reduce(f64::max);
    let (left, top) = (least(|c| c.x)?, least(|c| c.y)?);
    Some(Quad::rectangle(left, top, most(|c| c.x)? - left, most(|c| c.y)? - top))
}

/// Pictures that none of the held ones explains.
fn sources(desk: &Desk, stock: &Stock, sights: &[Sight]) -> Result<Vec<Gap>> {
    let mut seen: BTreeMap<PictureId, Vec<&Sight>> = BTreeMap::new();
    for sight in sights {
        seen.entry(sight.picture).or_default().push(sight);
    }
    let mut size_of: BTreeMap<PageId, (u32, u32)> = BTreeMap::new();
    desk.derived.each(|page: Page| {
        size_of.insert(page.id, (page.width, page.height));
        Ok(())
    })?;
    let families: Vec<Family> = desk.derived.all()?;
    let family_of: BTreeMap<PictureId, FamilyId> = families
        .iter()
        .flat_map(|family| family.pictures.iter().map(|picture| (*picture, family.id)))
        .collect();
    let placings: BTreeMap<PictureId, Placing> =
        desk.derived.all::<Placing>()?.into_iter().map(|placing| (placing.picture, placing)).collect();
    let encodings: BTreeMap<PageId, Encoding> =
        desk.derived.all::<Encoding>()?.into_iter().map(|encoding| (encoding.page, encoding)).collect();
    let mut shots: Vec<Shot> = Vec::new();
    desk.derived.each(|picture: Picture| {
        let (Some(family), Some(size)) = (family_of.get(&picture.id), size_of.get(&picture.page)) else {
            return Ok(());
        };
        let own: Vec<&Sight> = seen.get(&picture.id).cloned().unwrap_or_default();
        let platform = |sight: &&Sight| stock.channel(sight.channel).map(|channel| channel.platform.clone());
        let first = own.iter().filter_map(|sight| sight.when);
        shots.push(Shot {
            picture: picture.id,
            family: *family,
            page: picture.page,
            outline: picture.outline,
            size: *size,
            screen: picture.capture == Capture::Screenshot,
            to_view: placings
                .get(&picture.id)
                .filter(|placing| placing.family == *family)
                .map(|placing| placing.to_view),
            platforms: own.iter().filter_map(platform).collect(),
            first: first.min_by_key(|when| (when.latest, when.earliest)),
            encoding: encodings.get(&picture.page).cloned(),
        });
        Ok(())
    })?;
    let (exposures, derivations): (Vec<Exposure>, Vec<Derivation>) =
        (desk.derived.all()?, desk.derived.all()?);
    Ok(spread::sources(&shots, &exposures, &derivations))
}

/// Channels that had another source.
fn supplies(desk: &Desk, stock: &Stock, sights: &[Sight]) -> Result<Vec<Gap>> {
    let hops: Vec<Hop> = desk.derived.all()?;
    let appearances: Vec<Appearance> = desk.derived.all()?;
    let stand: BTreeMap<PostId, model::ChannelId> =
        sights.iter().map(|sight| (sight.post, sight.channel)).collect();
    let matrix = spread::matrix(&appearances, &|post| stand.get(&post).copied());
    Ok(spread::supplies(stock, &hops, &matrix, sights))
}
