//! What the bench's scorer reads is there, and the links between rows hold.

use dossier::tell;
use dossier::told::Side;
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
fn quotes_say_where_they_differ_and_whose_reading_they_have() {
    let told = tell(&leak());
    let quote = told.quotes.iter().find(|quote| !quote.differs.is_empty()).unwrap();
    let post = told.posts.iter().find(|post| post.id == quote.post).unwrap();
    let sheet = told.families.iter().find(|family| family.id == quote.sheets[0].family).unwrap();
    let cut = |text: &str, start: u64, length: u64| -> Option<String> {
        let cut: String = text.chars().skip(start as usize).take(length as usize).collect();
        (!cut.is_empty()).then_some(cut)
    };
    for one in &quote.differs {
        assert_eq!(one.says, cut(&post.text, one.start, one.length));
        assert_eq!(one.sheet_says, cut(sheet.text.as_ref().unwrap(), one.sheet_start, one.sheet_length));
    }
    let pairs: Vec<_> =
        quote.differs.iter().map(|one| (one.says.as_deref(), one.sheet_says.as_deref())).collect();
    assert_eq!(pairs, [(Some("Jordan"), Some("Kenya")), (None, Some("very"))]);
    let name = told.alterations.iter().find(|row| row.reads.as_deref() == Some("Jordan")).unwrap();
    let by: Vec<_> = name.quoted_by.iter().map(|by| (&by.post, by.side, by.says.as_deref())).collect();
    assert_eq!(by, [(&post.id, Side::Picture, Some("Jordan"))]);
    let figure = told.alterations.iter().find(|row| row.reads.as_deref() == Some("71,500")).unwrap();
    assert!(figure.quoted_by.is_empty());
}

#[test]
fn versions_are_told_with_their_first_appearance() {
    let told = tell(&leak());
    assert!(!told.versions.is_empty());
    for version in &told.versions {
        let first = told.firsts.iter().find(|first| first.of == version.id).unwrap();
        assert_eq!(version.first, first.first);
        let posts = &version.first.candidates;
        let native: Vec<&str> = told
            .posts
            .iter()
            .filter(|post| posts.contains(&post.id))
            .map(|post| post.native_id.as_str())
            .collect();
        let expected = if version.says == [Some("1,500".to_owned())] { "1" } else { "9" };
        assert_eq!(native, [expected]);
    }
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
