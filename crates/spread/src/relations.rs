use std::collections::{BTreeMap, BTreeSet};

use model::{ChannelId, FamilyId};

use crate::matrix::Cell;

/// What two channels have in common, counted in sheets (R5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Relation {
    /// The one that has more sheets; of two that have as many, the one with the smaller id.
    pub one: ChannelId,
    /// The other.
    pub other: ChannelId,
    /// Sheets that both have.
    pub both: u64,
    /// Sheets that only the first has.
    pub only_one: u64,
    /// Sheets that only the other has.
    pub only_other: u64,
}

/// Every pair of channels that share a sheet, those that share most first.
pub fn relations(matrix: &[Cell]) -> Vec<Relation> {
    let mut sheets: BTreeMap<ChannelId, BTreeSet<FamilyId>> = BTreeMap::new();
    for cell in matrix {
        sheets.entry(cell.channel).or_default().insert(cell.family);
    }
    let all: Vec<(&ChannelId, &BTreeSet<FamilyId>)> = sheets.iter().collect();
    let mut found = Vec::new();
    for (n, a) in all.iter().enumerate() {
        for b in &all[n + 1..] {
            let both = a.1.intersection(b.1).count();
            if both > 0 {
                let (one, other) = if b.1.len() > a.1.len() { (b, a) } else { (a, b) };
                found.push(Relation {
                    one: *one.0,
                    other: *other.0,
                    both: both as u64,
                    only_one: (one.1.len() - both) as u64,
                    only_other: (other.1.len() - both) as u64,
                });
            }
        }
    }
    found.sort_by_key(|relation| (std::cmp::Reverse(relation.both), relation.one, relation.other));
    found
}

/// Who can see what stands in a channel, as far as the platform's words for it tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Open {
    /// Anyone.
    Public,
    /// Those who were let in.
    Closed,
    /// The export does not tell.
    Untold,
}

/// Who can see what stands in a channel of this platform and kind.
pub fn open(platform: &str, kind: Option<&str>) -> Open {
    let kind = kind.unwrap_or_default().to_ascii_lowercase();
    match platform {
        "imageboard" | "reddit" | "web" => Open::Public,
        "mail" | "whatsapp" | "signal" | "messenger" | "instagram" => Open::Closed,
        _ if kind.contains("direct") || kind.contains("private") || kind.contains("personal") => Open::Closed,
        _ if kind.contains("public") => Open::Public,
        _ => Open::Untold,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Id;

    fn id<T: Id>(n: u64) -> T {
        T::make(|id| {
            id.number(n);
        })
    }

    #[test]
    fn a_subset_is_told() {
        let cell =
            |(channel, family)| Cell { channel: id(channel), family: id(family), posts: 1, first: None };
        let matrix: Vec<Cell> =
            [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (3, 9)].into_iter().map(cell).collect();
        let found = relations(&matrix);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].one, found[0].other), (id(1), id(2)));
        assert_eq!((found[0].both, found[0].only_one, found[0].only_other), (2, 1, 0));
    }

    #[test]
    fn who_can_see_it_is_told_only_where_the_platform_says() {
        assert_eq!(open("telegram", Some("private_channel")), Open::Closed);
        assert_eq!(open("telegram", Some("public_supergroup")), Open::Public);
        assert_eq!(open("discord", Some("GuildTextChat")), Open::Untold);
        assert_eq!(open("imageboard", None), Open::Public);
    }
}
