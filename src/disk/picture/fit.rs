//! What the loupe shows of a photo: what fits the screen, half of it first, every pixel.
//!
//! What fits comes from the smallest scale that fills the box, by the scaled decoder, in parts where
//! the file can be parted. Leaves to the caller which of them to ask for, and when.

use std::path::Path;

use super::Limits;
use super::decode;
use super::decode_scaled;
use super::decode_to_fill;
use crate::core::photo::Turn;
use crate::core::texels::Texels;
use crate::disk::DiskResult;
use crate::disk::colour::Profile;
use crate::disk::jpeg::Part;
use crate::disk::jpeg::Scale;
use crate::disk::source::Format;

/// Who decodes the parts of one picture that can be parted; this floor has no threads.
#[derive(Clone, Copy)]
pub struct Crew<'c> {
    /// Parts at most: some more than threads, so that none waits long for the slowest.
    pub most_parts: usize,
    /// Has each part decoded, on whatever thread, and returns when all are.
    pub run: &'c dyn Fn(&mut [Part]),
}

impl Crew<'_> {
    /// The caller's own thread: nothing is parted.
    pub const ALONE: Self = Self { most_parts: 1, run: &|_| {} };
}

/// Decodes a photo to what fits into `box_px`, never enlarged: at the smallest scale that fills it,
/// from every pixel where none does. `crew` decodes the parts of what can be parted.
///
/// # Errors
/// As [`super::decode_tile`].
pub fn decode_fit(
    bytes: &[u8],
    format: Format,
    turn: Turn,
    limits: &Limits,
    box_px: [u32; 2],
    path: &Path,
    crew: Crew,
) -> DiskResult<Texels> {
    let stored_box_px = turn.upright(box_px);
    let (pixels, _) = decode_to_fill(bytes, format, limits, &|_| stored_box_px, path, crew)?;
    Ok(Profile::of(bytes, format).for_loupe(pixels.fitted(stored_box_px).turned(turn)))
}

/// Decodes a photo at half its size, as a first picture of what [`decode_full_and_fit`] takes
/// several times as long for; `None` where that is not so.
///
/// # Errors
/// As [`super::decode_tile`].
pub fn decode_half(
    bytes: &[u8],
    format: Format,
    turn: Turn,
    limits: &Limits,
    path: &Path,
    crew: Crew,
) -> DiskResult<Option<Texels>> {
    let scaled = decode_scaled(bytes, format, |_| Some(Scale::Half), limits, path, crew)?;
    let profile = Profile::of(bytes, format);
    Ok(scaled.map(|scaled| profile.for_loupe(scaled.pixels.into_texels().turned(turn))))
}

/// Decodes a photo once, to every pixel and to what fits into `box_px`, never enlarged.
///
/// Where every pixel would take more memory than the limit (over some 110 megapixels), "every" is as
/// many as it allows.
///
/// # Errors
/// As [`super::decode_tile`].
pub fn decode_full_and_fit(
    bytes: &[u8],
    format: Format,
    turn: Turn,
    limits: &Limits,
    box_px: [u32; 2],
    path: &Path,
) -> DiskResult<(Texels, Texels)> {
    let pixels = decode(bytes, format, limits, path)?;
    let fit = pixels.fitted(turn.upright(box_px)).turned(turn);
    let full = pixels.full_within(limits.memory_bytes.saturating_sub(bytes.len() as u64));
    let profile = Profile::of(bytes, format);
    Ok((profile.for_loupe(full.turned(turn)), profile.for_loupe(fit)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::DiskError;

    /// A JPEG in 4:2:0 with a restart marker every 75 MCUs.
    fn encoded([width, height]: [u16; 2], rgb: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, 90);
        encoder.set_sampling_factor(jpeg_encoder::SamplingFactor::F_2_2);
        encoder.set_restart_interval(75);
        encoder.encode(rgb, width, height, jpeg_encoder::ColorType::Rgb).unwrap();
        bytes
    }

    #[test]
    fn fitting_never_enlarges() {
        let bytes = encoded([200, 150], &[90; 200 * 150 * 3]);
        let limits = Limits::default();
        let path = Path::new("a.jpg");
        let decode = |turn, box_px| {
            decode_full_and_fit(&bytes, Format::Jpeg, turn, &limits, box_px, path).unwrap()
        };
        let (full, fit) = decode(Turn::NONE, [4000, 4000]);
        assert_eq!((full.size_px(), fit.size_px()), ([200, 150], [200, 150]));
        let (full, fit) = decode(Turn::from_exif(8), [75, 500]);
        assert_eq!((full.size_px(), fit.size_px()), ([150, 200], [75, 100]));
    }

    /// A JPEG of hills, 1200 x 700, with a restart marker behind each row of MCUs.
    fn hills() -> Vec<u8> {
        let wave = |at: u32, length: f32| (at as f32 / length).sin() * 50.0;
        let rgb = (0..700_u32).flat_map(|y| {
            (0..1200_u32).flat_map(move |x| {
                let base = 128.0 + wave(x, 37.0) + wave(y, 53.0);
                [base, base * 0.8, base * 0.6].map(|value| value as u8)
            })
        });
        encoded([1200, 700], &rgb.collect::<Vec<_>>())
    }

    fn fit(bytes: &[u8], box_px: [u32; 2], crew: Crew) -> DiskResult<Texels> {
        let (limits, path) = (Limits::default(), Path::new("a.jpg"));
        decode_fit(bytes, Format::Jpeg, Turn::from_exif(6), &limits, box_px, path, crew)
    }

    #[test]
    fn what_fits_is_the_same_from_a_part_of_the_size_and_from_every_pixel() {
        let bytes = hills();
        // Such padding is a case for the full decoder.
        let padded = [&bytes[..], &[0; 16]].concat();
        for box_px in [[90, 200], [200, 200], [350, 600], [351, 700], [400, 4000], [4000, 4000]] {
            let [ours, full] =
                [&bytes, &padded].map(|bytes| fit(bytes, box_px, Crew::ALONE).unwrap());
            assert_eq!(ours.size_px(), full.size_px(), "{box_px:?}");
            let pairs = ours.bytes().iter().zip(full.bytes());
            let sum: u64 = pairs.map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
            let mean = sum as f64 / ours.bytes().len() as f64;
            assert!(mean < 1.0, "{box_px:?}: {mean} levels");
        }
    }

    #[test]
    fn half_a_file_fits_nothing() {
        let bytes = hills();
        for box_px in [[100, 100], [350, 600], [4000, 4000]] {
            let cut = fit(&bytes[..bytes.len() / 2], box_px, Crew::ALONE);
            assert!(matches!(cut, Err(DiskError::Damaged { .. })), "{box_px:?}");
        }
    }

    #[test]
    fn a_crew_decodes_parts_of_what_is_scaled() {
        let bytes = hills();
        let count = std::cell::Cell::new(0);
        let run = |parts: &mut [Part]| {
            count.set(parts.iter_mut().filter_map(|part| part.decode().then_some(())).count());
        };
        let crew = Crew { most_parts: 5, run: &run };
        let found = fit(&bytes, [350, 600], crew).unwrap();
        assert_eq!(count.take(), 5);
        assert!(found == fit(&bytes, [350, 600], Crew::ALONE).unwrap());
    }

    #[test]
    fn half_a_picture_comes_first_where_it_comes_sooner() {
        let (limits, path) = (Limits::default(), Path::new("a.jpg"));
        let half = |bytes: &[u8]| {
            let turn = Turn::from_exif(6);
            decode_half(bytes, Format::Jpeg, turn, &limits, path, Crew::ALONE).unwrap()
        };
        assert_eq!(half(&hills()).map(|half| half.size_px()), Some([350, 600]));
        let mut progressive = Vec::new();
        let mut encoder = jpeg_encoder::Encoder::new(&mut progressive, 90);
        encoder.set_progressive(true);
        encoder.encode(&[9; 48], 4, 4, jpeg_encoder::ColorType::Rgb).unwrap();
        assert!(half(&progressive).is_none());
    }
}
