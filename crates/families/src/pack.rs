//! Features as bytes: 49 each, so at most 44,100 for a picture.

use crate::code::Code;
use crate::features::{Feature, MOST};

const EACH: usize = 49;

/// Features as bytes, little-endian: x, y, scale, angle, the eight words of the code, dark.
pub fn pack(features: &[Feature]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(features.len() * EACH);
    for feature in features {
        for value in [feature.x, feature.y, feature.scale, feature.angle] {
            bytes.extend(value.to_le_bytes());
        }
        feature.code.0.iter().for_each(|word| bytes.extend(word.to_le_bytes()));
        bytes.push(u8::from(feature.dark));
    }
    bytes
}

/// The features that [`pack`] made bytes of; `None` if the bytes are of something else.
pub fn unpack(bytes: &[u8]) -> Option<Vec<Feature>> {
    let (chunks, rest) = bytes.as_chunks::<EACH>();
    if !rest.is_empty() || chunks.len() > MOST {
        return None;
    }
    let read = |chunk: &[u8; EACH]| {
        let word = |k: usize| u32::from_le_bytes(std::array::from_fn(|n| chunk[4 * k + n]));
        let number = |k: usize| Some(f32::from_bits(word(k))).filter(|value| value.is_finite());
        let code = Code(std::array::from_fn(|k| word(4 + k)));
        let scale = number(2).filter(|scale| *scale > 0.0)?;
        Some(Feature {
            x: number(0)?,
            y: number(1)?,
            scale,
            angle: number(3)?,
            dark: chunk[EACH - 1] != 0,
            code,
        })
    };
    chunks.iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comes_back_as_it_was() {
        let code = Code([1, 2, 3, 4, 5, 6, 7, u32::MAX]);
        let features = vec![Feature { x: 1.5, y: -2.0, scale: 3.25, angle: 0.1, dark: true, code }; 3];
        assert_eq!(unpack(&pack(&features)).unwrap(), features);
        assert!(unpack(&[0; 50]).is_none());
        assert!(unpack(&[255; 49]).is_none());
    }
}
