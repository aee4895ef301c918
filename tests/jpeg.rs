//! Scaled JPEG decoding: as good as a full decode brought down, in every sampling; hostile files
//! are refused; what is cut off is an error.

#[path = "support/boxed.rs"]
mod boxed;
#[path = "support/jpeg_writer.rs"]
mod jpeg_writer;

use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;
use std::time::Instant;

use jpeg_encoder::ColorType;
use jpeg_encoder::Encoder;
use jpeg_encoder::SamplingFactor;
use proptest::prelude::*;
use rushlight::disk::jpeg;
use rushlight::disk::jpeg::Jpeg;
use rushlight::disk::jpeg::JpegError;
use rushlight::disk::jpeg::Scale;

use boxed::Full;
use boxed::psnr;
use jpeg_writer::Writer;

/// The mean over all files that a scale must reach, and what each file must, in dB.
const MEAN_DB: f64 = 44.0;
const LEAST_DB: f64 = 34.0;

/// Larger pictures of cameras are left out where the code is not optimised: they take a minute.
const COMPARED_PX: u64 = if cfg!(debug_assertions) { 1_000_000 } else { u64::MAX };

/// Hills of all colours, slow enough for any sampling.
fn hills(x: f64, y: f64) -> [f64; 3] {
    let wave = |a: f64, b: f64| (a * x * 6.0 + b * y * 5.0).sin();
    [80.0 * wave(1.0, 0.7), 50.0 * wave(-0.5, 1.0), 45.0 * wave(0.8, -0.9)]
}

/// RGB of `hills` about the middle of a pixel of a picture that is `size` large.
fn rgb_of_hills([x, y]: [usize; 2], size: [f64; 2]) -> [f64; 3] {
    let [y, cb, cr] = hills((x as f64 + 0.5) / size[0], (y as f64 + 0.5) / size[1]);
    [y + 1.402 * cr, y - 0.344_136 * cb - 0.714_136 * cr, y + 1.772 * cb]
        .map(|sample| (sample + 128.0).clamp(0.0, 255.0))
}

#[track_caller]
fn check_sampling(sampling: &[[usize; 2]]) {
    let size_px = [203, 149];
    let bytes = Writer::new(size_px, sampling).write(hills);
    for scale in Scale::ALL {
        let found = jpeg::decode(&bytes, scale).expect("the file is whole");
        assert_eq!([found.width, found.height], scale.size_px([203, 149]));
        assert_eq!(found.full_size_px, [203, 149]);
        let scaled = size_px.map(|side| side as f64 / f64::from(scale.divisor()));
        let db = psnr(&found, scale, |x, y| match sampling.len() {
            1 => [rgb_of_gray([x, y], scaled); 3],
            _ => rgb_of_hills([x, y], scaled),
        })
        .expect("the picture has whole blocks");
        assert!(db > MEAN_DB, "{sampling:?} {scale:?}: {db} dB");
    }
}

fn rgb_of_gray([x, y]: [usize; 2], size: [f64; 2]) -> f64 {
    hills((x as f64 + 0.5) / size[0], (y as f64 + 0.5) / size[1])[0] + 128.0
}

#[test]
fn every_sampling_is_decoded() {
    for luma in [[1, 1], [2, 1], [1, 2], [2, 2], [4, 1], [1, 4], [4, 2], [2, 4]] {
        check_sampling(&[luma, [1, 1], [1, 1]]);
    }
}

#[test]
fn odd_samplings_are_decoded() {
    check_sampling(&[[3, 1], [1, 1], [1, 1]]);
    check_sampling(&[[3, 2], [2, 1], [1, 1]]);
    check_sampling(&[[1, 1], [2, 2], [1, 2]]);
    check_sampling(&[[2, 2], [2, 1], [1, 2]]);
    check_sampling(&[[1, 3], [1, 2], [1, 1]]);
}

#[test]
fn gray_is_decoded_whatever_its_sampling_says() {
    check_sampling(&[[1, 1]]);
    let plain = Writer::new([75, 61], &[[1, 1]]).write(hills);
    let mut odd = plain.clone();
    let frame = odd.windows(2).position(|w| w == [0xFF, 0xC0]).unwrap();
    odd[frame + 11] = 0x22;
    for scale in Scale::ALL {
        let [plain, odd] = [&plain, &odd].map(|bytes| jpeg::decode(bytes, scale).unwrap());
        assert_eq!(plain.rgb, odd.rgb);
    }
}

#[test]
fn code_lengths_and_restarts_change_no_pixel() {
    let plain = Writer::new([150, 90], &[[2, 2], [1, 1], [1, 1]]);
    let expect = Scale::ALL.map(|scale| jpeg::decode(&plain.write(hills), scale).unwrap().rgb);
    for (code_bits, restart_mcus) in [(9, 1), (10, 3), (11, 7), (13, 10), (14, 0), (16, 100)] {
        let bytes = Writer { code_bits, restart_mcus, ..plain.clone() }.write(hills);
        let found = Scale::ALL.map(|scale| jpeg::decode(&bytes, scale).unwrap().rgb);
        assert!(found == expect, "codes of {code_bits} bits, restart after {restart_mcus}");
    }
}

#[test]
fn a_picture_of_many_windows_is_decoded() {
    // Codes of 16 bits make 700 KB of it, eleven windows.
    let size_px = [800, 600];
    let noisy = |x: f64, y: f64| {
        let [luma, cb, cr] = hills(x, y);
        [luma * 0.5 + 40.0 * (x * 1700.0).sin() * (y * 1300.0).cos(), cb, cr]
    };
    let writer = Writer { step: 1, code_bits: 16, ..Writer::new(size_px, &[[1, 1]; 3]) };
    let bytes = writer.write(noisy);
    assert!(bytes.len() > 500_000, "{}", bytes.len());
    let full = Full::decode(&bytes).unwrap();
    for scale in Scale::ALL {
        let found = jpeg::decode(&bytes, scale).unwrap();
        let db = psnr(&found, scale, |x, y| full.mean(scale, x, y)).unwrap();
        assert!(db > LEAST_DB, "{scale:?}: {db}");
    }
}

#[test]
fn adobe_says_what_the_colours_are() {
    let plain = Writer::new([64, 64], &[[1, 1]; 3]);
    let grey_red = |_: f64, _: f64| [72.0, -28.0, 22.0];
    let mut adobe = vec![0xFF, 0xEE, 0, 14];
    adobe.extend(b"Adobe\0\x64\0\0\0\0\0");
    let rgb = Writer { segments: adobe.clone(), ..plain.clone() }.write(grey_red);
    assert_eq!(jpeg::decode(&rgb, Scale::Eighth).unwrap().rgb[..3], [200, 100, 150]);
    *adobe.last_mut().unwrap() = 1;
    let ycc = Writer { segments: adobe, ..plain }.write(grey_red);
    assert_eq!(jpeg::decode(&ycc, Scale::Eighth).unwrap().rgb[..3], [231, 194, 150]);
}

#[test]
fn a_picture_that_is_cut_off_is_an_error_that_tells_how_much_is_there() {
    for restart_mcus in [0, 5] {
        let plain = Writer::new([160, 160], &[[2, 2], [1, 1], [1, 1]]);
        let bytes = Writer { restart_mcus, ..plain }.write(hills);
        let scan = bytes.windows(2).position(|w| w == [0xFF, 0xDA]).unwrap() + 14;
        for length in scan..bytes.len() - 3 {
            let cut = jpeg::decode(&bytes[..length], Scale::Quarter);
            let Err(JpegError::Damaged(reason)) = cut else {
                panic!("{length} of {} bytes: {:?}", bytes.len(), cut.map(|c| c.rgb.len()));
            };
            let is_told = reason.contains("of 10 rows") || reason.contains("bytes, at least");
            assert!(is_told, "{length} of {}: {reason}", bytes.len());
        }
        // The end marker is no part of the picture.
        assert!(jpeg::decode(&bytes[..bytes.len() - 2], Scale::Quarter).is_ok());
    }
}

#[test]
fn a_small_file_cannot_say_that_it_is_large() {
    let mut bytes = Writer::new([64, 64], &[[1, 1]; 3]).write(hills);
    let frame = bytes.windows(2).position(|w| w == [0xFF, 0xC0]).unwrap();
    bytes[frame + 5..frame + 9].fill(0xFF);
    let refused = jpeg::decode(&bytes, Scale::Half).unwrap_err();
    assert!(refused.to_string().starts_with("its data ends too early"), "{refused}");
}

#[test]
fn other_kinds_are_handed_on() {
    let plain = Writer::new([64, 64], &[[1, 1]; 3]).write(hills);
    let frame = plain.windows(2).position(|w| w == [0xFF, 0xC0]).unwrap();
    for (at, byte) in [(1, 0xC2), (1, 0xC9), (1, 0xC3), (4, 12), (9, 4), (5, 0)] {
        let mut other = plain.clone();
        other[frame + at] = byte;
        other[frame + 6] *= u8::from(at != 5);
        let refused = Jpeg::open(&other).unwrap_err();
        assert!(matches!(refused, JpegError::Unsupported(_)), "{byte:02X}: {refused:?}");
    }
}

#[test]
fn detail_is_where_the_edges_are() {
    let half = |x: f64, y: f64| {
        let fine = (x * 900.0).sin() * (y * 700.0).sin();
        [if x < 0.5 { 90.0 * fine } else { 10.0 }, 0.0, 0.0]
    };
    let bytes = Writer::new([1600, 480], &[[2, 1], [1, 1], [1, 1]]).write(half);
    let map = jpeg::decode(&bytes, Scale::Eighth).unwrap().detail;
    assert_eq!([map.width, map.height, map.cell_px], [100, 30, 16]);
    for row in map.bits.chunks(100) {
        assert!(row[..50].iter().all(|&bits| bits > 40), "{row:?}");
        // All that a flat block takes is the code of its end.
        assert!(row[50..].iter().all(|&bits| bits == 8), "{row:?}");
    }
}

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

proptest! {
    #[test]
    fn no_change_of_a_file_makes_the_decoder_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in prop::option::of(any::<prop::sample::Index>()),
        restart_mcus in 0_usize..4,
        which in 0_usize..4,
    ) {
        let sampling = [&[[1, 1]; 3][..], &[[2, 2], [1, 1], [1, 1]], &[[1, 1]], &[[3, 1], [1, 1], [2, 1]]][which];
        let plain = Writer { restart_mcus, step: 8, ..Writer::new([40, 24], sampling) };
        let mut bytes = plain.write(hills);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(cut.map_or(bytes.len(), |cut| cut.index(bytes.len())));
        for scale in Scale::ALL {
            _ = jpeg::decode(&bytes, scale);
        }
    }
}
