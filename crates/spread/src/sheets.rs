//! Sheets that must exist because others bear "page n of m" (R6).

use std::collections::{BTreeMap, BTreeSet};

use model::{Citation, Document, FamilyId, Gap, Lack, Measure, Reason, Seek, Why};

/// Pages of one document that are looked for, and pages it may have.
const MOST: u32 = 12;
const LONGEST: u32 = 300;
/// A page number that is read with more doubt than this tells nothing.
const DOUBT: f64 = 0.12;

/// A page number as printed on a sheet.
#[derive(Clone, Debug, PartialEq)]
pub struct PageNumber {
    /// The sheet.
    pub family: FamilyId,
    /// From 1.
    pub number: u32,
    /// Of so many.
    pub of: u32,
    /// How doubtful the reading is.
    pub doubt: f64,
    /// Where it stands, and its words.
    pub cited: Citation,
    /// Its words.
    pub words: String,
}

/// Sheets of one document, as far as page numbers and proposals tell.
struct Group<'a> {
    of: u32,
    pages: BTreeMap<u32, &'a PageNumber>,
}

/// The pages that no held sheet is, one gap for each, sorted by id. Where a sheet of another group may be the page, nothing is
/// said. `unnumbered`: how many held sheets bear no page number that was read; each may be one of them.
pub fn unseen_sheets(printed: &[PageNumber], documents: &[Document], unnumbered: usize) -> Vec<Gap> {
    let groups = groups(printed, documents);
    let mut gaps: Vec<Gap> = Vec::new();
    for (n, group) in groups.iter().enumerate() {
        let lacking: Vec<u32> = (1..=group.of).filter(|page| !group.pages.contains_key(page)).collect();
        let may_be = |page: &u32| {
            let another = |(k, other): (usize, &Group)| {
                k != n && other.of == group.of && other.pages.contains_key(page)
                    // One whose own pages are all there already is a document of its own.
                    && other.pages.len() < other.of as usize
                    && other.pages.keys().all(|own| !group.pages.contains_key(own))
            };
            groups.iter().enumerate().any(another)
        };
        // Two groups of which neither has what the other has may be one: what both lack is missed once.
        let told = |page: &u32| {
            let may_be_one = |other: &Group| {
                other.of == group.of
                    && !other.pages.contains_key(page)
                    && other.pages.keys().all(|own| !group.pages.contains_key(own))
            };
            groups[..n].iter().any(may_be_one)
        };
        let unseen = lacking.iter().filter(|page| !may_be(page) && !told(page)).take(MOST as usize);
        gaps.extend(unseen.map(|page| gap(group, *page, unnumbered)));
    }
    gaps.sort_by_key(|gap| gap.id);
    gaps
}

fn groups<'a>(printed: &'a [PageNumber], documents: &[Document]) -> Vec<Group<'a>> {
    let sound = |page: &&PageNumber| {
        page.doubt <= DOUBT && page.of > 1 && page.of <= LONGEST && (1..=page.of).contains(&page.number)
    };
    let mut of: BTreeMap<FamilyId, &PageNumber> = BTreeMap::new();
    for page in printed.iter().filter(sound) {
        let known = of.entry(page.family).or_insert(page);
        if (page.doubt, page.number, page.of) < (known.doubt, known.number, known.of) {
            *known = page;
        }
    }
    let mut groups = Vec::new();
    let mut taken: BTreeSet<FamilyId> = BTreeSet::new();
    for document in documents {
        // A sheet without a number that is read stands where its place in the document tells.
        let numbered: Vec<(usize, &PageNumber)> = document
            .families
            .iter()
            .enumerate()
            .filter_map(|(at, family)| Some((at, *of.get(family)?)))
            .collect();
        taken.extend(&document.families);
        let Some((at, first)) = numbered.first().copied() else { continue };
        let agree = |(place, page): &(usize, &PageNumber)| {
            page.of == first.of
                && i64::from(page.number) - i64::from(first.number) == *place as i64 - at as i64
        };
        if !numbered.iter().all(agree) {
            continue;
        }
        let mut pages: BTreeMap<u32, &PageNumber> = BTreeMap::new();
        for place in 0..document.families.len() {
            let number = i64::from(first.number) + place as i64 - at as i64;
            let own = numbered.iter().find(|(other, _)| *other == place).map_or(first, |(_, page)| page);
            if let Some(number) = u32::try_from(number).ok().filter(|number| (1..=first.of).contains(number))
            {
                pages.insert(number, own);
            }
        }
        groups.push(Group { of: first.of, pages });
    }
    let loose = of.iter().filter(|(family, _)| !taken.contains(family));
    groups
        .extend(loose.map(|(_, page)| Group { of: page.of, pages: BTreeMap::from([(page.number, *page)]) }));
    groups
}

fn gap(group: &Group, page: u32, unnumbered: usize) -> Gap {
    let mut families: Vec<FamilyId> = group.pages.values().map(|page| page.family).collect();
    families.sort_unstable();
    families.dedup();
    let reason = |own: &&PageNumber| Reason {
        measures: vec![Measure::new("doubt of the reading", own.doubt, "probability", Some(DOUBT))],
        ..Reason::new(Why::PageNumber, own.cited, Some(own.words.clone()))
    };
    let names: Vec<String> = families.iter().map(ToString::to_string).collect();
    let sought = format!("page {page} of {}", group.of);
    let mut called: Vec<&str> = names.iter().map(String::as_str).collect();
    called.push(&sought);
    let mut own: Vec<&PageNumber> = group.pages.values().copied().collect();
    own.dedup_by_key(|page| page.family);
    Gap {
        id: Gap::id_of(Lack::Sheet, &called),
        lack: Lack::Sheet,
        sure: unnumbered == 0,
        families,
        pictures: Vec::new(),
        channel: None,
        reasons: own.iter().map(reason).collect(),
        seek: Seek { file: Some(sought), ..Seek::default() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Id, PictureId, Span};

    fn id<T: Id>(n: u64) -> T {
        T::make(|id| {
            id.number(n);
        })
    }

    fn page(family: u64, number: u32, of: u32) -> PageNumber {
        let cited = Citation::Text { picture: id::<PictureId>(family), span: Span { start: 0, length: 4 } };
        PageNumber {
            family: id(family),
            number,
            of,
            doubt: 0.02,
            cited,
            words: format!("Page {number} of {of}"),
        }
    }

    fn sought(printed: &[PageNumber], documents: &[Document]) -> Vec<String> {
        let mut all: Vec<String> =
            unseen_sheets(printed, documents, 0).into_iter().filter_map(|gap| gap.seek.file).collect();
        all.sort();
        all
    }

    #[test]
    fn the_third_page_of_three_is_missed() {
        let document = Document::new(vec![id(1), id(2)], vec![vec![]]);
        let printed = [page(1, 1, 3), page(2, 2, 3)];
        assert_eq!(sought(&printed, std::slice::from_ref(&document)), ["page 3 of 3"]);
        // A loose sheet that bears the number may be it.
        let with = [page(1, 1, 3), page(2, 2, 3), page(3, 3, 3)];
        assert!(!sought(&with, &[document]).contains(&"page 3 of 3".to_owned()));
    }

    #[test]
    fn doubtful_and_impossible_numbers_say_nothing() {
        let doubtful = PageNumber { doubt: 0.4, ..page(1, 1, 2) };
        assert!(sought(&[doubtful, page(2, 5, 2), page(3, 1, 1)], &[]).is_empty());
        // Numbers that do not fit the order of a document neither.
        let document = Document::new(vec![id(1), id(2)], vec![vec![]]);
        assert!(sought(&[page(1, 2, 3), page(2, 1, 3)], &[document]).is_empty());
    }

    #[test]
    fn a_sheet_without_a_number_leaves_it_open() {
        let gaps = unseen_sheets(&[page(1, 1, 2)], &[], 3);
        assert!(gaps.len() == 1 && !gaps[0].sure);
        assert!(unseen_sheets(&[page(1, 1, 2)], &[], 0)[0].sure);
    }
}
