use std::collections::BTreeMap;
use std::io;

use model::{
    ChannelId, Code, Declared, Digest, Export, ItemId, Listing, Post, Record, RecordId, Span, Trouble, When,
};
use serde::Deserialize;

use super::{Context, Sink};
use crate::json::{Outcome, mend};

/// How many troubles of one kind are told one by one.
const TOLD: u64 = 50;

/// What every format keeps count of while it reads a file.
pub(super) struct Reading<'a> {
    pub context: &'a Context<'a>,
    out: &'a mut dyn Sink,
    format: &'static str,
    told: BTreeMap<Code, u64>,
    mended: u64,
    last: Option<(String, u64)>,
}

/// More channels than this in one file are passed over.
const MOST_CHANNELS: usize = 100_000;

/// What is known of a channel before its posts are counted.
#[derive(Clone, Debug, Default)]
pub(super) struct Header {
    pub platform: &'static str,
    pub native_id: String,
    pub name: String,
    pub space: Option<String>,
    pub kind: Option<String>,
    pub exported: Option<When>,
    pub declared: Option<u64>,
    pub offsets: Option<(i32, i32)>,
    pub read: u64,
}

impl Header {
    pub fn new(platform: &'static str, native_id: &str, name: &str) -> Self {
        Self { platform, native_id: native_id.to_owned(), name: name.to_owned(), ..Self::default() }
    }

    /// The channel's id.
    pub fn channel(&self) -> ChannelId {
        model::Channel::id_of(self.platform, &self.native_id)
    }

    /// Widens the offsets from UTC (seconds east) that were seen.
    pub fn seen_offset(&mut self, offset: i32) {
        let (least, most) = self.offsets.unwrap_or((offset, offset));
        self.offsets = Some((least.min(offset), most.max(offset)));
    }
}

/// The channels of a file that may hold many.
#[derive(Default)]
pub(super) struct Channels(BTreeMap<String, Header>);

impl Channels {
    /// The channel `native_id`, made where it is new; None if there are too many.
    pub fn get(&mut self, native_id: &str, make: impl FnOnce() -> Header) -> Option<&mut Header> {
        if !self.0.contains_key(native_id) {
            if self.0.len() >= MOST_CHANNELS {
                return None;
            }
            self.0.insert(native_id.to_owned(), make());
        }
        self.0.get_mut(native_id)
    }

    /// Whether none was seen.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Hands on what the file says of each.
    pub fn list(self, reading: &mut Reading, complete: bool) -> io::Result<()> {
        self.0.into_values().try_for_each(|header| reading.listing(header, complete))
    }
}

/// Ids for posts that have none: made of what is known of them, and counted where several are alike. So two exports of
/// one channel give one post one id.
#[derive(Default)]
pub(super) struct Unnamed(BTreeMap<[u8; 8], u32>);

impl Unnamed {
    /// The id of the next post of which this much is known.
    pub fn id(&mut self, known: &[&str]) -> String {
        let mut bytes = Vec::new();
        for part in known {
            bytes.extend((part.len() as u64).to_le_bytes());
            bytes.extend(part.as_bytes());
        }
        let digest: [u8; 32] = Digest::of(&bytes).into();
        let mut key = [0; 8];
        key.copy_from_slice(&digest[..8]);
        let number = self.0.entry(key).or_default();
        *number += 1;
        let hex: String = key.iter().map(|b| format!("{b:02x}")).collect();
        if *number == 1 { format!("~{hex}") } else { format!("~{hex}-{number}") }
    }
}

impl<'a> Reading<'a> {
    pub fn new(format: &'static str, context: &'a Context<'a>, out: &'a mut dyn Sink) -> Self {
        Self { context, out, format, told: BTreeMap::new(), mended: 0, last: None }
    }

    /// Tells a trouble; of many of one kind the first ones, and at the end how many more there were.
    pub fn trouble(&mut self, code: Code, detail: impl FnOnce() -> String) -> io::Result<()> {
        let told = self.told.entry(code).or_default();
        *told += 1;
        if *told > TOLD { Ok(()) } else { self.out.trouble(Trouble::new(code, detail())) }
    }

    /// Parses a taken value, mended if need be.
    pub fn parse<'b, T: Deserialize<'b>>(&mut self, bytes: &'b [u8], spare: &'b mut Vec<u8>) -> Option<T> {
        if let Ok(parsed) = serde_json::from_slice(bytes) {
            return Some(parsed);
        }
        *spare = mend(bytes)?;
        let parsed = serde_json::from_slice(spare).ok()?;
        self.mended += 1;
        Some(parsed)
    }

    /// Hands on a post that stands at `span`.
    pub fn record(&mut self, mut post: Post, span: Span, floating: bool) -> io::Result<()> {
        let id = RecordId::of(post.id, self.context.item, span.start);
        post.records = vec![(self.context.item, span)];
        match &mut self.last {
            Some((native_id, end)) => {
                native_id.clone_from(&post.native_id);
                *end = span.start.saturating_add(span.length);
            }
            None => self.last = Some((post.native_id.clone(), span.start.saturating_add(span.length))),
        }
        self.out.record(Record { id, post, floating })
    }

    /// Notes bytes that were passed over.
    pub fn damage(&mut self, span: Span, why: &str) -> io::Result<()> {
        self.trouble(Code::JsonDamaged, || format!("bytes {}+{}: {why}", span.start, span.length))
    }

    /// The same, of a file that is not JSON.
    pub fn damaged(&mut self, span: Span, why: &str) -> io::Result<()> {
        self.trouble(Code::ExportDamaged, || format!("bytes {}+{}: {why}", span.start, span.length))
    }

    /// Hands on what the file says of a channel.
    pub fn listing(&mut self, header: Header, complete: bool) -> io::Result<()> {
        let channel = model::Channel::id_of(header.platform, &header.native_id);
        if let Some(declared) = header.declared.filter(|n| complete && *n != header.read) {
            let Header { name, read, .. } = &header;
            self.trouble(Code::CountDiffers, || format!("{name}: declares {declared} posts, holds {read}"))?;
        }
        let export = Export {
            item: self.context.item,
            format: self.format.to_owned(),
            exported: header.exported,
            declared: header.declared,
            read: header.read,
            complete,
        };
        self.out.listing(Listing {
            id: Listing::id_of(self.context.item, channel),
            channel,
            platform: header.platform.to_owned(),
            native_id: header.native_id,
            name: header.name,
            space: header.space,
            kind: header.kind,
            export,
            offsets: header.offsets,
        })
    }

    /// Tells what is to be told once a file.
    pub fn finish(self, outcome: Outcome) -> io::Result<()> {
        let cut = if let Outcome::Truncated { at } = outcome { Some(at) } else { None };
        self.end(Code::JsonTruncated, cut)
    }

    /// The same, of a file that is not JSON, which ends in the middle at `cut`.
    pub fn finish_text(self, cut: Option<u64>) -> io::Result<()> {
        self.end(Code::ExportTruncated, cut)
    }

    fn end(self, code: Code, cut: Option<u64>) -> io::Result<()> {
        if let Some(at) = cut {
            let last = match &self.last {
                Some((id, end)) => format!("the last whole post is {id}, up to byte {end}"),
                None => "no whole post".to_owned(),
            };
            self.out.trouble(Trouble::new(code, format!("ends at byte {at}; {last}")))?;
        }
        // A package's list of files has no posts of its own.
        if cut.is_none() && self.last.is_none() && self.told.is_empty() && self.format != "wacz" {
            self.out.trouble(Trouble::new(Code::NoPosts, self.format))?;
        }
        if self.mended > 0 {
            let detail = format!("{} values were mended before they were read", self.mended);
            self.out.trouble(Trouble::new(Code::JsonRepaired, detail))?;
        }
        for (code, count) in self.told.into_iter().filter(|(_, count)| *count > TOLD) {
            self.out.trouble(Trouble::new(code, format!("and {} more", count - TOLD)))?;
        }
        Ok(())
    }
}

/// A post with nothing but its names.
pub(super) fn bare_post(channel: ChannelId, native_id: &str) -> Post {
    Post {
        id: Post::id_of(channel, native_id),
        channel,
        native_id: native_id.to_owned(),
        author: None,
        posted: Vec::new(),
        edited: Vec::new(),
        text: String::new(),
        service: None,
        attached: Vec::new(),
        reply_to: None,
        forwarded: None,
        deleted: false,
        records: Vec::<(ItemId, Span)>::new(),
    }
}

/// A file that lies at `reference`, or only has an address.
pub(super) fn declared(name: &str, reference: &str, size: Option<u64>) -> Declared {
    Declared { name: name.to_owned(), reference: reference.to_owned(), size, ..Declared::default() }
}

/// The last part of a path, whichever way its slashes lean.
pub(crate) fn basename(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// The name of a file without its extension.
pub(super) fn stem(path: &str) -> &str {
    let file = basename(path);
    file.rsplit_once('.').map_or(file, |(stem, _)| stem)
}

/// The folder of a path, and the folder's own name.
pub(super) fn folder(path: &str) -> (&str, &str) {
    let (folder, _) = path.rsplit_once(['/', '\\']).unwrap_or(("", path));
    (folder, basename(folder))
}
