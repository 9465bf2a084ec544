use std::io::{self, Read as _};

use model::Span;

use crate::Input;
use crate::exports::lines::{Lines, MAX_LINE};
use crate::json::MAX_VALUE;

/// Whether a file that begins so is one message: fields of a head, among them such as mail has.
pub(crate) fn is_mail(head: &[u8]) -> bool {
    const KNOWN: [&[u8]; 16] = [
        b"from",
        b"to",
        b"cc",
        b"date",
        b"subject",
        b"received",
        b"message-id",
        b"mime-version",
        b"return-path",
        b"delivered-to",
        b"reply-to",
        b"in-reply-to",
        b"references",
        b"content-type",
        b"dkim-signature",
        b"x-received",
    ];
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let (mut known, mut own, mut fields) = (0, false, 0);
    for line in head.split(|b| *b == b'\n').take(400) {
        let line = line.trim_ascii_end();
        if line.is_empty() {
            break;
        }
        if matches!(line.first(), Some(b' ' | b'\t')) && fields > 0 {
            continue;
        }
        let Some(colon) = line.iter().position(|b| *b == b':') else {
            // What was looked at ends in the middle of a line.
            return known >= 3 && own && line.len() < 1000 && head.len() >= 64 << 10;
        };
        let name = line[..colon].to_ascii_lowercase();
        let plain = !name.is_empty() && name.iter().all(|b| b.is_ascii_graphic());
        if !plain {
            return false;
        }
        fields += 1;
        known += usize::from(KNOWN.contains(&name.as_slice()));
        own |= matches!(name.as_slice(), b"from" | b"received" | b"message-id" | b"return-path" | b"date");
    }
    known >= 2 && own
}

/// Whether a file that begins so is a mailbox.
pub(crate) fn is_mailbox(head: &[u8]) -> bool {
    let Some(end) = memchr::memchr(b'\n', head) else { return false };
    is_mark(&head[..end]) && is_mail(&head[end + 1..])
}

/// `From sender weekday month day h:m:s year`.
fn is_mark(line: &[u8]) -> bool {
    line.starts_with(b"From ")
        && line.len() < 1000
        && line.contains(&b':')
        && line.iter().filter(|b| b.is_ascii_digit()).count() >= 4
}

/// Takes a message: its number in the mailbox (None where the file is one message), its bytes, its place, and whether
/// the bytes are all of it.
pub(super) type EachMessage<'a> = &'a mut dyn FnMut(Option<u64>, &[u8], Span, bool) -> io::Result<()>;

/// Hands on each message of a file, one in memory at a time.
pub(super) fn each_message(input: &mut dyn Input, each: EachMessage) -> io::Result<()> {
    let mut head = vec![0; 1024];
    let mut length = 0;
    while let Some(room) = head.get_mut(length..).filter(|room| !room.is_empty()) {
        match input.read(room)? {
            0 => break,
            read => length += read,
        }
    }
    input.seek(io::SeekFrom::Start(0))?;
    let first = head[..length].split(|b| *b == b'\n').next().unwrap_or_default();
    if is_mark(first) { mailbox(input, each) } else { one(input, each) }
}

fn one(input: &mut dyn Input, each: EachMessage) -> io::Result<()> {
    let mut bytes = Vec::new();
    input.take(MAX_VALUE as u64).read_to_end(&mut bytes)?;
    let whole = bytes.len() < MAX_VALUE;
    let span = Span { start: 0, length: bytes.len() as u64 };
    each(None, &bytes, span, whole)
}

fn mailbox(input: &mut dyn Input, each: EachMessage) -> io::Result<()> {
    let mut lines = Lines::new(input, 0, MAX_LINE);
    let (mut line, mut bytes) = (Vec::new(), Vec::new());
    let mut place: Option<Span> = None;
    let (mut apart, mut whole, mut number) = (true, true, 0);
    while let Some(span) = lines.next(&mut line)? {
        if apart && is_mark(&line) {
            if let Some(done) = place.replace(Span { start: span.start, length: span.length }) {
                each(Some(number), &bytes, done, whole)?;
                number += 1;
            }
            bytes.clear();
            (apart, whole) = (false, true);
            continue;
        }
        apart = line.is_empty();
        if let Some(place) = &mut place {
            place.length = span.start + span.length - place.start;
        }
        if bytes.len() + line.len() > MAX_VALUE {
            whole = false;
            continue;
        }
        // A line of the text that looks like a mark has `>` before it.
        let quotes = line.iter().take_while(|b| **b == b'>').count();
        let escaped = quotes > 0 && line[quotes..].starts_with(b"From ");
        bytes.extend(&line[usize::from(escaped)..]);
        bytes.extend(b"\r\n");
    }
    place.map_or(Ok(()), |place| each(Some(number), &bytes, place, whole))
}
