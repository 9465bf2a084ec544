use std::collections::{BTreeMap, BTreeSet};

use model::{ChannelId, Citation, FamilyId, Gap, Hop, Lack, Measure, Order, PostId, Reason, Seek, Why};

use crate::hops::Sight;
use crate::matrix::Cell;
use crate::stock::Stock;

/// Sheets that a supposed source must have handed on, at least, before one wonders where others came from.
const SHARED: usize = 2;
/// The share of its sheets that a channel must have from them: one that has most from elsewhere is no hop of theirs, and that it
/// has more says nothing.
const SHARE: f64 = 0.5;

/// Channels that hold sheets which none of their supposed sources has and which were nowhere else before: they had another
/// source, or are one (R5). Only of channels that have half of their sheets from supposed sources. One gap for each such channel,
/// sorted by id; never sure.
pub fn supplies(stock: &Stock, hops: &[Hop], matrix: &[Cell], sights: &[Sight]) -> Vec<Gap> {
    let mut of: BTreeMap<FamilyId, Vec<&Cell>> = BTreeMap::new();
    for cell in matrix {
        of.entry(cell.family).or_default().push(cell);
    }
    let mut gaps: Vec<Gap> = Vec::new();
    let starts = starts(sights);
    let mut held: BTreeMap<ChannelId, Vec<&Cell>> = BTreeMap::new();
    for cell in matrix {
        held.entry(cell.channel).or_default().push(cell);
    }
    for (channel, held) in held {
        let into: Vec<&Hop> = hops.iter().filter(|hop| hop.to == channel && hop.decided).collect();
        let shared: BTreeSet<FamilyId> = into.iter().flat_map(|hop| hop.families.iter().copied()).collect();
        let sources: BTreeSet<ChannelId> = into.iter().map(|hop| hop.from).collect();
        let share = Measure::new(
            "of its sheets, shared with supposed sources",
            shared.len() as f64 / held.len() as f64,
            "share",
            Some(SHARE),
        );
        if shared.len() < SHARED || share.value < SHARE {
            continue;
        }
        let more: Vec<&Cell> = held
            .into_iter()
            .filter(|own| {
                let others = of.get(&own.family).into_iter().flatten().filter(|cell| cell.channel != channel);
                others.into_iter().all(|other| {
                    let order = own.first.zip(other.first).map(|(own, other)| own.order(&other));
                    !sources.contains(&other.channel) && order == Some(Order::Before)
                })
            })
            .collect();
        let count = Measure::new(
            "sheets shared with supposed sources",
            shared.len() as f64,
            "sheets",
            Some(SHARED as f64),
        );
        gaps.extend(gap(stock, channel, &[count, share], &more, &starts));
    }
    gaps.sort_by_key(|gap| gap.id);
    gaps
}

type Starts = BTreeMap<(ChannelId, FamilyId), PostId>;

/// The post that a channel showed each sheet with first.
fn starts(sights: &[Sight]) -> Starts {
    let rank = |sight: &Sight| (sight.when.is_none(), sight.when.map(|when| when.earliest), sight.post);
    let mut first: BTreeMap<(ChannelId, FamilyId), &Sight> = BTreeMap::new();
    for sight in sights {
        let known = first.entry((sight.channel, sight.family)).or_insert(sight);
        if rank(sight) < rank(known) {
            *known = sight;
        }
    }
    first.into_iter().map(|(key, sight)| (key, sight.post)).collect()
}

fn gap(
    stock: &Stock,
    channel: ChannelId,
    measures: &[Measure],
    more: &[&Cell],
    starts: &Starts,
) -> Option<Gap> {
    let first: BTreeMap<FamilyId, PostId> =
        more.iter().filter_map(|cell| Some((cell.family, *starts.get(&(channel, cell.family))?))).collect();
    let reason = |post: &PostId| Reason {
        measures: measures.to_vec(),
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
        // It has most sheets from nowhere known: more of them say nothing.
        let mut many = matrix[..5].to_vec();
        many.extend((4..=5).map(|family| cell(2, family, 30)));
        assert!(told(&many, &[1, 2]).is_empty());
        // One sheet in common makes no source.
        assert!(told(&matrix[..5], &[1]).is_empty());
    }
}
