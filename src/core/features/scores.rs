//! What a network says of a photo's technical faults, and how it stands in its burst by that.

use super::Feature;

const SHARE: [f32; 2] = [0.0, 1.0];
const LEAD: [f32; 2] = [-1.0, 1.0];

/// How many faults a network scores: defocus, motion, exposure, noise.
pub const SCORES: usize = 4;

/// How many features that makes.
pub const COUNT: usize = SCORES + 3;

/// What is made of the scores.
pub const FEATURES: [Feature; COUNT] = [
    Feature::new("score_defocus", "", SHARE, ["in focus", "out of focus"]),
    Feature::new("score_motion", "", SHARE, ["free of motion", "blurred by motion"]),
    Feature::new("score_exposure", "", SHARE, ["well exposed", "badly exposed"]),
    Feature::new("score_noise", "", SHARE, ["free of noise", "noisy"]),
    Feature::new(
        "score_defocus_lead",
        "",
        LEAD,
        ["the best focused of its burst", "less well focused than its burst"],
    ),
    Feature::new(
        "score_motion_lead",
        "",
        LEAD,
        ["the stillest of its burst", "more moved than its burst"],
    ),
    Feature::new(
        "score_exposure_lead",
        "",
        LEAD,
        ["the best exposed of its burst", "worse exposed than its burst"],
    ),
];

/// The values of the photo at `at` of a burst; NaN where there are no scores. The lead is by how much its
/// fault is above the least of the others'.
#[must_use]
pub fn values(members: &[Option<[f32; SCORES]>], at: usize) -> [f32; COUNT] {
    let mut values = [f32::NAN; COUNT];
    let Some(mine) = members[at] else { return values };
    values[..SCORES].copy_from_slice(&mine);
    for fault in 0..COUNT - SCORES {
        let others = members.iter().enumerate().filter(|(i, _)| *i != at);
        let least = others.filter_map(|(_, m)| Some((*m)?[fault])).fold(f32::NAN, f32::min);
        values[SCORES + fault] = mine[fault] - least;
    }
    for (value, feature) in values.iter_mut().zip(&FEATURES) {
        *value = feature.bound(*value);
    }
    values
}
