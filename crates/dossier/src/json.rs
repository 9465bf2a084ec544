//! dossier.json and its schema.

use std::io::{self, BufWriter, Write};

use schemars::generate::SchemaSettings;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::told::Dossier;

/// Writes dossier.json: indented, UTF-8, one line feed at the end.
pub fn json(dossier: &Dossier, to: &mut dyn Write) -> io::Result<()> {
    let mut buffered = BufWriter::new(to);
    serde_json::to_writer_pretty(&mut buffered, dossier)?;
    buffered.write_all(b"\n")?;
    buffered.flush()
}

/// The JSON Schema (draft 2020-12) of dossier.json.
pub fn schema() -> Value {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let mut schema = generator.into_root_schema_for::<Dossier>().to_value();
    if let Some(object) = schema.as_object_mut() {
        object.insert("title".to_owned(), format!("dossier.json ({})", crate::SCHEMA).into());
    }
    schema
}

/// SHA-256 of what [`json`] writes: pins the dossier a report was made from.
pub fn digest(dossier: &Dossier) -> io::Result<model::Digest> {
    struct Hashing(Sha256);
    impl Write for Hashing {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.update(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut hashing = Hashing(Sha256::new());
    json(dossier, &mut hashing)?;
    Ok(model::Digest::from(<[u8; 32]>::from(hashing.0.finalize())))
}
