//! Signatures as OpenSSH makes and checks them (`ssh-keygen -Y sign`, `-Y verify`; format: PROTOCOL.sshsig of OpenSSH), with
//! ed25519 keys.

use ssh_key::{HashAlg, LineEnding, PrivateKey, PublicKey, SshSig};

/// What a signature over an act is made for; `ssh-keygen` calls it the namespace.
pub const ACT: &str = "truecopy.act";
/// What a signature over a package is made for.
pub const PACKAGE: &str = "truecopy.package";

/// Keys and signatures longer than this are not looked at.
const LONGEST: usize = 64 << 10;

/// A key that can sign.
#[derive(Debug)]
pub struct Signer(PrivateKey);

/// Why a key cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// It is locked, and needs its passphrase.
    Locked,
    /// The passphrase is not the right one.
    Passphrase,
    /// It is no private key in OpenSSH's format.
    Format(String),
    /// It is not an ed25519 key.
    Kind(String),
}

impl std::fmt::Display for KeyError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Locked => f.write_str("the key is locked by a passphrase"),
            Self::Passphrase => f.write_str("the passphrase does not open the key"),
            Self::Format(why) => write!(f, "not a private key as ssh-keygen writes it: {why}"),
            Self::Kind(kind) => write!(f, "a key of the kind {kind}; ed25519 is needed"),
        }
    }
}

impl std::error::Error for KeyError {}

/// A signature that holds, and by whom.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Signed {
    /// The key's fingerprint, as `ssh-keygen -l` prints it: `SHA256:…`.
    pub fingerprint: String,
    /// The public key as one line: kind and base64.
    pub public: String,
}

impl Signer {
    /// Reads a private key; one that is locked needs its passphrase.
    pub fn read(text: &str, passphrase: Option<&str>) -> Result<Self, KeyError> {
        if text.len() > LONGEST {
            return Err(KeyError::Format("it is too long".to_owned()));
        }
        let mut key = PrivateKey::from_openssh(text).map_err(|error| KeyError::Format(error.to_string()))?;
        if key.is_encrypted() {
            let passphrase = passphrase.ok_or(KeyError::Locked)?;
            key = key.decrypt(passphrase).map_err(|_| KeyError::Passphrase)?;
        }
        match key.algorithm() {
            ssh_key::Algorithm::Ed25519 => Ok(Self(key)),
            other => Err(KeyError::Kind(other.to_string())),
        }
    }

    /// Signs for a purpose; gives the armoured text that `ssh-keygen -Y verify` takes. The same bytes give the same signature.
    pub fn sign(&self, purpose: &str, bytes: &[u8]) -> Result<String, KeyError> {
        let failed = |error: ssh_key::Error| KeyError::Format(error.to_string());
        let signature = self.0.sign(purpose, HashAlg::Sha512, bytes).map_err(failed)?;
        signature.to_pem(LineEnding::LF).map_err(failed)
    }

    /// Its public side.
    pub fn public(&self) -> Signed {
        told(self.0.public_key())
    }
}

fn told(key: &PublicKey) -> Signed {
    let line = key.to_openssh().unwrap_or_default();
    let public = line.split(' ').take(2).collect::<Vec<_>>().join(" ");
    Signed { fingerprint: key.fingerprint(HashAlg::Sha256).to_string(), public }
}

/// Holds a signature against `bytes` under the key that it brings: by whom, or why it does not hold.
pub fn check(purpose: &str, bytes: &[u8], signature: &str) -> Result<Signed, String> {
    if signature.len() > LONGEST {
        return Err("it is too long".to_owned());
    }
    let signature = SshSig::from_pem(signature).map_err(|error| format!("it cannot be read: {error}"))?;
    let key = PublicKey::from(signature.public_key().clone());
    key.verify(purpose, bytes, &signature).map_err(|_| "it is not of these bytes".to_owned())?;
    Ok(told(&key))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    // Made for this test by `ssh-keygen -t ed25519`; it opens nothing.
    const KEY: &str = include_str!("../tests/keys/plain");
    const LOCKED: &str = include_str!("../tests/keys/locked");
    const SIGNATURE: &str = include_str!("../tests/keys/words.sig");

    #[test]
    fn what_is_signed_holds_and_nothing_else_does() {
        let signer = Signer::read(KEY, None).unwrap();
        let signature = signer.sign(ACT, b"words").unwrap();
        assert_eq!(check(ACT, b"words", &signature).unwrap(), signer.public());
        assert!(signer.public().fingerprint.starts_with("SHA256:"));
        assert!(check(PACKAGE, b"words", &signature).is_err());
        assert!(check(ACT, b"other words", &signature).is_err());
        assert!(check(ACT, b"words", "no signature").is_err());
        // The same bytes as ssh-keygen's own.
        assert_eq!(signature, SIGNATURE);
    }

    #[test]
    fn a_locked_key_needs_its_passphrase() {
        assert_eq!(Signer::read(LOCKED, None).unwrap_err(), KeyError::Locked);
        assert_eq!(Signer::read(LOCKED, Some("wrong")).unwrap_err(), KeyError::Passphrase);
        assert!(Signer::read(LOCKED, Some("open sesame")).is_ok());
        assert!(matches!(Signer::read("no key", None), Err(KeyError::Format(_))));
    }
}
