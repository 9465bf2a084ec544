//! Of the twelve acceptance tests of formats those that no other file has: a post that stands twice counts once; forwards name
//! where they come from; web captures that are packed under a name that does not say so.

use std::collections::BTreeSet;
use std::io::Write as _;

use intake::{merge_listings, merge_posts};

use crate::counts::unpacked;
use crate::gather::{read, shared};

#[test]
fn a_post_that_stands_twice_in_an_export_is_one_post() {
    let message = |id: u8| {
        format!(
            r#"{{"id":"106095375355086042{id}","type":"Default","timestamp":"2023-01-06T16:11:26.414+00:00","content":"c","author":{{"id":"5","name":"n"}}}}"#
        )
    };
    let text = format!(
        r#"{{"guild":{{"id":"1","name":"G"}},"channel":{{"id":"2","type":"GuildTextChat","name":"c"}},"messages":[{},{},{}],"messageCount":3}}"#,
        message(1),
        message(2),
        message(1)
    );
    let (_, got) = read(text.as_bytes(), "x.json");
    let mut ids: Vec<_> = got.records.iter().map(|record| record.post.id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!((got.records.len(), ids.len()), (3, 2));
    let twice: Vec<_> =
        got.records.iter().filter(|record| record.post.native_id.ends_with('1')).cloned().collect();
    let post = merge_posts(&twice, &got.listings).unwrap();
    assert_eq!((post.records.len(), post.text.as_str()), (2, "c"), "both places are kept");
    assert_eq!(merge_listings(&got.listings, ids.len() as u64).posts, 2);
}

#[test]
fn forwards_name_where_they_come_from() {
    let discord = include_bytes!("../corpus/discord-forward.json");
    let (_, got) = read(discord, "x.json");
    let origins = got.records.iter().filter_map(|record| record.post.forwarded.as_ref());
    assert!(origins.clone().any(|origin| origin.from_id.is_some() && origin.native_id.is_some()));
    let Some(folder) = shared("exports/telegram-json") else { return };
    let (_, got) = read(&std::fs::read(folder.join("result-all-fields.json")).unwrap(), "result.json");
    let origins: Vec<_> = got.records.iter().filter_map(|record| record.post.forwarded.as_ref()).collect();
    assert!(!origins.is_empty() && origins.iter().any(|origin| origin.from.is_some()));
}

#[test]
fn captures_packed_under_a_plain_name_are_read() {
    let plain = include_bytes!("../corpus/captures.warc");
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(plain).unwrap();
    let packed = packer.finish().unwrap();
    assert!(intake::is_packed(intake::sniff(&packed), &packed), "told by its bytes");
    let inside = unpacked(&packed, "captures.warc").0;
    assert_eq!(inside.len(), 1);
    let (path, bytes) = inside.into_iter().next().unwrap();
    let (format, got) = read(&bytes, &path);
    let unpacked = read(plain, "captures.warc").1;
    assert_eq!((format, got.native_ids()), ("warc", unpacked.native_ids()));
    assert_eq!(got.troubles, unpacked.troubles);
}

#[test]
fn captured_files_keep_the_time_of_their_capture() {
    let plain = include_bytes!("../corpus/captures.warc");
    let (_, got) = read(plain, "captures.warc");
    let posted: Vec<_> = got.records.iter().map(|record| record.post.posted[0].interval).collect();
    let (mut files, mut input) = (0, std::io::Cursor::new(plain));
    let mut each = |entry: intake::Entry, _: &mut dyn std::io::Read| {
        let kept = entry.modified.is_some_and(|when| posted.contains(&when.interval));
        assert!(kept, "{}", entry.path);
        files += 1;
        Ok(())
    };
    let kind = intake::sniff(plain);
    intake::unpack(kind, &mut input, plain.len() as u64, "x", &intake::Limits::default(), &mut each);
    // What was seen again is carried once.
    let files_of = got.records.iter().flat_map(|record| &record.post.attached);
    let carried: BTreeSet<_> = files_of.map(|file| file.reference.as_str()).collect();
    assert_eq!(files, carried.len());
}
