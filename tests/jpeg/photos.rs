//! Pictures of cameras and of an encoder, against box averages; hostile files.

use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;
use std::time::Instant;

use jpeg_encoder::ColorType;
use jpeg_encoder::Encoder;
use jpeg_encoder::SamplingFactor;
use rushlight::disk::jpeg;
use rushlight::disk::jpeg::Jpeg;
use rushlight::disk::jpeg::JpegError;
use rushlight::disk::jpeg::Scale;

use super::boxed::Full;
use super::boxed::psnr;

/// The mean over all files that a scale must reach, and what each file must, in dB.
const MEAN_DB: f64 = 44.0;
const LEAST_DB: f64 = 34.0;

/// Larger pictures of cameras are left out where the code is not optimised: they take a minute.
const COMPARED_PX: u64 = if cfg!(debug_assertions) { 1_000_000 } else { u64::MAX };

/// Shapes, lines and noise as a camera sees them.
fn scene(size_px: [usize; 2]) -> Vec<u8> {
    let mut seed = 1_u32;
    let mut noise = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(seed >> 24) / 255.0 - 0.5
    };
    let mut rgb = Vec::new();
    for y in 0..size_px[1] {
        for x in 0..size_px[0] {
            let (fx, fy) = (x as f64 / size_px[0] as f64, y as f64 / size_px[1] as f64);
            let far = ((fx - 0.4).powi(2) + (fy - 0.5).powi(2)).sqrt();
            let disc = 60.0 / (1.0 + ((far - 0.25) * 90.0).exp());
            let waves = 25.0 * (fx * fx * 120.0).sin();
            let grain = 10.0 * noise();
            let base = 70.0 + 60.0 * fy + waves + grain;
            rgb.extend([base + disc, base + 20.0 * fx, base - disc / 2.0].map(|v| v as u8));
        }
    }
    rgb
}

#[test]
fn generated_pictures_are_box_averages_in_every_sampling() {
    let size_px = [488, 328];
    let rgb = scene(size_px);
    let mut table = Table::default();
    for (name, sampling) in [
        ("4:4:4", SamplingFactor::F_1_1),
        ("4:2:2", SamplingFactor::F_2_1),
        ("4:4:0", SamplingFactor::F_1_2),
        ("4:2:0", SamplingFactor::F_2_2),
    ] {
        for (quality, restart) in [(50, 0), (75, 0), (92, 11)] {
            let mut bytes = Vec::new();
            let mut encoder = Encoder::new(&mut bytes, quality);
            encoder.set_sampling_factor(sampling);
            encoder.set_restart_interval(restart);
            let [width, height] = size_px.map(|side| side as u16);
            encoder.encode(&rgb, width, height, ColorType::Rgb).unwrap();
            let name = format!("{name}, quality {quality}");
            let both = table.add(&name, &bytes);
            let own = jpeg::decode(&bytes, Scale::Half).err();
            assert!(both && own.is_none(), "{name}: {own:?}");
        }
    }
    table.check();
}

/// PSNR per file and scale.
#[derive(Default)]
struct Table {
    rows: Vec<(String, [f64; 3])>,
}

impl Table {
    /// Adds a file; answers whether both decoders read it.
    fn add(&mut self, name: &str, bytes: &[u8]) -> bool {
        let Some(full) = Full::decode(bytes) else {
            return false;
        };
        let of = |scale: Scale| {
            let found = jpeg::decode(bytes, scale).ok()?;
            psnr(&found, scale, |x, y| full.mean(scale, x, y))
        };
        let [Some(eighth), Some(quarter), Some(half)] = Scale::ALL.map(of) else {
            return false;
        };
        self.rows.push((name.to_owned(), [eighth, quarter, half]));
        true
    }

    /// Prints itself and compares with what is to be reached.
    fn check(&self) {
        println!("PSNR in dB at 1/8, 1/4, 1/2");
        for (name, db) in &self.rows {
            println!("{:6.1} {:6.1} {:6.1}  {name}", db[0], db[1], db[2]);
        }
        for scale in 0..3 {
            let all = || self.rows.iter().map(|(_, db)| db[scale]);
            let mean = all().sum::<f64>() / self.rows.len() as f64;
            let least = all().fold(f64::MAX, f64::min);
            println!("{:?}: mean {mean:.1}, least {least:.1}", Scale::ALL[scale]);
            assert!(mean >= MEAN_DB && least >= LEAST_DB, "mean {mean:.1}, least {least:.1}");
        }
    }
}

/// The JPEGs below a folder of the shared photos; none, with a line, when they are not there.
fn shared_photos(folder: &str) -> Vec<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let shared = std::env::var_os("RUSHLIGHT_SHARED").map_or_else(beside, PathBuf::from);
    let folder = shared.join("photos").join(folder);
    let mut found: Vec<_> = walkdir::WalkDir::new(&folder)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
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
fn pictures_of_cameras_are_box_averages() {
    let photos = shared_photos("cameras");
    let mut table = Table::default();
    for path in &photos {
        // Those of the suite are damaged on purpose.
        if path.to_string_lossy().contains("ImageTestSuite") {
            continue;
        }
        let bytes = std::fs::read(path).unwrap();
        let pixels = Jpeg::open(&bytes)
            .map_or(0, |jpeg| jpeg.full_size_px().map(u64::from).iter().product());
        if pixels > COMPARED_PX {
            continue;
        }
        let name = path.file_name().unwrap().to_string_lossy();
        if !table.add(&name, &bytes) {
            let why = jpeg::decode(&bytes, Scale::Eighth).err();
            println!("not compared: {name}: {why:?}");
            assert!(!matches!(why, Some(JpegError::Damaged(_))), "{name}: {why:?}");
        }
    }
    if !photos.is_empty() {
        table.check();
    }
}

#[test]
fn hostile_files_are_decoded_or_refused() {
    let mut slowest = (Duration::ZERO, PathBuf::new());
    let (mut decoded, mut refused) = (0, 0);
    for path in shared_photos("hostile") {
        let bytes = std::fs::read(&path).unwrap();
        for scale in Scale::ALL {
            let start = Instant::now();
            match jpeg::decode(&bytes, scale) {
                Ok(found) => {
                    decoded += 1;
                    assert_eq!(found.rgb.len() as u32, found.width * found.height * 3);
                    // No more memory than the file can fill: 256 pixels a byte.
                    let pixels = found.full_size_px.map(u64::from).iter().product::<u64>();
                    assert!(pixels / 256 <= bytes.len() as u64 * 2, "{}", path.display());
                }
                Err(_) => refused += 1,
            }
            slowest = slowest.max((start.elapsed(), path.clone()));
        }
    }
    println!("{decoded} decoded, {refused} refused, slowest {slowest:?}");
}
