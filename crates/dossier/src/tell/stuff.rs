use std::collections::BTreeMap;

use model::{Deed, Digest, FamilyId, PageId, PictureId};

use super::{printed, sorted, times, window};
use crate::material::Material;
use crate::told::{Act, Capture, Item, Kind, OnSheet, Picture};

pub(super) fn items(material: &Material) -> Vec<Item> {
    let kinds: BTreeMap<Digest, Kind> =
        material.blobs.iter().map(|blob| (blob.digest, blob.kind.into())).collect();
    let blob_of: BTreeMap<PageId, Digest> = material.pages.iter().map(|page| (page.id, page.blob)).collect();
    let mut shown: BTreeMap<Digest, Vec<PictureId>> = BTreeMap::new();
    for picture in &material.pictures {
        if let Some(blob) = blob_of.get(&picture.page) {
            shown.entry(*blob).or_default().push(picture.id);
        }
    }
    let rows = material.items.iter().map(|item| Item {
        id: item.id.to_string(),
        sha256: item.blob.to_string(),
        size: item.size,
        name: item.name.clone(),
        path: item.path.clone(),
        inside: item.inside.map(|outer| outer.to_string()),
        kind: kinds.get(&item.blob).copied().unwrap_or(Kind::Unknown),
        pictures: shown.get(&item.blob).map(|ids| printed(ids)).unwrap_or_default(),
    });
    sorted(rows, |item| item.id.clone())
}

pub(super) fn acts(material: &Material) -> Vec<Act> {
    let standing = model::standing(&material.acts);
    let told = |act: &model::Act| {
        let (pictures, from) = act.deed.pictures();
        let (_, names, names_from) = act.deed.names().unwrap_or((model::EntityKind::Person, &[], &[]));
        Act {
            id: act.id.to_string(),
            at: act.at,
            actor: act.actor.clone(),
            deed: act.deed.word().to_owned(),
            pictures: printed(pictures),
            from: printed(from),
            names: names.to_vec(),
            names_from: names_from.to_vec(),
            undoes: if let Deed::Undo { act } = act.deed { Some(act.to_string()) } else { None },
            judges: act.deed.judges().map(|(impact, _)| impact.to_string()),
            on: act.deed.on().map(str::to_owned),
            label: if let Deed::Label { label, .. } = &act.deed { Some(label.clone()) } else { None },
            holds: if let Deed::Judge { holds, .. } = act.deed { Some(holds.into()) } else { None },
            when: if let Deed::Testify { when, .. } = act.deed { when.map(window) } else { None },
            basis: if let Deed::Testify { basis, .. } = &act.deed { Some(basis.clone()) } else { None },
            reason: act.reason.clone(),
            stands: standing.contains(&act.id),
        }
    };
    material.acts.iter().map(told).collect()
}

pub(super) fn pictures(material: &Material) -> Vec<Picture> {
    let pages = material.page_of();
    let holders = material.holders();
    let readings: BTreeMap<PictureId, &model::Reading> =
        material.readings.iter().map(|reading| (reading.picture, reading)).collect();
    let mut version_of = BTreeMap::new();
    for version in &material.versions {
        version_of.extend(version.pictures.iter().map(|picture| (*picture, version.id)));
    }
    let placing_of: BTreeMap<PictureId, &model::Placing> =
        material.placings.iter().map(|placing| (placing.picture, placing)).collect();
    let decided = material.derivations.iter().filter(|derivation| derivation.decided);
    let made_from: BTreeMap<PictureId, PictureId> = decided.map(|made| (made.to, made.from)).collect();
    let mut family_of: BTreeMap<PictureId, FamilyId> = BTreeMap::new();
    for family in &material.families {
        family_of.extend(family.pictures.iter().map(|picture| (*picture, family.id)));
    }
    let rows = material.pictures.iter().filter_map(|picture| {
        let page = pages.get(&picture.page)?;
        let items = holders.get(&page.blob).map(|ids| printed(ids)).unwrap_or_default();
        let reading = readings.get(&picture.id);
        let layer = page.text_layer.as_ref().map(|layer| layer.text.clone());
        let text = reading.map(|reading| reading.text.clone()).or(layer);
        let turned = reading.map_or(0, |reading| usize::from(reading.turned));
        let mut corners = picture.outline.0;
        corners.rotate_left(turned % 4);
        Some(Picture {
            id: picture.id.to_string(),
            item: items.first().cloned(),
            items,
            page: page.number,
            page_id: page.id.to_string(),
            outline: corners.map(|corner| [hundredths(corner.x), hundredths(corner.y)]),
            width: page.width,
            height: page.height,
            family: family_of.get(&picture.id).map(|family| family.to_string()),
            version: version_of.get(&picture.id).map(ToString::to_string),
            on_sheet: placing_of.get(&picture.id).map(|placing| OnSheet {
                map: placing.to_view,
                width: hundredths(placing.view.0),
                height: hundredths(placing.view.1),
            }),
            derived_from: made_from.get(&picture.id).map(ToString::to_string),
            text: text.filter(|text| !text.trim().is_empty()),
            capture: Capture::from(picture.capture),
            software: page.software.clone(),
            times: times(&page.times),
        })
    });
    sorted(rows, |picture| picture.id.clone())
}

/// A pixel position to the hundredth, the finest anyone can see.
pub(super) fn hundredths(position: f64) -> f64 {
    // Adding zero turns −0 into 0.
    (position * 100.0).round() / 100.0 + 0.0
}
