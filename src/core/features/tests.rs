//! Features are what they are called, within their ranges, of every picture.

use super::*;

/// A picture of stripes `period_px` wide, `contrast` of 255 strong, shifted by `shift` of a
/// period; with a hash for noise, `noise` of 255 strong.
fn stripes(size_px: [usize; 2], period_px: f32, blur_px: f32, noise: f32, gain: f32) -> Vec<u8> {
    let [width, height] = size_px;
    let mut state = 1_u32;
    let mut rgb = Vec::new();
    for y in 0..height {
        for x in 0..width {
            // A soft edge: the distance to the nearest one, over the blur.
            let phase = |at: usize| {
                let turn = (at as f32 / period_px).rem_euclid(1.0);
                let from_edge = (turn - 0.5).abs().min(0.5 - (turn - 0.5).abs()) * period_px;
                let side = if turn < 0.5 { 1.0 } else { -1.0 };
                side * (from_edge / blur_px.max(0.1)).min(1.0)
            };
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let grain = ((state >> 16) as f32 / 65_536.0 - 0.5) * noise;
            let value = 120.0 + 25.0 * (phase(x) + phase(y)) + grain;
            rgb.extend([(value * gain).clamp(0.0, 255.0) as u8; 3]);
        }
    }
    rgb
}

fn measure(rgb: &[u8], size_px: [usize; 2]) -> PictureFeatures {
    PictureFeatures::measure(&Picture { size_px, rgb, is_sideways: false }, None)
}

fn get(features: &PictureFeatures, name: &str) -> f32 {
    features.get(name).expect("there is such a feature")
}

#[test]
fn every_feature_has_a_name_of_its_own_and_a_range() {
    let all: Vec<_> =
        picture_features().chain(&header::FEATURES).chain(burst::features()).collect();
    let mut names: Vec<_> = all.iter().map(|feature| feature.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), PICTURE_COUNT + header::COUNT + burst::COUNT);
    assert!(all.iter().all(|f| f.range[0] < f.range[1] && !f.low.is_empty()));
}

#[test]
fn blur_lowers_sharpness_whatever_the_noise_and_the_exposure() {
    let size_px = [320, 256];
    let of = |blur, noise, gain| measure(&stripes(size_px, 40.0, blur, noise, gain), size_px);
    for name in ["fine", "middle", "finest", "subject_fine"] {
        for (noise, gain) in [(0.0, 1.0), (0.0, 0.4), (30.0, 1.0), (30.0, 1.3)] {
            if noise > 0.0 && name == "finest" {
                // Here is no flat place that would tell the noise.
                continue;
            }
            let [sharp, soft] = [0.5, 6.0].map(|blur| get(&of(blur, noise, gain), name));
            assert!(sharp > soft + 0.5, "{name}: {sharp} and {soft} at {noise} and {gain}");
        }
    }
    let [quiet, loud] = [2.0, 30.0].map(|noise| {
        let mut rgb = stripes(size_px, 40.0, 2.0, noise, 1.0);
        // A wall: noise, and nothing else.
        let wall = stripes(size_px, 1e6, 1.0, noise, 1.0);
        rgb.splice(..320 * 64 * 3, wall[..320 * 64 * 3].iter().copied());
        get(&measure(&rgb, size_px), "noise")
    });
    assert!(loud > quiet + 1.5, "{quiet} and {loud}");
}

#[test]
fn motion_is_told_from_defocus_by_its_direction() {
    let size_px = [256, 256];
    let sharp = stripes(size_px, 40.0, 0.5, 8.0, 1.0);
    let mean_of = |x: usize, y: usize, steps: &[[usize; 2]]| {
        let at = |[dx, dy]: &[usize; 2]| {
            f32::from(sharp[((y + dy).min(255) * 256 + (x + dx).min(255)) * 3])
        };
        (steps.iter().map(at).sum::<f32>() / steps.len() as f32) as u8
    };
    let smeared = |steps: &[[usize; 2]]| {
        let pixels = (0..256).flat_map(|y| (0..256).map(move |x| [x, y]));
        let rgb: Vec<u8> = pixels.flat_map(|[x, y]| [mean_of(x, y, steps); 3]).collect();
        measure(&rgb, size_px)
    };
    let across: Vec<_> = (0..7).map(|d| [d, 0]).collect();
    let down: Vec<_> = (0..7).map(|d| [0, d]).collect();
    let still = measure(&sharp, size_px);
    for moved in [smeared(&across), smeared(&down)] {
        assert!(get(&moved, "fine_spread") > get(&still, "fine_spread") + 1.0);
        assert!(get(&moved, "fine_least") < get(&still, "fine_least") - 1.0);
    }
    let turned = [smeared(&across), smeared(&down)].map(|moved| get(&moved, "blur_across"));
    assert!(turned[0] > 0.2 && turned[1] < -0.2, "{turned:?}");
}

#[test]
fn exposure_and_colour_are_what_they_are_called() {
    let plain = |rgb: [u8; 3]| measure(&rgb.repeat(64 * 48), [64, 48]);
    let grey = plain([128; 3]);
    assert!((get(&grey, "luma_mean") - 0.5).abs() < 0.01);
    assert!((get(&grey, "light_ev") - 0.2159_f32.log2()).abs() < 0.05);
    assert_eq!(get(&grey, "chroma_mean"), 0.0);
    assert_eq!(
        [get(&plain([0; 3]), "black_share"), get(&plain([255; 3]), "white_share")],
        [1.0; 2]
    );
    assert_eq!(get(&plain([200, 20, 20]), "hue_red"), 1.0);
    assert!(get(&plain([200, 150, 100]), "red_over_green") > 0.3);
    assert!(get(&plain([100, 150, 200]), "blue_over_green") > 0.3);
}

#[test]
fn every_size_and_every_map_has_features_within_their_ranges() {
    for size_px in [[1, 1], [1, 70], [33, 2], [8, 8], [31, 65]] {
        let rgb = stripes(size_px, 5.0, 0.5, 60.0, 1.0);
        let cells = vec![7_u8; size_px[0] * size_px[1]];
        let map = DetailCells { width: size_px[0], cells: &cells };
        let picture = Picture { size_px, rgb: &rgb, is_sideways: true };
        let found = PictureFeatures::measure(&picture, Some(map));
        for (value, feature) in found.0.iter().zip(picture_features()) {
            let is_within = (feature.range[0]..=feature.range[1]).contains(value);
            assert!(is_within, "{} is {value} of {size_px:?}", feature.name);
        }
        assert_eq!(PictureFeatures::parse(&found.to_bytes()), Some(found));
    }
}

#[test]
fn bytes_that_are_no_features_are_none() {
    let bytes = measure(&[9; 3 * 64], [8, 8]).to_bytes();
    assert!(PictureFeatures::parse(&bytes).is_some(), "what is unknown is kept too");
    assert!(PictureFeatures::parse(&bytes[4..]).is_none());
    let mut wild = bytes;
    wild[..4].copy_from_slice(&1e9_f32.to_le_bytes());
    assert!(PictureFeatures::parse(&wild).is_none());
}

#[test]
fn the_sharpest_of_a_burst_leads_and_a_photo_alone_is_the_best() {
    let size_px = [160, 128];
    let all = [0.5, 6.0, 3.0].map(|blur| measure(&stripes(size_px, 40.0, blur, 4.0, 1.0), size_px));
    let members: Vec<_> = all.iter().collect();
    let places = burst::Places::default();
    let at = |name: &str| burst::features().position(|f| f.name == name).expect("it is one");
    let [lead, rank] = ["fine_lead", "sharpness_rank"].map(at);
    let values: Vec<_> = (0..3).map(|i| places.values(&members, i)).collect();
    assert!(values[0][lead] > 0.0 && values[1][lead] < 0.0 && values[2][lead] < 0.0);
    assert_eq!([values[0][rank], values[1][rank], values[2][rank]], [1.0, 0.0, 0.5]);
    let alone = places.values(&members[..1], 0);
    assert!(alone[lead].is_nan());
    assert_eq!(alone[rank], 1.0);
}
