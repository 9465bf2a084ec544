//! The bench's trove, where it is beside the workspace.

use serde_json::Value;

use crate::desk::{Desk, shared};
use crate::job::check;

#[test]
fn the_trove_is_whole() {
    let Some(trove) = shared("bench/trove") else { return };
    let desk = Desk::new();
    let (exports, loose) = (trove.join("exports"), trove.join("loose"));
    desk.worked("trove.case", &[exports.to_str().unwrap(), loose.to_str().unwrap()]);
    let told: Value = serde_json::from_str(&desk.dossier("trove.case")).unwrap();
    let truth = std::fs::read(trove.join("truth.json")).unwrap();
    check(&told, &serde_json::from_slice(&truth).unwrap());
    let again = desk.expect(0, &["run", "trove.case", "--no-reading"]).talk;
    assert!(again.contains("nothing to do"), "{again}");
}
