//! Whom the sheets touch, and what an analyst says of harms that rules propose.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use case::Case;
use dossier::Dossier;
use dossier::told::{AffectedParty, Passage};
use impact::Rules;
use model::{Act, Deed, Entity, Family, Id, ImpactId, PictureId, Placing, Quad};
use serde_json::json;

use crate::args::{Judgement, Parties};
use crate::commands::{acts, found, open, written};
use crate::fault::{End, Fault, Outcome};
use crate::talk::{Talk, count, plain};

/// Candidates named where a name is not the only one.
const NAMED: usize = 8;
/// Others shown with whom a party is named.
const SHOWN: usize = 40;

pub(crate) fn parties(parties: &Parties) -> Outcome {
    let mut out = io::stdout().lock();
    if parties.rules {
        return written(out.write_all(Rules::table().as_bytes()));
    }
    let case = open(&parties.case)?;
    let told = told(&case, parties.harms.as_deref())?;
    if let Some(named) = &parties.party {
        let party = one(&told, named)?;
        return if parties.json.json {
            written(writeln!(out, "{}", json!(party)))
        } else {
            in_full(&told, party, &mut out)
        };
    }
    let mut all: Vec<&AffectedParty> = told.parties.iter().collect();
    all.sort_by_key(|party| (std::cmp::Reverse(party.passages.len()), party.name.clone(), party.id.clone()));
    for party in all {
        written(if parties.json.json {
            writeln!(out, "{}", json!(party))
        } else {
            writeln!(out, "{}", row(party))
        })?;
    }
    Ok(End::Done)
}

/// The dossier, harms proposed by a user's rules or those of the program.
pub(super) fn told(case: &Case, harms: Option<&Path>) -> Outcome<Dossier> {
    let Some(path) = harms else { return Ok(dossier::tell(&dossier::gather(case)?)) };
    let table = std::fs::read_to_string(path).map_err(|error| {
        Fault::user(format!("{}: {error}", path.display())).hint("a text in UTF-8 is needed")
    })?;
    let (rules, bad) = Rules::of(&table);
    match bad.first() {
        None => Ok(dossier::tell(&dossier::gather_by(case, &rules)?)),
        Some(bad) => Err(Fault::user(format!("{}, line {}: {}", path.display(), bad.line, bad.says))
            .hint("`truecopy parties CASE --rules` prints the program's rules, with what a rule is")),
    }
}

/// The party that an id, the beginning of one, or a name means.
pub(super) fn one<'a>(told: &'a Dossier, named: &str) -> Outcome<&'a AffectedParty> {
    let wanted = named.trim().to_lowercase();
    let digits = wanted.strip_prefix("ent:").unwrap_or(&wanted).trim_end_matches('…');
    let by_id =
        |party: &&AffectedParty| party.id.strip_prefix("ent:").is_some_and(|id| id.starts_with(digits));
    let spelled: BTreeMap<&str, &Vec<String>> =
        told.entities.iter().map(|entity| (entity.id.as_str(), &entity.spellings)).collect();
    let by_name = |party: &&AffectedParty| {
        let spellings = spelled.get(party.id.as_str()).into_iter().flat_map(|all| all.iter());
        spellings.chain([&party.name]).any(|name| name.to_lowercase() == wanted)
    };
    let mut hits: Vec<&AffectedParty> = told.parties.iter().filter(by_name).collect();
    if hits.is_empty() && !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        hits = told.parties.iter().filter(by_id).collect();
    }
    match hits[..] {
        [party] => Ok(party),
        [] => Err(Fault::user(format!("no party is called '{}', and no party's id begins so", plain(named)))
            .hint("`truecopy parties CASE` lists them")),
        _ => {
            let fault = Fault::user(format!("'{}' means more than one party", plain(named)));
            Err(hits
                .iter()
                .take(NAMED)
                .fold(fault, |fault, party| fault.hint(format!("{} {}", party.id, plain(&party.name)))))
        }
    }
}

/// The entity that is meant, and the places on pictures at which its passages stand, for withholding them: on the picture they
/// were cited from, and on all pictures of the sheet that lie on its view.
pub(super) fn passages(case: &Case, named: &str) -> Outcome<(Entity, Vec<(PictureId, Quad)>)> {
    let told = told(case, None)?;
    let party = one(&told, named)?;
    let found = found::one(case, &party.id)?;
    let entity: Entity = serde_json::from_value(found.body).map_err(Fault::ours)?;
    let mut family_of: BTreeMap<PictureId, Vec<PictureId>> = BTreeMap::new();
    case.derived().each(|family: Family| {
        family_of.extend(family.pictures.iter().map(|picture| (*picture, family.pictures.clone())));
        Ok(())
    })?;
    let placings: BTreeMap<PictureId, Placing> =
        case.derived().all::<Placing>()?.into_iter().map(|placing| (placing.picture, placing)).collect();
    let mut places = Vec::new();
    for spot in party.passages.iter().flat_map(|passage| &passage.cited.places) {
        let Ok(picture) = spot.picture.parse::<PictureId>() else { continue };
        let quad = Quad(spot.quad.map(|[x, y]| model::Point { x, y }));
        places.push((picture, quad));
        for other in family_of.get(&picture).into_iter().flatten().filter(|other| **other != picture) {
            let maps = placings.get(&picture).zip(placings.get(other));
            places.extend(
                maps.and_then(|(from, to)| Some((*other, pipeline::redact::across(from, to, &quad)?))),
            );
        }
    }
    Ok((entity, places))
}

fn row(party: &AffectedParty) -> String {
    let mut harms: BTreeMap<&str, usize> = BTreeMap::new();
    for harm in
        party.passages.iter().flat_map(|passage| &passage.harms).filter(|harm| harm.judged != Some(false))
    {
        *harms.entry(harm.kind.as_str()).or_default() += 1;
    }
    let harms: Vec<String> = harms.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
    let kind = json!(party.kind);
    [
        short(&party.id),
        kind.as_str().unwrap_or_default().to_owned(),
        plain(&party.name),
        format!("{} passages", party.passages.len()),
        format!("{} said, {} told, {} about", party.said.len(), party.told.len(), party.about.len()),
        format!("{} public sheets", party.public_sheets),
        harms.join(", "),
    ]
    .join("\t")
}

fn short(id: &str) -> String {
    id.chars().take(id.find(':').map_or(8, |at| at + 9)).collect()
}

fn in_full(told: &Dossier, party: &AffectedParty, out: &mut dyn Write) -> Outcome {
    written(writeln!(out, "{} {}", party.id, plain(&party.name)))?;
    let texts: BTreeMap<&str, &str> = told
        .families
        .iter()
        .map(|family| (family.id.as_str(), family.text.as_deref().unwrap_or("")))
        .collect();
    for passage in &party.passages {
        written(in_lines(passage, texts.get(passage.family.as_str()).copied().unwrap_or(""), out))?;
    }
    for (what, ids) in [("said", &party.said), ("was told", &party.told), ("is named in", &party.about)] {
        for id in ids {
            written(writeln!(out, "{what}: {id}"))?;
        }
    }
    for line in company(told, &party.id) {
        written(writeln!(out, "{line}"))?;
    }
    Ok(End::Done)
}

/// Whom a party is named with, those in most sentences first, a line each.
pub(super) fn company(told: &Dossier, id: &str) -> Vec<String> {
    let names: BTreeMap<&str, &str> =
        told.parties.iter().map(|party| (party.id.as_str(), party.name.as_str())).collect();
    let mut lines = Vec::new();
    let mut more = 0;
    for one in dossier::together(told) {
        let other = match (one.a == id, one.b == id) {
            (true, _) => &one.b,
            (_, true) => &one.a,
            _ => continue,
        };
        if lines.len() == SHOWN {
            more += 1;
            continue;
        }
        let name = names.get(other.as_str()).copied().unwrap_or_default();
        let sentences = count(one.sentences.len() as u64, "sentence");
        let sheets = count(one.families.len() as u64, "sheet");
        lines.push(format!("named with: {} {} in {sentences}, on {sheets}", short(other), plain(name)));
    }
    if more > 0 {
        lines.push(format!("… and with {more} more; `truecopy export --format people-csv` has all"));
    }
    lines
}

fn in_lines(passage: &Passage, text: &str, out: &mut dyn Write) -> io::Result<()> {
    let words: String =
        text.chars().skip(passage.cited.start as usize).take(passage.cited.length as usize).collect();
    writeln!(out, "\n{}", plain(&words.split_whitespace().collect::<Vec<_>>().join(" ")))?;
    if let Some(marking) = &passage.marking {
        let of = if passage.portion { "paragraph" } else { "sheet" };
        writeln!(out, "    {} ({of})", plain(marking))?;
    }
    for harm in &passage.harms {
        let judged = match harm.judged {
            None => "proposed",
            Some(true) => "confirmed",
            Some(false) => "rejected",
        };
        writeln!(out, "    {} {} {judged}: {}", short(&harm.id), plain(&harm.kind), plain(&harm.because))?;
        writeln!(out, "        {}", plain(&harm.rule))?;
    }
    let cited = passage.cited.places.iter().filter_map(|place| place.cite.as_ref());
    cited.into_iter().try_for_each(|cite| writeln!(out, "    {cite}"))
}

/// Confirms or rejects a proposed harm.
pub(crate) fn judge(judgement: &Judgement, holds: bool, talk: &Talk) -> Outcome {
    if judgement.reason.trim().is_empty() {
        return Err(
            Fault::usage("the reason is empty").hint("say in a sentence why: it stands in the report")
        );
    }
    let mut case = open(&judgement.case)?;
    let told = told(&case, judgement.harms.as_deref())?;
    let wanted = judgement.impact.to_lowercase();
    let digits = wanted.strip_prefix("imp:").unwrap_or(&wanted).trim_end_matches('…');
    let harms = told.parties.iter().flat_map(|party| &party.passages).flat_map(|passage| &passage.harms);
    let mut ids: Vec<&str> = harms.map(|harm| harm.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.retain(|id| {
        id.strip_prefix(ImpactId::PREFIX)
            .and_then(|id| id.strip_prefix(':'))
            .is_some_and(|id| !digits.is_empty() && id.starts_with(digits))
    });
    let impact: ImpactId = match ids[..] {
        [id] => id.parse().map_err(Fault::ours)?,
        [] => {
            return Err(Fault::user(format!("no harm's id begins with '{}'", plain(&judgement.impact)))
                .hint("`truecopy parties CASE PARTY` shows them"));
        }
        _ => {
            return Err(ids
                .iter()
                .take(NAMED)
                .fold(Fault::user("that is the beginning of more than one id"), |fault, id| fault.hint(id)));
        }
    };
    let before = |act: &Act| act.deed.judges().is_some_and(|(of, _)| of == impact);
    if let Some(act) = case.ground().standing()?.into_iter().find(before) {
        return Err(Fault::user(format!(
            "it was judged before: {} ({}, {})",
            act.id,
            act.deed.word(),
            act.actor
        ))
        .hint(format!(
            "take that back first: truecopy undo {} {} --reason …",
            judgement.case.display(),
            act.id
        )));
    }
    let deed = if holds { Deed::Confirm { impact } } else { Deed::Reject { impact } };
    acts::enter(&mut case, &judgement.case, deed, &judgement.reason, &judgement.signing, talk)
}
