//! A walker that reads JSON once, by bytes, and keeps no more than one selected value in memory.
//!
//! A visitor chooses for each value whether to take it whole, enter it or pass over it. Structure is checked token by
//! token while a value is passed over; what stands inside strings and scalars is left to whoever parses a taken value.
//! After damage the walk goes on at the next object that begins with the same two keys as its whole siblings, so that
//! a damaged region costs the values it touches and no more. A file that ends in the middle has had every whole value
//! before the end handed on.

mod mend;
mod shape;
mod source;
#[cfg(test)]
mod tests;

use std::io::{self, Read};

use model::Span;

pub use self::mend::mend;
use self::shape::{REACH, Shapes};
use self::source::{Ended, Source};

/// The largest value that is taken, in bytes.
pub const MAX_VALUE: usize = 64 << 20;
/// How deep values may nest.
pub const MAX_DEPTH: usize = 128;
/// How many bytes may be looked at a second time after damage.
const MAX_RESCAN: u64 = 1 << 30;
const MAX_KEY: usize = 1 << 10;

/// One step from the root to a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Into an object; empty where the key was lost to damage or is longer than 1 KiB.
    Key(String),
    /// Into an array, counted from 0.
    Index(u64),
}

impl Step {
    /// Whether it is the key `name`.
    pub fn is(&self, name: &str) -> bool {
        matches!(self, Step::Key(key) if key == name)
    }
}

/// What to do with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Hand it on whole.
    Take,
    /// Ask again for each value in it. A scalar is passed over.
    Enter,
    /// Pass over it.
    Skip,
    /// End the walk here.
    Stop,
}

/// Whoever wants values of a file.
pub trait Visitor {
    /// What to do with the value at `path`, whose first byte is `first`.
    fn choose(&mut self, path: &[Step], first: u8) -> Choice;
    /// A taken value. False if it makes no sense: then whole siblings that damage hid inside it are looked for.
    fn value(&mut self, path: &[Step], bytes: &[u8], span: Span) -> io::Result<bool>;
    /// The first two keys that the taken objects at `path` are known to begin with, for use after damage where no
    /// whole sibling has shown any.
    fn beginnings(&self, _path: &[Step]) -> &'static [[&'static str; 2]] {
        &[]
    }
    /// These bytes were passed over.
    fn damage(&mut self, span: Span, why: &str) -> io::Result<()>;
}

/// How the walk ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// At the end of the root value.
    Whole,
    /// Where the visitor stopped it.
    Stopped,
    /// In the middle: the file ends at this byte.
    Truncated {
        /// The size of the file.
        at: u64,
    },
}

/// Walks `input` from where it stands; spans count from there. Errors are those of `input` and of the visitor.
pub fn walk(input: &mut dyn Read, visitor: &mut dyn Visitor) -> io::Result<Outcome> {
    let mut walk = Walk {
        source: Source::new(input),
        visitor,
        path: Vec::new(),
        levels: Vec::new(),
        rescanned: 0,
        doubt: false,
    };
    walk.source.want(3)?;
    if walk.source.ahead().starts_with(b"\xEF\xBB\xBF") {
        walk.source.go_to(3);
    }
    let Some(first) = walk.source.token()? else { return Ok(Outcome::Truncated { at: walk.source.at() }) };
    match walk.value(first)? {
        Flow::Stop => Ok(Outcome::Stopped),
        Flow::On => walk.tail(),
        Flow::Cut | Flow::Unwind(_) => Ok(Outcome::Truncated { at: walk.source.at() }),
    }
}

enum Flow {
    On,
    Stop,
    Cut,
    /// Go on in the container at this level, an element of which comes next.
    Unwind(usize),
}

struct Walk<'a, 'v> {
    source: Source<'a>,
    visitor: &'v mut dyn Visitor,
    path: Vec<Step>,
    /// For each entered container, how its elements begin.
    levels: Vec<Shapes>,
    rescanned: u64,
    /// Whether the last value was damaged, so that a bracket after it may be a left-over of it.
    doubt: bool,
}

impl Walk<'_, '_> {
    fn tail(&mut self) -> io::Result<Outcome> {
        if self.source.token()?.is_some() {
            let start = self.source.at();
            let length = self.source.ahead().len() as u64;
            self.visitor.damage(Span { start, length }, "more follows after the end")?;
        }
        Ok(Outcome::Whole)
    }

    fn value(&mut self, first: u8) -> io::Result<Flow> {
        match self.visitor.choose(&self.path, first) {
            Choice::Stop => Ok(Flow::Stop),
            Choice::Enter if matches!(first, b'{' | b'[') && self.levels.len() < MAX_DEPTH => {
                self.levels.push(Shapes::default());
                let flow = self.container(first);
                self.levels.pop();
                flow
            }
            Choice::Enter | Choice::Skip => self.pass(false),
            Choice::Take => self.pass(true),
        }
    }

    /// Passes over a value, handing it on if `take`.
    fn pass(&mut self, take: bool) -> io::Result<Flow> {
        let start = self.source.at();
        self.source.hold();
        let mut ended = self.source.scan()?;
        if ended == Ended::Cut && self.path.is_empty() && is_scalar(self.source.held()) {
            ended = Ended::Whole; // a number at the root ends with the file
        }
        let length = self.source.at() - start;
        let span = Span { start, length };
        let why = match (ended, self.source.held()) {
            (Ended::Whole, _) if !take => return Ok(self.go_on()),
            (Ended::Whole, Some(bytes)) => {
                if self.visitor.value(&self.path, bytes, span)? {
                    self.doubt = false;
                    if let Some(siblings) = self.levels.last_mut() {
                        siblings.learn(&bytes[..bytes.len().min(REACH)]);
                    }
                    return Ok(self.go_on());
                }
                return self.inside(span);
            }
            (Ended::Whole | Ended::Deep, None) => "a value over 64 MiB",
            (Ended::Deep, Some(_)) => "nested deeper than 128",
            (Ended::Damaged, _) => return self.recover(start, "not JSON"),
            (Ended::Cut, _) => return self.cut(start),
        };
        self.visitor.damage(span, why)?;
        Ok(self.go_on())
    }

    fn go_on(&mut self) -> Flow {
        self.source.release();
        Flow::On
    }

    /// A value made no sense: goes to the next sibling that hides in it, or behind it.
    fn inside(&mut self, span: Span) -> io::Result<Flow> {
        self.doubt = true;
        let hidden = match (self.source.held(), self.levels.last_mut()) {
            (Some(bytes), Some(siblings)) => {
                siblings.learn(&bytes[..bytes.len().min(REACH)]);
                shape::find(bytes.get(1..).unwrap_or_default(), siblings).map(|n| n as u64 + 1)
            }
            _ => None,
        };
        let length = match hidden {
            Some(n) if self.may_look_again(span.length - n) => {
                self.source.go_to(span.start + n);
                n
            }
            _ => span.length,
        };
        self.visitor.damage(Span { start: span.start, length }, "not what the format says")?;
        Ok(self.go_on())
    }

    fn may_look_again(&mut self, bytes: u64) -> bool {
        self.rescanned = self.rescanned.saturating_add(bytes);
        self.rescanned <= MAX_RESCAN
    }

    /// The file ended inside a value: either it is cut there, or damage made the value swallow its siblings.
    fn cut(&mut self, start: u64) -> io::Result<Flow> {
        let end = self.source.at();
        if let (Some(bytes), Some(siblings)) = (self.source.held(), self.levels.last_mut()) {
            siblings.learn(&bytes[..bytes.len().min(REACH)]);
            if shape::find(bytes.get(1..).unwrap_or_default(), siblings).is_some() {
                return self.recover(start, "not JSON");
            }
        }
        self.source.release();
        self.source.go_to(end);
        Ok(Flow::Cut)
    }

    /// After damage in what began at `start`: goes to the next object that looks like an element of the innermost
    /// container, or else of one around it.
    fn recover(&mut self, start: u64, why: &str) -> io::Result<Flow> {
        let again = self.source.at().saturating_sub(start + 1);
        if let (Some(bytes), Some(siblings)) = (self.source.held(), self.levels.last_mut()) {
            siblings.learn(&bytes[..bytes.len().min(REACH)]);
        }
        if self.source.held().is_some() && self.may_look_again(again) {
            self.source.go_to(start + 1);
        }
        self.source.release();
        let level = self.seek()?;
        let length = self.source.at() - start;
        self.visitor.damage(Span { start, length }, why)?;
        Ok(level.map_or(Flow::Cut, Flow::Unwind))
    }

    /// Looks on for an element of an entered container; its level. An element behind another mention of the
    /// container's own key belongs to another container of that name, and is not taken for one of this.
    fn seek(&mut self) -> io::Result<Option<usize>> {
        let own = self.own_key();
        let mut fenced = false;
        loop {
            self.source.want(REACH)?;
            let ahead = self.source.ahead();
            if ahead.is_empty() {
                return Ok(None);
            }
            let last = ahead.len() <= REACH;
            let reach = if last { ahead.len() } else { ahead.len() - REACH };
            let find = |closed: usize| {
                memchr::memchr_iter(b'{', &ahead[..reach]).find_map(|n| {
                    let object = &ahead[n..ahead.len().min(n + REACH)];
                    let mut levels = self.levels.iter().enumerate().rev().skip(closed);
                    levels.find(|(_, shapes)| shapes.matches(object)).map(|(level, _)| (n, level))
                })
            };
            let mut found = find(usize::from(fenced));
            let before = &ahead[..found.map_or(reach, |(n, _)| n)];
            if !fenced && own.as_deref().is_some_and(|key| shape::find_key(before, key).is_some()) {
                fenced = true;
                found = find(1);
            }
            let at = self.source.at();
            self.source.go_to(at + found.map_or(reach, |(n, _)| n) as u64);
            if found.is_some() || last {
                return Ok(found.map(|(_, level)| level));
            }
        }
    }

    fn container(&mut self, open: u8) -> io::Result<Flow> {
        self.source.step();
        let level = self.levels.len() - 1;
        let close = if open == b'{' { b'}' } else { b']' };
        self.expect_beginnings(open, level);
        let mut index = 0;
        let mut first_key: Option<String> = None;
        let mut resumed = false;
        let mut apart = true; // whether a comma stands before what comes next
        loop {
            let Some(byte) = self.source.token()? else { return Ok(Flow::Cut) };
            let stray = byte == close && self.may_be_stray()? && self.sibling_near()?;
            if byte == close && !stray {
                self.source.step();
                return Ok(Flow::On);
            }
            if byte == b',' {
                self.source.step();
                apart = true;
                continue;
            }
            let run_on = !apart && !resumed && !matches!(byte, b'{' | b'[');
            let flow = if open == b'{' && !resumed {
                if byte == b'"' { self.member(&mut index, &mut first_key)? } else { self.lost()? }
            } else if matches!(byte, b'}' | b']' | b':') || stray || run_on {
                self.lost()?
            } else {
                let step = if open == b'[' { Step::Index(index) } else { Step::Key(String::new()) };
                index += 1;
                self.element(step, byte)?
            };
            (resumed, apart) = (false, false);
            match flow {
                Flow::On => {}
                Flow::Unwind(to) if to == level => resumed = true,
                other => return Ok(other),
            }
        }
    }

    /// Remembers how the elements of the container at `level` are known to begin.
    fn expect_beginnings(&mut self, open: u8, level: usize) {
        self.path.push(if open == b'[' { Step::Index(0) } else { Step::Key(String::new()) });
        let known = self.visitor.beginnings(&self.path);
        self.path.pop();
        if let Some(shapes) = self.levels.get_mut(level) {
            known.iter().for_each(|[one, two]| shapes.learn_keys(one, two));
        }
    }

    /// Whether the bracket that comes next is a left-over of damage, by what stands before and behind it.
    fn may_be_stray(&mut self) -> io::Result<bool> {
        self.source.want(REACH)?;
        let behind = self.source.ahead().get(1..).unwrap_or_default().trim_ascii_start().first();
        Ok(self.doubt || !matches!(behind, None | Some(b',' | b'}' | b']')))
    }

    /// Whether an element of the innermost container stands shortly ahead.
    fn sibling_near(&mut self) -> io::Result<bool> {
        self.source.want(2 * REACH)?;
        let near = &self.source.ahead()[..self.source.ahead().len().min(REACH)];
        let Some(at) = self.levels.last().and_then(|shapes| shape::find(near, shapes)) else {
            return Ok(false);
        };
        Ok(self.own_key().and_then(|key| shape::find_key(near, &key)).is_none_or(|fence| at < fence))
    }

    /// The key of the container that is being walked, or of the nearest one around it.
    fn own_key(&self) -> Option<String> {
        self.path.iter().rev().find_map(|step| match step {
            Step::Key(key) if !key.is_empty() => Some(key.clone()),
            _ => None,
        })
    }

    /// What stands here cannot stand here.
    fn lost(&mut self) -> io::Result<Flow> {
        let start = self.source.at();
        self.source.step();
        self.recover(start, "not JSON")
    }

    fn element(&mut self, step: Step, first: u8) -> io::Result<Flow> {
        self.path.push(step);
        let flow = self.value(first);
        self.path.pop();
        flow
    }

    /// A key and its value. The first two keys of an object tell how it begins.
    fn member(&mut self, index: &mut u64, first_key: &mut Option<String>) -> io::Result<Flow> {
        let start = self.source.at();
        self.source.hold();
        let whole = self.source.string()?;
        let key =
            self.source.held().filter(|raw| whole && raw.len() <= MAX_KEY).map(key_text).unwrap_or_default();
        self.source.release();
        if !whole {
            return Ok(Flow::Cut);
        }
        match self.source.token()? {
            Some(b':') => self.source.step(),
            Some(_) => return self.recover(start, "not JSON"),
            None => return Ok(Flow::Cut),
        }
        let Some(first) = self.source.token()? else { return Ok(Flow::Cut) };
        match (*index, &first_key) {
            (0, _) => *first_key = (!matches!(first, b'{' | b'[')).then(|| key.clone()),
            (1, Some(one)) => {
                let outer = self.levels.len().checked_sub(2).and_then(|n| self.levels.get_mut(n));
                if let Some(shapes) = outer {
                    shapes.learn_keys(one, &key);
                }
            }
            _ => {}
        }
        *index += 1;
        self.element(Step::Key(key), first)
    }
}

fn is_scalar(held: Option<&[u8]>) -> bool {
    held.and_then(|bytes| bytes.first()).is_some_and(|b| !matches!(b, b'{' | b'[' | b'"'))
}

fn key_text(raw: &[u8]) -> String {
    let inner = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default();
    if inner.contains(&b'\\') {
        serde_json::from_slice(raw).unwrap_or_default()
    } else {
        String::from_utf8_lossy(inner).into_owned()
    }
}
