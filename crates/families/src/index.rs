//! Which pictures may show one sheet, without comparing all: locality-sensitive hashing of codes (Indyk and Motwani, STOC
//! 1998), and votes that agree on the quarter turn and the scale (weak geometric consistency: Jégou, Douze, Schmid, ECCV
//! 2008). What is proposed depends on the set of pictures alone, not on the order in which they came.

use std::collections::HashMap;

use crate::code::{Code, Pose};
use crate::features::Feature;

const TABLES: usize = 8;
const KEY_BITS: usize = 20;
/// Places of one picture that are put into the index.
const INDEXED: usize = 512;
/// Places of one picture that are looked up.
const ASKED: usize = 512;
/// Bits in which codes of one place may differ.
const NEAR: u32 = 40;
/// A bucket with more places than this says nothing: it is passed over.
const CROWDED: usize = 400;
/// Votes below this, in hundredths of a place, propose nothing: chance gives as many.
const FEWEST: u32 = 700;
/// The likeliest so many are proposed with fewer votes too, down to so few: a crop or a fax has few places at all.
const LIKELIEST: usize = 2;
const FEWEST_OF_LIKELIEST: u32 = 300;
/// Candidates of one query.
pub const CANDIDATES: usize = 24;

/// One picture that may show the same sheet as the one asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// Places that were found again, in hundredths, those found in many pictures counting less.
    pub votes: u32,
    /// The number under which it was put in.
    pub picture: u32,
    /// How the asked picture is to be laid to fall on it.
    pub pose: Pose,
}

#[derive(Clone, Copy)]
struct Held {
    code: Code,
    scale: f32,
    dark: bool,
}

/// The places of many pictures, by parts of their codes.
pub struct Index {
    bits: Vec<[u8; KEY_BITS]>,
    buckets: Vec<HashMap<u32, Vec<(u32, u16)>>>,
    held: HashMap<u32, Vec<Held>>,
}

impl Default for Index {
    fn default() -> Self {
        let mut state = 0x5DEE_CE66_D123_4567_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as usize
        };
        let mut bits = Vec::with_capacity(TABLES);
        for _ in 0..TABLES {
            let mut all: Vec<u8> = (0..=255).collect();
            for k in 0..KEY_BITS {
                all.swap(k, k + next() % (256 - k));
            }
            bits.push(std::array::from_fn(|k| all[k]));
        }
        Self { bits, buckets: vec![HashMap::new(); TABLES], held: HashMap::new() }
    }
}

impl Index {
    /// Puts a picture in under a number of the caller's.
    pub fn add(&mut self, picture: u32, features: &[Feature]) {
        let kept: Vec<Held> = features
            .iter()
            .take(INDEXED)
            .map(|feature| Held { code: feature.code, scale: feature.scale, dark: feature.dark })
            .collect();
        for (n, held) in (0_u16..).zip(&kept) {
            for (bits, table) in self.bits.iter().zip(&mut self.buckets) {
                table.entry(key(bits, &held.code)).or_default().push((picture, n));
            }
        }
        self.held.insert(picture, kept);
    }

    /// Pictures that share places with these, the likeliest first; never `but`, the number of the asked picture itself.
    pub fn near(&self, features: &[Feature], but: Option<u32>) -> Vec<Candidate> {
        let mut hits = Vec::new();
        for (n, feature) in (0_u32..).zip(features.iter().take(ASKED)) {
            for pose in Pose::ALL {
                self.seek(n, feature, pose, but, &mut hits);
            }
        }
        hits.sort_unstable();
        hits.dedup();
        let worth = worth(&hits);
        let mut found = Vec::new();
        for group in hits.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let mut bins = [0_u32; 32];
            group.iter().for_each(|hit| bins[usize::from(hit.2)] += worth[hit.3 as usize]);
            let votes = bins.windows(2).map(|pair| pair[0] + pair[1]).max().unwrap_or(0);
            if votes >= FEWEST_OF_LIKELIEST {
                found.push(Candidate {
                    votes,
                    picture: group[0].0,
                    pose: Pose::ALL[usize::from(group[0].1)],
                });
            }
        }
        found
            .sort_by_key(|candidate| (std::cmp::Reverse(candidate.votes), candidate.picture, candidate.pose));
        let mut taken: Vec<Candidate> = Vec::new();
        for candidate in found {
            let enough = taken.len() < LIKELIEST || candidate.votes >= FEWEST;
            if enough
                && taken.len() < CANDIDATES
                && taken.iter().all(|known| known.picture != candidate.picture)
            {
                taken.push(candidate);
            }
        }
        taken
    }

    fn seek(
        &self,
        n: u32,
        feature: &Feature,
        pose: Pose,
        but: Option<u32>,
        hits: &mut Vec<(u32, u8, u8, u32)>,
    ) {
        let code = feature.code.posed(pose);
        let dark = feature.dark != pose.negative;
        for (bits, table) in self.bits.iter().zip(&self.buckets) {
            let Some(bucket) = table.get(&key(bits, &code)) else { continue };
            if bucket.len() > CROWDED {
                continue;
            }
            for (picture, place) in bucket {
                if Some(*picture) == but {
                    continue;
                }
                let Some(held) = self.held.get(picture).and_then(|held| held.get(usize::from(*place))) else {
                    continue;
                };
                if held.dark == dark && held.code.distance(&code) <= NEAR {
                    let octaves = (held.scale / feature.scale).log2();
                    let bin = (octaves * 2.0 + 16.0).round().clamp(0.0, 31.0) as u8;
                    hits.push((*picture, pose.number() as u8, bin, n));
                }
            }
        }
    }
}

fn key(bits: &[u8; KEY_BITS], code: &Code) -> u32 {
    bits.iter().fold(0, |key, bit| key << 1 | (code.0[usize::from(bit >> 5)] >> (bit & 31)) & 1)
}

/// What each place of the asked picture is worth, in hundredths: less, the more pictures it is found in; letterheads and
/// the frames of chat programs are found in many.
fn worth(hits: &[(u32, u8, u8, u32)]) -> Vec<u32> {
    let mut pictures: Vec<(u32, u32)> = hits.iter().map(|hit| (hit.3, hit.0)).collect();
    pictures.sort_unstable();
    pictures.dedup();
    let mut counts = vec![0_u32; ASKED];
    pictures.iter().for_each(|(place, _)| counts[*place as usize] += 1);
    counts.iter().map(|count| 100 * 4 / (3 + count.max(&1))).collect()
}

/// Pairs that the pictures propose, either side's word being enough: (first, second, how the first lies on the second,
/// votes), sorted, first before second.
pub fn propose(pictures: &[&[Feature]]) -> Vec<(usize, usize, Pose, u32)> {
    let mut index = Index::default();
    for (n, features) in (0_u32..).zip(pictures) {
        index.add(n, features);
    }
    let mut pairs = Vec::new();
    for (n, features) in (0_u32..).zip(pictures) {
        for candidate in index.near(features, Some(n)) {
            let (a, b) = (n.min(candidate.picture) as usize, n.max(candidate.picture) as usize);
            let pose = if candidate.picture > n { candidate.pose } else { candidate.pose.back() };
            pairs.push((a, b, pose, candidate.votes));
        }
    }
    pairs.sort_by_key(|(a, b, pose, votes)| (*a, *b, std::cmp::Reverse(*votes), *pose));
    pairs.dedup_by_key(|(a, b, ..)| (*a, *b));
    pairs
}
