//! What an answer carried: as items, under the names by which its post declares them.

use std::io::{self, BufRead, BufReader, Read};

use flate2::read::{DeflateDecoder, MultiGzDecoder};

use super::record::{Checked, Head, each_record};
use crate::Input;
use crate::archive::{Packed, Stop, Unpacking};
use crate::exports::reading::basename;

const MAX_HEAD: u64 = 64 << 10;

/// How an answer's body was sent.
pub(super) struct Body {
    /// Whether it came in one piece, not in chunks.
    pub whole: bool,
    gzip: bool,
    deflate: bool,
    head: u64,
}

impl Body {
    /// Reads the head of the answer that a record holds; a resource has none. None for records without a body.
    pub fn read(head: &Head, block: &mut Checked) -> io::Result<Option<Self>> {
        let http = head.get("content-type").starts_with("application/http");
        let mut body = Body { whole: true, gzip: false, deflate: false, head: 0 };
        if http {
            let mut line = Vec::new();
            loop {
                line.clear();
                let read = one_line(block, &mut line)?;
                body.head += read;
                if read == 0 || line.trim_ascii().is_empty() || body.head > MAX_HEAD {
                    break;
                }
                body.field(&line);
            }
        }
        block.payload_begins();
        Ok(matches!(head.get("warc-type"), "response" | "resource" | "request" | "revisit").then_some(body))
    }

    fn field(&mut self, line: &[u8]) {
        let line = String::from_utf8_lossy(line).to_lowercase();
        let Some((name, value)) = line.split_once(':') else { return };
        match name.trim() {
            "transfer-encoding" => self.whole = !value.contains("chunked"),
            "content-encoding" => {
                (self.gzip, self.deflate) = (value.contains("gzip"), value.contains("deflate"));
            }
            _ => {}
        }
    }

    /// How large it is, of a block of this size.
    pub fn size(&self, block: u64) -> u64 {
        block.saturating_sub(self.head)
    }
}

/// A line byte by byte, so that nothing after it is read.
fn one_line(from: &mut dyn Read, line: &mut Vec<u8>) -> io::Result<u64> {
    let (mut byte, mut read) = ([0], 0);
    while from.read(&mut byte)? == 1 {
        read += 1;
        if (line.len() as u64) < MAX_HEAD {
            line.push(byte[0]);
        }
        if byte[0] == b'\n' || read > MAX_HEAD {
            break;
        }
    }
    Ok(read)
}

/// Where the body of record `number` lies among the items of its file.
pub(super) fn path_of(number: u64, uri: &str) -> String {
    let path = uri.split(['?', '#']).next().unwrap_or(uri);
    let own = basename(
        path.split_once("://").map_or(path, |(_, rest)| rest.split_once('/').map_or("", |(_, own)| own)),
    );
    let plain = |c: char| if c.is_control() || matches!(c, ':' | '\\') { '_' } else { c };
    let own: String = own.chars().map(plain).take(150).collect();
    if own.trim_matches('.').is_empty() { format!("{number}-index") } else { format!("{number}-{own}") }
}

/// Hands on what every answer carried.
pub(crate) fn unpack(input: &mut dyn Input, unpacking: &mut Unpacking) -> Result<(), Stop> {
    let mut stopped = None;
    let read = each_record(input, &mut |head, block| {
        let Ok(head) = head else { return Ok(()) };
        if !matches!(head.get("warc-type"), "response" | "resource") {
            return Ok(());
        }
        hand_on(head, block, unpacking).map_err(|stop| {
            stopped = Some(stop);
            io::Error::from(io::ErrorKind::Interrupted)
        })
    });
    match (stopped, read) {
        (Some(stop), _) => Err(stop),
        (None, read) => read.map(|_| ()).map_err(Stop::Io),
    }
}

fn hand_on(head: &Head, block: &mut dyn Read, unpacking: &mut Unpacking) -> Result<(), Stop> {
    let mut checked = Checked::of(block, head);
    let Some(body) = Body::read(head, &mut checked)? else { return Ok(()) };
    let length: u64 = head.get("content-length").parse().unwrap_or(0);
    if body.size(length) == 0 {
        return Ok(());
    }
    unpacking.count()?;
    let uri = head.get("warc-target-uri").trim_matches(['<', '>']);
    let Some(path) = unpacking.clean(&path_of(head.number, uri)) else { return Ok(()) };
    let modified = super::captured(head.get("warc-date"));
    let entry = Packed { path, modified, packed: body.size(length), declared: None };
    let sent: Box<dyn Read + '_> =
        if body.whole { Box::new(checked) } else { Box::new(Chunks::new(checked)) };
    let mut plain: Box<dyn Read + '_> = match (body.gzip, body.deflate) {
        (true, _) => Box::new(MultiGzDecoder::new(sent)),
        (_, true) => Box::new(DeflateDecoder::new(sent)),
        _ => sent,
    };
    unpacking.hand_on(entry, &mut plain)
}

/// A body sent in chunks (RFC 9112, 7.1), put together.
struct Chunks<R> {
    input: BufReader<R>,
    left: u64,
    done: bool,
}

impl<R: Read> Chunks<R> {
    fn new(input: R) -> Self {
        Self { input: BufReader::new(input), left: 0, done: false }
    }

    fn next_chunk(&mut self) -> io::Result<()> {
        let mut line = String::new();
        for _ in 0..2 {
            line.clear();
            (&mut self.input).take(1024).read_line(&mut line)?;
            if !line.trim().is_empty() {
                break;
            }
        }
        let size = line.split(';').next().unwrap_or_default().trim();
        self.left = u64::from_str_radix(size, 16).unwrap_or(0);
        self.done = self.left == 0;
        Ok(())
    }
}

impl<R: Read> Read for Chunks<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 && !self.done {
            self.next_chunk()?;
        }
        if self.done {
            return Ok(0);
        }
        let room = usize::try_from(self.left).unwrap_or(usize::MAX).min(into.len());
        let Some(room) = into.get_mut(..room) else { return Ok(0) };
        let read = self.input.read(room)?;
        self.left -= read as u64;
        self.done = read == 0;
        Ok(read)
    }
}
