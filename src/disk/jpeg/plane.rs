//! One component's samples of one row of MCUs, brought to the grid of the scaled picture.
//!
//! A block is decoded to a square of 1, 2, 4 or 8 samples a side. Mostly that gives one sample a
//! pixel and the plane is the picture's: luma, and the chroma of 4:4:4 and 4:2:0. The chroma of 4:2:2
//! and 4:4:0 has half as many in one direction and is spread as libjpeg spreads it, for this picture
//! is to be libjpeg's to a level (`benches/turbo`); more samples would be nearer to the full picture,
//! and slower. On any other grid (4:1:1; samplings of 3 to 2) there are at least as many samples as
//! pixels, averaged by the areas that they have in common.
//!
//! ```text
//! at 1/8            |  a  |  b  |   ->   a, a, b, b
//! at 1/4 and 1/2    |  a  |  b  |   ->   a, (3a + b) / 4, (a + 3b) / 4, b
//! ```
//!
//! Down, the lowest row of a strip leans on the strip below, so that such a picture lags: a strip
//! gives its rows but the lowest, behind the lowest of the one above ([`Plane::lag`]).
//!
//! Units: samples, 0 is the middle of their range.

/// The samples of one component.
#[derive(Debug)]
pub struct Plane {
    /// Samples of a block, a side.
    pub block: usize,
    /// Samples a row.
    pub stride: usize,
    /// As decoded.
    pub samples: Vec<f32>,
    /// Rows as wide as the picture's, where the samples' are not.
    across: Option<Vec<f32>>,
    /// As many of them as the picture has, where there are others, or where it lags.
    down: Option<Vec<f32>>,
    /// In a picture that lags, the lowest row of samples of the strip above.
    above: Option<Vec<f32>>,
    /// Pixels a row of the strip.
    width: usize,
    /// How much of a doubled sample is its neighbour's.
    far: f32,
}

impl Plane {
    /// For `mcus` MCUs, each with `blocks` blocks of the component and `grid` pixels of the scaled
    /// picture, in which a full block has `side` pixels: 1, 2 or 4.
    pub fn new(mcus: usize, blocks: [usize; 2], grid: [usize; 2], side: usize) -> Self {
        let block = samples_of_block(blocks, grid, side);
        let [in_x, in_y] = blocks.map(|count| count * block);
        let (stride, width) = (mcus * in_x, mcus * grid[0]);
        Self {
            block,
            stride,
            samples: vec![0.0; stride * in_y],
            across: (in_x != grid[0]).then(|| vec![0.0; width * in_y]),
            down: (in_y != grid[1]).then(|| vec![0.0; width * grid[1]]),
            above: None,
            width,
            far: if side == 1 { 0.0 } else { 0.25 },
        }
    }

    /// Whether the lowest row leans on the strip below.
    pub fn leans_down(&self) -> bool {
        let rows = self.samples.len() / self.stride;
        let is_doubled = self.down.as_ref().is_some_and(|down| down.len() == rows * 2 * self.width);
        is_doubled && self.far > 0.0
    }

    /// Makes the plane lag by one row, as all planes of a picture do when one leans down.
    pub fn lag(&mut self, grid_rows: usize) {
        self.down.get_or_insert_with(|| vec![0.0; self.width * grid_rows]);
        self.above = Some(Vec::new());
    }

    /// The samples on the grid of the picture; in one that lags from a row above the strip on, which
    /// above the first strip repeats its first.
    pub fn on_grid(&mut self) -> &[f32] {
        let mut found = &self.samples;
        if let Some(across) = &mut self.across {
            let rows = across.chunks_exact_mut(self.width);
            for (from, to) in found.chunks_exact(self.stride).zip(rows) {
                spread_row(from, to, self.far);
            }
            found = across;
        }
        let Some(down) = &mut self.down else {
            return found;
        };
        if let Some(above) = &mut self.above {
            if above.is_empty() {
                above.extend_from_slice(&found[..self.width]);
            }
            lean_rows(found, above, down, self.far);
            above.copy_from_slice(&found[found.len() - self.width..]);
        } else {
            average_rows(found, down, self.width);
        }
        down
    }

    /// The lowest row of a picture that lags, once the last strip is done.
    pub fn lowest(&self) -> &[f32] {
        self.above.as_deref().unwrap_or_default()
    }
}

/// How many samples a side a block is decoded to, when an MCU has `blocks` blocks of the component
/// and `grid` pixels.
fn samples_of_block(blocks: [usize; 2], grid: [usize; 2], side: usize) -> usize {
    let sides = [side, side * 2, side * 4, side * 8].into_iter().filter(|side| *side <= 8);
    let samples = |side: usize| blocks.map(|count| count * side);
    let is_spread = |[x, y]: [usize; 2]| [[x, y], [x * 2, y], [x, y * 2]].contains(&grid);
    let is_enough = |samples: [usize; 2]| samples.iter().zip(grid).all(|(&s, grid)| s >= grid);
    sides
        .clone()
        .find(|&side| is_spread(samples(side)))
        .or_else(|| sides.clone().find(|&side| is_enough(samples(side))))
        .unwrap_or(8)
}

/// Spreads a row of samples over a row of pixels; `far` of a doubled one is its neighbour's.
fn spread_row(from: &[f32], to: &mut [f32], far: f32) {
    if to.len() != from.len() * 2 {
        let lengths = [from.len(), to.len()];
        for (x, out) in to.iter_mut().enumerate() {
            *out = shares(lengths, x).map(|(at, share)| share * from[at]).sum();
        }
        return;
    }
    let pairs = to.as_chunks_mut::<2>().0;
    let ends = [0, from.len() - 1];
    for at in ends {
        let (before, after) = (from[at.saturating_sub(1)], from[(at + 1).min(ends[1])]);
        pairs[at] = [before, after].map(|other| from[at] + far * (other - from[at]));
    }
    if let Some(inner) = pairs.get_mut(1..ends[1]) {
        for (pair, near) in inner.iter_mut().zip(from.windows(3)) {
            let &[before, here, after] = near else { continue };
            *pair = [here + far * (before - here), here + far * (after - here)];
        }
    }
}

/// Brings rows of `width` samples to the rows of `to`, by their areas.
fn average_rows(from: &[f32], to: &mut [f32], width: usize) {
    let counts = [from.len() / width, to.len() / width];
    for (y, to) in to.chunks_exact_mut(width).enumerate() {
        to.fill(0.0);
        for (at, share) in shares(counts, y) {
            for (out, sample) in to.iter_mut().zip(&from[at * width..]) {
                *out += share * sample;
            }
        }
    }
}

/// Brings rows of samples to the rows of `to`, which are as many or twice as many; the first is the
/// lowest that belongs to `above`.
fn lean_rows(from: &[f32], above: &[f32], to: &mut [f32], far: f32) {
    let width = above.len();
    // Counted from the row above the strip.
    let row = |at: usize| at.checked_sub(1).map_or(above, |at| &from[at * width..][..width]);
    let is_doubled = to.len() > from.len();
    for (y, to) in to.chunks_exact_mut(width).enumerate() {
        if is_doubled {
            // The first is the lower half of the sample above, the next the upper of the first here.
            let [here, other] = [y.div_ceil(2), (y + 1) % 2 + y / 2];
            for (out, (here, other)) in to.iter_mut().zip(row(here).iter().zip(row(other))) {
                *out = here + far * (other - here);
            }
        } else {
            to.copy_from_slice(row(y));
        }
    }
}

/// The samples that pixel `place` of `to` has a part in, of `from` on the same length, and the
/// share of each in it.
fn shares([from, to]: [usize; 2], place: usize) -> impl Iterator<Item = (usize, f32)> {
    // In units of which a sample is `to` long and a pixel `from`.
    let (start, end) = (place * from, (place + 1) * from);
    (start / to..end.div_ceil(to)).map(move |at| {
        let covered = end.min((at + 1) * to) - start.max(at * to);
        (at, covered as f32 / from as f32)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_spread_by_their_areas() {
        let check = |from: &[f32], expect: &[f32]| {
            let mut row = vec![0.0; expect.len()];
            spread_row(from, &mut row, 0.0);
            let mut rows = vec![0.0; expect.len()];
            average_rows(from, &mut rows, 1);
            for found in [row, rows] {
                let is_near = found.iter().zip(expect).all(|(f, e)| (f - e).abs() < 1e-5);
                assert!(is_near, "{found:?} against {expect:?}");
            }
        };
        check(&[1.0, 5.0], &[1.0, 1.0, 5.0, 5.0]);
        check(&[1.0, 5.0, 3.0], &[2.333_333_3, 3.666_666_7]);
        check(&[3.0, 6.0], &[3.0, 4.5, 6.0]);
        check(&[3.0, 6.0, 9.0, 1.0], &[4.5, 5.0]);
    }

    #[test]
    fn blocks_are_decoded_as_libjpeg_does_or_finer_than_the_grid() {
        for (blocks, grid, side, expect) in [
            ([1, 1], [1, 1], 1, 1),
            ([1, 1], [2, 2], 1, 2),
            ([1, 1], [2, 1], 1, 1),
            ([1, 1], [4, 8], 4, 4),
            ([1, 1], [8, 8], 4, 8),
            ([1, 1], [4, 2], 1, 2),
            ([1, 1], [4, 1], 1, 4),
            ([1, 1], [16, 4], 4, 8),
            ([2, 1], [3, 2], 1, 2),
        ] {
            let found = samples_of_block(blocks, grid, side);
            assert_eq!(found, expect, "{blocks:?} blocks, {grid:?} pixels, {side} a side");
        }
    }

    /// Doubles `from` both ways; down in strips of `rows`.
    #[track_caller]
    fn check_doubled(from: &[f32], rows: usize, expect: &[f32]) {
        let mut row = vec![0.0; expect.len()];
        spread_row(from, &mut row, 0.25);
        assert_eq!(row, expect);
        let mut plane = Plane::new(2, [1, rows], [1, rows * 2], 1);
        plane.far = 0.25;
        assert!(plane.leans_down());
        plane.lag(rows * 2);
        let mut found = Vec::new();
        for strip in from.chunks(rows) {
            plane.samples = strip.iter().flat_map(|sample| [*sample; 2]).collect();
            found.extend_from_slice(plane.on_grid());
        }
        found.extend_from_slice(plane.lowest());
        let expect: Vec<f32> = expect.iter().flat_map(|sample| [*sample; 2]).collect();
        // The row above the picture.
        assert_eq!(found[2..], expect);
    }

    #[test]
    fn doubled_samples_lean_on_their_neighbours_across_strips() {
        let (from, to) = ([4.0, 8.0, 0.0, 4.0], [4.0, 5.0, 7.0, 6.0, 2.0, 1.0, 3.0, 4.0]);
        check_doubled(&from, 4, &to);
        check_doubled(&from, 2, &to);
        check_doubled(&from, 1, &to);
        check_doubled(&[3.0], 1, &[3.0, 3.0]);
    }

    #[test]
    fn a_plane_that_only_lags_gives_the_same_rows_later() {
        let mut plane = Plane::new(1, [1, 1], [2, 2], 2);
        assert!(!plane.leans_down());
        plane.lag(2);
        plane.samples = vec![1.0, 2.0, 3.0, 4.0];
        assert_eq!(plane.on_grid(), [1.0, 2.0, 1.0, 2.0]);
        plane.samples = vec![5.0, 6.0, 7.0, 8.0];
        assert_eq!(plane.on_grid(), [3.0, 4.0, 5.0, 6.0]);
        assert_eq!(plane.lowest(), [7.0, 8.0]);
    }

    #[test]
    fn a_plane_of_another_grid_is_averaged_both_ways() {
        let mut plane = Plane::new(1, [1, 1], [3, 2], 2);
        assert_eq!((plane.block, plane.stride), (4, 4));
        plane.samples = [3.0, 3.0, 6.0, 6.0].repeat(4);
        let expect = [3.0, 4.5, 6.0].repeat(2);
        assert!(plane.on_grid().iter().zip(expect).all(|(found, e)| (found - e).abs() < 1e-5));
    }
}
