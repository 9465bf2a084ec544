//! Redaction: a derivative made and attacked, or a stranger's file attacked.

mod check;
mod withhold;

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use case::{Case, Done};
use model::{Digest, Family, PictureId};
use pipeline::Reader;
use pipeline::redact::{Canvas, Raster, attacked, twins};
use redaction::{Area, Finding, Log, LoggedPage, Placed, Region, Weakness, Widen, Withheld};
use serde_json::json;

use crate::args::Redact;
use crate::commands::{actor, found, open, tell, written};
use crate::fault::{End, Fault, Outcome};
use crate::talk::Talk;
use withhold::Rules;

/// How often what is still read is withheld as well.
const ROUNDS: usize = 3;
/// Pixels an inch of the pages of a PDF.
const DPI: f64 = 150.0;

pub(crate) fn redact(redact: &Redact, talk: &mut Talk) -> Outcome {
    let reader = Reader::find(&redact.languages)?;
    if let Some(file) = &redact.check {
        return check::check(redact, file, &reader);
    }
    let (Some(folder), Some(output), Some(reason)) = (&redact.case, &redact.output, &redact.reason) else {
        return Err(Fault::usage("a case, an output and a reason are needed"));
    };
    let as_pdf = is_pdf(output)?;
    let mut case = open(folder)?;
    let rules = Rules::of(&case, redact)?;
    if reason.trim().is_empty()
        || rules.terms.iter().any(|terms| terms.0.iter().any(|term| term.stands_in(reason)))
    {
        return Err(Fault::usage("the reason is empty, or says what is to be withheld")
            .hint("it stands in the log, which goes with the derivative"));
    }
    let pictures = pictures(&case, &redact.ids)?;
    if !as_pdf && pictures.len() > 1 {
        return Err(Fault::usage("a PNG holds one picture").hint("name the output .pdf for several"));
    }
    let mut made = Vec::new();
    for picture in &pictures {
        made.push(derived(&case, *picture, &rules, redact, &reader)?);
    }
    let bytes = if as_pdf {
        let rasters: Vec<_> = made.iter().map(|page| page.raster.clone()).collect();
        redaction::pdf(&rasters, DPI).map_err(Fault::ours)?
    } else {
        let page = made.first().ok_or_else(|| Fault::usage("no picture was named"))?;
        redaction::png(&page.raster).map_err(Fault::ours)?
    };
    let container =
        redaction::container(&bytes).ok_or_else(|| Fault::ours("the derivative is of no format"))?;
    if let Some(own) = redaction::scan(container, &bytes).findings.first() {
        return Err(Fault::ours(format!("the derivative holds more than pixels: {}", own.says())));
    }
    keep(&mut case, output, &bytes, &made, &rules, reason, talk)?;
    tell(&made, redact)
}

/// A page of the derivative.
struct Made {
    picture: PictureId,
    raster: Raster,
    regions: Vec<Region>,
    findings: Vec<Finding>,
    /// Pictures of the sheet that show what is withheld here.
    twins: Vec<(PictureId, Vec<Area>)>,
}

/// Withholds, attacks, and withholds what is still read, until nothing is or it does not help.
fn derived(case: &Case, id: PictureId, rules: &Rules, redact: &Redact, reader: &Reader) -> Outcome<Made> {
    let canvas = Canvas::of(case, id)?.ok_or_else(|| Fault::usage(format!("{id} is no picture")))?;
    if canvas.words.is_empty() && !rules.by_words_alone() {
        return Err(Fault::user(format!("{id} was not read, so no word of it can be found"))
            .hint("`truecopy run CASE` reads the pictures; or name a --region"));
    }
    let key = redaction::Key::of(&secret(case)?, &<[u8; 32]>::from(id));
    let widen = if redact.line { Widen::Line } else { Widen::Words };
    let mut words: Vec<Placed> = canvas.words.iter().map(|(_, placed)| *placed).collect();
    let mut chosen = rules.chosen(&canvas);
    let by_hand: Vec<(Area, usize)> = rules.areas(&canvas)?;
    let withheld = rules.all_terms();
    let mut round = 0;
    loop {
        let regions = redaction::regions(&canvas.raster, &words, &chosen, &by_hand, &key, widen);
        let areas: Vec<Area> = regions.iter().map(|region| region.area).collect();
        let raster = redaction::painted(&canvas.raster, &areas);
        let page = redaction::Page { number: 0, raster: &raster, edge: 0, layer: &[], regions: &areas };
        let (mut findings, whole) = attacked(reader, &page, &withheld)?;
        // Widths of ours are drawn: that one fits says nothing.
        findings.retain(|finding| finding.weakness != Weakness::WidthFits);
        let read: Vec<Area> = still_read(&findings).collect();
        round += 1;
        if read.is_empty() || round == ROUNDS {
            let twins = twins(case, &canvas, &areas)?;
            let twins = twins.into_iter().map(|twin| (twin.picture, twin.areas)).collect();
            return Ok(Made { picture: id, raster, regions, findings, twins });
        }
        // They may stand where no word was read before: a line of their own.
        for area in read.iter().filter(|area| whole.iter().any(|seen| seen.area == **area)) {
            let line = words.iter().find(|placed| placed.area.near(area, 0)).map(|placed| placed.line);
            let line = line.unwrap_or(u32::MAX - words.len() as u32);
            chosen.push((words.len(), rules.still_read()));
            words.push(Placed { area: *area, line });
        }
    }
}

fn still_read(findings: &[Finding]) -> impl Iterator<Item = Area> {
    let read = findings.iter().filter(|finding| finding.weakness == Weakness::StillRead);
    read.filter_map(|finding| finding.area)
}

/// What only the case knows: the digest of the first entry of its custody log.
fn secret(case: &Case) -> Outcome<Vec<u8>> {
    let first = case.ground().entries()?.into_iter().next();
    let first = first.ok_or_else(|| Fault::ours("a case without a custody log"))?;
    Ok(<[u8; 32]>::from(first.digest).to_vec())
}

fn is_pdf(output: &Path) -> Outcome<bool> {
    match output.extension().and_then(|ending| ending.to_str()).map(str::to_lowercase).as_deref() {
        Some("pdf") => Ok(true),
        Some("png") => Ok(false),
        _ => Err(Fault::usage("the derivative is a PNG or a PDF").hint("name it so: --output page.png")),
    }
}

/// The pictures that ids of pictures name, and the best ones of sheets.
fn pictures(case: &Case, ids: &[String]) -> Outcome<Vec<PictureId>> {
    let mut pictures = Vec::new();
    for id in ids {
        let found = found::one(case, id)?;
        let family = || serde_json::from_value::<Family>(found.body.clone()).map(|family| family.best);
        let picture = found.id().parse::<PictureId>().or_else(|_| family());
        pictures.push(
            picture.map_err(|_| Fault::usage(format!("{} is neither a picture nor a sheet", found.id())))?,
        );
    }
    Ok(pictures)
}

/// Writes the derivative and its log, and enters both in the custody log.
fn keep(
    case: &mut Case,
    output: &Path,
    bytes: &[u8],
    made: &[Made],
    rules: &Rules,
    reason: &str,
    talk: &Talk,
) -> Outcome<()> {
    let digest = Digest::of(bytes);
    let log = Log {
        schema: Log::SCHEMA.to_owned(),
        derivative: digest.to_string(),
        pages: made.iter().map(|page| logged(page, rules)).collect(),
        reason: reason.to_owned(),
    };
    tell::put(output, |to| to.write_all(bytes))?;
    talk.say(format!("derivative: {}", output.display()));
    let json = log.json().map_err(Fault::ours)?;
    for (ending, text) in [("json", json), ("txt", log.text())] {
        let path = beside(output, ending);
        tell::put(&path, |to| to.write_all(text.as_bytes()))?;
        talk.say(format!("log: {}", path.display()));
    }
    let mut inputs: Vec<String> = made.iter().map(|page| page.picture.to_string()).collect();
    inputs.push(format!("reason: {reason}"));
    let (actor, outputs) = (actor(), vec![format!("sha256 {digest}")]);
    case.enter(Done { actor: &actor, command: "redact", inputs, outputs })?;
    Ok(())
}

/// `page.png.log.json` beside `page.png`.
fn beside(output: &Path, ending: &str) -> PathBuf {
    let mut name = output.file_name().map(std::ffi::OsStr::to_owned).unwrap_or_default();
    name.push(format!(".log.{ending}"));
    output.with_file_name(name)
}

fn logged(page: &Made, rules: &Rules) -> LoggedPage {
    let withheld = |region: &Region| Withheld {
        area: region.area,
        rules: region.rules.iter().map(|rule| rules.says(*rule).to_owned()).collect(),
    };
    LoggedPage {
        picture: page.picture.to_string(),
        size: page.raster.dimensions(),
        withheld: page.regions.iter().map(withheld).collect(),
        findings: says(page),
    }
}

fn says(page: &Made) -> Vec<String> {
    let mut said: Vec<String> = page.findings.iter().map(Finding::says).collect();
    let shown: BTreeSet<&Area> = page.twins.iter().flat_map(|(_, areas)| areas).collect();
    if !shown.is_empty() {
        said.push(format!(
            "{}: {} of the {} regions, on {} pictures of this case",
            Weakness::Twin.says(),
            shown.len(),
            page.regions.len(),
            page.twins.len()
        ));
    }
    said
}

/// What came of it; grave findings are problems.
fn tell(made: &[Made], redact: &Redact) -> Outcome {
    let mut out = io::stdout().lock();
    for page in made {
        let (regions, said) = (page.regions.len(), says(page));
        if redact.json.json {
            let twins: Vec<String> = page.twins.iter().map(|(picture, _)| picture.to_string()).collect();
            let areas: Vec<Area> = page.regions.iter().map(|region| region.area).collect();
            let row = json!({ "picture": page.picture, "withheld": areas, "findings": page.findings, "says": said, "shown_on": twins });
            written(writeln!(out, "{row}"))?;
            continue;
        }
        written(writeln!(out, "{}: {regions} regions withheld", page.picture))?;
        if page.findings.is_empty() {
            written(writeln!(out, "  the attack found nothing"))?;
        }
        for line in said {
            written(writeln!(out, "  {line}"))?;
        }
        for (picture, _) in &page.twins {
            written(writeln!(out, "    shown on {picture}"))?;
        }
    }
    let nothing = made.iter().all(|page| page.regions.is_empty());
    let grave = made.iter().any(|page| page.findings.iter().any(|finding| finding.weakness.grave()));
    Ok(if grave || nothing { End::Problems } else { End::Done })
}
