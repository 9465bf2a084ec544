//! Files made of lines, read one line at a time, each with its place; and posts made of a head line and what follows it.

use std::io::{self, BufRead, BufReader};

use model::Span;

use crate::Input;

/// Of a longer line the rest is passed over.
pub(super) const MAX_LINE: usize = 1 << 20;
/// Of a longer text the rest is passed over.
const MAX_TEXT: usize = 1 << 20;

/// The lines of a file.
pub(super) struct Lines<'a> {
    input: BufReader<&'a mut dyn Input>,
    at: u64,
    most: usize,
}

impl<'a> Lines<'a> {
    /// Reads from where `input` stands; spans count from `at`. Of each line at most `most` bytes are kept.
    pub fn new(input: &'a mut dyn Input, at: u64, most: usize) -> Self {
        Self { input: BufReader::with_capacity(256 << 10, input), at, most }
    }

    /// Puts the next line, without its end, into `line`; its place with its end, or None at the end of the file.
    pub fn next(&mut self, line: &mut Vec<u8>) -> io::Result<Option<Span>> {
        line.clear();
        let start = self.at;
        loop {
            let ahead = match self.input.fill_buf() {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                done => done?,
            };
            if ahead.is_empty() {
                break;
            }
            let end = memchr::memchr(b'\n', ahead);
            let take = end.map_or(ahead.len(), |n| n + 1);
            let room = self.most.saturating_sub(line.len());
            line.extend(&ahead[..end.unwrap_or(take).min(room)]);
            self.input.consume(take);
            self.at += take as u64;
            if end.is_some() {
                break;
            }
        }
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        if start == 0 && line.starts_with(b"\xEF\xBB\xBF") {
            line.drain(..3);
        }
        Ok((self.at > start).then_some(Span { start, length: self.at - start }))
    }
}

/// A head line, and the lines after it up to the next head.
pub(super) struct Block<H> {
    pub head: H,
    /// The lines after the head, each begun with a line end.
    pub more: String,
    pub span: Span,
}

/// Reads blocks to the end of the file; `other` takes lines before the first head. `head` sees whether the line before
/// was empty, or there was none.
pub(super) fn blocks<H>(
    input: &mut dyn Input,
    head: &mut dyn FnMut(&str, bool) -> Option<H>,
    other: &mut dyn FnMut(&str),
    each: &mut dyn FnMut(Block<H>) -> io::Result<()>,
) -> io::Result<()> {
    let mut lines = Lines::new(input, 0, MAX_LINE);
    let mut line = Vec::new();
    let mut open: Option<Block<H>> = None;
    let mut apart = true;
    while let Some(span) = lines.next(&mut line)? {
        let text = String::from_utf8_lossy(&line);
        let found = head(&text, apart);
        apart = text.trim().is_empty();
        match (found, &mut open) {
            (Some(head), _) => {
                if let Some(done) = open.replace(Block { head, more: String::new(), span }) {
                    each(done)?;
                }
            }
            (None, Some(block)) => {
                block.span.length = span.start + span.length - block.span.start;
                if block.more.len() + text.len() < MAX_TEXT {
                    block.more.push('\n');
                    block.more.push_str(&text);
                }
            }
            (None, None) => other(&text),
        }
    }
    open.map_or(Ok(()), each)
}
