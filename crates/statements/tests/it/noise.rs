//! Names under misread letters: of the persons annotated in the passages, how many are still found, and how many are joined to the
//! same entity as their clean spelling.

use model::EntityKind;
use statements::{Gazetteer, entities, told};

use crate::given::{Mark, passages};
use crate::reading::{day, reading};

/// Letters as a reader errs: mostly taken for one that looks alike, at times lost or doubled.
fn noisy(text: &str, share: f64, seed: u64) -> (String, Vec<usize>) {
    const LIKE: [(char, &str); 22] = [
        ('l', "1"),
        ('I', "l"),
        ('i', "l"),
        ('o', "0"),
        ('O', "0"),
        ('e', "c"),
        ('c', "e"),
        ('h', "b"),
        ('n', "u"),
        ('u', "n"),
        ('m', "rn"),
        ('s', "5"),
        ('S', "5"),
        ('t', "f"),
        ('f', "t"),
        ('a', "o"),
        ('B', "8"),
        ('g', "q"),
        ('y', "v"),
        ('d', "cl"),
        ('b', "h"),
        ('r', "n"),
    ];
    let mut state = seed;
    let mut dice = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / f64::from(1u32 << 31)
    };
    let (mut out, mut place) = (String::new(), Vec::new());
    for letter in text.chars() {
        place.push(out.chars().count());
        if !letter.is_alphanumeric() || dice() >= share {
            out.push(letter);
            continue;
        }
        match (LIKE.iter().find(|(one, _)| *one == letter), dice()) {
            (Some((_, like)), chance) if chance < 0.8 => out.push_str(like),
            (_, chance) if chance < 0.9 => {}
            _ => out.extend([letter, letter]),
        }
    }
    place.push(out.chars().count());
    (out, place)
}

/// Persons found, joined to the entity of their clean spelling, of how many.
fn recall(share: f64) -> (u32, u32, u32) {
    let (mut found, mut joined, mut of) = (0, 0, 0);
    let files = [include_str!("passages/tuned.txt"), include_str!("passages/unseen.txt")];
    for (n, passage) in files.iter().flat_map(|file| passages(file)).enumerate() {
        let clean = told(&reading(&passage.text), day(&passage.day), Gazetteer::shipped());
        for seed in 0..3 {
            let (text, place) = noisy(&passage.text, share, 1 + n as u64 * 17 + seed);
            let noisy = told(&reading(&text), day(&passage.day), Gazetteer::shipped());
            let all: Vec<_> = clean.mentions.iter().chain(&noisy.mentions).cloned().collect();
            let all = entities(&all, Gazetteer::shipped());
            for one in passage.marked.iter().filter(|one| one.mark == Mark::Person) {
                of += 1;
                let (start, end) = (place[one.start] as u64, place[one.end] as u64);
                let hit = noisy.mentions.iter().find(|mention| {
                    let span = mention.cited.span;
                    mention.kind == EntityKind::Person && span.start < end && start < span.start + span.length
                });
                found += u32::from(hit.is_some());
                let before = clean.mentions.iter().find(|mention| {
                    let span = mention.cited.span;
                    mention.kind == EntityKind::Person
                        && span.start < one.end as u64
                        && (one.start as u64) < span.start + span.length
                });
                joined += u32::from(hit.zip(before).is_some_and(|(a, b)| {
                    all.iter()
                        .any(|entity| entity.mentions.contains(&a.id) && entity.mentions.contains(&b.id))
                }));
            }
        }
    }
    (found, joined, of)
}

#[test]
fn names_are_found_under_noise() {
    let mut shares = Vec::new();
    for share in [0.0, 0.02, 0.05, 0.10] {
        let (found, joined, of) = recall(share);
        println!(
            "{:>3.0} % of letters misread: found {:.3}, joined to the clean spelling {:.3} (of {of})",
            share * 100.0,
            f64::from(found) / f64::from(of),
            f64::from(joined) / f64::from(of)
        );
        shares.push(f64::from(found) / f64::from(of));
    }
    assert!(shares[0] > 0.93 && shares[1] > 0.88 && shares[2] > 0.78 && shares[3] > 0.62, "{shares:?}");
}
