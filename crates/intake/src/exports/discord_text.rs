//! Discord, as DiscordChatExporter writes it in plain text.
//!
//! Source of truth: `PlainTextMessageWriter.cs` of github.com/Tyrrrz/DiscordChatExporter: a head between rows of 62 `=`,
//! messages headed `[date] author`, each with blocks `{Attachments}`, `{Embed}`, `{Stickers}`, `{Reactions}`. Posts have
//! no ids here; a text with a line like a head is not to be told from a post where an empty line stands before it.

use std::collections::BTreeSet;
use std::io;

use model::{Author, Code, Kind};

use super::discord_csv::date_of;
use super::lines::{Block, blocks};
use super::reading::{Header, Reading, Unnamed, bare_post};
use super::{Abilities, Context, Format, Opening, Sink, Tell, discord};
use crate::Input;

/// The format.
pub(super) struct DiscordText;

const RULE: &str = "==============================================================";

impl Format for DiscordText {
    fn name(&self) -> &'static str {
        "discord-text"
    }
    fn title(&self) -> &'static str {
        "Discord (DiscordChatExporter, plain text)"
    }
    fn tells(&self) -> &'static str {
        "authors' names, times, files; not: ids, who authors are, replies, forwards, edits, deleted posts, the zone in old versions"
    }
    fn abilities(&self) -> Abilities {
        use Tell::{No, Partly, Yes};
        Abilities::of([No, No, Partly, No, No, No, No, Yes])
    }
    fn recognise(&self, file: &Opening) -> bool {
        let mut lines = file.lines();
        file.kind == Kind::Text
            && lines.next() == Some(RULE)
            && lines.next().is_some_and(|line| line.starts_with("Guild: "))
    }
    fn read(&self, input: &mut dyn Input, context: &Context, out: &mut dyn Sink) -> io::Result<()> {
        let mut reading = Reading::new(self.name(), context, out);
        let (native_id, name) = discord::place(context.path);
        let mut header = Header::new("discord", &native_id, &name);
        let channel = header.channel();
        let (mut unnamed, mut zoneless, mut foot) = (Unnamed::default(), false, None);
        let (mut read, mut space, mut named) = (0, None, None);
        let mut declared = None;
        let mut offsets = BTreeSet::new();
        blocks(
            input,
            &mut head,
            &mut |line| match line.split_once(": ") {
                Some(("Guild", name)) => space = Some(name.to_owned()),
                Some(("Channel", name)) => named = name.rsplit(" / ").next().map(str::to_owned),
                Some(("Messages", count)) => declared = number(count),
                _ => {}
            },
            &mut |block| {
                foot = foot_of(&block.more).or(foot);
                let post = post(channel, &block, &mut unnamed);
                let floating = post.posted.iter().any(|when| when.zone == model::Zone::Unknown);
                zoneless |= floating;
                offsets.extend(discord::offset_of(&block.head.0, &post.attached).filter(|_| floating));
                read += 1;
                reading.record(post, block.span, floating)
            },
        )?;
        offsets.into_iter().for_each(|offset| discord::seen_upload(&mut header, offset));
        if zoneless && header.offsets.is_none() {
            reading.trouble(Code::ZoneUnknown, String::new)?;
        }
        header.name = named.unwrap_or(header.name);
        (header.space, header.read) = (space, read);
        header.declared = foot.or(declared);
        // Old versions count in the head and have no foot.
        let complete = foot.is_some() || declared.is_some_and(|count| count <= read);
        reading.listing(header, complete)?;
        reading.finish_text(if complete { None } else { Some(input.stream_position()?) })
    }
}

/// Date and author of a head line.
fn head(line: &str, apart: bool) -> Option<(String, String)> {
    let (date, author) = line.strip_prefix('[').filter(|_| apart)?.split_once("] ")?;
    date_of(date)?;
    let author = author.strip_suffix(" (pinned)").unwrap_or(author);
    Some((date.to_owned(), author.to_owned()))
}

fn number(text: &str) -> Option<u64> {
    text.chars().filter(char::is_ascii_digit).collect::<String>().parse().ok()
}

/// How many messages the foot counts.
fn foot_of(more: &str) -> Option<u64> {
    let at = more.rfind(RULE)?;
    let before = more[..at].trim_end().rsplit('\n').next()?;
    number(before.strip_prefix("Exported ")?.strip_suffix(" message(s)")?)
}

fn post(channel: model::ChannelId, block: &Block<(String, String)>, unnamed: &mut Unnamed) -> model::Post {
    let (date, author) = &block.head;
    let (mut text, mut files, mut place) = (String::new(), Vec::new(), "");
    for line in block.more.split('\n').skip(1) {
        match line {
            "{Attachments}" | "{Embed}" | "{Stickers}" | "{Reactions}" => place = line,
            RULE => break,
            _ if place.is_empty() => {
                text.push_str(line);
                text.push('\n');
            }
            _ if place == "{Attachments}" && !line.trim().is_empty() => {
                files.push(discord::file("", line.trim(), None));
            }
            _ => {}
        }
    }
    let text = text.trim();
    let mut post = bare_post(channel, &unnamed.id(&[author, date, text]));
    post.posted.extend(date_of(date));
    post.author = Some(Author::new("discord", author, author));
    text.clone_into(&mut post.text);
    post.attached = files;
    post
}
