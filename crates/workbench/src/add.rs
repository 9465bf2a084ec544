//! Material dropped onto a page: each file is put into a folder of its batch, and the batch is received like any other folder.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex};

use axum::Extension;
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::Markup;
use tempfile::TempDir;
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

/// Folders that are being filled, by what a browser calls them.
#[derive(Default)]
pub(crate) struct Batches(Mutex<BTreeMap<String, TempDir>>);

impl Batches {
    /// The folder of a batch, made when it is first asked for, inside `beside`.
    fn folder(&self, name: &str, beside: &Path) -> Result<PathBuf, Refusal> {
        if name.is_empty()
            || name.len() > 64
            || !name.bytes().all(|sign| sign.is_ascii_alphanumeric() || sign == b'-')
        {
            return Err(Refusal::usage(say("a batch is called by letters, digits and hyphens")));
        }
        let mut open = unpoisoned(self.0.lock());
        if let Some(folder) = open.get(name) {
            return Ok(folder.path().to_owned());
        }
        if open.len() >= OPEN {
            return Err(Refusal::usage(say("too many batches are open; finish one first")));
        }
        let folder = tempfile::Builder::new().prefix("added-").tempdir_in(beside).map_err(Refusal::ours)?;
        let path = folder.path().to_owned();
        open.insert(name.to_owned(), folder);
        Ok(path)
    }

    fn take(&self, name: &str) -> Option<TempDir> {
        unpoisoned(self.0.lock()).remove(name)
    }
}

/// The view.
pub(crate) fn page(bench: &Bench, who: &Person) -> Response {
    let body = html! {
        h1 { "Add material" }
        @if who.may_act() {
            p { "Drop files or a folder anywhere on this page, or choose them. They are copied and hashed before anything opens them; what cannot be received is named." }
            form autocomplete="off" #add method="post" action="/add/path" data-files="/add" {
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
    body: Body,
) -> Response {
    let fields = Fields::of(&query.unwrap_or_default());
    match put(&bench, &who, &fields, body).await {
        Ok(()) => axum::http::StatusCode::NO_CONTENT.into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

async fn put(bench: &Bench, who: &Person, fields: &Fields, body: Body) -> Result<(), Refusal> {
    if !who.may_act() {
        return Err(Refusal::reader());
    }
    let beside = bench.settings.handed.parent().unwrap_or(&bench.folder).to_owned();
    let folder = bench.batches.folder(fields.get("batch").unwrap_or_default(), &beside)?;
    let path = within(&folder, fields.get("name").unwrap_or_default())
        .ok_or_else(|| Refusal::usage(say("a file's name leads out of its folder, or is none")))?;
    if let Some(parent) = path.parent() {
        tokio::fs::create_dir_all(parent).await.map_err(Refusal::ours)?;
    }
    let mut file = tokio::fs::File::create(&path).await.map_err(Refusal::ours)?;
    let (mut stream, mut written) = (body.into_data_stream(), 0);
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| Refusal::usage(say("the file did not come whole")))?;
        written += chunk.len() as u64;
        if written > MOST {
            return Err(Refusal::usage(say("the file is larger than 64 GiB: use `truecopy add`")));
        }
        file.write_all(&chunk).await.map_err(Refusal::ours)?;
    }
    file.flush().await.map_err(Refusal::ours)
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

/// The batch is whole: it is received, and what is new is derived.
pub(crate) fn done(bench: &Bench, who: &Person, fields: &Fields) -> Result<String, Refusal> {
    if !who.may_act() {
        return Err(Refusal::reader());
    }
    let name = fields.get("batch").unwrap_or_default();
    let batch = bench.batches.take(name).ok_or_else(|| Refusal::usage(say("there is no such batch")))?;
    let mut roots = Vec::new();
    for entry in std::fs::read_dir(batch.path()).map_err(Refusal::ours)? {
        roots.push(entry.map_err(Refusal::ours)?.path());
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
        "{files} files received, {new} of them new, {refused} refused",
        &[("files", files), ("new", new), ("refused", &refused)],
    ))
}

/// What came of it, in a line.
pub(crate) fn told(received: &str) -> Markup {
    html! { p role="status" { (received) } }
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
}
