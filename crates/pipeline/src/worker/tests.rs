//! A worker that lies: a program that says whatever stands in the file it is given.

use std::io::{Seek, Write};
use std::os::unix::fs::PermissionsExt;

use intake::Limits;
use model::{Id, Span};

use super::wire::write_frame;
use super::*;

/// A worker that answers with the bytes of its file.
fn liar() -> (tempfile::TempDir, Worker) {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("liar");
    std::fs::write(&program, "#!/bin/sh\nexec /bin/cat\n").unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).unwrap();
    let worker = Worker::new(Some(program));
    (folder, worker)
}

fn file(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file.rewind().unwrap();
    file
}

fn said(frames: &[Frame]) -> File {
    let mut bytes = Vec::new();
    frames.iter().for_each(|frame| write_frame(&mut bytes, frame).unwrap());
    file(&bytes)
}

/// Counts what it is given.
#[derive(Default)]
struct Counts(usize);

impl Take for Counts {
    fn listing(&mut self, _: Listing) -> Result<()> {
        self.0 += 1;
        Ok(())
    }

    fn record(&mut self, _: Record) -> Result<()> {
        self.0 += 1;
        Ok(())
    }
}

struct Nothing;

impl Beside for Nothing {
    fn digest(&self, _: &str) -> Option<model::Digest> {
        None
    }

    fn bytes(&self, _: &str, _: usize) -> Option<Vec<u8>> {
        None
    }
}

/// What a worker of this process reads of an export, as it would be sent.
fn record(of: ItemId) -> Record {
    #[derive(Default)]
    struct First(Option<Record>);
    impl Take for First {
        fn listing(&mut self, _: Listing) -> Result<()> {
            Ok(())
        }

        fn record(&mut self, record: Record) -> Result<()> {
            self.0.get_or_insert(record);
            Ok(())
        }
    }
    let mut export = Vec::new();
    forge::hostile::discord_stream(&mut export, forge::hostile::Amount::Messages(3)).unwrap();
    let format = intake::recognise(&export, "a.json").unwrap().name();
    let mut first = First::default();
    let troubles =
        Worker::new(None).posts(file(&export), format, (of, "a.json"), &Nothing, &mut first).unwrap();
    assert_eq!(troubles, Vec::new());
    first.0.unwrap()
}

fn item(name: &str) -> ItemId {
    ItemId::make(|id| {
        id.text(name);
    })
}

#[test]
fn posts_that_name_other_files_are_refused() {
    let (_folder, worker) = liar();
    let mine = record(item("mine"));
    let told = |frames: &[Frame]| {
        let mut counts = Counts::default();
        let troubles =
            worker.posts(said(frames), "x", (item("mine"), "a.json"), &Nothing, &mut counts).unwrap();
        (counts.0, troubles.len())
    };
    assert_eq!(told(&[Frame::Record(Box::new(mine.clone())), Frame::End]), (1, 0));
    assert_eq!(told(&[Frame::Record(Box::new(mine.clone()))]), (1, 1), "it ended without a word");
    let mut twice = mine.clone();
    twice.post.records.push((item("mine"), Span { start: 0, length: 1 }));
    assert_eq!(told(&[Frame::Record(Box::new(twice)), Frame::End]), (0, 1));
    assert_eq!(told(&[Frame::Record(Box::new(record(item("other")))), Frame::End]), (0, 1));
    assert_eq!(told(&[Frame::EntryEnd, Frame::End]), (0, 1), "out of turn");
}

#[test]
fn entries_beyond_what_was_asked_for_are_refused() {
    let (_folder, worker) = liar();
    let limits = Limits { entries: 2, entry_bytes: 10, total_bytes: 15, ratio: 9 };
    let told = |frames: &[Frame]| {
        let mut sizes = Vec::new();
        let troubles = worker.entries(said(frames), Kind::Zip, "a.zip", &limits, |_, data| {
            let mut bytes = Vec::new();
            let read = data.read_to_end(&mut bytes).map_err(Error::Worker);
            sizes.push(bytes.len());
            read.map(drop)
        });
        (sizes, troubles.unwrap().len())
    };
    let entry = |path: &str, length| {
        let told = EntryTold { path: path.to_owned(), modified: None };
        [Frame::Entry(told), Frame::Data(vec![1; length]), Frame::EntryEnd]
    };
    let all =
        |entries: Vec<[Frame; 3]>| entries.into_iter().flatten().chain([Frame::End]).collect::<Vec<_>>();
    assert_eq!(told(&all(vec![entry("a", 9), entry("b", 6)])), (vec![9, 6], 0));
    assert_eq!(told(&all(vec![entry("a", 11)])).1, 1, "an entry of more bytes");
    assert_eq!(told(&all(vec![entry("a", 9), entry("b", 7)])).1, 1, "all of more bytes");
    assert_eq!(
        told(&all(vec![entry("a", 1), entry("b", 1), entry("c", 1)])),
        (vec![1, 1], 1),
        "more entries"
    );
    assert_eq!(told(&all(vec![entry("../a", 1)])), (vec![], 1), "a path that leads upwards");
}

#[test]
fn surfaces_larger_than_their_bound_are_refused() {
    let (_folder, worker) = liar();
    let told =
        Told { number: 0, orientation: 1, dpi: None, times: Vec::new(), software: None, text_layer: None };
    let huge = Frame::Surface(SurfaceTold { width: u32::MAX, height: u32::MAX, told });
    let troubles = worker
        .surfaces(said(&[huge, Frame::End]), Kind::Png, &Budget::new(1000), |_, _| panic!("it was taken"))
        .unwrap();
    assert_eq!(troubles.len(), 1);
}
