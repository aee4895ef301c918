//! A decoded picture as stored: RGB, 8 bits, not yet upright; and how it is brought down.
//!
//! It may have been decoded at a part of its size. What is made of it has the size and the place
//! that it would have if it came from every pixel, so that one can take the place of the other.

use fast_image_resize::FilterType;
use fast_image_resize::PixelType;
use fast_image_resize::ResizeAlg;
use fast_image_resize::ResizeOptions;
use fast_image_resize::Resizer;
use fast_image_resize::images::Image;
use fast_image_resize::images::ImageRef;

use crate::core::texels::Texels;

/// A picture of `width * height` RGB pixels, at least one.
pub struct Pixels {
    width: u32,
    height: u32,
    full_size_px: [u32; 2],
    /// Pixels of the full picture that one stands for, a side.
    divisor: u32,
    rgb: Vec<u8>,
}

impl Pixels {
    /// A picture of `size_px` from its bytes. Panics unless there are three for each pixel: the
    /// decoders have made room for just as many.
    pub fn new(size_px: [u32; 2], rgb: Vec<u8>) -> Self {
        Self::scaled(size_px, 1, rgb)
    }

    /// A picture of `full_size_px` of which each pixel stands for `divisor` a side, those at the
    /// right and below for what is left over. Panics as [`Pixels::new`].
    pub fn scaled(full_size_px: [u32; 2], divisor: u32, rgb: Vec<u8>) -> Self {
        let [width, height] = full_size_px.map(|side| side.div_ceil(divisor));
        let expect = u64::from(width) * u64::from(height) * 3;
        assert!(
            expect > 0 && rgb.len() as u64 == expect,
            "{} bytes of {width} x {height}",
            rgb.len()
        );
        Self { width, height, full_size_px, divisor, rgb }
    }

    /// Width and height as stored.
    pub const fn size_px(&self) -> [u32; 2] {
        [self.width, self.height]
    }

    /// Width and height of the picture that this one is, or was decoded at a part of.
    pub const fn full_size_px(&self) -> [u32; 2] {
        self.full_size_px
    }

    /// Pixels of the full picture that one stands for, a side.
    pub const fn divisor(&self) -> u32 {
        self.divisor
    }

    /// Three bytes for each pixel.
    pub fn rgb(&self) -> &[u8] {
        &self.rgb
    }

    /// The picture brought down to fit into `box_px`; as it is where it fits already.
    pub fn fitted(&self, box_px: [u32; 2]) -> Texels {
        let [width, height] = fitted_size_px(self.full_size_px, box_px);
        self.brought_to([width, height])
    }

    /// The picture brought to just `size_px`, which is about its own shape.
    pub fn brought_to(&self, size_px: [u32; 2]) -> Texels {
        let [width, height] = size_px;
        if size_px == self.size_px() {
            return rgba(width, height, &self.rgb);
        }
        // Its last pixels may stand for less than a whole one of the full picture.
        let extent = self.full_size_px.map(|side| f64::from(side) / f64::from(self.divisor));
        // Over three pixels to one every filter averages enough; Lanczos would only cost twelve
        // times a box (55 ms against 4.5 for 24 megapixels).
        let ratio = f64::from(width) / extent[0];
        let filter = if ratio < 0.33 { FilterType::Box } else { FilterType::Lanczos3 };
        let source = ImageRef::new(self.width, self.height, &self.rgb, PixelType::U8x3)
            .expect("there are three bytes for each pixel");
        let mut small = Image::new(width, height, PixelType::U8x3);
        let options = ResizeOptions::new()
            .resize_alg(ResizeAlg::Convolution(filter))
            .crop(0.0, 0.0, extent[0], extent[1]);
        Resizer::new()
            .resize(&source, &mut small, &options)
            .expect("both pictures are RGB, neither is empty, and the part lies within the source");
        rgba(width, height, small.buffer())
    }

    /// Every pixel.
    pub fn into_texels(self) -> Texels {
        rgba(self.width, self.height, &self.rgb)
    }

    /// As many pixels as can be made RGBA and turned within `memory_bytes`, these included.
    pub fn full_within(self, memory_bytes: u64) -> Texels {
        let pixels = f64::from(self.width) * f64::from(self.height);
        // RGB and RGBA are there at once, then RGBA before and after the turn.
        if pixels * 8.0 <= memory_bytes as f64 {
            return self.into_texels();
        }
        // A picture brought down by r takes, beside the one that it comes from, 3r for the rows
        // that are already narrower and (3 + 4)r² for its RGB and RGBA: that must fit the room.
        let room = memory_bytes.saturating_sub(self.rgb.len() as u64) as f64 / pixels;
        let ratio = ((9.0 + 28.0 * room).sqrt() - 3.0) / 14.0;
        let side = |stored: u32| ((f64::from(stored) * ratio) as u32).max(1);
        self.fitted([side(self.width), side(self.height)])
    }
}

/// Width and height of a picture of `size_px` brought down to fit into `box_px`, never enlarged.
pub fn fitted_size_px(size_px: [u32; 2], box_px: [u32; 2]) -> [u32; 2] {
    let ratios = [0, 1].map(|axis| f64::from(box_px[axis]) / f64::from(size_px[axis]));
    let ratio = ratios[0].min(ratios[1]).min(1.0);
    size_px.map(|side| ((f64::from(side) * ratio).round() as u32).max(1))
}

fn rgba(width: u32, height: u32, rgb: &[u8]) -> Texels {
    let mut bytes = vec![255; rgb.len() / 3 * 4];
    for (to, from) in bytes.as_chunks_mut::<4>().0.iter_mut().zip(rgb.as_chunks::<3>().0) {
        *to = [from[0], from[1], from[2], 255];
    }
    Texels::new(width, height, bytes).expect("a decoded picture is not empty")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pixel_is_as_many_as_memory_allows() {
        let check = |memory_bytes, expect: [u32; 2]| {
            let pixels = Pixels::new([80, 40], vec![9; 80 * 40 * 3]);
            assert_eq!(pixels.full_within(memory_bytes).size_px(), expect, "{memory_bytes} bytes");
        };
        check(80 * 40 * 8, [80, 40]);
        check(80 * 40 * 2, [1, 1]);
        // Half the size: 3/2 for narrow rows and 7/4 for the picture beside the 3 there are.
        check(80 * 40 * 25 / 4, [40, 20]);
    }

    #[test]
    fn a_scaled_picture_is_fitted_as_the_full_one_would_be() {
        // A ramp of 101 columns, and its means over 4: the last of them stands for one column.
        let row = |columns: &[f32]| columns.iter().flat_map(|c| [*c as u8; 3]).collect::<Vec<_>>();
        let ramp: Vec<f32> = (0..101).map(|x| x as f32 * 2.0).collect();
        let means: Vec<f32> =
            ramp.chunks(4).map(|four| four.iter().sum::<f32>() / four.len() as f32).collect();
        let full = Pixels::new([101, 9], row(&ramp).repeat(9)).fitted([25, 25]);
        let scaled = Pixels::scaled([101, 9], 4, row(&means).repeat(3)).fitted([25, 25]);
        assert_eq!((full.size_px(), scaled.size_px()), ([25, 2], [25, 2]));
        for x in 1..24 {
            let off = full.texel(x, 1)[0].abs_diff(scaled.texel(x, 1)[0]);
            assert!(off <= 1, "column {x} is {off} off");
        }
    }

    #[test]
    fn a_sliver_keeps_a_pixel() {
        let pixels = Pixels::new([3000, 1], vec![9; 3000 * 3]);
        assert_eq!(pixels.fitted([512, 512]).size_px(), [512, 1]);
    }
}
