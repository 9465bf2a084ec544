use std::collections::BTreeMap;

use model::{Appearance, AppearanceId, Attachment, Digest, FamilyId, Id, Interval, PictureId, PostId};

/// What some bytes show: the pictures on their pages, each with its family.
pub type Holding = BTreeMap<Digest, Vec<(PictureId, FamilyId)>>;

/// One appearance for each picture of each attached file that is held, sorted by id. A file that several items hold
/// counts once; the item named is the one with the smallest id.
pub fn appearances(
    attachments: &[Attachment],
    posted: &dyn Fn(PostId) -> Option<Interval>,
    holding: &Holding,
) -> Vec<Appearance> {
    let mut seen = BTreeMap::new();
    for attachment in attachments {
        let (Some(blob), Some(item)) = (attachment.blob, attachment.items.first()) else {
            continue;
        };
        for (picture, family) in holding.get(&blob).into_iter().flatten() {
            let id = AppearanceId::make(|id| {
                id.id(attachment.id).id(*picture);
            });
            let appearance = Appearance {
                id,
                family: *family,
                picture: *picture,
                item: *item,
                post: attachment.post,
                when: posted(attachment.post),
            };
            seen.insert(id, appearance);
        }
    }
    seen.into_values().collect()
}
