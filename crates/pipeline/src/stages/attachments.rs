use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use case::{Case, Finished, Rows};
use intake::{Found, Shelf};
use model::{
    Attachment, AttachmentState, Blob, ChannelId, Declared, Digest, Hasher, Item, ItemId, Post, RunId, Yield,
};

use crate::error::{Error, Result};
use crate::stage::{Desk, Stage};
use crate::stages;
use crate::stages::posts::Posts;

/// Finds the files that posts carry among what is held.
#[derive(Default)]
pub(crate) struct Attachments {
    held: OnceLock<Arc<Held>>,
}

/// All that is held.
struct Held {
    shelf: Shelf,
    items: BTreeMap<ItemId, Item>,
    digest: [u8; 32],
}

/// A channel, and what its result rests on.
pub(crate) struct Carrying {
    channel: ChannelId,
    posts: RunId,
    held: [u8; 32],
}

impl Attachments {
    fn held(&self, case: &Case) -> Result<Arc<Held>> {
        if let Some(held) = self.held.get() {
            return Ok(held.clone());
        }
        let mut md5: BTreeMap<Digest, String> = BTreeMap::new();
        case.derived().each(|blob: Blob| {
            md5.insert(blob.digest, blob.md5);
            Ok(())
        })?;
        let items = stages::items(case)?;
        let mut on = Hasher::new("held");
        items.keys().for_each(|id| {
            on.id(*id);
        });
        let shelf = Shelf::new(items.values().filter_map(|item| Some((item, md5.get(&item.blob)?.as_str()))));
        Ok(self.held.get_or_init(|| Arc::new(Held { shelf, items, digest: on.finish() })).clone())
    }
}

impl Stage for Attachments {
    const NAME: &'static str = "attachments";
    const VERSION: u32 = 1;
    const SAYS: &'static str = "finds the files that posts carry";
    type Input = Carrying;

    fn inputs(&self, case: &Case) -> Result<Vec<Carrying>> {
        let held = self.held(case)?.digest;
        let carrying = |run: Finished| {
            let channel =
                run.input.parse().map_err(|_| Error::Ours(format!("'{}' is no channel", run.input)))?;
            Ok(Carrying { channel, posts: run.id, held })
        };
        case.derived().finished(Posts::NAME)?.into_iter().map(carrying).collect()
    }

    fn name(&self, carrying: &Carrying) -> String {
        carrying.channel.to_string()
    }

    fn depends(&self, carrying: &Carrying, on: &mut Hasher) {
        on.bytes(&carrying.held).id(carrying.posts);
    }

    fn work(&self, carrying: &Carrying, desk: &Desk) -> Result<Yield<Rows>> {
        let mut rows = Rows::default();
        let Some(held) = self.held.get() else {
            return Ok(Yield::clean(rows));
        };
        desk.derived.each_of(carrying.channel, |post: Post| {
            let exports: Vec<&Item> =
                post.records.iter().filter_map(|(item, _)| held.items.get(item)).collect();
            for (position, declared) in (0..).zip(post.attached) {
                let Found { state, items, blob } = held.find(&declared, &exports);
                let id = Attachment::id_of(post.id, position);
                rows.put(&Attachment { id, post: post.id, position, declared, state, items, blob })?;
            }
            Ok(())
        })?;
        Ok(Yield::clean(rows))
    }
}

impl Held {
    /// The file as any of the exports leads to it: the surest counts, of equals the first by id.
    fn find(&self, declared: &Declared, exports: &[&Item]) -> Found {
        let each = exports.iter().map(|export| self.shelf.resolve(declared, export));
        each.min_by_key(|found| (found.state, found.items.clone())).unwrap_or(Found {
            state: declared.withheld.unwrap_or(AttachmentState::Missing),
            items: Vec::new(),
            blob: None,
        })
    }
}
