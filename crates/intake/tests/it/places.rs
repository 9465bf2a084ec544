//! Where the files of posts are.

use intake::Shelf;
use model::{AttachmentState, Declared, Item};
use serde_json::Value;

use crate::gather::{item, items, read, shared};

fn strings(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::String(text) => into.push(text.clone()),
        Value::Array(list) => list.iter().for_each(|v| strings(v, into)),
        Value::Object(map) => map.values().for_each(|v| strings(v, into)),
        _ => {}
    }
}

fn at(reference: &str) -> Declared {
    Declared { reference: reference.to_owned(), ..Declared::default() }
}

#[test]
fn of_nine_assets_out_of_place_eight_are_found() {
    let Some(folder) = shared("exports/discord-dce-json") else { return };
    let all = items(&folder);
    let shelf = Shelf::new(all.iter().map(|(item, _)| (item, "")));
    let expected: Value =
        serde_json::from_slice(&std::fs::read(folder.join("expected.json")).unwrap()).unwrap();
    let (mut elsewhere, mut missing) = (0, Vec::new());
    for (export, bytes) in all.iter().filter(|(item, _)| expected.get(&item.path).is_some()) {
        let mut references = Vec::new();
        strings(&serde_json::from_slice(bytes).unwrap(), &mut references);
        references.retain(|r| r.contains("_Files"));
        references.sort();
        references.dedup();
        let mut odd = 0;
        for reference in references {
            match shelf.resolve(&at(&reference), export).state {
                AttachmentState::Held => {}
                AttachmentState::FoundElsewhere => (elsewhere, odd) = (elsewhere + 1, odd + 1),
                _ => {
                    missing.push(reference);
                    odd += 1;
                }
            }
        }
        assert_eq!(odd, expected[&export.path]["local_refs_not_at_json_dir"], "{}", export.path);
    }
    assert_eq!(elsewhere, 8);
    assert_eq!(
        missing,
        [
            "Example guild - Text Channels - general [1012224565567721552].json_Files\\DiscordChatExporter-frontend-7F220"
        ]
    );
}

#[test]
fn every_posted_file_of_the_leak_is_held_at_its_place() {
    let Some(trove) = shared("bench/trove") else { return };
    let all = items(&trove);
    let shelf = Shelf::new(all.iter().map(|(item, _)| (item, "")));
    let truth: Value = serde_json::from_slice(&std::fs::read(trove.join("truth.json")).unwrap()).unwrap();
    let mut posted: Vec<_> =
        truth["posts"].as_array().unwrap().iter().filter_map(|p| p["file"].as_str()).collect();
    posted.sort_unstable();
    let mut found = Vec::new();
    for (export, bytes) in all.iter().filter(|(item, _)| item.path.starts_with("exports/")) {
        for record in read(bytes, &export.path).1.records {
            for declared in &record.post.attached {
                let place = shelf.resolve(declared, export);
                if place.state != AttachmentState::Held {
                    assert!(place.items.is_empty(), "{declared:?} {place:?}");
                    continue;
                }
                found.extend(
                    all.iter()
                        .filter(|(item, _)| place.items.contains(&item.id))
                        .map(|(item, _)| item.path.as_str()),
                );
            }
        }
    }
    found.sort_unstable();
    let strays: Vec<_> = posted.iter().filter(|p| !found.contains(p)).collect();
    assert!(strays.is_empty(), "posted but not found: {strays:?}");
}

fn shelf_of(paths: &[(&str, &str)]) -> (Vec<Item>, Shelf) {
    let items: Vec<Item> =
        paths.iter().map(|(path, bytes)| item(path, bytes.as_bytes().to_vec()).0).collect();
    let md5: Vec<String> = paths.iter().map(|(_, bytes)| format!("md5-of-{bytes}")).collect();
    let shelf = Shelf::new(items.iter().zip(md5.iter().map(String::as_str)));
    (items, shelf)
}

#[test]
fn references_are_read_as_they_are_meant_and_lead_nowhere_else() {
    use AttachmentState::{FoundElsewhere, Held, Missing, Remote};
    let (items, shelf) = shelf_of(&[
        ("a/chat.json", "{}"),
        ("a/photos/one.jpg", "1"),
        ("a/photos/two words.jpg", "2"),
        ("a/photos/100%25.jpg", "3"),
        ("b/photos/one.jpg", "other"),
        ("secret.txt", "s"),
        ("a/(File not included. x)", "p"),
    ]);
    let export = &items[0];
    let check = |reference: &str, state| {
        assert_eq!(shelf.resolve(&at(reference), export).state, state, "{reference}")
    };
    check("photos/one.jpg", Held);
    check("./photos//one.jpg", Held);
    check("photos\\one.jpg", Held);
    check("photos\\\\one.jpg", Held);
    check("photos/two%20words.jpg", Held);
    check("photos/100%25.jpg", Held);
    check("../b/photos/one.jpg", Held);
    check("other/one.jpg", FoundElsewhere);
    check("C:\\Users\\x\\one.jpg", FoundElsewhere);
    check("/home/x/one.jpg", FoundElsewhere);
    check("../../secret.txt", Missing);
    check("/secret.txt", Missing);
    check("(File not included. x)", Missing);
    check("", Missing);
    check("https://cdn.example/one.jpg", Remote);
    let nearest = shelf.resolve(&at("gone/one.jpg"), export);
    assert_eq!(nearest.items, [items[1].id]);
}

#[test]
fn names_that_lead_to_different_bytes_are_not_guessed() {
    let (items, shelf) = shelf_of(&[
        ("x/chat.json", "{}"),
        ("x/a_Files/p.png", "1"),
        ("x/b_Files/p.png", "22"),
        ("x/c_Files/q.png", "7"),
        ("x/d_Files/q.png", "7"),
        ("far/away.bin", "55"),
    ]);
    let export = &items[0];
    assert_eq!(shelf.resolve(&at("c/p.png"), export).state, AttachmentState::Missing);
    let sized = Declared { size: Some(2), ..at("c/p.png") };
    assert_eq!(shelf.resolve(&sized, export).items, [items[2].id]);
    let mut twins = vec![items[3].id, items[4].id];
    twins.sort_unstable();
    assert_eq!(shelf.resolve(&at("c/q.png"), export).items, twins);
    let by_md5 = Declared { md5: Some("md5-of-55".to_owned()), ..Declared::default() };
    assert_eq!(shelf.resolve(&by_md5, export).items, [items[5].id]);
    let deleted = Declared { withheld: Some(AttachmentState::Deleted), ..Declared::default() };
    assert_eq!(shelf.resolve(&deleted, export).state, AttachmentState::Deleted);
}
