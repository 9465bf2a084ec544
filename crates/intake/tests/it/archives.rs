//! Archives, sound and hostile.

use std::io::{self, Cursor, Read, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use intake::{Limits, sniff, unpack};
use model::{Code, Kind, Trouble};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use zip::write::SimpleFileOptions;

type Files = Vec<(String, Vec<u8>)>;

fn all(bytes: &[u8], name: &str, limits: &Limits) -> (Files, Vec<Trouble>) {
    let mut files = Vec::new();
    let kind = sniff(&bytes[..bytes.len().min(64 << 10)]);
    let troubles =
        unpack(kind, &mut Cursor::new(bytes), bytes.len() as u64, name, limits, &mut |entry, content| {
            let mut bytes = Vec::new();
            content.read_to_end(&mut bytes)?;
            files.push((entry.path, bytes));
            Ok(())
        });
    (files, troubles)
}

fn codes(troubles: &[Trouble]) -> Vec<Code> {
    troubles.iter().map(|t| t.code).collect()
}

fn names(files: &Files) -> Vec<&str> {
    files.iter().map(|(path, _)| path.as_str()).collect()
}

fn zip_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in files {
        zip.start_file(*path, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn replace(bytes: &mut [u8], from: &[u8], to: &[u8]) {
    let places: Vec<_> = memchr::memmem::find_iter(bytes, from).collect();
    assert!(!places.is_empty());
    places.into_iter().for_each(|n| bytes[n..n + to.len()].copy_from_slice(to));
}

fn tar_of(entries: &[(&str, tar::EntryType, &[u8])]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (path, kind, bytes) in entries {
        let mut header = tar::Header::new_ustar();
        header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
        header.set_entry_type(*kind);
        header.set_size(bytes.len() as u64);
        header.set_mtime(1_600_000_000);
        header.set_cksum();
        tar.append(&header, *bytes).unwrap();
    }
    tar.into_inner().unwrap()
}

fn gz_of(bytes: &[u8]) -> Vec<u8> {
    let mut gz = GzEncoder::new(Vec::new(), Compression::default());
    gz.write_all(bytes).unwrap();
    gz.finish().unwrap()
}

#[test]
fn files_come_out_as_they_went_in() {
    let long = vec![b'x'; 300_000];
    let files: &[(&str, &[u8])] = &[("a/b.txt", b"one"), ("ü.bin", &long), ("empty", b"")];
    let expected: Files = files.iter().map(|(n, b)| ((*n).to_owned(), b.to_vec())).collect();
    assert_eq!(all(&zip_of(files), "x.zip", &Limits::default()), (expected.clone(), vec![]));
    let mut tar = tar::Builder::new(Vec::new());
    let deep = format!("{}/end.txt", "folder/".repeat(60));
    for (path, bytes) in files.iter().copied().chain([(deep.as_str(), &b"deep"[..])]) {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        tar.append_data(&mut header, path, bytes).unwrap();
    }
    let tar = tar.into_inner().unwrap();
    let (mut got, troubles) = all(&tar, "x.tar", &Limits::default());
    assert_eq!((troubles, got.pop().unwrap().0), (vec![], deep.replace("//", "/")));
    assert_eq!(got, expected);
    for (name, inner) in [("y/x.tar.gz", "x.tar"), ("x.tgz", "x.tar"), ("x", "x.unpacked")] {
        let (got, troubles) = all(&gz_of(&tar), name, &Limits::default());
        assert_eq!((got, troubles), (vec![(inner.to_owned(), tar.clone())], vec![]));
    }
}

#[test]
fn paths_that_lead_out_are_refused_and_named() {
    let bad = ["../up", "a/../../up", "/abs/x", "C:\\win.ini", "..\\..\\up", "\\\\host\\x", "a\\..\\..\\b"];
    let files: Vec<(&str, &[u8])> =
        bad.iter().map(|p| (*p, &b"x"[..])).chain([("ok\\in.txt", &b"y"[..])]).collect();
    let (got, troubles) = all(&zip_of(&files), "x.zip", &Limits::default());
    assert_eq!(names(&got), ["ok/in.txt"]);
    assert_eq!(codes(&troubles), [Code::ArchiveEscape; 7]);
    assert!(troubles[0].detail.starts_with("../up: "));
    let entries: Vec<_> = bad.iter().map(|p| (*p, tar::EntryType::Regular, &b"x"[..])).collect();
    let (got, troubles) = all(&tar_of(&entries), "x.tar", &Limits::default());
    assert_eq!((got.len(), codes(&troubles)), (0, vec![Code::ArchiveEscape; 7]));
    let mut nul = zip_of(&[("a#b", b"x")]);
    replace(&mut nul, b"a#b", b"a\0b");
    assert_eq!(codes(&all(&nul, "x.zip", &Limits::default()).1), [Code::ArchiveEscape]);
}

#[test]
fn links_and_devices_are_refused() {
    use tar::EntryType as T;
    let tar = tar_of(&[
        ("s", T::Symlink, b""),
        ("h", T::Link, b""),
        ("c", T::Char, b""),
        ("b", T::Block, b""),
        ("p", T::Fifo, b""),
        ("d/", T::Directory, b""),
        ("f", T::Regular, b"x"),
    ]);
    let (got, troubles) = all(&tar, "x.tar", &Limits::default());
    assert_eq!((names(&got), codes(&troubles)), (vec!["f"], vec![Code::ArchiveLink; 5]));
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.add_symlink("s", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    zip.add_directory("d", SimpleFileOptions::default()).unwrap();
    let zip = zip.finish().unwrap().into_inner();
    let (got, troubles) = all(&zip, "x.zip", &Limits::default());
    assert_eq!((got.len(), codes(&troubles)), (0, vec![Code::ArchiveLink]));
}

#[test]
fn namesakes_are_all_kept() {
    let mut zip = zip_of(&[("a.txt", b"1"), ("b.txt", b"2"), ("c.txt", b"3")]);
    replace(&mut zip, b"b.txt", b"a.txt");
    replace(&mut zip, b"c.txt", b"a.txt");
    let (got, troubles) = all(&zip, "x.zip", &Limits::default());
    assert_eq!((names(&got), troubles), (vec!["a.txt", "a (2).txt", "a (3).txt"], vec![]));
    let many: Vec<_> = (0..5000).map(|_| ("a", tar::EntryType::Regular, &b""[..])).collect();
    let (got, _) = all(&tar_of(&many), "x.tar", &Limits::default());
    let mut distinct = names(&got);
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(distinct.len(), 5000);
}

#[test]
fn what_is_not_read_is_named() {
    let mut zip = zip_of(&[("a", b"1"), ("b", b"2")]);
    let first = memchr::memmem::find(&zip, b"PK\x01\x02").unwrap();
    zip[first + 8] |= 1;
    let second = first + 4 + memchr::memmem::find(&zip[first + 4..], b"PK\x01\x02").unwrap();
    zip[second + 10] = 93;
    let (got, troubles) = all(&zip, "x.zip", &Limits::default());
    assert_eq!((got.len(), codes(&troubles)), (0, vec![Code::ArchiveEncrypted, Code::ArchiveMethod]));
    assert_eq!(troubles[1].detail, "b: method 93");
}

#[test]
fn bombs_are_refused_and_the_rest_is_read() {
    let zeros = vec![0; 70 << 20];
    let zip = zip_of(&[("before", b"1"), ("bomb", &zeros), ("after", b"2")]);
    let (got, troubles) = all(&zip, "x.zip", &Limits::default());
    assert_eq!((names(&got), codes(&troubles)), (vec!["before", "after"], vec![Code::ArchiveBomb]));
    // Lies about its size: more comes than it says.
    let mut lie = zip_of(&[("bomb", &zeros), ("after", b"2")]);
    replace(&mut lie, &(70u32 << 20).to_le_bytes(), &9u32.to_le_bytes());
    let (got, troubles) = all(&lie, "x.zip", &Limits::default());
    assert_eq!((names(&got), codes(&troubles)), (vec!["after"], vec![Code::ArchiveBomb]));
    let (got, troubles) = all(&gz_of(&zeros), "x.gz", &Limits::default());
    assert_eq!((got.len(), codes(&troubles)), (0, vec![Code::ArchiveBomb]));
    let small = Limits { entry_bytes: 10, total_bytes: 12, entries: 4, ..Limits::default() };
    let tar = |files: &[(&str, &[u8])]| {
        tar_of(&files.iter().map(|(p, b)| (*p, tar::EntryType::Regular, *b)).collect::<Vec<_>>())
    };
    let (got, troubles) =
        all(&tar(&[("a", b"12345678901"), ("b", b"12345"), ("c", b"12345678"), ("d", b"")]), "x.tar", &small);
    assert_eq!((names(&got), codes(&troubles)), (vec!["b"], vec![Code::ArchiveBomb; 2]));
    let (got, troubles) =
        all(&tar(&[("a", b""), ("b", b""), ("c", b""), ("d", b""), ("e", b"")]), "x.tar", &small);
    assert_eq!((got.len(), codes(&troubles)), (4, vec![Code::ArchiveBomb]));
}

#[test]
fn entries_that_overlap_are_seen_before_they_are_read() {
    let mut zip = zip_of(&[("a", b"1111"), ("b", b"2222"), ("c", b"3333")]);
    let places: Vec<_> = memchr::memmem::find_iter(&zip, b"PK\x01\x02").collect();
    let local: Vec<_> = memchr::memmem::find_iter(&zip, b"PK\x03\x04").collect();
    // The second entry claims to reach over the third.
    let reach = (local[2] - local[1] + 10) as u32;
    zip[places[1] + 20..places[1] + 24].copy_from_slice(&reach.to_le_bytes());
    let (got, troubles) = all(&zip, "x.zip", &Limits::default());
    assert_eq!((names(&got), codes(&troubles)), (vec!["a"], vec![Code::ArchiveBomb; 2]));
}

#[test]
fn what_was_read_before_damage_is_kept() {
    let body: Vec<u8> = (0..200_000u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    let zip = zip_of(&[("a", b"one"), ("b", &body), ("c", b"three")]);
    let (got, troubles) = all(&zip[..zip.len() / 2], "x.zip", &Limits::default());
    assert_eq!(names(&got), ["a", "b"]);
    assert!(got[0].1 == b"one" && body.starts_with(&got[1].1) && got[1].1.len() > 100_000);
    assert_eq!(codes(&troubles), [Code::ArchiveDamaged; 2]);
    let gz = gz_of(&body);
    let (got, troubles) = all(&gz[..gz.len() / 2], "x.gz", &Limits::default());
    assert!(body.starts_with(&got[0].1) && got[0].1.len() > 100_000);
    assert_eq!(codes(&troubles), [Code::ArchiveDamaged]);
    let mut wrong = zip_of(&[("a", b"a text that is stored with its checksum")]);
    let crc = memchr::memmem::find(&wrong, b"PK\x01\x02").unwrap() + 16;
    wrong[crc] ^= 1;
    let (got, troubles) = all(&wrong, "x.zip", &Limits::default());
    assert_eq!((got.len(), codes(&troubles)), (1, vec![Code::ArchiveDamaged]));
    let tar = tar_of(&[("a", tar::EntryType::Regular, b"one"), ("b", tar::EntryType::Regular, &body)]);
    let (got, troubles) = all(&tar[..200_000], "x.tar", &Limits::default());
    assert!(names(&got) == ["a", "b"] && codes(&troubles).contains(&Code::ArchiveDamaged));
    let mut holed = tar_of(&[
        ("a", tar::EntryType::Regular, b"1"),
        ("b", tar::EntryType::Regular, b"2"),
        ("c", tar::EntryType::Regular, b"3"),
    ]);
    holed[1024..1100].fill(7);
    let (got, troubles) = all(&holed, "x.tar", &Limits::default());
    assert_eq!((names(&got), codes(&troubles)), (vec!["a", "c"], vec![Code::ArchiveDamaged]));
}

#[test]
fn an_error_of_the_taker_ends_it() {
    let zip = zip_of(&[("a", b"1"), ("b", b"2")]);
    let mut seen = 0;
    let troubles = unpack(
        Kind::Zip,
        &mut Cursor::new(&zip),
        zip.len() as u64,
        "x",
        &Limits::default(),
        &mut |_, _: &mut dyn Read| {
            seen += 1;
            Err(io::Error::other("disk full"))
        },
    );
    assert_eq!((seen, troubles), (1, vec![]));
}

#[test]
fn times_say_what_is_known_of_them() {
    let mut times = Vec::new();
    let mut look = |bytes: &[u8], kind| {
        unpack(
            kind,
            &mut Cursor::new(bytes),
            bytes.len() as u64,
            "x",
            &Limits::default(),
            &mut |entry, _: &mut dyn Read| {
                times.extend(entry.modified.map(|w| (w.interval.earliest.to_string(), w.zone)));
                Ok(())
            },
        );
    };
    look(&tar_of(&[("a", tar::EntryType::Regular, b"")]), Kind::Tar);
    look(&zip_of(&[("a", b"")]), Kind::Zip);
    assert_eq!(times[0], ("2020-09-13T12:26:40Z".to_owned(), model::Zone::Utc));
    assert_eq!(times[1], ("1979-12-31T10:00:00Z".to_owned(), model::Zone::Unknown));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: RngSeed::Fixed(52), cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_damage_makes_it_panic(places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12), cut in any::<prop::sample::Index>(), which in 0usize..3) {
        let tar = tar_of(&[("a", tar::EntryType::Regular, b"one"), ("b/c", tar::EntryType::Regular, b"two")]);
        let sound = [zip_of(&[("a", b"one"), ("b/c", b"two two two two two two")]), gz_of(&tar), tar];
        let mut bytes = sound[which].clone();
        for (place, byte) in places {
            let at = place.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(bytes.len() - cut.index(bytes.len() / 4));
        for kind in [Kind::Zip, Kind::Gzip, Kind::Tar] {
            unpack(kind, &mut Cursor::new(&bytes), bytes.len() as u64, "x", &Limits::default(), &mut |_, content: &mut dyn Read| {
                io::copy(content, &mut io::sink()).map(|_| ())
            });
        }
    }
}

#[test]
fn forged_traps_spring_nothing() {
    use forge::hostile;
    let (got, troubles) = all(&hostile::zip_slip(), "x.zip", &Limits::default());
    assert_eq!(names(&got), ["colour\u{1b}[31m.txt", "twice.txt", "twice (2).txt", "good/note.txt"]);
    assert_eq!(codes(&troubles), [Code::ArchiveEscape; 5]);
    let (got, troubles) = all(&hostile::tar_traps(), "x.tar", &Limits::default());
    assert_eq!(names(&got), ["good/note.txt", "link-up/through.txt"]);
    let count = |code| codes(&troubles).iter().filter(|c| **c == code).count();
    assert_eq!((count(Code::ArchiveEscape), count(Code::ArchiveLink), troubles.len()), (2, 5, 7));
    for bomb in [hostile::gzip_bomb(128), hostile::zip_bomb(128)] {
        let (got, troubles) = all(&bomb, "x", &Limits::default());
        assert_eq!((got.len(), codes(&troubles)), (0, vec![Code::ArchiveBomb]));
    }
}
