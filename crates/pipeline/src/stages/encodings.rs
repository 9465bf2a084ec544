use case::{Case, Rows};
use model::{Digest, Encoding, Hasher, Page, PageId, Yield};

use crate::error::Result;
use crate::stage::{Desk, Stage};

/// Looks for an encoding before the last one in every JPEG file.
pub(crate) struct Encodings;

/// A page, and the bytes that it is of.
pub(crate) struct Received {
    page: PageId,
    blob: Digest,
    /// Whether its pixels lie as they do in the file.
    upright: bool,
}

impl Stage for Encodings {
    const NAME: &'static str = "encodings";
    const VERSION: u32 = 2;
    const SAYS: &'static str = "looks for earlier encodings of pictures";
    type Input = Received;

    fn inputs(&self, case: &Case) -> Result<Vec<Received>> {
        let mut received = Vec::new();
        case.derived().each(|page: Page| {
            if page.number == 0 {
                received.push(Received { page: page.id, blob: page.blob, upright: page.orientation <= 1 });
            }
            Ok(())
        })?;
        Ok(received)
    }

    fn name(&self, received: &Received) -> String {
        received.page.to_string()
    }

    fn depends(&self, received: &Received, on: &mut Hasher) {
        on.id(received.blob);
    }

    fn work(&self, received: &Received, desk: &Desk) -> Result<Yield<Rows>> {
        let mut rows = Rows::default();
        let head = desk.head(received.blob)?;
        let Some(steps) = versions::steps(&head).filter(|_| received.upright) else {
            return Ok(Yield::clean(rows));
        };
        let mut earlier = Vec::new();
        desk.worker.surfaces(desk.bytes(received.blob)?, model::Kind::Jpeg, desk.budget, |_, raster| {
            earlier = versions::rounded_before(&raster, &steps);
            Ok(())
        })?;
        rows.put(&Encoding { page: received.page, steps: steps.to_vec(), earlier })?;
        Ok(Yield::clean(rows))
    }
}
