use serde::{Deserialize, Serialize};

use crate::{DocumentId, FamilyId, Id, Measure};

/// Sheets that may belong together: a proposal with its reasons.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// Made of the sheets in their order.
    pub id: DocumentId,
    /// The sheets, in the order of their pages.
    pub families: Vec<FamilyId>,
    /// For each sheet but the last, why the next one follows it, each reason with its weight.
    pub reasons: Vec<Vec<Measure>>,
}

impl Document {
    /// A document with its id.
    pub fn new(families: Vec<FamilyId>, reasons: Vec<Vec<Measure>>) -> Self {
        let id = DocumentId::make(|id| {
            for family in &families {
                id.id(*family);
            }
        });
        Self { id, families, reasons }
    }
}
