//! A part of a dossier: some sheets, and what hangs on them. Nothing in it refers to the rest.
//!
//! A part is a set of sheets. Of everything else it keeps what is about them alone, and takes out of what it keeps the words
//! that lead elsewhere: the archive a file lay in, the export a post was read from, the post it answers.

use std::collections::{BTreeMap, BTreeSet};

use dossier::Dossier;
use dossier::told::{Counts, Entity, Hop, Kind, Level, Mention, Open, Reach, Tie, Window};
use serde_json::Value;

/// What is in a part, by printed id.
#[derive(Clone, Debug, Default)]
pub struct Part {
    families: BTreeSet<String>,
    pictures: BTreeSet<String>,
    items: BTreeSet<String>,
    posts: BTreeSet<String>,
    channels: BTreeSet<String>,
    accounts: BTreeSet<String>,
    quotes: BTreeSet<String>,
    /// Versions, exposures and documents of the sheets.
    groups: BTreeSet<String>,
    /// Harms that only passages of the sheets may do.
    harms: BTreeSet<String>,
    /// Pictures that have no words but those of a page that shows other sheets too.
    layered: BTreeSet<String>,
}

impl Part {
    /// The sheets and all that hangs on them.
    fn of(whole: &Dossier, families: &BTreeSet<String>) -> Self {
        let mut part = Self { families: families.clone(), harms: harms(whole, families), ..Self::default() };
        for family in whole.families.iter().filter(|family| families.contains(&family.id)) {
            part.pictures.extend(family.pictures.iter().cloned());
            part.posts.extend(family.appearances.iter().map(|seen| seen.post.clone()));
        }
        for picture in whole.pictures.iter().filter(|picture| part.pictures.contains(&picture.id)) {
            part.items.extend(picture.items.iter().chain(&picture.item).cloned());
        }
        // A file that shows other sheets too would tell of them.
        let others: BTreeSet<&String> = whole
            .pictures
            .iter()
            .filter(|picture| !part.pictures.contains(&picture.id))
            .flat_map(|picture| picture.items.iter().chain(&picture.item))
            .collect();
        part.items.retain(|item| !others.contains(item));
        part.layered = layered(whole, &part.pictures);
        for quote in &whole.quotes {
            if quote.sheets.iter().all(|sheet| families.contains(&sheet.family)) {
                part.quotes.insert(quote.id.clone());
                part.posts.insert(quote.post.clone());
            }
        }
        let held: BTreeSet<&String> = whole.posts.iter().map(|post| &post.id).collect();
        part.posts.retain(|post| held.contains(post));
        for post in whole.posts.iter().filter(|post| part.posts.contains(&post.id)) {
            part.channels.insert(post.channel.clone());
            part.accounts.extend(post.account.iter().cloned());
        }
        let of_sheets = |family: &String| families.contains(family);
        part.groups
            .extend(whole.versions.iter().filter(|one| of_sheets(&one.family)).map(|one| one.id.clone()));
        part.groups
            .extend(whole.exposures.iter().filter(|one| of_sheets(&one.family)).map(|one| one.id.clone()));
        let documents = whole.documents.iter().filter(|one| one.families.iter().all(of_sheets));
        part.groups.extend(documents.map(|one| one.id.clone()));
        part
    }
}

/// Harms of passages of these sheets, and of no passage of another: the same words of a party are judged once.
fn harms(whole: &Dossier, families: &BTreeSet<String>) -> BTreeSet<String> {
    let (mut own, mut others) = (BTreeSet::new(), BTreeSet::new());
    for passage in whole.parties.iter().flat_map(|party| &party.passages) {
        let of = if families.contains(&passage.family) { &mut own } else { &mut others };
        of.extend(passage.harms.iter().map(|harm| harm.id.clone()));
    }
    own.retain(|harm| !others.contains(harm));
    own
}

/// Of these pictures those that share a page with others and have the same words as they: the words of the page.
fn layered(whole: &Dossier, pictures: &BTreeSet<String>) -> BTreeSet<String> {
    let (own, others): (Vec<_>, Vec<_>) =
        whole.pictures.iter().partition(|picture| pictures.contains(&picture.id));
    let words: BTreeSet<_> = others.iter().map(|other| (&other.page_id, &other.text)).collect();
    let shared = own.into_iter().filter(|picture| words.contains(&(&picture.page_id, &picture.text)));
    shared.map(|picture| picture.id.clone()).collect()
}

/// The part of a dossier that is about these sheets.
pub fn part(whole: &Dossier, families: &BTreeSet<String>) -> Dossier {
    let part = Part::of(whole, families);
    let mut told = whole.clone();
    things(&part, &mut told);
    chats(&part, &mut told);
    speech(&part, &mut told);
    spread(&part, &mut told);
    parties(&part, &mut told);
    acts(&part, &mut told);
    told.counts = counts(&told);
    told
}

/// Files, pictures, sheets, and what holds between them.
fn things(part: &Part, told: &mut Dossier) {
    let (families, pictures) = (&part.families, &part.pictures);
    told.items.retain(|item| part.items.contains(&item.id));
    for item in &mut told.items {
        item.inside = None;
        item.pictures.retain(|id| pictures.contains(id));
    }
    told.pictures.retain(|picture| pictures.contains(&picture.id));
    for picture in &mut told.pictures {
        picture.items.retain(|id| part.items.contains(id));
        picture.item = picture
            .item
            .take()
            .filter(|id| part.items.contains(id))
            .or_else(|| picture.items.first().cloned());
        picture.text = picture.text.take().filter(|_| !part.layered.contains(&picture.id));
    }
    told.families.retain(|family| families.contains(&family.id));
    for family in &mut told.families {
        family.appearances.retain(|seen| part.posts.contains(&seen.post));
        // A file that shows other sheets too is not named.
        for seen in family.appearances.iter_mut().filter(|seen| !part.items.contains(&seen.item)) {
            seen.item.clear();
        }
        family.first_appearance = family.first_appearance.take().filter(|post| part.posts.contains(post));
        family.first.candidates.retain(|post| part.posts.contains(post));
    }
    told.exposures.retain(|one| part.groups.contains(&one.id));
    told.documents.retain(|one| part.groups.contains(&one.id));
    told.versions.retain(|one| part.groups.contains(&one.id));
    for version in &mut told.versions {
        version.first.candidates.retain(|post| part.posts.contains(post));
    }
    told.matches.retain(|one| pictures.contains(&one.a) && pictures.contains(&one.b));
    told.contrasts.retain(|one| pictures.contains(&one.a) && pictures.contains(&one.b));
    told.alterations.retain(|one| pictures.contains(&one.picture) && pictures.contains(&one.against));
    for alteration in &mut told.alterations {
        alteration.quoted_by.retain(|by| part.quotes.contains(&by.quote));
    }
    told.derivations.retain(|one| families.contains(&one.family));
}

/// Posts, where they stand and who wrote them.
fn chats(part: &Part, told: &mut Dossier) {
    told.posts.retain(|post| part.posts.contains(&post.id));
    for post in &mut told.posts {
        // The exports they were read from hold all the rest.
        post.records.clear();
        post.reply_to = post
            .reply_to
            .take()
            .filter(|reply| reply.post.as_ref().is_some_and(|id| part.posts.contains(id)));
        for file in post.attached.iter_mut().filter(|file| !file.items.is_empty()) {
            file.items.retain(|id| part.items.contains(id));
            // A file that is held and shows other sheets, or none, is not named.
            if file.items.is_empty() {
                (file.md5, file.size) = (None, None);
                file.name.clear();
                file.reference.clear();
            }
        }
    }
    told.channels.retain(|channel| part.channels.contains(&channel.id));
    for channel in &mut told.channels {
        channel.exports.clear();
        channel.posts = told.posts.iter().filter(|post| post.channel == channel.id).count() as u64;
    }
    told.accounts.retain(|account| part.accounts.contains(&account.id));
    for account in &mut told.accounts {
        account.posts =
            told.posts.iter().filter(|post| post.account.as_ref() == Some(&account.id)).count() as u64;
    }
    told.unseen.retain(|file| part.posts.contains(&file.post));
    told.discrepancies.clear();
    told.quotes.retain(|quote| part.quotes.contains(&quote.id));
}

/// What the sheets say.
fn speech(part: &Part, told: &mut Dossier) {
    told.statements.retain(|one| part.families.contains(&one.family));
    told.mentions.retain(|one| part.families.contains(&one.family));
    told.events.retain(|one| part.families.contains(&one.family));
    told.subjects.retain(|one| part.families.contains(&one.family));
    let mentions: BTreeMap<&String, &Mention> = told.mentions.iter().map(|one| (&one.id, one)).collect();
    for entity in &mut told.entities {
        entity.mentions.retain(|id| mentions.contains_key(id));
        entity.families.retain(|id| part.families.contains(id));
        let own: Vec<&Mention> = entity.mentions.iter().filter_map(|id| mentions.get(id).copied()).collect();
        let names: BTreeSet<&String> = own.iter().map(|one| &one.name).collect();
        let roles: BTreeSet<&String> = own.iter().filter_map(|one| one.role.as_ref()).collect();
        // A spelling, a role, a reason that only other sheets have would tell of them.
        entity.spellings.retain(|spelling| names.contains(spelling));
        entity.joined.retain(|one| names.contains(&one.one) && names.contains(&one.other));
        entity.roles.retain(|role| roles.contains(role));
        if !names.contains(&entity.name)
            && let Some(name) = names.iter().max_by_key(|name| (name.chars().count(), **name))
        {
            entity.name = (**name).clone();
        }
    }
    told.entities.retain(|entity| !entity.mentions.is_empty());
    let entities: BTreeSet<&String> = told.entities.iter().map(|entity| &entity.id).collect();
    let known = |id: &mut Option<String>| *id = id.take().filter(|id| entities.contains(id));
    for event in &mut told.events {
        event.who.retain(|id| entities.contains(id));
        event.places.retain(|id| entities.contains(id));
    }
    for statement in &mut told.statements {
        known(&mut statement.speaker_entity);
        known(&mut statement.addressee_entity);
        statement.names.retain(|id| entities.contains(id));
        for otherwise in &mut statement.otherwise {
            otherwise.pictures.retain(|id| part.pictures.contains(id));
        }
    }
}

/// How the sheets spread, and what is missing of them.
fn spread(part: &Part, told: &mut Dossier) {
    let own = |family: &String| part.families.contains(family);
    told.matrix.retain(|cell| own(&cell.family) && part.channels.contains(&cell.channel));
    // Counts of sheets that channels share count the rest.
    told.relations.clear();
    hops(part, told);
    told.gaps.retain(|gap| {
        !gap.families.is_empty()
            && gap.families.iter().all(own)
            && gap.pictures.iter().all(|id| part.pictures.contains(id))
            && gap.channel.as_ref().is_none_or(|id| part.channels.contains(id))
    });
    for gap in &mut told.gaps {
        // What rests on a post of the rest is left out.
        gap.reasons.retain(|reason| !reason.cited.starts_with("post:") || part.posts.contains(&reason.cited));
        (gap.seek.post_before, gap.seek.post_after) = (None, None);
    }
    told.gaps.retain(|gap| !gap.reasons.is_empty());
    told.firsts.retain(|first| part.groups.contains(&first.of));
    for first in &mut told.firsts {
        first.first.candidates.retain(|post| part.posts.contains(post));
    }
    told.zone_choices.retain(|choice| own(&choice.family) && part.posts.contains(&choice.post));
    told.reach.retain(|reach| own(&reach.family));
    for reach in &mut told.reach {
        reach.channels.retain(|seen| part.channels.contains(&seen.channel));
    }
    let paths: BTreeSet<&String> = told.items.iter().map(|item| &item.path).collect();
    told.problems.retain(|problem| {
        let about = &problem.about;
        part.items.contains(about) || part.pictures.contains(about) || own(about) || paths.contains(about)
    });
}

/// Hops, as far as something other than time speaks for them in the part.
fn hops(part: &Part, told: &mut Dossier) {
    let own = |family: &String| part.families.contains(family);
    let seen: BTreeMap<&String, Window> = told
        .families
        .iter()
        .flat_map(|family| &family.appearances)
        .filter_map(|seen| Some((&seen.post, seen.when?)))
        .collect();
    told.hops.retain(|hop| part.channels.contains(&hop.from) && part.channels.contains(&hop.to));
    for hop in &mut told.hops {
        hop.evidence.retain(|one| {
            let posts = one.from.iter().chain([&one.to]).all(|post| part.posts.contains(post));
            one.family.as_ref().is_some_and(own) && posts
        });
        let Hop { families, evidence, first, .. } = hop;
        let strong = || evidence.iter().filter(|one| !matches!(one.tie, Tie::Words | Tie::Time));
        families.retain(|family| strong().any(|one| one.family.as_ref() == Some(family)));
        // When the first sheet was there: of the whole, it can have been another one.
        let there = strong().filter_map(|one| seen.get(&one.to).copied());
        *first = there
            .reduce(|a, b| Window { earliest: a.earliest.min(b.earliest), latest: a.latest.min(b.latest) });
    }
    told.hops.retain(|hop| !hop.families.is_empty());
}

/// Whom the sheets touch: their passages, and what follows from these.
fn parties(part: &Part, told: &mut Dossier) {
    let mentions: BTreeSet<&String> = told.mentions.iter().map(|one| &one.id).collect();
    let statements: BTreeSet<&String> = told.statements.iter().map(|one| &one.id).collect();
    let entities: BTreeMap<&String, &Entity> = told.entities.iter().map(|one| (&one.id, one)).collect();
    let reach: BTreeMap<&String, &Reach> = told.reach.iter().map(|one| (&one.family, one)).collect();
    for party in &mut told.parties {
        party.passages.retain(|passage| part.families.contains(&passage.family));
        for passage in &mut party.passages {
            passage.mentions.retain(|id| mentions.contains(id));
        }
        for list in [&mut party.said, &mut party.told, &mut party.about] {
            list.retain(|id| statements.contains(id));
        }
        // The fullest spelling of the whole can be that of another sheet.
        if let Some(entity) = entities.get(&party.id) {
            party.name.clone_from(&entity.name);
        }
        let sheets: BTreeSet<&String> = party.passages.iter().map(|passage| &passage.family).collect();
        let seen: Vec<&Reach> = sheets.iter().filter_map(|id| reach.get(id).copied()).collect();
        let open = |reach: &&&Reach| reach.channels.iter().any(|seen| seen.open == Open::Public);
        party.first = seen.iter().filter_map(|reach| reach.first).min_by_key(|first| first.earliest);
        party.public_sheets = seen.iter().filter(open).count() as u64;
    }
    told.parties.retain(|party| {
        entities.contains_key(&party.id) && !(party.passages.is_empty() && party.said.is_empty())
    });
}

/// What analysts did about the sheets, and what they took back of that.
fn acts(part: &Part, told: &mut Dossier) {
    let alterations = told.alterations.iter().map(|one| &one.id);
    let derivations = told.derivations.iter().map(|one| &one.id);
    let matches = told.matches.iter().map(|one| &one.id);
    let gaps = told.gaps.iter().map(|one| &one.id);
    let found: BTreeSet<&String> = alterations.chain(derivations).chain(matches).chain(gaps).collect();
    let about = |on: &String| {
        let sets = [&part.families, &part.pictures, &part.posts, &part.groups, &part.quotes, &part.items];
        found.contains(on) || sets.iter().any(|set| set.contains(on))
    };
    let mut kept: BTreeSet<String> = BTreeSet::new();
    // What is said of names and channels may be said of other sheets.
    told.acts.retain(|act| {
        let shown = !act.pictures.is_empty();
        let shown = shown && act.pictures.iter().chain(&act.from).all(|id| part.pictures.contains(id));
        // A gap between the pictures of a sheet can rest on the rest and be left out.
        let shown = shown && act.on.as_ref().is_none_or(|on| !on.starts_with("gap:") || about(on));
        let own = shown
            || act.on.as_ref().is_some_and(about)
            || act.judges.as_ref().is_some_and(|harm| part.harms.contains(harm))
            || act.undoes.as_ref().is_some_and(|act| kept.contains(act));
        if own {
            kept.insert(act.id.clone());
        }
        own
    });
}

fn counts(told: &Dossier) -> Counts {
    let paged = |pdf: bool| {
        let files =
            told.items.iter().filter(|item| (item.kind == Kind::Pdf) == pdf && !item.pictures.is_empty());
        files.map(|item| &item.sha256).collect::<BTreeSet<_>>().len() as u64
    };
    let at = |level| told.problems.iter().filter(|problem| problem.level == level).count() as u64;
    Counts {
        files: told.items.len() as u64,
        contents: told.items.iter().map(|item| &item.sha256).collect::<BTreeSet<_>>().len() as u64,
        images: paged(false),
        documents: paged(true),
        pictures: told.pictures.len() as u64,
        sheets: told.families.len() as u64,
        channels: told.channels.len() as u64,
        posts: told.posts.len() as u64,
        accounts: told.accounts.len() as u64,
        unseen: told.unseen.len() as u64,
        problems: at(Level::Problem),
        notes: at(Level::Note),
    }
}

/// Ids that a part refers to and that do not stand in it, sorted: a part that has any is not handed out. Of the whole, only
/// what the part was taken from is asked for: ids that the whole does not have either (pages, surfaces of files) are no leak.
pub fn strays(part: &Dossier, whole: &Dossier) -> Result<Vec<String>, serde_json::Error> {
    let (own, all) = (Ids::of(part)?, Ids::of(whole)?);
    let leads = |id: &&String| all.defined.contains(*id) && !own.defined.contains(*id);
    Ok(own.named.iter().filter(leads).cloned().collect())
}

/// Ids in a dossier: of its rows, and wherever they are named.
#[derive(Default)]
struct Ids {
    defined: BTreeSet<String>,
    named: BTreeSet<String>,
}

impl Ids {
    fn of(dossier: &Dossier) -> Result<Self, serde_json::Error> {
        let value = serde_json::to_value(dossier)?;
        let mut ids = Self::default();
        for rows in
            value.as_object().into_iter().flat_map(|tables| tables.values()).filter_map(Value::as_array)
        {
            ids.defined.extend(rows.iter().filter_map(|row| Some(row.get("id")?.as_str()?.to_owned())));
        }
        ids.gather(&value);
        Ok(ids)
    }

    fn gather(&mut self, value: &Value) {
        match value {
            Value::String(text) => {
                // An id by itself, or at the head of a citation `item:…@start+length`.
                let id = text.split(['@', '#', '~', ' ', '/']).next().unwrap_or_default();
                let digits = id.split_once(':').map(|(_, digits)| digits).unwrap_or_default();
                if digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                    self.named.insert(id.to_owned());
                }
            }
            Value::Array(all) => all.iter().for_each(|one| self.gather(one)),
            Value::Object(all) => all.values().for_each(|one| self.gather(one)),
            _ => {}
        }
    }
}
