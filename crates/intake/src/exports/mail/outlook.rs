//! A message as Outlook keeps it, property by property.

use std::collections::BTreeMap;

use jiff::Timestamp;
use mail_parser::decoders::charsets::map::charset_decoder;
use mail_parser::decoders::html::html_to_text;
use model::{Clock, When, Zone};

use super::ole::{Ole, half, word};
use crate::clock;

/// Messages within messages are followed so deep.
const DEPTH: usize = 8;
const MOST_FILES: usize = 4096;
/// Where the properties of fixed length begin: in the outermost message, one within another, an attachment.
const HEADS: [usize; 3] = [32, 24, 8];

/// A message.
#[derive(Default)]
pub(super) struct Letter {
    /// The folder of its files among the items of the whole; ends in `/` where it is none of its own.
    pub folder: String,
    /// The head that came over the wire.
    pub head: Vec<u8>,
    pub id: Option<String>,
    pub answers: Option<String>,
    /// Address and name of who is said to have sent it.
    pub address: Option<String>,
    pub name: Option<String>,
    pub sent: Option<When>,
    pub delivered: Option<When>,
    pub subject: Option<String>,
    pub body: Option<String>,
    /// Its text is there in a form that is not read.
    pub rich_only: bool,
    pub files: Vec<File>,
    /// Of the letters, the first that lies in this one.
    pub inner: Option<usize>,
    /// Some of its words are cut.
    pub cut: bool,
}

/// A file that it carries.
pub(super) struct File {
    pub number: usize,
    pub name: String,
    pub lies: Lies,
}

/// Where its bytes are.
pub(super) enum Lies {
    /// In this stream, so many of them.
    Here(usize, u64),
    /// It is an object of another program, or a link.
    Elsewhere,
}

/// Every message of a file, the outermost first.
pub(super) fn letters(file: &Ole) -> Vec<Letter> {
    let mut all = Vec::new();
    letter(file, 0, 0, String::new(), &mut all);
    all
}

fn letter(file: &Ole, storage: usize, depth: usize, folder: String, all: &mut Vec<Letter>) {
    let bag = Bag::of(file, storage, HEADS[usize::from(depth > 0)]);
    if !bag.is_any() {
        return;
    }
    let place = all.len();
    all.push(bag.letter(folder.clone()));
    let mut files = Vec::new();
    let attached =
        |n: &usize| file.entry(*n).is_some_and(|e| e.is_storage() && is(&e.name, "__attach_version1.0_"));
    for (number, storage) in bag.within.iter().copied().filter(attached).take(MOST_FILES).enumerate() {
        let own = Bag::of(file, storage, HEADS[2]);
        let data = own.stream(0x3701, 0x0102);
        let object = own.stream(0x3701, 0x000D);
        if let Some(object) = object.filter(|_| own.number(0x3705) == Some(5) && all.len() < MOST_FILES) {
            let within = format!("{folder}{}-message/", number + 1);
            let next = all.len();
            if depth < DEPTH {
                letter(file, object, depth + 1, within, all);
            }
            if let Some(outer) = all.get_mut(place).filter(|outer| outer.inner.is_none()) {
                outer.inner = Some(next);
            }
            continue;
        }
        let name = [0x3707, 0x3704, 0x3001].iter().find_map(|id| own.text(*id));
        let size = |n: usize| file.entry(n).map_or(0, |entry| entry.size());
        let lies = data.map_or(Lies::Elsewhere, |n| Lies::Here(n, size(n)));
        files.push(File { number, name: name.unwrap_or_else(|| "part".to_owned()), lies });
    }
    let count = all.len();
    if let Some(outer) = all.get_mut(place) {
        outer.files = files;
        outer.inner = outer.inner.filter(|inner| *inner < count);
    }
}

fn is(name: &str, start: &str) -> bool {
    name.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
}

/// The properties of a storage.
struct Bag<'a> {
    file: &'a Ole<'a>,
    within: Vec<usize>,
    fixed: BTreeMap<u16, [u8; 8]>,
    cut: std::cell::Cell<bool>,
}

impl<'a> Bag<'a> {
    fn of(file: &'a Ole<'a>, storage: usize, head: usize) -> Self {
        let within = file.within(storage);
        let list =
            file.find(&within, "__properties_version1.0").map(|n| file.stream(n).0).unwrap_or_default();
        let rows = list.get(head..).unwrap_or_default().as_chunks::<16>().0;
        let row = |raw: &[u8; 16]| Some((half(raw, 2)?, raw.get(8..)?.try_into().ok()?));
        let fixed = rows.iter().filter_map(row).collect();
        Self { file, within, fixed, cut: std::cell::Cell::new(false) }
    }

    /// Whether this is a message or attachment at all.
    fn is_any(&self) -> bool {
        let known = |n: &usize| self.file.entry(*n).is_some_and(|e| is(&e.name, "__substg1.0_"));
        !self.fixed.is_empty() || self.within.iter().any(known)
    }

    fn letter(&self, folder: String) -> Letter {
        let body = self.text(0x1000).filter(|text| !text.trim().is_empty()).or_else(|| self.html());
        let mail = |id: u16| self.text(id).filter(|text| text.contains('@'));
        let address = [0x5D02, 0x0065, 0x5D01, 0x0C1F].iter().find_map(|id| mail(*id));
        Letter {
            folder,
            head: self.text(0x007D).unwrap_or_default().into_bytes(),
            id: self.text(0x1035).map(|id| bare(&id)).filter(|id| !id.is_empty() && id.len() <= 1000),
            answers: self.text(0x1042).map(|id| bare(&id)).filter(|id| !id.is_empty() && id.len() <= 1000),
            address: address.or_else(|| self.text(0x0065)).or_else(|| self.text(0x0C1F)),
            name: self.text(0x0042).or_else(|| self.text(0x0C1A)),
            sent: self.time(0x0039).map(|when| When { clock: Clock::Software, ..when }),
            delivered: self.time(0x0E06),
            subject: self.text(0x0037).or_else(|| self.text(0x0E1D)),
            rich_only: body.is_none() && self.stream(0x1009, 0x0102).is_some(),
            body,
            cut: self.cut.get(),
            ..Letter::default()
        }
    }

    fn stream(&self, id: u16, kind: u16) -> Option<usize> {
        self.file.find(&self.within, &format!("__substg1.0_{id:04X}{kind:04X}"))
    }

    fn bytes(&self, id: u16, kind: u16) -> Option<Vec<u8>> {
        let (bytes, whole) = self.file.stream(self.stream(id, kind)?);
        self.cut.set(self.cut.get() || !whole);
        Some(bytes)
    }

    /// A text, in UTF-16 or in the message's code page.
    fn text(&self, id: u16) -> Option<String> {
        let text = match self.bytes(id, 0x001F) {
            Some(bytes) => {
                let units: Vec<u16> =
                    bytes.as_chunks::<2>().0.iter().map(|raw| u16::from_le_bytes(*raw)).collect();
                String::from_utf16_lossy(&units)
            }
            None => decoded(&self.bytes(id, 0x001E)?, self.number(0x3FFD)),
        };
        let text = text.trim_end_matches('\0');
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn html(&self) -> Option<String> {
        let page = self.bytes(0x1013, 0x0102).map(|bytes| decoded(&bytes, self.number(0x3FDE)));
        page.or_else(|| self.text(0x1013)).map(|page| html_to_text(&page))
    }

    fn number(&self, id: u16) -> Option<u32> {
        self.fixed.get(&id).and_then(|value| word(value, 0))
    }

    /// A time: units of 100 ns since 1601, in UTC.
    fn time(&self, id: u16) -> Option<When> {
        let ticks = u64::from_le_bytes(*self.fixed.get(&id)?);
        let seconds = i64::try_from(ticks / 10_000_000).ok()?.checked_sub(11_644_473_600)?;
        let start = Timestamp::from_second(seconds).ok().filter(|_| seconds > 0)?;
        let interval = clock::interval(start, 1_000_000_000)?;
        Some(When { verbatim: ticks.to_string(), interval, clock: Clock::Platform, zone: Zone::Utc })
    }
}

/// An id without its angle brackets.
fn bare(id: &str) -> String {
    id.trim().trim_start_matches('<').trim_end_matches('>').to_owned()
}

/// Text in a Windows code page; 1252 where none is named.
fn decoded(bytes: &[u8], page: Option<u32>) -> String {
    let name = match page.unwrap_or(1252) {
        65001 | 20127 => return String::from_utf8_lossy(bytes).into_owned(),
        page @ (874 | 1250..=1258) => format!("windows-{page}"),
        page @ 28591..=28605 => format!("iso-8859-{}", page - 28590),
        932 => "shift_jis".to_owned(),
        936 => "gbk".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        20866 => "koi8-r".to_owned(),
        21866 => "koi8-u".to_owned(),
        50220..=50222 => "iso-2022-jp".to_owned(),
        51932 => "euc-jp".to_owned(),
        54936 => "gb18030".to_owned(),
        _ => "windows-1252".to_owned(),
    };
    match charset_decoder(name.as_bytes()) {
        Some(decoder) => decoder(bytes),
        None => String::from_utf8_lossy(bytes).into_owned(),
    }
}
