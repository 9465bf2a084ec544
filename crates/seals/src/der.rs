//! As much of ASN.1 (ITU-T X.690, DER) as certificates and time stamps need.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

/// A value with its tag.
#[derive(Clone, Copy, Debug)]
pub struct Node<'a> {
    /// Which kind of value.
    pub tag: u8,
    /// Its bytes, tag and length with them.
    pub all: &'a [u8],
    /// Its bytes alone.
    pub body: &'a [u8],
}

/// The values that follow each other; ends at the first that makes no sense.
#[derive(Clone, Debug)]
pub struct Nodes<'a>(pub &'a [u8]);

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

    /// Whether this is the object identifier with these bytes.
    pub fn is_oid(self, oid: &[u8]) -> bool {
        self.tag == 6 && self.body == oid
    }

    /// Whether this is a list that begins with this object identifier.
    pub fn begins(self, oid: &[u8]) -> bool {
        self.within(0).is_some_and(|first| first.is_oid(oid))
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

/// A value as it is written.
pub fn put(tag: u8, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let mut out = vec![tag];
    match length {
        0..=127 => out.push(length as u8),
        128..=255 => out.extend([0x81, length as u8]),
        _ => out.extend([0x82, (length >> 8) as u8, length as u8]),
    }
    out.extend_from_slice(body);
    out
}
