//! What is derived: running the stages, all at once, or anew beside the old.

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use case::Case;
use pipeline::{Options, Reader, Summary};

use crate::args::{Examine, Jobs, Run};
use crate::commands::{actor, hold, open, tell, written};
use crate::fault::{End, Fault, Outcome};
use crate::stop;
use crate::talk::{Talk, count};

pub(crate) fn examine(examine: &Examine, talk: &mut Talk) -> Outcome {
    let stop = stop::flag();
    let folder = match &examine.case {
        Some(folder) => folder.clone(),
        None => beside(&examine.material[0])?,
    };
    let mut case = if Case::is_at(&folder) { open(&folder)? } else { hold::make(&folder, None, "")? };
    talk.say(format!("case: {}", folder.display()));
    let received = hold::receive(&mut case, &examine.material, &|| stop::asked(stop), talk)?;
    if received == End::Stopped {
        return Ok(received);
    }
    let ran = work(&mut case, &examine.jobs, stop, talk)?;
    if ran == End::Stopped {
        return Ok(ran);
    }
    let report = examine.report.clone().unwrap_or_else(|| folder.join("report.html"));
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
    let mut case = open(&run.case)?;
    match work(&mut case, &run.jobs, stop::flag(), talk)? {
        End::Stopped => Ok(End::Stopped),
        _ => problems(&case),
    }
}

/// Runs the stages; what was done is entered in the custody log.
fn work(case: &mut Case, jobs: &Jobs, stop: &'static AtomicBool, talk: &mut Talk) -> Outcome {
    let summary = drive(case, jobs, stop, talk)?;
    if summary.done() > 0 {
        let stages = summary.stages.iter().filter(|stage| stage.1 > 0);
        let inputs =
            stages.map(|(name, done, skipped)| format!("{name} {done} done {skipped} known")).collect();
        case.enter(&actor(), "run", inputs)?;
    }
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

fn drive(case: &Case, jobs: &Jobs, stop: &'static AtomicBool, talk: &mut Talk) -> Outcome<Summary> {
    let worker =
        std::env::current_exe().map_err(|error| Fault::ours(format!("where is this program? {error}")))?;
    let reader = if jobs.no_reading { None } else { Some(Reader::find(&jobs.languages)?) };
    let options = Options { worker, threads: jobs.jobs, stop, reader };
    let summary = pipeline::run(case, &options, &mut |event| talk.stage(event));
    talk.finish();
    Ok(summary?)
}

/// Done, or done with problems.
fn problems(case: &Case) -> Outcome {
    let some = case.ground().refused()?.into_iter().chain(case.derived().problems()?);
    let grave = some.filter(|problem| problem.code.level() == model::Level::Problem).count();
    Ok(if grave == 0 { End::Done } else { End::Problems })
}

pub(crate) fn rebuild(run: &Run, talk: &mut Talk) -> Outcome {
    let stop = stop::flag();
    let case = open(&run.case)?;
    if drive(&case, &run.jobs, stop, talk)?.stopped {
        return Ok(End::Stopped);
    }
    talk.say("derives everything anew in `rebuild/`");
    let anew = case.into_rebuild()?;
    if drive(&anew, &run.jobs, stop, talk)?.stopped {
        talk.say("stopped; the case is as it was");
        return Ok(End::Stopped);
    }
    let differences = anew.finish_rebuild()?;
    let mut out = io::stdout().lock();
    if differences.is_empty() {
        written(writeln!(out, "identical"))?;
        return Ok(End::Done);
    }
    for difference in &differences {
        written(writeln!(out, "{}\t{}\t{}", difference.kind, difference.key, difference.says))?;
    }
    Ok(End::Problems)
}
