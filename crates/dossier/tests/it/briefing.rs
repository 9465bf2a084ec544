//! Briefings of everybody whom forty passages name: nobody stands in the briefing of another.

use std::collections::BTreeSet;

use dossier::told::{Alteration, AlterationKind, Dossier, Entity, EntityKind};
use dossier::{Material, briefing, tell};
use impact::{Gathering, Given, Rules};
use model::{Family, FamilyReading, Id, PictureId, Quad, SharedWord, Span, Word};
use statements::Gazetteer;

const PASSAGES: [&str; 2] = [
    include_str!("../../../statements/tests/it/passages/tuned.txt"),
    include_str!("../../../statements/tests/it/passages/unseen.txt"),
];

/// A passage without its marks, and the names of persons and bodies that are marked in it.
pub struct Passage {
    pub text: String,
    pub named: Vec<String>,
}

fn passages() -> Vec<Passage> {
    let mut all = Vec::new();
    for part in PASSAGES.iter().flat_map(|file| file.split("\n### ")) {
        let lines = part.lines().skip(1).filter(|line| !line.starts_with(['=', '@', '#', '!', '~']));
        let marked = lines.collect::<Vec<_>>().join("\n");
        let (mut text, mut named) = (String::new(), Vec::new());
        for (n, piece) in marked.split('{').enumerate() {
            let Some((inside, after)) = piece.split_once('}').filter(|_| n > 0) else {
                text.push_str(piece);
                continue;
            };
            let (mark, words) = inside.split_once(' ').unwrap();
            text.push_str(words);
            text.push_str(after);
            if matches!(mark, "p" | "b") {
                named.push(words.split_whitespace().collect::<Vec<_>>().join(" "));
            }
        }
        if !text.trim().is_empty() {
            all.push(Passage { text: text.trim().to_owned(), named });
        }
    }
    all
}

fn reading(text: &str, picture: PictureId, family: &Family) -> FamilyReading {
    let (mut words, mut at) = (Vec::new(), 0);
    for (line, row) in text.split('\n').enumerate() {
        for word in row.split(' ') {
            let length = word.chars().count() as u64;
            if length > 0 {
                let quad = Quad::rectangle(at as f64, line as f64 * 20.0, length as f64, 10.0);
                let span = Span { start: at, length };
                let word =
                    Word { text: word.to_owned(), span, quad, doubt: 0.1, line: line as u32, second: false };
                words.push(SharedWord { word, picture, at: words.len() as u32, agree: 1, shown: 1 });
            }
            at += length + 1;
        }
    }
    FamilyReading {
        family: family.id,
        text: text.to_owned(),
        words,
        markings: Vec::new(),
        banner: None,
        dates: Vec::new(),
        printed: Vec::new(),
        dissents: Vec::new(),
    }
}

pub fn told(passages: &[Passage]) -> Dossier {
    let gazetteer = Gazetteer::shipped();
    let mut material = Material::default();
    for passage in passages {
        let picture = PictureId::make(|id| {
            id.text(&passage.text);
        });
        let family = Family::new(vec![picture], picture);
        let reading = reading(&passage.text, picture, &family);
        let said = statements::told(&reading, None, gazetteer);
        material.mentions.extend(said.mentions);
        material.statements.extend(said.statements);
        material.events.extend(said.events);
        material.sheets.push(reading);
        material.families.push(family);
    }
    material.entities = statements::entities(&material.mentions, gazetteer);
    let Material { mentions, entities, statements, .. } = &material;
    let mut gathering = Gathering::new(&Given { mentions, entities, statements }, Rules::shipped());
    material.sheets.iter().for_each(|sheet| gathering.sheet(sheet));
    material.affected = gathering.done();
    tell(&material)
}

fn stands(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        let after = text[at + name.len()..].chars().next().is_none_or(|c| !c.is_alphanumeric());
        before && after
    })
}

/// The text of a briefing without the party's own names.
fn without_own(text: &str, own: &Entity) -> String {
    let mut names: Vec<&String> = own.spellings.iter().chain([&own.name]).collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    names.iter().fold(text.to_owned(), |text, name| text.replace(name.as_str(), " "))
}

#[test]
fn no_briefing_names_another() {
    let passages = passages();
    assert_eq!(passages.len(), 40);
    let dossier = told(&passages);
    assert!(dossier.parties.len() > 100, "{}", dossier.parties.len());
    let marked: BTreeSet<&String> = passages.iter().flat_map(|passage| &passage.named).collect();
    let mut slipped = BTreeSet::new();
    for party in &dossier.parties {
        let own = dossier.entities.iter().find(|entity| entity.id == party.id).unwrap();
        let made = briefing(&dossier, &party.id, &["weapons".to_owned()]).unwrap();
        assert!(made.title.contains(&party.name) && made.text().contains("[1]"));
        let shown = without_own(&made.text(), own);
        let others = dossier
            .entities
            .iter()
            .filter(|entity| dossier.parties.iter().any(|other| other.id == entity.id));
        for other in others.filter(|entity| entity.id != party.id) {
            for name in other.spellings.iter().filter(|name| !own.spellings.contains(name)) {
                assert!(
                    !stands(&shown, name),
                    "'{name}' stands in the briefing for {}:\n{shown}",
                    party.name
                );
            }
        }
        // Names that somebody marked by hand, whether the program knew of them or not.
        let own_words: Vec<&str> = own.spellings.iter().flat_map(|name| name.split_whitespace()).collect();
        let others =
            marked.iter().filter(|name| !name.split_whitespace().any(|word| own_words.contains(&word)));
        slipped.extend(
            others.filter(|name| stands(&shown, name)).map(|name| (made.capitals > 0, name.to_string())),
        );
    }
    let (in_capitals, else_where): (Vec<_>, Vec<_>) =
        slipped.into_iter().partition(|(capitals, _)| *capitals);
    println!(
        "{} parties; names marked by hand that slip: {else_where:?}, beside passages in capitals {in_capitals:?}",
        dossier.parties.len()
    );
    // A body called by a word of everyday, and a name read in small letters.
    assert!(else_where.len() <= 2, "{else_where:?}");
}

/// Others are known by the entities of the case and by the mentions of a passage: either alone is enough.
#[test]
fn each_way_to_know_others_suffices_alone() {
    let dossier = told(&passages());
    let (mut by_entities, mut by_mentions) = (dossier.clone(), dossier.clone());
    for party in &mut by_entities.parties {
        party.passages.iter_mut().for_each(|passage| passage.mentions.clear());
    }
    let mut looked = 0;
    for party in &dossier.parties {
        let own = dossier.entities.iter().find(|entity| entity.id == party.id).unwrap();
        let spelled =
            |name: &str| own.spellings.iter().any(|own| own.contains(name) || name.contains(own.as_str()));
        let ids: BTreeSet<&String> = party.passages.iter().flat_map(|passage| &passage.mentions).collect();
        let there = dossier.mentions.iter().filter(|mention| ids.contains(&mention.id));
        let others: Vec<&str> = there
            .filter(|mention| {
                matches!(mention.kind, EntityKind::Person | EntityKind::Body | EntityKind::Country)
            })
            .filter(|mention| mention.entity.as_ref() != Some(&party.id) && !spelled(&mention.name))
            .map(|mention| mention.name.as_str())
            .collect();
        by_mentions.entities = vec![own.clone()];
        for known in [&by_entities, &by_mentions] {
            let shown = without_own(&briefing(known, &party.id, &[]).unwrap().text(), own);
            for name in &others {
                looked += 1;
                assert!(
                    !stands(&shown, name),
                    "'{name}' stands in the briefing for {}:\n{shown}",
                    party.name
                );
            }
        }
    }
    assert!(looked > 300, "{looked}");
}

#[test]
fn roles_numbers_and_addresses_of_others_are_taken_out() {
    let text = "Anna Keller asked the harbour master of Varna, Peter Novak, to call +41 22 730 5111 or to write to \
                p.novak@example.org before noon. The harbour master refused.";
    let mut dossier = told(&[Passage { text: text.to_owned(), named: Vec::new() }]);
    let novak = dossier.entities.iter().find(|entity| entity.name == "Peter Novak").unwrap().id.clone();
    for mention in dossier.mentions.iter_mut().filter(|mention| mention.entity.as_ref() == Some(&novak)) {
        mention.role = Some("harbour master".to_owned());
    }
    let keller = dossier.parties.iter().find(|party| party.name == "Anna Keller").unwrap().id.clone();
    let shown = briefing(&dossier, &keller, &[]).unwrap().text();
    assert!(shown.contains("Anna Keller asked the") && shown.contains("before noon"), "{shown}");
    assert!(!shown.contains("harbour master"), "{shown}");
    // Numbers and addresses are known by how they look, where nothing else knows of them.
    dossier.entities.retain(|entity| entity.id == keller);
    for party in &mut dossier.parties {
        party.passages.iter_mut().for_each(|passage| passage.mentions.clear());
    }
    let shown = briefing(&dossier, &keller, &[]).unwrap().text();
    assert!(shown.contains("before noon"), "{shown}");
    for word in ["730", "5111", "novak@", "example.org"] {
        assert!(!shown.contains(word), "{word} stands in\n{shown}");
    }
}

#[test]
fn a_name_that_is_only_like_the_own_one_is_taken_out() {
    let text = "Minister Anna Keller told Minister Olga Kellar that the grain was gone.\n\nANNA KELLER WARNED OLGA KELLAR.";
    let dossier = told(&[Passage { text: text.to_owned(), named: Vec::new() }]);
    let keller = dossier.parties.iter().find(|party| party.name == "Anna Keller").unwrap();
    let made = briefing(&dossier, &keller.id, &[]).unwrap();
    let shown = made.text();
    assert!(shown.contains("Anna Keller told") && !shown.to_lowercase().contains("kellar"), "{shown}");
    // Where all stands in capitals, names are not told by theirs; that is said.
    assert!(made.capitals > 0 && made.capitals < keller.passages.len(), "{}", made.capitals);
}

#[test]
fn a_marking_names_no_other() {
    let text = "Anna Keller told Olga Martins that the grain was gone.";
    let mut dossier = told(&[Passage { text: text.to_owned(), named: Vec::new() }]);
    for party in &mut dossier.parties {
        party.passages[0].marking = Some("SECRET, NOT FOR OLGA MARTINS".to_owned());
    }
    let keller = dossier.parties.iter().find(|party| party.name == "Anna Keller").unwrap();
    let shown = briefing(&dossier, &keller.id, &[]).unwrap().text();
    assert!(shown.contains("SECRET, NOT FOR") && !shown.contains("MARTINS"), "{shown}");
}

#[test]
fn a_passage_is_told_as_the_unaltered_copies_have_it() {
    let text = "Anna Keller told the office that 40 ships wait.";
    let mut dossier = told(&[Passage { text: text.to_owned(), named: Vec::new() }]);
    let keller = dossier.parties.iter().find(|party| party.name == "Anna Keller").unwrap().id.clone();
    let picture = dossier.families[0].pictures[0].clone();
    let mut differs = |later: Option<bool>| {
        dossier.alterations = vec![Alteration {
            id: "alt:1".to_owned(),
            picture: picture.clone(),
            against: "pic:2".to_owned(),
            quad: [[0.0; 2]; 4],
            quad_against: [[0.0; 2]; 4],
            kind: AlterationKind::Replaced,
            reads: Some("40 ships".to_owned()),
            reads_against: Some("20 ships".to_owned()),
            touches: Vec::new(),
            later,
            reasons: Vec::new(),
            measures: Vec::new(),
            quoted_by: Vec::new(),
        }];
        briefing(&dossier, &keller, &[]).unwrap().text()
    };
    let (later, earlier, open) = (differs(Some(true)), differs(Some(false)), differs(None));
    assert!(later.contains("that 20 ships wait") && later.contains("‘40 ships’ here"), "{later}");
    assert!(earlier.contains("that 40 ships wait") && earlier.contains("‘20 ships’ here"), "{earlier}");
    assert!(open.contains("that 40 ships wait") && open.contains("undecided"), "{open}");
}

#[test]
fn a_briefing_is_a_page_and_a_pdf() {
    let dossier = told(&passages()[..2]);
    let party = dossier.parties.iter().find(|party| party.name.contains("SUAREZ")).unwrap();
    let made = briefing(&dossier, &party.id, &[]).unwrap();
    let html = made.html();
    assert!(
        html.contains("default-src 'none'") && !html.contains("<script") && html.contains("SUAREZ"),
        "{html}"
    );
    let pdf = made.pdf();
    assert!(pdf.starts_with(b"%PDF-") && pdf.len() > 20_000);
    assert_eq!(pdf, made.pdf());
    assert!(briefing(&dossier, "ent:00", &[]).is_none());
}

#[test]
fn harms_name_their_rule_and_wait_for_a_word() {
    let dossier = told(&passages()[..2]);
    let passages = dossier.parties.iter().flat_map(|party| &party.passages);
    let harms: Vec<_> = passages.flat_map(|passage| &passage.harms).collect();
    assert!(
        harms.iter().any(|harm| harm.kind == "private conversation" && harm.rule.contains("statement")),
        "{harms:?}"
    );
    assert!(harms.iter().all(|harm| harm.judged.is_none() && harm.id.starts_with("imp:")));
}
