//! Work on the workspace itself: `cargo xtask tidy` checks the house rules, `cargo xtask measure` appends figures to
//! `docs/measures.csv`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

mod custody;
mod families;
mod fuzz;
mod gaps;
mod heap;
mod hostile;
mod large;
mod measure;
mod package;
mod reading;
mod statements;
mod texts;
mod tidy;
mod versions;
mod workbench;

const HELP: &str = "\
cargo xtask tidy              check the house rules; every line it prints is a breach
cargo xtask measure [NAME]    measure (all, or: trove, messages, heap, custody, hostile, isolation, reading, statements, gaps, workbench) and append to docs/measures.csv
cargo xtask measure families  measure families into docs/families (or one of: families-peers, families-damages,
                              families-editions, families-growth)
cargo xtask measure versions  compare forged sheets with known truth and write docs/versions/
cargo xtask fuzz [--seconds N] [--seeds FOLDER]... [--no-pages] [--built] [NAME]...
                              fuzz every reader (or those named) and append to docs/fuzz.md
cargo xtask texts             write docs/texts/truecopy.pot, the list of all texts for translators
cargo xtask package BAG       hold a package against the field's own validators
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match words.as_slice() {
        ["texts"] => texts::write(&root()),
        ["tidy"] => tidy::check(&root()),
        ["fuzz", rest @ ..] => fuzz::fuzz(&root(), rest),
        ["package", bag] => package::validate(&root(), bag),
        ["measure", "versions"] => versions::measure(&root()),
        ["measure"] => measure::measure(&root(), "all"),
        ["measure", name] if name.starts_with("families") => families::measure(&root(), name),
        ["measure", name] => measure::measure(&root(), name),
        _ => {
            eprint!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".")).to_owned()
}
