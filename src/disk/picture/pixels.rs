//! A decoded picture as stored: RGB, 8 bits, not yet upright; and how it is brought down.

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
    rgb: Vec<u8>,
}

impl Pixels {
    /// A picture of `size_px` from its bytes. Panics unless there are three for each pixel: the
    /// decoders have made room for just as many.
    pub fn new(size_px: [u32; 2], rgb: Vec<u8>) -> Self {
        let [width, height] = size_px;
        let expect = u64::from(width) * u64::from(height) * 3;
        assert!(expect > 0 && rgb.len() as u64 == expect, "{} bytes of {size_px:?}", rgb.len());
        Self { width, height, rgb }
    }

    /// Width and height as stored.
    pub const fn size_px(&self) -> [u32; 2] {
        [self.width, self.height]
    }

    /// The picture brought down to fit into `box_px`; as it is where it fits already.
    pub fn fitted(&self, box_px: [u32; 2]) -> Texels {
        let ratio = (f64::from(box_px[0]) / f64::from(self.width))
            .min(f64::from(box_px[1]) / f64::from(self.height));
        if ratio >= 1.0 {
            return rgba(self.width, self.height, &self.rgb);
        }
        let side = |stored: u32| ((f64::from(stored) * ratio).round() as u32).max(1);
        let (width, height) = (side(self.width), side(self.height));
        // Over three pixels to one every filter averages enough; Lanczos would only cost twelve
        // times a box (55 ms against 4.5 for 24 megapixels).
        let filter = if ratio < 0.33 { FilterType::Box } else { FilterType::Lanczos3 };
        let source = ImageRef::new(self.width, self.height, &self.rgb, PixelType::U8x3)
            .expect("there are three bytes for each pixel");
        let mut small = Image::new(width, height, PixelType::U8x3);
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(filter));
        Resizer::new()
            .resize(&source, &mut small, &options)
            .expect("both pictures are RGB and neither is empty");
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
    fn a_sliver_keeps_a_pixel() {
        let pixels = Pixels::new([3000, 1], vec![9; 3000 * 3]);
        assert_eq!(pixels.fitted([512, 512]).size_px(), [512, 1]);
    }
}
