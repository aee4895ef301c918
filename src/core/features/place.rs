//! Composition: where a picture has its light and its contrast.
//!
//! In a grid of blocks, upright, left and right alike: a scene mirrored is the same scene. The
//! thirds are the four points a third of the way in from the sides.

use super::Feature;
use super::Picture;
use super::variogram::Variogram;

const UNIT: [f32; 2] = [-1.0, 1.0];

/// What is measured here.
pub const FEATURES: [Feature; 8] = [
    Feature::new("light_above", "", UNIT, ["dark above", "bright above"]),
    Feature::new("light_below", "", UNIT, ["dark below", "bright below"]),
    Feature::new("light_centre", "", UNIT, ["dark in its middle", "bright in its middle"]),
    Feature::new("contrast_centre", "", [0.0, 1.0], ["empty in its middle", "centred"]),
    Feature::new("contrast_thirds", "", [0.0, 1.0], ["off the thirds", "placed on the thirds"]),
    Feature::new("contrast_above", "", UNIT, ["heavy below", "heavy above"]),
    Feature::new("contrast_even", "", [0.0, 1.0], ["busy in one place", "busy all over"]),
    Feature::new("symmetry", "", UNIT, ["not symmetrical", "symmetrical"]),
];

/// Measures a picture whose blocks are known.
pub fn measure(picture: &Picture, variogram: &Variogram) -> [f32; FEATURES.len()] {
    let blocks = variogram.blocks();
    let contrasts = variogram.contrasts();
    // The square root is the size of the changes, not their energy: one edge is not everything.
    let weights: Vec<f32> = contrasts.iter().map(|contrast| contrast.max(0.0).sqrt()).collect();
    let all: f32 = weights.iter().sum::<f32>().max(f32::MIN_POSITIVE);
    let mean = variogram.means().iter().sum::<f32>() / weights.len() as f32;
    let mut light = [[0.0_f32; 2]; 3];
    let mut contrast = [0.0_f32; 3];
    for (at, (&weight, &luma)) in weights.iter().zip(variogram.means()).enumerate() {
        let centred = |axis: usize, at: usize| (at as f32 + 0.5) / blocks[axis] as f32 * 2.0 - 1.0;
        let stored = [centred(0, at % blocks[0]), centred(1, at / blocks[0])];
        let [x, y] = if picture.is_sideways { [stored[1], stored[0]] } else { stored };
        let is_in = [y < -1.0 / 3.0, y > 1.0 / 3.0, x.abs() < 0.5 && y.abs() < 0.5];
        for (sums, is_in) in light.iter_mut().zip(is_in) {
            if is_in {
                *sums = [sums[0] + (luma - mean) / 255.0, sums[1] + 1.0];
            }
        }
        let from_third = (x.abs() - 1.0 / 3.0).hypot(y.abs() - 1.0 / 3.0);
        contrast[0] += if is_in[2] { weight } else { 0.0 };
        contrast[1] += if from_third < 0.25 { weight } else { 0.0 };
        contrast[2] -= weight * y;
    }
    let entropy: f32 =
        weights.iter().map(|w| w / all).filter(|p| *p > 0.0).map(|p| -p * p.ln()).sum();
    let even = entropy / (weights.len() as f32).ln().max(1e-3);
    let [above, below, centre] = light.map(|[sum, count]| sum / count.max(1.0));
    [
        above,
        below,
        centre,
        contrast[0] / all,
        contrast[1] / all,
        contrast[2] / all,
        even,
        symmetry(variogram, picture.is_sideways),
    ]
}

/// The correlation of the blocks' luma with its mirror image.
fn symmetry(variogram: &Variogram, is_sideways: bool) -> f32 {
    let ([columns, rows], means) = (variogram.blocks(), variogram.means());
    let mean = means.iter().sum::<f32>() / means.len() as f32;
    let (mut product, mut square) = (0.0_f32, 1e-3_f32);
    for (at, luma) in means.iter().enumerate() {
        let [x, y] = [at % columns, at / columns];
        let mirror = if is_sideways { [x, rows - 1 - y] } else { [columns - 1 - x, y] };
        let other = means[mirror[1] * columns + mirror[0]];
        product += (luma - mean) * (other - mean);
        square += (luma - mean) * (luma - mean);
    }
    product / square
}
