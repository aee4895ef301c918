//! The directories of a TIFF file, gathered into a small block that can be read as EXIF.
//!
//! A TIFF (TIFF 6.0, section 2) is its own EXIF block, but its directory may lie anywhere in it,
//! behind hundreds of megabytes of picture even. So the two directories that matter are read where
//! they lie, and the entries wanted are copied, values and all, one behind the other:
//!
//! ```text
//! head (8) | count, entries, 0 of the picture's directory | the same of EXIF's | long values
//! ```

use std::ops::Range;

use super::endian::Endian;
use crate::disk::DiskResult;
use crate::disk::source::Source;

/// Entries of a directory that are looked at: real ones have up to some 80.
const ENTRY_LIMIT: u16 = 512;

/// The longest value that is copied: names and times are shorter, tables and previews longer.
const VALUE_LIMIT: u64 = 1024;

/// The tag that points to EXIF's directory (CIPA DC-008, 4.6.3).
const EXIF_POINTER: u16 = 0x8769;

/// The entries wanted of the picture's directory: sizes, make, model, orientation, time.
const OF_PICTURE: Range<u16> = 0x0100..0x0133;

/// The entries wanted of EXIF's: all of its own but the maker note and the comment (0x927C, 0x9286).
const OF_EXIF: Range<u16> = 0x829A..0xA440;

/// One entry as stored, and its value where that is longer than the entry holds.
struct Entry {
    bytes: [u8; 12],
    value: Option<Vec<u8>>,
}

/// Reads the directories of the TIFF that begins at `base` in the file; `None` when there is none
/// where it says.
///
/// # Errors
/// When the file cannot be read.
pub fn gather(source: &mut Source, base: u64) -> DiskResult<Option<Vec<u8>>> {
    let Some(place) = Place::at(source, base)? else { return Ok(None) };
    let (picture, pointer) = directory(source, place, &OF_PICTURE)?;
    let exif = match pointer {
        Some(at) => directory(source, Place { at, ..place }, &OF_EXIF)?.0,
        None => Vec::new(),
    };
    Ok(joined(place.endian, &picture, &exif))
}

/// The same where EXIF's directory is the first one of a TIFF of its own (CR3).
///
/// # Errors
/// When the file cannot be read.
pub fn gather_pair(source: &mut Source, base: u64, exif: u64) -> DiskResult<Option<Vec<u8>>> {
    let Some(place) = Place::at(source, base)? else { return Ok(None) };
    let (picture, _) = directory(source, place, &OF_PICTURE)?;
    let exif = match Place::at(source, exif)? {
        Some(exif) if exif.endian == place.endian => directory(source, exif, &OF_EXIF)?.0,
        _ => Vec::new(),
    };
    Ok(joined(place.endian, &picture, &exif))
}

/// Where a directory lies: `at`, counted from `base`, as all that it says is.
#[derive(Clone, Copy)]
struct Place {
    endian: Endian,
    base: u64,
    at: u64,
}

impl Place {
    /// The first directory of the TIFF at `base`.
    fn at(source: &mut Source, base: u64) -> DiskResult<Option<Self>> {
        let head = source.range(base..base + 8)?;
        let endian = Endian::of(&head);
        Ok(endian.map(|endian| Self { endian, base, at: u64::from(endian.u32(&head, 4)) }))
    }
}

fn directory(
    source: &mut Source,
    place: Place,
    wanted: &Range<u16>,
) -> DiskResult<(Vec<Entry>, Option<u64>)> {
    let Place { endian: order, base, at } = place;
    let at = base + at;
    let (mut entries, mut pointer) = (Vec::new(), None);
    let count = source.range(at..at + 2)?;
    if count.len() < 2 {
        return Ok((entries, pointer));
    }
    let count = order.u16(&count, 0).min(ENTRY_LIMIT);
    let bytes = source.range(at + 2..at + 2 + u64::from(count) * 12)?;
    for &bytes in bytes.as_chunks::<12>().0 {
        let tag = order.u16(&bytes, 0);
        let at = u64::from(order.u32(&bytes, 8));
        if tag == EXIF_POINTER {
            pointer = Some(at);
        }
        let size = u64::from(order.u32(&bytes, 4)) * unit_bytes(order.u16(&bytes, 2));
        if !wanted.contains(&tag) || matches!(tag, EXIF_POINTER | 0x927C | 0x9286) {
            continue;
        }
        match size {
            0..=4 => entries.push(Entry { bytes, value: None }),
            5..=VALUE_LIMIT => {
                let value = source.range(base + at..base + at + size)?;
                if value.len() as u64 == size {
                    entries.push(Entry { bytes, value: Some(value) });
                }
            }
            _ => {}
        }
    }
    Ok((entries, pointer))
}

fn joined(order: Endian, picture: &[Entry], exif: &[Entry]) -> Option<Vec<u8>> {
    if picture.is_empty() && exif.is_empty() {
        return None;
    }
    let directory_bytes = |count: usize| 2 + count * 12 + 4;
    let exif_at = 8 + directory_bytes(picture.len() + 1);
    let mut values_at = exif_at + directory_bytes(exif.len());
    let mut block = [order.mark(), order.bytes32(8)].concat();
    let mut values: Vec<u8> = Vec::new();
    let pointer = Entry { bytes: pointer_to(exif_at, order), value: None };
    for (entries, last) in [(picture, Some(&pointer)), (exif, None)] {
        let count = entries.len() + usize::from(last.is_some());
        block.extend(order.bytes16(count as u16));
        for entry in entries.iter().chain(last) {
            match &entry.value {
                None => block.extend(entry.bytes),
                Some(value) => {
                    block.extend(&entry.bytes[..8]);
                    block.extend(order.bytes32(values_at as u32));
                    values_at += value.len();
                    values.extend(value);
                }
            }
        }
        block.extend([0; 4]);
    }
    block.extend(values);
    Some(block)
}

/// The entry that points to EXIF's directory: one LONG.
fn pointer_to(at: usize, order: Endian) -> [u8; 12] {
    let mut entry = [0; 12];
    entry[..2].copy_from_slice(&order.bytes16(EXIF_POINTER));
    entry[2..4].copy_from_slice(&order.bytes16(4));
    entry[4..8].copy_from_slice(&order.bytes32(1));
    entry[8..].copy_from_slice(&order.bytes32(at as u32));
    entry
}

/// Bytes of one value of a type (TIFF 6.0, section 2, "Types"); 0 for a type that is not known.
const fn unit_bytes(kind: u16) -> u64 {
    match kind {
        1 | 2 | 6 | 7 => 1,
        3 | 8 => 2,
        4 | 9 | 11 => 4,
        5 | 10 | 12 => 8,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A TIFF whose directory lies behind `gap` bytes, with one long value behind it.
    fn tiff(order: Endian, gap: usize) -> Vec<u8> {
        let mut bytes = [order.mark(), order.bytes32(8 + gap as u32)].concat();
        bytes.resize(8 + gap, 0xAB);
        bytes.extend(order.bytes16(2));
        let value_at = (8 + gap + 2 + 2 * 12 + 4) as u32;
        for (tag, kind, count, value) in [
            (0x0110, 2, 8, order.bytes32(value_at)),
            (0x0112, 3, 1, [order.bytes16(6), [0; 2]].concat().try_into().unwrap()),
        ] {
            bytes.extend(order.bytes16(tag));
            bytes.extend(order.bytes16(kind));
            bytes.extend(order.bytes32(count));
            bytes.extend(value);
        }
        bytes.extend([0; 4]);
        bytes.extend(b"Model X\0");
        bytes
    }

    fn read(bytes: &[u8]) -> (Option<Vec<u8>>, u64) {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        let mut source = Source::open(file.path()).unwrap();
        (gather(&mut source, 0).unwrap(), source.bytes_read())
    }

    #[test]
    fn a_directory_behind_the_picture_is_read_where_it_lies() {
        for order in [Endian::Little, Endian::Big] {
            let (block, bytes_read) = read(&tiff(order, 3_000_000));
            let block = block.expect("there is a directory");
            assert!(bytes_read < 1000, "{bytes_read} bytes were read");
            let exif = ::exif::Reader::new().read_raw(block).unwrap();
            let shown = |tag| {
                let field = exif.get_field(tag, ::exif::In::PRIMARY).unwrap();
                field.display_value().to_string()
            };
            assert_eq!(shown(::exif::Tag::Model), "\"Model X\"");
            assert!(shown(::exif::Tag::Orientation).contains("right"));
        }
    }

    #[test]
    fn a_directory_outside_of_the_file_is_none() {
        assert_eq!(read(b"II*\0\xFF\xFF\xFF\x7F").0, None);
        assert_eq!(read(b"II*\0\x08\0\0\0\xFF\xFF").0, None);
    }
}
