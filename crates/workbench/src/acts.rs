//! What analysts do in the browser: a form becomes a deed, is entered with its reason under their name, and followed by a run.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use case::{Case, Objection, deeds};
use maud::Markup;
use model::{Act, ActId, Deed, Entity, Family, FamilyId, Held, ImpactId, PictureId};
use texts::{filled, html, say, say_told};

use crate::bench::Bench;
use crate::fields::Fields;
use crate::people::Person;

/// Why an act was not entered.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub status: StatusCode,
    pub says: String,
    pub hint: Option<String>,
}

impl Refusal {
    pub fn usage(says: impl Into<String>) -> Self {
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, says: says.into(), hint: None }
    }

    pub fn ours(error: impl std::fmt::Display) -> Self {
        let hint = say("nothing was entered; the case is as it was").to_owned();
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, says: error.to_string(), hint: Some(hint) }
    }

    pub fn reader() -> Self {
        let hint = say("ask whoever started the workbench for an analyst's address").to_owned();
        Self {
            status: StatusCode::FORBIDDEN,
            says: say("a reader looks and does not act").to_owned(),
            hint: Some(hint),
        }
    }

    pub fn markup(&self) -> Markup {
        html! {
            p role="alert" {
                (dossier::shown::plain(&self.says, 600)) "."
                @if let Some(hint) = &self.hint { " " (dossier::shown::plain(hint, 600)) "." }
            }
        }
    }
}

impl From<Objection> for Refusal {
    fn from(objection: Objection) -> Self {
        match objection {
            Objection::Case(error) => Self::ours(error),
            objection => {
                let hint = objection.hint().map(|hint| say_told(&hint).to_owned());
                Self { hint, ..Self::usage(say_told(&objection.to_string())) }
            }
        }
    }
}

impl From<case::Error> for Refusal {
    fn from(error: case::Error) -> Self {
        Self::ours(error)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, Html(self.markup().into_string())).into_response()
    }
}

/// Enters the act that a form asks for and leads to where it shows.
pub(crate) fn act(bench: &Bench, who: &Person, fields: &Fields) -> Response {
    match entered(bench, who, fields) {
        Ok(act) => Redirect::to(&place(bench, &act)).into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

/// The act, entered; what it touches is derived anew.
pub(crate) fn entered(bench: &Bench, who: &Person, fields: &Fields) -> Result<Act, Refusal> {
    if !who.may_act() {
        return Err(Refusal::reader());
    }
    let reason = fields.get("reason").unwrap_or_default();
    let act = bench.with_case(|case| -> Result<Act, Refusal> {
        deeds::reason(reason)?;
        let deed = deed(case, fields)?;
        let act = case.act_signed(&who.name, deed, reason, None)?;
        bench.tell_now(case)?;
        Ok(act)
    })?;
    bench.run();
    Ok(act)
}

/// Where an act shows: at what it is about; what joins, splits or takes back, and may so leave no sheet as it was, in the history.
fn place(bench: &Bench, act: &Act) -> String {
    let live = bench.live();
    let about = match &act.deed {
        Deed::Testify { pictures, .. } => {
            let of =
                |picture: &PictureId| live.picture(&picture.to_string()).and_then(|row| row.family.clone());
            pictures.first().and_then(of)
        }
        deed => deed.on().map(str::to_owned),
    };
    // On its own page, or on that of its sheet; on a page about it where it has neither.
    let shows =
        |id: &str| ["fam:", "pic:", "post:", "chan:", "ent:", "alt:"].iter().any(|kind| id.starts_with(kind));
    match about {
        Some(id) if shows(&id) => format!("/of/{id}"),
        Some(id) => format!("/about/{id}"),
        None => format!("/history#{}", dossier::shown::anchor(&act.id.to_string())),
    }
}

/// The deed that the fields name.
fn deed(case: &Case, fields: &Fields) -> Result<Deed, Refusal> {
    let on = || fields.get("on").ok_or_else(|| Refusal::usage(say("it is not said what this is about")));
    Ok(match fields.get("do").unwrap_or_default() {
        "join" => deeds::join(case, &pictures(case, fields)?)?,
        "split" => deeds::split(case, &pictures(case, fields)?)?,
        "join_names" => deeds::join_names(case, &entities(case, fields)?)?,
        "split_names" => {
            let names: Vec<String> = fields.all("name").into_iter().map(str::to_owned).collect();
            deeds::split_names(case, &entities(case, fields)?, &names)?
        }
        "undo" => deeds::undo(case, parsed::<ActId>(fields.get("act"))?)?,
        "confirm" => deeds::judge(case, parsed::<ImpactId>(fields.get("impact"))?, true)?,
        "reject" => deeds::judge(case, parsed::<ImpactId>(fields.get("impact"))?, false)?,
        "testify" => {
            let when = match (fields.get("from"), fields.get("to")) {
                (None, Some(_)) => {
                    return Err(Refusal::usage(say(
                        "a time that ends has a beginning as well: say from when, or for a single time say it there",
                    )));
                }
                (from, to) => from.map(|from| deeds::between_utc(from, to)).transpose()?,
            };
            deeds::testify(case, &pictures(case, fields)?, when, fields.get("basis").unwrap_or_default())?
        }
        "note" => deeds::note(case, on()?)?,
        "label" => deeds::label(case, on()?, fields.get("label").unwrap_or_default())?,
        "judge" => deeds::held(case, on()?, held(fields.get("holds"))?)?,
        other => return Err(Refusal::usage(filled("there is no act called '{name}'", &[("name", &other)]))),
    })
}

fn held(word: Option<&str>) -> Result<Held, Refusal> {
    match word {
        Some("holds") => Ok(Held::Holds),
        Some("not") => Ok(Held::Not),
        Some("open") => Ok(Held::Open),
        _ => Err(Refusal::usage(say("a judgement is holds, not or open"))),
    }
}

fn parsed<T: std::str::FromStr>(id: Option<&str>) -> Result<T, Refusal> {
    id.and_then(|id| id.parse().ok()).ok_or_else(|| Refusal::usage(say("an id is missing or is none")))
}

/// The pictures that ids of pictures and sheets name.
fn pictures(case: &Case, fields: &Fields) -> Result<BTreeSet<PictureId>, Refusal> {
    let mut pictures = BTreeSet::new();
    for id in fields.all("id") {
        if let Ok(picture) = id.parse::<PictureId>() {
            pictures.insert(picture);
            continue;
        }
        let family = case.derived().get::<Family>(parsed::<FamilyId>(Some(id))?)?;
        let family = family
            .ok_or_else(|| Refusal::usage(filled("{id} is not in this case any more", &[("id", &id)])))?;
        pictures.extend(family.pictures);
    }
    Ok(pictures)
}

fn entities(case: &Case, fields: &Fields) -> Result<Vec<Entity>, Refusal> {
    let one = |id: &str| -> Result<Entity, Refusal> {
        let entity = case.derived().get::<Entity>(parsed::<model::EntityId>(Some(id))?)?;
        entity.ok_or_else(|| Refusal::usage(filled("{id} is not in this case any more", &[("id", &id)])))
    };
    fields.all("id").into_iter().map(one).collect()
}
