//! What the bench's scorer reads is there, and the links between rows hold.

use dossier::tell;
use serde_json::Value;

use crate::material::leak;

#[test]
fn the_scorers_keys_are_present() {
    let told = serde_json::to_value(tell(&leak())).unwrap();
    let keys = |table: &str, keys: &[&str]| {
        let rows = told[table].as_array().unwrap();
        assert!(!rows.is_empty(), "{table}");
        for row in rows {
            for key in keys {
                assert!(row.get(key).is_some(), "{table}.{key}");
            }
        }
    };
    keys("items", &["id", "sha256"]);
    keys("pictures", &["id", "item", "page", "outline", "family", "version", "derived_from", "text"]);
    keys("families", &["id", "text", "marking", "first_appearance"]);
    keys("channels", &["id", "name", "platform"]);
    keys("posts", &["id", "native_id", "channel"]);
    keys("alterations", &["picture", "against", "quad", "kind", "reads", "reads_against"]);
    keys("statements", &["speaker", "addressee", "about", "quote"]);
    keys("entities", &["id", "kind", "name", "spellings", "mentions", "joined"]);
    keys("mentions", &["id", "family", "entity", "kind", "name", "cited"]);
    for family in told["families"].as_array().unwrap() {
        assert!(family["marking"].get("banner").is_none_or(Value::is_string));
    }
}

#[test]
fn every_picture_has_a_family_and_the_smallest_item() {
    let told = tell(&leak());
    for picture in &told.pictures {
        let family = told.families.iter().find(|family| Some(&family.id) == picture.family.as_ref()).unwrap();
        assert!(family.pictures.contains(&picture.id));
        assert_eq!(picture.item.as_ref(), picture.items.iter().min());
        for item in &picture.items {
            assert!(
                told.items.iter().find(|known| known.id == *item).unwrap().pictures.contains(&picture.id)
            );
        }
    }
    assert!(told.pictures.iter().any(|picture| picture.items.len() == 2));
    assert!(told.pictures.iter().any(|picture| picture.text.as_deref() == Some("Words of the paper")));
}

#[test]
fn first_appearances_are_told_with_their_basis() {
    let told = tell(&leak());
    let of = |pictures: usize, seen: usize| {
        told.families
            .iter()
            .find(|family| family.pictures.len() == pictures && family.appearances.len() == seen)
            .unwrap()
    };
    let memo = of(2, 2);
    let first = memo.first_appearance.as_ref().unwrap();
    assert_eq!(told.posts.iter().find(|post| post.id == *first).unwrap().native_id, "1");
    assert_eq!(memo.matches.len(), 1);
    let slide = of(1, 2);
    assert_eq!((slide.first_appearance.as_ref(), slide.first.candidates.len()), (None, 2));
    assert!(slide.first.says.contains("undecided"));
    let paper = of(1, 0);
    assert!(paper.first.interval.is_none() && paper.first.says.contains("no post"));
    assert_eq!(told.matrix.iter().map(|cell| cell.posts).sum::<u64>(), 4);
    let answer = told.posts.iter().find(|post| post.native_id == "2").unwrap().reply_to.clone().unwrap();
    assert_eq!(answer.post.as_ref(), Some(first));
}
