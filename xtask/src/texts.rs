//! The list of all texts for translators: `docs/texts/truecopy.pot`, every text once, with the files in which it stands.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use literals::{Found, Keywords};

use crate::tidy::rust_files;

const LIST: &str = "docs/texts/truecopy.pot";
const SCRIPTS: &str = "crates/workbench/src/assets/texts.js";

/// What people see: the report and the workbench.
const SHOWN: Keywords = Keywords {
    calls: &[
        ("say", &[0]),
        ("mark", &[0]),
        ("filled", &[0]),
        ("section", &[1]),
        ("left_out", &[2]),
        ("layer", &[0]),
        ("missing", &[2]),
        ("choice", &[1]),
        ("act", &[2, 3]),
        ("Field::Line", &[1]),
        ("Field::One", &[1]),
        ("Field::Any", &[1]),
    ],
    counts: &[("counted", 1, 2), ("sheets", 2, 3)],
    functions: &["says"],
    tables: &["words"],
    constants: &["ENGINES"],
    attributes: &[],
};
/// What the account takes over from the parts that make it: names of measures, reasons, stages, problems, objections.
const MADE: Keywords = Keywords {
    calls: &[
        ("Measure::new", &[0, 2]),
        ("measure", &[0]),
        ("plain", &[0, 2]),
        ("speaks", &[0]),
        ("self::because", &[3]),
        ("because", &[3]),
    ],
    counts: &[],
    functions: &["hint"],
    tables: &["codes"],
    constants: &[
        "SAYS",
        "OTHER_LETTERS",
        "LETTERS_TOLD",
        "OFF_AFFINE",
        "OFF_PLANE",
        "BENT",
        "SHADE",
        "SHADE_FIRST",
        "SHADE_SECOND",
        "GRAIN",
        "GRAIN_FIRST",
        "GRAIN_SECOND",
    ],
    attributes: &["error"],
};

/// Files and folders, and what in them is a text.
const PLACES: [(&str, Keywords); 14] = [
    ("crates/dossier/src/report", SHOWN),
    ("crates/dossier/src/live", SHOWN),
    ("crates/dossier/src/tell", SHOWN),
    ("crates/dossier/src/told/words.rs", SHOWN),
    ("crates/dossier/src/method.rs", SHOWN),
    ("crates/workbench/src", SHOWN),
    ("crates/model/src/problem.rs", MADE),
    ("crates/case/src/deeds/objection.rs", MADE),
    ("crates/pipeline/src/redact/objection.rs", MADE),
    ("crates/pipeline/src/stages", MADE),
    ("crates/families/src", MADE),
    ("crates/versions/src", MADE),
    ("crates/spread/src", MADE),
    ("crates/statements/src/entities.rs", MADE),
];

/// By context (the name of a script's text) and text: the text for several, and the files.
type Entries = BTreeMap<(Option<String>, String), (Option<String>, BTreeSet<String>)>;

/// Writes the list.
pub fn write(root: &Path) -> Result<(), String> {
    let list = list(root)?;
    let path = root.join(LIST);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    }
    fs::write(&path, list).map_err(|error| format!("{LIST}: {error}"))
}

/// The list as it should stand.
fn list(root: &Path) -> Result<String, String> {
    let mut entries = Entries::new();
    let files = rust_files(root);
    for (place, keywords) in &PLACES {
        let here = files.iter().filter(|file| file.starts_with(root.join(place)));
        for file in here {
            let name = file.strip_prefix(root).unwrap_or(file).display().to_string();
            let source = fs::read_to_string(file).map_err(|error| format!("{name}: {error}"))?;
            let found = literals::texts(&source, keywords).map_err(|error| format!("{name}: {error}"))?;
            // Names of measures that have places are put together before they are told.
            for Found { text, many } in found
                .into_iter()
                .filter(|found| keywords.tables.contains(&"words") || !found.text.contains('{'))
            {
                put(&mut entries, None, text, many, &name)?;
            }
        }
    }
    let source = fs::read_to_string(root.join(SCRIPTS)).map_err(|error| format!("{SCRIPTS}: {error}"))?;
    for (name, text, many) in of_scripts(&source)? {
        put(&mut entries, Some(name), text, many, SCRIPTS)?;
    }
    Ok(written(&entries))
}

fn put(
    entries: &mut Entries,
    name: Option<String>,
    text: String,
    many: Option<String>,
    file: &str,
) -> Result<(), String> {
    let entry = entries.entry((name, text.clone())).or_default();
    match (&entry.0, many) {
        (Some(before), Some(many)) if *before != many => {
            return Err(format!("{file}: '{text}' is '{many}' for several, and '{before}' elsewhere"));
        }
        (None, Some(many)) => entry.0 = Some(many),
        _ => {}
    }
    entry.1.insert(file.to_owned());
    Ok(())
}

/// Name, text and text for several of each text of the scripts; each stands on a line of its own.
fn of_scripts(source: &str) -> Result<Vec<(String, String, Option<String>)>, String> {
    let body = source.split_once("const TEXTS = {").and_then(|(_, rest)| rest.split_once("\n};"));
    let (body, _) = body.ok_or_else(|| format!("{SCRIPTS}: no TEXTS"))?;
    let mut found = Vec::new();
    for line in body.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//")) {
        let odd = || format!("{SCRIPTS}: this line is no text: {line}");
        let (name, value) = line.split_once(": ").ok_or_else(odd)?;
        let read = |json: &str| serde_json::from_str::<String>(json).map_err(|_| odd());
        let value = value.trim_end_matches(',');
        let forms = value.strip_prefix("{ one: ").and_then(|forms| forms.strip_suffix(" }"));
        let (text, many) = match forms.map(|forms| forms.split_once(", other: ").ok_or_else(odd)) {
            Some(forms) => {
                let (one, other) = forms?;
                (read(one)?, Some(read(other)?))
            }
            None => (read(value)?, None),
        };
        found.push((read(name)?, text, many));
    }
    Ok(found)
}

const HEAD: &str = r#"# The texts of Truecopy's report and workbench.
# Made by `cargo xtask texts`; docs/texts/README.md says how to translate them.
#, fuzzy
msgid ""
msgstr ""
"Project-Id-Version: Truecopy\n"
"Language: \n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: nplurals=INTEGER; plural=EXPRESSION;\n"
"#;

fn written(entries: &Entries) -> String {
    let mut out = HEAD.to_owned();
    for ((name, text), (many, files)) in entries {
        out.push('\n');
        for file in files {
            let _ = writeln!(out, "#: {file}");
        }
        if text.contains('{') {
            out.push_str("#, python-brace-format\n");
        }
        if let Some(name) = name {
            let _ = writeln!(out, "msgctxt {}", quoted(name));
        }
        let _ = writeln!(out, "msgid {}", quoted(text));
        match many {
            Some(many) => {
                let _ = writeln!(out, "msgid_plural {}\nmsgstr[0] \"\"\nmsgstr[1] \"\"", quoted(many));
            }
            None => out.push_str("msgstr \"\"\n"),
        }
    }
    out
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_current() {
        let kept = fs::read_to_string(crate::root().join(LIST)).unwrap_or_default();
        assert!(list(&crate::root()).unwrap() == kept, "{LIST} is not current: cargo xtask texts writes it");
    }

    #[test]
    fn texts_of_scripts() {
        let source = "const TEXTS = {\n  // a.js\n  \"a.b\": \"C \\\"d\\\"\",\n  \"e\": { one: \"{n} f\", other: \"{n} fs\" },\n};\n";
        let expected = [
            ("a.b".to_owned(), "C \"d\"".to_owned(), None),
            ("e".to_owned(), "{n} f".to_owned(), Some("{n} fs".to_owned())),
        ];
        assert_eq!(of_scripts(source).unwrap(), expected);
        assert!(of_scripts("const TEXTS = {\n  a b\n};").is_err());
    }

    #[test]
    fn one_text_has_one_plural() {
        let mut entries = Entries::new();
        let put = |entries: &mut Entries, many: Option<&str>| {
            put(entries, None, "a".to_owned(), many.map(str::to_owned), "f")
        };
        put(&mut entries, None).unwrap();
        put(&mut entries, Some("b")).unwrap();
        assert!(put(&mut entries, Some("c")).is_err());
        assert_eq!(
            written(&entries).strip_prefix(HEAD),
            Some("\n#: f\nmsgid \"a\"\nmsgid_plural \"b\"\nmsgstr[0] \"\"\nmsgstr[1] \"\"\n")
        );
    }
}
