//! Raw files, made by their descriptions: each is shown by the largest JPEG in it, with what its
//! header says, and a hostile one costs no more than some short reads.

#[path = "support/raw_writer.rs"]
mod raw_writer;

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;
use raw_writer::Tiff;
use raw_writer::Value;
use raw_writer::Value::Bytes;
use raw_writer::Value::Directories;
use raw_writer::Value::Directory;
use raw_writer::Value::Long;
use raw_writer::Value::MakerNote;
use raw_writer::Value::Ratio;
use raw_writer::Value::Short;
use raw_writer::Value::Text;
use raw_writer::Value::To;
use raw_writer::boxed;
use raw_writer::jpeg;
use raw_writer::lossless;
use raw_writer::track;
use rushlight::core::coded::Coding;
use rushlight::core::colour::working_from_srgb;
use rushlight::core::photo::PhotoMeta;
use rushlight::core::photo::Timestamp;
use rushlight::core::photo::Turn;
use rushlight::disk::DiskError;
use rushlight::disk::DiskResult;
use rushlight::disk::exif;
use rushlight::disk::picture;
use rushlight::disk::raw;
use rushlight::disk::source::Format;
use rushlight::disk::source::Source;
use rushlight::jobs::cached::Cached;
use rushlight::jobs::decode::picture_in;
use rushlight::jobs::index::index;

const LARGE_PX: [u32; 2] = [640, 400];
const GREEN: [u8; 3] = [20, 200, 40];
const RED: [u8; 3] = [220, 20, 20];

fn large() -> Vec<u8> {
    jpeg(LARGE_PX, GREEN)
}

fn small() -> Vec<u8> {
    jpeg([160, 120], RED)
}

/// The pair of tags of a JPEG.
fn pair(bytes: Vec<u8>) -> Vec<(u16, Value)> {
    let length = Long(bytes.len() as u32);
    vec![(0x0201, To(bytes)), (0x0202, length)]
}

/// A strip in a coding.
fn strip(compression: u16, bytes: Vec<u8>) -> Vec<(u16, Value)> {
    let length = Long(bytes.len() as u32);
    vec![(0x0103, Short(compression)), (0x0111, To(bytes)), (0x0117, length)]
}

fn exif_entries() -> Vec<(u16, Value)> {
    vec![
        (0x829A, Ratio(1, 250)),
        (0x8827, Short(400)),
        (0x9003, Text("2026:05:03 12:00:01")),
        (0xA434, Text("Lens 50mm")),
    ]
}

/// The picture's directory, turned by a quarter, with more entries behind.
fn main_entries(rest: Vec<(u16, Value)>) -> Vec<(u16, Value)> {
    with_exif(exif_entries(), rest)
}

fn with_exif(exif: Vec<(u16, Value)>, rest: Vec<(u16, Value)>) -> Vec<(u16, Value)> {
    let mut entries = camera_entries();
    entries.extend(rest);
    entries.push((0x8769, Directory(exif)));
    entries
}

fn camera_entries() -> Vec<(u16, Value)> {
    vec![(0x010F, Text("Maker")), (0x0110, Text("Model 7")), (0x0112, Short(6))]
}

fn cr2() -> Vec<u8> {
    let chain =
        vec![main_entries(strip(6, large())), pair(small()), strip(6, lossless([6000, 4000]))];
    Tiff::file([42, 0], chain)
}

fn nef() -> Vec<u8> {
    let children = vec![pair(large()), strip(34713, vec![0; 5000])];
    Tiff::file([42, 0], vec![main_entries(vec![(0x014A, Directories(children))])])
}

fn dng() -> Vec<u8> {
    let children = vec![strip(7, lossless([6000, 4000])), strip(7, large())];
    let mut entries = strip(1, vec![0; 300]);
    entries.push((0x014A, Directories(children)));
    Tiff::file([42, 0], vec![main_entries(entries)])
}

fn arw() -> Vec<u8> {
    let mut entries = pair(large());
    entries.push((0x014A, Directory(strip(32767, vec![0; 5000]))));
    Tiff::file([42, 0], vec![main_entries(entries), pair(small())])
}

fn pef() -> Vec<u8> {
    Tiff::file([42, 0], vec![main_entries(Vec::new()), pair(small()), pair(large())])
}

fn rw2() -> Vec<u8> {
    Tiff::file([b'U', 0], vec![main_entries(vec![(0x002E, Bytes(large()))])])
}

fn orf() -> Vec<u8> {
    let length = Long(large().len() as u32);
    let settings = vec![(0x0101, To(large())), (0x0102, length)];
    let mut exif = exif_entries();
    exif.push((0x927C, MakerNote(b"OLYMPUS\0II\x03\0", vec![(0x2020, Directory(settings))])));
    Tiff::file(*b"RO", vec![with_exif(exif, Vec::new())])
}

fn raf() -> Vec<u8> {
    let block = Tiff::file([42, 0], vec![main_entries(Vec::new())]);
    let picture = large();
    let length = (block.len() as u16 + 8).to_be_bytes();
    let segment = [&[0xFF, 0xE1], &length[..], b"Exif\0\0", &block].concat();
    let jpeg = [&picture[..2], &segment, &picture[2..]].concat();
    let mut bytes = b"FUJIFILMCCD-RAW 0201".to_vec();
    bytes.resize(84, 0);
    bytes.extend(200_u32.to_be_bytes());
    bytes.extend((jpeg.len() as u32).to_be_bytes());
    bytes.resize(200, 0);
    bytes.extend(jpeg);
    bytes.extend([0; 5000]);
    bytes
}

/// A CR3 whose large picture is in a track, or is not there at all.
fn cr3(has_track: bool) -> Vec<u8> {
    let picture = Tiff::file([42, 0], vec![camera_entries()]);
    let exif = Tiff::file([42, 0], vec![exif_entries()]);
    let name = [&[0x85, 0xC0, 0xB6, 0x87][..], &[0; 12]].concat();
    let canon = [name, boxed(b"CMT1", &picture), boxed(b"CMT2", &exif)].concat();
    let shown = if has_track { small() } else { large() };
    let head = [&[0; 16][..], &shown].concat();
    let name = [&[0xEA, 0xF4, 0x2B, 0x5E][..], &[0; 20]].concat();
    let previews = boxed(b"uuid", &[name, boxed(b"PRVW", &head)].concat());
    let start = boxed(b"ftyp", b"crx \0\0\0\x01crx isom");
    let movie = |at| {
        let tracks = if has_track { track(large().len() as u32, at) } else { Vec::new() };
        boxed(b"moov", &[boxed(b"uuid", &canon), tracks].concat())
    };
    let before = start.len() + movie(0).len() + previews.len() + 8;
    let media = boxed(b"mdat", &large());
    [start, movie(before as u64), previews, media].concat()
}

fn write(name: &str, bytes: &[u8]) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().expect("a folder is made");
    let path = folder.path().join(name);
    fs::write(&path, bytes).expect("a file is written");
    (folder, path)
}

fn meta_of(path: &Path) -> DiskResult<(PhotoMeta, u64)> {
    let mut source = Source::open(path)?;
    let format = source.format()?;
    let meta = exif::read(&mut source, format, path)?;
    Ok((meta, source.bytes_read()))
}

#[track_caller]
fn check(name: &str, bytes: &[u8]) {
    let (_folder, path) = write(name, bytes);
    let (meta, _) = meta_of(&path).expect("the header is read");
    assert_eq!(meta.model.as_deref(), Some("Model 7"), "{name}");
    assert_eq!(meta.iso, Some(400), "{name}");
    assert_eq!(meta.turn, Turn::from_exif(6), "{name}");
    assert_eq!(meta.lens.as_deref(), Some("Lens 50mm"), "{name}");
    let civil = meta.captured.map(Timestamp::to_civil);
    assert_eq!(civil, Some([2026, 5, 3, 12, 0, 1]), "{name}");
    assert_eq!(meta.size_px, Some(LARGE_PX), "{name}");

    let mut source = Source::open(&path).expect("the file opens");
    let (format, turn, bytes) = picture_in(&mut source, &path).expect("it has a picture");
    assert_eq!(format, Format::Jpeg, "{name}");
    let limits = picture::Limits::default();
    let tile = picture::decode_tile(bytes, format, turn, Coding::Bc7, &limits, &path)
        .expect("it is decoded");
    assert_eq!(tile.full_size_px, [LARGE_PX[1], LARGE_PX[0]], "{name}");
    let mut green = [GREEN[0], GREEN[1], GREEN[2], 255];
    working_from_srgb(&mut green);
    let is_green = tile.mean.iter().zip(green).all(|(a, b)| a.abs_diff(b) < 8);
    assert!(is_green, "{name}: {:?}", tile.mean);
}

#[test]
fn each_makers_file_is_shown_by_its_largest_picture() {
    check("a.CR2", &cr2());
    check("a.nef", &nef());
    check("a.dng", &dng());
    check("a.ARW", &arw());
    check("a.PEF", &pef());
    check("a.RW2", &rw2());
    check("a.ORF", &orf());
    check("a.RAF", &raf());
    check("a.CR3", &cr3(true));
    check("without a track.CR3", &cr3(false));
}

#[test]
fn a_header_costs_a_few_short_reads_whatever_lies_between() {
    let mut bytes = nef();
    bytes.resize(30_000_000, 0);
    let (_folder, path) = write("a.nef", &bytes);
    let (_, bytes_read) = meta_of(&path).unwrap();
    assert!(bytes_read < 70_000, "{bytes_read} bytes were read");
}

#[test]
fn a_raw_file_without_a_picture_says_so() {
    let (_folder, path) = write("a.dng", &Tiff::file([42, 0], vec![main_entries(Vec::new())]));
    let mut source = Source::open(&path).unwrap();
    let error = picture_in(&mut source, &path).unwrap_err();
    assert!(matches!(error, DiskError::NoPicture { .. }), "{error}");
    assert_eq!(meta_of(&path).unwrap().0.iso, Some(400), "its header is read all the same");
}

#[test]
fn a_plain_tiff_is_no_raw_file() {
    let (_folder, path) = write("a.tif", &cr2());
    assert_eq!(Source::open(&path).unwrap().format().unwrap(), Format::Tiff);
    assert!(!raw::has_raw_name(Path::new("a.tif")) && raw::has_raw_name(Path::new("b.Cr3")));
}

#[test]
fn a_pair_is_one_photo_and_a_raw_file_alone_is_one_too() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in [("1.JPG", large()), ("1.CR2", cr2()), ("2.CR3", cr3(true))] {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    let cached = Cached::none(Coding::Bc7);
    let summary = index(&[folder.path().to_owned()], &cached, Timestamp(0), &|_, _| {});
    assert_eq!(summary.failed, []);
    assert_eq!([summary.photos, summary.opens, summary.decodes], [2, 2, 2]);
}

#[test]
fn directories_that_point_at_each_other_are_looked_at_once() {
    let mut bytes = Tiff::file([42, 0], vec![main_entries(Vec::new())]);
    // The chain leads back to its first directory.
    let first = u32::from_le_bytes(*bytes[4..].first_chunk().unwrap()) as usize;
    let count = usize::from(u16::from_le_bytes(*bytes[first..].first_chunk().unwrap()));
    let link = first + 2 + count * 12;
    bytes[link..link + 4].copy_from_slice(&(first as u32).to_le_bytes());
    let (_folder, path) = write("a.nef", &bytes);
    let (meta, bytes_read) = meta_of(&path).unwrap();
    assert_eq!((meta.size_px, bytes_read), (None, bytes.len() as u64));
}

/// One file of each kind, made once: encoding takes longer than reading.
static WHOLE: LazyLock<[(&str, Vec<u8>); 9]> = LazyLock::new(|| {
    [
        ("a.cr2", cr2()),
        ("a.nef", nef()),
        ("a.dng", dng()),
        ("a.arw", arw()),
        ("a.pef", pef()),
        ("a.rw2", rw2()),
        ("a.orf", orf()),
        ("a.raf", raf()),
        ("a.cr3", cr3(true)),
    ]
});

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever is damaged, the walk ends soon and hands out nothing beyond the file.
    #[test]
    fn damaged_raw_files_are_read_or_refused(
        which in 0..9_usize,
        damage in prop::collection::vec((0..4096_usize, any::<u8>()), 1..24),
        cut in 0..100_usize,
    ) {
        let (name, ref whole) = WHOLE[which];
        let mut bytes = whole.clone();
        let end = bytes.len();
        // Most of what is structure stands at the beginning and at the end.
        for (at, value) in damage {
            let at = if at % 2 == 0 { at % end } else { end - 1 - at % end };
            bytes[at] = value;
        }
        bytes.truncate(end * (100 - cut * cut / 100) / 100);
        let (_folder, path) = write(name, &bytes);
        if let Ok(mut source) = Source::open(&path)
            && source.format().is_ok_and(|format| format == Format::Raw)
        {
            let found = raw::find(&mut source).expect("nothing but damage is wrong");
            if let Some(picture) = found.picture {
                prop_assert!(picture.range.end <= bytes.len() as u64);
            }
            prop_assert!(source.bytes_read() < 4_000_000, "{} bytes", source.bytes_read());
        }
    }
}
