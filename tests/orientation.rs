//! One scene, stored in the eight EXIF orientations, comes out upright as one picture.
//!
//! The files were compressed one by one, so pixels differ a little: the mean difference of a channel
//! is at most 6 of 255. A wrong turn gives 40 and more.

#[path = "support/shared.rs"]
mod shared;

use std::path::Path;

use rushlight::core::coded::Coding;
use rushlight::core::photo::Turn;
use rushlight::core::texels::Texels;
use rushlight::disk::exif;
use rushlight::disk::picture;
use rushlight::disk::picture::Limits;
use rushlight::disk::source::Source;

const MEAN_MAX: f64 = 6.0;

/// The tile's middle level, and what fits into 300 x 300, both upright.
fn pictures(path: &Path, expect: Turn) -> [Texels; 2] {
    let mut source = Source::open(path).expect("the file opens");
    let format = source.format().expect("the file is a JPEG");
    let turn = exif::read(&mut source, format, path).expect("the file is read").turn;
    assert_eq!(turn, expect, "{}", path.display());
    let bytes = source.whole().expect("the file is read");
    let limits = Limits::default();
    let tile = picture::decode_tile(bytes, format, turn, Coding::Rgba8, &limits, path);
    let tile = tile.expect("it is whole");
    let [_, middle, _] = tile.levels;
    let middle = middle.expect("it is larger than 256 pixels");
    let [width, height] = middle.size_px();
    let middle = Texels::new(width, height, middle.bytes().to_vec()).expect("it is in RGBA");
    let both = picture::decode_full_and_fit(bytes, format, turn, &limits, [300, 300], path);
    let (full, fit) = both.expect("it is whole");
    assert_eq!(full.size_px(), tile.full_size_px, "{}", path.display());
    [middle, fit]
}

fn mean_difference(one: &Texels, other: &Texels) -> f64 {
    assert_eq!(one.size_px(), other.size_px());
    let pairs = one.bytes().iter().zip(other.bytes());
    let sum: u64 = pairs.map(|(&a, &b)| u64::from(a.abs_diff(b))).sum();
    // Alpha is the same everywhere: three channels of four differ.
    sum as f64 / (one.bytes().len() as f64 * 0.75)
}

#[test]
fn all_eight_orientations_come_out_upright() {
    let Some(folder) = shared::folder("orientation") else { return };
    let path = |value: u32| folder.join(format!("Landscape_{value}.jpg"));
    let upright = pictures(&path(1), Turn::NONE);
    // 0 is no orientation: the picture is upright as stored.
    for value in [0, 2, 3, 4, 5, 6, 7, 8] {
        let found = pictures(&path(value), Turn::from_exif(value));
        for (found, upright) in found.iter().zip(&upright) {
            let difference = mean_difference(found, upright);
            assert!(difference < MEAN_MAX, "Landscape_{value}: {difference} of 255");
        }
    }
}
