//! What is handed to others: a BagIt 1.0 bag (RFC 8493) that a stranger can check with coreutils and OpenSSL.
//!
//! Comes in: the dossier, the custody log, the report, the received bytes. Goes out: a folder with all of it, its digests, steps to
//! check it, and the same account in the formats of the field. Invariant: what stands in a package stands in the case, received
//! names name no file, and a package of some sheets refers to nothing else. Deliberately absent: any fact of its own, and the
//! case's folder, which only `case` touches.

mod bag;
mod error;
mod facts;
mod formats;
mod log;
mod make;
mod part;
mod read;
mod readme;
mod receive;
mod texts;
mod uuid;

pub use bag::{Bag, Sealed};
pub use error::{Error, Result};
pub use facts::{Facts, Original, Scope, originals};
pub use make::{Made, Of, Wish, make};
pub use part::{Part, part, strays};
pub use read::{Manifest, Received, received};
pub use receive::{Arrived, receive};

use std::io;

use dossier::{Block, Briefing, Dossier};
use serde_json::json;

/// Every file of the payload that is made of the account, by its path below `data`; the originals come beside them.
pub fn payload(dossier: &Dossier, facts: &Facts, report: &str) -> io::Result<Vec<(String, Vec<u8>)>> {
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    let mut put = |path: &str, text: String| files.push((path.to_owned(), text.into_bytes()));
    put("report.html", report.to_owned());
    put("dossier.schema.json", format!("{:#}\n", dossier::schema()));
    put("originals.csv", facts::table(&facts.originals));
    put("csv/posts.csv", formats::csv::posts(dossier));
    put("csv/appearances.csv", formats::csv::appearances(dossier));
    put("prov/prov.jsonld", pretty(&formats::prov::graph(dossier, facts))?);
    put("case-uco/case.jsonld", pretty(&formats::uco::graph(dossier, facts))?);
    put("misp/event.json", pretty(&formats::misp::event(dossier, facts))?);
    put("followthemoney/entities.ftm.json", formats::ftm::lines(dossier, facts)?);
    put("legal/fre-902-14-certificate-draft.txt", texts::certificate(dossier, facts));
    put("legal/berkeley-protocol-checklist.txt", texts::checklist(dossier, facts));
    let mut json = Vec::new();
    dossier::json(dossier, &mut json)?;
    files.push(("dossier.json".to_owned(), json));
    files.extend(log::files(facts)?);
    Ok(files)
}

/// Every file of the payload of a package for one party: the briefing as a page, to print and for programs, and the log without
/// what it names. Neither the case's name nor a file's is in it.
pub fn briefed(briefing: &Briefing, facts: &Facts) -> io::Result<Vec<(String, Vec<u8>)>> {
    let mut files = vec![
        ("briefing.html".to_owned(), briefing.html().into_bytes()),
        ("briefing.pdf".to_owned(), briefing.pdf()),
        ("briefing.json".to_owned(), pretty(&passages(briefing))?.into_bytes()),
    ];
    files.extend(log::files(facts)?);
    Ok(files)
}

fn passages(briefing: &Briefing) -> serde_json::Value {
    let blocks: Vec<serde_json::Value> = briefing
        .blocks
        .iter()
        .map(|block| match block {
            Block::Heading(words) => json!({ "heading": words }),
            Block::Text(words) => json!({ "text": words }),
            Block::Passage { words, notes } => json!({ "passage": words, "notes": notes }),
        })
        .collect();
    json!({ "title": briefing.title, "blocks": blocks })
}

/// README.txt: what lies where, and how to check it.
pub fn readme(title: &str, facts: &Facts, signed: bool) -> String {
    readme::readme(title, facts, signed)
}

fn pretty(value: &serde_json::Value) -> io::Result<String> {
    Ok(serde_json::to_string_pretty(value)? + "\n")
}
