//! What is held: making a case, adding to it, verifying it.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use case::Case;
use serde_json::json;

use crate::args::{Add, New, OfCase};
use crate::commands::{actor, open, package, written};
use crate::fault::{End, Fault, Outcome};
use crate::stop;
use crate::talk::{Talk, count, plain};

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
    let arrived = ::package::receive(case, roots, &actor(), |progress| {
        talk.receiving(progress);
        !stopped()
    })?;
    talk.received(&arrived.files);
    for (name, found) in &arrived.packages {
        package::received(name, found, talk);
    }
    Ok(match (arrived.files.stopped, arrived.is_sound()) {
        (true, _) => {
            talk.say("stopped; what was added stays, repeat the command to add the rest");
            End::Stopped
        }
        (false, true) => End::Done,
        (false, false) => End::Problems,
    })
}

pub(crate) fn verify(of: &OfCase, talk: &mut Talk) -> Outcome {
    let found = case::verify(&of.case, |done, all| talk.checking(done, all))?;
    talk.finish();
    let head = found.head.map(|head| head.to_string()).unwrap_or_default();
    let mut out = io::stdout().lock();
    if of.json.json {
        written(writeln!(
            out,
            "{}",
            json!({
                "blobs": found.blobs, "unentered": found.unentered, "entries": found.entries, "head": head,
                "signatures": found.signatures, "stamps": found.stamps, "made": found.made,
                "wrong": found.wrong, "derived": found.derived, "notes": found.notes,
            })
        ))?;
    } else {
        let mut lines = vec![
            format!("{} hold the bytes they were received with", count(found.blobs, "file")),
            format!(
                "{} in the custody log, the last one {head}",
                count(found.entries, "entry").replace("entrys", "entries")
            ),
            format!("{} of our own making hold their bytes", count(found.made, "file")),
        ];
        if found.signatures > 0 {
            lines.push(format!("{} of acts hold", count(found.signatures, "signature")));
        }
        lines.extend(found.stamps.iter().map(|stamp| plain(stamp)));
        if found.unentered > 0 {
            lines.push(format!(
                "{} copied by an `add` that was cut off; harmless",
                count(found.unentered, "file")
            ));
        }
        lines.extend(found.notes.iter().map(|note| format!("note: {}", plain(note))));
        lines.extend(found.wrong.iter().map(|wrong| format!("WRONG: {}", plain(wrong))));
        lines.extend(found.derived.iter().map(|derived| format!("DERIVED: {}", plain(derived))));
        if !found.derived.is_empty() {
            lines.push(format!(
                "what is derived can be made anew: truecopy rebuild {} --replace",
                of.case.display()
            ));
        }
        written(lines.iter().try_for_each(|line| writeln!(out, "{line}")))?;
    }
    Ok(if found.wrong.is_empty() && found.derived.is_empty() { End::Done } else { End::Problems })
}
