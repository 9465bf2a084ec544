//! Names that are known: countries with their adjectives and capitals, places, bodies, and what a user adds as CSV.
//!
//! In: own tables, and rows `kind,name,other name,…`. Out: the longest known name at a token. Invariant: names are held without
//! accents and in small letters; two names of one entry lead to the same entry.

use std::collections::HashMap;
use std::sync::LazyLock;

use model::{EntityKind, Form};

use crate::ftm;
use crate::lexicon;
use crate::text::{Case, Token};

/// A known name.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub kind: EntityKind,
    pub form: Form,
    /// The first name of the entry.
    pub name: String,
    /// Its words, in small letters.
    words: Vec<String>,
    /// Written in capitals wherever it is meant.
    capitals: bool,
    /// Added by the user.
    pub own: bool,
}

/// Known names, by their first word.
#[derive(Clone, Debug, Default)]
pub struct Gazetteer {
    names: HashMap<String, Vec<Known>>,
    /// What the user added, in order: part of what results depend on.
    added: String,
}

/// Why a row of a user's gazetteer was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRow {
    /// Counted from 1.
    pub line: usize,
    /// Why.
    pub says: String,
}

static SHIPPED: LazyLock<Gazetteer> = LazyLock::new(shipped);

/// Names that are words of everyday or of other things where everything is in capitals.
const NOT_IN_CAPITALS: [&str; 22] = [
    "us",
    "who",
    "ins",
    "eta",
    "state",
    "nice",
    "split",
    "perm",
    "hue",
    "male",
    "don",
    "amazon",
    "cabinet",
    "congress",
    "rada",
    "parliament",
    "sis",
    "cp",
    "dos",
    "au",
    "salisbury",
    "general staff",
];

impl Gazetteer {
    /// The names that are shipped.
    pub fn shipped() -> &'static Gazetteer {
        &SHIPPED
    }

    /// The shipped names and those of a user's table: lines `kind,name,other name,…`; kinds as `model::EntityKind` has them in
    /// snake case (`person`, `body`, `place`, `country`, `unit`, `code_name`, `operation`, `ship`, `weapon`). Quotes may
    /// enclose a field; lines that begin with `#` and a heading line `kind,…` are passed over. Bad rows are named and left out.
    ///
    /// A table whose first letter is `{` is one of FollowTheMoney entities, one JSON object a line: persons, companies and other
    /// organisations, vessels, territories and addresses give their names and aliases; other schemata are passed over.
    pub fn with(table: &str) -> (Gazetteer, Vec<BadRow>) {
        let table = table.trim_start_matches('\u{feff}');
        if table.trim_start().starts_with('{') { Self::with_ftm(table) } else { Self::with_csv(table) }
    }

    fn with_ftm(lines: &str) -> (Gazetteer, Vec<BadRow>) {
        let mut gazetteer = SHIPPED.clone();
        let mut bad = Vec::new();
        for (n, line) in lines.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            match ftm::row(line) {
                Ok(None) => {}
                Ok(Some((kind, names))) => {
                    let names: Vec<&str> = names.iter().map(String::as_str).collect();
                    gazetteer.entry(kind, Form::Name, names[0], &names, true);
                    gazetteer.added.push_str(&format!("{kind:?},{}\n", names.join(",")));
                }
                Err(says) => bad.push(BadRow { line: n + 1, says }),
            }
        }
        (gazetteer, bad)
    }

    fn with_csv(csv: &str) -> (Gazetteer, Vec<BadRow>) {
        let mut gazetteer = SHIPPED.clone();
        let mut bad = Vec::new();
        for (n, line) in csv.lines().enumerate() {
            let fields = fields(line);
            let first = fields.first().map(|kind| kind.to_lowercase()).unwrap_or_default();
            if line.trim().is_empty() || line.starts_with('#') || n == 0 && first == "kind" {
                continue;
            }
            let Some(kind) = kind_of(&first) else {
                bad.push(BadRow { line: n + 1, says: format!("'{first}' is no kind of name") });
                continue;
            };
            let names: Vec<&str> =
                fields.iter().skip(1).map(String::as_str).filter(|name| !name.trim().is_empty()).collect();
            if names.is_empty() {
                bad.push(BadRow { line: n + 1, says: "there is no name".to_owned() });
                continue;
            }
            gazetteer.entry(kind, Form::Name, names[0], &names, true);
            gazetteer.added.push_str(line);
            gazetteer.added.push('\n');
        }
        (gazetteer, bad)
    }

    /// The rows a user added that were taken, for what results depend on.
    pub fn added(&self) -> &str {
        &self.added
    }

    fn entry(&mut self, kind: EntityKind, form: Form, name: &str, names: &[&str], own: bool) {
        for one in names {
            let words: Vec<String> =
                one.split([' ', '/']).filter(|word| !word.is_empty()).map(lexicon::mended).collect();
            let Some(first) = words.first().cloned() else { continue };
            let capitals = words.len() == 1
                && one.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase)
                && one.chars().count() < 7;
            let known = Known { kind, form, name: name.to_owned(), words, capitals, own };
            let row = self.names.entry(first).or_default();
            if own { row.insert(0, known) } else { row.push(known) }
        }
    }

    /// The longest known name that begins at the first of `tokens`, and how many tokens it has. In a sentence of capitals,
    /// names that are everyday words do not count.
    pub(crate) fn at(&self, tokens: &[Token], capitals: bool) -> Option<(&Known, usize)> {
        let first = tokens.first()?;
        let row = self.names.get(&first.low).or_else(|| self.names.get(first.low.trim_end_matches('.')))?;
        let mut best: Option<(&Known, usize)> = None;
        for known in row {
            let count = known.words.len();
            if tokens.len() >= count
                && known.fits(&tokens[..count], capitals)
                && best.is_none_or(|(_, most)| count > most)
            {
                best = Some((known, count));
            }
        }
        best
    }

    /// The entry whose name is exactly this.
    pub(crate) fn entry_of(&self, kind: EntityKind, name: &str) -> Option<&Known> {
        let words: Vec<String> =
            name.split([' ', '/']).filter(|word| !word.is_empty()).map(lexicon::mended).collect();
        self.names.get(words.first()?)?.iter().find(|known| known.words == words && known.kind == kind)
    }
}

impl Known {
    fn fits(&self, tokens: &[Token], capitals: bool) -> bool {
        let same = |token: &Token, word: &String| {
            token.low == *word || token.low.trim_end_matches('.') == word.trim_end_matches('.')
        };
        if !tokens.iter().zip(&self.words).all(|(token, word)| same(token, word)) {
            return false;
        }
        if tokens.iter().rev().skip(1).any(|token| token.owns) {
            return false;
        }
        if capitals {
            let whole = self.words.join(" ");
            return self.own || !NOT_IN_CAPITALS.contains(&whole.as_str());
        }
        let head = &tokens[0];
        let written = |case: Case| match case {
            Case::Upper | Case::Initial => true,
            Case::Title => !self.capitals || head.text.contains('.'),
            _ => self.own && self.words.len() > 1 || head.low.starts_with("al-"),
        };
        let digits = self.capitals && head.text.chars().any(|c| c.is_ascii_digit());
        written(head.case) || digits
    }
}

fn fields(line: &str) -> Vec<String> {
    let (mut fields, mut field, mut quoted) = (Vec::new(), String::new(), false);
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                field.push('"');
                letters.next();
            }
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(std::mem::take(&mut field).trim().to_owned()),
            _ => field.push(letter),
        }
    }
    fields.push(field.trim().to_owned());
    fields
}

/// The kind of name that a user's table says; those by numbers have no table.
fn kind_of(word: &str) -> Option<EntityKind> {
    use EntityKind::{Coordinate, Email, Identifier, Money, Phone};
    let kind = match word {
        "organisation" | "organization" => EntityKind::Body,
        word => EntityKind::of(word)?,
    };
    (!matches!(kind, Money | Coordinate | Phone | Email | Identifier)).then_some(kind)
}

fn shipped() -> Gazetteer {
    let mut gazetteer = Gazetteer::default();
    for line in rows(include_str!("tables/countries.txt")) {
        let parts: Vec<Vec<&str>> = line.split('|').map(listed).collect();
        let [names, peoples, capitals] = &parts[..] else { continue };
        let Some(name) = names.first() else { continue };
        gazetteer.entry(EntityKind::Country, Form::Name, name, names, false);
        gazetteer.entry(EntityKind::Country, Form::Adjective, name, peoples, false);
        if let Some(capital) = capitals.first() {
            gazetteer.entry(EntityKind::Place, Form::Name, capital, capitals, false);
        }
    }
    for line in rows(include_str!("tables/places.txt")) {
        for place in listed(line) {
            gazetteer.entry(EntityKind::Place, Form::Name, place, &[place], false);
        }
    }
    for line in rows(include_str!("tables/bodies.txt")) {
        let names = listed(line);
        if let Some(name) = names.first() {
            gazetteer.entry(EntityKind::Body, Form::Name, name, &names, false);
        }
    }
    gazetteer
}

fn rows(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn listed(line: &str) -> Vec<&str> {
    line.split(',').map(str::trim).filter(|name| !name.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Prose;

    #[test]
    fn a_users_rows_are_known() {
        let (gazetteer, bad) =
            Gazetteer::with("kind,name\nbody,\"Harbour Club, The\",HC\nfish,Cod\nperson,\n");
        assert_eq!(bad.iter().map(|row| row.line).collect::<Vec<_>>(), [3, 4]);
        let prose = Prose::of("HC met", &[]);
        let found = gazetteer.at(&prose.tokens, false).unwrap();
        assert_eq!(
            (found.0.name.as_str(), found.0.kind, found.1),
            ("Harbour Club, The", EntityKind::Body, 1)
        );
    }

    #[test]
    fn a_users_entities_are_known() {
        let rows = concat!(
            r#"{"id":"a","schema":"Person","properties":{"name":["Ruth Novakova"],"alias":["Red Ruth"]}}"#,
            "\n",
            r#"{"id":"b","schema":"Ownership","properties":{"owner":["a"]}}"#,
            "\n",
            r#"{"id":"c","schema":"Company","caption":"Grain Six"}"#,
            "\n{oops\n",
        );
        let (gazetteer, bad) = Gazetteer::with(rows);
        assert_eq!(bad.iter().map(|row| row.line).collect::<Vec<_>>(), [4]);
        for (text, name, kind) in [
            ("Red Ruth met", "Ruth Novakova", EntityKind::Person),
            ("Grain Six met", "Grain Six", EntityKind::Body),
        ] {
            let prose = Prose::of(text, &[]);
            let found = gazetteer.at(&prose.tokens, false).unwrap();
            assert_eq!((found.0.name.as_str(), found.0.kind), (name, kind));
        }
        assert!(gazetteer.added().contains("Red Ruth") && !gazetteer.added().contains("owner"));
    }

    #[test]
    fn the_longest_name_is_taken() {
        let prose = Prose::of("South Korea and Port of Spain", &[]);
        let at = |n: usize| {
            Gazetteer::shipped()
                .at(&prose.tokens[n..], false)
                .map(|(known, count)| (known.name.clone(), count))
        };
        assert_eq!(at(0), Some(("South Korea".to_owned(), 2)));
        assert_eq!(at(3), Some(("Port of Spain".to_owned(), 3)));
        assert_eq!(at(2), None);
    }
}
