use std::collections::{BTreeMap, BTreeSet};

use model::{ChannelId, Citation, FamilyId, Gap, Hop, Lack, Measure, Order, PostId, Reason, Seek, Why};

use crate::hops::Sight;
use crate::matrix::Cell;
use crate::stock::Stock;

/// Sheets that a supposed source must have handed on, at least, before one wonders where others came from.
const SHARED: usize = 2;

/// Channels that hold sheets which none of their supposed sources has and which were nowhere else before: they had another
/// source, or are one (R5). One gap for each such channel, sorted by id; never sure.
pub fn supplies(stock: &Stock, hops: &[Hop], matrix: &[Cell], sights: &[Sight]) -> Vec<Gap> {
    let mut of: BTreeMap<FamilyId, Vec<&Cell>> = BTreeMap::new();
    for cell in matrix {
        of.entry(cell.family).or_default().push(cell);
    }
    let mut gaps: Vec<Gap> = Vec::new();
    let channels: BTreeSet<ChannelId> = matrix.iter().map(|cell| cell.channel).collect();
    for channel in channels {
        let into: Vec<&Hop> = hops.iter().filter(|hop| hop.to == channel && hop.decided).collect();
        let shared: BTreeSet<FamilyId> = into.iter().flat_map(|hop| hop.families.iter().copied()).collect();
        let sources: BTreeSet<ChannelId> = into.iter().map(|hop| hop.from).collect();
        if shared.len() < SHARED {
            continue;
        }
        let more: Vec<&Cell> = matrix
            .iter()
            .filter(|cell| cell.channel == channel)
            .filter(|own| {
                let others = of.get(&own.family).into_iter().flatten().filter(|cell| cell.channel != channel);
                others.into_iter().all(|other| {
                    let order = own.first.zip(other.first).map(|(own, other)| own.order(&other));
                    !sources.contains(&other.channel) && order == Some(Order::Before)
                })
            })
            .collect();
        gaps.extend(gap(stock, channel, &shared, &more, sights));
    }
    gaps.sort_by_key(|gap| gap.id);
    gaps
}

fn gap(
    stock: &Stock,
    channel: ChannelId,
    shared: &BTreeSet<FamilyId>,
    more: &[&Cell],
    sights: &[Sight],
) -> Option<Gap> {
    let first: BTreeMap<FamilyId, PostId> = more
        .iter()
        .filter_map(|cell| {
            let own = sights.iter().filter(|sight| sight.channel == channel && sight.family == cell.family);
            let first = own
                .min_by_key(|sight| (sight.when.is_none(), sight.when.map(|when| when.earliest), sight.post));
            Some((cell.family, first?.post))
        })
        .collect();
    let count = Measure::new(
        "sheets shared with supposed sources",
        shared.len() as f64,
        "sheets",
        Some(SHARED as f64),
    );
    let reason = |post: &PostId| Reason {
        measures: vec![count.clone()],
        ..Reason::new(Why::HoldsMore, Citation::Post(*post), None)
    };
    let mut reasons: Vec<Reason> = first.values().map(reason).collect();
    reasons.sort_by_key(|reason| reason.cited.to_string());
    reasons.dedup();
    let own = stock.channel(channel)?;
    (!first.is_empty()).then(|| Gap {
        id: Gap::id_of(Lack::Supply, &[&channel.to_string()]),
        lack: Lack::Supply,
        sure: false,
        families: first.keys().copied().collect(),
        pictures: Vec::new(),
        channel: Some(channel),
        reasons,
        seek: Seek {
            platform: Some(own.platform.clone()),
            space: own.space.clone(),
            channel: Some(own.native_id.clone()),
            before: more.iter().filter_map(|cell| cell.first.map(|first| first.latest)).max(),
            ..Seek::default()
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;
    use model::{Channel, Digest, Id, Interval};

    fn id<T: Id>(n: u64) -> T {
        T::make(|id| {
            id.number(n);
        })
    }

    fn place(n: u64) -> Channel {
        Channel {
            id: id(n),
            platform: "discord".into(),
            native_id: n.to_string(),
            name: n.to_string(),
            space: None,
            kind: None,
            exports: vec![],
            posts: 0,
        }
    }

    fn cell(channel: u64, family: u64, second: i64) -> Cell {
        let at = Timestamp::from_second(second).unwrap();
        Cell {
            channel: id(channel),
            family: id(family),
            posts: 1,
            first: Some(Interval { earliest: at, latest: at }),
        }
    }

    fn sight(cell: &Cell, n: u64) -> Sight {
        let blob = Digest::of(&n.to_be_bytes());
        Sight {
            channel: cell.channel,
            post: id(n),
            when: cell.first,
            family: cell.family,
            picture: id(n),
            blob,
        }
    }

    fn told(matrix: &[Cell], shared: &[u64]) -> Vec<Gap> {
        let stock = Stock::new([place(1), place(2), place(3)], []);
        let hop = Hop {
            id: Hop::id_of(id(1), id(2), true),
            from: id(1),
            to: id(2),
            decided: true,
            families: shared.iter().map(|n| id(*n)).collect(),
            first: None,
            evidence: vec![],
        };
        let sights: Vec<Sight> = matrix.iter().zip(1..).map(|(cell, n)| sight(cell, n)).collect();
        supplies(&stock, &[hop], matrix, &sights)
    }

    #[test]
    fn what_the_supposed_source_lacks_came_from_elsewhere() {
        let mut matrix = vec![cell(1, 1, 10), cell(1, 2, 10), cell(2, 1, 20), cell(2, 2, 20), cell(2, 3, 30)];
        let gaps = told(&matrix, &[1, 2]);
        assert_eq!(gaps.len(), 1);
        assert_eq!((gaps[0].families.as_slice(), gaps[0].channel), (&[id(3)][..], Some(id(2))));
        assert!(!gaps[0].sure);
        // Another channel had it before: it may have come from there.
        matrix.push(cell(3, 3, 25));
        assert!(told(&matrix, &[1, 2]).is_empty());
        // One sheet in common makes no source.
        assert!(told(&matrix[..5], &[1]).is_empty());
    }
}
