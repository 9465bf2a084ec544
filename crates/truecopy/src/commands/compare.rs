//! Two pictures laid on each other: a case of two files, examined, told and thrown away.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use case::Case;
use dossier::Dossier;
use dossier::told::{Alteration, AlterationKind, Picture};
use model::{Digest, Item};
use serde_json::json;

use crate::args::Compare;
use crate::commands::{actor, derive, found, open, tell, written};
use crate::fault::{End, Fault, Outcome};
use crate::stop;
use crate::talk::{Talk, count, plain};

pub(crate) fn compare(compare: &Compare, talk: &mut Talk) -> Outcome {
    let options = derive::options(&compare.jobs, stop::flag())?;
    let folder =
        tempfile::tempdir().map_err(|error| Fault::writing("a folder for the time being", &error))?;
    let mut case = Case::create(&folder.path().join("two.case"), "Two pictures", "", &actor())?;
    for (side, named) in [("a", &compare.a), ("b", &compare.b)] {
        let side = folder.path().join(side);
        bring(compare, named, &side)?;
        let received = case.receive(&[side], &actor(), |_| true)?;
        talk.received(&received);
        if !received.refused.is_empty() {
            return Err(Fault::user(format!("{} could not be received", plain(named))));
        }
    }
    if derive::drive(&case, &options, talk)?.stopped {
        return Ok(End::Stopped);
    }
    let material = dossier::gather(&case)?;
    let told = dossier::tell(&material);
    if let Some(path) = &compare.report {
        let context = dossier::Context { view_all: true, ..dossier::context(&case)? };
        let html = dossier::report_of(&case, &material, &told, &context);
        tell::put(path, |to| to.write_all(html.as_bytes()))?;
        talk.say(format!("report: {}", path.display()));
    }
    let sides = Sides::of(&told, compare)?;
    if compare.json.json { sides.as_json(&told) } else { sides.in_words(&told) }
}

/// Brings the file that is meant under `side/` with its own name, so that two of one name stay two.
fn bring(compare: &Compare, named: &str, side: &Path) -> Outcome<()> {
    fs::create_dir(side).map_err(|error| Fault::writing("a folder for the time being", &error))?;
    let Some(folder) = &compare.case else {
        let path = Path::new(named);
        let name = path.file_name().ok_or_else(|| Fault::usage(format!("{named} is not a file")))?;
        let to = side.join(name);
        fs::copy(path, &to)
            .map_err(|error| Fault::user(format!("{named}: {error}")).hint("check the spelling"))?;
        return Ok(());
    };
    let case = open(folder)?;
    let found = found::one(&case, named)?;
    let (name, blob) = bytes_of(&case, &found)?;
    let to = side.join(name);
    let mut file =
        fs::File::create(&to).map_err(|error| Fault::writing("a file for the time being", &error))?;
    io::copy(&mut case.bytes(blob)?, &mut file)
        .map_err(|error| Fault::writing("a file for the time being", &error))?;
    Ok(())
}

/// The name and bytes of an item, or of the item that a picture was seen on.
fn bytes_of(case: &Case, found: &found::Found) -> Outcome<(String, Digest)> {
    let no_file = || Fault::usage(format!("{} is neither a picture nor an item", found.id()));
    if found.kind.kind == "item" {
        let item: Item = serde_json::from_value(found.body.clone()).map_err(|_| no_file())?;
        return Ok((item.id.to_string().replace(':', "-"), item.blob));
    }
    let picture: model::Picture = serde_json::from_value(found.body.clone()).map_err(|_| no_file())?;
    let page = case.derived().get::<model::Page>(picture.page)?.ok_or_else(no_file)?;
    Ok((picture.id.to_string().replace(':', "-"), page.blob))
}

/// What the two are called: their last parts, where these differ.
fn names<'a>(a: &'a str, b: &'a str) -> [&'a str; 2] {
    let last = |path: &'a str| path.rsplit('/').next().unwrap_or(path);
    if last(a) == last(b) { [a, b] } else { [last(a), last(b)] }
}

/// The pictures seen on either file.
struct Sides<'a> {
    names: [&'a str; 2],
    pictures: [Vec<&'a Picture>; 2],
}

impl<'a> Sides<'a> {
    fn of(told: &'a Dossier, compare: &'a Compare) -> Outcome<Self> {
        let on = |side: &str| {
            let of = told
                .items
                .iter()
                .filter(|item| item.path.starts_with(&format!("{side}/")) || item.path == side);
            let items: Vec<&str> = of.map(|item| item.id.as_str()).collect();
            let shown = told
                .pictures
                .iter()
                .filter(|picture| picture.items.iter().any(|id| items.contains(&id.as_str())));
            shown.collect::<Vec<_>>()
        };
        let sides = Self { names: names(&compare.a, &compare.b), pictures: [on("a"), on("b")] };
        for (name, pictures) in sides.names.iter().zip(&sides.pictures) {
            if pictures.is_empty() {
                return Err(Fault::user(format!("no picture was found on {}", plain(name))).hint(
                    "images and PDFs can be compared; `truecopy examine` says what is wrong with a file",
                ));
            }
        }
        Ok(sides)
    }

    /// The sheets that both show.
    fn common(&self) -> Vec<&str> {
        let [one, two] = &self.pictures;
        let of = |picture: &&Picture| two.iter().any(|other| other.family == picture.family);
        one.iter()
            .copied()
            .filter(|picture| of(picture))
            .filter_map(|picture| picture.family.as_deref())
            .collect()
    }

    /// 1 for a picture of the second file, else 0.
    fn side(&self, picture: &str) -> usize {
        usize::from(self.pictures[1].iter().any(|known| known.id == picture))
    }

    fn in_words(&self, told: &Dossier) -> Outcome {
        let mut lines = Vec::new();
        let common = self.common();
        if common.is_empty() {
            lines.push("not found to show one sheet; that says nothing of either".to_owned());
        } else {
            lines.push(format!(
                "both show {}",
                count(common.len() as u64, "sheet in common").replace("commons", "common")
            ));
        }
        let (covered, altered): (Vec<&Alteration>, Vec<&Alteration>) =
            told.alterations.iter().partition(|row| row.kind == AlterationKind::Obscured);
        for row in &altered {
            let [one, two] =
                [&row.reads, &row.reads_against].map(|reads| reads.as_deref().unwrap_or("nothing"));
            let (first, second) = (self.names[self.side(&row.picture)], self.names[self.side(&row.against)]);
            lines.push(format!("{} reads '{}' at {}", plain(first), plain(one), corners(&row.quad)));
            lines.push(format!(
                "  where {} reads '{}' at {}",
                plain(second),
                plain(two),
                corners(&row.quad_against)
            ));
            lines.push(format!("  {}", self.later(row)));
        }
        if !common.is_empty() && altered.is_empty() {
            lines.push("no difference was found in what both show; small ones can escape".to_owned());
        }
        if !covered.is_empty() {
            lines.push(format!("{} covered on one of them", count(covered.len() as u64, "place")));
        }
        let mut out = io::stdout().lock();
        written(lines.iter().try_for_each(|line| writeln!(out, "{line}")))
    }

    /// Which of the two is held to be the later there, and by what.
    fn later(&self, row: &Alteration) -> String {
        let Some(later) = row.later else {
            return "which of the two is the later there is undecided".to_owned();
        };
        let name = self.names[self.side(if later { &row.picture } else { &row.against })];
        let carried = row.reasons.iter().filter(|clue| clue.carries && clue.later == later);
        let why: Vec<&str> = carried.map(|clue| clue.why.says()).collect();
        format!("{} is held to be the later there: {}", plain(name), why.join("; "))
    }

    fn as_json(&self, told: &Dossier) -> Outcome {
        let ids =
            |side: usize| self.pictures[side].iter().map(|picture| picture.id.as_str()).collect::<Vec<_>>();
        let row = json!({
            "a": { "file": self.names[0], "pictures": ids(0) }, "b": { "file": self.names[1], "pictures": ids(1) },
            "sheets_in_common": self.common(), "matches": told.matches, "alterations": told.alterations,
        });
        written(writeln!(io::stdout().lock(), "{row}"))
    }
}

fn corners(quad: &[[f64; 2]; 4]) -> String {
    let (from, to) = (quad[0], quad[2]);
    format!("({:.0}, {:.0}) to ({:.0}, {:.0})", from[0], from[1], to[0], to[1])
}
