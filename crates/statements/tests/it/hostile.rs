//! Texts that mean harm, and texts that mean nothing: no panic, and the same result every time.

use model::{Dissent, FamilyReading, Holder, Marking, Rules, Secrecy, Span, Stands, Variant};
use statements::{Gazetteer, entities, told};

use crate::reading::{day, reading};

fn all_parts(reading: &FamilyReading) {
    let found = told(reading, day("2023-04-20"), Gazetteer::shipped());
    let letters = reading.text.chars().count() as u64;
    let within = |span: Span| span.start + span.length <= letters;
    for mention in &found.mentions {
        assert!(within(mention.cited.span) && !mention.name.is_empty(), "{mention:?}");
    }
    for statement in &found.statements {
        assert!(within(statement.cited.span) && within(statement.verb_span));
    }
    for event in &found.events {
        assert!(within(event.cited.span) && within(event.word_span));
    }
    for subject in &found.subjects {
        assert!(within(subject.cited.span) && !subject.text.is_empty());
    }
    assert_eq!(told(reading, day("2023-04-20"), Gazetteer::shipped()), found);
    let gathered = entities(&found.mentions, Gazetteer::shipped());
    let mut backwards = found.mentions.clone();
    backwards.reverse();
    assert_eq!(entities(&backwards, Gazetteer::shipped()), gathered);
    assert_eq!(gathered.iter().map(|entity| entity.mentions.len()).sum::<usize>(), found.mentions.len());
}

#[test]
fn odd_texts_do_no_harm() {
    let texts = [
        "",
        " ",
        "\n\n\n",
        ".",
        "said",
        "told told told told",
        "according to",
        "According to",
        "and said",
        ", said",
        "\" said",
        "X said",
        "who said",
        "as stated by",
        "was told by",
        "is quoted as telling",
        "(((((((((( said )))))))",
        "'s said 's",
        "mid-",
        "the the the said",
        "\u{202e}Gen\u{0} \u{feff}told",
        "of of of of of told of",
        "Mr. Mrs. Dr. Gen.",
        "+ ( 1 - 2 @ @ . @",
        "$ $ $",
        "°°°",
        "No. No. No. passport No.",
        "الرئيس قال إن",
        "Зеленський сказав Байдену, що",
        "|||| | a",
        "İ ı ẞ ß ǅ",
        "USS",
        "Operation",
        "code-named",
    ];
    for text in texts {
        all_parts(&reading(text));
        all_parts(&reading(&text.repeat(50)));
        all_parts(&reading(&format!("Gromyko {text} that Rusk told him.")));
    }
}

#[test]
fn noise_and_long_lines_do_no_harm() {
    const WORDS: [&str; 24] = [
        "Gromyko",
        "told",
        "said",
        ",",
        ".",
        "\"",
        "the",
        "of",
        "who",
        "and",
        "that",
        "Minister",
        "he",
        "him",
        "according",
        "to",
        "was",
        "by",
        "2",
        "May",
        "(",
        ")",
        "Committee",
        "\n",
    ];
    let mut seed: u64 = 7;
    for round in 0..60 {
        let mut text = String::new();
        for _ in 0..(20 + round * 12) {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push_str(WORDS[(seed >> 33) as usize % WORDS.len()]);
            text.push(' ');
        }
        all_parts(&reading(&text));
    }
    let long = "Gromyko told Rusk, who said that he, ".repeat(400);
    all_parts(&reading(&long));
}

#[test]
fn markings_are_no_prose_and_dissents_are_told() {
    let mut sheet = reading("SECRET\n(S) Gromyko told Rusk that Berlin was closed.\nSECRET");
    let marking = |start, length| Marking {
        stands: Stands::Head,
        rules: Rules::Us,
        secrecy: Secrecy::Secret,
        says: String::new(),
        verbatim: String::new(),
        corrected: 0,
        parts: Vec::new(),
        editions: Vec::new(),
        unknown: Vec::new(),
        span: Span { start, length },
        word: 0,
        count: 1,
    };
    sheet.markings = vec![marking(0, 6), marking(7, 3), marking(u64::MAX - 2, 9)];
    let picture = sheet.words[0].picture;
    let variant = |text: &str| Variant {
        text: text.to_owned(),
        doubt: 0.0,
        holders: vec![Holder { picture, word: 7, count: 1, doubt: 0.0 }],
    };
    sheet.dissents =
        vec![Dissent { word: 6, count: 1, variants: vec![variant("Berlin"), variant("Vienna")] }];
    let found = told(&sheet, None, Gazetteer::shipped());
    let [said] = &found.statements[..] else { panic!("{:?}", found.statements) };
    assert_eq!(said.quote, "Gromyko told Rusk that Berlin was closed.");
    assert_eq!(said.about.as_deref(), Some("Berlin"));
    assert_eq!((said.otherwise[0].here.as_str(), said.otherwise[0].there.as_str()), ("Berlin", "Vienna"));
    assert_eq!(said.cited.spots.len(), 1);
    assert_eq!((said.cited.word, said.cited.count), (2, 7));
}
