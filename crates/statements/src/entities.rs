//! Mentions of all sheets to entities: what bears the names.
//!
//! In: mentions. Out: entities with their spellings, mentions and the reasons why spellings were joined. Invariant: no two
//! spellings are joined without a reason that is kept, and what an analyst said of spellings comes before what is found; a surname alone is joined to a full name only on the same sheet, and only where
//! one person there bears it. Deliberately absent: whether two who bear one name are one.

use std::collections::{BTreeMap, BTreeSet};

use model::{Act, Entity, EntityKind, FamilyId, Form, Joined, Measure, Mention};

use crate::gazetteer::Gazetteer;
use crate::lexicon;
use crate::parted::Parted;
use crate::spelling::{key, misread};

/// Kind and key of a name.
pub(crate) type Key = (EntityKind, String);

/// Entities over all mentions, sorted by id. The order of the mentions does not matter.
pub fn entities(mentions: &[Mention], gazetteer: &Gazetteer) -> Vec<Entity> {
    entities_by(mentions, gazetteer, &[])
}

/// The same, with acts of analysts that join and split spellings; other acts say nothing here. Of acts that contradict each other
/// those that split prevail.
pub fn entities_by(mentions: &[Mention], gazetteer: &Gazetteer, acts: &[Act]) -> Vec<Entity> {
    let mut sorted: Vec<&Mention> = mentions.iter().collect();
    sorted.sort_by_key(|mention| (mention.family, mention.cited.span.start, mention.id));
    sorted.dedup_by_key(|mention| mention.id);
    let mut groups = Groups { parted: Parted::of(acts), ..Groups::default() };
    let keys: Vec<Key> = sorted.iter().map(|mention| groups.of(mention, gazetteer)).collect();
    groups.parted.settle(&sorted, &keys);
    groups.said(acts);
    groups.surnames(&sorted, &keys);
    groups.initials(&sorted, &keys);
    groups.misread();
    groups.gathered(&sorted, keys)
}

#[derive(Default)]
struct Groups {
    /// The names of each key, how often each.
    names: BTreeMap<Key, BTreeMap<String, u32>>,
    /// Keys joined to others; followed to its end.
    to: BTreeMap<Key, Key>,
    joined: Vec<(Key, Joined)>,
    /// Mentions of a surname alone that are joined to somebody of their sheet: by family and key.
    on_sheet: BTreeMap<(FamilyId, Key), Key>,
    /// What analysts hold apart.
    parted: Parted,
}

impl Groups {
    fn of(&mut self, mention: &Mention, gazetteer: &Gazetteer) -> Key {
        if let Some(one) = self.parted.key_of(mention.kind, &mention.name) {
            *self.names.entry(one.clone()).or_default().entry(mention.name.clone()).or_insert(0) += 1;
            return one;
        }
        let known = gazetteer.entry_of(mention.kind, &mention.name).map(|known| known.name.clone());
        let known = known.filter(|_| {
            mention.kind != EntityKind::Person
                || mention.grounds.iter().any(|ground| ground == "own gazetteer")
        });
        let name = known.clone().unwrap_or_else(|| mention.name.clone());
        let one = (mention.kind, key(&name));
        *self.names.entry(one.clone()).or_default().entry(mention.name.clone()).or_insert(0) += 1;
        if known.is_some() && key(&mention.name) != one.1 {
            let because =
                if mention.form == Form::Adjective { "adjective of the country" } else { "gazetteer" };
            self.because(&one, &name, &mention.name, because, None);
        }
        one
    }

    fn because(&mut self, on: &Key, one: &str, other: &str, because: &str, measure: Option<Measure>) {
        let row =
            Joined { one: one.to_owned(), other: other.to_owned(), because: because.to_owned(), measure };
        self.joined.push((on.clone(), row));
    }

    fn end(&self, from: &Key) -> Key {
        let mut at = from.clone();
        while let Some(next) = self.to.get(&at) {
            at = next.clone();
        }
        at
    }

    /// Whether no analyst holds apart what joining these two would join.
    fn may(&self, one: &Key, other: &Key) -> bool {
        let (one, other) = (self.end(one), self.end(other));
        self.parted.pairs().all(|(a, b)| {
            let (a, b) = (self.end(a), self.end(b));
            !(a == one && b == other || a == other && b == one)
        })
    }

    /// What analysts joined.
    fn said(&mut self, acts: &[Act]) {
        for (kind, names, from) in acts.iter().filter_map(|act| act.deed.names()) {
            if !from.is_empty() {
                continue;
            }
            let of = |name: &String| {
                let known = self.names.iter().find(|(key, all)| key.0 == kind && all.contains_key(name));
                known.map(|(key, _)| (key.clone(), name.clone()))
            };
            let known: Vec<(Key, String)> = names.iter().filter_map(of).collect();
            let Some((first, one)) = known.first() else { continue };
            for (key, other) in &known[1..] {
                if self.may(first, key) {
                    self.because(first, one, other, "an analyst joined them", None);
                    self.join(first, key);
                }
            }
        }
    }

    fn join(&mut self, one: &Key, other: &Key) {
        let (one, other) = (self.end(one), self.end(other));
        if one != other {
            let (keep, goes) = if one < other { (one, other) } else { (other, one) };
            self.to.insert(goes, keep);
        }
    }

    /// A surname alone on a sheet on which one person with a fuller name bears it.
    fn surnames(&mut self, mentions: &[&Mention], keys: &[Key]) {
        let mut full: BTreeMap<FamilyId, BTreeSet<Key>> = BTreeMap::new();
        for (mention, one) in mentions.iter().zip(keys) {
            if mention.kind == EntityKind::Person && one.1.contains(' ') {
                full.entry(mention.family).or_default().insert(one.clone());
            }
        }
        for (mention, one) in mentions.iter().zip(keys) {
            if mention.kind != EntityKind::Person
                || one.1.contains(' ')
                || self.on_sheet.contains_key(&(mention.family, one.clone()))
            {
                continue;
            }
            let Some(here) = full.get(&mention.family) else { continue };
            let given = lexicon::given(&one.1).is_some();
            let bears = |person: &&Key| {
                let words: Vec<&str> = person.1.split(' ').collect();
                let last = words.last().is_some_and(|last| {
                    *last == one.1 || last.len() > 5 && misread(last, &one.1, 1).is_some()
                });
                last || !given && words.iter().any(|word| *word == one.1)
            };
            let bearers: Vec<&Key> =
                here.iter().filter(bears).filter(|person| self.may(person, one)).collect();
            if let [person] = bearers[..] {
                let (person, other) = (person.clone(), mention.name.clone());
                let name = self.names[&person].keys().next().cloned().unwrap_or_default();
                self.because(
                    &person,
                    &name,
                    &other,
                    "surname alone, and one person on the sheet bears it",
                    None,
                );
                self.on_sheet.insert((mention.family, one.clone()), person);
            }
        }
    }

    /// Initials of a body on the same sheet as its name, and initials for given names.
    fn initials(&mut self, mentions: &[&Mention], keys: &[Key]) {
        let mut bodies: BTreeMap<(FamilyId, String), BTreeSet<Key>> = BTreeMap::new();
        for (mention, one) in
            mentions.iter().zip(keys).filter(|(mention, _)| mention.kind == EntityKind::Body)
        {
            let words = mention.name.split([' ', '-']).filter(|word| word.starts_with(char::is_uppercase));
            let initials: String = words.filter_map(|word| word.chars().next()).collect();
            if initials.chars().count() > 1 {
                bodies.entry((mention.family, initials)).or_default().insert(one.clone());
            }
        }
        for (mention, one) in
            mentions.iter().zip(keys).filter(|(mention, _)| mention.kind == EntityKind::Body)
        {
            let found = bodies.get(&(mention.family, mention.name.clone())).filter(|found| found.len() == 1);
            if let Some(body) = found.and_then(|found| found.first()).filter(|body| *body != one).cloned() {
                let name = self.names[&body].keys().next().cloned().unwrap_or_default();
                if self.end(&body) != self.end(one) && self.may(&body, one) {
                    self.because(&body, &name, &mention.name, "initials of it on the same sheet", None);
                    self.join(&body, one);
                }
            }
        }
        let persons: Vec<Key> = self
            .names
            .keys()
            .filter(|one| one.0 == EntityKind::Person && one.1.contains(' '))
            .cloned()
            .collect();
        let short = |word: &str| word.chars().count() == 1;
        for one in persons.iter().filter(|one| one.1.split(' ').any(short)) {
            let fits: Vec<&Key> = persons
                .iter()
                .filter(|other| {
                    *other != one
                        && !other.1.split(' ').next().is_some_and(short)
                        && abbreviates(&one.1, &other.1)
                })
                .collect();
            if let [person] = fits[..]
                && self.may(person, one)
            {
                let name = |key: &Key| self.names[key].keys().next().cloned().unwrap_or_default();
                let (full, cut) = (name(person), name(one));
                self.because(person, &full, &cut, "initials, and nobody else fits them", None);
                self.join(person, one);
            }
        }
    }

    /// Names that differ in letters that are misread for each other.
    fn misread(&mut self) {
        const LONG: usize = 6;
        let long = |one: &&Key| {
            one.1.chars().count() >= LONG
                && matches!(one.0, EntityKind::Person | EntityKind::Body | EntityKind::Place)
        };
        let all: Vec<Key> = self.names.keys().filter(long).cloned().collect();
        let mut near: BTreeMap<(EntityKind, usize), Vec<&Key>> = BTreeMap::new();
        for one in &all {
            near.entry((one.0, one.1.chars().count())).or_default().push(one);
        }
        let mut pairs = Vec::new();
        for one in &all {
            let length = one.1.chars().count();
            let others =
                [length, length + 1].into_iter().filter_map(|length| near.get(&(one.0, length))).flatten();
            for other in
                others.filter(|other| *other != &one && (other.1.chars().count() > length || one < *other))
            {
                let most = if length >= 14 { 2 } else { 1 };
                if first_letters_close(&one.1, &other.1)
                    && let Some(count) = misread(&one.1, &other.1, most).filter(|count| *count > 0)
                {
                    pairs.push((one.clone(), (*other).clone(), count));
                }
            }
        }
        for (one, other, count) in pairs {
            if !self.may(&one, &other) {
                continue;
            }
            let name = |key: &Key| self.names[key].keys().next().cloned().unwrap_or_default();
            let (a, b) = (name(&one), name(&other));
            let measure = Measure::new("letters misread", f64::from(count), "letters", None);
            self.because(&one, &a, &b, "misread letters", Some(measure));
            self.join(&one, &other);
        }
    }

    fn gathered(self, mentions: &[&Mention], keys: Vec<Key>) -> Vec<Entity> {
        let mut of: BTreeMap<Key, Vec<&Mention>> = BTreeMap::new();
        for (mention, one) in mentions.iter().zip(keys) {
            let one = self.on_sheet.get(&(mention.family, one.clone())).cloned().unwrap_or(one);
            of.entry(self.end(&one)).or_default().push(mention);
        }
        let mut reasons: BTreeMap<Key, Vec<Joined>> = BTreeMap::new();
        for (on, row) in &self.joined {
            let rows = reasons.entry(self.end(on)).or_default();
            if !rows.contains(row) {
                rows.push(row.clone());
            }
        }
        let mut all: BTreeMap<_, Entity> = BTreeMap::new();
        for (one, mentions) in of {
            let entity = entity(one.0, &mentions, reasons.remove(&one).unwrap_or_default());
            match all.entry(entity.id) {
                std::collections::btree_map::Entry::Vacant(slot) => drop(slot.insert(entity)),
                std::collections::btree_map::Entry::Occupied(mut slot) => slot.get_mut().absorb(entity),
            }
        }
        all.into_values().collect()
    }
}

trait Absorb {
    fn absorb(&mut self, other: Entity);
}

impl Absorb for Entity {
    /// Takes in another one of the same kind and name.
    fn absorb(&mut self, other: Entity) {
        self.spellings.extend(other.spellings);
        self.roles.extend(other.roles);
        self.mentions.extend(other.mentions);
        self.families.extend(other.families);
        self.joined.extend(other.joined);
        self.spellings.sort();
        self.spellings.dedup();
        self.roles.sort();
        self.roles.dedup();
        self.mentions.sort_unstable();
        self.families.sort_unstable();
        self.families.dedup();
    }
}

fn entity(kind: EntityKind, mentions: &[&Mention], joined: Vec<Joined>) -> Entity {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for mention in mentions {
        *counts.entry(&mention.name).or_insert(0) += u32::from(mention.form == Form::Name) * 2 + 1;
    }
    let adjectives: BTreeSet<&str> = mentions
        .iter()
        .filter(|mention| mention.form == Form::Adjective)
        .map(|mention| mention.name.as_str())
        .collect();
    let best = counts.iter().max_by_key(|(name, count)| {
        let words = name.split_whitespace().count().min(4);
        let shouted = name.chars().any(char::is_alphabetic) && !name.chars().any(char::is_lowercase);
        let digits = name.chars().any(|c| c.is_ascii_digit());
        (
            !adjectives.contains(*name),
            if kind == EntityKind::Person { words } else { 0 },
            !digits,
            !shouted || words < 2,
            **count,
            std::cmp::Reverse(**name),
        )
    });
    let name = best.map(|(name, _)| (*name).to_owned()).unwrap_or_default();
    let sorted = |all: BTreeSet<String>| all.into_iter().collect::<Vec<_>>();
    let mut ids: Vec<_> = mentions.iter().map(|mention| mention.id).collect();
    ids.sort_unstable();
    Entity {
        id: Entity::id_of(kind, &name),
        kind,
        spellings: sorted(mentions.iter().map(|mention| mention.name.clone()).collect()),
        roles: sorted(
            mentions
                .iter()
                .filter_map(|mention| mention.role.clone())
                .filter(|role| !role.is_empty())
                .collect(),
        ),
        mentions: ids,
        families: mentions
            .iter()
            .map(|mention| mention.family)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect(),
        joined,
        name,
    }
}

/// Whether "j edgar hoover" can stand for "john edgar hoover".
fn abbreviates(cut: &str, full: &str) -> bool {
    let (cut, full): (Vec<&str>, Vec<&str>) = (cut.split(' ').collect(), full.split(' ').collect());
    cut.len() == full.len()
        && cut.last() == full.last()
        && cut.iter().zip(&full).all(|(a, b)| a == b || a.chars().count() == 1 && b.starts_with(a))
}

fn first_letters_close(one: &str, other: &str) -> bool {
    // One of the first two letters is read right in almost every pair of readings of one name.
    one.chars().next() == other.chars().next() || one.chars().nth(1) == other.chars().nth(1)
}
