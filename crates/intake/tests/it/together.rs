//! Exports of one channel in several formats, and exports with what lies beside them.

use std::collections::BTreeMap;

use intake::{Shelf, merge_listings, merge_posts};
use model::{AttachmentState, Item, ItemId, Listing, PostId, Record, Zone};

use crate::counts::{Folder, unpacked};
use crate::gather::{Gathered, item, read, read_beside};

const HTML: &[u8] = include_bytes!("../corpus/Guild - news [1100000000000000000].html");
const PACKAGE: &[u8] = include_bytes!("../corpus/messages+c1100000000000000000+messages.csv");
const JSON: &str = r#"{"guild":{"id":"1","name":"Guild & Co"},"channel":{"id":"1100000000000000000","type":"GuildTextChat","name":"news"},"messages":[
{"id":"1300000000000000000","type":"Default","timestamp":"2024-10-27T08:35:52.832+01:00","timestampEdited":"2024-10-27T08:40:07.5+01:00","content":"one **two**","author":{"id":"5","name":"ann"},"attachments":[{"id":"2","url":"https://cdn.discordapp.com/attachments/1100000000000000000/2/page.png","fileName":"page.png","fileSizeBytes":5}]},
{"id":"1300000000000000001","type":"Default","timestamp":"2024-10-27T08:35:52.832+01:00","content":"","author":{"id":"5","name":"ann"},"reference":{"type":"Forward","messageId":"1299000000000000000","channelId":"77"}},
{"id":"1300000000000000009","type":"Default","timestamp":"2024-10-27T08:35:52.832+01:00","content":"only here","author":{"id":"5","name":"ann"}}],"messageCount":3}"#;

fn gathered() -> [Gathered; 3] {
    let name = |end: &str| format!("Guild - news [1100000000000000000].{end}");
    [
        read(HTML, &name("html")).1,
        read(JSON.as_bytes(), &name("json")).1,
        read(PACKAGE, "messages/c1100000000000000000/messages.csv").1,
    ]
}

fn merged(order: &[usize], all: &[Gathered; 3]) -> (Vec<model::Post>, model::Channel) {
    let mut records: BTreeMap<PostId, Vec<Record>> = BTreeMap::new();
    let mut listings: Vec<Listing> = Vec::new();
    for n in order {
        for record in &all[*n].records {
            records.entry(record.post.id).or_default().push(record.clone());
        }
        listings.extend(all[*n].listings.iter().cloned());
    }
    let posts = records.values().map(|of| merge_posts(of, &listings).unwrap()).collect();
    (posts, merge_listings(&listings, records.len() as u64))
}

#[test]
fn formats_of_one_channel_merge_whichever_comes_first() {
    let all = gathered();
    let (posts, channel) = merged(&[0, 1, 2], &all);
    for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        assert_eq!(merged(&order, &all), (posts.clone(), channel.clone()), "{order:?}");
    }
    assert_eq!(merged(&[0, 1, 2, 0, 1], &all).0, posts, "adding again changes nothing");
    assert_eq!((channel.exports.len(), posts.len()), (3, 5));
    let by_id = |id: &str| posts.iter().find(|post| post.native_id == id).unwrap();
    let forwarded = by_id("1300000000000000001").forwarded.as_ref().unwrap();
    // JSON knows which post, HTML when it was first sent: in the zone that the rest of it shows.
    assert_eq!(
        (forwarded.native_id.as_deref(), forwarded.from_id.as_deref()),
        (Some("1299000000000000000"), Some("77"))
    );
    let first = by_id("1300000000000000000");
    assert_eq!(first.records.len(), 3);
    assert!(first.posted.iter().all(|when| when.zone != Zone::Unknown), "{:?}", first.posted);
    let edited: Vec<_> =
        first.edited.iter().map(|when| (when.interval.earliest.to_string(), when.zone)).collect();
    assert_eq!(
        edited,
        [
            ("2024-10-27T06:40:00Z".to_owned(), Zone::Inferred),
            ("2024-10-27T07:40:07.5Z".to_owned(), Zone::Written)
        ]
    );
    // The name under which the file was kept is known of one export, the size of the other.
    let file = &first.attached[0];
    assert_eq!((file.name.as_str(), file.size), ("page.png", Some(5)));
    assert!(
        file.also.iter().any(|name| name == "page-0A1B2.png") || file.reference.ends_with("page-0A1B2.png")
    );
    assert_eq!(by_id("1300000000000000002").reply_to.as_ref().unwrap().native_id, "1300000000000000000");
}

#[test]
fn what_lies_beside_names_channels_and_people() {
    let files = [
        ("package/account/user.json", r#"{"id":"5","username":"ann"}"#),
        ("package/messages/index.json", r#"{"1100000000000000000":"news in Guild"}"#),
        (
            "package/messages/c1100000000000000000/channel.json",
            r#"{"id":"1100000000000000000","type":0,"guild":{"id":"1","name":"Guild & Co"}}"#,
        ),
        ("ws/channels.json", r#"[{"id":"C1","name":"general"}]"#),
        ("ws/users.json", r#"[{"id":"U2","name":"bob","profile":{"display_name":"Bob B"}}]"#),
        (
            "tg/result.json",
            r#"{"name":"The \"Group\"","type":"private_group","id":77,"messages":[{"id":1,"ty"#,
        ),
        (
            "tw/data/account.js",
            "window.YTD.account.part0 = [ {\"account\":{\"username\":\"ann\",\"accountId\":\"7\"}} ]",
        ),
    ];
    let folder =
        Folder(files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect());
    let (_, got) = read_beside(PACKAGE, "package/messages/c1100000000000000000/messages.csv", &folder);
    let (channel, author) = (&got.listings[0], got.records[0].post.author.as_ref().unwrap());
    assert_eq!(
        (channel.native_id.as_str(), channel.name.as_str(), channel.space.as_deref()),
        ("1100000000000000000", "news in Guild", Some("Guild & Co"))
    );
    assert_eq!((author.native_id.as_str(), author.name.as_str()), ("5", "ann"));
    let slack = include_bytes!("../corpus/slack+general+2024-01-02.json");
    let (_, got) = read_beside(slack, "ws/general/2024-01-02.json", &folder);
    assert_eq!(
        (got.listings[0].native_id.as_str(), got.listings[0].kind.as_deref()),
        ("C1", Some("channel"))
    );
    assert_eq!(got.records[1].post.author.as_ref().unwrap().name, "Bob B");
    assert_eq!(got.records[2].post.text, "@Bob B has joined");
    let dump = include_bytes!("../corpus/slackdump.json");
    let (_, other) = read_beside(dump, "ws/C1.json", &folder);
    assert_eq!(
        other.records[0].post.id, got.records[0].post.id,
        "an export and a dump of one channel share posts"
    );
    let page = include_bytes!("../corpus/telegram+messages.html");
    let (_, got) = read_beside(page, "tg/messages.html", &folder);
    assert_eq!(got.listings[0].native_id, "77", "the same chat in JSON beside it has its id");
    let tweets = include_bytes!("../corpus/x-archive+tweets.js");
    let (_, got) = read_beside(tweets, "tw/data/tweets.js", &folder);
    assert_eq!((got.listings[0].native_id.as_str(), got.listings[0].name.as_str()), ("7", "@ann"));
}

/// A file, and all files that are packed in it.
fn shelf_of(path: &str, bytes: &[u8]) -> (Item, Shelf, Vec<Item>) {
    let (outer, _) = item(path, bytes.to_vec());
    let inner = |(path, bytes): (String, Vec<u8>)| {
        let (own, _) = item(&path, bytes);
        Item { id: Item::id_of(own.blob, &path, Some(outer.id)), inside: Some(outer.id), ..own }
    };
    let inner: Vec<Item> = unpacked(bytes, path).0.into_iter().map(inner).collect();
    let shelf = Shelf::new(inner.iter().chain([&outer]).map(|item| (item, "")));
    (outer, shelf, inner)
}

#[test]
fn files_in_mails_and_captures_are_found() {
    let mail = include_bytes!("../corpus/mail-latin1.eml");
    let warc = include_bytes!("../corpus/captures.warc");
    for (path, bytes, count) in [("a/mail.eml", mail.as_slice(), 2), ("a/captures.warc", warc.as_slice(), 4)]
    {
        assert!(intake::is_packed(intake::sniff(bytes), bytes));
        let (outer, shelf, inner) = shelf_of(path, bytes);
        let (_, got) = read(bytes, path);
        let files: Vec<_> = got.records.iter().flat_map(|r| &r.post.attached).collect();
        assert_eq!(files.len(), count);
        for file in files {
            let found = shelf.resolve(file, &outer);
            assert_eq!(found.state, AttachmentState::Held, "{file:?}");
            assert!(found.items.iter().all(|id: &ItemId| inner.iter().any(|item| item.id == *id)));
        }
    }
    let held = unpacked(warc, "captures.warc");
    assert_eq!(held.0["2-index"], b"hello world");
    assert!(held.0["1-page.png"].starts_with(b"\x89PNG"));
    let held = unpacked(mail, "mail.eml");
    assert!(held.0["1-.._.._page.png"].starts_with(b"\x89PNG"));
    assert!(held.0["2-message.eml"].starts_with(b"Message-ID: <id-9@y.org>"), "{:?}", held.0.keys());
}

#[test]
fn addresses_from_the_root_of_a_download_are_found() {
    let (export, bytes) = item(
        "d/messages/inbox/ann_1/message_1.json",
        include_bytes!("../corpus/messages+inbox+ann_1+message_1.json").to_vec(),
    );
    let (photo, _) = item("d/messages/inbox/ann_1/photos/1.jpg", vec![1]);
    let (other, _) = item("d/messages/inbox/bob_1/photos/1.jpg", vec![2]);
    let shelf = Shelf::new([&export, &photo, &other].into_iter().map(|item| (item, "")));
    let (_, got) = read(&bytes, &export.path);
    let found = shelf.resolve(&got.records[0].post.attached[0], &export);
    assert_eq!((found.state, found.items), (AttachmentState::FoundElsewhere, vec![photo.id]));
}

#[test]
fn the_number_of_a_file_tells_the_zone_of_a_table() {
    // 1450143843126214881 was handed out on 2025-12-15 at 15:13:54 UTC.
    let link = "https://cdn.discordapp.com/attachments/1/1450143843126214881/image.png";
    let text = format!(
        "AuthorID,Author,Date,Content,Attachments,Reactions\n\"1\",\"a\",\"15-Dec-25 10:14 AM\",\"x\",\"{link}\",\"\"\n\"1\",\"a\",\"15-Jul-25 10:14 AM\",\"y\",\"\",\"\"\n"
    );
    let (_, got) = read(text.as_bytes(), "x.csv");
    assert_eq!(got.listings[0].offsets, Some((-6 * 3600, -4 * 3600)));
    assert_eq!(got.codes(model::Code::ZoneUnknown), 0);
    let summer = merge_posts(&got.records[1..], &got.listings).unwrap();
    // An hour to either side, since nothing tells of the summer.
    assert_eq!(summer.posted[0].interval.earliest.to_string(), "2025-07-15T14:14:00Z");
    assert_eq!(summer.posted[0].interval.latest.to_string(), "2025-07-15T16:14:59.999999999Z");
    assert_eq!(summer.posted[0].zone, Zone::Inferred);
}

#[test]
fn logs_and_lists_are_no_chats() {
    for text in [
        "[2024-01-02 10:00:00] INFO: started\n[2024-01-02 10:00:01] ERROR: stopped\n",
        "2024-01-02 10:00:00 - app: started\n",
        "[01/02/24, 10:00:00] warning: disk\n",
        "1/2/21, 12:00 - a note without anybody\n",
        "Subject: no mail\n\nbody",
        "ID,Author,Title\n1,a,b\n",
        "<html><body class=\"chat\"><div id=\"message1\">x</div></body></html>",
        "{\"messages\":[{\"id\":1,\"text\":\"x\"}]}",
        "[{\"id\":1,\"type\":\"x\",\"data\":[]}]",
    ] {
        assert_eq!(read(text.as_bytes(), "x/y.txt").0, "none", "{text}");
    }
}

#[test]
fn placeholders_are_no_paths_and_an_unknown_zone_is_not_utc() {
    let corpus = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    for (item, bytes) in crate::gather::items(&corpus) {
        let (format, got) = read(&bytes, &item.path.replace('+', "/"));
        for record in &got.records {
            for file in &record.post.attached {
                let named = file.reference.contains("://") || format == "imageboard";
                assert!(file.withheld.is_none() || file.reference.is_empty() || named, "{file:?}");
                assert!(!file.reference.starts_with('('), "{file:?}");
            }
            for when in
                record.post.posted.iter().chain(&record.post.edited).filter(|when| when.zone == Zone::Unknown)
            {
                let width = when.interval.latest.as_second() - when.interval.earliest.as_second();
                assert!(width >= 28 * 3600, "{format} {when:?}");
                assert!(record.floating, "{format} {when:?}");
            }
        }
    }
}
