//! Parties, their passages, and what the rules propose.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    Cited, Entity, EntityId, EntityKind, FamilyId, FamilyReading, Id as _, ImpactId, Mention, MentionId,
    Stands, Statement, StatementId,
};

use crate::rules::{By, Rule, Rules, To};

/// What is known of the sheets' texts.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// Names in them.
    pub mentions: &'a [Mention],
    /// What bears them.
    pub entities: &'a [Entity],
    /// Who is reported to have said what.
    pub statements: &'a [Statement],
}

/// A party, and all that touches it.
#[derive(Clone, Debug, PartialEq)]
pub struct Affected {
    /// Who or what it is.
    pub entity: EntityId,
    /// The passages that mention it or in which it speaks, by sheet and in the order of the text.
    pub passages: Vec<Passage>,
    /// What it is reported to have said.
    pub by: Vec<StatementId>,
    /// What it is reported to have been told.
    pub to: Vec<StatementId>,
    /// What is said in which it is named.
    pub about: Vec<StatementId>,
}

/// A sentence that touches a party.
#[derive(Clone, Debug, PartialEq)]
pub struct Passage {
    /// The sheet.
    pub family: FamilyId,
    /// The sentence, line ends as spaces.
    pub text: String,
    /// Where it stands.
    pub cited: Cited,
    /// All names in it, the party's own and others'.
    pub mentions: Vec<MentionId>,
    /// The marking of its paragraph; where it bears none, of its sheet.
    pub marking: Option<String>,
    /// Whether that is the marking of the paragraph.
    pub portion: bool,
    /// Which harm it may do to the party.
    pub impacts: Vec<Impact>,
}

/// A harm that a passage may do to a party: a proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Impact {
    /// Made of the party, the kind of harm and the letters of the passage: the same words about the same party are judged once.
    pub id: ImpactId,
    /// The kind of harm, as the rules name it.
    pub harm: String,
    /// The rule that proposes it.
    pub rule: String,
    /// The words of the passage, the part of the marking or the name that it rests on.
    pub because: String,
}

/// Whether a kind of entity can be a party: a person, a body, a country.
pub fn is_party(kind: EntityKind) -> bool {
    matches!(kind, EntityKind::Person | EntityKind::Body | EntityKind::Country)
}

/// Gathers whom the sheets touch, sheet by sheet, so that their texts need not be held together.
pub struct Gathering<'a> {
    index: Index<'a>,
    rules: &'a Rules,
    parties: BTreeMap<EntityId, Affected>,
}

impl<'a> Gathering<'a> {
    /// Nothing gathered yet.
    pub fn new(given: &Given<'a>, rules: &'a Rules) -> Self {
        let party = |entity: &Entity| Affected {
            entity: entity.id,
            passages: Vec::new(),
            by: Vec::new(),
            to: Vec::new(),
            about: Vec::new(),
        };
        let parties = given.entities.iter().filter(|entity| is_party(entity.kind));
        let parties = parties.map(|entity| (entity.id, party(entity))).collect();
        Self { index: Index::of(given), rules, parties }
    }

    /// Takes the passages of a sheet, given with its words.
    pub fn sheet(&mut self, sheet: &FamilyReading) {
        for (cited, text) in statements::sentences(sheet) {
            let sentence = Sentence::of(&self.index, sheet, cited, text);
            for party in sentence.parties(&self.index) {
                if let Some(affected) = self.parties.get_mut(&party) {
                    affected.passages.push(sentence.passage(party, &self.index, self.rules));
                }
            }
        }
    }

    /// All parties that are touched, sorted by id. The order in which the sheets came does not matter.
    pub fn done(mut self) -> Vec<Affected> {
        for statement in &self.index.statements {
            let entity = |mention: &MentionId| self.index.entity_of.get(mention).copied();
            let of = |party: &Option<model::Party>| entity(&party.as_ref()?.mention?);
            let (by, to) = (of(&statement.speaker), of(&statement.addressee));
            let about: BTreeSet<EntityId> = statement.mentions.iter().filter_map(entity).collect();
            let about = about.into_iter().filter(|named| Some(*named) != by && Some(*named) != to);
            let mut note = |party: EntityId, list: fn(&mut Affected) -> &mut Vec<StatementId>| {
                if let Some(party) = self.parties.get_mut(&party) {
                    list(party).push(statement.id);
                }
            };
            by.into_iter().for_each(|by| note(by, |party| &mut party.by));
            to.into_iter().for_each(|to| note(to, |party| &mut party.to));
            about.for_each(|about| note(about, |party| &mut party.about));
        }
        let mut parties: Vec<Affected> = self
            .parties
            .into_values()
            .filter(|party| !party.passages.is_empty() || !party.by.is_empty())
            .collect();
        for party in &mut parties {
            party.passages.sort_by_key(|passage| (passage.family, passage.cited.span.start));
        }
        parties
    }
}

/// Look-ups.
struct Index<'a> {
    entity_of: BTreeMap<MentionId, EntityId>,
    mention: BTreeMap<MentionId, &'a Mention>,
    on_sheet: BTreeMap<FamilyId, Vec<&'a Mention>>,
    /// By sheet and place.
    statements: Vec<&'a Statement>,
}

impl<'a> Index<'a> {
    fn of(given: &Given<'a>) -> Self {
        let mut entity_of = BTreeMap::new();
        for entity in given.entities {
            entity_of.extend(entity.mentions.iter().map(|mention| (*mention, entity.id)));
        }
        let mut on_sheet: BTreeMap<FamilyId, Vec<&Mention>> = BTreeMap::new();
        for mention in given.mentions {
            on_sheet.entry(mention.family).or_default().push(mention);
        }
        on_sheet
            .values_mut()
            .for_each(|all| all.sort_by_key(|mention| (mention.cited.span.start, mention.id)));
        let mut statements: Vec<&Statement> = given.statements.iter().collect();
        statements.sort_by_key(|statement| (statement.family, statement.cited.span.start, statement.id));
        Self {
            entity_of,
            mention: given.mentions.iter().map(|one| (one.id, one)).collect(),
            on_sheet,
            statements,
        }
    }
}

/// A sentence with all that stands in it.
struct Sentence<'a> {
    family: FamilyId,
    text: String,
    /// Its words in small letters.
    words: Vec<String>,
    cited: Cited,
    mentions: Vec<&'a Mention>,
    statements: Vec<&'a Statement>,
    marking: Option<String>,
    /// Level and parts of that marking, in capitals.
    parts: Vec<String>,
    portion: bool,
}

impl<'a> Sentence<'a> {
    fn of(index: &Index<'a>, sheet: &FamilyReading, cited: Cited, text: String) -> Self {
        let (start, end) = (cited.span.start, cited.span.start + cited.span.length);
        let inside = |at: u64| at >= start && at < end;
        let mentions = index.on_sheet.get(&sheet.family).into_iter().flatten().copied();
        let mentions = mentions.filter(|mention| inside(mention.cited.span.start)).collect();
        let from = index.statements.partition_point(|statement| statement.family < sheet.family);
        let of_sheet = index.statements.get(from..).unwrap_or_default().iter().copied();
        let of_sheet = of_sheet.take_while(|statement| statement.family == sheet.family);
        let statements = of_sheet.filter(|statement| inside(statement.verb_span.start)).collect();
        let (marking, parts, portion) = marked(sheet, start);
        Self {
            family: sheet.family,
            words: lower(&text),
            text,
            cited,
            mentions,
            statements,
            marking,
            parts,
            portion,
        }
    }

    /// The parties it names, or in whose mouth it puts words by a pronoun.
    fn parties(&self, index: &Index) -> BTreeSet<EntityId> {
        let spoken = self.statements.iter().flat_map(|statement| [&statement.speaker, &statement.addressee]);
        let spoken = spoken.flatten().filter_map(|party| party.mention);
        let named = self.mentions.iter().filter(|mention| is_party(mention.kind)).map(|mention| mention.id);
        named.chain(spoken).filter_map(|mention| index.entity_of.get(&mention).copied()).collect()
    }

    fn passage(&self, party: EntityId, index: &Index, rules: &Rules) -> Passage {
        let mut impacts: Vec<Impact> = Vec::new();
        for rule in &rules.0 {
            if impacts.iter().any(|impact| impact.harm == rule.harm) {
                continue;
            }
            if let Some(because) = self.proposed(rule, party, index) {
                let id = impact_id(party, &rule.harm, &self.text);
                impacts.push(Impact { id, harm: rule.harm.clone(), rule: rule.says.clone(), because });
            }
        }
        Passage {
            family: self.family,
            text: self.text.clone(),
            cited: self.cited.clone(),
            mentions: self.mentions.iter().map(|mention| mention.id).collect(),
            marking: self.marking.clone(),
            portion: self.portion,
            impacts,
        }
    }

    /// What a rule rests on, if it proposes its harm to the party.
    fn proposed(&self, rule: &Rule, party: EntityId, index: &Index) -> Option<String> {
        let is = |one: Option<&model::Party>| {
            one.and_then(|one| one.mention).and_then(|id| index.entity_of.get(&id)) == Some(&party)
        };
        let speaks = |statement: &&&Statement| is(statement.speaker.as_ref());
        let listens = |statement: &&&Statement| is(statement.addressee.as_ref());
        let of = |statement: &&&Statement| {
            let named = statement.mentions.iter().any(|id| index.entity_of.get(id) == Some(&party));
            named && !speaks(statement) && !listens(statement)
        };
        let statements: Vec<&&Statement> = match rule.to {
            To::Named => self.statements.iter().collect(),
            To::Speaker => self.statements.iter().filter(speaks).collect(),
            To::Hearer => self.statements.iter().filter(listens).collect(),
            To::SpokenOf => self.statements.iter().filter(of).collect(),
        };
        if rule.to != To::Named && statements.is_empty() {
            return None;
        }
        match &rule.by {
            By::Words(phrases) => phrases.iter().find_map(|phrase| self.holds(phrase)),
            By::Marking(wanted) => self.parts.iter().find(|part| wanted.contains(part)).cloned(),
            By::Name(kinds) => {
                let named = self.mentions.iter().find(|mention| kinds.contains(&mention.kind))?;
                index.mention.get(&named.id).map(|mention| mention.name.clone())
            }
            By::Statement(sorts, sayings) => statements
                .iter()
                .find(|statement| sorts.contains(&statement.speech) || sayings.contains(&statement.saying))
                .map(|statement| statement.verb.clone()),
            By::Source => statements.iter().find_map(|statement| statement.source.clone()),
        }
    }

    /// The words of the sentence that are the phrase.
    fn holds(&self, phrase: &[String]) -> Option<String> {
        let same = |word: &String, wanted: &String| match wanted.strip_suffix('*') {
            Some(stem) => word.starts_with(stem),
            None => word == wanted,
        };
        let run = self.words.windows(phrase.len().max(1));
        let found =
            run.into_iter().find(|run| run.iter().zip(phrase).all(|(word, wanted)| same(word, wanted)));
        found.map(|run| run.join(" "))
    }
}

fn lower(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// The marking that a place of a sheet stands under, its level and parts, and whether it is that of its paragraph: the last one
/// before it, if no empty line lies between; else the banner.
fn marked(sheet: &FamilyReading, at: u64) -> (Option<String>, Vec<String>, bool) {
    let before =
        sheet.markings.iter().filter(|marking| marking.stands == Stands::Portion && marking.span.start <= at);
    let portion = before.max_by_key(|marking| marking.span.start).filter(|marking| {
        let between: String = sheet
            .text
            .chars()
            .skip(marking.span.start as usize)
            .take((at - marking.span.start) as usize)
            .collect();
        !between.contains("\n\n")
    });
    if let Some(marking) = portion {
        return (Some(marking.says.clone()), capitals(&marking.parts), true);
    }
    let banner = sheet.banner.as_ref();
    let of = sheet.markings.iter().find(|marking| Some(&marking.says) == banner);
    (banner.cloned(), of.map(|of| capitals(&of.parts)).unwrap_or_default(), false)
}

fn capitals(parts: &[String]) -> Vec<String> {
    parts.iter().map(|part| part.to_uppercase()).collect()
}

fn impact_id(party: EntityId, harm: &str, text: &str) -> ImpactId {
    let letters: String = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    ImpactId::make(|id| {
        id.id(party).text(harm).text(&letters);
    })
}
