//! Lays one picture on another by the places they share: two pairs of places give a turn, a stretch and a move; the best
//! of many, drawn with a fixed seed, is refined to a projective map (RANSAC, Fischler and Bolles 1981, with local
//! optimisation, Chum, Matas, Kittler, DAGM 2003).

use crate::code::{Code, Pose};
use crate::features::Feature;
use crate::homography::{Homography, Pair};

/// Bits in which codes of one place may differ.
const NEAR: u32 = 56;
/// The same in the first half of a code; codes that are near seldom differ by more there.
const NEAR_HALF: u32 = 40;
/// Pairs of places that are tried.
const TRIES: usize = 1500;
/// Places of the first picture that find out how it lies, of so many of the second.
const SCOUTS: usize = 150;
const SCOUTED: usize = 450;
/// Pairs below this lay nothing.
const FEWEST: usize = 7;
/// How far a place may lie off in the end, as a share of the side of the second picture's shared part.
const FINE: f64 = 0.006;

/// How one picture lies on another.
#[derive(Clone, Debug, PartialEq)]
pub struct Tie {
    /// From the first picture's pixels to the second's.
    pub map: Homography,
    /// Pairs of places that agree with it.
    pub inliers: Vec<Pair>,
    /// Pairs of places that look alike.
    pub pairs: usize,
    /// Quarter turns and light for dark.
    pub pose: Pose,
}

#[derive(Clone, Copy)]
struct Alike {
    pair: Pair,
    /// Second scale over first, as a logarithm to base 2.
    octaves: f64,
    /// Direction of writing of the second less that of the first, quarter turns added.
    turn: f64,
    distance: u32,
    scale: f64,
}

/// Lays `a` on `b`; without a hint every pose is tried. `None` where too few places agree.
pub fn tie(a: &[Feature], b: &[Feature], hint: Option<Pose>) -> Option<Tie> {
    let pose = hint.or_else(|| scout(a, b))?;
    let alike = alike(a, b, pose);
    if alike.len() < FEWEST {
        return None;
    }
    let (map, tolerance) = search(&alike)?;
    let map = refine(map, &alike, tolerance)?;
    let inliers = distinct(&alike, &map);
    (inliers.len() >= FEWEST && sound(&map, &inliers)).then_some(Tie {
        map,
        inliers,
        pairs: alike.len(),
        pose,
    })
}

fn scout(a: &[Feature], b: &[Feature]) -> Option<Pose> {
    let counts = Pose::ALL.map(|pose| {
        let mut count = 0;
        for x in a.iter().take(SCOUTS) {
            let code = x.code.posed(pose);
            let dark = x.dark != pose.negative;
            let best =
                b.iter().take(SCOUTED).filter(|y| y.dark == dark).map(|y| code.distance(&y.code)).min();
            // Nearer counts more.
            count += best.map_or(0, |d| 50_u32.saturating_sub(d));
        }
        count
    });
    (0..8).max_by_key(|k| (counts[*k], std::cmp::Reverse(*k))).map(|k| Pose::ALL[k])
}

fn halves(code: &Code) -> [u64; 4] {
    std::array::from_fn(|k| u64::from(code.0[2 * k]) | u64::from(code.0[2 * k + 1]) << 32)
}

fn apart(one: u64, other: u64) -> u32 {
    (one ^ other).count_ones()
}

/// Pairs of places that look alike: for each place of the first its two best, if either is mutual or clearly near.
fn alike(a: &[Feature], b: &[Feature], pose: Pose) -> Vec<Alike> {
    let mut best_of_b = vec![u32::MAX; b.len()];
    let mut found: Vec<(usize, usize, u32)> = Vec::new();
    // Dark places only lie on dark ones: the two kinds stand apart, each in order.
    let kinds = [true, false].map(|dark| {
        let those = (0..b.len()).filter(|j| b[*j].dark == dark);
        those.map(|j| (halves(&b[j].code), j)).collect::<Vec<([u64; 4], usize)>>()
    });
    for (i, x) in a.iter().enumerate() {
        let code = halves(&x.code.posed(pose));
        let kind = &kinds[usize::from(x.dark == pose.negative)];
        let mut best = [(u32::MAX, 0_usize); 2];
        for (theirs, j) in kind {
            let half = apart(code[0], theirs[0]) + apart(code[1], theirs[1]);
            if half > NEAR_HALF {
                continue;
            }
            let distance = half + apart(code[2], theirs[2]) + apart(code[3], theirs[3]);
            if distance <= NEAR {
                best_of_b[*j] = best_of_b[*j].min(distance);
                if distance < best[0].0 {
                    best = [(distance, *j), best[0]];
                } else if distance < best[1].0 {
                    best[1] = (distance, *j);
                }
            }
        }
        found.extend(best.iter().filter(|(d, _)| *d <= NEAR).map(|(d, j)| (i, *j, *d)));
    }
    found.retain(|(_, j, d)| *d <= best_of_b[*j] + 4);
    found.sort_by_key(|(i, j, d)| (*d, *i, *j));
    found.truncate(700);
    let quarter = std::f64::consts::FRAC_PI_2;
    found
        .into_iter()
        .map(|(i, j, distance)| {
            let (x, y) = (&a[i], &b[j]);
            Alike {
                pair: Pair { a: (x.x.into(), x.y.into()), b: (y.x.into(), y.y.into()) },
                octaves: f64::from((y.scale / x.scale).log2()),
                turn: f64::from(y.angle - x.angle) + quarter * f64::from(pose.turns),
                distance,
                scale: f64::from(y.scale),
            }
        })
        .collect()
}

/// The turn, stretch and move that most pairs follow, with the tolerance they were counted at.
fn search(alike: &[Alike]) -> Option<(Homography, f64)> {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as usize % below.max(1)
    };
    let side = extent(alike.iter().map(|one| one.pair.b));
    let tolerance = side * 0.025;
    let mut best: Option<(f64, Homography)> = None;
    for n in 0..TRIES {
        // The nearest pairs first, then more and more of them.
        let pool = (20 + n * alike.len() / TRIES).min(alike.len());
        let (one, two) = (&alike[next(pool)], &alike[next(pool)]);
        let Some(map) = Homography::similar(&one.pair, &two.pair) else { continue };
        if !fits(&map, one, two) {
            continue;
        }
        let score = alike.iter().map(|one| gain(&map, one, tolerance)).sum();
        if best.is_none_or(|(most, _)| score > most) {
            best = Some((score, map));
        }
    }
    best.map(|(_, map)| (map, tolerance))
}

fn gain(map: &Homography, one: &Alike, tolerance: f64) -> f64 {
    let off = miss(map, &one.pair) / (tolerance * tolerance);
    if off < 1.0 { (1.0 - off) * (1.0 + f64::from(56_u32.saturating_sub(one.distance)) / 20.0) } else { 0.0 }
}

/// The squared distance of where a point lands from where it should.
fn miss(map: &Homography, pair: &Pair) -> f64 {
    let (x, y) = map.apply(pair.a);
    (x - pair.b.0).powi(2) + (y - pair.b.1).powi(2)
}

/// Does a map stretch and turn as both pairs say of themselves?
fn fits(map: &Homography, one: &Alike, two: &Alike) -> bool {
    let octaves = map.0[0].hypot(map.0[3]).max(1e-9).log2();
    let turn = map.0[3].atan2(map.0[0]);
    [one, two].iter().all(|pair| {
        let off = (pair.turn - turn).rem_euclid(std::f64::consts::TAU);
        (octaves - pair.octaves).abs() < 0.7 && off.min(std::f64::consts::TAU - off) < 0.45
    })
}

fn refine(mut map: Homography, alike: &[Alike], tolerance: f64) -> Option<Homography> {
    let side = extent(
        alike.iter().filter(|one| miss(&map, &one.pair) < tolerance * tolerance).map(|one| one.pair.b),
    );
    let steps = [
        (0.03, 6),
        (0.025, 6),
        (0.02, 8),
        (0.015, 8),
        (0.01, 8),
        (0.008, 8),
        (FINE, 8),
        (FINE, 8),
        (FINE, 8),
    ];
    for (share, free) in steps {
        let near = (side * share).max(1.0);
        let (pairs, weights): (Vec<Pair>, Vec<f64>) = alike
            .iter()
            .filter_map(|one| {
                let off = miss(&map, &one.pair) / (near * near);
                (off < 1.0).then(|| (one.pair, (1.0 - off) / one.scale.max(1.0)))
            })
            .unzip();
        let free = if pairs.len() < 12 { 6 } else { free };
        if pairs.len() < FEWEST {
            return None;
        }
        map = Homography::fit(&pairs, &weights, free)?;
    }
    Some(map)
}

/// Pairs that follow the map, each place counted once.
fn distinct(alike: &[Alike], map: &Homography) -> Vec<Pair> {
    let side = extent(alike.iter().map(|one| one.pair.b));
    let near = (side * FINE).max(1.0);
    let mut kept: Vec<Pair> =
        alike.iter().map(|one| one.pair).filter(|pair| miss(map, pair) < near * near).collect();
    let cell = |v: f64| (v / near / 2.0) as i64;
    kept.sort_by_key(|pair| (cell(pair.b.1), cell(pair.b.0)));
    kept.dedup_by_key(|pair| (cell(pair.b.1), cell(pair.b.0)));
    kept
}

/// A photograph of a sheet is neither mirrored nor squeezed to a line.
fn sound(map: &Homography, inliers: &[Pair]) -> bool {
    let areas: Vec<f64> = inliers.iter().map(|pair| map.area(pair.a)).collect();
    let low = areas.iter().copied().fold(f64::MAX, f64::min);
    let high = areas.iter().copied().fold(0.0, f64::max);
    let (c, s) = (map.0[0].hypot(map.0[3]), map.0[1].hypot(map.0[4]));
    low > 1e-4 && high < 1e4 && high < 16.0 * low && c < 3.0 * s && s < 3.0 * c
}

/// The larger side of the box around points.
fn extent(points: impl Iterator<Item = (f64, f64)>) -> f64 {
    let mut span = [f64::MAX, f64::MAX, f64::MIN, f64::MIN];
    for (x, y) in points {
        span = [span[0].min(x), span[1].min(y), span[2].max(x), span[3].max(y)];
    }
    (span[2] - span[0]).max(span[3] - span[1]).max(1.0)
}
