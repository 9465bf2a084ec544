//! Redaction: a derivative made and attacked, or a stranger's file attacked.

mod check;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use case::Case;
use model::{Family, PictureId};
use pipeline::Reader;
use pipeline::redact::{Choice, Derivative, Form};
use redaction::Area;
use serde_json::json;

use crate::args::Redact;
use crate::commands::{actor, found, open, parties, tell, written};
use crate::fault::{End, Fault, Outcome};
use crate::talk::Talk;

pub(crate) fn redact(redact: &Redact, talk: &mut Talk) -> Outcome {
    let reader = Reader::find(&redact.languages)?;
    if let Some(file) = &redact.check {
        return check::check(redact, file, &reader);
    }
    let (Some(folder), Some(output), Some(reason)) = (&redact.case, &redact.output, &redact.reason) else {
        return Err(Fault::usage("a case, an output and a reason are needed"));
    };
    let form = Form::of(output).ok_or_else(|| {
        Fault::usage("the derivative is a PNG or a PDF").hint("name it so: --output page.png")
    })?;
    let mut case = open(folder)?;
    let choice = choice(&case, redact, reason, form)?;
    let pictures = pictures(&case, &redact.ids)?;
    let made = pipeline::redact::derive(&case, &reader, &pictures, &choice)?;
    keep(output, &made, talk)?;
    pipeline::redact::enter(&mut case, &made, &actor())?;
    tell(&made, redact)
}

/// What is to be withheld, as the arguments have it.
fn choice(case: &Case, redact: &Redact, reason: &str, form: Form) -> Outcome<Choice> {
    let names = redact.names.as_deref().map(|path| -> Outcome<Vec<String>> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            Fault::user(format!("{}: {error}", path.display()))
                .hint("a text in UTF-8 is needed, one name a line")
        })?;
        Ok(text.lines().map(str::to_owned).collect())
    });
    let names = names.transpose()?;
    let mut withheld = Vec::new();
    if !redact.party.is_empty() {
        let told = parties::told(case, None)?;
        for party in &redact.party {
            withheld.push(parties::withheld(&told, party)?);
        }
    }
    Ok(Choice {
        personal: redact.personal,
        names,
        parties: withheld,
        search: redact.search.clone(),
        regions: redact.region.iter().map(|region| check::area(region)).collect::<Outcome<_>>()?,
        lines: redact.line,
        reason: reason.to_owned(),
        form,
    })
}

/// The pictures that ids of pictures name, and the best ones of sheets.
fn pictures(case: &Case, ids: &[String]) -> Outcome<Vec<PictureId>> {
    let mut pictures = Vec::new();
    for id in ids {
        let found = found::one(case, id)?;
        let family = || serde_json::from_value::<Family>(found.body.clone()).map(|family| family.best);
        let picture = found.id().parse::<PictureId>().or_else(|_| family());
        pictures.push(
            picture.map_err(|_| Fault::usage(format!("{} is neither a picture nor a sheet", found.id())))?,
        );
    }
    Ok(pictures)
}

/// Writes the derivative and its log.
fn keep(output: &Path, made: &Derivative, talk: &Talk) -> Outcome<()> {
    tell::put(output, |to| to.write_all(&made.bytes))?;
    talk.say(format!("derivative: {}", output.display()));
    let json = made.log.json().map_err(Fault::ours)?;
    for (ending, text) in [("json", json), ("txt", made.log.text())] {
        let path = beside(output, ending);
        tell::put(&path, |to| to.write_all(text.as_bytes()))?;
        talk.say(format!("log: {}", path.display()));
    }
    Ok(())
}

/// `page.png.log.json` beside `page.png`.
fn beside(output: &Path, ending: &str) -> PathBuf {
    let mut name = output.file_name().map(std::ffi::OsStr::to_owned).unwrap_or_default();
    name.push(format!(".log.{ending}"));
    output.with_file_name(name)
}

/// What came of it; grave findings are problems.
fn tell(made: &Derivative, redact: &Redact) -> Outcome {
    let mut out = io::stdout().lock();
    for page in &made.pages {
        let (regions, said) = (page.regions.len(), page.says());
        if redact.json.json {
            let twins: Vec<String> = page.twins.iter().map(|twin| twin.picture.to_string()).collect();
            let areas: Vec<Area> = page.regions.iter().map(|region| region.area).collect();
            let row = json!({ "picture": page.picture, "withheld": areas, "findings": page.findings, "says": said, "shown_on": twins });
            written(writeln!(out, "{row}"))?;
            continue;
        }
        written(writeln!(out, "{}: {regions} regions withheld", page.picture))?;
        if page.findings.is_empty() {
            written(writeln!(out, "  the attack found nothing"))?;
        }
        for line in said {
            written(writeln!(out, "  {line}"))?;
        }
        for twin in &page.twins {
            written(writeln!(out, "    shown on {}", twin.picture))?;
        }
    }
    Ok(if made.is_sound() { End::Done } else { End::Problems })
}
