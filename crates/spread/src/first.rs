use std::collections::BTreeMap;

use model::{Appearance, Basis, FamilyId, First, Interval, Order, PostId};

/// The first appearance of a family among its `appearances` (R2): a post that came before every other one, or all that
/// can have been the first. A post without a time can always have been.
pub fn first(family: FamilyId, appearances: &[Appearance]) -> First {
    let mut posts: BTreeMap<PostId, Option<Interval>> = BTreeMap::new();
    for appearance in appearances {
        posts.insert(appearance.post, appearance.when);
    }
    // What ends first is before all that anything is before.
    let soonest = posts.values().flatten().min_by_key(|when| when.latest);
    let can_be_first = |when: &Option<Interval>| match (when, soonest) {
        (Some(when), Some(soonest)) => soonest.order(when) != Order::Before,
        _ => true,
    };
    let mut candidates: Vec<(PostId, Option<Interval>)> =
        posts.iter().filter(|(_, when)| can_be_first(when)).map(|(post, when)| (*post, *when)).collect();
    candidates.sort_by_key(|(post, when)| (when.map(|when| when.earliest), *post));
    candidates.sort_by_key(|(_, when)| when.is_none());
    let dated: Vec<Interval> = candidates.iter().filter_map(|(_, when)| *when).collect();
    let earliest = dated.iter().map(|when| when.earliest).min();
    let latest = dated.iter().map(|when| when.latest).min();
    let basis = match candidates.as_slice() {
        [] => Basis::NotPosted,
        _ if dated.is_empty() => Basis::UndatedPosts,
        [_] => Basis::ObservedPost,
        _ => Basis::OverlappingPosts,
    };
    First {
        family,
        post: (basis == Basis::ObservedPost).then(|| candidates.first().map(|(post, _)| *post)).flatten(),
        candidates: candidates.into_iter().map(|(post, _)| post).collect(),
        interval: earliest.zip(latest).map(|(earliest, latest)| Interval { earliest, latest }),
        basis,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;
    use model::{AppearanceId, Id, ItemId, PictureId};

    fn id<T: Id>(n: u64) -> T {
        T::make(|id| {
            id.number(n);
        })
    }

    fn seen(post: u64, when: Option<(i64, i64)>) -> Appearance {
        let at = |s| Timestamp::from_second(s).unwrap();
        Appearance {
            id: id::<AppearanceId>(post),
            family: id::<FamilyId>(0),
            picture: id::<PictureId>(0),
            item: id::<ItemId>(0),
            post: id::<PostId>(post),
            when: when.map(|(a, b)| Interval { earliest: at(a), latest: at(b) }),
        }
    }

    fn check(posts: &[Appearance], basis: Basis, candidates: &[u64]) {
        let mut reversed = posts.to_vec();
        reversed.reverse();
        for order in [posts, &reversed] {
            let first = first(id(0), order);
            assert_eq!(first.basis, basis);
            assert_eq!(first.candidates, candidates.iter().map(|n| id::<PostId>(*n)).collect::<Vec<_>>());
            assert_eq!(first.post.is_some(), basis == Basis::ObservedPost);
        }
    }

    #[test]
    fn the_earlier_of_two_clear_posts_is_first() {
        check(&[seen(1, Some((5, 6))), seen(2, Some((8, 9)))], Basis::ObservedPost, &[1]);
    }

    #[test]
    fn overlapping_posts_leave_it_undecided() {
        let posts = [seen(1, Some((5, 6))), seen(2, Some((0, 20))), seen(3, Some((10, 11)))];
        check(&posts, Basis::OverlappingPosts, &[2, 1]);
        let first = first(id(0), &posts).interval.unwrap();
        assert_eq!((first.earliest.as_second(), first.latest.as_second()), (0, 6));
    }

    #[test]
    fn a_post_without_a_time_can_always_have_been_first() {
        check(&[seen(1, Some((5, 6))), seen(2, None)], Basis::OverlappingPosts, &[1, 2]);
        check(&[seen(2, None)], Basis::UndatedPosts, &[2]);
        check(&[], Basis::NotPosted, &[]);
    }
}
