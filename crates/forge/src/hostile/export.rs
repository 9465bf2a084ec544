//! Chat exports that are very long, cut, or written wrong.

use crate::chat::discord::{self, message, snowflake};
use crate::clock::{Day, Moment};
use crate::rng::Rng;
use crate::words;
use std::io::{self, Write};

/// How long an export is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amount {
    /// So many messages.
    Messages(u64),
    /// So many bytes at the least, ending after a whole message.
    Bytes(u64),
}

/// Streams the JSON of one Discord channel into `out`, in constant memory; returns the number of messages.
///
/// # Errors
/// If `out` refuses the bytes.
pub fn discord_stream(out: &mut impl Write, amount: Amount) -> io::Result<u64> {
    let mut rng = Rng::new(52);
    let head = discord::head("Long Quay", 1_010_101_010_101_010_101, "log", 1_010_101_010_101_010_202);
    out.write_all(head.as_bytes())?;
    let (mut count, mut bytes) = (0_u64, head.len() as u64);
    let accounts: Vec<String> =
        (0..40).map(|_| words::person(&mut rng).name.to_lowercase().replace(' ', ".")).collect();
    let texts: Vec<String> = (0..500).map(|_| words::Affair::new(&mut rng).sentence(&mut rng)).collect();
    let mut when = Moment::noon(Day::new(2021, 3, 1));
    while match amount {
        Amount::Messages(n) => count < n,
        Amount::Bytes(n) => bytes < n,
    } {
        when = when.plus_minutes(rng.range(0.01, 4.0));
        let id = snowflake(when, count).to_string();
        let json =
            serde_json::to_vec(&message(id, when, &accounts[rng.below(40)], texts[rng.below(500)].clone()))?;
        if count > 0 {
            out.write_all(b",")?;
        }
        out.write_all(b"\n")?;
        out.write_all(&json)?;
        count += 1;
        bytes += json.len() as u64 + 2;
    }
    out.write_all(format!("\n],\"messageCount\":{count}}}\n").as_bytes())?;
    Ok(count)
}

/// A Discord export of 40 messages that breaks off inside the text of the 31st: 30 can be saved.
#[must_use]
pub fn discord_cut() -> Vec<u8> {
    let mut whole = Vec::new();
    // Writing to a vector cannot fail.
    let _ = discord_stream(&mut whole, Amount::Messages(40));
    let last =
        whole.windows(10).enumerate().filter(|(_, w)| w == b"\"content\":").nth(30).map_or(0, |(at, _)| at);
    whole.truncate(last + 20);
    whole
}

/// A Discord export whose ids are numbers, not strings, beyond 2^53: read as floating point, its three messages become one.
#[must_use]
pub fn discord_bare_numbers() -> Vec<u8> {
    let when = Moment::noon(Day::new(2026, 2, 2));
    let messages: Vec<String> = (0..3)
        .filter_map(|k| {
            let id = snowflake(when, 64 + k).to_string();
            let text =
                serde_json::to_string(&message(id.clone(), when, "barnacle", format!("number {k}"))).ok()?;
            Some(text.replacen(&format!("\"{id}\""), &id, 1))
        })
        .collect();
    let head = discord::head("Long Quay", 1_010_101_010_101_010_101, "log", 1_010_101_010_101_010_202);
    format!("{head}{}],\"messageCount\":3}}", messages.join(",")).into_bytes()
}

/// A Telegram export with the faults of its writer: control characters as `\xNN`, and a `document_id` without quotes.
/// Repaired, it has four messages.
#[must_use]
pub fn telegram_repairable() -> Vec<u8> {
    let head = r#"{"name": "Broken Lamp", "type": "public_channel", "id": 1700000777, "messages": ["#;
    let one = |id: u32, text: &str, entities: &str| {
        format!(
            r#"{{"id": {id}, "type": "message", "date": "2026-02-0{id}T10:00:00", "date_unixtime": "{}", "from": "Broken Lamp", "from_id": "channel1700000777", "text": {text}, "text_entities": {entities}}}"#,
            Moment::noon(Day::new(2026, 2, i64::from(id))).0 / 1000 - 18_000
        )
    };
    let plain = |text: &str| (format!("\"{text}\""), format!(r#"[{{"type": "plain", "text": "{text}"}}]"#));
    let (a, b) = plain("a plain line");
    let (c, d) = plain(r"a line with \x1F and \x0B in it, and a \\x1F that is none");
    let emoji =
        r#"[{"type": "custom_emoji", "text": "*", "document_id": video_files/sticker.webm}, " done"]"#;
    let (g, h) = plain("the last line");
    let messages = [one(1, &a, &b), one(2, &c, &d), one(3, emoji, "[]"), one(4, &g, &h)];
    format!("{head}\n{}\n]}}\n", messages.join(",\n")).into_bytes()
}
