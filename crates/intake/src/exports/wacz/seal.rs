//! The signature over a package's list of files.
//!
//! Source of truth: specs.webrecorder.net/wacz-auth/0.1.0. What is signed is the text "sha256:…" of the list, with ECDSA over
//! SHA-256: by a key that the package brings (curve P-384, as ArchiveWeb.page makes them), or by that of a certificate for a
//! domain (RFC 5280, curve P-256), with a time stamp (RFC 3161) over the signature as it is written. Checked: the signature under
//! that key; that the certificate names the domain and held when the package says it was signed; that the time stamp is of
//! this signature. Not checked: who vouches for the certificate, the time stamp's own signature: that needs roots to trust.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use model::{Code, Digest};
use seals::der::{Node, Nodes};
use seals::{Hash, Key};
use serde::Deserialize;

use crate::exports::lenient::Word;

/// Names and programs longer than this are shown in part.
const SHOWN: usize = 100;

/// What was signed, by whom it says.
#[derive(Deserialize)]
pub(super) struct Signed<'a> {
    #[serde(default, borrow)]
    pub hash: Word<'a>,
    #[serde(default, borrow)]
    created: Word<'a>,
    #[serde(default, borrow)]
    software: Word<'a>,
    #[serde(default, borrow)]
    signature: Word<'a>,
    #[serde(default, rename = "publicKey", borrow)]
    key: Word<'a>,
    #[serde(default, borrow)]
    domain: Word<'a>,
    #[serde(default, rename = "domainCert", borrow)]
    certificate: Word<'a>,
    #[serde(default, rename = "timeSignature", borrow)]
    stamp: Word<'a>,
}

impl Signed<'_> {
    /// What came of checking it, one line for each finding.
    pub fn findings(&self) -> Vec<(Code, String)> {
        let signed = format!("created {} by {}", shown(self.created.text()), shown(self.software.text()));
        if let Some(key) = self.key.some() {
            let spki = decoded(key);
            let by = format!("the key {} that the package brings", short(Digest::of(&spki)));
            return vec![self.by(&spki, &format!("by {by}; {signed}"))];
        }
        let Some(leaf) = pem(self.certificate.text()).and_then(|bytes| Certificate::of(&bytes)) else {
            return vec![(Code::SignatureUnchecked, format!("no key that can be read; {signed}"))];
        };
        let (domain, stamped) = (shown(self.domain.text()), self.stamped());
        let span = format!(
            "a certificate for {domain} that names {} as its issuer, good from {} to {}",
            leaf.issuer, leaf.from, leaf.to
        );
        let at = match stamped {
            Some((time, true)) => format!("; time-stamped {time}"),
            _ => String::new(),
        };
        let mut all = vec![self.by(&leaf.key, &format!("by the key of {span}; {signed}{at}; not checked: who vouches for the certificate and the time stamp"))];
        let mut fails = |wrong: bool, why: String| all.extend(wrong.then_some((Code::SignatureFails, why)));
        fails(!leaf.names(self.domain.text()), format!("the certificate does not name {domain}"));
        let made = self.created.text().parse::<Timestamp>().ok();
        let outside = made.is_none_or(|at| at < leaf.from || at > leaf.to);
        fails(outside, format!("{signed}, which is not within the time of {span}"));
        match stamped {
            Some((time, false)) => fails(true, format!("the time stamp of {time} is of another signature")),
            None if self.stamp.some().is_some() => fails(true, "the time stamp makes no sense".to_owned()),
            _ => {}
        }
        all
    }

    /// Whether the signature holds under a key.
    fn by(&self, spki: &[u8], who: &str) -> (Code, String) {
        let Some(key) = Key::of(spki) else {
            return (
                Code::SignatureUnchecked,
                format!("{who}; the key is of a kind that is not checked here"),
            );
        };
        let hash: [u8; 32] = Digest::of(self.hash.text().as_bytes()).into();
        let holds = key.holds(Hash::Sha256, &hash, &decoded(self.signature.text()));
        (if holds { Code::SignatureHolds } else { Code::SignatureFails }, who.to_owned())
    }

    /// When the signature was time-stamped, and whether the stamp is of this signature.
    fn stamped(&self) -> Option<(Timestamp, bool)> {
        let bytes = decoded(self.stamp.some()?);
        let token = Nodes(&bytes).next()?.within(1)?;
        let content = token.within(1)?.within(0)?.within(2)?.within(1)?.within(0)?;
        let info = content.within(0)?;
        let imprint: [u8; 32] = info.within(2)?.within(1)?.body.try_into().ok()?;
        let own: [u8; 32] = Digest::of(self.signature.text().as_bytes()).into();
        Some((info.within(4)?.time()?, imprint == own))
    }
}

/// What is asked of a certificate.
struct Certificate {
    /// Its SubjectPublicKeyInfo.
    key: Vec<u8>,
    from: Timestamp,
    to: Timestamp,
    /// Who issued it, as it says.
    issuer: String,
    /// Domains.
    names: Vec<Vec<u8>>,
}

impl Certificate {
    fn of(bytes: &[u8]) -> Option<Self> {
        let body = Nodes(bytes).next()?.within(0)?;
        // The version comes first, except in the first version.
        let skip = usize::from(body.within(0)?.tag == 0xA0);
        let validity = body.within(skip + 3)?;
        let (from, to) = (validity.within(0)?.time()?, validity.within(1)?.time()?);
        let issuer = common_names(body.within(skip + 2)?);
        let mut names = common_names(body.within(skip + 4)?);
        let extensions = Nodes(body.body).find(|node| node.tag == 0xA3).and_then(|node| node.within(0));
        for extension in extensions.into_iter().flat_map(|list| Nodes(list.body)) {
            if extension.begins(&[0x55, 0x1D, 0x11]) {
                let list = Nodes(extension.body).last().and_then(|text| text.within(0));
                let domains =
                    list.into_iter().flat_map(|list| Nodes(list.body)).filter(|name| name.tag == 0x82);
                names.extend(domains.map(|name| name.body.to_vec()));
            }
        }
        let issuer = shown(&String::from_utf8_lossy(issuer.first().map(Vec::as_slice).unwrap_or_default()));
        Some(Self { key: body.within(skip + 5)?.all.to_vec(), from, to, issuer, names })
    }

    fn names(&self, domain: &str) -> bool {
        self.names.iter().any(|name| name.eq_ignore_ascii_case(domain.as_bytes()))
    }
}

/// The common names of a subject or issuer.
fn common_names(name: Node) -> Vec<Vec<u8>> {
    let pairs = Nodes(name.body).filter_map(|set| set.within(0)).filter(|pair| pair.begins(&[0x55, 4, 3]));
    pairs.filter_map(|pair| Some(pair.within(1)?.body.to_vec())).collect()
}

/// The first certificate of a chain in PEM.
fn pem(text: &str) -> Option<Vec<u8>> {
    let (_, rest) = text.split_once("-----BEGIN CERTIFICATE-----")?;
    let (inside, _) = rest.split_once("-----END")?;
    Some(decoded(inside)).filter(|bytes| !bytes.is_empty())
}

fn decoded(base64: &str) -> Vec<u8> {
    let plain: String = base64.chars().filter(|c| !c.is_whitespace()).collect();
    STANDARD.decode(plain).unwrap_or_default()
}

fn short(digest: Digest) -> String {
    digest.to_string().chars().take(16).collect()
}

fn shown(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(SHOWN).collect();
    if text.is_empty() { "(not said)".to_owned() } else { text }
}
