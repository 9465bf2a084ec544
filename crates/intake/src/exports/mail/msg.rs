//! E-mail as Outlook saves it: one message a file, messages within it with it.
//!
//! Source of truth: \[MS-OXMSG\] "Outlook Item (.msg) File Format" for where things lie, \[MS-OXPROPS\] for the numbers of
//! properties: subject 0x0037, the head as it came over the wire 0x007D, when its sender's program sent it 0x0039 and when the
//! store got it 0x0E06, text 0x1000 and 0x1013, attachments 0x3701 under the names 0x3707 or 0x3704. What the head says goes
//! before what the properties say; where their times differ, both are told. A message within is a post of its own, and what
//! the outer one forwards. Absent: text that is there as RTF only (it is named), objects of other programs, to whom it went.

use std::io::{self, Read as _};

use model::{AttachmentState, Author, ChannelId, Code, Declared, Forward, Kind, Post, Reply, Span};

use super::ole::{Ole, is_compound};
use super::outlook::{Letter, Lies, letters};
use super::parts::{parsed, path_of};
use super::{answered, author, bare_post, header_of, hop, tell_times, when};
use crate::archive::{Packed, Stop, Unpacking};
use crate::exports::reading::{Reading, Unnamed, declared};
use crate::exports::{Abilities, Context, Format, Opening, Sink, Tell};
use crate::json::MAX_VALUE;
use crate::{Input, clock};

/// The format.
pub(in crate::exports) struct Msg;

/// Whether a file that begins so is a message: its first 64 KiB name a property.
pub(crate) fn is_msg(head: &[u8]) -> bool {
    let named = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        memchr::memmem::find(head, &wide).is_some()
    };
    is_compound(head)
        && ["__substg1.0_", "__properties_version1.0", "__nameid_version1.0"].into_iter().any(named)
}

impl Format for Msg {
    fn name(&self) -> &'static str {
        "mail-msg"
    }
    fn title(&self) -> &'static str {
        "E-mail (Outlook msg)"
    }
    fn tells(&self) -> &'static str {
        "message ids where there are any, addresses or names, the sender's and the server's time, what is answered, messages forwarded whole, files; not: text kept as RTF only, who else received it, forwards by quoting, deletions"
    }
    fn abilities(&self) -> Abilities {
        use Tell::{No, Partly, Yes};
        Abilities::of([Partly, Partly, Yes, Partly, Partly, No, No, Yes])
    }
    fn recognise(&self, file: &Opening) -> bool {
        file.kind == Kind::Unknown && is_msg(file.bytes)
    }
    fn read(&self, input: &mut dyn Input, context: &Context, out: &mut dyn Sink) -> io::Result<()> {
        let mut reading = Reading::new(self.name(), context, out);
        let mut header = header_of(input, context.path)?;
        let channel = header.channel();
        let bytes = whole(input)?;
        let span = Span { start: 0, length: bytes.len() as u64 };
        if bytes.len() >= MAX_VALUE {
            reading.damaged(span, "a message over 64 MiB; its beginning was read")?;
        }
        let file = Ole::open(&bytes);
        let letters = file.as_ref().map(letters).unwrap_or_default();
        if letters.is_empty() {
            reading.damaged(span, "no message")?;
        }
        let mut unnamed = Unnamed::default();
        let posts: Vec<Post> = letters.iter().map(|letter| post(channel, letter, &mut unnamed)).collect();
        for (letter, post) in letters.iter().zip(&posts) {
            let mut post = post.clone();
            post.forwarded = letter.inner.and_then(|inner| posts.get(inner)).map(forward);
            tell(&mut reading, letter, &post)?;
            tell_times(&mut reading, &post)?;
            header.read += 1;
            reading.record(post, span, false)?;
        }
        let short = file.is_none_or(|file| file.is_short());
        reading.listing(header, !short)?;
        reading.finish_text(short.then_some(span.length))
    }
}

fn whole(input: &mut dyn Input) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    input.seek(io::SeekFrom::Start(0))?;
    input.take(MAX_VALUE as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn post(channel: ChannelId, letter: &Letter, unnamed: &mut Unnamed) -> Post {
    let head = parsed(&letter.head);
    let head = head.as_ref();
    let body = letter.body.as_deref().map(str::trim).unwrap_or_default();
    let words: Vec<&str> = letter.subject.as_deref().into_iter().chain([body]).collect();
    let text = words.join("\n").replace("\r\n", "\n");
    let id = head.and_then(|head| head.message_id()).filter(|id| !id.is_empty() && id.len() <= 1000);
    let id = id.map(str::to_owned).or_else(|| letter.id.clone());
    let sent = letter.sent.as_ref().map_or("", |when| &when.verbatim);
    let by = letter.address.as_deref().or(letter.name.as_deref());
    let id = id.unwrap_or_else(|| unnamed.id(&[by.unwrap_or_default(), sent, &text]));
    let mut post = bare_post(channel, &id);
    let dated = head.and_then(|head| head.date()).and_then(|date| when(date, model::Clock::Software));
    post.posted.extend(dated.or_else(|| letter.sent.clone()));
    post.posted.extend(head.and_then(hop).or_else(|| letter.delivered.clone()));
    post.author = head.and_then(author).or_else(|| {
        let name = letter.name.as_deref();
        let own = letter.address.as_deref().filter(|address| address.contains('@'));
        let id = own.or(name).or(letter.address.as_deref())?;
        Some(Author::new("mail", &id.to_lowercase(), name.unwrap_or(id)))
    });
    let answers = head.and_then(answered).or_else(|| letter.answers.clone());
    post.reply_to = answers.map(|native_id| Reply { native_id, channel: None });
    post.attached = letter.files.iter().map(|file| of_file(file, &letter.folder)).collect();
    post.text = text;
    post
}

fn of_file(file: &super::outlook::File, folder: &str) -> Declared {
    match file.lies {
        Lies::Here(_, size) => declared(&file.name, &path_of(folder, file.number, &file.name), Some(size)),
        Lies::Elsewhere => {
            Declared { withheld: Some(AttachmentState::NotIncluded), ..declared(&file.name, "", None) }
        }
    }
}

fn forward(inner: &Post) -> Forward {
    Forward {
        from: inner.author.as_ref().map(|author| author.name.clone()),
        from_id: inner.author.as_ref().map(|author| author.native_id.clone()),
        native_id: Some(inner.native_id.clone()),
        posted: inner.posted.first().cloned(),
    }
}

/// What is not read of a message, and where its head and its properties differ.
fn tell(reading: &mut Reading, letter: &Letter, post: &Post) -> io::Result<()> {
    let id = &post.native_id;
    if letter.rich_only {
        reading.trouble(Code::NotRead, || format!("message {id}: its text is there as RTF only"))?;
    }
    if letter.cut {
        reading.trouble(Code::ExportDamaged, || format!("message {id}: some of its text is cut"))?;
    }
    for file in letter.files.iter().filter(|file| matches!(file.lies, Lies::Elsewhere)) {
        reading.trouble(Code::NotRead, || format!("message {id}: {} is a link or an object", file.name))?;
    }
    let dated = post.posted.iter().find(|when| when.clock == model::Clock::Software);
    let (Some(dated), Some(sent)) = (dated, &letter.sent) else { return Ok(()) };
    // Some programs round to the minute.
    if clock::apart(&dated.interval, &sent.interval) > jiff::SignedDuration::from_secs(60) {
        return reading.trouble(Code::ClocksDisagree, || {
            format!(
                "message {id}: dated {}, sent {} by its properties",
                dated.verbatim, sent.interval.earliest
            )
        });
    }
    Ok(())
}

/// Hands on the files of the message and of those within it.
pub(crate) fn unpack(input: &mut dyn Input, unpacking: &mut Unpacking) -> Result<(), Stop> {
    let bytes = whole(input)?;
    let Some(file) = Ole::open(&bytes) else {
        unpacking.trouble(Code::ArchiveDamaged, "no directory".to_owned());
        return Ok(());
    };
    for letter in letters(&file) {
        let sent = letter.sent.clone();
        for own in &letter.files {
            unpacking.count()?;
            let Lies::Here(stream, size) = own.lies else { continue };
            let Some(path) = unpacking.clean(&path_of(&letter.folder, own.number, &own.name)) else {
                continue;
            };
            let (contents, all) = file.stream(stream);
            if !all {
                let held = contents.len();
                unpacking.trouble(Code::ArchiveDamaged, format!("{path}: {held} of {size} bytes are there"));
            }
            let size = contents.len() as u64;
            let entry = Packed { path, modified: sent.clone(), packed: size, declared: Some(size) };
            unpacking.hand_on(entry, &mut &contents[..])?;
        }
    }
    Ok(())
}
