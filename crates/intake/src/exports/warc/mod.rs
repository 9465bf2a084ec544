//! WARC: what web archivers and browsers' recorders keep of the pages they were shown.
//!
//! Source of truth: ISO 28500:2017 (iipc.github.io/warc-specifications), and tests of github.com/webrecorder/warcio for
//! how digests are really written. A capture becomes a post of its host: at the address, at the time of the capture,
//! carrying what was sent. Requests and remarks are no posts. A revisit says that the same was seen again. Digests of
//! blocks, and of payloads that came in one piece, are checked. Compressed files are unpacked before they are read.

mod payload;
mod record;

use std::collections::BTreeMap;
use std::io::{self, Read};

use model::{Clock, Code, Declared, Span, When, Zone};

pub(crate) use self::payload::unpack;
use self::payload::{Body, path_of};
use self::record::{Checked, Head, each_record};
use super::reading::{Channels, Header, Reading, bare_post, basename, declared};
use super::{Abilities, Context, Format, Opening, Sink, Tell};
use crate::{Input, clock};

/// The format.
pub(super) struct Warc;

/// So many captures are remembered for revisits.
const MOST_REMEMBERED: usize = 1 << 20;

/// Whether a file begins as one.
pub(crate) fn is_warc(head: &[u8]) -> bool {
    head.starts_with(b"WARC/1.") || head.starts_with(b"WARC/0.")
}

impl Format for Warc {
    fn name(&self) -> &'static str {
        "warc"
    }
    fn title(&self) -> &'static str {
        "WARC (web captures)"
    }
    fn tells(&self) -> &'static str {
        "addresses, when each was captured, what was sent, digests; not: who posted, when it was posted before it was captured"
    }
    fn abilities(&self) -> Abilities {
        use Tell::{No, Yes};
        Abilities::of([Yes, No, Yes, No, No, No, No, Yes])
    }
    fn recognise(&self, file: &Opening) -> bool {
        is_warc(file.bytes)
    }
    fn read(&self, input: &mut dyn Input, context: &Context, out: &mut dyn Sink) -> io::Result<()> {
        let mut reading = Reading::new(self.name(), context, out);
        let (mut hosts, mut seen) = (Channels::default(), BTreeMap::new());
        let end = each_record(input, &mut |head, block| match head {
            Ok(head) => capture(&mut reading, &mut hosts, &mut seen, head, block),
            Err(span) => reading.damaged(span, "no record begins here"),
        })?;
        hosts.list(&mut reading, end.is_none())?;
        reading.finish_text(end)
    }
}

/// Checks a record; makes a post of it if it is a capture.
fn capture(
    reading: &mut Reading,
    hosts: &mut Channels,
    seen: &mut BTreeMap<String, Declared>,
    head: &Head,
    block: &mut dyn Read,
) -> io::Result<()> {
    let mut checked = Checked::of(block, head);
    let body = Body::read(head, &mut checked)?;
    let size = checked.rest()?;
    // A revisit has the digest of a payload that is elsewhere.
    let here = head.get("warc-type") != "revisit" && body.as_ref().is_some_and(|body| body.whole);
    let cut = head.get("content-length").parse().is_ok_and(|length: u64| size < length);
    for (what, expected, found) in checked.differences(here).into_iter().filter(|_| !cut) {
        reading.trouble(Code::DigestDiffers, || {
            format!(
                "record {} at byte {}: {what} digest is {expected}, the bytes have {found}",
                head.id(),
                head.span.start
            )
        })?;
    }
    let kind = head.get("warc-type");
    if !matches!(kind, "response" | "resource" | "revisit") {
        return Ok(());
    }
    let uri = head.get("warc-target-uri").trim_matches(['<', '>']);
    let host = uri.split("://").nth(1).and_then(|rest| rest.split(['/', '?', '#']).next());
    let host = host.map(str::trim).filter(|host| !host.is_empty()).unwrap_or("?");
    let Some(header) =
        hosts.get(host, || Header { kind: Some("captures".to_owned()), ..Header::new("web", host, host) })
    else {
        return Ok(());
    };
    let mut post = bare_post(header.channel(), head.id());
    post.posted.extend(captured(head.get("warc-date")));
    if post.posted.is_empty() {
        reading.trouble(Code::TimeUnknown, || format!("record {}", head.id()))?;
    }
    uri.clone_into(&mut post.text);
    let digest = head.get("warc-payload-digest").to_owned();
    let sent = body.filter(|_| kind != "revisit").map(|body| body.size(size)).filter(|size| *size > 0);
    let file = match sent {
        Some(size) => {
            let name = basename(uri.split(['?', '#']).next().unwrap_or(uri));
            Some(declared(if name.is_empty() { host } else { name }, &path_of(head.number, uri), Some(size)))
        }
        None if kind == "revisit" => seen.get(&digest).cloned(),
        None => None,
    };
    if let Some(file) = &file
        && !digest.is_empty()
        && seen.len() < MOST_REMEMBERED
    {
        seen.insert(digest, file.clone());
    }
    // What is unpacked may have another size than what was sent.
    post.attached.extend(file.map(|file| Declared { size: None, ..file }));
    header.read += 1;
    let Span { start, length } = head.span;
    reading.record(post, Span { start, length: length + size }, false)
}

/// The archiver's clock, in UTC.
fn captured(date: &str) -> Option<When> {
    let when = clock::iso(date).filter(|when| when.zone == Zone::Written)?;
    Some(When { clock: Clock::Software, zone: Zone::Utc, ..when })
}
