//! Reads an export from memory, or a folder of samples from disk.

use std::io::{self, Cursor};
use std::path::{Path, PathBuf};

use intake::{Context, Sink, recognise};
use model::{Code, Digest, Id, Item, ItemId, Listing, Record, Trouble};

/// All that a file told.
#[derive(Default)]
pub struct Gathered {
    pub listings: Vec<Listing>,
    pub records: Vec<Record>,
    pub troubles: Vec<Trouble>,
}

impl Sink for Gathered {
    fn listing(&mut self, listing: Listing) -> io::Result<()> {
        self.listings.push(listing);
        Ok(())
    }
    fn record(&mut self, record: Record) -> io::Result<()> {
        self.records.push(record);
        Ok(())
    }
    fn trouble(&mut self, trouble: Trouble) -> io::Result<()> {
        self.troubles.push(trouble);
        Ok(())
    }
}

impl Gathered {
    pub fn codes(&self, code: Code) -> usize {
        self.troubles.iter().filter(|t| t.code == code).count()
    }

    pub fn native_ids(&self) -> Vec<&str> {
        self.records.iter().map(|r| r.post.native_id.as_str()).collect()
    }

    /// How many records are like this.
    pub fn count(&self, like: impl Fn(&Record) -> bool) -> u64 {
        self.records.iter().filter(|r| like(r)).count() as u64
    }
}

pub fn item_id(path: &str) -> ItemId {
    ItemId::make(|id| {
        id.text(path);
    })
}

/// Reads `bytes` with the format named `format`.
pub fn read_as(format: &str, bytes: &[u8], path: &str) -> Gathered {
    let format = intake::formats().iter().find(|f| f.name() == format).unwrap();
    let mut gathered = Gathered::default();
    let context = Context { item: item_id(path), path };
    format.read(&mut Cursor::new(bytes), &context, &mut gathered).unwrap();
    gathered
}

/// Reads `bytes` with the format that recognises them, which may look into `beside`.
pub fn read_beside(bytes: &[u8], path: &str, beside: &dyn intake::Beside) -> (&'static str, Gathered) {
    let head = &bytes[..bytes.len().min(64 << 10)];
    let Some(format) = recognise(head, path) else { return ("none", Gathered::default()) };
    let mut gathered = Gathered::default();
    let context = Context { item: item_id(path), path };
    format.read_beside(&mut Cursor::new(bytes), &context, beside, &mut gathered).unwrap();
    (format.name(), gathered)
}

/// Reads `bytes` with the format that recognises them.
pub fn read(bytes: &[u8], path: &str) -> (&'static str, Gathered) {
    let head = &bytes[..bytes.len().min(64 << 10)];
    let Some(format) = recognise(head, path) else { return ("none", Gathered::default()) };
    (format.name(), read_as(format.name(), bytes, path))
}

/// A folder beside the workspace (or in `TRUECOPY_SHARED`); None, with a word, where it is absent.
pub fn shared(path: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let folder = std::env::var_os("TRUECOPY_SHARED").map_or(beside, PathBuf::from).join(path);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: {} is not there", folder.display());
    None
}

/// Every file below `root`, as an item with its bytes' MD5 left empty, sorted by path.
pub fn items(root: &Path) -> Vec<(Item, Vec<u8>)> {
    let mut paths = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { paths.push(path) }
        }
    }
    paths.sort();
    paths
        .into_iter()
        .map(|path| item(path.strip_prefix(root).unwrap().to_str().unwrap(), std::fs::read(&path).unwrap()))
        .collect()
}

pub fn item(path: &str, bytes: Vec<u8>) -> (Item, Vec<u8>) {
    let blob = Digest::of(&bytes);
    let name = path.rsplit('/').next().unwrap().to_owned();
    let id = Item::id_of(blob, path, None);
    let size = bytes.len() as u64;
    (Item { id, blob, size, name, path: path.to_owned(), inside: None, times: Vec::new() }, bytes)
}
