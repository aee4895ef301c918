//! Where the coder found detail: the bits that the AC coefficients of each luma block took.
//!
//! Reduced by the mean over squares of blocks, for a sensor's noise spends its bits evenly and a
//! mean is steady against it. The absolute number depends on the quantiser and the noise of the
//! camera: compare within one picture or one burst.

/// Cells of the long side at most.
const LONG_SIDE: usize = 128;

/// Mean AC bits per 8x8 block, over a grid of square cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DetailMap {
    /// Cells a row.
    pub width: u32,
    /// Rows of cells.
    pub height: u32,
    /// Side of a cell, in pixels of the full picture.
    pub cell_px: u32,
    /// `width * height` means, in bits; at most 1953, the most that 63 coefficients can take.
    pub bits: Vec<u16>,
}

/// A map that is being made, one row of blocks after the other.
#[derive(Debug)]
pub struct DetailSums {
    /// Width and height in blocks.
    blocks: [usize; 2],
    /// Width in cells.
    width: usize,
    /// Blocks of a cell, a side.
    side: usize,
    sums: Vec<u32>,
}

impl DetailSums {
    /// For a component of `blocks` blocks.
    pub fn new(blocks: [usize; 2]) -> Self {
        let side = blocks[0].max(blocks[1]).div_ceil(LONG_SIDE).max(1);
        let width = blocks[0].div_ceil(side);
        let sums = vec![0; width * blocks[1].div_ceil(side)];
        Self { blocks, width, side, sums }
    }

    /// Adds row `row` of blocks; blocks and rows beyond the picture are left out.
    pub fn add(&mut self, row: usize, bits: &[u32]) {
        let cells = self.sums.chunks_mut(self.width).nth(row / self.side);
        let (Some(cells), true) = (cells, row < self.blocks[1]) else {
            return;
        };
        let bits = &bits[..bits.len().min(self.blocks[0])];
        for (cell, blocks) in cells.iter_mut().zip(bits.chunks(self.side)) {
            *cell += blocks.iter().sum::<u32>();
        }
    }

    /// Adds what another part of the same picture has.
    pub fn join(&mut self, other: &Self) {
        for (sum, other) in self.sums.iter_mut().zip(&other.sums) {
            *sum += other;
        }
    }

    /// The means.
    pub fn finish(self) -> DetailMap {
        let Self { blocks, width, side, sums } = self;
        let extent = |cell: usize, all: usize| side.min(all - cell * side);
        let mean = |(place, &sum): (usize, &u32)| {
            let count = extent(place % width, blocks[0]) * extent(place / width, blocks[1]);
            u16::try_from(sum as usize / count).unwrap_or(u16::MAX)
        };
        let height = sums.len() / width;
        DetailMap {
            width: width as u32,
            height: height as u32,
            cell_px: side as u32 * 8,
            bits: sums.iter().enumerate().map(mean).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(blocks: [usize; 2], expect: [u32; 3]) {
        let mut sums = DetailSums::new(blocks);
        for row in 0..blocks[1] + 1 {
            // One block more than there are, as at the edge of an MCU.
            let mut bits = vec![7; blocks[0]];
            bits.push(1000);
            sums.add(row, &bits);
        }
        let map = sums.finish();
        assert_eq!([map.width, map.height, map.cell_px], expect);
        assert!(map.bits.iter().all(|&bits| bits == 7), "{:?}", map.bits);
    }

    #[test]
    fn the_long_side_has_at_most_128_cells() {
        check([1, 1], [1, 1, 8]);
        check([128, 3], [128, 3, 8]);
        check([129, 3], [65, 2, 16]);
        check([750, 500], [125, 84, 48]);
        check([3, 8192], [1, 128, 512]);
    }
}
