//! How received text, times and sizes are shown. Received text is hostile: it is escaped, its control characters are made
//! visible, it is cut at a length, and it stands in a `bdi` so that its direction stays its own.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use maud::{Markup, Render};
use texts::{Piece, filled, html, mark, pieces};

use crate::told::{Time, Window};

/// A name, path or address: one line.
pub fn name(text: &str) -> Markup {
    html! { bdi { (Shown { text, most: 180, lines: false }) } }
}

/// Words of a post: line breaks stay.
pub fn words(text: &str) -> Markup {
    html! { bdi .words { (Shown { text, most: 600, lines: true }) } }
}

/// For attributes and SVG, where no element can stand.
pub fn plain(text: &str, most: usize) -> Shown<'_> {
    Shown { text, most, lines: false }
}

/// Text made safe to show.
pub struct Shown<'a> {
    text: &'a str,
    most: usize,
    lines: bool,
}

impl Render for Shown<'_> {
    fn render_to(&self, to: &mut String) {
        for character in self.text.chars().take(self.most) {
            match character {
                '&' => to.push_str("&amp;"),
                '<' => to.push_str("&lt;"),
                '>' => to.push_str("&gt;"),
                '"' => to.push_str("&quot;"),
                '\n' if self.lines => to.push('\n'),
                // U+2400 and on are pictures of the control characters.
                '\0'..='\x1f' => to.extend(char::from_u32(0x2400 + character as u32)),
                _ if is_unseen(character) => to.push_str(&format!("[U+{:04X}]", character as u32)),
                _ => to.push(character),
            }
        }
        if self.text.len() > self.most {
            let left = self.text.chars().count().saturating_sub(self.most);
            if left > 0 {
                to.push_str(&format!(
                    "… [{}]",
                    filled("{n} more characters", &[("n", &number(left as u64))])
                ));
            }
        }
    }
}

/// Characters that turn the direction of text, or hide in it.
fn is_unseen(character: char) -> bool {
    matches!(character, '\x7f'..='\u{9f}' | '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0e}' | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Digits in groups of three.
pub fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// "1 post", "2,000 posts".
pub fn counted(count: usize, one: &'static str, many: &'static str) -> String {
    format!("{} {}", number(count as u64), texts::count(count as u64, one, many))
}

/// In UTC.
pub fn civil(at: Timestamp) -> DateTime {
    Offset::UTC.to_datetime(at)
}

/// `2023-01-27 13:56:33`, in UTC, cut to the second.
pub fn second(at: Timestamp) -> String {
    let at = civil(at);
    let (date, time) = (at.date(), at.time());
    format!("{date} {:02}:{:02}:{:02}", time.hour(), time.minute(), time.second())
}

const SAME_DAY: &str = mark("{from} to {to}");
const DAYS: &str = mark("between {from} and {to}");

/// A window in words: one instant where it is no wider than a second.
pub fn window(window: &Window) -> String {
    let (from, to) = (second(window.earliest), second(window.latest));
    if width(window) <= 1.0 {
        format!("{from} UTC")
    } else if from[..10] == to[..10] {
        format!("{} UTC", filled(SAME_DAY, &[("from", &from), ("to", &&to[11..])]))
    } else {
        format!("{} UTC", filled(DAYS, &[("from", &from), ("to", &to)]))
    }
}

/// In seconds.
pub fn width(window: &Window) -> f64 {
    window.latest.as_duration().as_secs_f64() - window.earliest.as_duration().as_secs_f64()
}

/// A window as an element; without one, that none is known.
pub fn when(when: Option<&Window>) -> Markup {
    html! {
        @match when {
            Some(when) => time datetime=(when.earliest) { (unbroken(when)) },
            None => span .muted { "time not known" },
        }
    }
}

/// A window's words with each instant kept on one line.
fn unbroken(window: &Window) -> Markup {
    let (from, to) = (second(window.earliest), second(window.latest));
    if width(window) <= 1.0 {
        return html! { span { (from) " UTC" } };
    }
    let (words, to) = if from[..10] == to[..10] { (SAME_DAY, &to[11..]) } else { (DAYS, to.as_str()) };
    html! {
        @for piece in pieces(words) {
            @match piece {
                Piece::Words(words) => (words),
                Piece::Place("from") => span { (from) },
                Piece::Place(_) => span { (to) " UTC" },
            }
        }
    }
}

/// The time a window was read from, as it stands in the material.
pub fn verbatim(times: &[Time], of: Option<&Window>) -> Markup {
    let time = times.iter().find(|time| Some(&time.window) == of);
    html! {
        @if let Some(time) = time {
            span .verbatim title=(format!("{}; {}", time.clock.shown(), time.zone.shown())) {
                "“" (name(&time.verbatim)) "”"
            }
        }
    }
}

/// An id as an anchor: its word and its first twelve digits.
pub fn anchor(id: &str) -> String {
    let (word, digits) = id.split_once(':').unwrap_or(("x", id));
    let safe =
        |text: &str, most| text.chars().filter(char::is_ascii_alphanumeric).take(most).collect::<String>();
    format!("{}-{}", safe(word, 8), safe(digits, 12))
}

/// An id cut to what people quote, whole in its title.
pub fn short(id: &str) -> Markup {
    let end = id.find(':').map_or(12, |colon| colon + 13);
    let cut: String = id.chars().take(end).collect();
    html! { code .id title=(plain(id, 100)) { (plain(&cut, 100)) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_made_safe() {
        let shown = |text| plain(text, 20).render().into_string();
        assert_eq!(shown("<b>\"&\0\u{202e}x"), "&lt;b&gt;&quot;&amp;\u{2400}[U+202E]x");
        assert_eq!(shown("0123456789012345678901"), "01234567890123456789… [2 more characters]");
        assert_eq!(shown("é".repeat(20).as_str()), "é".repeat(20));
    }

    #[test]
    fn windows_in_words() {
        let of =
            |a: &str, b: &str| window(&Window { earliest: a.parse().unwrap(), latest: b.parse().unwrap() });
        assert_eq!(of("2023-01-27T13:56:33.2Z", "2023-01-27T13:56:33.9Z"), "2023-01-27 13:56:33 UTC");
        assert_eq!(of("2023-01-27T13:00:00Z", "2023-01-27T14:00:00Z"), "2023-01-27 13:00:00 to 14:00:00 UTC");
        assert_eq!(
            of("2023-01-27T13:00:00Z", "2023-01-28T14:00:00Z"),
            "between 2023-01-27 13:00:00 and 2023-01-28 14:00:00 UTC"
        );
        assert_eq!((number(1), number(1234567)), ("1".to_owned(), "1,234,567".to_owned()));
    }
}
