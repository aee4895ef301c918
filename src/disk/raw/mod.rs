//! Raw files: the pictures that cameras embed in them, and what their headers say.
//!
//! A raw file is shown by the largest JPEG in it, the one that the camera made; the sensor's own data
//! are not developed. It is found by a bounded walk over directories (`ifd`) or boxes (`boxes`),
//! in reads of some bytes here and there, never by searching through tens of megabytes.
//!
//! | file | kind | where the picture is |
//! | --- | --- | --- |
//! | CR2, NEF, ARW, DNG, PEF | TIFF | a strip, or the pair of tags of a JPEG, in any directory |
//! | ORF | TIFF by another number | the maker note's camera settings |
//! | RW2 | TIFF by another number | the tag `JpgFromRaw` |
//! | RAF | Fujifilm's own head | told by the head; EXIF is in that JPEG |
//! | CR3 | ISO base media (ISO/IEC 14496-12) | the first track, or the box `PRVW` |
//!
//! Sources: TIFF 6.0 and its Technical Note 1; Adobe DNG 1.6; for the makers' own parts the tables
//! that exiftool's documentation publishes, and the description of CR3 by Laurent Clévy
//! (`canon_cr3`). Held by files made from these descriptions (`tests/raw.rs`).

mod boxes;
mod ifd;

use std::ffi::OsStr;
use std::ops::Range;
use std::path::Path;

use super::DiskError;
use super::DiskResult;
use super::exif::endian::Endian;
use super::exif::tiff;
use super::source::Source;

/// The names that raw files have, in lower case.
pub const EXTENSIONS: [&str; 9] = ["cr2", "cr3", "nef", "arw", "raf", "orf", "rw2", "dng", "pef"];

/// Segments of an embedded JPEG that are looked at for its size.
const SEGMENT_LIMIT: usize = 64;

/// The first bytes of Fujifilm's raw files.
const RAF_MARK: &[u8] = b"FUJIFILMCCD-RAW";

/// The picture to show of a raw file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Embedded {
    /// Where the JPEG lies in the file.
    pub range: Range<u64>,
    /// Its width and height as stored.
    pub size_px: [u32; 2],
}

impl Embedded {
    const fn area(&self) -> u64 {
        self.size_px[0] as u64 * self.size_px[1] as u64
    }
}

/// What the walk found.
#[derive(Debug, Default)]
pub struct Found {
    /// The largest JPEG; `None` where there is none that can be shown.
    pub picture: Option<Embedded>,
    /// The header as an EXIF block of its own.
    pub exif: Option<Vec<u8>>,
}

/// Whether a file's name says that it is a raw file.
#[must_use]
pub fn has_raw_name(path: &Path) -> bool {
    let extension = path.extension().and_then(OsStr::to_str);
    extension.is_some_and(|e| EXTENSIONS.iter().any(|x| x.eq_ignore_ascii_case(e)))
}

/// Whether a file is a raw file, by its first bytes; where those are any TIFF's, by its name.
#[must_use]
pub fn is_raw(header: &[u8], path: &Path) -> bool {
    match header {
        [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => has_raw_name(path),
        [_, _, _, _, rest @ ..] if rest.starts_with(b"ftypcrx ") => true,
        _ => header.starts_with(RAF_MARK) || Endian::of(&header[..header.len().min(8)]).is_some(),
    }
}

/// Finds the largest JPEG of a raw file, and its header.
///
/// # Errors
/// When the file cannot be read.
pub fn find(source: &mut Source) -> DiskResult<Found> {
    let head = source.range(0..16)?;
    if head.starts_with(RAF_MARK) {
        return find_in_raf(source);
    }
    if head.get(4..).is_some_and(|rest| rest.starts_with(b"ftypcrx ")) {
        let found = boxes::walk(source)?;
        let exif = match found.exif {
            [Some(picture), Some(exif)] => tiff::gather_pair(source, picture, exif)?,
            [Some(picture), None] => tiff::gather(source, picture)?,
            _ => None,
        };
        return Ok(Found { picture: largest(source, found.pictures)?, exif });
    }
    let pictures = ifd::pictures(source)?;
    Ok(Found { picture: largest(source, pictures)?, exif: tiff::gather(source, 0)? })
}

/// Reads the largest JPEG of a raw file.
///
/// # Errors
/// When there is none, or the file cannot be read or was changed meanwhile.
pub fn picture<'a>(source: &'a mut Source, path: &Path) -> DiskResult<&'a [u8]> {
    let Some(picture) = find(source)?.picture else {
        return Err(DiskError::NoPicture { path: path.to_owned() });
    };
    source.part(picture.range)
}

/// Fujifilm's: two numbers in the head tell of a JPEG with an EXIF block of its own.
fn find_in_raf(source: &mut Source) -> DiskResult<Found> {
    let head = source.range(84..92)?;
    if head.len() < 8 {
        return Ok(Found::default());
    }
    let start = u64::from(Endian::Big.u32(&head, 0));
    let range = start..start + u64::from(Endian::Big.u32(&head, 4));
    let exif = match exif_of_jpeg(source, range.start)? {
        Some(at) => tiff::gather(source, at)?,
        None => None,
    };
    Ok(Found { picture: largest(source, vec![range])?, exif })
}

/// Of the places that may hold a JPEG, the one with the most pixels that does.
fn largest(source: &mut Source, places: Vec<Range<u64>>) -> DiskResult<Option<Embedded>> {
    let mut largest: Option<Embedded> = None;
    for range in places {
        if range.is_empty() || range.end > source.size_bytes() {
            continue;
        }
        let Some(size_px) = size_of_jpeg(source, &range)? else { continue };
        let found = Embedded { range, size_px };
        if largest.as_ref().is_none_or(|old| old.area() < found.area()) {
            largest = Some(found);
        }
    }
    Ok(largest)
}

/// The size that a JPEG's frame tells (ITU-T T.81, B.2.2); `None` for a frame that is no picture to
/// look at: raw data are often coded as a lossless JPEG of 12 to 16 bits.
fn size_of_jpeg(source: &mut Source, range: &Range<u64>) -> DiskResult<Option<[u32; 2]>> {
    let mut size_px = None;
    walk_segments(source, range.start, &mut |kind, _, body| {
        // SOF0 to SOF2 are baseline, extended and progressive.
        if matches!(kind, 0xC0..=0xC2) && body.len() >= 6 && body[0] == 8 {
            let [height, width] = [1, 3].map(|at| u32::from(Endian::Big.u16(body, at)));
            size_px = (width > 0 && height > 0).then_some([width, height]);
        }
    })?;
    Ok(size_px)
}

/// Where the TIFF in a JPEG's EXIF segment begins (CIPA DC-008, 4.5.4).
fn exif_of_jpeg(source: &mut Source, start: u64) -> DiskResult<Option<u64>> {
    let mut found = None;
    walk_segments(source, start, &mut |kind, body_at, body| {
        if kind == 0xE1 && body.starts_with(b"Exif\0\0") && found.is_none() {
            found = Some(body_at + 6);
        }
    })?;
    Ok(found)
}

/// Tells `visit` the segments of the JPEG at `start` up to its first scan: kind, where the body
/// begins, its first bytes.
fn walk_segments(
    source: &mut Source,
    start: u64,
    visit: &mut dyn FnMut(u8, u64, &[u8]),
) -> DiskResult<()> {
    if source.range(start..start + 2)? != [0xFF, 0xD8] {
        return Ok(());
    }
    let mut at = start + 2;
    for _ in 0..SEGMENT_LIMIT {
        let bytes = source.range(at..at + 16)?;
        let &[0xFF, kind, high, low, ref body @ ..] = &*bytes else { return Ok(()) };
        // Start of scan, end of image.
        if matches!(kind, 0xDA | 0xD9) {
            return Ok(());
        }
        visit(kind, at + 4, body);
        at += 2 + u64::from(u16::from_be_bytes([high, low]));
    }
    Ok(())
}
