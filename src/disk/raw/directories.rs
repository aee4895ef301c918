//! The JPEGs that the directories of a TIFF point to: the chain of pictures, and the sub-pictures of
//! each (TIFF 6.0, section 2 and its supplement 1; CIPA DC-008, 4.5.5; Panasonic's tag for its JPEG).
//!
//! Never reads a directory twice, and no more of them than a camera writes: a file can lie as it
//! likes, the walk ends.

use std::collections::HashSet;
use std::ops::Range;

use super::sound;
use crate::disk::DiskResult;
use crate::disk::exif::tiff::Order;
use crate::disk::source::Source;

/// Directories that are read: real files have up to ten.
const DIRECTORY_LIMIT: usize = 32;

/// Entries of a directory that are looked at.
const ENTRY_LIMIT: u16 = 512;

const STRIP_OFFSETS: u16 = 0x0111;
const STRIP_LENGTHS: u16 = 0x0117;
const SUB_DIRECTORIES: u16 = 0x014A;
const JPEG_START: u16 = 0x0201;
const JPEG_LENGTH: u16 = 0x0202;
/// Panasonic's `JpgFromRaw`: the JPEG is the value.
const JPEG_VALUE: u16 = 0x002E;

/// What one directory points to.
#[derive(Default)]
struct Pointers {
    strip: [Option<u64>; 2],
    jpeg: [Option<u64>; 2],
    value: Option<Range<u64>>,
    below: Vec<u64>,
}

/// Every JPEG that is pointed to, in the order of the walk.
pub(super) fn jpegs(source: &mut Source) -> DiskResult<Vec<Range<u64>>> {
    let head = source.range(0..8)?;
    let Some(order) = Order::of_kin(&head) else { return Ok(Vec::new()) };
    let mut queue = vec![u64::from(order.u32(&head, 4))];
    let (mut seen, mut found) = (HashSet::new(), Vec::new());
    let file_bytes = source.size_bytes();
    while let Some(at) = queue.pop() {
        if at == 0 || seen.len() >= DIRECTORY_LIMIT || !seen.insert(at) {
            continue;
        }
        let (pointers, next) = read(source, order, at)?;
        queue.extend(pointers.below.iter().chain(&next));
        for [start, length] in [pointers.jpeg, pointers.strip] {
            if let (Some(start), Some(length)) = (start, length) {
                found.extend(sound(start, length, file_bytes));
            }
        }
        found.extend(pointers.value.and_then(|v| sound(v.start, v.end - v.start, file_bytes)));
    }
    Ok(found)
}

/// Reads one directory; beside its pointers, where the next one of the chain is.
fn read(source: &mut Source, order: Order, at: u64) -> DiskResult<(Pointers, Option<u64>)> {
    let mut pointers = Pointers::default();
    let count = source.range(at..at.saturating_add(2))?;
    if count.len() < 2 {
        return Ok((pointers, None));
    }
    let count = order.u16(&count, 0).min(ENTRY_LIMIT);
    let end = at + 2 + u64::from(count) * 12;
    let bytes = source.range(at + 2..end)?;
    for entry in bytes.as_chunks::<12>().0 {
        let (tag, kind) = (order.u16(entry, 0), order.u16(entry, 2));
        let value_count = u64::from(order.u32(entry, 4));
        // A short stands in the first two bytes of its place.
        let value = match kind {
            3 => u64::from(order.u16(entry, 8)),
            _ => u64::from(order.u32(entry, 8)),
        };
        match tag {
            STRIP_OFFSETS if value_count == 1 => pointers.strip[0] = Some(value),
            STRIP_LENGTHS if value_count == 1 => pointers.strip[1] = Some(value),
            JPEG_START => pointers.jpeg[0] = Some(value),
            JPEG_LENGTH => pointers.jpeg[1] = Some(value),
            JPEG_VALUE => pointers.value = Some(value..value + value_count),
            SUB_DIRECTORIES if value_count == 1 => pointers.below.push(value),
            SUB_DIRECTORIES => {
                let most = value_count.min(DIRECTORY_LIMIT as u64);
                let list = source.range(value..value + most * 4)?;
                let below = list.as_chunks::<4>().0.iter().map(|at| u64::from(order.u32(at, 0)));
                pointers.below.extend(below);
            }
            _ => {}
        }
    }
    let next = source.range(end..end + 4)?;
    let next = (next.len() == 4).then(|| u64::from(order.u32(&next, 0)));
    Ok((pointers, next))
}
