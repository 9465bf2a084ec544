//! Prints what readings say: family readings as a JSON list in a file, statements on standard output as JSON lines.
//! `cargo run -p statements --example say -- readings.json [names]`

use std::io::Write;

use model::FamilyReading;
use statements::{Gazetteer, told};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let file = arguments.first().ok_or("a file of family readings is needed")?;
    let readings: Vec<FamilyReading> = serde_json::from_slice(&std::fs::read(file)?)?;
    let mut out = std::io::stdout().lock();
    for reading in &readings {
        let found = told(reading, None, Gazetteer::shipped());
        if arguments.get(1).is_some_and(|what| what == "names") {
            for one in &found.mentions {
                writeln!(out, "{}", serde_json::to_string(one)?)?;
            }
        } else {
            for one in &found.statements {
                writeln!(out, "{}", serde_json::to_string(one)?)?;
            }
        }
    }
    Ok(())
}
