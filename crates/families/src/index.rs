//! Which pictures may show one sheet, without comparing all: locality-sensitive hashing of codes (Indyk and Motwani, STOC
//! 1998), and votes that agree on the quarter turn and the scale (weak geometric consistency: Jégou, Douze, Schmid, ECCV
//! 2008). What is proposed depends on the set of pictures alone, not on the order in which they came.

use crate::code::{Code, Pose};
use crate::features::Feature;

const TABLES: usize = 8;
/// Bits of a key that are made; how many of them count grows with the number of places, so that a bucket holds about
/// [`FULL`] of them.
const KEY_BITS: usize = 24;
const LEAST_KEY_BITS: u32 = 17;
const FULL: usize = 2;
/// Places of one picture that are put into the index.
const INDEXED: usize = 384;
/// Places of one picture that are looked up.
const ASKED: usize = 512;
/// Bits, of the 128 that are kept of a code, in which codes of one place may differ.
const NEAR: u32 = 18;
/// A bucket with more places than this says nothing: it is passed over.
const CROWDED: u16 = 160;
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

/// Half of a code: 16 bits of each of its words, so that it can be posed like the whole.
type Half = [u16; 8];

/// The places of many pictures, by parts of their codes: 49 bytes for each place, and 6 to 12 of tables.
///
/// A place has a number; each table holds for each key the last place that has it, and for each place the one before that
/// has the same.
pub struct Index {
    bits: Vec<[u8; KEY_BITS]>,
    tables: Vec<Table>,
    key_bits: u32,
    halves: Vec<Half>,
    /// Of each place: its scale in eighths of an octave, and in the lowest bit whether it is dark, as in its keys.
    scales: Vec<u8>,
    /// Of each picture: the number of its first place, and the number under which it was put in.
    pictures: Vec<(u32, u32)>,
}

#[derive(Default)]
struct Table {
    /// By key: the last place plus one, 0 for none.
    last: Vec<u32>,
    /// By key: how many places there are.
    counts: Vec<u16>,
    /// By place: the place before it with the same key, plus one.
    before: Vec<u32>,
}

impl Table {
    fn clear(&mut self, key_bits: u32) {
        self.last = vec![0; 1 << key_bits];
        self.counts = vec![0; 1 << key_bits];
        self.before.clear();
    }

    fn push(&mut self, key: usize) {
        self.before.push(self.last[key]);
        self.last[key] = self.before.len() as u32;
        self.counts[key] = self.counts[key].saturating_add(1);
    }
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
            let mut all: Vec<u8> = (0..128).collect();
            for k in 0..KEY_BITS {
                all.swap(k, k + next() % (128 - k));
            }
            bits.push(std::array::from_fn(|k| all[k]));
        }
        let mut index = Self {
            bits,
            tables: (0..TABLES).map(|_| Table::default()).collect(),
            key_bits: LEAST_KEY_BITS,
            halves: Vec::new(),
            scales: Vec::new(),
            pictures: Vec::new(),
        };
        index.tables.iter_mut().for_each(|table| table.clear(LEAST_KEY_BITS));
        index
    }
}

impl Index {
    /// Puts a picture in under a number of the caller's, which no other picture has.
    pub fn add(&mut self, picture: u32, features: &[Feature]) {
        let first = self.halves.len();
        self.pictures.push((first as u32, picture));
        for feature in features.iter().take(INDEXED) {
            self.halves.push(half(&feature.code));
            let eighths = (feature.scale.max(1e-3).log2() * 8.0 + 48.0).round().clamp(0.0, 127.0) as u8;
            self.scales.push(eighths << 1 | u8::from(feature.dark));
        }
        let wanted = (self.halves.len() / FULL).max(1).ilog2().clamp(LEAST_KEY_BITS, KEY_BITS as u32);
        let from = if wanted > self.key_bits { 0 } else { first };
        let mask = (1 << wanted) - 1;
        for (bits, table) in self.bits.iter().zip(&mut self.tables) {
            if wanted > self.key_bits {
                table.clear(wanted);
            }
            for (half, scale) in self.halves[from..].iter().zip(&self.scales[from..]) {
                table.push(key(bits, half, scale & 1) & mask);
            }
        }
        self.key_bits = self.key_bits.max(wanted);
    }

    /// The bytes that its places and tables take.
    pub fn bytes(&self) -> usize {
        let places = self.halves.len() * (size_of::<Half>() + 1 + 4 * TABLES);
        places + self.pictures.len() * 8 + TABLES * 6 * (1 << self.key_bits)
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
        let code = half(&feature.code.posed(pose));
        let dark = u8::from(feature.dark != pose.negative);
        let mask = (1 << self.key_bits) - 1;
        for (bits, table) in self.bits.iter().zip(&self.tables) {
            let key = key(bits, &code, dark) & mask;
            let mut next = if table.counts[key] > CROWDED { 0 } else { table.last[key] };
            while next > 0 {
                let place = next as usize - 1;
                next = table.before[place];
                if distance(&self.halves[place], &code) > NEAR || self.scales[place] & 1 != dark {
                    continue;
                }
                let of = self.pictures.partition_point(|(first, _)| *first <= place as u32).saturating_sub(1);
                let picture = self.pictures[of].1;
                if Some(picture) != but {
                    let scale = f32::from(self.scales[place] >> 1) / 8.0 - 6.0;
                    let octaves = scale - feature.scale.max(1e-3).log2();
                    let bin = (octaves * 2.0 + 16.0).round().clamp(0.0, 31.0) as u8;
                    hits.push((picture, pose.number() as u8, bin, n));
                }
            }
        }
    }
}

fn half(code: &Code) -> Half {
    code.0.map(|word| word as u16)
}

fn distance(one: &Half, other: &Half) -> u32 {
    let wide = |half: &Half| half.iter().fold(0_u128, |all, word| all << 16 | u128::from(*word));
    (wide(one) ^ wide(other)).count_ones()
}

/// The key of a half: the bits of a table, the lowest in their place whether it is dark.
fn key(bits: &[u8; KEY_BITS], half: &Half, dark: u8) -> usize {
    let bit = |bit: &u8| usize::from(half[usize::from(bit >> 4)] >> (bit & 15) & 1);
    bits.iter().take(KEY_BITS - 1).fold(0, |key, at| key << 1 | bit(at)) << 1 | usize::from(dark)
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
