//! Sheets by whom they mention and what they are about.

use std::collections::BTreeSet;

use case::Case;
use dossier::named::Unclear;
use model::{Entity, Family, FamilyId, PictureId, Subject};
use serde_json::Value;

use crate::commands::found;
use crate::fault::{Fault, Outcome};
use crate::talk::plain;

/// The entity of any kind that a name, an id or the beginning of one means.
pub(crate) fn entity(case: &Case, named: &str) -> Outcome<Entity> {
    let wanted = named.trim().to_lowercase();
    if wanted.starts_with("ent:") {
        let found = found::one(case, &wanted)?;
        return serde_json::from_value(found.body).map_err(Fault::ours);
    }
    dossier::named::entity(case, named).map_err(|unclear| match unclear {
        Unclear::Nobody => {
            Fault::user(format!("nobody and nothing that sheets mention is called '{}'", plain(named)))
                .hint("`truecopy list CASE entities` lists all that bears a name")
        }
        Unclear::Several(candidates) => {
            let fault = Fault::user(format!("'{}' means more than one", plain(named)));
            candidates.iter().fold(fault, |fault, one| {
                fault.hint(format!("{} {} ({})", one.id, plain(&one.name), one.kind))
            })
        }
        Unclear::Case(error) => error.into(),
    })
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
