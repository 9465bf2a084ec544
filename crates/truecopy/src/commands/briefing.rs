//! A briefing for one party.

use crate::args::Briefing;
use crate::commands::{actor, open, parties, tell};
use crate::fault::{End, Fault, Outcome};
use crate::talk::Talk;

pub(crate) fn briefing(briefing: &Briefing, talk: &Talk) -> Outcome {
    let ending = briefing.output.extension().and_then(|ending| ending.to_str()).map(str::to_lowercase);
    let as_pdf = match ending.as_deref() {
        Some("pdf") => true,
        Some("html" | "htm") => false,
        _ => return Err(Fault::usage("a briefing is HTML or PDF").hint("name it so: --output briefing.html")),
    };
    let mut case = open(&briefing.case)?;
    let told = parties::told(&case, briefing.harms.as_deref())?;
    let party = parties::one(&told, &briefing.party)?;
    let made =
        dossier::briefing(&told, &party.id, &briefing.ask).ok_or_else(|| Fault::ours("the party is gone"))?;
    let bytes = if as_pdf { made.pdf() } else { made.html().into_bytes() };
    tell::put(&briefing.output, |to| to.write_all(&bytes))?;
    dossier::enter_briefing(&mut case, &party.id, &bytes, &actor())?;
    talk.say(format!("briefing: {}", briefing.output.display()));
    read_before(&made, talk);
    Ok(End::Done)
}

/// Says what a person has to look for in a briefing before it is handed over.
pub(super) fn read_before(made: &dossier::Briefing, talk: &Talk) {
    if made.capitals > 0 {
        talk.say(format!(
            "{} passages are in capitals: names that nobody knew of cannot be told in them; read it before you hand it over",
            made.capitals
        ));
    } else {
        talk.say("read it before you hand it over: a name that nobody knew of may stand in it");
    }
}
