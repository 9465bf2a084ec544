//! Small files that open into large ones. All of them hold zeros only, and are valid to the last checksum.

use super::archive::{Entry, zip};
use flate2::{Compress, Compression, Crc, FlushCompress};

const MEBIBYTE: u64 = 1 << 20;

/// A PNG whose header claims `width` x `height` true-colour pixels, with next to nothing behind it.
#[must_use]
pub fn png_claiming(width: u32, height: u32) -> Vec<u8> {
    png(width, height, 8, 2, &zlib(1000))
}

/// A PNG of `side` x `side` pixels, one bit grey: whole, valid and black; about 440 kB at 60,000, and 10.8 GB as RGB.
#[must_use]
pub fn png_bomb(side: u32) -> Vec<u8> {
    let row = u64::from(side.div_ceil(8)) + 1;
    png(side, side, 1, 0, &zlib(row * u64::from(side)))
}

/// A gzip file (RFC 1952) of so many mebibytes of zeros, about a thousandth as long itself. Its length field wraps at 4 GiB.
#[must_use]
pub fn gzip_bomb(mebibytes: u64) -> Vec<u8> {
    let size = mebibytes * MEBIBYTE;
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255];
    out.extend(deflated(size));
    out.extend(crc(size).to_le_bytes());
    out.extend((size as u32).to_le_bytes());
    out
}

/// A zip file with one entry, `pages.txt`, of so many mebibytes of zeros; at most 4095.
#[must_use]
pub fn zip_bomb(mebibytes: u64) -> Vec<u8> {
    let size = mebibytes.min(4095) * MEBIBYTE;
    zip(&[Entry { name: "pages.txt", method: 8, data: deflated(size), crc: crc(size), size: size as u32 }])
}

/// A deflate stream (RFC 1951) of `size` zeros. A mebibyte is compressed once, up to a full flush, and repeated.
fn deflated(size: u64) -> Vec<u8> {
    let chunk = compressed(MEBIBYTE as usize, FlushCompress::Full);
    let mut out = Vec::new();
    for _ in 0..size / MEBIBYTE {
        out.extend_from_slice(&chunk);
    }
    out.extend(compressed((size % MEBIBYTE) as usize, FlushCompress::Finish));
    out
}

fn compressed(size: usize, flush: FlushCompress) -> Vec<u8> {
    let mut out = Vec::with_capacity(size / 500 + 64);
    // Writing to a vector with room enough cannot fail.
    let _ = Compress::new(Compression::best(), false).compress_vec(&vec![0; size], &mut out, flush);
    out
}

/// A zlib stream (RFC 1950) of `size` zeros. Their Adler-32 is known without reading them.
fn zlib(size: u64) -> Vec<u8> {
    let mut out = vec![0x78, 0xda];
    out.extend(deflated(size));
    out.extend((((size % 65_521) as u32) << 16 | 1).to_be_bytes());
    out
}

/// CRC-32 of `size` zeros, by doubling.
fn crc(size: u64) -> u32 {
    let (mut total, mut power, mut left) = (Crc::new(), Crc::new(), size);
    power.update(&[0]);
    while left > 0 {
        if left & 1 == 1 {
            total.combine(&power);
        }
        let same = {
            let mut copy = Crc::new();
            copy.combine(&power);
            copy
        };
        power.combine(&same);
        left >>= 1;
    }
    total.sum()
}

/// A PNG (ISO/IEC 15948) around a zlib stream.
fn png(width: u32, height: u32, depth: u8, colour: u8, data: &[u8]) -> Vec<u8> {
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend([depth, colour, 0, 0, 0]);
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, body) in [(b"IHDR", header.as_slice()), (b"IDAT", data), (b"IEND", &[])] {
        let mut sum = Crc::new();
        sum.update(kind);
        sum.update(body);
        out.extend((body.len() as u32).to_be_bytes());
        out.extend(kind);
        out.extend(body);
        out.extend(sum.sum().to_be_bytes());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksum_of_zeros_is_right() {
        for size in [0, 1, 5, 1000, 70_001] {
            let mut plain = Crc::new();
            plain.update(&vec![0; size]);
            assert_eq!(crc(size as u64), plain.sum(), "{size}");
        }
    }
}
