//! The custody log as text and JSON, and in a form that coreutils can walk: each entry's bytes as they were hashed.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io;

use case::{Entry, stamps};
use serde_json::{Value, json};

use crate::facts::{Facts, Scope};

/// Files below `custody`.
pub(crate) fn files(facts: &Facts) -> io::Result<Vec<(String, Vec<u8>)>> {
    let items: BTreeSet<&str> =
        facts.originals.iter().flat_map(|original| &original.names).map(|(id, _, _)| id.as_str()).collect();
    let told: Vec<Told> =
        facts.entries.iter().map(|entry| Told::of(entry, (!facts.is_whole()).then_some(&items))).collect();
    let mut files = vec![
        ("custody/log.txt".to_owned(), text(&told).into_bytes()),
        ("custody/log.json".to_owned(), (serde_json::to_string_pretty(&json(&told))? + "\n").into_bytes()),
    ];
    if facts.is_whole() {
        let line = |entry: &Entry| format!("{}  {}\n", entry.digest, place(entry));
        files.push((
            "custody/chain.txt".to_owned(),
            facts.entries.iter().map(line).collect::<String>().into_bytes(),
        ));
        files.extend(facts.entries.iter().map(|entry| (format!("custody/{}", place(entry)), entry.bytes())));
    }
    for stamp in stamps(&facts.entries).into_iter().flatten() {
        files.push((format!("custody/stamps/entry-{:06}.token.der", stamp.entry), stamp.token.bytes));
    }
    if facts.scope != Scope::Party {
        files.extend(acts(facts, &told));
    }
    Ok(files)
}

fn place(entry: &Entry) -> String {
    format!("entries/{:06}.bin", entry.seq)
}

/// What of an entry is told.
struct Told<'a> {
    entry: &'a Entry,
    inputs: Vec<&'a str>,
    outputs: Vec<&'a str>,
    /// Whether something was left out, because it is of other sheets.
    withheld: bool,
}

impl<'a> Told<'a> {
    /// An entry, whole or as far as it is of these items.
    fn of(entry: &'a Entry, items: Option<&BTreeSet<&str>>) -> Self {
        let own = |list: &'a [String]| {
            let of_item = |line: &&str| {
                items.is_none_or(|items| items.contains(line.split(' ').next().unwrap_or_default()))
            };
            list.iter().map(String::as_str).filter(of_item).collect::<Vec<_>>()
        };
        let (inputs, outputs) = (own(&entry.inputs), own(&entry.outputs));
        let withheld = inputs.len() + outputs.len() < entry.inputs.len() + entry.outputs.len();
        Self { entry, inputs, outputs, withheld }
    }
}

fn text(told: &[Told]) -> String {
    let mut out = String::from(
        "The custody log, an entry a paragraph: number, time (UTC), actor, host, program, command; what went in, what came out;\n\
         the digest of the entry before, and its own. Time and actor are those of the machine.\n",
    );
    for Told { entry, inputs, outputs, withheld } in told {
        let host = if entry.host.is_empty() { "(host not entered)" } else { &entry.host };
        let version = if entry.version.is_empty() { "(version not entered)" } else { &entry.version };
        let _ = writeln!(
            out,
            "\n{} {} {} {} {}: {}",
            entry.seq,
            entry.at,
            line(&entry.actor),
            line(host),
            line(version),
            line(&entry.command)
        );
        for input in inputs {
            let _ = writeln!(out, "  in  {}", line(input));
        }
        for output in outputs {
            let _ = writeln!(out, "  out {}", line(output));
        }
        if *withheld {
            let _ = writeln!(out, "  (what is of the rest is left out)");
        }
        let _ = writeln!(out, "  previous {}\n  digest   {}", entry.previous, entry.digest);
    }
    out
}

fn json(told: &[Told]) -> Value {
    let entries: Vec<Value> = told
        .iter()
        .map(|Told { entry, inputs, outputs, withheld }| {
            json!({
                "seq": entry.seq, "at": entry.at.to_string(), "actor": entry.actor, "host": entry.host,
                "program": entry.version, "command": entry.command, "inputs": inputs, "outputs": outputs,
                "withheld": withheld, "previous": entry.previous.to_string(), "digest": entry.digest.to_string(),
            })
        })
        .collect();
    json!({ "entries": entries })
}

/// Signed acts: the bytes that were signed, and the signatures as ssh-keygen checks them.
fn acts(facts: &Facts, told: &[Told]) -> Vec<(String, Vec<u8>)> {
    let (mut files, mut keys) = (Vec::new(), BTreeSet::new());
    for Told { entry, .. } in told.iter().filter(|told| !told.withheld) {
        for (number, (text, signature)) in entry.signatures().into_iter().enumerate() {
            let Ok(signed) = seals::ssh::check(seals::ssh::ACT, text.as_bytes(), signature) else { continue };
            let name = format!("custody/acts/entry-{:06}", entry.seq);
            files.push((format!("{name}.{number}.sig"), signature.as_bytes().to_vec()));
            if number == 0 {
                files.push((format!("{name}.json"), text.as_bytes().to_vec()));
            }
            keys.insert(allowed(&signed));
        }
    }
    if !keys.is_empty() && facts.is_whole() {
        files.push((
            "custody/acts/allowed_signers".to_owned(),
            keys.into_iter().collect::<String>().into_bytes(),
        ));
    }
    files
}

/// A line of an `allowed_signers` file: the key under its own fingerprint as its name.
pub(crate) fn allowed(signed: &seals::ssh::Signed) -> String {
    format!("{} {}\n", signed.fingerprint, signed.public)
}

/// Received text in one line.
fn line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c) { ' ' } else { c })
        .take(20_000)
        .collect()
}
