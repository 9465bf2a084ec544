//! Signatures and time stamps in the custody log: who signed which act, which acts wait for a second key, which heads of the
//! chain were time-stamped.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use model::{Act, ActId, Deed, Digest};
use seals::ssh::{self, Signed, Signer};
use seals::tsp::{self, Token};

use crate::clock;
use crate::custody::{Done, Entry};
use crate::error::{At, Error, Result};
use crate::folder::Case;
use crate::ground::{ACTS, SIGNATURE};

/// The command under which an act waits for a second key.
const PROPOSE: &str = "propose";
/// The command under which a request for a time stamp was written.
const REQUEST: &str = "stamp-request";
/// The command under which a time stamp was taken in.
const STAMP: &str = "stamp";

/// An act that one key signed and that takes effect when another does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// The act.
    pub act: Act,
    /// Its signature, armoured.
    pub signature: String,
    /// By whom it is signed.
    pub by: Signed,
}

/// A time stamp over the log up to an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The last entry it covers.
    pub entry: u64,
    /// What it says.
    pub token: Token,
    /// Whether its nonce is that of a request which this case wrote.
    pub asked: bool,
}

impl Entry {
    /// The bytes an entry's signatures are over: the act's JSON.
    fn signed_text(&self) -> Option<&str> {
        let acts = self.command == ACTS || self.command == PROPOSE;
        self.inputs.get(1).filter(|_| acts).map(String::as_str)
    }

    /// The signatures it holds, each with the text it is over.
    pub fn signatures(&self) -> Vec<(&str, &str)> {
        let text = self.signed_text().unwrap_or_default();
        self.outputs.iter().filter_map(|output| Some((text, output.strip_prefix(SIGNATURE)?))).collect()
    }

    /// The head of the chain it is about: the number of the entry and its digest.
    fn about(&self) -> Option<(u64, Digest)> {
        let number = self.inputs.first()?.strip_prefix("entry ")?.parse().ok()?;
        Some((number, self.inputs.get(1)?.strip_prefix("sha256 ")?.parse().ok()?))
    }
}

/// Acts that wait for a second key, in the order in which they were proposed. One whose signature does not hold is none.
pub fn pending(entries: &[Entry]) -> Vec<Pending> {
    let mut waiting: BTreeMap<(u64, String), Pending> = BTreeMap::new();
    let done: Vec<&String> = entries
        .iter()
        .filter(|entry| entry.command == ACTS)
        .filter_map(|entry| entry.inputs.first())
        .collect();
    for entry in entries.iter().filter(|entry| entry.command == PROPOSE) {
        let Some(id) = entry.inputs.first().filter(|id| !done.contains(id)) else { continue };
        for (text, signature) in entry.signatures() {
            let (Ok(act), Ok(by)) =
                (serde_json::from_str(text), ssh::check(ssh::ACT, text.as_bytes(), signature))
            else {
                continue;
            };
            waiting.insert((entry.seq, id.clone()), Pending { act, signature: signature.to_owned(), by });
        }
    }
    waiting.into_values().collect()
}

/// The time stamps in the log, each read and held against the chain anew; in words what does not hold.
pub fn stamps(entries: &[Entry]) -> Vec<std::result::Result<Stamp, String>> {
    let stamps = entries.iter().filter(|entry| entry.command == STAMP);
    stamps
        .map(|entry| {
            stamp_of(entries, entry).map_err(|why| format!("the time stamp of entry {}: {why}", entry.seq))
        })
        .collect()
}

fn stamp_of(entries: &[Entry], entry: &Entry) -> std::result::Result<Stamp, String> {
    let token = entry.outputs.first().and_then(|output| output.strip_prefix("token "));
    let bytes = token.and_then(|token| STANDARD.decode(token).ok()).ok_or("it cannot be read")?;
    held(entries, &bytes)
}

/// Holds a token against the chain.
fn held(entries: &[Entry], bytes: &[u8]) -> std::result::Result<Stamp, String> {
    let token = tsp::read(bytes)?;
    let covered = entries.iter().find(|entry| entry.digest == token.imprint);
    let covered =
        covered.ok_or_else(|| format!("it is of {}, which no entry of the log has", token.imprint))?;
    if let Some(wrong) = token.wrong.first() {
        return Err(wrong.clone());
    }
    let asked = entries.iter().filter(|entry| {
        entry.command == REQUEST && entry.about().is_some_and(|(_, digest)| digest == token.imprint)
    });
    let nonces: Vec<Option<u64>> =
        asked.map(|entry| entry.outputs.first()?.strip_prefix("nonce ")?.parse().ok()).collect();
    if !nonces.is_empty() && !nonces.contains(&token.nonce) {
        return Err("its nonce is not that of the request".to_owned());
    }
    Ok(Stamp { entry: covered.seq, asked: !nonces.is_empty(), token })
}

impl Case {
    /// Enters what an analyst did, signed where there is a key.
    pub fn act_signed(
        &mut self,
        actor: &str,
        deed: Deed,
        reason: &str,
        signer: Option<&Signer>,
    ) -> Result<Act> {
        let act = Act::new(clock::now(), actor, deed, reason);
        let signature = signer.map(|signer| sign(signer, &act)).transpose()?;
        self.ground.act(actor, &act, signature.as_slice())?;
        Ok(act)
    }

    /// Enters what an analyst would do, signed; it takes effect when another key confirms it.
    pub fn propose(&mut self, actor: &str, deed: Deed, reason: &str, signer: &Signer) -> Result<Act> {
        let act = Act::new(clock::now(), actor, deed, reason);
        let outputs = vec![format!("{SIGNATURE}{}", sign(signer, &act)?)];
        let inputs = vec![act.id.to_string(), serde_json::to_string(&act)?];
        self.ground.enter(Done { actor, command: PROPOSE, inputs, outputs })?;
        Ok(act)
    }

    /// Has an act that waits take effect, by a key other than the one that proposed it.
    pub fn confirm(&mut self, actor: &str, act: ActId, signer: &Signer) -> Result<Act> {
        let entries = self.ground.entries()?;
        let waiting = pending(&entries).into_iter().find(|waiting| waiting.act.id == act);
        let waiting =
            waiting.ok_or_else(|| Error::Refused(format!("{act} does not wait for a second key")))?;
        if waiting.by.public == signer.public().public {
            return Err(Error::Refused(format!(
                "{act} was proposed with this same key; another has to confirm it"
            )));
        }
        let second = sign(signer, &waiting.act)?;
        self.ground.act(actor, &waiting.act, &[waiting.signature, second])?;
        Ok(waiting.act)
    }

    /// A request (RFC 3161, DER) to have the head of the chain time-stamped; gives the number of the entry too.
    pub fn stamp_request(&mut self, actor: &str) -> Result<(u64, Digest, Vec<u8>)> {
        let (entries, head) = self.ground.chain()?.end();
        let nonce = clock::nonce().at(&self.folder)?;
        let request = tsp::request(head, nonce);
        let about = entries.saturating_sub(1);
        self.ground.enter(Done {
            actor,
            command: REQUEST,
            inputs: vec![format!("entry {about}"), format!("sha256 {head}")],
            outputs: vec![format!("nonce {nonce}"), format!("request sha256 {}", Digest::of(&request))],
        })?;
        Ok((about, head, request))
    }

    /// Takes a time stamp in, if it is of an entry of this log and all that is checked holds.
    pub fn stamp_accept(&mut self, actor: &str, bytes: &[u8]) -> Result<Stamp> {
        let stamp = held(&self.ground.entries()?, bytes).map_err(Error::Refused)?;
        let inputs = vec![format!("entry {}", stamp.entry), format!("sha256 {}", stamp.token.imprint)];
        let outputs = vec![format!("token {}", STANDARD.encode(&stamp.token.bytes))];
        self.ground.enter(Done { actor, command: STAMP, inputs, outputs })?;
        Ok(stamp)
    }
}

fn sign(signer: &Signer, act: &Act) -> Result<String> {
    let body = serde_json::to_string(act)?;
    signer.sign(ssh::ACT, body.as_bytes()).map_err(|error| Error::Refused(error.to_string()))
}
