//! A small leak made by hand: two sheets in two channels, a PDF in no post, a picture nobody posted, an absent file.

use dossier::Material;
use jiff::Timestamp;
use model::{
    Account, Act, Alteration, AppearanceId, Attachment, AttachmentState, Author, Because, Blob, Capture,
    Change, Channel, Citation, Clock, Clue, Code, Declared, Deed, Derivation, Differs, Digest, Discrepancy,
    Dissent, Document, Evidence, Export, Exposure, Family, FamilyId, FamilyReading, Forward, Gap, Ground,
    Held, Holder, Hop, Interval, Item, ItemId, Kind, Lack, Match, Measure, Order, Page, Picture, PictureId,
    Placing, Post, PostId, Problem, Quad, Quote, Reason, Reply, Seek, SharedWord, Span, Step, Tell,
    TextLayer, Tie, Touches, Trace, Trouble, Variant, Version, When, Why, Word, Zone,
};

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn when(verbatim: &str, earliest: &str, latest: &str, zone: Zone) -> When {
    let interval = Interval { earliest: at(earliest), latest: at(latest) };
    When { verbatim: verbatim.to_owned(), interval, clock: Clock::Platform, zone }
}

pub fn item(material: &mut Material, path: &str, content: &str, kind: Kind) -> (ItemId, Digest) {
    let blob = Digest::of(content.as_bytes());
    let id = Item::id_of(blob, path, None);
    let name = path.rsplit('/').next().unwrap().to_owned();
    material.items.push(Item {
        id,
        blob,
        size: 1000,
        name,
        path: path.to_owned(),
        inside: None,
        times: vec![],
    });
    if !material.blobs.iter().any(|known| known.digest == blob) {
        material.blobs.push(Blob { digest: blob, md5: "0".repeat(32), size: 1000, kind, format: None });
    }
    (id, blob)
}

pub fn picture(material: &mut Material, blob: Digest, number: u32, text: Option<&str>) -> PictureId {
    let page = Page::id_of(blob, number);
    let id = Picture::id_of(page, 0);
    material.pages.push(Page {
        id: page,
        blob,
        number,
        width: 1700,
        height: 2200,
        dpi: None,
        orientation: 1,
        pixels: blob,
        proxy: blob,
        times: vec![],
        software: None,
        text_layer: text.map(|text| TextLayer { text: text.to_owned(), words: vec![], unknown_glyphs: 0 }),
    });
    let outline = Quad::rectangle(0.0, 0.0, 1700.0, 2200.0);
    material.pictures.push(Picture {
        id,
        page,
        outline,
        capture: Capture::Photo,
        ground: vec![],
        within: outline,
        whole: true,
        upright: blob,
        size: (1700, 2200),
        to_page: [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0],
    });
    id
}

pub fn post(
    material: &mut Material,
    channel: &Channel,
    native_id: &str,
    posted: Vec<When>,
    text: &str,
) -> PostId {
    let id = Post::id_of(channel.id, native_id);
    material.posts.push(Post {
        id,
        channel: channel.id,
        native_id: native_id.to_owned(),
        author: Some(Author::new(&channel.platform, "77", "tess")),
        posted,
        edited: vec![],
        text: text.to_owned(),
        service: None,
        attached: vec![],
        reply_to: None,
        forwarded: None,
        deleted: false,
        records: vec![(channel.exports[0].item, Span { start: 120, length: 80 })],
    });
    id
}

pub fn attach(
    material: &mut Material,
    post: PostId,
    position: u32,
    name: &str,
    held: Option<(ItemId, Digest)>,
) {
    material.attachments.push(Attachment {
        id: Attachment::id_of(post, position),
        post,
        position,
        declared: Declared {
            name: name.to_owned(),
            reference: format!("files/{name}"),
            ..Declared::default()
        },
        state: if held.is_some() { AttachmentState::Held } else { AttachmentState::Missing },
        items: held.iter().map(|(item, _)| *item).collect(),
        blob: held.map(|(_, blob)| blob),
    });
}

pub fn channel(
    material: &mut Material,
    platform: &str,
    name: &str,
    export: ItemId,
    declared: Option<u64>,
) -> Channel {
    let channel = Channel {
        id: Channel::id_of(platform, name),
        platform: platform.to_owned(),
        native_id: name.to_owned(),
        name: name.to_owned(),
        space: None,
        kind: None,
        exports: vec![Export {
            item: export,
            format: platform.to_owned(),
            exported: None,
            declared,
            read: 2,
            complete: true,
        }],
        posts: 2,
    };
    material.channels.push(channel.clone());
    channel
}

/// Appearances and first ones, as the stage before makes them.
pub fn spread(material: &mut Material) {
    let mut holding = spread::Holding::new();
    for family in &material.families {
        for picture in &family.pictures {
            let page = material.pictures.iter().find(|known| known.id == *picture).unwrap().page;
            let blob = material.pages.iter().find(|known| known.id == page).unwrap().blob;
            holding.entry(blob).or_default().push((*picture, family.id));
        }
    }
    let posts = material.posts.clone();
    let posted = |id: PostId| posts.iter().find(|post| post.id == id)?.when();
    material.appearances = spread::appearances(&material.attachments, &posted, &holding);
    let first = |family: &Family| {
        let of: Vec<_> =
            material.appearances.iter().filter(|seen| seen.family == family.id).cloned().collect();
        spread::first(family.id, &of)
    };
    material.firsts = material.families.iter().map(first).collect();
    assert!(material.appearances.iter().all(|seen| seen.id != AppearanceId::from([0; 32])));
}

pub fn leak() -> Material {
    let mut leak = Material { name: "Two sheets".into(), purpose: "A trial".into(), ..Material::default() };
    let memo = item(&mut leak, "lounge/memo.jpg", "memo", Kind::Jpeg);
    let memo_small = item(&mut leak, "digest/memo_small.jpg", "memo small", Kind::Jpeg);
    let again = item(&mut leak, "loose/memo.jpg", "memo", Kind::Jpeg);
    assert_eq!(memo.1, again.1);
    let slide = item(&mut leak, "digest/slide.png", "slide", Kind::Png);
    let paper = item(&mut leak, "loose/paper.pdf", "paper", Kind::Pdf);
    let (lounge_file, _) = item(&mut leak, "lounge.json", "lounge", Kind::Json);
    let (digest_file, _) = item(&mut leak, "digest/result.json", "digest", Kind::Json);

    let a = picture(&mut leak, memo.1, 0, None);
    let b = picture(&mut leak, memo_small.1, 0, None);
    let c = picture(&mut leak, slide.1, 0, None);
    let d = picture(&mut leak, paper.1, 0, Some("Words of the paper"));
    let measures = vec![Measure::new("PDQ distance", 12.0, "bits", Some(31.0))];
    leak.matches.push(Match::new(a, b, Ground::SameLook, measures));
    leak.families.extend([Family::new(vec![a, b], a), Family::new(vec![c], c), Family::new(vec![d], d)]);

    let lounge = channel(&mut leak, "discord", "lounge", lounge_file, Some(2));
    let digest = channel(&mut leak, "telegram", "digest", digest_file, None);
    let author = Author::new("discord", "77", "tess");
    leak.accounts.push(Account {
        id: author.account,
        platform: "discord".into(),
        native_id: author.native_id,
        names: vec!["tess".into(), "Tess".into()],
        posts: 2,
    });
    let exact = "2023-01-27T13:56:33.652Z";
    let one = when("2023-01-27T14:56:33.652+01:00", exact, exact, Zone::Written);
    let one = post(&mut leak, &lounge, "1", vec![one], "look at <this>");
    attach(&mut leak, one, 0, "memo.jpg", Some(memo));
    attach(&mut leak, one, 1, "gone.jpg", None);
    let two = when("2023-02-01T10:00:00Z", "2023-02-01T10:00:00Z", "2023-02-01T10:00:00Z", Zone::Utc);
    let two = post(&mut leak, &lounge, "2", vec![two], "");
    leak.posts.last_mut().unwrap().reply_to = Some(Reply { native_id: "1".into(), channel: None });
    attach(&mut leak, two, 0, "slide.png", Some(slide));
    let loose = when("01.02.2023 12:00", "2023-01-31T22:00:00Z", "2023-02-02T02:00:00Z", Zone::Unknown);
    let three = post(&mut leak, &digest, "9", vec![loose], "both");
    attach(&mut leak, three, 0, "memo_small.jpg", Some(memo_small));
    attach(&mut leak, three, 1, "slide.png", Some(slide));
    post(
        &mut leak,
        &digest,
        "10",
        vec![],
        "no time, no picture: Minister Ruth Novak warned Varga that deliveries to Jordan would likely be <late>",
    );

    leak.problems.push(Problem::new("loose/bad.pdf", Trouble::new(Code::PdfEncrypted, "")));
    leak.problems.push(Problem::new(&lounge_file.to_string(), Trouble::new(Code::CountDiffers, "3 and 2")));
    differ(&mut leak, a, b);
    speak(&mut leak, a, b);
    spread(&mut leak);
    wander(&mut leak, a, b);
    leak
}

/// What is missing, a hop, and a post that two exports tell differently.
fn wander(leak: &mut Material, a: PictureId, b: PictureId) {
    let (family, posts) = (leak.families[0].id, leak.posts.clone());
    let (lounge, digest) = (leak.channels[0].clone(), leak.channels[1].clone());
    leak.posts[3].forwarded = Some(Forward { from: Some("Deep <Archive>".into()), ..Forward::default() });
    let stock = spread::Stock::new(leak.channels.clone(), leak.accounts.clone());
    let mut missing = spread::Missing::new(&stock);
    leak.posts.iter().for_each(|post| missing.post(post, &[family]));
    let absent = leak.attachments.iter().find(|file| file.blob.is_none()).unwrap();
    missing.file(absent, &posts[0]);
    leak.gaps = missing.gaps();
    let place = |n: usize| {
        let picture = &leak.pictures[n];
        Citation::Region { page: picture.page, quad: picture.outline }
    };
    let measures = vec![Measure::new("longer side", 1280.0, "px", Some(1280.0))];
    leak.gaps.push(Gap {
        id: Gap::id_of(Lack::Between, &[&a.to_string(), &b.to_string()]),
        lack: Lack::Between,
        sure: false,
        families: vec![family],
        pictures: vec![a, b],
        channel: None,
        reasons: vec![Reason { why: Why::Reduced, cited: place(1), words: None, measures }],
        seek: Seek { before: Some(at("2023-02-02T02:00:00Z")), ..Seek::default() },
    });
    leak.hops.push(Hop {
        id: Hop::id_of(lounge.id, digest.id, true),
        from: lounge.id,
        to: digest.id,
        decided: true,
        families: vec![family],
        first: posts[2].when(),
        evidence: vec![Evidence {
            tie: Tie::Descent,
            family: Some(family),
            from: Some(posts[0].id),
            to: posts[2].id,
            order: Order::Before,
        }],
    });
    let (earlier, later) = (lounge.exports[0].item, digest.exports[0].item);
    leak.discrepancies.push(Discrepancy {
        id: Discrepancy::id_of(posts[0].id, earlier, later, Differs::Reworded),
        channel: lounge.id,
        post: posts[0].id,
        differs: Differs::Reworded,
        earlier: (earlier, Some(Span { start: 120, length: 80 })),
        later: (later, None),
        between: posts[2].when(),
        was: "look at <this>".into(),
        is: "look at that".into(),
    });
}

/// What was done by analysts and found of the first sheet's two pictures.
fn differ(leak: &mut Material, a: PictureId, b: PictureId) {
    let family = leak.families[0].id;
    let one = |picture, says: &str| Version::new(family, vec![picture], vec![Some(says.to_owned())]);
    leak.versions.extend([one(a, "1,500"), one(b, "71,500")]);
    let quad = Quad::rectangle(100.0, 200.0, 180.0, 224.0);
    leak.alterations.push(Alteration {
        id: Alteration::id_of(b, a, &quad),
        family,
        picture: b,
        against: a,
        quad,
        quad_against: Quad::rectangle(101.0, 199.5, 170.0, 224.0),
        change: Change::Replaced,
        reads: "71,500".into(),
        reads_against: "1,500".into(),
        touches: vec![Touches::Figure],
        later: Some(true),
        reasons: vec![
            Clue {
                why: Because::Line,
                later: true,
                carries: true,
                measures: vec![Measure::new("off the line", 0.16, "letter heights", Some(0.05))],
            },
            Clue { why: Because::Detail, later: false, carries: false, measures: Vec::new() },
        ],
        measures: vec![Measure::new("times the noise", 9.5, "", Some(4.0))],
    });
    for picture in [a, b] {
        let to_view = [1.2, 0.0, 0.0, 0.0, 0.9, 0.0, 0.0, 0.0, 1.0];
        leak.placings.push(Placing { picture, family, to_view, view: (2000.0, 1545.0) });
    }
    leak.derivations.push(Derivation {
        id: Derivation::id_of(a, b),
        family,
        from: a,
        to: b,
        decided: true,
        steps: vec![Step::Rescale, Step::Alter],
        measures: vec![Measure::new("share of the width", 0.5, "share", None)],
    });
    let pictures = vec![a.min(b), a.max(b)];
    let held = vec![Tell { a: pictures[0], b: pictures[1], by: Trace::Shade }];
    let id = Exposure::id_of(family, &pictures);
    leak.exposures.push(Exposure { id, family, pictures, held, apart: Vec::new() });
    let (post, span) = (leak.posts[0].id, Span { start: 8, length: 6 });
    let sheets = vec![(family, Span { start: 0, length: 4 })];
    let differs = Vec::new();
    leak.quotes.push(Quote {
        id: Quote::id_of(post, span),
        post,
        span,
        sheets,
        same: 9,
        words: 10,
        of: 12,
        differs,
    });
    let reasons = vec![vec![Measure::new("same serial", 3.0, "weight", None)]];
    leak.documents.push(Document::new(vec![family, leak.families[2].id], reasons));
    let act = |at_text: &str, deed, reason| Act::new(at(at_text), "tester", deed, reason);
    let join = act("2023-04-01T08:00:00Z", Deed::Join { pictures: vec![a, b] }, "one seal");
    leak.acts.push(join.clone());
    leak.acts.push(act("2023-04-01T09:00:00Z", Deed::Undo { act: join.id }, "a slip"));
    say(leak, a, family);
}

/// What analysts say of the first sheet beside what was observed.
fn say(leak: &mut Material, a: PictureId, family: FamilyId) {
    let when = Some(Interval { earliest: at("2023-01-13T00:00:00Z"), latest: at("2023-01-20T23:59:59Z") });
    let basis = "told by telephone by a member of the server".to_owned();
    let label =
        |label: &str| Deed::Label { on: family.to_string(), pictures: vec![a], label: label.to_owned() };
    let altered = leak.alterations[0].id.to_string();
    let deeds = [
        (Deed::Testify { pictures: vec![a], when, basis }, "it was there <before> the channel was closed"),
        (Deed::Note { on: a.to_string(), pictures: Vec::new() }, "the fold is at the left"),
        (label("ask the ministry"), "its seal"),
        (Deed::Judge { on: altered, holds: Held::Open }, "the glyphs are too small"),
        (Deed::Note { on: leak.families[2].id.to_string(), pictures: Vec::new() }, "seen once"),
    ];
    for (n, (deed, reason)) in deeds.into_iter().enumerate() {
        leak.acts.push(Act::new(at(&format!("2023-04-01T1{n}:00:00Z")), "tester", deed, reason));
    }
    let label = Act::new(at("2023-04-02T10:00:00Z"), "tester", label("a slip"), "no reason");
    leak.acts.push(label.clone());
    let back = Deed::Undo { act: label.id };
    leak.acts.push(Act::new(at("2023-04-02T11:00:00Z"), "tester", back, "it was one"));
}

/// What the first sheet says, as the stage before makes it.
fn speak(leak: &mut Material, a: PictureId, b: PictureId) {
    let family = leak.families[0].id;
    let text =
        "On 2 April, Minister Ruth Novak warned Varga that deliveries to Kenya would very likely be <late>.";
    let (mut words, mut at) = (Vec::new(), 0);
    for word in text.split(' ') {
        let length = word.chars().count() as u64;
        let quad = Quad::rectangle(at as f64 * 10.0, 300.0, length as f64 * 10.0, 24.0);
        let word = Word {
            text: word.to_owned(),
            span: Span { start: at, length },
            quad,
            doubt: 0.02,
            line: 0,
            second: false,
        };
        words.push(SharedWord { word, picture: a, at: words.len() as u32, agree: 2, shown: 2 });
        at += length + 1;
    }
    let variant = |picture, text: &str| Variant {
        text: text.to_owned(),
        doubt: 0.02,
        holders: vec![Holder { picture, word: 10, count: 1, doubt: 0.02 }],
    };
    let reading = FamilyReading {
        family,
        text: text.to_owned(),
        words,
        markings: vec![],
        banner: None,
        dates: vec![],
        printed: vec![],
        dissents: vec![Dissent {
            word: 10,
            count: 1,
            variants: vec![variant(a, "Kenya"), variant(b, "Jordan")],
        }],
    };
    let gazetteer = statements::Gazetteer::shipped();
    let told = statements::told(&reading, "2023-04-20".parse().ok(), gazetteer);
    leak.entities = statements::entities(&told.mentions, gazetteer);
    (leak.mentions, leak.statements) = (told.mentions, told.statements);
    (leak.events, leak.subjects) = (told.events, told.subjects);
    assert_eq!((leak.statements.len(), leak.entities.len()), (1, 3));
    leak.alterations.push(name(family, &reading, a, b));
    leak.quotes.extend(quote(&reading, &leak.posts[3]));
    let given =
        impact::Given { mentions: &leak.mentions, entities: &leak.entities, statements: &leak.statements };
    let mut gathering = impact::Gathering::new(&given, impact::Rules::shipped());
    gathering.sheet(&reading);
    let affected = gathering.done();
    leak.affected = affected;
    leak.sheets.push(reading);
}

/// The name that one of the two pictures has otherwise.
fn name(family: FamilyId, reading: &FamilyReading, a: PictureId, b: PictureId) -> Alteration {
    let quad = reading.words[11].word.quad;
    Alteration {
        id: Alteration::id_of(b, a, &quad),
        family,
        picture: b,
        against: a,
        quad,
        quad_against: quad,
        change: Change::Replaced,
        reads: "Jordan".into(),
        reads_against: "Kenya".into(),
        touches: vec![Touches::Name],
        later: None,
        reasons: vec![],
        measures: vec![],
    }
}

/// What a post quotes of the sheet, as the stage before makes it.
fn quote(reading: &FamilyReading, post: &Post) -> Option<Quote> {
    let said = spread::Said::new([(reading.family, reading.text.as_str())]);
    let passage = said.passages(&post.text).pop()?;
    Some(Quote {
        id: Quote::id_of(post.id, passage.span),
        post: post.id,
        span: passage.span,
        sheets: passage.sheets,
        same: passage.same as u32,
        words: passage.words as u32,
        of: passage.of as u32,
        differs: passage.differs,
    })
}

/// The same material in another order.
pub fn shuffled(mut leak: Material, seed: u64) -> Material {
    fn turn<T>(rows: &mut [T], seed: u64) {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        for n in (1..rows.len()).rev() {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            rows.swap(n, (state % (n as u64 + 1)) as usize);
        }
    }
    turn(&mut leak.items, seed);
    turn(&mut leak.blobs, seed);
    turn(&mut leak.pages, seed);
    turn(&mut leak.pictures, seed);
    turn(&mut leak.readings, seed);
    turn(&mut leak.sheets, seed);
    turn(&mut leak.matches, seed);
    turn(&mut leak.versions, seed);
    turn(&mut leak.alterations, seed);
    turn(&mut leak.derivations, seed);
    turn(&mut leak.exposures, seed);
    turn(&mut leak.placings, seed);
    turn(&mut leak.quotes, seed);
    turn(&mut leak.documents, seed);
    turn(&mut leak.mentions, seed);
    turn(&mut leak.entities, seed);
    turn(&mut leak.statements, seed);
    turn(&mut leak.events, seed);
    turn(&mut leak.subjects, seed);
    turn(&mut leak.families, seed);
    turn(&mut leak.channels, seed);
    turn(&mut leak.accounts, seed);
    turn(&mut leak.posts, seed);
    turn(&mut leak.attachments, seed);
    turn(&mut leak.appearances, seed);
    turn(&mut leak.firsts, seed);
    turn(&mut leak.hops, seed);
    turn(&mut leak.gaps, seed);
    turn(&mut leak.discrepancies, seed);
    turn(&mut leak.problems, seed);
    leak.posts.iter_mut().for_each(|post| turn(&mut post.posted, seed));
    leak.posts.iter_mut().for_each(|post| turn(&mut post.records, seed));
    leak.accounts.iter_mut().for_each(|account| turn(&mut account.names, seed));
    leak
}
