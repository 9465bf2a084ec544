use std::borrow::Cow;

/// Mends what known exporters write instead of JSON: `\xNN` (Telegram Desktop, issue 27571) becomes `\u00NN`,
/// bare texts (issues 24961, 24984) are quoted; halves of surrogate pairs and invalid UTF-8 become U+FFFD, raw tabs
/// and line ends in strings are escaped. None where there was nothing to mend.
pub fn mend(bytes: &[u8]) -> Option<Vec<u8>> {
    let text = String::from_utf8_lossy(bytes);
    let mut out = String::with_capacity(text.len() + 64);
    let mut changed = matches!(text, Cow::Owned(_));
    let mut rest: &str = &text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => string(rest, &mut out, &mut changed),
            '{' | '}' | '[' | ']' | ',' | ':' | ' ' | '\t' | '\r' | '\n' => {
                out.push(first);
                1
            }
            _ => bare(rest, &mut out, &mut changed),
        };
        rest = rest.get(length.max(first.len_utf8())..).unwrap_or_default();
    }
    changed.then(|| out.into_bytes())
}

/// Copies the string that `text` begins with; how many bytes it took.
fn string(text: &str, out: &mut String, changed: &mut bool) -> usize {
    out.push('"');
    let mut at = 1;
    while let Some(next) = text[at..].chars().next() {
        match next {
            '"' => {
                out.push('"');
                return at + 1;
            }
            '\\' => at += escape(&text[at..], out, changed),
            '\t' | '\n' | '\r' => {
                out.push_str(match next {
                    '\t' => "\\t",
                    '\n' => "\\n",
                    _ => "\\r",
                });
                *changed = true;
                at += 1;
            }
            _ => {
                out.push(next);
                at += next.len_utf8();
            }
        }
    }
    at
}

fn hex(text: &str, from: usize, digits: usize) -> Option<u32> {
    let digits = text.get(from..from + digits)?;
    digits.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
}

/// Copies the escape that `text` begins with; how many bytes it took.
fn escape(text: &str, out: &mut String, changed: &mut bool) -> usize {
    let kind = text[1..].chars().next();
    match (kind, hex(text, 2, 4)) {
        (Some('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't'), _) => {
            out.push_str(&text[..2]);
            2
        }
        (Some('u'), Some(0xD800..0xDC00)) => {
            let low = text.get(6..8) == Some("\\u") && matches!(hex(text, 8, 4), Some(0xDC00..0xE000));
            out.push_str(if low { &text[..12] } else { "\u{FFFD}" });
            *changed |= !low;
            if low { 12 } else { 6 }
        }
        (Some('u'), Some(0xDC00..0xE000)) => {
            out.push('\u{FFFD}');
            *changed = true;
            6
        }
        (Some('u'), Some(_)) => {
            out.push_str(&text[..6]);
            6
        }
        _ => {
            *changed = true;
            match (kind, text.get(2..4).filter(|_| hex(text, 2, 2).is_some())) {
                (Some('x'), Some(digits)) => {
                    out.push_str("\\u00");
                    out.push_str(digits);
                    4
                }
                _ => {
                    out.push_str("\\\\");
                    1
                }
            }
        }
    }
}

/// Copies the number, word or bare text that `text` begins with, quoting the last; how many bytes it took.
fn bare(text: &str, out: &mut String, changed: &mut bool) -> usize {
    let mut end = 0;
    loop {
        end += text[end..]
            .find(|c: char| c < ' ' || matches!(c, ',' | '}' | ']' | '"'))
            .unwrap_or(text.len() - end);
        let mut next = text[end..].chars();
        let sentence = next.next() == Some(',')
            && next.next() == Some(' ')
            && next.next().is_some_and(|c| c.is_ascii_alphabetic());
        let number = text.starts_with(|c: char| c == '-' || c.is_ascii_digit());
        if !sentence || number {
            break;
        }
        end += 1;
    }
    let word = text[..end].trim_end();
    let valid = matches!(word, "true" | "false" | "null") || word.parse::<serde_json::Number>().is_ok();
    if valid || word.is_empty() {
        out.push_str(&text[..end]);
    } else {
        out.push_str(&serde_json::Value::from(word).to_string());
        *changed = true;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(broken: &str, mended: &str) {
        assert_eq!(mend(broken.as_bytes()).map(|m| String::from_utf8(m).unwrap()).as_deref(), Some(mended));
        serde_json::from_str::<serde_json::Value>(mended).unwrap();
    }

    #[test]
    fn known_ways_of_breaking_json() {
        check(r#"{"a":"x\x1Fy"}"#, r#"{"a":"x\u001Fy"}"#);
        check("{\"d\": video_files/s.webm,\n\"e\":1}", "{\"d\": \"video_files/s.webm\",\n\"e\":1}");
        check(
            "{\"d\": (File unavailable, please try again later),\"e\":1}",
            "{\"d\": \"(File unavailable, please try again later)\",\"e\":1}",
        );
        check(r#"["\uD83E x","\uDD76","\ud83e\udd76"]"#, "[\"\u{FFFD} x\",\"\u{FFFD}\",\"\\ud83e\\udd76\"]");
        check("[\"a\tb\"]", r#"["a\tb"]"#);
        check(r#"["\q"]"#, r#"["\\q"]"#);
    }

    #[test]
    fn sound_json_is_left_alone() {
        for sound in [r#"{"a":[1,-2.5e3,true,null,"\u00e9\n"],"b":{}}"#, "7", "\"x\""] {
            assert_eq!(mend(sound.as_bytes()), None, "{sound}");
        }
        assert!(mend(b"[\"\xff\"]").is_some());
    }
}
