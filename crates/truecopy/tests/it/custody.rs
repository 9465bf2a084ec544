//! Packages, signatures, time stamps and custody, checked with other people's tools.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::desk::{Desk, rows, text};
use crate::python::python;

/// A worked case with a file in an archive and a name that means harm to a shell.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.leak();
    fs::write(desk.path("leak/-rf $(touch x)\n=1+1.txt"), "odd").unwrap();
    desk.worked("leak.case", &["leak"]);
    desk
}

fn shell(folder: &Path, script: &str) -> Output {
    Command::new("bash").args(["-c", script]).current_dir(folder).output().unwrap()
}

/// Whether a program of others is here; says so where it is not.
fn have(program: &str) -> bool {
    let have = Command::new(program).arg("--help").output().is_ok();
    if !have {
        eprintln!("skipped: there is no {program}");
    }
    have
}

fn key(desk: &Desk, name: &str) -> String {
    let file = desk.path(name);
    let made = Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-C", "", "-f"])
        .arg(&file)
        .status();
    assert!(made.unwrap().success());
    name.to_owned()
}

/// The commands that README.txt gives under its numbers: lines that are set in.
fn step(bag: &Path, number: usize) -> String {
    let readme = fs::read_to_string(bag.join("README.txt")).unwrap();
    let begin = readme.find(&format!("\n{number}. ")).unwrap();
    let rest = &readme[begin + 1..];
    let end = rest.find(&format!("\n{}. ", number + 1)).unwrap_or(rest.len());
    let lines = rest[..end].lines().filter_map(|line| line.strip_prefix("     "));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_stranger_can_check_a_package() {
    if !have("ssh-keygen") || !have("sha256sum") {
        return;
    }
    let desk = desk();
    let key = key(&desk, "key");
    desk.expect(0, &["package", "leak.case", "-o", "bag", "--key", &key]);
    other_people_s_validators_take(&desk, "bag");
    let bag = desk.path("bag");
    for (number, says) in [
        (1, &["tag files hold", "payload holds"][..]),
        (2, &["Good \"truecopy.package\" signature"]),
        (3, &["originals hold"]),
        (4, &["entries hold", "head "]),
    ] {
        let output = shell(&bag, &step(&bag, number));
        let out = String::from_utf8(output.stdout).unwrap();
        let talk = String::from_utf8(output.stderr).unwrap();
        assert!(talk.is_empty(), "{number}: {talk}");
        assert!(says.iter().all(|says| out.contains(says)) && !out.contains("broken"), "{number}: {out}");
    }
    // Received names name no file.
    let names = String::from_utf8(shell(&bag, "find data").stdout).unwrap();
    assert!(!names.contains("touch") && names.is_ascii(), "{names}");
    let table = fs::read_to_string(bag.join("data/originals.csv")).unwrap();
    assert!(table.contains("$(touch x)"), "{table}");
    // One changed byte anywhere fails.
    for name in ["data/dossier.json", "data/custody/entries/000001.bin", "bag-info.txt", "data/report.html"] {
        let bytes = fs::read(bag.join(name)).unwrap();
        let mut other = bytes.clone();
        other[bytes.len() / 2] ^= 1;
        fs::write(bag.join(name), &other).unwrap();
        let output = shell(&bag, &step(&bag, 1));
        assert!(!output.stderr.is_empty(), "{name}");
        fs::write(bag.join(name), &bytes).unwrap();
    }
    fs::write(bag.join("data/more.txt"), "x").unwrap();
    assert!(String::from_utf8(shell(&bag, &step(&bag, 1)).stdout).unwrap().contains("data/more.txt"));
    desk.expect(0, &["verify", "leak.case"]);
    assert!(desk.expect(1, &["package", "leak.case", "-o", "bag"]).talk.contains("not empty"));
}

/// bagit-python, rdflib, case_validate, PyMISP and jsonschema take it; followthemoney has a test of its own.
fn other_people_s_validators_take(desk: &Desk, bag: &str) {
    let packages =
        ["bagit==1.8.1", "rdflib==7.6.0", "case-utils==0.18.0", "pymisp==2.5.34.4", "jsonschema==4.26.0"];
    let Some(python) = python("validators", &packages, "bagit, rdflib, case_utils, pymisp, jsonschema")
    else {
        return;
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../xtask/src/package.py");
    let said = Command::new(&python).arg(&script).arg(desk.path(bag)).output().unwrap();
    let told = String::from_utf8_lossy(&said.stdout).into_owned();
    assert!(said.status.success(), "{bag}: {told}{}", String::from_utf8_lossy(&said.stderr));
    for name in ["bagit-python", "sha256sum", "PROV-O", "CASE/UCO", "MISP", "dossier.json"] {
        assert!(told.contains(&format!("holds\t{name}\t")), "{bag}, {name}: {told}");
    }
}

#[test]
fn a_part_refers_to_nothing_else() {
    let desk = desk();
    let told: Value = serde_json::from_str(&desk.dossier("leak.case")).unwrap();
    let family =
        rows(&told, "families").iter().max_by_key(|family| rows(family, "appearances").len()).unwrap();
    desk.expect(0, &["package", "leak.case", "-o", "part", "--family", text(family, "id")]);
    other_people_s_validators_take(&desk, "part");
    let part: Value =
        serde_json::from_slice(&fs::read(desk.path("part/data/dossier.json")).unwrap()).unwrap();
    assert_eq!(rows(&part, "families").len(), 1);
    assert!(!rows(&part, "posts").is_empty() && !rows(&part, "items").is_empty());
    // Nothing of any file of the package names what the part has not.
    let all = String::from_utf8_lossy(&shell(&desk.path("part"), "cat $(find data -type f) *.txt").stdout)
        .into_owned();
    for table in ["families", "pictures", "posts", "items", "channels", "accounts"] {
        let own: Vec<&str> = rows(&part, table).iter().map(|row| text(row, "id")).collect();
        for row in rows(&told, table).iter().filter(|row| !own.contains(&text(row, "id"))) {
            assert!(!all.contains(text(row, "id")), "{table}: {}", text(row, "id"));
            if table == "items" && !rows(&part, "items").iter().any(|own| own["sha256"] == row["sha256"]) {
                assert!(!all.contains(text(row, "sha256")), "{}", text(row, "path"));
                // A folder that is called after an export stands in the paths of the pictures in it.
                let path = text(row, "path");
                let within = rows(&part, "items").iter().any(|own| text(own, "path").contains(path));
                assert!(within || !all.contains(path), "{path}");
            }
        }
    }
    let originals = fs::read_dir(desk.path("part/data/originals")).unwrap().count();
    let contents: std::collections::BTreeSet<&str> =
        rows(&part, "items").iter().map(|row| text(row, "sha256")).collect();
    assert_eq!(originals, contents.len(), "the same bytes lie there once");
    desk.expect(0, &["package", "leak.case", "-o", "thin", "--no-originals"]);
    assert!(!desk.path("thin/data/originals").exists());
}

#[test]
fn a_received_package_is_held_against_its_manifests() {
    let desk = desk();
    let key = key(&desk, "key");
    desk.expect(0, &["package", "leak.case", "-o", "bag", "--key", &key]);
    desk.expect(0, &["new", "other.case"]);
    let said = desk.expect(0, &["add", "other.case", "bag"]).talk;
    assert!(said.contains("bag is a package") && said.contains("0 problems"), "{said}");
    let problems = desk.expect(0, &["problems", "other.case"]).out;
    assert!(problems.contains("sender's own account") && problems.contains("SHA256:"), "{problems}");
    desk.expect(0, &["verify", "other.case"]);
    let dossier = desk.path("bag/data/dossier.json");
    let changed = fs::read_to_string(&dossier).unwrap().replacen("families", "Families", 1);
    fs::write(&dossier, changed).unwrap();
    desk.expect(0, &["new", "third.case"]);
    let said = desk.expect(3, &["add", "third.case", "bag"]).talk;
    assert!(said.contains("2 problems"), "{said}");
}

#[test]
fn a_time_stamp_is_taken_in_and_told() {
    if !have("openssl") {
        return;
    }
    let desk = Desk::new();
    desk.leak();
    desk.expect(0, &["new", "a.case"]);
    desk.expect(0, &["add", "a.case", "leak"]);
    desk.expect(0, &["stamp", "a.case", "--request", "head.tsq"]);
    fs::write(desk.path("tsa.cnf"), TSA).unwrap();
    let script = "echo 01 > serial
        openssl req -x509 -newkey rsa:2048 -nodes -subj '/CN=A trial authority' -days 30 -config tsa.cnf -extensions ext \\
            -keyout tsa.key -out tsa.crt
        openssl ts -reply -config tsa.cnf -queryfile head.tsq -signer tsa.crt -inkey tsa.key -out head.tsr";
    let made = shell(&desk.path(""), script);
    assert!(desk.path("head.tsr").exists(), "{}", String::from_utf8_lossy(&made.stderr));
    let mut answer = fs::read(desk.path("head.tsr")).unwrap();
    desk.expect(0, &["stamp", "a.case", "--accept", "head.tsr"]);
    assert!(desk.expect(0, &["verify", "a.case"]).out.contains("says the time stamp of A trial authority"));
    // A bit of the signature, which stands at the end.
    *answer.last_mut().unwrap() ^= 1;
    fs::write(desk.path("bad.tsr"), &answer).unwrap();
    let said = desk.expect(1, &["stamp", "a.case", "--accept", "bad.tsr"]).talk;
    assert!(said.contains("signature does not hold"), "{said}");
    // A request that somebody else answers for another nonce.
    desk.expect(0, &["new", "b.case"]);
    assert!(
        desk.expect(1, &["stamp", "b.case", "--accept", "head.tsr"]).talk.contains("no entry of the log")
    );
    desk.expect(0, &["run", "a.case", "--no-reading"]);
    desk.expect(0, &["package", "a.case", "-o", "bag"]);
    let token = fs::read_dir(desk.path("bag/data/custody/stamps")).unwrap().next().unwrap().unwrap();
    let name = token.file_name().into_string().unwrap();
    let number = name.split(['-', '.']).nth(1).unwrap();
    let script = format!(
        "openssl ts -verify -token_in -in data/custody/stamps/{name} -digest $(grep {number}.bin data/custody/chain.txt | cut -c-64) -CAfile ../tsa.crt"
    );
    let held = shell(&desk.path("bag"), &script);
    assert!(String::from_utf8_lossy(&held.stdout).contains("Verification: OK"), "{held:?}");
}

const TSA: &str = "[req]\ndistinguished_name = dn\n[dn]\n[ext]\nextendedKeyUsage = critical,timeStamping\n\
    keyUsage = critical,digitalSignature\n[tsa]\ndefault_tsa = one\n[one]\nserial = serial\ndefault_policy = 1.2.3.4.1\n\
    digests = sha256\nsigner_digest = sha256\ness_cert_id_alg = sha256\nordering = no\ntsa_name = no\n";

#[test]
fn an_act_of_two_keys_waits_for_the_second() {
    if !have("ssh-keygen") {
        return;
    }
    let desk = Desk::new();
    desk.leak();
    desk.worked("leak.case", &["leak"]);
    let (one, other) = (key(&desk, "one"), key(&desk, "other"));
    let list = desk.expect(0, &["list", "leak.case", "families"]).out;
    let ids: Vec<&str> = list.lines().map(|line| line.split('\t').next().unwrap()).collect();
    let join = ["join", "leak.case", ids[0], ids[1], "--reason", "one stain", "--two"];
    desk.expect(2, &join);
    desk.expect(0, &[&join[..], &["--key", &one]].concat());
    assert!(desk.expect(0, &["list", "leak.case", "acts"]).out.is_empty());
    let waits = desk.expect(0, &["second", "leak.case"]).out;
    let act = waits.split('\t').next().unwrap().to_owned();
    assert!(waits.contains("one stain") && waits.contains("SHA256:"), "{waits}");
    assert!(desk.expect(1, &["second", "leak.case", &act, "--key", &one]).talk.contains("this same key"));
    desk.expect(0, &["second", "leak.case", &act, "--key", &other]);
    assert!(desk.expect(0, &["list", "leak.case", "acts"]).out.contains("join"));
    assert!(desk.expect(0, &["verify", "leak.case"]).out.contains("3 signatures of acts hold"));
    desk.expect(0, &["run", "leak.case", "--no-reading"]);
    desk.expect(0, &["package", "leak.case", "-o", "bag"]);
    let script = "cd data/custody/acts; for n in 0 1; do f=$(sed -n $((n+1))p allowed_signers | cut -d' ' -f1)
        for s in *.sig; do ssh-keygen -Y verify -f allowed_signers -I $f -n truecopy.act -s $s < ${s%%.*}.json; done; done";
    let held = String::from_utf8(shell(&desk.path("bag"), script).stdout).unwrap();
    // The proposal is signed by the first, the act by both.
    assert_eq!(held.matches("Good \"truecopy.act\" signature").count(), 3, "{held}");
}

#[test]
fn what_is_derived_is_restored() {
    let desk = Desk::new();
    desk.leak();
    desk.worked("leak.case", &["leak"]);
    let before = desk.dossier("leak.case");
    let database = desk.path("leak.case/derived.db");
    let mut bytes = fs::read(&database).unwrap();
    let place = bytes.windows(10).position(|window| window == b"\"pictures\"").unwrap();
    bytes[place + 20] ^= 1;
    fs::write(&database, &bytes).unwrap();
    let said = desk.expect(3, &["verify", "leak.case"]).out;
    assert!(said.contains("DERIVED:") && !said.contains("WRONG"), "{said}");
    desk.expect(3, &["rebuild", "leak.case", "--no-reading", "--replace"]);
    desk.expect(0, &["verify", "leak.case"]);
    assert_eq!(desk.dossier("leak.case"), before);
    // Not even a database any more.
    fs::write(&database, "odd").unwrap();
    desk.expect(1, &["status", "leak.case"]);
    desk.expect(3, &["rebuild", "leak.case", "--no-reading", "--replace"]);
    desk.expect(0, &["verify", "leak.case"]);
    assert_eq!(desk.dossier("leak.case"), before);
}
