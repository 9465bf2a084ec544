//! Packages: written for others, and told of when they arrive.

use package::{Of, Wish};

use crate::args::Package;
use crate::commands::{actor, briefing, open, parties, sign, tell};
use crate::fault::{End, Outcome};
use crate::talk::{Talk, count};

/// Writes a package and enters it in the custody log.
pub(crate) fn package(package: &Package, talk: &mut Talk) -> Outcome {
    let signer = package.key.as_deref().map(sign::key).transpose()?;
    // What is handed out is held against the log first.
    let verified = case::verify(&package.case, |done, all| talk.checking(done, all))?;
    talk.finish();
    if !verified.wrong.is_empty() {
        return Err(package::Error::Changed(verified.wrong).into());
    }
    let mut case = open(&package.case)?;
    let of = match &package.party {
        Some(party) => Of::Party(parties::one(&parties::told(&case, None)?, party)?.id.clone()),
        None if package.family.is_empty() => Of::Whole,
        None => Of::Sheets(tell::sheets(&case, &package.family)?),
    };
    let wish = Wish { of: &of, originals: !package.no_originals, signer: signer.as_ref(), actor: &actor() };
    let made = package::make(&mut case, &verified, wish, &package.output)?;
    if let Some(made) = &made.briefing {
        briefing::read_before(made, talk);
    }
    let sealed = made.sealed;
    talk.say(format!(
        "package: {}, {} of {} bytes; README.txt in it says how to check it",
        package.output.display(),
        count(sealed.files, "file"),
        sealed.octets
    ));
    talk.say(format!(
        "tell whoever receives it by another way: tagmanifest-sha256.txt has SHA-256 {}",
        sealed.digest
    ));
    if let Some(signer) = &signer {
        talk.say(format!("and the key that signed it: {}", signer.public().fingerprint));
    }
    Ok(End::Done)
}

/// Says what came of holding a folder that was added against its manifests, where it is a package.
pub(crate) fn received(name: &str, found: &package::Received, talk: &Talk) {
    talk.say(format!(
        "{name} is a package: {} hold their digests, {}; what its sender says of them is kept as the sender's",
        count(found.held, "file"),
        count(found.wrong() as u64, "problem")
    ));
}
