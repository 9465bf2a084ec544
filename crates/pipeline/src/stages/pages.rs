use case::Rows;
use model::{Blob, Digest, Hasher, Kind, Yield};

use crate::error::{Error, Result};
use crate::stage::{Desk, Stage};
use crate::stages;

/// Decodes every image and PDF, in a worker each.
pub(crate) struct Pages;

/// Something that can hold pages.
pub(crate) struct Paged {
    digest: Digest,
    kind: Kind,
    path: String,
}

impl Stage for Pages {
    const NAME: &'static str = "pages";
    const VERSION: u32 = 1;
    const SAYS: &'static str = "decodes images and PDFs";
    type Input = Paged;

    fn inputs(&self, case: &case::Case) -> Result<Vec<Paged>> {
        let items = stages::items(case)?;
        let mut paths = stages::paths(&items);
        let mut paged = Vec::new();
        case.derived().each(|blob: Blob| {
            if blob.kind.has_pages() {
                let path = paths.remove(&blob.digest).map(|(path, _)| path).unwrap_or_default();
                paged.push(Paged { digest: blob.digest, kind: blob.kind, path });
            }
            Ok(())
        })?;
        Ok(paged)
    }

    fn name(&self, paged: &Paged) -> String {
        paged.digest.to_string()
    }

    fn about(&self, paged: &Paged) -> String {
        paged.path.clone()
    }

    fn depends(&self, paged: &Paged, on: &mut Hasher) {
        on.text(&paged.path);
    }

    fn work(&self, paged: &Paged, desk: &Desk) -> Result<Yield<Rows>> {
        let mut rows = Rows::default();
        let file = desk.bytes(paged.digest)?;
        let troubles = desk.worker.surfaces(file, paged.kind, desk.budget, |told, raster| {
            let proxy = pages::proxy(&raster).map_err(|error| Error::Ours(error.to_string()))?;
            let proxy = desk.made.put(&mut proxy.as_slice(), false).map_err(Error::Made)?.digest;
            let page = pages::page(paged.digest, &raster, told, proxy);
            rows.put(&page)?;
            for picture in pages::pictures(&page) {
                rows.put(&picture)?;
            }
            Ok(())
        })?;
        Ok(Yield { value: rows, troubles })
    }
}
