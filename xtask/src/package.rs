//! Holds a package against the field's own validators: bagit-python, rdflib, case_validate, PyMISP, followthemoney, jsonschema. They
//! are Python packages, installed by pip into a folder beside the build and never kept with the source.

use std::path::Path;
use std::process::Command;

const VALIDATORS: [&str; 5] = ["bagit", "rdflib", "case-utils", "pymisp", "jsonschema"];

/// Validates the bag in `bag`. Where there is no index to install the validators from, it says so and passes.
pub fn validate(root: &Path, bag: &str) -> Result<(), String> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), Into::into);
    let folder = target.join("validators");
    let python = folder.join("bin/python");
    if !python.exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    }
    let known = |modules: &str| {
        let asked = Command::new(&python).args(["-c", &format!("import {modules}")]).output();
        asked.is_ok_and(|asked| asked.status.success())
    };
    let install = |packages: &[&str]| {
        run(Command::new(&python).args(["-m", "pip", "install", "--quiet"]).args(packages))
    };
    if !known("bagit, rdflib, case_utils, pymisp, jsonschema") && install(&VALIDATORS).is_err() {
        println!("skipped: the validators cannot be installed here");
        return Ok(());
    }
    if !known("followthemoney") && install(&["followthemoney"]).is_err() {
        println!("followthemoney needs a C++ compiler and ICU's headers (libicu-dev, pkg-config)");
    }
    run(Command::new(&python).arg(root.join("xtask/src/package.py")).arg(bag))
}

fn run(command: &mut Command) -> Result<(), String> {
    let status = command.status().map_err(|error| format!("{command:?}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{command:?} failed")) }
}
