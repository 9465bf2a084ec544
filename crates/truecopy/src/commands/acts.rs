//! What analysts do: join, split, take back. Each act is entered with its reason and stays; the next run follows it.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::Path;

use case::Case;
use model::{Act, ActId, Deed, Entity, EntityKind, Family, Id, Noun, PictureId};

use crate::args::{Judged, Second, Signing, Split, Undo};
use crate::commands::{actor, found, open, sign, written};
use crate::fault::{End, Fault, Outcome};
use crate::talk::{Talk, plain};

/// These pictures, or all of these families, show one sheet; or these entities are one.
pub(crate) fn join(judged: &Judged, talk: &Talk) -> Outcome {
    let mut case = open(&judged.case)?;
    if let Some(entities) = entities(&case, &judged.ids)? {
        return join_names(case, judged, &entities, talk);
    }
    let pictures: BTreeSet<PictureId> = named(&case, &judged.ids)?.into_iter().collect();
    if pictures.len() < 2 {
        return Err(Fault::usage("joining takes two pictures or families, or more"));
    }
    let pictures: Vec<PictureId> = pictures.into_iter().collect();
    let apart = |act: &Act| {
        matches!(&act.deed, Deed::Split { pictures: some, from }
            if some.iter().any(|id| pictures.contains(id)) && from.iter().any(|id| pictures.contains(id)))
    };
    if let Some(act) = case.ground().standing()?.into_iter().find(apart) {
        return Err(contradicted(&act, &judged.case));
    }
    enter(&mut case, &judged.case, Deed::Join { pictures }, &judged.reason, &judged.signing, talk)
}

fn join_names(mut case: Case, judged: &Judged, entities: &[Entity], talk: &Talk) -> Outcome {
    let (kind, mut names) = (kind_of(entities)?, BTreeSet::new());
    names.extend(entities.iter().flat_map(|entity| entity.spellings.iter().cloned()));
    if entities.len() < 2 || names.len() < 2 {
        return Err(Fault::usage("joining takes two entities, or more"));
    }
    let apart = |act: &Act| {
        act.deed.names().is_some_and(|(of, some, from)| {
            of == kind
                && some.iter().any(|name| names.contains(name))
                && from.iter().any(|name| names.contains(name))
        })
    };
    if let Some(act) = case.ground().standing()?.into_iter().find(apart) {
        return Err(contradicted(&act, &judged.case));
    }
    let deed = Deed::JoinNames { kind, names: names.into_iter().collect() };
    enter(&mut case, &judged.case, deed, &judged.reason, &judged.signing, talk)
}

/// These spellings of an entity, or all of the first one, do not name what the rest, or the others, name.
fn split_names(mut case: Case, split: &Split, entities: &[Entity], talk: &Talk) -> Outcome {
    let kind = kind_of(entities)?;
    let all = |entities: &[Entity]| -> BTreeSet<String> {
        entities.iter().flat_map(|entity| entity.spellings.iter().cloned()).collect()
    };
    let (names, from) = match entities {
        [entity] => {
            let names: BTreeSet<String> = split.name.iter().cloned().collect();
            if let Some(unknown) = names.iter().find(|name| !entity.spellings.contains(name)) {
                let fault = Fault::user(format!("{} has no spelling '{}'", entity.id, plain(unknown)));
                return Err(fault.hint(format!("its spellings are: {}", plain(&entity.spellings.join("; ")))));
            }
            let rest = entity.spellings.iter().filter(|name| !names.contains(*name)).cloned().collect();
            (names, rest)
        }
        [first, others @ ..] if split.name.is_empty() => (all(std::slice::from_ref(first)), all(others)),
        _ => return Err(Fault::usage("--name takes spellings of one entity")),
    };
    if names.is_empty() || from.is_empty() {
        return Err(Fault::usage("splitting an entity takes some of its spellings, not all of them: --name"));
    }
    let together = |act: &Act| {
        let said = act.deed.names().filter(|(of, _, apart)| *of == kind && apart.is_empty());
        said.is_some_and(|(_, some, _)| {
            some.iter().any(|name| names.contains(name)) && some.iter().any(|name| from.contains(name))
        })
    };
    if let Some(act) = case.ground().standing()?.into_iter().find(together) {
        return Err(contradicted(&act, &split.judged.case));
    }
    let deed =
        Deed::SplitNames { kind, names: names.into_iter().collect(), from: from.into_iter().collect() };
    enter(&mut case, &split.judged.case, deed, &split.judged.reason, &split.judged.signing, talk)
}

/// The entities that ids name; none if the first names something else.
fn entities(case: &Case, ids: &[String]) -> Outcome<Option<Vec<Entity>>> {
    let mut entities = Vec::new();
    for id in ids {
        let found = found::one(case, id)?;
        if found.kind.kind != Entity::KIND {
            return if entities.is_empty() {
                Ok(None)
            } else {
                Err(Fault::usage(format!("{} is no entity, as the others are", found.id())))
            };
        }
        entities.push(serde_json::from_value::<Entity>(found.body).map_err(Fault::ours)?);
    }
    Ok(Some(entities))
}

fn kind_of(entities: &[Entity]) -> Outcome<EntityKind> {
    match entities {
        [first, rest @ ..] if rest.iter().all(|entity| entity.kind == first.kind) => Ok(first.kind),
        _ => Err(Fault::usage("entities of two kinds are neither joined nor split")),
    }
}

/// These pictures do not show what the rest of their families shows; or these spellings do not name what the rest name.
pub(crate) fn split(split: &Split, talk: &Talk) -> Outcome {
    let judged = &split.judged;
    let mut case = open(&judged.case)?;
    if let Some(entities) = entities(&case, &judged.ids)? {
        return split_names(case, split, &entities, talk);
    }
    if !split.name.is_empty() {
        return Err(Fault::usage("--name takes spellings of one entity"));
    }
    let pictures: BTreeSet<PictureId> = named(&case, &judged.ids)?.into_iter().collect();
    let mut from = BTreeSet::new();
    case.derived().each(|family: Family| {
        if family.pictures.iter().any(|picture| pictures.contains(picture)) {
            from.extend(family.pictures.iter().filter(|picture| !pictures.contains(picture)));
        }
        Ok(())
    })?;
    if from.is_empty() {
        return Err(Fault::user("nothing would be left of the family to split from")
            .hint("name the pictures that are to leave it; `truecopy show CASE FAMILY` lists all it has"));
    }
    let together = |act: &Act| {
        matches!(&act.deed, Deed::Join { pictures: some }
            if some.iter().any(|id| pictures.contains(id)) && some.iter().any(|id| from.contains(id)))
    };
    if let Some(act) = case.ground().standing()?.into_iter().find(together) {
        return Err(contradicted(&act, &judged.case));
    }
    let deed = Deed::Split { pictures: pictures.into_iter().collect(), from: from.into_iter().collect() };
    enter(&mut case, &judged.case, deed, &judged.reason, &judged.signing, talk)
}

/// Takes an act back; taking that back makes it stand again.
pub(crate) fn undo(undo: &Undo, talk: &Talk) -> Outcome {
    let mut case = open(&undo.case)?;
    let found = found::one(&case, &undo.act)?;
    let act: ActId = found.id().parse().map_err(|_| Fault::usage(format!("{} is not an act", found.id())))?;
    let back = |other: &Act| matches!(other.deed, Deed::Undo { act: of } if of == act);
    if case.ground().acts()?.iter().any(back) {
        return Err(Fault::user(format!("{} was taken back before", found.id()))
            .hint("to have it again, undo the act that took it back; `truecopy list CASE acts`"));
    }
    enter(&mut case, &undo.case, Deed::Undo { act }, &undo.reason, &undo.signing, talk)
}

/// Enters an act, signed where there is a key, or proposes it where two are asked for.
pub(super) fn enter(
    case: &mut Case,
    folder: &Path,
    deed: Deed,
    reason: &str,
    signing: &Signing,
    talk: &Talk,
) -> Outcome {
    if reason.trim().is_empty() {
        return Err(
            Fault::usage("the reason is empty").hint("say in a sentence why: it stands in the report")
        );
    }
    let signer = signing.key.as_deref().map(sign::key).transpose()?;
    let folder = folder.display();
    match &signer {
        Some(signer) if signing.two => {
            let act = case.propose(&actor(), deed, reason, signer)?;
            talk.say(format!(
                "{} waits for a second key: `truecopy second {folder} {} --key FILE`",
                act.id,
                act.id.short()
            ));
        }
        _ => {
            let act = case.act_signed(&actor(), deed, reason, signer.as_ref())?;
            talk.say(format!("{}; `truecopy run {folder}` follows it", act.id));
        }
    }
    Ok(End::Done)
}

/// Has an act take effect that waits for a second key, or lists those that wait.
pub(crate) fn second(second: &Second, talk: &Talk) -> Outcome {
    let mut case = open(&second.case)?;
    let waiting = case::pending(&case.ground().entries()?);
    let (Some(wanted), Some(key)) = (&second.act, &second.key) else {
        let mut out = io::stdout().lock();
        let line = |one: &case::Pending| {
            let Act { id, actor, deed, reason, .. } = &one.act;
            format!(
                "{}\t{}\t{}\t{}\t{}",
                id.short(),
                deed.word(),
                plain(actor),
                one.by.fingerprint,
                plain(reason)
            )
        };
        return written(waiting.iter().try_for_each(|one| writeln!(out, "{}", line(one))));
    };
    let wanted = if wanted.contains(':') { wanted.clone() } else { format!("act:{wanted}") };
    let mut found = waiting.iter().filter(|one| one.act.id.to_string().starts_with(&wanted));
    let (Some(one), None) = (found.next(), found.next()) else {
        return Err(Fault::user(format!("no single act that waits for a second key begins with '{wanted}'"))
            .hint("`truecopy second CASE` lists those that wait"));
    };
    let act = case.confirm(&actor(), one.act.id, &sign::key(key)?)?;
    talk.say(format!("{} takes effect; `truecopy run {}` follows it", act.id, second.case.display()));
    Ok(End::Done)
}

fn contradicted(act: &Act, folder: &Path) -> Fault {
    let word = act.deed.word();
    Fault::user(format!("an earlier act says the contrary: {} ({word}, {})", act.id, act.actor))
        .hint(format!("take that back first: truecopy undo {} {} --reason …", folder.display(), act.id))
}

/// The pictures that ids of pictures and families name.
fn named(case: &Case, ids: &[String]) -> Outcome<Vec<PictureId>> {
    let mut pictures = Vec::new();
    for id in ids {
        let found = found::one(case, id)?;
        match found.id().parse::<PictureId>() {
            Ok(picture) => pictures.push(picture),
            Err(_) => {
                let family: Family = serde_json::from_value(found.body.clone())
                    .map_err(|_| Fault::usage(format!("{} is neither a picture nor a family", found.id())))?;
                pictures.extend(family.pictures);
            }
        }
    }
    Ok(pictures)
}
