//! Finds pairs of near hashes without comparing all: multi-index hashing (Norouzi, Punjani, Fleet, CVPR 2012). If two
//! hashes of 16 words differ in at most 31 bits, at least one word differs in at most one bit.

use std::collections::BTreeMap;

use crate::pdq::Hash;

/// Pairs within this many bits are proposed: what the PDQ project recommends.
pub const RADIUS: u32 = 31;

/// Every pair of hashes within [`RADIUS`] bits as (first, second, distance), sorted, first before second.
pub fn propose(hashes: &[Hash]) -> Vec<(usize, usize, u32)> {
    let mut buckets: BTreeMap<(u8, u16), Vec<usize>> = BTreeMap::new();
    let mut pairs = Vec::new();
    for (n, hash) in hashes.iter().enumerate() {
        let mut near: Vec<usize> = Vec::new();
        for (place, word) in (0_u8..).zip(hash.0) {
            let flipped = (0..16).map(|bit| word ^ (1 << bit));
            for probe in std::iter::once(word).chain(flipped) {
                near.extend(buckets.get(&(place, probe)).into_iter().flatten());
            }
        }
        near.sort_unstable();
        near.dedup();
        for other in near {
            let distance = hash.distance(&hashes[other]);
            if distance <= RADIUS {
                pairs.push((other, n, distance));
            }
        }
        for (place, word) in (0_u8..).zip(hash.0) {
            buckets.entry((place, word)).or_default().push(n);
        }
    }
    pairs.sort_unstable();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_just_what_comparing_all_finds() {
        let mut state = 7_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as u32
        };
        let mut hashes: Vec<Hash> = Vec::new();
        for n in 0..300 {
            let mut hash = Hash(std::array::from_fn(|_| next() as u16));
            if n % 3 != 0 {
                hash = hashes[n - 1];
                for _ in 0..next() % 45 {
                    hash.0[next() as usize % 16] ^= 1 << (next() % 16);
                }
            }
            hashes.push(hash);
        }
        let mut all = Vec::new();
        for a in 0..hashes.len() {
            for b in a + 1..hashes.len() {
                let distance = hashes[a].distance(&hashes[b]);
                if distance <= RADIUS {
                    all.push((a, b, distance));
                }
            }
        }
        assert!(all.len() > 100 && all.iter().any(|pair| pair.2 == RADIUS));
        assert_eq!(propose(&hashes), all);
    }
}
