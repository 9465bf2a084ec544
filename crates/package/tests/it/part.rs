//! Parts of a leak whose sheets touch parties: of each sheet alone nothing tells of the others.

use std::collections::{BTreeMap, BTreeSet};

use dossier::told::{Act, AffectedParty, Dossier};
use dossier::{Material, tell};
use impact::{Gathering, Given, Rules};
use model::{
    Deed, EntityKind, Evidence, FamilyId, FamilyReading, Order, PageId, PictureId, Quad, SharedWord, Span,
    TextLayer, Tie, Word,
};
use package::{part, strays};
use statements::Gazetteer;

use crate::material::{at, leak};

/// What the second sheet says. The first: "On 2 April, Minister Ruth Novak warned Varga that deliveries to Kenya would very
/// likely be <late>."
const SLIDE: &str =
    "General Ruth Anna Novak told Dana Keller in private that warships of Norway were stationed at Odessa.";

fn reading(text: &str, picture: PictureId, family: FamilyId) -> FamilyReading {
    let (mut words, mut at) = (Vec::new(), 0);
    for word in text.split(' ') {
        let length = word.chars().count() as u64;
        let quad = Quad::rectangle(at as f64 * 10.0, 300.0, length as f64 * 10.0, 24.0);
        let span = Span { start: at, length };
        let word = Word { text: word.to_owned(), span, quad, doubt: 0.02, line: 0, second: false };
        words.push(SharedWord { word, picture, at: words.len() as u32, agree: 1, shown: 1 });
        at += length + 1;
    }
    FamilyReading {
        family,
        text: text.to_owned(),
        words,
        markings: vec![],
        banner: None,
        dates: vec![],
        printed: vec![],
        dissents: vec![],
    }
}

/// The spelling of each of the two sheets, held to name one person.
fn joined() -> model::Act {
    let names = vec!["Ruth Anna Novak".to_owned(), "Ruth Novak".to_owned()];
    let deed = Deed::JoinNames { kind: EntityKind::Person, names };
    model::Act::new(at("2023-05-01T07:00:00Z"), "tester", deed, "one person")
}

/// The leak, of which the second sheet speaks too, with a party that both touch and parties that one touches.
fn touched() -> Material {
    let mut leak = leak();
    let gazetteer = Gazetteer::shipped();
    let reading = reading(SLIDE, leak.families[1].best, leak.families[1].id);
    let said = statements::told(&reading, None, gazetteer);
    leak.mentions.extend(said.mentions);
    leak.statements.extend(said.statements);
    leak.events.extend(said.events);
    leak.subjects.extend(said.subjects);
    leak.sheets.push(reading);
    leak.acts = vec![joined()];
    leak.entities = statements::entities_by(&leak.mentions, gazetteer, &leak.acts);
    let Material { mentions, entities, statements, .. } = &leak;
    let mut gathering = Gathering::new(&Given { mentions, entities, statements }, Rules::shipped());
    leak.sheets.iter().for_each(|sheet| gathering.sheet(sheet));
    leak.affected = gathering.done();
    leak.channels[1].kind = Some("public channel".to_owned());
    leak
}

fn only(whole: &Dossier, family: &str) -> Dossier {
    let part = part(whole, &BTreeSet::from([family.to_owned()]));
    assert_eq!(strays(&part, whole).unwrap(), Vec::<String>::new());
    part
}

fn names(parties: &[AffectedParty]) -> BTreeSet<&str> {
    parties.iter().map(|party| party.name.as_str()).collect()
}

fn deeds(acts: &[Act]) -> Vec<&str> {
    acts.iter().map(|act| act.deed.as_str()).collect()
}

/// Ids of what hangs on one sheet alone, with the words and names that only it has.
fn own(told: &Dossier, family: &str) -> BTreeSet<String> {
    let mut own = BTreeSet::from([family.to_owned()]);
    own.extend(
        told.pictures.iter().filter(|one| one.family.as_deref() == Some(family)).map(|one| one.id.clone()),
    );
    own.extend(told.statements.iter().filter(|one| one.family == family).map(|one| one.id.clone()));
    own.extend(told.mentions.iter().filter(|one| one.family == family).map(|one| one.id.clone()));
    let alone = told.entities.iter().filter(|one| one.families == [family]);
    own.extend(alone.flat_map(|one| one.spellings.iter().chain([&one.id])).cloned());
    let passages = told.parties.iter().flat_map(|party| &party.passages).filter(|one| one.family == family);
    own.extend(passages.flat_map(|one| &one.harms).map(|harm| harm.id.clone()));
    let pictured = |item: &&dossier::told::Item| item.pictures.iter().any(|id| own.contains(id));
    let files: Vec<_> =
        told.items.iter().filter(pictured).flat_map(|item| [item.id.clone(), item.name.clone()]).collect();
    own.extend(files);
    own
}

#[test]
fn the_parties_of_a_sheet_go_with_it_and_no_others() {
    let material = touched();
    let whole = tell(&material);
    let families: Vec<String> = material.families.iter().map(|family| family.id.to_string()).collect();
    assert_eq!(names(&whole.parties), ["Dana Keller", "Kenya", "Norway", "Ruth Anna Novak", "Varga"].into());
    let (memo, slide, paper) =
        (only(&whole, &families[0]), only(&whole, &families[1]), only(&whole, &families[2]));
    assert_eq!(names(&memo.parties), ["Kenya", "Ruth Novak", "Varga"].into());
    assert_eq!(names(&slide.parties), ["Dana Keller", "Norway", "Ruth Anna Novak"].into());
    assert!(paper.parties.is_empty() && paper.entities.is_empty());
    // All sheets together are touched as the whole is.
    assert_eq!(part(&whole, &families.into_iter().collect()).parties, whole.parties);
}

#[test]
fn a_party_of_two_sheets_is_told_of_by_the_sheet_of_the_part() {
    let material = touched();
    let whole = tell(&material);
    let novak =
        |told: &Dossier| told.parties.iter().find(|party| party.name.ends_with("Novak")).unwrap().clone();
    let all = novak(&whole);
    assert_eq!((all.passages.len(), all.said.len(), all.public_sheets), (2, 2, 2));
    let mut firsts = BTreeMap::new();
    for family in &material.families[..2] {
        let id = family.id.to_string();
        let told = only(&whole, &id);
        let own = novak(&told);
        assert_eq!(own.id, all.id);
        assert_eq!(
            own.passages,
            all.passages.iter().filter(|one| one.family == id).cloned().collect::<Vec<_>>()
        );
        assert_eq!(own.said, told.statements.iter().map(|one| one.id.clone()).collect::<Vec<_>>());
        assert_eq!(own.public_sheets, 1);
        assert_eq!(own.first, told.reach[0].first);
        firsts.insert(id, own.first);
    }
    assert_eq!(
        firsts.values().flatten().map(|first| first.earliest).min(),
        all.first.map(|first| first.earliest)
    );
    assert_ne!(firsts.values().next(), firsts.values().last());
}

#[test]
fn nothing_of_another_sheet_stands_in_a_part() {
    let material = touched();
    let whole = tell(&material);
    for family in &material.families {
        let id = family.id.to_string();
        let json = serde_json::to_string(&only(&whole, &id)).unwrap();
        let kept = own(&whole, &id);
        for other in material.families.iter().map(|other| other.id.to_string()).filter(|other| *other != id) {
            for words in own(&whole, &other).difference(&kept) {
                assert!(!json.contains(&format!("\"{words}\"")), "{words}");
            }
        }
        assert_eq!(json.contains("Odessa"), family.id == material.families[1].id);
        assert_eq!(json.contains("Varga"), family.id == material.families[0].id);
        assert_eq!(json.contains("slide.png"), family.id == material.families[1].id);
        assert_eq!(json.contains("memo_small.jpg"), family.id == material.families[0].id);
    }
}

/// An act on a harm goes with the sheet that has the passage, and what takes it back goes with it; what is said of names does not.
#[test]
fn what_was_judged_goes_with_its_passage() {
    let mut material = touched();
    let (memo, slide) = (material.families[0].id, material.families[1].id);
    let act =
        |hour: &str, deed| model::Act::new(at(&format!("2023-05-01T{hour}:00:00Z")), "tester", deed, "so");
    let harm = |family| {
        let passages = material.affected.iter().flat_map(|party| &party.passages);
        passages.filter(|one| one.family == family).find_map(|one| one.impacts.first()).unwrap().id
    };
    let reject = act("08", Deed::Reject { impact: harm(memo) });
    let undo = act("09", Deed::Undo { act: reject.id });
    let confirm = act("10", Deed::Confirm { impact: harm(slide) });
    let joined = joined();
    material.acts = vec![joined.clone(), reject, undo, confirm, act("11", Deed::Undo { act: joined.id })];
    let whole = tell(&material);
    assert_eq!(deeds(&only(&whole, &memo.to_string()).acts), ["reject", "undo"]);
    assert_eq!(deeds(&only(&whole, &slide.to_string()).acts), ["confirm"]);
    assert!(only(&whole, &material.families[2].id.to_string()).acts.is_empty());
}

/// A note on a gap that rests on the rest does not name what the part has not.
#[test]
fn an_act_on_a_gap_goes_with_it() {
    let mut material = touched();
    let gap = material.gaps.iter_mut().find(|gap| !gap.pictures.is_empty()).unwrap();
    let deed = Deed::Note { on: gap.id.to_string(), pictures: gap.pictures.clone() };
    material.acts = vec![model::Act::new(at("2023-05-01T08:00:00Z"), "tester", deed, "ask for it")];
    let memo = material.families[0].id.to_string();
    let whole = tell(&material);
    assert_eq!(only(&whole, &memo).acts.len(), 1);
    let slide = material.families[1].id;
    let gap = material.gaps.iter_mut().find(|gap| !gap.pictures.is_empty()).unwrap();
    gap.families.push(slide);
    assert!(only(&tell(&material), &memo).acts.is_empty());
}

#[test]
fn a_hop_tells_when_the_sheet_was_there_and_not_another() {
    let mut material = touched();
    let slide = material.families[1].id;
    let late = material.posts[1].when().unwrap();
    let posted = material.posts[1].id;
    let hop = &mut material.hops[0];
    hop.families = vec![material.families[0].id, slide];
    let evidence = |tie| Evidence { tie, family: Some(slide), from: None, to: posted, order: Order::Before };
    hop.evidence.push(evidence(Tie::Forward));
    let whole = tell(&material);
    let part = only(&whole, &slide.to_string());
    let first = part.hops[0].first.unwrap();
    assert_eq!((first.earliest, first.latest), (late.earliest, late.latest));
    assert_eq!(part.hops[0].families, [slide.to_string()]);
    // What time alone speaks for is no hop.
    material.hops[0].evidence[1].tie = Tie::Time;
    assert!(only(&tell(&material), &slide.to_string()).hops.is_empty());
}

/// The words that a PDF carries with a page are those of all sheets on it.
#[test]
fn the_words_of_a_page_with_other_sheets_are_left_out() {
    let mut material = touched();
    let (slide, paper) = (&material.families[1], &material.families[2]);
    let page_of = |id: PictureId| material.pictures.iter().find(|picture| picture.id == id).unwrap().page;
    let (page, other): (PageId, PictureId) = (page_of(paper.best), slide.best);
    let (slide, paper) = (slide.id.to_string(), paper.id.to_string());
    let words = |told: &Dossier| told.pictures[0].text.clone();
    assert!(words(&only(&tell(&material), &paper)).is_some());
    material.pictures.iter_mut().find(|picture| picture.id == other).unwrap().page = page;
    let layer = TextLayer { text: "Words of both".to_owned(), words: vec![], unknown_glyphs: 0 };
    material.pages.iter_mut().find(|known| known.id == page).unwrap().text_layer = Some(layer);
    let whole = tell(&material);
    assert_eq!((words(&only(&whole, &paper)), words(&only(&whole, &slide))), (None, None));
}
