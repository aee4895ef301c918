//! The directories of a TIFF-like raw file, looked through for JPEGs.
//!
//! Directories point to further ones: the next of the chain (TIFF 6.0, section 2), its children
//! (`SubIFDs`, TIFF Technical Note 1), EXIF's, and the maker note's in Olympus' files. All are looked
//! at, breadth first, each once, and no more than [`DIRECTORY_LIMIT`].

use std::ops::Range;

use crate::disk::DiskResult;
use crate::disk::exif::endian::Endian;
use crate::disk::source::Source;

/// Directories that are looked at: real files have up to some 20.
const DIRECTORY_LIMIT: usize = 64;

/// Entries of a directory that are looked at: real ones have up to some 100.
const ENTRY_LIMIT: u16 = 512;

/// Children of a directory that are looked at.
const CHILD_LIMIT: u64 = 16;

/// `JpgFromRaw`, of Panasonic.
const JPEG_FROM_RAW: u16 = 0x002E;
/// `Compression`: 6 and 7 are JPEG.
const COMPRESSION: u16 = 0x0103;
/// `StripOffsets` and `StripByteCounts`.
const STRIPS: [u16; 2] = [0x0111, 0x0117];
/// `SubIFDs`.
const CHILDREN: u16 = 0x014A;
/// `JPEGInterchangeFormat` and its length.
const JPEG: [u16; 2] = [0x0201, 0x0202];
/// EXIF's directory.
const EXIF: u16 = 0x8769;
/// The maker note, in EXIF's directory.
const MAKER_NOTE: u16 = 0x927C;
/// `CameraSettings` in Olympus' maker note, and `PreviewImageStart` and its length in those.
const OLYMPUS_SETTINGS: u16 = 0x2020;
const OLYMPUS_PREVIEW: [u16; 2] = [0x0101, 0x0102];

/// What a directory is: tags mean other things in a maker note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Plain,
    Olympus,
    OlympusSettings,
}

/// A directory to look at: `at`, counted from `base`, as all that it says is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    kind: Kind,
    base: u64,
    at: u64,
}

/// Where the file may hold JPEGs.
///
/// # Errors
/// When the file cannot be read.
pub(super) fn pictures(source: &mut Source) -> DiskResult<Vec<Range<u64>>> {
    let head = source.range(0..8)?;
    let Some(endian) = Endian::of(&head) else { return Ok(Vec::new()) };
    let mut places = vec![Place { kind: Kind::Plain, base: 0, at: endian.u32(&head, 4).into() }];
    let mut pictures = Vec::new();
    let mut next = 0;
    while let Some(&place) = places.get(next)
        && next < DIRECTORY_LIMIT
    {
        next += 1;
        let directory = Directory::read(source, endian, place)?;
        pictures.extend(directory.pictures());
        for found in directory.places(source)? {
            if found.at != 0 && !places.contains(&found) {
                places.push(found);
            }
        }
    }
    Ok(pictures)
}

/// One entry: its values, or where they lie.
struct Entry {
    tag: u16,
    kind: u16,
    count: u64,
    value: [u8; 4],
}

struct Directory {
    endian: Endian,
    place: Place,
    entries: Vec<Entry>,
    next: u64,
}

impl Directory {
    fn read(source: &mut Source, endian: Endian, place: Place) -> DiskResult<Self> {
        let at = place.base + place.at;
        let mut directory = Self { endian, place, entries: Vec::new(), next: 0 };
        let head = source.range(at..at + 2)?;
        if head.len() < 2 {
            return Ok(directory);
        }
        let count = u64::from(endian.u16(&head, 0).min(ENTRY_LIMIT));
        let bytes = source.range(at + 2..at + 2 + count * 12 + 4)?;
        let (rows, rest) = bytes.as_chunks::<12>();
        directory.entries = rows.iter().map(|row| Entry::of(row, endian)).collect();
        if rest.len() == 4 {
            directory.next = endian.u32(rest, 0).into();
        }
        Ok(directory)
    }

    fn entry(&self, tag: u16) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.tag == tag)
    }

    /// The only number of an entry.
    fn number(&self, tag: u16) -> Option<u64> {
        self.entry(tag).filter(|entry| entry.count == 1)?.inline(self.endian)
    }

    /// A place told by a pair of tags: where it begins, how long it is.
    fn pair(&self, [start, length]: [u16; 2]) -> Option<Range<u64>> {
        let start = self.place.base + self.number(start)?;
        Some(start..start + self.number(length)?)
    }

    fn pictures(&self) -> Vec<Range<u64>> {
        if self.place.kind == Kind::OlympusSettings {
            return self.pair(OLYMPUS_PREVIEW).into_iter().collect();
        }
        let is_jpeg = matches!(self.number(COMPRESSION), Some(6 | 7));
        let strip = self.pair(STRIPS).filter(|_| is_jpeg);
        let from_raw = self.entry(JPEG_FROM_RAW).and_then(|entry| {
            let start = self.place.base + u64::from(self.endian.u32(&entry.value, 0));
            (entry.count > 4).then_some(start..start + entry.count)
        });
        self.pair(JPEG).into_iter().chain(strip).chain(from_raw).collect()
    }

    /// The directories that this one points to.
    fn places(&self, source: &mut Source) -> DiskResult<Vec<Place>> {
        let here = |at| Place { at, ..self.place };
        let mut places = Vec::new();
        match self.place.kind {
            Kind::Plain => {
                places.extend(self.children(source)?.into_iter().map(here));
                places.extend(self.number(EXIF).map(here));
                places.extend(self.maker_note(source)?);
                places.push(here(self.next));
            }
            Kind::Olympus => {
                let settings = self.entry(OLYMPUS_SETTINGS);
                let at = settings.map(|entry| u64::from(self.endian.u32(&entry.value, 0)));
                let kind = Kind::OlympusSettings;
                places.extend(at.map(|at| Place { kind, ..here(at) }));
            }
            Kind::OlympusSettings => {}
        }
        Ok(places)
    }

    fn children(&self, source: &mut Source) -> DiskResult<Vec<u64>> {
        let Some(entry) = self.entry(CHILDREN) else { return Ok(Vec::new()) };
        if entry.count == 1 {
            return Ok(entry.inline(self.endian).into_iter().collect());
        }
        let at = self.place.base + u64::from(self.endian.u32(&entry.value, 0));
        let bytes = source.range(at..at + entry.count.min(CHILD_LIMIT) * 4)?;
        let children = bytes.as_chunks::<4>().0.iter();
        Ok(children.map(|four| self.endian.u32(four, 0).into()).collect())
    }

    /// The directory of Olympus' maker note, behind the name that it begins with.
    fn maker_note(&self, source: &mut Source) -> DiskResult<Option<Place>> {
        let Some(entry) = self.entry(MAKER_NOTE) else { return Ok(None) };
        let base = self.place.base + u64::from(self.endian.u32(&entry.value, 0));
        let name = source.range(base..base + 16)?;
        let place = |at| Some(Place { kind: Kind::Olympus, base, at });
        Ok(match &*name {
            [b'O', b'L', b'Y', b'M', b'P', b'U', b'S', 0, ..] => place(12),
            [b'O', b'M', b' ', b'S', b'Y', b'S', b'T', b'E', b'M', 0, ..] => place(16),
            _ => None,
        })
    }
}

impl Entry {
    fn of(row: &[u8; 12], endian: Endian) -> Self {
        let count = endian.u32(row, 4).into();
        let value = [row[8], row[9], row[10], row[11]];
        Self { tag: endian.u16(row, 0), kind: endian.u16(row, 2), count, value }
    }

    /// A number that the entry itself holds; `None` for other types.
    fn inline(&self, endian: Endian) -> Option<u64> {
        match self.kind {
            3 => Some(endian.u16(&self.value, 0).into()),
            4 | 13 => Some(endian.u32(&self.value, 0).into()),
            _ => None,
        }
    }
}
