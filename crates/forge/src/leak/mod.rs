//! The whole leak: documents, their exposures, the copies made of them, the channels these passed through.

mod grow;
mod spread;
mod venue;

use crate::chat::put;
use crate::rng::Rng;
use crate::shown::Shown;
use crate::truth::{
    AlterationTruth, ChannelTruth, CopyTruth, EditTruth, SheetTruth, Truth, VersionTruth, frame_to,
};
use crate::typeset::{Look, Sheet, document};
use grow::Copy;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::io;
use std::path::Path;

/// How a leak is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recipe {
    /// What all chance grows from.
    pub seed: u64,
    /// Number of documents.
    pub documents: usize,
    /// A document has 1 to so many sheets.
    pub max_pages: usize,
    /// A sheet has up to so many altered versions.
    pub versions: usize,
    /// A sheet is photographed or scanned 1 to so many times.
    pub exposures: usize,
    /// Copies made of a sheet's copies, about.
    pub copies: usize,
    /// Number of channels, 1 to 6: two Discord guilds (three channels), two Telegram channels, an imageboard thread.
    pub channels: usize,
    /// Posts without a picture for each with one.
    pub chatter: usize,
    /// Pictures that belong to no document: receipts and other people's papers.
    pub distractors: usize,
}

impl Recipe {
    /// Three sheets and about ten pictures, for quick tests.
    #[must_use]
    pub const fn tiny(seed: u64) -> Self {
        Self {
            seed,
            documents: 3,
            max_pages: 1,
            versions: 1,
            exposures: 1,
            copies: 2,
            channels: 3,
            chatter: 1,
            distractors: 2,
        }
    }

    /// About eight sheets and forty pictures.
    #[must_use]
    pub const fn small(seed: u64) -> Self {
        Self {
            seed,
            documents: 7,
            max_pages: 2,
            versions: 1,
            exposures: 2,
            copies: 3,
            channels: 6,
            chatter: 2,
            distractors: 6,
        }
    }

    /// The leak the demo shows: twelve documents, about a hundred pictures.
    #[must_use]
    pub const fn demo() -> Self {
        Self {
            seed: 20_260_120,
            documents: 12,
            max_pages: 3,
            versions: 2,
            exposures: 2,
            copies: 4,
            channels: 6,
            chatter: 3,
            distractors: 14,
        }
    }
}

/// Forges the leak and writes `exports/`, `loose/` and `truth.json` below `folder`, which is made if it is absent.
///
/// # Errors
/// If a file cannot be written, or a picture not be encoded.
pub fn write(recipe: &Recipe, folder: &Path) -> io::Result<Truth> {
    let rng = Rng::new(recipe.seed);
    let sheets = sheets(recipe, &rng);
    let grown: Vec<(grow::Grown, Vec<CopyTruth>)> = sheets
        .par_iter()
        .map(|(doc, sheet)| {
            let name = format!("{doc}p{}", sheet.page.0);
            let grown = grow::sheet(recipe, sheet, &mut rng.fork(&name))?;
            let copies =
                grown.copies.iter().map(|c| copy_truth(recipe, doc, &name, sheet, &grown, c)).collect();
            Ok((grown.without_pixels(), copies))
        })
        .collect::<io::Result<_>>()?;
    let mut truth = Truth {
        seed: recipe.seed,
        profile: "forged",
        sheets: sheets.iter().map(|(doc, sheet)| SheetTruth::of(sheet, doc)).collect(),
        versions: Vec::new(),
        copies: Vec::new(),
        posts: Vec::new(),
        missing: Vec::new(),
        channels: Vec::new(),
    };
    let mut files: Vec<Copy> = Vec::new();
    for ((grown, copies), (doc, sheet)) in grown.into_iter().zip(&sheets) {
        truth.versions.extend(versions(doc, sheet, &grown));
        let base = truth.copies.len();
        for (k, (mut copy, file)) in copies.into_iter().zip(grown.copies).enumerate() {
            copy.copy = format!("c{:04}", base + k);
            copy.parent = file.parent.map(|p| format!("c{:04}", base + p));
            truth.copies.push(copy);
            files.push(file);
        }
    }
    for (k, file) in distractors(recipe, &rng)?.into_iter().enumerate() {
        truth.copies.push(distractor_truth(&format!("x{k:04}"), &file));
        truth.versions.push(VersionTruth {
            version: format!("x{k:04}v0"),
            sheet: format!("x{k:04}"),
            edits: Vec::new(),
        });
        files.push(file);
    }
    publish(recipe, &rng, folder, files, &mut truth)?;
    put(folder, "truth.json", &serde_json::to_vec(&truth)?)?;
    Ok(truth)
}

/// Posts the files, and lays the rest loose.
fn publish(recipe: &Recipe, rng: &Rng, folder: &Path, files: Vec<Copy>, truth: &mut Truth) -> io::Result<()> {
    let venues = venue::all(recipe);
    let channels = spread::channels(recipe, &venues, &files, &truth.copies, &mut rng.fork("spread"));
    for (venue, channel) in venues.iter().zip(&channels) {
        let paths = channel.export(&channels, folder)?;
        truth.posts.extend(spread::posts(channel, &channels, &paths, &mut truth.copies));
        truth.missing.extend(spread::missing(channel));
        truth.channels.push(ChannelTruth {
            id: channel.name.clone(),
            kind: channel.platform.name(),
            guild: channel.guild.clone(),
            start: venue.start,
            private: venue.private,
            posts: channel.posts.len(),
            missing: channel.posts.iter().filter(|p| p.picture.as_ref().is_some_and(|a| !a.held)).count(),
        });
    }
    std::fs::create_dir_all(folder.join("loose"))?;
    for (copy, file) in truth.copies.iter_mut().zip(files) {
        if !copy.withheld && copy.file.is_none() {
            let path = format!("loose/{}.{}", copy.copy, file.ext);
            put(folder, &path, &file.bytes)?;
            copy.file = Some(path);
        }
    }
    Ok(())
}

fn sheets(recipe: &Recipe, rng: &Rng) -> Vec<(String, Sheet)> {
    let mut looks = Look::ALL;
    rng.fork("looks").shuffle(&mut looks);
    (0..recipe.documents)
        .flat_map(|k| {
            let doc = format!("D{k:03}");
            let mut rng = rng.fork(&doc);
            let look = looks[k % looks.len()];
            let pages =
                1 + rng.below(if matches!(look, Look::Map | Look::Form) { 1 } else { recipe.max_pages });
            document(&mut rng, look, pages).into_iter().map(move |sheet| (doc.clone(), sheet))
        })
        .collect()
}

fn versions(doc: &str, sheet: &Sheet, grown: &grow::Grown) -> Vec<VersionTruth> {
    let name = format!("{doc}p{}", sheet.page.0);
    let one = |(k, edits): (usize, &Vec<crate::edit::Edit>)| VersionTruth {
        version: format!("{name}v{k}"),
        sheet: name.clone(),
        edits: edits.iter().map(|e| EditTruth::of(sheet, e)).collect(),
    };
    grown.versions.iter().enumerate().map(one).collect()
}

fn copy_truth(
    recipe: &Recipe,
    doc: &str,
    name: &str,
    sheet: &Sheet,
    grown: &grow::Grown,
    copy: &Copy,
) -> CopyTruth {
    let shown = &copy.shown;
    CopyTruth {
        copy: String::new(),
        sheet: name.to_owned(),
        doc: doc.to_owned(),
        version: format!("{name}v{}", copy.version),
        parent: None,
        capture: Some(format!("{}/{name}/{}", recipe.seed, copy.capture)),
        ops: copy.ops.clone(),
        size: [shown.image.width(), shown.image.height()],
        homography: Some(frame_to(shown, sheet)),
        seen: Some((shown.seen() * 1000.0).round() / 1000.0),
        alterations: grown.versions[copy.version].iter().map(|e| AlterationTruth::of(shown, e)).collect(),
        withheld: copy.withheld,
        sha256: hex(&Sha256::digest(&copy.bytes)),
        distractor: false,
        posted: false,
        file: None,
    }
}

fn distractor_truth(name: &str, file: &Copy) -> CopyTruth {
    CopyTruth {
        copy: name.to_owned(),
        sheet: name.to_owned(),
        doc: name.to_owned(),
        version: format!("{name}v0"),
        parent: None,
        capture: None,
        ops: vec!["distractor".to_owned()],
        size: [file.size.0, file.size.1],
        homography: None,
        seen: None,
        alterations: Vec::new(),
        withheld: false,
        sha256: hex(&Sha256::digest(&file.bytes)),
        distractor: true,
        posted: false,
        file: None,
    }
}

/// Two receipts for each other document, on tables and scanners.
fn distractors(recipe: &Recipe, rng: &Rng) -> io::Result<Vec<Copy>> {
    let venues = venue::all(recipe);
    (0..recipe.distractors)
        .into_par_iter()
        .map(|k| {
            let mut rng = rng.fork(&format!("distractor {k}"));
            let raster = if k % 3 == 2 {
                crate::typeset::sheet(&mut rng, Look::ALL[k / 3 % Look::ALL.len()]).raster()
            } else {
                crate::typeset::receipt(&mut rng)
            };
            let mut copy = grow::root(Shown::of(raster), 0, &mut rng);
            if rng.chance(0.5) {
                let at = rng.below(venues.len());
                copy.venue = Some(at);
                copy.when = venues[at].opens().plus_minutes(rng.range(10.0, 20_000.0));
            }
            grow::finish(copy, &venues, &mut rng).map(Copy::without_pixels)
        })
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
