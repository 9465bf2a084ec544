//! Other people's Python packages, in folders of their own under `target`, never kept with the source.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A Python that can import `modules`, with `packages` installed by pip where they are missing. None, and a word of it, where
/// there is no index to have them from, or one of them would have to be built.
pub fn python(name: &str, packages: &[&str], modules: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target").join(name);
    let python = folder.join("bin/python");
    let done = |command: &mut Command| command.output().is_ok_and(|out| out.status.success());
    let has = || done(Command::new(&python).args(["-c", &format!("import {modules}")]));
    let install = ["-m", "pip", "install", "--quiet", "--only-binary", ":all:"];
    if has()
        || (done(Command::new("python3").args(["-m", "venv"]).arg(&folder))
            && done(Command::new(&python).args(install).args(packages))
            && has())
    {
        return Some(python);
    }
    eprintln!("skipped: {} cannot be installed here", packages.join(", "));
    None
}
