//! The house rules, as checks. A breach is one printed line: file, line, what is wrong.

use std::fs;
use std::path::{Path, PathBuf};

/// Lines of a file, at most.
const FILE: usize = 700;
/// Lines of a function, at most.
const FUNCTION: usize = 80;
/// Endings of type names that say nothing.
const EMPTY_WORDS: [&str; 4] = ["Manager", "Helper", "Util", "Service"];

/// Checks everything; an error counts the breaches.
pub fn check(root: &Path) -> Result<(), String> {
    let mut breaches = Vec::new();
    crate_order(root, &mut breaches);
    documents(root, &mut breaches);
    for file in rust_files(root) {
        let text = fs::read_to_string(&file).unwrap_or_default();
        let name = file.strip_prefix(root).unwrap_or(&file).display().to_string();
        lengths(&name, &text, &mut breaches);
        words(&name, &text, &mut breaches);
    }
    for breach in &breaches {
        println!("{breach}");
    }
    match breaches.len() {
        0 => Ok(()),
        count => Err(format!("{count} breaches of the house rules")),
    }
}

/// The crates in the order in which the workspace names them.
fn members(root: &Path) -> Vec<String> {
    let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap_or_default();
    let lines = manifest.lines().map(|line| line.trim().trim_matches([',', '"']));
    lines.filter_map(|line| line.strip_prefix("crates/")).map(str::to_owned).collect()
}

/// A crate may depend only on crates listed above it.
fn crate_order(root: &Path, breaches: &mut Vec<String>) {
    let members = members(root);
    for (place, member) in members.iter().enumerate() {
        let manifest =
            fs::read_to_string(root.join("crates").join(member).join("Cargo.toml")).unwrap_or_default();
        let mut section = "";
        for line in manifest.lines() {
            if line.starts_with('[') {
                section = line;
            }
            let name = line.split(['.', ' ', '=']).next().unwrap_or_default();
            let at = members.iter().position(|known| known == name);
            if section == "[dependencies]" && at.is_some_and(|at| at >= place) {
                breaches.push(format!(
                    "crates/{member}/Cargo.toml: depends on {name}, which is not listed above it"
                ));
            }
        }
    }
}

/// Every crate says what it is for and what it keeps true; every noun is in the glossary.
fn documents(root: &Path, breaches: &mut Vec<String>) {
    let read = |name: &str| fs::read_to_string(root.join(name)).unwrap_or_default();
    let (architecture, glossary) = (read("ARCHITECTURE.md"), read("GLOSSARY.md").to_lowercase());
    for member in members(root) {
        let crate_root =
            ["lib.rs", "main.rs"].map(|file| read(&format!("crates/{member}/src/{file}"))).concat();
        if member != "model" && !crate_root.contains("nvariant") {
            breaches.push(format!("crates/{member}: its crate docs name no invariant"));
        }
        let section = architecture.split(&format!("### `{member}`")).nth(1).unwrap_or_default();
        if !section.split("### ").next().unwrap_or_default().contains("Invariant:") {
            breaches.push(format!("ARCHITECTURE.md: no \"Invariant:\" under ### `{member}`"));
        }
    }
    for line in read("crates/model/src/noun.rs").lines() {
        let noun = line.trim().strip_prefix('"').and_then(|rest| rest.split_once("\" "));
        if let Some((noun, _)) = noun.filter(|(noun, rest)| rest.contains(", |x|") && !noun.contains(' '))
            && !glossary.contains(&format!("**{noun}**"))
        {
            breaches.push(format!("GLOSSARY.md: no entry for **{noun}**"));
        }
    }
    for file in ["README.md", "CHANGELOG.md", "docs/adding-a-format.md", "docs/dossier.schema.json"] {
        if read(file).is_empty() {
            breaches.push(format!("{file} is missing"));
        }
    }
}

pub(crate) fn rust_files(root: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![root.join("crates"), root.join("xtask")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

fn lengths(name: &str, text: &str, breaches: &mut Vec<String>) {
    let count = text.lines().count();
    if count > FILE {
        breaches.push(format!("{name}: {count} lines, at most {FILE}"));
    }
    // rustfmt puts the closing brace below the `fn` it closes.
    let mut open: Option<(usize, usize, String)> = None;
    for (number, line) in text.lines().enumerate() {
        let indent = line.len() - line.trim_start().len();
        match &open {
            Some((start, depth, head)) if indent == *depth && line.trim() == "}" => {
                let length = number - start + 1;
                if length > FUNCTION {
                    breaches
                        .push(format!("{name}:{}: {length} lines, at most {FUNCTION}: {head}", start + 1));
                }
                open = None;
            }
            None if is_function(line.trim_start()) && !line.trim_end().ends_with(['}', ';']) => {
                open = Some((number, indent, line.trim().to_owned()));
            }
            _ => {}
        }
    }
}

fn is_function(line: &str) -> bool {
    let plain =
        line.trim_start_matches("pub(crate) ").trim_start_matches("pub(super) ").trim_start_matches("pub ");
    plain.trim_start_matches("const ").starts_with("fn ")
}

fn words(name: &str, text: &str, breaches: &mut Vec<String>) {
    if name.ends_with("utils.rs") || name.ends_with("util.rs") {
        breaches.push(format!("{name}: a name that says nothing"));
    }
    let own_clock =
        name == "crates/case/src/clock.rs" || name.starts_with("xtask/") || name.contains("/examples/");
    for (number, line) in text.lines().enumerate() {
        let at = number + 1;
        let code = line.trim_start();
        let declared = ["struct ", "enum ", "trait "].iter().find_map(|word| {
            let rest =
                code.trim_start_matches("pub ").trim_start_matches("pub(crate) ").strip_prefix(word)?;
            rest.split(|c: char| !c.is_alphanumeric()).next()
        });
        if declared.is_some_and(|name| EMPTY_WORDS.iter().any(|empty| name.ends_with(empty))) {
            breaches.push(format!("{name}:{at}: a type name that says nothing: {code}"));
        }
        if !own_clock && (code.contains("Timestamp::now()") || code.contains("SystemTime::now()")) {
            breaches.push(format!("{name}:{at}: the time of day is read in case::clock only"));
        }
        if ["/root/", "/work/"].iter().any(|path| line.contains(path)) && !name.starts_with("xtask/") {
            breaches.push(format!("{name}:{at}: a path of one machine"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_house_is_in_order() {
        assert_eq!(check(&crate::root()), Ok(()), "cargo xtask tidy prints the breaches");
    }
}
