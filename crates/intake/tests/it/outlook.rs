//! Messages as Outlook saves them, written here by another implementation of compound files.

use std::io::{Cursor, Write as _};
use std::time::SystemTime;

use model::{AttachmentState, Clock, Code};

use crate::counts::unpacked;
use crate::gather::{read, read_as};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n small";
const HEAD: &str = "Received: from mx1 by mx2; Tue, 02 Jan 2024 10:00:05 +0000\r\nMessage-ID: <id-1@x.org>\r\n\
    In-Reply-To: <id-0@x.org>\r\nFrom: =?utf-8?q?J=C3=B6rg?= <J@X.org>\r\nDate: Tue, 2 Jan 2024 12:00:00 +0200\r\n\r\n";
/// 2 January 2024, 10:00:00 UTC.
const TEN: i64 = 1_704_189_600;

/// A compound file that is being written.
struct Draft(cfb::CompoundFile<Cursor<Vec<u8>>>);

/// A storage of it, with its properties of fixed length.
struct Bag {
    path: String,
    head: usize,
    rows: Vec<u8>,
}

impl Draft {
    fn new() -> Self {
        Self(cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new())).unwrap())
    }

    fn bag(&mut self, path: &str, head: usize) -> Bag {
        if !path.is_empty() {
            self.0.create_storage(path).unwrap();
            self.0.set_created_time(path, SystemTime::UNIX_EPOCH).unwrap();
            self.0.set_modified_time(path, SystemTime::UNIX_EPOCH).unwrap();
        }
        Bag { path: path.to_owned(), head, rows: Vec::new() }
    }

    fn put(&mut self, bag: &Bag, id: u16, kind: u16, bytes: &[u8]) {
        let path = format!("{}/__substg1.0_{id:04X}{kind:04X}", bag.path);
        self.0.create_stream(path).unwrap().write_all(bytes).unwrap();
    }

    fn text(&mut self, bag: &Bag, id: u16, text: &str) {
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        self.put(bag, id, 0x001F, &wide);
    }

    fn end(&mut self, bag: Bag) {
        let mut rows = vec![0; bag.head];
        rows.extend(&bag.rows);
        self.0
            .create_stream(format!("{}/__properties_version1.0", bag.path))
            .unwrap()
            .write_all(&rows)
            .unwrap();
    }

    fn file(&mut self, path: &str, names: &[(u16, &str)], data: &[u8]) {
        let mut bag = self.bag(path, 8);
        names.iter().for_each(|(id, name)| self.text(&bag, *id, name));
        self.put(&bag, 0x3701, 0x0102, data);
        bag.number(0x3705, 1);
        self.end(bag);
    }

    fn bytes(mut self) -> Vec<u8> {
        self.0.flush().unwrap();
        self.0.into_inner().into_inner()
    }
}

impl Bag {
    fn row(&mut self, kind: u16, id: u16, value: [u8; 8]) {
        self.rows.extend(
            kind.to_le_bytes().into_iter().chain(id.to_le_bytes()).chain(6u32.to_le_bytes()).chain(value),
        );
    }
    fn number(&mut self, id: u16, number: u32) {
        self.row(3, id, u64::from(number).to_le_bytes());
    }
    fn time(&mut self, id: u16, seconds: i64) {
        self.row(0x40, id, ((seconds + 11_644_473_600) * 10_000_000).to_le_bytes());
    }
}

/// A message with files, a link, and a message within that has a file of its own.
fn full() -> Vec<u8> {
    let mut draft = Draft::new();
    let mut root = draft.bag("", 32);
    draft.text(&root, 0x0037, "grüße");
    draft.text(&root, 0x007D, HEAD);
    draft.text(&root, 0x1000, "one\r\ntwo\r\n");
    draft.text(&root, 0x0042, "not asked");
    root.time(0x0039, TEN);
    root.time(0x0E06, TEN + 9);
    draft.end(root);
    draft.file("/__attach_version1.0_#00000000", &[(0x3704, "PAGE~1.PNG"), (0x3707, "../../page.png")], PNG);
    draft.file("/__attach_version1.0_#00000001", &[(0x3704, "large.bin")], &[7; 10_000]);
    let mut outer = draft.bag("/__attach_version1.0_#00000002", 8);
    outer.number(0x3705, 5);
    let within = "/__attach_version1.0_#00000002/__substg1.0_3701000D";
    let mut inner = draft.bag(within, 24);
    draft.text(&inner, 0x0037, "the first");
    draft.text(&inner, 0x1035, "<id-9@y.org>");
    draft.text(&inner, 0x0C1F, "c@y.org");
    draft.text(&inner, 0x0C1A, "Carl");
    draft.put(&inner, 0x1013, 0x0102, b"<html><body><p>body of <b>the first</b></p></body></html>");
    inner.time(0x0039, TEN - 90_000);
    draft.end(inner);
    draft.file(&format!("{within}/__attach_version1.0_#00000000"), &[(0x3707, "old.png")], PNG);
    draft.end(outer);
    let mut link = draft.bag("/__attach_version1.0_#00000003", 8);
    draft.text(&link, 0x3707, "elsewhere.docx");
    link.number(0x3705, 2);
    draft.end(link);
    draft.bytes()
}

#[test]
fn a_message_with_all_that_it_carries() {
    let bytes = full();
    let (format, got) = read(&bytes, "inbox/mail.msg");
    assert_eq!(format, "mail-msg");
    assert_eq!(got.native_ids(), ["id-1@x.org", "id-9@y.org"]);
    let (outer, inner) = (&got.records[0].post, &got.records[1].post);
    assert_eq!(
        (outer.text.as_str(), inner.text.as_str()),
        ("grüße\none\ntwo", "the first\nbody of the first")
    );
    let author = |post: &model::Post| post.author.clone().map(|a| (a.native_id, a.name)).unwrap();
    assert_eq!(author(outer), ("j@x.org".to_owned(), "Jörg".to_owned()));
    assert_eq!(author(inner), ("c@y.org".to_owned(), "Carl".to_owned()));
    let times: Vec<_> = outer.posted.iter().map(|w| (w.clock, w.interval.earliest.to_string())).collect();
    assert_eq!(
        times,
        [
            (Clock::Software, "2024-01-02T10:00:00Z".to_owned()),
            (Clock::Platform, "2024-01-02T10:00:05Z".to_owned())
        ]
    );
    assert_eq!(inner.posted[0].interval.earliest.to_string(), "2024-01-01T09:00:00Z");
    assert_eq!(outer.reply_to.as_ref().unwrap().native_id, "id-0@x.org");
    let forwarded = outer.forwarded.as_ref().unwrap();
    assert_eq!(
        (forwarded.native_id.as_deref(), forwarded.from_id.as_deref()),
        (Some("id-9@y.org"), Some("c@y.org"))
    );
    assert!(inner.forwarded.is_none());
    let withheld: Vec<_> = outer.attached.iter().map(|f| f.withheld).collect();
    assert_eq!(withheld, [None, None, Some(AttachmentState::NotIncluded)]);
    let held = unpacked(&bytes, "mail.msg").0;
    let declared = got.records.iter().flat_map(|r| &r.post.attached).filter(|f| f.withheld.is_none());
    assert_eq!(held.keys().collect::<Vec<_>>(), {
        let mut names: Vec<_> = declared.map(|f| &f.reference).collect();
        names.sort();
        names
    });
    assert_eq!(held["1-.._.._page.png"], PNG);
    assert_eq!(held["2-large.bin"], [7; 10_000]);
    assert_eq!(held["3-message/1-old.png"], PNG);
    assert_eq!(got.troubles.len(), 1, "only the link: {:?}", got.troubles);
    assert!(got.listings[0].export.complete && got.listings[0].export.read == 2);
}

#[test]
fn the_same_mail_as_eml_and_msg_is_one_post() {
    let eml = format!("{HEAD}text\r\n");
    let (_, eml) = read(eml.as_bytes(), "inbox/mail.eml");
    let (_, msg) = read(&full(), "inbox/mail.msg");
    assert_eq!(eml.records[0].post.id, msg.records[0].post.id);
}

#[test]
fn a_message_without_a_head_is_told_by_its_properties() {
    let mut draft = Draft::new();
    let mut root = draft.bag("", 32);
    // "Привет" in the code page 1251.
    draft.put(&root, 0x0037, 0x001E, b"\xCF\xF0\xE8\xE2\xE5\xF2\0");
    root.number(0x3FFD, 1251);
    draft.text(&root, 0x0C1F, "/O=ORG/CN=RECIPIENTS/CN=ANN");
    draft.text(&root, 0x0C1A, "Ann Lee");
    draft.put(&root, 0x1009, 0x0102, b"packed");
    root.time(0x0E06, TEN);
    draft.end(root);
    let bytes = draft.bytes();
    let (_, got) = read(&bytes, "x/y.msg");
    let post = &got.records[0].post;
    assert_eq!(post.text.trim(), "Привет");
    assert_eq!(post.author.as_ref().unwrap().native_id, "ann lee");
    assert!(post.native_id.starts_with('~'));
    assert_eq!((post.posted.len(), post.posted[0].clock), (1, Clock::Platform));
    assert_eq!(got.codes(Code::NotRead), 1, "{:?}", got.troubles);
}

#[test]
fn a_head_that_differs_from_the_properties_is_told() {
    let mut draft = Draft::new();
    let mut root = draft.bag("", 32);
    draft.text(&root, 0x007D, HEAD);
    root.time(0x0039, TEN - 3600);
    draft.end(root);
    let (_, got) = read(&draft.bytes(), "x/y.msg");
    assert_eq!(got.codes(Code::ClocksDisagree), 1, "{:?}", got.troubles);
}

#[test]
fn cut_anywhere_it_says_so_and_keeps_what_is_whole() {
    let bytes = full();
    let mut kept = 0;
    for cut in (8..bytes.len()).step_by(61) {
        let got = read_as("mail-msg", &bytes[..cut], "x/y.msg");
        let told = got.codes(Code::ExportTruncated) == 1 && got.listings.iter().all(|l| !l.export.complete);
        // The last sector may be of no stream.
        assert!(told || cut + 512 >= bytes.len(), "cut at {cut} of {}: {:?}", bytes.len(), got.troubles);
        kept += usize::from(got.native_ids().first() == Some(&"id-1@x.org"));
        let _ = unpacked(&bytes[..cut], "y.msg");
    }
    assert!(kept > 20, "{kept}");
}

/// The large file is the last thing written; its bytes are not looked at where posts are read.
#[test]
fn a_cut_in_a_files_bytes_is_told() {
    let mut draft = Draft::new();
    let mut root = draft.bag("", 32);
    draft.text(&root, 0x007D, HEAD);
    root.time(0x0039, TEN);
    draft.end(root);
    let path = "/__attach_version1.0_#00000000";
    let mut bag = draft.bag(path, 8);
    draft.text(&bag, 0x3707, "large.bin");
    bag.number(0x3705, 1);
    draft.end(bag);
    draft.put(&Bag { path: path.to_owned(), head: 8, rows: Vec::new() }, 0x3701, 0x0102, &[7; 40_000]);
    let bytes = draft.bytes();
    let got = read_as("mail-msg", &bytes[..bytes.len() - 20_000], "x/y.msg");
    assert_eq!((got.native_ids(), got.codes(Code::ExportTruncated)), (vec!["id-1@x.org"], 1));
}

#[test]
fn chains_that_turn_back_end() {
    let bytes = full();
    for value in [0u32, 1, 2, 7, 0x7FFF_FFFF, u32::MAX - 1] {
        for at in (0..bytes.len().min(8192)).step_by(4) {
            let mut broken = bytes.clone();
            broken[at..at + 4].copy_from_slice(&value.to_le_bytes());
            let _ = read_as("mail-msg", &broken, "x/y.msg");
        }
    }
}

#[test]
fn the_file_of_the_corpus_is_the_one_written_here() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/mail-outlook.msg");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, full()).unwrap();
    }
    assert!(std::fs::read(path).unwrap() == full());
}
