use std::io::{self, Write};

use intake::Format;
use serde_json::{Map, Value, json};

use super::written;
use crate::fault::{End, Outcome};

/// Lists the formats: a table of what each tells, then each in words; or one JSON object a line.
pub(super) fn formats(as_json: bool) -> Outcome {
    written(if as_json { objects(&mut io::stdout().lock()) } else { table(&mut io::stdout().lock()) })?;
    Ok(End::Done)
}

fn objects(out: &mut dyn Write) -> io::Result<()> {
    for format in intake::formats() {
        let abilities: Map<String, Value> = format
            .abilities()
            .each()
            .into_iter()
            .map(|(ability, tell)| (ability.to_owned(), tell.word().into()))
            .collect();
        let object = json!({
            "name": format.name(),
            "title": format.title(),
            "abilities": abilities,
            "tells": format.tells(),
        });
        writeln!(out, "{object}")?;
    }
    Ok(())
}

fn table(out: &mut dyn Write) -> io::Result<()> {
    let formats: &[&dyn Format] = intake::formats();
    let widest = formats.iter().map(|format| format.name().len()).max().unwrap_or(0);
    write!(out, "{:widest$}", "")?;
    for (ability, _) in formats.first().iter().flat_map(|format| format.abilities().each()) {
        write!(out, "  {ability:9}")?;
    }
    writeln!(out)?;
    for format in formats {
        write!(out, "{:widest$}", format.name())?;
        for (_, tell) in format.abilities().each() {
            write!(out, "  {:9}", tell.word())?;
        }
        writeln!(out)?;
    }
    for format in formats {
        writeln!(out, "\n{}: {}\n    {}", format.name(), format.title(), format.tells())?;
    }
    Ok(())
}
