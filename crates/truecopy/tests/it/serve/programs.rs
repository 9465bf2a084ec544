//! The JSON side, as a stranger's program tries it: schemathesis sends what its description allows, and what it does not.

use std::process::Command;

use super::material::Material;
use super::served::Served;
use crate::python::python;

const PACKAGE: &str = "schemathesis==4.32.5";

#[test]
fn the_description_holds_and_nothing_fails() {
    let Some(python) = python("schemathesis", &[PACKAGE], "schemathesis") else { return };
    let Some(material) = Material::copied() else { return };
    let served = Served::of(&material.path("leak.case"));
    let said = Command::new(python.with_file_name("schemathesis"))
        .args(["run", &format!("{}/api/openapi.json", served.base())])
        .args(["--header", &format!("Cookie: {}", served.cookie(0))])
        .args(["--header", &format!("Origin: {}", served.base())])
        .args(["--seed", "1", "--max-examples", "40", "--no-color"])
        .args(["--checks", "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,response_headers_conformance"])
        .current_dir(material.path(""))
        .output()
        .unwrap();
    let out = String::from_utf8_lossy(&said.stdout);
    println!("{out}");
    assert!(said.status.success(), "{out}{}", String::from_utf8_lossy(&said.stderr));
    assert_eq!(served.get("/").status, 200);
}
