//! A table over all colours: what a space's numbers are as light of another space, at the corners of a
//! cube of cells, straight lines between them.
//!
//! ```text
//!  blue         red is the fastest, blue the slowest:
//!   |  green    value (r, g, b) of an edge of n at r + n * (g + n * b)
//!   | /
//!   +--- red    both ends are in it: corner i of n stands for i / (n - 1)
//! ```
//!
//! Light, not encoded values: what one channel lends to another is a straight line there even where it
//! crosses zero, and encoded values are steepest just there. Values may lie beyond 0 to 1: cutting them
//! before they are blended would move the border of what can be shown by a part of a cell.

/// The table.
#[derive(Clone)]
pub struct Lattice {
    key: u64,
    edge: usize,
    values: Vec<[f32; 3]>,
}

impl std::fmt::Debug for Lattice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Lattice({:016x}, {})", self.key, self.edge)
    }
}

/// Two tables of one key are one: a key is a hash of what the table was made of.
impl PartialEq for Lattice {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Lattice {}

impl Lattice {
    /// Corners along each axis: off by about a byte step at most for the curves that photos come with
    /// (`tests/colour`), half of what 33 corners are, and 920 KB on the device. The corners of
    /// profiles' own tables of 17 are among them.
    pub const EDGE: usize = 49;

    /// A table of [`Lattice::EDGE`] that `key` stands for; `value_at` is asked for each corner's
    /// value, from its own 0 to 1.
    #[must_use]
    pub fn new(key: u64, value_at: impl Fn([f32; 3]) -> [f32; 3]) -> Self {
        let values = Self::corners().map(value_at).collect();
        Self { key, edge: Self::EDGE, values }
    }

    /// The same from the values of all [`Lattice::corners`]; `None` where there are more or fewer.
    #[must_use]
    pub fn of_values(key: u64, values: Vec<[f32; 3]>) -> Option<Self> {
        let is_whole = values.len() == Self::EDGE.pow(3);
        is_whole.then_some(Self { key, edge: Self::EDGE, values })
    }

    /// The corners in the table's order.
    pub fn corners() -> impl Iterator<Item = [f32; 3]> {
        let at = |i: usize| i as f32 / (Self::EDGE - 1) as f32;
        let axis = || 0..Self::EDGE;
        axis()
            .flat_map(move |b| axis().flat_map(move |g| axis().map(move |r| [at(r), at(g), at(b)])))
    }

    /// Tells tables of different spaces apart.
    #[must_use]
    pub const fn key(&self) -> u64 {
        self.key
    }

    /// Corners along each axis.
    #[must_use]
    pub const fn edge(&self) -> usize {
        self.edge
    }

    /// The corners' values.
    #[must_use]
    pub fn values(&self) -> &[[f32; 3]] {
        &self.values
    }

    /// The value of a colour, blended between the eight corners around it, as a device does it.
    #[must_use]
    pub fn at(&self, colour: [f32; 3]) -> [f32; 3] {
        let last = self.edge - 1;
        let places = colour.map(|v| {
            let place = v.clamp(0.0, 1.0) * last as f32;
            let low = (place as usize).min(last - 1);
            (low, place - low as f32)
        });
        let mut sum = [0.0; 3];
        for corner in 0..8 {
            let (mut index, mut weight, mut stride) = (0, 1.0, 1);
            for (axis, (low, part)) in places.into_iter().enumerate() {
                let is_high = corner >> axis & 1 == 1;
                index += (low + usize::from(is_high)) * stride;
                weight *= if is_high { part } else { 1.0 - part };
                stride *= self.edge;
            }
            for (sum, value) in sum.iter_mut().zip(self.values[index]) {
                *sum += value * weight;
            }
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_straight_is_exact_between_the_corners() {
        let mixed = |[r, g, b]: [f32; 3]| [r - 0.25, 0.5 * g + 0.5 * b, 1.5 * b - 0.1 * r];
        let lattice = Lattice::new(1, mixed);
        assert_eq!(lattice.values().len(), Lattice::EDGE.pow(3));
        for colour in [[0.0; 3], [1.0; 3], [0.31, 0.62, 0.93], [1.0, 0.0, 0.501]] {
            let (found, expect) = (lattice.at(colour), mixed(colour));
            let off = found.iter().zip(expect).map(|(f, e)| (f - e).abs());
            assert!(off.fold(0.0, f32::max) < 1e-5, "{colour:?}: {found:?}, not {expect:?}");
        }
    }

    #[test]
    fn red_is_the_fastest() {
        let lattice = Lattice::new(1, |colour| colour);
        let step = 1.0 / (Lattice::EDGE - 1) as f32;
        assert_eq!(lattice.values()[1], [step, 0.0, 0.0]);
        assert_eq!(lattice.values()[Lattice::EDGE.pow(2)], [0.0, 0.0, step]);
    }
}
