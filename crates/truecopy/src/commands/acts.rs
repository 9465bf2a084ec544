//! What analysts do: join, split, testify, note, label, judge, take back. Each act is entered with its reason and stays.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::Path;

use case::{Case, Objection, deeds};
use model::{Act, ActId, Entity, Family, Id, Noun, PictureId};

use crate::args::{Judge, Judged, Label, Note, Second, Signing, Split, Testify, Undo};
use crate::commands::{actor, found, open, sign, written};
use crate::fault::{End, Fault, Outcome};
use crate::talk::{Talk, plain};

/// These pictures, or all of these families, show one sheet; or these entities are one.
pub(crate) fn join(judged: &Judged, talk: &Talk) -> Outcome {
    let mut case = open(&judged.case)?;
    let deed = match entities(&case, &judged.ids)? {
        Some(entities) => deeds::join_names(&case, &entities),
        None => deeds::join(&case, &named(&case, &judged.ids)?),
    };
    enter(&mut case, &judged.case, deed, &judged.reason, &judged.signing, talk)
}

/// These pictures do not show what the rest of their families shows; or these spellings do not name what the rest name.
pub(crate) fn split(split: &Split, talk: &Talk) -> Outcome {
    let judged = &split.judged;
    let mut case = open(&judged.case)?;
    let deed = match entities(&case, &judged.ids)? {
        Some(entities) => deeds::split_names(&case, &entities, &split.name),
        None if !split.name.is_empty() => Err(Objection::SpellingsOfSeveral),
        None => deeds::split(&case, &named(&case, &judged.ids)?),
    };
    enter(&mut case, &judged.case, deed, &judged.reason, &judged.signing, talk)
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

/// Takes an act back; taking that back makes it stand again.
pub(crate) fn undo(undo: &Undo, talk: &Talk) -> Outcome {
    let mut case = open(&undo.case)?;
    let found = found::one(&case, &undo.act)?;
    let act: ActId = found.id().parse().map_err(|_| Fault::usage(format!("{} is not an act", found.id())))?;
    let deed = deeds::undo(&case, act);
    enter(&mut case, &undo.case, deed, &undo.reason, &undo.signing, talk)
}

/// Somebody says that a sheet was seen.
pub(crate) fn testify(testify: &Testify, talk: &Talk) -> Outcome {
    let mut case = open(&testify.case)?;
    let pictures = named(&case, &testify.ids)?;
    let when = match testify.when.as_slice() {
        [] => None,
        [from, to @ ..] => Some(deeds::between(from, to.first().map(String::as_str))?),
    };
    let deed = deeds::testify(&case, &pictures, when, &testify.basis);
    enter(&mut case, &testify.case, deed, &testify.reason, &testify.signing, talk)
}

/// A note on whatever has an id.
pub(crate) fn note(note: &Note, talk: &Talk) -> Outcome {
    let mut case = open(&note.case)?;
    let deed = deeds::note(&case, found::one(&case, &note.id)?.id());
    enter(&mut case, &note.case, deed, &note.reason, &note.signing, talk)
}

/// A label for whatever has an id.
pub(crate) fn label(label: &Label, talk: &Talk) -> Outcome {
    let mut case = open(&label.note.case)?;
    let deed = deeds::label(&case, found::one(&case, &label.note.id)?.id(), &label.label);
    enter(&mut case, &label.note.case, deed, &label.note.reason, &label.note.signing, talk)
}

/// What an analyst holds of an observation.
pub(crate) fn judge(judge: &Judge, talk: &Talk) -> Outcome {
    let mut case = open(&judge.note.case)?;
    let deed = deeds::held(&case, found::one(&case, &judge.note.id)?.id(), judge.holds.into());
    enter(&mut case, &judge.note.case, deed, &judge.note.reason, &judge.note.signing, talk)
}

/// Enters an act, signed where there is a key, or proposes it where two are asked for.
pub(super) fn enter(
    case: &mut Case,
    folder: &Path,
    deed: deeds::Result,
    reason: &str,
    signing: &Signing,
    talk: &Talk,
) -> Outcome {
    let deed = deed.map_err(|objection| objected(objection, folder))?;
    deeds::reason(reason)?;
    let said = deed.is_said();
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
            talk.say(if said {
                act.id.to_string()
            } else {
                format!("{}; `truecopy run {folder}` follows it", act.id)
            });
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
    talk.say(if act.deed.is_said() {
        format!("{} takes effect", act.id)
    } else {
        format!("{} takes effect; `truecopy run {}` follows it", act.id, second.case.display())
    });
    Ok(End::Done)
}

/// An objection in the command's words: with the act that stands in the way, the command that takes it back.
fn objected(objection: Objection, folder: &Path) -> Fault {
    match objection.act() {
        Some(act) => Fault::user(&objection).hint(format!(
            "take that back first: truecopy undo {} {} --reason …",
            folder.display(),
            act.id
        )),
        None => objection.into(),
    }
}

/// The pictures that ids of pictures and families name.
fn named(case: &Case, ids: &[String]) -> Outcome<BTreeSet<PictureId>> {
    let mut pictures = BTreeSet::new();
    for id in ids {
        let found = found::one(case, id)?;
        match found.id().parse::<PictureId>() {
            Ok(picture) => _ = pictures.insert(picture),
            Err(_) => {
                let family: Family = serde_json::from_value(found.body.clone())
                    .map_err(|_| Fault::usage(format!("{} is neither a picture nor a family", found.id())))?;
                pictures.extend(family.pictures);
            }
        }
    }
    Ok(pictures)
}
