use std::io::{self, Read};

use memchr::memchr2;

use super::{MAX_DEPTH, MAX_VALUE};

const CHUNK: usize = 256 << 10;

/// How a value ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// With its own end.
    Whole,
    /// As `Whole`, but nested deeper than `MAX_DEPTH`.
    Deep,
    /// With bytes that cannot stand there.
    Damaged,
    /// With the file.
    Cut,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Expect {
    Value,
    ValueOrEnd,
    Key,
    KeyOrEnd,
    Colon,
    After,
}

/// The bytes of a file, seen through a window that holds at least everything from `mark` on.
pub(super) struct Source<'a> {
    input: &'a mut dyn Read,
    window: Vec<u8>,
    pos: usize,
    base: u64,
    mark: Option<usize>,
}

impl<'a> Source<'a> {
    pub fn new(input: &'a mut dyn Read) -> Self {
        Self { input, window: Vec::new(), pos: 0, base: 0, mark: None }
    }

    /// Offset in the file of the next byte.
    pub fn at(&self) -> u64 {
        self.base + self.pos as u64
    }

    /// Steps over one byte that has been peeked at.
    pub fn step(&mut self) {
        self.pos += 1;
    }

    /// Keeps everything from here on, until `release` or until it grows over `MAX_VALUE`.
    pub fn hold(&mut self) {
        self.mark = Some(self.pos);
    }

    /// Ends `hold`.
    pub fn release(&mut self) {
        self.mark = None;
    }

    /// What was held, up to here; None if it grew too large.
    pub fn held(&self) -> Option<&[u8]> {
        self.mark.and_then(|mark| self.window.get(mark..self.pos))
    }

    /// The bytes ahead that are in the window.
    pub fn ahead(&self) -> &[u8] {
        self.window.get(self.pos..).unwrap_or_default()
    }

    /// Goes to an offset that is still in the window; elsewhere it stays.
    pub fn go_to(&mut self, offset: u64) {
        let target = offset.checked_sub(self.base).and_then(|n| usize::try_from(n).ok());
        if let Some(target) = target.filter(|&n| n <= self.window.len()) {
            self.pos = target;
        }
    }

    /// Reads on; false at the end of the file.
    pub fn refill(&mut self) -> io::Result<bool> {
        if self.mark.is_some_and(|mark| self.window.len() - mark > MAX_VALUE) {
            self.mark = None;
        }
        let keep = self.mark.unwrap_or(self.pos).min(self.window.len());
        if keep > 0 {
            self.window.drain(..keep);
            self.base += keep as u64;
            self.pos -= keep;
            self.mark = self.mark.map(|_| 0);
        }
        let old = self.window.len();
        self.window.resize(old + CHUNK, 0);
        let read = loop {
            match self.input.read(&mut self.window[old..]) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                done => break done,
            }
        };
        self.window.truncate(old + *read.as_ref().unwrap_or(&0));
        Ok(read? > 0)
    }

    /// Sees to it that `count` bytes are in the window ahead, if the file has them.
    pub fn want(&mut self, count: usize) -> io::Result<()> {
        while self.ahead().len() < count && self.refill()? {}
        Ok(())
    }

    /// Passes over white space; the next byte, or None at the end of the file.
    pub fn token(&mut self) -> io::Result<Option<u8>> {
        loop {
            let ahead = self.ahead();
            match ahead.iter().position(|b| !matches!(b, b' ' | b'\n' | b'\r' | b'\t')) {
                Some(n) => {
                    let byte = ahead[n];
                    self.pos += n;
                    return Ok(Some(byte));
                }
                None => {
                    self.pos = self.window.len();
                    if !self.refill()? {
                        return Ok(None);
                    }
                }
            }
        }
    }

    /// Passes over a string whose opening quote is next; false if the file ends in it.
    pub fn string(&mut self) -> io::Result<bool> {
        self.pos += 1;
        loop {
            let ahead = self.ahead();
            match memchr2(b'"', b'\\', ahead) {
                Some(n) if ahead[n] == b'"' => {
                    self.pos += n + 1;
                    return Ok(true);
                }
                Some(n) => {
                    self.pos += n + 2;
                    while self.pos > self.window.len() {
                        if !self.refill()? {
                            self.pos = self.window.len();
                            return Ok(false);
                        }
                    }
                }
                None => {
                    self.pos = self.window.len();
                    if !self.refill()? {
                        return Ok(false);
                    }
                }
            }
        }
    }

    /// Passes over a number, a word, or a bare text that should have been quoted.
    fn scalar(&mut self) -> io::Result<Ended> {
        let start = self.at();
        let bare = !self.ahead().first().is_some_and(|b| b.is_ascii_digit() || *b == b'-');
        loop {
            let Some(n) =
                self.ahead().iter().position(|&b| b < 0x20 || matches!(b, b',' | b'}' | b']' | b'"'))
            else {
                self.pos = self.window.len();
                if !self.refill()? {
                    return Ok(Ended::Cut);
                }
                continue;
            };
            self.pos += n;
            if bare && self.ahead()[0] == b',' {
                self.want(3)?;
                if matches!(self.ahead(), [_, b' ', letter, ..] if letter.is_ascii_alphabetic()) {
                    self.pos += 1;
                    continue;
                }
            }
            return Ok(if self.at() > start { Ended::Whole } else { Ended::Damaged });
        }
    }

    /// Passes over the value that begins here, checking that its brackets, commas and colons stand where they may.
    pub fn scan(&mut self) -> io::Result<Ended> {
        let mut kinds: u128 = 0; // one bit for each open bracket, 1 = object
        let mut depth = 0usize;
        let mut deepest = 0usize;
        let mut expect = Expect::Value;
        loop {
            let Some(byte) = self.token()? else { return Ok(Ended::Cut) };
            let in_object = kinds & 1 == 1;
            match (byte, expect) {
                (b'"', Expect::Key | Expect::KeyOrEnd | Expect::Value | Expect::ValueOrEnd) => {
                    if !self.string()? {
                        return Ok(Ended::Cut);
                    }
                    let key = matches!(expect, Expect::Key | Expect::KeyOrEnd);
                    expect = if key { Expect::Colon } else { Expect::After };
                }
                (b'{' | b'[', Expect::Value | Expect::ValueOrEnd) => {
                    kinds = kinds << 1 | u128::from(byte == b'{');
                    depth += 1;
                    deepest = deepest.max(depth);
                    self.pos += 1;
                    expect = if byte == b'{' { Expect::KeyOrEnd } else { Expect::ValueOrEnd };
                }
                (b'}', Expect::KeyOrEnd | Expect::After)
                    if depth > 0 && (in_object || deepest > MAX_DEPTH) =>
                {
                    (kinds, depth, expect) = (kinds >> 1, depth - 1, Expect::After);
                    self.pos += 1;
                }
                (b']', Expect::ValueOrEnd | Expect::After)
                    if depth > 0 && (!in_object || deepest > MAX_DEPTH) =>
                {
                    (kinds, depth, expect) = (kinds >> 1, depth - 1, Expect::After);
                    self.pos += 1;
                }
                (b',', Expect::After) => {
                    self.pos += 1;
                    expect = if in_object { Expect::Key } else { Expect::Value };
                }
                (b':', Expect::Colon) => {
                    self.pos += 1;
                    expect = Expect::Value;
                }
                (b'"' | b'{' | b'[' | b'}' | b']' | b',' | b':', _) => return Ok(Ended::Damaged),
                (_, Expect::Value | Expect::ValueOrEnd) => match self.scalar()? {
                    Ended::Whole => expect = Expect::After,
                    other => return Ok(other),
                },
                _ => return Ok(Ended::Damaged),
            }
            if depth == 0 && expect == Expect::After {
                return Ok(if deepest > MAX_DEPTH { Ended::Deep } else { Ended::Whole });
            }
        }
    }
}
