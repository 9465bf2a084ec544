//! Looking at a case: what there is, one noun, what went wrong.

use std::io::{self, Write};

use model::{Code, Entity, Level, NOUNS, Noun, Problem};
use serde_json::{Value, json};

use crate::args::{List, OfCase, ShowId};
use crate::commands::named::Sheets;
use crate::commands::{found, moved, open, pair, parties, rows, written};
use crate::fault::{End, Fault, Outcome};
use crate::talk::{plain, with_detail};

pub(crate) fn status(of: &OfCase) -> Outcome {
    let case = open(&of.case)?;
    let counts = dossier::counted(&case)?;
    let mut out = io::stdout().lock();
    if of.json.json {
        let counts = serde_json::to_string(&counts).map_err(Fault::ours)?;
        return written(writeln!(out, "{counts}"));
    }
    let lines = [
        ("files", counts.files, "as they arrived, those in archives included"),
        ("contents", counts.contents, "different ones among them"),
        ("images", counts.images, "that could be decoded"),
        ("documents", counts.documents, "PDFs of which at least one page could be rendered"),
        ("pictures", counts.pictures, "sheets seen on images and pages"),
        ("sheets", counts.sheets, "different ones"),
        ("channels", counts.channels, ""),
        ("posts", counts.posts, "each counted once over all exports"),
        ("accounts", counts.accounts, "that posted"),
        ("unseen", counts.unseen, "files that posts name and nobody handed in"),
        ("problems", counts.problems, "see `truecopy problems`"),
        ("notes", counts.notes, "worth knowing, nothing was lost"),
    ];
    let info = case.info();
    written((|| {
        writeln!(out, "{}", info.name)?;
        if !info.purpose.is_empty() {
            writeln!(out, "{}", info.purpose)?;
        }
        lines.iter().try_for_each(|(what, number, says)| {
            writeln!(out, "{}", format!("{number:>9}  {what:10} {says}").trim_end())
        })
    })())
}

pub(crate) fn list(list: &List) -> Outcome {
    let kind = NOUNS.iter().find(|noun| noun.plural == list.noun);
    let kind = kind.ok_or_else(|| Fault::usage(format!("there are no '{}'", list.noun)))?;
    let case = open(&list.case)?;
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut closed = false;
    let sheets = Sheets::of(&case, list.party.as_deref(), list.subject.as_deref())?;
    found::each(&case, kind, |found| {
        if !closed && sheets.as_ref().is_none_or(|sheets| sheets.own(&found.body)) {
            let line = if list.json.json { found.body.to_string() } else { rows::row(&found) };
            closed = !still_open(writeln!(out, "{line}"))?;
        }
        Ok(())
    })?;
    written(out.flush())
}

/// Whether standard output still takes more.
fn still_open(result: io::Result<()>) -> Outcome<bool> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        other => written(other).map(|_| true),
    }
}

pub(crate) fn show(show: &ShowId) -> Outcome {
    let case = open(&show.case)?;
    let found = found::one(&case, &show.id)?;
    if let Some(other) = &show.other {
        return pair::show(&case, &found, &found::one(&case, other)?, show);
    }
    if let Some(path) = &show.overlay {
        pair::draw_match(&case, &found, path)?;
    }
    let moved = moved::moved(&case, &found)?;
    let company = match found.kind.kind {
        Entity::KIND if !show.json.json => parties::company(&parties::told(&case, None)?, found.id()),
        _ => Vec::new(),
    };
    let mut out = io::stdout().lock();
    written(if show.json.json {
        let mut body = found.body.clone();
        if let Some(body) = body.as_object_mut().filter(|_| !moved.is_empty()) {
            body.insert("moved".to_owned(), moved.iter().map(moved::as_json).collect());
        }
        writeln!(out, "{body}")
    } else {
        let said = rows::remarks(&found);
        writeln!(out, "{} ({})", found.id(), found.kind.says)
            .and_then(|()| rows::outline(&found.body, 0, &mut out))
            .and_then(|()| said.iter().try_for_each(|line| writeln!(out, "{line}")))
            .and_then(|()| moved::tell(&moved, &mut out))
            .and_then(|()| company.iter().try_for_each(|line| writeln!(out, "{line}")))
    })
}

pub(crate) fn problems(of: &OfCase) -> Outcome {
    let case = open(&of.case)?;
    let mut all: Vec<Problem> = case.ground().refused()?;
    all.extend(case.derived().problems()?);
    let key = |problem: &Problem| {
        (problem.code.level() == Level::Note, problem.about.clone(), problem.code, problem.id)
    };
    all.sort_by_cached_key(key);
    all.dedup();
    let mut out = io::stdout().lock();
    written(all.iter().try_for_each(|problem| {
        if of.json.json { writeln!(out, "{}", as_json(problem)) } else { tell_problem(problem, &mut out) }
    }))?;
    let grave = all.iter().any(|problem| problem.code.level() == Level::Problem);
    Ok(if grave { End::Problems } else { End::Done })
}

fn tell_problem(problem: &Problem, out: &mut dyn Write) -> io::Result<()> {
    let Problem { about, code, detail, .. } = problem;
    let level = level(*code);
    let about = plain(about);
    writeln!(
        out,
        "{level} {}: {about}\n    {}\n    way out: {}",
        code.slug(),
        with_detail(code.says(), detail),
        code.way_out()
    )
}

fn level(code: Code) -> &'static str {
    match code.level() {
        Level::Problem => "problem",
        Level::Note => "note",
    }
}

fn as_json(problem: &Problem) -> Value {
    let Problem { id, about, code, detail } = problem;
    json!({
        "id": id.to_string(), "level": level(*code), "code": code.slug(), "about": about, "says": code.says(),
        "detail": detail, "way_out": code.way_out(),
    })
}
