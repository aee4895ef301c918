//! What a coefficient adds to a scaled block.
//!
//! A sample of the scaled block is the mean over its cell of the 8x8 block. The inverse transform
//! (ITU-T T.81, A.3.3) is linear, so each coefficient is weighted with the mean of its cosines:
//!
//! ```text
//! sample(i, j) = sum of F(u, v) * q(u, v) * m(u, i, n) * m(v, j, n)
//! m(u, i, n)   = c(u) / 2 * mean over x in i*8/n .. (i+1)*8/n of cos((2x + 1) * u * pi / 16)
//! c(0) = sqrt(1/2), else 1
//! ```
//!
//! With all 64 coefficients this is the box average to the last digit. How many are kept is
//! [`kept`]'s measurement. Decides no more than that.

use std::f64::consts::PI;

/// Column (horizontal frequency) and row of each coefficient in zigzag order, as row * 8 + column.
const ZIGZAG: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
    13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59,
    52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// How many coefficients of a block are kept, in zigzag order, for a square of `side` samples; at
/// most 63.
///
/// The mean absolute difference from libjpeg-turbo's picture in the worst of 74 camera pictures, in
/// levels (`benches/turbo`), and the mean PSNR against a box-averaged full decode, in dB:
///
/// ```text
/// samples a side    kept and what it gave
/// 2 (luma at 1/4)   10: 1.66, 45.7   15: 1.10, 47.2   18: 1.02, 47.4  *21: 0.88, 47.8*  63: 0.81, 48.7
/// 4 (luma at 1/2)   25: 2.37, 46.2   36: 1.78, 47.8   43: 1.40, 48.8   49: 1.24, 49.1  *63: 0.58, 49.5*
/// ```
///
/// Most pictures have few beyond 25: at 1/2 keeping all takes a twentieth more time.
pub fn kept(side: usize) -> usize {
    match side {
        1 => 1,
        2 => 21,
        _ => 63,
    }
}

/// For each kept coefficient the `side * side` samples that one unit of it adds, row by row.
/// `quantiser` is in zigzag order.
pub fn basis(side: usize, quantiser: &[u16; 64]) -> Vec<f32> {
    let means: Vec<f64> = (0..64).map(|at| mean(at / 8, at % 8 % side, side)).collect();
    let mut all = Vec::with_capacity(kept(side) * side * side);
    for (&place, &step) in ZIGZAG.iter().zip(quantiser).take(kept(side)) {
        let (u, v) = (usize::from(place % 8), usize::from(place / 8));
        for j in 0..side {
            for i in 0..side {
                all.push((f64::from(step) * means[u * 8 + i] * means[v * 8 + j]) as f32);
            }
        }
    }
    all
}

/// The mean of the cosine of frequency `u` over cell `i` of `n`, with its norm.
fn mean(u: usize, i: usize, n: usize) -> f64 {
    let cell = 8 / n;
    let norm = if u == 0 { 0.5_f64.sqrt() } else { 1.0 };
    let sum: f64 =
        (i * cell..(i + 1) * cell).map(|x| (((2 * x + 1) * u) as f64 * PI / 16.0).cos()).sum();
    norm / 2.0 * sum / cell as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zigzag_visits_each_place_once() {
        let mut places = ZIGZAG;
        places.sort_unstable();
        assert!(places.iter().enumerate().all(|(i, &place)| i == usize::from(place)));
    }

    #[test]
    fn a_coarser_basis_is_the_mean_of_a_finer_one() {
        let step = std::array::from_fn(|k| k as u16 + 1);
        let (fine, coarse) = (basis(4, &step), basis(2, &step));
        for (fine, coarse) in fine.chunks(16).zip(coarse.chunks(4)) {
            for (place, found) in coarse.iter().enumerate() {
                let at = place / 2 * 8 + place % 2 * 2;
                let expect = (fine[at] + fine[at + 1] + fine[at + 4] + fine[at + 5]) / 4.0;
                assert!((found - expect).abs() < 1e-5, "{found} against {expect}");
            }
        }
    }

    #[test]
    fn the_first_coefficient_is_eight_times_the_mean() {
        for side in [1, 2, 4, 8] {
            let all = basis(side, &[16; 64]);
            assert!(all[..side * side].iter().all(|add| (add - 2.0).abs() < 1e-6));
        }
    }
}
