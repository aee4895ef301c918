//! A scaled picture is what a full decode by another decoder has on average, and parts are the
//! whole.
//!
//! Compared is luma, cell by cell, where nothing is clipped: a full decoder clips each of its
//! pixels, a scaled one only what is left of them, and chroma is spread by other rules. What either
//! refuses is not compared: zune-jpeg fills up what is missing, and is stricter with headers. Nor are
//! files with a segment of Adobe's: zune-jpeg takes its word for the colours over JFIF's, libjpeg and
//! we do not (`jfif_is_believed_before_adobe` in `tests/jpeg.rs`, found here).

#![no_main]

use libfuzzer_sys::fuzz_target;
use rushlight::disk::jpeg::Jpeg;
use rushlight::disk::jpeg::Scale;
use rushlight::disk::jpeg::Scaled;
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

/// Larger pictures take too long.
const MOST_PIXELS: u64 = 1 << 16;

/// Pixels about a cell that must not be clipped either: the largest MCU, whose chroma is spread.
const REACH_PX: usize = 32;

/// How far luma may be off, in levels: roundings of samples and colours in both decoders; at 1/4
/// also what the coefficients left out may add up to while nothing is clipped.
const fn most_levels(scale: Scale) -> f64 {
    match scale {
        Scale::Eighth | Scale::Half => 3.0,
        Scale::Quarter => 40.0,
    }
}

fn luma(pixel: &[u8]) -> f64 {
    0.299 * f64::from(pixel[0]) + 0.587 * f64::from(pixel[1]) + 0.114 * f64::from(pixel[2])
}

fn is_clipped(pixel: &[u8]) -> bool {
    pixel.iter().any(|&byte| byte <= 1 || byte >= 254)
}

/// A full picture, and how many clipped pixels there are above and left of each corner.
struct Full {
    size: [usize; 2],
    rgb: Vec<u8>,
    clipped: Vec<u32>,
}

impl Full {
    fn decode(bytes: &[u8]) -> Option<Self> {
        let options = DecoderOptions::default()
            .jpeg_set_out_colorspace(ColorSpace::RGB)
            .set_strict_mode(true);
        let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
        let rgb = decoder.decode().ok()?;
        let (width, height) = decoder.dimensions()?;
        let stride = width + 1;
        let mut clipped = vec![0; stride * (height + 1)];
        for (at, pixel) in rgb.chunks_exact(3).enumerate() {
            let corner = (at / width + 1) * stride + at % width + 1;
            clipped[corner] =
                u32::from(is_clipped(pixel)) + clipped[corner - 1] + clipped[corner - stride]
                    - clipped[corner - stride - 1];
        }
        Some(Self { size: [width, height], rgb, clipped })
    }

    /// The mean luma of the `side * side` pixels from `start` on; `None` where one about them is
    /// clipped.
    fn mean(&self, start: [usize; 2], side: usize) -> Option<f64> {
        let [left, top] = start.map(|at| at.saturating_sub(REACH_PX));
        let [right, bottom] =
            [0, 1].map(|axis| (start[axis] + side + REACH_PX).min(self.size[axis]));
        let corner = |x: usize, y: usize| self.clipped[y * (self.size[0] + 1) + x];
        let about =
            corner(right, bottom) + corner(left, top) - corner(left, bottom) - corner(right, top);
        let row =
            |y: usize| &self.rgb[((start[1] + y) * self.size[0] + start[0]) * 3..][..side * 3];
        let sum: f64 = (0..side).flat_map(|y| row(y).chunks_exact(3)).map(luma).sum();
        (about == 0).then_some(sum / (side * side) as f64)
    }
}

fn compare(found: &Scaled, scale: Scale, full: &Full) {
    let side = scale.divisor() as usize;
    for y in 0..full.size[1] / side {
        for x in 0..full.size[0] / side {
            let ours = &found.rgb[(y * found.width as usize + x) * 3..][..3];
            let Some(mean) = full.mean([x * side, y * side], side) else { continue };
            let off = (luma(ours) - mean).abs();
            assert!(
                is_clipped(ours) || off <= most_levels(scale),
                "{scale:?}: {off} levels at {x}, {y}"
            );
        }
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(jpeg) = Jpeg::open(bytes) else { return };
    if jpeg.full_size_px().map(u64::from).iter().product::<u64>() > MOST_PIXELS {
        return;
    }
    let is_adobes = memchr::memmem::find(bytes, b"Adobe").is_some();
    let full = if is_adobes { None } else { Full::decode(bytes) };
    for scale in Scale::ALL {
        let found = jpeg.decode(scale);
        let parted = jpeg.decode_in_parts(scale, 3, |parts| {
            for part in parts.iter_mut().rev() {
                part.decode();
            }
        });
        match (&found, &parted) {
            (Ok(found), Ok(parted)) => {
                assert!(found.rgb == parted.rgb && found.detail == parted.detail)
            }
            (found, parted) => assert_eq!(found.as_ref().err(), parted.as_ref().err()),
        }
        if let (Ok(found), Some(full)) = (found, &full) {
            compare(&found, scale, full);
        }
    }
});
