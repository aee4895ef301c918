//! A JPEG at the smallest scale that a tile can be made of.
//!
//! Decides the scale, and when the scaled decoder is not asked: for small pictures and for kinds
//! that it does not speak, `None` hands on to the full decoder.

use std::path::Path;

use super::Limits;
use super::pixels::Pixels;
use crate::core::atlas::Class;
use crate::disk::DiskError;
use crate::disk::DiskResult;
use crate::disk::jpeg::Jpeg;
use crate::disk::jpeg::JpegError;
use crate::disk::jpeg::Scale;

/// Decodes a JPEG at the smallest scale whose long side is at least a tile's; with the picture
/// comes the size of the full one. `None` when a full decode is called for.
pub fn decode_jpeg_scaled(
    bytes: &[u8],
    limits: &Limits,
    path: &Path,
) -> DiskResult<Option<(Pixels, [u32; 2])>> {
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
    let Some(scale) = scale_for(full_size_px, Class::Large.edge_px()) else {
        return Ok(None);
    };
    // At half its size and in RGB a picture takes three quarters of a byte for each full pixel.
    limits.check(full_size_px, 1, bytes.len() as u64, path)?;
    match jpeg.decode(scale) {
        Ok(found) => {
            let pixels = Pixels::new([found.width, found.height], found.rgb);
            Ok(Some((pixels, full_size_px)))
        }
        Err(JpegError::Unsupported(_)) => Ok(None),
        Err(JpegError::Damaged(reason)) => {
            Err(DiskError::Damaged { reason, path: path.to_owned() })
        }
    }
}

/// The smallest scale at which the long side has at least `edge_px` pixels.
fn scale_for(full_size_px: [u32; 2], edge_px: u32) -> Option<Scale> {
    Scale::ALL.into_iter().find(|scale| {
        let [width, height] = scale.size_px(full_size_px);
        width.max(height) >= edge_px
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_is_the_smallest_that_fills_a_tile() {
        let check = |full_size_px, expect| assert_eq!(scale_for(full_size_px, 512), expect);
        check([6000, 4000], Some(Scale::Eighth));
        check([3000, 4096], Some(Scale::Eighth));
        check([4000, 3000], Some(Scale::Quarter));
        check([1600, 1200], Some(Scale::Half));
        check([1000, 700], None);
    }
}
