//! One scene in four spaces: looks the same in all of them, and otherwise where profiles are ignored.

use moxcms::ColorProfile;
use rushlight::core::atlas::Class;
use rushlight::core::atlas::Seat;
use rushlight::core::colour::Display;
use rushlight::core::texels::Texels;

use super::golden;
use super::loupe_texels;
use super::off;
use super::picture_at;
use super::profiles::converted;
use super::profiles::encoded;
use super::profiles::jpeg;
use super::profiles::png;
use super::shown;
use super::studio;
use super::studio::add_tile;
use super::studio::with_device;
use super::tile_of;
use super::tile_texels;

const SIZE_PX: [u32; 2] = [120, 80];

/// A table of colours that sRGB has: hues across, from light to dark downwards, greys and skin below.
fn scene() -> Vec<u8> {
    let [width, height] = SIZE_PX;
    let pixel = |x: u32, y: u32| {
        let (u, v) = (x as f32 / (width - 1) as f32, y as f32 / (height - 1) as f32);
        if v > 0.85 {
            return [(u * 255.0) as u8; 3];
        }
        if v > 0.7 {
            return [0.95, 0.75, 0.62].map(|c: f32| (c * (0.3 + 0.7 * u) * 255.0) as u8);
        }
        let hue = |shift: f32| {
            let wave = ((u + shift) * std::f32::consts::TAU).cos() * 0.5 + 0.5;
            let light = 1.0 - v;
            ((wave * 0.85 + 0.1) * light.powf(0.8) * 255.0) as u8
        };
        [hue(0.0), hue(-1.0 / 3.0), hue(1.0 / 3.0)]
    };
    (0..height).flat_map(|y| (0..width).flat_map(move |x| pixel(x, y))).collect()
}

fn spaces() -> [(&'static str, ColorProfile); 4] {
    [
        ("sRGB", ColorProfile::new_srgb()),
        ("Display P3", ColorProfile::new_display_p3()),
        ("Adobe RGB", ColorProfile::new_adobe_rgb()),
        ("ProPhoto RGB", ColorProfile::new_pro_photo_rgb()),
    ]
}

/// The scene as a file in a space, with its profile or without.
fn file(profile: &ColorProfile, has_profile: bool, is_jpeg: bool) -> Vec<u8> {
    let rgb = converted(&scene(), &ColorProfile::new_srgb(), profile);
    let icc = has_profile.then(|| encoded(profile));
    let write = if is_jpeg { jpeg } else { png };
    write(SIZE_PX, &rgb, icc.as_deref())
}

/// What is seen of a file against the scene. A JPEG's own errors are made larger in dark channels
/// beside bright ones, and so are those of a device that gives light to half a step.
#[track_caller]
fn check(name: &str, is_jpeg: bool, found: &Texels) {
    let (mean, most) = off(found, &scene());
    println!("{name}, JPEG {is_jpeg}: {mean:.2} off on average, {most} at most");
    let (mean_max, most_max) = if is_jpeg { (1.5, 40) } else { (1.0, 20) };
    assert!(mean <= mean_max && most <= most_max, "{name}: {mean:.2}, {most}");
}

#[test]
fn a_scene_looks_the_same_in_four_spaces() {
    with_device(|device| {
        for (name, profile) in spaces() {
            for is_jpeg in [false, true] {
                let bytes = file(&profile, true, is_jpeg);
                let mut frame = studio::frame(SIZE_PX);
                frame.pictures.push(picture_at(loupe_texels(&bytes), [0.0; 2], 1));
                check(name, is_jpeg, &shown(device, &frame, &Display::default()));
                frame.pictures.clear();
                let seat = Seat { page: 0, cell: 1, class: Class::Small };
                let rect_px = [0.0, 0.0, SIZE_PX[0] as f32, SIZE_PX[1] as f32];
                add_tile(&mut frame, seat, &tile_texels(&bytes).into(), rect_px);
                check(name, is_jpeg, &shown(device, &frame, &Display::default()));
            }
        }
    });
}

#[test]
fn a_scene_whose_profile_is_ignored_looks_otherwise() {
    with_device(|device| {
        for (name, profile) in &spaces()[1..] {
            let ignored = super::drawn(
                device,
                loupe_texels(&file(profile, false, false)),
                &Display::default(),
            );
            let (mean, _) = off(&ignored, &scene());
            assert!(mean > 4.0, "{name} ignored is {mean:.2} off");
        }
    });
}

#[test]
fn four_spaces_in_one_picture() {
    with_device(|device| {
        let [width, height] = SIZE_PX;
        let mut frame = studio::frame([width * 3 + 40, (height + 10) * 4 + 10]);
        for (at, (_, profile)) in spaces().into_iter().enumerate() {
            let top = 10.0 + (height + 10) as f32 * at as f32;
            let bytes = file(&profile, true, true);
            // As a tile, in the loupe, and as it would be if nobody looked at the profile.
            let seat = Seat { page: 0, cell: at as u16, class: Class::Small };
            let rect_px = [10.0, top, width as f32, height as f32];
            add_tile(&mut frame, seat, &tile_texels(&bytes).into(), rect_px);
            let (key, left) = (at as u64, (width + 20) as f32);
            frame.pictures.push(picture_at(loupe_texels(&bytes), [left, top], key));
            let ignored = loupe_texels(&file(&profile, false, true));
            let left = (2 * width + 30) as f32;
            frame.pictures.push(picture_at(ignored, [left, top], key + 10));
        }
        golden::check("colour_spaces", &shown(device, &frame, &Display::default()));
    });
}

#[test]
fn the_cameras_word_for_adobe_rgb_is_believed() {
    let plain = file(&ColorProfile::new_adobe_rgb(), false, true);
    let tagged = file(&ColorProfile::new_adobe_rgb(), true, true);
    let said = |colour_space: u16, sign: &[u8; 4]| {
        let exif = exif(colour_space, sign);
        let length = (exif.len() as u16 + 2).to_be_bytes();
        let bytes = [&plain[..2], &[0xFF, 0xE1], &length, &exif, &plain[2..]].concat();
        (tile_texels(&bytes), tile_of(&bytes).profile.words().map(str::to_owned))
    };
    let words = Some("Adobe RGB (1998), by the camera's word".to_owned());
    assert_eq!(said(0xFFFF, b"R03\0"), (tile_texels(&tagged), words.clone()));
    assert_eq!(said(2, b"R98\0"), (tile_texels(&tagged), words));
    assert_eq!(said(1, b"R98\0"), (tile_texels(&plain), None));
    assert_eq!(said(0xFFFF, b"R98\0"), (tile_texels(&plain), None));
}

/// An EXIF block: the picture's directory, EXIF's and the one of interoperability (CIPA DC-008, 4.6).
fn exif(colour_space: u16, sign: &[u8; 4]) -> Vec<u8> {
    let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        let head = [tag.to_le_bytes(), kind.to_le_bytes()].concat();
        [head, count.to_le_bytes().to_vec(), value.to_vec()].concat()
    };
    let long = |at: u32| at.to_le_bytes();
    let directory = |entries: &[Vec<u8>]| {
        [(entries.len() as u16).to_le_bytes().to_vec(), entries.concat(), vec![0; 4]].concat()
    };
    let short = [colour_space.to_le_bytes(), [0; 2]].concat();
    let short: [u8; 4] = short.try_into().expect("four bytes");
    let (exif_at, interop_at) = (8 + 18, 8 + 18 + 30);
    [
        b"Exif\0\0II*\0\x08\0\0\0".to_vec(),
        directory(&[entry(0x8769, 4, 1, long(exif_at))]),
        directory(&[entry(0xA001, 3, 1, short), entry(0xA005, 4, 1, long(interop_at))]),
        directory(&[entry(1, 2, 4, *sign)]),
    ]
    .concat()
}
