//! A file that somebody redacted, attacked.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use model::PictureId;
use pipeline::Reader;
use pipeline::redact::{self, Canvas, Raster};
use redaction::{Area, Finding, Log, Term, Terms, Weakness};
use serde_json::json;

use crate::args::Redact;
use crate::commands::{open, written};
use crate::fault::{End, Fault, Outcome};

/// Bytes that are read of a file, at most.
const MOST: u64 = 1 << 30;

pub(super) fn check(redact: &Redact, file: &Path, reader: &Reader) -> Outcome {
    let bytes = bytes(file)?;
    let withheld = match &redact.names {
        None => Vec::new(),
        Some(path) => {
            let names = std::fs::read_to_string(path)
                .map_err(|error| Fault::user(format!("{}: {error}", path.display())))?;
            names.lines().filter_map(Term::name).collect()
        }
    };
    let withheld: Vec<Term> =
        withheld.into_iter().chain(redact.search.iter().filter_map(|one| Term::phrase(one))).collect();
    let by_hand: Vec<Area> = redact.region.iter().map(|one| area(one)).collect::<Outcome<_>>()?;
    let log = redact.log.as_deref().map(log).transpose()?;
    let regions = |page: usize, raster: &Raster| -> Vec<Area> {
        let logged = log.as_ref().and_then(|log| log.pages.get(page));
        match logged {
            Some(logged) => {
                let scaled = logged
                    .withheld
                    .iter()
                    .filter_map(|one| one.area.scaled(logged.size, raster.dimensions()));
                scaled.collect()
            }
            None if !by_hand.is_empty() => by_hand.clone(),
            None => redaction::boxes(raster),
        }
    };
    let worker =
        std::env::current_exe().map_err(|error| Fault::ours(format!("where is this program? {error}")))?;
    let checked = redact::check(&worker, reader, &bytes, &regions, &Terms(withheld))?;
    let mut checked = checked.ok_or_else(|| {
        Fault::user(format!("{} is neither PNG, JPEG nor PDF", file.display()))
            .hint("only these are attacked")
    })?;
    if checked.regions.is_empty() {
        checked.findings.push(Finding {
            weakness: Weakness::Closed,
            page: None,
            area: None,
            detail: "no page of it could be shown".to_owned(),
        });
    }
    checked.findings.extend(twins(redact, &checked.regions)?);
    let grave = checked.findings.iter().any(|finding| finding.weakness.grave());
    tell(redact, &checked.findings, &checked.regions)?;
    Ok(if grave { End::Problems } else { End::Done })
}

fn bytes(file: &Path) -> Outcome<Vec<u8>> {
    let failed =
        |error: io::Error| Fault::user(format!("{}: {error}", file.display())).hint("check the spelling");
    let mut bytes = Vec::new();
    File::open(file).map_err(failed)?.take(MOST + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > MOST {
        return Err(Fault::user(format!("{} is larger than {MOST} bytes", file.display())));
    }
    Ok(bytes)
}

fn log(path: &Path) -> Outcome<Log> {
    let text = String::from_utf8(bytes(path)?).map_err(|_| Fault::user("the log is no text"))?;
    serde_json::from_str(&text).map_err(|error| {
        Fault::user(format!("{}: {error}", path.display()))
            .hint("the .log.json beside the derivative is meant")
    })
}

/// `x,y,width,height`.
pub(super) fn area(text: &str) -> Outcome<Area> {
    let numbers: Option<Vec<u32>> = text.split(',').map(|part| part.trim().parse().ok()).collect();
    match numbers.as_deref() {
        Some([x, y, width, height]) if *width > 0 && *height > 0 => {
            Ok(Area { x: *x, y: *y, width: *width, height: *height })
        }
        _ => Err(Fault::usage(format!("'{text}' is no region"))
            .hint("it is X,Y,WIDTH,HEIGHT in pixels: 120,840,300,40")),
    }
}

/// The same places on other pictures of the sheet, if a case and a picture are named.
fn twins(redact: &Redact, regions: &[Vec<Area>]) -> Outcome<Vec<Finding>> {
    let (Some(folder), Some(id)) = (&redact.case, redact.ids.first()) else { return Ok(Vec::new()) };
    let case = open(folder)?;
    let pictures = super::pictures(&case, std::slice::from_ref(id))?;
    let picture: PictureId = *pictures.first().ok_or_else(|| Fault::usage("no picture was named"))?;
    let canvas =
        Canvas::of(&case, picture)?.ok_or_else(|| Fault::usage(format!("{picture} is no picture")))?;
    let areas = regions.first().cloned().unwrap_or_default();
    let mut found = Vec::new();
    for twin in redact::twins(&case, &canvas, &areas)? {
        let detail = twin.picture.to_string();
        let at = |area: &Area| Finding {
            weakness: Weakness::Twin,
            page: Some(0),
            area: Some(*area),
            detail: detail.clone(),
        };
        found.extend(twin.areas.iter().map(at));
    }
    Ok(found)
}

fn tell(redact: &Redact, findings: &[Finding], regions: &[Vec<Area>]) -> Outcome {
    let mut out = io::stdout().lock();
    if redact.json.json {
        for finding in findings {
            let row = json!({ "weakness": finding.weakness, "grave": finding.weakness.grave(), "page": finding.page, "area": finding.area, "detail": finding.detail });
            written(writeln!(out, "{row}"))?;
        }
        return Ok(End::Done);
    }
    let count: usize = regions.iter().map(Vec::len).sum();
    written(writeln!(out, "{} pages, {count} regions looked at", regions.len()))?;
    if findings.is_empty() {
        written(writeln!(out, "nothing was found; that is no proof that nothing is there"))?;
    }
    for finding in findings {
        let level = if finding.weakness.grave() { "grave" } else { "note" };
        written(writeln!(out, "{level}: {}", finding.says()))?;
    }
    Ok(End::Done)
}
