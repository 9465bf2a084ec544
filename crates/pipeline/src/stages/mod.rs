//! The stages, in the order of the plan. Each names its inputs, what it depends on, and calls an engine.

pub(crate) mod accounts;
pub(crate) mod attachments;
pub(crate) mod blobs;
pub(crate) mod discrepancies;
pub(crate) mod documents;
pub(crate) mod encodings;
pub(crate) mod exports;
pub(crate) mod exposures;
pub(crate) mod families;
mod frames;
pub(crate) mod gaps;
pub(crate) mod hops;
mod kin;
pub(crate) mod matches;
pub(crate) mod pages;
pub(crate) mod posts;
pub(crate) mod prints;
pub(crate) mod proposals;
pub(crate) mod quotes;
pub(crate) mod readings;
pub(crate) mod sheets;
pub(crate) mod spread;
pub(crate) mod statements;
pub(crate) mod unpack;
pub(crate) mod versions;

use std::collections::BTreeMap;

use case::{Case, Derived};
use model::{Digest, Hasher, Item, ItemId};

use crate::drive::Reader;
use crate::error::{Error, Result};

/// Every item, as it arrived or unpacked, by id.
fn items(case: &Case) -> Result<BTreeMap<ItemId, Item>> {
    let mut items = BTreeMap::new();
    for item in case.ground().items()? {
        items.insert(item.id, item);
    }
    case.derived().each(|item: Item| {
        items.entry(item.id).or_insert(item);
        Ok(())
    })?;
    Ok(items)
}

/// One path for every content: of several that of a received file before that of a packed one, and the first by alphabet, so that
/// it does not depend on the order of arrival.
fn paths(items: &BTreeMap<ItemId, Item>) -> BTreeMap<Digest, (String, u64)> {
    let mut paths: BTreeMap<Digest, (bool, String, u64)> = BTreeMap::new();
    for item in items.values() {
        let path = (item.inside.is_some(), whole_path(items, item), item.size);
        let known = paths.entry(item.blob).or_insert_with(|| path.clone());
        if path < *known {
            *known = path;
        }
    }
    paths.into_iter().map(|(blob, (_, path, size))| (blob, (path, size))).collect()
}

/// The path of an item, that of the archives it lies in before it.
fn whole_path(items: &BTreeMap<ItemId, Item>, item: &Item) -> String {
    let mut path = item.path.clone();
    let mut outer = item.inside;
    while let Some(archive) = outer.and_then(|id| items.get(&id)) {
        path = format!("{}/{path}", archive.path);
        outer = archive.inside;
    }
    path
}

/// The only piece of work of a stage that gathers everything, with a digest of all it depends on.
pub(crate) struct Everything {
    on: [u8; 32],
}

impl Everything {
    /// All that these stages yielded.
    fn of(derived: &Derived, stages: &[&str]) -> Result<Vec<Self>> {
        let mut on = Hasher::new("everything");
        for stage in stages {
            on.text(stage);
            for finished in derived.finished(stage)? {
                on.id(finished.id);
            }
        }
        Ok(vec![Self { on: on.finish() }])
    }

    /// Something else that it depends on.
    fn add(&mut self, ids: impl Iterator<Item = [u8; 32]>) {
        let mut on = Hasher::new("more");
        on.bytes(&self.on);
        for id in ids {
            on.bytes(&id);
        }
        self.on = on.finish();
    }

    fn name(&self) -> String {
        "all".to_owned()
    }
}

/// The reader, which a stage that is ready has.
fn at_hand(reader: Option<&Reader>) -> Result<&Reader> {
    reader.ok_or_else(|| Error::Ours("a picture is to be read without a reader".to_owned()))
}
