//! Packages: written for others, and received from them.

use std::fs;
use std::path::Path;

use case::{Case, Done};
use model::Problem;
use package::{Bag, Facts, Original, Scope, Sealed, originals};
use seals::ssh::{self, Signer};

use crate::args::Package;
use crate::commands::{actor, briefing, open, parties, sign, tell};
use crate::fault::{End, Fault, Outcome};
use crate::talk::{Talk, count};

/// What goes into a package.
struct Content {
    title: String,
    purpose: String,
    facts: Facts,
    files: Vec<(String, Vec<u8>)>,
    /// What the log says that it is of.
    of: Vec<String>,
}

/// Writes a package and enters it in the custody log.
pub(crate) fn package(package: &Package, talk: &mut Talk) -> Outcome {
    let signer = package.key.as_deref().map(sign::key).transpose()?;
    // What is handed out is held against the log first.
    let found = case::verify(&package.case, |done, all| talk.checking(done, all))?;
    talk.finish();
    if !found.wrong.is_empty() {
        return Err(Fault::user(format!("the case is not as it was received: {}", found.wrong.join("; ")))
            .hint("`truecopy verify` lists what differs; go back to a copy of the case"));
    }
    let mut case = open(&package.case)?;
    let content = match &package.party {
        Some(party) => for_party(&case, party, talk)?,
        None => of_sheets(&case, package)?,
    };
    let writing = |error: std::io::Error| {
        Fault::writing(package.output.display(), &error)
            .hint("name a folder that does not exist yet with --output")
    };
    let sealed = write(&case, &package.output, &content, signer.as_ref()).map_err(writing)?;
    let name = package.output.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let outputs = vec![
        format!("{name} tagmanifest sha256 {}", sealed.digest),
        format!("{} files {} bytes", sealed.files, sealed.octets),
    ];
    case.enter(Done { actor: &actor(), command: "package", inputs: content.of, outputs })?;
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

/// The whole case, or some of its sheets.
fn of_sheets(case: &Case, package: &Package) -> Outcome<Content> {
    let material = dossier::gather(case)?;
    let mut told = dossier::tell(&material);
    let families = tell::sheets(case, &package.family)?;
    let mut context = tell::context(case, false)?;
    let mut scope = Scope::Whole;
    if !families.is_empty() {
        scope = Scope::Sheets(families.len());
        let whole = told;
        told = package::part(&whole, &families);
        let strays = package::strays(&told, &whole).map_err(Fault::ours)?;
        if let Some(stray) = strays.first() {
            return Err(Fault::ours(format!("the part refers to {stray}, which is not in it")));
        }
        context.arrivals.clear();
    }
    let html = dossier::report_of(case, &material, &told, &context);
    let facts = facts(case, scope, originals(&told), !package.no_originals)?;
    let files = package::payload(&told, &facts, &html).map_err(Fault::ours)?;
    let (title, purpose) = (told.case.name, told.case.purpose);
    Ok(Content { title, purpose, facts, files, of: families.into_iter().collect() })
}

/// What the sheets say of one party, and nothing else.
fn for_party(case: &Case, named: &str, talk: &Talk) -> Outcome<Content> {
    let told = parties::told(case, None)?;
    let party = parties::one(&told, named)?;
    let briefing =
        dossier::briefing(&told, &party.id, &[]).ok_or_else(|| Fault::ours("the party is gone"))?;
    briefing::read_before(&briefing, talk);
    let facts = facts(case, Scope::Party, Vec::new(), false)?;
    let files = package::briefed(&briefing, &facts).map_err(Fault::ours)?;
    let (title, purpose) = (briefing.title, String::new());
    Ok(Content { title, purpose, facts, files, of: vec![party.id.clone()] })
}

fn facts(case: &Case, scope: Scope, originals: Vec<Original>, with_originals: bool) -> Outcome<Facts> {
    Ok(Facts {
        made: case::clock::now(),
        actor: actor(),
        host: case::clock::host(),
        program: format!("truecopy {}", env!("CARGO_PKG_VERSION")),
        entries: case.ground().entries()?,
        scope,
        originals,
        with_originals,
    })
}

fn write(case: &Case, folder: &Path, content: &Content, signer: Option<&Signer>) -> std::io::Result<Sealed> {
    let facts = &content.facts;
    let mut bag = Bag::create(folder)?;
    for (path, bytes) in &content.files {
        bag.put(path, &mut bytes.as_slice())?;
    }
    for original in facts.originals.iter().filter(|original| facts.with_originals && original.is_given()) {
        let mut file = case.bytes(original.digest).map_err(std::io::Error::other)?;
        let digest = bag.put(&original.place, &mut file)?;
        if digest != original.digest {
            return Err(std::io::Error::other(format!(
                "the bytes of {} are no longer its own",
                original.digest
            )));
        }
    }
    bag.tag("README.txt", &package::readme(&content.title, facts, signer.is_some()))?;
    if let Some(signer) = signer {
        let public = signer.public();
        bag.tag("allowed_signers", &format!("{} {}\n", public.fingerprint, public.public))?;
    }
    let sealed = bag.seal(&[
        ("Bag-Software-Agent", facts.program.clone()),
        ("Bagging-Date", facts.made.strftime("%Y-%m-%d").to_string()),
        ("External-Description", content.title.clone()),
        ("Internal-Sender-Description", content.purpose.clone()),
        ("Internal-Sender-Identifier", format!("custody log {}", facts.head())),
        ("Truecopy-Copy", facts.copy().to_owned()),
    ])?;
    if let Some(signer) = signer {
        let list = fs::read(folder.join("tagmanifest-sha256.txt"))?;
        let signature = signer.sign(ssh::PACKAGE, &list).map_err(std::io::Error::other)?;
        fs::write(folder.join("tagmanifest-sha256.txt.sig"), signature)?;
    }
    Ok(sealed)
}

/// Where a folder that is added is a bag: what came of holding it against its manifests is entered, and told as problems.
pub(crate) fn received(case: &mut Case, folder: &Path, talk: &Talk) -> Outcome<bool> {
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = match name {
        Some(name) => name,
        None => fs::canonicalize(folder)
            .ok()
            .and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()))
            .unwrap_or_default(),
    };
    let read = package::received(folder, &name);
    let Some(found) = read.map_err(|error| Fault::user(format!("{}: {error}", folder.display())))? else {
        return Ok(true);
    };
    let grave = |problem: &&Problem| problem.code.level() == model::Level::Problem;
    let wrong = found.problems.iter().filter(grave).count();
    case.observe(&actor(), &found.problems)?;
    let pinned = found.digest.map(|digest| format!("tagmanifest sha256 {digest}"));
    let signed = found.signed.as_ref().map(|key| format!("signed by {key}"));
    let inputs = [Some(name.clone()), pinned, signed].into_iter().flatten().collect();
    let outputs = vec![format!("{} files hold", found.held), format!("{wrong} problems")];
    case.enter(Done { actor: &actor(), command: "received-package", inputs, outputs })?;
    talk.say(format!(
        "{name} is a package: {} hold their digests, {}; what its sender says of them is kept as the sender's",
        count(found.held, "file"),
        count(wrong as u64, "problem")
    ));
    Ok(wrong == 0)
}
