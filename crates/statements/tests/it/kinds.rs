//! Each kind of name on a small text, spellings gathered, a user's names, and what analysts said of them.

use jiff::Timestamp;
use model::{Act, Deed, Entity, EntityKind};
use statements::{Gazetteer, Told, entities, entities_by, told};

use crate::reading::{day, reading};

fn read(text: &str) -> Told {
    told(&reading(text), day("2023-04-20"), Gazetteer::shipped())
}

const KINDS: &str = "Lt. Gen. Oleksandr Marchenko, deputy chief of staff, and Ambassador Ruth Novak met in Odesa. \
    The Ministry of Defence of Ukraine bought 12 HIMARS launchers for $30 million. \
    Operation Autumn Rain began. USS Donald Cook and HMS Defender left port. \
    The 2nd Guards Tank Army moved to 48.5123, 35.1234. \
    Call +380 44 123 4567 or write to j.smith@mail.example.org. Passport No. 921617 is hers. \
    An agent code-named CURVEBALL was in Berlin.";

#[test]
fn each_kind_of_name_is_found() {
    let found = read(KINDS);
    for (kind, name) in [
        (EntityKind::Person, "Oleksandr Marchenko"),
        (EntityKind::Person, "Ruth Novak"),
        (EntityKind::Body, "Ministry of Defence"),
        (EntityKind::Place, "Odesa"),
        (EntityKind::Weapon, "HIMARS"),
        (EntityKind::Money, "$30 million"),
        (EntityKind::Operation, "Operation Autumn Rain"),
        (EntityKind::Ship, "USS Donald Cook"),
        (EntityKind::Ship, "HMS Defender"),
        (EntityKind::Unit, "2nd Guards Tank Army"),
        (EntityKind::Coordinate, "48.5123, 35.1234"),
        (EntityKind::Phone, "+380 44 123 4567"),
        (EntityKind::Email, "j.smith@mail.example.org"),
        (EntityKind::Identifier, "921617"),
        (EntityKind::CodeName, "CURVEBALL"),
    ] {
        assert!(
            found.mentions.iter().any(|one| one.kind == kind && one.name == name),
            "{kind:?} {name}: {:?}",
            found.mentions.iter().map(|one| (one.kind, &one.name)).collect::<Vec<_>>()
        );
    }
    let role = |name: &str| found.mentions.iter().find(|one| one.name == name).unwrap().role.clone();
    assert_eq!(role("Oleksandr Marchenko").as_deref(), Some("Lt. Gen."));
    assert_eq!(role("Ruth Novak").as_deref(), Some("Ambassador"));
}

fn persons(all: &[Entity]) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = all
        .iter()
        .filter(|entity| entity.kind == EntityKind::Person)
        .map(|entity| entity.spellings.clone())
        .collect();
    rows.sort();
    rows
}

#[test]
fn spellings_of_one_name_are_one_entity() {
    let found = read(
        "President Zelensky said that he will go. President Zelenskyy left. President Зеленський сказав. \
         Minister Anna Keller met J. Edgar Hoover. John Edgar Hoover told Keller that it was so.",
    );
    let all = entities(&found.mentions, Gazetteer::shipped());
    let rows = persons(&all);
    let one = |name: &str| rows.iter().find(|row| row.iter().any(|other| other == name)).unwrap();
    assert!(one("Zelensky").iter().any(|name| name == "Zelenskyy"), "{rows:?}");
    assert!(one("Zelensky").iter().any(|name| name == "Зеленський"), "{rows:?}");
    assert!(one("Anna Keller").iter().any(|name| name == "Keller"), "{rows:?}");
    assert!(one("John Edgar Hoover").iter().any(|name| name == "J. Edgar Hoover"), "{rows:?}");
}

#[test]
fn what_analysts_said_of_names_comes_first() {
    let found = read(
        "Minister Anna Keller met General Petr Dvorak. Later Keller told Sergei Ivanov and Sergey Ivanov that \
         Ruth Novak had been Ruth Moravec before she married.",
    );
    let act = |deed| Act::new(Timestamp::UNIX_EPOCH, "tester", deed, "because");
    let list = |all: &[&str]| all.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let kind = EntityKind::Person;
    let gathered = |acts: &[Act]| persons(&entities_by(&found.mentions, Gazetteer::shipped(), acts));
    let plain = gathered(&[]);
    for row in [
        &["Anna Keller", "Keller"][..],
        &["Ruth Moravec"],
        &["Ruth Novak"],
        &["Sergei Ivanov", "Sergey Ivanov"],
    ] {
        assert!(plain.contains(&list(row)), "{plain:?}");
    }
    let join = act(Deed::JoinNames { kind, names: list(&["Ruth Moravec", "Ruth Novak"]) });
    assert!(gathered(std::slice::from_ref(&join)).contains(&list(&["Ruth Moravec", "Ruth Novak"])));
    let split =
        |names: &[&str], from: &[&str]| act(Deed::SplitNames { kind, names: list(names), from: list(from) });
    // A surname alone, and spellings that differ in nothing but how they are transliterated.
    let rows = gathered(&[split(&["Keller"], &["Anna Keller"])]);
    assert!(rows.contains(&list(&["Anna Keller"])) && rows.contains(&list(&["Keller"])), "{rows:?}");
    let rows = gathered(&[split(&["Sergey Ivanov"], &["Sergei Ivanov"])]);
    assert!(rows.contains(&list(&["Sergei Ivanov"])) && rows.contains(&list(&["Sergey Ivanov"])), "{rows:?}");
    // What splits prevails, and every mention stays in one entity.
    let both = [join, split(&["Ruth Moravec"], &["Ruth Novak"])];
    assert!(gathered(&both).contains(&list(&["Ruth Novak"])));
    let all = entities_by(&found.mentions, Gazetteer::shipped(), &both);
    assert_eq!(all.iter().map(|entity| entity.mentions.len()).sum::<usize>(), found.mentions.len());
    let joined = entities_by(&found.mentions, Gazetteer::shipped(), &both[..1]);
    let reasons = joined.iter().flat_map(|entity| &entity.joined);
    assert_eq!(reasons.filter(|one| one.because == "an analyst joined them").count(), 1);
}

#[test]
fn subjects_and_events_stand_on_the_sheet_and_their_dates_are_resolved() {
    let text = "SUBJECT: Talks on the grain corridor\nDATE: 20 April 2023\n\n\
        Foreign Minister Anna Keller met Ambassador Petr Dvorak in Geneva last July.\n\
        Turkey will deploy two battalions in mid-February, but did not meet Keller.";
    let found = read(text);
    let subjects: Vec<&str> = found.subjects.iter().map(|one| one.text.as_str()).collect();
    assert_eq!(subjects, ["Talks on the grain corridor"]);
    let days = |n: usize| {
        let when = found.events[n].when.as_ref().unwrap().interval;
        (when.earliest.to_string(), when.latest.to_string())
    };
    assert_eq!(found.events.len(), 2, "{:?}", found.events);
    assert_eq!((found.events[0].kind.as_str(), found.events[1].kind.as_str()), ("meeting", "movement"));
    assert!(
        days(0).0.starts_with("2022-06-30T10") && days(0).1.starts_with("2022-08-01T13"),
        "{:?}",
        days(0)
    );
    assert!(
        days(1).0.starts_with("2023-02-09T10") && days(1).1.starts_with("2023-02-20T13"),
        "{:?}",
        days(1)
    );
    let names = |ids: &[model::MentionId]| -> Vec<&str> {
        ids.iter().map(|id| found.mentions.iter().find(|one| one.id == *id).unwrap().name.as_str()).collect()
    };
    assert_eq!(names(&found.events[0].who), ["Anna Keller", "Petr Dvorak"]);
    assert_eq!(names(&found.events[0].places), ["Geneva"]);
    let letters: Vec<char> = text.chars().collect();
    for event in &found.events {
        let (start, length) = (event.word_span.start as usize, event.word_span.length as usize);
        assert_eq!(letters[start..start + length].iter().collect::<String>(), event.word);
        assert!(!event.cited.spots.is_empty());
    }
}
