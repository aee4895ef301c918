//! libjpeg-turbo's scaled decode, as a thumbnailer calls it: one decompressor a file.

use turbojpeg::Decompressor;
use turbojpeg::Image;
use turbojpeg::PixelFormat;
use turbojpeg::ScalingFactor;

use crate::disk::jpeg::Scale;

/// A picture of RGB bytes.
pub struct Rgb {
    /// Width and height.
    pub size_px: [usize; 2],
    /// Three bytes a pixel.
    pub bytes: Vec<u8>,
}

/// Decodes at a scale.
///
/// # Errors
/// When libjpeg-turbo refuses the file, or warns of damage in it.
pub fn decode(bytes: &[u8], scale: Scale) -> turbojpeg::Result<Rgb> {
    let mut decompressor = Decompressor::new()?;
    let factor = match scale {
        Scale::Eighth => ScalingFactor::ONE_EIGHTH,
        Scale::Quarter => ScalingFactor::ONE_QUARTER,
        Scale::Half => ScalingFactor::ONE_HALF,
    };
    decompressor.set_scaling_factor(factor)?;
    let header = decompressor.read_header(bytes)?.scaled(factor);
    let [width, height] = [header.width, header.height];
    let mut rgb = vec![0; width * height * 3];
    let pixels = &mut rgb[..];
    let image = Image { pixels, width, pitch: width * 3, height, format: PixelFormat::RGB };
    decompressor.decompress(bytes, image)?;
    Ok(Rgb { size_px: [width, height], bytes: rgb })
}
