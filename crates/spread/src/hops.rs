//! How sheets may have gone from channel to channel: hypotheses with what speaks for each.
//!
//! What two posts have in common (the same bytes, a picture made from the other) ties their channels; times or the platform give
//! the direction, or leave it undecided. That one channel had a sheet before another is no reason by itself.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    ChannelId, Derivation, Digest, Evidence, FamilyId, Hop, Interval, Order, PictureId, PostId, Tie,
};

/// A picture in a post of a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sight {
    /// The channel.
    pub channel: ChannelId,
    /// The post.
    pub post: PostId,
    /// When.
    pub when: Option<Interval>,
    /// The sheet.
    pub family: FamilyId,
    /// The picture.
    pub picture: PictureId,
    /// The bytes that show it.
    pub blob: Digest,
}

/// A post that names a place in another channel, or words of a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pointer {
    /// `Forward`, `Link`, `Reply` or `Words`.
    pub tie: Tie,
    /// The channel that is named; none for words.
    pub from: Option<ChannelId>,
    /// The post that is named.
    pub target: Option<PostId>,
    /// The channel of the post that names it.
    pub channel: ChannelId,
    /// The post that names it.
    pub post: PostId,
    /// When that was posted.
    pub when: Option<Interval>,
    /// The sheets whose words it has.
    pub families: Vec<FamilyId>,
}

/// Steps of descent that are followed.
const STEPS: usize = 24;
/// Channels that show the same, of which each pair is looked at.
const TOGETHER: usize = 80;
/// Pieces of evidence of one kind that a hop keeps.
const KEPT: usize = 400;

/// When something was in a channel first, and the post that shows it.
#[derive(Clone, Copy)]
struct Start {
    post: PostId,
    family: FamilyId,
    first: Option<Interval>,
}

type Starts<K> = BTreeMap<K, BTreeMap<ChannelId, Start>>;

/// Every hop that something other than time speaks for, sorted by id.
pub fn hops(sights: &[Sight], pointers: &[Pointer], derivations: &[Derivation]) -> Vec<Hop> {
    let by_blob = starts(sights, |sight| sight.blob);
    let by_picture = starts(sights, |sight| sight.picture);
    let by_family = starts(sights, |sight| sight.family);
    let mut found: BTreeMap<(ChannelId, ChannelId, bool), Vec<Evidence>> = BTreeMap::new();
    for channels in by_blob.values() {
        pairs(channels, Tie::SameBytes, &mut found);
    }
    descents(&by_picture, derivations, &mut found);
    point(sights, pointers, &mut found);
    let mut weak: BTreeMap<(ChannelId, ChannelId, bool), Vec<Evidence>> = BTreeMap::new();
    for channels in by_family.values() {
        pairs(channels, Tie::Time, &mut weak);
    }
    words(&by_family, pointers, &mut weak);
    let mut hops: Vec<Hop> = found
        .into_iter()
        .map(|((from, to, decided), mut evidence)| {
            evidence.extend(weak.remove(&(from, to, decided)).filter(|_| decided).unwrap_or_default());
            hop(from, to, decided, evidence, sights)
        })
        .collect();
    hops.sort_by_key(|hop| hop.id);
    hops
}

/// Where and when each thing was first in each channel.
fn starts<K: Ord>(sights: &[Sight], key: impl Fn(&Sight) -> K) -> Starts<K> {
    let mut starts: Starts<K> = BTreeMap::new();
    for sight in sights {
        let own = Start { post: sight.post, family: sight.family, first: sight.when };
        let known = starts.entry(key(sight)).or_default().entry(sight.channel).or_insert(own);
        let rank = |start: &Start| {
            (start.first.is_none(), start.first.map(|at| (at.latest, at.earliest)), start.post)
        };
        let first = match (known.first, own.first) {
            (Some(a), Some(b)) => {
                Some(Interval { earliest: a.earliest.min(b.earliest), latest: a.latest.min(b.latest) })
            }
            (a, b) => a.or(b),
        };
        if rank(&own) < rank(known) {
            *known = own;
        }
        known.first = first;
    }
    starts
}

/// Ties every two channels that show the same.
fn pairs(
    channels: &BTreeMap<ChannelId, Start>,
    tie: Tie,
    into: &mut BTreeMap<(ChannelId, ChannelId, bool), Vec<Evidence>>,
) {
    let all: Vec<(&ChannelId, &Start)> = channels.iter().take(TOGETHER).collect();
    for (n, (a, one)) in all.iter().enumerate() {
        for (b, two) in &all[n + 1..] {
            let order = order(one.first, two.first);
            let ((from, start), (to, end), decided) = match order {
                Order::Before => ((**a, one), (**b, two), true),
                Order::After => ((**b, two), (**a, one), true),
                Order::Undecided => ((**a, one), (**b, two), false),
            };
            let order = if decided { Order::Before } else { Order::Undecided };
            let evidence =
                Evidence { tie, family: Some(end.family), from: Some(start.post), to: end.post, order };
            into.entry((from, to, decided)).or_default().push(evidence);
        }
    }
}

fn order(a: Option<Interval>, b: Option<Interval>) -> Order {
    a.zip(b).map_or(Order::Undecided, |(a, b)| a.order(&b))
}

/// Ties the channel of a picture to that of the nearest picture it was made from that was posted.
fn descents(
    by_picture: &Starts<PictureId>,
    derivations: &[Derivation],
    into: &mut BTreeMap<(ChannelId, ChannelId, bool), Vec<Evidence>>,
) {
    let source: BTreeMap<PictureId, &Derivation> = derivations.iter().map(|made| (made.to, made)).collect();
    for (picture, shown) in by_picture {
        let (mut at, mut decided) = (*picture, true);
        let above = std::iter::from_fn(|| {
            let made = source.get(&at)?;
            (at, decided) = (made.from, decided && made.decided);
            Some((at, decided))
        });
        let posted = above.take(STEPS).find_map(|(above, decided)| Some((by_picture.get(&above)?, decided)));
        let Some((origins, decided)) = posted else { continue };
        for (to, end) in shown {
            // Where its source had been before, it need not have come from elsewhere.
            if origins.get(to).is_some_and(|own| order(own.first, end.first) != Order::After) {
                continue;
            }
            for (from, start) in origins.iter().filter(|(from, _)| *from != to) {
                let order = order(start.first, end.first);
                if order == Order::After {
                    continue;
                }
                let decided = decided && order == Order::Before;
                let (key, start, end) = match decided || from < to {
                    true => ((*from, *to, decided), start, end),
                    false => ((*to, *from, false), end, start),
                };
                let evidence = Evidence {
                    tie: Tie::Descent,
                    family: Some(end.family),
                    from: Some(start.post),
                    to: end.post,
                    order,
                };
                into.entry(key).or_default().push(evidence);
            }
        }
    }
}

/// Ties the channel that a post names to its own, where either post shows a sheet.
fn point(
    sights: &[Sight],
    pointers: &[Pointer],
    into: &mut BTreeMap<(ChannelId, ChannelId, bool), Vec<Evidence>>,
) {
    let mut shows: BTreeMap<PostId, BTreeSet<FamilyId>> = BTreeMap::new();
    for sight in sights {
        shows.entry(sight.post).or_default().insert(sight.family);
    }
    for pointer in pointers {
        let Some(from) = pointer.from.filter(|from| *from != pointer.channel) else { continue };
        let of = |post: Option<PostId>| post.and_then(|post| shows.get(&post)).into_iter().flatten().copied();
        let families: BTreeSet<FamilyId> = of(Some(pointer.post)).chain(of(pointer.target)).collect();
        let tied = families.into_iter().map(|family| Evidence {
            tie: pointer.tie,
            family: Some(family),
            from: pointer.target,
            to: pointer.post,
            order: Order::Before,
        });
        let tied: Vec<Evidence> = tied.collect();
        if !tied.is_empty() {
            into.entry((from, pointer.channel, true)).or_default().extend(tied);
        }
    }
}

/// Posts that type off a sheet, after another channel had shown it.
fn words(
    by_family: &Starts<FamilyId>,
    pointers: &[Pointer],
    into: &mut BTreeMap<(ChannelId, ChannelId, bool), Vec<Evidence>>,
) {
    for pointer in pointers.iter().filter(|pointer| pointer.tie == Tie::Words) {
        for family in &pointer.families {
            for (from, start) in by_family.get(family).into_iter().flatten() {
                if *from != pointer.channel && order(start.first, pointer.when) == Order::Before {
                    let evidence = Evidence {
                        tie: Tie::Words,
                        family: Some(*family),
                        from: Some(start.post),
                        to: pointer.post,
                        order: Order::Before,
                    };
                    into.entry((*from, pointer.channel, true)).or_default().push(evidence);
                }
            }
        }
    }
}

fn hop(from: ChannelId, to: ChannelId, decided: bool, mut evidence: Vec<Evidence>, sights: &[Sight]) -> Hop {
    evidence.sort_by_key(|one| (one.tie, one.family, one.from, one.to));
    evidence.dedup();
    // A sheet that something stronger speaks for needs no word on its time.
    let strong: BTreeSet<Option<FamilyId>> =
        evidence.iter().filter(|one| one.tie < Tie::Words).map(|one| one.family).collect();
    evidence.retain(|one| one.tie != Tie::Time || !strong.contains(&one.family));
    let mut kept: BTreeMap<Tie, usize> = BTreeMap::new();
    evidence.retain(|one| {
        let count = kept.entry(one.tie).or_default();
        *count += 1;
        *count <= KEPT
    });
    let families: BTreeSet<FamilyId> = strong.into_iter().flatten().collect();
    let ends: BTreeSet<PostId> =
        evidence.iter().filter(|one| one.tie < Tie::Words).map(|one| one.to).collect();
    let at = sights.iter().filter(|sight| ends.contains(&sight.post)).filter_map(|sight| sight.when);
    let first =
        at.reduce(|a, b| Interval { earliest: a.earliest.min(b.earliest), latest: a.latest.min(b.latest) });
    Hop {
        id: Hop::id_of(from, to, decided),
        from,
        to,
        decided,
        families: families.into_iter().collect(),
        first,
        evidence,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;
    use model::{Id, Step};

    fn id<T: Id>(n: u64) -> T {
        T::make(|id| {
            id.number(n);
        })
    }

    fn sight(channel: u64, post: u64, when: Option<(i64, i64)>, picture: u64) -> Sight {
        let at = |second| Timestamp::from_second(second).unwrap();
        Sight {
            channel: id(channel),
            post: id(post),
            when: when.map(|(a, b)| Interval { earliest: at(a), latest: at(b) }),
            family: id(7),
            picture: id(picture),
            blob: Digest::of(&picture.to_be_bytes()),
        }
    }

    fn made(from: u64, to: u64, decided: bool) -> Derivation {
        let (from, to) = (id(from), id(to));
        let steps = vec![Step::Crop];
        Derivation {
            id: Derivation::id_of(from, to),
            family: id(7),
            from,
            to,
            decided,
            steps,
            measures: vec![],
        }
    }

    /// Each hop as channels, direction and ties.
    fn told(
        sights: &[Sight],
        pointers: &[Pointer],
        derivations: &[Derivation],
    ) -> Vec<(u64, u64, bool, Vec<Tie>)> {
        let number = |channel: ChannelId| (1..9).find(|n| id::<ChannelId>(*n) == channel).unwrap();
        let mut reversed = sights.to_vec();
        reversed.reverse();
        assert_eq!(hops(sights, pointers, derivations), hops(&reversed, pointers, derivations));
        let hops = hops(sights, pointers, derivations).into_iter();
        let mut told: Vec<_> = hops
            .map(|hop| {
                let ties = hop.evidence.iter().map(|one| one.tie).collect();
                (number(hop.from), number(hop.to), hop.decided, ties)
            })
            .collect();
        told.sort();
        told
    }

    #[test]
    fn the_same_bytes_later_are_a_hop() {
        let sights = [sight(1, 10, Some((0, 5)), 1), sight(2, 20, Some((6, 9)), 1)];
        assert_eq!(told(&sights, &[], &[]), [(1, 2, true, vec![Tie::SameBytes])]);
    }

    #[test]
    fn overlapping_times_leave_the_direction_undecided() {
        let sights = [sight(1, 10, Some((0, 5)), 1), sight(2, 20, Some((3, 9)), 1)];
        let hops = told(&sights, &[], &[]);
        assert!(hops.len() == 1 && !hops[0].2, "{hops:?}");
        assert!(!told(&[sight(1, 10, None, 1), sights[1]], &[], &[])[0].2);
    }

    #[test]
    fn that_one_had_the_sheet_before_is_no_reason_alone() {
        let sights = [sight(1, 10, Some((0, 5)), 1), sight(2, 20, Some((6, 9)), 2)];
        assert!(told(&sights, &[], &[]).is_empty());
        assert_eq!(told(&sights, &[], &[made(1, 2, true)]), [(1, 2, true, vec![Tie::Descent])]);
        // A source that was posted later only says nothing of where the copy came from.
        let late = [sight(1, 10, Some((20, 25)), 1), sights[1]];
        assert!(told(&late, &[], &[made(1, 2, true)]).is_empty());
    }

    #[test]
    fn descent_is_followed_through_pictures_that_nobody_posted() {
        let sights = [sight(1, 10, Some((0, 5)), 1), sight(2, 20, Some((6, 9)), 3)];
        assert_eq!(
            told(&sights, &[], &[made(1, 2, true), made(2, 3, true)]),
            [(1, 2, true, vec![Tie::Descent])]
        );
        assert!(!told(&sights, &[], &[made(1, 2, true), made(2, 3, false)])[0].2);
        // What the channel had itself need not have come from elsewhere.
        let own = [sights[0], sights[1], sight(2, 19, Some((5, 5)), 1)];
        let ties: Vec<Tie> = told(&own, &[], &[made(1, 3, true)]).into_iter().flat_map(|hop| hop.3).collect();
        assert!(!ties.contains(&Tie::Descent), "{ties:?}");
    }

    #[test]
    fn a_forward_is_a_hop_and_a_bare_link_is_none() {
        let pointer = |tie, target: Option<u64>| Pointer {
            tie,
            from: Some(id(1)),
            target: target.map(id),
            channel: id(2),
            post: id(21),
            when: None,
            families: vec![],
        };
        let sights = [sight(1, 10, Some((0, 5)), 1)];
        assert_eq!(
            told(&sights, &[pointer(Tie::Forward, Some(10))], &[]),
            [(1, 2, true, vec![Tie::Forward])]
        );
        assert!(told(&sights, &[pointer(Tie::Link, Some(11))], &[]).is_empty());
    }
}
