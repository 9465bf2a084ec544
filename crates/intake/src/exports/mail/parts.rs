//! The files in a message: as items, under the names by which its post declares them.

use std::io;

use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders as _, PartType};
use model::{Clock, Declared};

use super::boxed::each_message;
use crate::Input;
use crate::archive::{Packed, Stop, Unpacking};
use crate::exports::reading::declared;

const MOST_PARTS: usize = 4096;

/// The files of a message, as declared; `folder` is that of the message within its mailbox.
pub(super) fn declared_of(message: &Message, folder: &str) -> Vec<Declared> {
    let each = message.attachments().enumerate().take(MOST_PARTS);
    each.map(|(number, part)| {
        let name = name_of(part);
        let size = Some(contents(message, part).len() as u64);
        declared(&name, &path_of(folder, number, &name), size)
    })
    .collect()
}

/// Where the file `number` of a message lies among its mailbox's items.
pub(super) fn path_of(folder: &str, number: usize, name: &str) -> String {
    let plain = |c: char| if c.is_control() || matches!(c, '/' | '\\' | ':' | '\0') { '_' } else { c };
    let name: String = name.chars().map(plain).take(150).collect();
    format!("{folder}{}-{name}", number + 1)
}

/// The name it came with, or one that says what it is.
fn name_of(part: &MessagePart) -> String {
    if let Some(name) = part.attachment_name().filter(|name| !name.trim().is_empty()) {
        return name.to_owned();
    }
    let kind = part
        .content_type()
        .map(|kind| (kind.ctype().to_lowercase(), kind.subtype().unwrap_or_default().to_lowercase()));
    match (&part.body, kind) {
        (PartType::Message(_), _) => "message.eml".to_owned(),
        (PartType::Html(_), _) => "part.html".to_owned(),
        (PartType::Text(_), _) => "part.txt".to_owned(),
        (_, Some((_, subtype)))
            if subtype.bytes().all(|b| b.is_ascii_alphanumeric()) && !subtype.is_empty() =>
        {
            format!("part.{subtype}")
        }
        _ => "part".to_owned(),
    }
}

/// The bytes of a part. A message within that is cut before its first field has no parts to ask.
fn contents<'m>(message: &'m Message, part: &'m MessagePart) -> &'m [u8] {
    match &part.body {
        PartType::Text(text) | PartType::Html(text) => text.as_bytes(),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => bytes,
        PartType::Message(inner) if !inner.parts.is_empty() => inner.raw_message(),
        PartType::Message(_) => {
            let place = part.offset_body as usize..part.offset_end as usize;
            message.raw_message.get(place).unwrap_or_default()
        }
        PartType::Multipart(_) => &[],
    }
}

/// The message that `bytes` are, if they are one. Damaged parts make the parser (0.11.1) trip over its own checks: such
/// a message is none.
pub(super) fn parsed(bytes: &[u8]) -> Option<Message<'_>> {
    let parsed = std::panic::catch_unwind(|| MessageParser::default().parse(bytes));
    parsed.ok().flatten().filter(|message| !message.parts.is_empty())
}

/// Hands on the files of every message.
pub(crate) fn read(input: &mut dyn Input, unpacking: &mut Unpacking) -> Result<(), Stop> {
    input.seek(io::SeekFrom::Start(0))?;
    let mut stopped = None;
    let read = each_message(input, &mut |number, bytes, _, _| {
        let Some(message) = parsed(bytes) else { return Ok(()) };
        let folder = number.map(|number| format!("{number}/")).unwrap_or_default();
        hand_on(&message, &folder, unpacking).map_err(|stop| {
            stopped = Some(stop);
            io::Error::from(io::ErrorKind::Interrupted)
        })
    });
    match (stopped, read) {
        (Some(stop), _) => Err(stop),
        (None, read) => Ok(read?),
    }
}

fn hand_on(message: &Message, folder: &str, unpacking: &mut Unpacking) -> Result<(), Stop> {
    let sent = message.date().and_then(|date| super::when(date, Clock::Software));
    for (number, part) in message.attachments().enumerate().take(MOST_PARTS) {
        unpacking.count()?;
        let Some(path) = unpacking.clean(&path_of(folder, number, &name_of(part))) else { continue };
        let contents = contents(message, part);
        let size = contents.len() as u64;
        let entry = Packed { path, modified: sent.clone(), packed: size, declared: Some(size) };
        unpacking.hand_on(entry, &mut &contents[..])?;
    }
    Ok(())
}
