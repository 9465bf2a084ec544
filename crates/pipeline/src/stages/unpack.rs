use std::io;

use case::{Blobs, Rows};
use model::{Code, Hasher, Item, Kind, Trouble, Yield};

use crate::error::{Error, Result};
use crate::stage::{Desk, Stage};

/// Archives within archives are followed so deep.
const DEPTH: usize = 8;

/// Opens archives, and archives within them.
pub(crate) struct Unpack;

impl Stage for Unpack {
    const NAME: &'static str = "unpack";
    const VERSION: u32 = 3;
    const SAYS: &'static str = "looks into archives";
    type Input = Item;

    fn inputs(&self, case: &case::Case) -> Result<Vec<Item>> {
        Ok(case.ground().items()?)
    }

    fn name(&self, item: &Item) -> String {
        item.id.to_string()
    }

    fn about(&self, item: &Item) -> String {
        item.path.clone()
    }

    fn depends(&self, item: &Item, on: &mut Hasher) {
        on.id(item.id);
    }

    fn work(&self, item: &Item, desk: &Desk) -> Result<Yield<Rows>> {
        let mut unpacking = Unpacking {
            desk,
            limits: intake::Limits::default(),
            unpacked: 0,
            entries: 0,
            found: Yield::clean(Rows::default()),
        };
        unpacking.open(item, "", 0)?;
        Ok(unpacking.found)
    }
}

/// What is kept while one received archive is taken apart, all levels together.
struct Unpacking<'a> {
    desk: &'a Desk<'a>,
    limits: intake::Limits,
    unpacked: u64,
    entries: u64,
    found: Yield<Rows>,
}

impl Unpacking<'_> {
    /// Opens `item` if it is an archive; `within` is its path below the received file, for people.
    fn open(&mut self, item: &Item, within: &str, depth: usize) -> Result<()> {
        let head = self.desk.head(item.blob)?;
        let kind = intake::sniff(&head);
        if !intake::is_packed(kind, &head) {
            return Ok(());
        }
        if depth >= DEPTH {
            let detail = format!("{within}: more than {DEPTH} archives deep");
            self.found.troubles.push(Trouble::new(Code::ArchiveTooDeep, detail));
            return Ok(());
        }
        for inner in self.entries(item, kind, within)? {
            let within =
                if within.is_empty() { inner.path.clone() } else { format!("{within}/{}", inner.path) };
            self.open(&inner, &within, depth + 1)?;
            self.found.value.put(&inner)?;
        }
        Ok(())
    }

    /// Unpacks one level into the made blobs; what earlier levels took counts against the limits.
    fn entries(&mut self, item: &Item, kind: Kind, within: &str) -> Result<Vec<Item>> {
        let mut limits = self.limits;
        limits.total_bytes = limits.total_bytes.saturating_sub(self.unpacked);
        limits.entries = limits.entries.saturating_sub(self.entries);
        let mut inside = Vec::new();
        let made: &Blobs = self.desk.made;
        let troubles = self.desk.worker.entries(
            self.desk.bytes(item.blob)?,
            kind,
            &item.name,
            &limits,
            |told, data| {
                let stored = made.put(data, false).map_err(broken)?;
                inside.push(Item {
                    id: Item::id_of(stored.digest, &told.path, Some(item.id)),
                    blob: stored.digest,
                    size: stored.size,
                    name: told.path.rsplit('/').next().unwrap_or(&told.path).to_owned(),
                    path: told.path,
                    inside: Some(item.id),
                    times: told.modified.into_iter().collect(),
                });
                Ok(())
            },
        )?;
        self.unpacked += inside.iter().map(|inner| inner.size).sum::<u64>();
        self.entries += inside.len() as u64;
        self.found.troubles.extend(troubles.into_iter().map(|Trouble { code, detail }| match within {
            "" => Trouble::new(code, detail),
            _ => Trouble::new(code, format!("{within}: {detail}")),
        }));
        Ok(inside)
    }
}

/// An entry that broke off is the archive's fault, all else is the disk's.
fn broken(error: io::Error) -> Error {
    if error.kind() == io::ErrorKind::UnexpectedEof { Error::Worker(error) } else { Error::Made(error) }
}
