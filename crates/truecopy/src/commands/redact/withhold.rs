//! What is to be withheld: the rules that were asked for, with their words in the log, which name nobody.

use case::Case;
use model::{Entity, EntityKind, Quad};
use pipeline::redact::Canvas;
use redaction::{Area, Term, Terms};

use crate::args::Redact;
use crate::commands::parties;
use crate::fault::{Fault, Outcome};

/// The rules, in the order in which they are numbered.
pub(super) struct Rules {
    says: Vec<String>,
    /// The terms of each.
    pub(super) terms: Vec<Terms>,
    /// Personal data by its form is withheld by this rule.
    personal: Option<usize>,
    /// Places on pages that passages of a party stand on, and their rule.
    passages: Vec<(model::PictureId, Quad, usize)>,
    /// Rectangles by hand, and their rule.
    by_hand: Vec<(Area, usize)>,
}

impl Rules {
    pub(super) fn of(case: &Case, redact: &Redact) -> Outcome<Self> {
        let mut rules = Self {
            says: Vec::new(),
            terms: Vec::new(),
            personal: None,
            passages: Vec::new(),
            by_hand: Vec::new(),
        };
        if redact.personal {
            let mut names = Vec::new();
            case.derived().each(|entity: Entity| {
                let personal =
                    [EntityKind::Person, EntityKind::Phone, EntityKind::Email, EntityKind::Identifier];
                if personal.contains(&entity.kind) {
                    names.extend(entity.spellings);
                }
                Ok(())
            })?;
            rules.personal = Some(rules.says.len());
            rules.add("personal data", names.iter().filter_map(|name| Term::name(name)).collect());
        }
        if let Some(path) = &redact.names {
            let text = std::fs::read_to_string(path).map_err(|error| {
                Fault::user(format!("{}: {error}", path.display()))
                    .hint("a text in UTF-8 is needed, one name a line")
            })?;
            rules.add("a name of a list", text.lines().filter_map(Term::name).collect());
        }
        for party in &redact.party {
            let (entity, passages) = parties::passages(case, party)?;
            let rule = rules.says.len();
            rules.add(
                "a party's passages",
                entity.spellings.iter().filter_map(|name| Term::name(name)).collect(),
            );
            rules.passages.extend(passages.into_iter().map(|(picture, quad)| (picture, quad, rule)));
        }
        if !redact.search.is_empty() {
            rules.add(
                "words that were searched for",
                redact.search.iter().filter_map(|one| Term::phrase(one)).collect(),
            );
        }
        for region in &redact.region {
            let area = super::check::area(region)?;
            rules.by_hand.push((area, rules.says.len()));
        }
        if !redact.region.is_empty() {
            rules.add("by hand", Vec::new());
        }
        if rules.says.is_empty() {
            return Err(Fault::usage("nothing is to be withheld")
                .hint("name --personal, --names, --party, --search or --region"));
        }
        rules.add("still read after the rest was withheld", Vec::new());
        Ok(rules)
    }

    fn add(&mut self, says: &str, terms: Vec<Term>) {
        self.says.push(says.to_owned());
        self.terms.push(Terms(terms));
    }

    /// The rule in words.
    pub(super) fn says(&self, rule: usize) -> &str {
        self.says.get(rule).map_or("", String::as_str)
    }

    /// The number of the rule for what is still read.
    pub(super) fn still_read(&self) -> usize {
        self.says.len().saturating_sub(1)
    }

    /// Whether it does not matter which words were read: all is by hand.
    pub(super) fn by_words_alone(&self) -> bool {
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
    pub(super) fn areas(&self, canvas: &Canvas) -> Outcome<Vec<(Area, usize)>> {
        let size = canvas.raster.dimensions();
        let mut areas = Vec::new();
        for (area, rule) in &self.by_hand {
            let inside = area.clipped(size).ok_or_else(|| {
                Fault::usage(format!("a region lies outside the picture, which is {} x {}", size.0, size.1))
            })?;
            areas.push((inside, *rule));
        }
        let here = self.passages.iter().filter(|(picture, _, _)| *picture == canvas.picture);
        areas.extend(here.filter_map(|(_, quad, rule)| Some((canvas.area(quad)?, *rule))));
        Ok(areas)
    }
}
