//! FollowTheMoney takes what is exported for it, where its package can be installed.

use std::process::Command;

use crate::desk::Desk;
use crate::python::python;

const PACKAGE: &str = "followthemoney==4.11.2";
const SCRIPT: &str = r#"
import json, sys
from followthemoney import model
entities, dropped = {}, []
for line in open(sys.argv[1], encoding="utf-8"):
    given = json.loads(line)
    model.get(given["schema"]).validate(given)
    proxy = model.get_proxy(given, cleaned=False)
    entities[proxy.id] = proxy
    for name, values in given["properties"].items():
        if len(proxy.get(name)) != len(values):
            dropped.append((given["schema"], name, values))
for proxy in entities.values():
    for prop in proxy.iterprops():
        if prop.type.name == "entity":
            for value in proxy.get(prop):
                other = entities.get(value)
                if other is None or not other.schema.is_a(prop.range):
                    dropped.append((proxy.schema.name, prop.name, value))
    for name in proxy.schema.required:
        if not proxy.get(name):
            dropped.append((proxy.schema.name, name, "required"))
print(json.dumps({"schemata": sorted({p.schema.name for p in entities.values()}), "dropped": dropped[:20], "count": len(entities)}))
"#;

/// The export of `leak.case` is taken whole.
pub fn accepted(desk: &Desk) {
    desk.expect(0, &["export", "leak.case", "--format", "ftm", "--output", "leak.ftm.json"]);
    // Where it would have to be built first, that takes longer than all tests: put it there by hand, with pip and ICU's headers.
    let Some(python) = python("ftm", &[PACKAGE], "followthemoney") else { return };
    let script = desk.path("accept.py");
    std::fs::write(&script, SCRIPT).unwrap();
    let said = Command::new(python).arg(&script).arg(desk.path("leak.ftm.json")).output().unwrap();
    let (out, talk) = (String::from_utf8_lossy(&said.stdout), String::from_utf8_lossy(&said.stderr));
    let told: serde_json::Value = serde_json::from_str(&out).expect(&talk);
    assert_eq!(told["dropped"], serde_json::json!([]), "{told}");
    for schema in ["Event", "Mention", "Page", "Pages", "Person"] {
        assert!(told["schemata"].as_array().unwrap().iter().any(|one| one == schema), "{told}");
    }
}
