use std::collections::BTreeMap;

use model::{ChannelId, FamilyId, MatchId, PictureId, PostId};
use texts::mark;

use super::quotes::quoted_by;
use super::stuff::hundredths;
use super::{printed, sorted, window};
use crate::material::Material;
use crate::told::{
    Alteration, Apart, Appearance, Basis, Cells, Clue, Contrast, Derivation, Document, Exposure, Family,
    First, FirstOf, Marking, Match, Measure, Tell, Version,
};

pub(super) fn measure(measure: &model::Measure) -> Measure {
    Measure {
        name: measure.name.clone(),
        value: measure.value,
        unit: measure.unit.clone(),
        bound: measure.bound,
    }
}

pub(super) fn documents(material: &Material) -> Vec<Document> {
    let rows = material.documents.iter().map(|document| Document {
        id: document.id.to_string(),
        families: document.families.iter().map(ToString::to_string).collect(),
        reasons: document.reasons.iter().map(|reasons| reasons.iter().map(measure).collect()).collect(),
    });
    sorted(rows, |document| document.id.clone())
}

pub(super) fn exposures(material: &Material) -> Vec<Exposure> {
    let tell =
        |tell: &model::Tell| Tell { a: tell.a.to_string(), b: tell.b.to_string(), trace: tell.by.into() };
    let rows = material.exposures.iter().map(|exposure| Exposure {
        id: exposure.id.to_string(),
        family: exposure.family.to_string(),
        pictures: exposure.pictures.iter().map(ToString::to_string).collect(),
        held: exposure.held.iter().map(tell).collect(),
        apart: exposure
            .apart
            .iter()
            .map(|(other, by)| Apart { exposure: other.to_string(), by: tell(by) })
            .collect(),
    });
    sorted(rows, |exposure| exposure.id.clone())
}

pub(super) fn matches(material: &Material) -> Vec<Match> {
    let rows = material.matches.iter().map(|found| Match {
        id: found.id.to_string(),
        a: found.a.to_string(),
        b: found.b.to_string(),
        ground: found.ground.into(),
        measures: found.measures.iter().map(measure).collect(),
        cells: found.cells.as_ref().map(cells),
    });
    sorted(rows, |found| found.id.clone())
}

pub(super) fn contrasts(material: &Material) -> Vec<Contrast> {
    let rows = material.contrasts.iter().map(|contrast| Contrast {
        id: contrast.id.to_string(),
        a: contrast.a.to_string(),
        b: contrast.b.to_string(),
        measures: contrast.measures.iter().map(measure).collect(),
        cells: contrast.cells.as_ref().map(cells),
    });
    sorted(rows, |contrast| contrast.id.clone())
}

fn cells(cells: &model::Cells) -> Cells {
    let model::Cells { on, left, top, side, rows } = cells;
    Cells { on: on.to_string(), left: *left, top: *top, side: *side, rows: rows.clone() }
}

pub(super) fn alterations(material: &Material) -> Vec<Alteration> {
    let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let mut quoted_by = quoted_by(material);
    let rows = material.alterations.iter().map(|alteration| Alteration {
        id: alteration.id.to_string(),
        picture: alteration.picture.to_string(),
        against: alteration.against.to_string(),
        quad: corners(&alteration.quad),
        quad_against: corners(&alteration.quad_against),
        kind: alteration.change.into(),
        reads: said(&alteration.reads),
        reads_against: said(&alteration.reads_against),
        touches: alteration.touches.iter().map(|touches| touched(*touches).to_owned()).collect(),
        later: alteration.later,
        reasons: alteration.reasons.iter().map(clue).collect(),
        measures: alteration.measures.iter().map(measure).collect(),
        quoted_by: quoted_by.remove(&alteration.id).unwrap_or_default(),
    });
    let place = |quad: &[[f64; 2]; 4]| (quad[0][1] * 100.0) as i64 * 10_000_000 + (quad[0][0] * 100.0) as i64;
    sorted(rows, |row| (row.picture.clone(), row.against.clone(), place(&row.quad)))
}

fn clue(clue: &model::Clue) -> Clue {
    Clue {
        why: clue.why.into(),
        later: clue.later,
        carries: clue.carries,
        measures: clue.measures.iter().map(measure).collect(),
    }
}

pub(super) fn corners(quad: &model::Quad) -> [[f64; 2]; 4] {
    quad.0.map(|corner| [hundredths(corner.x), hundredths(corner.y)])
}

fn touched(touches: model::Touches) -> &'static str {
    match touches {
        model::Touches::Figure => "figure",
        model::Touches::Name => "name",
        model::Touches::Date => "date",
        model::Touches::Marking => "marking",
    }
}

/// `firsts` are those of all versions, and of others.
pub(super) fn versions(material: &Material, firsts: &[FirstOf]) -> Vec<Version> {
    let first: BTreeMap<&str, &First> =
        firsts.iter().map(|first| (first.of.as_str(), &first.first)).collect();
    let first = |id: &str| first.get(id).map_or_else(|| told_first(None), |first| (*first).clone());
    let rows = material.versions.iter().map(|version| Version {
        id: version.id.to_string(),
        family: version.family.to_string(),
        pictures: printed(&version.pictures),
        says: version.says.clone(),
        first: first(&version.id.to_string()),
    });
    sorted(rows, |version| version.id.clone())
}

pub(super) fn derivations(material: &Material) -> Vec<Derivation> {
    let step = |step: &model::Step| match step {
        model::Step::Crop => mark("cut"),
        model::Step::Rescale => mark("made smaller"),
        model::Step::Reencode => mark("encoded again"),
        model::Step::Turn => mark("turned or framed"),
        model::Step::Annotate => mark("marked"),
        model::Step::Alter => mark("altered"),
    };
    let rows = material.derivations.iter().map(|made| Derivation {
        id: made.id.to_string(),
        family: made.family.to_string(),
        from: made.from.to_string(),
        to: made.to.to_string(),
        decided: made.decided,
        steps: made.steps.iter().map(|made| step(made).to_owned()).collect(),
        measures: made.measures.iter().map(measure).collect(),
    });
    sorted(rows, |made| made.id.clone())
}

pub(super) fn families(material: &Material, stand: &BTreeMap<PostId, ChannelId>) -> Vec<Family> {
    let firsts: BTreeMap<FamilyId, &model::First> =
        material.firsts.iter().map(|first| (first.family, first)).collect();
    let sheets: BTreeMap<FamilyId, &model::FamilyReading> =
        material.sheets.iter().map(|sheet| (sheet.family, sheet)).collect();
    let mut seen: BTreeMap<FamilyId, Vec<Appearance>> = BTreeMap::new();
    for appearance in &material.appearances {
        seen.entry(appearance.family).or_default().push(told(appearance, stand));
    }
    let mut within = matches_within(material);
    let rows = material.families.iter().map(|family| {
        let first = firsts.get(&family.id);
        let sheet = sheets.get(&family.id);
        let appearances = seen.remove(&family.id).unwrap_or_default().into_iter();
        Family {
            id: family.id.to_string(),
            pictures: printed(&family.pictures),
            best: family.best.to_string(),
            text: sheet.map(|sheet| sheet.text.clone()).filter(|text| !text.is_empty()),
            marking: Marking { banner: sheet.and_then(|sheet| sheet.banner.clone()) },
            first_appearance: first.and_then(|first| first.post).map(|post| post.to_string()),
            first: told_first(first.copied()),
            matches: printed(&within.remove(&family.id).unwrap_or_default()),
            appearances: sorted(appearances, |seen| {
                let when = seen.when.map(|when| (when.earliest, when.latest));
                (when.is_none(), when, seen.post.clone(), seen.picture.clone(), seen.item.clone())
            }),
        }
    });
    sorted(rows, |family| family.id.clone())
}

fn told(appearance: &model::Appearance, stand: &BTreeMap<PostId, ChannelId>) -> Appearance {
    Appearance {
        post: appearance.post.to_string(),
        channel: stand.get(&appearance.post).map(|channel| channel.to_string()),
        picture: appearance.picture.to_string(),
        item: appearance.item.to_string(),
        when: appearance.when.map(window),
    }
}

pub(super) fn told_first(first: Option<&model::First>) -> First {
    let basis = first.map_or(Basis::NotPosted, |first| first.basis.into());
    First {
        interval: first.and_then(|first| first.interval).map(window),
        basis,
        says: basis.says().to_owned(),
        candidates: first
            .map(|first| first.candidates.iter().map(ToString::to_string).collect())
            .unwrap_or_default(),
    }
}

/// The matches whose two pictures are in the same family.
fn matches_within(material: &Material) -> BTreeMap<FamilyId, Vec<MatchId>> {
    let mut family_of: BTreeMap<PictureId, FamilyId> = BTreeMap::new();
    for family in &material.families {
        family_of.extend(family.pictures.iter().map(|picture| (*picture, family.id)));
    }
    let mut within: BTreeMap<FamilyId, Vec<MatchId>> = BTreeMap::new();
    for found in &material.matches {
        if let (Some(a), Some(b)) = (family_of.get(&found.a), family_of.get(&found.b))
            && a == b
        {
            within.entry(*a).or_default().push(found.id);
        }
    }
    within
}
