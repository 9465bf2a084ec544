//! What is derived: running the stages, all at once, or anew beside the old.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use case::{Case, Done};
use pipeline::{Gazetteer, Options, Reader, Summary};

use crate::args::{Examine, Jobs, Rebuild, Run};
use crate::commands::{actor, hold, open, tell, written};
use crate::fault::{End, Fault, Outcome};
use crate::stop;
use crate::talk::{Talk, count, plain};

pub(crate) fn examine(examine: &Examine, talk: &mut Talk) -> Outcome {
    let stop = stop::flag();
    let folder = match &examine.case {
        Some(folder) => folder.clone(),
        None => beside(&examine.material[0])?,
    };
    let mut options = options(&examine.jobs, stop)?;
    let mut case = if Case::is_at(&folder) { open(&folder)? } else { hold::make(&folder, None, "")? };
    talk.say(format!("case: {}", folder.display()));
    let received = hold::receive(&mut case, &examine.material, &|| stop::asked(stop), talk)?;
    if received == End::Stopped {
        return Ok(received);
    }
    let report = examine.report.clone().unwrap_or_else(|| folder.join("report.html"));
    // Reading takes longest: what is known without it is told first.
    if let Some(reader) = options.reader.take() {
        let quick = drive(&case, &options, talk)?;
        if told(&mut case, &quick, talk)? == End::Stopped {
            return Ok(End::Stopped);
        }
        if quick.done() > 0 {
            tell::write_report(&mut case, &report, talk)?;
            talk.say("it has all but what the pictures say and where they differ; reading them takes longer, and then it is written anew");
        }
        options.reader = Some(reader);
    }
    let whole = drive(&case, &options, talk)?;
    if told(&mut case, &whole, talk)? == End::Stopped {
        return Ok(End::Stopped);
    }
    tell::write_report(&mut case, &report, talk)?;
    problems(&case)
}

/// `leak.case` for `…/leak`, in the folder where the command is called.
fn beside(material: &std::path::Path) -> Outcome<PathBuf> {
    let whole = std::fs::canonicalize(material).map_err(|error| {
        Fault::user(format!("{}: {error}", material.display())).hint("check the spelling")
    })?;
    let name = whole.file_name().map_or_else(|| "leak".into(), |name| name.to_string_lossy().into_owned());
    Ok(PathBuf::from(format!("{name}.case")))
}

pub(crate) fn run(run: &Run, talk: &mut Talk) -> Outcome {
    let options = options(&run.jobs, stop::flag())?;
    let mut case = open(&run.case)?;
    let summary = drive(&case, &options, talk)?;
    match told(&mut case, &summary, talk)? {
        End::Stopped => Ok(End::Stopped),
        _ => problems(&case),
    }
}

/// Tells what the stages did, and enters it in the custody log.
fn told(case: &mut Case, summary: &Summary, talk: &Talk) -> Outcome {
    pipeline::enter(case, summary, &actor())?;
    let known = format!("{} known already", summary.skipped());
    if summary.stopped {
        talk.say(format!(
            "stopped after {}; `truecopy run` goes on from here",
            count(summary.done() as u64, "piece of work").replace("works", "work")
        ));
        return Ok(End::Stopped);
    }
    talk.say(match summary.done() {
        0 => format!("nothing to do: {known}"),
        done => format!("{done} pieces of work done, {known}"),
    });
    if summary.cut_off > 0 {
        return Err(Fault::user(format!("{} pieces of work were cut off from outside", summary.cut_off))
            .hint("repeat `truecopy run`; it does just these"));
    }
    Ok(End::Done)
}

pub(crate) fn options(jobs: &Jobs, stop: &'static AtomicBool) -> Outcome<Options> {
    let worker = if jobs.no_sandbox { None } else { Some(this_program()?) };
    let reader = if jobs.no_reading { None } else { Some(Reader::find(&jobs.languages)?) };
    let gazetteer = jobs.gazetteer.as_deref().map(names).transpose()?;
    Ok(Options { worker, threads: jobs.jobs, stop, reader, gazetteer })
}

/// Where this program lies: it is its own worker.
pub(crate) fn this_program() -> Outcome<PathBuf> {
    std::env::current_exe().map_err(|error| Fault::ours(format!("where is this program? {error}")))
}

/// The names of a user's table, beside those that are shipped.
fn names(path: &Path) -> Outcome<Gazetteer> {
    let csv = std::fs::read_to_string(path).map_err(|error| {
        Fault::user(format!("{}: {error}", path.display())).hint("a CSV file in UTF-8 is needed")
    })?;
    let (gazetteer, bad) = Gazetteer::with(&csv);
    match bad.first() {
        None => Ok(gazetteer),
        Some(row) => Err(Fault::user(format!("{}, line {}: {}", path.display(), row.line, row.says))
            .hint("a line is kind,name,other name,…; kinds are person, body, place, country, unit, code_name, operation, ship, weapon")),
    }
}

pub(crate) fn drive(case: &Case, options: &Options, talk: &mut Talk) -> Outcome<Summary> {
    let summary = pipeline::run(case, options, &mut |event| talk.stage(event));
    talk.finish();
    Ok(summary?)
}

/// Done, or done with problems.
fn problems(case: &Case) -> Outcome {
    let some = case.ground().refused()?.into_iter().chain(case.derived().problems()?);
    let grave = some.filter(|problem| problem.code.level() == model::Level::Problem).count();
    Ok(if grave == 0 { End::Done } else { End::Problems })
}

pub(crate) fn rebuild(rebuild: &Rebuild, talk: &mut Talk) -> Outcome {
    let (folder, replace) = (&rebuild.run.case, rebuild.replace);
    let options = options(&rebuild.run.jobs, stop::flag())?;
    let anew = match open(folder).and_then(|case| Ok((drive(&case, &options, talk)?.stopped, case))) {
        Ok((true, _)) => return Ok(End::Stopped),
        Ok((false, case)) => case.into_rebuild()?,
        // What is derived cannot even be read: all the more reason.
        Err(fault) if replace => {
            talk.say(format!("what was derived is of no use: {}", fault.error));
            Case::open_rebuild(folder)?
        }
        Err(fault) => return Err(fault),
    };
    talk.say("derives everything anew in `rebuild/`");
    if drive(&anew, &options, talk)?.stopped {
        talk.say("stopped; the case is as it was");
        return Ok(End::Stopped);
    }
    let yielded: Vec<String> = anew.derived().yielded()?.iter().map(ToString::to_string).collect();
    let differences = anew.finish_rebuild(replace)?;
    if replace {
        let mut case = open(folder)?;
        case.enter(Done { actor: &actor(), command: "rebuild", inputs: Vec::new(), outputs: yielded })?;
        case.derived().entered()?;
        talk.say("what was derived anew stands in the place of the old");
    }
    let mut out = io::stdout().lock();
    if differences.is_empty() {
        written(writeln!(out, "identical"))?;
        return Ok(End::Done);
    }
    for difference in &differences {
        written(writeln!(out, "{}\t{}\t{}", difference.kind, plain(&difference.key), difference.says))?;
    }
    Ok(End::Problems)
}
