//! A JPEG at the smallest scale that fills what is asked for.
//!
//! Decides the scale, and when the scaled decoder is not asked: for small pictures and for kinds
//! that it does not speak, `None` hands on to the full decoder.

use std::path::Path;

use super::Crew;
use super::Limits;
use super::pixels::Pixels;
use super::pixels::fitted_size_px;
use crate::disk::DiskError;
use crate::disk::DiskResult;
use crate::disk::jpeg::DetailMap;
use crate::disk::jpeg::Jpeg;
use crate::disk::jpeg::JpegError;
use crate::disk::jpeg::Scale;

/// A picture at a part of its size, and where its coder found detail.
pub struct Scaled {
    /// The picture.
    pub pixels: Pixels,
    /// Of the picture as stored.
    pub detail: DetailMap,
}

/// Decodes a JPEG at the scale that `scale_of` its full size is. `None` when a full decode is called
/// for.
pub fn decode_jpeg_scaled(
    bytes: &[u8],
    scale_of: impl FnOnce([u32; 2]) -> Option<Scale>,
    limits: &Limits,
    path: &Path,
    crew: Crew,
) -> DiskResult<Option<Scaled>> {
    // Zeros are valid data of flat blocks, and what an interrupted copy fills a file up with: the
    // full decoder looks at what they make. Some cameras pad whole files with them too.
    if bytes.ends_with(&[0; 16]) {
        return Ok(None);
    }
    // A damaged header is for the full decoder to judge: some programs' are, a little.
    let Ok(jpeg) = Jpeg::open(bytes) else {
        return Ok(None);
    };
    let full_size_px = jpeg.full_size_px();
    let Some(scale) = scale_of(full_size_px) else {
        return Ok(None);
    };
    // At half its size and in RGB a picture takes three quarters of a byte for each full pixel, and
    // on its way to a smaller one as much again.
    limits.check(full_size_px, 2, bytes.len() as u64, path)?;
    match jpeg.decode_in_parts(scale, crew.most_parts, crew.run) {
        Ok(found) => {
            let pixels = Pixels::scaled(full_size_px, scale.divisor(), found.rgb);
            Ok(Some(Scaled { pixels, detail: found.detail }))
        }
        Err(JpegError::Unsupported(_)) => Ok(None),
        Err(JpegError::Damaged(reason)) => {
            Err(DiskError::Damaged { reason, path: path.to_owned() })
        }
    }
}

/// The smallest scale of a picture of `full_size_px` from which one that fits into `box_px` can be
/// made; `None` when that takes every pixel.
pub fn scale_to_fill(full_size_px: [u32; 2], box_px: [u32; 2]) -> Option<Scale> {
    let fitted = fitted_size_px(full_size_px, box_px);
    Scale::ALL.into_iter().find(|scale| {
        let [width, height] = scale.size_px(full_size_px);
        width >= fitted[0] && height >= fitted[1]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_is_the_smallest_that_fills_the_box() {
        let check = |full_size_px, box_px, expect| {
            assert_eq!(scale_to_fill(full_size_px, box_px), expect, "{full_size_px:?}");
        };
        check([6000, 4000], [512, 512], Some(Scale::Eighth));
        check([3000, 4096], [512, 512], Some(Scale::Eighth));
        check([4000, 3000], [512, 512], Some(Scale::Quarter));
        check([1600, 1200], [512, 512], Some(Scale::Half));
        check([1000, 700], [512, 512], None);
        check([6000, 4000], [1920, 1080], Some(Scale::Half));
        check([6000, 4000], [1500, 1080], Some(Scale::Quarter));
        check([6000, 4000], [3840, 2160], None);
        check([4000, 6000], [3840, 2160], Some(Scale::Half));
        check([300, 200], [512, 512], None);
        check([6001, 1], [3001, 3001], Some(Scale::Half));
    }
}
