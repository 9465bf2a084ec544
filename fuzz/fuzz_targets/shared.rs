//! What the targets share: an export read, an archive unpacked, an image decoded, all to nowhere.

use std::io::{self, Cursor, Read};

use intake::{Beside, Context, Limits, Sink};
use model::{Digest, Id, ItemId, Kind, Listing, Record, Trouble};

struct Nowhere;

impl Sink for Nowhere {
    fn listing(&mut self, _: Listing) -> io::Result<()> {
        Ok(())
    }
    fn record(&mut self, _: Record) -> io::Result<()> {
        Ok(())
    }
    fn trouble(&mut self, _: Trouble) -> io::Result<()> {
        Ok(())
    }
}

#[allow(dead_code)]
pub fn export(format: &str, bytes: &[u8]) {
    let Some(format) = intake::formats().iter().find(|known| known.name() == format) else {
        panic!("no {format}")
    };
    let context = Context { item: ItemId::make(|_| {}), path: "board/thread.json" };
    let _ = format.read(&mut Cursor::new(bytes), &context, &mut Nowhere);
}

/// A package's signature, beside a list of no files.
struct Seal<'a>(&'a [u8]);

impl Beside for Seal<'_> {
    fn digest(&self, _: &str) -> Option<Digest> {
        None
    }
    fn bytes(&self, path: &str, most: usize) -> Option<Vec<u8>> {
        path.ends_with("-digest.json").then(|| self.0[..self.0.len().min(most)].to_vec())
    }
}

#[allow(dead_code)]
pub fn seal(bytes: &[u8]) {
    let list = br#"{"wacz_version":"1.1.1","resources":[]}"#;
    let context = Context { item: ItemId::make(|_| {}), path: "datapackage.json" };
    let Some(format) = intake::recognise(list, "datapackage.json") else { panic!("no package") };
    let _ = format.read_beside(&mut Cursor::new(list), &context, &Seal(bytes), &mut Nowhere);
}

#[allow(dead_code)]
pub fn archive(kind: Kind, bytes: &[u8]) {
    let limits = Limits { entries: 1000, entry_bytes: 1 << 20, total_bytes: 4 << 20, ratio: 200 };
    let mut each = |_, data: &mut dyn Read| io::copy(data, &mut io::sink()).map(|_| ());
    intake::unpack(kind, &mut Cursor::new(bytes), bytes.len() as u64, "fuzzed", &limits, &mut each);
}

#[cfg(feature = "pages")]
#[allow(dead_code)]
pub fn surfaces(kind: Kind, bytes: &[u8]) {
    let limits = pages::Limits { pixels: 1 << 20, bytes: 64 << 20, pages: 3 };
    let _ = pages::read(kind, bytes.to_vec(), &limits, &mut |_| Ok(()));
}
