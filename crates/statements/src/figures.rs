//! Names by numbers: money, coordinates, telephone numbers, e-mail addresses, numbers of passports and files.
//!
//! In: prose. Out: runs of tokens with their kind. Deliberately absent: checking that a number is one that exists.

use model::EntityKind;

use crate::text::{Case, Token};

/// A run of tokens of one of these kinds, if one begins at `at`: the kind and where it ends.
pub(crate) fn figure(tokens: &[Token], at: usize, end: usize) -> Option<(EntityKind, usize)> {
    let run = &tokens[at..end];
    email(run)
        .map(|n| (EntityKind::Email, n))
        .or_else(|| money(run).map(|n| (EntityKind::Money, n)))
        .or_else(|| coordinate(run).map(|n| (EntityKind::Coordinate, n)))
        .or_else(|| phone(run).map(|n| (EntityKind::Phone, n)))
        .map(|(kind, count)| (kind, at + count))
}

/// A number behind a word that says what it numbers, as in "passport No. 921617": the number's tokens.
pub(crate) fn numbered(tokens: &[Token], at: usize, end: usize) -> Option<(usize, usize)> {
    const WORDS: [&str; 14] = [
        "passport",
        "passports",
        "serial",
        "account",
        "acct",
        "file",
        "case",
        "docid",
        "dossier",
        "201",
        "license",
        "registration",
        "iban",
        "visa",
    ];
    if !tokens[at].any(&WORDS) {
        return None;
    }
    let mut next = at + 1;
    let mut said = false;
    while next < end
        && (tokens[next].any(&["no", "no.", "nos.", "number", "numbers", "#", ":", "-"])
            || tokens[next].text == "№")
    {
        said = true;
        next += 1;
    }
    let number = tokens.get(next).filter(|_| next < end)?;
    let digits = number.text.chars().filter(char::is_ascii_digit).count();
    (digits >= 4 || said && digits >= 2).then_some((next, next + 1))
}

fn close(a: &Token, b: &Token) -> bool {
    a.end == b.start
}

fn email(run: &[Token]) -> Option<usize> {
    let at = run.iter().take(6).position(|token| token.text == "@")?;
    if at == 0 || at + 1 >= run.len() || !run[..at + 2].windows(2).all(|pair| close(&pair[0], &pair[1])) {
        return None;
    }
    let mut count = at + 2;
    while count + 1 < run.len()
        && run[count].text == "."
        && close(&run[count - 1], &run[count])
        && close(&run[count], &run[count + 1])
        && run[count + 1].is_word()
    {
        count += 2;
    }
    let domain = run[at + 1..count].iter().any(|token| token.text.contains('.'));
    domain.then_some(count)
}

const CURRENCIES: [&str; 34] = [
    "dollars",
    "dollar",
    "usd",
    "eur",
    "gbp",
    "euros",
    "euro",
    "pounds",
    "sterling",
    "rubles",
    "roubles",
    "ruble",
    "pesos",
    "peso",
    "francs",
    "marks",
    "yen",
    "yuan",
    "renminbi",
    "rmb",
    "hryvnia",
    "hryvnias",
    "rials",
    "riyals",
    "dinars",
    "lira",
    "rupees",
    "shillings",
    "crowns",
    "piasters",
    "piastres",
    "won",
    "cruzeiros",
    "bolivars",
];
const SCALES: [&str; 8] = ["million", "billion", "thousand", "trillion", "hundred", "m", "bn", "k"];

fn is_number(token: &Token) -> bool {
    token.text.starts_with(|c: char| c.is_ascii_digit())
        && token.text.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '.'))
}

fn money(run: &[Token]) -> Option<usize> {
    let signed = matches!(run[0].text.as_str(), "$" | "€" | "£" | "¥" | "₴" | "₽")
        || run[0].any(&["us$", "usd", "eur", "gbp"]);
    let mut count = usize::from(signed);
    let sign = signed && run[0].text.chars().all(|c| !c.is_alphabetic());
    if sign && !run.get(1).is_some_and(|next| close(&run[0], next)) || !run.get(count).is_some_and(is_number)
    {
        return None;
    }
    count += 1;
    if run.get(count).is_some_and(|token| token.any(&SCALES)) {
        count += 1;
    }
    let nation = run.get(count).is_some_and(|token| {
        token.any(&["us", "u.s.", "american", "british", "canadian", "cuban", "mexican", "swiss", "french"])
    });
    let named = count + usize::from(nation);
    if run.get(named).is_some_and(|token| token.any(&CURRENCIES)) {
        return Some(named + 1);
    }
    signed.then_some(count)
}

fn coordinate(run: &[Token]) -> Option<usize> {
    let one: String = run[0].text.to_uppercase();
    if packed(&one) {
        return Some(if run.get(1).is_some_and(|next| packed_end(&next.text.to_uppercase())) {
            2
        } else {
            1
        });
    }
    // 48°30'12"N, 35°02'E
    if run.len() > 2 && run[1].text == "°" && run[0].text.starts_with(|c: char| c.is_ascii_digit()) {
        let far = run.iter().take(20).position(|token| {
            matches!(token.text.as_str(), "E" | "W" | "E." | "W.") || token.text.ends_with(['E', 'W'])
        })?;
        return run[..far].iter().any(|token| token.text.contains(['N', 'S'])).then_some(far + 1);
    }
    // 48.5123, 35.1234
    let decimal = |token: &Token| {
        let (whole, part) = token.text.split_once('.')?;
        let right = whole.len() <= 3
            && part.len() >= 4
            && whole.chars().chain(part.chars()).all(|c| c.is_ascii_digit());
        right.then_some(())
    };
    let comma = usize::from(run.get(1).is_some_and(|token| token.text == ","));
    decimal(&run[0])?;
    decimal(run.get(1 + comma)?)?;
    Some(2 + comma)
}

/// 4830N03510E, 4830N, or a grid reference (36UXA1234567890).
fn packed(text: &str) -> bool {
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let rest = &text[digits..];
    if (4..=6).contains(&digits) && rest.starts_with(['N', 'S']) {
        let tail = &rest[1..];
        return tail.is_empty() || tail.starts_with('-') || packed_end(tail);
    }
    let letters = rest.chars().take_while(char::is_ascii_uppercase).count();
    let tail = rest.chars().skip(letters);
    let figures = tail.clone().count();
    (1..=2).contains(&digits)
        && letters == 3
        && figures >= 4
        && figures.is_multiple_of(2)
        && tail.into_iter().all(|c| c.is_ascii_digit())
}

fn packed_end(text: &str) -> bool {
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    (5..=7).contains(&digits) && matches!(&text[digits..], "E" | "W")
}

fn phone(run: &[Token]) -> Option<usize> {
    let plus = run[0].text == "+" && run.get(1).is_some_and(|next| close(&run[0], next));
    let bracket = run[0].text == "(" && run.get(2).is_some_and(|token| token.text == ")");
    let (mut digits, mut count) = (0, 0);
    let mut groups: Vec<usize> = Vec::new();
    while let Some(token) = run.get(count).filter(|_| count < 12) {
        let figures = token.text.chars().filter(char::is_ascii_digit).count();
        let plain = token.text.chars().all(|c| c.is_ascii_digit() || c == '-');
        if figures > 0 && plain && token.case == Case::None {
            digits += figures;
            groups.extend(token.text.split('-').map(str::len));
        } else if !plus && !bracket || count != 0 && !matches!(token.text.as_str(), ")" | "(") {
            break;
        }
        count += 1;
    }
    let groups = groups.strip_prefix(&[1]).unwrap_or(&groups);
    let american = !plus && groups == [3, 3, 4];
    (plus && (8..=15).contains(&digits) || american).then_some(count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Prose;

    fn found(text: &str) -> Option<(EntityKind, String)> {
        let prose = Prose::of(text, &[]);
        (0..prose.tokens.len()).find_map(|at| {
            let (kind, end) = figure(&prose.tokens, at, prose.tokens.len())?;
            let span = prose.span(at, end);
            Some((kind, prose.slice(span.start as usize, (span.start + span.length) as usize)))
        })
    }

    #[test]
    fn figures_of_many_forms() {
        for (text, kind, what) in [
            ("paid $30,000 in cash", EntityKind::Money, "$30,000"),
            ("paid 5 million US dollars now", EntityKind::Money, "5 million US dollars"),
            ("of EUR 2.5 billion a year", EntityKind::Money, "EUR 2.5 billion"),
            ("at 4830N03510E today", EntityKind::Coordinate, "4830N03510E"),
            ("at 48.5123, 35.1234 today", EntityKind::Coordinate, "48.5123, 35.1234"),
            ("grid 36UXA12345678 hit", EntityKind::Coordinate, "36UXA12345678"),
            ("call +380 44 123 4567 now", EntityKind::Phone, "+380 44 123 4567"),
            ("call (202) 555-0147 now", EntityKind::Phone, "(202) 555-0147"),
            ("mail j.smith@mail.example.org now", EntityKind::Email, "j.smith@mail.example.org"),
        ] {
            assert_eq!(found(text), Some((kind, what.to_owned())), "{text}");
        }
        for text in ["the 30,000 men of 1962", "Room 7519 at 1430 hours", "Page 2 of 5", "24,189 83,144 48%"]
        {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
