//! Telegram, as Telegram Desktop writes it in HTML: `messages.html`, `messages2.html` and so on.
//!
//! Source of truth: `Telegram/SourceFiles/export/output/export_output_html.cpp` of github.com/telegramdesktop/tdesktop.
//! The chat has a name and no id (but in `result.json` beside it, where both were exported), people have names and no ids; a message of the same author as the one before has no
//! name; what was forwarded stands inside of the message with the name and the time of its first author. Messages with
//! negative numbers are dates between messages.

use std::io;

use model::{
    AttachmentState, Author, Channel, ChannelId, Clock, Code, Declared, Forward, Kind, Post, Reply, Span,
};

use super::each::peek;
use super::html::{self, Page, Tag};
use super::lenient::Word;
use super::reading::{Header, Reading, bare_post, basename, declared, folder};
use super::{Abilities, Alone, Beside, Context, Format, Opening, Sink, Tell};
use crate::Input;
use crate::json::{Choice, Step};
use crate::stamp::Stamp;

/// The format.
pub(super) struct TelegramHtml;

const MOST_BESIDE: usize = 64 << 10;

impl Format for TelegramHtml {
    fn name(&self) -> &'static str {
        "telegram-html"
    }
    fn title(&self) -> &'static str {
        "Telegram (Telegram Desktop, HTML)"
    }
    fn tells(&self) -> &'static str {
        "ids within a chat, names, times to the second, replies, who a forward is from and when it was first sent, files; not: the chat's id, authors' ids, edits, deleted posts, the zone in old versions"
    }
    fn abilities(&self) -> Abilities {
        use Tell::{No, Partly, Yes};
        Abilities::of([Yes, No, Partly, Yes, Partly, No, No, Yes])
    }
    fn recognise(&self, file: &Opening) -> bool {
        let page = file.has("page_header") && file.has("class=\"history\"");
        file.kind == Kind::Html && page && file.has("id=\"message")
    }
    fn read(&self, input: &mut dyn Input, context: &Context, out: &mut dyn Sink) -> io::Result<()> {
        self.read_beside(input, context, &Alone, out)
    }
    fn consults(&self) -> bool {
        true
    }
    fn read_beside(
        &self,
        input: &mut dyn Input,
        context: &Context,
        beside: &dyn Beside,
        out: &mut dyn Sink,
    ) -> io::Result<()> {
        let (above, _) = folder(context.path);
        let path = if above.is_empty() { "result.json".to_owned() } else { format!("{above}/result.json") };
        let twin = beside.bytes(&path, MOST_BESIDE).and_then(|bytes| Twin::of(&bytes));
        let mut body = Body {
            twin,
            reading: Reading::new(self.name(), context, out),
            header: Header::new("telegram", "?", ""),
            channel: Channel::id_of("telegram", "?"),
            draft: None,
            author: String::new(),
            words: String::new(),
            floating: false,
        };
        let ended = html::read(input, Role::Outside, &mut body)?;
        let Body { mut reading, header, draft, floating, .. } = body;
        if floating {
            reading.trouble(Code::ZoneUnknown, String::new)?;
        }
        let cut = draft.is_some() || !ended;
        reading.listing(header, !cut)?;
        reading.finish_text(if cut { Some(input.stream_position()?) } else { None })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Outside,
    Header,
    Title,
    Message,
    Notice,
    Name,
    Text,
    Reply,
    Signature,
    Forward,
    ForwardName,
    Media,
    MediaTitle,
    MediaNote,
    Quiet,
}

#[derive(Default)]
struct Draft {
    id: i64,
    start: u64,
    service: bool,
    joined: bool,
    stamp: String,
    name: String,
    text: String,
    reply_to: Option<Reply>,
    forward: Option<(String, String)>,
    files: Vec<Declared>,
    /// Kind and remark of the file that is being read.
    media: (String, String),
}

/// The same chat in JSON, where both were exported into one folder.
struct Twin {
    id: String,
    name: String,
    kind: Option<String>,
}

impl Twin {
    /// Of how it begins.
    fn of(head: &[u8]) -> Option<Self> {
        let (mut id, mut name, mut kind) = (None, None, None);
        let choose = |path: &[Step], _first: u8| match path {
            [] => Choice::Enter,
            [key] if key.is("id") || key.is("name") || key.is("type") => Choice::Take,
            [_] => Choice::Skip,
            _ => Choice::Stop,
        };
        let mut take = |path: &[Step], bytes: &[u8]| {
            let word = serde_json::from_slice::<Word>(bytes).ok().and_then(|word| word.owned());
            match path {
                [key] if key.is("id") => id = word,
                [key] if key.is("name") => name = word,
                _ => kind = word,
            }
        };
        peek(&mut io::Cursor::new(head), &choose, &mut take).ok()?;
        Some(Self { id: id?, name: name?, kind })
    }
}

struct Body<'a> {
    twin: Option<Twin>,
    reading: Reading<'a>,
    header: Header,
    channel: ChannelId,
    draft: Option<Draft>,
    /// Of the message before, for those joined to it.
    author: String,
    /// What the element that is being read says.
    words: String,
    floating: bool,
}

impl Page for Body<'_> {
    type Role = Role;

    fn open(&mut self, tag: &Tag, outer: Role) -> io::Result<Role> {
        if tag.is("message")
            && let Some(id) = tag.get("id").strip_prefix("message")
        {
            let id = id.parse().unwrap_or(-1);
            let (service, joined) = (tag.is("service"), tag.is("joined"));
            self.draft = Some(Draft { id, start: tag.start, service, joined, ..Draft::default() });
            return Ok(Role::Message);
        }
        if outer == Role::Text {
            match tag.name.as_str() {
                "br" => self.words.push('\n'),
                "img" => self.words.push_str(tag.get("alt")),
                _ => {}
            }
            return Ok(Role::Text);
        }
        let role = self.role_of(tag, outer);
        if matches!(
            role,
            Role::Title
                | Role::Notice
                | Role::Name
                | Role::Text
                | Role::Signature
                | Role::ForwardName
                | Role::MediaTitle
                | Role::MediaNote
        ) && role != outer
        {
            self.words.clear();
        }
        Ok(role)
    }

    fn text(&mut self, text: &str, role: Role) -> io::Result<()> {
        if matches!(
            role,
            Role::Title
                | Role::Notice
                | Role::Name
                | Role::Text
                | Role::Signature
                | Role::ForwardName
                | Role::MediaTitle
                | Role::MediaNote
        ) {
            self.words.push_str(text);
        }
        Ok(())
    }

    fn close(&mut self, _name: &str, role: Role, outer: Role, end: u64) -> io::Result<()> {
        if role == outer {
            return Ok(());
        }
        let words = self.words.trim().to_owned();
        if role == Role::Title && self.header.read == 0 && self.draft.is_none() {
            let twin = self.twin.take().filter(|twin| twin.name.trim() == words);
            self.header = match twin {
                Some(twin) => Header { kind: twin.kind, ..Header::new("telegram", &twin.id, &words) },
                None => Header::new("telegram", &format!("?{words}"), &words),
            };
            self.channel = self.header.channel();
            return Ok(());
        }
        let Some(draft) = &mut self.draft else { return Ok(()) };
        match role {
            Role::Message => return self.keep(end),
            Role::Notice | Role::Text if draft.text.is_empty() => draft.text = words,
            Role::Name => draft.name = words,
            Role::ForwardName => {
                if let Some((name, _)) = draft.forward.as_mut().filter(|(name, _)| name.is_empty()) {
                    *name = words;
                }
            }
            Role::MediaTitle => draft.media.0 = words,
            Role::MediaNote => draft.media.1 = words,
            Role::Media => draft.end_of_media(),
            _ => {}
        }
        Ok(())
    }
}

impl Body<'_> {
    fn role_of(&mut self, tag: &Tag, outer: Role) -> Role {
        if tag.is("page_header") {
            return Role::Header;
        }
        if outer == Role::Header && tag.is("text") {
            return Role::Title;
        }
        let Some(draft) = &mut self.draft else { return outer };
        if outer == Role::Quiet {
            return outer;
        }
        let inside = outer == Role::Forward || outer == Role::ForwardName;
        if tag.is("date") {
            let title = tag.get("title").to_owned();
            match &mut draft.forward {
                Some((_, stamp)) if inside => *stamp = title,
                _ => draft.stamp = title,
            }
            Role::Quiet
        } else if draft.service && tag.is("body") {
            Role::Notice
        } else if tag.is("forwarded") {
            draft.forward = Some((String::new(), String::new()));
            Role::Forward
        } else if tag.is("from_name") {
            if inside { Role::ForwardName } else { Role::Name }
        } else if tag.is("text") {
            Role::Text
        } else if tag.is("reply_to") {
            Role::Reply
        } else if tag.is("signature") {
            Role::Signature
        } else if tag.is("userpic") || tag.is("userpic_wrap") || tag.is_like("reaction") {
            Role::Quiet
        } else {
            draft.open(tag, outer)
        }
    }

    fn keep(&mut self, end: u64) -> io::Result<()> {
        let Some(mut draft) = self.draft.take() else { return Ok(()) };
        if draft.id < 0 {
            return Ok(()); // a date between messages
        }
        if draft.joined {
            draft.name.clone_from(&self.author);
        } else if !draft.service {
            self.author.clone_from(&draft.name);
        }
        let span = Span { start: draft.start, length: end.saturating_sub(draft.start) };
        let service = draft.service;
        let zone = Stamp::parse(&draft.stamp).and_then(|stamp| stamp.offset);
        let post = draft.post(self.channel);
        if post.posted.is_empty() && !service {
            self.reading.trouble(Code::TimeUnknown, || format!("post {}", post.native_id))?;
        }
        if let Some(offset) = zone {
            self.header.seen_offset(offset);
        }
        let floating = post.posted.iter().any(|when| when.zone == model::Zone::Unknown);
        self.floating |= floating;
        self.header.read += 1;
        self.reading.record(post, span, floating)
    }
}

impl Draft {
    /// Links to files and to answered messages.
    fn open(&mut self, tag: &Tag, outer: Role) -> Role {
        let link = tag.get("href");
        if outer == Role::Reply && tag.name == "a" && self.reply_to.is_none() {
            self.reply_to = reply(link);
            return outer;
        }
        if tag.name == "a"
            && tag.is_like("photo_wrap")
                | tag.is("video_file_wrap")
                | tag.is("animated_wrap")
                | tag.is("sticker_wrap")
        {
            self.files.extend(file(link));
            return Role::Quiet;
        }
        if tag.is("media") {
            self.media = (String::new(), String::new());
            self.files.extend(if tag.name == "a" { file(link) } else { None });
            return if tag.name == "a" && file(link).is_some() { Role::Quiet } else { Role::Media };
        }
        match outer {
            Role::Media | Role::MediaTitle | Role::MediaNote if tag.is("title") => Role::MediaTitle,
            Role::Media | Role::MediaTitle | Role::MediaNote if tag.is("description") => Role::MediaNote,
            Role::Media | Role::MediaTitle | Role::MediaNote => Role::Media,
            _ => outer,
        }
    }

    /// Where a remark tells why there is no file.
    fn end_of_media(&mut self) {
        let (title, note) = std::mem::take(&mut self.media);
        let why = note.to_lowercase();
        let left_out = ["not included", "exceeds maximum", "unavailable", "not available"]
            .iter()
            .any(|word| why.contains(word));
        if left_out {
            let withheld = Some(AttachmentState::NotIncluded);
            self.files.push(Declared { withheld, ..declared(&title, "", None) });
        }
    }

    fn post(self, channel: ChannelId) -> Post {
        let mut post = bare_post(channel, &self.id.to_string());
        post.posted
            .extend(Stamp::parse(&self.stamp).and_then(|s| day_first(s).when(&self.stamp, Clock::Platform)));
        post.author = (!self.name.is_empty()).then(|| Author::new("telegram", &self.name, &self.name));
        post.text = self.text;
        post.service = self.service.then(|| "service".to_owned());
        post.reply_to = self.reply_to;
        post.attached = self.files;
        post.forwarded = self.forward.map(|(name, stamp)| {
            let posted = Stamp::parse(&stamp).and_then(|s| day_first(s).when(&stamp, Clock::Platform));
            // The date may stand in the name's own element.
            let name = name.lines().next().unwrap_or_default().trim().to_owned();
            Forward { from: Some(name).filter(|name| !name.is_empty()), posted, ..Forward::default() }
        });
        post
    }
}

/// The exporter writes `dd.MM.yyyy` whatever the culture.
fn day_first(stamp: Stamp) -> Stamp {
    stamp.settled(true)
}

/// `#go_to_message12`, or `messages2.html#go_to_message12`.
fn reply(link: &str) -> Option<Reply> {
    let (_, id) = link.split_once("#go_to_message")?;
    let id: i64 = id.parse().ok()?;
    Some(Reply { native_id: id.to_string(), channel: None })
}

fn file(link: &str) -> Option<Declared> {
    let known = !link.is_empty() && !link.starts_with('#') && !link.contains("://");
    known.then(|| Declared { also: vec![basename(link).to_owned()], ..declared(basename(link), link, None) })
}
