//! Messenger and Instagram, as "Download your information" gives a conversation in JSON (`message_1.json` and so on).
//!
//! Source of truth: the files themselves; Meta publishes no description. Newest first; times in milliseconds; people
//! have names and no ids, posts have no ids. Texts are UTF-8 that was taken for Latin-1 and escaped so: they are turned
//! back where that is possible. Addresses of files count from the root of the download.

use std::io;

use model::{Author, ChannelId, Declared, Post};
use serde::Deserialize;

use super::each::{each, peek};
use super::lenient::{List, Maybe, Word};
use super::reading::{Header, Reading, Unnamed, bare_post, basename, declared, folder};
use super::{Abilities, Context, Format, Opening, Sink, Tell};
use crate::json::{Choice, Outcome, Step};
use crate::{Input, clock};

/// The format.
pub(super) struct Meta;

impl Format for Meta {
    fn name(&self) -> &'static str {
        "meta"
    }
    fn title(&self) -> &'static str {
        "Messenger and Instagram (download your information, JSON)"
    }
    fn tells(&self) -> &'static str {
        "names, times to the millisecond, files, that a post was unsent; not: ids, who people are, replies, forwards, edits"
    }
    fn abilities(&self) -> Abilities {
        use Tell::{No, Partly, Yes};
        Abilities::of([No, No, Yes, No, No, No, Partly, Yes])
    }
    fn recognise(&self, file: &Opening) -> bool {
        let shape = file.shape();
        shape.has("messages/*/sender_name") && shape.has("messages/*/timestamp_ms")
    }
    fn read(&self, input: &mut dyn Input, context: &Context, out: &mut dyn Sink) -> io::Result<()> {
        let mut reading = Reading::new(self.name(), context, out);
        let mut place = Place::default();
        peek(input, &head_only, &mut |path, bytes| place.take(path, bytes))?;
        let mut header = place.header(context.path);
        let (platform, channel) = (header.platform, header.channel());
        let (mut unnamed, mut read) = (Unnamed::default(), 0);
        let known = &[["sender_name", "timestamp_ms"], ["sender_id_INTERNAL", "sender_name"]];
        let outcome = each(input, 0, &mut reading, (&choose, known), &mut |reading, _, bytes, span| {
            let mut spare = Vec::new();
            let Some(message) = reading.parse::<Message>(bytes, &mut spare) else { return Ok(false) };
            let Some(post) = message.post(platform, channel, &mut unnamed) else { return Ok(false) };
            read += 1;
            reading.record(post, span, false)?;
            Ok(true)
        })?;
        header.read = read;
        reading.listing(header, outcome == Outcome::Whole)?;
        reading.finish(outcome)
    }
}

fn head_only(path: &[Step], _first: u8) -> Choice {
    match path {
        [] => Choice::Enter,
        [key] if ["title", "thread_path", "thread_type", "joinable_mode"].iter().any(|name| key.is(name)) => {
            Choice::Take
        }
        _ => Choice::Skip,
    }
}

fn choose(path: &[Step], first: u8) -> Choice {
    match path {
        [] => Choice::Enter,
        [key] if key.is("messages") => Choice::Enter,
        [key, Step::Index(_)] if key.is("messages") && first == b'{' => Choice::Take,
        _ => Choice::Skip,
    }
}

#[derive(Default)]
struct Place {
    title: String,
    path: String,
    kind: Option<String>,
}

impl Place {
    fn take(&mut self, path: &[Step], bytes: &[u8]) {
        let Ok(word) = serde_json::from_slice::<Word>(bytes) else { return };
        match path {
            [key] if key.is("title") => self.title = turned_back(word.text()),
            [key] if key.is("thread_path") => word.text().clone_into(&mut self.path),
            [key] if key.is("thread_type") => self.kind = word.owned(),
            _ => {}
        }
    }

    /// Which of the two it is shows in the path alone.
    fn header(self, path: &str) -> Header {
        let lower = path.to_lowercase();
        let platform = if lower.contains("instagram") { "instagram" } else { "messenger" };
        let own = if self.path.is_empty() { folder(path).1 } else { basename(&self.path) };
        let native_id = if own.is_empty() { format!("?{}", self.title) } else { own.to_owned() };
        let name = if self.title.is_empty() { native_id.clone() } else { self.title };
        Header { kind: self.kind, ..Header::new(platform, &native_id, &name) }
    }
}

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(default, borrow)]
    sender_name: Word<'a>,
    #[serde(borrow)]
    timestamp_ms: Word<'a>,
    #[serde(default, borrow)]
    content: Word<'a>,
    #[serde(default, rename = "type", borrow)]
    kind: Word<'a>,
    #[serde(default, borrow)]
    is_unsent: Word<'a>,
    #[serde(default, borrow)]
    photos: List<File<'a>>,
    #[serde(default, borrow)]
    videos: List<File<'a>>,
    #[serde(default, borrow)]
    files: List<File<'a>>,
    #[serde(default, borrow)]
    audio_files: List<File<'a>>,
    #[serde(default, borrow)]
    gifs: List<File<'a>>,
    #[serde(default, borrow)]
    sticker: Maybe<File<'a>>,
    #[serde(default, borrow)]
    share: Maybe<Share<'a>>,
}

#[derive(Deserialize)]
struct File<'a> {
    #[serde(default, borrow)]
    uri: Word<'a>,
}

#[derive(Deserialize)]
struct Share<'a> {
    #[serde(default, borrow)]
    link: Word<'a>,
    #[serde(default, borrow)]
    share_text: Word<'a>,
}

impl Message<'_> {
    fn post(&self, platform: &str, channel: ChannelId, unnamed: &mut Unnamed) -> Option<Post> {
        let posted = clock::unix_ms(self.timestamp_ms.text())?;
        let name = turned_back(self.sender_name.text());
        let mut text = turned_back(self.content.text());
        if let Some(share) = &self.share.0 {
            for part in [&share.share_text, &share.link] {
                let part = turned_back(part.text());
                if !part.is_empty() && !text.contains(&part) {
                    text = if text.is_empty() { part } else { format!("{text}\n{part}") };
                }
            }
        }
        let lists = [&self.photos, &self.videos, &self.files, &self.audio_files, &self.gifs];
        let files: Vec<Declared> =
            lists.iter().flat_map(|list| &list.0).chain(&self.sticker.0).filter_map(File::declared).collect();
        let first = files.first().map(|file| file.reference.as_str()).unwrap_or_default();
        let mut post = bare_post(channel, &unnamed.id(&[&name, self.timestamp_ms.text(), &text, first]));
        post.posted.push(posted);
        post.author = (!name.is_empty()).then(|| Author::new(platform, &name, &name));
        post.deleted = self.is_unsent.yes();
        post.service = match self.kind.text() {
            "" | "Generic" | "Share" => None,
            kind => Some(kind.to_owned()),
        };
        post.text = text;
        post.attached = files;
        Some(post)
    }
}

impl File<'_> {
    fn declared(&self) -> Option<Declared> {
        let uri = self.uri.some()?;
        let name = basename(uri.split('?').next().unwrap_or(uri));
        Some(Declared { also: vec![name.to_owned()], ..declared(name, uri, None) })
    }
}

/// UTF-8 that was taken for Latin-1, as it was meant; anything else as it is.
fn turned_back(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let bytes: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_else(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    #[test]
    fn texts_are_turned_back_where_they_can_be() {
        assert_eq!(super::turned_back("Andr\u{c3}\u{a9} \u{f0}\u{9f}\u{98}\u{80}"), "André 😀");
        assert_eq!(super::turned_back("André"), "André");
        assert_eq!(super::turned_back("ёлка"), "ёлка");
    }
}
