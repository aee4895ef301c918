//! Cameras' own files: which they are, and where the largest JPEG in one lies.
//!
//! A raw file without a JPEG beside it is shown by the picture that the camera put into it. It is found
//! by a bounded walk through the container: TIFF and its kin (CR2, NEF, ARW, DNG, PEF, ORF, RW2), the
//! boxes of ISO-BMFF (CR3), or Fujifilm's header (RAF). Only what the walk leads to is read: a few
//! hundred bytes of directories, then the beginning of each JPEG, to see how large its picture is and
//! that it is one: the raw data of some cameras is a lossless JPEG, which nobody wants to look at.
//!
//! Previews within maker notes are left alone: each maker has another way.

mod boxes;
mod directories;

use std::ffi::OsStr;
use std::ops::Range;
use std::path::Path;

use super::DiskResult;
use super::exif::segments;
use super::source::Source;

/// The names that raw files have, in lower case.
pub const EXTENSIONS: [&str; 9] = ["cr2", "cr3", "nef", "arw", "raf", "orf", "rw2", "dng", "pef"];

/// JPEGs that are looked at in one file: cameras put in three or four.
const CANDIDATES: usize = 16;

/// Bytes read of a JPEG to find its size: behind a segment of EXIF, which is 64 KiB at most.
const HEAD_BYTES: u64 = 72 << 10;

/// The smallest JPEG that is a picture.
const LEAST_BYTES: u64 = 128;

/// Where parts of a raw file lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The JPEG.
    pub jpeg: Range<u64>,
    /// Width and height of its picture as stored.
    pub size_px: [u32; 2],
}

/// How a raw file is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// TIFF, or what differs from it by its second word.
    Tiff,
    /// ISO base media boxes.
    Boxes,
    /// Fujifilm's header.
    Raf,
}

impl Container {
    /// The container that begins with `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            // 42; Olympus's "RO" and "RS"; Panasonic's 0x55.
            [b'I', b'I', 42 | 0x55, 0, ..] | [b'M', b'M', 0, 42, ..] => Some(Self::Tiff),
            [b'I', b'I', b'R', b'O' | b'S', ..] | [b'M', b'M', b'O', b'R', ..] => Some(Self::Tiff),
            [_, _, _, _, b'f', b't', b'y', b'p', b'c', b'r', b'x', b' ', ..] => Some(Self::Boxes),
            start if start.starts_with(b"FUJIFILMCCD-RAW ") => Some(Self::Raf),
            _ => None,
        }
    }
}

/// Whether a name is that of a raw file.
#[must_use]
pub fn has_raw_name(path: &Path) -> bool {
    let extension = path.extension().and_then(OsStr::to_str);
    extension.is_some_and(|e| EXTENSIONS.iter().any(|x| x.eq_ignore_ascii_case(e)))
}

/// The largest JPEG in a raw file; `None` where none is found.
///
/// # Errors
/// When the file cannot be read.
pub fn picture(source: &mut Source, container: Container) -> DiskResult<Option<Picture>> {
    let candidates = match container {
        Container::Tiff => directories::jpegs(source)?,
        Container::Boxes => boxes::find(source)?.jpegs,
        Container::Raf => raf_jpeg(source)?.into_iter().collect(),
    };
    let mut best: Option<Picture> = None;
    for jpeg in candidates.into_iter().take(CANDIDATES) {
        let Some(size_px) = size_of(source, &jpeg)? else { continue };
        let area = |[width, height]: [u32; 2]| u64::from(width) * u64::from(height);
        if best.as_ref().is_none_or(|best| area(size_px) > area(best.size_px)) {
            best = Some(Picture { jpeg, size_px });
        }
    }
    Ok(best)
}

/// The directories of a file in boxes that are EXIF's: the picture's and the exposure's, where each
/// begins (Canon's `CMT1` and `CMT2`).
///
/// # Errors
/// When the file cannot be read.
pub fn box_directories(source: &mut Source) -> DiskResult<[Option<u64>; 2]> {
    Ok(boxes::find(source)?.directories)
}

/// Where Fujifilm's header says that the JPEG lies, which has all of EXIF in it.
///
/// # Errors
/// When the file cannot be read.
pub fn raf_jpeg(source: &mut Source) -> DiskResult<Option<Range<u64>>> {
    let bytes = source.range(84..92)?;
    let Some(&[a, b, c, d, e, f, g, h]) = bytes.first_chunk() else { return Ok(None) };
    let start = u64::from(u32::from_be_bytes([a, b, c, d]));
    let length = u64::from(u32::from_be_bytes([e, f, g, h]));
    Ok(sound(start, length, source.size_bytes()))
}

/// A range that lies in the file and is long enough for a picture.
fn sound(start: u64, length: u64, file_bytes: u64) -> Option<Range<u64>> {
    let end = start.checked_add(length)?;
    (length >= LEAST_BYTES && end <= file_bytes).then_some(start..end)
}

/// The size of a JPEG that can be shown; `None` for anything else.
fn size_of(source: &mut Source, jpeg: &Range<u64>) -> DiskResult<Option<[u32; 2]>> {
    let head = source.range(jpeg.start..jpeg.end.min(jpeg.start + HEAD_BYTES))?;
    if !head.starts_with(&[0xFF, 0xD8]) {
        return Ok(None);
    }
    let found = segments::find(&head);
    // Baseline, extended and progressive with Huffman codes (ITU-T T.81, table B.1).
    let is_shown = matches!(found.frame, Some(0xC0..=0xC2));
    Ok(found.size_px.filter(|_| is_shown))
}
