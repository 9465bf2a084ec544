use std::collections::BTreeMap;

use model::{Family, Match, PictureId};

/// One family for each set of pictures that matches tie together, and one for each picture that none does; sorted by id.
/// `area` is what a picture shows, in pixels: the largest is the best.
pub fn cluster(area: &BTreeMap<PictureId, f64>, matches: &[Match]) -> Vec<Family> {
    let mut leader: BTreeMap<PictureId, PictureId> = area.keys().map(|id| (*id, *id)).collect();
    for tie in matches {
        let (a, b) = (find(&mut leader, tie.a), find(&mut leader, tie.b));
        let (low, high) = if a <= b { (a, b) } else { (b, a) };
        leader.insert(high, low);
    }
    let mut members: BTreeMap<PictureId, Vec<PictureId>> = BTreeMap::new();
    for picture in area.keys() {
        members.entry(find(&mut leader, *picture)).or_default().push(*picture);
    }
    let size = |picture: &PictureId| area.get(picture).copied().unwrap_or(0.0);
    let mut families: Vec<Family> = members
        .into_values()
        .filter_map(|pictures| {
            // Of equals the one with the smallest id.
            let best = pictures.iter().rev().max_by(|a, b| size(a).total_cmp(&size(b))).copied()?;
            Some(Family::new(pictures, best))
        })
        .collect();
    families.sort_by_key(|family| family.id);
    families
}

fn find(leader: &mut BTreeMap<PictureId, PictureId>, mut picture: PictureId) -> PictureId {
    loop {
        let above = leader.get(&picture).copied().unwrap_or(picture);
        if above == picture {
            return picture;
        }
        let top = leader.get(&above).copied().unwrap_or(above);
        leader.insert(picture, top);
        picture = top;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Ground, Id};

    #[test]
    fn families_do_not_depend_on_the_order_of_matches() {
        let id = |n: u64| {
            PictureId::make(|id| {
                id.number(n);
            })
        };
        let area: BTreeMap<_, _> = (0..6).map(|n| (id(n), n as f64)).collect();
        let tie = |a, b| Match::new(id(a), id(b), Ground::SameLook, Vec::new());
        let mut ties = vec![tie(0, 1), tie(2, 3), tie(1, 2)];
        let families = cluster(&area, &ties);
        assert_eq!(families.len(), 3);
        let four = families.iter().find(|family| family.pictures.len() == 4).unwrap();
        assert_eq!(four.best, id(3));
        ties.reverse();
        assert_eq!(cluster(&area, &ties), families);
    }
}
