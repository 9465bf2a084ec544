//! Sheets by whom they mention, who is named with whom, names joined and split: told from the test that reads a case.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::desk::{Desk, rows, text};

/// On `leak.case`, of which `told` is the dossier.
pub fn found(desk: &Desk, told: &Value) {
    by_party(desk, told);
    by_subject(desk, told);
    company(desk, told);
    joined_and_split(desk, told);
}

fn lines(out: &str) -> Vec<Value> {
    out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A person who is on some sheets and not on all.
fn someone(told: &Value) -> &Value {
    let all = rows(told, "families").len();
    let some = |entity: &&Value| entity["kind"] == "person" && rows(entity, "families").len() < all;
    rows(told, "entities").iter().find(some).expect("a forged leak names persons")
}

fn by_party(desk: &Desk, told: &Value) {
    let person = someone(told);
    let (name, id) = (text(person, "name"), text(person, "id"));
    let wanted: BTreeSet<&str> = rows(person, "families").iter().filter_map(Value::as_str).collect();
    for party in [name, id] {
        let listed =
            lines(&desk.expect(0, &["list", "leak.case", "families", "--party", party, "--json"]).out);
        let ids: BTreeSet<&str> = listed.iter().map(|row| text(row, "id")).collect();
        assert_eq!(ids, wanted);
    }
    let statements = desk.expect(0, &["list", "leak.case", "statements", "--party", name, "--json"]).out;
    assert!(lines(&statements).iter().all(|row| wanted.contains(text(row, "family"))), "{statements}");
    let events = lines(&desk.expect(0, &["list", "leak.case", "events", "--party", name, "--json"]).out);
    let own = rows(told, "events").iter().filter(|event| wanted.contains(text(event, "family"))).count();
    assert_eq!(events.len(), own);
    // Hits are on pictures of these sheets alone.
    let shown: BTreeSet<&str> = rows(told, "families")
        .iter()
        .filter(|family| wanted.contains(text(family, "id")))
        .flat_map(|family| rows(family, "pictures").iter().filter_map(Value::as_str))
        .collect();
    let all = lines(&desk.expect(0, &["search", "leak.case", "the", "--json"]).out);
    let hits = lines(&desk.expect(0, &["search", "leak.case", "the", "--party", name, "--json"]).out);
    assert!(!hits.is_empty() && hits.len() < all.len(), "{} of {}", hits.len(), all.len());
    let of = |row: &&Value| text(row, "of").starts_with("pic:");
    assert!(hits.iter().filter(of).all(|row| shown.contains(text(row, "of"))));
    let said = desk.expect(1, &["search", "leak.case", "the", "--party", "Nobody At All"]).talk;
    assert!(said.contains("is called 'Nobody At All'"), "{said}");
}

fn by_subject(desk: &Desk, told: &Value) {
    let subject = rows(told, "subjects").iter().find(|one| text(one, "text").len() > 8);
    let subject = subject.expect("forged sheets are about something");
    let word = text(subject, "text").split_whitespace().find(|word| word.len() > 3).unwrap();
    let word: String = word.chars().filter(|c| c.is_alphanumeric()).collect();
    let listed = lines(
        &desk.expect(0, &["list", "leak.case", "families", "--subject", &word.to_uppercase(), "--json"]).out,
    );
    assert!(listed.iter().any(|row| row["id"] == subject["family"]), "{word}");
    assert!(desk.expect(0, &["list", "leak.case", "families", "--subject", "zyzzyva"]).out.is_empty());
}

fn company(desk: &Desk, told: &Value) {
    let csv = desk.expect(0, &["export", "leak.case", "--format", "people-csv"]).out;
    let pair = csv.lines().find(|line| line.contains(",sentence,")).expect("two are named in one sentence");
    let id = pair.split(',').next().unwrap();
    let with = pair.split(',').find(|cell| cell.starts_with("ent:") && *cell != id).unwrap();
    for shown in [&["show", "leak.case", id][..], &["parties", "leak.case", id]] {
        let shown = desk.expect(0, shown).out;
        let line = shown.lines().find(|line| line.starts_with("named with: ") && line.contains(&with[..12]));
        assert!(line.is_some_and(|line| line.contains("sentence")), "{shown}");
    }
    let graph = desk.expect(0, &["export", "leak.case", "--format", "people-gexf"]).out;
    assert!(graph.contains(&format!("source=\"{id}\"")) || graph.contains(&format!("target=\"{id}\"")));
    assert_eq!(graph.matches("<node ").count(), rows(told, "parties").len());
    let graph = desk.expect(0, &["export", "leak.case", "--format", "people-graphml"]).out;
    assert!(graph.contains("<graph id=\"people\" edgedefault=\"undirected\">"));
}

fn joined_and_split(desk: &Desk, told: &Value) {
    let persons: Vec<&Value> = rows(told, "entities").iter().filter(|one| one["kind"] == "person").collect();
    let (a, b) = (text(persons[0], "id"), text(persons[1], "id"));
    let spelled = |name: &str| -> BTreeSet<String> {
        let told: Value = serde_json::from_str(&desk.dossier("leak.case")).unwrap();
        let entity = rows(&told, "entities").iter().find(|one| {
            one["kind"] == "person" && rows(one, "spellings").iter().any(|spelling| spelling == name)
        });
        rows(entity.unwrap(), "spellings").iter().map(|one| one.as_str().unwrap().to_owned()).collect()
    };
    let (one, other) = (text(persons[0], "name"), text(persons[1], "name"));
    assert!(!spelled(one).contains(other));
    desk.expect(0, &["join", "leak.case", a, b, "--reason", "one hand"]);
    assert!(desk.expect(0, &["run", "leak.case"]).talk.contains("1 pieces of work done"));
    assert!(spelled(one).contains(other) && spelled(other).contains(one));
    let told: Value = serde_json::from_str(&desk.dossier("leak.case")).unwrap();
    let whole = rows(&told, "entities").iter().find(|entity| {
        entity["kind"] == "person" && rows(entity, "spellings").iter().any(|spelling| spelling == one)
    });
    let whole = text(whole.unwrap(), "id");
    let said = desk.expect(1, &["split", "leak.case", whole, "--name", other, "--reason", "no"]).talk;
    assert!(said.contains("an earlier act says the contrary"), "{said}");
    let acts = desk.expect(0, &["list", "leak.case", "acts"]).out;
    let act = acts.lines().last().unwrap().split('\t').next().unwrap().to_owned();
    desk.expect(0, &["undo", "leak.case", &act, "--reason", "a slip"]);
    desk.expect(0, &["run", "leak.case"]);
    assert!(!spelled(one).contains(other));
    let unknown = desk.expect(1, &["split", "leak.case", a, "--name", "Nobody", "--reason", "no"]).talk;
    assert!(unknown.contains("has no spelling 'Nobody'"), "{unknown}");
    let place = rows(&told, "entities").iter().find(|one| one["kind"] == "country").unwrap();
    let kinds = desk.expect(2, &["join", "leak.case", a, text(place, "id"), "--reason", "no"]).talk;
    assert!(kinds.contains("two kinds"), "{kinds}");
    // What bears two spellings is split by one of them, and stays so when all is derived anew.
    let two = rows(&told, "entities").iter().find(|one| {
        let spellings = rows(one, "spellings");
        one["kind"] != "country" && spellings.len() > 1 && one["id"] != whole && text(one, "id") != a
    });
    let Some(two) = two else { return };
    let spelling =
        rows(two, "spellings").iter().find(|name| **name != two["name"]).unwrap().as_str().unwrap();
    desk.expect(0, &["split", "leak.case", text(two, "id"), "--name", spelling, "--reason", "another"]);
    desk.expect(0, &["run", "leak.case"]);
    let after: Value = serde_json::from_str(&desk.dossier("leak.case")).unwrap();
    let both = rows(&after, "entities").iter().any(|one| {
        let has = |name: &str| {
            one["kind"] == two["kind"] && rows(one, "spellings").iter().any(|other| other == name)
        };
        has(spelling) && has(text(two, "name"))
    });
    assert!(!both, "{spelling} is still {}", text(two, "name"));
}
