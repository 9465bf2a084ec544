//! What is held: making a case, adding to it, verifying it.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use case::Case;
use serde_json::json;

use crate::args::{Add, New, OfCase};
use crate::commands::{actor, open, written};
use crate::fault::{End, Fault, Outcome};
use crate::stop;
use crate::talk::{Talk, count};

pub(crate) fn new(new: &New, talk: &mut Talk) -> Outcome {
    make(&new.folder, new.name.as_deref(), &new.purpose)?;
    let folder = new.folder.display();
    talk.say(format!("made {folder}; add to it with `truecopy add {folder} PATH...`"));
    Ok(End::Done)
}

/// Makes an empty case, named after its folder unless it is named otherwise.
pub(crate) fn make(folder: &Path, name: Option<&str>, purpose: &str) -> Outcome<Case> {
    let own =
        folder.file_stem().map_or_else(|| "case".to_owned(), |stem| stem.to_string_lossy().into_owned());
    Ok(Case::create(folder, name.unwrap_or(&own), purpose, &actor())?)
}

pub(crate) fn add(add: &Add, talk: &mut Talk) -> Outcome {
    let mut case = open(&add.case)?;
    let stop = stop::flag();
    let end = receive(&mut case, &add.material, &|| stop::asked(stop), talk)?;
    if end != End::Stopped {
        talk.say(format!("work on it with `truecopy run {}`", add.case.display()));
    }
    Ok(end)
}

/// Receives files and folders, telling how far it is.
pub(crate) fn receive(
    case: &mut Case,
    roots: &[PathBuf],
    stopped: &dyn Fn() -> bool,
    talk: &mut Talk,
) -> Outcome {
    for root in roots {
        if let Err(error) = std::fs::metadata(root) {
            let fault = Fault::user(format!("{}: {error}", root.display()));
            return Err(fault.hint("check the spelling; nothing was added"));
        }
    }
    let received = case.receive(roots, &actor(), |progress| {
        talk.receiving(progress);
        !stopped()
    })?;
    talk.received(&received);
    Ok(match (received.stopped, received.refused.is_empty()) {
        (true, _) => {
            talk.say("stopped; what was added stays, repeat the command to add the rest");
            End::Stopped
        }
        (false, true) => End::Done,
        (false, false) => End::Problems,
    })
}

pub(crate) fn verify(of: &OfCase, talk: &mut Talk) -> Outcome {
    let case = open(&of.case)?;
    let verified = case.verify(|done, all| talk.checking(done, all))?;
    talk.finish();
    let head = verified.head.map(|head| head.to_string()).unwrap_or_default();
    let mut out = io::stdout().lock();
    if of.json.json {
        written(writeln!(
            out,
            "{}",
            json!({
                "blobs": verified.blobs, "unentered": verified.unentered, "entries": verified.entries,
                "head": head, "wrong": verified.wrong,
            })
        ))?;
    } else {
        let mut lines = vec![
            format!("{} hold the bytes they were received with", count(verified.blobs, "file")),
            format!(
                "{} in the custody log, the last one {head}",
                count(verified.entries, "entry").replace("entrys", "entries")
            ),
        ];
        if verified.unentered > 0 {
            lines.push(format!(
                "{} copied by an `add` that was cut off; harmless",
                count(verified.unentered, "file")
            ));
        }
        lines.extend(verified.wrong.iter().map(|wrong| format!("WRONG: {wrong}")));
        written(lines.iter().try_for_each(|line| writeln!(out, "{line}")))?;
    }
    Ok(if verified.wrong.is_empty() { End::Done } else { End::Problems })
}
