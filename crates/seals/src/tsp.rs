//! Time stamps of RFC 3161: the request for one, and what a token says and rests on.
//!
//! Checked: that the token is of the digest it is held against; that its signed attributes (RFC 5652) hold the digest of what it
//! says; its signature under the certificate it brings (ECDSA on P-256 and P-384, RSA with PKCS #1 v1.5); that this
//! certificate is the one the token names (RFC 5035), may be used for time stamps (RFC 5280), and was good at the time. Not
//! checked: who vouches for the certificate, and whether it was revoked: that needs roots to trust and a network, and
//! `openssl ts -verify` does it.

use jiff::Timestamp;
use model::Digest;
use sha1::Digest as _;

use crate::der::{Node, Nodes, put};
use crate::key::{Hash, Key};

/// Tokens longer than this are not looked at.
pub const LONGEST: usize = 256 << 10;

const SHA256: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
const SHA384: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02];
const SHA512: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03];
const SIGNED_DATA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02];
const TST_INFO: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x01, 0x04];
const CONTENT_TYPE: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x03];
const MESSAGE_DIGEST: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x04];
const SIGNING_CERTIFICATE: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x02, 0x0C];
const SIGNING_CERTIFICATE_2: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x02, 0x2F];
const RSA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01];
const RSA_WITH: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01];
const ECDSA_WITH: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03];
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
const KEY_USE: &[u8] = &[0x55, 0x1D, 0x25];
const TIME_STAMPING: &[u8] = &[0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x08];

/// A TimeStampReq in DER for a SHA-256 digest: with this nonce, asking for the authority's certificate.
pub fn request(digest: Digest, nonce: u64) -> Vec<u8> {
    let algorithm = put(0x30, &[put(6, SHA256), put(5, &[])].concat());
    let imprint = put(0x30, &[algorithm, put(4, &<[u8; 32]>::from(digest))].concat());
    put(0x30, &[put(2, &[1]), imprint, put(2, &number(nonce)), put(1, &[0xFF])].concat())
}

/// An INTEGER's bytes: as few as there can be, the first bit clear.
fn number(value: u64) -> Vec<u8> {
    let bytes = value.to_be_bytes();
    let zeros = bytes.iter().take(7).take_while(|byte| **byte == 0).count();
    let mut short = bytes.get(zeros..).unwrap_or_default().to_vec();
    if short.first().is_some_and(|byte| byte & 0x80 != 0) {
        short.insert(0, 0);
    }
    short
}

/// What a token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The SHA-256 digest it is of.
    pub imprint: Digest,
    /// When, by the authority's clock.
    pub at: Timestamp,
    /// The nonce of the request, if the token has one that fits 64 bits.
    pub nonce: Option<u64>,
    /// The authority, as the common name of its certificate has it: what the token says of itself.
    pub authority: String,
    /// SHA-256 of the authority's certificate; None: the token brings none.
    pub certificate: Option<Digest>,
    /// The token itself (a ContentInfo in DER), without the answer around it.
    pub bytes: Vec<u8>,
    /// What does not hold, one sentence each; empty where all that is checked holds.
    pub wrong: Vec<String>,
    /// What could not be checked here, one sentence each.
    pub unchecked: Vec<String>,
}

/// Reads a token or the answer (TimeStampResp) that holds one; says why where it makes no sense or was refused.
pub fn read(bytes: &[u8]) -> Result<Token, String> {
    if bytes.len() > LONGEST {
        return Err(format!("it is longer than {LONGEST} bytes"));
    }
    let outer = Nodes(bytes).next().ok_or("it is no DER")?;
    let first = outer.within(0).ok_or("it is no time-stamp token")?;
    let info = if first.tag == 0x30 {
        let status = first.within(0).and_then(|status| status.body.last().copied());
        match status {
            Some(0 | 1) => outer.within(1).ok_or("the answer holds no token")?,
            Some(status) => return Err(format!("the authority refused: status {status}")),
            None => return Err("the answer has no status".to_owned()),
        }
    } else {
        outer
    };
    Parts::of(info).map(|parts| parts.token()).ok_or_else(|| "it is no time-stamp token".to_owned())?
}

/// The parts of a token: CMS SignedData (RFC 5652) around a TSTInfo.
struct Parts<'a> {
    whole: Node<'a>,
    content: Node<'a>,
    info: Node<'a>,
    certificates: Vec<Node<'a>>,
    signer: Node<'a>,
}

impl<'a> Parts<'a> {
    fn of(whole: Node<'a>) -> Option<Self> {
        let data = whole.within(1)?.within(0).filter(|_| whole.begins(SIGNED_DATA))?;
        let inner = data.within(2).filter(|inner| inner.begins(TST_INFO))?;
        let content = inner.within(1)?.within(0).filter(|content| content.tag == 4)?;
        let certificates = Nodes(data.body).find(|node| node.tag == 0xA0);
        let certificates = certificates.into_iter().flat_map(|list| Nodes(list.body)).take(20).collect();
        // The last set is that of the signers; a token has just one (RFC 3161, 2.4.2).
        let signer = Nodes(data.body).filter(|node| node.tag == 0x31).last()?.within(0)?;
        Some(Self { whole, content, info: content.within(0)?, certificates, signer })
    }

    fn token(&self) -> Result<Token, String> {
        let made = || -> Option<(Node<'a>, Digest, Timestamp)> {
            let imprint = self.info.within(2)?;
            let digest: [u8; 32] = imprint.within(1)?.body.try_into().ok()?;
            Some((imprint.within(0)?, Digest::from(digest), self.info.within(4)?.time()?))
        };
        let (algorithm, imprint, at) = made().ok_or("it is not of a SHA-256 digest, or has no time")?;
        if !algorithm.begins(SHA256) {
            return Err("it is not of a SHA-256 digest".to_owned());
        }
        let nonce =
            Nodes(self.info.body).skip(5).find(|node| node.tag == 2).and_then(|node| small(node.body));
        let mut token = Token {
            imprint,
            at,
            nonce,
            authority: "(no certificate)".to_owned(),
            certificate: None,
            bytes: self.whole.all.to_vec(),
            wrong: Vec::new(),
            unchecked: Vec::new(),
        };
        self.check(&mut token);
        Ok(token)
    }

    /// The list of signed attributes, and what of them is written behind its tag.
    fn attributes(&self) -> Option<Node<'a>> {
        self.signer.within(3).filter(|node| node.tag == 0xA0)
    }

    fn attribute(&self, oid: &[u8]) -> Option<Node<'a>> {
        let list = Nodes(self.attributes()?.body);
        list.into_iter().find(|attribute| attribute.begins(oid))?.within(1)?.within(0)
    }

    fn check(&self, token: &mut Token) {
        let hash = self.signer.within(2).and_then(hash_of);
        let (Some(hash), Some(attributes)) = (hash, self.attributes()) else {
            token.unchecked.push("its signature is of a kind that is not checked here".to_owned());
            return;
        };
        if !self.attribute(CONTENT_TYPE).is_some_and(|kind| kind.is_oid(TST_INFO)) {
            token.wrong.push("what is signed is not called a time stamp".to_owned());
        }
        let digest = hash.of(self.content.body);
        if self.attribute(MESSAGE_DIGEST).is_none_or(|signed| signed.body != digest) {
            token.wrong.push("what was signed is not what the token says".to_owned());
        }
        let Some(certificate) = self.certificates.iter().find(|one| self.named(**one)) else {
            token
                .unchecked
                .push("it brings no certificate of its signer, so its signature was not checked".to_owned());
            return;
        };
        token.certificate = Some(Digest::of(certificate.all));
        self.check_certificate(*certificate, token);
        // What is signed is the list as a SET (RFC 5652, 5.4).
        let mut signed = attributes.all.to_vec();
        if let Some(tag) = signed.first_mut() {
            *tag = 0x31;
        }
        let key = spki(*certificate).and_then(|spki| Key::of(spki.all));
        match (key, self.algorithm(hash), self.signer.within(5)) {
            (Some(key), Some(by), Some(signature)) => {
                if !key.holds(by, &by.of(&signed), signature.body) {
                    token
                        .wrong
                        .push("its signature does not hold under the certificate it brings".to_owned());
                }
            }
            _ => token.unchecked.push("its signature is of a kind that is not checked here".to_owned()),
        }
    }

    /// By which digest the signature was made.
    fn algorithm(&self, hash: Hash) -> Option<Hash> {
        let oid = self.signer.within(4)?.within(0)?.body;
        if oid == RSA {
            return Some(hash);
        }
        if let Some(number) = oid.strip_prefix(RSA_WITH) {
            return match number {
                [11] => Some(Hash::Sha256),
                [12] => Some(Hash::Sha384),
                [13] => Some(Hash::Sha512),
                _ => None,
            };
        }
        match oid.strip_prefix(ECDSA_WITH)? {
            [2] => Some(Hash::Sha256),
            [3] => Some(Hash::Sha384),
            [4] => Some(Hash::Sha512),
            _ => None,
        }
    }

    /// Whether the signer names this certificate: by issuer and number.
    fn named(&self, certificate: Node) -> bool {
        let same = || {
            let (name, body) = (self.signer.within(1)?, body(certificate)?);
            let skip = usize::from(body.within(0)?.tag == 0xA0);
            let number = body.within(skip)?.body == name.within(1)?.body;
            Some(number && body.within(skip + 2)?.all == name.within(0)?.all)
        };
        same().unwrap_or(false)
    }

    fn check_certificate(&self, certificate: Node, token: &mut Token) {
        let Some(body) = body(certificate) else { return };
        let skip = usize::from(body.within(0).is_some_and(|first| first.tag == 0xA0));
        token.authority = body.within(skip + 4).map(common_name).unwrap_or_default();
        let named = self
            .attribute(SIGNING_CERTIFICATE_2)
            .and_then(|list| list.within(0)?.within(0))
            .and_then(|id| Some(certificate_hash(id)? == Hash::Sha256.of(certificate.all)))
            .or_else(|| {
                let id = self.attribute(SIGNING_CERTIFICATE)?.within(0)?.within(0)?;
                Some(id.within(0)?.body == sha1::Sha1::digest(certificate.all).as_slice())
            });
        match named {
            Some(true) => {}
            Some(false) => token.wrong.push("the certificate it brings is not the one it names".to_owned()),
            None => {
                token.unchecked.push("it does not say by digest which certificate is its signer's".to_owned())
            }
        }
        let validity = body.within(skip + 3);
        let span = validity.and_then(|span| Some((span.within(0)?.time()?, span.within(1)?.time()?)));
        if span.is_none_or(|(from, to)| token.at < from || token.at > to) {
            token.wrong.push("the certificate was not good at that time".to_owned());
        }
        let extensions = Nodes(body.body).find(|node| node.tag == 0xA3).and_then(|node| node.within(0));
        let mut extensions = extensions.into_iter().flat_map(|list| Nodes(list.body));
        let uses =
            extensions.find(|one| one.begins(KEY_USE)).and_then(|one| Nodes(one.body).last()?.within(0));
        if !uses.is_some_and(|list| Nodes(list.body).any(|one| one.is_oid(TIME_STAMPING))) {
            token.wrong.push("the certificate is not one for time stamps".to_owned());
        }
    }
}

/// The digest in an ESSCertIDv2 where it is SHA-256, which is what is meant where nothing is said.
fn certificate_hash(id: Node) -> Option<Vec<u8>> {
    let first = id.within(0)?;
    match first.tag {
        4 => Some(first.body.to_vec()),
        _ => first.begins(SHA256).then(|| id.within(1).map(|hash| hash.body.to_vec()))?,
    }
}

fn hash_of(algorithm: Node) -> Option<Hash> {
    [(SHA256, Hash::Sha256), (SHA384, Hash::Sha384), (SHA512, Hash::Sha512)]
        .into_iter()
        .find_map(|(oid, hash)| algorithm.begins(oid).then_some(hash))
}

fn body(certificate: Node) -> Option<Node> {
    certificate.within(0)
}

fn spki(certificate: Node) -> Option<Node> {
    let body = body(certificate)?;
    body.within(usize::from(body.within(0)?.tag == 0xA0) + 5)
}

fn common_name(subject: Node) -> String {
    let mut pairs = Nodes(subject.body).filter_map(|set| set.within(0));
    let name = pairs.find(|pair| pair.begins(COMMON_NAME)).and_then(|pair| pair.within(1));
    let text = String::from_utf8_lossy(name.map(|name| name.body).unwrap_or_default()).into_owned();
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(100).collect();
    if text.is_empty() { "(not named)".to_owned() } else { text }
}

fn small(bytes: &[u8]) -> Option<u64> {
    let bytes = match bytes {
        [0, rest @ ..] if !rest.is_empty() => rest,
        _ => bytes,
    };
    (bytes.len() <= 8).then(|| bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Answers of authorities that `openssl ts` plays, with keys of three kinds, to a request for the digest of "head".
    const ANSWERS: [&[u8]; 3] = [
        include_bytes!("../tests/stamps/rsa.tsr"),
        include_bytes!("../tests/stamps/p256.tsr"),
        include_bytes!("../tests/stamps/p384.tsr"),
    ];

    #[test]
    fn a_request_is_der() {
        let bytes = request(Digest::of(b"head"), 0x80);
        assert_eq!(bytes.len(), 63);
        assert_eq!(&bytes[..2], &[0x30, 61]);
        assert_eq!(&bytes[56..], &[2, 2, 0, 0x80, 1, 1, 0xFF]);
    }

    #[test]
    fn what_openssl_stamps_holds() {
        for answer in ANSWERS {
            let token = read(answer).unwrap();
            assert_eq!(token.imprint, Digest::of(b"head"));
            assert_eq!(token.nonce, Some(0x1234_5678_9ABC_DEF0));
            assert!(token.wrong.is_empty() && token.unchecked.is_empty(), "{token:?}");
            assert_eq!(token.authority, "A trial authority");
            // Without the answer around it, it says the same.
            assert_eq!(read(&token.bytes).unwrap(), token);
        }
    }

    #[test]
    fn a_changed_byte_of_what_is_signed_shows() {
        for answer in ANSWERS {
            let whole = read(answer).unwrap();
            let mut held = 0;
            for place in 0..answer.len() {
                let mut bytes = answer.to_vec();
                bytes[place] ^= 1;
                let same = read(&bytes).is_ok_and(|token| {
                    token.wrong.is_empty() && token.unchecked.is_empty() && token.imprint == whole.imprint
                });
                held += usize::from(same);
            }
            // What does not show are bytes that nothing is said with: versions and lists that repeat what is signed.
            assert!(held * 20 < answer.len(), "{held} of {}", answer.len());
        }
    }

    #[test]
    fn cut_and_odd_bytes_are_no_token() {
        for end in 0..ANSWERS[0].len() {
            assert!(read(&ANSWERS[0][..end]).is_err());
        }
        assert!(read(&put(0x30, &put(0x30, &put(2, &[2])))).unwrap_err().contains("refused"));
    }
}
