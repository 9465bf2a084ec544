use std::io::{self, BufRead, BufReader, Read};

use base64::Engine as _;
use model::Span;
use sha1::{Digest as _, Sha1};

use crate::Input;

const MAX_HEAD: usize = 64 << 10;

/// The fields of a record.
pub(super) struct Head {
    fields: Vec<(String, String)>,
    /// How many records came before it.
    pub number: u64,
    /// Where the fields stand, with the line before and the empty line after.
    pub span: Span,
}

impl Head {
    /// The value of a field, by its name in lower case; empty where there is none.
    pub fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// The record's id without its brackets.
    pub fn id(&self) -> &str {
        self.get("warc-record-id").trim_matches(['<', '>'])
    }
}

type EachRecord<'e> = &'e mut dyn FnMut(Result<&Head, Span>, &mut dyn Read) -> io::Result<()>;

/// Hands on every record with its block, and every stretch where none begins. Gives where the file ends, if it ends in
/// the middle of one.
pub(super) fn each_record(input: &mut dyn Input, each: EachRecord) -> io::Result<Option<u64>> {
    input.seek(io::SeekFrom::Start(0))?;
    let mut source = Source { input: BufReader::with_capacity(256 << 10, input), at: 0 };
    let (mut line, mut number) = (Vec::new(), 0);
    let mut lost: Option<Span> = None;
    loop {
        let start = source.at;
        if !source.line(&mut line)? {
            break;
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        if !super::is_warc(&line) {
            let length = source.at - lost.map_or(start, |lost| lost.start);
            lost = Some(Span { start: lost.map_or(start, |lost| lost.start), length });
            continue;
        }
        if let Some(span) = lost.take() {
            each(Err(span), &mut io::empty())?;
        }
        let Some(fields) = source.fields(&mut line)? else { return Ok(Some(source.at)) };
        let head = Head { fields, number, span: Span { start, length: source.at - start } };
        number += 1;
        let length: u64 = head.get("content-length").parse().unwrap_or(0);
        let mut block = (&mut source.input).take(length);
        each(Ok(&head), &mut block)?;
        io::copy(&mut block, &mut io::sink())?;
        let missing = block.limit();
        source.at += length - missing;
        if missing > 0 {
            return Ok(Some(source.at));
        }
    }
    if let Some(span) = lost {
        each(Err(span), &mut io::empty())?;
    }
    Ok(None)
}

struct Source<'a> {
    input: BufReader<&'a mut dyn Input>,
    at: u64,
}

impl Source<'_> {
    /// The next line; of a longer one than a head may be the rest is passed over.
    fn line(&mut self, line: &mut Vec<u8>) -> io::Result<bool> {
        line.clear();
        let start = self.at;
        loop {
            let ahead = self.input.fill_buf()?;
            let end = memchr::memchr(b'\n', ahead);
            let take = end.map_or(ahead.len(), |n| n + 1);
            line.extend(&ahead[..take.min(MAX_HEAD.saturating_sub(line.len()))]);
            self.input.consume(take);
            self.at += take as u64;
            if end.is_some() || take == 0 {
                return Ok(self.at > start);
            }
        }
    }

    /// The fields up to the empty line; None if the file ends in them.
    fn fields(&mut self, line: &mut Vec<u8>) -> io::Result<Option<Vec<(String, String)>>> {
        let mut fields: Vec<(String, String)> = Vec::new();
        let mut size = 0;
        while self.line(line)? {
            let text = String::from_utf8_lossy(line);
            let text = text.trim_end();
            if text.is_empty() {
                return Ok(Some(fields));
            }
            size += text.len();
            if size > MAX_HEAD {
                continue;
            }
            match (text.starts_with([' ', '\t']), text.split_once(':'), fields.last_mut()) {
                (true, _, Some((_, value))) => {
                    value.push(' ');
                    value.push_str(text.trim());
                }
                (_, Some((name, value)), _) => {
                    fields.push((name.trim().to_lowercase(), value.trim().to_owned()))
                }
                _ => {}
            }
        }
        Ok(None)
    }
}

/// A block that is hashed while it is read.
pub(super) struct Checked<'b> {
    block: &'b mut dyn Read,
    whole: Sha1,
    /// Of what comes after the head of the answer within.
    payload: Option<Sha1>,
    read: u64,
    expected: [(&'static str, String); 2],
}

impl<'b> Checked<'b> {
    pub fn of(block: &'b mut dyn Read, head: &Head) -> Self {
        let expected = [("block", "warc-block-digest"), ("payload", "warc-payload-digest")];
        let expected = expected.map(|(what, field)| (what, head.get(field).to_owned()));
        Self { block, whole: Sha1::new(), payload: None, read: 0, expected }
    }

    /// From here on it is payload.
    pub fn payload_begins(&mut self) {
        self.payload = Some(Sha1::new());
    }

    /// Reads to the end; how many bytes the block has.
    pub fn rest(&mut self) -> io::Result<u64> {
        let mut buffer = vec![0; 64 << 10];
        while self.read(&mut buffer)? > 0 {}
        Ok(self.read)
    }

    /// Digests that the bytes do not have: which, what was expected, what was found. Only SHA-1 is checked, and payloads
    /// only if they came in one piece.
    pub fn differences(self, in_one_piece: bool) -> Vec<(&'static str, String, String)> {
        let [block, payload] = self.expected;
        let found = [(block, Some(self.whole)), (payload, self.payload.filter(|_| in_one_piece))];
        let differs = |((what, expected), hash): ((&'static str, String), Option<Sha1>)| {
            let digest: [u8; 20] = hash?.finalize().into();
            let value = expected.strip_prefix("sha1:")?;
            (!is_written(value, &digest))
                .then(|| (what, expected.clone(), format!("sha1:{}", base32(&digest))))
        };
        found.into_iter().filter_map(differs).collect()
    }
}

impl Read for Checked<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.block.read(into)?;
        let bytes = into.get(..read).unwrap_or_default();
        self.whole.update(bytes);
        if let Some(payload) = &mut self.payload {
            payload.update(bytes);
        }
        self.read += read as u64;
        Ok(read)
    }
}

/// Base 32, as the standard has it; also hexadecimal and Base 64 of either alphabet, as some write it.
fn is_written(value: &str, digest: &[u8; 20]) -> bool {
    use base64::engine::general_purpose::{STANDARD, URL_SAFE};
    let hex: String = digest.iter().map(|b| format!("{b:02x}")).collect();
    value.eq_ignore_ascii_case(&base32(digest))
        || value.eq_ignore_ascii_case(&hex)
        || value == STANDARD.encode(digest)
        || value == URL_SAFE.encode(digest)
}

fn base32(digest: &[u8; 20]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut out = String::new();
    for five in digest.chunks(5) {
        let bits = five.iter().fold(0u64, |bits, byte| bits << 8 | u64::from(*byte));
        out.extend((0..8).rev().map(|n| LETTERS[(bits >> (5 * n) & 31) as usize] as char));
    }
    out
}
