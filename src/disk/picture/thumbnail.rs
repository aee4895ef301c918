//! The small pictures that cameras put beside the photo: their bars cut off, upright.

use std::path::Path;

use super::Limits;
use super::jpeg;
use crate::core::atlas::Class;
use crate::core::photo::Turn;
use crate::core::texels::Texels;
use crate::disk::DiskError;
use crate::disk::DiskResult;

/// Pixels of a preview: twice what cameras embed (1920 x 1080). Larger ones take as long as a tile.
const PREVIEW_PIXELS: u64 = 4_000_000;

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
        picture.write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
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
}
