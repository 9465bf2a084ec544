use std::io::{self, Write};

use pipeline::Reader;
use pipeline::worker::{Probed, probe};
use serde_json::json;

use super::derive::this_program;
use super::written;
use crate::fault::{End, Fault, Outcome};

/// Has workers try what they may not do, and tells what came of each attempt.
pub(super) fn shield(as_json: bool) -> Outcome {
    let mut probed = probe(&this_program()?)?;
    if let Ok(reader) = Reader::find("eng") {
        let (what, stopped) = ("read pictures (Tesseract): open other files", reader.is_shut_in());
        let how = if stopped { "Landlock" } else { "this kernel has no Landlock (Linux 5.13 or later)" };
        probed.push(Probed { what, stopped, how: how.to_owned() });
    }
    written(write(&mut io::stdout().lock(), &probed, as_json))?;
    if probed.iter().all(|one| one.stopped) {
        return Ok(End::Done);
    }
    Err(Fault::user("files are not wholly shut in on this machine")
        .hint("open what you do not trust on another machine, or in a virtual one"))
}

fn write(out: &mut dyn Write, probed: &[Probed], as_json: bool) -> io::Result<()> {
    let widest = probed.iter().map(|one| one.what.len()).max().unwrap_or(0);
    for Probed { what, stopped, how } in probed {
        if as_json {
            writeln!(out, "{}", json!({ "attempt": what, "stopped": stopped, "how": how }))?;
        } else {
            let word = if *stopped { "stopped" } else { "NOT STOPPED" };
            writeln!(out, "{what:widest$}  {word}  {how}")?;
        }
    }
    Ok(())
}
