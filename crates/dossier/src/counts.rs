use std::collections::BTreeSet;

use model::{AttachmentState, Digest, Kind, Level};

use crate::material::Material;
use crate::told::Counts;

/// What there is, counted (R7). What each number counts stands at its field.
pub fn counts(material: &Material) -> Counts {
    let paged: BTreeSet<Digest> = material.pages.iter().map(|page| page.blob).collect();
    let of_kind = |wanted: fn(Kind) -> bool| {
        material.blobs.iter().filter(|blob| wanted(blob.kind) && paged.contains(&blob.digest)).count() as u64
    };
    let at_level = |level| material.problems.iter().filter(|problem| problem.code.level() == level).count();
    Counts {
        files: material.items.len() as u64,
        contents: material.items.iter().map(|item| item.blob).collect::<BTreeSet<_>>().len() as u64,
        images: of_kind(|kind| kind != Kind::Pdf),
        documents: of_kind(|kind| kind == Kind::Pdf),
        pictures: material.pictures.len() as u64,
        sheets: material.families.len() as u64,
        channels: material.channels.len() as u64,
        posts: material.posts.len() as u64,
        accounts: material.accounts.len() as u64,
        unseen: material.attachments.iter().filter(|attachment| !is_held(attachment.state)).count() as u64,
        problems: at_level(Level::Problem) as u64,
        notes: at_level(Level::Note) as u64,
    }
}

/// Whether a file in this state is held.
pub(crate) fn is_held(state: AttachmentState) -> bool {
    matches!(state, AttachmentState::Held | AttachmentState::FoundElsewhere)
}
