//! Sheets by whom they mention and what they are about.

use std::collections::BTreeSet;

use case::Case;
use model::{Entity, Family, FamilyId, PictureId, Subject};
use serde_json::{Value, json};

use crate::commands::found;
use crate::fault::{Fault, Outcome};
use crate::talk::plain;

/// Candidates named where a name is not the only one.
const NAMED: usize = 8;

/// The entity of any kind that a name, an id or the beginning of one means.
pub(crate) fn entity(case: &Case, named: &str) -> Outcome<Entity> {
    let wanted = named.trim().to_lowercase();
    if wanted.starts_with("ent:") {
        let found = found::one(case, &wanted)?;
        return serde_json::from_value(found.body).map_err(Fault::ours);
    }
    let (mut called, mut spelled): (Vec<Entity>, Vec<Entity>) = (Vec::new(), Vec::new());
    case.derived().each(|entity: Entity| {
        if entity.name.to_lowercase() == wanted {
            called.push(entity);
        } else if entity.spellings.iter().any(|name| name.to_lowercase() == wanted) {
            spelled.push(entity);
        }
        Ok(())
    })?;
    let mut hits = if called.is_empty() { spelled } else { called };
    match hits.len() {
        1 => Ok(hits.remove(0)),
        0 => Err(Fault::user(format!("nobody and nothing that sheets mention is called '{}'", plain(named)))
            .hint("`truecopy list CASE entities` lists all that bears a name")),
        _ => {
            let fault = Fault::user(format!("'{}' means more than one", plain(named)));
            Err(hits.iter().take(NAMED).fold(fault, |fault, entity| {
                let kind = json!(entity.kind);
                let kind = kind.as_str().unwrap_or_default();
                fault.hint(format!("{} {} ({kind})", entity.id, plain(&entity.name)))
            }))
        }
    }
}

/// Some sheets and their pictures.
#[derive(Default)]
pub(crate) struct Sheets {
    pictures: BTreeSet<PictureId>,
    printed: BTreeSet<String>,
}

impl Sheets {
    /// Those that mention a party and are about a subject, as far as either is given; none if neither is.
    pub(crate) fn of(case: &Case, party: Option<&str>, subject: Option<&str>) -> Outcome<Option<Self>> {
        let party = party.map(|named| entity(case, named)).transpose()?;
        let mut families: Option<BTreeSet<FamilyId>> =
            party.map(|entity| entity.families.into_iter().collect());
        if let Some(words) = subject {
            let wanted: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
            let mut about = BTreeSet::new();
            case.derived().each(|subject: Subject| {
                let text = subject.text.to_lowercase();
                let has =
                    |word: &String| text.split(|c: char| !c.is_alphanumeric()).any(|other| other == word);
                if wanted.iter().all(has) {
                    about.insert(subject.family);
                }
                Ok(())
            })?;
            families = Some(families.map_or(about.clone(), |families| &families & &about));
        }
        let Some(families) = families else { return Ok(None) };
        let mut pictures = BTreeSet::new();
        case.derived().each(|family: Family| {
            if families.contains(&family.id) {
                pictures.extend(family.pictures);
            }
            Ok(())
        })?;
        let printed = families.iter().map(ToString::to_string);
        let printed = printed.chain(pictures.iter().map(ToString::to_string)).collect();
        Ok(Some(Self { pictures, printed }))
    }

    /// Whether a picture shows one of them.
    pub(crate) fn shown_by(&self, picture: PictureId) -> bool {
        self.pictures.contains(&picture)
    }

    /// Whether a noun is one of these sheets or pictures, or names one as what it belongs to.
    pub(crate) fn own(&self, body: &Value) -> bool {
        let one = |value: &Value| value.as_str().is_some_and(|text| self.printed.contains(text));
        let many = |key: &str| body.get(key).and_then(Value::as_array).is_some_and(|all| all.iter().any(one));
        ["id", "family", "picture"].iter().any(|key| body.get(*key).is_some_and(one))
            || many("families")
            || many("pictures")
    }
}
