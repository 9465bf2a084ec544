//! Which pictures may show one sheet, without comparing all: locality-sensitive hashing of codes (Indyk and Motwani, STOC
//! 1998), and votes that agree on the quarter turn and the scale (weak geometric consistency: Jégou, Douze, Schmid, ECCV
//! 2008). What is proposed depends on the set of pictures alone, not on the order in which they came.

use crate::code::{Code, Pose};
use crate::features::Feature;

const TABLES: usize = 8;
/// Bits of a key that are made; how many of them count grows with the number of places, so that a bucket holds about
/// [`FULL`] of them.
const KEY_BITS: u32 = 24;
const LEAST_KEY_BITS: u32 = 12;
const FULL: usize = 2;
/// Bits that a key takes of each word of a half.
const CUT: u32 = 3;
/// Places of one picture that are put into the index.
const INDEXED: usize = 384;
/// Places of one picture that are looked up; and those of them, the most striking, that are looked up for every way a
/// picture may lie. The others are looked up only for the likeliest ways.
const ASKED: usize = 512;
const SCOUTS: usize = 128;
const WAYS: usize = 2;
/// Bits, of the 128 that are kept of a code, in which codes of one place may differ.
const NEAR: u32 = 18;
/// A bucket with more places than this says nothing: it is passed over.
const CROWDED: u16 = 160;
/// Votes below this, in hundredths of a place, propose nothing: chance gives as many.
const FEWEST: u32 = 1_200;
/// The likeliest so many are proposed with fewer votes too, down to so few: a crop or a fax has few places at all.
const LIKELIEST: usize = 3;
const FEWEST_OF_LIKELIEST: u32 = 300;
/// Candidates of one query.
pub const CANDIDATES: usize = 16;

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

/// What of a picture's places is compared to propose pairs: 18 bytes for each of at most 512.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sketch(Vec<(Half, u8)>);

impl Sketch {
    /// That of a picture's places.
    pub fn of(features: &[Feature]) -> Self {
        let spot = |feature: &Feature| {
            let eighths = (feature.scale.max(1e-3).log2() * 8.0 + 48.0).round().clamp(0.0, 127.0) as u8;
            (half(&feature.code), eighths << 1 | u8::from(feature.dark))
        };
        Self(features.iter().take(ASKED).map(spot).collect())
    }
}

/// The places of many pictures, by parts of their codes: 52 bytes for each place, and 16 to 32 of tables.
///
/// A place has a number; each table holds for each key the last place that has it, and each place for each table the one
/// before that has the same.
pub struct Index {
    cuts: [[(u8, u8); 8]; TABLES],
    tables: Vec<Vec<Head>>,
    key_bits: u32,
    places: Vec<Place>,
    /// Of each picture: the number of its first place, and the number under which it was put in.
    pictures: Vec<(u32, u32)>,
}

/// Where the places of one key begin.
#[derive(Clone, Copy, Default)]
struct Head {
    /// The last place plus one, 0 for none.
    last: u32,
    /// How many places there are.
    count: u16,
}

#[derive(Clone, Copy)]
struct Place {
    half: Half,
    /// By table: the place before it with the same key, plus one.
    before: [u32; TABLES],
    /// Its scale in eighths of an octave, and in the lowest bit whether it is dark, as in its keys.
    scale: u8,
}

/// A place of a picture in the index that is like an asked one: the picture, the pose, the difference of scales in half
/// octaves, and which of the asked places.
type Hit = (u32, u8, u8, u32);

impl Default for Index {
    fn default() -> Self {
        let mut state = 0x5DEE_CE66_D123_4567_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as usize
        };
        // Only the last bits of a key count while there are few places: each table has the words in another order.
        let mut cuts = [[(0, 0); 8]; TABLES];
        for cut in &mut cuts {
            let mut order: [u8; 8] = std::array::from_fn(|k| k as u8);
            for k in 0..8 {
                order.swap(k, k + next() % (8 - k));
                cut[k] = (order[k], (next() % (17 - CUT as usize)) as u8);
            }
        }
        let tables = vec![vec![Head::default(); 1 << LEAST_KEY_BITS]; TABLES];
        Self { cuts, tables, key_bits: LEAST_KEY_BITS, places: Vec::new(), pictures: Vec::new() }
    }
}

impl Index {
    /// Puts a picture in under a number of the caller's, which no other picture has.
    pub fn add(&mut self, picture: u32, features: &[Feature]) {
        self.put(picture, &Sketch::of(&features[..features.len().min(INDEXED)]));
    }

    fn put(&mut self, picture: u32, sketch: &Sketch) {
        let first = self.places.len();
        self.pictures.push((first as u32, picture));
        let spots = sketch.0.iter().take(INDEXED);
        self.places.extend(spots.map(|(half, scale)| Place {
            half: *half,
            before: [0; TABLES],
            scale: *scale,
        }));
        let wanted = (self.places.len() / FULL).max(1).ilog2().clamp(LEAST_KEY_BITS, KEY_BITS);
        let grown = wanted > self.key_bits;
        self.key_bits = self.key_bits.max(wanted);
        if grown {
            self.tables.iter_mut().for_each(|table| *table = vec![Head::default(); 1 << wanted]);
        }
        let from = if grown { 0 } else { first };
        let mask = (1 << self.key_bits) - 1;
        for (n, place) in (from as u32 + 1..).zip(&mut self.places[from..]) {
            for (k, (cuts, table)) in self.cuts.iter().zip(&mut self.tables).enumerate() {
                let head = &mut table[key(cuts, &place.half, place.scale & 1) & mask];
                place.before[k] = head.last;
                *head = Head { last: n, count: head.count.saturating_add(1) };
            }
        }
    }

    /// The bytes that its places and tables take.
    pub fn bytes(&self) -> usize {
        let heads = TABLES * size_of::<Head>() * (1 << self.key_bits);
        self.places.len() * size_of::<Place>() + self.pictures.len() * 8 + heads
    }

    /// Pictures that share places with these, the likeliest first, at most [`CANDIDATES`]; never `but`, the number of the
    /// asked picture itself.
    pub fn near(&self, features: &[Feature], but: Option<u32>) -> Vec<Candidate> {
        let mut near = self.shared(&Sketch::of(features), but);
        near.truncate(CANDIDATES);
        near
    }

    /// The same, however many there are.
    fn shared(&self, sketch: &Sketch, but: Option<u32>) -> Vec<Candidate> {
        let (scouts, rest) = sketch.0.split_at(sketch.0.len().min(SCOUTS));
        let mut hits = Vec::new();
        let mut walks = Walks::default();
        for (n, spot) in (0_u32..).zip(scouts) {
            self.seek(n, spot, &Pose::ALL, &mut walks, &mut hits);
        }
        let ways = likeliest(&mut hits, but);
        for (n, spot) in (SCOUTS as u32..).zip(rest) {
            self.seek(n, spot, &ways, &mut walks, &mut hits);
        }
        hits.retain(|hit| Some(hit.0) != but);
        let mut taken: Vec<Candidate> = Vec::new();
        for candidate in counted(&mut hits) {
            let enough = taken.len() < LIKELIEST || candidate.votes >= FEWEST;
            if enough && taken.iter().all(|known| known.picture != candidate.picture) {
                taken.push(candidate);
            }
        }
        taken
    }

    /// Goes through the buckets of one place in all these poses side by side, so that memory is waited for once.
    fn seek(&self, n: u32, spot: &(Half, u8), poses: &[Pose], walks: &mut Walks, hits: &mut Vec<Hit>) {
        let mask = (1 << self.key_bits) - 1;
        let codes: [Half; 8] = std::array::from_fn(|k| {
            poses
                .get(k)
                .map_or(spot.0, |pose| Code(spot.0.map(u32::from)).posed(*pose).0.map(|word| word as u16))
        });
        walks.keys.clear();
        for (k, (pose, code)) in poses.iter().zip(&codes).enumerate() {
            let dark = (spot.1 & 1) ^ u8::from(pose.negative);
            walks.keys.extend(
                self.cuts.iter().enumerate().map(|(table, cuts)| (key(cuts, code, dark) & mask, table, k)),
            );
        }
        walks.open.clear();
        let heads = walks.keys.iter().map(|(key, table, k)| (self.tables[*table][*key], *table, *k));
        walks.open.extend(heads.map(|(head, table, k)| {
            let next = if head.count > CROWDED { 0 } else { head.last };
            (next, table as u8, k as u8)
        }));
        walks.open.retain(|walk| walk.0 > 0);
        walks.found.clear();
        while !walks.open.is_empty() {
            walks.places.clear();
            walks.places.extend(walks.open.iter().map(|walk| self.places[walk.0 as usize - 1]));
            for (walk, place) in walks.open.iter_mut().zip(&walks.places) {
                if distance(&place.half, &codes[usize::from(walk.2)]) <= NEAR {
                    walks.found.push((walk.0 - 1, walk.2, place.scale));
                }
                walk.0 = place.before[usize::from(walk.1)];
            }
            walks.open.retain(|walk| walk.0 > 0);
        }
        walks.found.sort_unstable();
        walks.found.dedup();
        for (place, k, scale) in &walks.found {
            let of = self.pictures.partition_point(|(first, _)| first <= place).saturating_sub(1);
            let eighths = i32::from(scale >> 1) - i32::from(spot.1 >> 1);
            let bin = ((eighths + 64 + 2).div_euclid(4)).clamp(0, 31) as u8;
            hits.push((self.pictures[of].1, poses[usize::from(*k)].number() as u8, bin, n));
        }
    }
}

/// Room for the search of one place.
#[derive(Default)]
struct Walks {
    /// Key, table, and which of the poses.
    keys: Vec<(usize, usize, usize)>,
    /// The next place plus one, the table, and which of the poses.
    open: Vec<(u32, u8, u8)>,
    places: Vec<Place>,
    /// The place, which of the poses, its scale.
    found: Vec<(u32, u8, u8)>,
}

/// The ways of laying the asked picture in which one picture has the most places; every way in which one has as many as
/// chance seldom gives.
fn likeliest(hits: &mut [Hit], but: Option<u32>) -> Vec<Pose> {
    const MANY: u32 = 4;
    hits.sort_unstable();
    let mut best = [0_u32; 8];
    for group in hits.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)).filter(|group| Some(group[0].0) != but) {
        let pose = usize::from(group[0].1);
        best[pose] = best[pose].max(most(group.iter().map(|hit| (hit.2, 1))));
    }
    let mut order: Vec<usize> = (0..8).collect();
    order.sort_by_key(|k| std::cmp::Reverse(best[*k]));
    let taken = order.iter().enumerate().filter(|(rank, k)| *rank < WAYS || best[**k] >= MANY);
    taken.map(|(_, k)| Pose::ALL[*k]).collect()
}

/// The votes for each picture in each pose, the most first.
fn counted(hits: &mut Vec<Hit>) -> Vec<Candidate> {
    hits.sort_unstable();
    hits.dedup();
    let worth = worth(hits);
    let mut found = Vec::new();
    for group in hits.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let votes = most(group.iter().map(|hit| (hit.2, worth[hit.3 as usize])));
        if votes >= FEWEST_OF_LIKELIEST {
            let pose = Pose::ALL[usize::from(group[0].1)];
            found.push(Candidate { votes, picture: group[0].0, pose });
        }
    }
    found.sort_by_key(|candidate| (std::cmp::Reverse(candidate.votes), candidate.picture, candidate.pose));
    found
}

/// The most that two neighbouring differences of scale have together.
fn most(votes: impl Iterator<Item = (u8, u32)>) -> u32 {
    let mut bins = [0_u32; 32];
    votes.for_each(|(bin, worth)| bins[usize::from(bin)] += worth);
    bins.windows(2).map(|pair| pair[0] + pair[1]).max().unwrap_or(0)
}

fn half(code: &Code) -> Half {
    code.0.map(|word| word as u16)
}

fn distance(one: &Half, other: &Half) -> u32 {
    let wide = |half: &Half| half.iter().fold(0_u128, |all, word| all << 16 | u128::from(*word));
    (wide(one) ^ wide(other)).count_ones()
}

/// The key of a half: some bits of each word, the lowest bit of the key whether it is dark.
fn key(cuts: &[(u8, u8); 8], half: &Half, dark: u8) -> usize {
    let cut = |(word, from): &(u8, u8)| usize::from(half[usize::from(*word)] >> from) & ((1 << CUT) - 1);
    cuts.iter().fold(0, |key, at| key << CUT | cut(at)) << 1 | usize::from(dark)
}

/// What each place of the asked picture is worth, in hundredths: less, the more pictures it is found in; letterheads and
/// the frames of chat programs are found in many.
fn worth(hits: &[Hit]) -> Vec<u32> {
    let mut pictures: Vec<(u32, u32)> = hits.iter().map(|hit| (hit.3, hit.0)).collect();
    pictures.sort_unstable();
    pictures.dedup();
    let mut counts = vec![0_u32; ASKED];
    pictures.iter().for_each(|(place, _)| counts[*place as usize] += 1);
    counts.iter().map(|count| 100 * 4 / (3 + count.max(&1))).collect()
}

/// Two pictures that share places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shared {
    /// The first, by its place in its list.
    pub a: u32,
    /// The second, by its place in its list.
    pub b: u32,
    /// Votes, as of a [`Candidate`].
    pub votes: u32,
    /// How the first is to be laid to fall on the second.
    pub pose: Pose,
}

/// The pairs of pictures that share places: one of the first list with one of the second; or two of the first, the first
/// before the second, where there is no second. Sorted.
pub fn shared(one: &[Sketch], other: Option<&[Sketch]>) -> Vec<Shared> {
    let mut index = Index::default();
    (0_u32..).zip(other.unwrap_or(one)).for_each(|(n, sketch)| index.put(n, sketch));
    let mut pairs = Vec::new();
    for (n, sketch) in (0_u32..).zip(one) {
        for found in index.shared(sketch, other.is_none().then_some(n)) {
            let turned = other.is_none() && found.picture < n;
            let (a, b) = if turned { (found.picture, n) } else { (n, found.picture) };
            let pose = if turned { found.pose.back() } else { found.pose };
            pairs.push(Shared { a, b, votes: found.votes, pose });
        }
    }
    pairs.sort_by_key(|pair| (pair.a, pair.b, std::cmp::Reverse(pair.votes), pair.pose));
    pairs.dedup_by_key(|pair| (pair.a, pair.b));
    pairs
}

/// Of the pairs among `count` pictures those that are to be held against each other: for each picture the likeliest, either
/// side's word being enough. Sorted. Depends on the set of pairs alone, not on their order.
pub fn choose(count: usize, pairs: &[Shared]) -> Vec<Shared> {
    let mut of: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (n, pair) in pairs.iter().enumerate() {
        for side in [pair.a, pair.b] {
            if let Some(list) = of.get_mut(side as usize) {
                list.push(n);
            }
        }
    }
    let mut taken = vec![false; pairs.len()];
    for list in &mut of {
        list.sort_by_key(|n| (std::cmp::Reverse(pairs[*n].votes), pairs[*n].a, pairs[*n].b));
        for (rank, n) in list.iter().take(CANDIDATES).enumerate() {
            taken[*n] |= rank < LIKELIEST || pairs[*n].votes >= FEWEST;
        }
    }
    let mut chosen: Vec<Shared> =
        pairs.iter().zip(&taken).filter(|(_, taken)| **taken).map(|(pair, _)| *pair).collect();
    chosen.sort_unstable();
    chosen
}

/// Pictures of a block, at most, where blocks can still be parted; and in how many bits of their ids at most.
const BLOCK: usize = 48;
const DEPTH: usize = 8;

/// Some of the pictures of a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Which of the sorted ids.
    pub range: std::ops::Range<usize>,
    /// The first bits, that their ids have in common: a name of the block.
    pub bits: String,
}

/// Parts sorted ids into blocks by their first bits, so that a new picture changes one block and parts one at most.
/// Depends on the set alone.
pub fn blocks(ids: &[[u8; 32]]) -> Vec<Block> {
    let mut out = Vec::new();
    let mut open = vec![Block { range: 0..ids.len(), bits: String::new() }];
    while let Some(block) = open.pop() {
        let (range, depth) = (block.range.clone(), block.bits.len());
        if range.is_empty() {
            continue;
        }
        if range.len() <= BLOCK || depth == DEPTH {
            out.push(block);
            continue;
        }
        let zero = |id: &[u8; 32]| id[depth / 8] >> (7 - depth % 8) & 1 == 0;
        let middle = range.start + ids[range.clone()].partition_point(zero);
        let part = |range, bit| Block { range, bits: format!("{}{bit}", block.bits) };
        open.push(part(middle..range.end, 1));
        open.push(part(range.start..middle, 0));
    }
    out
}

/// Pairs that the pictures propose, either side's word being enough: (first, second, how the first lies on the second,
/// votes), sorted, first before second.
pub fn propose(pictures: &[&[Feature]]) -> Vec<(usize, usize, Pose, u32)> {
    let sketches: Vec<Sketch> = pictures.iter().map(|features| Sketch::of(features)).collect();
    let lists: Vec<&[Sketch]> = sketches.chunks(BLOCK).collect();
    let mut pairs = Vec::new();
    for (i, one) in lists.iter().enumerate() {
        for (j, other) in lists.iter().enumerate().skip(i) {
            let (from, to) = ((i * BLOCK) as u32, (j * BLOCK) as u32);
            let found = shared(one, (i != j).then_some(*other));
            pairs.extend(found.iter().map(|pair| Shared { a: pair.a + from, b: pair.b + to, ..*pair }));
        }
    }
    let chosen = choose(pictures.len(), &pairs);
    chosen.iter().map(|pair| (pair.a as usize, pair.b as usize, pair.pose, pair.votes)).collect()
}
