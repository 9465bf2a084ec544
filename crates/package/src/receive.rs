//! Receives files and folders; where a folder is a package, what its sender pins is held against what arrived.

use std::fs;
use std::path::{Path, PathBuf};

use case::{Case, Done, Progress};
use model::{Level, Problem};

use crate::error::{Error, Result};
use crate::read::Received;

/// What was received, and the packages among it.
#[derive(Clone, Debug, Default)]
pub struct Arrived {
    /// The files.
    pub files: case::Received,
    /// Folders that are packages: by name, what came of holding each against its manifests.
    pub packages: Vec<(String, Received)>,
}

impl Arrived {
    /// Whether all could be received, and every package is as its sender packed it.
    pub fn is_sound(&self) -> bool {
        self.files.refused.is_empty() && self.packages.iter().all(|(_, package)| package.wrong() == 0)
    }
}

impl Received {
    /// How many files are not as the package says; notes are not counted.
    pub fn wrong(&self) -> usize {
        let grave = |problem: &&Problem| problem.code.level() == Level::Problem;
        self.problems.iter().filter(grave).count()
    }
}

/// Receives files and folders into a case, as [`Case::receive`] does, and enters what came of the packages among them. `watch` is
/// told how far it is, and stops it by returning false; packages are looked at only when all was received.
pub fn receive(
    case: &mut Case,
    roots: &[PathBuf],
    actor: &str,
    watch: impl FnMut(Progress) -> bool,
) -> Result<Arrived> {
    let mut arrived = Arrived { files: case.receive(roots, actor, watch)?, packages: Vec::new() };
    if arrived.files.stopped {
        return Ok(arrived);
    }
    for root in roots.iter().filter(|root| root.is_dir()) {
        let name = name(root);
        let read = crate::received(root, &name);
        let read = read.map_err(|source| Error::Reading { folder: root.clone(), source })?;
        if let Some(package) = read {
            enter(case, &name, &package, actor)?;
            arrived.packages.push((name, package));
        }
    }
    Ok(arrived)
}

fn enter(case: &mut Case, name: &str, package: &Received, actor: &str) -> Result<()> {
    case.observe(actor, &package.problems)?;
    let pinned = package.digest.map(|digest| format!("tagmanifest sha256 {digest}"));
    let signed = package.signed.as_ref().map(|key| format!("signed by {key}"));
    let inputs = [Some(name.to_owned()), pinned, signed].into_iter().flatten().collect();
    let outputs = vec![format!("{} files hold", package.held), format!("{} problems", package.wrong())];
    case.enter(Done { actor, command: "received-package", inputs, outputs })?;
    Ok(())
}

/// The name under which a folder's files are received.
fn name(folder: &Path) -> String {
    let own = |path: &Path| Some(path.file_name()?.to_string_lossy().into_owned());
    own(folder).or_else(|| own(&fs::canonicalize(folder).ok()?)).unwrap_or_default()
}
