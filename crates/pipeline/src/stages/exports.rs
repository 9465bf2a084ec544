use std::collections::BTreeMap;
use std::io::Read as _;
use std::sync::Arc;

use case::Rows;
use intake::Beside;
use model::{Blob, Digest, Hasher, Item, ItemId, Listing, Noun, Record, Yield};

use crate::error::{Error, Result};
use crate::stage::{Desk, Stage};
use crate::stages;
use crate::worker::Take;

/// Reads the posts of every export in a worker of its own.
pub(crate) struct Exports;

/// A file that a format recognised.
pub(crate) struct Export {
    item: Item,
    whole_path: String,
    format: &'static dyn intake::Format,
    /// Of a format that looks at what lies beside it: all that lies in the same folder or archive.
    around: Option<Arc<Around>>,
}

/// What lies in one archive, or in no archive.
struct Around {
    files: BTreeMap<String, Digest>,
    digest: [u8; 32],
}

impl Around {
    fn of(files: BTreeMap<String, Digest>) -> Arc<Self> {
        let mut on = Hasher::new("around");
        files.iter().for_each(|(path, blob)| {
            on.text(path).id(*blob);
        });
        Arc::new(Self { digest: on.finish(), files })
    }
}

impl Stage for Exports {
    const NAME: &'static str = "exports";
    const VERSION: u32 = 4;
    const SAYS: &'static str = "reads channel exports";
    type Input = Export;

    fn inputs(&self, case: &case::Case) -> Result<Vec<Export>> {
        let mut formats = BTreeMap::new();
        case.derived().each(|blob: Blob| {
            let known = |name: String| intake::formats().iter().copied().find(|format| format.name() == name);
            if let Some(format) = blob.format.and_then(known) {
                formats.insert(blob.digest, format);
            }
            Ok(())
        })?;
        let items = stages::items(case)?;
        let mut places: BTreeMap<Option<ItemId>, BTreeMap<String, Digest>> = BTreeMap::new();
        for item in items.values() {
            places.entry(item.inside).or_default().insert(item.path.clone(), item.blob);
        }
        let places: BTreeMap<_, _> =
            places.into_iter().map(|(inside, files)| (inside, Around::of(files))).collect();
        let export = |item: &Item| {
            let whole_path = stages::whole_path(&items, item);
            let format = *formats.get(&item.blob)?;
            let around = places.get(&item.inside).filter(|_| format.consults()).cloned();
            Some(Export { item: item.clone(), whole_path, format, around })
        };
        Ok(items.values().filter_map(export).collect())
    }

    fn name(&self, export: &Export) -> String {
        export.item.id.to_string()
    }

    fn about(&self, export: &Export) -> String {
        export.whole_path.clone()
    }

    fn depends(&self, export: &Export, on: &mut Hasher) {
        on.text(export.format.name()).text(&export.whole_path);
        if let Some(around) = &export.around {
            on.bytes(&around.digest);
        }
    }

    fn work(&self, export: &Export, desk: &Desk) -> Result<Yield<Rows>> {
        let mut taken = Taken { rows: Rows::default(), desk };
        let beside = Shown { around: export.around.as_deref(), desk };
        let (file, item) = (desk.bytes(export.item.blob)?, (export.item.id, export.item.path.as_str()));
        let troubles = desk.worker.posts(file, export.format.name(), item, &beside, &mut taken)?;
        Ok(Yield { value: taken.rows, troubles })
    }
}

/// What lies beside an export.
struct Shown<'a> {
    around: Option<&'a Around>,
    desk: &'a Desk<'a>,
}

impl Beside for Shown<'_> {
    fn digest(&self, path: &str) -> Option<Digest> {
        self.around.and_then(|around| around.files.get(path)).copied()
    }

    fn bytes(&self, path: &str, most: usize) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let file = self.desk.bytes(self.digest(path)?).ok()?;
        file.take(most as u64).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }
}

/// Takes what a worker reads.
struct Taken<'a> {
    rows: Rows,
    desk: &'a Desk<'a>,
}

impl Taken<'_> {
    fn put(&mut self, noun: &impl Noun) -> Result<()> {
        if self.desk.stopping() { Err(Error::CutOff) } else { Ok(self.rows.put(noun)?) }
    }
}

impl Take for Taken<'_> {
    fn listing(&mut self, listing: Listing) -> Result<()> {
        self.put(&listing)
    }

    fn record(&mut self, record: Record) -> Result<()> {
        self.put(&record)
    }
}
