//! What a package tells beside the dossier: the log, the originals, who made it when.

use std::collections::BTreeMap;

use case::Entry;
use dossier::Dossier;
use dossier::cells::row;
use dossier::told::{Item, Kind};
use jiff::Timestamp;
use model::Digest;

/// The circumstances of a package.
#[derive(Clone, Debug)]
pub struct Facts {
    /// When it was made, by the clock of the machine.
    pub made: Timestamp,
    /// By whom, as the machine names the user.
    pub actor: String,
    /// On which machine.
    pub host: String,
    /// The program and its version.
    pub program: String,
    /// The custody log up to the package.
    pub entries: Vec<Entry>,
    /// What it tells of. Where that is not all, the log is told without what it says of the rest.
    pub scope: Scope,
    /// The received files, whether their bytes are in the package or not.
    pub originals: Vec<Original>,
    /// Whether their bytes are in it.
    pub with_originals: bool,
}

/// What a package tells of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The whole case.
    Whole,
    /// So many sheets and what hangs on them.
    Sheets(usize),
    /// What the sheets say of one party.
    Party,
}

impl Facts {
    /// Whether the whole case is told of.
    pub fn is_whole(&self) -> bool {
        self.scope == Scope::Whole
    }

    /// The head of the chain.
    pub fn head(&self) -> Digest {
        self.entries.last().map_or(Digest::from([0; 32]), |entry| entry.digest)
    }

    /// For each item that was handed in, the entry under which it arrived.
    pub(crate) fn arrivals(&self) -> BTreeMap<&str, &Entry> {
        let mut arrivals = BTreeMap::new();
        for entry in self.entries.iter().filter(|entry| entry.command == "add") {
            for input in
                entry.inputs.iter().filter(|input| input.starts_with("item:") && !input.ends_with(" again"))
            {
                arrivals.entry(input.as_str()).or_insert(entry);
            }
        }
        arrivals
    }

    /// Which copy this is, of the three there are.
    pub fn copy(&self) -> &'static str {
        if self.with_originals { "evidence" } else { "publication" }
    }
}

/// Received bytes and every name under which they arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Original {
    /// SHA-256.
    pub digest: Digest,
    /// In bytes.
    pub size: u64,
    /// Where they lie in the package, below `data`; the name is of our making.
    pub place: String,
    /// The items with these bytes: id, received path, whether they were found inside another item.
    pub names: Vec<(String, String, Option<String>)>,
    /// What the bytes are.
    pub says: &'static str,
}

/// The originals that a dossier tells of, sorted by digest. Files found inside archives are named, and their bytes given where
/// the archive is not part of the dossier.
pub fn originals(dossier: &Dossier) -> Vec<Original> {
    let mut by_digest: BTreeMap<Digest, Vec<&Item>> = BTreeMap::new();
    for item in &dossier.items {
        if let Ok(digest) = item.sha256.parse() {
            by_digest.entry(digest).or_default().push(item);
        }
    }
    let mut all = Vec::new();
    for (digest, items) in by_digest {
        let Some(first) = items.first() else { continue };
        let names =
            items.iter().map(|item| (item.id.clone(), item.path.clone(), item.inside.clone())).collect();
        let place = format!("originals/{digest}{}", ending(first.kind));
        all.push(Original { digest, size: first.size, place, names, says: first.kind.says() });
    }
    all
}

impl Original {
    /// Whether its bytes are given: they were received as they are, or what they were found in is not told of.
    pub fn is_given(&self) -> bool {
        self.names.iter().any(|(_, _, inside)| inside.is_none())
    }
}

/// The ending that goes with what the bytes are, whatever the received name has.
fn ending(kind: Kind) -> &'static str {
    match kind {
        Kind::Jpeg => ".jpg",
        Kind::Png => ".png",
        Kind::Webp => ".webp",
        Kind::Gif => ".gif",
        Kind::Tiff => ".tif",
        Kind::Bmp => ".bmp",
        Kind::Heic => ".heic",
        Kind::Avif => ".avif",
        Kind::Pdf => ".pdf",
        Kind::Zip => ".zip",
        Kind::Tar => ".tar",
        Kind::Gzip => ".gz",
        Kind::Json => ".json",
        // What a browser would run is not given an ending that makes it run.
        Kind::Html | Kind::Svg | Kind::Text | Kind::Empty => ".txt",
        Kind::Media | Kind::Unknown => ".bin",
    }
}

/// Media types, for formats that ask for one.
pub(crate) fn media_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Jpeg => "image/jpeg",
        Kind::Png => "image/png",
        Kind::Webp => "image/webp",
        Kind::Gif => "image/gif",
        Kind::Tiff => "image/tiff",
        Kind::Bmp => "image/bmp",
        Kind::Heic => "image/heic",
        Kind::Avif => "image/avif",
        Kind::Svg => "image/svg+xml",
        Kind::Pdf => "application/pdf",
        Kind::Zip => "application/zip",
        Kind::Tar => "application/x-tar",
        Kind::Gzip => "application/gzip",
        Kind::Json => "application/json",
        Kind::Html => "text/html",
        Kind::Text | Kind::Empty => "text/plain",
        Kind::Media | Kind::Unknown => "application/octet-stream",
    }
}

/// originals.csv: every received name with the digest of its bytes and the file they lie in.
pub(crate) fn table(originals: &[Original]) -> String {
    let mut out = String::new();
    row(&mut out, ["sha256", "bytes", "file", "kind", "item", "received_path", "inside"]);
    for original in originals {
        let (digest, size) = (original.digest.to_string(), original.size.to_string());
        let place = if original.is_given() { original.place.as_str() } else { "" };
        for (item, path, inside) in &original.names {
            let inside = inside.as_deref().unwrap_or_default();
            row(&mut out, [&digest, &size, place, original.says, item, path, inside]);
        }
    }
    out
}
