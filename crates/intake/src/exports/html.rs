//! HTML exports, read as a browser's tokenizer reads them (WHATWG HTML, 13.2.5, by the crate `html5gum`), with the place
//! of every tag, in one pass. No tree is built: a page says of each element what it is for, and gets its text.

use std::io;

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Emitter, ForwardingEmitter, IoReader, Span, Tokenizer};

use crate::Input;

/// More of one text, attribute or comment than this is dropped.
const MAX_PIECE: usize = 1 << 20;
/// Elements nested deeper than this are taken for their outer ones.
const MAX_DEPTH: usize = 512;
const MAX_ATTRIBUTES: usize = 64;

/// A start tag.
pub(super) struct Tag {
    pub name: String,
    attributes: Vec<(String, String)>,
    /// Where it begins in the file.
    pub start: u64,
}

impl Tag {
    /// The value of an attribute, empty where there is none.
    pub fn get(&self, name: &str) -> &str {
        self.attributes.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// Whether it is of this class.
    pub fn is(&self, class: &str) -> bool {
        self.get("class").split_ascii_whitespace().any(|own| own == class)
    }

    /// Whether one of its classes begins so.
    pub fn is_like(&self, class: &str) -> bool {
        self.get("class").split_ascii_whitespace().any(|own| own.starts_with(class))
    }
}

/// Whoever reads a page.
pub(super) trait Page {
    /// What an element is for.
    type Role: Copy;
    /// What a start tag is for, inside of an element for `outer`.
    fn open(&mut self, tag: &Tag, outer: Self::Role) -> io::Result<Self::Role>;
    /// Text directly in an element for `role`.
    fn text(&mut self, text: &str, role: Self::Role) -> io::Result<()>;
    /// The end of an element named `name` for `role` inside of one for `outer`; the file goes on at `end`.
    fn close(&mut self, name: &str, role: Self::Role, outer: Self::Role, end: u64) -> io::Result<()>;
}

/// Reads `input` to its end. `outermost` is what stands outside of all elements. Gives whether `<html>` or, where there
/// was none, every element was closed.
pub(super) fn read<P: Page>(input: &mut dyn Input, outermost: P::Role, page: &mut P) -> io::Result<bool> {
    let mut gather = Gather::default();
    let mut inner =
        CallbackEmitter::new(move |event: CallbackEvent<'_>, span: Span<usize>| gather.take(event, span));
    inner.naively_switch_states(true);
    let emitter = Bounded { inner, room: MAX_PIECE };
    let mut open: Vec<(String, P::Role)> = Vec::new();
    let role_of = |open: &[(String, P::Role)]| open.last().map_or(outermost, |(_, role)| *role);
    let mut ended = false;
    for token in Tokenizer::new_with_emitter(IoReader::new(input), emitter) {
        match token? {
            Token::Open(tag) => {
                let outer = role_of(&open);
                let role = page.open(&tag, outer)?;
                if !is_void(&tag.name) && open.len() < MAX_DEPTH {
                    open.push((tag.name, role));
                }
            }
            Token::Text(text) => page.text(&text, role_of(&open))?,
            Token::Close(name, end) => {
                ended |= name == "html";
                let Some(at) = open.iter().rposition(|(own, _)| *own == name) else { continue };
                while open.len() > at {
                    let Some((own, role)) = open.pop() else { break };
                    page.close(&own, role, role_of(&open), end)?;
                }
            }
        }
    }
    Ok(ended || open.is_empty())
}

fn is_void(name: &str) -> bool {
    const VOID: [&str; 13] = [
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
    ];
    VOID.contains(&name)
}

enum Token {
    Open(Tag),
    Close(String, u64),
    Text(String),
}

/// Puts the pieces of a tag together.
#[derive(Default)]
struct Gather {
    tag: Option<Tag>,
}

impl Gather {
    fn take(&mut self, event: CallbackEvent<'_>, span: Span<usize>) -> Option<Token> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        match event {
            CallbackEvent::OpenStartTag { name } => {
                self.tag = Some(Tag { name: text(name), attributes: Vec::new(), start: span.start as u64 });
                None
            }
            CallbackEvent::AttributeName { name } => {
                let attributes = &mut self.tag.as_mut()?.attributes;
                if attributes.len() < MAX_ATTRIBUTES {
                    attributes.push((text(name), String::new()));
                }
                None
            }
            CallbackEvent::AttributeValue { value } => {
                let (_, last) = self.tag.as_mut()?.attributes.last_mut()?;
                if last.is_empty() {
                    *last = text(value);
                }
                None
            }
            CallbackEvent::CloseStartTag { .. } => self.tag.take().map(Token::Open),
            CallbackEvent::EndTag { name } => Some(Token::Close(text(name), span.end as u64)),
            CallbackEvent::String { value } => Some(Token::Text(text(value))),
            _ => None,
        }
    }
}

/// Lets no piece grow without bound.
struct Bounded<E> {
    inner: E,
    room: usize,
}

impl<E> Bounded<E> {
    fn fit<'s>(&mut self, piece: &'s [u8]) -> &'s [u8] {
        let piece = &piece[..piece.len().min(self.room)];
        self.room -= piece.len();
        piece
    }
}

impl<E: Emitter> ForwardingEmitter for Bounded<E> {
    type Token = E::Token;
    fn inner(&mut self) -> &mut impl Emitter<Token = E::Token> {
        &mut self.inner
    }
    fn should_emit_errors(&mut self) -> bool {
        false
    }
    fn emit_error(&mut self, _error: html5gum::Error) {}
    fn start_open_tag(&mut self) {
        self.room = MAX_PIECE;
        self.inner.start_open_tag();
    }
    fn emit_string(&mut self, piece: &[u8]) {
        let piece = self.fit(piece);
        self.inner.emit_string(piece);
    }
    fn push_comment(&mut self, piece: &[u8]) {
        let piece = self.fit(piece);
        self.inner.push_comment(piece);
    }
    fn push_attribute_name(&mut self, piece: &[u8]) {
        let piece = self.fit(piece);
        self.inner.push_attribute_name(piece);
    }
    fn push_attribute_value(&mut self, piece: &[u8]) {
        let piece = self.fit(piece);
        self.inner.push_attribute_value(piece);
    }
    fn push_tag_name(&mut self, piece: &[u8]) {
        let piece = self.fit(piece);
        self.inner.push_tag_name(piece);
    }
    fn push_doctype_name(&mut self, piece: &[u8]) {
        let piece = self.fit(piece);
        self.inner.push_doctype_name(piece);
    }
    fn push_doctype_public_identifier(&mut self, piece: &[u8]) {
        let piece = self.fit(piece);
        self.inner.push_doctype_public_identifier(piece);
    }
    fn push_doctype_system_identifier(&mut self, piece: &[u8]) {
        let piece = self.fit(piece);
        self.inner.push_doctype_system_identifier(piece);
    }
}
