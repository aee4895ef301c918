//! Sharpness, motion and noise, from how fast luma changes with distance.
//!
//! D(k) is half the mean squared difference of two pixels k apart (a variogram: Matheron, 1963), in
//! four directions. A sharp edge makes D grow in proportion to k; a blur of width s flattens it below
//! about 2 s, a motion only along its path. Noise that differs from pixel to pixel adds one and the same number
//! to every D, so that it falls out of the differences:
//!
//! ```text
//! D    sharp /        blurred   /         fine   = log2 (D2 - D1) / (D8 - D4)
//!          /                   /          middle = log2 (D4 - D2) / (D8 - D4)
//!        /                   _/           both fall as blur grows, whatever the noise, the
//!      /    noise:  _____---'             contrast and the exposure
//!     +-- k                  k
//! ```
//!
//! Measured in blocks of 32 x 32 pixels, so that the part of a picture that is in focus can speak for
//! itself: the tenth of its blocks with most contrast. The flattest tenth tells the noise, whose
//! neighbours are a little alike (sensors interpolate colours): what it has at each distance is taken from
//! D there. Units: squared steps of luma of 1/255.

use super::Feature;
use super::light::LUMA_STEPS;
use super::percentile;
use super::sorted;

const LAGS: [usize; 4] = [1, 2, 4, 8];
const SIDE: usize = 32;

const RATIO: [f32; 2] = [-12.0, 6.0];
const LOG: [f32; 2] = [-7.0, 14.0];
const UNIT: [f32; 2] = [-1.0, 1.0];
const SHARPNESS: [&str; 2] = ["not sharp", "sharp"];
const SUBJECT: [&str; 2] = ["not sharp where it matters", "sharp where it matters"];
const BLURRED_ONE_WAY: [&str; 2] = ["blurred by motion", "free of motion"];
const MOVED: [&str; 2] = ["free of motion", "blurred by motion"];
const EDGES: [&str; 2] = ["of few edges", "full of edges"];

/// What is measured here.
pub const FEATURES: [Feature; 26] = [
    Feature::new("change_1", "log2", LOG, EDGES),
    Feature::new("change_2", "log2", LOG, EDGES),
    Feature::new("change_4", "log2", LOG, EDGES),
    Feature::new("change_8", "log2", LOG, EDGES),
    Feature::new("fine", "log2", RATIO, SHARPNESS),
    Feature::new("middle", "log2", RATIO, SHARPNESS),
    Feature::new("fine_least", "log2", RATIO, BLURRED_ONE_WAY),
    Feature::new("middle_least", "log2", RATIO, BLURRED_ONE_WAY),
    Feature::new("fine_spread", "log2", [0.0, 12.0], MOVED),
    Feature::new("middle_spread", "log2", [0.0, 12.0], MOVED),
    Feature::new("finest", "log2", RATIO, SHARPNESS),
    Feature::new("finest_least", "log2", RATIO, BLURRED_ONE_WAY),
    Feature::new("subject_change_2", "log2", LOG, EDGES),
    Feature::new("subject_fine", "log2", RATIO, SUBJECT),
    Feature::new("subject_middle", "log2", RATIO, SUBJECT),
    Feature::new("subject_fine_least", "log2", RATIO, BLURRED_ONE_WAY),
    Feature::new("subject_middle_least", "log2", RATIO, BLURRED_ONE_WAY),
    Feature::new("subject_fine_spread", "log2", [0.0, 12.0], MOVED),
    Feature::new("subject_finest", "log2", RATIO, SUBJECT),
    Feature::new("subject_finest_least", "log2", RATIO, BLURRED_ONE_WAY),
    Feature::new("blur_across", "", UNIT, ["blurred up and down", "blurred to the side"]),
    Feature::new("blur_aslant", "", UNIT, ["blurred downwards", "blurred upwards"]),
    Feature::new("noise", "log2", [-7.0, 8.0], ["free of noise", "noisy"]),
    Feature::new("subject_contrast", "log2", [0.0, 14.0], ["even", "strong in its subject"]),
    Feature::new("subject_x", "", [0.0, 1.0], ["sharpest in its middle", "sharpest at a side"]),
    Feature::new(
        "subject_y",
        "",
        [0.0, 1.0],
        ["sharpest in its middle", "sharpest above or below"],
    ),
];

/// By direction (right, down, down right, down left), D at each lag.
type Curves = [[f64; 4]; 4];

/// The curves of every block.
pub struct Variogram {
    /// Blocks a row, rows of blocks.
    blocks: [usize; 2],
    /// Sums of squared differences and how many they are.
    sums: Vec<[[f64; 4]; 4]>,
    counts: Vec<[[f64; 4]; 4]>,
    /// Mean luma of each block, 0 to 255.
    means: Vec<f32>,
}

impl Variogram {
    /// Measures luma in steps of 1/4 of a byte.
    pub fn of(luma: &[i16], [width, height]: [usize; 2]) -> Self {
        let blocks = [width.div_ceil(SIDE), height.div_ceil(SIDE)];
        let count = blocks[0] * blocks[1];
        let (sums, counts) = (vec![[[0.0; 4]; 4]; count], vec![[[0.0; 4]; 4]; count]);
        let mut all = Self { blocks, sums, counts, means: vec![0.0; count] };
        for y in 0..height {
            let row = &luma[y * width..][..width];
            let first = y / SIDE * blocks[0];
            for (mean, part) in all.means[first..].iter_mut().zip(row.chunks(SIDE)) {
                *mean += part.iter().map(|&luma| f32::from(luma)).sum::<f32>();
            }
            for (lag, &step) in LAGS.iter().enumerate() {
                if step < width {
                    all.add(first, [0, lag], &row[..width - step], &row[step..]);
                }
                let Some(below) = luma.get((y + step) * width..(y + step + 1) * width) else {
                    continue;
                };
                all.add(first, [1, lag], row, below);
                if step < width {
                    all.add(first, [2, lag], &row[..width - step], &below[step..]);
                    all.add(first, [3, lag], &below[..width - step], &row[step..]);
                }
            }
        }
        for (at, mean) in all.means.iter_mut().enumerate() {
            let extent = |block: usize, whole: usize| SIDE.min(whole - block * SIDE);
            let [x, y] = [at % blocks[0], at / blocks[0]];
            let pixels = extent(x, width) * extent(y, height);
            *mean /= pixels as f32 * f32::from(LUMA_STEPS);
        }
        all
    }

    fn add(&mut self, first: usize, [direction, lag]: [usize; 2], one: &[i16], other: &[i16]) {
        let parts = one.chunks(SIDE).zip(other.chunks(SIDE));
        for (block, (one, other)) in (first..).zip(parts) {
            let square = |(a, b): (&i16, &i16)| i32::from(a - b) * i32::from(a - b);
            let sum: i32 = one.iter().zip(other).map(square).sum();
            self.sums[block][direction][lag] += f64::from(sum);
            self.counts[block][direction][lag] += one.len() as f64;
        }
    }

    /// The curves over some blocks.
    fn curves(&self, blocks: impl Iterator<Item = usize>) -> Curves {
        let (mut sums, mut counts): (Curves, Curves) = ([[0.0; 4]; 4], [[0.0; 4]; 4]);
        for block in blocks {
            for direction in 0..4 {
                for lag in 0..4 {
                    sums[direction][lag] += self.sums[block][direction][lag];
                    counts[direction][lag] += self.counts[block][direction][lag];
                }
            }
        }
        // Half the square, in steps of a byte.
        let scale = 0.5 / f64::from(LUMA_STEPS).powi(2);
        std::array::from_fn(|d| std::array::from_fn(|l| sums[d][l] / counts[d][l].max(1.0) * scale))
    }

    /// How much each block varies over eight pixels.
    pub fn contrasts(&self) -> Vec<f32> {
        let each = |block| self.curves(std::iter::once(block)).iter().map(|c| c[3]).sum::<f64>();
        (0..self.sums.len()).map(|block| (each(block) / 4.0) as f32).collect()
    }

    /// Blocks a row, rows of blocks.
    pub const fn blocks(&self) -> [usize; 2] {
        self.blocks
    }

    /// Mean luma of each block, 0 to 255.
    pub fn means(&self) -> &[f32] {
        &self.means
    }

    /// The features.
    pub fn measure(&self) -> [f32; FEATURES.len()] {
        let contrasts = self.contrasts();
        let mut order: Vec<usize> = (0..contrasts.len()).collect();
        order.sort_by(|a, b| contrasts[*b].total_cmp(&contrasts[*a]).then(a.cmp(b)));
        let tenth = order.len().div_ceil(10);
        let top = &order[..tenth];
        // Where a picture is black or burnt out there is no noise to be seen.
        let is_lit = |block: &&usize| (8.0..=247.0).contains(&self.means[**block]);
        let flat: Vec<usize> = order.iter().rev().filter(is_lit).take(tenth).copied().collect();
        let noise = only_noise(&self.curves(flat.into_iter()));
        let whole = self.curves(0..order.len());
        let subject = self.curves(top.iter().copied());
        let [a, s] = [Shape::of(&whole, &noise), Shape::of(&subject, &noise)];
        let middle = percentile(&sorted(contrasts.iter().copied()), 0.5);
        let peak = contrasts.get(top[0]).copied().unwrap_or(0.0);
        let off = [top[0] % self.blocks[0], top[0] / self.blocks[0]];
        let off = [0, 1]
            .map(|axis| ((off[axis] as f32 + 0.5) / self.blocks[axis] as f32 - 0.5).abs() * 2.0);
        let change = |curves: &Curves, lag: usize| {
            ((curves.iter().map(|c| c[lag]).sum::<f64>() / 4.0 + 0.01).log2()) as f32
        };
        let grain = mean(&noise.map(|c| c[0]));
        [
            change(&whole, 0),
            change(&whole, 1),
            change(&whole, 2),
            change(&whole, 3),
            a.fine[0],
            a.middle[0],
            a.fine[1],
            a.middle[1],
            a.fine[2],
            a.middle[2],
            a.finest[0],
            a.finest[1],
            change(&subject, 1),
            s.fine[0],
            s.middle[0],
            s.fine[1],
            s.middle[1],
            s.fine[2],
            s.finest[0],
            s.finest[1],
            a.turn[0],
            a.turn[1],
            0.5 * ((2.0 * grain + 1e-4).log2() as f32),
            ((peak + 0.1) / (middle + 0.1)).log2(),
            off[0],
            off[1],
        ]
    }
}

/// What the curves of four directions say: mean, least and spread over the directions.
struct Shape {
    fine: [f32; 3],
    middle: [f32; 3],
    finest: [f32; 3],
    /// Cosine and sine of twice the angle in which there is least change.
    turn: [f32; 2],
}

impl Shape {
    fn of(curves: &Curves, noise: &Curves) -> Self {
        let far = mean(&curves.map(|c| (c[3] - c[2]).max(0.0)));
        // Below a part of it, and of a byte's rounding, there is nothing to compare.
        let floor = 1e-3 * far + 0.02;
        let log =
            |part: f64, whole: f64| ((part.max(0.0) + floor) / (whole.max(0.0) + floor)).log2();
        let fine = curves.map(|c| log(c[1] - c[0], c[3] - c[2]));
        let middle = curves.map(|c| log(c[2] - c[1], c[3] - c[2]));
        let mut finest = [0.0; 4];
        for (place, (c, n)) in finest.iter_mut().zip(curves.iter().zip(noise)) {
            *place = log(c[0] - n[0], c[2] - n[2]);
        }
        let turn = [fine[1] - fine[0], fine[3] - fine[2]].map(|part| (part / 4.0) as f32);
        Self { fine: over(fine), middle: over(middle), finest: over(finest), turn }
    }
}

/// What of the flattest blocks is noise: that does not grow with distance, and they may have edges too.
fn only_noise(flattest: &Curves) -> Curves {
    let [near, far] = [1, 3].map(|lag| mean(&flattest.map(|c| c[lag])));
    let share = if far > near { (near / far).powi(2) } else { 1.0 };
    flattest.map(|curve| curve.map(|value| value * share))
}

fn over(directions: [f64; 4]) -> [f32; 3] {
    let least = directions.iter().copied().fold(f64::INFINITY, f64::min);
    let most = directions.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    [mean(&directions), least, most - least].map(|value| value as f32)
}

fn mean(values: &[f64; 4]) -> f64 {
    values.iter().sum::<f64>() / 4.0
}
