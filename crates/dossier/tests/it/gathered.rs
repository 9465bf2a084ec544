//! What a case on disk holds is what the dossier tells.

use case::{Case, Finished, Rows};
use dossier::{Material, gather, json, tell};
use model::{Noun, RunId};

use crate::material::leak;

fn keep<T: Noun>(case: &Case, nouns: &[T]) {
    let mut rows = Rows::default();
    nouns.iter().for_each(|noun| rows.put(noun).unwrap());
    let run = Finished {
        id: RunId::from(<[u8; 32]>::from(model::Digest::of(T::KIND.as_bytes()))),
        stage: T::KIND.to_owned(),
        input: String::new(),
        material: [0; 32],
    };
    case.derived().keep(&run, rows).unwrap();
}

fn kept(leak: &Material, folder: &std::path::Path) -> Case {
    let case = Case::create(folder, &leak.name, &leak.purpose, "tester").unwrap();
    keep(&case, &leak.items);
    keep(&case, &leak.blobs);
    keep(&case, &leak.pages);
    keep(&case, &leak.pictures);
    keep(&case, &leak.matches);
    keep(&case, &leak.families);
    keep(&case, &leak.versions);
    keep(&case, &leak.alterations);
    keep(&case, &leak.derivations);
    keep(&case, &leak.exposures);
    keep(&case, &leak.sheets);
    keep(&case, &leak.quotes);
    keep(&case, &leak.documents);
    keep(&case, &leak.placings);
    keep(&case, &leak.mentions);
    keep(&case, &leak.entities);
    keep(&case, &leak.statements);
    keep(&case, &leak.events);
    keep(&case, &leak.subjects);
    keep(&case, &leak.channels);
    keep(&case, &leak.accounts);
    keep(&case, &leak.posts);
    keep(&case, &leak.attachments);
    keep(&case, &leak.appearances);
    keep(&case, &leak.firsts);
    keep(&case, &leak.hops);
    keep(&case, &leak.gaps);
    keep(&case, &leak.discrepancies);
    keep(&case, &leak.problems);
    case
}

fn bytes(material: &Material) -> Vec<u8> {
    let mut bytes = Vec::new();
    json(&tell(material), &mut bytes).unwrap();
    bytes
}

#[test]
fn a_case_is_told_like_the_material_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut leak = leak();
    // An act gets its time from the clock.
    leak.acts.clear();
    let case = kept(&leak, &folder.path().join("case"));
    assert!(bytes(&gather(&case).unwrap()) == bytes(&leak));
}

#[test]
fn what_was_received_and_refused_is_told_without_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    let heap = folder.path().join("heap");
    std::fs::create_dir(&heap).unwrap();
    std::fs::write(heap.join("a.txt"), "a").unwrap();
    let mut case = Case::create(&folder.path().join("case"), "Heap", "", "tester").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("a.txt", heap.join("link")).unwrap();
    case.receive(&[heap], "tester", |_| true).unwrap();
    let material = gather(&case).unwrap();
    let told = tell(&material);
    assert_eq!((told.counts.files, told.items[0].name.as_str()), (1, "a.txt"));
    #[cfg(unix)]
    assert_eq!(told.problems[0].code, "link-not-followed");
    let text = String::from_utf8(bytes(&material)).unwrap();
    assert!(!text.contains(folder.path().to_str().unwrap()), "{text}");
}
