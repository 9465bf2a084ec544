use std::io;

use case::Rows;
use intake::{Context, Sink};
use model::{Blob, Hasher, Item, Listing, Noun, Record, Trouble, Yield};

use crate::error::{Error, Result};
use crate::stage::{Desk, Stage};
use crate::stages;

/// Reads the posts of every export.
pub(crate) struct Exports;

/// A file that a format recognised.
pub(crate) struct Export {
    item: Item,
    whole_path: String,
    format: &'static dyn intake::Format,
}

impl Stage for Exports {
    const NAME: &'static str = "exports";
    const VERSION: u32 = 1;
    const SAYS: &'static str = "reads channel exports";
    type Input = Export;

    fn inputs(&self, case: &case::Case) -> Result<Vec<Export>> {
        let mut formats = std::collections::BTreeMap::new();
        case.derived().each(|blob: Blob| {
            let known = |name: String| intake::formats().iter().copied().find(|format| format.name() == name);
            if let Some(format) = blob.format.and_then(known) {
                formats.insert(blob.digest, format);
            }
            Ok(())
        })?;
        let items = stages::items(case)?;
        let export = |item: &Item| {
            let whole_path = stages::whole_path(&items, item);
            formats.get(&item.blob).map(|format| Export { item: item.clone(), whole_path, format: *format })
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
    }

    fn work(&self, export: &Export, desk: &Desk) -> Result<Yield<Rows>> {
        let mut file = desk.bytes(export.item.blob)?;
        let context = Context { item: export.item.id, path: &export.item.path };
        let mut taken = Taken { found: Yield::clean(Rows::default()), failed: None, desk };
        let read = export.format.read(&mut file, &context, &mut taken);
        match (read, taken.failed) {
            (_, Some(failed)) => Err(failed),
            (Err(error), None) => Err(Error::Material(error)),
            (Ok(()), None) => Ok(taken.found),
        }
    }
}

/// Takes what a format reads.
struct Taken<'a> {
    found: Yield<Rows>,
    failed: Option<Error>,
    desk: &'a Desk<'a>,
}

impl Taken<'_> {
    fn put(&mut self, noun: &impl Noun) -> io::Result<()> {
        if self.desk.stopping() {
            return Err(self.fail(Error::CutOff));
        }
        let put = self.found.value.put(noun);
        put.map_err(|error| self.fail(error.into()))
    }

    fn fail(&mut self, error: Error) -> io::Error {
        self.failed = Some(error);
        io::ErrorKind::Interrupted.into()
    }
}

impl Sink for Taken<'_> {
    fn listing(&mut self, listing: Listing) -> io::Result<()> {
        self.put(&listing)
    }

    fn record(&mut self, record: Record) -> io::Result<()> {
        self.put(&record)
    }

    fn trouble(&mut self, trouble: Trouble) -> io::Result<()> {
        self.found.troubles.push(trouble);
        Ok(())
    }
}
