//! How many of the copies that a leak's truth withholds are told as gaps, and how many gaps are false.
//!
//! A withheld copy leaves a trace by name where a post of the exports carries it, and in pictures where a copy that is held was
//! made from it or from a copy of it that is withheld too. It counts as found by name where a gap names its post, and in pictures
//! where a gap of a picture names a held copy between which and its nearest held ancestor the withheld copy stands. A gap of a picture
//! is right where such a copy stands above one of its pictures; it is right of the photograph where two of its pictures go back to one
//! exposure and to no copy in common: the camera's own file is in no leak; else it is false. A gap of a file
//! or post is false where the truth says that it is held.
//!
//! Of the withheld copies above a held one those are counted apart that leave a trace in it, by the truth alone. One is rounding: a held
//! copy was made from it with nothing that moves pixels (no cut, turn, scale or caption), and the withheld one's steps are coarser
//! at one of the nine lowest frequencies, so that they show behind those of the last encoding. One is a size: it was reduced to
//! a platform's, and a copy made from it that no platform reduced has that size, as no other held copy of the sheet. One is number: of one
//! exposure four held copies or more go back to no held one. The others leave nothing that their held copies would not show had they
//! been made in one step from what is held.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::measure::{Bench, Figure, Result, figure, run};

/// Seeds of forged leaks. Of the second the first count was looked at: `MANY`, and what it mirrors in `spread`, were three before it.
const SEEDS: [u64; 3] = [8501, 8502, 8503];

#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    withheld: usize,
    by_name: (usize, usize),
    in_pictures: (usize, usize),
    /// Of these those that leave a trace, and those whose rounding a held copy keeps: all, told.
    traced: (usize, usize),
    kept: (usize, usize),
    /// Gaps of pictures: right, right of the photograph, false.
    pictures: (usize, usize, usize),
    /// Gaps of files, posts and channels: all, false.
    named: (usize, usize),
    /// Gaps of sheets: all, false.
    sheets: (usize, usize),
    /// Other sources of channels: all, false.
    supplies: (usize, usize),
}

impl Tally {
    fn add(&mut self, other: &Self) {
        let sum = |a: &mut (usize, usize), b: (usize, usize)| *a = (a.0 + b.0, a.1 + b.1);
        self.withheld += other.withheld;
        sum(&mut self.by_name, other.by_name);
        sum(&mut self.in_pictures, other.in_pictures);
        sum(&mut self.named, other.named);
        sum(&mut self.sheets, other.sheets);
        sum(&mut self.supplies, other.supplies);
        sum(&mut self.traced, other.traced);
        sum(&mut self.kept, other.kept);
        let (a, b) = (&mut self.pictures, other.pictures);
        *a = (a.0 + b.0, a.1 + b.1, a.2 + b.2);
    }

    fn figures(&self, of: &str, how: &str, figures: &mut Vec<Figure>) {
        let rows = [
            ("withheld copies", self.withheld),
            ("withheld copies that a post names", self.by_name.0),
            ("of these told as gaps", self.by_name.1),
            ("withheld copies above a held one", self.in_pictures.0),
            ("of these told as gaps", self.in_pictures.1),
            ("gaps of pictures, right", self.pictures.0),
            ("gaps of pictures, right of the photograph itself", self.pictures.1),
            ("gaps of pictures, false", self.pictures.2),
            ("gaps of posts, files and channels", self.named.0),
            ("of these false", self.named.1),
            ("gaps of sheets", self.sheets.0),
            ("of these false", self.sheets.1),
            ("other sources of channels", self.supplies.0),
            ("of these false", self.supplies.1),
            ("withheld copies above a held one that leave a trace", self.traced.0),
            ("of these told as gaps", self.traced.1),
            ("withheld copies whose rounding a held one keeps on its own grid", self.kept.0),
            ("of these told as gaps", self.kept.1),
        ];
        figures.extend(rows.map(|(what, value)| figure(format!("{of}: {what}"), value as f64, "", how)));
    }
}

/// The bench's trove where it is beside the workspace, and forged leaks.
pub(crate) fn gaps(bench: &Bench, figures: &mut Vec<Figure>) -> Result<()> {
    let trove = bench.root.join("../shared/bench/trove");
    if trove.is_dir() {
        let how =
            "truecopy examine bench/trove/exports bench/trove/loose, against truth.json; xtask/src/gaps.rs";
        let tally = leak(bench, &trove, "trove")?;
        tally.figures("gaps, trove", how, figures);
    } else {
        eprintln!("skipped: the bench's trove is not beside the workspace");
    }
    let mut all = Tally::default();
    for seed in SEEDS {
        let folder = bench.path(&format!("forged{seed}"));
        run(&bench.forge, &["leak", "--size", "small", &format!("--seed={seed}"), "--out", &folder])?;
        all.add(&leak(bench, Path::new(&folder), &format!("forged{seed}"))?);
    }
    let how = format!(
        "forge leak --size small --seed={SEEDS:?}; truecopy examine, against truth.json; xtask/src/gaps.rs"
    );
    all.figures("gaps, forged leaks", &how, figures);
    Ok(())
}

/// Examines a leak and holds its gaps against its truth. `MEASURE_CASES` names a folder of cases, NAME.case, that were examined and read
/// before: then only what is new is done on them.
fn leak(bench: &Bench, folder: &Path, name: &str) -> Result<Tally> {
    let kept = std::env::var_os("MEASURE_CASES").map(|cases| Path::new(&cases).join(format!("{name}.case")));
    let kept = kept.filter(|case| case.is_dir());
    let case =
        kept.as_ref().map_or_else(|| bench.path(&format!("{name}.case")), |case| case.display().to_string());
    let out = bench.path(&format!("{name}.json"));
    if kept.is_some() {
        run(&bench.truecopy, &["run", &case, "--no-reading", "--quiet"])?;
    } else {
        let material = ["exports", "loose"].map(|part| folder.join(part).display().to_string());
        run(&bench.truecopy, &["examine", &material[0], &material[1], "--case", &case, "--quiet"])?;
    }
    run(&bench.truecopy, &["export", &case, "--output", &out, "--quiet"])?;
    let read = |path: &Path| -> Result<Value> {
        let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
    };
    let (truth, told) = (read(&folder.join("truth.json"))?, read(Path::new(&out))?);
    let tally = Truth::of(&truth, &told).tally(name);
    eprintln!("{name}: {tally:?}");
    Ok(tally)
}

/// The nine lowest frequencies of brightness in the table of ITU-T T.81, annex K.
const BASE: [u64; 9] = [11, 12, 12, 14, 10, 16, 14, 13, 14];
/// Operations that move pixels off the grid.
const MOVES: [&str; 8] = ["scale", "crop", "tilt", "turn", "phone", "screenshot", "photo", "caption"];

/// Longer sides to which platforms reduce pictures.
const LIMITS: [(&str, u64); 2] = [("telegram", 1280), ("whatsapp", 1600)];
/// Held copies of one exposure that go back to no held one.
const MANY: usize = 4;

/// The platform that a copy went through last: the last operation is "platform:qN".
fn platform(copy: &Value) -> Option<&str> {
    Some(rows(copy, "ops").last()?.as_str()?.split_once(':')?.0)
}

/// The quality at which a copy was encoded last: the last operation is "platform:qN".
fn quality(copy: &Value) -> Option<u64> {
    rows(copy, "ops").last()?.as_str()?.rsplit_once(":q")?.1.parse().ok()
}

/// The step of a frequency at a quality, as the Independent JPEG Group scales the table.
fn step(base: u64, quality: u64) -> u64 {
    let scale = if quality < 50 { 5000 / quality.max(1) } else { 200 - 2 * quality.min(100) };
    ((base * scale + 50) / 100).clamp(1, 255)
}

/// Whether rounding to one step leaves gaps among the values of another.
fn shows(first: u64, last: u64) -> bool {
    first > last && first > 1
}

fn rows<'a>(of: &'a Value, table: &str) -> &'a [Value] {
    of[table].as_array().map_or(&[], Vec::as_slice)
}

fn text<'a>(of: &'a Value, key: &str) -> &'a str {
    of[key].as_str().unwrap_or_default()
}

fn strings<'a>(of: &'a Value, key: &str) -> Vec<&'a str> {
    rows(of, key).iter().filter_map(Value::as_str).collect()
}

/// A leak's truth beside what was told of it.
struct Truth<'a> {
    truth: &'a Value,
    told: &'a Value,
    copies: BTreeMap<&'a str, &'a Value>,
    /// The copy that a picture of the dossier is.
    copy_of: BTreeMap<&'a str, &'a str>,
}

impl<'a> Truth<'a> {
    fn of(truth: &'a Value, told: &'a Value) -> Self {
        let copies: BTreeMap<&str, &Value> =
            rows(truth, "copies").iter().map(|copy| (text(copy, "copy"), copy)).collect();
        let held = rows(truth, "copies").iter().filter(|copy| copy["withheld"] == false);
        let by_bytes: BTreeMap<&str, &str> =
            held.map(|copy| (text(copy, "sha256"), text(copy, "copy"))).collect();
        let bytes: BTreeMap<&str, &str> =
            rows(told, "items").iter().map(|item| (text(item, "id"), text(item, "sha256"))).collect();
        let copy_of = rows(told, "pictures").iter().filter_map(|picture| {
            let bytes = bytes.get(text(picture, "item"))?;
            Some((text(picture, "id"), *by_bytes.get(bytes)?))
        });
        Self { truth, told, copies, copy_of: copy_of.collect() }
    }

    fn is_withheld(&self, copy: &str) -> bool {
        self.copies.get(copy).is_some_and(|copy| copy["withheld"] == true)
    }

    fn parent(&self, copy: &str) -> Option<&'a str> {
        self.copies.get(copy)?["parent"].as_str()
    }

    /// The withheld copies between a copy and its nearest held ancestor, and that ancestor.
    fn above(&self, copy: &str) -> (Vec<&'a str>, Option<&'a str>) {
        let (mut between, mut at) = (Vec::new(), self.parent(copy));
        while let Some(parent) = at.filter(|parent| self.is_withheld(parent)) {
            between.push(parent);
            at = self.parent(parent);
        }
        (between, at)
    }

    fn tally(&self, name: &str) -> Tally {
        let withheld: BTreeSet<&str> =
            self.copies.keys().copied().filter(|copy| self.is_withheld(copy)).collect();
        let held = self.copies.keys().filter(|copy| !self.is_withheld(copy));
        let traced: BTreeSet<&str> = held.flat_map(|copy| self.above(copy).0).collect();
        let mut tally = Tally { withheld: withheld.len(), ..Tally::default() };
        let (mut found, mut named) = (BTreeSet::new(), BTreeSet::new());
        for gap in rows(self.told, "gaps") {
            match text(gap, "lack") {
                "source" | "between" => self.picture(gap, name, &mut found, &mut tally),
                "sheet" => self.sheet(gap, name, &mut tally),
                "supply" => self.supply(gap, name, &mut tally),
                "file" | "post" | "channel" => self.named(gap, name, &mut named, &mut tally),
                _ => {}
            }
        }
        let carried: BTreeSet<&str> =
            rows(self.truth, "missing").iter().map(|missing| text(missing, "copy")).collect();
        tally.by_name = (carried.len(), carried.intersection(&named).count());
        tally.in_pictures = (traced.len(), traced.intersection(&found).count());
        let kept: BTreeSet<&str> = traced.iter().copied().filter(|copy| self.is_kept(copy)).collect();
        tally.kept = (kept.len(), kept.intersection(&found).count());
        let leaves: BTreeSet<&str> =
            traced.iter().copied().filter(|copy| self.leaves_a_trace(copy)).collect();
        tally.traced = (leaves.len(), leaves.intersection(&found).count());
        for copy in traced.difference(&found) {
            let trace = if leaves.contains(copy) { "with a trace" } else { "without a trace" };
            eprintln!(
                "{name}: not told, {trace}: {copy} {:?}",
                self.copies.get(copy).map(|copy| &copy["ops"])
            );
        }
        tally
    }

    fn picture(&self, gap: &Value, name: &str, found: &mut BTreeSet<&'a str>, tally: &mut Tally) {
        let copies: Vec<&str> = strings(gap, "pictures")
            .iter()
            .filter_map(|picture| self.copy_of.get(picture).copied())
            .collect();
        // Of a picture between two, the second is the one that was made.
        let made = if text(gap, "lack") == "between" {
            copies.get(1..).unwrap_or_default()
        } else {
            copies.as_slice()
        };
        let above: BTreeSet<&str> = made.iter().flat_map(|copy| self.above(copy).0).collect();
        let pairs =
            copies.iter().enumerate().flat_map(|(n, a)| copies[n + 1..].iter().map(move |b| (*a, *b)));
        if !above.is_empty() {
            found.extend(above);
            tally.pictures.0 += 1;
        } else if text(gap, "lack") == "source"
            && pairs.into_iter().any(|(a, b)| self.of_the_photograph(a, b))
        {
            tally.pictures.1 += 1;
        } else {
            tally.pictures.2 += 1;
            eprintln!("{name}: false: {} {copies:?} {}", text(gap, "id"), gap["reasons"]);
        }
    }

    /// Whether two copies go back to one exposure and to no copy that both come from.
    fn of_the_photograph(&self, a: &str, b: &str) -> bool {
        let line =
            |copy: &'a str| std::iter::successors(Some(copy), |copy| self.parent(copy)).collect::<Vec<_>>();
        let known =
            |copy: &str| self.copies.get_key_value(copy).map(|(copy, truth)| (*copy, text(truth, "capture")));
        let (Some((a, one)), Some((b, other))) = (known(a), known(b)) else { return false };
        let above = line(b);
        one == other && !one.is_empty() && line(a).iter().all(|copy| !above.contains(copy))
    }

    /// Whether a held copy was made from this one on the same grid of pixels, and its own encoding does not hide the steps of
    /// this one: at one of the lowest frequencies they are not among its own.
    fn is_kept(&self, copy: &str) -> bool {
        let Some(first) = self.copies.get(copy).and_then(|copy| quality(copy)) else { return false };
        let made = self.copies.values().filter(|made| made["parent"] == copy && made["withheld"] == false);
        made.into_iter().any(|made| {
            let moved = rows(made, "ops")
                .iter()
                .filter_map(Value::as_str)
                .any(|op| MOVES.iter().any(|m| op.starts_with(m)));
            let shows = |last: u64| BASE.iter().any(|base| shows(step(*base, first), step(*base, last)));
            !moved && made["size"] == self.copies[copy]["size"] && quality(made).is_some_and(shows)
        })
    }

    /// Whether a withheld copy above a held one leaves rounding, a platform's size or too many copies without a source.
    fn leaves_a_trace(&self, copy: &str) -> bool {
        self.is_kept(copy) || self.is_of_a_platforms_size(copy) || self.is_of_many(copy)
    }

    fn is_of_a_platforms_size(&self, copy: &str) -> bool {
        let own = self.copies[copy];
        let by = |copy: &Value| platform(copy).map(str::to_owned);
        let longer = rows(own, "size").iter().filter_map(Value::as_u64).max();
        let reduced =
            LIMITS.iter().any(|(name, limit)| by(own).as_deref() == Some(name) && longer == Some(*limit));
        let held =
            self.copies.values().filter(|other| other["withheld"] == false && other["sheet"] == own["sheet"]);
        let mut sized = held.into_iter().filter(|other| other["size"] == own["size"]);
        let (one, another) = (sized.next(), sized.next());
        let below = |one: &Value| self.above(text(one, "copy")).0.contains(&copy) && by(one) != by(own);
        reduced && another.is_none() && one.is_some_and(|one| below(one))
    }

    fn is_of_many(&self, copy: &str) -> bool {
        let capture = text(self.copies[copy], "capture");
        let held = self
            .copies
            .values()
            .filter(|other| other["withheld"] == false && text(other, "capture") == capture);
        !capture.is_empty()
            && self.above(copy).1.is_none()
            && held.into_iter().filter(|other| self.above(text(other, "copy")).1.is_none()).count() >= MANY
    }

    /// Another source is right where one of the sheets it names came to the channel with a copy that goes back to no copy
    /// posted in a channel from which a hop leads there.
    fn supply(&self, gap: &Value, name: &str, tally: &mut Tally) {
        tally.supplies.0 += 1;
        let channel = text(gap, "channel");
        let native_of: BTreeMap<&str, &str> =
            rows(self.told, "channels").iter().map(|c| (text(c, "id"), text(c, "name"))).collect();
        let named = |id: &str| native_of.get(id).copied().unwrap_or_default();
        let into =
            rows(self.told, "hops").iter().filter(|hop| text(hop, "to") == channel && hop["decided"] == true);
        let sources: BTreeSet<&str> = into.map(|hop| named(text(hop, "from"))).collect();
        let posted = |copy: &str, at: &dyn Fn(&str) -> bool| {
            rows(self.truth, "posts")
                .iter()
                .any(|post| text(post, "copy") == copy && at(text(post, "channel")))
        };
        let families = strings(gap, "families");
        let own =
            rows(self.told, "pictures").iter().filter(|picture| families.contains(&text(picture, "family")));
        let right = own.filter_map(|picture| self.copy_of.get(text(picture, "id")).copied()).any(|copy| {
            let above = std::iter::successors(self.parent(copy), |copy| self.parent(copy));
            posted(copy, &|at| at == named(channel))
                && !above.into_iter().any(|above| posted(above, &|at| sources.contains(at)))
        });
        if !right {
            tally.supplies.1 += 1;
            eprintln!("{name}: false: {} {}", text(gap, "id"), named(channel));
        }
    }

    fn sheet(&self, gap: &Value, name: &str, tally: &mut Tally) {
        tally.sheets.0 += 1;
        // A page of a document of which the truth has every page, each held.
        let of: BTreeMap<&str, &str> = rows(self.told, "pictures")
            .iter()
            .filter_map(|picture| Some((text(picture, "family"), *self.copy_of.get(text(picture, "id"))?)))
            .collect();
        let docs: BTreeSet<&str> = strings(gap, "families")
            .iter()
            .filter_map(|family| Some(text(self.copies.get(of.get(family)?)?, "doc")))
            .collect();
        let page = text(&gap["seek"], "file").split(' ').nth(1).unwrap_or_default().to_owned();
        let held = self.copies.values().any(|copy| {
            let sheet = text(copy, "sheet");
            copy["withheld"] == false
                && docs.contains(text(copy, "doc"))
                && sheet.ends_with(&format!("p{page}"))
        });
        if held || docs.len() != 1 {
            tally.sheets.1 += 1;
            eprintln!("{name}: false: {} page {page} of {docs:?}", text(gap, "id"));
        }
    }

    fn named(&self, gap: &Value, name: &str, found: &mut BTreeSet<&'a str>, tally: &mut Tally) {
        tally.named.0 += 1;
        let post = text(&gap["seek"], "post");
        let of = |missing: &&Value| text(missing, "post") == post;
        let missing: Vec<&str> =
            rows(self.truth, "missing").iter().filter(of).map(|missing| text(missing, "copy")).collect();
        let is_held = rows(self.told, "posts").iter().any(|held| text(held, "native_id") == post);
        match text(gap, "lack") {
            "file" if missing.is_empty() => {
                tally.named.1 += 1;
                eprintln!("{name}: false: {} {post}", text(gap, "id"));
            }
            "post" if is_held => {
                tally.named.1 += 1;
                eprintln!("{name}: false: {} {post}", text(gap, "id"));
            }
            _ => found.extend(missing),
        }
    }
}
