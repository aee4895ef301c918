//! PNG, WebP and TIFF, through `image`: 8 and 16 bits, grey and colour; what is transparent is laid
//! over a dark grey. Of an animation the first picture.

use std::io::Cursor;
use std::path::Path;

use image::ColorType;
use image::DynamicImage;
use image::ImageDecoder;
use image::ImageError;
use image::ImageFormat;
use image::ImageReader;

use super::Limits;
use super::pixels::Pixels;
use crate::disk::DiskError;
use crate::disk::DiskResult;

/// What shows through a transparent picture: the middle of the dark half, on which black and white
/// can both be seen.
const BEHIND: u8 = 40;

/// Decodes a file.
pub fn decode(
    bytes: &[u8],
    format: ImageFormat,
    limits: &Limits,
    path: &Path,
) -> DiskResult<Pixels> {
    let damaged =
        |error: ImageError| DiskError::Damaged { reason: words(&error), path: path.to_owned() };
    let mut bounds = image::Limits::default();
    bounds.max_alloc = Some(limits.memory_bytes.saturating_sub(bytes.len() as u64));
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(bounds.clone());
    let mut decoder = reader.into_decoder().map_err(damaged)?;
    let size_px = <[u32; 2]>::from(decoder.dimensions());
    let per_pixel = memory_per_pixel(format, decoder.color_type());
    limits.check(size_px, per_pixel, bytes.len() as u64, path)?;
    decoder.set_limits(bounds).map_err(damaged)?;
    let picture = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    Ok(Pixels::new(size_px, opaque(picture)))
}

/// Bytes that decoding takes for each pixel: the decoder's own, its outcome, and RGB or RGBA.
fn memory_per_pixel(format: ImageFormat, colour: ColorType) -> u64 {
    let stored = u64::from(colour.bytes_per_pixel());
    let own = match format {
        // The tiff crate hands its buffer over by copying.
        ImageFormat::Tiff => stored,
        // The planes of a lossy picture, or the colours of a lossless one; the canvas.
        ImageFormat::WebP => 8,
        _ => 0,
    };
    let converted = match colour {
        ColorType::Rgb8 => 0,
        ColorType::Rgba8 => 3,
        _ if colour.has_alpha() => 4 + 3,
        _ => 3,
    };
    own + stored + converted
}

/// What went wrong, without the library's "Format error decoding" in front.
fn words(error: &ImageError) -> String {
    let cause = std::error::Error::source(error).map(ToString::to_string);
    let words = cause.unwrap_or_else(|| error.to_string());
    words.split_whitespace().collect::<Vec<_>>().join(" ").trim_end_matches('.').to_owned()
}

/// The pixels as RGB, transparent ones over the grey.
fn opaque(picture: DynamicImage) -> Vec<u8> {
    if !picture.color().has_alpha() {
        return picture.into_rgb8().into_raw();
    }
    let over = |colour: u8, alpha: u8| {
        let sum = u32::from(colour) * u32::from(alpha) + u32::from(BEHIND) * u32::from(255 - alpha);
        ((sum + 127) / 255) as u8
    };
    let rgba = picture.into_rgba8().into_raw();
    let mut rgb = Vec::with_capacity(rgba.len() / 4 * 3);
    for &[r, g, b, alpha] in rgba.as_chunks::<4>().0 {
        rgb.extend([over(r, alpha), over(g, alpha), over(b, alpha)]);
    }
    rgb
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One colour of some kind, through a file of some format; the RGB that comes out.
    #[track_caller]
    fn check(picture: impl Into<DynamicImage>, format: ImageFormat, expect: [u8; 3]) {
        let picture = picture.into();
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).expect("the format can hold it");
        let limits = Limits::default();
        let found = decode(bytes.get_ref(), format, &limits, Path::new("a")).unwrap();
        assert_eq!(found.size_px(), [5, 3]);
        let [r, g, b, _] = found.into_texels().texel(4, 2);
        assert_eq!([r, g, b], expect, "{:?} in {format:?}", picture.color());
    }

    fn filled<P: image::Pixel>(pixel: P) -> image::ImageBuffer<P, Vec<P::Subpixel>> {
        image::ImageBuffer::from_pixel(5, 3, pixel)
    }

    #[test]
    fn every_depth_and_kind_becomes_rgb() {
        check(filled(image::Luma([200_u8])), ImageFormat::Png, [200; 3]);
        check(filled(image::Luma([51_400_u16])), ImageFormat::Png, [200; 3]);
        check(filled(image::Rgb([65_535_u16, 0, 257])), ImageFormat::Tiff, [255, 0, 1]);
        check(filled(image::Rgb([9_u8, 8, 7])), ImageFormat::Tiff, [9, 8, 7]);
        check(filled(image::Rgb([9_u8, 8, 7])), ImageFormat::WebP, [9, 8, 7]);
    }

    #[test]
    fn what_is_transparent_lies_over_a_dark_grey() {
        check(filled(image::Rgba([255_u8, 255, 255, 0])), ImageFormat::Png, [BEHIND; 3]);
        check(filled(image::Rgba([255_u8, 0, 9, 255])), ImageFormat::WebP, [255, 0, 9]);
        check(filled(image::LumaA([0_u8, 128])), ImageFormat::Png, [20; 3]);
        check(filled(image::Rgba([65_535_u16, 0, 0, 65_535])), ImageFormat::Png, [255, 0, 0]);
    }

    #[test]
    fn a_file_that_ends_early_is_damaged() {
        let picture = image::RgbImage::from_fn(64, 64, |x, y| image::Rgb([(x * y) as u8; 3]));
        for format in [ImageFormat::Png, ImageFormat::Tiff, ImageFormat::WebP] {
            let mut bytes = Cursor::new(Vec::new());
            picture.write_to(&mut bytes, format).unwrap();
            let half = &bytes.get_ref()[..bytes.get_ref().len() / 2];
            let found = decode(half, format, &Limits::default(), Path::new("a"));
            assert!(matches!(found, Err(DiskError::Damaged { .. })), "{format:?}");
        }
    }
}
