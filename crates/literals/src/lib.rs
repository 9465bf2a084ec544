//! Where the texts for people stand in our sources.
//!
//! Comes in: the tokens of an `html!`, or a whole source file. Goes out: the same tokens with every text replaced by what the caller
//! makes of it ([`walk`]), or a list of the texts ([`texts`]). The macro that looks texts up and the list for translators go the
//! same way, so that neither knows a text that the other does not.
//!
//! Invariant: a text is a string literal of our own sources that stands where people read it, and nothing else is one: no
//! expression, no class, no address, no pattern. Deliberately absent: any language.

mod html;
mod source;

pub use html::walk;
pub use source::{Found, Keywords, texts};

/// A literal parted into the spaces before it, the text itself, and the spaces after it; None where it has no letter.
pub fn parted(literal: &str) -> Option<(&str, &str, &str)> {
    let text = literal.trim_matches(' ');
    if !text.chars().any(char::is_alphabetic) {
        return None;
    }
    let before = literal.len() - literal.trim_start_matches(' ').len();
    Some((&literal[..before], text, &literal[before + text.len()..]))
}

/// What the value of a literal is, where it is one of text.
fn value(literal: &proc_macro2::Literal) -> Option<String> {
    match syn::Lit::new(literal.clone()) {
        syn::Lit::Str(text) => Some(text.value()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_stay_outside() {
        assert_eq!(parted(" of "), Some((" ", "of", " ")));
        assert_eq!(parted("Sheet "), Some(("", "Sheet", " ")));
        assert_eq!(parted("  a b"), Some(("  ", "a b", "")));
        assert_eq!(parted("é"), Some(("", "é", "")));
        assert_eq!(parted(""), None);
        assert_eq!(parted(" · 12 → "), None);
    }
}
