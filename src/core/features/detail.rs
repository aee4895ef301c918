//! Sharpness at full resolution, from the detail map that decoding at a part of the size leaves.
//!
//! Bits say little between scenes (a sensor's noise and the quantiser shift them all), so these are for the
//! comparison within a burst; `disk::jpeg` measured that the best 3 x 3 cells less the median put 143 of
//! 144 pairs of one burst in order. Units: pairs of bits of the AC coefficients of 8 x 8 pixels.

use super::DetailCells;
use super::Feature;
use super::percentile;
use super::sorted;

const BITS: [f32; 2] = [0.0, 255.0];

/// What is measured here.
pub const FEATURES: [Feature; 6] = [
    Feature::new("detail_mean", "2 bit", BITS, ["of little detail", "of much detail"]),
    Feature::new("detail_p50", "2 bit", BITS, ["of little detail", "of much detail"]),
    Feature::new("detail_p95", "2 bit", BITS, ["of little detail", "of much detail"]),
    Feature::new("detail_peak", "2 bit", BITS, ["nowhere sharp", "sharp in one place"]),
    Feature::new("detail_rise", "log2", [-8.0, 8.0], ["nowhere sharp", "sharp in one place"]),
    Feature::new("detail_off", "", [0.0, 1.0], ["sharpest in its middle", "sharpest at its edge"]),
];

/// Measures a map.
pub fn measure(map: &DetailCells) -> [f32; FEATURES.len()] {
    let (width, height) = (map.width.max(1), map.cells.len() / map.width.max(1));
    let cells = sorted(map.cells.iter().map(|&cell| f32::from(cell)));
    let mean = cells.iter().sum::<f32>() / cells.len().max(1) as f32;
    let [median, high] = [0.5, 0.95].map(|share| percentile(&cells, share));
    let mut best = (f32::NEG_INFINITY, [0.0, 0.0]);
    for y in 0..height {
        for x in 0..width {
            let window = window(map.cells, [width, height], [x, y]);
            if window > best.0 {
                best =
                    (window, [(x as f32 + 0.5) / width as f32, (y as f32 + 0.5) / height as f32]);
            }
        }
    }
    let peak = (best.0 - median).max(0.0);
    let off = best.1.map(|at| (at - 0.5).abs() * 2.0);
    let rise = ((peak + 1.0) / (high - percentile(&cells, 0.25) + 1.0)).log2();
    [mean, median, high, peak, rise, off[0].max(off[1])]
}

/// The mean of the 3 x 3 cells around one, fewer at the edge.
fn window(cells: &[u8], [width, height]: [usize; 2], [x, y]: [usize; 2]) -> f32 {
    let (mut sum, mut count) = (0_u32, 0_u32);
    for row in y.saturating_sub(1)..(y + 2).min(height) {
        for column in x.saturating_sub(1)..(x + 2).min(width) {
            sum += u32::from(cells[row * width + column]);
            count += 1;
        }
    }
    sum as f32 / count.max(1) as f32
}
