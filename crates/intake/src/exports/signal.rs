//! Signal, as the third-party program signal-export writes a chat: `chat.md` or text.
//!
//! Source of truth: github.com/carderne/signal-export, `sigexport/models.py`: `[2019-12-24, 12:23] Name: text`, with
//! seconds since 2023; files as `![name](./media/…)` or `[name](./media/…)`; what is answered as lines that begin with
//! `>`. No ids; local time of the exporting machine.

use std::io;

use model::{Author, Clock, Code, Declared, Kind, Post};

use super::lines::{Block, blocks};
use super::reading::{Header, Reading, Unnamed, bare_post, basename, declared, folder, stem};
use super::whatsapp::is_of_a_log;
use super::{Abilities, Context, Format, Opening, Sink, Tell};
use crate::Input;
use crate::stamp::Stamp;

/// The format.
pub(super) struct Signal;

impl Format for Signal {
    fn name(&self) -> &'static str {
        "signal"
    }
    fn title(&self) -> &'static str {
        "Signal (signal-export, text)"
    }
    fn tells(&self) -> &'static str {
        "names, local times to the minute or second, files; not: ids, the zone, replies but for their words, forwards, edits, deleted posts"
    }
    fn abilities(&self) -> Abilities {
        use Tell::{No, Yes};
        Abilities::of([No, No, No, No, No, No, No, Yes])
    }
    fn recognise(&self, file: &Opening) -> bool {
        let mut lines = file.lines().filter(|line| !line.trim().is_empty()).take(20).peekable();
        let first = lines.peek().is_some_and(|line| is_head(line));
        let log = |(_, rest): (String, String)| is_of_a_log(rest.split(':').next().unwrap_or_default());
        file.kind == Kind::Text && first && !lines.filter_map(head).any(log)
    }
    fn read(&self, input: &mut dyn Input, context: &Context, out: &mut dyn Sink) -> io::Result<()> {
        let mut reading = Reading::new(self.name(), context, out);
        let (file, (_, above)) = (stem(context.path), folder(context.path));
        // Every chat's file has the same name, in a folder of the chat's name.
        let name = if matches!(file, "chat" | "index" | "data") && !above.is_empty() { above } else { file };
        let mut header = Header::new("signal", &format!("?{name}"), name);
        let channel = header.channel();
        let (mut unnamed, mut read) = (Unnamed::default(), 0);
        blocks(input, &mut |line, _| head(line), &mut |_| {}, &mut |block| {
            read += 1;
            reading.record(post(channel, &block, &mut unnamed), block.span, true)
        })?;
        header.read = read;
        if read > 0 {
            reading.trouble(Code::ZoneUnknown, String::new)?;
        }
        reading.listing(header, true)?;
        reading.finish_text(None)
    }
}

/// Whether a line begins a post: `[2019-12-24, 12:23] `.
pub(super) fn is_head(line: &str) -> bool {
    head(line).is_some()
}

fn head(line: &str) -> Option<(String, String)> {
    let (time, rest) = line.trim_start_matches('\u{FEFF}').strip_prefix('[')?.split_once("] ")?;
    let (date, clock) = time.split_once(", ").or_else(|| time.split_once(' '))?;
    let shaped = |text: &str, mark: char, parts: &[usize]| {
        let own: Vec<_> = text.split(mark).collect();
        own.len() == parts.len()
            && own
                .iter()
                .zip(parts)
                .all(|(part, length)| part.len() == *length && part.bytes().all(|b| b.is_ascii_digit()))
    };
    // With a comma and seconds it is a phone that writes the year first: WhatsApp's.
    let minutes = shaped(clock, ':', &[2, 2]) && time.contains(',');
    let seconds = shaped(clock, ':', &[2, 2, 2]) && !time.contains(',');
    let dated = shaped(date, '-', &[4, 2, 2]) && (minutes || seconds);
    (dated && rest.contains(':') && !rest.contains('\u{200E}')).then(|| (time.to_owned(), rest.to_owned()))
}

fn post(channel: model::ChannelId, block: &Block<(String, String)>, unnamed: &mut Unnamed) -> Post {
    let (time, rest) = &block.head;
    let (name, first) = rest.split_once(':').unwrap_or(("", rest));
    let words = format!("{first}{}", block.more);
    let words = words.trim();
    let mut post = bare_post(channel, &unnamed.id(&[name, time, words]));
    post.posted.extend(Stamp::parse(time).and_then(|stamp| stamp.when(time, Clock::Platform)));
    post.author = (!name.is_empty()).then(|| Author::new("signal", name, name));
    post.attached = attached(words);
    words.clone_into(&mut post.text);
    post
}

/// Links to files beside the chat.
fn attached(words: &str) -> Vec<Declared> {
    let mut files = Vec::new();
    let mut rest = words;
    while let Some((before, tail)) = rest.split_once("](") {
        let Some((link, after)) = tail.split_once(')') else { break };
        let name = before.rsplit_once('[').map_or("", |(_, name)| name);
        if !link.contains("://") && link.contains("media/") {
            let name = if name.is_empty() { basename(link) } else { name };
            files.push(Declared { also: vec![basename(link).to_owned()], ..declared(name, link, None) });
        }
        rest = after;
    }
    files
}
