//! Which colours a picture's numbers mean, and how they become others.
//!
//! ```text
//!  a file's own space ── tile time, disk::colour ──> working space ── shader ──> the display's space
//!         └─ the loupe: stays as stored, a Lattice in the shader ──────┘
//! ```
//!
//! The working space is Display P3 as screens have it: the primaries of SMPTE EG 432-1, the white
//! point D65, the transfer function of sRGB (IEC 61966-2-1). It holds all of sRGB and most of what
//! cameras and prints reach, and 8 bits still do in it. Colours beyond it are cut to it, channel by
//! channel, in tiles and in the loupe alike, so that nothing changes when one replaces the other.
//!
//! Pure: profiles are read in `disk::colour`, textures made in `gpu`. Units: light and encoded values
//! 0 to 1, or bytes of 255 steps; below 0 and above 1 lie colours that the space cannot show.

mod bytes;
mod lattice;

use std::sync::Arc;

pub use self::bytes::srgb_from_working;
pub use self::bytes::working_from_srgb;
pub use self::lattice::Lattice;

/// Three rows, applied to a column of red, green and blue light.
pub type Matrix = [[f32; 3]; 3];

/// From the light of sRGB to that of the working space: both primaries by CIE xy, both D65.
pub const WORKING_FROM_SRGB: Matrix = [
    [0.822_461_97, 0.177_538_03, 0.0],
    [0.033_194_2, 0.966_805_8, 0.0],
    [0.017_082_63, 0.072_397_44, 0.910_519_93],
];

/// The way back.
pub const SRGB_FROM_WORKING: Matrix = [
    [1.224_940_2, -0.224_940_18, 0.0],
    [-0.042_056_955, 1.042_057, 0.0],
    [-0.019_637_555, -0.078_636_05, 1.098_273_6],
];

/// A matrix that changes nothing.
pub const IDENTITY: Matrix = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];

/// The space in which a picture's texels are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Space {
    /// sRGB: what is not said to be anything else.
    #[default]
    Srgb,
    /// The working space.
    Working,
    /// Another one, whose way to the working space is a table.
    Table(Arc<Lattice>),
}

/// The space that a display shows.
#[derive(Debug, Clone, PartialEq)]
pub enum Display {
    /// One with the transfer function of sRGB: the matrix leads from the working space's light to
    /// its own.
    Matrix(Matrix),
    /// Another one: the matrix leads to light, the table from encoded values of that to what is sent to
    /// it, as the light that sRGB means by what is sent.
    Table(Matrix, Arc<Lattice>),
}

impl Default for Display {
    /// sRGB, what a display is taken for that nothing is known of.
    fn default() -> Self {
        Self::Matrix(SRGB_FROM_WORKING)
    }
}

impl Display {
    /// A display of the working space itself.
    pub const WORKING: Self = Self::Matrix(IDENTITY);
}

/// A matrix applied to light.
#[must_use]
pub fn applied(matrix: &Matrix, light: [f32; 3]) -> [f32; 3] {
    matrix.map(|row| row[0] * light[0] + row[1] * light[1] + row[2] * light[2])
}

/// An encoded value as light: IEC 61966-2-1, section 5.2, and its mirror image below 0.
#[must_use]
pub fn light_of(encoded: f32) -> f32 {
    let v = encoded.abs();
    let light = if v <= 0.040_45 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) };
    light.copysign(encoded)
}

/// Light as an encoded value: the way back of [`light_of`].
#[must_use]
pub fn encoded_of(light: f32) -> f32 {
    let v = light.abs();
    let encoded = if v <= 0.003_130_8 { v * 12.92 } else { 1.055 * v.powf(1.0 / 2.4) - 0.055 };
    encoded.copysign(light)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// CIE xy of red, green, blue and white.
    type Primaries = [[f64; 2]; 4];

    const WHITE: [f64; 2] = [0.3127, 0.3290];
    const SRGB: Primaries = [[0.64, 0.33], [0.30, 0.60], [0.15, 0.06], WHITE];
    const P3: Primaries = [[0.680, 0.320], [0.265, 0.690], [0.150, 0.060], WHITE];

    fn product(a: [[f64; 3]; 3], b: [[f64; 3]; 3]) -> [[f64; 3]; 3] {
        std::array::from_fn(|r| std::array::from_fn(|c| (0..3).map(|k| a[r][k] * b[k][c]).sum()))
    }

    fn inverse(m: [[f64; 3]; 3]) -> [[f64; 3]; 3] {
        let minor = |r: usize, c: usize| {
            let at = |i: usize, j: usize| m[(r + i) % 3][(c + j) % 3];
            at(1, 1) * at(2, 2) - at(1, 2) * at(2, 1)
        };
        let determinant: f64 = (0..3).map(|c| m[0][c] * minor(0, c)).sum();
        std::array::from_fn(|r| std::array::from_fn(|c| minor(c, r) / determinant))
    }

    /// From light to CIE XYZ: SMPTE RP 177, section 3.3.
    fn xyz_from(primaries: Primaries) -> [[f64; 3]; 3] {
        let xyz = |[x, y]: [f64; 2]| [x / y, 1.0, (1.0 - x - y) / y];
        let columns = [0, 1, 2].map(|at| xyz(primaries[at]));
        let plain: [[f64; 3]; 3] = std::array::from_fn(|r| std::array::from_fn(|c| columns[c][r]));
        let white = xyz(primaries[3]);
        let back = inverse(plain);
        let gain = back.map(|row| row.iter().zip(white).map(|(m, w)| m * w).sum::<f64>());
        plain.map(|row| [row[0] * gain[0], row[1] * gain[1], row[2] * gain[2]])
    }

    #[track_caller]
    fn check(found: &Matrix, expect: [[f64; 3]; 3]) {
        for (found, expect) in found.iter().flatten().zip(expect.iter().flatten()) {
            assert!((f64::from(*found) - expect).abs() < 2e-7, "{found} is not {expect}");
        }
    }

    #[test]
    fn the_matrices_follow_from_the_primaries() {
        let (srgb, p3) = (xyz_from(SRGB), xyz_from(P3));
        check(&WORKING_FROM_SRGB, product(inverse(p3), srgb));
        check(&SRGB_FROM_WORKING, product(inverse(srgb), p3));
    }

    #[test]
    fn encoding_goes_there_and_back_and_below_zero() {
        for step in -300..=300_i16 {
            let light = f32::from(step) / 200.0;
            assert!((light_of(encoded_of(light)) - light).abs() < 1e-5, "{light}");
        }
        assert!((encoded_of(0.5) - 0.735_357).abs() < 1e-5);
    }
}
