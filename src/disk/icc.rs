//! What a photo's file says of its colours: the ICC profile in it, or the camera's word for Adobe RGB.
//!
//! | format | where the profile is |
//! | --- | --- |
//! | JPEG | APP2 segments, in parts (ICC.1:2022, annex B.4); else EXIF's sign for Adobe RGB |
//! | PNG, WebP | `iCCP`, `ICCP`, as `image` hands them on |
//! | TIFF | tag 34675 of the first directory |
//!
//! Looks at bytes that have been read already and opens nothing (`tests/opens.rs`). What the profile
//! means is `disk::colour`'s.

use std::borrow::Cow;
use std::io::Cursor;

use image::ImageDecoder;
use image::ImageFormat;
use image::ImageReader;

use super::exif;
use super::exif::segments;
use super::source::Format;

/// The longest profile that is read: those of printers have 3 MB.
const LIMIT_BYTES: usize = 4 << 20;

/// The tag of a TIFF's profile (ICC.1:2022, annex B.3).
const TIFF_TAG: u16 = 34_675;

/// What a file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Embedded<'a> {
    /// How its colours are described.
    pub said: Said<'a>,
    /// Colours of a stored pixel, without transparency: 1 is grey, 4 are inks.
    pub channels: u8,
}

/// How a file describes its colours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said<'a> {
    /// Not at all: sRGB.
    Nothing,
    /// By the camera's sign for Adobe RGB.
    AdobeRgb,
    /// By a profile.
    Profile(Cow<'a, [u8]>),
    /// By a profile that is not whole; why.
    Broken(&'static str),
}

/// What a file says that begins with `bytes`; of formats other than JPEG all of it must be there.
#[must_use]
pub fn embedded(bytes: &[u8], format: Format) -> Embedded<'_> {
    match format {
        Format::Jpeg => in_jpeg(bytes),
        Format::Png => in_other(bytes, ImageFormat::Png),
        Format::WebP => in_other(bytes, ImageFormat::WebP),
        Format::Tiff => in_other(bytes, ImageFormat::Tiff),
        // Its own colours are the sensor's; the JPEG in it, which is what is shown, says its own.
        Format::Raw => Embedded { said: Said::Nothing, channels: 3 },
    }
}

fn in_jpeg(bytes: &[u8]) -> Embedded<'_> {
    let found = segments::find(bytes);
    let channels = segments::frame_of(bytes).map_or(3, |frame| frame.component_count);
    let parts: Vec<_> = found.profile.into_iter().map(|range| &bytes[range]).collect();
    let said = match joined(&parts) {
        Said::Nothing if found.exif.into_iter().any(|block| exif::is_adobe_rgb(&bytes[block])) => {
            Said::AdobeRgb
        }
        said => said,
    };
    Embedded { said, channels }
}

/// The profile that `parts` make, whatever their order.
fn joined<'a>(parts: &[&'a [u8]]) -> Said<'a> {
    let Some(first) = parts.first() else { return Said::Nothing };
    let Some(&count) = first.get(1) else { return Said::Broken("it is cut off") };
    let mut whole: Vec<&[u8]> = Vec::with_capacity(usize::from(count));
    for number in 1..=count {
        let part = parts.iter().find(|part| part.starts_with(&[number, count]));
        let Some(part) = part else { return Said::Broken("a part of it is missing") };
        whole.push(&part[2..]);
    }
    match whole[..] {
        [] => Said::Broken("a part of it is missing"),
        [only] => limited(Cow::Borrowed(only)),
        _ => limited(Cow::Owned(whole.concat())),
    }
}

fn in_other(bytes: &[u8], format: ImageFormat) -> Embedded<'_> {
    // A file that cannot be read at all is told of by who decodes it.
    let Ok(mut decoder) = ImageReader::with_format(Cursor::new(bytes), format).into_decoder()
    else {
        return Embedded { said: Said::Nothing, channels: 3 };
    };
    let colour = decoder.original_color_type();
    let said = match format {
        ImageFormat::Tiff => in_tiff(bytes).map_or(Said::Nothing, |it| limited(Cow::Borrowed(it))),
        _ => match decoder.icc_profile() {
            Ok(Some(profile)) => limited(Cow::Owned(profile)),
            Ok(None) => Said::Nothing,
            Err(_) => Said::Broken("it is cut off"),
        },
    };
    let inks = [image::ExtendedColorType::Cmyk8, image::ExtendedColorType::Cmyk16];
    let channels = match colour.channel_count() {
        1 | 2 => 1,
        _ if inks.contains(&colour) => 4,
        _ => 3,
    };
    Embedded { said, channels }
}

/// The profile of a TIFF's first picture (TIFF 6.0, section 2): `image` hands on none.
fn in_tiff(bytes: &[u8]) -> Option<&[u8]> {
    let is_little = bytes.starts_with(b"II");
    let short = |at: usize| {
        let pair = *bytes.get(at..)?.first_chunk()?;
        Some(if is_little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) })
    };
    let long = |at: usize| {
        let four = *bytes.get(at..)?.first_chunk()?;
        Some(if is_little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) } as usize)
    };
    // 43 has offsets of 64 bits.
    let directory = long(4).filter(|_| short(2) == Some(42))?;
    let count = usize::from(short(directory)?);
    let mut entries = (0..count).map(|index| directory + 2 + index * 12);
    let entry = entries.find(|&at| short(at) == Some(TIFF_TAG))?;
    let (length, at) = (long(entry + 4)?, long(entry + 8)?);
    bytes.get(at..)?.get(..length)
}

fn limited(profile: Cow<'_, [u8]>) -> Said<'_> {
    match profile.len() {
        0 => Said::Broken("it is empty"),
        length if length > LIMIT_BYTES => Said::Broken("it is too long"),
        _ => Said::Profile(profile),
    }
}

#[cfg(test)]
mod tests {
    use image::ImageEncoder;
    use image::codecs::png::PngEncoder;
    use image::codecs::tiff::TiffEncoder;
    use image::codecs::webp::WebPEncoder;

    use super::*;

    #[track_caller]
    fn check(parts: &[&[u8]], expect: &Said) {
        assert_eq!(joined(parts), *expect, "{parts:?}");
    }

    #[test]
    fn a_profile_is_joined_in_the_order_of_its_numbers() {
        check(&[], &Said::Nothing);
        check(&[b"\x01\x01abc"], &Said::Profile(b"abc".as_slice().into()));
        check(&[b"\x02\x02cd", b"\x01\x02ab"], &Said::Profile(b"abcd".as_slice().into()));
        // Written twice by a careless program.
        check(&[b"\x01\x01abc", b"\x01\x01abc"], &Said::Profile(b"abc".as_slice().into()));
    }

    #[test]
    fn a_profile_that_is_not_whole_is_told() {
        check(&[b"\x01\x02ab"], &Said::Broken("a part of it is missing"));
        check(&[b"\x01\x00ab"], &Said::Broken("a part of it is missing"));
        check(&[b"\x01"], &Said::Broken("it is cut off"));
        check(&[b"\x01\x01"], &Said::Broken("it is empty"));
    }

    /// A picture through an encoder, with a profile or without.
    fn written(mut encoder: impl ImageEncoder, profile: Option<&[u8]>) {
        if let Some(profile) = profile {
            encoder.set_icc_profile(profile.to_vec()).expect("the format holds profiles");
        }
        let kind = image::ExtendedColorType::Rgb8;
        encoder.write_image(&[90; 18], 3, 2, kind).expect("the picture is written");
    }

    #[test]
    fn every_other_format_hands_its_profile_on() {
        for profile in [None, Some(b"a profile".as_slice())] {
            let mut files = [const { Cursor::new(Vec::new()) }; 3];
            let [png, webp, tiff] = &mut files;
            written(PngEncoder::new(png), profile);
            written(WebPEncoder::new_lossless(webp), profile);
            written(TiffEncoder::new(tiff), profile);
            for file in files {
                let bytes = file.into_inner();
                let format = Format::of(&bytes).expect("it is known");
                let said = profile.map_or(Said::Nothing, |profile| Said::Profile(profile.into()));
                assert_eq!(embedded(&bytes, format), Embedded { said, channels: 3 }, "{format:?}");
            }
        }
    }
}
