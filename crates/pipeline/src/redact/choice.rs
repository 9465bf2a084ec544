//! What is to be withheld, as it is asked for, and the rules that makes: with their words in the log, which name nobody.

use std::collections::BTreeMap;
use std::path::Path;

use case::Case;
use model::{Entity, EntityKind, Family, PictureId, Placing, Quad};
use redaction::{Area, Term, Terms, Widen};

use super::{Canvas, Objection, across};
use crate::error::Result;

/// What a derivative is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One picture.
    Png,
    /// A page for each picture.
    Pdf,
}

impl Form {
    /// The one that a file's name asks for.
    pub fn of(name: &Path) -> Option<Self> {
        match name.extension()?.to_str()?.to_lowercase().as_str() {
            "pdf" => Some(Self::Pdf),
            "png" => Some(Self::Png),
            _ => None,
        }
    }
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// Withhold telephone numbers, e-mail addresses and long numbers, and all persons' names.
    pub personal: bool,
    /// Withhold the names of a list.
    pub names: Option<Vec<String>>,
    /// Withhold the passages of these parties.
    pub parties: Vec<Party>,
    /// Withhold these words wherever they stand.
    pub search: Vec<String>,
    /// Withhold these rectangles of every picture, in pixels of the derivative.
    pub regions: Vec<Area>,
    /// Withhold the whole line in which something is withheld.
    pub lines: bool,
    /// Why, in a sentence; it stands in the log.
    pub reason: String,
    /// What is to come of it.
    pub form: Form,
}

/// A party whose passages are withheld.
#[derive(Clone, Debug, PartialEq)]
pub struct Party {
    /// Its names.
    pub spellings: Vec<String>,
    /// Where its passages stand, each on the page of one picture: they are withheld on every picture of that sheet.
    pub spots: Vec<(PictureId, Quad)>,
}

/// The rules, in the order in which they are numbered.
pub(super) struct Rules {
    says: Vec<&'static str>,
    /// The terms of each.
    terms: Vec<Terms>,
    /// Personal data by its form is withheld by this rule.
    personal: Option<usize>,
    /// Places on pages that passages of a party stand on, and their rule.
    passages: Vec<(PictureId, Quad, usize)>,
    /// Rectangles by hand, and their rule.
    by_hand: Vec<(Area, usize)>,
    /// How far what is withheld is widened.
    pub(super) widen: Widen,
}

impl Rules {
    pub(super) fn of(case: &Case, choice: &Choice) -> std::result::Result<Self, Objection> {
        let widen = if choice.lines { Widen::Line } else { Widen::Words };
        let mut rules = Self {
            says: Vec::new(),
            terms: Vec::new(),
            personal: None,
            passages: Vec::new(),
            by_hand: Vec::new(),
            widen,
        };
        if choice.personal {
            rules.personal = Some(rules.says.len());
            rules.add("personal data", named(&personal(case)?));
        }
        if let Some(names) = &choice.names {
            rules.add("a name of a list", named(names));
        }
        for party in &choice.parties {
            let rule = rules.says.len();
            rules.add("a party's passages", named(&party.spellings));
            let spots = everywhere(case, &party.spots)?;
            rules.passages.extend(spots.into_iter().map(|(picture, quad)| (picture, quad, rule)));
        }
        if !choice.search.is_empty() {
            let terms = choice.search.iter().filter_map(|words| Term::phrase(words));
            rules.add("words that were searched for", terms.collect());
        }
        if !choice.regions.is_empty() {
            let rule = rules.says.len();
            rules.by_hand = choice.regions.iter().map(|area| (*area, rule)).collect();
            rules.add("by hand", Vec::new());
        }
        if rules.says.is_empty() {
            return Err(Objection::NothingChosen);
        }
        rules.add("still read after the rest was withheld", Vec::new());
        let says = |terms: &Terms| terms.0.iter().any(|term| term.stands_in(&choice.reason));
        if choice.reason.trim().is_empty() || rules.terms.iter().any(says) {
            return Err(Objection::Reason);
        }
        Ok(rules)
    }

    fn add(&mut self, says: &'static str, terms: Vec<Term>) {
        self.says.push(says);
        self.terms.push(Terms(terms));
    }

    /// The rule in words.
    pub(super) fn says(&self, rule: usize) -> &'static str {
        self.says.get(rule).copied().unwrap_or_default()
    }

    /// The number of the rule for what is still read.
    pub(super) fn still_read(&self) -> usize {
        self.says.len().saturating_sub(1)
    }

    /// Whether it does not matter which words were read: all is by hand.
    pub(super) fn by_hand_alone(&self) -> bool {
        self.personal.is_none() && self.terms.iter().all(|terms| terms.0.is_empty())
    }

    /// Every term of every rule.
    pub(super) fn all_terms(&self) -> Terms {
        Terms(self.terms.iter().flat_map(|terms| terms.0.iter().cloned()).collect())
    }

    /// The words of a picture that are withheld, with their rules.
    pub(super) fn chosen(&self, canvas: &Canvas) -> Vec<(usize, usize)> {
        let words: Vec<&str> = canvas.words.iter().map(|(text, _)| text.as_str()).collect();
        let picks = redaction::chosen(&words, &self.terms);
        let mut chosen: Vec<(usize, usize)> = picks.into_iter().map(|pick| (pick.word, pick.rule)).collect();
        if let Some(rule) = self.personal {
            chosen.extend(redaction::personal(&words).into_iter().map(|word| (word, rule)));
        }
        chosen
    }

    /// Rectangles on the raster: those by hand, and where passages stand that were read on this picture.
    pub(super) fn areas(&self, canvas: &Canvas) -> std::result::Result<Vec<(Area, usize)>, Objection> {
        let size = canvas.raster.dimensions();
        let mut areas = Vec::new();
        for (area, rule) in &self.by_hand {
            areas.push((area.clipped(size).ok_or(Objection::Outside(size))?, *rule));
        }
        let here = self.passages.iter().filter(|(picture, _, _)| *picture == canvas.picture);
        areas.extend(here.filter_map(|(_, quad, rule)| Some((canvas.area(quad)?, *rule))));
        Ok(areas)
    }
}

fn named(names: &[String]) -> Vec<Term> {
    names.iter().filter_map(|name| Term::name(name)).collect()
}

/// Names of persons, and what else is personal by its kind, over all sheets.
fn personal(case: &Case) -> Result<Vec<String>> {
    let kinds = [EntityKind::Person, EntityKind::Phone, EntityKind::Email, EntityKind::Identifier];
    let mut names = Vec::new();
    case.derived().each(|entity: Entity| {
        if kinds.contains(&entity.kind) {
            names.extend(entity.spellings);
        }
        Ok(())
    })?;
    Ok(names)
}

/// Places on pictures, and the same places on all pictures of the sheet that lie on its view.
fn everywhere(case: &Case, spots: &[(PictureId, Quad)]) -> Result<Vec<(PictureId, Quad)>> {
    let mut family_of: BTreeMap<PictureId, Vec<PictureId>> = BTreeMap::new();
    case.derived().each(|family: Family| {
        family_of.extend(family.pictures.iter().map(|picture| (*picture, family.pictures.clone())));
        Ok(())
    })?;
    let placings: BTreeMap<PictureId, Placing> =
        case.derived().all::<Placing>()?.into_iter().map(|placing| (placing.picture, placing)).collect();
    let mut places = Vec::new();
    for (picture, quad) in spots {
        places.push((*picture, *quad));
        for other in family_of.get(picture).into_iter().flatten().filter(|other| *other != picture) {
            let maps = placings.get(picture).zip(placings.get(other));
            places.extend(maps.and_then(|(from, to)| Some((*other, across(from, to, quad)?))));
        }
    }
    Ok(places)
}
