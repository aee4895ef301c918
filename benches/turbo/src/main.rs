//! How much faster than libjpeg-turbo is our scaled decoder, detail map included?
//!
//! ```text
//! cargo run --release --manifest-path benches/turbo/Cargo.toml --target-dir target/turbo [-- FILES]
//! ```
//!
//! Takes cmake and nasm. Budget, for each sampling, as libjpeg-turbo's time over ours: at least 1.6
//! at 1/8 and 1.15 at 1/2. Both decode the same bytes to RGB in turn, on one thread, and the median
//! of the rounds is compared: what else runs meets both alike.
//!
//! Without files: a made-up picture of 24 megapixels, shapes under a sensor's grain, at a quality
//! that makes a file of a camera's size.

use std::hint::black_box;
use std::time::Instant;

use rushlight::disk::jpeg;
use rushlight::disk::jpeg::Jpeg;
use rushlight::disk::jpeg::Scale;
use rushlight::scene;
use rushlight::scene::HEIGHT;
use rushlight::scene::WIDTH;
use rushlight::turbo;
use turbojpeg::Compressor;
use turbojpeg::Image;
use turbojpeg::PixelFormat;
use turbojpeg::Subsamp;

/// Each decoder's turns.
const ROUNDS: usize = 9;

/// What must be reached at each scale of [`Scale::ALL`]; nothing was asked for at 1/4.
const LEAST: [f64; 3] = [1.6, 1.0, 1.15];

fn file(rgb: &[u8], sampling: Subsamp) -> turbojpeg::Result<Vec<u8>> {
    let mut compressor = Compressor::new()?;
    compressor.set_quality(92)?;
    compressor.set_subsamp(sampling)?;
    let (width, height) = (WIDTH, HEIGHT);
    let image = Image { pixels: rgb, width, pitch: width * 3, height, format: PixelFormat::RGB };
    compressor.compress_to_vec(image)
}

fn seconds<T>(work: impl FnOnce() -> T) -> f64 {
    let start = Instant::now();
    black_box(work());
    start.elapsed().as_secs_f64()
}

/// The medians of our seconds and of theirs.
fn medians(bytes: &[u8], scale: Scale) -> [f64; 2] {
    let mut all = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        all[0].push(seconds(|| jpeg::decode(bytes, scale).expect("it is baseline")));
        all[1].push(seconds(|| turbo::decode(bytes, scale).expect("it is whole")));
    }
    all.map(|mut times| {
        times.sort_by(f64::total_cmp);
        times[ROUNDS / 2]
    })
}

/// Prints a line for each scale; answers whether the budget is kept.
fn compare(name: &str, bytes: &[u8]) -> bool {
    let mut is_kept = true;
    for (scale, least) in Scale::ALL.into_iter().zip(LEAST) {
        let [ours, theirs] = medians(bytes, scale);
        let ratio = theirs / ours;
        let verdict = if ratio >= least { "" } else { "  under the budget" };
        let megabytes = bytes.len() as f64 / 1e6;
        println!(
            "{name} {megabytes:5.1} MB  1/{}  ours {:6.1} ms  libjpeg-turbo {:6.1} ms  {ratio:.2}{verdict}",
            scale.divisor(),
            ours * 1e3,
            theirs * 1e3,
        );
        is_kept &= ratio >= least;
    }
    is_kept
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut is_kept = true;
    let mut has_files = false;
    for path in std::env::args_os().skip(1) {
        has_files = true;
        let bytes = std::fs::read(&path)?;
        let sampling = Jpeg::open(&bytes)?.sampling();
        is_kept &= compare(&format!("{sampling:?} {}", path.display()), &bytes);
    }
    if !has_files {
        let rgb = scene::rgb();
        for (name, sampling) in [
            ("4:4:4", Subsamp::None),
            ("4:2:2", Subsamp::Sub2x1),
            ("4:2:0", Subsamp::Sub2x2),
            ("4:4:0", Subsamp::Sub1x2),
            ("gray ", Subsamp::Gray),
        ] {
            is_kept &= compare(name, &file(&rgb, sampling)?);
        }
    }
    if is_kept { Ok(()) } else { Err("the budget is not kept".into()) }
}
