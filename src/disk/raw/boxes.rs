//! The JPEGs and the EXIF directories in a file of ISO base media boxes (ISO/IEC 14496-12), as Canon
//! lays them out in CR3: a preview and a thumbnail in boxes of its own, the JPEG at full size as the
//! one sample of a track, EXIF in two TIFF blocks.
//!
//! Canon's boxes are not published; what is read of them is what independent descriptions agree on,
//! and each JPEG is looked at before it is believed.

use std::ops::Range;

use super::sound;
use crate::disk::DiskResult;
use crate::disk::source::Source;

/// Boxes that are looked at: a CR3 has some hundred.
const BOX_LIMIT: usize = 1024;

/// How deep boxes lie in one another.
const DEPTH_LIMIT: usize = 8;

/// Behind the type of a `uuid` box.
const ID_BYTES: u64 = 16;

/// Canon's box of previews.
const PREVIEW_ID: [u8; 16] = *b"\xEA\xF4\x2B\x5E\x1C\x98\x4B\x88\xB9\xFB\xB7\xDC\x40\x6E\x4D\x16";

/// What the walk found.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) jpegs: Vec<Range<u64>>,
    /// Where the picture's and the exposure's directories begin.
    pub(super) directories: [Option<u64>; 2],
    box_count: usize,
    /// Of the track that is being read: the size of its only sample.
    sample_bytes: Option<u64>,
}

/// Walks the boxes of a file.
pub(super) fn find(source: &mut Source) -> DiskResult<Found> {
    let mut found = Found::default();
    let end = source.size_bytes();
    walk(source, 0..end, 0, &mut found)?;
    Ok(found)
}

fn walk(source: &mut Source, range: Range<u64>, depth: usize, found: &mut Found) -> DiskResult<()> {
    let mut at = range.start;
    while at + 8 <= range.end && found.box_count < BOX_LIMIT && depth < DEPTH_LIMIT {
        found.box_count += 1;
        let head = source.range(at..at + 16)?;
        let Some(&[a, b, c, d, kind @ ..]) = head.first_chunk::<8>() else { return Ok(()) };
        let (size, body) = match (u32::from_be_bytes([a, b, c, d]), head.get(8..16)) {
            (0, _) => (range.end - at, at + 8),
            (1, Some(&[a, b, c, d, e, f, g, h])) => {
                (u64::from_be_bytes([a, b, c, d, e, f, g, h]), at + 16)
            }
            (size, _) => (u64::from(size), at + 8),
        };
        let Some(end) = at.checked_add(size).filter(|end| *end <= range.end && *end >= body) else {
            return Ok(());
        };
        note(source, kind, body..end, depth, found)?;
        at = end;
    }
    Ok(())
}

fn note(
    source: &mut Source,
    kind: [u8; 4],
    body: Range<u64>,
    depth: usize,
    found: &mut Found,
) -> DiskResult<()> {
    match &kind {
        b"moov" | b"mdia" | b"minf" | b"stbl" => walk(source, body, depth + 1, found)?,
        b"trak" => {
            found.sample_bytes = None;
            walk(source, body, depth + 1, found)?;
        }
        b"uuid" => {
            let id = source.range(body.start..(body.start + ID_BYTES).min(body.end))?;
            // Canon's previews have eight bytes more before the first box.
            let more = if id == PREVIEW_ID { 8 } else { 0 };
            let start = (body.start + ID_BYTES + more).min(body.end);
            walk(source, start..body.end, depth + 1, found)?;
        }
        b"CMT1" => found.directories[0] = Some(body.start),
        b"CMT2" => found.directories[1] = Some(body.start),
        // Sixteen bytes of sizes, then the JPEG.
        b"PRVW" | b"THMB" => {
            let start = body.start + 16;
            let length = body.end.saturating_sub(start);
            found.jpegs.extend(sound(start, length, source.size_bytes()));
        }
        // Version and flags; the size of all samples; their count.
        b"stsz" => {
            let bytes = source.range(body.start..body.end.min(body.start + 16))?;
            let size = match (be32(&bytes, 4), be32(&bytes, 8)) {
                (Some(0), Some(1)) => be32(&bytes, 12),
                (size, Some(1)) => size,
                _ => None,
            };
            found.sample_bytes = size.map(u64::from);
        }
        // Version and flags; the count of chunks; where each begins.
        b"stco" | b"co64" => {
            let bytes = source.range(body.start..body.end.min(body.start + 16))?;
            let high = if &kind == b"co64" { be32(&bytes, 8) } else { Some(0) };
            let low = be32(&bytes, if &kind == b"co64" { 12 } else { 8 });
            if let (Some(1), Some(high), Some(low), Some(length)) =
                (be32(&bytes, 4), high, low, found.sample_bytes)
            {
                let start = u64::from(high) << 32 | u64::from(low);
                found.jpegs.extend(sound(start, length, source.size_bytes()));
            }
        }
        _ => {}
    }
    Ok(())
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|word| u32::from_be_bytes(*word))
}
