//! A family with what holds its pictures together: what the stages that lay pictures on each other work on.

use std::collections::{BTreeMap, BTreeSet};

use case::{Case, Derived};
use families::Homography;
use model::{Digest, Family, FamilyId, Hasher, Match, Page, PageId, Picture, PictureId};

use crate::error::Result;

/// A family, and a digest of all that its pictures are laid on each other by.
pub(crate) struct Kin {
    pub(super) family: Family,
    /// The matches among its pictures, sorted by id.
    pub(super) ties: Vec<Tie>,
    digest: [u8; 32],
}

/// A match as far as geometry goes: the map leads from the pages of `a` to those of `b`, in their pixels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tie {
    pub(super) a: PictureId,
    pub(super) b: PictureId,
    pub(super) map: Homography,
}

impl Kin {
    /// Every family.
    pub(super) fn all(case: &Case) -> Result<Vec<Self>> {
        let families: Vec<Family> = case.derived().all()?;
        let shown = shown(case.derived())?;
        let mut ties: BTreeMap<FamilyId, Vec<Tie>> = BTreeMap::new();
        each_within(case.derived(), &families, |of, found| {
            if let Some(map) = found.homography {
                ties.entry(of).or_default().push(Tie { a: found.a, b: found.b, map: Homography(map) });
            }
        })?;
        let kin = |family: Family| {
            let ties = ties.remove(&family.id).unwrap_or_default();
            let digest = digest(&family, &shown, &ties);
            Self { family, ties, digest }
        };
        Ok(families.into_iter().map(kin).collect())
    }

    pub(super) fn depends(&self, on: &mut Hasher) {
        on.bytes(&self.digest);
    }

    pub(super) fn pictures(&self, derived: &Derived) -> Result<BTreeMap<PictureId, Picture>> {
        let mut pictures = BTreeMap::new();
        for id in &self.family.pictures {
            pictures.extend(derived.get::<Picture>(*id)?.map(|picture| (*id, picture)));
        }
        Ok(pictures)
    }

    pub(super) fn several(&self) -> bool {
        self.family.pictures.len() > 1
    }
}

/// Every match whose two pictures stand in one of these families, by id.
pub(super) fn each_within(
    derived: &Derived,
    families: &[Family],
    mut take: impl FnMut(FamilyId, Match),
) -> Result<()> {
    let of_picture = families.iter().flat_map(|family| family.pictures.iter().map(|id| (*id, family.id)));
    let family_of: BTreeMap<PictureId, FamilyId> = of_picture.collect();
    derived.each(|found: Match| {
        if let Some(of) = family_of.get(&found.a).filter(|of| family_of.get(&found.b) == Some(of)) {
            take(*of, found);
        }
        Ok(())
    })?;
    Ok(())
}

fn digest(family: &Family, shown: &BTreeMap<PictureId, [u8; 32]>, ties: &[Tie]) -> [u8; 32] {
    let mut on = Hasher::new("kin");
    for picture in family.pictures.iter().collect::<BTreeSet<_>>() {
        on.id(*picture).bytes(shown.get(picture).map_or(&[], |digest| digest.as_slice()));
    }
    for tie in ties {
        on.id(tie.a).id(tie.b).text(&format!("{:?}", tie.map));
    }
    on.finish()
}

/// A digest of each picture: its place on the page, and what was made of it.
fn shown(derived: &Derived) -> Result<BTreeMap<PictureId, [u8; 32]>> {
    let mut proxy_of: BTreeMap<PageId, Digest> = BTreeMap::new();
    derived.each(|page: Page| {
        proxy_of.insert(page.id, page.proxy);
        Ok(())
    })?;
    let mut shown = BTreeMap::new();
    derived.each(|picture: Picture| {
        let mut on = Hasher::new("shown");
        on.text(&serde_json::to_string(&picture)?);
        if let Some(proxy) = proxy_of.get(&picture.page) {
            on.id(*proxy);
        }
        shown.insert(picture.id, on.finish());
        Ok(())
    })?;
    Ok(shown)
}
