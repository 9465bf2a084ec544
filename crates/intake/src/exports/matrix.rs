//! Matrix: what Element exports as JSON (`export.json`), and answers of the client API (`/messages`, `/sync`).
//!
//! Source of truth: the Matrix specification, Client-Server API, "Event format", "Event replacements", "Redactions";
//! `src/utils/exportUtils/JSONExport.ts` of github.com/element-hq/matrix-react-sdk. An edit is an event of its own, and
//! becomes a second record of the post it replaces, so that every version is kept; a redaction likewise. Times are the
//! sender's server's, in milliseconds. Reactions are no posts.

use std::io;

use model::{Author, ChannelId, Code, Declared, Post, Reply};
use serde::Deserialize;

use super::each::{each, peek};
use super::lenient::{Maybe, Word};
use super::reading::{Channels, Header, Reading, bare_post, declared};
use super::{Abilities, Context, Format, Opening, Sink, Tell};
use crate::json::{Choice, Outcome, Step};
use crate::{Input, clock};

/// The format.
pub(super) struct Matrix;

const KNOWN: &[[&str; 2]] =
    &[["type", "room_id"], ["type", "sender"], ["event_id", "type"], ["age", "event_id"]];

impl Format for Matrix {
    fn name(&self) -> &'static str {
        "matrix"
    }
    fn title(&self) -> &'static str {
        "Matrix (Element's JSON export, /messages, /sync)"
    }
    fn tells(&self) -> &'static str {
        "ids, senders, times to the millisecond as the sender's server claims them, replies, threads, every edit, redactions, files by their mxc addresses; not: what was redacted, what is encrypted"
    }
    fn abilities(&self) -> Abilities {
        use Tell::{No, Yes};
        Abilities::of([Yes, Yes, Yes, Yes, No, Yes, Yes, Yes])
    }
    fn recognise(&self, file: &Opening) -> bool {
        let shape = file.shape();
        let lists = ["*", "chunk/*", "messages/*", "rooms/join/*/timeline/events/*"];
        lists.iter().any(|list| {
            shape.has(&format!("{list}/origin_server_ts")) && shape.has(&format!("{list}/sender"))
        }) || shape.has("rooms/join") && shape.has("next_batch")
            || shape.has("exported_by") && shape.has("room_name") && shape.has("messages")
    }
    fn read(&self, input: &mut dyn Input, context: &Context, out: &mut dyn Sink) -> io::Result<()> {
        let mut reading = Reading::new(self.name(), context, out);
        let mut name = None;
        peek(input, &name_only, &mut |_, bytes| {
            name = serde_json::from_slice::<Word>(bytes).ok().and_then(|word| word.owned());
        })?;
        let mut rooms = Channels::default();
        let outcome = each(input, 0, &mut reading, (&choose, KNOWN), &mut |reading, path, bytes, span| {
            let mut spare = Vec::new();
            let Some(event) = reading.parse::<Event>(bytes, &mut spare) else { return Ok(false) };
            let room = event.room_id.some().or(room_of(path)).unwrap_or("?").to_owned();
            let shown = name.clone().unwrap_or_else(|| room.clone());
            let Some(header) = rooms.get(&room, || Header::new("matrix", &room, &shown)) else {
                return Ok(true);
            };
            if event.kind.text() == "m.reaction" {
                return Ok(true);
            }
            let Some(told) = event.told(header.channel()) else { return Ok(false) };
            header.read += u64::from(!told.later);
            if told.post.posted.is_empty() && !told.later {
                reading.trouble(Code::TimeUnknown, || format!("post {}", told.post.native_id))?;
            }
            reading.record(told.post, span, false)?;
            Ok(true)
        })?;
        rooms.list(&mut reading, outcome == Outcome::Whole)?;
        reading.finish(outcome)
    }
}

fn name_only(path: &[Step], first: u8) -> Choice {
    match path {
        [] if first == b'{' => Choice::Enter,
        [] => Choice::Stop,
        [key] if key.is("room_name") => Choice::Take,
        [key] if key.is("messages") || key.is("chunk") => Choice::Stop,
        _ => Choice::Skip,
    }
}

fn choose(path: &[Step], first: u8) -> Choice {
    let object = first == b'{';
    match path {
        [] => Choice::Enter,
        [Step::Index(_)] if object => Choice::Take,
        [list] if list.is("chunk") || list.is("messages") || list.is("rooms") => Choice::Enter,
        [list, Step::Index(_)] if object && (list.is("chunk") || list.is("messages")) => Choice::Take,
        [rooms, join] if rooms.is("rooms") && (join.is("join") || join.is("leave")) => Choice::Enter,
        [rooms, _, _] if rooms.is("rooms") => Choice::Enter,
        [rooms, _, _, timeline] if rooms.is("rooms") && timeline.is("timeline") => Choice::Enter,
        [rooms, _, _, _, events] if rooms.is("rooms") && events.is("events") => Choice::Enter,
        [rooms, _, _, _, _, Step::Index(_)] if rooms.is("rooms") && object => Choice::Take,
        _ => Choice::Skip,
    }
}

/// In `/sync` the room's id is a key above its events.
fn room_of(path: &[Step]) -> Option<&str> {
    match path {
        [rooms, _, Step::Key(room), ..] if rooms.is("rooms") => Some(room),
        _ => None,
    }
}

#[derive(Deserialize)]
struct Event<'a> {
    #[serde(borrow)]
    event_id: Word<'a>,
    #[serde(default, rename = "type", borrow)]
    kind: Word<'a>,
    #[serde(default, borrow)]
    room_id: Word<'a>,
    #[serde(default, borrow)]
    sender: Word<'a>,
    #[serde(default, borrow)]
    origin_server_ts: Word<'a>,
    #[serde(default, borrow)]
    content: Maybe<Content<'a>>,
    #[serde(default, borrow)]
    redacts: Word<'a>,
    #[serde(default, borrow)]
    unsigned: Maybe<Unsigned<'a>>,
}

#[derive(Default, Deserialize)]
struct Content<'a> {
    #[serde(default, borrow)]
    body: Word<'a>,
    #[serde(default, borrow)]
    filename: Word<'a>,
    #[serde(default, borrow)]
    url: Word<'a>,
    #[serde(default, borrow)]
    file: Maybe<Sealed<'a>>,
    #[serde(default, borrow)]
    info: Maybe<Info<'a>>,
    #[serde(default, borrow)]
    redacts: Word<'a>,
    #[serde(default, rename = "m.relates_to", borrow)]
    relates: Maybe<Relates<'a>>,
    #[serde(default, rename = "m.new_content", borrow)]
    new: Maybe<NewContent<'a>>,
}

#[derive(Deserialize)]
struct NewContent<'a> {
    #[serde(default, borrow)]
    body: Word<'a>,
}

#[derive(Deserialize)]
struct Sealed<'a> {
    #[serde(default, borrow)]
    url: Word<'a>,
}

#[derive(Deserialize)]
struct Info<'a> {
    #[serde(default, borrow)]
    size: Word<'a>,
}

#[derive(Deserialize)]
struct Relates<'a> {
    #[serde(default, borrow)]
    rel_type: Word<'a>,
    #[serde(default, borrow)]
    event_id: Word<'a>,
    #[serde(default, rename = "m.in_reply_to", borrow)]
    answers: Maybe<Target<'a>>,
}

#[derive(Deserialize)]
struct Target<'a> {
    #[serde(default, borrow)]
    event_id: Word<'a>,
}

#[derive(Deserialize)]
struct Unsigned<'a> {
    #[serde(default)]
    redacted_because: Maybe<Because>,
    #[serde(default, rename = "m.relations", borrow)]
    relations: Maybe<Relations<'a>>,
}

/// Whatever the redaction says.
#[derive(Deserialize)]
struct Because {}

#[derive(Deserialize)]
struct Relations<'a> {
    #[serde(default, rename = "m.replace", borrow)]
    replace: Maybe<Replaced<'a>>,
}

#[derive(Deserialize)]
struct Replaced<'a> {
    #[serde(default, borrow)]
    origin_server_ts: Word<'a>,
}

/// What an event says of a post.
struct Told {
    post: Post,
    /// Whether it is of a post that another event began.
    later: bool,
}

impl Event<'_> {
    fn told(&self, channel: ChannelId) -> Option<Told> {
        let id = self.event_id.some()?;
        let at = clock::unix_ms(self.origin_server_ts.text());
        let content = self.content.0.as_ref();
        let relates = content.and_then(|content| content.relates.0.as_ref());
        let redacts = self.redacts.some().or(content.and_then(|content| content.redacts.some()));
        if let Some(target) = redacts.filter(|_| self.kind.text() == "m.room.redaction") {
            let post = Post { deleted: true, ..bare_post(channel, target) };
            return Some(Told { post, later: true });
        }
        let replaced = relates.filter(|relates| relates.rel_type.text() == "m.replace");
        let replaced = replaced.and_then(|relates| relates.event_id.some());
        let mut post = bare_post(channel, replaced.unwrap_or(id));
        post.author = self.sender.some().map(|sender| Author::new("matrix", sender, sender));
        if replaced.is_some() {
            post.edited.extend(at);
            let new = content.and_then(|content| content.new.0.as_ref()).map(|new| new.body.text());
            let old = content.map(|content| content.body.text().trim_start().trim_start_matches("* "));
            post.text = new.or(old).unwrap_or_default().to_owned();
            return Some(Told { post, later: true });
        }
        if at.is_none() && self.sender.some().is_none() {
            return None;
        }
        post.posted.extend(at);
        let unsigned = self.unsigned.0.as_ref();
        let edit = unsigned.and_then(|u| u.relations.0.as_ref()).and_then(|r| r.replace.0.as_ref());
        post.edited.extend(edit.and_then(|edit| clock::unix_ms(edit.origin_server_ts.text())));
        post.deleted = unsigned.is_some_and(|u| u.redacted_because.0.is_some());
        let spoken = matches!(self.kind.text(), "m.room.message" | "m.sticker" | "m.poll.start");
        post.service = (!spoken).then(|| self.kind.some().unwrap_or("event").to_owned());
        if let Some(content) = content {
            let answers = relates.and_then(|relates| relates.answers.0.as_ref());
            let answers = answers.and_then(|answers| answers.event_id.some());
            let thread = relates.filter(|r| r.rel_type.text() == "m.thread").and_then(|r| r.event_id.some());
            post.reply_to = answers.or(thread).map(|id| Reply { native_id: id.to_owned(), channel: None });
            post.text = if answers.is_some() { unquoted(content.body.text()) } else { content.body.text() }
                .to_owned();
            post.attached.extend(content.file());
        }
        Some(Told { post, later: false })
    }
}

impl Content<'_> {
    fn file(&self) -> Option<Declared> {
        let sealed = self.file.0.as_ref().and_then(|file| file.url.some());
        let url = self.url.some().or(sealed)?;
        let name = self.filename.some().or(self.body.some()).unwrap_or(url);
        let size = self.info.0.as_ref().and_then(|info| info.size.number());
        let mut file = declared(name, url, size);
        file.also = vec![name.to_owned()];
        Some(file)
    }
}

/// Without the quoted lines that old clients put before an answer.
fn unquoted(body: &str) -> &str {
    let mut rest = body;
    while rest.starts_with("> ") || rest.starts_with(">\n") {
        rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
    }
    if rest.len() == body.len() { body } else { rest.trim_start_matches('\n') }
}
