//! A quick look at some kinds of alterations alone, told on the terminal: what was found, what was said falsely, and for
//! each miss what was looked at there. `MEASURE_KINDS` names the kinds (`stamp,marking,line`), `MEASURE_SEEDS` the seeds
//! (`5001..5003`, the last left out), `MEASURE_PAIRS` the pairs with something laid on them.

use forge::kinds::Kind;
use versions::Looked;

use super::trial::{Bench, Harm, Outcome, hits};
use super::{HEIGHTS, Result, share, tally};

/// Trials of some kinds: for each seed one of each damage, the heights by turns.
pub fn measure(bench: &Bench) -> Result<()> {
    let kinds = kinds(&std::env::var("MEASURE_KINDS").unwrap_or_else(|_| "stamp,marking,line".to_owned()))?;
    let seeds = range("MEASURE_SEEDS", 5001..5003)?;
    let mut all: Vec<Outcome> = Vec::new();
    for seed in seeds {
        for (n, harm) in Harm::ALL.into_iter().enumerate() {
            let height = HEIGHTS[(seed as usize + 2 * n) % HEIGHTS.len()];
            let (mut outcome, looked) = bench.altered_in(seed, height, harm, &kinds);
            println!("seed {seed}, {height} px, {}: {}", harm.name(), outcome.line());
            missed(&outcome, &looked);
            for s in &outcome.said {
                println!("  said at {:.0?}: later {:?}, {:?}", s.place, s.later, s.reasons);
            }
            outcome.pair = None;
            all.push(outcome);
        }
    }
    for kind in kinds {
        let mine: Vec<_> = all.iter().flat_map(|o| &o.wanted).filter(|w| w.kind == kind).collect();
        let found = mine.iter().filter(|w| w.found).count();
        let read = mine.iter().filter(|w| w.read).count();
        println!("{}: found {}, read right {read}", kind.name(), share(found, mine.len()));
    }
    let (_, _, falsely, trials) = tally(&all);
    println!("falsely said: {falsely} in {trials} trials");
    Ok(())
}

/// Pairs of which nobody altered anything, something laid on the one.
pub fn overlaid(bench: &Bench) -> Result<()> {
    let mut all = Vec::new();
    for pair in range("MEASURE_PAIRS", 0..16)? {
        let (mut outcome, name) = bench.overlaid(pair);
        println!("pair {pair}, {name}: {}", outcome.line());
        outcome.said.iter().for_each(|s| println!("  said at {:.0?}, {:.1} spreads", s.place, s.odd));
        outcome.pair = None;
        all.push(outcome);
    }
    let (_, _, falsely, trials) = tally(&all);
    println!("falsely said: {falsely} on {trials} pairs");
    Ok(())
}

/// For each kind that was missed what was looked at there, and what was said falsely.
fn missed(outcome: &Outcome, looked: &[Looked]) {
    for wanted in outcome.wanted.iter().filter(|w| !w.found) {
        for (_, edit) in outcome.edits.iter().filter(|(kind, _)| *kind == wanted.kind) {
            println!("  missed {} {:?} -> {:?} at {:.0?}", wanted.kind.name(), edit.old, edit.new, edit.area);
            for l in looked.iter().filter(|l| hits(l.area, edit.area)) {
                let reads: Vec<_> =
                    l.reads.iter().map(|(_, text, doubt)| format!("{text} ({doubt:.2})")).collect();
                println!(
                    "    looked at {:.0?}: {:.1} spreads, share {:.2}, {reads:?}",
                    l.area, l.odd, l.share
                );
            }
        }
    }
    for said in outcome.said.iter().filter(|s| !s.right) {
        println!("  falsely said at {:.0?}: {:.1} spreads", said.place, said.odd);
    }
}

fn kinds(names: &str) -> Result<Vec<Kind>> {
    let one = |name: &str| {
        let found = Kind::ALL.into_iter().find(|kind| kind.name().ends_with(name.trim()));
        found.ok_or_else(|| format!("no kind of alteration is called {name}"))
    };
    names.split(',').map(one).collect()
}

fn range(variable: &str, usual: std::ops::Range<u64>) -> Result<std::ops::Range<u64>> {
    let Ok(text) = std::env::var(variable) else { return Ok(usual) };
    let ends = text.split_once("..").and_then(|(a, b)| Some(a.trim().parse().ok()?..b.trim().parse().ok()?));
    ends.ok_or_else(|| format!("{variable} is not like 5001..5003"))
}
