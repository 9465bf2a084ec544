use p384::ecdsa::signature::hazmat::PrehashVerifier as _;
use p384::pkcs8::DecodePublicKey as _;
use rsa::{Pkcs1v15Sign, PublicKey};
use sha2::Digest as _;

/// A public key of a kind that is known here.
#[derive(Clone, Debug)]
pub enum Key {
    /// ECDSA on the curve P-256.
    P256(p256::ecdsa::VerifyingKey),
    /// ECDSA on the curve P-384.
    P384(p384::ecdsa::VerifyingKey),
    /// RSA of up to 4,096 bits.
    Rsa(Box<PublicKey>),
}

/// What was signed is first made short by one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl Hash {
    /// The digest of `bytes`.
    pub fn of(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Hash::Sha256 => sha2::Sha256::digest(bytes).to_vec(),
            Hash::Sha384 => sha2::Sha384::digest(bytes).to_vec(),
            Hash::Sha512 => sha2::Sha512::digest(bytes).to_vec(),
        }
    }
}

impl Key {
    /// From a SubjectPublicKeyInfo (RFC 5280) in DER; None: of another kind.
    pub fn of(spki: &[u8]) -> Option<Self> {
        let p256 = || p256::ecdsa::VerifyingKey::from_public_key_der(spki).ok().map(Key::P256);
        let rsa = || {
            use rsa::pkcs8::DecodePublicKey as _;
            PublicKey::from_public_key_der(spki).ok().map(|key| Key::Rsa(Box::new(key)))
        };
        p384::ecdsa::VerifyingKey::from_public_key_der(spki).ok().map(Key::P384).or_else(p256).or_else(rsa)
    }

    /// Whether this is its signature over a digest. ECDSA: two numbers side by side (as browsers write it), or as DER; RSA:
    /// PKCS #1 v1.5.
    pub fn holds(&self, hash: Hash, digest: &[u8], signature: &[u8]) -> bool {
        match self {
            Key::P256(key) => p256::ecdsa::Signature::from_slice(signature)
                .or_else(|_| p256::ecdsa::Signature::from_der(signature))
                .is_ok_and(|signature| key.verify_prehash(digest, &signature).is_ok()),
            Key::P384(key) => p384::ecdsa::Signature::from_slice(signature)
                .or_else(|_| p384::ecdsa::Signature::from_der(signature))
                .is_ok_and(|signature| key.verify_prehash(digest, &signature).is_ok()),
            Key::Rsa(key) => {
                let padding = match hash {
                    Hash::Sha256 => Pkcs1v15Sign::new::<sha2::Sha256>(),
                    Hash::Sha384 => Pkcs1v15Sign::new::<sha2::Sha384>(),
                    Hash::Sha512 => Pkcs1v15Sign::new::<sha2::Sha512>(),
                };
                key.verify(padding, digest, signature).is_ok()
            }
        }
    }
}
