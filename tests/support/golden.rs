//! Compares what was drawn with a picture that a person has looked at.
//!
//! Tolerance: the mean difference of a channel at most 0.5 of 255, and at most one texel in a
//! thousand with a channel that differs by more than 8. Drivers round differently and smooth edges
//! differently by a little; a letter or a badge that is missing or moved is far beyond both.
//!
//! On failure the actual picture, the expected one and their difference (eight times as strong)
//! are written to `target/golden/`. `RUSHLIGHT_ACCEPT_GOLDEN=1` takes the actual pictures for the
//! expected ones: look at each of them before it is committed.

use std::path::Path;
use std::path::PathBuf;

use image::RgbaImage;
use image::codecs::png::CompressionType;
use image::codecs::png::FilterType;
use image::codecs::png::PngEncoder;
use rushlight::core::texels::Texels;

const MEAN_MAX: f64 = 0.5;
const STEP_MAX: u8 = 8;
const OUTLIERS_MAX: f64 = 0.001;

/// Compares `actual` with `tests/golden/<name>.png`.
#[track_caller]
pub fn check(name: &str, actual: &Texels) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join("tests/golden").join(format!("{name}.png"));
    let [width, height] = actual.size_px();
    let actual = RgbaImage::from_raw(width, height, actual.bytes().to_vec())
        .expect("texels have four bytes each");
    if std::env::var("RUSHLIGHT_ACCEPT_GOLDEN").is_ok_and(|v| v == "1") {
        return save(&actual, &path);
    }
    let expected = image::open(&path)
        .unwrap_or_else(|e| panic!("no golden picture ({e}); file: {}", path.display()))
        .to_rgba8();
    assert_eq!(actual.dimensions(), expected.dimensions(), "size of {name}");
    let (mean, outliers) = difference(&actual, &expected);
    if mean <= MEAN_MAX && outliers <= OUTLIERS_MAX {
        return;
    }
    let folder = root.join("target/golden");
    save(&actual, &file(&folder, name, "actual"));
    save(&expected, &file(&folder, name, "expected"));
    save(&strengthened(&actual, &expected), &file(&folder, name, "difference"));
    panic!(
        "{name} differs: mean {mean:.3}, at most {MEAN_MAX}; share of texels off by more than \
         {STEP_MAX} {outliers:.5}, at most {OUTLIERS_MAX}; folder: {}",
        folder.display()
    );
}

fn file(folder: &Path, name: &str, kind: &str) -> PathBuf {
    folder.join(format!("{name}.{kind}.png"))
}

fn save(picture: &RgbaImage, path: &Path) {
    std::fs::create_dir_all(path.parent().expect("the file is in a folder")).expect("a folder");
    // Without alpha: everything drawn is opaque, and the file is smaller.
    let picture = image::DynamicImage::ImageRgba8(picture.clone()).to_rgb8();
    let mut bytes = Vec::new();
    let encoder =
        PngEncoder::new_with_quality(&mut bytes, CompressionType::Best, FilterType::Adaptive);
    picture.write_with_encoder(encoder).expect("the picture is encoded");
    std::fs::write(path, bytes).expect("the picture is written");
}

/// Mean difference of a channel, and the share of texels that differ by more than a step.
fn difference(actual: &RgbaImage, expected: &RgbaImage) -> (f64, f64) {
    let (mut sum, mut outliers) = (0_u64, 0_u64);
    for (a, e) in actual.pixels().zip(expected.pixels()) {
        let steps = a.0.iter().zip(&e.0).map(|(a, e)| a.abs_diff(*e));
        sum += steps.clone().map(u64::from).sum::<u64>();
        outliers += u64::from(steps.max().is_some_and(|step| step > STEP_MAX));
    }
    let texels = f64::from(actual.width()) * f64::from(actual.height());
    (sum as f64 / (texels * 4.0), outliers as f64 / texels)
}

fn strengthened(actual: &RgbaImage, expected: &RgbaImage) -> RgbaImage {
    RgbaImage::from_fn(actual.width(), actual.height(), |x, y| {
        let (a, e) = (actual.get_pixel(x, y), expected.get_pixel(x, y));
        let [r, g, b] = [0, 1, 2].map(|c| a[c].abs_diff(e[c]).saturating_mul(8));
        image::Rgba([r, g, b, 255])
    })
}
