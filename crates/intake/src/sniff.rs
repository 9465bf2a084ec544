use model::Kind;

/// What a file is, by its first bytes (up to 64 KiB) alone.
pub fn sniff(head: &[u8]) -> Kind {
    if head.is_empty() {
        return Kind::Empty;
    }
    picture(head)
        .or_else(|| container(head))
        .or_else(|| media(head))
        .or_else(|| archive(head))
        .or_else(|| text(head))
        .unwrap_or(Kind::Unknown)
}

fn picture(head: &[u8]) -> Option<Kind> {
    match head {
        [0xFF, 0xD8, 0xFF, ..] => Some(Kind::Jpeg),
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Some(Kind::Png),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Kind::Gif),
        [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => Some(Kind::Tiff),
        [b'B', b'M', ..] if matches!(word(head, 14), Some(12 | 16 | 40 | 52 | 56 | 64 | 108 | 124)) => {
            Some(Kind::Bmp)
        }
        _ => None,
    }
}

fn word(head: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(head.get(at..at + 4)?.try_into().ok()?))
}

/// RIFF and ISO base media files name what they hold.
fn container(head: &[u8]) -> Option<Kind> {
    let name = head.get(8..12)?;
    if head.starts_with(b"RIFF") {
        return match name {
            b"WEBP" => Some(Kind::Webp),
            b"WAVE" | b"AVI " => Some(Kind::Media),
            _ => None,
        };
    }
    if head.get(4..8)? != b"ftyp" {
        return matches!(&head[4..8], b"moov" | b"mdat" | b"wide" | b"skip").then_some(Kind::Media);
    }
    let size = u32::from_be_bytes(head.get(..4)?.try_into().ok()?) as usize;
    let brands = head.get(8..size.clamp(12, 256).min(head.len()))?;
    let compatible = || brands.chunks_exact(4).skip(2).chain([name]);
    let has = |wanted: &[&[u8; 4]]| compatible().any(|brand| wanted.iter().any(|w| brand == *w));
    match name {
        b"avif" | b"avis" => Some(Kind::Avif),
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" => Some(Kind::Heic),
        b"mif1" | b"msf1" if has(&[b"avif", b"avis"]) => Some(Kind::Avif),
        b"mif1" | b"msf1" => Some(Kind::Heic),
        b"crx " => None,
        _ => Some(Kind::Media),
    }
}

fn media(head: &[u8]) -> Option<Kind> {
    const STARTS: &[&[u8]] = &[
        b"OggS",
        b"fLaC",
        b"ID3",
        b"\x1A\x45\xDF\xA3",
        b"#!AMR",
        b"MThd",
        b"FLV\x01",
        b"\x30\x26\xB2\x75\x8E\x66\xCF\x11",
        b"FORM",
    ];
    let mpeg = matches!(head, [0xFF, second, third, ..] if second & 0xE0 == 0xE0 && matches!(second & 0x06, 2 | 4) && third & 0xF0 != 0xF0)
        || matches!(head, [0xFF, 0xF1 | 0xF9, ..])
        || head.starts_with(b"\0\0\x01\xBA");
    (mpeg || STARTS.iter().any(|start| head.starts_with(start))).then_some(Kind::Media)
}

fn archive(head: &[u8]) -> Option<Kind> {
    let early = &head[..head.len().min(1024)];
    if memchr::memmem::find(early, b"%PDF-").is_some() {
        return Some(Kind::Pdf);
    }
    match head {
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Some(Kind::Zip),
        [b'P', b'K', 7, 8, b'P', b'K', 3, 4, ..] => Some(Kind::Zip),
        [0x1F, 0x8B, 8, ..] => Some(Kind::Gzip),
        _ => head.get(..512).filter(|block| crate::archive::is_tar_header(block)).map(|_| Kind::Tar),
    }
}

fn text(head: &[u8]) -> Option<Kind> {
    if head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF") {
        let odd = head.len() % 2;
        let little = head[0] == 0xFF;
        let units = head[2..head.len() - odd].chunks_exact(2).map(|pair| {
            if little {
                u16::from_le_bytes([pair[0], pair[1]])
            } else {
                u16::from_be_bytes([pair[0], pair[1]])
            }
        });
        let strange = units.filter(|unit| *unit < 0x20 && !matches!(unit, 9 | 10 | 12 | 13)).count();
        return (strange == 0).then_some(Kind::Text);
    }
    let body = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    // Text with other things in it.
    if crate::exports::warc::is_warc(head) || (is_mail(head) && memchr::memchr(0, head).is_none()) {
        return Some(Kind::Text);
    }
    if is_json(body) {
        return Some(Kind::Json);
    }
    let readable = match std::str::from_utf8(head) {
        Ok(_) => true,
        Err(e) => e.error_len().is_none(),
    };
    let strange = head.iter().filter(|b| **b < 0x20 && !matches!(b, 9 | 10 | 12 | 13 | 27)).count();
    let early = body[..body.len().min(4096)].to_ascii_lowercase();
    let has = |tag: &[u8]| memchr::memmem::find(&early, tag).is_some();
    let svg = early.starts_with(b"<svg")
        || (has(b"<svg") && (early.starts_with(b"<?xml") || has(b"<!doctype svg")));
    let html = early.starts_with(b"<!doctype html") || early.starts_with(b"<html");
    match body.first() {
        Some(b'<') if svg && !html => Some(Kind::Svg),
        Some(b'<') if html || has(b"<html") || has(b"<head") || has(b"<body") => Some(Kind::Html),
        _ => (readable && strange == 0).then_some(Kind::Text),
    }
}

fn is_mail(head: &[u8]) -> bool {
    crate::exports::mail::is_mail(head) || crate::exports::mail::is_mailbox(head)
}

/// Whether it begins as an object or a list does. What follows may be damaged, and is still JSON.
fn is_json(body: &[u8]) -> bool {
    let Some((first, rest)) = body.split_first() else { return false };
    let next = rest.trim_ascii_start().first().copied();
    match first {
        b'{' => matches!(next, None | Some(b'"' | b'}')),
        b'[' => {
            let word = rest.trim_ascii_start();
            let literal = [&b"true"[..], b"false", b"null"].iter().any(|w| word.starts_with(w));
            let number = || {
                let end =
                    word.iter().position(|b| !matches!(b, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E'));
                end.is_some_and(|n| {
                    // A date is no number.
                    let number = std::str::from_utf8(&word[..n])
                        .is_ok_and(|n| n.parse::<serde_json::Number>().is_ok());
                    number && matches!(word[n..].trim_ascii_start().first(), Some(b',' | b']'))
                })
            };
            matches!(next, None | Some(b'{' | b'[' | b'"' | b']')) || literal || number()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_tells() {
        let check = |head: &[u8], kind| assert_eq!(sniff(head), kind, "{:?}", String::from_utf8_lossy(head));
        check(b"", Kind::Empty);
        check(b"\xFF\xD8\xFF\xE0", Kind::Jpeg);
        check(b"\x89PNG\r\n\x1a\n", Kind::Png);
        check(b"GIF89a", Kind::Gif);
        check(b"RIFF\x10\0\0\0WEBPVP8 ", Kind::Webp);
        check(b"RIFF\x10\0\0\0WAVEfmt ", Kind::Media);
        check(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", Kind::Heic);
        check(b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf", Kind::Avif);
        check(b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", Kind::Heic);
        check(b"\0\0\0\x18ftypisom\0\0\0\0isommp42", Kind::Media);
        check(b"II*\0\x08\0\0\0", Kind::Tiff);
        check(b"BMW is a car", Kind::Text);
        check(b"junk\n%PDF-1.4", Kind::Pdf);
        check(b"PK\x03\x04", Kind::Zip);
        check(b"\x1f\x8b\x08\0", Kind::Gzip);
        check(b"\xEF\xBB\xBF {\n\"a\":1}", Kind::Json);
        check(b"[1, 2]", Kind::Json);
        check(b"[12:30] hello", Kind::Text);
        check(b"[2019-12-24, 12:23] Jane: hello", Kind::Text);
        check(b"From: a@b\r\nDate: x\r\nSubject: gr\xfc\xdfe\r\n\r\n\xfc", Kind::Text);
        check(b"WARC/1.0\r\nWARC-Type: response\r\n\0\0", Kind::Text);
        check(b"{curly} text", Kind::Text);
        check(b"<!-- x --><html>", Kind::Html);
        check(b"<?xml version='1.0'?><svg>", Kind::Svg);
        check("grüße".as_bytes(), Kind::Text);
        check(&"grüße".as_bytes()[..4], Kind::Text);
        check(b"\xFF\xFEa\0b\0", Kind::Text);
        check(b"\0\x01\x02\x03\x04\x05", Kind::Unknown);
        check(&[0; 1024], Kind::Unknown);
    }
}
