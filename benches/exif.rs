//! What does reading a photo's header cost, from a warm file to its meta data?
//!
//! Budget: 100 µs a file: 100,000 files in five seconds on two cores. Files are JPEGs of 1.5 MB with
//! a maker note of 24 KiB and a thumbnail of 8 KiB, as cameras write them. The rival is kamadak-exif
//! over a `BufReader` on the whole file, the usual way; it sees the same files in the same run. It
//! reads less: the 33 KiB that hold the block, where the fingerprint asks for 64, and no size.

use std::fs::File;
use std::hint::black_box;
use std::io::BufReader;
use std::path::Path;
use std::path::PathBuf;

use criterion::Criterion;
use criterion::Throughput;
use criterion::criterion_group;
use criterion::criterion_main;

use rushlight::core::photo::PhotoMeta;
use rushlight::disk::exif;
use rushlight::disk::fingerprint;
use rushlight::disk::source::Source;

const FILES: u16 = 200;
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

fn read_headers(c: &mut Criterion) {
    let folder = tempfile::tempdir().expect("the system has a folder for temporary files");
    let paths = write_photos(folder.path());
    let mut group = c.benchmark_group("read the headers of 200 files");
    group.throughput(Throughput::Elements(u64::from(FILES)));
    group.sample_size(20);
    group.bench_function("rushlight", |b| {
        b.iter(|| {
            paths
                .iter()
                .fold(Vec::new(), |buffer, path| black_box(ours(path, buffer)).0.into_buffer())
        });
    });
    group.bench_function("rushlight, with the fingerprint", |b| {
        b.iter(|| {
            paths.iter().fold(Vec::new(), |buffer, path| {
                let (mut source, meta) = ours(path, buffer);
                let header = source.header().expect("the file is read");
                black_box(fingerprint::of(&meta, header));
                source.into_buffer()
            })
        });
    });
    group.bench_function("kamadak-exif on the whole file", |b| {
        b.iter(|| paths.iter().for_each(|path| rival(path)));
    });
    group.finish();
}

criterion_group!(benches, read_headers);
criterion_main!(benches);
