//! Each check of the attack by itself, on the smallest file that has the fault: take one out, and a test here fails.

#![allow(clippy::unwrap_used)]

use std::io::Write;

use flate2::{Compression, write::ZlibEncoder};
use image::{GrayImage, Rgb, RgbImage};
use redaction::{
    Area, Container, Page, Scan, Seen, Term, Terms, Weakness, attack, container, laid_on, png, scan,
};

fn scanned(bytes: &[u8]) -> Scan {
    scan(container(bytes).unwrap(), bytes)
}

/// What is found, with its particulars.
fn told(bytes: &[u8]) -> Vec<(Weakness, String)> {
    scanned(bytes).findings.into_iter().map(|finding| (finding.weakness, finding.detail)).collect()
}

fn only(bytes: &[u8], weakness: Weakness, detail: &str) {
    assert_eq!(told(bytes), [(weakness, detail.to_owned())]);
}

/// A PDF of these dictionaries and streams.
fn pdf(body: &str) -> Vec<u8> {
    format!("%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n{body}\n%%EOF\n").into_bytes()
}

fn stream(head: &str, data: &[u8]) -> Vec<u8> {
    let mut out = format!("%PDF-1.7\n4 0 obj\n<< {head} >>\nstream\n").into_bytes();
    out.extend(data);
    out.extend(b"\nendstream\nendobj\n%%EOF\n");
    out
}

fn packed(data: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn what_dictionaries_of_a_pdf_say_is_named() {
    assert!(told(&pdf("2 0 obj\n<< /Type /Page >>\nendobj")).is_empty());
    let table = [
        ("/Encrypt 9 0 R", Weakness::Closed, "it is encrypted"),
        ("/Annots [5 0 R]", Weakness::Annotations, ""),
        ("/Type /Annot", Weakness::Annotations, ""),
        (
            "/Type /Annot /Subtype /Redact",
            Weakness::Annotations,
            "redactions that were marked and not applied",
        ),
        ("/Info 3 0 R", Weakness::Metadata, "document information"),
        ("/Metadata 3 0 R", Weakness::Metadata, "XMP"),
        ("/Thumb 3 0 R", Weakness::Thumbnail, "a page's"),
        ("/Font << /F1 6 0 R >>", Weakness::TextObjects, "fonts"),
        ("/SMask 7 0 R", Weakness::Transparency, "a mask"),
        ("/Mask 7 0 R", Weakness::Transparency, "a mask"),
        ("/EmbeddedFile", Weakness::Parts, "attached files"),
        ("/JavaScript", Weakness::Parts, "scripts"),
        ("/AcroForm 8 0 R", Weakness::Parts, "a form"),
        ("/OCProperties << >>", Weakness::Parts, "layers that can be switched off"),
        ("/RichMedia", Weakness::Parts, "media"),
        ("/XFA 8 0 R", Weakness::Parts, "a form (XFA)"),
        ("/PieceInfo << >>", Weakness::Parts, "an editor's own data"),
        ("/AF [8 0 R]", Weakness::Parts, "associated files"),
    ];
    for (words, weakness, detail) in table {
        only(&pdf(&format!("2 0 obj\n<< {words} >>\nendobj")), weakness, detail);
    }
    // And where the dictionary is packed with others.
    let objects = packed(b"2 0 << /Annots [5 0 R] >>");
    only(&stream("/Type /ObjStm /Filter /FlateDecode", &objects), Weakness::Annotations, "");
}

#[test]
fn what_a_pdf_draws_is_named() {
    let picture_then_box = b"/Im0 Do 0 0 m 10 10 100 20 re f";
    only(&stream("", picture_then_box), Weakness::DrawnOver, "");
    only(&stream("/Filter /FlateDecode", &packed(picture_then_box)), Weakness::DrawnOver, "");
    only(&stream("/Type /XObject /Subtype /Form", picture_then_box), Weakness::DrawnOver, "");
    // A box before the picture, and a path that only clips, lie over nothing.
    assert!(told(&stream("", b"10 10 100 20 re f /Im0 Do")).is_empty());
    assert!(told(&stream("", b"/Im0 Do 10 10 100 20 re W n f")).is_empty());
    only(&stream("", b"BT (Do re f) Tj ET"), Weakness::TextObjects, "text");
    only(&stream("", b"/Span << >> BDC EMC"), Weakness::Parts, "marked content");
}

#[test]
fn a_pdf_that_cannot_be_taken_apart_says_so() {
    let odd = "a stream is packed in a way that is not looked into";
    only(&stream("/Filter /LZWDecode", b"12345"), Weakness::Closed, odd);
    let cut = stream("", b"abc");
    let cut = &cut[..cut.len() - 20];
    assert!(told(cut).contains(&(Weakness::Closed, "a stream does not end".to_owned())), "{:?}", told(cut));
    let deep = packed(&vec![0; (64 << 20) + 1]);
    only(&stream("/Filter /FlateDecode", &deep), Weakness::Closed, "a stream unpacks to too much");
}

#[test]
fn earlier_states_of_a_pdf_are_named_and_handed_on() {
    let mut twice = pdf("2 0 obj\n<< >>\nendobj");
    let first = twice.len() - 1;
    twice.extend(b"2 0 obj\n<< /Changed true >>\nendobj\n%%EOF\n");
    only(&twice, Weakness::Revisions, "1 of them");
    let parts = scanned(&twice).parts;
    assert_eq!(parts.iter().map(|part| part.bytes.len()).collect::<Vec<_>>(), [first]);
    // A linear file has two ends of its own.
    let linear = pdf("2 0 obj\n<< /Linearized 1 >>\nendobj\n%%EOF");
    assert!(told(&linear).is_empty(), "{:?}", told(&linear));
    let behind = [pdf(""), b"more".to_vec()].concat();
    only(&behind, Weakness::Trailing, "5 of them");
}

#[test]
fn pictures_in_a_pdf_are_handed_on() {
    let raster = RgbImage::from_fn(24, 24, |x, y| Rgb([x as u8 * 9, y as u8 * 9, 3]));
    let raw = raster.as_raw().clone();
    let head = "/Subtype /Image /Width 24 /Height 24 /BitsPerComponent 8 /Filter /FlateDecode";
    let parts = scanned(&stream(head, &packed(&raw))).parts;
    assert_eq!(image::load_from_memory(&parts[0].bytes).unwrap().into_rgb8(), raster);
    let jpeg = forge::raster::jpeg(&raster, 90).unwrap();
    let with = with_segment(&jpeg, 0xFE, b"mine");
    let inside = stream("/Subtype /Image /Filter /DCTDecode", &with);
    only(&inside, Weakness::Metadata, "a comment");
    assert_eq!(scanned(&inside).parts.iter().filter(|part| part.container == Container::Jpeg).count(), 1);
}

/// A JPEG with one more segment at its head.
fn with_segment(jpeg: &[u8], marker: u8, data: &[u8]) -> Vec<u8> {
    let mut out = jpeg[..2].to_vec();
    out.extend([0xFF, marker]);
    out.extend((data.len() as u16 + 2).to_be_bytes());
    out.extend(data);
    out.extend(&jpeg[2..]);
    out
}

#[test]
fn segments_of_a_jpeg_are_named() {
    let jpeg = forge::raster::jpeg(&RgbImage::from_pixel(24, 24, Rgb([1, 2, 3])), 80).unwrap();
    let joined = |head: &[u8]| [head, &jpeg[..]].concat();
    let mut reduced = b"JFIF\0\x01\x01\0\0\x01\0\x01\x02\x02".to_vec();
    reduced.extend([0; 12]);
    let metadata = |detail| vec![(Weakness::Metadata, detail)];
    type Row = (u8, Vec<u8>, Vec<(Weakness, &'static str)>);
    let table: [Row; 11] = [
        (0xE0, reduced, vec![(Weakness::Thumbnail, "JFIF")]),
        (0xE0, joined(b"JFXX\0\x10"), vec![(Weakness::Thumbnail, "JFXX")]),
        (0xE1, b"Exif\0\0MM\0*".to_vec(), metadata("EXIF")),
        (0xE1, joined(b"Exif\0\0MM\0*"), vec![(Weakness::Metadata, "EXIF"), (Weakness::Thumbnail, "EXIF")]),
        (0xE1, b"http://ns.adobe.com/xap/1.0/\0<x/>".to_vec(), metadata("XMP")),
        (
            0xE1,
            b"http://ns.adobe.com/xap/1.0/\0<xmp:Thumbnails/>".to_vec(),
            vec![(Weakness::Metadata, "XMP"), (Weakness::Thumbnail, "XMP")],
        ),
        (0xE2, b"MPF\0".to_vec(), vec![(Weakness::Parts, "further pictures (MPF)")]),
        (
            0xED,
            joined(b"Photoshop 3.0\0"),
            vec![(Weakness::Metadata, "Photoshop or IPTC"), (Weakness::Thumbnail, "Photoshop")],
        ),
        (0xE2, b"ICC_PROFILE\0".to_vec(), Vec::new()),
        (0xE9, b"x".to_vec(), metadata("segment APP9")),
        (0xFE, b"x".to_vec(), metadata("a comment")),
    ];
    for (marker, data, weak) in table {
        let with = with_segment(&jpeg, marker, &data);
        let found = told(&with);
        assert_eq!(found.iter().map(|(weak, what)| (*weak, what.as_str())).collect::<Vec<_>>(), weak);
        let thumbnails = weak.iter().any(|(_, what)| matches!(*what, "JFXX" | "Photoshop"));
        assert_eq!(
            scanned(&with).parts.len(),
            usize::from(thumbnails || weak.contains(&(Weakness::Thumbnail, "EXIF")))
        );
    }
    only(&[&jpeg[..], b"more"].concat(), Weakness::Trailing, "4 of them");
    only(&jpeg[..jpeg.len() - 2], Weakness::Closed, "the picture does not end");
    let cut = with_segment(&jpeg, 0xFE, &[b'x'; 400]);
    only(&cut[..100], Weakness::Closed, "a segment is cut off");
}

#[test]
fn chunks_of_a_png_are_named() {
    let plain = png(&RgbImage::from_pixel(20, 20, Rgb([1, 2, 3]))).unwrap();
    let with = |kind: &[u8], data: &[u8]| {
        let mut out = plain[..33].to_vec();
        out.extend((data.len() as u32).to_be_bytes());
        out.extend(kind);
        out.extend(data);
        out.extend([0; 4]);
        out.extend(&plain[33..]);
        out
    };
    for kind in [b"acTL", b"fcTL", b"fdAT"] {
        only(&with(kind, &[0; 8]), Weakness::Parts, "further frames");
    }
    only(&with(b"eXIf", b"MM\0*"), Weakness::Metadata, "EXIF");
    let thumbnail = with(b"eXIf", &[&b"MM\0*"[..], &plain[..]].concat());
    assert_eq!(told(&thumbnail).len(), 2);
    assert_eq!(scanned(&thumbnail).parts.len(), 1);
    only(&with(b"iTXt", b"x"), Weakness::Metadata, "the chunk iTXt");
    for alpha in [4, 6] {
        let mut clear = plain.clone();
        clear[25] = alpha;
        only(&clear, Weakness::Transparency, "an alpha channel");
    }
    assert!(told(&with(b"gAMA", &[0; 4])).is_empty());
}

const AREA: Area = Area { x: 40, y: 40, width: 80, height: 24 };

/// A white page with a black box.
fn covered() -> RgbImage {
    let mut raster = RgbImage::from_pixel(400, 300, Rgb([255; 3]));
    for (x, y) in (AREA.y..AREA.bottom()).flat_map(|y| (AREA.x..AREA.right()).map(move |x| (x, y))) {
        raster.put_pixel(x, y, Rgb([0; 3]));
    }
    raster
}

fn seen(text: &str, area: Area) -> Seen {
    Seen { text: text.to_owned(), area, doubt: 0.1 }
}

/// What is found on a page with this text layer, and a reader that always sees the same.
fn weak(raster: &RgbImage, layer: &[Seen], read: &[Seen], names: &[&str]) -> Vec<Weakness> {
    let page = Page { number: 0, raster, edge: 0, layer, regions: &[AREA] };
    let terms = Terms(names.iter().filter_map(|name| Term::name(name)).collect());
    let found = attack(&page, &terms, &mut |_: &GrayImage| read.to_vec());
    found.into_iter().map(|finding| finding.weakness).collect()
}

#[test]
fn each_look_at_a_page_finds_what_it_is_for() {
    let elsewhere = Area { x: 200, y: 200, width: 80, height: 24 };
    let page = covered();
    assert!(weak(&page, &[], &[], &["Hrytsenko"]).is_empty());
    assert_eq!(weak(&page, &[seen("a", AREA)], &[], &[]), [Weakness::TextUnder]);
    assert!(weak(&page, &[seen("Hrytsenko", elsewhere)], &[], &[]).is_empty());
    let named = weak(&page, &[seen("Hrytsenko", elsewhere)], &[], &["Hrytsenko"]);
    assert_eq!(named, [Weakness::TextElsewhere]);
    let read = weak(&page, &[], &[seen("Hrytsenk0", elsewhere)], &["Hrytsenko"]);
    assert_eq!(read, [Weakness::StillRead]);
    // One level in one channel of one pixel; and then a whole letter's worth.
    let mut uneven = page.clone();
    uneven.put_pixel(60, 50, Rgb([0, 0, 1]));
    assert_eq!(weak(&uneven, &[], &[], &[]), [Weakness::Uneven]);
    uneven.put_pixel(60, 50, Rgb([1; 3]));
    assert_eq!(weak(&uneven, &[], &[seen("secret", AREA)], &[]), [Weakness::Uneven, Weakness::Readable]);
    // Two letters, or much doubt, are not read.
    assert_eq!(weak(&uneven, &[], &[seen("se", AREA)], &[]), [Weakness::Uneven]);
    let doubted = Seen { doubt: 0.9, ..seen("secret", AREA) };
    assert_eq!(weak(&uneven, &[], &[doubted], &[]), [Weakness::Uneven]);
    uneven.put_pixel(60, 50, Rgb([0, 90, 0]));
    assert_eq!(weak(&uneven, &[], &[], &[]), [Weakness::Uncovered]);
}

#[test]
fn stretched_both_ways_before_it_is_read() {
    let mut raster = covered();
    // Letters one level lighter than the box.
    for x in 60..70 {
        raster.put_pixel(x, 50, Rgb([1; 3]));
    }
    let page = Page { number: 0, raster: &raster, edge: 0, layer: &[], regions: &[AREA] };
    let mut looked: Vec<GrayImage> = Vec::new();
    attack(&page, &Terms::default(), &mut |grey: &GrayImage| {
        looked.push(grey.clone());
        Vec::new()
    });
    // Two of the region, full contrast, one the other's negative; then the page.
    assert_eq!(looked.len(), 3);
    let middle = |grey: &GrayImage| grey.get_pixel(grey.width() / 2, 30).0[0];
    assert_eq!((middle(&looked[0]), middle(&looked[1])), (0, 255));
    // What was one level lighter is white on the one, and black on the other.
    let letter = |grey: &GrayImage| (60..72).map(|y| grey.get_pixel(124, y).0[0]).collect::<Vec<_>>();
    assert!(letter(&looked[0]).contains(&255) && letter(&looked[1]).contains(&0));
    assert_eq!(looked[2].dimensions(), raster.dimensions());
}

#[test]
fn a_part_that_shows_the_place_is_told_from_one_that_does_not() {
    let raster = covered();
    let page = Page { number: 0, raster: &raster, edge: 0, layer: &[], regions: &[AREA] };
    let half = |raster: &RgbImage| image::imageops::thumbnail(raster, 200, 150);
    assert!(laid_on(&half(&raster), "a part", &page).is_empty());
    // Paper where the page has a box; ink where it has one colour.
    let white = RgbImage::from_pixel(400, 300, Rgb([255; 3]));
    let mut inked = raster.clone();
    for (x, y) in (48..58).flat_map(|y| (60..100).step_by(4).map(move |x| (x, y))) {
        (0..2).for_each(|n| inked.put_pixel(x + n, y, Rgb([255; 3])));
    }
    for shows in [white, inked] {
        let found = laid_on(&half(&shows), "a part", &page);
        assert_eq!(found.iter().map(|one| one.weakness).collect::<Vec<_>>(), [Weakness::PartShows]);
    }
    let other_shape = RgbImage::from_pixel(300, 300, Rgb([255; 3]));
    assert!(laid_on(&other_shape, "a part", &page).is_empty());
}
