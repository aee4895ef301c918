//! Where a photo has detail, as it is laid over it: a small picture of one channel.
//!
//! The coder's map is in bits, which noise and quantiser shift for the whole frame (`disk::jpeg`), so what
//! is drawn is how far a place stands out from the photo's own median. A photo that is sharp nowhere has no
//! place that stands out far: it stays faint instead of having its noise stretched to the full range.

use super::embed_input;
use super::embed_input::Detail;
use super::photo::Turn;

/// The longest side, in cells: a cell is 8 texels of the largest tile.
pub const EDGE: u32 = 64;

/// Above the median by so much at most is faint, in pairs of bits: the least full range. Frames of 24
/// megapixels out of focus reach half of it, those in focus twice as much.
const LEAST_RANGE: f32 = 16.0;

/// The part of the cells that is at the full range.
const STRONGEST: f32 = 0.01;

/// How far each place stands out, upright.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DetailTexels {
    size: [u32; 2],
    shares: Vec<u8>,
}

impl DetailTexels {
    /// Of a map as it is stored: `full_px` is the size of the whole photo, upright. `None` where either has
    /// no cell.
    #[must_use]
    pub fn of(map: &Detail<'_>, full_px: [u32; 2]) -> Option<Self> {
        let long = full_px[0].max(full_px[1]);
        let is_sound = map.cells.iter().all(|&side| side > 0)
            && map.cells[0] * map.cells[1] == map.bit_pairs.len();
        if long == 0 || !is_sound {
            return None;
        }
        let edge = EDGE.min(map.cells[0].max(map.cells[1]) as u32);
        let size = full_px.map(|side| (side * edge).div_ceil(long).max(1));
        let bits = embed_input::upright_bits(map, size.map(|side| side as usize));
        let mut sorted: Vec<f32> = bits.iter().map(|bits| bits * 255.0).collect();
        sorted.sort_unstable_by(f32::total_cmp);
        let at = |share: f32| sorted[((sorted.len() - 1) as f32 * share).round() as usize];
        let (median, most) = (at(0.5), at(1.0 - STRONGEST));
        let range = (most - median).max(LEAST_RANGE);
        let share = |bits: &f32| ((bits * 255.0 - median) / range).clamp(0.0, 1.0);
        let shares = bits.iter().map(|bits| (share(bits) * 255.0).round() as u8).collect();
        Some(Self { size, shares })
    }

    /// Width and height in cells; they cover the photo exactly.
    #[must_use]
    pub const fn size(&self) -> [u32; 2] {
        self.size
    }

    /// By rows from the top: 0 at the photo's median and below, 255 where it is strongest.
    #[must_use]
    pub fn shares(&self) -> &[u8] {
        &self.shares
    }

    /// Whether no side is longer than `edge`.
    #[must_use]
    pub fn fits(&self, edge: u32) -> bool {
        self.size.iter().all(|side| *side <= edge)
    }

    /// Half as many cells a side, until the longest side is at most `edge`.
    #[must_use]
    pub fn within(&self, edge: u32) -> Self {
        let mut small = self.clone();
        while !small.fits(edge.max(1)) {
            small = small.halved();
        }
        small
    }

    fn halved(&self) -> Self {
        let [width, height] = self.size;
        let size = self.size.map(|side| side.div_ceil(2));
        let at = |x: u32, y: u32| {
            u32::from(self.shares[(y.min(height - 1) * width + x.min(width - 1)) as usize])
        };
        let cell = |x: u32, y: u32| {
            let sum = at(2 * x, 2 * y) + at(2 * x + 1, 2 * y);
            ((sum + at(2 * x, 2 * y + 1) + at(2 * x + 1, 2 * y + 1) + 2) / 4) as u8
        };
        let places = (0..size[1]).flat_map(|y| (0..size[0]).map(move |x| (x, y)));
        Self { size, shares: places.map(|(x, y)| cell(x, y)).collect() }
    }
}

/// A map that was kept without the side of its cells, which follows from the photo's size: 8 x 8 pixels,
/// as many a side as bring the long side to at most `cells_max`.
#[must_use]
pub fn kept<'a>(
    cells: [usize; 2],
    bit_pairs: &'a [u8],
    full_px: [u32; 2],
    turn: Turn,
    cells_max: u32,
) -> Detail<'a> {
    // Turning a size once more gives it as it is stored.
    let stored_px = turn.upright(full_px);
    let blocks = stored_px[0].max(stored_px[1]).div_ceil(8);
    let cell_px = 8 * blocks.div_ceil(cells_max).max(1);
    let extent = stored_px.map(|side| side as f32 / cell_px as f32);
    Detail { cells, extent, turn, bit_pairs }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(bit_pairs: &[u8], turn: Turn) -> Detail<'_> {
        Detail { cells: [4, 2], extent: [4.0, 2.0], turn, bit_pairs }
    }

    #[test]
    fn what_stands_out_is_bright_and_stands_upright() {
        let bits = [10, 10, 10, 90, 10, 10, 10, 10];
        let lying = DetailTexels::of(&map(&bits, Turn::NONE), [400, 200]).expect("it has cells");
        assert_eq!((lying.size(), lying.shares()), ([4, 2], &[0, 0, 0, 255, 0, 0, 0, 0][..]));
        // A quarter turn clockwise brings the right top to the right bottom.
        let standing = DetailTexels::of(&map(&bits, Turn::quarters(1)), [200, 400]);
        let standing = standing.expect("it has cells");
        assert_eq!((standing.size(), standing.shares()), ([2, 4], &[0, 0, 0, 0, 0, 0, 0, 255][..]));
    }

    #[test]
    fn a_photo_that_is_sharp_nowhere_stays_faint() {
        let bits = [10, 11, 10, 14, 10, 10, 10, 10];
        let texels = DetailTexels::of(&map(&bits, Turn::NONE), [400, 200]).expect("it has cells");
        assert_eq!(texels.shares().iter().max(), Some(&64), "4 of 16");
    }

    #[test]
    fn smaller_ones_cover_the_same() {
        let bits = [10, 10, 90, 90, 10, 10, 90, 10];
        let texels = DetailTexels::of(&map(&bits, Turn::NONE), [400, 200]).expect("it has cells");
        let small = texels.within(2);
        assert_eq!((small.size(), small.shares()), ([2, 1], &[0, 191][..]));
        assert_eq!(texels.within(4), texels);
    }

    #[test]
    fn a_map_of_nothing_is_none() {
        let nothing = Detail { cells: [0, 0], extent: [0.0; 2], turn: Turn::NONE, bit_pairs: &[] };
        assert_eq!(DetailTexels::of(&nothing, [400, 200]), None);
        assert_eq!(DetailTexels::of(&map(&[1; 8], Turn::NONE), [0, 0]), None);
    }
}
