use std::collections::BTreeMap;

use case::Rows;
use model::{
    Appearance, Attachment, Digest, Family, FamilyId, Hasher, Interval, Page, PageId, Picture, Post, PostId,
    Yield,
};
use spread::Holding;

use crate::error::Result;
use crate::stage::{Desk, Stage};
use crate::stages::Everything;
use crate::stages::attachments::Attachments;
use crate::stages::families::Families;
use crate::stages::pages::Pages;
use crate::stages::posts::Posts;

/// Finds where each family appeared, and where first.
pub(crate) struct Spread;

impl Stage for Spread {
    const NAME: &'static str = "spread";
    const VERSION: u32 = 1;
    const SAYS: &'static str = "finds where each sheet appeared";
    type Input = Everything;

    fn inputs(&self, case: &case::Case) -> Result<Vec<Everything>> {
        Everything::of(case.derived(), &[Posts::NAME, Attachments::NAME, Pages::NAME, Families::NAME])
    }

    fn name(&self, everything: &Everything) -> String {
        everything.name()
    }

    fn depends(&self, everything: &Everything, on: &mut Hasher) {
        on.bytes(&everything.on);
    }

    fn work(&self, _: &Everything, desk: &Desk) -> Result<Yield<Rows>> {
        let families: Vec<Family> = desk.derived.all()?;
        let holding = holding(&families, desk)?;
        let mut attachments: Vec<Attachment> = Vec::new();
        let mut times: BTreeMap<PostId, Option<Interval>> = BTreeMap::new();
        desk.derived.each(|attachment: Attachment| {
            if attachment.blob.is_some_and(|blob| holding.contains_key(&blob)) {
                times.insert(attachment.post, None);
                attachments.push(attachment);
            }
            Ok(())
        })?;
        for (id, when) in &mut times {
            *when = desk.derived.get::<Post>(*id)?.and_then(|post| post.when());
        }
        let posted = |post: PostId| times.get(&post).copied().flatten();
        let appearances = spread::appearances(&attachments, &posted, &holding);
        let mut of: BTreeMap<FamilyId, Vec<Appearance>> = BTreeMap::new();
        let mut rows = Rows::default();
        for appearance in appearances {
            rows.put(&appearance)?;
            of.entry(appearance.family).or_default().push(appearance);
        }
        for family in &families {
            let seen = of.get(&family.id).map(Vec::as_slice).unwrap_or_default();
            rows.put(&spread::first(family.id, seen))?;
        }
        Ok(Yield::clean(rows))
    }
}

/// What the bytes of every item show.
fn holding(families: &[Family], desk: &Desk) -> Result<Holding> {
    let family_of =
        families.iter().flat_map(|family| family.pictures.iter().map(|picture| (*picture, family.id)));
    let family_of: BTreeMap<_, _> = family_of.collect();
    let mut blob_of: BTreeMap<PageId, Digest> = BTreeMap::new();
    desk.derived.each(|page: Page| {
        blob_of.insert(page.id, page.blob);
        Ok(())
    })?;
    let mut holding = Holding::new();
    desk.derived.each(|picture: Picture| {
        if let (Some(blob), Some(family)) = (blob_of.get(&picture.page), family_of.get(&picture.id)) {
            holding.entry(*blob).or_default().push((picture.id, *family));
        }
        Ok(())
    })?;
    Ok(holding)
}
