//! What is told: the report for people, the dossier for programs.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use case::{Case, Done};
use dossier::Dossier;
use model::{Digest, Family, Noun};

use crate::args::{Export, Format, Report, Request};
use crate::commands::{actor, found, language, open, word, written};
use crate::fault::{End, Fault, Outcome};
use crate::talk::Talk;

pub(crate) fn report(report: &Report, talk: &mut Talk) -> Outcome {
    language(report.texts.as_deref())?;
    let mut case = open(&report.case)?;
    let path = report.output.clone().unwrap_or_else(|| report.case.join("report.html"));
    write_report(&mut case, &path, talk)
}

/// Writes the report and enters it in the custody log.
pub(crate) fn write_report(case: &mut Case, path: &Path, talk: &mut Talk) -> Outcome {
    let mut material = dossier::gather(case)?;
    let dossier = dossier::tell(&material);
    // Told: of what may be a million they are not held twice.
    material.posts = Vec::new();
    let html = dossier::report_of(case, &material, &dossier, &dossier::context(case)?);
    put(path, |to| to.write_all(html.as_bytes()))?;
    let digest = Digest::of(html.as_bytes());
    let outputs = vec![case.output(path, digest)];
    case.enter(Done { actor: &actor(), command: "report", inputs: Vec::new(), outputs })?;
    if path != Path::new("-") {
        talk.say(format!("report: {}", path.display()));
    }
    Ok(End::Done)
}

pub(crate) fn export(export: &Export, talk: &mut Talk) -> Outcome {
    let mut case = open(&export.case)?;
    let digest = match export.format {
        Format::Json => {
            let told = told(&case)?;
            put(&export.output, |to| dossier::json(&told, to))?;
            dossier::digest(&told).map_err(Fault::ours)?
        }
        Format::Schema => text(&export.output, &format!("{:#}\n", dossier::schema()))?,
        Format::Gexf => text(&export.output, &dossier::gexf(&told(&case)?))?,
        Format::Graphml => text(&export.output, &dossier::graphml(&told(&case)?))?,
        Format::Ftm => text(&export.output, &dossier::ftm(&told(&case)?))?,
        Format::PeopleGexf => text(&export.output, &dossier::people_gexf(&told(&case)?))?,
        Format::PeopleGraphml => text(&export.output, &dossier::people_graphml(&told(&case)?))?,
        Format::PeopleCsv => text(&export.output, &dossier::people_csv(&told(&case)?))?,
        Format::Csv => text(&export.output, &dossier::hops_csv(&told(&case)?))?,
    };
    let outputs = vec![case.output(&export.output, digest)];
    case.enter(Done { actor: &actor(), command: "export", inputs: vec![word(export.format)], outputs })?;
    if export.output != Path::new("-") {
        talk.say(format!("written: {}", export.output.display()));
    }
    Ok(End::Done)
}

/// The whole account.
fn told(case: &Case) -> Outcome<Dossier> {
    Ok(dossier::tell(&dossier::gather(case)?))
}

/// The families that ids name.
pub(crate) fn sheets(case: &Case, ids: &[String]) -> Outcome<BTreeSet<String>> {
    let mut families = BTreeSet::new();
    for id in ids {
        let found = found::one(case, id)?;
        if found.kind.kind != Family::KIND {
            return Err(Fault::usage(format!("{} is not a sheet: name families", found.id())));
        }
        families.insert(found.id().to_owned());
    }
    Ok(families)
}

/// Writes what to ask the platforms for.
pub(crate) fn request(request: &Request, talk: &mut Talk) -> Outcome {
    let mut case = open(&request.case)?;
    let families = sheets(&case, &request.family)?;
    let told = dossier::tell(&dossier::gather(&case)?);
    let folder = request.out.clone().unwrap_or_else(|| request.case.join("request"));
    fs::create_dir_all(&folder).map_err(|error| Fault::writing(folder.display(), &error))?;
    let mut outputs = Vec::new();
    for (name, content) in dossier::request(&told, &families) {
        let path = folder.join(&name);
        let digest = text(&path, &content)?;
        outputs.push(case.output(&path, digest));
        talk.say(format!("written: {}", path.display()));
    }
    let inputs = families.into_iter().collect();
    case.enter(Done { actor: &actor(), command: "request", inputs, outputs })?;
    Ok(End::Done)
}

/// Writes a text, and gives its digest.
fn text(path: &Path, text: &str) -> Outcome<Digest> {
    put(path, |to| to.write_all(text.as_bytes()))?;
    Ok(Digest::of(text.as_bytes()))
}

/// Writes a file whole or not at all; `-` is standard output.
pub(crate) fn put(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Outcome {
    if path == Path::new("-") {
        return written(write(&mut io::stdout().lock()));
    }
    let failed =
        |error: io::Error| Fault::writing(path.display(), &error).hint("name another place with --output");
    let mut name = path.file_name().map(std::ffi::OsStr::to_owned).unwrap_or_default();
    name.push(".part");
    let part = path.with_file_name(name);
    let mut file = fs::File::create(&part).map_err(failed)?;
    write(&mut file).and_then(|()| file.sync_all()).and_then(|()| fs::rename(&part, path)).map_err(
        |error| {
            let _ = fs::remove_file(&part);
            failed(error)
        },
    )?;
    Ok(End::Done)
}
