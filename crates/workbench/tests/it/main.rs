//! What the workbench tells programs about itself.
#![allow(clippy::unwrap_used, missing_docs)]

use expect_test::expect_file;

#[test]
fn the_description_of_the_json_side_is_checked_in() {
    let told = serde_json::to_string_pretty(&workbench::openapi()).unwrap() + "\n";
    expect_file!["../../../../docs/workbench/openapi.json"].assert_eq(&told);
}
