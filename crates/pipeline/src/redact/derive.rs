//! Makes a derivative: withholds, attacks, and withholds what is still read.

use std::collections::BTreeSet;

use case::{Case, Done};
use model::{Digest, PictureId};
use redaction::{Area, Finding, Log, LoggedPage, Placed, Region, Weakness, Withheld};

use super::choice::Rules;
use super::{Canvas, Choice, Form, Objection, Raster, Twin, attacked, twins};
use crate::drive::Reader;
use crate::error::{Error, Result};

/// How often what is still read is withheld as well.
const ROUNDS: usize = 3;
/// Pixels an inch of the pages of a PDF.
const DPI: f64 = 150.0;

/// A derivative that was made and attacked.
#[derive(Clone, Debug, PartialEq)]
pub struct Derivative {
    /// The file.
    pub bytes: Vec<u8>,
    /// SHA-256 of it.
    pub digest: Digest,
    /// What was withheld and what the attack found, without the words.
    pub log: Log,
    /// Its pages.
    pub pages: Vec<Made>,
}

/// A page of a derivative.
#[derive(Clone, Debug, PartialEq)]
pub struct Made {
    /// The picture it was made of.
    pub picture: PictureId,
    /// Its pixels.
    pub raster: Raster,
    /// What is withheld on it.
    pub regions: Vec<Region>,
    /// What attacking it found.
    pub findings: Vec<Finding>,
    /// Pictures of the sheet that show what is withheld here.
    pub twins: Vec<Twin>,
}

impl Derivative {
    /// Whether something on it is withheld, and the attack found nothing grave.
    pub fn is_sound(&self) -> bool {
        let grave = |page: &Made| page.findings.iter().any(|finding| finding.weakness.grave());
        !self.pages.iter().any(grave) && self.pages.iter().any(|page| !page.regions.is_empty())
    }
}

impl Made {
    /// What the attack found, in words.
    pub fn says(&self) -> Vec<String> {
        let mut said: Vec<String> = self.findings.iter().map(Finding::says).collect();
        let shown: BTreeSet<&Area> = self.twins.iter().flat_map(|twin| &twin.areas).collect();
        if !shown.is_empty() {
            said.push(format!(
                "{}: {} of the {} regions, on {} pictures of this case",
                Weakness::Twin.says(),
                shown.len(),
                self.regions.len(),
                self.twins.len()
            ));
        }
        said
    }
}

/// Makes these pictures anew, each a page, without what is to be withheld.
pub fn derive(
    case: &Case,
    reader: &Reader,
    pictures: &[PictureId],
    choice: &Choice,
) -> std::result::Result<Derivative, Objection> {
    let rules = Rules::of(case, choice)?;
    if choice.form == Form::Png && pictures.len() > 1 {
        return Err(Objection::SeveralInPng);
    }
    let mut pages = Vec::new();
    for picture in pictures {
        pages.push(page(case, *picture, &rules, reader)?);
    }
    let bytes = match choice.form {
        Form::Pdf => {
            let rasters: Vec<Raster> = pages.iter().map(|page| page.raster.clone()).collect();
            redaction::pdf(&rasters, DPI).map_err(ours)?
        }
        Form::Png => {
            let page = pages.first().ok_or(Objection::NoPicture)?;
            redaction::png(&page.raster).map_err(ours)?
        }
    };
    let container = redaction::container(&bytes).ok_or_else(|| ours("the derivative is of no format"))?;
    if let Some(own) = redaction::scan(container, &bytes).findings.first() {
        return Err(ours(format!("the derivative holds more than pixels: {}", own.says())));
    }
    let digest = Digest::of(&bytes);
    let log = Log {
        schema: Log::SCHEMA.to_owned(),
        derivative: digest.to_string(),
        pages: pages.iter().map(|page| logged(page, &rules)).collect(),
        reason: choice.reason.clone(),
    };
    Ok(Derivative { bytes, digest, log, pages })
}

/// Enters in the custody log that a derivative was handed out.
pub fn enter(case: &mut Case, derivative: &Derivative, actor: &str) -> Result<()> {
    let mut inputs: Vec<String> = derivative.pages.iter().map(|page| page.picture.to_string()).collect();
    inputs.push(format!("reason: {}", derivative.log.reason));
    let outputs = vec![format!("sha256 {}", derivative.digest)];
    Ok(case.enter(Done { actor, command: "redact", inputs, outputs })?)
}

/// Withholds, attacks, and withholds what is still read, until nothing is or it does not help.
fn page(case: &Case, id: PictureId, rules: &Rules, reader: &Reader) -> std::result::Result<Made, Objection> {
    let canvas = Canvas::of(case, id)?.ok_or(Objection::NotAPicture(id))?;
    if canvas.words.is_empty() && !rules.by_hand_alone() {
        return Err(Objection::Unread(id));
    }
    let key = redaction::Key::of(&secret(case)?, &<[u8; 32]>::from(id));
    let mut words: Vec<Placed> = canvas.words.iter().map(|(_, placed)| *placed).collect();
    let mut chosen = rules.chosen(&canvas);
    let by_hand: Vec<(Area, usize)> = rules.areas(&canvas)?;
    let withheld = rules.all_terms();
    let mut round = 0;
    loop {
        let regions = redaction::regions(&canvas.raster, &words, &chosen, &by_hand, &key, rules.widen);
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
fn secret(case: &Case) -> std::result::Result<Vec<u8>, Objection> {
    let first = case.ground().entries().map_err(Error::from)?.into_iter().next();
    let first = first.ok_or_else(|| ours("a case without a custody log"))?;
    Ok(<[u8; 32]>::from(first.digest).to_vec())
}

fn ours(why: impl std::fmt::Display) -> Objection {
    Objection::Ours(why.to_string())
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
        findings: page.says(),
    }
}
