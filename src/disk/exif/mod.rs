//! What a photo's header says: from the first bytes of a file to [`PhotoMeta`].
//!
//! `segments`, `chunks` and `tiff` find the EXIF block by walks that never read the picture's data,
//! `mpf` the preview behind it. Previews within maker notes are left alone: each maker has another
//! way. The fields are read by kamadak-exif, which goes on after errors. A photo without EXIF, or
//! with a broken one, is a photo all the same: what cannot be read is `None`, and so is a zero where
//! zero means that the camera did not know.

mod chunks;
pub(crate) mod endian;
mod mpf;
pub(crate) mod segments;
pub(crate) mod tiff;

use std::ops::Range;
use std::path::Path;

use ::exif::Exif;
use ::exif::Field;
use ::exif::In;
use ::exif::Tag;
use ::exif::Value;

use super::DiskResult;
use super::raw;
use super::source::Format;
use super::source::HEADER_BYTES;
use super::source::Source;
use super::xmp;
use crate::core::photo::PhotoMeta;
use crate::core::photo::Timestamp;
use crate::core::photo::Turn;

/// Bytes that the walk over a JPEG may read: twice the latest beginning of a picture in real files
/// (527 KB).
const WALK_BYTES: usize = 1 << 20;

/// The longest EXIF block outside of JPEG, where a segment bounds it.
const BLOCK_BYTES: u64 = 1 << 20;

/// The longest thumbnail: four times the longest that fits into a segment.
const THUMBNAIL_BYTES: u64 = 256 << 10;

/// Reads the header of an open photo.
///
/// # Errors
/// When the file cannot be read. A header that says nothing is no error.
pub fn read(source: &mut Source, format: Format, _path: &Path) -> DiskResult<PhotoMeta> {
    match format {
        Format::Jpeg => read_jpeg(source),
        Format::Png => chunks::find_in_png(source).and_then(|found| read_chunk(source, found)),
        Format::WebP => chunks::find_in_webp(source).and_then(|found| read_chunk(source, found)),
        Format::Tiff => {
            let block = tiff::gather(source, 0)?;
            Ok(meta_of(block.and_then(parsed).as_ref(), None))
        }
        Format::Raw => {
            let found = raw::find(source)?;
            let mut meta = meta_of(found.exif.and_then(parsed).as_ref(), None);
            // Not the sensor's: what is shown is the picture in it.
            meta.size_px = found.picture.map(|picture| picture.size_px);
            Ok(meta)
        }
    }
}

fn read_jpeg(source: &mut Source) -> DiskResult<PhotoMeta> {
    let size_bytes = source.size_bytes();
    let mut count = HEADER_BYTES;
    loop {
        let bytes = source.first(count)?;
        let found = segments::find(bytes);
        // Nine files in ten end here; the others are read in doubling steps.
        if !found.is_cut_off || bytes.len() < count || count >= WALK_BYTES {
            return Ok(meta_of_jpeg(bytes, found, size_bytes));
        }
        count *= 2;
    }
}

fn meta_of_jpeg(bytes: &[u8], found: segments::Found, file_bytes: u64) -> PhotoMeta {
    // Some files have a second, empty block, others an empty first one.
    let blocks = found.exif.into_iter();
    let mut exifs = blocks.filter_map(|b| Some((b.start, parsed(bytes[b].to_vec())?)));
    let exif = exifs.find(|(_, exif)| exif.fields().len() > 0);
    let mut meta = meta_of(exif.as_ref().map(|(_, exif)| exif), found.size_px);
    meta.thumbnail = exif.and_then(|(start, exif)| thumbnail(&exif, start as u64, file_bytes));
    meta.preview = found
        .pictures
        .and_then(|list| mpf::preview(&bytes[list.clone()], list.start as u64, file_bytes));
    let said = found.xmp.map(|packet| xmp::read_packet(&bytes[packet]));
    meta.said = said.filter(|said| !said.is_silent()).map(Box::new);
    meta
}

fn read_chunk(source: &mut Source, found: chunks::Found) -> DiskResult<PhotoMeta> {
    let Some(range) = found.exif else { return Ok(meta_of(None, found.size_px)) };
    let end = range.end.min(range.start + BLOCK_BYTES);
    let exif = parsed(source.range(range.start..end)?);
    let mut meta = meta_of(exif.as_ref(), found.size_px);
    meta.thumbnail = exif.and_then(|exif| thumbnail(&exif, range.start, source.size_bytes()));
    Ok(meta)
}

/// Whether a block says that its picture is in Adobe RGB: by DCF's sign for it (JEITA CP-3461B, 4.5:
/// `R03`, and a colour space that is not sRGB), or by the number 2 that some programs write for it.
#[must_use]
pub fn is_adobe_rgb(block: &[u8]) -> bool {
    // Reading the fields of a block takes 20 us, looking for the few bytes that could say so, 2.
    let may_say_so = |sign: &[u8]| memchr::memmem::find(block, sign).is_some();
    let signs: [&[u8]; 3] =
        [b"R03", b"\x01\xA0\x03\0\x01\0\0\0\x02\0", b"\xA0\x01\0\x03\0\0\0\x01\0\x02"];
    if !signs.into_iter().any(may_say_so) {
        return false;
    }
    let Some(exif) = parsed(block.to_vec()) else { return false };
    match number(&exif, Tag::ColorSpace) {
        Some(1.0) => false,
        Some(2.0) => true,
        _ => text(&exif, Tag::InteroperabilityIndex).is_some_and(|sign| sign.starts_with("R03")),
    }
}

/// The fields of a block, as far as they can be read.
fn parsed(block: Vec<u8>) -> Option<Exif> {
    let mut reader = ::exif::Reader::new();
    reader.continue_on_error(true);
    reader.read_raw(block).or_else(|e| e.distill_partial_result(|_| {})).ok()
}

fn meta_of(exif: Option<&Exif>, size_px: Option<[u32; 2]>) -> PhotoMeta {
    let mut meta = PhotoMeta { size_px, ..PhotoMeta::default() };
    if let Some(exif) = exif {
        fill(&mut meta, exif);
    }
    meta
}

fn fill(meta: &mut PhotoMeta, exif: &Exif) {
    meta.make = text(exif, Tag::Make);
    meta.model = text(exif, Tag::Model);
    meta.serial = text(exif, Tag::BodySerialNumber);
    meta.lens = text(exif, Tag::LensModel);
    meta.captured = captured(exif);
    meta.turn = Turn::from_exif(number(exif, Tag::Orientation).unwrap_or(1.0) as u32);
    meta.iso = iso(exif);
    meta.f_number = positive(exif, Tag::FNumber).map(|n| n as f32);
    meta.exposure_seconds = positive(exif, Tag::ExposureTime);
    meta.focal_mm = positive(exif, Tag::FocalLength).map(|n| n as f32);
    meta.focal_35mm = positive(exif, Tag::FocalLengthIn35mmFilm).map(|n| n as u32);
    meta.bias_ev = number(exif, Tag::ExposureBiasValue).map(|n| n as f32);
    // Bit 0: CIPA DC-008, 4.6.5, Flash.
    meta.flash_fired = number(exif, Tag::Flash).map(|flash| flash as u32 & 1 == 1);
    if meta.size_px.is_none() {
        let side = |tag| number(exif, tag).filter(|n| *n >= 1.0).map(|n| n as u32);
        meta.size_px = side(Tag::ImageWidth).zip(side(Tag::ImageLength)).map(|(w, h)| [w, h]);
    }
}

/// The ISO speed. 65535 is the most that its first tag holds and means "see the others" (CIPA
/// DC-008, 4.6.5, PhotographicSensitivity).
fn iso(exif: &Exif) -> Option<u32> {
    let speed = |tag| {
        let numbers = field(exif, tag)?.value.iter_uint()?;
        numbers.into_iter().find(|&iso| iso > 0 && iso < u32::MAX)
    };
    match speed(Tag::PhotographicSensitivity) {
        Some(65_535) | None => speed(Tag::RecommendedExposureIndex)
            .or_else(|| speed(Tag::StandardOutputSensitivity))
            .or_else(|| speed(Tag::ISOSpeed)),
        known => known,
    }
}

/// When the picture was taken: the shutter's time, else the digitizing's, else the file's.
fn captured(exif: &Exif) -> Option<Timestamp> {
    [
        (Tag::DateTimeOriginal, Tag::SubSecTimeOriginal),
        (Tag::DateTimeDigitized, Tag::SubSecTimeDigitized),
        (Tag::DateTime, Tag::SubSecTime),
    ]
    .into_iter()
    .find_map(|(time, fraction)| {
        let micros = text(exif, fraction).map_or(0, |digits| micros(&digits));
        timestamp(&text(exif, time)?, micros)
    })
}

/// `2010:12:12 12:41:35`, with whatever a camera puts between the numbers.
fn timestamp(text: &str, micros: u32) -> Option<Timestamp> {
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|s| !s.is_empty());
    let mut next = || numbers.next()?.parse::<u32>().ok();
    let (year, month, day) = (next()?, next()?, next()?);
    let (hour, minute) = (next()?, next()?);
    // Some early cameras write no seconds.
    let second = next().unwrap_or(0);
    if !(1..=9999).contains(&year) {
        return None;
    }
    let date = [year, month, day].map(|n| i32::try_from(n).unwrap_or(i32::MAX));
    Timestamp::from_civil(date, [hour, minute, second], micros)
}

/// Digits behind the point of a second, as microseconds: `5` is half a second.
fn micros(digits: &str) -> u32 {
    let digits = digits.bytes().take_while(u8::is_ascii_digit).take(6);
    digits.fold((0, 100_000), |(sum, unit), d| (sum + u32::from(d - b'0') * unit, unit / 10)).0
}

/// Where the thumbnail lies in the file, by the directory behind the picture's (CIPA DC-008, 4.5.5).
fn thumbnail(exif: &Exif, block_start: u64, file_bytes: u64) -> Option<Range<u64>> {
    let at = |tag| exif.get_field(tag, In::THUMBNAIL).and_then(|f| f.value.get_uint(0));
    let offset = block_start + u64::from(at(Tag::JPEGInterchangeFormat)?);
    let length = u64::from(at(Tag::JPEGInterchangeFormatLength)?);
    let is_sound = (1..=THUMBNAIL_BYTES).contains(&length) && offset + length <= file_bytes;
    is_sound.then(|| offset..offset + length)
}

fn field(exif: &Exif, tag: Tag) -> Option<&Field> {
    exif.get_field(tag, In::PRIMARY)
}

/// Text without the NULs and blanks that pad it; blank text is none.
fn text(exif: &Exif, tag: Tag) -> Option<Box<str>> {
    let Value::Ascii(parts) = &field(exif, tag)?.value else { return None };
    let text = String::from_utf8_lossy(parts.first()?);
    let text = text.trim_matches(|c: char| c == '\0' || c.is_whitespace());
    (!text.is_empty()).then(|| text.into())
}

/// The first number of a field, whatever its type.
fn number(exif: &Exif, tag: Tag) -> Option<f64> {
    let value = match &field(exif, tag)?.value {
        Value::Rational(v) => v.first().map(::exif::Rational::to_f64),
        Value::SRational(v) => v.first().map(::exif::SRational::to_f64),
        Value::SShort(v) => v.first().copied().map(f64::from),
        Value::SLong(v) => v.first().copied().map(f64::from),
        Value::Float(v) => v.first().copied().map(f64::from),
        Value::Double(v) => v.first().copied(),
        other => other.get_uint(0).map(f64::from),
    };
    value.filter(|n| n.is_finite())
}

/// A number above zero: cameras write zero for what they do not know.
fn positive(exif: &Exif, tag: Tag) -> Option<f64> {
    number(exif, tag).filter(|n| *n > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_time(text: &str, expect: Option<[i64; 6]>) {
        assert_eq!(timestamp(text, 0).map(Timestamp::to_civil), expect, "{text:?}");
    }

    #[test]
    fn times_are_read_whatever_stands_between_their_numbers() {
        check_time("2010:12:12 12:41:35", Some([2010, 12, 12, 12, 41, 35]));
        check_time("2010-12-12T12:41:35Z", Some([2010, 12, 12, 12, 41, 35]));
        check_time("2010/12/12 12:41", Some([2010, 12, 12, 12, 41, 0]));
    }

    #[test]
    fn blank_and_impossible_times_are_none() {
        check_time("    :  :     :  :  ", None);
        check_time("0000:00:00 00:00:00", None);
        check_time("2010:13:12 12:41:35", None);
        check_time("99999999999:01:01 00:00:00", None);
    }

    #[test]
    fn fractions_of_a_second_are_digits_behind_a_point() {
        assert_eq!(micros("5"), 500_000);
        assert_eq!(micros("05"), 50_000);
        assert_eq!(micros("123456789"), 123_456);
        assert_eq!(micros(""), 0);
    }
}
