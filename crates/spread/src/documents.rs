//! Which sheets belong together: a proposal with its reasons, for an analyst to judge.
//!
//! A sheet is tied to the one that follows it by what is printed on both (serial, date-time group, page n of m, banner), by
//! paragraphs that are numbered on, and by posts that show both one after the other. What is printed can also forbid it:
//! two serials, two totals, the same page number. Where two sheets follow equally well, none does: undecided.

use std::collections::{BTreeMap, BTreeSet};

use model::{ChannelId, Document, FamilyId, Measure};

/// What a bond must weigh, and by how much it must outweigh every other that would take its place.
const ENOUGH: f64 = 3.0;
const CLEARLY: f64 = 1.0;
/// Posts of one author in one channel no further apart, in seconds, stand together.
const TOGETHER: i64 = 600;

/// A sheet, as far as it tells to which document it belongs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Leaf {
    /// The page number it bears, from 1.
    pub number: Option<u32>,
    /// Of how many.
    pub of: Option<u32>,
    /// Its classification banner.
    pub banner: Option<String>,
    /// Serials and copy numbers.
    pub serials: BTreeSet<String>,
    /// Date-time groups.
    pub groups: BTreeSet<String>,
    /// The numbers of its first and last numbered paragraph.
    pub paragraphs: Option<(u32, u32)>,
    /// Posts that show it: channel, author as the platform names him, second.
    pub seen: Vec<(ChannelId, String, i64)>,
}

/// The documents of two sheets or more that can be proposed; each sheet is in one at most. Sorted by id.
pub fn documents(leaves: &BTreeMap<FamilyId, Leaf>) -> Vec<Document> {
    let mut bonds: BTreeMap<(FamilyId, FamilyId), Vec<Measure>> = BTreeMap::new();
    for (a, one) in leaves {
        for (b, two) in leaves.iter().filter(|(b, _)| *b != a) {
            if let Some(reasons) = bond(one, two) {
                bonds.insert((*a, *b), reasons);
            }
        }
    }
    let clear: Vec<((FamilyId, FamilyId), Vec<Measure>)> = bonds
        .iter()
        .filter(|(pair, reasons)| {
            let rival = |other: &(FamilyId, FamilyId)| {
                other != *pair && (other.0 == pair.0 || other.1 == pair.1) && *other != (pair.1, pair.0)
            };
            let rivals = bonds.iter().filter(|(other, _)| rival(other)).map(|(_, reasons)| weight(reasons));
            weight(reasons) >= rivals.fold(ENOUGH, |most, rival| most.max(rival + CLEARLY))
        })
        .map(|(pair, reasons)| (*pair, reasons.clone()))
        .collect();
    chains(&clear)
}

/// Sheets along bonds from each to the one that follows it.
fn chains(bonds: &[((FamilyId, FamilyId), Vec<Measure>)]) -> Vec<Document> {
    let next: BTreeMap<FamilyId, (FamilyId, &Vec<Measure>)> =
        bonds.iter().map(|((a, b), reasons)| (*a, (*b, reasons))).collect();
    let followers: BTreeSet<FamilyId> = bonds.iter().map(|((_, b), _)| *b).collect();
    let heads = next.keys().filter(|head| !followers.contains(head));
    let mut documents: Vec<Document> = heads
        .map(|head| {
            let (mut sheets, mut reasons) = (vec![*head], Vec::new());
            let mut last = *head;
            while let Some((follows, why)) = next.get(&last).filter(|(id, _)| !sheets.contains(id)) {
                sheets.push(*follows);
                reasons.push((*why).clone());
                last = *follows;
            }
            Document::new(sheets, reasons)
        })
        .collect();
    documents.sort_by_key(|document| document.id);
    documents
}

fn weight(reasons: &[Measure]) -> f64 {
    reasons.iter().map(|reason| reason.value).sum()
}

/// Why `b` may follow `a`; None where it cannot, or where nothing speaks for it.
fn bond(a: &Leaf, b: &Leaf) -> Option<Vec<Measure>> {
    let other = |one: &BTreeSet<String>, two: &BTreeSet<String>| {
        !one.is_empty() && !two.is_empty() && one.is_disjoint(two)
    };
    let follows = match (a.number, b.number) {
        (Some(one), Some(two)) if two != one + 1 => return None,
        (Some(_), Some(_)) => true,
        (None, Some(1)) => return None,
        _ => false,
    };
    let beyond = a.number.zip(a.of).is_some_and(|(number, of)| number >= of);
    let totals = a.of.zip(b.of).is_some_and(|(one, two)| one != two);
    if beyond || totals || other(&a.serials, &b.serials) || other(&a.groups, &b.groups) {
        return None;
    }
    let mut reasons = Vec::new();
    let mut speaks = |name: &str, value: f64| reasons.push(Measure::new(name, value, "weight", None));
    if !a.serials.is_disjoint(&b.serials) {
        speaks("same serial", 3.0);
    }
    if !a.groups.is_disjoint(&b.groups) {
        speaks("same date-time group", 3.0);
    }
    if follows {
        speaks("page numbers follow", if a.of.is_some() && b.of.is_some() { 2.0 } else { 1.0 });
    }
    match (&a.banner, &b.banner) {
        (Some(one), Some(two)) if one == two => speaks("same banner", 1.0),
        (Some(_), Some(_)) => speaks("other banner", -2.0),
        _ => {}
    }
    match (a.paragraphs, b.paragraphs) {
        (Some((_, last)), Some((first, _))) if first == last + 1 => speaks("paragraphs numbered on", 2.0),
        (Some((_, last)), Some((first, _))) if first <= last => speaks("paragraphs not numbered on", -1.0),
        _ => {}
    }
    match together(a, b) {
        0 => {}
        1 => speaks("posted one after the other, once", 1.0),
        _ => speaks("posted one after the other, more than once", 2.0),
    }
    (weight(&reasons) > 0.0).then_some(reasons)
}

/// In how many channels one author posted both within minutes.
fn together(a: &Leaf, b: &Leaf) -> usize {
    let near = |(channel, author, at): &(ChannelId, String, i64)| {
        b.seen
            .iter()
            .any(|(other, by, then)| other == channel && by == author && (at - then).abs() <= TOGETHER)
    };
    a.seen.iter().filter(|seen| near(seen)).map(|(channel, _, _)| *channel).collect::<BTreeSet<_>>().len()
}

/// The numbers of the first and the last numbered paragraph of a text: "7." at the beginning of a line or after a portion
/// marking, each one more than the one before.
pub fn paragraphs(text: &str) -> Option<(u32, u32)> {
    let mut found: Option<(u32, u32)> = None;
    for line in text.lines() {
        let mut words = line.split_whitespace();
        let first = words.next().unwrap_or_default();
        let marked = first.starts_with('(') && first.ends_with(')');
        let number = if marked { words.next().unwrap_or_default() } else { first };
        let number = number.strip_suffix('.').filter(|digits| digits.len() <= 3);
        let Some(number) = number.and_then(|digits| digits.parse::<u32>().ok()) else { continue };
        found = match found {
            None => Some((number, number)),
            Some((first, last)) if number == last + 1 => Some((first, number)),
            kept => kept,
        };
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Id;

    fn id(n: u64) -> FamilyId {
        FamilyId::make(|id| {
            id.number(n);
        })
    }

    fn leaf(number: u32, of: u32, banner: &str) -> Leaf {
        Leaf { number: Some(number), of: Some(of), banner: Some(banner.to_owned()), ..Leaf::default() }
    }

    #[test]
    fn pages_of_one_document_follow_each_other() {
        let mut leaves = BTreeMap::from([
            (id(1), leaf(1, 3, "SECRET")),
            (id(2), leaf(2, 3, "SECRET")),
            (id(3), leaf(3, 3, "SECRET")),
            (id(4), leaf(2, 2, "SECRET")),
        ]);
        let found = documents(&leaves);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].families, [id(1), id(2), id(3)]);
        // A second page 2 that fits as well: undecided, and page 3 stays with neither.
        leaves.insert(id(5), leaf(2, 3, "SECRET"));
        assert!(documents(&leaves).is_empty());
        // A serial on two of them decides.
        for sheet in [1, 5] {
            leaves.entry(id(sheet)).and_modify(|leaf| {
                leaf.serials.insert("A-1".to_owned());
            });
        }
        assert_eq!(documents(&leaves)[0].families, [id(1), id(5)]);
    }

    #[test]
    fn what_is_printed_forbids() {
        let mut one = leaf(1, 2, "SECRET");
        let mut two = leaf(2, 2, "SECRET");
        assert!(bond(&one, &two).is_some() && bond(&two, &one).is_none());
        one.serials.insert("A-1".to_owned());
        two.serials.insert("A-2".to_owned());
        assert_eq!(bond(&one, &two), None);
    }

    #[test]
    fn paragraphs_are_counted_on() {
        assert_eq!(paragraphs("(S) 7. A line\nand 12. no\n(S//NF) 8. more\n3. noise"), Some((7, 8)));
        assert_eq!(paragraphs("none here 1. at all"), None);
    }
}
