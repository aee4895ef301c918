//! Where the EXIF block of a PNG (W3C PNG, 5.3) or a WebP (RFC 9649, 2.3) lies, and how large the
//! picture is.
//!
//! Both are rows of chunks with a length in front. The block may stand behind the picture, so the
//! walk hops from chunk to chunk and reads their first bytes only.

use std::ops::Range;

use crate::disk::DiskResult;
use crate::disk::source::Source;

/// Chunks that are looked at: real files have some 20, and a PNG cut into small ones is read as far
/// as a few hundred short reads go.
const CHUNK_LIMIT: usize = 256;

/// The first bytes of a chunk that are looked at: its head and the sizes in it.
const PEEK_BYTES: u64 = 24;

/// What the walk found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// The EXIF block, beginning with its TIFF header.
    pub exif: Option<Range<u64>>,
    /// Width and height of the stored picture.
    pub size_px: Option<[u32; 2]>,
}

/// Walks a PNG's chunks: length, kind, data, checksum.
///
/// # Errors
/// When the file cannot be read.
pub fn find_in_png(source: &mut Source) -> DiskResult<Found> {
    let mut found = Found::default();
    let mut at = 8;
    for _ in 0..CHUNK_LIMIT {
        let peek = source.range(at..at + PEEK_BYTES)?;
        let (Some(length), Some(kind)) = (be32(&peek, 0), peek.get(4..8)) else { break };
        let body = at + 8..at + 8 + u64::from(length);
        match kind {
            b"IHDR" => found.size_px = be32(&peek, 8).zip(be32(&peek, 12)).map(<[u32; 2]>::from),
            b"eXIf" => {
                found.exif = Some(body);
                break;
            }
            b"IEND" => break,
            _ => {}
        }
        at = body.end + 4;
    }
    Ok(found)
}

/// Walks a WebP's chunks: kind, length, data, a byte to make it even.
///
/// # Errors
/// When the file cannot be read.
pub fn find_in_webp(source: &mut Source) -> DiskResult<Found> {
    let mut found = Found::default();
    let mut at = 12;
    for _ in 0..CHUNK_LIMIT {
        let peek = source.range(at..at + PEEK_BYTES)?;
        let (Some(kind), Some(length)) = (peek.get(..4), le32(&peek, 4)) else { break };
        let body = at + 8..at + 8 + u64::from(length);
        if found.size_px.is_none() {
            found.size_px = webp_size(kind, &peek[8..]);
        }
        if kind == b"EXIF" {
            // Some writers put JPEG's own prefix before the TIFF header.
            let has_prefix = peek[8..].starts_with(b"Exif\0\0");
            found.exif = Some(body.start + if has_prefix { 6 } else { 0 }..body.end);
            break;
        }
        at = body.end + u64::from(length & 1);
    }
    Ok(found)
}

/// The size in the first bytes of a chunk's data: of the canvas, of a lossy or a lossless picture.
fn webp_size(kind: &[u8], data: &[u8]) -> Option<[u32; 2]> {
    let short = |at| data.get(at..)?.first_chunk().map(|pair| u32::from(u16::from_le_bytes(*pair)));
    let canvas =
        |at| data.get(at..)?.first_chunk().map(|&[a, b, c]| u32::from_le_bytes([a, b, c, 0]) + 1);
    match kind {
        b"VP8X" => Some([canvas(4)?, canvas(7)?]),
        b"VP8 " => Some([short(6)? & 0x3FFF, short(8)? & 0x3FFF]),
        b"VP8L" => le32(data, 1).map(|bits| [(bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1]),
        _ => None,
    }
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|four| u32::from_be_bytes(*four))
}

fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|four| u32::from_le_bytes(*four))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found in a file of these bytes.
    fn find(bytes: &[u8], walk: fn(&mut Source) -> DiskResult<Found>) -> Found {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        walk(&mut Source::open(file.path()).unwrap()).unwrap()
    }

    fn png(chunks: &[(&[u8], &[u8])]) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
        for (kind, data) in chunks {
            bytes.extend((data.len() as u32).to_be_bytes());
            bytes.extend([kind, *data, &[0; 4]].concat());
        }
        bytes
    }

    fn webp(chunks: &[(&[u8], &[u8])]) -> Vec<u8> {
        let mut bytes = b"RIFF\0\0\0\0WEBP".to_vec();
        for (kind, data) in chunks {
            bytes.extend(*kind);
            bytes.extend((data.len() as u32).to_le_bytes());
            bytes.extend(*data);
            bytes.extend(vec![0; data.len() % 2]);
        }
        bytes
    }

    const BLOCK: &[u8] = b"II*\0\x08\0\0\0\0\0";

    #[test]
    fn a_block_behind_the_picture_is_found() {
        let picture = vec![7; 200_001];
        let head = [0, 0, 1, 0, 0, 0, 0, 200, 8, 2, 0, 0, 0];
        let bytes = png(&[(b"IHDR", &head), (b"IDAT", &picture), (b"eXIf", BLOCK)]);
        let at = bytes.len() as u64 - 4 - BLOCK.len() as u64;
        let block = Some(at..at + BLOCK.len() as u64);
        assert_eq!(find(&bytes, find_in_png), Found { exif: block, size_px: Some([256, 200]) });

        let canvas = [8, 0, 0, 0, 255, 0, 0, 199, 0, 0];
        let prefixed = [b"Exif\0\0", BLOCK].concat();
        let bytes = webp(&[(b"VP8X", &canvas), (b"VP8 ", &picture), (b"EXIF", &prefixed)]);
        let at = (bytes.len() - BLOCK.len()) as u64;
        let block = Some(at..at + BLOCK.len() as u64);
        assert_eq!(find(&bytes, find_in_webp), Found { exif: block, size_px: Some([256, 200]) });
    }

    #[test]
    fn the_size_of_a_webp_without_a_canvas_is_its_pictures() {
        let lossy = [0, 0, 0, 0x9D, 1, 0x2A, 0x40, 1, 0xF0, 0];
        assert_eq!(find(&webp(&[(b"VP8 ", &lossy)]), find_in_webp).size_px, Some([320, 240]));
        let bits = (319_u32 | 239 << 14).to_le_bytes();
        let lossless = [&[0x2F], &bits[..]].concat();
        assert_eq!(find(&webp(&[(b"VP8L", &lossless)]), find_in_webp).size_px, Some([320, 240]));
    }

    #[test]
    fn lengths_that_lie_end_the_walk() {
        let bytes = [b"\x89PNG\r\n\x1a\n".as_slice(), &[0xFF; 40]].concat();
        assert_eq!(find(&bytes, find_in_png), Found::default());
        let bytes = [b"RIFF\xFF\xFF\xFF\xFFWEBPJUNK\xFF\xFF\xFF\xFF".as_slice(), &[0; 9]].concat();
        assert_eq!(find(&bytes, find_in_webp), Found::default());
    }
}
