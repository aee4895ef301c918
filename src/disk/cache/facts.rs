//! What the index keeps of a photo beside its pictures, as one value of bytes.
//!
//! ```text
//! version u8 | flags u16: which of the optional fields follow
//! fingerprint 16 | mean colour 3 | turn u8 (EXIF 1 to 8)
//! make, model, serial, lens: length u16, UTF-8 | captured i64 | stored size 2 x u32 | iso u32
//! f-number f32 | exposure f64 | focal f32 | focal as 35 mm u32 | bias f32 | flash: two flags
//! thumbnail 2 x u64 | preview 2 x u64 | whole picture 2 x u32
//! colours, what its XMP says: length u16, UTF-8
//! ```
//!
//! All little-endian, each optional field only where its flag is set, nothing after the last one.
//! A value of another version is no value: the photo is read again. [`Facts::parse`] takes any
//! bytes and never panics; what it takes, it gives back byte for byte (`tests/cache.rs`).

use super::bytes::Reader;
use super::bytes::Writer;
use super::said;
use crate::core::photo::Fingerprint;
use crate::core::photo::PhotoMeta;
use crate::core::photo::Timestamp;
use crate::core::photo::Turn;

/// Changes when the bytes change their meaning.
const VERSION: u8 = 2;

/// What is known of a photo without looking at its picture, and what looking told in a few bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// What its header says.
    pub meta: PhotoMeta,
    /// What its decisions are bound to.
    pub fingerprint: Fingerprint,
    /// Mean colour, in the working space.
    pub mean: [u8; 3],
    /// Width and height of the whole picture as it stands upright, where it was decoded.
    pub size_px: Option<[u32; 2]>,
    /// What its file says of its colours, in the person's words; `None` where it says nothing.
    pub colours: Option<Box<str>>,
}

/// The longest text that is kept, in bytes: an EXIF text is far shorter.
const TEXT_BYTES: usize = u16::MAX as usize;

impl Facts {
    /// The value as bytes. A text longer than 65,535 bytes is left out.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let meta = &self.meta;
        let mut out = Writer::default();
        out.u8(VERSION);
        out.u32(self.flags());
        out.bytes(&self.fingerprint.0);
        out.bytes(&self.mean);
        out.u8(meta.turn.to_exif() as u8);
        for text in self.texts().into_iter().flatten() {
            out.u16(text.len() as u16);
            out.bytes(text.as_bytes());
        }
        meta.captured.iter().for_each(|at| out.u64(at.0.cast_unsigned()));
        meta.size_px.iter().flatten().for_each(|&side| out.u32(side));
        meta.iso.iter().for_each(|&iso| out.u32(iso));
        meta.f_number.iter().for_each(|f| out.u32(f.to_bits()));
        meta.exposure_seconds.iter().for_each(|s| out.u64(s.to_bits()));
        meta.focal_mm.iter().for_each(|mm| out.u32(mm.to_bits()));
        meta.focal_35mm.iter().for_each(|&mm| out.u32(mm));
        meta.bias_ev.iter().for_each(|ev| out.u32(ev.to_bits()));
        for range in [&meta.thumbnail, &meta.preview].into_iter().flatten() {
            out.u64(range.start);
            out.u64(range.end);
        }
        self.size_px.iter().flatten().for_each(|&side| out.u32(side));
        for text in [self.colours(), self.said_text().as_deref()].into_iter().flatten() {
            out.u16(text.len() as u16);
            out.bytes(text.as_bytes());
        }
        out.into_bytes()
    }

    /// The value that `bytes` are, `None` where they are none of this version.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let mut rest = Reader::new(bytes);
        if rest.u8()? != VERSION {
            return None;
        }
        let mut flags = Flags(rest.u32()?);
        let fingerprint = Fingerprint(rest.array()?);
        let mean = rest.array()?;
        let turn = match rest.u8()? {
            value @ 1..=8 => Turn::from_exif(u32::from(value)),
            _ => return None,
        };
        let mut meta = PhotoMeta { turn, ..PhotoMeta::default() };
        for field in [&mut meta.make, &mut meta.model, &mut meta.serial, &mut meta.lens] {
            *field = flags.next(|| rest.text())?;
        }
        meta.captured = flags.next(|| rest.u64().map(|at| Timestamp(at.cast_signed())))?;
        meta.size_px = flags.next(|| rest.pair_u32())?;
        meta.iso = flags.next(|| rest.u32())?;
        meta.f_number = flags.next(|| rest.u32().map(f32::from_bits))?;
        meta.exposure_seconds = flags.next(|| rest.u64().map(f64::from_bits))?;
        meta.focal_mm = flags.next(|| rest.u32().map(f32::from_bits))?;
        meta.focal_35mm = flags.next(|| rest.u32())?;
        meta.bias_ev = flags.next(|| rest.u32().map(f32::from_bits))?;
        meta.thumbnail = flags.next(|| Some(rest.u64()?..rest.u64()?))?;
        meta.preview = flags.next(|| Some(rest.u64()?..rest.u64()?))?;
        let size_px = flags.next(|| rest.pair_u32())?;
        let colours = flags.next(|| rest.text())?;
        let (is_known, has_fired) = (flags.take(), flags.take());
        meta.flash_fired = is_known.then_some(has_fired);
        let said = flags.next(|| rest.text().and_then(|text| said::parse(&text)))?;
        meta.said = said.map(Box::new);
        let is_canonical = (is_known || !has_fired) && flags.0 == 0 && rest.is_empty();
        is_canonical.then_some(Self { meta, fingerprint, mean, size_px, colours })
    }

    fn said_text(&self) -> Option<String> {
        let said = self.meta.said.as_deref()?;
        said::to_text(said).filter(|text| text.len() <= TEXT_BYTES)
    }

    fn texts(&self) -> [Option<&str>; 4] {
        let meta = &self.meta;
        let fits = |text: &&str| text.len() <= TEXT_BYTES;
        [&meta.make, &meta.model, &meta.serial, &meta.lens].map(|t| t.as_deref().filter(fits))
    }

    fn colours(&self) -> Option<&str> {
        self.colours.as_deref().filter(|text| text.len() <= TEXT_BYTES)
    }

    /// One bit for each optional field, in the order in which they are written.
    fn flags(&self) -> u32 {
        let meta = &self.meta;
        let [make, model, serial, lens] = self.texts().map(|text| text.is_some());
        let bits = [
            make,
            model,
            serial,
            lens,
            meta.captured.is_some(),
            meta.size_px.is_some(),
            meta.iso.is_some(),
            meta.f_number.is_some(),
            meta.exposure_seconds.is_some(),
            meta.focal_mm.is_some(),
            meta.focal_35mm.is_some(),
            meta.bias_ev.is_some(),
            meta.thumbnail.is_some(),
            meta.preview.is_some(),
            self.size_px.is_some(),
            self.colours().is_some(),
            meta.flash_fired.is_some(),
            meta.flash_fired == Some(true),
            self.said_text().is_some(),
        ];
        bits.iter().rev().fold(0, |sum, &bit| sum << 1 | u32::from(bit))
    }
}

/// The flags not yet looked at, the next one lowest.
struct Flags(u32);

impl Flags {
    fn take(&mut self) -> bool {
        let bit = self.0 & 1 == 1;
        self.0 >>= 1;
        bit
    }

    /// The next field: `Some(None)` where it is not there, `None` where it is cut off.
    fn next<T>(&mut self, read: impl FnOnce() -> Option<T>) -> Option<Option<T>> {
        if self.take() { read().map(Some) } else { Some(None) }
    }
}

/// A small map over the picture, a byte a cell, rows from the top: what the decoder saw of detail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    size: [u8; 2],
    cells: Vec<u8>,
}

impl Detail {
    /// The longest side of a map in cells.
    pub const EDGE: u8 = 128;

    /// A map of width and height, `None` unless both are 1 to 128 and there is a byte for each cell.
    #[must_use]
    pub fn new(size: [u8; 2], cells: Vec<u8>) -> Option<Self> {
        let is_sized = size.iter().all(|side| (1..=Self::EDGE).contains(side));
        let fits = is_sized && cells.len() == usize::from(size[0]) * usize::from(size[1]);
        fits.then_some(Self { size, cells })
    }

    /// Width and height in cells.
    #[must_use]
    pub const fn size(&self) -> [u8; 2] {
        self.size
    }

    /// The cells, row after row.
    #[must_use]
    pub fn cells(&self) -> &[u8] {
        &self.cells
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(meta: PhotoMeta) -> Facts {
        let (fingerprint, mean) = (Fingerprint([7; 16]), [1, 2, 3]);
        Facts { meta, fingerprint, mean, size_px: None, colours: None }
    }

    #[test]
    fn what_nothing_is_known_of_takes_few_bytes() {
        let meta = PhotoMeta::default();
        let facts = facts(meta);
        let bytes = facts.to_bytes();
        assert_eq!(bytes.len(), 25);
        assert_eq!(Facts::parse(&bytes), Some(facts));
    }

    #[test]
    fn a_value_of_another_version_or_with_more_behind_is_none() {
        let meta = PhotoMeta { flash_fired: Some(true), ..PhotoMeta::default() };
        let facts = facts(meta);
        let bytes = facts.to_bytes();
        assert!(Facts::parse(&[&bytes[..], &[0]].concat()).is_none());
        assert!(Facts::parse(&[&[VERSION + 1], &bytes[1..]].concat()).is_none());
        // A flash that fired, of which nothing is known: the highest flag without the one below.
        let mut odd = bytes;
        odd[3] &= !1;
        assert!(Facts::parse(&odd).is_none());
    }

    #[test]
    fn a_text_too_long_is_left_out() {
        let meta = PhotoMeta {
            lens: Some("l".repeat(65_536).into()),
            model: Some("m".repeat(65_535).into()),
            ..PhotoMeta::default()
        };
        let facts = facts(meta);
        let read = Facts::parse(&facts.to_bytes()).unwrap();
        assert_eq!((&read.meta.lens, &read.meta.model), (&None, &facts.meta.model));
    }
}
