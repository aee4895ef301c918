//! Is a raw file shown by the largest picture in it, and a pair as one photo?
//!
//! The files are made here, each as its camera's maker lays it out in public descriptions: no camera's
//! own was at hand.

#![expect(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]

use std::fs;
use std::path::Path;
use std::path::PathBuf;

use proptest::prelude::*;
use rushlight::core::coded::Coding;
use rushlight::core::photo::Timestamp;
use rushlight::core::photo::Turn;
use rushlight::disk::picture;
use rushlight::disk::picture::Limits;
use rushlight::disk::raw;
use rushlight::disk::raw::Container;
use rushlight::disk::source::Format;
use rushlight::disk::source::Source;
use rushlight::jobs::cached::Cached;
use rushlight::jobs::decode;
use rushlight::jobs::index;

/// A JPEG of one shade.
fn jpeg(width: u16, height: u16, shade: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let pixels = [shade].repeat(usize::from(width) * usize::from(height));
    jpeg_encoder::Encoder::new(&mut bytes, 90)
        .encode(&pixels, width, height, jpeg_encoder::ColorType::Luma)
        .unwrap();
    bytes
}

/// A lossless JPEG's beginning, as some cameras keep their raw data.
fn lossless() -> Vec<u8> {
    let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xC3, 0, 11, 14, 0x17, 0x70, 0x23, 0x28, 1, 1, 0x11, 0];
    bytes.extend([0xFF, 0xDA, 0, 8, 1, 1, 0, 1, 0, 0]);
    bytes.resize(4000, 0x55);
    bytes
}

/// The value of an entry: itself, or bytes that stand elsewhere.
enum Value {
    Short(u16),
    Long(u32),
    Text(&'static str),
    /// Where the block of this number begins, or how long it is.
    Start(usize),
    Length(usize),
    /// The block as the value.
    Block(usize),
    /// Where another directory begins.
    Directory(usize),
}

/// A TIFF of directories and blocks, little-endian, with `mark` for its second word.
fn tiff(
    mark: [u8; 2],
    directories: &[(&[(u16, Value)], Option<usize>)],
    blocks: &[Vec<u8>],
) -> Vec<u8> {
    let size = |entries: &[(u16, Value)]| 2 + entries.len() * 12 + 4;
    let mut starts = vec![8];
    for (entries, _) in directories {
        starts.push(starts[starts.len() - 1] + size(entries));
    }
    let mut at = starts[directories.len()];
    let block_starts: Vec<usize> = blocks
        .iter()
        .map(|block| {
            at += block.len();
            at - block.len()
        })
        .collect();
    let texts_at = at;
    let mut texts = Vec::new();
    let mut out = [b"II", &mark[..], &8_u32.to_le_bytes()].concat();
    for (entries, next) in directories {
        out.extend((entries.len() as u16).to_le_bytes());
        for (tag, value) in *entries {
            let (kind, count, word) = match value {
                Value::Short(n) => (3_u16, 1, u32::from(*n)),
                Value::Long(n) => (4, 1, *n),
                Value::Start(block) => (4, 1, block_starts[*block] as u32),
                Value::Length(block) => (4, 1, blocks[*block].len() as u32),
                Value::Block(block) => (7, blocks[*block].len(), block_starts[*block] as u32),
                Value::Directory(number) => (4, 1, starts[*number] as u32),
                Value::Text(text) => {
                    let place = texts_at + texts.len();
                    texts.extend([text.as_bytes(), b"\0"].concat());
                    (2, text.len() + 1, place as u32)
                }
            };
            out.extend(tag.to_le_bytes());
            out.extend(kind.to_le_bytes());
            out.extend((count as u32).to_le_bytes());
            out.extend(word.to_le_bytes());
        }
        out.extend((next.map_or(0, |number| starts[number]) as u32).to_le_bytes());
    }
    out.extend(blocks.concat());
    out.extend(texts);
    out
}

const MODEL: (u16, Value) = (0x0110, Value::Text("Model X"));
const TURNED: (u16, Value) = (0x0112, Value::Short(6));
const TAKEN: (u16, Value) = (0x9003, Value::Text("2026:05:03 12:00:01"));
const TIFF: [u8; 2] = [42, 0];

/// Writes a raw file and checks what is shown of it: the JPEG of 60 x 40 pixels, or nothing.
#[track_caller]
fn check(name: &str, bytes: &[u8], container: Container) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    fs::write(&path, bytes).unwrap();
    let mut source = Source::open(&path).unwrap();
    assert_eq!(source.format().unwrap(), Format::Raw(container), "{name}");
    let header = decode::header_of(&mut source, &path).unwrap();
    assert_eq!(header.meta.model.as_deref(), Some("Model X"), "{name}");
    let taken = Timestamp::from_civil([2026, 5, 3], [12, 0, 1], 0);
    assert_eq!((header.meta.size_px, header.meta.captured), (Some([60, 40]), taken), "{name}");
    let (format, turn, jpeg) = decode::picture_in(&mut source, &path).unwrap();
    assert_eq!((format, turn), (Format::Jpeg, Turn::from_exif(6)), "{name}");
    let made = picture::decode_tile(&jpeg, format, turn, Coding::Rgba8, &Limits::default(), &path)
        .unwrap();
    assert_eq!(made.full_size_px, [40, 60], "{name}: it stands upright");
    assert!(made.mean.iter().all(|channel| channel.abs_diff(200) < 4), "{name}: {:?}", made.mean);
}

#[test]
fn the_largest_picture_of_a_tiff_is_shown() {
    let blocks = [jpeg(16, 12, 10), jpeg(60, 40, 200), lossless()];
    let exif = [TAKEN];
    let strip = |block| [(0x0111, Value::Start(block)), (0x0117, Value::Length(block))];
    // CR2: the picture in the first directory, a thumbnail in the second, raw data in the third.
    let [start, length] = strip(1);
    let first = [MODEL, start, TURNED, length, (0x8769, Value::Directory(3))];
    let second = [(0x0201, Value::Start(0)), (0x0202, Value::Length(0))];
    let cr2 = tiff(
        TIFF,
        &[(&first, Some(1)), (&second, Some(2)), (&strip(2), None), (&exif, None)],
        &blocks,
    );
    check("a.CR2", &cr2, Container::Tiff);
    // NEF, ARW, DNG, PEF: the picture in a directory below the first.
    let first = [MODEL, TURNED, (0x014A, Value::Directory(1)), (0x8769, Value::Directory(2))];
    let below = [(0x0201, Value::Start(1)), (0x0202, Value::Length(1))];
    let nef = tiff(TIFF, &[(&first, None), (&below, None), (&exif, None)], &blocks);
    for name in ["a.nef", "a.ARW", "a.dng", "a.pef"] {
        check(name, &nef, Container::Tiff);
    }
    // ORF and RW2 have another second word; RW2 has the picture as a value.
    check("a.orf", &[b"IIRO", &nef[4..]].concat(), Container::Tiff);
    let first = [(0x002E, Value::Block(1)), MODEL, TURNED, (0x8769, Value::Directory(1))];
    let rw2 = tiff([0x55, 0], &[(&first, None), (&exif, None)], &blocks);
    check("a.RW2", &rw2, Container::Tiff);
}

/// A box of ISO base media.
fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [&(body.len() as u32 + 8).to_be_bytes()[..], kind, body].concat()
}

const CANON_ID: [u8; 16] = *b"\x85\xC0\xB6\x87\x82\x0F\x11\xE0\x81\x11\xF4\xCE\x46\x2B\x6A\x48";
const PREVIEW_ID: [u8; 16] = *b"\xEA\xF4\x2B\x5E\x1C\x98\x4B\x88\xB9\xFB\xB7\xDC\x40\x6E\x4D\x16";

/// A CR3 whose track of one JPEG is of `full`, with a preview of `preview`.
fn cr3(full: &[u8], preview: &[u8]) -> Vec<u8> {
    let cmt1 = tiff(TIFF, &[(&[MODEL, TURNED], None)], &[]);
    let cmt2 = tiff(TIFF, &[(&[TAKEN], None)], &[]);
    let thumb = [&[0; 16][..], &jpeg(16, 12, 10)].concat();
    let canon =
        [&CANON_ID[..], &boxed(b"CMT1", &cmt1), &boxed(b"CMT2", &cmt2), &boxed(b"THMB", &thumb)];
    let track = |start: u64| {
        let sizes =
            [&[0; 4][..], &(full.len() as u32).to_be_bytes(), &1_u32.to_be_bytes()].concat();
        let chunks = [&[0; 4][..], &1_u32.to_be_bytes(), &start.to_be_bytes()].concat();
        let table = boxed(b"stbl", &[boxed(b"stsz", &sizes), boxed(b"co64", &chunks)].concat());
        boxed(b"trak", &boxed(b"mdia", &boxed(b"minf", &table)))
    };
    let file = |start| {
        let moov = boxed(b"moov", &[boxed(b"uuid", &canon.concat()), track(start)].concat());
        let shown = boxed(b"PRVW", &[&[0; 16][..], preview].concat());
        let previews = boxed(b"uuid", &[&PREVIEW_ID[..], &[0; 8], &shown].concat());
        let head = [boxed(b"ftyp", b"crx \0\0\0\x01crx isom"), moov, previews].concat();
        let at = head.len() as u64 + 8;
        (at, [head, boxed(b"mdat", full)].concat())
    };
    let (start, _) = file(0);
    file(start).1
}

#[test]
fn the_largest_picture_in_boxes_is_shown() {
    check("a.CR3", &cr3(&jpeg(60, 40, 200), &jpeg(20, 14, 10)), Container::Boxes);
    // Where the track is of something else, the preview is.
    check("a.cr3", &cr3(&lossless(), &jpeg(60, 40, 200)), Container::Boxes);
}

#[test]
fn the_picture_that_fujifilms_header_names_is_shown() {
    let exif = tiff(
        TIFF,
        &[(&[MODEL, TURNED, (0x8769, Value::Directory(1))], None), (&[TAKEN], None)],
        &[],
    );
    let plain = jpeg(60, 40, 200);
    let segment = [b"Exif\0\0", &exif[..]].concat();
    let length = (segment.len() as u16 + 2).to_be_bytes();
    let jpeg = [&plain[..2], &[0xFF, 0xE1], &length, &segment, &plain[2..]].concat();
    let mut raf = b"FUJIFILMCCD-RAW 0201".to_vec();
    raf.resize(84, 0);
    raf.extend(160_u32.to_be_bytes());
    raf.extend((jpeg.len() as u32).to_be_bytes());
    raf.resize(160, 0);
    raf.extend(jpeg);
    raf.resize(raf.len() + 5000, 0x77);
    check("a.RAF", &raf, Container::Raf);
}

#[test]
fn only_what_is_needed_of_a_large_file_is_read() {
    let blocks = [vec![0x33; 8 << 20], jpeg(60, 40, 200), vec![0x44; 8 << 20]];
    let first = [MODEL, (0x0111, Value::Start(1)), TURNED, (0x0117, Value::Length(1))];
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.cr2");
    fs::write(&path, tiff(TIFF, &[(&first, None)], &blocks)).unwrap();
    let mut source = Source::open(&path).unwrap();
    decode::picture_in(&mut source, &path).unwrap();
    assert!(source.bytes_read() < 200 << 10, "{} bytes were read", source.bytes_read());
}

#[test]
fn a_raw_file_without_a_picture_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let first =
        [MODEL, (0x0111, Value::Start(0)), (0x0117, Value::Length(0)), (0x0100, Value::Long(9))];
    fs::write(dir.path().join("a.nef"), tiff(TIFF, &[(&first, None)], &[lossless()])).unwrap();
    let summary = read(dir.path());
    assert_eq!((summary.photos, summary.failed.len()), (1, 1));
    assert!(summary.failed[0].1.contains("has no picture in it that is shown"), "{summary:?}");
}

fn read(folder: &Path) -> index::Summary {
    index::index(&[PathBuf::from(folder)], &Cached::none(Coding::Bc7), Timestamp(0), &|_, _| {})
}

#[test]
fn a_pair_is_one_photo_and_its_raw_file_is_not_opened() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.JPG"), jpeg(60, 40, 200)).unwrap();
    fs::write(dir.path().join("a.CR3"), "not even a raw file").unwrap();
    fs::write(dir.path().join("b.CR3"), cr3(&jpeg(60, 40, 200), &jpeg(20, 14, 10))).unwrap();
    let summary = read(dir.path());
    assert_eq!((summary.photos, summary.opens, summary.failed.len()), (2, 2, 0), "{summary:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_no_panic(
        kind in 0..3_usize,
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..40),
        cut in any::<prop::sample::Index>(),
    ) {
        let first = [MODEL, TURNED, (0x014A, Value::Directory(1)), (0x8769, Value::Directory(2))];
        let below = [(0x0201, Value::Start(0)), (0x0202, Value::Length(0))];
        let small = jpeg(20, 14, 10);
        let mut bytes = match kind {
            0 => tiff(TIFF, &[(&first, None), (&below, None), (&[TAKEN], None)], &[small]),
            1 => cr3(&small, &small),
            _ => [&b"FUJIFILMCCD-RAW "[..], &[0; 200]].concat(),
        };
        let length = bytes.len().min(400);
        for (at, value) in edits {
            bytes[at.index(length)] = value;
        }
        bytes.truncate(cut.index(bytes.len()) + 1);
        let file = tempfile::Builder::new().suffix(".cr2").tempfile().unwrap();
        fs::write(file.path(), &bytes).unwrap();
        let mut source = Source::open(file.path()).unwrap();
        if let Some(container) = Container::of(&bytes) {
            raw::picture(&mut source, container).unwrap();
        }
        _ = decode::header_of(&mut source, file.path());
    }
}
