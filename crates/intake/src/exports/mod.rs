//! One folder a format. A format recognises its files by their keys, never by their names, and hands on one record
//! for each post and one listing for each channel.

mod discord_json;
mod imageboard;
mod lenient;
mod reading;
mod shape;
mod telegram_json;

use std::io;

use model::{ItemId, Listing, Record, Trouble};

pub(crate) use self::reading::basename;
use crate::Input;

/// A kind of export.
pub trait Format: Sync {
    /// Its short name, as kept in the case: "discord-json".
    fn name(&self) -> &'static str;
    /// Its name for people.
    fn title(&self) -> &'static str;
    /// What it can and cannot tell, in one line.
    fn tells(&self) -> &'static str;
    /// Whether a file that begins with `head` (up to 64 KiB) and lies at `path` is of this kind.
    fn recognise(&self, head: &[u8], path: &str) -> bool;
    /// Reads the whole file. Posts that cannot be read are troubles; errors are those of `input` and `out`.
    fn read(&self, input: &mut dyn Input, context: &Context, out: &mut dyn Sink) -> io::Result<()>;
}

/// The file that is read.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Its id.
    pub item: ItemId,
    /// Its path.
    pub path: &'a str,
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

/// Every format there is, in the order in which they are asked.
pub fn formats() -> &'static [&'static dyn Format] {
    &[&discord_json::DiscordJson, &telegram_json::TelegramJson, &imageboard::Imageboard]
}

/// The format of a file that begins with `head` and lies at `path`.
pub fn recognise(head: &[u8], path: &str) -> Option<&'static dyn Format> {
    formats().iter().copied().find(|format| format.recognise(head, path))
}
