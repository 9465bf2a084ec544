//! What of a page is still English where every text of ours stands in brackets.

use std::collections::BTreeSet;

use html5gum::{Token, Tokenizer};
use serde_json::Value;

/// Attributes whose values people read or hear.
const READ: [&str; 4] = ["aria-label", "title", "placeholder", "alt"];
/// Elements in which nothing of ours is said: received words, times, ids and commands. The words of a picture and the lines of its
/// text, which stand in an element of the class `word` or `line`, are received too.
const OTHERS: [&str; 6] = ["bdi", "time", "code", "style", "script", "q"];
/// What is the same in every language, and not looked up.
const SAME: [&str; 2] = ["px", "Truecopy"];
/// Endings of the names of our own files.
const ENDINGS: [&str; 6] = [".json", ".html", ".csv", ".gexf", ".graphml", ".ndjson"];

/// What was received, and so may stand anywhere as it is.
pub struct Received(BTreeSet<String>);

impl Received {
    /// All words of an account but those of ours that stand in it, which are among `texts`.
    pub fn of(account: &Value, list: &str) -> Self {
        let (mut all, mut certain) = (BTreeSet::new(), BTreeSet::new());
        gathered("", account, &mut all, &mut certain);
        let texts = list.lines().filter_map(|line| line.strip_prefix("msgid \"")?.strip_suffix('"'));
        for text in texts {
            all.remove(&text.replace("\\\"", "\""));
        }
        all.append(&mut certain);
        Self(all)
    }

    fn has(&self, words: &str) -> bool {
        self.0.contains(words) || words.len() > 8 && self.0.iter().any(|own| own.starts_with(words))
    }

    /// Whether some words are received ones put together: a name and a role, a speaker and a verb.
    fn make_up(&self, words: &str) -> bool {
        let words = words.trim_matches(|sign: char| !sign.is_alphabetic());
        let begins = |own: &&String| own.len() > 2 && words.starts_with(own.as_str());
        words.is_empty() || self.0.iter().filter(begins).any(|own| self.make_up(&words[own.len()..]))
    }
}

fn gathered(key: &str, value: &Value, all: &mut BTreeSet<String>, certain: &mut BTreeSet<String>) {
    match value {
        Value::String(text) if ["verb", "name", "role"].contains(&key) => drop(certain.insert(text.clone())),
        Value::String(text) => {
            all.extend(text.lines().map(|line| line.trim().to_owned()));
            all.insert(text.trim().to_owned());
        }
        Value::Array(values) => values.iter().for_each(|value| gathered(key, value, all, certain)),
        Value::Object(values) => values.iter().for_each(|(key, value)| gathered(key, value, all, certain)),
        _ => {}
    }
}

/// The texts and attributes of a page in which English is left outside the brackets.
pub fn left(html: &str, received: &Received) -> Vec<String> {
    let mut left = Vec::new();
    let mut inside: Vec<String> = Vec::new();
    for Ok(token) in Tokenizer::new(html) {
        match token {
            Token::StartTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                for (attribute, value) in &tag.attributes {
                    let attribute = String::from_utf8_lossy(attribute).into_owned();
                    if READ.contains(&attribute.as_str()) {
                        let value = String::from_utf8_lossy(&value.value).into_owned();
                        if !is_fine(&value, received) {
                            left.push(format!("{attribute}={value}"));
                        }
                    }
                }
                let read = tag.attributes.iter().any(|(attribute, value)| {
                    let classes = String::from_utf8_lossy(&value.value).into_owned();
                    **attribute == *b"class"
                        && classes.split(' ').any(|class| ["word", "line"].contains(&class))
                });
                if (read || OTHERS.contains(&name.as_str())) && !tag.self_closing {
                    inside.push(name);
                }
            }
            Token::EndTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                if inside.last() == Some(&name) {
                    inside.pop();
                }
            }
            Token::String(text) if inside.is_empty() => {
                let text = String::from_utf8_lossy(&text).into_owned();
                if !is_fine(&text, received) {
                    left.push(text);
                }
            }
            _ => {}
        }
    }
    left
}

fn is_fine(text: &str, received: &Received) -> bool {
    let outside = outside(text);
    let words = outside.trim().trim_end_matches('…').trim();
    let bare = words.trim_matches(|sign: char| !sign.is_alphanumeric());
    received.has(words)
        || received.make_up(bare)
        || bare.split_whitespace().all(|word| is_same(word, received))
}

/// What of a text stands outside all brackets.
fn outside(text: &str) -> String {
    let mut deep = 0_usize;
    let mut kept = String::new();
    for sign in text.chars() {
        match sign {
            '⟦' => deep += 1,
            '⟧' => deep = deep.saturating_sub(1),
            _ if deep == 0 => kept.push(sign),
            _ => {}
        }
    }
    kept
}

/// "fam:0123456789ab", or a digest.
fn is_id(word: &str) -> bool {
    let digits = word.rsplit(':').next().unwrap_or_default();
    digits.len() >= 12 && digits.chars().all(|sign| sign.is_ascii_hexdigit())
}

/// Numbers, labels, ids, instants, and names that are the same everywhere.
fn is_same(word: &str, received: &Received) -> bool {
    let word = word.trim_matches(|sign: char| !sign.is_alphanumeric());
    let letters = word.chars().filter(|sign| sign.is_alphabetic()).count();
    // Without a small letter: UTC, PNG, a marking as it was read.
    letters <= 1
        || !word.contains(char::is_lowercase)
        || SAME.contains(&word)
        || is_id(word)
        || ENDINGS.iter().any(|ending| word.ends_with(ending))
        || word.contains(|sign: char| sign.is_ascii_digit()) && word.contains(['T', ':', '-'])
        || received.has(word)
}

#[test]
fn english_is_found_and_received_words_are_not() {
    let received = Received::of(
        &serde_json::json!({ "a": ["general chat", "Sheets", "second line\nof it"] }),
        "msgid \"Sheets\"\n",
    );
    let left = |html: &str| left(html, &received);
    for fine in [
        "<p title=\"⟦a⟧ 3\">⟦Sheet⟧ 3, 2023-01-01 UTC <bdi>any words</bdi> fam:0123456789abcdef</p>",
        "<p>⟦{a ⟦b⟧}⟧</p><p>general chat</p><p>“of it”</p><p>A2</p>",
    ] {
        assert_eq!(left(fine), Vec::<String>::new());
    }
    assert_eq!(
        left("<p title=\"a title\">Sheets <b>⟦of⟧ it</b></p>"),
        ["title=a title", "Sheets ", "⟦of⟧ it"]
    );
}
