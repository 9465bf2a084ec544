//! Prints what readings say: family readings as a JSON list in a file, statements on standard output as JSON lines.
//! `cargo run -p statements --example say -- readings.json [names | entities | pace N]`; `pace`: reads N pages, the given ones over and over,
//! gathers entities, and prints how many there were (0: the file alone is read, to be taken off).

use std::io::Write;

use model::{FamilyReading, Id};
use statements::{Gazetteer, entities, told};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let file = arguments.first().ok_or("a file of family readings is needed")?;
    let readings: Vec<FamilyReading> = serde_json::from_slice(&std::fs::read(file)?)?;
    let what = arguments.get(1).map_or("", String::as_str);
    let mut out = std::io::stdout().lock();
    if what == "pace" {
        let pages: usize = arguments.get(2).map_or(Ok(1000), |pages| pages.parse())?;
        let (mut mentions, mut statements) = (Vec::new(), 0);
        for (n, reading) in readings.iter().cycle().take(pages).enumerate() {
            let mut reading = reading.clone();
            reading.family = model::FamilyId::make(|id| {
                id.number(n as u64);
            });
            let found = told(&reading, None, Gazetteer::shipped());
            mentions.extend(found.mentions);
            statements += found.statements.len();
        }
        let gathered = entities(&mentions, Gazetteer::shipped()).len();
        writeln!(
            out,
            "{pages} pages, {} mentions, {statements} statements, {gathered} entities",
            mentions.len()
        )?;
        return Ok(());
    }
    let mut all = Vec::new();
    for reading in &readings {
        let found = told(reading, None, Gazetteer::shipped());
        if what == "entities" {
            all.extend(found.mentions);
        } else if what == "names" {
            for one in &found.mentions {
                writeln!(out, "{}", serde_json::to_string(one)?)?;
            }
        } else {
            for one in &found.statements {
                writeln!(out, "{}", serde_json::to_string(one)?)?;
            }
        }
    }
    for one in &entities(&all, Gazetteer::shipped()) {
        writeln!(out, "{}", serde_json::to_string(one)?)?;
    }
    Ok(())
}
