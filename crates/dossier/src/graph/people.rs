//! Who is named with whom: in one sentence, and on one sheet.
//!
//! Of persons, bodies and countries. That two are named together says that a sheet names both; not that they know each other.

use std::collections::{BTreeMap, BTreeSet};

use super::{Edge, Graph, Vertex};
use crate::cells::row;
use crate::told::{AffectedParty, Dossier};

/// Sheets that name more than so many are lists: being on one says nothing of two of them, and only sentences count there.
const LIST: usize = 200;
/// Places that an edge cites, at most.
const CITED: usize = 10;

/// Two who are named together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Together {
    /// One of them, by its id among the parties; the smaller of the two.
    pub a: String,
    /// The other.
    pub b: String,
    /// Sentences that name both: the sheet, and the first character in its text.
    pub sentences: Vec<(String, u64)>,
    /// Sheets that name both, in one sentence or not.
    pub families: Vec<String>,
}

/// All who are named together, those in most sentences first, then those on most sheets.
pub fn together(dossier: &Dossier) -> Vec<Together> {
    let parties: BTreeSet<&str> = dossier.parties.iter().map(|party| party.id.as_str()).collect();
    let entity_of: BTreeMap<&str, &str> = dossier
        .mentions
        .iter()
        .filter_map(|mention| Some((mention.id.as_str(), mention.entity.as_deref()?)))
        .collect();
    let mut sentences: BTreeMap<(&str, &str), BTreeSet<(&str, u64)>> = BTreeMap::new();
    for passage in dossier.parties.iter().flat_map(|party| &party.passages) {
        let named: BTreeSet<&str> =
            passage.mentions.iter().filter_map(|id| entity_of.get(id.as_str()).copied()).collect();
        let place = (passage.family.as_str(), passage.cited.start);
        for pair in pairs(&named.intersection(&parties).copied().collect()) {
            sentences.entry(pair).or_default().insert(place);
        }
    }
    let mut on: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for entity in dossier.entities.iter().filter(|entity| parties.contains(entity.id.as_str())) {
        for family in &entity.families {
            on.entry(family).or_default().insert(&entity.id);
        }
    }
    let mut sheets: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    for (family, named) in on.iter().filter(|(_, named)| named.len() <= LIST) {
        for pair in pairs(named) {
            sheets.entry(pair).or_default().insert(family);
        }
    }
    for (pair, places) in &sentences {
        sheets.entry(*pair).or_default().extend(places.iter().map(|(family, _)| *family));
    }
    let mut all: Vec<Together> = sheets
        .into_iter()
        .map(|((a, b), families)| Together {
            a: a.to_owned(),
            b: b.to_owned(),
            sentences: sentences
                .get(&(a, b))
                .into_iter()
                .flatten()
                .map(|(family, start)| ((*family).to_owned(), *start))
                .collect(),
            families: families.into_iter().map(str::to_owned).collect(),
        })
        .collect();
    all.sort_by_key(|one| {
        let (sentences, families) = (one.sentences.len(), one.families.len());
        (std::cmp::Reverse(sentences), std::cmp::Reverse(families), one.a.clone(), one.b.clone())
    });
    all
}

/// Each two of them, the smaller first.
fn pairs<'a>(named: &BTreeSet<&'a str>) -> Vec<(&'a str, &'a str)> {
    let all: Vec<&str> = named.iter().copied().collect();
    let of = |n: usize| all[n + 1..].iter().map(move |b| (n, *b)).collect::<Vec<_>>();
    (0..all.len()).flat_map(of).map(|(n, b)| (all[n], b)).collect()
}

/// Who is named with whom as GEXF.
pub fn people_gexf(dossier: &Dossier) -> String {
    graph(dossier).gexf()
}

/// Who is named with whom as GraphML.
pub fn people_graphml(dossier: &Dossier) -> String {
    graph(dossier).graphml()
}

/// One row for each sentence that names two, and one for each two that are on a sheet but in no sentence together.
pub fn people_csv(dossier: &Dossier) -> String {
    let names: BTreeMap<&str, &str> =
        dossier.parties.iter().map(|party| (party.id.as_str(), party.name.as_str())).collect();
    let quotes = quotes(dossier);
    let mut out = String::new();
    row(&mut out, ["a", "a_name", "b", "b_name", "together_in", "sheet", "first_character", "sentence"]);
    let name = |id: &str| names.get(id).map_or("", |name| *name).to_owned();
    for one in together(dossier) {
        let head = [one.a.clone(), name(&one.a), one.b.clone(), name(&one.b)];
        for (family, start) in &one.sentences {
            let quote = quotes.get(&(family.as_str(), *start)).cloned().unwrap_or_default();
            let rest = ["sentence".to_owned(), family.clone(), start.to_string(), quote];
            row(&mut out, head.iter().cloned().chain(rest));
        }
        let told: BTreeSet<&String> = one.sentences.iter().map(|(family, _)| family).collect();
        for family in one.families.iter().filter(|family| !told.contains(family)) {
            let rest = ["sheet".to_owned(), family.clone(), String::new(), String::new()];
            row(&mut out, head.iter().cloned().chain(rest));
        }
    }
    out
}

/// The words of all passages, by sheet and first character.
fn quotes(dossier: &Dossier) -> BTreeMap<(&str, u64), String> {
    let texts: BTreeMap<&str, Vec<char>> = dossier
        .families
        .iter()
        .map(|family| (family.id.as_str(), family.text.as_deref().unwrap_or("").chars().collect()))
        .collect();
    let mut quotes = BTreeMap::new();
    for passage in dossier.parties.iter().flat_map(|party| &party.passages) {
        let place = (passage.family.as_str(), passage.cited.start);
        let Some(text) = texts.get(place.0).filter(|_| !quotes.contains_key(&place)) else { continue };
        let words: String = text.iter().skip(place.1 as usize).take(passage.cited.length as usize).collect();
        quotes.insert(place, words.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    quotes
}

fn graph(dossier: &Dossier) -> Graph {
    let edges = together(dossier).into_iter().map(|one| {
        let cited = one.sentences.iter().take(CITED).map(|(family, start)| format!("{family} {start}"));
        Edge {
            id: format!("{} {}", one.a, one.b),
            directed: false,
            weight: one.sentences.len().max(1),
            start: None,
            values: vec![
                ("sentences", one.sentences.len().to_string()),
                ("sheets", one.families.len().to_string()),
                ("cited", cited.collect::<Vec<_>>().join("; ")),
            ],
            from: one.a,
            to: one.b,
        }
    });
    Graph {
        id: "people",
        directed: false,
        dynamic: false,
        of_nodes: &[
            ("name", "string"),
            ("kind", "string"),
            ("passages", "int"),
            ("sheets", "int"),
            ("public_sheets", "int"),
        ],
        of_edges: &[("sentences", "int"), ("sheets", "int"), ("cited", "string")],
        nodes: dossier.parties.iter().map(vertex).collect(),
        edges: edges.collect(),
    }
}

fn vertex(party: &AffectedParty) -> Vertex {
    let sheets: BTreeSet<&String> = party.passages.iter().map(|passage| &passage.family).collect();
    let kind = serde_json::to_value(party.kind).ok();
    Vertex {
        id: party.id.clone(),
        label: party.name.clone(),
        start: None,
        values: vec![
            ("name", party.name.clone()),
            ("kind", kind.as_ref().and_then(|kind| kind.as_str()).unwrap_or_default().to_owned()),
            ("passages", party.passages.len().to_string()),
            ("sheets", sheets.len().to_string()),
            ("public_sheets", party.public_sheets.to_string()),
        ],
    }
}
