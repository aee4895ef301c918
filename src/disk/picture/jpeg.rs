//! A JPEG's pixels, through zune-jpeg: what it costs is known before it is taken, and a file that
//! ends early is not shown as if it were whole.
//!
//! zune fills what is missing of a baseline picture with grey of exactly 128, or, where an end marker
//! comes early, with what zero bits mean: one block over and over. It says that all is well. So a
//! picture that ends in such grey or in one block repeated, or whose file has no end marker, is
//! decoded once more by strict rules from its data alone, without end marker and without the zeros
//! that an interrupted copy leaves; what runs out of data then is damaged. A file that lacks nothing
//! but its end marker passes. A progressive file without one does not: its last scans are missing,
//! and no rule tells how many.
//!
//! `tests/whole.rs` damages 79 real photos: 136 cases are told by the repeated blocks and the zeros
//! alone. Three of the whole photos, flat at the bottom, are decoded twice for nothing.
//!
//! Left open: a file that is cut within its last row of blocks passes, with grey or smeared blocks
//! at the lower right. So does one with a hole in its middle, whose rest is smeared, and one with an
//! end marker so late that the blocks do not come to repeat.

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

/// A multiple of every width of a group of blocks: 8, 16 or 32 pixels.
const REPEAT_PX: usize = 32;

/// Zeros at the end of a file that are no picture's data: that may end in a few.
const PADDING_BYTES: usize = 16;

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
    is_whole(bytes, frame.as_ref(), size_px, &mut rgb).map_err(damaged)?;
    Ok(Pixels::new(size_px, rgb))
}

/// Refuses a decoded picture whose file has not all of its data; `rgb` may be decoded anew.
///
/// # Errors
/// The reason, in the user's words.
fn is_whole(
    bytes: &[u8],
    frame: Option<&Frame>,
    size_px: [u32; 2],
    rgb: &mut [u8],
) -> Result<(), String> {
    let data = frame.map_or(Data { bytes, has_end: false }, |frame| Data::of(bytes, frame));
    if frame.is_some_and(|frame| frame.is_progressive) && !data.has_end {
        return Err("the file ends early: it has no end marker".to_owned());
    }
    let [width, height] = size_px.map(|side| side as usize);
    let rows = whole_rows(rgb, width * 3);
    let is_doubtful = !data.has_end || rows < height;
    if !is_doubtful && !is_repeating(rgb, width) {
        return Ok(());
    }
    let mut strict = decoder(data.bytes, true);
    let outcome = match strict.decode_headers() {
        // Its headers are odd, and only doubt about its end would be a reason to refuse it.
        Err(_) if !is_doubtful => return Ok(()),
        headers => headers.and_then(|()| strict.decode_into(rgb)),
    };
    outcome.map_err(|error| match error {
        _ if rows < height => {
            format!("{rows} of {height} rows of pixels are there, the rest is missing")
        }
        DecodeErrors::ExhaustedData => "the file ends early".to_owned(),
        _ if !is_doubtful => "the file ends early".to_owned(),
        error => words(&error),
    })
}

/// What there is of a file up to the end of its picture's data.
struct Data<'a> {
    bytes: &'a [u8],
    /// Whether an end marker follows.
    has_end: bool,
}

impl<'a> Data<'a> {
    fn of(bytes: &'a [u8], frame: &Frame) -> Self {
        // In a scan's data an FF is never followed by D9 (T.81, B.1.1.2).
        let scans = &bytes[frame.scan_start..];
        let is_one_scan = !frame.is_progressive && frame.scan_count == frame.component_count;
        match memchr::memmem::find(scans, &[0xFF, 0xD9]) {
            Some(end) if is_one_scan => {
                Self { bytes: &bytes[..frame.scan_start + end], has_end: true }
            }
            // Tables stand between the scans, and in them it may.
            Some(_) => Self { bytes, has_end: true },
            None => Self { bytes: without_padding(bytes), has_end: false },
        }
    }
}

/// The bytes before the zeros at their end, where those are too many to be data.
fn without_padding(bytes: &[u8]) -> &[u8] {
    let padding = bytes.iter().rev().take_while(|byte| **byte == 0).count();
    if padding < PADDING_BYTES { bytes } else { &bytes[..bytes.len() - padding] }
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

/// How many rows there are before the grey that stands for missing data.
fn whole_rows(rgb: &[u8], row_bytes: usize) -> usize {
    let missing_row = vec![MISSING; row_bytes];
    let missing = rgb.rchunks_exact(row_bytes).take_while(|row| *row == missing_row);
    rgb.len() / row_bytes - missing.count()
}

/// Whether the lower right is one group of blocks over and over. A picture that is too narrow to
/// tell is not.
fn is_repeating(rgb: &[u8], width: usize) -> bool {
    if width < REPEAT_PX * 2 {
        return false;
    }
    let last = &rgb[rgb.len() - width * 3..];
    // What zeros mean takes some blocks to settle, and colours spread differently at the edge.
    let right = &last[width / 4 * 9..(width - 8) * 3];
    let before = &last[(width / 4 * 3 - REPEAT_PX) * 3..][..right.len()];
    right == before
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
    fn an_end_marker_that_comes_early_hides_nothing() {
        let bytes = picture();
        for percent in [30, 60, 90] {
            let cut = &bytes[..bytes.len() * percent / 100];
            check(&[cut, &[0xFF, 0xD9]].concat(), Err("the file ends early"));
        }
    }

    #[test]
    fn zeros_of_an_interrupted_copy_are_no_data() {
        let bytes = picture();
        for percent in [30, 60, 90] {
            let mut copy = bytes.clone();
            copy[bytes.len() * percent / 100..].fill(0);
            check(&copy, Err(""));
        }
        // Some cameras pad whole files.
        let padded = |bytes: &[u8]| [bytes, &[0; 100]].concat();
        check(&padded(&bytes), Ok(()));
        check(&padded(&bytes[..bytes.len() - 2]), Ok(()));
    }

    #[test]
    fn a_picture_that_is_flat_at_its_end_is_whole() {
        let mut picture = image::load_from_memory(&picture()).unwrap().into_rgb8();
        for (_, y, pixel) in picture.enumerate_pixels_mut() {
            if y >= 128 {
                *pixel = image::Rgb([250, 250, 250]);
            }
        }
        let mut bytes = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
        check(&bytes.into_inner(), Ok(()));
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
