//! What sheets say, handed to programs of others: FollowTheMoney, and who is named with whom.

use std::collections::BTreeMap;

use dossier::{ftm, people_csv, people_gexf, people_graphml, together};
use serde_json::Value;

use crate::briefing::{Passage, told};

/// Two sheets: three named in sentences together and apart.
fn texts() -> Vec<Passage> {
    let texts = [
        "On 2 April 2023, Anna Keller told Peter Novak in Geneva that Kenya would pay. Anna Keller met Peter Novak in Nairobi on 3 May 2023. \
         The minister, Maria Costa, was arrested in Lisbon on 9 May 2023.",
        "Maria Costa told Anna Keller that the European Commission was informed.",
    ];
    texts.iter().map(|text| Passage { text: (*text).to_owned(), named: Vec::new() }).collect()
}

#[test]
fn events_and_statements_go_to_follow_the_money_with_who_where_and_when() {
    let dossier = told(&texts());
    let rows: Vec<Value> = ftm(&dossier).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |id: &str| rows.iter().find(|row| row["id"] == id.replace(':', "-")).unwrap();
    let values = |row: &Value, name: &str| -> Vec<String> {
        let all = row["properties"][name].as_array().cloned().unwrap_or_default();
        all.iter().map(|value| value.as_str().unwrap().to_owned()).collect()
    };
    let named = |row: &Value, name: &str| -> Vec<String> {
        let mut names: Vec<String> =
            values(row, name).iter().map(|id| values(of(id), "name")[0].clone()).collect();
        names.sort();
        names
    };
    // A sheet and its page, a name and its bearer.
    for family in &dossier.families {
        assert_eq!(of(&family.id)["schema"], "Pages");
        let page = of(&format!("{}-page", family.id));
        assert_eq!(
            (&page["schema"], values(page, "document")),
            (&"Page".into(), vec![family.id.replace(':', "-")])
        );
        assert_eq!(values(page, "bodyText")[0], family.text.as_deref().unwrap());
    }
    for (name, schema) in
        [("Anna Keller", "Person"), ("European Commission", "Organization"), ("Kenya", "Territory")]
    {
        let entity = dossier.entities.iter().find(|entity| entity.name == name).unwrap();
        assert_eq!(of(&entity.id)["schema"], schema);
        let ties = rows.iter().filter(|row| {
            let tie = row["schema"] == "Mention" && values(row, "resolved") == [entity.id.replace(':', "-")]
                || row["schema"] == "Documentation" && values(row, "entity") == [entity.id.replace(':', "-")];
            tie && values(row, "document").len() == 1
        });
        assert!(ties.count() >= entity.families.len(), "{name}");
    }
    // What happened.
    let met = dossier.events.iter().find(|event| event.kind == "meeting").unwrap();
    let row = of(&met.id);
    assert_eq!(
        (row["schema"].as_str(), values(row, "name")[0].as_str()),
        (Some("Event"), "meeting: Anna Keller, Peter Novak")
    );
    assert_eq!(named(row, "involved"), ["Anna Keller", "Peter Novak"]);
    assert_eq!(values(row, "location"), ["Nairobi"]);
    assert_eq!(
        (values(row, "startDate").len(), values(row, "proof")),
        (1, vec![met.family.replace(':', "-")])
    );
    assert!(
        values(row, "startDate")[0].as_str() <= "2023-05-03"
            && values(row, "endDate")[0].as_str() >= "2023-05-03"
    );
    assert!(values(row, "summary")[0].starts_with("Anna Keller met"));
    let arrest = dossier.events.iter().find(|event| event.kind == "arrest").unwrap();
    assert_eq!(named(of(&arrest.id), "involved"), ["Maria Costa"]);
    // What was said.
    for (speaker, addressee, verb) in
        [("Anna Keller", "Peter Novak", "told"), ("Maria Costa", "Anna Keller", "told")]
    {
        let said = dossier.statements.iter().find(|one| one.speaker.as_deref() == Some(speaker)).unwrap();
        let row = of(&said.id);
        assert_eq!(
            (row["schema"].as_str(), values(row, "name")[0].clone()),
            (Some("Event"), format!("{speaker} {verb} {addressee}"))
        );
        let mut both = [speaker, addressee];
        both.sort_unstable();
        assert_eq!(named(row, "involved"), both);
        assert_eq!(values(row, "startDate").len(), usize::from(said.when.is_some()));
    }
    let told_of = dossier.events.len() + dossier.statements.len();
    assert_eq!(rows.iter().filter(|row| row["schema"] == "Event").count(), told_of);
}

#[test]
fn who_is_named_in_sentences_and_who_only_on_a_sheet() {
    let dossier = told(&texts());
    let names: BTreeMap<&str, &str> =
        dossier.parties.iter().map(|party| (party.id.as_str(), party.name.as_str())).collect();
    let pair = |one: &str, other: &str| {
        let all = together(&dossier);
        let is = |a: &str, b: &str| {
            (names[a] == one && names[b] == other) || (names[a] == other && names[b] == one)
        };
        let found = all.into_iter().find(|pair| is(&pair.a, &pair.b));
        found.map_or((0, 0), |pair| (pair.sentences.len(), pair.families.len()))
    };
    assert_eq!(pair("Anna Keller", "Peter Novak"), (2, 1));
    assert_eq!(pair("Maria Costa", "Anna Keller"), (1, 2));
    assert_eq!(pair("Maria Costa", "Peter Novak"), (0, 1));
    assert_eq!(pair("European Commission", "Peter Novak"), (0, 0));
    // Those in most sentences come first.
    let all = together(&dossier);
    let often: Vec<(usize, usize)> =
        all.iter().map(|pair| (pair.sentences.len(), pair.families.len())).collect();
    assert!(often.len() > 5 && often[0].0 == 2, "{often:?}");
    assert!(often.is_sorted_by(|one, next| one >= next), "{often:?}");
    let csv = people_csv(&dossier);
    let both = csv
        .lines()
        .filter_map(|row| row.split_once(",sentence,"))
        .filter(|(ends, _)| ends.contains("Anna Keller") && ends.contains("Peter Novak"));
    let quotes: Vec<&str> = both.map(|(_, rest)| rest).collect();
    assert_eq!(quotes.len(), 2, "{csv}");
    assert!(quotes.iter().any(|rest| rest.contains("that Kenya would pay")), "{csv}");
    assert!(quotes.iter().any(|rest| rest.contains("Anna Keller met Peter Novak in Nairobi")), "{csv}");
    let apart: Vec<&str> = csv.lines().filter(|row| row.contains(",sheet,")).collect();
    assert!(apart.iter().any(|row| row.contains("Maria Costa") && row.contains("Peter Novak")), "{csv}");
    assert!(!apart.iter().any(|row| row.contains("Anna Keller") && row.contains("Peter Novak")), "{csv}");
    let gexf = people_gexf(&dossier);
    assert_eq!(gexf.matches(" weight=\"2\"").count(), 1, "{gexf}");
    assert!(gexf.contains("defaultedgetype=\"undirected\"") && !gexf.contains("type=\"directed\""), "{gexf}");
    let person = dossier.parties.iter().find(|party| party.name == "Anna Keller").unwrap();
    for graph in [&gexf, &people_graphml(&dossier)] {
        let node =
            graph.split("<node ").find(|node| node.starts_with(&format!("id=\"{}\"", person.id))).unwrap();
        let node = node.split("</node>").next().unwrap();
        let has = |name: &str, value: &str| {
            node.contains(&format!("<attvalue for=\"{name}\" value=\"{value}\"/>"))
                || node.contains(&format!("<data key=\"node-{name}\">{value}</data>"))
        };
        assert!(
            has("name", "Anna Keller") && has("kind", "person") && has("passages", "3") && has("sheets", "2"),
            "{node}"
        );
        assert!(has("public_sheets", &person.public_sheets.to_string()), "{node}");
        for pair in together(&dossier) {
            let ends = format!("source=\"{}\" target=\"{}\"", pair.a, pair.b);
            let edge = graph.split("<edge ").find(|edge| edge.contains(&ends)).unwrap();
            let (family, cited) = (pair.families.len(), pair.sentences.first());
            assert!(
                edge.contains(&format!("\"{family}\"")) || edge.contains(&format!(">{family}<")),
                "{edge}"
            );
            assert!(
                cited.is_none_or(|(family, start)| edge.contains(&format!("{family} {start}"))),
                "{edge}"
            );
        }
    }
}
