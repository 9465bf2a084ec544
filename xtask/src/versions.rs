//! Measures the comparison of versions on forged sheets with known truth, and writes `docs/versions/`: what is found and what
//! is said falsely by the height of the letters, by damage and by kind; pairs that were not altered; how often a report of a
//! given measure is true; a plain pipeline beside it; and what it costs.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::Instant;

mod kinds;
mod plain;
mod told;
mod trial;

use trial::{Bench, Harm, Outcome};

type Result<T> = std::result::Result<T, String>;

/// Seeds of the altered sheets; nothing was tuned on them.
const SEEDS: [u64; 1] = [7001];
/// Heights of the line of text on the altered picture, in pixels.
const HEIGHTS: [f64; 6] = [6.0, 8.0, 11.0, 15.0, 20.0, 30.0];
/// Pairs of photographs of one sheet that nobody altered.
const UNALTERED: u64 = 50;
/// Sizes of the families whose time is taken.
const FAMILIES: [usize; 5] = [2, 5, 10, 20, 40];

/// Runs all of it, and writes after each part what there is; of `MEASURE_ONLY` only that part: `time` of families, `unaltered`
/// pairs; or, to the terminal alone, `kinds` of alterations (see there) or pairs with something `overlaid`.
pub fn measure(root: &Path) -> Result<()> {
    let folder = root.join("docs/versions");
    fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let bench = Bench::new()?;
    let only = std::env::var("MEASURE_ONLY").unwrap_or_default();
    if only == "time" {
        let times: Vec<_> = FAMILIES.into_iter().map(|n| time(&bench, n)).collect();
        return told::times(&folder, &times);
    }
    if only == "kinds" {
        return kinds::measure(&bench);
    }
    if only == "overlaid" {
        return kinds::overlaid(&bench);
    }
    if only == "unaltered" {
        return told::unaltered(&folder, &pairs(&bench));
    }
    let (mut altered, mut times) = (Vec::new(), Vec::new());
    for seed in SEEDS {
        for height in HEIGHTS {
            for harm in Harm::ALL {
                let mut outcome = bench.altered(seed, height, harm);
                eprintln!("seed {seed}, {height} px, {}: {}", harm.name(), outcome.line());
                // Some are kept for the plain pipeline; all would not fit into memory.
                if altered.len() % 7 != 3 {
                    outcome.pair = None;
                }
                altered.push(outcome);
            }
        }
    }
    told::write(&folder, &altered, &[], &[], &times)?;
    let unaltered = pairs(&bench);
    told::write(&folder, &altered, &unaltered, &[], &times)?;
    times.extend(FAMILIES.into_iter().map(|n| time(&bench, n)));
    told::write(&folder, &altered, &unaltered, &[], &times)?;
    let beside = plain::beside(&altered, &unaltered)?;
    told::write(&folder, &altered, &unaltered, &beside, &times)
}

/// Pairs of photographs of one sheet; some keep their pictures for the plain pipeline.
fn pairs(bench: &Bench) -> Vec<Outcome> {
    let one = |pair: u64| {
        let mut outcome = bench.unaltered(pair);
        eprintln!("pair {pair}: {}", outcome.line());
        if pair % 17 != 3 {
            outcome.pair = None;
        }
        outcome
    };
    (0..UNALTERED).map(one).collect()
}

/// A family of so many pictures: seconds by the clock, and of all processors.
fn time(bench: &Bench, pictures: usize) -> (usize, f64, f64) {
    let (family, words) = bench.family(pictures);
    let (clock, before) = (Instant::now(), processor());
    let said = bench.compare(&family, words).alterations.len();
    let took = (pictures, clock.elapsed().as_secs_f64(), processor() - before);
    eprintln!("{pictures} pictures: {:.1} s, {:.1} s of processor, {said} rows", took.1, took.2);
    took
}

/// Seconds of processor used by this process and the readers it has started.
fn processor() -> f64 {
    let used = |who| {
        let mut usage = std::mem::MaybeUninit::<libc::rusage>::zeroed();
        // SAFETY: the pointer is live, and zeroed is a value of rusage.
        let usage = unsafe {
            libc::getrusage(who, usage.as_mut_ptr());
            usage.assume_init()
        };
        let seconds = |time: libc::timeval| time.tv_sec as f64 + time.tv_usec as f64 / 1e6;
        seconds(usage.ru_utime) + seconds(usage.ru_stime)
    };
    used(libc::RUSAGE_SELF) + used(libc::RUSAGE_CHILDREN)
}

/// A share as a table shows it.
fn share(part: usize, whole: usize) -> String {
    if whole == 0 { "–".to_owned() } else { format!("{:.2} ({part}/{whole})", part as f64 / whole as f64) }
}

/// Rows of a Markdown table.
fn rows(out: &mut String, head: &[&str], body: &[Vec<String>]) {
    let _ = writeln!(out, "| {} |\n|{}|", head.join(" | "), vec!["---"; head.len()].join("|"));
    for row in body {
        let _ = writeln!(out, "| {} |", row.join(" | "));
    }
    out.push('\n');
}

/// What was wanted, found, and falsely said in some outcomes.
fn tally<'a>(outcomes: impl IntoIterator<Item = &'a Outcome>) -> (usize, usize, usize, usize) {
    outcomes.into_iter().fold((0, 0, 0, 0), |(wanted, found, false_, trials), o| {
        let hit = o.wanted.iter().filter(|w| w.found).count();
        (wanted + o.wanted.len(), found + hit, false_ + o.false_places(), trials + 1)
    })
}
