//! Small odd and hostile files, each with what comes out of it beside it. A new case is a new file in `tests/corpus`;
//! its `.expected` is written by `UPDATE_EXPECT=1 cargo nextest run -p intake corpus`, and read before it is kept.

use std::fmt::Write as _;
use std::path::Path;

use expect_test::expect_file;
use model::Post;

use crate::gather::read;

#[test]
fn every_file_reads_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let entries = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries.filter(|path| path.extension().is_none_or(|e| e != "expected")).collect();
    files.sort();
    assert!(files.len() >= 15);
    for file in files {
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        // A name may stand for a path: `a+b.json` lies at `a/b.json`.
        let told = told(&std::fs::read(&file).unwrap(), &name.replace('+', "/"));
        expect_file![folder.join(format!("{name}.expected"))].assert_eq(&told);
    }
}

fn told(bytes: &[u8], path: &str) -> String {
    let (format, got) = read(bytes, path);
    let mut out = format!("{:?}, {format}\n", intake::sniff(bytes));
    for l in &got.listings {
        let e = &l.export;
        let _ = writeln!(
            out,
            "channel {} {:?} in {:?} kind {:?}: read {} of {:?}, complete {}, offsets {:?}, exported {:?}",
            l.native_id,
            l.name,
            l.space,
            l.kind,
            e.read,
            e.declared,
            e.complete,
            l.offsets,
            e.exported.as_ref().map(|w| w.interval.earliest.to_string()),
        );
    }
    for record in &got.records {
        let (_, span) = record.post.records[0];
        let _ = writeln!(
            out,
            "post {} at {}+{}{}",
            record.post.native_id,
            span.start,
            span.length,
            if record.floating { ", floating" } else { "" }
        );
        post(&record.post, &mut out);
    }
    for trouble in &got.troubles {
        let _ = writeln!(out, "{}: {}", trouble.code.slug(), trouble.detail);
    }
    out
}

fn post(post: &Post, out: &mut String) {
    if let Some(author) = &post.author {
        let _ = writeln!(out, "    by {} {:?}", author.native_id, author.name);
    }
    for (word, times) in [("posted", &post.posted), ("edited", &post.edited)] {
        for when in times {
            let _ = writeln!(
                out,
                "    {word} {:?} {} .. {} {:?} {:?}",
                when.verbatim, when.interval.earliest, when.interval.latest, when.clock, when.zone
            );
        }
    }
    let _ = writeln!(out, "    {:?}", post.text);
    if let Some(service) = &post.service {
        let _ = writeln!(out, "    service {service}");
    }
    for file in &post.attached {
        let _ = writeln!(out, "    {file:?}");
    }
    if let Some(reply) = &post.reply_to {
        let _ = writeln!(out, "    {reply:?}");
    }
    if let Some(forward) = &post.forwarded {
        let posted = forward.posted.as_ref().map(|w| w.interval.earliest.to_string());
        let _ = writeln!(
            out,
            "    forwarded from {:?} {:?} {:?} {posted:?}",
            forward.from, forward.from_id, forward.native_id
        );
    }
    if post.deleted {
        out.push_str("    deleted\n");
    }
}
