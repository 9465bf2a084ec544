//! Discord, as DiscordChatExporter writes it in HTML, pretty or minified.
//!
//! Source of truth: `PreambleTemplate.cshtml`, `MessageGroupTemplate.cshtml` and `PostambleTemplate.cshtml` of
//! github.com/Tyrrrz/DiscordChatExporter, from 2.15 to 2.47. Dates are printed to the minute in the exporter's culture
//! and zone: the message number tells the instant, and with it the zone in which the rest is printed. The zone that the
//! foot names leaves summer time out. No file names its channel: its own name does, or the addresses of attachments.

mod draft;

use std::io::{self, SeekFrom};

use model::{Channel, ChannelId, Code, Kind, Span};

use self::draft::Draft;
use super::html::{self, Page, Tag};
use super::reading::{Header, Reading};
use super::{Abilities, Context, Format, Opening, Sink, Tell, discord};
use crate::Input;
use crate::stamp::Stamp;

/// The format.
pub(super) struct DiscordHtml;

impl Format for DiscordHtml {
    fn name(&self) -> &'static str {
        "discord-html"
    }
    fn title(&self) -> &'static str {
        "Discord (DiscordChatExporter, HTML)"
    }
    fn tells(&self) -> &'static str {
        "ids, authors, times by their ids, replies, forwards with their first time (2.47), files; not: which post was forwarded, deleted posts, earlier edits"
    }
    fn abilities(&self) -> Abilities {
        use Tell::{No, Partly, Yes};
        Abilities::of([Yes, Yes, Yes, Yes, Partly, Yes, No, Yes])
    }
    fn recognise(&self, file: &Opening) -> bool {
        file.kind == Kind::Html && file.has("chatlog__") && (file.has("preamble__") || file.has("info__"))
    }
    fn read(&self, input: &mut dyn Input, context: &Context, out: &mut dyn Sink) -> io::Result<()> {
        let (mut native_id, name) = discord::place(context.path);
        if native_id.starts_with('?') {
            let mut scout = Scout::default();
            html::read(input, (), &mut scout)?;
            input.seek(SeekFrom::Start(0))?;
            native_id = scout.channel().unwrap_or(native_id);
        }
        let header = Header::new("discord", &native_id, &name);
        let mut body = Body {
            channel: Channel::id_of("discord", &native_id),
            reading: Reading::new(self.name(), context, out),
            header,
            places: Vec::new(),
            draft: None,
            author: None,
            group_stamp: String::new(),
            entry: String::new(),
            foot: Foot::default(),
        };
        let ended = html::read(input, Role::Outside, &mut body)?;
        body.finish(ended, input.stream_position()?)
    }
}

/// Looks for the channel that addresses of attachments name.
#[derive(Default)]
struct Scout {
    seen: Option<String>,
    several: bool,
}

impl Scout {
    fn channel(self) -> Option<String> {
        self.seen.filter(|_| !self.several)
    }
}

impl Page for Scout {
    /// Whether it stands in what was forwarded from elsewhere.
    type Role = ();
    fn open(&mut self, tag: &Tag, (): ()) -> io::Result<()> {
        if tag.is("chatlog__attachment-media") || tag.is("chatlog__attachment-thumbnail") {
            let channel = discord::channel_of(tag.get("src"));
            self.several |= self.seen.is_some() && channel.is_some() && channel != self.seen.as_deref();
            self.seen = self.seen.take().or_else(|| channel.map(str::to_owned));
        }
        Ok(())
    }
    fn text(&mut self, _text: &str, (): ()) -> io::Result<()> {
        Ok(())
    }
    fn close(&mut self, _name: &str, (): (), (): (), _end: u64) -> io::Result<()> {
        Ok(())
    }
}

/// What an element is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Outside,
    Guild,
    Place,
    Count,
    Foot,
    Group,
    Message,
    Author,
    Stamp,
    Content,
    Reply,
    Forward,
    ForwardContent,
    ForwardStamp,
    File,
    Quiet,
}

#[derive(Default)]
struct Foot {
    seen: bool,
    zone: Option<i32>,
    /// The latest signature of an address.
    signed: Option<i64>,
    /// How often each offset from UTC was seen.
    offsets: std::collections::BTreeMap<i32, u64>,
}

struct Body<'a> {
    reading: Reading<'a>,
    channel: ChannelId,
    header: Header,
    /// Guild, then channel.
    places: Vec<String>,
    draft: Option<Draft>,
    /// Of the group: given with its first message only.
    author: Option<model::Author>,
    /// Of the group, in old versions.
    group_stamp: String,
    /// Text of the head or foot that is being read.
    entry: String,
    foot: Foot,
}

impl Page for Body<'_> {
    type Role = Role;

    fn open(&mut self, tag: &Tag, outer: Role) -> io::Result<Role> {
        let id = tag.get("data-message-id");
        if !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit()) {
            let mut draft = Draft::new(id, tag.start, self.author.clone());
            draft.stamp = std::mem::take(&mut self.group_stamp);
            self.draft = Some(draft);
            return Ok(Role::Message);
        }
        if outer == Role::Quiet {
            return Ok(Role::Quiet);
        }
        if tag.is("chatlog__message-group") {
            (self.author, self.group_stamp) = (None, String::new());
            return Ok(Role::Group);
        }
        let place = self.place_of(tag);
        Ok(match place {
            Some(role) => {
                self.entry.clear();
                role
            }
            None => self.in_message(tag, outer),
        })
    }

    fn text(&mut self, text: &str, role: Role) -> io::Result<()> {
        match (role, &mut self.draft) {
            (Role::Guild | Role::Place | Role::Count | Role::Foot, _) => self.entry.push_str(text),
            (Role::Content, Some(draft)) => draft.text.push_str(text),
            (Role::ForwardContent, Some(draft)) => draft.forward_mut().text.push_str(text),
            (Role::Stamp, Some(draft)) if !draft.stamp_given => draft.stamp.push_str(text),
            (Role::Stamp, None) => self.group_stamp.push_str(text),
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, name: &str, role: Role, outer: Role, end: u64) -> io::Result<()> {
        match role {
            Role::Guild | Role::Place => {
                self.places.push(self.entry.split_whitespace().collect::<Vec<_>>().join(" "))
            }
            Role::Count => self.header.declared = first_number(&self.entry),
            Role::Foot => self.foot_entry(),
            Role::Message if outer != Role::Message => return self.keep(end),
            Role::Content if matches!(name, "ul" | "ol" | "blockquote" | "h1" | "h2" | "h3" | "pre") => {
                if let Some(draft) = &mut self.draft {
                    draft.line();
                }
            }
            _ => {}
        }
        Ok(())
    }
}

impl Body<'_> {
    /// Of the head and the foot of the page.
    fn place_of(&self, tag: &Tag) -> Option<Role> {
        match tag.get("class") {
            "info__guild-name" => Some(Role::Guild),
            "info__channel-name" => Some(Role::Place),
            "info__channel-message-count" => Some(Role::Count),
            "postamble__entry" => Some(Role::Foot),
            "preamble__entry" => match self.places.len() {
                0 => Some(Role::Guild),
                1 => Some(Role::Place),
                _ => Some(Role::Quiet), // the topic, the range
            },
            _ => None,
        }
    }

    fn in_message(&mut self, tag: &Tag, outer: Role) -> Role {
        if !tag.get("data-user-id").is_empty() {
            let (id, name) = (tag.get("data-user-id"), tag.get("title"));
            let author = model::Author::new("discord", id, if name.is_empty() { id } else { name });
            self.author = Some(author.clone());
            if let Some(draft) = &mut self.draft {
                draft.author = Some(author);
            }
            return Role::Author;
        }
        let Some(draft) = &mut self.draft else {
            return if tag.is("chatlog__timestamp") { Role::Stamp } else { outer };
        };
        for link in [tag.get("href"), tag.get("src")] {
            self.foot.signed = self.foot.signed.max(discord::signed_at(link));
        }
        draft.open(tag, outer)
    }

    fn foot_entry(&mut self) {
        let entry = self.entry.trim();
        if let Some(zone) = entry.strip_prefix("Timezone:") {
            // Read as the end of a time of day.
            self.foot.zone = Stamp::parse(&format!("1/1/2000 0:00 {zone}")).and_then(|stamp| stamp.offset);
        } else if entry.starts_with("Exported") {
            self.foot.seen = true;
            self.header.declared = first_number(entry);
        }
    }

    fn keep(&mut self, end: u64) -> io::Result<()> {
        let Some(draft) = self.draft.take() else { return Ok(()) };
        let start = draft.start;
        let (post, offset) = draft.post(self.channel);
        match offset {
            Some(offset) => {
                self.header.seen_offset(offset);
                *self.foot.offsets.entry(offset).or_default() += 1;
            }
            None if post.posted.len() > 1 => self.reading.trouble(Code::ClocksDisagree, || {
                let printed = post.posted.first().map(|when| when.verbatim.as_str()).unwrap_or_default();
                format!("post {}: printed {printed}", post.native_id)
            })?,
            None => {}
        }
        self.header.read += 1;
        let span = Span { start, length: end.saturating_sub(start) };
        self.reading.record(post, span, true)
    }

    fn finish(mut self, ended: bool, at: u64) -> io::Result<()> {
        let cut = self.draft.is_some() || !(self.foot.seen || ended);
        let mut places = self.places.into_iter();
        self.header.space = places.next().filter(|name| !name.is_empty());
        if let Some(name) = places.next() {
            // Category and channel, or parent channel and thread.
            self.header.name = name.rsplit(" / ").next().unwrap_or(&name).to_owned();
        }
        self.header.exported = self.foot.signed.and_then(discord::exported_at);
        let other =
            |zone: i32| self.foot.offsets.iter().filter(|(o, _)| **o != zone).map(|(_, n)| n).sum::<u64>();
        if let Some(zone) = self.foot.zone.filter(|zone| other(*zone) > 0) {
            let (others, all) = (other(zone), self.header.read);
            self.reading.trouble(Code::ZoneDiffers, || {
                format!("the foot says UTC{:+}; {others} of {all} posts are printed in another", zone / 3600)
            })?;
        }
        self.reading.listing(self.header, !cut)?;
        self.reading.finish_text(cut.then_some(at))
    }
}

fn first_number(text: &str) -> Option<u64> {
    let digits = text.trim_start_matches(|c: char| !c.is_ascii_digit());
    let separated = |c: &char| c.is_ascii_digit() || matches!(c, ',' | '.' | '\u{A0}' | '\u{202F}' | '\'');
    digits.chars().take_while(separated).filter(char::is_ascii_digit).collect::<String>().parse().ok()
}
