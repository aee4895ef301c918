//! What the header of a photo's file says of how it was taken.
//!
//! The light value is that of ISO 100 which gives the exposure taken: 2 log2 N - log2 t - log2 (ISO / 100)
//! (APEX, EXIF 2.32 annex C).

use super::Feature;
use crate::core::photo::PhotoMeta;

/// How many there are.
pub const COUNT: usize = 10;

/// What is taken from a header.
pub const FEATURES: [Feature; COUNT] = [
    Feature::new("iso", "EV", [-4.0, 14.0], ["of a low ISO", "of a high ISO"]),
    Feature::new("aperture", "EV", [-2.0, 14.0], ["of a wide aperture", "of a small aperture"]),
    Feature::new("shutter", "EV", [-16.0, 12.0], ["of a short exposure", "of a long exposure"]),
    Feature::new("focal", "log2 mm", [0.0, 12.0], ["wide", "from a long lens"]),
    Feature::new("flash", "", [0.0, 1.0], ["without flash", "with flash"]),
    Feature::new("bias", "EV", [-8.0, 8.0], ["set darker", "set brighter"]),
    Feature::new(
        "light_value",
        "EV",
        [-12.0, 24.0],
        ["taken in little light", "taken in much light"],
    ),
    Feature::new("hour_noon", "", [-1.0, 1.0], ["taken at midnight", "taken at noon"]),
    Feature::new("hour_evening", "", [-1.0, 1.0], ["taken in the morning", "taken in the evening"]),
    Feature::new("upright", "", [0.0, 1.0], ["lying", "upright"]),
];

/// The values of one header; NaN for what it does not say.
#[must_use]
pub fn values(meta: &PhotoMeta) -> [f32; COUNT] {
    let log = |value: Option<f32>| value.filter(|v| *v > 0.0).map_or(f32::NAN, f32::log2);
    let iso = log(meta.iso.map(|iso| iso as f32 / 100.0));
    let aperture = 2.0 * log(meta.f_number);
    let shutter = log(meta.exposure_seconds.map(|seconds| seconds as f32));
    let focal = log(meta.focal_35mm.map(|mm| mm as f32).or(meta.focal_mm));
    let turn = meta.captured.map_or(f32::NAN, |at| {
        let [_, _, _, hour, minute, _] = at.to_civil();
        (hour as f32 + minute as f32 / 60.0) / 24.0 * std::f32::consts::TAU
    });
    let upright = meta.size_px.map_or(f32::NAN, |stored| {
        let [width, height] = meta.turn.upright(stored);
        if height > width { 1.0 } else { 0.0 }
    });
    let values = [
        iso,
        aperture,
        shutter,
        focal,
        meta.flash_fired.map_or(f32::NAN, f32::from),
        meta.bias_ev.unwrap_or(f32::NAN),
        aperture - shutter - iso,
        -turn.cos(),
        -turn.sin(),
        upright,
    ];
    std::array::from_fn(|at| FEATURES[at].bound(values[at]))
}
