use case::Rows;
use model::{Blob, Digest, Hasher, Kind, Yield};

use crate::error::{Error, Result};
use crate::stage::{Desk, Stage};
use crate::stages;

/// Decodes every image and PDF in a worker of its own, finds the sheets, sets them upright.
pub(crate) struct Pages;

/// Something that can hold pages.
pub(crate) struct Paged {
    digest: Digest,
    kind: Kind,
    path: String,
}

impl Stage for Pages {
    const NAME: &'static str = "pages";
    const VERSION: u32 = 5;
    const SAYS: &'static str = "decodes images and PDFs, finds the sheets";
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
        let mut unseen = Vec::new();
        let mut troubles = desk.worker.surfaces(file, paged.kind, desk.budget, |told, raster| {
            let proxy = pages::proxy(&raster).map_err(|error| Error::Ours(error.to_string()))?;
            let proxy = desk.made.put(&mut proxy.as_slice(), false).map_err(Error::Made)?.digest;
            let born_digital = told.text_layer.as_ref().is_some_and(|layer| !layer.text.trim().is_empty());
            let page = pages::page(paged.digest, &raster, told, proxy);
            rows.put(&page)?;
            let found =
                if born_digital { Yield::clean(vec![pages::whole(&raster)]) } else { pages::sheets(&raster) };
            unseen.extend(found.troubles);
            for (number, sheet) in (0..).zip(&found.value) {
                let upright = pages::kept(&pages::upright(&raster, sheet))
                    .map_err(|error| Error::Ours(error.to_string()))?;
                let upright = desk.made.put(&mut upright.as_slice(), false).map_err(Error::Made)?.digest;
                rows.put(&pages::picture(&page, number, sheet, upright))?;
            }
            Ok(())
        })?;
        troubles.extend(unseen);
        Ok(Yield { value: rows, troubles })
    }
}
