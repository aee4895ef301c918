//! One component's samples of one row of MCUs, brought to the grid of the scaled picture.
//!
//! A block is decoded to 1, 2, 4 or 8 samples a side, whichever is the least that has at least one
//! for each pixel of the scaled picture. Mostly that is just one, and the plane is the picture's;
//! else (4:1:1 at a half; samplings of 3 to 2) the samples are spread by their areas.
//!
//! Units: samples, 0 is the middle of their range.

/// The samples of one component.
#[derive(Debug)]
pub struct Plane {
    /// Samples of a block, a side.
    pub block: [usize; 2],
    /// Samples a row.
    pub stride: usize,
    /// As decoded.
    pub samples: Vec<f32>,
    /// As the picture has them, where that is another grid.
    spread: Option<Spread>,
}

#[derive(Debug)]
struct Spread {
    size: [usize; 2],
    samples: Vec<f32>,
    columns: Vec<f32>,
}

impl Plane {
    /// For `mcus` MCUs, each with `blocks` blocks of the component and `grid` pixels of the scaled
    /// picture.
    pub fn new(mcus: usize, blocks: [usize; 2], grid: [usize; 2]) -> Self {
        let block = [0, 1].map(|axis| samples_of_block(blocks[axis], grid[axis]));
        let [in_x, in_y] = [0, 1].map(|axis| block[axis] * blocks[axis]);
        let stride = mcus * in_x;
        let spread = ([in_x, in_y] != grid).then(|| Spread {
            size: [mcus * grid[0], grid[1]],
            samples: vec![0.0; mcus * grid[0] * grid[1]],
            columns: vec![0.0; mcus * grid[0] * in_y],
        });
        Self { block, stride, samples: vec![0.0; stride * in_y], spread }
    }

    /// The samples on the grid of the picture.
    pub fn on_grid(&mut self) -> &[f32] {
        let Some(spread) = &mut self.spread else {
            return &self.samples;
        };
        let [width, height] = spread.size;
        let rows = self.samples.len() / self.stride;
        for (from, to) in
            self.samples.chunks_exact(self.stride).zip(spread.columns.chunks_exact_mut(width))
        {
            for (x, out) in to.iter_mut().enumerate() {
                *out = area_mean([self.stride, width], x, |at| from[at]);
            }
        }
        for (y, to) in spread.samples.chunks_exact_mut(width).enumerate() {
            for (x, out) in to.iter_mut().enumerate() {
                *out = area_mean([rows, height], y, |at| spread.columns[at * width + x]);
            }
        }
        &spread.samples
    }
}

/// How many samples of a block are decoded along an axis on which an MCU has `blocks` blocks and
/// the scaled picture `grid` pixels.
fn samples_of_block(blocks: usize, grid: usize) -> usize {
    [1, 2, 4].into_iter().find(|samples| samples * blocks >= grid).unwrap_or(8)
}

/// The mean of what pixel `place` of `to` covers of `from` samples on the same length.
fn area_mean([from, to]: [usize; 2], place: usize, sample: impl Fn(usize) -> f32) -> f32 {
    // In units of which a sample is `to` long and a pixel `from`.
    let (start, end) = (place * from, (place + 1) * from);
    let mut sum = 0.0;
    for at in start / to..end.div_ceil(to) {
        let covered = end.min((at + 1) * to) - start.max(at * to);
        sum += covered as f32 * sample(at);
    }
    sum / from as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(from: &[f32], expect: &[f32]) {
        let lengths = [from.len(), expect.len()];
        let found: Vec<f32> =
            (0..expect.len()).map(|place| area_mean(lengths, place, |at| from[at])).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn samples_are_spread_by_their_areas() {
        check(&[1.0, 5.0], &[1.0, 1.0, 5.0, 5.0]);
        check(&[1.0, 5.0, 3.0], &[2.333_333_3, 3.666_666_7]);
        check(&[3.0, 6.0], &[3.0, 4.5, 6.0]);
        check(&[3.0, 6.0, 9.0, 1.0], &[4.5, 5.0]);
    }

    #[test]
    fn a_block_has_at_least_a_sample_for_each_pixel() {
        for (blocks, grid, expect) in
            [(1, 1, 1), (2, 2, 1), (1, 2, 2), (2, 8, 4), (1, 8, 8), (1, 16, 8), (2, 3, 2)]
        {
            assert_eq!(samples_of_block(blocks, grid), expect, "{blocks} blocks, {grid} pixels");
        }
    }

    #[test]
    fn a_plane_of_another_grid_is_spread_both_ways() {
        let mut plane = Plane::new(1, [1, 1], [3, 1]);
        assert_eq!((plane.block, plane.stride), ([4, 1], 4));
        plane.samples.copy_from_slice(&[3.0, 3.0, 3.0, 3.0]);
        assert_eq!(plane.on_grid(), [3.0, 3.0, 3.0]);
    }
}
