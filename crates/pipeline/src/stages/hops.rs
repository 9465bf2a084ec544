use std::collections::BTreeMap;

use case::{Case, Rows};
use model::{Appearance, Attachment, Derivation, Digest, Hasher, ItemId, Post, Quote, Tie, Yield};
use spread::{Pointer, Sight, Stock};

use crate::error::Result;
use crate::stage::{Desk, Stage};
use crate::stages::Everything;
use crate::stages::attachments::Attachments;
use crate::stages::posts::Posts;
use crate::stages::quotes::Quotes;
use crate::stages::spread::Spread;
use crate::stages::versions::Versions;

/// Finds how sheets may have gone from channel to channel.
pub(crate) struct Hops;

impl Stage for Hops {
    const NAME: &'static str = "hops";
    const VERSION: u32 = 1;
    const SAYS: &'static str = "finds how sheets may have gone from channel to channel";
    type Input = Everything;

    fn inputs(&self, case: &Case) -> Result<Vec<Everything>> {
        let behind = [Posts::NAME, Attachments::NAME, Spread::NAME, Quotes::NAME, Versions::NAME];
        Everything::of(case.derived(), &behind)
    }

    fn name(&self, everything: &Everything) -> String {
        everything.name()
    }

    fn depends(&self, everything: &Everything, on: &mut Hasher) {
        on.bytes(&everything.on);
    }

    fn work(&self, _: &Everything, desk: &Desk) -> Result<Yield<Rows>> {
        let sights = sights(desk)?;
        if sights.is_empty() {
            return Ok(Yield::clean(Rows::default()));
        }
        let stock = stock(desk)?;
        let mut pointers: Vec<Pointer> = Vec::new();
        desk.derived.each(|post: Post| {
            pointers.extend(spread::pointers(&stock, &post));
            Ok(())
        })?;
        for quote in desk.derived.all::<Quote>()? {
            let Some(post) = desk.derived.get::<Post>(quote.post)? else { continue };
            pointers.push(Pointer {
                tie: Tie::Words,
                from: None,
                target: None,
                channel: post.channel,
                post: post.id,
                when: post.when(),
                families: quote.sheets.iter().map(|(family, _)| *family).collect(),
            });
        }
        let derivations: Vec<Derivation> = desk.derived.all()?;
        let mut rows = Rows::default();
        let hops = spread::hops(&sights, &pointers, &derivations);
        hops.iter().try_for_each(|hop| rows.put(hop))?;
        Ok(Yield::clean(rows))
    }
}

/// What is held of channels, accounts and posts.
pub(super) fn stock(desk: &Desk) -> Result<Stock> {
    let mut stock = Stock::new(desk.derived.all()?, desk.derived.all()?);
    desk.derived.each(|post: Post| {
        stock.add(&post);
        Ok(())
    })?;
    Ok(stock)
}

/// Every picture in a post.
pub(super) fn sights(desk: &Desk) -> Result<Vec<Sight>> {
    let mut blob_of: BTreeMap<ItemId, Digest> = BTreeMap::new();
    desk.derived.each(|attachment: Attachment| {
        if let Some(blob) = attachment.blob {
            blob_of.extend(attachment.items.iter().map(|item| (*item, blob)));
        }
        Ok(())
    })?;
    let mut sights = Vec::new();
    for appearance in desk.derived.all::<Appearance>()? {
        let Some(post) = desk.derived.get::<Post>(appearance.post)? else { continue };
        let Some(blob) = blob_of.get(&appearance.item) else { continue };
        sights.push(Sight {
            channel: post.channel,
            post: post.id,
            when: appearance.when,
            family: appearance.family,
            picture: appearance.picture,
            blob: *blob,
        });
    }
    Ok(sights)
}
