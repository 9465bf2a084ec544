use std::collections::BTreeMap;

use model::{EntityId, MentionId, PageId, Party, PictureId};

use super::sheets::{corners, measure};
use super::{printed, sorted, time};
use crate::material::Material;
use crate::told::{Cited, Entity, Event, Joined, Likelihood, Mention, Otherwise, Spot, Statement, Subject};

/// Look-ups that rows need.
pub(super) struct Index {
    page_of: BTreeMap<PictureId, PageId>,
    entity_of: BTreeMap<MentionId, EntityId>,
}

impl Index {
    pub(super) fn of(material: &Material) -> Self {
        let mut entity_of = BTreeMap::new();
        for entity in &material.entities {
            entity_of.extend(entity.mentions.iter().map(|mention| (*mention, entity.id)));
        }
        Self {
            page_of: material.pictures.iter().map(|picture| (picture.id, picture.page)).collect(),
            entity_of,
        }
    }

    pub(super) fn cited(&self, cited: &model::Cited) -> Cited {
        let place = |spot: &model::Spot| {
            let cite = |page: &PageId| model::Citation::Region { page: *page, quad: spot.quad }.to_string();
            Spot {
                picture: spot.picture.to_string(),
                quad: corners(&spot.quad),
                cite: self.page_of.get(&spot.picture).map(cite),
            }
        };
        Cited {
            start: cited.span.start,
            length: cited.span.length,
            agree: cited.agree,
            shown: cited.shown,
            doubt: (cited.doubt * 1000.0).round() / 1000.0,
            places: cited.spots.iter().map(place).collect(),
        }
    }

    /// The entities of mentions, each once, in their order.
    fn entities(&self, mentions: &[MentionId]) -> Vec<String> {
        let mut entities: Vec<String> = Vec::new();
        for mention in mentions {
            entities.extend(self.entity(Some(*mention)).filter(|entity| !entities.contains(entity)));
        }
        entities
    }

    fn entity(&self, mention: Option<MentionId>) -> Option<String> {
        self.entity_of.get(&mention?).map(EntityId::to_string)
    }
}

pub(super) fn mentions(material: &Material) -> Vec<Mention> {
    let index = Index::of(material);
    let rows = material.mentions.iter().map(|mention| Mention {
        id: mention.id.to_string(),
        family: mention.family.to_string(),
        entity: index.entity(Some(mention.id)),
        kind: mention.kind.into(),
        form: mention.form.into(),
        name: mention.name.clone(),
        role: mention.role.clone(),
        grounds: mention.grounds.clone(),
        cited: index.cited(&mention.cited),
    });
    sorted(rows, |row| (row.family.clone(), row.cited.start, row.id.clone()))
}

pub(super) fn entities(material: &Material) -> Vec<Entity> {
    let joined = |joined: &model::Joined| Joined {
        one: joined.one.clone(),
        other: joined.other.clone(),
        because: joined.because.clone(),
        measure: joined.measure.as_ref().map(measure),
    };
    let rows = material.entities.iter().map(|entity| Entity {
        id: entity.id.to_string(),
        kind: entity.kind.into(),
        name: entity.name.clone(),
        spellings: entity.spellings.clone(),
        roles: entity.roles.clone(),
        mentions: printed(&entity.mentions),
        families: printed(&entity.families),
        joined: entity.joined.iter().map(joined).collect(),
    });
    sorted(rows, |row| row.id.clone())
}

pub(super) fn statements(material: &Material) -> Vec<Statement> {
    let index = Index::of(material);
    let mut all: Vec<&model::Statement> = material.statements.iter().collect();
    all.sort_by_key(|statement| (statement.family, statement.verb_span.start, statement.id));
    all.into_iter().map(|statement| row(statement, &index)).collect()
}

fn row(statement: &model::Statement, index: &Index) -> Statement {
    let (speaker, addressee) = (statement.speaker.as_ref(), statement.addressee.as_ref());
    let name = |party: Option<&Party>| party.and_then(|party| party.name.clone());
    let role = |party: Option<&Party>| party.and_then(|party| party.role.clone());
    let likelihood = |one: &model::Likelihood| Likelihood {
        words: one.words.clone(),
        at_least: one.percent.map(|(least, _)| least),
        at_most: one.percent.map(|(_, most)| most),
        confidence: one.confidence.clone(),
    };
    let otherwise = |one: &model::Otherwise| Otherwise {
        here: one.here.clone(),
        there: one.there.clone(),
        pictures: printed(&one.pictures),
    };
    Statement {
        id: statement.id.to_string(),
        family: statement.family.to_string(),
        speaker: name(speaker),
        speaker_role: role(speaker),
        speaker_named: speaker.map(|party| party.named.into()),
        speaker_entity: index.entity(speaker.and_then(|party| party.mention)),
        addressee: name(addressee),
        addressee_role: role(addressee),
        addressee_named: addressee.map(|party| party.named.into()),
        addressee_entity: index.entity(addressee.and_then(|party| party.mention)),
        about: statement.about.clone(),
        names: index.entities(&statement.mentions),
        verb: statement.verb.clone(),
        saying: statement.saying.into(),
        speech: statement.speech.into(),
        stance: statement.stance.into(),
        says: statement.says.clone(),
        source: statement.source.clone(),
        likelihood: statement.likelihood.iter().map(likelihood).collect(),
        when: statement.when.as_ref().map(time),
        quote: statement.quote.clone(),
        cited: index.cited(&statement.cited),
        otherwise: statement.otherwise.iter().map(otherwise).collect(),
    }
}

pub(super) fn events(material: &Material) -> Vec<Event> {
    let index = Index::of(material);
    let mut all: Vec<&model::Event> = material.events.iter().collect();
    all.sort_by_key(|event| (event.family, event.word_span.start, event.id));
    let row = |event: &model::Event| Event {
        id: event.id.to_string(),
        family: event.family.to_string(),
        kind: event.kind.clone(),
        word: event.word.clone(),
        when: event.when.as_ref().map(time),
        dated: event.dated.clone(),
        who: index.entities(&event.who),
        places: index.entities(&event.places),
        quote: event.quote.clone(),
        cited: index.cited(&event.cited),
    };
    all.into_iter().map(row).collect()
}

pub(super) fn subjects(material: &Material) -> Vec<Subject> {
    let index = Index::of(material);
    let rows = material.subjects.iter().map(|subject| Subject {
        id: subject.id.to_string(),
        family: subject.family.to_string(),
        text: subject.text.clone(),
        heads: subject.heads.into(),
        cited: index.cited(&subject.cited),
    });
    sorted(rows, |row| (row.family.clone(), row.cited.start, row.id.clone()))
}
