//! Makes a package of an open case, and enters it in the custody log.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use case::{Case, Done, Verified};
use dossier::{Briefing, Dossier, Material};
use seals::ssh::{self, Signer};

use crate::error::{Error, Result};
use crate::{Bag, Facts, Original, Scope, Sealed, briefed, originals, part, payload, readme, strays};

/// What is to be packed.
#[derive(Clone, Copy)]
pub struct Wish<'a> {
    /// Of what.
    pub of: &'a Of,
    /// Whether received files go in; a package for a party has none.
    pub originals: bool,
    /// The key that signs it.
    pub signer: Option<&'a Signer>,
    /// Who makes it.
    pub actor: &'a str,
}

/// What a package is to be of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Of {
    /// The whole case.
    Whole,
    /// These sheets, by printed id, and nothing that leads to the rest.
    Sheets(BTreeSet<String>),
    /// What the sheets say of this party, by printed id, and nothing about others.
    Party(String),
}

/// A package that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// What it came to.
    pub sealed: Sealed,
    /// For a party, the briefing in it: a person reads it before it is handed over.
    pub briefing: Option<Briefing>,
}

/// What goes into a package.
struct Content {
    title: String,
    purpose: String,
    facts: Facts,
    files: Vec<(String, Vec<u8>)>,
    /// What the log says that it is of.
    of: Vec<String>,
    briefing: Option<Briefing>,
}

/// Makes a package in `folder`, which must be missing or empty, and enters it. What is handed out was held against the log first:
/// `verified` is what came of that, and nothing was entered since.
pub fn make(case: &mut Case, verified: &Verified, wish: Wish, folder: &Path) -> Result<Made> {
    if !verified.wrong.is_empty() {
        return Err(Error::Changed(verified.wrong.clone()));
    }
    let content = match wish.of {
        Of::Whole => of_sheets(case, &BTreeSet::new(), wish)?,
        Of::Sheets(families) => of_sheets(case, families, wish)?,
        Of::Party(party) => for_party(case, party, wish)?,
    };
    if verified.head != Some(content.facts.head()) {
        return Err(Error::Stale);
    }
    let sealed = write(case, folder, &content, wish.signer)
        .map_err(|source| Error::Writing { folder: folder.to_owned(), source })?;
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let outputs = vec![
        format!("{name} tagmanifest sha256 {}", sealed.digest),
        format!("{} files {} bytes", sealed.files, sealed.octets),
    ];
    case.enter(Done { actor: wish.actor, command: "package", inputs: content.of, outputs })?;
    Ok(Made { sealed, briefing: content.briefing })
}

/// Some sheets; without any named, the whole case.
fn of_sheets(case: &Case, families: &BTreeSet<String>, wish: Wish) -> Result<Content> {
    let mut material = dossier::gather(case)?;
    let mut told = dossier::tell(&material);
    let mut context = dossier::context(case)?;
    let mut scope = Scope::Whole;
    if let Of::Sheets(_) = wish.of {
        scope = Scope::Sheets(families.len());
        let whole = told;
        let held: BTreeSet<&String> = whole.families.iter().map(|family| &family.id).collect();
        if let Some(unknown) = families.iter().find(|family| !held.contains(family)) {
            return Err(Error::Unknown(unknown.clone()));
        }
        told = part(&whole, families);
        let strays = strays(&told, &whole).map_err(|error| Error::Account(error.into()))?;
        if let Some(stray) = strays.into_iter().next() {
            return Err(Error::Stray(stray));
        }
        context.arrivals.clear();
        draw_no_other(&mut material, &told, &whole);
    }
    let html = dossier::report_of(case, &material, &told, &context);
    let facts = facts(case, scope, originals(&told), wish)?;
    let files = payload(&told, &facts, &html).map_err(Error::Account)?;
    let (title, purpose) = (told.case.name, told.case.purpose);
    Ok(Content { title, purpose, facts, files, of: families.iter().cloned().collect(), briefing: None })
}

/// A page that shows other sheets too is not drawn: small pictures are made of whole pages.
fn draw_no_other(material: &mut Material, part: &Dossier, whole: &Dossier) {
    let own: BTreeSet<&String> = part.pictures.iter().map(|picture| &picture.id).collect();
    let others = whole.pictures.iter().filter(|picture| !own.contains(&picture.id));
    let pages: BTreeSet<&String> = others.map(|picture| &picture.page_id).collect();
    material.pages.retain(|page| !pages.contains(&page.id.to_string()));
}

/// What the sheets say of one party, and nothing else.
fn for_party(case: &Case, party: &str, wish: Wish) -> Result<Content> {
    let told = dossier::tell(&dossier::gather(case)?);
    let briefing = dossier::briefing(&told, party, &[]).ok_or_else(|| Error::Unknown(party.to_owned()))?;
    let facts = facts(case, Scope::Party, Vec::new(), Wish { originals: false, ..wish })?;
    let files = briefed(&briefing, &facts).map_err(Error::Account)?;
    let (title, of) = (briefing.title.clone(), vec![party.to_owned()]);
    Ok(Content { title, purpose: String::new(), facts, files, of, briefing: Some(briefing) })
}

fn facts(case: &Case, scope: Scope, originals: Vec<Original>, wish: Wish) -> Result<Facts> {
    Ok(Facts {
        made: case::clock::now(),
        actor: wish.actor.to_owned(),
        host: case::clock::host(),
        program: concat!("truecopy ", env!("CARGO_PKG_VERSION")).to_owned(),
        entries: case.ground().entries()?,
        scope,
        originals,
        with_originals: wish.originals,
    })
}

fn write(case: &Case, folder: &Path, content: &Content, signer: Option<&Signer>) -> io::Result<Sealed> {
    let facts = &content.facts;
    let mut bag = Bag::create(folder)?;
    for (path, bytes) in &content.files {
        bag.put(path, &mut bytes.as_slice())?;
    }
    for original in facts.originals.iter().filter(|original| facts.with_originals && original.is_given()) {
        let mut file = case.bytes(original.digest).map_err(io::Error::other)?;
        let digest = bag.put(&original.place, &mut file)?;
        if digest != original.digest {
            return Err(io::Error::other(format!("the bytes of {} are no longer its own", original.digest)));
        }
    }
    bag.tag("README.txt", &readme(&content.title, facts, signer.is_some()))?;
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
        let signature = signer.sign(ssh::PACKAGE, &list).map_err(io::Error::other)?;
        fs::write(folder.join("tagmanifest-sha256.txt.sig"), signature)?;
    }
    Ok(sealed)
}
