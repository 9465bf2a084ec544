//! Discord, as DiscordChatExporter writes it in JSON.
//!
//! Source of truth: `JsonMessageWriter.cs`, `ExportAssetDownloader.cs` and `ExportRequest.cs` of
//! github.com/Tyrrrz/DiscordChatExporter, every version from 2.18 to 2.47.

mod message;

use std::io::{self, SeekFrom};

use model::{Channel, ChannelId, Code, Span};
use serde::Deserialize;

use self::message::Message;
use super::discord;
use super::lenient::Word;
use super::reading::{Header, Reading};
use super::{Abilities, Context, Format, Opening, Sink, Tell};
use crate::json::{Choice, Step, Visitor, walk};
use crate::{Input, clock};

/// The format.
pub(super) struct DiscordJson;

impl Format for DiscordJson {
    fn name(&self) -> &'static str {
        "discord-json"
    }
    fn title(&self) -> &'static str {
        "Discord (DiscordChatExporter, JSON)"
    }
    fn tells(&self) -> &'static str {
        "ids, authors, times to the millisecond twice over, replies, forwards (2.47), files; not: deleted posts, earlier edits"
    }
    fn abilities(&self) -> Abilities {
        use Tell::{No, Partly, Yes};
        Abilities::of([Yes, Yes, Yes, Yes, Partly, Yes, No, Yes])
    }
    fn recognise(&self, file: &Opening) -> bool {
        let shape = file.shape();
        let header = shape.has("guild/id") && shape.has("channel/id");
        header || (shape.has("messages/*/timestampEdited") && shape.has("messages/*/author"))
    }
    fn read(&self, input: &mut dyn Input, context: &Context, out: &mut dyn Sink) -> io::Result<()> {
        let mut head = Head::default();
        walk(&mut &mut *input, &mut head)?;
        input.seek(SeekFrom::Start(0))?;
        let reading = Reading::new(self.name(), context, out);
        let mut header = head.header();
        let nameless = header.native_id.is_empty();
        if nameless {
            (header.native_id, header.name) = discord::from_name(context.path);
        }
        let channel = Channel::id_of("discord", &header.native_id);
        let mut body = Body { reading, channel, header };
        let outcome = walk(&mut &mut *input, &mut body)?;
        let Body { mut reading, header, .. } = body;
        let complete = header.declared.is_some();
        if nameless && header.read > 0 {
            reading.trouble(Code::JsonDamaged, || "the file does not say which channel it is".to_owned())?;
        }
        if !nameless || header.read > 0 {
            reading.listing(header, complete)?;
        }
        reading.finish(outcome)
    }
}

/// The first pass: guild and channel, which as a rule stand at the top.
#[derive(Default)]
struct Head {
    guild: Option<[Option<String>; 3]>,
    channel: Option<[Option<String>; 3]>,
}

#[derive(Deserialize)]
struct Place<'a> {
    #[serde(default, borrow)]
    id: Word<'a>,
    #[serde(default, borrow)]
    name: Word<'a>,
    #[serde(default, rename = "type", borrow)]
    kind: Word<'a>,
}

impl Head {
    fn header(self) -> Header {
        let [guild, space, _] = self.guild.unwrap_or_default();
        let [native_id, name, kind] = self.channel.unwrap_or_default();
        let native_id = native_id.unwrap_or_default();
        let space = if guild.as_deref() == Some("0") { Some("Direct Messages".to_owned()) } else { space };
        let name = name.unwrap_or_else(|| native_id.clone());
        Header { platform: "discord", native_id, name, space, kind, ..Header::default() }
    }
}

impl Visitor for Head {
    fn choose(&mut self, path: &[Step], _first: u8) -> Choice {
        match path {
            [] => Choice::Enter,
            _ if self.guild.is_some() && self.channel.is_some() => Choice::Stop,
            [key] if key.is("guild") || key.is("channel") => Choice::Take,
            _ => Choice::Skip,
        }
    }
    fn value(&mut self, path: &[Step], bytes: &[u8], _span: Span) -> io::Result<bool> {
        let mended = crate::json::mend(bytes);
        let Ok(place) = serde_json::from_slice::<Place>(mended.as_deref().unwrap_or(bytes)) else {
            return Ok(false);
        };
        let place = Some([place.id.owned(), place.name.owned(), place.kind.owned()]);
        match path {
            [key] if key.is("guild") => self.guild = place,
            _ => self.channel = place,
        }
        Ok(true)
    }
    fn damage(&mut self, _span: Span, _why: &str) -> io::Result<()> {
        Ok(()) // told by the second pass
    }
}

/// The second pass: the messages, and what stands after them.
struct Body<'a> {
    reading: Reading<'a>,
    channel: ChannelId,
    header: Header,
}

impl Visitor for Body<'_> {
    fn choose(&mut self, path: &[Step], _first: u8) -> Choice {
        match path {
            [] => Choice::Enter,
            [key] if key.is("messages") => Choice::Enter,
            [key, _] if key.is("messages") => Choice::Take,
            [key] if key.is("exportedAt") || key.is("messageCount") => Choice::Take,
            _ => Choice::Skip,
        }
    }
    fn value(&mut self, path: &[Step], bytes: &[u8], span: Span) -> io::Result<bool> {
        let mut spare = Vec::new();
        if let [key] = path {
            let Some(word) = self.reading.parse::<Word>(bytes, &mut spare) else { return Ok(false) };
            if key.is("messageCount") {
                self.header.declared = word.number();
            } else {
                self.header.exported =
                    clock::iso(word.text()).map(|w| model::When { clock: model::Clock::Software, ..w });
            }
            return Ok(true);
        }
        let Some(message) = self.reading.parse::<Message>(bytes, &mut spare) else { return Ok(false) };
        let Some(post) = message.post(self.channel, &self.header.native_id) else { return Ok(false) };
        match post.posted.as_slice() {
            [] => self.reading.trouble(Code::TimeUnknown, || format!("post {}", post.native_id))?,
            [printed, number] => {
                let apart = clock::apart(&printed.interval, &number.interval);
                if apart > jiff::SignedDuration::from_secs(1) {
                    let printed = &printed.verbatim;
                    self.reading.trouble(Code::ClocksDisagree, || {
                        let by = number.interval.earliest;
                        format!("post {}: printed {printed}, by its number {by}", post.native_id)
                    })?;
                }
            }
            _ => {}
        }
        self.header.read += 1;
        let floating = post.posted.iter().chain(&post.edited).any(|when| when.zone == model::Zone::Unknown);
        self.reading.record(post, span, floating)?;
        Ok(true)
    }
    fn beginnings(&self, path: &[Step]) -> &'static [[&'static str; 2]] {
        if matches!(path, [key, _] if key.is("messages")) { &[["id", "type"]] } else { &[] }
    }
    fn damage(&mut self, span: Span, why: &str) -> io::Result<()> {
        self.reading.damage(span, why)
    }
}
