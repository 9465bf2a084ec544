//! Search over readings and posts, each hit with its place.

use std::io::{self, Write};

use case::{Case, Hit};
use model::{Noun, PictureId, Post};
use serde_json::json;

use crate::args::Search;
use crate::commands::named::{self, Sheets};
use crate::commands::{open, written};
use crate::fault::Outcome;
use crate::talk::plain;

pub(crate) fn search(search: &Search) -> Outcome {
    let case = open(&search.case)?;
    let query = search.words.join(" ");
    let terms = dossier::terms(&query);
    let limit = if search.party.is_some() { usize::MAX } else { search.most };
    let mut hits = dossier::hits(case.derived(), &query, search.misread, limit)?;
    if let Some(named) = &search.party {
        hits = of_party(&case, named, hits)?;
        hits.truncate(search.most);
    }
    let mut out = io::BufWriter::new(io::stdout().lock());
    for hit in hits {
        let Some(told) = dossier::found(case.derived(), &hit, &terms, search.misread)? else { continue };
        let cited: Vec<String> = told.cited.iter().map(ToString::to_string).collect();
        written(if search.json.json {
            writeln!(out, "{}", json!({ "of": told.of, "snippet": told.snippet, "cited": cited }))
        } else {
            writeln!(out, "{}\n    {}\n    {}", told.of, plain(&told.snippet), cited.join("\n    "))
        })?;
    }
    written(out.flush())
}

/// Hits on sheets that mention a party, and in posts that have one of its spellings.
fn of_party(case: &Case, named: &str, hits: Vec<Hit>) -> Outcome<Vec<Hit>> {
    let entity = named::entity(case, named)?;
    let sheets = Sheets::of(case, Some(&entity.id.to_string()), None)?.unwrap_or_default();
    let names = dossier::Names::of(entity.spellings.iter().map(|spelling| ((), spelling)));
    let mut kept = Vec::new();
    for hit in hits {
        let own = if hit.kind == Post::KIND {
            case.derived().get::<Post>(hit.key)?.is_some_and(|post| !names.within(&post.text).is_empty())
        } else {
            sheets.shown_by(PictureId::from(hit.key))
        };
        if own {
            kept.push(hit);
        }
    }
    Ok(kept)
}
