//! How the index grows: `growth [SHEETS...]` fills it with forged codes and prints bytes and times as lines of JSON, in time of the
//! processor where the system tells it (Linux), so that what else runs does not count.

use families::{Code, Feature, Index};

fn main() {
    let sizes: Vec<u32> = std::env::args().skip(1).filter_map(|arg| arg.parse().ok()).collect();
    for size in if sizes.is_empty() { vec![500, 2_000] } else { sizes } {
        let mut index = Index::default();
        let before = resident();
        let start = busy();
        (0..size).for_each(|n| index.add(n, &sheet(n)));
        let added = (busy() - start) * 1000.0 / f64::from(size);
        let bytes = (resident() - before) / f64::from(size.max(1));
        let start = busy();
        let asked = 50;
        let found = (0..asked).filter(|n| {
            let other = again(&sheet(n * (size / asked)));
            index.near(&other, None).first().is_some_and(|best| best.picture == n * (size / asked))
        });
        let found = found.count();
        let query = (busy() - start) * 1000.0 / f64::from(asked);
        println!(
            "{{\"sheets\":{size},\"add_ms\":{added:.3},\"query_ms\":{query:.2},\"bytes\":{bytes:.0},\"peak_mib\":{:.0},\"found_first\":{found},\"of\":{asked}}}",
            peak()
        );
    }
}

/// Bytes of memory held, where the system tells (Linux).
fn resident() -> f64 {
    let told = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    told.split(' ').nth(1).and_then(|pages| pages.parse::<f64>().ok()).unwrap_or(0.0) * 4096.0
}

/// The most memory that the process held so far, in MiB, where the system tells.
fn peak() -> f64 {
    let told = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = told.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|kib| kib.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}

/// Seconds that this thread kept a processor busy.
fn busy() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    told.split(' ').next().and_then(|spent| spent.parse::<f64>().ok()).unwrap_or(0.0) / 1e9
}

fn next(state: &mut u64) -> u32 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 32) as u32
}

/// A third of the places are of 3,000 that all sheets share, as letters and letterheads are.
fn sheet(n: u32) -> Vec<Feature> {
    let mut state = u64::from(n) * 7919 + 1;
    (0..512)
        .map(|k| {
            let shared = k % 3 == 0;
            let mut own = if shared { u64::from(next(&mut state) % 3_000) + (1 << 40) } else { state };
            let mut code = Code(std::array::from_fn(|_| next(&mut own)));
            (0..if shared { 14 } else { 0 }).for_each(|_| flip(&mut code, &mut state));
            next(&mut state);
            Feature { x: 0.0, y: 0.0, scale: 2.0, angle: 0.0, dark: true, code }
        })
        .collect()
}

/// The sheet in another picture: two places in five are found again, with 20 bits changed.
fn again(sheet: &[Feature]) -> Vec<Feature> {
    let mut state = 99;
    sheet
        .iter()
        .map(|feature| {
            let mut feature = *feature;
            let kept = next(&mut state) % 5 < 2;
            (0..if kept { 20 } else { 200 }).for_each(|_| flip(&mut feature.code, &mut state));
            feature
        })
        .collect()
}

fn flip(code: &mut Code, state: &mut u64) {
    let bit = next(state) % 256;
    code.0[bit as usize / 32] ^= 1 << (bit % 32);
}
