//! Where a JPEG's preview lies: the large thumbnail of a Multi-Picture file (CIPA DC-007).
//!
//! Many cameras append a picture of some 1620 x 1080 pixels behind the main one and list both in an
//! APP2 segment before it:
//!
//! ```text
//! SOI  APP1 EXIF  APP2 "MPF\0" header, index directory, entries  ...  main picture EOI | preview
//!                              ^---------------- offsets are counted from here --------->
//! ```
//!
//! Only bytes of that segment are looked at; the preview itself is neither read nor believed in: it
//! must lie within the file, behind the main picture, and apart from all other pictures of the list.
//! Whatever else a segment says, the answer is `None`, and nothing is read beyond its end
//! (`whatever_a_segment_says_the_answer_lies_in_the_file`).
//!
//! Units: bytes.

use std::ops::Range;

/// What the segment's body begins with (CIPA DC-007, 5.1).
pub const MARK: &[u8] = b"MPF\0";

/// The tag of the list of pictures (CIPA DC-007, 5.2.3.3).
const ENTRIES: u16 = 0xB002;

/// Bytes of a picture in that list.
const ENTRY_BYTES: usize = 16;

/// Pictures in a list that are looked at: panoramas have some dozens, previews are among the first.
const ENTRY_LIMIT: usize = 16;

/// Entries of the index directory that are looked at: the format knows five.
const DIRECTORY_LIMIT: u16 = 32;

/// The longest preview: four times what cameras write at 1920 x 1080.
const PREVIEW_BYTES: u64 = 4 << 20;

/// Large thumbnails of classes 1 and 2, "VGA" and "full HD" (CIPA DC-007, 5.2.3.3.1). Larger classes
/// take as long to decode as a tile from the main picture.
const VGA: u32 = 0x01_0001;
const FULL_HD: u32 = 0x01_0002;

/// The part of an entry's attribute that is the type, and the part that is 0 for JPEG.
const TYPE_BITS: u32 = 0x00FF_FFFF;
const FORMAT_BITS: u32 = 0x0700_0000;

/// One picture of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    attribute: u32,
    place: Range<u64>,
}

/// Where in the file the best preview lies; `segment` is the APP2 body behind its mark and begins at
/// `segment_at`, the file has `file_bytes`.
#[must_use]
pub fn preview(segment: &[u8], segment_at: u64, file_bytes: u64) -> Option<Range<u64>> {
    let entries = entries(segment, segment_at)?;
    let (main, others) = entries.split_first()?;
    let segment_end = segment_at + segment.len() as u64;
    let is_sound = |entry: &Entry| {
        let Range { start, end } = entry.place;
        (1..=PREVIEW_BYTES).contains(&(end - start))
            && end <= file_bytes
            && start >= segment_end.max(main.place.end)
            && others.iter().all(|o| o == entry || o.place.end <= start || end <= o.place.start)
    };
    let of_class = |class| {
        others.iter().find(|entry| {
            entry.attribute & FORMAT_BITS == 0
                && entry.attribute & TYPE_BITS == class
                && is_sound(entry)
        })
    };
    of_class(FULL_HD).or_else(|| of_class(VGA)).map(|entry| entry.place.clone())
}

/// The list of pictures, the main one first; `None` where there is none.
fn entries(segment: &[u8], segment_at: u64) -> Option<Vec<Entry>> {
    let order = Order::of(segment)?;
    let directory = order.u32(segment, 4)? as usize;
    let count = order.u16(segment, directory)?.min(DIRECTORY_LIMIT);
    let field = (0..usize::from(count))
        .map(|i| directory + 2 + i * 12)
        .find(|&at| order.u16(segment, at) == Some(ENTRIES))?;
    let length = order.u32(segment, field + 4)? as usize;
    let start = order.u32(segment, field + 8)? as usize;
    let list = segment.get(start..start.checked_add(length)?)?;
    let (entries, _) = list.as_chunks::<ENTRY_BYTES>();
    let entry = |(index, bytes): (usize, &[u8; ENTRY_BYTES])| {
        let offset = u64::from(order.u32(bytes, 8)?);
        // The main picture's is 0, and it begins where the file does.
        let start = if index == 0 { 0 } else { segment_at + offset };
        let place = start..start + u64::from(order.u32(bytes, 4)?);
        Some(Entry { attribute: order.u32(bytes, 0)?, place })
    };
    entries.iter().take(ENTRY_LIMIT).enumerate().map(entry).collect()
}

/// The order of a number's bytes.
#[derive(Clone, Copy)]
enum Order {
    Little,
    Big,
}

impl Order {
    fn of(segment: &[u8]) -> Option<Self> {
        match segment.first_chunk()? {
            b"II*\0" => Some(Self::Little),
            b"MM\0*" => Some(Self::Big),
            _ => None,
        }
    }

    fn u16(self, bytes: &[u8], at: usize) -> Option<u16> {
        let pair = *bytes.get(at..)?.first_chunk()?;
        Some(match self {
            Self::Little => u16::from_le_bytes(pair),
            Self::Big => u16::from_be_bytes(pair),
        })
    }

    fn u32(self, bytes: &[u8], at: usize) -> Option<u32> {
        let four = *bytes.get(at..)?.first_chunk()?;
        Some(match self {
            Self::Little => u32::from_le_bytes(four),
            Self::Big => u32::from_be_bytes(four),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const AT: u64 = 1000;
    const FILE: u64 = 100_000;
    const MAIN: [u32; 3] = [0x2003_0000, 50_000, 0];

    /// A segment with these pictures: attribute, size, offset.
    fn segment(is_big: bool, pictures: &[[u32; 3]]) -> Vec<u8> {
        let short = |n: u16| if is_big { n.to_be_bytes() } else { n.to_le_bytes() };
        let long = |n: u32| if is_big { n.to_be_bytes() } else { n.to_le_bytes() };
        let mut bytes = if is_big { b"MM\0*".to_vec() } else { b"II*\0".to_vec() };
        bytes.extend(long(8));
        bytes.extend(short(2));
        bytes.extend([&short(0xB001)[..], &short(4), &long(1), &long(2)].concat());
        let length = pictures.len() as u32 * 16;
        bytes.extend([&short(ENTRIES)[..], &short(7), &long(length), &long(38)].concat());
        bytes.extend(long(0));
        for picture in pictures {
            bytes.extend(picture.map(long).concat());
            bytes.extend([0; 4]);
        }
        bytes
    }

    #[track_caller]
    fn check(others: &[[u32; 3]], expect: impl Into<Option<Range<u64>>>) {
        let expect = expect.into();
        let pictures = [&[MAIN], others].concat();
        for is_big in [false, true] {
            assert_eq!(preview(&segment(is_big, &pictures), AT, FILE), expect, "{others:x?}");
        }
    }

    #[test]
    fn the_large_thumbnail_is_found_in_either_byte_order() {
        check(&[[VGA, 700, 60_000]], Some(61_000..61_700));
        // Flags of dependence and of the representative picture stand above the type.
        check(&[[0x6000_0000 | FULL_HD, 700, 60_000]], Some(61_000..61_700));
    }

    #[test]
    fn full_hd_is_better_than_vga() {
        check(&[[VGA, 700, 50_000], [FULL_HD, 900, 60_000]], Some(61_000..61_900));
    }

    #[test]
    fn other_pictures_are_no_preview() {
        // The second eye, a part of a panorama, a 4K thumbnail, something of no known format.
        for attribute in [0x02_0002, 0x02_0001, 0x01_0003, 0, 0x0100_0000 | VGA] {
            check(&[[attribute, 700, 60_000]], None);
        }
    }

    #[test]
    fn a_place_that_cannot_be_is_none() {
        check(&[[VGA, 0, 60_000]], None);
        check(&[[VGA, 700, 98_301]], None);
        check(&[[VGA, 700, 98_300]], Some(99_300..100_000));
        check(&[[VGA, u32::MAX, 60_000]], None);
        check(&[[VGA, 700, u32::MAX]], None);
        // Within the segment, within the main picture, over another picture.
        check(&[[VGA, 700, 0]], None);
        check(&[[VGA, 700, 48_999]], None);
        check(&[[VGA, 700, 49_000]], Some(50_000..50_700));
        check(&[[VGA, 700, 60_000], [0, 1000, 60_699]], None);
        check(&[], None);
    }

    #[test]
    fn a_segment_that_is_cut_off_is_none() {
        let whole = segment(false, &[MAIN, [VGA, 700, 60_000]]);
        assert!(preview(&whole, AT, FILE).is_some());
        for end in 0..whole.len() {
            assert_eq!(preview(&whole[..end], AT, FILE), None, "{end} bytes");
        }
    }

    proptest! {
        #[test]
        fn whatever_a_segment_says_the_answer_lies_in_the_file(
            changes in prop::collection::vec((0_usize..70, any::<u8>()), 1..8),
            is_big in any::<bool>(),
            file_bytes in 0_u64..200_000,
        ) {
            let mut bytes = segment(is_big, &[MAIN, [VGA, 700, 60_000]]);
            for (at, byte) in changes {
                bytes[at] = byte;
            }
            if let Some(found) = preview(&bytes, AT, file_bytes) {
                prop_assert!(found.start < found.end && found.end <= file_bytes, "{found:?}");
                prop_assert!(found.start >= AT + bytes.len() as u64);
            }
        }
    }
}
