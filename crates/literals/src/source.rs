//! The texts of a source file: those of every `html!`, and those that calls and functions name as texts.

use proc_macro2::{Delimiter, Group, Literal, TokenStream, TokenTree};

use crate::{html, parted, value};

/// What of a source is a text, beside what stands in an `html!`.
#[derive(Clone, Copy, Debug)]
pub struct Keywords<'k> {
    /// Calls, and the places of the arguments whose literals are texts; "a::b" is a call by that path.
    pub calls: &'k [(&'k str, &'k [usize])],
    /// Calls that take the text for one and for several, and where these stand.
    pub counts: &'k [(&'k str, usize, usize)],
    /// Functions whose literals are texts, where they have no places to be filled.
    pub functions: &'k [&'k str],
    /// Macros whose literals are texts, but those that stand behind a number.
    pub tables: &'k [&'k str],
    /// Constants whose literals are texts.
    pub constants: &'k [&'k str],
    /// Attributes whose literals are texts, where they have no places to be filled.
    pub attributes: &'k [&'k str],
}

/// A text, and what it is for several where it differs by number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// As it stands in the source; for one, where it differs by number.
    pub text: String,
    /// For several.
    pub many: Option<String>,
}

/// All texts of a source file, in the order in which they stand; an error where it is no Rust. Tests are passed over.
pub fn texts(source: &str, keywords: &Keywords) -> Result<Vec<Found>, String> {
    let tokens: TokenStream = source.parse().map_err(|error| format!("{error}"))?;
    let mut found = Vec::new();
    within(tokens, keywords, &mut found)?;
    Ok(found)
}

fn within(tokens: TokenStream, keywords: &Keywords, found: &mut Vec<Found>) -> Result<(), String> {
    let mut passed: Vec<TokenTree> = Vec::new();
    let mut tested = false;
    for token in tokens {
        if let TokenTree::Group(group) = &token {
            let last = passed.last().map(ToString::to_string);
            let attribute = group.delimiter() == Delimiter::Bracket && last.as_deref() == Some("#");
            if attribute {
                tested |= group.stream().to_string().replace(' ', "") == "cfg(test)";
                attributed(group, keywords, found);
            } else if tested && group.delimiter() == Delimiter::Brace {
                tested = false;
            } else {
                taken(group, &passed, keywords, found)?;
                within(group.stream(), keywords, found)?;
            }
        }
        if let TokenTree::Literal(literal) = &token
            && is_constant(&passed, keywords)
        {
            literal_of(literal, found);
        }
        // A `mod tests;` of a file of its own.
        tested &= token.to_string() != ";";
        passed.push(token);
    }
    Ok(())
}

/// The word before the last tokens: `html` of `html!`, `say` of `texts::say`.
fn word(passed: &[TokenTree], back: usize) -> Option<String> {
    match passed.get(passed.len().checked_sub(back)?)? {
        TokenTree::Ident(word) => Some(word.to_string()),
        _ => None,
    }
}

fn taken(
    group: &Group,
    passed: &[TokenTree],
    keywords: &Keywords,
    found: &mut Vec<Found>,
) -> Result<(), String> {
    let bang = matches!(passed.last(), Some(TokenTree::Punct(sign)) if sign.as_char() == '!');
    let named = if bang { word(passed, 2).unwrap_or_default() } else { String::new() };
    if named == "html" {
        let mut one = |text: &str| {
            note(text, None, found);
            None
        };
        html::walk(group.stream(), &mut one).map_err(|error| format!("in an html!: {error}"))?;
    } else if keywords.tables.contains(&named.as_str()) {
        all(group.stream(), true, found);
    } else if group.delimiter() == Delimiter::Parenthesis && word(passed, 2).as_deref() != Some("fn") {
        called(group, passed, keywords, found);
    } else if group.delimiter() == Delimiter::Bracket && is_constant(passed, keywords) {
        all(group.stream(), false, found);
    } else if group.delimiter() == Delimiter::Brace && is_body(passed, keywords) {
        let mut said = Vec::new();
        all(group.stream(), false, &mut said);
        found.extend(said.into_iter().filter(|found| !found.text.contains('{')));
    }
    Ok(())
}

/// The text of an attribute: `#[error("…")]`.
fn attributed(group: &Group, keywords: &Keywords, found: &mut Vec<Found>) {
    let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
    if let [TokenTree::Ident(name), TokenTree::Group(inside)] = tokens.as_slice()
        && keywords.attributes.contains(&name.to_string().as_str())
        && let Some(text) = only(&inside.stream()).filter(|text| !text.contains('{'))
    {
        note(&text, None, found);
    }
}

/// The texts among the arguments of a call.
fn called(group: &Group, passed: &[TokenTree], keywords: &Keywords, found: &mut Vec<Found>) {
    let name = word(passed, 1).unwrap_or_default();
    let by_path = word(passed, 4).map(|of| format!("{of}::{name}")).unwrap_or_default();
    let is_it = |known: &str| known == name || known == by_path;
    for (_, places) in keywords.calls.iter().filter(|(known, _)| is_it(known)) {
        let arguments = arguments(group);
        for argument in places.iter().filter_map(|place| arguments.get(*place)) {
            all(argument.clone(), false, found);
        }
    }
    for (_, one, many) in keywords.counts.iter().filter(|(known, ..)| is_it(known)) {
        let arguments = arguments(group);
        let literal = |place: &usize| arguments.get(*place).and_then(only);
        if let (Some(one), Some(many)) = (literal(one), literal(many)) {
            note(&one, Some(&many), found);
        }
    }
}

/// Whether the tokens are the head of one of the functions.
fn is_body(passed: &[TokenTree], keywords: &Keywords) -> bool {
    let is_brace = |token: &&TokenTree| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
    let head = passed.iter().rev().take(24).take_while(|token| !is_brace(token));
    let words: Vec<String> = head.map(ToString::to_string).collect();
    words.windows(2).any(|pair| pair[1] == "fn" && keywords.functions.contains(&pair[0].as_str()))
}

/// Whether the tokens lead to the value of one of the constants.
fn is_constant(passed: &[TokenTree], keywords: &Keywords) -> bool {
    let statement = passed.iter().rev().take(40).take_while(|token| token.to_string() != ";");
    let words: Vec<String> = statement.map(ToString::to_string).collect();
    let named =
        words.windows(2).any(|pair| pair[1] == "const" && keywords.constants.contains(&pair[0].as_str()));
    named && words.iter().any(|word| word == "=")
}

/// What stands between the commas.
fn arguments(group: &Group) -> Vec<TokenStream> {
    let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
    let parts = tokens.split(|token| matches!(token, TokenTree::Punct(sign) if sign.as_char() == ','));
    parts.map(|part| part.iter().cloned().collect()).collect()
}

/// The text of an argument that is one literal.
fn only(argument: &TokenStream) -> Option<String> {
    let mut tokens = argument.clone().into_iter();
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Literal(literal)), None) => value(&literal),
        _ => None,
    }
}

/// Every literal; in a `table` but those of attributes, and those that stand behind a number.
fn all(tokens: TokenStream, table: bool, found: &mut Vec<Found>) {
    let mut before: Option<TokenTree> = None;
    for token in tokens {
        match &token {
            TokenTree::Literal(literal) => {
                let number = matches!(&before, Some(TokenTree::Literal(before)) if value(before).is_none());
                if !(table && number) {
                    literal_of(literal, found);
                }
            }
            TokenTree::Group(group) => {
                let attribute = matches!(&before, Some(TokenTree::Punct(sign)) if sign.as_char() == '#');
                if !attribute {
                    all(group.stream(), table, found);
                }
            }
            _ => {}
        }
        before = Some(token);
    }
}

fn literal_of(literal: &Literal, found: &mut Vec<Found>) {
    if let Some(text) = value(literal) {
        note(&text, None, found);
    }
}

fn note(text: &str, many: Option<&str>, found: &mut Vec<Found>) {
    if let Some((_, text, _)) = parted(text) {
        found.push(Found { text: text.to_owned(), many: many.map(str::to_owned) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYWORDS: Keywords = Keywords {
        calls: &[
            ("say", &[0]),
            ("mark", &[0]),
            ("filled", &[0]),
            ("section", &[1]),
            ("Refusal::usage", &[0]),
        ],
        counts: &[("counted", 1, 2)],
        functions: &["says", "way_out"],
        tables: &["words", "codes"],
        constants: &["ENGINES", "NAME"],
        attributes: &["error"],
    };

    #[track_caller]
    fn check(source: &str, expected: &[&str]) {
        let found = texts(source, &KEYWORDS).unwrap().into_iter().map(|found| match found.many {
            Some(many) => format!("{}|{many}", found.text),
            None => found.text,
        });
        assert_eq!(found.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn markup_and_what_stands_in_it() {
        check(
            r#"fn a() -> Markup { maud::html! { p { "Sheet " (n) } (link("b", html! { "c" })) (say("d")) } }"#,
            &["Sheet", "c", "d"],
        );
    }

    #[test]
    fn calls() {
        check(r#"say("a "); texts::say(if b { "c" } else { "d" }); other("e");"#, &["a", "c", "d"]);
        check(r#"counted(n, "post", "posts"); count(n, one, many);"#, &["post|posts"]);
        check(r#"filled("{a} of {b}", &[("a", &x)]);"#, &["{a} of {b}"]);
        check(r#"const A: [(&str, &str); 1] = [("/b", mark("C"))];"#, &["C"]);
        check(
            r#"section("a", "B", html! { "c" }); Refusal::usage("d"); Other::usage("e");"#,
            &["B", "c", "d"],
        );
        check(r#"fn section(id: &str, b: [&str; "c"]) {}"#, &[]);
    }

    #[test]
    fn attributes() {
        check(r#"enum E { #[error("a b")] A, #[error("c {0}")] C(u8), #[doc("d")] D }"#, &["a b"]);
    }

    #[test]
    fn constants() {
        check(r#"const ENGINES: &[Row] = &[("a", &["b"])]; const OTHER: [&str; 1] = ["c"];"#, &["a", "b"]);
        check(r#"pub const NAME: &str = "a b"; const OTHER: &str = "c";"#, &["a b"]);
    }

    #[test]
    fn functions_that_say() {
        check(
            r#"impl A { pub fn says(self) -> &'static str { match self { A::B => "b", A::C => "c" } } fn other() { "d" } fn way_out() { format!("{e} f") } }"#,
            &["b", "c"],
        );
    }

    #[test]
    fn tables_of_words() {
        check(
            "words! { /// What it is.\n Kind from Kind { Empty \"no bytes\" Png \"PNG\" } }",
            &["no bytes", "PNG"],
        );
        check(r#"codes! { A = 101 "slug" Problem "says", "way out"; }"#, &["says", "way out"]);
    }

    #[test]
    fn tests_are_passed_over() {
        check(r#"say("a"); #[cfg(test)] mod tests { fn a() { say("b"); } } say("c");"#, &["a", "c"]);
        check(r#"#[cfg(test)] mod tests; fn a() { say("c"); }"#, &["c"]);
    }
}
