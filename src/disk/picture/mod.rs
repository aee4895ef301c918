//! From a file's bytes to pictures: tiles, what fits the screen, every pixel.
//!
//! A JPEG's tile through our own scaled decoder where that speaks it (`scaled`), else JPEG through
//! zune-jpeg (`jpeg`), everything else through `image` (`other`). Sizes are checked
//! against [`Limits`] before memory is taken, and whatever a file claims, decoding it stays under a
//! gigabyte (`tests/hostile.rs`). All pictures come out upright, RGBA, sRGB-encoded as stored
//! (colour profiles are not applied yet). Starts no thread.

mod jpeg;
mod other;
mod pixels;
mod scaled;

use std::path::Path;

use image::ImageFormat;

use self::pixels::Pixels;
use self::scaled::decode_jpeg_scaled;
use super::DiskError;
use super::DiskResult;
use super::source::Format;
use crate::core::atlas::Class;
use crate::core::photo::Turn;
use crate::core::texels::Texels;

/// Pixels of a preview: twice what cameras embed (1920 x 1080). Larger ones take as long as a tile.
const PREVIEW_PIXELS: u64 = 4_000_000;

/// What is decoded at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Pixels of a picture.
    pub pixels: u64,
    /// Bytes of memory that a picture takes while it is decoded, its file included.
    pub memory_bytes: u64,
}

impl Default for Limits {
    /// 256 megapixels: a quarter more than the largest cameras and phones make (200), and 768 MB for
    /// most JPEGs. 900 MiB: with the program around it under a gigabyte. Progressive JPEGs and other
    /// formats take more a pixel and so are opened up to 100 megapixels or fewer.
    fn default() -> Self {
        Self { pixels: 256_000_000, memory_bytes: 900 << 20 }
    }
}

impl Limits {
    /// Refuses a picture that has no pixels, too many, or that takes too much memory at
    /// `bytes_per_pixel` and `fixed_bytes` beside them.
    fn check(
        &self,
        size_px: [u32; 2],
        bytes_per_pixel: u64,
        fixed_bytes: u64,
        path: &Path,
    ) -> DiskResult<()> {
        let room = self.memory_bytes.saturating_sub(fixed_bytes) / bytes_per_pixel.max(1);
        let limit = self.pixels.min(room);
        match u64::from(size_px[0]) * u64::from(size_px[1]) {
            0 => Err(DiskError::Damaged {
                reason: "it says that it has no pixels".to_owned(),
                path: path.to_owned(),
            }),
            pixels if pixels > limit => {
                let limit_megapixels = u32::try_from(limit / 1_000_000).unwrap_or(u32::MAX);
                Err(DiskError::TooLarge { size_px, limit_megapixels, path: path.to_owned() })
            }
            _ => Ok(()),
        }
    }
}

/// A photo's small picture.
#[derive(Debug)]
pub struct TileParts {
    /// By class; a level that the photo is too small for is `None`, but for the smallest.
    pub levels: [Option<Texels>; 3],
    /// The mean colour.
    pub mean: [u8; 3],
    /// Width and height of the upright photo.
    pub full_size_px: [u32; 2],
}

/// Decodes a photo to its tile.
///
/// # Errors
/// When the picture is too large, damaged, or of a kind that is not read.
pub fn decode_tile(
    bytes: &[u8],
    format: Format,
    turn: Turn,
    limits: &Limits,
    path: &Path,
) -> DiskResult<TileParts> {
    let scaled = match format {
        Format::Jpeg => decode_jpeg_scaled(bytes, limits, path)?,
        Format::Png | Format::WebP | Format::Tiff => None,
    };
    let (pixels, full_size_px) = match scaled {
        Some(scaled) => scaled,
        None => {
            let pixels = decode(bytes, format, limits, path)?;
            let size_px = pixels.size_px();
            (pixels, size_px)
        }
    };
    let full_size_px = turn.upright(full_size_px);
    let edge = full_size_px[0].max(full_size_px[1]);
    let mut levels = [None, None, None];
    let mut above: Option<Texels> = None;
    for class in Class::ALL.into_iter().rev() {
        let is_reached = edge > class.edge_px() / 2 || class == Class::Small;
        if !is_reached {
            continue;
        }
        let level = match &above {
            // 512 to 256 to 128: each is half of the one before.
            Some(larger) if larger.edge_px() == class.edge_px() * 2 => larger.halved(),
            _ => {
                let edge = class.edge_px();
                pixels.fitted([edge, edge]).turned(turn)
            }
        };
        above = Some(level.clone());
        levels[class as usize] = Some(level);
    }
    let mean = above.map_or([0; 3], |smallest| smallest.mean());
    Ok(TileParts { levels, mean, full_size_px })
}

/// Decodes a photo to what fits into `box_px`, never enlarged.
///
/// # Errors
/// As [`decode_tile`].
pub fn decode_fit(
    bytes: &[u8],
    format: Format,
    turn: Turn,
    limits: &Limits,
    box_px: [u32; 2],
    path: &Path,
) -> DiskResult<Texels> {
    let pixels = decode(bytes, format, limits, path)?;
    Ok(pixels.fitted(turn.upright(box_px)).turned(turn))
}

/// Decodes a photo once, to every pixel and to what fits into `box_px`, never enlarged.
///
/// Where every pixel would take more memory than the limit (over some 110 megapixels), "every" is as
/// many as it allows.
///
/// # Errors
/// As [`decode_tile`].
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
    Ok((full.turned(turn), fit))
}

fn decode(bytes: &[u8], format: Format, limits: &Limits, path: &Path) -> DiskResult<Pixels> {
    match format {
        Format::Jpeg => jpeg::decode(bytes, limits, path),
        Format::Png => other::decode(bytes, ImageFormat::Png, limits, path),
        Format::WebP => other::decode(bytes, ImageFormat::WebP, limits, path),
        Format::Tiff => other::decode(bytes, ImageFormat::Tiff, limits, path),
    }
}

/// Decodes an embedded thumbnail: its black bars cut off, upright.
///
/// Cameras put a 3:2 picture into a 4:3 thumbnail with bars above and below; what remains must have
/// the shape of the main picture, or it is another picture (some programs leave the old thumbnail in
/// a file that they have cropped).
///
/// # Errors
/// When it cannot be decoded, or is not of the main picture's shape.
pub fn decode_thumbnail(
    bytes: &[u8],
    turn: Turn,
    main_size_px: Option<[u32; 2]>,
    path: &Path,
) -> DiskResult<Texels> {
    // The largest level of a tile is enough for a thumbnail, and all that a seat has room for.
    let edge = Class::Large.edge_px();
    let limits = Limits { pixels: u64::from(edge) * u64::from(edge), ..Limits::default() };
    decode_embedded(bytes, turn, main_size_px, &limits, [edge, edge], path)
}

/// Decodes an embedded preview to what fits into `box_px`, never enlarged: its black bars cut off,
/// upright, as [`decode_thumbnail`] does.
///
/// # Errors
/// When it has over 4 megapixels, cannot be decoded, or is not of the main picture's shape.
pub fn decode_preview(
    bytes: &[u8],
    turn: Turn,
    main_size_px: Option<[u32; 2]>,
    box_px: [u32; 2],
    path: &Path,
) -> DiskResult<Texels> {
    let limits = Limits { pixels: PREVIEW_PIXELS, ..Limits::default() };
    decode_embedded(bytes, turn, main_size_px, &limits, turn.upright(box_px), path)
}

/// `box_px` as stored, before the turn.
fn decode_embedded(
    bytes: &[u8],
    turn: Turn,
    main_size_px: Option<[u32; 2]>,
    limits: &Limits,
    box_px: [u32; 2],
    path: &Path,
) -> DiskResult<Texels> {
    let texels = jpeg::decode(bytes, limits, path)?.fitted(box_px);
    let shape = main_size_px.map(|[width, height]| f64::from(width) / f64::from(height.max(1)));
    let cut = match shape {
        Some(shape) => without_bars(texels, shape),
        None => Some(texels),
    };
    let reason = || "the embedded picture has another shape than the photo".to_owned();
    let cut = cut.ok_or_else(|| DiskError::Damaged { reason: reason(), path: path.to_owned() })?;
    Ok(cut.turned(turn))
}

/// Writes a picture as a PNG.
///
/// # Errors
/// When the file cannot be written.
pub fn write_png(texels: &Texels, path: &Path) -> DiskResult<()> {
    let [width, height] = texels.size_px();
    let kind = image::ExtendedColorType::Rgba8;
    let png = ImageFormat::Png;
    image::save_buffer_with_format(path, texels.bytes(), width, height, kind, png).map_err(|e| {
        let source = match e {
            image::ImageError::IoError(source) => source,
            other => std::io::Error::other(other),
        };
        DiskError::Write { path: path.to_owned(), source }
    })
}

/// The middle part of a thumbnail that has the main picture's shape (width over height); `None`
/// when what would be cut off is not black.
fn without_bars(texels: Texels, shape: f64) -> Option<Texels> {
    let [width, height] = texels.size_px();
    let own = f64::from(width) / f64::from(height);
    // Rounding to whole pixels changes the shape of 160 x 120 by less than this.
    if (own / shape - 1.0).abs() < 0.02 {
        return Some(texels);
    }
    let inner = if own < shape {
        let inner_height = (f64::from(width) / shape).round() as u32;
        [0, (height - inner_height.clamp(1, height)) / 2, width, inner_height.max(1)]
    } else {
        let inner_width = (f64::from(height) * shape).round() as u32;
        [(width - inner_width.clamp(1, width)) / 2, 0, inner_width.max(1), height]
    };
    are_bars_black(&texels, inner).then(|| texels.cropped(inner))
}

fn are_bars_black(texels: &Texels, inner: [u32; 4]) -> bool {
    let [width, height] = texels.size_px();
    let [left, top, inner_width, inner_height] = inner;
    // JPEG smears the edge of the bar over its 8x8 block, so half of a thin bar may be tinted.
    let is_bar = |x: u32, y: u32| {
        let beside = x + 2 < left || x >= left + inner_width + 2;
        let above = y + 2 < top || y >= top + inner_height + 2;
        beside || above
    };
    let (mut dark, mut all) = (0_u32, 0_u32);
    for y in 0..height {
        for x in (0..width).filter(|&x| is_bar(x, y)) {
            let [r, g, b, _] = texels.texel(x, y);
            all += 1;
            dark += u32::from(r.max(g).max(b) < 48);
        }
    }
    dark * 10 >= all * 8
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A JPEG of one colour with black bars of `bar` rows above and below.
    fn thumbnail(size_px: [u32; 2], bar: u32, rgb: [u8; 3]) -> Vec<u8> {
        let mut picture = image::RgbImage::from_pixel(size_px[0], size_px[1], image::Rgb(rgb));
        for (_, y, pixel) in picture.enumerate_pixels_mut() {
            if y < bar || y >= size_px[1] - bar {
                *pixel = image::Rgb([0; 3]);
            }
        }
        let mut bytes = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
        bytes.into_inner()
    }

    #[track_caller]
    fn check(size_px: [u32; 2], bar: u32, main_px: [u32; 2], expect: Option<[u32; 2]>) {
        let bytes = thumbnail(size_px, bar, [200, 120, 40]);
        let found = decode_thumbnail(&bytes, Turn::NONE, Some(main_px), Path::new("a.jpg"));
        assert_eq!(found.ok().map(|t| t.size_px()), expect);
    }

    #[test]
    fn black_bars_are_cut_off() {
        check([160, 120], 7, [6000, 4000], Some([160, 107]));
        check([160, 120], 0, [4000, 3000], Some([160, 120]));
    }

    #[test]
    fn a_thumbnail_of_another_shape_is_refused() {
        check([160, 120], 0, [6000, 4000], None);
        check([160, 120], 0, [1000, 4000], None);
    }

    #[test]
    fn a_small_photo_fills_only_the_levels_it_reaches() {
        let bytes = thumbnail([200, 150], 0, [10, 200, 30]);
        let limits = Limits::default();
        let tile =
            decode_tile(&bytes, Format::Jpeg, Turn::from_exif(6), &limits, Path::new("a.jpg"))
                .unwrap();
        let sizes = tile.levels.map(|level| level.map(|t| t.size_px()));
        assert_eq!(sizes, [Some([96, 128]), Some([150, 200]), None]);
        assert_eq!(tile.full_size_px, [150, 200]);
        assert!(tile.mean[1] > 190 && tile.mean[0] < 20, "{:?}", tile.mean);
    }

    #[test]
    fn fitting_never_enlarges() {
        let bytes = thumbnail([200, 150], 0, [10, 200, 30]);
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

    #[test]
    fn a_picture_over_the_limit_is_refused_by_its_header() {
        let bytes = thumbnail([200, 150], 0, [0; 3]);
        let limits = Limits { pixels: 29_999, ..Limits::default() };
        let refused =
            decode_tile(&bytes, Format::Jpeg, Turn::NONE, &limits, Path::new("a.jpg")).unwrap_err();
        assert!(matches!(refused, DiskError::TooLarge { size_px: [200, 150], .. }), "{refused}");
    }

    #[test]
    fn a_picture_over_the_memory_is_refused_by_its_header() {
        let bytes = thumbnail([200, 150], 0, [0; 3]);
        let limits = Limits { memory_bytes: 200 * 150 * 3, ..Limits::default() };
        let refused =
            decode_tile(&bytes, Format::Jpeg, Turn::NONE, &limits, Path::new("a.jpg")).unwrap_err();
        assert!(matches!(refused, DiskError::TooLarge { .. }), "{refused}");
    }
}
