//! E-mail: a message (eml, a file of a maildir) or a mailbox (mbox).
//!
//! Source of truth: RFC 5322 and RFC 2045 to 2049, read by the crate `mail-parser`; RFC 4155 for mbox; D. J. Bernstein,
//! "Using maildir format", for file names. The date of a message is its sender's claim; the topmost `Received` is the
//! receiving server's; a maildir's file name has the time of delivery. A message within a message is what was
//! forwarded. A mailbox is read one message at a time.

mod boxed;
mod msg;
mod ole;
mod outlook;
mod parts;

use std::io;

use jiff::Timestamp;
use mail_parser::{DateTime, HeaderName, Message, MimeHeaders as _};
use model::{Author, ChannelId, Clock, Code, Forward, Interval, Kind, Post, Reply, When, Zone};

use self::boxed::each_message;
pub(crate) use self::boxed::{is_mail, is_mailbox};
pub(super) use self::msg::Msg;
pub(crate) use self::msg::{is_msg, unpack as unpack_msg};
pub(crate) use self::parts::read as unpack;
use super::reading::{Header, Reading, Unnamed, bare_post, basename, folder, stem};
use super::{Abilities, Context, Format, Opening, Sink, Tell};
use crate::{Input, clock};

/// The format.
pub(super) struct Mail;

impl Format for Mail {
    fn name(&self) -> &'static str {
        "mail"
    }
    fn title(&self) -> &'static str {
        "E-mail (eml, mbox, maildir)"
    }
    fn tells(&self) -> &'static str {
        "message ids where there are any, addresses, the sender's and the server's time, what is answered, messages forwarded whole, files; not: who else received it, forwards by quoting, deletions"
    }
    fn abilities(&self) -> Abilities {
        use Tell::{No, Partly, Yes};
        Abilities::of([Partly, Yes, Yes, Partly, Partly, No, No, Yes])
    }
    fn recognise(&self, file: &Opening) -> bool {
        let named = delivered(file.path).is_some() && in_maildir(file.path);
        // A mail with a byte that no text has is a damaged mail.
        matches!(file.kind, Kind::Text | Kind::Html | Kind::Unknown)
            && (named || is_mailbox(file.bytes) || is_mail(file.bytes))
    }
    fn read(&self, input: &mut dyn Input, context: &Context, out: &mut dyn Sink) -> io::Result<()> {
        let mut reading = Reading::new(self.name(), context, out);
        let mut header = header_of(input, context.path)?;
        let channel = header.channel();
        let (mut unnamed, mut read) = (Unnamed::default(), 0);
        each_message(input, &mut |number, bytes, span, whole| {
            if !whole {
                reading.damaged(span, "a message over 64 MiB; its beginning was read")?;
            }
            let folder = number.map(|number| format!("{number}/")).unwrap_or_default();
            let in_box = delivered(context.path).filter(|_| number.is_none() && in_maildir(context.path));
            let mut post = match parts::parsed(bytes) {
                Some(message) if !has_end(&message) => {
                    reading.damaged(span, "its last part has no end: it may be cut")?;
                    post(channel, &message, &folder, bytes, &mut unnamed)
                }
                Some(message) => post(channel, &message, &folder, bytes, &mut unnamed),
                None if in_box.is_some() => headless(channel, bytes, &mut unnamed),
                None => return reading.damaged(span, "no message"),
            };
            post.posted.extend(in_box);
            tell_times(&mut reading, &post)?;
            read += 1;
            reading.record(post, span, false)
        })?;
        header.read = read;
        reading.listing(header, true)?;
        reading.finish_text(None)
    }
}

/// The channel that a file of this path belongs to.
fn header_of(input: &mut dyn Input, path: &str) -> io::Result<Header> {
    let name = name_of(input, path)?;
    let kind = Some("mailbox".to_owned());
    Ok(Header { kind, ..Header::new("mail", &format!("?{name}"), &name) })
}

/// A mailbox is called after its file, a message after the folder it lies in.
fn name_of(input: &mut dyn Input, path: &str) -> io::Result<String> {
    let mut head = [0; 5];
    let read = input.read(&mut head)?;
    input.seek(io::SeekFrom::Start(0))?;
    if &head[..read] == b"From " {
        return Ok(stem(path).to_owned());
    }
    let (above, own) = folder(path);
    let own = if in_maildir(path) { basename(folder(above).0) } else { own };
    // A message within a mailbox lies in a folder that is called after its number.
    let unnamed = own.bytes().all(|b| b.is_ascii_digit());
    Ok(if unnamed { "mail".to_owned() } else { own.to_owned() })
}

fn in_maildir(path: &str) -> bool {
    matches!(folder(path).1, "cur" | "new" | "tmp")
}

/// The time of delivery in a maildir's file name: seconds, a point, and what makes it unique.
fn delivered(path: &str) -> Option<When> {
    let (seconds, _) = basename(path).split_once('.').filter(|(seconds, _)| seconds.len() >= 9)?;
    clock::unix(seconds).map(|when| When { clock: Clock::FileSystem, ..when })
}

fn post(channel: ChannelId, message: &Message, folder: &str, bytes: &[u8], unnamed: &mut Unnamed) -> Post {
    let id = message.message_id().filter(|id| !id.is_empty() && id.len() <= 1000).map(str::to_owned);
    let id = id.unwrap_or_else(|| unnamed.id(&[&String::from_utf8_lossy(bytes)]));
    let mut post = bare_post(channel, &id);
    post.posted.extend(message.date().and_then(|date| when(date, Clock::Software)));
    post.posted.extend(hop(message));
    post.author = author(message);
    let bodies = (0..message.text_body_count().min(64)).filter_map(|n| message.body_text(n));
    let words: Vec<String> = message
        .subject()
        .map(str::to_owned)
        .into_iter()
        .chain(bodies.map(|body| body.trim().to_owned()))
        .collect();
    post.text = words.join("\n").replace("\r\n", "\n");
    post.reply_to = answered(message).map(|native_id| Reply { native_id, channel: None });
    post.attached = parts::declared_of(message, folder);
    post.forwarded =
        message.attachments().filter_map(|part| part.message()).find(|inner| !inner.parts.is_empty()).map(
            |inner| {
                let from = author(inner);
                Forward {
                    from: from.as_ref().map(|author| author.name.clone()),
                    from_id: from.map(|author| author.native_id),
                    native_id: inner.message_id().map(str::to_owned),
                    posted: inner.date().and_then(|date| when(date, Clock::Software)),
                }
            },
        );
    post
}

/// Whether the end of its last part is marked (RFC 2046, 5.1.1), where it has parts.
fn has_end(message: &Message) -> bool {
    let Some(mark) = message.root_part().content_type().and_then(|kind| kind.attribute("boundary")) else {
        return true;
    };
    memchr::memmem::find(message.raw_message(), format!("--{mark}--").as_bytes()).is_some()
}

/// Something that was delivered and has no fields at all.
fn headless(channel: ChannelId, bytes: &[u8], unnamed: &mut Unnamed) -> Post {
    let text = String::from_utf8_lossy(bytes);
    Post { text: text.trim().to_owned(), ..bare_post(channel, &unnamed.id(&[&text])) }
}

/// When the last server got it. Every server writes above what it got: the first is the last.
fn hop(message: &Message) -> Option<When> {
    let hop = message.headers().iter().find(|field| field.name == HeaderName::Received);
    let hop = hop.and_then(|field| field.value().as_received()).and_then(|hop| hop.date());
    hop.and_then(|date| when(&date, Clock::Platform))
}

fn author(message: &Message) -> Option<Author> {
    let from = message.from().or(message.sender())?.first()?;
    let (address, name) = (from.address().filter(|a| a.contains('@')), from.name());
    let id = address.or(name).or(from.address())?;
    Some(Author::new("mail", &id.to_lowercase(), name.unwrap_or(id)))
}

/// The message it answers: the one named, or the last it refers to.
fn answered(message: &Message) -> Option<String> {
    let first = |text: &str| text.split_ascii_whitespace().next().map(str::to_owned);
    let named = message.in_reply_to();
    let list = named.as_text_list().and_then(|list| list.first().and_then(|id| first(id)));
    let named = list.or_else(|| named.as_text().and_then(first));
    let referred = || {
        let refers = message.references();
        let list = refers.as_text_list().and_then(|list| list.last().map(|id| id.to_string()));
        list.or_else(|| refers.as_text().map(str::to_owned))
    };
    named.or_else(referred).filter(|id| !id.is_empty() && id.len() <= 1000)
}

/// A date as it is written: to the second, with its offset.
fn when(date: &DateTime, clock: Clock) -> Option<When> {
    if !date.is_valid() {
        return None;
    }
    let start = Timestamp::from_second(date.to_timestamp()).ok()?;
    let interval: Interval = clock::interval(start, 1_000_000_000)?;
    Some(When { verbatim: date.to_rfc3339(), interval, clock, zone: Zone::Written })
}

/// Mail is late, but not for days; and it is never received before it was sent.
fn tell_times(reading: &mut Reading, post: &Post) -> io::Result<()> {
    if post.posted.is_empty() {
        return reading.trouble(Code::TimeUnknown, || format!("message {}", post.native_id));
    }
    let by = |clock| post.posted.iter().find(|when| when.clock == clock);
    let (Some(sent), Some(received)) = (by(Clock::Software), by(Clock::Platform)) else { return Ok(()) };
    let day = jiff::SignedDuration::from_hours(24);
    if clock::apart(&sent.interval, &received.interval) > day {
        return reading.trouble(Code::ClocksDisagree, || {
            format!("message {}: dated {}, received {}", post.native_id, sent.verbatim, received.verbatim)
        });
    }
    Ok(())
}
