//! Lists of posts in JSON: which values to take is said by their paths, and each is handed on.

use std::io::{self, SeekFrom};

use model::Span;

use super::reading::Reading;
use crate::Input;
use crate::json::{Choice, Outcome, Step, Visitor, walk};

/// Says what to do with the value at a path whose first byte is given.
pub(super) type Choose<'c> = &'c dyn Fn(&[Step], u8) -> Choice;

/// Walks `input` from where it stands, `from` bytes into the file, and hands on what `choose` takes; damage is told.
/// `known` are the first two keys of posts, for use after damage.
pub(super) fn each<'a>(
    input: &mut dyn Input,
    from: u64,
    reading: &mut Reading<'a>,
    (choose, known): (Choose<'_>, &'static [[&'static str; 2]]),
    value: Value<'_, 'a>,
) -> io::Result<Outcome> {
    let mut visitor = Each { reading, from, choose, known, value };
    walk(&mut &mut *input, &mut visitor)
}

/// Looks through `input` from its start for what is known before the posts; goes back to the start.
pub(super) fn peek(
    input: &mut dyn Input,
    choose: Choose<'_>,
    value: &mut dyn FnMut(&[Step], &[u8]),
) -> io::Result<()> {
    input.seek(SeekFrom::Start(0))?;
    walk(&mut &mut *input, &mut Peek { choose, value })?;
    input.seek(SeekFrom::Start(0))?;
    Ok(())
}

/// Takes a value: false if it makes no sense.
pub(super) type Value<'v, 'a> = &'v mut dyn FnMut(&mut Reading<'a>, &[Step], &[u8], Span) -> io::Result<bool>;

struct Each<'v, 'r, 'a> {
    reading: &'r mut Reading<'a>,
    from: u64,
    choose: Choose<'v>,
    known: &'static [[&'static str; 2]],
    value: Value<'v, 'a>,
}

impl Visitor for Each<'_, '_, '_> {
    fn choose(&mut self, path: &[Step], first: u8) -> Choice {
        (self.choose)(path, first)
    }
    fn value(&mut self, path: &[Step], bytes: &[u8], span: Span) -> io::Result<bool> {
        (self.value)(self.reading, path, bytes, Span { start: span.start + self.from, ..span })
    }
    fn beginnings(&self, path: &[Step]) -> &'static [[&'static str; 2]] {
        if (self.choose)(path, b'{') == Choice::Take { self.known } else { &[] }
    }
    fn damage(&mut self, span: Span, why: &str) -> io::Result<()> {
        self.reading.damage(Span { start: span.start + self.from, ..span }, why)
    }
}

struct Peek<'v> {
    choose: Choose<'v>,
    value: &'v mut dyn FnMut(&[Step], &[u8]),
}

impl Visitor for Peek<'_> {
    fn choose(&mut self, path: &[Step], first: u8) -> Choice {
        (self.choose)(path, first)
    }
    fn value(&mut self, path: &[Step], bytes: &[u8], _span: Span) -> io::Result<bool> {
        let mended = crate::json::mend(bytes);
        (self.value)(path, mended.as_deref().unwrap_or(bytes));
        Ok(true)
    }
    fn damage(&mut self, _span: Span, _why: &str) -> io::Result<()> {
        Ok(()) // told when the posts are read
    }
}
