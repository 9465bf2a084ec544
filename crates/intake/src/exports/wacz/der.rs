//! As much of ASN.1 (ITU-T X.690, DER) as certificates and time stamps need.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

/// A value with its tag.
#[derive(Clone, Copy)]
pub(super) struct Node<'a> {
    pub tag: u8,
    /// Its bytes, tag and length with them.
    pub all: &'a [u8],
    pub body: &'a [u8],
}

/// The values that follow each other; ends at the first that makes no sense.
pub(super) struct Nodes<'a>(pub &'a [u8]);

impl<'a> Iterator for Nodes<'a> {
    type Item = Node<'a>;

    fn next(&mut self) -> Option<Node<'a>> {
        let (tag, first) = (*self.0.first()?, usize::from(*self.0.get(1)?));
        let (head, length) = match first {
            0..=127 => (2, first),
            // Longer lengths take up to four bytes here.
            129..=132 => {
                let bytes = self.0.get(2..2 + first - 128)?;
                (2 + bytes.len(), bytes.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)))
            }
            _ => return None,
        };
        let (all, rest) = self.0.split_at_checked(head.checked_add(length)?)?;
        self.0 = rest;
        Some(Node { tag, all, body: all.get(head..)? })
    }
}

impl<'a> Node<'a> {
    /// The value `number` within it, from 0.
    pub fn within(self, number: usize) -> Option<Node<'a>> {
        Nodes(self.body).nth(number)
    }

    /// A time: UTCTime or GeneralizedTime, to the second, in UTC.
    pub fn time(self) -> Option<Timestamp> {
        let text = std::str::from_utf8(self.body).ok().filter(|text| text.is_ascii())?;
        let text = match self.tag {
            0x17 => format!("{}{text}", if text.get(..2)? < "50" { "20" } else { "19" }),
            0x18 => text.to_owned(),
            _ => return None,
        };
        let part = |from: usize, to: usize| text.get(from..to)?.parse::<i16>().ok();
        let small = |from: usize, to: usize| i8::try_from(part(from, to)?).ok();
        let (year, month, day) = (part(0, 4)?, small(4, 6)?, small(6, 8)?);
        let (hour, minute, second) = (small(8, 10)?, small(10, 12)?, small(12, 14)?);
        let time = DateTime::new(year, month, day, hour, minute, second, 0).ok()?;
        Offset::UTC.to_timestamp(time).ok().filter(|_| text.ends_with('Z'))
    }
}
