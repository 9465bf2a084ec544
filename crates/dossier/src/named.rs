//! What a name or an id means: a party of a dossier, or an entity of a case. Where several bear the name, all are candidates and
//! none is taken.

use std::collections::BTreeMap;

use case::Case;
use model::{Entity, Id, Noun, PictureId, Point, Quad};

use crate::told::{AffectedParty, Dossier};

/// Candidates that are named, at most.
pub const CANDIDATES: usize = 8;

/// Why a name means nobody in particular.
#[derive(Debug, thiserror::Error)]
pub enum Unclear {
    /// Nobody and nothing bears it.
    #[error("nobody and nothing bears that name")]
    Nobody,
    /// Several do; of many, the first ones.
    #[error("the name means more than one")]
    Several(Vec<Candidate>),
    /// The case could not be read.
    #[error(transparent)]
    Case(#[from] case::Error),
}

/// One of several that a name can mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Its printed id.
    pub id: String,
    /// What it is: the word for it.
    pub kind: String,
    /// What it is called.
    pub name: String,
}

/// The party that a name, a spelling, an id or the beginning of one means.
pub fn party<'a>(told: &'a Dossier, named: &str) -> Result<&'a AffectedParty, Unclear> {
    let spelled: BTreeMap<&str, &[String]> =
        told.entities.iter().map(|entity| (entity.id.as_str(), entity.spellings.as_slice())).collect();
    let spellings = |party: &AffectedParty| spelled.get(party.id.as_str()).copied().unwrap_or_default();
    let bears = |party: &&AffectedParty| Bears::of(&party.name, spellings(party), named).is_some();
    let mut hits: Vec<&AffectedParty> = told.parties.iter().filter(bears).collect();
    if let (true, Some(digits)) = (hits.is_empty(), digits(named)) {
        let begins = |party: &&AffectedParty| {
            party.id.split_once(':').is_some_and(|(_, own)| own.starts_with(&digits))
        };
        hits = told.parties.iter().filter(begins).collect();
    }
    let candidate = |party: &&AffectedParty| Candidate {
        id: party.id.clone(),
        kind: word(&party.kind),
        name: party.name.clone(),
    };
    the_only(hits, candidate)
}

/// The entity of any kind that a name means, before one of which it is only a spelling; or an id, or the beginning of one.
pub fn entity(case: &Case, named: &str) -> Result<Entity, Unclear> {
    let mut hits: Vec<(Bears, Entity)> = Vec::new();
    case.derived().each(|entity: Entity| {
        hits.extend(Bears::of(&entity.name, &entity.spellings, named).map(|bears| (bears, entity)));
        Ok(())
    })?;
    if hits.iter().any(|(bears, _)| *bears == Bears::Name) {
        hits.retain(|(bears, _)| *bears == Bears::Name);
    }
    let mut hits: Vec<Entity> = hits.into_iter().map(|(_, entity)| entity).collect();
    if let (true, Some(digits)) = (hits.is_empty() && is_id(named), digits(named)) {
        for body in case.derived().starting(Entity::KIND, &digits, CANDIDATES + 1)? {
            hits.push(serde_json::from_str(&body).map_err(case::Error::from)?);
        }
    }
    let candidate = |entity: &Entity| Candidate {
        id: entity.id.to_string(),
        kind: word(&entity.kind),
        name: entity.name.clone(),
    };
    the_only(hits, candidate)
}

/// Where a party's passages stand on pictures, as they were cited.
pub fn spots(party: &AffectedParty) -> Vec<(PictureId, Quad)> {
    let spots = party.passages.iter().flat_map(|passage| &passage.cited.places);
    let spots = spots
        .filter_map(|spot| Some((spot.picture.parse().ok()?, Quad(spot.quad.map(|[x, y]| Point { x, y })))));
    spots.collect()
}

/// How something bears a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bears {
    /// It is called so.
    Name,
    /// It is spelled so somewhere.
    Spelling,
}

impl Bears {
    fn of(name: &str, spellings: &[String], wanted: &str) -> Option<Self> {
        let wanted = wanted.trim().to_lowercase();
        if name.to_lowercase() == wanted {
            return Some(Self::Name);
        }
        spellings.iter().any(|spelling| spelling.to_lowercase() == wanted).then_some(Self::Spelling)
    }
}

fn is_id(named: &str) -> bool {
    named.trim().to_lowercase().starts_with(&prefix())
}

fn prefix() -> String {
    format!("{}:", model::EntityId::PREFIX)
}

/// The digits of an id or its beginning, with the word before them or without.
fn digits(named: &str) -> Option<String> {
    let wanted = named.trim().to_lowercase();
    let digits = wanted.strip_prefix(&prefix()).unwrap_or(&wanted).trim_end_matches('…');
    let some = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    some.then(|| digits.to_owned())
}

fn the_only<T>(mut hits: Vec<T>, candidate: impl Fn(&T) -> Candidate) -> Result<T, Unclear> {
    match hits.len() {
        1 => hits.pop().ok_or(Unclear::Nobody),
        0 => Err(Unclear::Nobody),
        _ => Err(Unclear::Several(hits.iter().take(CANDIDATES).map(candidate).collect())),
    }
}

/// The word a value has in JSON.
fn word(kind: &impl serde::Serialize) -> String {
    serde_json::to_value(kind).ok().and_then(|kind| Some(kind.as_str()?.to_owned())).unwrap_or_default()
}
