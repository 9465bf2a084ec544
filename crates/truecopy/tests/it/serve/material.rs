//! The case that is served: the small leak, forged and examined once and kept under `target`, copied for each test.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::UNIX_EPOCH;

use forge::leak::{self, Recipe};
use serde_json::Value;

use crate::desk::rows;

/// Which leak: that of `forge leak --size small`.
const SEED: u64 = 7;

/// A copy of the case in a folder of its own, and what is true of the leak.
pub struct Material {
    folder: tempfile::TempDir,
    pub truth: Value,
}

impl Material {
    /// None, with a word, where nothing can read pictures here.
    pub fn copied() -> Option<Self> {
        let kept = examined()?;
        let folder = tempfile::tempdir().unwrap();
        copy(&kept.join("leak.case"), &folder.path().join("leak.case"));
        let truth = fs::read(kept.join("truth.json")).unwrap();
        Some(Self { folder, truth: serde_json::from_slice(&truth).unwrap() })
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// An export of a channel that nobody handed in: one post of a picture that is held, `days` before its first one. Gives its
    /// files, and the picture's SHA-256.
    pub fn late(&self, days: i64) -> (Vec<PathBuf>, String) {
        let kept = kept().join("leak");
        let (post, copy) = rows(&self.truth, "posts")
            .iter()
            .filter(|post| post["platform"] == "discord")
            .find_map(|post| Some((post, self.copy_of(post)?)))
            .unwrap();
        let picture = kept.join(post["file"].as_str().unwrap());
        let at: jiff::Timestamp = post["when"].as_str().unwrap().parse().unwrap();
        let at = at - jiff::SignedDuration::from_hours(24 * days);
        let name = "Moored - Text Channels - attic [958204418130899999].json";
        let files = format!("{name}_Files");
        let export = late_export(&format!("{files}/late.jpg"), at, fs::metadata(&picture).unwrap().len());
        let folder = self.path("late");
        fs::create_dir_all(folder.join(&files)).unwrap();
        fs::write(folder.join(name), serde_json::to_vec_pretty(&export).unwrap()).unwrap();
        fs::copy(picture, folder.join(&files).join("late.jpg")).unwrap();
        let sha256 = copy["sha256"].as_str().unwrap().to_owned();
        (vec![folder.join(name), folder.join(&files).join("late.jpg")], sha256)
    }

    /// What was posted, where it is a picture of a sheet.
    pub fn copy_of(&self, post: &Value) -> Option<&Value> {
        rows(&self.truth, "copies")
            .iter()
            .find(|copy| copy["copy"] == post["copy"] && copy["sheet"].is_string())
    }
}

/// One message of a channel as DiscordChatExporter writes it.
fn late_export(file: &str, at: jiff::Timestamp, size: u64) -> Value {
    const EPOCH: i64 = 1_420_070_400_000;
    let snowflake = |at: i64| ((at - EPOCH) << 22).to_string();
    let at_ms = at.as_millisecond();
    serde_json::json!({
        "guild": { "id": "958204418130841000", "name": "Moored", "iconUrl": "" },
        "channel": { "id": "958204418130899999", "type": "GuildTextChat", "categoryId": "958204418130841001",
            "category": "Text Channels", "name": "attic", "topic": null },
        "dateRange": { "after": null, "before": null },
        "exportedAt": "2026-03-01T10:00:00.000+00:00",
        "messages": [{
            "id": snowflake(at_ms), "type": "Default", "timestamp": at.to_string(), "timestampEdited": null,
            "callEndedTimestamp": null, "isPinned": false, "content": "first of all",
            "author": { "id": "804563003957299999", "name": "early", "discriminator": "0000", "nickname": "early",
                "color": null, "isBot": false, "roles": [], "avatarUrl": "" },
            "attachments": [{ "id": snowflake(at_ms - 1000), "url": file, "fileName": "late.jpg", "fileSizeBytes": size }],
            "embeds": [], "stickers": [], "reactions": [], "mentions": [],
        }],
        "messageCount": 1,
    })
}

fn kept() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/serve")
}

/// The folder with the case; made, or brought up to this program, by the first test that asks.
fn examined() -> Option<PathBuf> {
    let kept = kept();
    fs::create_dir_all(&kept).unwrap();
    let lock = File::create(kept.join("lock")).unwrap();
    lock.lock().unwrap();
    let stamp = kept.join("stamp");
    if fs::read_to_string(&stamp).is_ok_and(|own| own == program()) {
        return Some(kept);
    }
    let _ = fs::remove_file(&stamp);
    forged(&kept);
    let same = fs::read(kept.join("truth.json")).ok() == fs::read(kept.join("of-case.json")).ok();
    let call = |arguments: &[&str]| {
        let out = Command::new(env!("CARGO_BIN_EXE_truecopy"))
            .args(arguments)
            .current_dir(&kept)
            .env("USER", "tester")
            .output()
            .unwrap();
        (out.status.success(), String::from_utf8_lossy(&out.stderr).into_owned())
    };
    // What this program would do anew is done anew; the rest of the case stands.
    if !(same && call(&["run", "leak.case"]).0) {
        let _ = fs::remove_dir_all(kept.join("leak.case"));
        let (done, talk) = call(&["examine", "leak", "--case", "leak.case"]);
        if !done && talk.contains("Tesseract was not found") {
            eprintln!("skipped: Tesseract is not installed");
            return None;
        }
        assert!(done, "{talk}");
        fs::copy(kept.join("truth.json"), kept.join("of-case.json")).unwrap();
    }
    fs::write(&stamp, program()).unwrap();
    Some(kept)
}

/// The leak is forged anew: the forge may be another one than last time.
fn forged(kept: &Path) {
    let leak = kept.join("leak");
    let _ = fs::remove_dir_all(&leak);
    leak::write(&Recipe::small(SEED), &leak).unwrap();
    fs::rename(leak.join("truth.json"), kept.join("truth.json")).unwrap();
}

/// What tells this program from another build of it.
fn program() -> String {
    let about = fs::metadata(env!("CARGO_BIN_EXE_truecopy")).unwrap();
    let at = about.modified().unwrap().duration_since(UNIX_EPOCH).unwrap();
    format!("{} {}", about.len(), at.as_nanos())
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let there = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &there);
        } else {
            fs::copy(entry.path(), there).unwrap();
        }
    }
}
