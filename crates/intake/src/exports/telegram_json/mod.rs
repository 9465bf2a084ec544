//! Telegram, as Telegram Desktop writes it in JSON: one chat, or a whole account (`chats.list`, `left_chats.list`).
//!
//! Source of truth: `Telegram/SourceFiles/export/output/export_output_json.cpp` of github.com/telegramdesktop/tdesktop;
//! its issues 24961, 24984 and 27571 for the ways in which what it writes is not JSON.

mod message;

use std::collections::BTreeMap;
use std::io::{self, SeekFrom};

use model::{Channel, Code, Span};

use self::message::Message;
use super::lenient::Word;
use super::reading::{Header, Reading};
use super::{Abilities, Context, Format, Opening, Sink, Tell};
use crate::Input;
use crate::json::{Choice, Outcome, Step, Visitor, mend, walk};

/// More chats than this in one file are passed over.
const MOST_CHATS: usize = 100_000;

/// The format.
pub(super) struct TelegramJson;

impl Format for TelegramJson {
    fn name(&self) -> &'static str {
        "telegram-json"
    }
    fn title(&self) -> &'static str {
        "Telegram (Telegram Desktop, JSON)"
    }
    fn tells(&self) -> &'static str {
        "ids within a chat, authors, times to the second, replies, who a forward is from, files; not: which post was forwarded, deleted posts, the zone in old versions"
    }
    fn abilities(&self) -> Abilities {
        use Tell::{No, Partly, Yes};
        Abilities::of([Yes, Yes, Partly, Yes, Partly, Yes, No, Yes])
    }
    fn recognise(&self, file: &Opening) -> bool {
        const OWN: [&str; 4] = ["date_unixtime", "text_entities", "from_id", "actor_id"];
        let shape = file.shape();
        let lists = ["messages/*", "chats/list/*/messages/*", "left_chats/list/*/messages/*"];
        let message = lists.iter().any(|list| {
            shape.has(&format!("{list}/id")) && OWN.iter().any(|key| shape.has(&format!("{list}/{key}")))
        });
        let chat = ["name", "type", "id", "messages"].iter().all(|key| shape.has(key));
        let account = shape.has_any(&["chats/list", "left_chats/list"])
            || (shape.has("about") && shape.has_any(&["personal_information", "profile_pictures"]));
        message || account || (chat && !shape.has("guild"))
    }
    fn read(&self, input: &mut dyn Input, context: &Context, out: &mut dyn Sink) -> io::Result<()> {
        let mut heads = Heads::default();
        walk(&mut &mut *input, &mut heads)?;
        input.seek(SeekFrom::Start(0))?;
        let reading = Reading::new(self.name(), context, out);
        let mut body = Body { reading, heads: heads.chats, open: None };
        let outcome = walk(&mut &mut *input, &mut body)?;
        let whole = outcome == Outcome::Whole;
        if let Some(open) = body.open.take() {
            body.reading.listing(open.header, whole)?;
        }
        for (_, head) in std::mem::take(&mut body.heads) {
            if head.id.is_some() {
                body.reading.listing(head.header(), whole)?; // a chat without messages
            }
        }
        body.reading.finish(outcome)
    }
}

/// Which chat a path lies in (None for the root), and the path within it.
fn chat_of(path: &[Step]) -> Option<(Place, &[Step])> {
    match path {
        [all, list, Step::Index(n), rest @ ..] if list.is("list") && all.is("chats") => {
            Some((Some((0, *n)), rest))
        }
        [all, list, Step::Index(n), rest @ ..] if list.is("list") && all.is("left_chats") => {
            Some((Some((1, *n)), rest))
        }
        [first, ..] if first.is("chats") || first.is("left_chats") => None,
        _ => Some((None, path)),
    }
}

type Place = Option<(u8, u64)>;

#[derive(Clone, Debug, Default)]
struct Head {
    id: Option<String>,
    name: Option<String>,
    kind: Option<String>,
}

impl Head {
    /// A chat without a name is called by its kind.
    fn header(self) -> Header {
        let Head { id, name, kind } = self;
        let name = name.or_else(|| kind.clone()).unwrap_or_else(|| "?".to_owned());
        let native_id = id.unwrap_or_else(|| format!("?{name}"));
        Header { platform: "telegram", native_id, name, kind, ..Header::default() }
    }
}

/// The first pass: what each chat is called, which as a rule stands before its messages.
#[derive(Default)]
struct Heads {
    chats: BTreeMap<Place, Head>,
}

impl Heads {
    /// Whether the file is one chat, and all of its header is known.
    fn enough(&self) -> bool {
        let root = self.chats.get(&None);
        root.is_some_and(|head| head.id.is_some() && head.kind.is_some() && head.name.is_some())
    }
}

impl Visitor for Heads {
    fn choose(&mut self, path: &[Step], first: u8) -> Choice {
        match chat_of(path) {
            None | Some((_, [])) => Choice::Enter,
            Some((None, [key])) if key.is("messages") && self.enough() => Choice::Stop,
            Some((_, [key])) if key.is("id") || key.is("name") || key.is("type") => {
                if matches!(first, b'{' | b'[') { Choice::Skip } else { Choice::Take }
            }
            _ => Choice::Skip,
        }
    }
    fn value(&mut self, path: &[Step], bytes: &[u8], _span: Span) -> io::Result<bool> {
        let Some((place, [key])) = chat_of(path) else { return Ok(false) };
        if self.chats.len() >= MOST_CHATS && !self.chats.contains_key(&place) {
            return Ok(true);
        }
        let mended = mend(bytes);
        let Ok(word) = serde_json::from_slice::<Word>(mended.as_deref().unwrap_or(bytes)) else {
            return Ok(false);
        };
        let head = self.chats.entry(place).or_default();
        match key {
            key if key.is("id") => head.id = word.owned(),
            key if key.is("name") => head.name = word.owned(),
            _ => head.kind = word.owned(),
        }
        Ok(true)
    }
    fn damage(&mut self, _span: Span, _why: &str) -> io::Result<()> {
        Ok(()) // told by the second pass
    }
}

/// The chat whose messages are being read.
struct Open {
    place: Place,
    header: Header,
}

/// The second pass: the messages.
struct Body<'a> {
    reading: Reading<'a>,
    heads: BTreeMap<Place, Head>,
    open: Option<Open>,
}

impl Body<'_> {
    /// Opens the chat at `place`, listing the one before.
    fn turn_to(&mut self, place: Place) -> io::Result<()> {
        if self.open.as_ref().is_some_and(|open| open.place == place) {
            return Ok(());
        }
        if let Some(done) = self.open.take() {
            self.reading.listing(done.header, true)?;
        }
        let head = self.heads.remove(&place).unwrap_or_default();
        if head.id.is_none() {
            self.reading.trouble(Code::JsonDamaged, || "a chat without an id".to_owned())?;
        }
        self.open = Some(Open { place, header: head.header() });
        Ok(())
    }
}

impl Visitor for Body<'_> {
    fn choose(&mut self, path: &[Step], _first: u8) -> Choice {
        match chat_of(path) {
            None | Some((_, [])) => Choice::Enter,
            Some((place, [key])) if key.is("messages") => {
                let known = self.heads.contains_key(&place) || place.is_none();
                if known { Choice::Enter } else { Choice::Skip }
            }
            Some((_, [key, _])) if key.is("messages") => Choice::Take,
            _ => Choice::Skip,
        }
    }
    fn value(&mut self, path: &[Step], bytes: &[u8], span: Span) -> io::Result<bool> {
        let Some((place, _)) = chat_of(path) else { return Ok(false) };
        let mut spare = Vec::new();
        let Some(message) = self.reading.parse::<Message>(bytes, &mut spare) else { return Ok(false) };
        self.turn_to(place)?;
        let Some(open) = &mut self.open else { return Ok(false) };
        let channel = Channel::id_of("telegram", &open.header.native_id);
        let Some((post, floating)) = message.post(channel, &open.header.native_id) else { return Ok(false) };
        open.header.read += 1;
        if let Some(offset) = message.offset() {
            let (least, most) = open.header.offsets.unwrap_or(offset);
            open.header.offsets = Some((least.min(offset.0), most.max(offset.1)));
        }
        if post.posted.is_empty() && !message.is_unsupported() {
            self.reading.trouble(Code::TimeUnknown, || format!("post {}", post.native_id))?;
        }
        self.reading.record(post, span, floating)?;
        Ok(true)
    }
    fn beginnings(&self, path: &[Step]) -> &'static [[&'static str; 2]] {
        if matches!(chat_of(path), Some((_, [key, _])) if key.is("messages")) {
            &[["id", "type"]]
        } else {
            &[]
        }
    }
    fn damage(&mut self, span: Span, why: &str) -> io::Result<()> {
        self.reading.damage(span, why)
    }
}
