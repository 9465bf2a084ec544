//! Signed packages of web captures, made and signed here.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use model::{Code, Digest};
use p384::ecdsa::signature::hazmat::PrehashSigner as _;
use serde_json::{Value, json};

use crate::counts::Folder;
use crate::gather::{Gathered, read_beside};

const PAGES: &[u8] = b"{\"format\":\"json-pages-1.0\"}\n";
const P256: &str = "3059301306072a8648ce3d020106082a8648ce3d030107034200";
const P384: &str = "3076301006072a8648ce3d020106052b81040022036200";
const CREATED: &str = "2024-01-02T10:00:00Z";

fn from_hex(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn hash(bytes: &[u8]) -> [u8; 32] {
    Digest::of(bytes).into()
}

/// The list of files, and its digest as it is signed.
fn list() -> (Vec<u8>, String) {
    let resource = json!({"name": "pages.jsonl", "path": "pages/pages.jsonl", "hash": format!("sha256:{}", Digest::of(PAGES))});
    let list = json!({"profile": "data-package", "wacz_version": "1.1.1", "resources": [resource]})
        .to_string()
        .into_bytes();
    let digest = format!("sha256:{}", Digest::of(&list));
    (list, digest)
}

/// What is told of a package with this signature.
fn told(signed: &Value, change: impl Fn(&mut BTreeMap<String, Vec<u8>>)) -> Gathered {
    let (list, digest) = list();
    let seal = json!({"path": "datapackage.json", "hash": digest, "signedData": signed}).to_string();
    let mut files: BTreeMap<String, Vec<u8>> = [
        ("datapackage.json".to_owned(), list),
        ("datapackage-digest.json".to_owned(), seal.into_bytes()),
        ("pages/pages.jsonl".to_owned(), PAGES.to_vec()),
    ]
    .into();
    change(&mut files);
    let folder = Folder(files);
    let (format, got) = read_beside(&folder.0["datapackage.json"].clone(), "datapackage.json", &folder);
    assert_eq!(format, "wacz");
    got
}

/// Signed as browsers do: P-384, the two numbers side by side.
fn anonymous() -> Value {
    let key = p384::ecdsa::SigningKey::from_slice(&[7; 48]).unwrap();
    let signature: p384::ecdsa::Signature = key.sign_prehash(&hash(list().1.as_bytes())).unwrap();
    let spki: Vec<u8> = from_hex(P384)
        .into_iter()
        .chain(key.verifying_key().to_sec1_point(false).as_bytes().iter().copied())
        .collect();
    json!({"hash": list().1, "created": CREATED, "software": "maker 1", "version": "0.1.0",
        "signature": STANDARD.encode(signature.to_bytes()), "publicKey": STANDARD.encode(spki)})
}

fn codes(got: &Gathered) -> Vec<Code> {
    got.troubles.iter().map(|trouble| trouble.code).collect()
}

#[test]
fn a_signature_by_a_key_that_the_package_brings() {
    let got = told(&anonymous(), |_| ());
    assert_eq!(codes(&got), [Code::SignatureHolds], "{:?}", got.troubles);
    assert!(
        got.troubles[0].detail.contains("that the package brings; created 2024-01-02T10:00:00Z by maker 1")
    );
    assert!(Code::SignatureHolds.says().contains("says nothing of who holds the key"));
}

#[test]
fn what_was_changed_after_signing_is_told() {
    let signed = anonymous();
    // A file of the package.
    let got = told(&signed, |files| files.get_mut("pages/pages.jsonl").unwrap().push(b' '));
    assert_eq!(codes(&got), [Code::DigestDiffers, Code::SignatureHolds]);
    // The list of files: it is not what was signed.
    let got = told(&signed, |files| files.get_mut("datapackage.json").unwrap().push(b' '));
    assert_eq!(codes(&got), [Code::DigestDiffers, Code::DigestDiffers, Code::SignatureHolds]);
    // The digest that was signed.
    let mut other = signed.clone();
    other["hash"] = json!(format!("sha256:{}", Digest::of(b"other")));
    assert_eq!(codes(&told(&other, |_| ())), [Code::DigestDiffers, Code::SignatureFails]);
    // The signature, the key, and what is none.
    for (key, value) in [
        ("signature", json!(STANDARD.encode([1; 96]))),
        ("signature", json!("?")),
        ("signature", json!(null)),
    ] {
        let mut other = signed.clone();
        other[key] = value;
        assert_eq!(codes(&told(&other, |_| ())), [Code::SignatureFails]);
    }
    let mut other = signed.clone();
    other["publicKey"] = json!("AAAA");
    assert_eq!(codes(&told(&other, |_| ())), [Code::SignatureUnchecked]);
    assert_eq!(codes(&told(&json!({"hash": list().1}), |_| ())), [Code::SignatureUnchecked]);
}

fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    let mut out = vec![tag, 0x82];
    out.extend(u16::try_from(body.len()).unwrap().to_be_bytes());
    out.extend(body);
    out
}

fn certificate(spki: &[u8], domain: &str) -> String {
    let name = tlv(0x30, &[&tlv(0x31, &[&tlv(0x30, &[&[6, 3, 0x55, 4, 3], &tlv(0x0C, &[b"An Issuer"])])])]);
    let validity = tlv(0x30, &[&tlv(0x17, &[b"240101000000Z"]), &tlv(0x18, &[b"20240401000000Z"])]);
    let names = tlv(0x30, &[&tlv(0x82, &[domain.as_bytes()])]);
    let extension = tlv(0x30, &[&[6, 3, 0x55, 0x1D, 0x11], &tlv(4, &[&names])]);
    let extensions = tlv(0xA3, &[&tlv(0x30, &[&extension])]);
    let kind = tlv(0x30, &[&[6, 3, 1, 2, 3]]);
    let version = tlv(0xA0, &[&[2, 1, 2]]);
    let body = tlv(0x30, &[&version, &[2, 1, 9], &kind, &name, &validity, &name, spki, &extensions]);
    let whole = tlv(0x30, &[&body, &kind, &tlv(3, &[&[0; 9]])]);
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", STANDARD.encode(whole))
}

fn stamp(signature: &str, time: &str) -> String {
    let imprint = tlv(0x30, &[&tlv(0x30, &[&[6, 1, 1]]), &tlv(4, &[&hash(signature.as_bytes())])]);
    let info = tlv(0x30, &[&[2, 1, 1], &[6, 1, 2], &imprint, &[2, 1, 5], &tlv(0x18, &[time.as_bytes()])]);
    let encapsulated = tlv(0x30, &[&[6, 1, 3], &tlv(0xA0, &[&tlv(4, &[&info])])]);
    let signed = tlv(0x30, &[&[2, 1, 3], &tlv(0x31, &[]), &encapsulated]);
    let token = tlv(0x30, &[&[6, 1, 4], &tlv(0xA0, &[&signed])]);
    STANDARD.encode(tlv(0x30, &[&tlv(0x30, &[&[2, 1, 0]]), &token]))
}

/// Signed as the signing service does: a certificate's P-256 key, the numbers in DER, a time stamp.
fn by_domain() -> Value {
    let key = p256::ecdsa::SigningKey::from_slice(&[9; 32]).unwrap();
    let signature: p256::ecdsa::Signature = key.sign_prehash(&hash(list().1.as_bytes())).unwrap();
    let spki: Vec<u8> = from_hex(P256)
        .into_iter()
        .chain(key.verifying_key().to_sec1_point(false).as_bytes().iter().copied())
        .collect();
    let signature = STANDARD.encode(signature.to_der().as_bytes());
    json!({"hash": list().1, "created": CREATED, "software": "service 1", "version": "0.1.0", "domain": "Sign.example.org",
        "domainCert": certificate(&spki, "sign.example.org"), "timeSignature": stamp(&signature, "20240102100003Z"),
        "timestampCert": "", "signature": signature})
}

#[test]
fn a_signature_by_a_domain_with_a_time_stamp() {
    let got = told(&by_domain(), |_| ());
    assert_eq!(codes(&got), [Code::SignatureHolds], "{:?}", got.troubles);
    let detail = &got.troubles[0].detail;
    assert!(detail.contains("for Sign.example.org that names An Issuer as its issuer"), "{detail}");
    assert!(detail.contains("good from 2024-01-01T00:00:00Z to 2024-04-01T00:00:00Z"), "{detail}");
    assert!(detail.contains("time-stamped 2024-01-02T10:00:03Z; not checked: who vouches"), "{detail}");
}

#[test]
fn what_does_not_fit_a_domains_signature_is_told() {
    let check = |key: &str, value: Value, expected: &str| {
        let mut other = by_domain();
        other[key] = value;
        let got = told(&other, |_| ());
        assert!(
            got.troubles.iter().any(|t| t.code == Code::SignatureFails && t.detail.contains(expected)),
            "{key}: {:?}",
            got.troubles
        );
    };
    check("domain", json!("example.com"), "does not name example.com");
    check("created", json!("2024-05-01T00:00:00Z"), "not within the time of");
    check("timeSignature", json!(stamp("another", "20240102100003Z")), "is of another signature");
    check("timeSignature", json!("MAA="), "makes no sense");
    check("signature", json!("AAAA"), "by the key of a certificate");
}

#[test]
fn damaged_signatures_do_no_harm() {
    let whole = by_domain().to_string();
    for at in (0..whole.len()).step_by(7) {
        let mut broken = whole.clone().into_bytes();
        broken[at] ^= 1;
        let Ok(signed) = serde_json::from_slice::<Value>(&broken) else { continue };
        let got = told(&signed, |_| ());
        assert!(!got.troubles.is_empty());
    }
}
