//! Whether a JPEG reaches its own end (ITU-T T.81, annex B).

const START_OF_SCAN: u8 = 0xDA;
const END_OF_IMAGE: u8 = 0xD9;

/// Whether an end-of-image marker stands after the first scan began. In entropy-coded data 0xFF is always stuffed, so
/// that the marker cannot occur by chance; a thumbnail inside EXIF ends before the scan and does not count.
pub(crate) fn has_end(bytes: &[u8]) -> bool {
    let Some(scan) = first_scan(bytes) else {
        return false;
    };
    bytes.get(scan..).is_some_and(|rest| rest.windows(2).any(|pair| pair == [0xFF, END_OF_IMAGE]))
}

fn first_scan(bytes: &[u8]) -> Option<usize> {
    let mut at = 2;
    loop {
        while *bytes.get(at)? != 0xFF {
            at += 1;
        }
        while *bytes.get(at)? == 0xFF {
            at += 1;
        }
        let marker = *bytes.get(at)?;
        at += 1;
        if marker == START_OF_SCAN {
            return Some(at);
        }
        let alone = matches!(marker, 0x00 | 0x01 | 0xD0..=0xD8);
        if !alone {
            let length = usize::from(u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]));
            at += length.max(2);
        }
    }
}
