//! Colour profiles for tests, made by moxcms, and pictures that carry them.

use std::io::Cursor;

use image::ImageEncoder;
use image::codecs::png::PngEncoder;
use moxcms::ColorProfile;
use moxcms::Layout;
use moxcms::TransformOptions;

/// The profile as it lies in a file.
pub fn encoded(profile: &ColorProfile) -> Vec<u8> {
    profile.encode().expect("the library writes its own profiles")
}

/// A profile with other curves.
pub fn with_gamma(mut profile: ColorProfile, gamma: f32) -> ColorProfile {
    let curve = Some(moxcms::curve_from_gamma(gamma));
    [profile.red_trc, profile.green_trc, profile.blue_trc] = [curve.clone(), curve.clone(), curve];
    profile.cicp = None;
    profile
}

/// RGB brought from one space to another by moxcms, 8 bits.
pub fn converted(rgb: &[u8], from: &ColorProfile, to: &ColorProfile) -> Vec<u8> {
    let options = TransformOptions {
        allow_use_cicp_transfer: false,
        prefer_fixed_point: false,
        ..TransformOptions::default()
    };
    let transform = from.create_transform_8bit(Layout::Rgb, to, Layout::Rgb, options);
    let mut found = vec![0; rgb.len()];
    let outcome = transform.and_then(|transform| transform.transform(rgb, &mut found));
    outcome.expect("the library converts between its own profiles");
    found
}

/// A PNG with a profile.
pub fn png(size_px: [u32; 2], rgb: &[u8], profile: Option<&[u8]>) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let mut encoder = PngEncoder::new(&mut bytes);
    if let Some(profile) = profile {
        encoder.set_icc_profile(profile.to_vec()).expect("a PNG holds profiles");
    }
    let [width, height] = size_px;
    let kind = image::ExtendedColorType::Rgb8;
    encoder.write_image(rgb, width, height, kind).expect("the picture is written");
    bytes.into_inner()
}

/// A JPEG with a profile: the best quality, no subsampling.
pub fn jpeg(size_px: [u32; 2], rgb: &[u8], profile: Option<&[u8]>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, 100);
    encoder.set_sampling_factor(jpeg_encoder::SamplingFactor::F_1_1);
    if let Some(profile) = profile {
        encoder.add_icc_profile(profile).expect("the profile fits");
    }
    let [width, height] = size_px.map(|side| side as u16);
    encoder.encode(rgb, width, height, jpeg_encoder::ColorType::Rgb).expect("it is written");
    bytes
}

/// A profile whose way is a table alone (ICC.1:2001-04, 6.5.7, `mft2`): from RGB to Lab at the corners
/// of a cube, as `profile` has it, a matrix and curves.
pub fn tabled(profile: &ColorProfile) -> Vec<u8> {
    const EDGE: usize = 17;
    let matrix = profile.rgb_to_xyz_matrix().v;
    let curve = profile.red_trc.as_ref().and_then(|c| c.make_linear_evaluator().ok());
    let curve = curve.expect("the profile has a curve");
    let mut table = Vec::new();
    table.extend(b"mft2\0\0\0\0\x03\x03");
    table.extend([EDGE as u8, 0]);
    for one in [1, 0, 0, 0, 1, 0, 0, 0, 1] {
        table.extend((one * 65_536_i32).to_be_bytes());
    }
    table.extend([0, 2, 0, 2]);
    let straight = [0_u16, 65_535].repeat(3);
    straight.iter().for_each(|v| table.extend(v.to_be_bytes()));
    let at = |i: usize| f64::from(curve.evaluate_value(i as f32 / (EDGE - 1) as f32));
    for index in 0..EDGE * EDGE * EDGE {
        // Here the last channel is the fastest.
        let light = [at(index / EDGE / EDGE), at(index / EDGE % EDGE), at(index % EDGE)];
        let xyz = matrix.map(|row| row.iter().zip(light).map(|(m, v)| m * v).sum::<f64>());
        lab16(xyz).iter().for_each(|v| table.extend(v.to_be_bytes()));
    }
    straight.iter().for_each(|v| table.extend(v.to_be_bytes()));
    with_tags(&[(b"A2B0", &table), (b"desc", &description())])
}

/// CIE Lab under D50 as 16 bits of the second version.
fn lab16(xyz: [f64; 3]) -> [u16; 3] {
    let f =
        |v: f64| if v > 216.0 / 24_389.0 { v.cbrt() } else { (v * 24_389.0 / 27.0 + 16.0) / 116.0 };
    let [x, y, z] = [f(xyz[0] / 0.964_2), f(xyz[1]), f(xyz[2] / 0.824_9)];
    let [l, a, b] = [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)];
    [l * 652.8, (a + 128.0) * 256.0, (b + 128.0) * 256.0].map(|v| v.round() as u16)
}

fn description() -> Vec<u8> {
    let text = b"A table\0";
    let mut tag = b"desc\0\0\0\0".to_vec();
    tag.extend((text.len() as u32).to_be_bytes());
    tag.extend(text);
    // No Unicode, no Macintosh text.
    tag.extend([0; 4 + 4 + 2 + 1 + 67]);
    tag
}

fn with_tags(tags: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut bytes = vec![0; 128];
    bytes[8] = 2;
    bytes[12..16].copy_from_slice(b"mntr");
    bytes[16..20].copy_from_slice(b"RGB ");
    bytes[20..24].copy_from_slice(b"Lab ");
    bytes[36..40].copy_from_slice(b"acsp");
    for (at, v) in [(68, 63_190_i32), (72, 65_536), (76, 54_061)] {
        bytes[at..at + 4].copy_from_slice(&v.to_be_bytes());
    }
    bytes.extend((tags.len() as u32).to_be_bytes());
    let mut at = 132 + tags.len() * 12;
    for (name, tag) in tags {
        bytes.extend(*name);
        bytes.extend((at as u32).to_be_bytes());
        bytes.extend((tag.len() as u32).to_be_bytes());
        at += tag.len().next_multiple_of(4);
    }
    for (_, tag) in tags {
        bytes.extend(*tag);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
    }
    let length = bytes.len() as u32;
    bytes[..4].copy_from_slice(&length.to_be_bytes());
    bytes
}
