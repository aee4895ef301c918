//! The features of a decoded picture, whatever scale it was decoded at.
//!
//! Sharpness depends on how many pixels a picture has. So what came from a full decode is first brought
//! to the scale that the scaled decoder would have given, by the means that it gives: a progressive JPEG
//! or a PNG has the features of the baseline JPEG beside it.

use super::pixels::Pixels;
use super::scaled::scale_to_fill;
use crate::core::atlas::Class;
use crate::core::features::DetailCells;
use crate::core::features::Picture;
use crate::core::features::PictureFeatures;
use crate::core::level;
use crate::core::photo::Turn;
use crate::disk::jpeg::DetailMap;

/// Measures `pixels`, as stored.
pub fn measure(pixels: &Pixels, turn: Turn, detail: Option<&DetailMap>) -> PictureFeatures {
    let full_size_px = pixels.full_size_px();
    let scale = scale_to_fill(full_size_px, level::size_px(Class::Large, full_size_px));
    let step = scale.map_or(1, |scale| scale.divisor() / pixels.divisor()).max(1) as usize;
    let size_px = pixels.size_px().map(|side| side as usize);
    let reduced = (step > 1).then(|| means(pixels.rgb(), size_px, step));
    let picture = Picture {
        size_px: size_px.map(|side| side.div_ceil(step)),
        rgb: reduced.as_deref().unwrap_or(pixels.rgb()),
        is_sideways: turn.is_sideways(),
    };
    let detail = detail.map(|map| DetailCells { width: map.width as usize, cells: &map.bit_pairs });
    PictureFeatures::measure(&picture, detail)
}

/// The means over squares of `step` pixels a side, smaller ones at the right and below.
fn means(rgb: &[u8], [width, height]: [usize; 2], step: usize) -> Vec<u8> {
    let columns = width.div_ceil(step);
    let mut sums = vec![[0_u32; 3]; columns];
    let mut out = Vec::with_capacity(columns * height.div_ceil(step) * 3);
    for rows in rgb.chunks(width * step * 3) {
        sums.fill([0; 3]);
        for row in rows.chunks_exact(width * 3) {
            for (x, pixel) in row.as_chunks::<3>().0.iter().enumerate() {
                for (sum, byte) in sums[x / step].iter_mut().zip(pixel) {
                    *sum += u32::from(*byte);
                }
            }
        }
        let row_count = rows.len() / (width * 3);
        for (column, sum) in sums.iter().enumerate() {
            let count = (step.min(width - column * step) * row_count) as u32;
            out.extend(sum.map(|sum| ((sum + count / 2) / count) as u8));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_are_those_of_squares_and_of_what_is_left_over() {
        let row = |bytes: [u8; 3]| bytes.iter().flat_map(|&b| [b; 3]).collect::<Vec<u8>>();
        let rgb = [row([10, 20, 50]), row([30, 40, 70]), row([1, 3, 9])].concat();
        assert_eq!(
            means(&rgb, [3, 3], 2),
            [row([25, 60, 0])[..6].to_vec(), row([2, 9, 0])[..6].to_vec()].concat()
        );
    }

    #[test]
    fn features_do_not_depend_on_the_scale_of_the_decode() {
        // Twice 512 and more pixels long: half of them are decoded, or all.
        let [width, height] = [1280_u32, 854];
        let texture = |x: u32, y: u32| {
            let wave = (x as f32 / 23.0).sin() * (y as f32 / 31.0).cos();
            let edge = if (x / 60 + y / 50).is_multiple_of(3) { 50.0 } else { 0.0 };
            [90.0 + 60.0 * wave + edge, 120.0 + 50.0 * wave, 80.0 + edge].map(|v| v as u8)
        };
        let rgb = (0..height).flat_map(|y| (0..width).flat_map(move |x| texture(x, y)));
        let full = Pixels::new([width, height], rgb.collect());
        let half = means(full.rgb(), [width as usize, height as usize], 2);
        let half = Pixels::scaled([width, height], 2, half);
        let [one, other] = [full, half].map(|pixels| measure(&pixels, Turn::NONE, None));
        assert_eq!(one.to_bytes(), other.to_bytes());
    }
}
