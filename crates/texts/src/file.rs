//! A translator's file: PO, as gettext's tools and editors write it.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;

use crate::plural::Rule;
use crate::po::{Entry, entries};
use crate::{Error, Language};

/// Bytes of a file, at most.
const MOST: u64 = 16 << 20;

impl Language {
    /// What a file holds.
    pub(crate) fn read(file: &Path) -> Result<Self, Error> {
        let name = file.display().to_string();
        let disk = |error| Error::Disk(name.clone(), error);
        let size = fs::metadata(file).map_err(disk)?.len();
        if size > MOST {
            return Err(Error::Format(name, format!("it has {size} bytes, at most {MOST} are read")));
        }
        let bytes = fs::read(file).map_err(disk)?;
        let text = String::from_utf8(bytes)
            .map_err(|_| Error::Format(name.clone(), "it is not UTF-8; save it as UTF-8".to_owned()))?;
        Self::parse(&name, &text)
    }

    /// What the text of a file holds; `name` is for what is said where it cannot be read.
    pub(crate) fn parse(name: &str, text: &str) -> Result<Self, Error> {
        let all = entries(text).map_err(|why| Error::Format(name.to_owned(), why))?;
        let head = all.iter().find(|entry| entry.text.is_empty()).and_then(|entry| entry.forms.first());
        let header = |key: &str| {
            let mut lines = head.into_iter().flat_map(|head| head.lines());
            lines.find_map(|line| Some(line.strip_prefix(key)?.strip_prefix(':')?.trim()))
        };
        let language = header("Language").and_then(bcp).ok_or_else(|| Error::Language(name.to_owned()))?;
        let rule = match header("Plural-Forms") {
            Some(line) => Rule::parse(line).map_err(|why| Error::Plural(name.to_owned(), why))?,
            None => Rule::english(),
        };
        let (mut texts, mut scripts) = (HashMap::new(), BTreeMap::new());
        for entry in all.into_iter().filter(|entry| !entry.text.is_empty()) {
            if !is_usable(&entry) {
                continue;
            }
            match entry.context {
                Some(named) => drop(scripts.insert(named, entry.forms)),
                None => drop(texts.insert(entry.text, entry.forms)),
            }
        }
        Ok(Self { name: language, rule, texts, scripts })
    }
}

/// Whether it is translated in all its forms, and not marked as to be looked at again.
fn is_usable(entry: &Entry) -> bool {
    let right = entry.many.is_some() || entry.forms.len() == 1;
    right && !entry.fuzzy && entry.forms.iter().all(|form| !form.is_empty())
}

/// "pt_BR.UTF-8@latin" as BCP 47 has it: "pt-BR".
fn bcp(named: &str) -> Option<String> {
    let name = named.split(['@', '.']).next()?.replace('_', "-");
    let fits = name.len() <= 35
        && name
            .split('-')
            .all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
        && name
            .split('-')
            .next()
            .is_some_and(|part| part.len() >= 2 && part.bytes().all(|b| b.is_ascii_alphabetic()));
    fits.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"# German.
#
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Language: de_AT\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

#: crates/dossier/src/report/mod.rs
msgid "Sheets"
msgstr "Blätter"

msgid "post"
msgid_plural "posts"
msgstr[0] "Nachricht"
msgstr[1] "Nachrichten"

#, fuzzy
msgid "Documents"
msgstr "Dokument"

msgid "Gaps"
msgstr ""

msgctxt "zoom.in"
msgid "Zoom in"
msgstr ""
"Ver"
"größern \"<b>\""

#~ msgid "Old"
#~ msgstr "Alt"
"#;

    #[test]
    fn a_file_is_read() {
        let language = Language::parse("de.po", FILE).unwrap();
        assert_eq!(language.name, "de-AT");
        assert_eq!((language.say("Sheets"), language.say("post")), ("Blätter", "Nachricht"));
        for left in ["Documents", "Gaps", "Old", "Zoom in", ""] {
            assert_eq!(language.say(left), left);
        }
        let counted = |n| language.count(n, "post").unwrap();
        assert_eq!((counted(0), counted(1), counted(2)), ("Nachrichten", "Nachricht", "Nachrichten"));
        assert_eq!(language.count(2, "Gaps"), None);
        assert_eq!(language.scripts["zoom.in"], ["Vergrößern \"<b>\""]);
    }

    #[test]
    fn a_file_that_cannot_be_used_says_why() {
        let says = |text: &str| Language::parse("de.po", text).unwrap_err().to_string();
        assert!(
            says(&FILE.replace("Language: de_AT", "Language: ")).contains("de.po does not say its language")
        );
        assert!(says(&FILE.replace("de_AT", "<script>")).contains("does not say its language"));
        assert!(says(&FILE.replace("(n != 1)", "(n !")).contains("Plural-Forms"));
        assert!(says("Hello").starts_with("de.po is no file of translations that can be read: line 1"));
        assert!(says("").contains("does not say its language"));
        let missing = Language::read(Path::new("/nowhere/de.po")).unwrap_err().to_string();
        assert!(missing.starts_with("/nowhere/de.po: "), "{missing}");
    }

    #[test]
    fn names_of_languages() {
        assert_eq!(bcp("pt_BR.UTF-8@latin").as_deref(), Some("pt-BR"));
        assert_eq!(bcp("sr_Latn_RS").as_deref(), Some("sr-Latn-RS"));
        for bad in ["", "d", "de-", "de DE", "12", "\"><"] {
            assert_eq!(bcp(bad), None, "{bad}");
        }
    }

    #[test]
    fn damaged_files_harm_nobody() {
        for end in (0..FILE.len()).filter(|end| FILE.is_char_boundary(*end)) {
            let _ = Language::parse("a", &FILE[..end]);
            for sign in ["", "\"", "\\", "\n", "#", "#~ ", "#| ", "msgid", "msgstr[9", "\u{e9}"] {
                let _ = Language::parse("a", &format!("{}{sign}{}", &FILE[..end], &FILE[end..]));
            }
        }
    }
}
