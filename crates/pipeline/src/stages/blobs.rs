use std::io::Read;

use case::Rows;
use md5::Digest as _;
use model::{Blob, Code, Digest, Hasher, Kind, Trouble, Yield};

use crate::error::{Error, Result};
use crate::stage::{Desk, Stage};
use crate::stages;

/// Tells what each content is.
pub(crate) struct Blobs;

/// One content, and a path it lies under.
pub(crate) struct Content {
    digest: Digest,
    size: u64,
    path: String,
}

impl Stage for Blobs {
    const NAME: &'static str = "blobs";
    const VERSION: u32 = 4;
    const SAYS: &'static str = "tells what each file is";
    type Input = Content;

    fn inputs(&self, case: &case::Case) -> Result<Vec<Content>> {
        let items = stages::items(case)?;
        let content = |(digest, (path, size)): (Digest, (String, u64))| Content { digest, size, path };
        Ok(stages::paths(&items).into_iter().map(content).collect())
    }

    fn name(&self, content: &Content) -> String {
        content.digest.to_string()
    }

    fn about(&self, content: &Content) -> String {
        content.path.clone()
    }

    fn depends(&self, content: &Content, on: &mut Hasher) {
        on.text(&content.path);
    }

    fn work(&self, content: &Content, desk: &Desk) -> Result<Yield<Rows>> {
        let head = desk.head(content.digest)?;
        let kind = intake::sniff(&head);
        let format = if kind.has_pages() { None } else { intake::recognise(&head, &content.path) };
        let mut found = Yield::clean(Rows::default());
        if kind == Kind::Empty {
            found.troubles.push(Trouble::new(Code::Empty, ""));
        } else if !kind.has_pages() && !kind.is_archive() && format.is_none() {
            found.troubles.push(Trouble::new(Code::NotRead, kind.word()));
        }
        found.value.put(&Blob {
            digest: content.digest,
            md5: md5_of(&mut desk.bytes(content.digest)?).map_err(Error::Material)?,
            size: content.size,
            kind,
            format: format.map(|format| format.name().to_owned()),
        })?;
        Ok(found)
    }
}

fn md5_of(from: &mut dyn Read) -> std::io::Result<String> {
    let mut hasher = md5::Md5::new();
    let mut buffer = vec![0; 256 << 10];
    loop {
        match crate::stage::fill(from, &mut buffer)? {
            0 => break,
            count => hasher.update(&buffer[..count]),
        }
    }
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}
