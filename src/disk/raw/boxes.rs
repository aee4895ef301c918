//! The boxes of a CR3 (ISO/IEC 14496-12, 4.2), looked through for JPEGs and EXIF.
//!
//! ```text
//! ftyp
//! moov  uuid  CMT1: TIFF, the picture's directory   CMT2: TIFF, EXIF's
//!       trak  mdia minf stbl  stsz: one size   co64: one place      the first one is the large JPEG
//! uuid  PRVW: a JPEG of 1620 px behind 24 bytes
//! mdat
//! ```

use std::ops::Range;

use crate::disk::DiskResult;
use crate::disk::source::Source;

/// Boxes that are looked at: real files have some 80.
const BOX_LIMIT: usize = 512;

/// How deep boxes are looked into.
const DEPTH_LIMIT: usize = 8;

/// Bytes of the name behind a `uuid` box's head.
const UUID_BYTES: u64 = 16;

/// Canon's `uuid` of previews, at the top of the file: another 8 bytes stand before its boxes.
const PREVIEWS: [u8; 4] = [0xEA, 0xF4, 0x2B, 0x5E];

/// What the walk found.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Where the TIFFs with the picture's directory and with EXIF's begin.
    pub exif: [Option<u64>; 2],
    /// Where the file may hold JPEGs.
    pub pictures: Vec<Range<u64>>,
}

/// Walks the boxes of a CR3.
///
/// # Errors
/// When the file cannot be read.
pub(super) fn walk(source: &mut Source) -> DiskResult<Found> {
    let mut walk = Walk { left: BOX_LIMIT, found: Found::default(), size: None };
    let whole = 0..source.size_bytes();
    walk.boxes(source, whole, DEPTH_LIMIT)?;
    Ok(walk.found)
}

struct Walk {
    left: usize,
    found: Found,
    /// The size of the one sample of the track that is being looked at.
    size: Option<u64>,
}

impl Walk {
    fn boxes(&mut self, source: &mut Source, within: Range<u64>, depth: usize) -> DiskResult<()> {
        let mut at = within.start;
        while at + 8 <= within.end && self.left > 0 {
            self.left -= 1;
            let head = source.range(at..at + 32)?;
            let Some((body, end, kind)) = extent(&head, at, within.end) else { return Ok(()) };
            self.visit(source, kind, body..end, depth)?;
            at = end;
        }
        Ok(())
    }

    fn visit(
        &mut self,
        source: &mut Source,
        kind: [u8; 4],
        body: Range<u64>,
        depth: usize,
    ) -> DiskResult<()> {
        match &kind {
            b"moov" | b"trak" | b"mdia" | b"minf" | b"stbl" if depth > 0 => {
                self.boxes(source, body, depth - 1)?;
            }
            b"uuid" if depth > 0 => {
                let name = source.range(body.start..body.start + 4)?;
                let skipped = UUID_BYTES + if name == PREVIEWS { 8 } else { 0 };
                self.boxes(source, body.start + skipped..body.end, depth - 1)?;
            }
            b"CMT1" => self.found.exif[0] = Some(body.start),
            b"CMT2" => self.found.exif[1] = Some(body.start),
            b"PRVW" => self.found.pictures.push(body.start + 16..body.end),
            b"stsz" => self.size = sample_size(&source.range(body.start..body.start + 16)?),
            b"co64" | b"stco" => {
                let table = source.range(body.start..body.start + 16)?;
                let start = sample_place(&table, kind == *b"co64");
                if let (Some(start), Some(size)) = (start, self.size.take()) {
                    self.found.pictures.push(start..start.saturating_add(size));
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// Where a box's body begins and ends, and its kind; `None` for one that leads out of `end`.
fn extent(head: &[u8], at: u64, end: u64) -> Option<(u64, u64, [u8; 4])> {
    let kind = *head.get(4..)?.first_chunk()?;
    let (head_bytes, size) = match be32(head, 0)? {
        // To the end of what it is in.
        0 => (8, end - at),
        1 => (16, be64(head, 8)?),
        size => (8, size.into()),
    };
    let last = at.checked_add(size)?;
    (size >= head_bytes && last <= end).then_some((at + head_bytes, last, kind))
}

/// The size of the first sample: one for all, or the first of the table.
fn sample_size(table: &[u8]) -> Option<u64> {
    match be32(table, 4)? {
        0 => be32(table, 12).map(u64::from),
        size => Some(size.into()),
    }
}

/// Where the first sample lies.
fn sample_place(table: &[u8], is_long: bool) -> Option<u64> {
    match is_long {
        true => be64(table, 8),
        false => be32(table, 8).map(u64::from),
    }
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|four| u32::from_be_bytes(*four))
}

fn be64(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk().map(|eight| u64::from_be_bytes(*eight))
}
