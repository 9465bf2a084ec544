//! What a briefing tells.

use std::collections::{BTreeMap, BTreeSet};

use super::{Block, Briefing};
use crate::masked::{MARK, Mask};
use crate::told::{
    AffectedParty, Alteration, AlterationKind, Dossier, Family, Lack, Open, Passage, Reach, Statement,
};

/// Answers cite at most so many passages.
const ANSWERS: usize = 20;
/// A word is read with doubt from here on.
const DOUBT: f64 = 0.5;

/// The briefing for one party, with answers to `asked` from its own passages; none if the dossier has no such party.
pub fn briefing(dossier: &Dossier, party: &str, asked: &[String]) -> Option<Briefing> {
    let party = dossier.parties.iter().find(|one| one.id == party)?;
    let writer = Writer::of(dossier, party);
    let mut made = Briefing {
        title: format!("What the leaked sheets say of {}", party.name),
        blocks: Vec::new(),
        capitals: 0,
    };
    let told: Vec<(Block, bool)> =
        party.passages.iter().enumerate().map(|(n, passage)| writer.passage(n, passage)).collect();
    made.capitals = told.iter().filter(|(_, capitals)| *capitals).count();
    made.blocks.push(Block::Text(writer.head()));
    made.blocks.push(Block::Text(format!(
        "{MARK} stands for words that name or may name others; it says nothing about how many they are. The sheets say what is \
         quoted here; whether it is so, or was said, is not asked. Numbers in brackets count the passages."
    )));
    made.blocks.push(Block::Heading("Where and since when it can be seen".to_owned()));
    made.blocks.extend(writer.seen().into_iter().map(Block::Text));
    made.blocks.push(Block::Heading("The passages".to_owned()));
    made.blocks.extend(told.into_iter().map(|(block, _)| block));
    made.blocks.push(Block::Heading("Questions and answers".to_owned()));
    for (question, answer) in writer.answers(asked) {
        made.blocks.push(Block::Passage { words: question, notes: answer });
    }
    made.blocks.push(Block::Heading("What is not known".to_owned()));
    made.blocks.extend(writer.unknown(made.capitals).into_iter().map(Block::Text));
    Some(made)
}

struct Writer<'a> {
    dossier: &'a Dossier,
    party: &'a AffectedParty,
    mask: Mask<'a>,
    families: BTreeMap<&'a str, &'a Family>,
    reach: BTreeMap<&'a str, &'a Reach>,
    statements: BTreeMap<&'a str, &'a Statement>,
}

impl<'a> Writer<'a> {
    fn of(dossier: &'a Dossier, party: &'a AffectedParty) -> Self {
        Self {
            dossier,
            party,
            mask: Mask::of(dossier, party),
            families: dossier.families.iter().map(|family| (family.id.as_str(), family)).collect(),
            reach: dossier.reach.iter().map(|reach| (reach.family.as_str(), reach)).collect(),
            statements: dossier.statements.iter().map(|one| (one.id.as_str(), one)).collect(),
        }
    }

    /// The sheets its passages stand on, in their order.
    fn sheets(&self) -> Vec<&'a str> {
        let mut sheets: Vec<&str> = Vec::new();
        for passage in &self.party.passages {
            if !sheets.contains(&passage.family.as_str()) {
                sheets.push(&passage.family);
            }
        }
        sheets
    }

    fn sheet_number(&self, family: &str) -> usize {
        self.sheets().iter().position(|sheet| *sheet == family).map_or(0, |n| n + 1)
    }

    fn head(&self) -> String {
        let (passages, sheets) = (self.party.passages.len(), self.sheets().len());
        format!(
            "{passages} {} on {sheets} {}; {} statements are reported of it, {} to it, {} name it.",
            if passages == 1 { "passage" } else { "passages" },
            if sheets == 1 { "sheet" } else { "sheets" },
            self.party.said.len(),
            self.party.told.len(),
            self.party.about.len()
        )
    }

    /// How each of the sheets could be seen.
    fn seen(&self) -> Vec<String> {
        let line = |(n, family): (usize, &&str)| {
            let Some(reach) = self.reach.get(family) else {
                return format!("Sheet {}: in no post that is held; it may have been seen elsewhere.", n + 1);
            };
            let first = reach.first.map_or("at a time that is not told".to_owned(), |first| {
                if first.earliest == first.latest {
                    first.earliest.to_string()
                } else {
                    format!("between {} and {}", first.earliest, first.latest)
                }
            });
            let counted = |open: Open| reach.channels.iter().filter(|channel| channel.open == open).count();
            let days =
                reach.public_days.map(|days| format!(", for {days:.1} days at least")).unwrap_or_default();
            format!(
                "Sheet {}: first seen {first} (UTC), in {} posts; channels that anyone can see: {}{days}; closed channels: {}; \
                 channels of which that is not told: {}.",
                n + 1,
                reach.posts,
                counted(Open::Public),
                counted(Open::Closed),
                counted(Open::Untold)
            )
        };
        self.sheets().iter().enumerate().map(line).collect()
    }

    /// A passage as the unaltered copies have it, and whether it is in capitals.
    fn passage(&self, n: usize, passage: &Passage) -> (Block, bool) {
        let (text, altered) = self.unaltered(passage);
        let (words, capitals) = self.mask.passage(&text, &passage.mentions);
        let mut notes = vec![format!("[{}] Sheet {}", n + 1, self.sheet_number(&passage.family))];
        if let Some(marking) = &passage.marking {
            let of = if passage.portion { "the paragraph" } else { "the sheet" };
            notes.push(format!("Marking of {of}: {}", self.mask.line(marking)));
        }
        for harm in &passage.harms {
            let state = match harm.judged {
                None => "proposed by a rule, not judged",
                Some(true) => "confirmed by an analyst",
                Some(false) => continue,
            };
            notes.push(format!("Possible harm: {} ({state})", harm.kind));
        }
        notes.extend(altered.iter().map(|line| self.mask.passage(line, &passage.mentions).0));
        if passage.cited.doubt > DOUBT {
            notes.push("A word of it was read with doubt.".to_owned());
        }
        notes.extend(passage.cited.places.first().and_then(|place| place.cite.clone()));
        (Block::Passage { words: format!("“{words}”"), notes }, capitals)
    }

    /// The words of a passage, those of copies that are held to be the later ones put back, and what was found there.
    fn unaltered(&self, passage: &Passage) -> (String, Vec<String>) {
        let mut text = self.text(passage);
        let mut lines = BTreeSet::new();
        for row in self.touching(passage) {
            let (reads, against) =
                (row.reads.as_deref().unwrap_or(""), row.reads_against.as_deref().unwrap_or(""));
            let (later, earlier) = match row.later {
                Some(true) => (reads, against),
                Some(false) => (against, reads),
                None => {
                    lines.insert(format!(
                        "Copies differ here: {} and {}. Which of them is the earlier is undecided.",
                        quoted(reads),
                        quoted(against)
                    ));
                    continue;
                }
            };
            if !later.is_empty() && !earlier.is_empty() && text.contains(later) && !text.contains(earlier) {
                text = text.replacen(later, earlier, 1);
            }
            lines.insert(format!(
                "Altered copies say {} here; these are held to be the later ones.",
                quoted(later)
            ));
        }
        (text, lines.into_iter().collect())
    }

    fn text(&self, passage: &Passage) -> String {
        let text = self
            .families
            .get(passage.family.as_str())
            .and_then(|family| family.text.as_deref())
            .unwrap_or_default();
        let characters = text.chars().skip(passage.cited.start as usize).take(passage.cited.length as usize);
        characters.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Alterations at the places where the passage stands.
    fn touching(&self, passage: &Passage) -> Vec<&'a Alteration> {
        let places = &passage.cited.places;
        let over = |picture: &str, quad: &[[f64; 2]; 4]| {
            places.iter().any(|place| place.picture == picture && overlap(&place.quad, quad))
        };
        let words = self.text(passage);
        // The place may be told on pictures that are not the ones cited: there the words tell.
        let says = |text: &Option<String>| {
            text.as_deref().is_some_and(|text| text.chars().count() >= 3 && words.contains(text))
        };
        let family = self.families.get(passage.family.as_str());
        let of = |picture: &String| family.is_some_and(|family| family.pictures.contains(picture));
        let rows = self
            .dossier
            .alterations
            .iter()
            .filter(|row| row.kind != AlterationKind::Obscured && of(&row.picture));
        rows.filter(|row| {
            over(&row.picture, &row.quad)
                || over(&row.against, &row.quad_against)
                || says(&row.reads)
                || says(&row.reads_against)
        })
        .collect()
    }

    /// Questions and what the party's own passages answer.
    fn answers(&self, asked: &[String]) -> Vec<(String, Vec<String>)> {
        let of = |ids: &[String]| {
            let mut cited = Vec::new();
            for statement in ids.iter().filter_map(|id| self.statements.get(id.as_str())) {
                cited.extend(self.number(&statement.family, statement.cited.start));
            }
            cited
        };
        let fixed = [
            ("What is it reported to have said?", of(&self.party.said)),
            ("What is it reported to have been told?", of(&self.party.told)),
            ("What do others say in which it is named?", of(&self.party.about)),
        ];
        let mut happened = Vec::new();
        for event in self.dossier.events.iter().filter(|event| event.who.contains(&self.party.id)) {
            happened.extend(self.number(&event.family, event.cited.start));
        }
        let fixed =
            fixed.into_iter().chain([("What is said to have happened with it, or to be to come?", happened)]);
        let mut answers: Vec<(String, Vec<String>)> =
            fixed.map(|(question, cited)| (question.to_owned(), cite(cited))).collect();
        for question in asked {
            let wanted: Vec<String> = letters(question);
            let has = |passage: &&Passage| {
                let words = letters(&self.text(passage));
                !wanted.is_empty() && wanted.iter().all(|word| words.iter().any(|other| other == word))
            };
            let numbers = self
                .party
                .passages
                .iter()
                .enumerate()
                .filter(|(_, passage)| has(passage))
                .map(|(n, _)| n + 1);
            let cited = numbers.collect();
            answers
                .push((format!("Which passages have the words: {}?", self.mask.line(question)), cite(cited)));
        }
        answers
    }

    /// The number of the passage that a place of a sheet stands in.
    fn number(&self, family: &str, start: u64) -> Option<usize> {
        let holds = |passage: &Passage| {
            passage.family == family
                && start >= passage.cited.start
                && start < passage.cited.start + passage.cited.length
        };
        self.party.passages.iter().position(holds).map(|n| n + 1)
    }

    fn unknown(&self, capitals: usize) -> Vec<String> {
        let sheets = self.sheets();
        let mut lines = vec![
            "Whether what the sheets say is so, and whether the sheets are what they seem to be, is not asked here.".to_owned(),
            "Sheets, copies and posts that nobody handed in are not counted; it can have been seen earlier and elsewhere.".to_owned(),
            "A passage that names it in a way that nobody connected with it is not among these.".to_owned(),
        ];
        let unposted = sheets.iter().filter(|family| !self.reach.contains_key(*family)).count();
        if unposted > 0 {
            lines.push(format!(
                "Where {unposted} of the {} sheets came from: no post that is held carries them.",
                sheets.len()
            ));
        }
        let undecided: usize = self
            .party
            .passages
            .iter()
            .map(|passage| self.touching(passage).iter().filter(|row| row.later.is_none()).count())
            .sum();
        if undecided > 0 {
            lines.push(format!("At {undecided} places which reading of the copies is the earlier."));
        }
        let gaps = self
            .dossier
            .gaps
            .iter()
            .filter(|gap| gap.families.iter().any(|id| sheets.contains(&id.as_str())));
        let (sheets_missing, other): (Vec<_>, Vec<_>) = gaps.partition(|gap| gap.lack == Lack::Sheet);
        if !sheets_missing.is_empty() || !other.is_empty() {
            lines.push(format!(
                "What stands on {} sheets, and in {} pictures or posts, that must have existed or are named beside these and that nobody holds.",
                sheets_missing.len(),
                other.len()
            ));
        }
        if capitals > 0 {
            lines.push(format!("{capitals} passages are written in capitals, so that names which nobody knew of could not be told by theirs."));
        }
        lines
    }
}

fn cite(mut numbers: Vec<usize>) -> Vec<String> {
    numbers.sort_unstable();
    numbers.dedup();
    if numbers.is_empty() {
        return vec!["Nothing in the passages that were found.".to_owned()];
    }
    let shown: Vec<String> = numbers.iter().take(ANSWERS).map(|n| format!("[{n}]")).collect();
    let more = numbers.len().saturating_sub(ANSWERS);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    vec![format!("See {}{more}.", shown.join(" "))]
}

fn quoted(words: &str) -> String {
    if words.is_empty() { "nothing".to_owned() } else { format!("‘{words}’") }
}

fn letters(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// Whether the upright boxes around two places overlap.
fn overlap(a: &[[f64; 2]; 4], b: &[[f64; 2]; 4]) -> bool {
    let side = |quad: &[[f64; 2]; 4], of: usize| {
        let values = quad.iter().map(|corner| corner[of]);
        (values.clone().fold(f64::MAX, f64::min), values.fold(f64::MIN, f64::max))
    };
    (0..2).all(|of| {
        let ((a0, a1), (b0, b1)) = (side(a, of), side(b, of));
        a0 < b1 && b0 < a1
    })
}
