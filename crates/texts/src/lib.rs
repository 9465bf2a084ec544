//! The texts for people, in the language of whoever looks.
//!
//! The English text stands in the source and is its own key, as gettext has it. Comes in: a translator's file ([`load`]), once, when
//! the process starts. Goes out: for each text its translation, or itself ([`say`], [`count`], [`filled`], and every literal of
//! [`html!`]).
//!
//! Invariant: only what stands in our sources is looked up (a text is `&'static str`), nothing received ever is; without a file every
//! byte is as without this crate. Deliberately absent: numbers, dates and the order of words in a language.

// What `html!` writes names this crate.
#[cfg(test)]
extern crate self as texts;

mod brackets;
mod error;
mod file;
mod plural;
mod po;

use std::collections::{BTreeMap, HashMap};
use std::fmt::{Display, Write as _};
use std::path::Path;
use std::sync::OnceLock;

pub use brackets::bracketed;
pub use error::Error;
pub use markup::html;
use maud::Render;
use plural::Rule;

static LANGUAGE: OnceLock<Language> = OnceLock::new();

/// A translator's work.
#[derive(Debug)]
pub struct Language {
    /// As BCP 47 has it: "de", "pt-BR".
    name: String,
    rule: Rule,
    /// By the English text: one form, or as many as the rule tells apart.
    texts: HashMap<String, Vec<String>>,
    /// Those of the scripts, by the names that the scripts have for them.
    scripts: Scripts,
}

/// Shows all texts of this process in the language of a translator's file (PO). The first file that is loaded stays.
pub fn load(file: &Path) -> Result<(), Error> {
    let language = Language::read(file)?;
    LANGUAGE.set(language).map_err(|_| Error::Loaded)
}

/// The language of this process as BCP 47 has it.
pub fn language() -> &'static str {
    LANGUAGE.get().map_or("en", |language| language.name.as_str())
}

/// A text as it is shown. Spaces at its ends stay.
pub fn say(text: &'static str) -> &'static str {
    LANGUAGE.get().map_or(text, |language| language.say(text))
}

/// A text of our own that was kept as owned words, such as those of an account that this program told; never for what was received.
pub fn say_told(text: &str) -> &str {
    LANGUAGE.get().map_or(text, |language| language.say(text))
}

/// Says that a text is one, for tables: it is looked up when it is shown.
pub const fn mark(text: &'static str) -> &'static str {
    text
}

/// The text for one or for several, by the plural rule of the language.
pub fn count(n: u64, one: &'static str, many: &'static str) -> &'static str {
    let english = if n == 1 { one } else { many };
    LANGUAGE.get().map_or(english, |language| language.count(n, one).unwrap_or(english))
}

/// A text with its `{places}` filled. What is filled in is not looked at again, and not looked up.
pub fn filled(text: &'static str, places: &[(&str, &dyn Display)]) -> String {
    let mut out = String::new();
    for piece in pieces(text) {
        // Writing to a String does not fail.
        let _ = match piece {
            Piece::Words(words) => write!(out, "{words}"),
            Piece::Place(name) => match places.iter().find(|(own, _)| *own == name) {
                Some((_, value)) => write!(out, "{value}"),
                None => write!(out, "{{{name}}}"),
            },
        };
    }
    out
}

/// A piece of a text that has `{places}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Words as they are shown.
    Words(&'static str),
    /// Where something is put, by its name.
    Place(&'static str),
}

/// A text as it is shown, in pieces, for places that take more than words.
pub fn pieces(text: &'static str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = say(text);
    while let Some((before, place, after)) = next_place(rest) {
        if !before.is_empty() {
            pieces.push(Piece::Words(before));
        }
        pieces.push(Piece::Place(place));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Words(rest));
    }
    pieces
}

fn next_place(text: &'static str) -> Option<(&'static str, &'static str, &'static str)> {
    let (before, inside) = text.split_once('{')?;
    let (place, after) = inside.split_once('}')?;
    Some((before, place, after))
}

/// The forms of each text of the scripts, by its name.
pub type Scripts = BTreeMap<String, Vec<String>>;

/// What the scripts are told: their texts by name, and which form a number takes. None without a file.
pub fn of_scripts() -> Option<(&'static Scripts, Vec<usize>)> {
    let language = LANGUAGE.get()?;
    // Rules look at a number, and at its last three digits: up to 999 a number stands for itself, and the second thousand for
    // all that are larger.
    Some((&language.scripts, (0..2000).map(|n| language.rule.form(n)).collect()))
}

impl Language {
    fn say<'a>(&'a self, text: &'a str) -> &'a str {
        self.texts.get(text).and_then(|forms| forms.first()).map_or(text, String::as_str)
    }

    fn count(&self, n: u64, one: &str) -> Option<&str> {
        let forms = self.texts.get(one)?;
        forms.get(self.rule.form(n)).or(forms.first()).map(String::as_str)
    }
}

/// A text in markup: what [`html!`] puts where a literal stands.
#[derive(Clone, Copy, Debug)]
pub struct Text {
    text: &'static str,
    escaped: &'static str,
}

impl Text {
    /// A text, and the same as HTML has it.
    pub const fn new(text: &'static str, escaped: &'static str) -> Self {
        Self { text, escaped }
    }
}

impl Render for Text {
    fn render_to(&self, to: &mut String) {
        match LANGUAGE.get().and_then(|language| language.texts.get(self.text)?.first()) {
            Some(translated) => translated.as_str().render_to(to),
            None => to.push_str(self.escaped),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_file_all_is_english() {
        assert_eq!(
            (say(" of "), count(1, "post", "posts"), count(0, "post", "posts")),
            (" of ", "post", "posts")
        );
        let markup = html! { p title="a & b" .x { "Sheet " (7) " <of> " @if true { "\"yes\"" } } };
        assert_eq!(
            markup.into_string(),
            "<p class=\"x\" title=\"a &amp; b\">Sheet 7 &lt;of&gt; &quot;yes&quot;</p>"
        );
        assert!(language() == "en" && of_scripts().is_none());
    }

    #[test]
    fn places_are_filled_once() {
        let received = "{b}".to_owned();
        assert_eq!(filled("{a} of {b}, {c} {", &[("a", &received), ("b", &2)]), "{b} of 2, {c} {");
    }
}
