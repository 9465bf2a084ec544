//! Whom the sheets touch, and what an analyst says of harms that rules propose.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use case::{Case, deeds};
use dossier::Dossier;
use dossier::named::{CANDIDATES, Unclear};
use dossier::told::{AffectedParty, Passage};
use impact::Rules;
use model::{Id, ImpactId};
use pipeline::redact::Party;
use serde_json::json;

use crate::args::{Judgement, Parties};
use crate::commands::{acts, open, written};
use crate::fault::{End, Fault, Outcome};
use crate::talk::{Talk, count, plain};

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
    dossier::named::party(told, named).map_err(|unclear| match unclear {
        Unclear::Nobody => {
            Fault::user(format!("no party is called '{}', and no party's id begins so", plain(named)))
                .hint("`truecopy parties CASE` lists them")
        }
        Unclear::Several(candidates) => {
            let fault = Fault::user(format!("'{}' means more than one party", plain(named)));
            candidates.iter().fold(fault, |fault, one| fault.hint(format!("{} {}", one.id, plain(&one.name))))
        }
        Unclear::Case(error) => error.into(),
    })
}

/// A party whose passages are to be withheld: its spellings, and the places on pictures at which its passages stand.
pub(super) fn withheld(told: &Dossier, named: &str) -> Outcome<Party> {
    let party = one(told, named)?;
    let entity = told.entities.iter().find(|entity| entity.id == party.id);
    let entity = entity.ok_or_else(|| Fault::ours(format!("{} is no entity", party.id)))?;
    Ok(Party { spellings: entity.spellings.clone(), spots: dossier::named::spots(party) })
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
    deeds::reason(&judgement.reason)?;
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
                .take(CANDIDATES)
                .fold(Fault::user("that is the beginning of more than one id"), |fault, id| fault.hint(id)));
        }
    };
    let deed = deeds::judge(&case, impact, holds);
    acts::enter(&mut case, &judgement.case, deed, &judgement.reason, &judgement.signing, talk)
}
