//! WACZ: a package of web captures. Its WARC files are read as such; here its list of files is held against them.
//!
//! Source of truth: specs.webrecorder.net/wacz/1.1.1: `datapackage.json` lists every file with its SHA-256;
//! `datapackage-digest.json` has the digest of that list, and in some packages a signature over it, which `seal` checks as far
//! as it goes without roots to trust. Absent: the index and the list of pages, which the captures themselves tell.

mod seal;

use std::io::{self, Read as _};

use model::{Code, Digest};
use serde::Deserialize;

use self::seal::Signed;
use super::lenient::{List, Maybe, Word};
use super::reading::{Reading, folder};
use super::{Abilities, Alone, Beside, Context, Format, Opening, Sink, Tell};
use crate::Input;
use crate::json::{MAX_VALUE, Outcome, mend};

/// The format.
pub(super) struct Wacz;

const MOST_BESIDE: usize = 1 << 20;

impl Format for Wacz {
    fn name(&self) -> &'static str {
        "wacz"
    }
    fn title(&self) -> &'static str {
        "WACZ (package of web captures: its list of files)"
    }
    fn tells(&self) -> &'static str {
        "whether the files of the package are those it lists, whether its signature holds under the key it brings; not: who holds that key; the captures are read from its WARC files"
    }
    fn abilities(&self) -> Abilities {
        use Tell::No;
        Abilities::of([No; 8])
    }
    fn recognise(&self, file: &Opening) -> bool {
        let shape = file.shape();
        shape.has("wacz_version") && shape.has("resources")
    }
    fn read(&self, input: &mut dyn Input, context: &Context, out: &mut dyn Sink) -> io::Result<()> {
        self.read_beside(input, context, &Alone, out)
    }
    fn consults(&self) -> bool {
        true
    }
    fn read_beside(
        &self,
        input: &mut dyn Input,
        context: &Context,
        beside: &dyn Beside,
        out: &mut dyn Sink,
    ) -> io::Result<()> {
        let mut reading = Reading::new(self.name(), context, out);
        let mut bytes = Vec::new();
        input.take(MAX_VALUE as u64).read_to_end(&mut bytes)?;
        let mended = mend(&bytes);
        let Ok(package) = serde_json::from_slice::<Package>(mended.as_deref().unwrap_or(&bytes)) else {
            return reading.finish(Outcome::Truncated { at: bytes.len() as u64 });
        };
        let (above, _) = folder(context.path);
        let at = |path: &str| if above.is_empty() { path.to_owned() } else { format!("{above}/{path}") };
        // Without anything beside it, nothing can be held against the list.
        if beside.digest(context.path).is_some() {
            for file in &package.resources.0 {
                check(&mut reading, file, beside.digest(&at(file.path.text())))?;
            }
        }
        if let Some(seal) = beside.bytes(&at("datapackage-digest.json"), MOST_BESIDE) {
            sealed(&mut reading, &seal, Digest::of(&bytes))?;
        }
        reading.finish(Outcome::Whole)
    }
}

#[derive(Deserialize)]
struct Package<'a> {
    #[serde(default, borrow)]
    resources: List<Resource<'a>>,
}

#[derive(Deserialize)]
struct Resource<'a> {
    #[serde(default, borrow)]
    path: Word<'a>,
    #[serde(default, borrow)]
    hash: Word<'a>,
    /// Of version 1.0.0.
    #[serde(default, borrow)]
    stats: Maybe<Stats<'a>>,
}

#[derive(Deserialize)]
struct Stats<'a> {
    #[serde(default, borrow)]
    hash: Word<'a>,
}

fn check(reading: &mut Reading, file: &Resource, found: Option<Digest>) -> io::Result<()> {
    let path = file.path.text();
    let hash =
        file.hash.some().or(file.stats.0.as_ref().and_then(|stats| stats.hash.some())).unwrap_or_default();
    let expected = hash.strip_prefix("sha256:").unwrap_or(hash);
    match found.map(|digest| digest.to_string()) {
        None => reading.trouble(Code::FileAbsent, || path.to_owned()),
        Some(found) if expected.len() == 64 && !found.eq_ignore_ascii_case(expected) => {
            reading.trouble(Code::DigestDiffers, || format!("{path}: listed with {expected}, has {found}"))
        }
        Some(_) => Ok(()),
    }
}

#[derive(Deserialize)]
struct Seal<'a> {
    #[serde(default, borrow)]
    hash: Word<'a>,
    #[serde(default, rename = "signedData", borrow)]
    signed: Maybe<Signed<'a>>,
}

fn sealed(reading: &mut Reading, seal: &[u8], found: Digest) -> io::Result<()> {
    let Ok(seal) = serde_json::from_slice::<Seal>(seal) else { return Ok(()) };
    let found = found.to_string();
    let signed = seal.signed.0.as_ref();
    for hash in
        [Some(&seal.hash), signed.map(|signed| &signed.hash)].into_iter().flatten().filter_map(Word::some)
    {
        let expected = hash.strip_prefix("sha256:").unwrap_or(hash);
        if !found.eq_ignore_ascii_case(expected) {
            reading.trouble(Code::DigestDiffers, || {
                format!("datapackage.json: sealed with {expected}, has {found}")
            })?;
        }
    }
    let findings = signed.map(Signed::findings).unwrap_or_default();
    findings.into_iter().try_for_each(|(code, detail)| reading.trouble(code, || detail))
}
