//! Reads a bag that was received (BagIt 0.97 and 1.0): holds each file against the manifests, and the signature against the list of
//! digests. Everything is hostile: paths may not leave the bag, links are not followed, sizes are bounded.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};

use model::{Code, Digest, Problem, Trouble};
use sha2::Digest as _;

/// Bytes of a manifest, at most: about a million files.
const MANIFEST: u64 = 256 << 20;
/// Files below a bag, at most.
const FILES: usize = 2_000_000;
/// How deep folders may lie in each other.
const DEPTH: usize = 100;
/// Problems named one by one, at most.
const NAMED: usize = 10_000;

/// What came of reading a bag.
#[derive(Clone, Debug, Default)]
pub struct Received {
    /// SHA-256 of its `tagmanifest-sha256.txt`, if it has one: what a sender names to pin the package.
    pub digest: Option<Digest>,
    /// Files that hold the bytes they were packed with.
    pub held: u64,
    /// What is not as the bag says, and notes; about paths that begin with the bag's name.
    pub problems: Vec<Problem>,
    /// Whose key the signature is of, where there is one and it holds.
    pub signed: Option<String>,
}

/// Digests by path, as one manifest has them.
#[derive(Clone, Debug, Default)]
pub struct Manifest {
    /// Whether the digests are SHA-512; else SHA-256.
    long: bool,
    paths: BTreeMap<String, String>,
}

impl Manifest {
    /// Reads a manifest: a digest, white space, a path with its line ends encoded. Lines that make no sense are counted.
    pub fn read(text: &str, long: bool) -> (Self, usize) {
        let (mut manifest, mut odd) = (Self { long, ..Self::default() }, 0);
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let parts = line.split_once([' ', '\t']).filter(|(digest, _)| {
                digest.len() == if long { 128 } else { 64 }
                    && digest.bytes().all(|byte| byte.is_ascii_hexdigit())
            });
            match parts {
                Some((digest, path)) => {
                    let path = decoded(path.trim_start_matches([' ', '\t', '*']));
                    manifest.paths.insert(path, digest.to_lowercase());
                }
                None => odd += 1,
            }
        }
        (manifest, odd)
    }
}

fn decoded(path: &str) -> String {
    let lines = path.replace("%0A", "\n").replace("%0a", "\n").replace("%0D", "\r").replace("%0d", "\r");
    lines.replace("%25", "%")
}

/// Reads the bag in `folder`; None where there is none. `name` is what its paths begin with.
pub fn received(folder: &Path, name: &str) -> io::Result<Option<Received>> {
    if !plain_file(&folder.join("bagit.txt")) {
        return Ok(None);
    }
    let mut check = Check { folder, name, found: Received::default(), listed: BTreeSet::new() };
    for (file, long) in [("manifest-sha256.txt", false), ("manifest-sha512.txt", true)] {
        check.manifest(file, long, true)?;
    }
    for (file, long) in [("tagmanifest-sha256.txt", false), ("tagmanifest-sha512.txt", true)] {
        check.manifest(file, long, false)?;
    }
    check.unlisted()?;
    check.signature()?;
    if plain_file(&folder.join("data/dossier.json")) {
        check.problem("data/dossier.json", Code::SenderAccount, "");
    }
    Ok(Some(check.found))
}

struct Check<'a> {
    folder: &'a Path,
    name: &'a str,
    found: Received,
    listed: BTreeSet<String>,
}

impl Check<'_> {
    fn problem(&mut self, path: &str, code: Code, detail: impl Into<String>) {
        if self.found.problems.len() < NAMED {
            self.found
                .problems
                .push(Problem::new(&format!("{}/{path}", self.name), Trouble::new(code, detail)));
        }
    }

    /// Holds every file that a manifest names against it.
    fn manifest(&mut self, file: &str, long: bool, payload: bool) -> io::Result<()> {
        let path = self.folder.join(file);
        if !plain_file(&path) {
            if payload && !long && !plain_file(&self.folder.join("manifest-sha512.txt")) {
                self.problem(file, Code::FileAbsent, "no manifest by SHA-256 or SHA-512");
            }
            return Ok(());
        }
        let text = bounded(&path)?;
        if file == "tagmanifest-sha256.txt" {
            self.found.digest = Some(Digest::of(text.as_bytes()));
        }
        let (manifest, odd) = Manifest::read(&text, long);
        if odd > 0 {
            self.problem(file, Code::DigestDiffers, format!("{odd} lines make no sense"));
        }
        for (path, digest) in &manifest.paths {
            self.hold(path, digest, &manifest);
            if payload {
                self.listed.insert(path.clone());
            }
        }
        Ok(())
    }

    fn hold(&mut self, path: &str, digest: &str, manifest: &Manifest) {
        let inside = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
        let on_disk = self.folder.join(path);
        if !inside || !within(self.folder, &on_disk) {
            self.problem(path, Code::FileAbsent, "its path leads out of the package, or through a link");
        } else if !plain_file(&on_disk) {
            self.problem(path, Code::FileAbsent, "");
        } else {
            match hashed(&on_disk, manifest.long) {
                Ok(held) if held == digest => self.found.held += u64::from(!manifest.long),
                Ok(_) => {
                    let by = if manifest.long { "SHA-512" } else { "SHA-256" };
                    self.problem(path, Code::DigestDiffers, format!("by {by}"));
                }
                Err(error) => self.problem(path, Code::Unreadable, error.to_string()),
            }
        }
    }

    /// Files of the payload that no manifest names.
    fn unlisted(&mut self) -> io::Result<()> {
        let mut found = Vec::new();
        walk(&self.folder.join("data"), "data", 0, &mut found)?;
        found.retain(|path| !self.listed.contains(path));
        for path in found {
            self.problem(&path, Code::FileUnlisted, "");
        }
        Ok(())
    }

    fn signature(&mut self) -> io::Result<()> {
        let (list, signature) = ("tagmanifest-sha256.txt", "tagmanifest-sha256.txt.sig");
        if !plain_file(&self.folder.join(signature)) || !plain_file(&self.folder.join(list)) {
            return Ok(());
        }
        let (text, armoured) = (bounded(&self.folder.join(list))?, bounded(&self.folder.join(signature))?);
        match seals::ssh::check(seals::ssh::PACKAGE, text.as_bytes(), &armoured) {
            Ok(signed) => {
                self.problem(signature, Code::SignatureHolds, format!("key {}", signed.fingerprint));
                self.found.signed = Some(signed.fingerprint);
            }
            Err(why) => self.problem(signature, Code::SignatureFails, why),
        }
        Ok(())
    }
}

/// Whether it is a file, and no link.
fn plain_file(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file())
}

/// Whether no folder on the way to `path` is a link.
fn within(folder: &Path, path: &Path) -> bool {
    let mut way: PathBuf = path.to_owned();
    while way.pop() && way.starts_with(folder) {
        if way != folder && fs::symlink_metadata(&way).is_ok_and(|metadata| metadata.is_symlink()) {
            return false;
        }
    }
    true
}

fn bounded(path: &Path) -> io::Result<String> {
    let mut text = Vec::new();
    File::open(path)?.take(MANIFEST).read_to_end(&mut text)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

fn hashed(path: &Path, long: bool) -> io::Result<String> {
    let (mut short, mut full) = (sha2::Sha256::new(), sha2::Sha512::new());
    let (mut file, mut buffer) = (File::open(path)?, vec![0; 1 << 20]);
    loop {
        let count = file.read(&mut buffer)?;
        let Some(read) = buffer.get(..count).filter(|read| !read.is_empty()) else { break };
        if long { full.update(read) } else { short.update(read) }
    }
    Ok(if long { crate::bag::hex(&full.finalize()) } else { crate::bag::hex(&short.finalize()) })
}

fn walk(folder: &Path, name: &str, depth: usize, into: &mut Vec<String>) -> io::Result<()> {
    if depth > DEPTH
        || into.len() > FILES
        || !fs::symlink_metadata(folder).is_ok_and(|metadata| metadata.is_dir())
    {
        return Ok(());
    }
    let mut entries: Vec<fs::DirEntry> = fs::read_dir(folder)?.collect::<io::Result<_>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = format!("{name}/{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            walk(&entry.path(), &path, depth + 1, into)?;
        } else {
            into.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::bag::Bag;

    fn codes(folder: &Path) -> Vec<Code> {
        let found = received(folder, "bag").unwrap().unwrap();
        found.problems.into_iter().map(|problem| problem.code).collect()
    }

    fn bag(folder: &Path) -> PathBuf {
        let path = folder.join("bag");
        let mut bag = Bag::create(&path).unwrap();
        bag.put("one.txt", &mut &b"one"[..]).unwrap();
        bag.put("deep/100%.txt", &mut &b"two"[..]).unwrap();
        bag.seal(&[]).unwrap();
        path
    }

    #[test]
    fn what_was_packed_holds_and_what_was_changed_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = bag(folder.path());
        assert!(received(folder.path(), "x").unwrap().is_none());
        let whole = received(&path, "bag").unwrap().unwrap();
        // Two files of the payload, four beside it.
        assert!(whole.problems.is_empty() && whole.held == 6, "{whole:?}");
        fs::write(path.join("data/one.txt"), "ONE").unwrap();
        assert_eq!(codes(&path), [Code::DigestDiffers, Code::DigestDiffers]);
        fs::remove_file(path.join("data/one.txt")).unwrap();
        assert_eq!(codes(&path), [Code::FileAbsent, Code::FileAbsent]);
        fs::write(path.join("data/one.txt"), "one").unwrap();
        fs::write(path.join("data/more.txt"), "x").unwrap();
        assert_eq!(codes(&path), [Code::FileUnlisted]);
        fs::remove_file(path.join("data/more.txt")).unwrap();
        fs::write(path.join("bag-info.txt"), "x").unwrap();
        assert_eq!(codes(&path), [Code::DigestDiffers, Code::DigestDiffers]);
    }

    #[test]
    fn paths_do_not_lead_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = bag(folder.path());
        fs::write(folder.path().join("outside"), "one").unwrap();
        let digest = Digest::of(b"one");
        std::os::unix::fs::symlink("..", path.join("data/up")).unwrap();
        let lines = ["../outside", "/etc/passwd", "data/up/../outside", "data/up/one.txt"];
        let lines: String = lines.iter().map(|path| format!("{digest}  {path}\n")).collect();
        fs::write(path.join("manifest-sha256.txt"), lines + "odd\n").unwrap();
        let found = received(&path, "bag").unwrap().unwrap();
        let outside = found.problems.iter().filter(|problem| problem.detail.contains("leads out")).count();
        assert_eq!(outside, 4, "{found:?}");
        assert!(found.problems.iter().any(|problem| problem.detail.contains("1 lines make no sense")));
    }
}
