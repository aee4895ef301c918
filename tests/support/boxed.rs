//! The reference for scaled pictures: a full decode by zune-jpeg, brought down by a box filter.

use rushlight::disk::jpeg::Scale;
use rushlight::disk::jpeg::Scaled;
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

/// A picture of RGB bytes.
pub struct Full {
    /// Width and height.
    pub size_px: [usize; 2],
    /// Three bytes a pixel.
    pub rgb: Vec<u8>,
}

impl Full {
    /// Decodes every pixel; `None` when zune-jpeg cannot.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let options = DecoderOptions::default()
            .set_max_width(usize::from(u16::MAX))
            .set_max_height(usize::from(u16::MAX))
            .jpeg_set_out_colorspace(ColorSpace::RGB);
        let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
        let rgb = decoder.decode().ok()?;
        let (width, height) = decoder.dimensions()?;
        (rgb.len() == width * height * 3).then_some(Self { size_px: [width, height], rgb })
    }

    /// The mean colour of the pixels that pixel (`x`, `y`) at `scale` stands for, rounded.
    pub fn mean(&self, scale: Scale, x: usize, y: usize) -> [f64; 3] {
        let side = scale.divisor() as usize;
        let mut sums = [0_u32; 3];
        for row in y * side..(y + 1) * side {
            let start = (row * self.size_px[0] + x * side) * 3;
            for pixel in self.rgb[start..][..side * 3].as_chunks::<3>().0 {
                for (sum, &byte) in sums.iter_mut().zip(pixel) {
                    *sum += u32::from(byte);
                }
            }
        }
        sums.map(|sum| (f64::from(sum) / (side * side) as f64).round())
    }
}

/// PSNR in dB of `found` against `mean`, over the blocks that the picture's edge does not cut: an
/// MCU is at most 32 pixels a side. `None` for pictures smaller than that.
pub fn psnr(found: &Scaled, scale: Scale, mean: impl Fn(usize, usize) -> [f64; 3]) -> Option<f64> {
    let whole = found.full_size_px.map(|side| (side / 32 * 32 / scale.divisor()) as usize);
    let mut squares = 0.0;
    for y in 0..whole[1] {
        let row = &found.rgb[y * found.width as usize * 3..];
        for (x, pixel) in row.as_chunks::<3>().0.iter().take(whole[0]).enumerate() {
            for (&byte, expect) in pixel.iter().zip(mean(x, y)) {
                squares += (f64::from(byte) - expect).powi(2);
            }
        }
    }
    let count = (whole[0] * whole[1] * 3) as f64;
    // A hundredth of a level everywhere is as good as equal: 88 dB.
    (count > 0.0).then(|| 10.0 * (255.0 * 255.0 / (squares / count).max(1e-4)).log10())
}
