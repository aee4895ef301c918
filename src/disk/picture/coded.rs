//! From a decoded picture to the levels of a tile, as the device reads them.
//!
//! BC7 in its "ultra fast" setting for opaque pictures, by intel_tex_2: 1 byte a texel instead of 4,
//! 42 dB on photographs (`tests/blocks.rs`). The next better setting gains 2.5 dB and takes
//! eleven times as long. Sizes are `core::level`'s. What blocks hold beyond a picture's own size
//! repeats its edge, so that a block spends nothing on colours that nobody sees.

use intel_tex_2::RgbaSurface;
use intel_tex_2::bc7;

use super::pixels::Pixels;
use crate::core::atlas::Class;
use crate::core::coded::Coded;
use crate::core::coded::Coding;
use crate::core::level;
use crate::core::photo::Turn;
use crate::core::texels::Texels;
use crate::disk::colour::Profile;

/// Texels of a block along each side.
const BLOCK_PX: u32 = 4;

/// What is made of a photo for its tile.
pub struct Levels {
    /// By class.
    pub levels: [Option<Coded>; 3],
    /// At most 32 texels long, for the overview of a whole shoot.
    pub micro: Coded,
    /// The mean colour, in the working space.
    pub mean: [u8; 3],
    /// The largest level before it was coded, in sRGB.
    pub largest: Texels,
}

/// The levels of a photo of `full_size_px` (upright), and its mean colour, from as many of its
/// pixels as there are; in the working space, which `profile` leads to.
pub fn levels(
    pixels: &Pixels,
    turn: Turn,
    full_size_px: [u32; 2],
    coding: Coding,
    profile: &Profile,
) -> Levels {
    let sizes_px = level::sizes_px(full_size_px);
    let mut levels = [None, None, None];
    let mut largest = None;
    let mut above: Option<Texels> = None;
    for class in Class::ALL.into_iter().rev() {
        let Some(size_px) = sizes_px[class as usize] else { continue };
        let level = match above {
            // 512 to 256: averaged in light, and from fewer texels than the picture has.
            Some(larger) if larger.size_px().map(|side| side.div_ceil(2)) == size_px => {
                larger.halved()
            }
            _ => {
                let stored = pixels.brought_to(turn.upright(size_px)).turned(turn);
                largest = largest.or_else(|| Some(profile.to_srgb(stored.clone())));
                profile.to_working(stored)
            }
        };
        levels[class as usize] = Some(encode(&level, coding));
        above = Some(level);
    }
    let (largest, smallest) = largest.zip(above).expect("every photo has the smallest level");
    // 128 to 64 to 32.
    let micro = encode(&smallest.halved().halved(), coding);
    Levels { levels, micro, mean: smallest.mean(), largest }
}

/// A picture in a coding.
#[must_use]
pub fn encode(texels: &Texels, coding: Coding) -> Coded {
    let bytes = match coding {
        Coding::Rgba8 => texels.bytes().to_vec(),
        Coding::Bc7 => blocks(texels),
    };
    Coded::new(texels.size_px(), coding, bytes).expect("every texel was encoded")
}

fn blocks(texels: &Texels) -> Vec<u8> {
    let [width, height] = texels.size_px();
    let is_whole = width.is_multiple_of(BLOCK_PX) && height.is_multiple_of(BLOCK_PX);
    let padded = if is_whole { None } else { Some(padded(texels)) };
    let surface = RgbaSurface {
        data: padded.as_deref().unwrap_or(texels.bytes()),
        width: width.next_multiple_of(BLOCK_PX),
        height: height.next_multiple_of(BLOCK_PX),
        stride: width.next_multiple_of(BLOCK_PX) * 4,
    };
    bc7::compress_blocks(&bc7::opaque_ultra_fast_settings(), &surface)
}

/// The bytes of a picture whose last column and row are repeated until its blocks are whole.
fn padded(texels: &Texels) -> Vec<u8> {
    let [width, height] = texels.size_px();
    let [columns, rows] = [width, height].map(|side| side.next_multiple_of(BLOCK_PX) as usize);
    let row_bytes = width as usize * 4;
    let mut bytes = Vec::with_capacity(columns * rows * 4);
    for row in texels.bytes().chunks_exact(row_bytes) {
        bytes.extend_from_slice(row);
        for _ in width as usize..columns {
            bytes.extend_from_slice(&row[row_bytes - 4..]);
        }
    }
    for _ in height as usize..rows {
        bytes.extend_from_within(bytes.len() - columns * 4..);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::source::Format;

    #[test]
    fn padding_repeats_the_edge() {
        let red = |rows: &[&str]| -> Vec<u8> {
            rows.iter().flat_map(|r| r.bytes().flat_map(|c| [c, 0, 0, 255])).collect()
        };
        let picture = Texels::new(5, 2, red(&["abcde", "fghij"])).unwrap();
        let expect = ["abcdeeee", "fghijjjj", "fghijjjj", "fghijjjj"];
        assert_eq!(padded(&picture), red(&expect));
    }

    #[test]
    fn every_size_has_whole_blocks() {
        for size_px in [[1, 1], [3, 5], [4, 4], [511, 341], [512, 344]] {
            let picture = Texels::filled(size_px, [90, 60, 30, 255]);
            for coding in [Coding::Bc7, Coding::Rgba8] {
                let coded = encode(&picture, coding);
                assert_eq!((coded.size_px(), coded.coding()), (size_px, coding));
                assert_eq!(coded.bytes().len(), coding.size_bytes(size_px));
            }
        }
    }

    #[test]
    fn levels_have_their_sizes_whatever_scale_the_pixels_have() {
        // A photo of 4000 x 3000, decoded at an eighth and at a quarter, lying on its side.
        for pixels_px in [[500, 375], [1000, 750]] {
            let [width, height] = pixels_px;
            let rgb = [40, 120, 200].repeat(width as usize * height as usize);
            let pixels = Pixels::new(pixels_px, rgb);
            let profile = Profile::of(&[], Format::Jpeg);
            let Levels { levels: made, mean, .. } =
                levels(&pixels, Turn::from_exif(6), [3000, 4000], Coding::Bc7, &profile);
            let sizes = made.map(|level| level.map(|coded| coded.size_px()));
            assert_eq!(sizes, [Some([88, 117]), Some([180, 240]), Some([360, 480])]);
            // sRGB's 40, 120, 200 in the working space.
            assert_eq!(mean, [64, 118, 194]);
        }
    }
}
