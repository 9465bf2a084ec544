//! Schema, determinism, counts.

use std::path::Path;

use dossier::{Counts, Dossier, counts, digest, json, schema, tell};
use model::Code;

use crate::material::{leak, shuffled};

fn text(dossier: &Dossier) -> String {
    let mut bytes = Vec::new();
    json(dossier, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn the_schema_is_the_one_in_docs() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/dossier.schema.json");
    let now = format!("{}\n", serde_json::to_string_pretty(&schema()).unwrap());
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, &now).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap();
    assert!(
        golden == now,
        "docs/dossier.schema.json differs from the code: run the tests with UPDATE_EXPECT=1"
    );
}

#[test]
fn a_told_dossier_is_valid_and_a_broken_one_is_not() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let mut value = serde_json::to_value(tell(&leak())).unwrap();
    let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
    let empty = serde_json::to_value(tell(&dossier::Material::default())).unwrap();
    assert!(validator.is_valid(&empty));
    value["families"][0]["marking"]["banner"] = serde_json::Value::Null;
    assert!(!validator.is_valid(&value));
    value["families"][0]["marking"]["banner"] = "SECRET".into();
    assert!(validator.is_valid(&value));
    value["pictures"][0].as_object_mut().unwrap().remove("outline");
    assert!(!validator.is_valid(&value));
}

#[test]
fn a_dossier_reads_back() {
    let told = tell(&leak());
    assert_eq!(serde_json::from_str::<Dossier>(&text(&told)).unwrap(), told);
}

#[test]
fn the_order_of_the_material_does_not_matter() {
    let told = text(&tell(&leak()));
    for seed in 1..20 {
        assert!(text(&tell(&shuffled(leak(), seed))) == told, "seed {seed}");
    }
    assert!(told.ends_with("}\n"));
}

#[test]
fn the_digest_is_that_of_the_bytes() {
    let told = tell(&leak());
    assert_eq!(digest(&told).unwrap(), model::Digest::of(text(&told).as_bytes()));
}

#[test]
fn counts_add_up() {
    let leak = leak();
    let expected = Counts {
        files: 7,
        contents: 6,
        images: 3,
        documents: 1,
        pictures: 4,
        sheets: 3,
        channels: 2,
        posts: 4,
        accounts: 1,
        unseen: 1,
        problems: 1,
        notes: 1,
    };
    assert_eq!(counts(&leak), expected);
    let told = tell(&leak);
    assert_eq!(told.counts, expected);
    let rows = [
        (told.items.len(), expected.files),
        (told.pictures.len(), expected.pictures),
        (told.families.len(), expected.sheets),
        (told.channels.len(), expected.channels),
        (told.posts.len(), expected.posts),
        (told.accounts.len(), expected.accounts),
        (told.unseen.len(), expected.unseen),
        (told.problems.len(), expected.problems + expected.notes),
    ];
    assert!(rows.iter().all(|(rows, count)| *rows as u64 == *count), "{rows:?}");
    assert_eq!(Code::PdfEncrypted as u16, told.problems[0].number);
}

#[test]
fn nothing_tells_of_the_custody_log_or_of_arrival() {
    let mut late = leak();
    for item in &mut late.items {
        item.times = vec![crate::material::when(
            "x",
            "2024-01-01T00:00:00Z",
            "2024-01-01T00:00:00Z",
            model::Zone::Utc,
        )];
    }
    assert_eq!(text(&tell(&late)), text(&tell(&leak())));
}
