//! What analysts do: join, split, take back. Each act is entered with its reason and stays; the next run follows it.

use std::collections::BTreeSet;
use std::path::Path;

use case::Case;
use model::{Act, ActId, Deed, Family, PictureId};

use crate::args::{Judged, Undo};
use crate::commands::{actor, found, open};
use crate::fault::{End, Fault, Outcome};
use crate::talk::Talk;

/// These pictures, or all of these families, show one sheet.
pub(crate) fn join(judged: &Judged, talk: &Talk) -> Outcome {
    let mut case = open(&judged.case)?;
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
    enter(&mut case, &judged.case, Deed::Join { pictures }, &judged.reason, talk)
}

/// These pictures do not show what the rest of their families shows.
pub(crate) fn split(judged: &Judged, talk: &Talk) -> Outcome {
    let mut case = open(&judged.case)?;
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
    enter(&mut case, &judged.case, deed, &judged.reason, talk)
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
    enter(&mut case, &undo.case, Deed::Undo { act }, &undo.reason, talk)
}

fn enter(case: &mut Case, folder: &Path, deed: Deed, reason: &str, talk: &Talk) -> Outcome {
    if reason.trim().is_empty() {
        return Err(
            Fault::usage("the reason is empty").hint("say in a sentence why: it stands in the report")
        );
    }
    let act = case.act(&actor(), deed, reason)?;
    talk.say(format!("{}; `truecopy run {}` follows it", act.id, folder.display()));
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
