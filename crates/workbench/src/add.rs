//! Material dropped onto a page: each file that came whole is put into a folder of its batch, and the batch is received like any
//! other folder. What broke off is never in that folder, and what was cancelled is not received.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Extension;
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::Markup;
use tempfile::{NamedTempFile, TempDir, TempPath};
use texts::{filled, html, say};
use tokio::io::AsyncWriteExt;
use tokio_stream::StreamExt;

use crate::acts::Refusal;
use crate::bench::Bench;
use crate::fields::Fields;
use crate::guard::Who;
use crate::people::Person;
use crate::unpoisoned;
use crate::views::{Frame, framed};

/// Bytes of one file, at most.
const MOST: u64 = 64 << 30;
/// Batches that may be open at once.
const OPEN: usize = 16;
/// A batch that nobody asked for so long may be let go when there are too many.
const IDLE: Duration = Duration::from_secs(600);
/// Below a batch's folder: what came whole, and is received.
const WHOLE: &str = "whole";
/// Beside it: what still comes.
const ARRIVING: &str = "arriving";

/// A folder that a browser fills.
struct Batch {
    /// An upload that is on holds it too.
    folder: Arc<TempDir>,
    /// When it was last asked for.
    asked: Instant,
}

/// Batches by what a browser calls them; nothing where one has ended, so that it is not begun anew by what comes late.
#[derive(Default)]
pub(crate) struct Batches(Mutex<BTreeMap<String, Option<Batch>>>);

impl Batches {
    /// The folder of a batch, made when it is first asked for, inside `beside`.
    fn folder(&self, name: &str, beside: &Path, now: Instant) -> Result<Arc<TempDir>, Refusal> {
        if name.is_empty()
            || name.len() > 64
            || !name.bytes().all(|sign| sign.is_ascii_alphanumeric() || sign == b'-')
        {
            return Err(Refusal::usage(say("a batch is called by letters, digits and hyphens")));
        }
        let mut all = unpoisoned(self.0.lock());
        if let Some(batch) = all.get_mut(name) {
            let batch = batch.as_mut().ok_or_else(ended)?;
            batch.asked = now;
            return Ok(Arc::clone(&batch.folder));
        }
        if all.values().flatten().count() >= OPEN && !let_go(&mut all, now) {
            return Err(Refusal::usage(say("too many batches are open; finish one first")));
        }
        let folder = tempfile::Builder::new().prefix("added-").tempdir_in(beside).map_err(Refusal::ours)?;
        for part in [WHOLE, ARRIVING] {
            std::fs::create_dir(folder.path().join(part)).map_err(Refusal::ours)?;
        }
        let folder = Arc::new(folder);
        all.insert(name.to_owned(), Some(Batch { folder: Arc::clone(&folder), asked: now }));
        Ok(folder)
    }

    /// Puts a file that came whole to what is received, unless its batch ended meanwhile.
    fn settle(&self, name: &str, file: TempPath, to: &Path) -> Result<(), Refusal> {
        let mut all = unpoisoned(self.0.lock());
        let batch = all.get_mut(name).and_then(Option::as_mut).ok_or_else(ended)?;
        batch.asked = Instant::now();
        if to.symlink_metadata().is_ok() {
            return Err(Refusal::usage(say("the batch has a file of this name already")));
        }
        if let Some(parent) = to.parent() {
            std::fs::create_dir_all(parent).map_err(Refusal::ours)?;
        }
        file.persist(to).map_err(|failed| Refusal::ours(failed.error))
    }

    /// Ends a batch; its folder is gone once nobody holds it.
    fn end(&self, name: &str) -> Option<Arc<TempDir>> {
        let batch = unpoisoned(self.0.lock()).insert(name.to_owned(), None).flatten();
        batch.map(|batch| batch.folder)
    }
}

fn ended() -> Refusal {
    Refusal::usage(say("this batch has ended; add its files again"))
}

/// Lets go of the batch that was longest without a request; false where none was so for long.
fn let_go(all: &mut BTreeMap<String, Option<Batch>>, now: Instant) -> bool {
    let idle = |batch: &Batch| now.saturating_duration_since(batch.asked);
    let left = |batch: &Batch| Arc::strong_count(&batch.folder) == 1 && idle(batch) >= IDLE;
    let left = all.values_mut().filter(|batch| batch.as_ref().is_some_and(left));
    let longest = left.max_by_key(|batch| batch.as_ref().map(idle));
    longest.is_some_and(|batch| batch.take().is_some())
}

/// The view.
pub(crate) fn page(bench: &Bench, who: &Person) -> Response {
    let body = html! {
        h1 { "Add material" }
        @if who.may_act() {
            p { "Drop files or a folder anywhere on this page, or choose them. They are copied and hashed before anything opens them; what cannot be received is named." }
            form autocomplete="off" #add .act method="post" action="/add/path" data-files="/add" {
                label .field { span { "Files" } input type="file" multiple name="files"; }
                label .field { span { "A folder" } input type="file" webkitdirectory name="folder"; }
                label .field { span { "Or the path of a file or folder on the machine that serves" } input name="path" placeholder="/home/me/exports"; }
                button type="submit" { "Add" }
            }
        } @else { p { "A reader looks; an analyst adds." } }
        (bench.live().section("problems").unwrap_or_default())
    };
    framed(&Frame { bench, who, path: "/add", title: say("Add material") }, &body)
}

/// One file of a batch: its bytes are the body, its path is in the address.
pub(crate) async fn file(
    State(bench): State<Arc<Bench>>,
    Extension(Who(who)): Extension<Who>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let fields = Fields::of(&query.unwrap_or_default());
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    match put(&bench, &who, &fields, length, body).await {
        Ok(()) => axum::http::StatusCode::NO_CONTENT.into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

async fn put(
    bench: &Bench,
    who: &Person,
    fields: &Fields,
    length: Option<u64>,
    body: Body,
) -> Result<(), Refusal> {
    if !who.may_act() {
        return Err(Refusal::reader());
    }
    let beside = bench.settings.handed.parent().unwrap_or(&bench.folder).to_owned();
    let batch = fields.get("batch").unwrap_or_default();
    let folder = bench.batches.folder(batch, &beside, Instant::now())?;
    let path = within(&folder.path().join(WHOLE), fields.as_sent("name").unwrap_or_default())
        .ok_or_else(|| Refusal::usage(say("a file's name leads out of its folder, or is none")))?;
    // It is removed again where this ends early, be it that nobody waits for the answer any more.
    let arriving = NamedTempFile::new_in(folder.path().join(ARRIVING)).map_err(Refusal::ours)?;
    let (file, arriving) = arriving.into_parts();
    write(file, length, body).await?;
    bench.batches.settle(batch, arriving, &path)
}

/// Writes a body to a file; an error where it breaks off, or is not as long as was announced.
async fn write(file: std::fs::File, length: Option<u64>, body: Body) -> Result<(), Refusal> {
    let cut = || Refusal::usage(say("the file did not come whole"));
    let mut file = tokio::fs::File::from_std(file);
    let (mut stream, mut written) = (body.into_data_stream(), 0);
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| cut())?;
        written += chunk.len() as u64;
        if written > MOST {
            return Err(Refusal::usage(say("the file is larger than 64 GiB: use `truecopy add`")));
        }
        file.write_all(&chunk).await.map_err(Refusal::ours)?;
    }
    file.flush().await.map_err(Refusal::ours)?;
    if length.is_some_and(|length| length != written) { Err(cut()) } else { Ok(()) }
}

/// A path below a folder; None where it would lead out of it.
fn within(folder: &Path, name: &str) -> Option<PathBuf> {
    let mut path = folder.to_owned();
    let mut parts = 0;
    for part in Path::new(name).components() {
        match part {
            Component::Normal(part) => path.push(part),
            Component::CurDir => continue,
            _ => return None,
        }
        parts += 1;
    }
    (parts > 0 && parts <= 64 && !name.contains('\0')).then_some(path)
}

/// The batch is whole: it is received, and what is new is derived. One that was cancelled goes, and nothing of it is received.
pub(crate) fn done(bench: &Bench, who: &Person, fields: &Fields) -> Result<String, Refusal> {
    if !who.may_act() {
        return Err(Refusal::reader());
    }
    let batch = bench.batches.end(fields.get("batch").unwrap_or_default());
    if fields.get("cancelled").is_some() {
        return Ok(say("Cancelled; nothing was taken in").to_owned());
    }
    let batch = batch.ok_or_else(|| Refusal::usage(say("there is no such batch")))?;
    let mut roots = Vec::new();
    for entry in std::fs::read_dir(batch.path().join(WHOLE)).map_err(Refusal::ours)? {
        roots.push(entry.map_err(Refusal::ours)?.path());
    }
    if roots.is_empty() {
        return Err(Refusal::usage(say("no file of this batch came whole")));
    }
    roots.sort();
    receive(bench, who, &roots)
}

/// What lies on the machine that serves.
pub(crate) fn path(bench: &Bench, who: &Person, fields: &Fields) -> Response {
    let received = (|| {
        if !who.may_act() {
            return Err(Refusal::reader());
        }
        let path = PathBuf::from(
            fields.get("path").ok_or_else(|| Refusal::usage(say("no file and no path was named")))?,
        );
        if !path.exists() {
            return Err(Refusal::usage(filled("{path} does not exist", &[("path", &path.display())])));
        }
        receive(bench, who, &[path])
    })();
    match received {
        Ok(_) => Redirect::to("/").into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

fn receive(bench: &Bench, who: &Person, roots: &[PathBuf]) -> Result<String, Refusal> {
    let arrived = bench.with_case(|case| {
        let arrived = package::receive(case, roots, &who.name, |_| true).map_err(Refusal::ours)?;
        bench.tell_now(case)?;
        Ok::<_, Refusal>(arrived)
    })?;
    bench.run();
    let refused = arrived.files.refused.len();
    let (files, new) = (&arrived.files.files, &arrived.files.new);
    Ok(filled(
        "Received: {files}; new: {new}; refused: {refused}",
        &[("files", files), ("new", new), ("refused", &refused)],
    ))
}

/// What came of it, in a line.
pub(crate) fn told(received: &str) -> Markup {
    html! { p role="status" { (received) "." } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leads_out_of_the_folder() {
        let folder = Path::new("/a");
        assert_eq!(within(folder, "b/c.jpg"), Some(PathBuf::from("/a/b/c.jpg")));
        assert_eq!(within(folder, "./b"), Some(PathBuf::from("/a/b")));
        for bad in ["", "..", "b/../../c", "/etc/passwd", "b\0", "."] {
            assert_eq!(within(folder, bad), None, "{bad:?}");
        }
    }

    #[test]
    fn the_batch_that_was_longest_left_is_let_go_when_there_are_too_many() {
        let (beside, batches, start) = (tempfile::tempdir().unwrap(), Batches::default(), Instant::now());
        let folder = |name: &str, seconds| {
            batches.folder(name, beside.path(), start + Duration::from_secs(seconds)).map_err(|no| no.says)
        };
        let count = || std::fs::read_dir(beside.path()).unwrap().count();
        let first = folder("batch-0", 0).unwrap();
        for n in 1..OPEN as u64 {
            folder(&format!("batch-{n}"), n).unwrap();
        }
        assert!(folder("another", IDLE.as_secs() - 1).is_err() && count() == OPEN);
        assert!(folder("another", IDLE.as_secs()).is_err(), "something still comes for the first one");
        drop(first);
        folder("another", IDLE.as_secs()).unwrap();
        assert_eq!(count(), OPEN);
        assert!(folder("batch-0", IDLE.as_secs()).is_err(), "what was let go does not begin anew");
        assert!(folder("batch-1", IDLE.as_secs()).is_ok());
    }

    #[test]
    fn a_file_settles_once_and_only_while_its_batch_is_open() {
        let (beside, batches) = (tempfile::tempdir().unwrap(), Batches::default());
        let folder = batches.folder("b", beside.path(), Instant::now()).unwrap();
        let to = folder.path().join(WHOLE).join("a/b.txt");
        let settle = |text: &str| {
            let file = NamedTempFile::new_in(folder.path().join(ARRIVING)).unwrap();
            std::fs::write(file.path(), text).unwrap();
            batches.settle("b", file.into_temp_path(), &to)
        };
        settle("one").unwrap();
        assert!(settle("two").is_err());
        assert_eq!(std::fs::read_to_string(&to).unwrap(), "one");
        assert_eq!(std::fs::read_dir(folder.path().join(ARRIVING)).unwrap().count(), 0);
        std::fs::remove_file(&to).unwrap();
        assert!(batches.end("b").is_some() && settle("three").is_err() && !to.exists());
        drop(folder);
        assert_eq!(std::fs::read_dir(beside.path()).unwrap().count(), 0);
    }
}
