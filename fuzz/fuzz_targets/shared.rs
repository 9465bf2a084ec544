//! What the targets share: an export read, an archive unpacked, an image decoded, all to nowhere.

use std::io::{self, Cursor, Read};

use intake::{Context, Limits, Sink};
use model::{Id, ItemId, Kind, Listing, Record, Trouble};

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
    let Some(format) = intake::formats().iter().find(|known| known.name() == format) else { panic!("no {format}") };
    let context = Context { item: ItemId::make(|_| {}), path: "board/thread.json" };
    let _ = format.read(&mut Cursor::new(bytes), &context, &mut Nowhere);
}

#[allow(dead_code)]
pub fn archive(kind: Kind, bytes: &[u8]) {
    let limits = Limits { entries: 1000, entry_bytes: 1 << 20, total_bytes: 4 << 20, ratio: 200 };
    let mut each = |_, data: &mut dyn Read| io::copy(data, &mut io::sink()).map(|_| ());
    intake::unpack(kind, &mut Cursor::new(bytes), bytes.len() as u64, "fuzzed", &limits, &mut each);
}

#[allow(dead_code)]
pub fn surfaces(kind: Kind, bytes: &[u8]) {
    let limits = pages::Limits { pixels: 1 << 20, bytes: 64 << 20, pages: 3 };
    let _ = pages::read(kind, bytes.to_vec(), &limits, &mut |_| Ok(()));
}
