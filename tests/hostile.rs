//! Files that lie, end early, or were made to break decoders: each has a clear answer, and none
//! panics, hangs or takes a gigabyte.
//!
//! The sweep over the fuzzers' files runs in a process of its own, so that its peak of memory is
//! its own and a file that hangs can be named. A file has two seconds; an unoptimized build has ten
//! times as many, because our own loops over pixels are that much slower there.

#[path = "support/shared.rs"]
mod shared;

use std::io::Cursor;
use std::ops::ControlFlow;
use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use rushlight::core::coded::Coding;
use rushlight::disk::DiskResult;
use rushlight::disk::exif;
use rushlight::disk::fingerprint;
use rushlight::disk::picture;
use rushlight::disk::picture::Limits;
use rushlight::disk::scan;
use rushlight::disk::scan::Found;
use rushlight::disk::source::Source;

const SWEEP: &str = "the_fuzzers_files_are_survived";
const IN_CHILD: &str = "RUSHLIGHT_HOSTILE_CHILD";
const LIMIT: Duration = Duration::from_secs(if cfg!(debug_assertions) { 20 } else { 2 });
const MEMORY_KIB: u64 = 1 << 20;

/// A small part of the usual limit, so that an unoptimized build is done with the giants in seconds.
const GIANTS_LIMIT_BYTES: u64 = 40 << 20;
/// What the program itself and the decoders' small tables may take beside that.
const BESIDE_KIB: u64 = 30 << 10;

/// All that is done with a photo: its header, its thumbnail, its tile, and the whole of it.
fn look(path: &Path, limits: &Limits) -> DiskResult<()> {
    let mut source = Source::open(path)?;
    let format = source.format()?;
    let meta = exif::read(&mut source, format, path)?;
    _ = fingerprint::of(&meta, source.header()?);
    if let Some(range) = meta.thumbnail.clone() {
        let bytes = source.range(range)?;
        // Many of these are broken too; the photo is looked at all the same.
        _ = picture::decode_thumbnail(&bytes, meta.turn, meta.size_px, path);
    }
    if let Some(range) = meta.preview.clone() {
        let bytes = source.range(range)?;
        _ = picture::decode_preview(&bytes, meta.turn, meta.size_px, [1024, 768], path);
    }
    let bytes = source.whole()?;
    picture::decode_tile(bytes, format, meta.turn, Coding::Bc7, limits, path)?;
    picture::decode_full_and_fit(bytes, format, meta.turn, limits, [1024, 768], path)?;
    Ok(())
}

#[test]
fn the_fuzzers_files_are_survived() {
    let Some(folder) = shared::folder("hostile") else { return };
    if std::env::var_os(IN_CHILD).is_some() {
        return sweep(&folder);
    }
    let program = std::env::current_exe().expect("a test knows its own program");
    let child = Command::new(program)
        .args(["--exact", SWEEP, "--nocapture"])
        .env(IN_CHILD, "1")
        .output()
        .expect("the program starts once more");
    let words = String::from_utf8_lossy(&child.stdout);
    let told: Vec<_> = words.lines().filter(|line| line.starts_with("sweep: ")).collect();
    assert!(child.status.success(), "{}\n{}", child.status, told.join("\n"));
    println!("{}", told.join("\n"));
}

fn sweep(folder: &Path) {
    static NOW: Mutex<Option<(PathBuf, Instant)>> = Mutex::new(None);
    thread::spawn(|| {
        loop {
            thread::sleep(Duration::from_millis(100));
            let now = NOW.lock().expect("nobody panics with it").clone();
            if let Some((path, since)) = now
                && since.elapsed() > LIMIT
            {
                println!("sweep: took longer than {LIMIT:?}; file: {}", path.display());
                std::process::exit(3);
            }
        }
    });
    let (mut count, mut good, mut panicked) = (0, 0, 0);
    let mut slowest = Duration::ZERO;
    let mut take = |path: &Path, limits: &Limits| {
        let since = Instant::now();
        *NOW.lock().expect("nobody panics with it") = Some((path.to_owned(), since));
        match catch_unwind(AssertUnwindSafe(|| look(path, limits))) {
            Ok(outcome) => good += usize::from(outcome.is_ok()),
            Err(_) => {
                panicked += 1;
                println!("sweep: panicked; file: {}", path.display());
            }
        }
        count += 1;
        slowest = slowest.max(since.elapsed());
    };
    let generated = tempfile::tempdir().expect("there is a folder for temporary files");
    let memory_bytes = GIANTS_LIMIT_BYTES;
    for path in giants(generated.path()) {
        take(&path, &Limits { memory_bytes, ..Limits::default() });
    }
    let of_giants = peak_kib();
    for entry in std::fs::read_dir(folder).expect("the folder is read") {
        take(&entry.expect("the folder is read").path(), &Limits::default());
    }
    *NOW.lock().expect("nobody panics with it") = None;
    println!("sweep: {count} files, {good} shown, slowest {slowest:?}");
    println!("sweep: peak of the giants {of_giants:?} KiB, of all {:?} KiB", peak_kib());
    assert!(count > 900, "{count} files");
    assert_eq!(panicked, 0, "files that panicked");
    let giants_kib = GIANTS_LIMIT_BYTES / 1024 + BESIDE_KIB;
    assert!(of_giants.is_none_or(|kib| kib < giants_kib), "{of_giants:?} KiB");
    assert!(peak_kib().is_none_or(|kib| kib < MEMORY_KIB), "{:?} KiB", peak_kib());
}

/// Files that pass every check of their headers under [`GIANTS_LIMIT_BYTES`] and so make the decoders
/// take what they may: as many pixels as are opened, and enough bytes to be believed.
fn giants(folder: &Path) -> Vec<PathBuf> {
    let write = |(marker, side): (u8, u16)| {
        let mut bytes = encoded(image::ImageFormat::Jpeg);
        let sof = memchr::memmem::find(&bytes, &[0xFF, 0xC0]).expect("a JPEG has a frame");
        bytes[sof + 1] = marker;
        bytes[sof + 5..sof + 7].copy_from_slice(&side.to_be_bytes());
        bytes[sof + 7..sof + 9].copy_from_slice(&side.to_be_bytes());
        let sos = memchr::memmem::find(&bytes, &[0xFF, 0xDA]).expect("a JPEG has a scan");
        if marker == 0xC2 {
            // The last coefficient of the scan: a progressive file begins with the DC alone.
            bytes[sos + 12] = 0;
        }
        bytes.resize(1_200_000, 0);
        let path = folder.join(format!("{marker:02X}.jpg"));
        std::fs::write(&path, bytes).expect("the file is written");
        path
    };
    // At 3 and at 9 bytes a pixel just under the limit.
    [(0xC0, 3_680), (0xC2, 2_120)].map(write).to_vec()
}

/// The most memory that this process has held; known on Linux.
fn peak_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

/// What is said of a file of these bytes; nothing where it is shown.
fn answer(name: &str, bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().expect("there is a folder for temporary files");
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).expect("the file is written");
    let words = look(&path, &Limits::default()).err().map(|error| error.to_string());
    let words = words.unwrap_or_default();
    if !words.is_empty() {
        assert!(words.ends_with(&format!("file: {}", path.display())), "the path is last: {words}");
    }
    words
}

#[track_caller]
fn check(name: &str, bytes: &[u8], expect: &str) {
    let found = answer(name, bytes);
    assert!(found.starts_with(expect), "expected: {expect}\nfound: {found}");
}

/// A picture that no coder makes small.
fn encoded(format: image::ImageFormat) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(320, 240, |x, y| {
        image::Rgb([(x * y) as u8, (x * 7 + y) as u8, (x ^ y) as u8])
    });
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("the format holds RGB");
    bytes.into_inner()
}

#[test]
fn a_jpeg_of_65535_by_65535_is_refused_by_its_header() {
    let mut bytes = encoded(image::ImageFormat::Jpeg);
    let sof = memchr::memmem::find(&bytes, &[0xFF, 0xC0]).expect("a JPEG has a frame");
    bytes[sof + 5..sof + 9].fill(0xFF);
    for marker in [0xC0, 0xC2] {
        bytes[sof + 1] = marker;
        check("a.jpg", &bytes, "the picture is too large: 65535 x 65535 pixels, at most");
    }
}

#[test]
fn a_webp_that_lies_about_its_size_is_told() {
    let bytes = encoded(image::ImageFormat::WebP);
    // The lossless picture's 14 bits of width and of height (RFC 9649, 3.4).
    let at = memchr::memmem::find(&bytes, b"VP8L").expect("it is lossless") + 9;
    let mut huge = bytes.clone();
    huge[at..at + 4].copy_from_slice(&(0x3FFE_u32 | 0x3FFE << 14).to_le_bytes());
    check("a.webp", &huge, "the picture is too large: 16383 x 16383 pixels, at most");
    let mut taller = bytes.clone();
    taller[at..at + 4].copy_from_slice(&(319_u32 | 4000 << 14).to_le_bytes());
    check("a.webp", &taller, "the picture is damaged: ");
    // Its chunk claims two gigabytes, but all of the picture is there.
    let mut longer = bytes;
    longer[at - 5..at - 1].fill(0x7F);
    check("a.webp", &longer, "");
}

#[test]
fn a_png_of_100000_by_100000_is_refused_by_its_header() {
    let mut bytes = encoded(image::ImageFormat::Png);
    bytes[16..20].copy_from_slice(&100_000_u32.to_be_bytes());
    bytes[20..24].copy_from_slice(&100_000_u32.to_be_bytes());
    let checksum = crc32(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&checksum.to_be_bytes());
    check("a.png", &bytes, "the picture is too large: 100000 x 100000 pixels, at most");
}

#[test]
fn a_tiff_of_100000_by_100000_is_refused_by_its_header() {
    check("a.tif", &tiff(100_000), "the picture is too large: 100000 x 100000 pixels, at most");
    check("a.tif", &tiff(2), "");
}

/// A square TIFF of one grey strip (TIFF 6.0, section 3) whose data has four bytes.
fn tiff(side: u32) -> Vec<u8> {
    let entries = [
        (0x0100, side),
        (0x0101, side),
        (0x0102, 8),
        (0x0103, 1),
        (0x0106, 1),
        (0x0111, 8),
        (0x0115, 1),
        (0x0116, side),
        (0x0117, side.saturating_mul(side)),
    ];
    let mut bytes = b"II*\0\x0C\0\0\0\x10\x20\x30\x40".to_vec();
    bytes.extend((entries.len() as u16).to_le_bytes());
    for (tag, value) in entries {
        bytes.extend(u16::to_le_bytes(tag));
        bytes.extend([4, 0, 1, 0, 0, 0]);
        bytes.extend(u32::to_le_bytes(value));
    }
    bytes.extend([0; 4]);
    bytes
}

/// The checksum of PNG's chunks (ISO 3309).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, &byte| {
        (0..8).fold(sum ^ u32::from(byte), |s, _| s >> 1 ^ 0xEDB8_8320 & 0_u32.wrapping_sub(s & 1))
    })
}

#[test]
fn files_that_are_no_pictures_are_told() {
    check("a.jpg", b"", "the file is empty (0 bytes)");
    check("a.jpg", b"a shopping list", "not a picture: begins with [61, 20, 73, 68]");
    check("a.jpg", &[0xFF, 0xD8], "the picture is damaged: ");
    check("a.png", &encoded(image::ImageFormat::Png)[..20], "the picture is damaged: ");
}

#[test]
fn a_photo_with_another_formats_name_is_shown() {
    check("a.jpg", &encoded(image::ImageFormat::Png), "");
    check("a.png", &encoded(image::ImageFormat::Jpeg), "");
}

#[test]
fn every_truncation_has_an_answer() {
    use image::ImageFormat::{Jpeg, Png, Tiff, WebP};
    for format in [Jpeg, Png, Tiff, WebP] {
        let bytes = encoded(format);
        check("whole", &bytes, "");
        // A JPEG that is cut within its last row of blocks passes: see `picture::jpeg`.
        let last_row = if format == Jpeg { bytes.len() / 15 } else { 2 };
        for end in (1..bytes.len() - last_row).step_by(bytes.len() / 40) {
            let found = answer("cut", &bytes[..end]);
            assert!(!found.is_empty(), "{end} of {} bytes as {format:?}", bytes.len());
        }
    }
}

#[test]
fn a_file_that_goes_away_during_the_scan_is_told() {
    let folder = tempfile::tempdir().expect("there is a folder for temporary files");
    let path = folder.path().join("a.jpg");
    std::fs::write(&path, encoded(image::ImageFormat::Jpeg)).expect("the file is written");
    let mut answers = Vec::new();
    scan::scan(&[folder.path().to_owned()], &mut |found| {
        if let Found::Photo(path) = found {
            std::fs::remove_file(&path).expect("the file is there");
            answers.extend(look(&path, &Limits::default()).err().map(|error| error.to_string()));
        }
        ControlFlow::Continue(())
    });
    assert_eq!(answers, [format!("cannot read the photo; file: {}", path.display())]);
}
