//! What a display cannot show: colours end at its border without a jump, greys and what lies inside
//! are not moved, hues turn no further than cutting must.

use rushlight::core::colour::Display;
use rushlight::core::colour::SRGB_FROM_WORKING;
use rushlight::core::colour::Space;
use rushlight::core::colour::applied;
use rushlight::core::colour::light_of;

use super::drawn;
use super::studio::painted;
use super::studio::with_device;

const STEPS: u32 = 256;

/// Hue of an sRGB colour in degrees, `None` where it has hardly any. Björn Ottosson, Oklab.
fn hue(rgb: [u8; 3]) -> Option<f32> {
    let light = rgb.map(|v| light_of(f32::from(v) / 255.0));
    let lms = applied(
        &[
            [0.412_221_47, 0.536_332_54, 0.051_445_995],
            [0.211_903_5, 0.680_699_5, 0.107_396_96],
            [0.088_302_46, 0.281_718_84, 0.629_978_7],
        ],
        light,
    )
    .map(f32::cbrt);
    let a = 1.977_998_5 * lms[0] - 2.428_592_2 * lms[1] + 0.450_593_7 * lms[2];
    let b = 0.025_904_037 * lms[0] + 0.782_771_77 * lms[1] - 0.808_675_77 * lms[2];
    (a.hypot(b) > 0.06).then(|| b.atan2(a).to_degrees())
}

/// How far two hues are apart, in degrees.
fn turned(a: f32, b: f32) -> f32 {
    let off = (a - b).rem_euclid(360.0);
    off.min(360.0 - off)
}

#[test]
fn colours_beyond_the_display_end_at_its_border_without_a_jump() {
    // From grey to the purest colours of the working space, and brighter than half and darker.
    let purest = [
        [2, 0, 0],
        [0, 2, 0],
        [0, 0, 2],
        [2, 2, 0],
        [0, 2, 2],
        [2, 0, 2],
        [2, 1, 0],
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
    ];
    let ramp = painted([STEPS, purest.len() as u32], |x, y| {
        let part = x as f32 / (STEPS - 1) as f32;
        purest[y as usize].map(|end: u8| {
            let end = f32::from(end) * 127.5;
            (127.5 + (end - 127.5) * part).round() as u8
        })
    });
    with_device(|device| {
        let ramp = ramp.in_space(Space::Working);
        let found = drawn(device, ramp.clone(), &Display::default());
        for y in 0..purest.len() as u32 {
            let mut last: Option<([u8; 3], Option<f32>)> = None;
            let (mut step_most, mut jump_most) = (0, 0.0_f32);
            for x in 0..STEPS {
                let [r, g, b, _] = found.texel(x, y);
                let now = ([r, g, b], hue([r, g, b]));
                if let Some((rgb, before)) = last {
                    let steps = rgb.iter().zip(now.0).map(|(a, b)| a.abs_diff(b)).max();
                    step_most = step_most.max(steps.unwrap_or(0));
                    if let (Some(a), Some(b)) = (before, now.1) {
                        jump_most = jump_most.max(turned(a, b));
                    }
                }
                last = Some(now);
            }
            println!("{:?}: {step_most} steps, {jump_most:.1} degrees at most", purest[y as usize]);
            assert!(step_most <= 8, "{:?} jumps by {step_most} steps", purest[y as usize]);
            assert!(jump_most <= 4.0, "{:?} turns by {jump_most} degrees", purest[y as usize]);
        }
    });
}

#[test]
fn what_the_display_can_show_is_not_moved() {
    let picture = painted([64, 64], |x, y| [(x * 4) as u8, (y * 4) as u8, ((x + y) * 2) as u8]);
    with_device(|device| {
        let picture = picture.in_space(Space::Working);
        let found = drawn(device, picture.clone(), &Display::default());
        let mut inside = 0;
        for (found, stored) in
            found.bytes().as_chunks::<4>().0.iter().zip(picture.bytes().as_chunks::<4>().0)
        {
            let light = [0, 1, 2].map(|at| light_of(f32::from(stored[at]) / 255.0));
            let exact = applied(&SRGB_FROM_WORKING, light).map(rushlight::core::colour::encoded_of);
            if exact.iter().all(|v| (0.0..=1.0).contains(v)) {
                inside += 1;
                for (found, exact) in found.iter().zip(exact) {
                    let off = (f32::from(*found) - exact * 255.0).abs();
                    assert!(off <= 1.0, "{stored:?} is {off} off");
                }
            }
        }
        assert!(inside > 1000, "{inside} colours of 4096 lie inside");
    });
}
