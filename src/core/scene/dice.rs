//! Chance that is the same on every machine: numbers from a seed, and the fractal noise made of them.
//!
//! SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA
//! 2014) passes BigCrush and needs one word of state, which is plenty for pictures. Nothing here is
//! fit for secrets.

/// A row of numbers that a seed decides.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// The row of `seed`.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The row of `seed` for one purpose among many, so that one more roll there moves nothing here.
    #[must_use]
    pub fn of(seed: u64, purpose: u64) -> Self {
        Self(scrambled(seed ^ scrambled(purpose)))
    }

    /// The next 64 bits.
    pub const fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        scrambled(self.0)
    }

    /// The next number, 0 to 1, without the 1.
    pub fn unit(&mut self) -> f32 {
        // 24 bits are what an f32 holds without rounding up to 1.
        (self.bits() >> 40) as f32 / 16_777_216.0
    }

    /// The next number from `low` to `high`.
    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    /// The next whole number under `end`; 0 where `end` is 0.
    pub fn below(&mut self, end: u32) -> u32 {
        (((self.bits() >> 32) * u64::from(end)) >> 32) as u32
    }

    /// Whether something of this probability, 0 to 1, happens.
    pub fn happens(&mut self, probability: f32) -> bool {
        self.unit() < probability
    }

    /// One of several.
    pub fn pick<T: Copy, const N: usize>(&mut self, of: &[T; N]) -> T {
        const { assert!(N > 0, "there is something to pick from") };
        of[self.below(N as u32) as usize]
    }
}

/// SplitMix64's finishing steps: a bijection in which each bit in moves half of the bits out.
const fn scrambled(word: u64) -> u64 {
    let word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    word ^ (word >> 31)
}

/// Cells along each side of the noise; a power of two, so that wrapping round is a mask.
const SIDE: usize = 256;

/// Smooth noise over the plane. It repeats every 256 units, which no picture here is wide.
#[derive(Debug)]
pub struct Noise {
    cells: Vec<f32>,
}

impl Noise {
    /// The noise of `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut dice = Dice::of(seed, 1);
        Self { cells: (0..SIDE * SIDE).map(|_| dice.unit()).collect() }
    }

    /// The noise at a point, 0 to 1: value noise, one bump a unit.
    #[must_use]
    pub fn at(&self, x: f32, y: f32) -> f32 {
        let (left, top) = (x.floor(), y.floor());
        let (fx, fy) = (x - left, y - top);
        let (sx, sy) = (fx * fx * (3.0 - 2.0 * fx), fy * fy * (3.0 - 2.0 * fy));
        let column = left as i32 as usize % SIDE;
        let row = top as i32 as usize % SIDE * SIDE;
        let (right, below) = ((column + 1) % SIDE, (row + SIDE) % (SIDE * SIDE));
        let upper =
            self.cells[row + column] + (self.cells[row + right] - self.cells[row + column]) * sx;
        let lower = self.cells[below + column]
            + (self.cells[below + right] - self.cells[below + column]) * sx;
        upper + (lower - upper) * sy
    }

    /// Noise upon noise, each octave twice as fine and half as strong: 0 to 1, mostly near the
    /// middle.
    #[must_use]
    pub fn fractal(&self, x: f32, y: f32, octaves: u32) -> f32 {
        let (mut sum, mut weight, mut total, mut scale) = (0.0, 1.0, 0.0, 1.0);
        for octave in 0..octaves {
            // The offset keeps the octaves' lattices from lining up into a visible grid.
            let shift = octave as f32 * 17.3;
            sum += self.at(x * scale + shift, y * scale + shift) * weight;
            total += weight;
            weight *= 0.5;
            scale *= 2.0;
        }
        sum / total
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_row_is_the_published_one() {
        // The reference implementation's first three numbers for the seed 1234567.
        let mut dice = Dice::new(1_234_567);
        let expect =
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423];
        assert_eq!([dice.bits(), dice.bits(), dice.bits()], expect);
    }

    #[test]
    fn numbers_stay_in_their_bounds() {
        let mut dice = Dice::new(7);
        for _ in 0..10_000 {
            assert!((0.0..1.0).contains(&dice.unit()));
            assert!((-2.0..=3.0).contains(&dice.between(-2.0, 3.0)));
            assert!(dice.below(3) < 3);
        }
        assert_eq!(dice.below(0), 0);
    }

    #[test]
    fn noise_is_smooth_bounded_and_everywhere() {
        let noise = Noise::new(3);
        let mut last = noise.fractal(-300.0, -9.5, 4);
        for i in 0..60_000 {
            let value = noise.fractal(-300.0 + i as f32 * 0.01, -9.5, 4);
            assert!((0.0..=1.0).contains(&value), "{value} at {i}");
            assert!((value - last).abs() < 0.08, "a jump at {i}");
            last = value;
        }
    }
}
