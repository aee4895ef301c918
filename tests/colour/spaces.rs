//! Each kind of profile against moxcms on random colours: tiles by the bytes, the loupe by the pixels
//! that the device draws.

use moxcms::ColorProfile;
use rushlight::core::colour::Display;
use rushlight::core::colour::Space;
use rushlight::core::texels::Texels;

use super::REMEMBERED;
use super::colours;
use super::drawn;
use super::exact::noise;
use super::loupe_texels;
use super::off;
use super::profiles::converted;
use super::profiles::encoded;
use super::profiles::png;
use super::profiles::tabled;
use super::profiles::with_gamma;
use super::studio::with_device;
use super::tile_of;
use super::tile_texels;

const EDGE: u32 = 128;

/// A picture of random colours with a profile: how far tile and loupe are from moxcms at most.
#[track_caller]
fn check(name: &str, icc: &[u8], truth: &ColorProfile, mean_max: f64, most_max: u8) {
    let rgb = colours(EDGE);
    let bytes = png([EDGE, EDGE], &rgb, Some(icc));
    let working = ColorProfile::new_display_p3();
    let expect = converted(&rgb, truth, &working);
    let (mean, most) = off(&tile_texels(&bytes), &expect);
    println!("{name}: tiles {mean:.3} on average, {most} at most");
    assert!(mean <= mean_max && most <= most_max, "{name}: tiles {mean:.3}, {most}");
    let (plain, _) = off(&tile_texels(&png([EDGE, EDGE], &rgb, None)), &expect);
    assert!(plain > 2.0, "{name}: as far from a profile ignored as {plain:.3}");
    with_device(|device| {
        let found = drawn(device, loupe_texels(&bytes), &Display::WORKING);
        let (mean, most) = off(&found, &expect);
        println!("{name}: the loupe {mean:.3} on average, {most} at most");
        assert!(mean <= mean_max && most <= most_max, "{name}: the loupe {mean:.3}, {most}");
    });
}

#[test]
fn matrix_profiles_are_moxcms_to_a_step() {
    for (name, profile) in [
        ("Adobe RGB", ColorProfile::new_adobe_rgb()),
        ("ProPhoto RGB", ColorProfile::new_pro_photo_rgb()),
        ("DCI-P3", ColorProfile::new_dci_p3()),
        ("Rec. 2020", ColorProfile::new_bt2020()),
        ("light", with_gamma(ColorProfile::new_adobe_rgb(), 1.0)),
        ("wide, gamma 2.2", with_gamma(ColorProfile::new_pro_photo_rgb(), 2.2)),
        ("gamma 1.8", with_gamma(ColorProfile::new_adobe_rgb(), 1.8)),
    ] {
        check(name, &encoded(&profile), &profile, 0.35, 2);
    }
}

#[test]
fn a_profile_that_no_table_is_near_to_is_converted_on_the_pool() {
    // A curve so steep at its beginning that no straight line follows it.
    let steep = with_gamma(ColorProfile::new_adobe_rgb(), 0.4);
    let bytes = png([EDGE, EDGE], &colours(EDGE), Some(&encoded(&steep)));
    assert_eq!(*loupe_texels(&bytes).space(), Space::Working);
    check("steep", &encoded(&steep), &steep, 0.35, 3);
}

#[test]
fn a_picture_made_smaller_is_averaged_in_light_whatever_its_space() {
    // Black and white texels in turn: half the light of white.
    let checker: Vec<u8> =
        (0..64 * 64).flat_map(|at| [if (at / 64 + at) % 2 == 0 { 0 } else { 255_u8 }; 3]).collect();
    with_device(|device| {
        for (name, profile) in [
            ("sRGB", ColorProfile::new_srgb()),
            ("Display P3", ColorProfile::new_display_p3()),
            ("Adobe RGB", ColorProfile::new_adobe_rgb()),
            ("ProPhoto RGB", ColorProfile::new_pro_photo_rgb()),
            ("light", with_gamma(ColorProfile::new_adobe_rgb(), 1.0)),
        ] {
            let mut texels = loupe_texels(&png([64, 64], &checker, Some(&encoded(&profile))));
            for times in [2.0, 4.0, 8.0] {
                let mut frame = super::studio::frame([64, 64]);
                let mut picture = super::picture_at(texels, [0.0; 2], 1);
                picture.rect_px = [0.0, 0.0, 64.0 / times, 64.0 / times];
                frame.pictures.push(picture);
                let found = super::shown(device, &frame, &Display::default());
                let [r, g, b, _] = found.texel(5, 5);
                for channel in [r, g, b] {
                    assert!(channel.abs_diff(188) <= 4, "{name}, {times} times: {r}, {g}, {b}");
                }
                let picture = frame.pictures.remove(0);
                texels = std::sync::Arc::unwrap_or_clone(picture.texels);
            }
        }
    });
}

#[test]
fn a_table_in_a_profile_is_followed() {
    let truth = ColorProfile::new_adobe_rgb();
    let icc = tabled(&truth);
    let parsed = ColorProfile::new_from_slice(&icc).expect("it is a profile");
    assert!(!parsed.is_matrix_shaper() && parsed.lut_a_to_b_perceptual.is_some());
    // The library reads it in two ways, for bytes and for numbers: those differ in dark channels.
    check("a table", &icc, &parsed, 0.6, 16);
    let bytes = png([EDGE, EDGE], &colours(EDGE), Some(&icc));
    assert_eq!(tile_of(&bytes).profile.words(), Some("A table"));
    assert!(matches!(loupe_texels(&bytes).space(), Space::Table(_)));
}

#[test]
fn grey_profiles_are_for_grey_pictures() {
    let icc = encoded(&ColorProfile::new_gray_with_gamma(1.8));
    let greys: Vec<u8> = (0..=255).collect();
    let mut bytes = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, 100);
    encoder.add_icc_profile(&icc).expect("the profile fits");
    let rows = greys.repeat(16);
    encoder.encode(&rows, 256, 16, jpeg_encoder::ColorType::Luma).expect("it is written");
    let tile = tile_texels(&bytes);
    for x in (8..248).step_by(16) {
        let grey = f64::from(x) / 255.0;
        let light = grey.powf(1.8);
        let expect = (1.055 * light.powf(1.0 / 2.4) - 0.055) * 255.0;
        let [r, g, b, _] = tile.texel(x, 8);
        assert!(r == g && g == b && (f64::from(r) - expect).abs() < 2.5, "{x}: {r}, not {expect}");
    }
    with_device(|device| {
        let found = drawn(device, loupe_texels(&bytes), &Display::WORKING);
        let steps = found.bytes().iter().zip(tile.bytes()).map(|(f, e)| f.abs_diff(*e));
        assert!(steps.max() <= Some(2));
    });
}

#[test]
fn what_is_srgb_or_the_working_space_is_left_as_it_is() {
    let rgb = colours(64);
    let of = |profile: Option<&ColorProfile>| {
        let icc = profile.map(encoded);
        png([64, 64], &rgb, icc.as_deref())
    };
    let untagged = of(None);
    assert_eq!(*loupe_texels(&untagged).space(), Space::Srgb);
    assert_eq!(tile_of(&untagged).profile.words(), None);
    let srgb = of(Some(&ColorProfile::new_srgb()));
    assert_eq!(*loupe_texels(&srgb).space(), Space::Srgb);
    assert_eq!(tile_of(&srgb).profile.words(), Some("sRGB IEC61966-2.1"));
    assert_eq!(tile_texels(&srgb), tile_texels(&untagged));
    let p3 = of(Some(&ColorProfile::new_display_p3()));
    assert_eq!(*loupe_texels(&p3).space(), Space::Working);
    assert_eq!(off(&tile_texels(&p3), &rgb), (0.0, 0));
}

#[test]
fn pictures_of_srgb_are_drawn_exactly_on_a_display_of_srgb() {
    with_device(|device| {
        let noise = Texels::clone(&noise([97, 61])).in_space(Space::Srgb);
        let found = drawn(device, noise.clone(), &Display::default());
        assert_eq!(found.bytes(), noise.bytes());
    });
}

#[test]
fn photos_of_one_profile_share_one_table() {
    let _alone = REMEMBERED.lock();
    let rgb = colours(32);
    let table = |profile: &ColorProfile| {
        let texels = loupe_texels(&png([32, 32], &rgb, Some(&encoded(profile))));
        match texels.space() {
            Space::Table(table) => std::sync::Arc::clone(table),
            other => panic!("{other:?} is no table"),
        }
    };
    let [first, second] = [(); 2].map(|()| table(&ColorProfile::new_adobe_rgb()));
    assert!(std::sync::Arc::ptr_eq(&first, &second));
    let other = with_gamma(ColorProfile::new_adobe_rgb(), 2.25);
    assert_ne!(first.key(), table(&other).key());
}

#[test]
fn a_network_sees_srgb_whatever_the_file_is_in() {
    let rgb = colours(EDGE);
    let (mean, most) = off(&tile_of(&png([EDGE, EDGE], &rgb, None)).largest, &rgb);
    assert_eq!((mean, most), (0.0, 0), "untagged, it is as it was decoded");
    for (name, profile) in [
        ("Display P3", ColorProfile::new_display_p3()),
        ("Adobe RGB", ColorProfile::new_adobe_rgb()),
    ] {
        let bytes = png([EDGE, EDGE], &rgb, Some(&encoded(&profile)));
        let expect = converted(&rgb, &profile, &ColorProfile::new_srgb());
        let (mean, most) = off(&tile_of(&bytes).largest, &expect);
        println!("{name}: {mean:.3} on average, {most} at most");
        assert!(mean <= 0.5, "{name}: {mean:.3}");
        let (ignored, _) = off(&tile_texels(&png([EDGE, EDGE], &rgb, None)), &expect);
        assert!(ignored > 2.0, "{name}: as far from a profile ignored as {ignored:.3}");
    }
}
