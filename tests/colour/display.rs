//! The display's own profile: a matrix or a table, and what the shader makes of either.

use std::path::Path;

use moxcms::ColorProfile;
use rushlight::core::colour::Display;
use rushlight::core::colour::Space;
use rushlight::core::texels::Texels;
use rushlight::disk::colour::display_of;
use rushlight::gpu::capture::Capture;
use rushlight::gpu::renderer::Renderer;

use super::colours;
use super::drawn;
use super::off;
use super::picture_at;
use super::profiles::converted;
use super::profiles::encoded;
use super::profiles::with_gamma;
use super::studio;
use super::studio::with_device;

const EDGE: u32 = 96;

fn read(profile: &ColorProfile) -> Display {
    let dir = tempfile::tempdir().expect("there is room");
    let path = dir.path().join("display.icc");
    std::fs::write(&path, encoded(profile)).expect("it is written");
    display_of(&path).expect("it is a display's")
}

fn texels(rgb: &[u8], space: Space) -> Texels {
    let rgba = rgb.as_chunks::<3>().0.iter().flat_map(|&[r, g, b]| [r, g, b, 255]).collect();
    Texels::new(EDGE, EDGE, rgba).expect("four bytes a texel").in_space(space)
}

/// Random colours of the working space on a display, against moxcms.
#[track_caller]
fn check(name: &str, profile: &ColorProfile, is_table: bool) {
    let display = read(profile);
    assert_eq!(matches!(display, Display::Table(..)), is_table, "{name}: {display:?}");
    let rgb = colours(EDGE);
    let expect = converted(&rgb, &ColorProfile::new_display_p3(), profile);
    with_device(|device| {
        let found = drawn(device, texels(&rgb, Space::Working), &display);
        let (mean, most) = off(&found, &expect);
        println!("{name}: {mean:.3} on average, {most} at most");
        // A power begins steeper than any table: the darkest numbers are off.
        let (mean_max, most_max) = if is_table { (0.2, 8) } else { (0.2, 1) };
        assert!(mean <= mean_max && most <= most_max, "{name}: {mean:.3}, {most}");
    });
}

#[test]
fn a_display_with_srgbs_curve_is_a_matrix() {
    check("sRGB", &ColorProfile::new_srgb(), false);
    check("Display P3", &ColorProfile::new_display_p3(), false);
}

#[test]
fn another_display_is_a_table() {
    check("Adobe RGB", &ColorProfile::new_adobe_rgb(), true);
    check("gamma 1.8", &with_gamma(ColorProfile::new_srgb(), 1.8), true);
    check("gamma 2.4", &with_gamma(ColorProfile::new_srgb(), 2.4), true);
}

#[test]
fn a_target_without_srgb_is_sent_the_same_numbers() {
    with_device(|device| {
        for display in [Display::default(), read(&with_gamma(ColorProfile::new_srgb(), 1.8))] {
            let plain = wgpu::TextureFormat::Rgba8Unorm;
            let mut renderer = Renderer::new(device, plain, 2);
            renderer.use_display(&display);
            let mut capture =
                Capture::with_format(device, [EDGE, EDGE], plain).expect("the size is drawable");
            let mut frame = studio::frame([EDGE, EDGE]);
            let picture = texels(&colours(EDGE), Space::Srgb);
            frame.pictures.push(picture_at(picture.clone(), [0.0; 2], 1));
            let (found, _) = capture.shoot(&mut renderer, &frame).expect("the frame is drawn");
            let expect = drawn(device, picture, &display);
            let steps = found.bytes().iter().zip(expect.bytes()).map(|(f, e)| f.abs_diff(*e));
            assert!(steps.max() <= Some(1));
        }
    });
}

#[test]
fn a_file_that_is_no_displays_profile_is_told() {
    let dir = tempfile::tempdir().expect("there is room");
    let path = dir.path().join("display.icc");
    let words = |path: &Path| display_of(path).expect_err("it is refused").to_string();
    let said = words(&path);
    assert!(said.starts_with("cannot use the display's colour profile, sRGB is taken: "), "{said}");
    for (bytes, expect) in [
        (b"no profile".to_vec(), "it is no ICC profile"),
        (encoded(&ColorProfile::new_gray_with_gamma(2.2)), "no display of red, green and blue"),
    ] {
        std::fs::write(&path, bytes).expect("it is written");
        let said = words(&path);
        assert!(said.contains(expect) && said.ends_with("display.icc"), "{said}");
    }
}
