//! Keys that sign, and time stamps over the custody log.

use std::io::{IsTerminal, Read as _};
use std::path::Path;

use seals::ssh::{KeyError, Signer};

use crate::args::Stamp;
use crate::commands::{actor, open, tell};
use crate::fault::{End, Fault, Outcome};
use crate::talk::{Talk, plain};

/// Keys and answers longer than this are not read.
const LONGEST: u64 = 1 << 20;

/// Reads a private key; asks for its passphrase where it is locked.
pub(crate) fn key(path: &Path) -> Outcome<Signer> {
    let text = String::from_utf8(bytes(path)?).unwrap_or_default();
    let failed = |error: KeyError| {
        Fault::user(format!("{}: {error}", path.display()))
            .hint("make one with `ssh-keygen -t ed25519 -f FILE`; give the file without .pub")
    };
    match Signer::read(&text, None) {
        Err(KeyError::Locked) if std::io::stdin().is_terminal() => {
            let asked = rpassword::prompt_password(format!("Passphrase of {}: ", path.display()));
            let passphrase = asked.map_err(|error| Fault::user(format!("no passphrase: {error}")))?;
            Signer::read(&text, Some(&passphrase)).map_err(failed)
        }
        Err(KeyError::Locked) => Err(Fault::user(format!("{}: {}", path.display(), KeyError::Locked))
            .hint("call the command in a terminal, where the passphrase can be asked for")
            .hint("a package can be signed afterwards, with an agent too: `ssh-keygen -Y sign -n truecopy.package -f KEY BAG/tagmanifest-sha256.txt`")),
        read => read.map_err(failed),
    }
}

fn bytes(path: &Path) -> Outcome<Vec<u8>> {
    let failed = |error: std::io::Error| {
        Fault::user(format!("{}: {error}", path.display())).hint("check the spelling of the path")
    };
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(failed)?;
    file.take(LONGEST).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

/// Writes a request for a time stamp over the head of the log, or takes the answer in.
pub(crate) fn stamp(stamp: &Stamp, talk: &Talk) -> Outcome {
    let mut case = open(&stamp.case)?;
    if let Some(path) = &stamp.request {
        let (entry, head, request) = case.stamp_request(&actor())?;
        tell::put(path, |to| to.write_all(&request))?;
        talk.say(format!("written: {}, for entry {entry} ({head})", path.display()));
        talk.say("hand it to a time-stamp authority, and its answer to `truecopy stamp --accept`");
    }
    if let Some(path) = &stamp.accept {
        let bytes = bytes(path)?;
        let stamp = case.stamp_accept(&actor(), &bytes).map_err(|error| {
            Fault::user(format!("{}: {error}", path.display()))
                .hint("only an answer to a request for a head of this case's log is kept")
        })?;
        talk.say(format!(
            "kept: entry {} and all before it stood at {}, says the time stamp of {}",
            stamp.entry,
            stamp.token.at,
            plain(&stamp.token.authority)
        ));
        if !stamp.asked {
            talk.say("the request was not written by this case, so the stamp's nonce was not compared");
        }
        for unchecked in &stamp.token.unchecked {
            talk.say(format!("not checked: {unchecked}"));
        }
        talk.say("not checked: who vouches for the authority; `openssl ts -verify` does it with its root certificate");
    }
    Ok(End::Done)
}
