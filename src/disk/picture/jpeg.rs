//! A JPEG's pixels, through zune-jpeg: what it costs is known before it is taken, and a file that
//! ends early is not shown as if it were whole.
//!
//! zune fills what is missing of a baseline picture with grey of exactly 128 and says that all is
//! well, which shows a few broken files that others refuse. So a picture that ends in such grey, or
//! whose file has no end marker, is decoded once more by strict rules; what fails then is damaged. A
//! file that lacks nothing but its end marker passes. A progressive file without one does not: its
//! last scans are missing, and no rule tells how many.
//!
//! Left open: a file that is cut within its last row of blocks passes, with grey or smeared blocks
//! at the lower right.

use std::path::Path;

use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;

use super::Limits;
use super::pixels::Pixels;
use crate::disk::DiskError;
use crate::disk::DiskResult;
use crate::disk::exif::segments::Frame;
use crate::disk::exif::segments::frame_of;

/// What zune-jpeg puts where a file has no data.
const MISSING: u8 = 128;

/// Decodes a JPEG.
pub fn decode(bytes: &[u8], limits: &Limits, path: &Path) -> DiskResult<Pixels> {
    let damaged = |reason: String| DiskError::Damaged { reason, path: path.to_owned() };
    let mut decoder = decoder(bytes, false);
    decoder.decode_headers().map_err(|e| damaged(words(&e)))?;
    let info = decoder.info().ok_or_else(|| damaged("it has no frame header".to_owned()))?;
    let size_px = [u32::from(info.width), u32::from(info.height)];
    let frame = frame_of(bytes);
    let need = memory_per_pixel(frame.as_ref());
    limits.check(size_px, need, bytes.len() as u64, path)?;
    if let Some(frame) = &frame {
        has_enough_data(frame, size_px, bytes.len() as u64).map_err(damaged)?;
    }
    let count = size_px[0] as usize * size_px[1] as usize * 3;
    if decoder.output_buffer_size() != Some(count) {
        return Err(damaged("its colours are of a kind that is not read".to_owned()));
    }
    let mut rgb = vec![0; count];
    decoder.decode_into(&mut rgb).map_err(|e| damaged(words(&e)))?;
    let has_end = frame.as_ref().is_some_and(|frame| has_end(&bytes[frame.scan_start..]));
    let is_progressive = frame.is_some_and(|frame| frame.is_progressive);
    if is_progressive && !has_end {
        return Err(damaged("the file ends early: it has no end marker".to_owned()));
    }
    let row_bytes = size_px[0] as usize * 3;
    let rows = whole_rows(&rgb, row_bytes);
    let is_suspicious = !has_end || rows < size_px[1] as usize;
    if is_suspicious && let Err(e) = self::decoder(bytes, true).decode_into(&mut rgb) {
        let reason = match e {
            _ if rows < size_px[1] as usize => {
                format!("{rows} of {} rows of pixels are there, the rest is missing", size_px[1])
            }
            DecodeErrors::ExhaustedData => "the file ends early".to_owned(),
            e => words(&e),
        };
        return Err(damaged(reason));
    }
    Ok(Pixels::new(size_px, rgb))
}

fn decoder(bytes: &[u8], is_strict: bool) -> JpegDecoder<ZCursor<&[u8]>> {
    let options = DecoderOptions::default()
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX))
        .jpeg_set_out_colorspace(ColorSpace::RGB)
        .set_strict_mode(is_strict);
    JpegDecoder::new_with_options(ZCursor::new(bytes), options)
}

/// The decoder's words on one line, without the quotes and line ends that some come with.
fn words(error: &DecodeErrors) -> String {
    let words = match error {
        DecodeErrors::Format(words) => words.clone(),
        DecodeErrors::FormatStatic(words) => (*words).to_owned(),
        DecodeErrors::IoErrors(_) => "the file ends within its header".to_owned(),
        other => other.to_string(),
    };
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    words.trim_end_matches('.').to_owned()
}

/// Bytes that decoding takes for each pixel: RGB, and where the whole picture must be put together
/// before it can be coloured, a 16-bit coefficient for each component.
fn memory_per_pixel(frame: Option<&Frame>) -> u64 {
    match frame {
        Some(frame) if !frame.is_progressive && frame.scan_count == frame.component_count => 3,
        Some(frame) => 3 + 2 * u64::from(frame.component_count.min(4)),
        // Our walk and zune's disagree about where the headers end: the most it can take.
        None => 3 + 2 * 4,
    }
}

/// Refuses a file that is too short for its size whatever it holds: a block of 8x8 pixels takes a
/// bit for its DC and, in a baseline file, another one to say that it ends.
///
/// # Errors
/// The reason, in the user's words.
fn has_enough_data(frame: &Frame, size_px: [u32; 2], file_bytes: u64) -> Result<(), String> {
    let blocks = u64::from(size_px[0] / 8) * u64::from(size_px[1] / 8);
    let least = blocks * if frame.is_progressive { 1 } else { 2 } / 8;
    if file_bytes >= least {
        return Ok(());
    }
    let [width, height] = size_px;
    Err(format!(
        "the file ends early: it has {file_bytes} bytes, {width} x {height} pixels take at least {least}"
    ))
}

/// Whether there is an end marker: in a scan's data an FF is never followed by D9 (T.81, B.1.1.2).
fn has_end(scans: &[u8]) -> bool {
    memchr::memmem::rfind(scans, &[0xFF, 0xD9]).is_some()
}

/// How many rows there are before the grey that stands for missing data.
fn whole_rows(rgb: &[u8], row_bytes: usize) -> usize {
    let missing_row = vec![MISSING; row_bytes];
    let missing = rgb.rchunks_exact(row_bytes).take_while(|row| *row == missing_row);
    rgb.len() / row_bytes - missing.count()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A JPEG in which every block differs, 256 x 256.
    fn picture() -> Vec<u8> {
        let picture = image::RgbImage::from_fn(256, 256, |x, y| {
            image::Rgb([(x * 7) as u8, (y * 5) as u8, (x * y) as u8])
        });
        let mut bytes = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
        bytes.into_inner()
    }

    #[track_caller]
    fn check(bytes: &[u8], expect: Result<(), &str>) {
        let found = decode(bytes, &Limits::default(), Path::new("a.jpg"));
        match (found, expect) {
            (Ok(_), Ok(())) => {}
            (Err(DiskError::Damaged { reason, .. }), Err(part)) if reason.contains(part) => {}
            (found, _) => panic!("expected {expect:?}, found {:?}", found.map(|p| p.size_px())),
        }
    }

    #[test]
    fn a_file_that_ends_early_is_told_from_a_whole_one() {
        let bytes = picture();
        check(&bytes, Ok(()));
        check(&bytes[..bytes.len() / 2], Err("of 256 rows"));
        check(&bytes[..bytes.len() * 9 / 10], Err("of 256 rows"));
    }

    #[test]
    fn a_file_that_lacks_only_its_end_marker_is_whole() {
        let bytes = picture();
        check(&bytes[..bytes.len() - 2], Ok(()));
    }

    #[test]
    fn an_embedded_thumbnails_end_is_not_the_files() {
        let bytes = picture();
        // An APP1 that holds a whole small JPEG, as EXIF does.
        let inner = picture();
        let length = (inner.len() + 2) as u16;
        assert_eq!(usize::from(length), inner.len() + 2, "the inner picture fits a segment");
        let head = [&[0xFF, 0xD8, 0xFF, 0xE1], &length.to_be_bytes()[..], &inner].concat();
        let whole = [&head, &bytes[2..]].concat();
        check(&whole, Ok(()));
        check(&whole[..head.len() + bytes.len() / 2], Err("of 256 rows"));
    }

    #[test]
    fn a_picture_that_is_grey_at_its_end_is_whole() {
        let grey = image::RgbImage::from_pixel(64, 64, image::Rgb([MISSING; 3]));
        let mut bytes = std::io::Cursor::new(Vec::new());
        grey.write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
        check(&bytes.into_inner(), Ok(()));
    }

    #[test]
    fn a_size_that_the_file_cannot_hold_is_refused_before_memory_is_taken() {
        let mut bytes = picture();
        let sof = memchr::memmem::find(&bytes, &[0xFF, 0xC0]).unwrap();
        bytes[sof + 5..sof + 9].copy_from_slice(&[0x20, 0, 0x20, 0]);
        check(&bytes, Err("8192 x 8192 pixels take at least 262144"));
    }
}
