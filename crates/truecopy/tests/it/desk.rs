//! A folder of one's own, and the program in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use forge::leak::{self, Recipe};
use serde_json::Value;

pub struct Desk {
    folder: tempfile::TempDir,
}

/// What a call gave.
pub struct Called {
    pub code: Option<i32>,
    pub out: String,
    pub talk: String,
}

impl Desk {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A small leak in `leak/`, and its truth.
    pub fn leak(&self) -> Value {
        self.leak_of(&Recipe::tiny(41))
    }

    pub fn leak_of(&self, recipe: &Recipe) -> Value {
        leak::write(recipe, &self.path("leak")).unwrap();
        // The truth is not material.
        let truth = self.path("truth.json");
        std::fs::rename(self.path("leak/truth.json"), &truth).unwrap();
        serde_json::from_slice(&std::fs::read(truth).unwrap()).unwrap()
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_truecopy"));
        command.args(arguments).current_dir(self.folder.path()).env("USER", "tester").stdin(Stdio::null());
        command
    }

    pub fn call(&self, arguments: &[&str]) -> Called {
        let Output { status, stdout, stderr } = self.command(arguments).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Called { code: status.code(), out: text(stdout), talk: text(stderr) }
    }

    /// Calls and expects this exit code.
    pub fn expect(&self, code: i32, arguments: &[&str]) -> Called {
        let called = self.call(arguments);
        assert_eq!(called.code, Some(code), "{arguments:?}\n{}\n{}", called.out, called.talk);
        called
    }

    /// Makes `case` of `material` and works on it.
    pub fn worked(&self, case: &str, material: &[&str]) {
        self.expect(0, &["new", case, "--name", "A trial"]);
        for path in material {
            self.expect(0, &["add", case, path]);
        }
        self.expect(0, &["run", case, "--no-reading"]);
    }

    /// The bytes of dossier.json.
    pub fn dossier(&self, case: &str) -> String {
        self.expect(0, &["export", case, "--format", "json"]).out
    }
}

/// A folder beside the workspace; None, with a word, where it is absent.
pub fn shared(path: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(path);
    if !folder.is_dir() {
        eprintln!("skipped: {} is not there", folder.display());
        return None;
    }
    Some(folder)
}

pub fn rows<'a>(of: &'a Value, table: &str) -> &'a [Value] {
    of[table].as_array().unwrap()
}

pub fn text<'a>(of: &'a Value, key: &str) -> &'a str {
    of[key].as_str().unwrap_or_default()
}
