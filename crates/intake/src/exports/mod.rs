//! One folder a format. A format recognises its files by what they hold, never by their names, and hands on one record
//! for each post and one listing for each channel.

mod abilities;
mod csv;
mod discord;
mod discord_csv;
mod discord_html;
mod discord_json;
mod discord_package;
mod discord_text;
mod documents;
mod each;
mod html;
mod imageboard;
mod lenient;
mod lines;
pub(crate) mod mail;
mod markup;
mod mastodon;
mod matrix;
mod meta;
mod reading;
mod reddit;
mod shape;
mod signal;
mod slack;
mod telegram_html;
mod telegram_json;
mod wacz;
pub(crate) mod warc;
mod whatsapp;
mod x;

use std::cell::OnceCell;
use std::io;

use model::{Digest, ItemId, Kind, Listing, Record, Trouble};

pub use self::abilities::{Abilities, Tell};
pub(crate) use self::reading::basename;
use self::shape::Shape;
use crate::Input;

/// A kind of export.
pub trait Format: Sync {
    /// Its short name, as kept in the case: "discord-json".
    fn name(&self) -> &'static str;
    /// Its name for people.
    fn title(&self) -> &'static str;
    /// What it can and cannot tell, in one line.
    fn tells(&self) -> &'static str;
    /// The same, one by one.
    fn abilities(&self) -> Abilities;
    /// Whether a file that begins so is of this kind.
    fn recognise(&self, file: &Opening) -> bool;
    /// Reads the whole file. Posts that cannot be read are troubles; errors are those of `input` and `out`.
    fn read(&self, input: &mut dyn Input, context: &Context, out: &mut dyn Sink) -> io::Result<()>;
    /// Whether files beside the one that is read tell more: names of channels and people, digests.
    fn consults(&self) -> bool {
        false
    }
    /// Reads the whole file, and looks into those beside it.
    fn read_beside(
        &self,
        input: &mut dyn Input,
        context: &Context,
        _beside: &dyn Beside,
        out: &mut dyn Sink,
    ) -> io::Result<()> {
        self.read(input, context, out)
    }
}

/// The file that is read.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Its id.
    pub item: ItemId,
    /// Its path.
    pub path: &'a str,
}

/// The files beside the one that is read: below the folder that was added, or in the same archive.
pub trait Beside {
    /// The SHA-256 of the file at `path`, if there is one.
    fn digest(&self, path: &str) -> Option<Digest>;
    /// The first `most` bytes of the file at `path`, if there is one.
    fn bytes(&self, path: &str, most: usize) -> Option<Vec<u8>>;
}

/// Nothing beside it.
pub(crate) struct Alone;

impl Beside for Alone {
    fn digest(&self, _path: &str) -> Option<Digest> {
        None
    }
    fn bytes(&self, _path: &str, _most: usize) -> Option<Vec<u8>> {
        None
    }
}

/// How a file begins.
pub struct Opening<'a> {
    /// Its first bytes, up to 64 KiB.
    pub bytes: &'a [u8],
    /// Where it lies.
    pub path: &'a str,
    /// What it is.
    pub kind: Kind,
    shape: OnceCell<Shape>,
}

impl<'a> Opening<'a> {
    /// The head of a file that begins with `bytes` and lies at `path`.
    pub fn of(bytes: &'a [u8], path: &'a str) -> Self {
        Self { bytes, path, kind: crate::sniff(bytes), shape: OnceCell::new() }
    }

    /// The keys of a JSON file; none of any other.
    pub(crate) fn shape(&self) -> &Shape {
        let bytes = if self.kind == Kind::Json { self.bytes } else { &[] };
        self.shape.get_or_init(|| Shape::of(bytes))
    }

    /// The first lines of a text, without a byte order mark.
    pub(crate) fn lines(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let bytes = self.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(self.bytes);
        bytes
            .split(|b| *b == b'\n')
            .map(|line| std::str::from_utf8(line).unwrap_or_default().trim_end_matches('\r'))
    }

    /// Whether it holds these bytes.
    pub(crate) fn has(&self, needle: &str) -> bool {
        memchr::memmem::find(self.bytes, needle.as_bytes()).is_some()
    }
}

/// Takes what a format reads.
pub trait Sink {
    /// What the file says of a channel: once for each channel, after its records.
    fn listing(&mut self, listing: Listing) -> io::Result<()>;
    /// A post as the file has it, in the order of the file.
    fn record(&mut self, record: Record) -> io::Result<()>;
    /// What could not be read, or is worth knowing.
    fn trouble(&mut self, trouble: Trouble) -> io::Result<()>;
}

/// Every format there is, in the order in which they are asked: the more particular before the more general.
pub fn formats() -> &'static [&'static dyn Format] {
    &[
        &discord_json::DiscordJson,
        &discord_html::DiscordHtml,
        &discord_csv::DiscordCsv,
        &discord_text::DiscordText,
        &discord_package::DiscordPackage,
        &telegram_json::TelegramJson,
        &telegram_html::TelegramHtml,
        &slack::Slack,
        &matrix::Matrix,
        &meta::Meta,
        &mastodon::Mastodon,
        &x::X,
        &reddit::Reddit,
        &imageboard::Imageboard,
        &whatsapp::WhatsApp,
        &signal::Signal,
        &wacz::Wacz,
        &warc::Warc,
        &mail::Mail,
        &mail::Msg,
    ]
}

/// The format of a file that begins with `head` and lies at `path`.
pub fn recognise(head: &[u8], path: &str) -> Option<&'static dyn Format> {
    let head = Opening::of(head, path);
    formats().iter().copied().find(|format| format.recognise(&head))
}
