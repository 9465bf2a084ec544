use std::collections::{BTreeMap, BTreeSet};

use impact::Affected;
use model::{ChannelId, EntityId, FamilyId, ImpactId, PostId};

use super::speech::Index;
use super::{printed, sorted, spread};
use crate::material::Material;
use crate::told::{AffectedParty, Harm, Open, Passage, Reach};

pub(super) fn parties(material: &Material, stand: &BTreeMap<PostId, ChannelId>) -> Vec<AffectedParty> {
    if material.affected.is_empty() {
        return Vec::new();
    }
    let index = Index::of(material);
    let entities: BTreeMap<EntityId, &model::Entity> =
        material.entities.iter().map(|entity| (entity.id, entity)).collect();
    let reach = spread::reach(material, stand);
    let reach: BTreeMap<&str, &Reach> = reach.iter().map(|reach| (reach.family.as_str(), reach)).collect();
    let judged = judged(material);
    let rows = material.affected.iter().filter_map(|affected| {
        let entity = entities.get(&affected.entity)?;
        let seen: Vec<&Reach> =
            sheets(affected).iter().filter_map(|id| reach.get(id.as_str()).copied()).collect();
        let first = seen.iter().filter_map(|reach| reach.first).min_by_key(|first| first.earliest);
        let open = |reach: &&&Reach| reach.channels.iter().any(|channel| channel.open == Open::Public);
        Some(AffectedParty {
            id: entity.id.to_string(),
            kind: entity.kind.into(),
            name: entity.name.clone(),
            passages: affected.passages.iter().map(|passage| told(passage, &index, &judged)).collect(),
            said: printed(&affected.by),
            told: printed(&affected.to),
            about: printed(&affected.about),
            first,
            public_sheets: seen.iter().filter(open).count() as u64,
        })
    });
    sorted(rows, |row| row.id.clone())
}

fn sheets(affected: &Affected) -> Vec<String> {
    let families: BTreeSet<FamilyId> = affected.passages.iter().map(|passage| passage.family).collect();
    families.iter().map(FamilyId::to_string).collect()
}

/// What analysts last said of each harm, as far as it stands.
fn judged(material: &Material) -> BTreeMap<ImpactId, bool> {
    let standing = model::standing(&material.acts);
    let acts = material.acts.iter().filter(|act| standing.contains(&act.id));
    acts.filter_map(|act| act.deed.judges()).collect()
}

fn told(passage: &impact::Passage, index: &Index, judged: &BTreeMap<ImpactId, bool>) -> Passage {
    let harm = |impact: &impact::Impact| Harm {
        id: impact.id.to_string(),
        kind: impact.harm.clone(),
        rule: impact.rule.clone(),
        because: impact.because.clone(),
        judged: judged.get(&impact.id).copied(),
    };
    Passage {
        family: passage.family.to_string(),
        cited: index.cited(&passage.cited),
        marking: passage.marking.clone(),
        portion: passage.portion,
        mentions: printed(&passage.mentions),
        harms: passage.impacts.iter().map(harm).collect(),
    }
}
