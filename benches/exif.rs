//! What does reading a photo's header cost, from a file to its meta data, and what is read of a cold disk?
//!
//! Budget: 40 µs a file where the files are warm, on one thread: 100,000 files in two seconds on two
//! cores; 64 KiB a file, and what the file system reads to find it, where they are cold. Files are
//! JPEGs of 1.5 MB with a maker note of 24 KiB and a thumbnail of 8 KiB, as cameras write them. The
//! rival is kamadak-exif over a `BufReader` on the whole file, the usual way; it sees the same files
//! in the same run, in turns. It reads less: the 33 KiB that hold the block, where the fingerprint
//! asks for 60, and no size.
//!
//! The cold part asks Linux to forget its caches, which only root may; elsewhere it is skipped. Beside
//! the rival it has our own reads without a word to the kernel.

use std::fs::File;
use std::hint::black_box;
use std::io::BufReader;
use std::io::Read;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use rushlight::core::photo::PhotoMeta;
use rushlight::disk::exif;
use rushlight::disk::fingerprint;
use rushlight::disk::source::HEADER_BYTES;
use rushlight::disk::source::Source;

const FILES: u16 = 2000;
const WARM_ROUNDS: usize = 11;
const COLD_ROUNDS: usize = 3;
const FILE_BYTES: usize = 1_500_000;
const MAKER_NOTE_BYTES: u32 = 24 << 10;
const THUMBNAIL_BYTES: u32 = 8 << 10;

/// One entry of a directory: tag, type, count, value or offset (TIFF 6.0, section 2).
fn entry(tag: u16, kind: u16, count: u32, value: u32) -> Vec<u8> {
    [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &count.to_le_bytes(), &value.to_le_bytes()]
        .concat()
}

fn directory(entries: &[Vec<u8>], next: u32) -> Vec<u8> {
    let count = u16::try_from(entries.len()).expect("few entries");
    [&count.to_le_bytes()[..], &entries.concat(), &next.to_le_bytes()].concat()
}

/// An EXIF block as cameras write it: two directories, EXIF's own, long values behind them.
fn block(number: u16) -> Vec<u8> {
    const PICTURE: u32 = 8;
    const EXIF: u32 = PICTURE + 2 + 5 * 12 + 4;
    const THUMBNAIL: u32 = EXIF + 2 + 8 * 12 + 4;
    const VALUES: u32 = THUMBNAIL + 2 + 3 * 12 + 4;
    let mut values = Vec::new();
    let mut value = |bytes: &[u8]| {
        let at = VALUES + u32::try_from(values.len()).expect("few bytes");
        values.extend(bytes);
        values.resize(values.len().next_multiple_of(2), 0);
        at
    };
    let make = value(b"Candlemaker\0");
    let model = value(b"Wick 5\0");
    let time = value(b"2026:05:03 12:00:01\0");
    let exposure = value(&[1_u32.to_le_bytes(), 250_u32.to_le_bytes()].concat());
    let aperture = value(&[28_u32.to_le_bytes(), 10_u32.to_le_bytes()].concat());
    let focal = value(&[50_u32.to_le_bytes(), 1_u32.to_le_bytes()].concat());
    let serial = value(format!("{number:07}\0").as_bytes());
    let note = value(&vec![0x5A; MAKER_NOTE_BYTES as usize]);
    let thumbnail = value(&vec![0x3C; THUMBNAIL_BYTES as usize]);
    let picture = directory(
        &[
            entry(0x010F, 2, 12, make),
            entry(0x0110, 2, 7, model),
            entry(0x0112, 3, 1, 6),
            entry(0x0132, 2, 20, time),
            entry(0x8769, 4, 1, EXIF),
        ],
        THUMBNAIL,
    );
    let exif = directory(
        &[
            entry(0x829A, 5, 1, exposure),
            entry(0x829D, 5, 1, aperture),
            entry(0x8827, 3, 1, 400),
            entry(0x9003, 2, 20, time),
            entry(0x9291, 2, 3, u32::from_le_bytes(*b"25\0\0")),
            entry(0x920A, 5, 1, focal),
            entry(0x927C, 7, MAKER_NOTE_BYTES, note),
            entry(0xA431, 2, 8, serial),
        ],
        0,
    );
    let small = directory(
        &[
            entry(0x0103, 3, 1, 6),
            entry(0x0201, 4, 1, thumbnail),
            entry(0x0202, 4, 1, THUMBNAIL_BYTES),
        ],
        0,
    );
    [b"II*\0\x08\0\0\0".as_slice(), &picture, &exif, &small, &values].concat()
}

/// A JPEG whose header is whole and whose scan is filling.
fn photo(number: u16) -> Vec<u8> {
    let body = [b"Exif\0\0".as_slice(), &block(number)].concat();
    let length = u16::try_from(body.len() + 2).expect("the block fits a segment");
    let mut bytes = [&[0xFF, 0xD8, 0xFF, 0xE1], &length.to_be_bytes()[..], &body].concat();
    bytes.extend([0xFF, 0xC0, 0, 11, 8, 0x0F, 0xA0, 0x17, 0x70, 1, 1, 0x11, 0]);
    bytes.extend([0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0]);
    bytes.resize(FILE_BYTES, 0x77);
    bytes
}

fn write_photos(folder: &Path) -> Vec<PathBuf> {
    let write = |number| {
        let path = folder.join(format!("IMG_{number:05}.JPG"));
        std::fs::write(&path, photo(number)).expect("the folder can be written");
        path
    };
    (0..FILES).map(write).collect()
}

/// An open photo and its meta data, with the buffer handed on from photo to photo.
fn ours(path: &Path, buffer: Vec<u8>) -> (Source, PhotoMeta) {
    let mut source = Source::open_into(path, buffer).expect("the file opens");
    let format = source.format().expect("the file is a JPEG");
    let meta = exif::read(&mut source, format, path).expect("the file is read");
    assert_eq!((meta.iso, meta.thumbnail.is_some()), (Some(400), true));
    (source, meta)
}

fn rival(path: &Path) {
    let file = File::open(path).expect("the file opens");
    let read = ::exif::Reader::new().read_from_container(&mut BufReader::new(file));
    let exif = read.expect("the file is read");
    let field = exif.get_field(::exif::Tag::PhotographicSensitivity, ::exif::In::PRIMARY);
    assert_eq!(field.and_then(|f| f.value.get_uint(0)), Some(400));
}

fn read_headers(paths: &[PathBuf]) {
    let read = |buffer, path: &PathBuf| black_box(ours(path, buffer)).0.into_buffer();
    paths.iter().fold(Vec::new(), read);
}

fn read_and_fingerprint(paths: &[PathBuf]) {
    paths.iter().fold(Vec::new(), |buffer, path| {
        let (mut source, meta) = ours(path, buffer);
        let header = source.header().expect("the file is read");
        black_box(fingerprint::of(&meta, header));
        source.into_buffer()
    });
}

fn read_silently(paths: &[PathBuf]) {
    let mut buffer = vec![0; HEADER_BYTES];
    for path in paths {
        let mut file = File::open(path).expect("the file opens");
        file.read_exact(&mut buffer).expect("the file is long enough");
        black_box(&buffer);
    }
}

fn read_by_rival(paths: &[PathBuf]) {
    paths.iter().for_each(|path| rival(path));
}

/// A way to read the headers of all files, by name.
type Way = (&'static str, fn(&[PathBuf]));

const WARM: [Way; 3] = [
    ("rushlight", read_headers),
    ("rushlight, with the fingerprint", read_and_fingerprint),
    ("kamadak-exif over a BufReader", read_by_rival),
];

const COLD: [Way; 3] = [
    ("rushlight", read_headers),
    ("the same reads, the kernel not told", read_silently),
    ("kamadak-exif over a BufReader", read_by_rival),
];

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

/// Bytes that this process has had fetched from disks.
fn fetched_bytes() -> Option<u64> {
    let counters = std::fs::read_to_string("/proc/self/io").ok()?;
    counters.lines().find_map(|line| line.strip_prefix("read_bytes: ")?.parse().ok())
}

/// Lets the system forget every file; gives whether it has.
fn forget_files() -> bool {
    let is_synced = Command::new("sync").status().is_ok_and(|status| status.success());
    is_synced && std::fs::write("/proc/sys/vm/drop_caches", "3").is_ok()
}

/// Runs all ways in turns, so that what else the machine does meets them alike, and prints the
/// middle of each one's rounds.
fn compare(title: &str, ways: &[Way], paths: &[PathBuf], rounds: usize, is_cold: bool) {
    println!("{title}, {} files of {FILE_BYTES} bytes, middle of {rounds} rounds", paths.len());
    let mut micros = vec![Vec::new(); ways.len()];
    let mut kib = vec![Vec::new(); ways.len()];
    for _ in 0..rounds {
        for (at, (_, read)) in ways.iter().enumerate() {
            assert!(!is_cold || forget_files(), "the caches could be emptied before");
            let fetched = fetched_bytes().unwrap_or(0);
            let begin = Instant::now();
            read(paths);
            let files = paths.len() as f64;
            micros[at].push(begin.elapsed().as_secs_f64() * 1e6 / files);
            let bytes = fetched_bytes().unwrap_or(0).saturating_sub(fetched);
            kib[at].push(bytes as f64 / 1024.0 / files);
        }
    }
    for (at, (name, _)) in ways.iter().enumerate() {
        let (micros, kib) = (median(micros[at].clone()), median(kib[at].clone()));
        println!("  {name:<38} {micros:8.1} µs a file {kib:8.1} KiB from the disk");
    }
}

fn main() {
    // Where the program is built there is a disk; the system's folder may be in memory.
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder can be made");
    let paths = write_photos(folder.path());
    compare("warm", &WARM, &paths, WARM_ROUNDS, false);
    match forget_files() && fetched_bytes().is_some() {
        true => compare("cold", &COLD, &paths, COLD_ROUNDS, true),
        false => println!("cold: skipped, only root on Linux may empty the caches"),
    }
}
