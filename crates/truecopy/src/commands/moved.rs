//! How the first appearance of a sheet, version, exposure or document moved as material was added.

use std::io::{self, Write};

use case::Case;
use dossier::Step;
use model::{Appearance, Document, Exposure, Family, FamilyId, Interval, Noun, PictureId, Version};
use serde_json::{Value, json};

use crate::commands::found::Found;
use crate::fault::{Fault, Outcome};

/// After each arrival that changed it; none for anything else.
pub(crate) fn moved(case: &Case, found: &Found) -> Outcome<Vec<Step>> {
    let Some((families, pictures)) = of(found)? else { return Ok(Vec::new()) };
    let mut seen: Vec<Appearance> = Vec::new();
    for family in families {
        seen.extend(case.derived().of::<Appearance>(family)?);
    }
    seen.retain(|seen| pictures.as_ref().is_none_or(|pictures| pictures.contains(&seen.picture)));
    Ok(dossier::moved(case, &dossier::arrivals(case)?, &seen)?)
}

/// The sheets that a noun is of, and the pictures where it is not of all.
type Of = (Vec<FamilyId>, Option<Vec<PictureId>>);

fn of(found: &Found) -> Outcome<Option<Of>> {
    fn read<T: Noun>(body: &Value) -> Outcome<T> {
        serde_json::from_value(body.clone()).map_err(Fault::ours)
    }
    let kind = found.kind.kind;
    Ok(Some(if kind == Family::KIND {
        (vec![read::<Family>(&found.body)?.id], None)
    } else if kind == Version::KIND {
        let version: Version = read(&found.body)?;
        (vec![version.family], Some(version.pictures))
    } else if kind == Exposure::KIND {
        let exposure: Exposure = read(&found.body)?;
        (vec![exposure.family], Some(exposure.pictures))
    } else if kind == Document::KIND {
        (read::<Document>(&found.body)?.families, None)
    } else {
        return Ok(None);
    }))
}

/// One step as JSON.
pub(crate) fn as_json(step: &Step) -> Value {
    json!({
        "added": step.at, "first": step.first.map(|at| json!({ "earliest": at.earliest, "latest": at.latest })),
        "candidates": step.candidates,
    })
}

/// The steps in words, where there are several.
pub(crate) fn tell(steps: &[Step], out: &mut dyn Write) -> io::Result<()> {
    if steps.len() < 2 {
        return Ok(());
    }
    writeln!(out, "how its first appearance moved as material was added:")?;
    steps.iter().try_for_each(|step| {
        let posts: Vec<String> = step.candidates.iter().map(ToString::to_string).collect();
        writeln!(out, "    added {}: first seen {}, {}", step.at, said(step.first), posts.join(" or "))
    })
}

fn said(first: Option<Interval>) -> String {
    match first {
        None => "at a time not known".to_owned(),
        Some(at) if at.earliest == at.latest => at.earliest.to_string(),
        Some(at) => format!("between {} and {}", at.earliest, at.latest),
    }
}
