//! Is our scaled picture libjpeg-turbo's, to a level on average?
//!
//! ```text
//! cargo test --manifest-path benches/turbo/Cargo.toml --target-dir target/turbo -- --nocapture
//! ```
//!
//! Compared are the pictures of cameras beside the repository, all that both decode, and made-up
//! ones in every sampling. Where libjpeg-turbo itself is further from the full picture's box average
//! than a level, that is shown here and not followed.

#[path = "../../../tests/support/boxed.rs"]
mod boxed;

use std::path::Path;
use std::path::PathBuf;

use rushlight::disk::jpeg;
use rushlight::disk::jpeg::Scale;
use rushlight::disk::jpeg::Scaled;
use rushlight::turbo;
use turbojpeg::Compressor;
use turbojpeg::Image;
use turbojpeg::PixelFormat;
use turbojpeg::Subsamp;

use boxed::Full;
use boxed::psnr;

/// The mean absolute difference that a file may have, in levels of 0 to 255.
const MOST_LEVELS: f64 = 1.0;

/// The mean of |a - b| over all pixels and colours.
fn difference(a: &[u8], b: &[u8]) -> f64 {
    assert_eq!(a.len(), b.len(), "both pictures have the same size");
    let sum: u64 = a.iter().zip(b).map(|(&a, &b)| u64::from(a.abs_diff(b))).sum();
    sum as f64 / a.len() as f64
}

/// Differences at each scale; `None` when one of the two refuses the file.
fn differences(bytes: &[u8]) -> Option<[f64; 3]> {
    let mut found = [0.0; 3];
    for (found, scale) in found.iter_mut().zip(Scale::ALL) {
        let ours = jpeg::decode(bytes, scale).ok()?;
        let theirs = turbo::decode(bytes, scale).ok()?;
        assert_eq!(theirs.size_px, [ours.width, ours.height].map(|side| side as usize));
        *found = difference(&ours.rgb, &theirs.bytes);
    }
    Some(found)
}

/// The JPEGs of cameras; none, with a line, when they are not there.
fn photos() -> Vec<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let shared = std::env::var_os("RUSHLIGHT_SHARED").map_or_else(beside, PathBuf::from);
    let folder = shared.join("photos/cameras");
    let mut found: Vec<_> = walkdir::WalkDir::new(&folder)
        .into_iter()
        .filter_map(Result::ok)
        .map(walkdir::DirEntry::into_path)
        .filter(|path| path.extension().is_some_and(|e| e.eq_ignore_ascii_case("jpg")))
        .collect();
    found.sort();
    if found.is_empty() {
        println!("skipped: there are no photos in {}", folder.display());
    }
    found
}

#[test]
fn no_photo_differs_by_more_than_a_level() {
    let mut worst = [0.0_f64; 3];
    let (mut compared, mut over) = (0, Vec::new());
    let photos = photos();
    for path in &photos {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let Some(found) = differences(&std::fs::read(path).unwrap()) else {
            println!("not compared: {name}");
            continue;
        };
        println!("{:5.2} {:5.2} {:5.2}  {name}", found[0], found[1], found[2]);
        compared += 1;
        worst = [0, 1, 2].map(|at| worst[at].max(found[at]));
        if found.iter().any(|&levels| levels > MOST_LEVELS) {
            over.push(name.into_owned());
        }
    }
    println!("{compared} compared; worst at 1/8, 1/4, 1/2: {worst:.2?}");
    assert!(over.is_empty(), "over {MOST_LEVELS}: {over:?}");
    assert!(photos.is_empty() || compared > 70, "only {compared} could be compared");
}

/// Shapes, lines and grain, 1000 x 744 pixels: MCUs of 16 and 32 pixels reach beyond it.
fn scene() -> ([usize; 2], Vec<u8>) {
    let size = [1000, 744];
    let mut seed = 1_u32;
    let mut grain = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (f64::from(seed >> 24) / 255.0 - 0.5) * 12.0
    };
    let mut rgb = Vec::new();
    for y in 0..size[1] {
        for x in 0..size[0] {
            let [fx, fy] = [x as f64 / 1000.0, y as f64 / 744.0];
            let far = ((fx - 0.4).powi(2) + (fy - 0.5).powi(2)).sqrt();
            let disc = 60.0 / (1.0 + ((far - 0.25) * 300.0).exp());
            let base = 80.0 + 60.0 * fy + 25.0 * (fx * fx * 220.0).sin() + grain();
            rgb.extend([base + disc, base + 20.0 * fx, base - disc].map(|value| value as u8));
        }
    }
    (size, rgb)
}

fn file(sampling: Subsamp) -> Vec<u8> {
    let ([width, height], rgb) = scene();
    let mut compressor = Compressor::new().unwrap();
    compressor.set_quality(92).unwrap();
    compressor.set_subsamp(sampling).unwrap();
    let pixels = &rgb[..];
    let image = Image { pixels, width, pitch: width * 3, height, format: PixelFormat::RGB };
    compressor.compress_to_vec(image).unwrap()
}

#[test]
fn every_common_sampling_is_libjpegs_to_a_level() {
    for sampling in
        [Subsamp::None, Subsamp::Sub2x1, Subsamp::Sub1x2, Subsamp::Sub2x2, Subsamp::Gray]
    {
        let found = differences(&file(sampling)).unwrap();
        println!("{found:5.2?}  {sampling:?}");
        assert!(found.iter().all(|&levels| levels < MOST_LEVELS), "{sampling:?}: {found:?}");
    }
}

/// Samplings with a quarter of the resolution in one direction: libjpeg has one sample for four
/// pixels there at 1/8, where the file has four.
#[test]
fn where_libjpeg_is_coarser_than_the_full_picture_it_is_not_followed() {
    for sampling in [Subsamp::Sub4x1, Subsamp::Sub1x4] {
        let bytes = file(sampling);
        let full = Full::decode(&bytes).unwrap();
        for scale in Scale::ALL {
            let ours = jpeg::decode(&bytes, scale).unwrap();
            let theirs =
                Scaled { rgb: turbo::decode(&bytes, scale).unwrap().bytes, ..ours.clone() };
            let [ours, theirs] = [ours, theirs]
                .map(|found| psnr(&found, scale, |x, y| full.mean(scale, x, y)).unwrap());
            println!("{sampling:?} {scale:?}: ours {ours:.1} dB, libjpeg-turbo {theirs:.1}");
            assert!(ours > theirs, "{sampling:?} {scale:?}: {ours:.1} against {theirs:.1}");
        }
    }
}
