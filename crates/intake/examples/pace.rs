//! How fast an export is read: `cargo run --release -p intake --example pace FILE`.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::time::Instant;

use intake::json::{Choice, Step, Visitor, walk};
use intake::{Context, Sink};
use model::{Id, ItemId, Listing, Record, Span, Trouble};

#[derive(Default)]
struct Count(u64);

impl Sink for Count {
    fn listing(&mut self, listing: Listing) -> io::Result<()> {
        println!("{}: {} posts", listing.name, listing.export.read);
        Ok(())
    }
    fn record(&mut self, _record: Record) -> io::Result<()> {
        self.0 += 1;
        Ok(())
    }
    fn trouble(&mut self, trouble: Trouble) -> io::Result<()> {
        println!("{}: {}", trouble.code.slug(), trouble.detail);
        Ok(())
    }
}

impl Visitor for Count {
    fn choose(&mut self, path: &[Step], _first: u8) -> Choice {
        if path.len() < 2 { Choice::Enter } else { Choice::Take }
    }
    fn value(&mut self, _path: &[Step], _bytes: &[u8], _span: Span) -> io::Result<bool> {
        self.0 += 1;
        Ok(true)
    }
    fn damage(&mut self, _span: Span, _why: &str) -> io::Result<()> {
        Ok(())
    }
}

fn tell(what: &str, bytes: u64, values: u64, start: Instant) {
    let seconds = start.elapsed().as_secs_f64();
    println!("{what}: {:.0} MB/s, {:.0} a second", bytes as f64 / 1e6 / seconds, values as f64 / seconds);
}

fn main() -> io::Result<()> {
    let path = std::env::args().nth(1).unwrap_or_default();
    let mut file = File::open(&path)?;
    let bytes = file.metadata()?.len();
    let mut head = Vec::new();
    (&file).take(64 << 10).read_to_end(&mut head)?;
    file.rewind()?;
    let (start, mut count) = (Instant::now(), Count::default());
    walk(&mut file, &mut count)?;
    tell("walked, values two steps down", bytes, count.0, start);
    file.rewind()?;
    let Some(format) = intake::recognise(&head, &path) else {
        return Err(io::Error::other("no known export"));
    };
    let (start, mut count) = (Instant::now(), Count::default());
    let context = Context { item: ItemId::make(|_| {}), path: &path };
    format.read(&mut file, &context, &mut count)?;
    tell(format.name(), bytes, count.0, start);
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        status.lines().filter(|line| line.starts_with("VmHWM")).for_each(|line| println!("{line}"));
    }
    Ok(())
}
