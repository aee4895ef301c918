//! How sharp a photo is among those of its shoot.
//!
//! An absolute sharpness says little to a person: what 40 mm of f/1.4 make of a face and what a lens
//! stopped down makes of a forest lie octaves apart. The share of the shoot that is less sharp is understood at
//! once, and half of the photos always have less than 0.5 of it.
//!
//! Measured as the finest detail of the subject in the direction that has least of it
//! (`subject_finest_least`), so that motion counts as defocus does. Of all single measures it tells blurred
//! photos best from others: ROC-AUC 0.89 over ten made shoots of 900, against 0.85 for the same
//! over the whole picture.

use super::PictureFeatures;
use super::picture_features;

/// Steps that the range of the measure is cut into: a thousandth of an octave each.
const STEPS: usize = 1 << 14;

/// By photo, the share of the shoot that is less sharp.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sharpness {
    /// Not a number where it is not known.
    shares: Vec<f32>,
    known: usize,
}

/// Where the measure is among those of a picture, and how wide it ranges.
#[derive(Debug, Clone, Copy)]
pub struct Measure {
    at: usize,
    range: [f32; 2],
}

impl Default for Measure {
    fn default() -> Self {
        picture_features()
            .enumerate()
            .find(|(_, feature)| feature.name == "subject_finest_least")
            .map(|(at, feature)| Self { at, range: feature.range })
            .expect("the name is that of a measure")
    }
}

impl Measure {
    /// The absolute sharpness of a photo, as a log2; not a number where it has none.
    #[must_use]
    pub const fn of(self, features: &PictureFeatures) -> f32 {
        features.0[self.at]
    }

    fn step(self, value: f32) -> usize {
        let [least, most] = self.range;
        let share = ((value - least) / (most - least)).clamp(0.0, 1.0);
        (share * (STEPS - 1) as f32).round() as usize
    }
}

impl Sharpness {
    /// Of photos whose absolute sharpness is `values`, by photo; not a number where it is not known.
    #[must_use]
    pub fn of(values: &[f32]) -> Self {
        let measure = Measure::default();
        let known = || values.iter().filter(|value| !value.is_nan());
        // Counted instead of compared: a million photos are two walks over a column.
        let mut below = vec![0_u32; STEPS + 1];
        known().for_each(|&value| below[measure.step(value) + 1] += 1);
        for step in 0..STEPS {
            below[step + 1] += below[step];
        }
        let count = below[STEPS] as usize;
        let share = |&value: &f32| match value.is_nan() {
            true => f32::NAN,
            false => below[measure.step(value)] as f32 / count as f32,
        };
        Self { shares: values.iter().map(share).collect(), known: count }
    }

    /// The share of the shoot that is less sharp than a photo, 0 to below 1; `None` where its
    /// sharpness is not known. `photo` is its number.
    #[must_use]
    pub fn share(&self, photo: usize) -> Option<f32> {
        self.shares.get(photo).copied().filter(|share| !share.is_nan())
    }

    /// Of how many photos it is known.
    #[must_use]
    pub const fn known(&self) -> usize {
        self.known
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_how_many_are_less_sharp() {
        let values = [-1.0, f32::NAN, -3.0, -1.0, -2.0, 6.0];
        let sharpness = Sharpness::of(&values);
        let shares: Vec<Option<f32>> = (0..7).map(|photo| sharpness.share(photo)).collect();
        let expect = [Some(0.4), None, Some(0.0), Some(0.4), Some(0.2), Some(0.8), None];
        assert_eq!(shares, expect, "alike ones have one share");
        assert_eq!(sharpness.known(), 5);
    }

    #[test]
    fn nothing_known_is_no_share() {
        let sharpness = Sharpness::of(&[f32::NAN; 3]);
        assert_eq!((sharpness.share(0), sharpness.known()), (None, 0));
    }
}
