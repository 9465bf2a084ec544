//! Writes a BagIt 1.0 bag (RFC 8493): payload below `data`, manifests in SHA-256 and SHA-512, tag files with manifests of their own.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use model::Digest;
use sha2::Digest as _;

const CHUNK: usize = 1 << 20;

/// A bag on its way.
#[derive(Debug)]
pub struct Bag {
    folder: PathBuf,
    payload: BTreeMap<String, Sums>,
    tags: BTreeMap<String, Sums>,
    octets: u64,
}

/// Digests of a file, in lowercase hexadecimal digits.
#[derive(Clone, Debug)]
struct Sums {
    sha256: String,
    sha512: String,
}

/// What a bag came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// SHA-256 of `tagmanifest-sha256.txt`: pins every byte of the bag.
    pub digest: Digest,
    /// Files of the payload.
    pub files: u64,
    /// Bytes of the payload.
    pub octets: u64,
}

impl Bag {
    /// Begins a bag in `folder`, which must be missing or empty.
    pub fn create(folder: &Path) -> io::Result<Self> {
        if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) || folder.is_file() {
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, "it exists already and is not empty"));
        }
        fs::create_dir_all(folder.join("data"))?;
        let (payload, tags) = (BTreeMap::new(), BTreeMap::new());
        Ok(Self { folder: folder.to_owned(), payload, tags, octets: 0 })
    }

    /// Adds a file to the payload, at a path below `data` of our own making.
    pub fn put(&mut self, path: &str, from: &mut dyn Read) -> io::Result<Digest> {
        let path = format!("data/{path}");
        let (sums, size) = self.write(&path, from)?;
        self.octets += size;
        let digest = sums.sha256.parse().map_err(io::Error::other)?;
        self.payload.insert(path, sums);
        Ok(digest)
    }

    /// Adds a file beside the payload.
    pub fn tag(&mut self, path: &str, text: &str) -> io::Result<()> {
        let (sums, _) = self.write(path, &mut text.as_bytes())?;
        self.tags.insert(path.to_owned(), sums);
        Ok(())
    }

    fn write(&self, path: &str, from: &mut dyn Read) -> io::Result<(Sums, u64)> {
        let on_disk = self.folder.join(path);
        if let Some(parent) = on_disk.parent() {
            fs::create_dir_all(parent)?;
        }
        let mut file = File::create_new(&on_disk)?;
        let (mut short, mut long) = (sha2::Sha256::new(), sha2::Sha512::new());
        let (mut buffer, mut size) = (vec![0; CHUNK], 0);
        loop {
            let count = from.read(&mut buffer)?;
            let Some(read) = buffer.get(..count).filter(|read| !read.is_empty()) else { break };
            short.update(read);
            long.update(read);
            file.write_all(read)?;
            size += count as u64;
        }
        file.sync_data()?;
        let (short, long) = (short.finalize(), long.finalize());
        Ok((Sums { sha256: hex(&short), sha512: hex(&long) }, size))
    }

    /// Writes the declaration, `bag-info.txt` and the manifests. `info` are its fields beside those that the bag itself tells.
    pub fn seal(mut self, info: &[(&str, String)]) -> io::Result<Sealed> {
        self.tag("bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")?;
        let (files, octets) = (self.payload.len() as u64, self.octets);
        let oxum = ("Payload-Oxum", format!("{octets}.{files}"));
        let lines = info
            .iter()
            .filter(|(_, value)| !line(value).is_empty())
            .cloned()
            .chain([oxum])
            .map(|(name, value)| format!("{name}: {}\n", line(&value)));
        self.tag("bag-info.txt", &lines.collect::<String>())?;
        self.manifests("manifest", &self.payload.clone())?;
        let digest = self.tag_manifests()?;
        Ok(Sealed { digest, files, octets })
    }

    fn manifests(&mut self, name: &str, of: &BTreeMap<String, Sums>) -> io::Result<()> {
        self.tag(&format!("{name}-sha256.txt"), &manifest(of, |sums| &sums.sha256))?;
        self.tag(&format!("{name}-sha512.txt"), &manifest(of, |sums| &sums.sha512))
    }

    /// The manifests of the tag files name every tag file but each other.
    fn tag_manifests(&self) -> io::Result<Digest> {
        let short = manifest(&self.tags, |sums| &sums.sha256);
        self.write("tagmanifest-sha512.txt", &mut manifest(&self.tags, |sums| &sums.sha512).as_bytes())?;
        self.write("tagmanifest-sha256.txt", &mut short.as_bytes())?;
        Ok(Digest::of(short.as_bytes()))
    }
}

fn manifest(of: &BTreeMap<String, Sums>, sum: fn(&Sums) -> &String) -> String {
    of.iter().map(|(path, sums)| format!("{}  {}\n", sum(sums), encoded(path))).collect()
}

/// A path as it stands in a manifest: line ends and percent signs encoded (RFC 8493, 2.1.3).
fn encoded(path: &str) -> String {
    path.replace('%', "%25").replace('\n', "%0A").replace('\r', "%0D")
}

/// A value of `bag-info.txt`: one line.
fn line(value: &str) -> String {
    let plain: String = value.chars().map(|c| if c.is_control() { ' ' } else { c }).take(2000).collect();
    plain.trim().to_owned()
}

/// Hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_bag_is_as_the_standard_has_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bag");
        let mut bag = Bag::create(&path).unwrap();
        bag.put("a/b.txt", &mut &b"one"[..]).unwrap();
        bag.put("100%.txt", &mut &b"two"[..]).unwrap();
        assert!(bag.put("a/b.txt", &mut &b"again"[..]).is_err());
        let sealed = bag.seal(&[("External-Description", "two\nlines".to_owned())]).unwrap();
        assert_eq!((sealed.files, sealed.octets), (2, 6));
        let read = |name: &str| fs::read_to_string(path.join(name)).unwrap();
        assert_eq!(read("bag-info.txt"), "External-Description: two lines\nPayload-Oxum: 6.2\n");
        assert!(read("manifest-sha256.txt").contains("  data/100%25.txt\n"));
        assert_eq!(read("tagmanifest-sha256.txt").lines().count(), 4);
        assert_eq!(Digest::of(read("tagmanifest-sha256.txt").as_bytes()), sealed.digest);
        assert!(Bag::create(&path).is_err());
    }
}
