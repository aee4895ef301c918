//! From a file's bytes to pictures: tiles, what fits the screen, every pixel.
//!
//! A tile comes in the coding that the device reads (`coded`), everything else as texels.
//! What takes less than every pixel of a JPEG through our own scaled decoder where that speaks it
//! (`scaled`), else JPEG through zune-jpeg (`jpeg`), everything else through `image` (`other`). Sizes
//! are checked
//! against [`Limits`] before memory is taken, and whatever a file claims, decoding it stays under a
//! gigabyte (`tests/hostile.rs`). All pictures come out upright and RGBA; tiles in the working space,
//! what the loupe shows in the photo's own where the shader knows its way from there
//! (`disk::colour`). Starts no thread.

mod coded;
mod fit;
mod jpeg;
mod measured;
mod other;
mod pixels;
mod scaled;
mod thumbnail;

use std::path::Path;
use std::sync::Arc;

use image::ImageFormat;

use self::coded::Levels;
pub use self::coded::encode;
pub use self::fit::Crew;
pub use self::fit::decode_fit;
pub use self::fit::decode_full_and_fit;
pub use self::fit::decode_half;
use self::pixels::Pixels;
use self::scaled::Scaled;
use self::scaled::decode_jpeg_scaled;
use self::scaled::scale_to_fill;
pub use self::thumbnail::decode_preview;
pub use self::thumbnail::decode_thumbnail;
use super::DiskError;
use super::DiskResult;
use super::source::Format;
use crate::core::atlas::Class;
use crate::core::coded::Coded;
use crate::core::coded::Coding;
use crate::core::detail::DetailTexels;
use crate::core::embed_input::Look;
use crate::core::features::PictureFeatures;
use crate::core::level;
use crate::core::photo::Turn;
use crate::core::scopes::Scopes;
use crate::core::texels::Texels;
use crate::disk::colour::Profile;
use crate::disk::jpeg::DetailMap;
use crate::disk::jpeg::Scale;

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
    /// By class, of the sizes that `core::level` says.
    pub levels: [Option<Arc<Coded>>; 3],
    /// The largest of them before it was coded, in sRGB: what a network looks at.
    pub largest: Texels,
    /// At most 32 texels long, for the overview of a whole shoot.
    pub micro: Coded,
    /// The mean colour, in the working space as the levels.
    pub mean: [u8; 3],
    /// Width and height of the upright photo.
    pub full_size_px: [u32; 2],
    /// Where the picture as stored, not upright, has detail; `None` where that takes a full decode:
    /// small and progressive JPEGs, other formats.
    pub detail: Option<DetailMap>,
    /// What the file says of its colours.
    pub profile: Arc<Profile>,
    /// What the picture was measured to be.
    pub features: PictureFeatures,
    /// Its histogram and parade.
    pub scopes: Scopes,
}

impl TileParts {
    /// Where the upright photo has detail; `turn` is the one that it was decoded with.
    #[must_use]
    pub fn detail_texels(&self, turn: Turn) -> Option<DetailTexels> {
        DetailTexels::of(&self.detail.as_ref()?.lying(self.full_size_px, turn), self.full_size_px)
    }

    /// The photo as a network looks at it; `turn` is the one that it was decoded with.
    #[must_use]
    pub fn look(&self, turn: Turn) -> Look<'_> {
        let detail = self.detail.as_ref().map(|map| map.lying(self.full_size_px, turn));
        Look { tile: &self.largest, detail }
    }
}

/// Decodes a photo to its tile, whose levels come in `coding`, and measures its picture.
///
/// # Errors
/// When the picture is too large, damaged, or of a kind that is not read.
pub fn decode_tile(
    bytes: &[u8],
    format: Format,
    turn: Turn,
    coding: Coding,
    limits: &Limits,
    path: &Path,
) -> DiskResult<TileParts> {
    let box_of = |full_size_px| level::size_px(Class::Large, full_size_px);
    let (pixels, detail) = decode_to_fill(bytes, format, limits, &box_of, path, Crew::ALONE)?;
    let full_size_px = turn.upright(pixels.full_size_px());
    let profile = Profile::of(bytes, format);
    let Levels { levels, micro, mean, largest } =
        coded::levels(&pixels, turn, full_size_px, coding, &profile);
    let features = measured::measure(&pixels, turn, detail.as_ref());
    let scopes = Scopes::measure(pixels.rgb(), pixels.size_px().map(|side| side as usize), turn);
    let levels = levels.map(|level| level.map(Arc::new));
    Ok(TileParts { levels, largest, micro, mean, full_size_px, detail, profile, features, scopes })
}

/// Decodes a photo to as few pixels as a picture that fits into `box_px`, as stored, can be made of;
/// with the detail map where there is one.
fn decode_to_fill(
    bytes: &[u8],
    format: Format,
    limits: &Limits,
    box_of: &dyn Fn([u32; 2]) -> [u32; 2],
    path: &Path,
    crew: Crew,
) -> DiskResult<(Pixels, Option<DetailMap>)> {
    let scale_of = |full_size_px| scale_to_fill(full_size_px, box_of(full_size_px));
    match decode_scaled(bytes, format, scale_of, limits, path, crew)? {
        Some(scaled) => Ok((scaled.pixels, Some(scaled.detail))),
        None => Ok((decode(bytes, format, limits, path)?, None)),
    }
}

fn decode_scaled(
    bytes: &[u8],
    format: Format,
    scale_of: impl FnOnce([u32; 2]) -> Option<Scale>,
    limits: &Limits,
    path: &Path,
    crew: Crew,
) -> DiskResult<Option<Scaled>> {
    match format {
        Format::Jpeg => decode_jpeg_scaled(bytes, scale_of, limits, path, crew),
        Format::Png | Format::WebP | Format::Tiff | Format::Raw => Ok(None),
    }
}

fn decode(bytes: &[u8], format: Format, limits: &Limits, path: &Path) -> DiskResult<Pixels> {
    match format {
        Format::Jpeg => jpeg::decode(bytes, limits, path),
        Format::Png => other::decode(bytes, ImageFormat::Png, limits, path),
        Format::WebP => other::decode(bytes, ImageFormat::WebP, limits, path),
        Format::Tiff => other::decode(bytes, ImageFormat::Tiff, limits, path),
        // The picture in it is handed in in its place.
        Format::Raw => Err(DiskError::NoPicture { path: path.to_owned() }),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(size_px: [u32; 2], rgb: [u8; 3]) -> Vec<u8> {
        let picture = image::RgbImage::from_pixel(size_px[0], size_px[1], image::Rgb(rgb));
        let mut bytes = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn a_small_photo_fills_only_the_levels_it_reaches() {
        let bytes = plain([200, 150], [10, 200, 30]);
        let (limits, path) = (Limits::default(), Path::new("a.jpg"));
        let tile =
            decode_tile(&bytes, Format::Jpeg, Turn::from_exif(6), Coding::Bc7, &limits, path)
                .unwrap();
        let sizes = tile.levels.map(|level| level.map(|t| t.size_px()));
        assert_eq!(sizes, [Some([88, 117]), Some([150, 200]), None]);
        assert_eq!(tile.full_size_px, [150, 200]);
        // sRGB's 10, 200, 30 in the working space.
        let off = tile.mean.iter().zip([92, 197, 66]).map(|(a, b): (_, u8)| a.abs_diff(b));
        assert!(off.max() <= Some(3), "{:?}", tile.mean);
    }

    #[test]
    fn a_picture_over_the_limit_is_refused_by_its_header() {
        let bytes = plain([200, 150], [0; 3]);
        let limits = Limits { pixels: 29_999, ..Limits::default() };
        let refused =
            decode_tile(&bytes, Format::Jpeg, Turn::NONE, Coding::Bc7, &limits, Path::new("a.jpg"))
                .unwrap_err();
        assert!(matches!(refused, DiskError::TooLarge { size_px: [200, 150], .. }), "{refused}");
    }

    #[test]
    fn a_picture_over_the_memory_is_refused_by_its_header() {
        let bytes = plain([200, 150], [0; 3]);
        let limits = Limits { memory_bytes: 200 * 150 * 3, ..Limits::default() };
        let refused =
            decode_tile(&bytes, Format::Jpeg, Turn::NONE, Coding::Bc7, &limits, Path::new("a.jpg"))
                .unwrap_err();
        assert!(matches!(refused, DiskError::TooLarge { .. }), "{refused}");
    }

    #[test]
    fn a_tile_tells_of_detail_where_it_was_seen() {
        let (limits, path) = (Limits::default(), Path::new("a.jpg"));
        let detail = |bytes: &[u8]| {
            let tile =
                decode_tile(bytes, Format::Jpeg, Turn::NONE, Coding::Bc7, &limits, path).unwrap();
            tile.detail.map(|map| [map.width, map.height])
        };
        let bytes = plain([1200, 700], [9; 3]);
        assert_eq!(detail(&bytes), Some([75, 44]));
        assert_eq!(detail(&[&bytes[..], &[0; 16]].concat()), None);
    }
}
