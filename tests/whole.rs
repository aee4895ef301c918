//! Real cameras' photos are shown, whole ones all and damaged ones never as if they were whole; and
//! their embedded thumbnails are found.
//!
//! The files of ImageTestSuite are left out: they were broken on purpose.

#[path = "support/shared.rs"]
mod shared;

use std::path::Path;
use std::path::PathBuf;

use rayon::prelude::*;

use rushlight::core::coded::Coding;
use rushlight::core::photo::Turn;
use rushlight::disk::DiskError;
use rushlight::disk::DiskResult;
use rushlight::disk::exif;
use rushlight::disk::picture;
use rushlight::disk::picture::Limits;
use rushlight::disk::source::Format;
use rushlight::disk::source::Source;

/// Larger files are damaged in the same way and take an unoptimized build longer.
const DAMAGED_BYTES_MAX: usize = 400_000;

/// Damages that pass, with why. A row that is no longer needed fails the test.
const PASSES: &[(&str, &str)] = &[
    ("FujiFilm DX-5.jpg: cut, with an end marker", UNSETTLED),
    ("Issue 125.jpg: cut, with an end marker", UNSETTLED),
    ("Sony Cybershot (3).jpg: cut, with an end marker", UNSETTLED),
    ("Issue 122.jpg: cut, with an end marker", "too narrow to tell what repeats"),
    ("Issue 508.jpg", "one pixel: half of its data holds it"),
    ("Issue 116.jpg: cut, with an end marker", PROGRESSIVE),
    ("Issue 242.jpg: cut, with an end marker", PROGRESSIVE),
    ("Photoshop (2).jpg: cut, with an end marker", PROGRESSIVE),
];

const UNSETTLED: &str = "at 85 % only: the few rows left do not come to repeat one block";
const PROGRESSIVE: &str = "progressive: its first scan is the whole picture, without detail";

/// Thumbnails that are refused, with what is seen in them.
const REFUSED: &[(&str, &str)] = &[
    ("Epson PhotoPC 3000Z.jpg", "the picture was turned, the thumbnail was not"),
    ("FujiFilm MX-2900Zoom.jpg", "the picture was turned, the thumbnail was not"),
    ("Kodak DC3400.jpg", "one bar, above: it has no middle to cut out"),
    ("Ricoh RDC5300.jpg", "the picture goes on at the right"),
    ("Sony Cybershot (3).jpg", "the picture was cut out and turned, the thumbnail was not"),
];

fn photos() -> Option<Vec<PathBuf>> {
    let folder = shared::folder("cameras")?;
    let entries = std::fs::read_dir(folder).expect("the folder is read");
    let paths = entries.map(|entry| entry.expect("the folder is read").path());
    let is_photo = |path: &PathBuf| path.extension().is_some_and(|e| e.eq_ignore_ascii_case("jpg"));
    Some(paths.filter(is_photo).collect())
}

fn name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).expect("their names are text")
}

fn show(bytes: &[u8], path: &Path) -> DiskResult<()> {
    let limits = Limits::default();
    picture::decode_tile(bytes, Format::Jpeg, Turn::NONE, Coding::Rgba8, &limits, path).map(drop)
}

/// Where the picture's data begins and ends: behind the first SOS, before the first end marker.
fn scan_of(bytes: &[u8]) -> [usize; 2] {
    let mut at = 2;
    while bytes[at + 1] != 0xDA {
        let is_segment = bytes[at] == 0xFF && !matches!(bytes[at + 1], 0 | 0xFF);
        let length = usize::from(u16::from_be_bytes([bytes[at + 2], bytes[at + 3]]));
        at += if is_segment { 2 + length } else { 1 };
    }
    let start = at + 14;
    let end = memchr::memmem::find(&bytes[start..], &[0xFF, 0xD9]);
    [start, start + end.expect("whole files end")]
}

/// The file as an interrupted copy, a full card and a recovery program leave it.
fn damaged(bytes: &[u8], percent: usize) -> [(&'static str, Vec<u8>); 4] {
    let [start, end] = scan_of(bytes);
    let at = start + (end - start) * percent / 100;
    let filled = |with| [&bytes[..at], &vec![with; bytes.len() - at]].concat();
    [
        ("cut", bytes[..at].to_vec()),
        ("cut, with an end marker", [&bytes[..at], &[0xFF, 0xD9]].concat()),
        ("filled up with zeros", filled(0)),
        ("filled up with ones", filled(0xFF)),
    ]
}

#[test]
fn every_photo_of_a_real_camera_is_shown() {
    let Some(paths) = photos() else { return };
    assert!(paths.len() > 70, "{} photos", paths.len());
    let show = |path: &PathBuf| show(&std::fs::read(path).expect("the file is read"), path).err();
    let failed: Vec<_> = paths.par_iter().filter_map(show).map(|e| e.to_string()).collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn a_damaged_photo_is_not_shown_as_a_whole_one() {
    let Some(paths) = photos() else { return };
    let passed = |path: &PathBuf| {
        let bytes = std::fs::read(path).expect("the file is read");
        if bytes.len() > DAMAGED_BYTES_MAX {
            return Vec::new();
        }
        let all = [30, 60, 85].into_iter().flat_map(|percent| damaged(&bytes, percent));
        all.filter(|(_, bytes)| show(bytes, path).is_ok())
            .map(|(kind, _)| format!("{}: {kind}", name(path)))
            .collect()
    };
    let mut passed: Vec<_> = paths.par_iter().flat_map_iter(passed).collect();
    let mut unused = PASSES.to_vec();
    unused.retain(|(start, _)| !passed.iter().any(|words| words.starts_with(start)));
    assert!(unused.is_empty(), "these are told now, take them off the table: {unused:?}");
    passed.retain(|words| !PASSES.iter().any(|(start, _)| words.starts_with(start)));
    passed.sort();
    assert!(passed.is_empty(), "{}", passed.join("\n"));
}

#[test]
fn embedded_thumbnails_are_found_and_shown() {
    let Some(paths) = photos() else { return };
    let (mut shown, mut refused) = (0, Vec::new());
    for path in &paths {
        let mut source = Source::open(path).expect("the file opens");
        let meta = exif::read(&mut source, Format::Jpeg, path).expect("the file is read");
        let Some(range) = meta.thumbnail.clone() else { continue };
        let bytes = source.range(range).expect("the file is read");
        match picture::decode_thumbnail(&bytes, meta.turn, meta.size_px, path) {
            Ok(_) => shown += 1,
            Err(DiskError::Damaged { reason, .. }) if reason.contains("another shape") => {
                refused.push(name(path));
            }
            Err(error) => panic!("{error}"),
        }
    }
    println!("{shown} thumbnails shown, {} refused, of {} photos", refused.len(), paths.len());
    refused.sort_unstable();
    assert_eq!(refused, REFUSED.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    assert_eq!(shown, 51);
}
