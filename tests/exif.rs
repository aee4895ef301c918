//! What real cameras wrote, compared with what an independent, widely trusted reader
//! (metadata-extractor) found in the same files.
//!
//! Agreement is asked for within the precision that the reader prints: "f/2.8" is 2.75 to 2.85,
//! "0.02 sec" is 0.015 to 0.025, "1/15 sec" is that fraction. Where it found nothing, nothing is
//! asked; its blank dates and zeros are nothing. [`DIFFERENCES`] holds what differs, with a reason.

#[path = "support/shared.rs"]
mod shared;

use std::collections::BTreeSet;
use std::path::Path;

use rushlight::core::photo::PhotoMeta;
use rushlight::core::photo::Turn;
use rushlight::disk::exif;
use rushlight::disk::source::Source;
use serde_json::Value;

/// File, field, and why ours differs. A row that is no longer needed fails the test.
const DIFFERENCES: &[(&str, &str, &str)] = &[];

/// What we read; nothing of a file that does not begin like a picture.
fn meta_of(path: &Path) -> PhotoMeta {
    let mut source = Source::open(path).expect("the file opens");
    match source.format() {
        Ok(format) => exif::read(&mut source, format, path).expect("the file is read"),
        Err(_) => PhotoMeta::default(),
    }
}

/// A printed number with its precision: half a unit of its last digit, none for a fraction.
fn printed(text: &str) -> (f64, f64) {
    let number = |text: &str| text.trim().parse::<f64>().expect("a number was printed");
    if let Some((above, below)) = text.split_once('/') {
        return (number(above) / number(below), 0.0);
    }
    let decimals = text.split_once('.').map_or(0, |(_, digits)| digits.len());
    (number(text), 0.5 / 10_f64.powi(i32::try_from(decimals).expect("few digits")))
}

/// Whether `ours` is what was printed; a printed zero is nothing.
fn agrees(text: &str, ours: Option<f64>) -> bool {
    let (expect, precision) = printed(text);
    match ours {
        None => expect == 0.0,
        // A printed zero may be a small number: "0 sec" for 1/4000.
        Some(ours) => (ours - expect).abs() <= precision + expect.abs() * 1e-6 + f64::EPSILON,
    }
}

/// `2010:12:12 12:41:35` with the digits behind the point, in our words; none for a blank date.
fn civil(text: &str, fraction: Option<&str>) -> Option<String> {
    let is_blank = !text.bytes().any(|b| (b'1'..=b'9').contains(&b));
    let micros = format!("{:0<6.6}", fraction.unwrap_or_default().trim());
    (!is_blank).then(|| format!("{text}.{micros}"))
}

fn turn_of(words: &str) -> Turn {
    Turn::from_exif(match words.split(" (").next().expect("the first part is there") {
        "Top, left side" => 1,
        "Right side, top" => 6,
        "Left side, bottom" => 8,
        other => panic!("an orientation that this test does not know: {other}"),
    })
}

/// The fields in which ours differs from the other reader's, each with both values.
fn differences(expected: &Value, meta: &PhotoMeta) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    let text = |key: &str| expected[key].as_str().map(str::to_owned);
    let mut note = |key: &'static str, is_equal: bool, ours: String| {
        if !is_equal {
            found.push((key, format!("expected {:?}, found {ours}", expected[key])));
        }
    };
    for (key, ours) in [("make", &meta.make), ("model", &meta.model)] {
        if let Some(expect) = text(key).filter(|t| !t.trim().is_empty()) {
            note(key, ours.as_deref() == Some(expect.trim()), format!("{ours:?}"));
        }
    }
    if let Some(words) = text("orientation") {
        note("orientation", meta.turn == turn_of(&words), format!("{:?}", meta.turn));
    }
    let fraction = text("subsec_original");
    if let Some(expect) = text("date_time_original").and_then(|t| civil(&t, fraction.as_deref())) {
        let ours = meta.captured.map(|at| {
            let [y, mo, d, h, mi, s] = at.to_civil();
            let micros = at.0.rem_euclid(1_000_000);
            format!("{y:04}:{mo:02}:{d:02} {h:02}:{mi:02}:{s:02}.{micros:06}")
        });
        note("date_time_original", ours.as_deref() == Some(expect.as_str()), format!("{ours:?}"));
    }
    let side = |i: usize| meta.size_px.map(|size| f64::from(size[i]));
    let numbers = [
        ("image_width", side(0)),
        ("image_height", side(1)),
        ("iso", meta.iso.map(f64::from)),
        ("f_number", meta.f_number.map(f64::from)),
        ("exposure_time", meta.exposure_seconds),
        ("focal_length", meta.focal_mm.map(f64::from)),
    ];
    for (key, ours) in numbers {
        if let Some(printed) = text(key) {
            let bare = printed.trim_start_matches("f/").trim_end_matches(" sec");
            note(key, agrees(bare.trim_end_matches(" mm"), ours), format!("{ours:?}"));
        }
    }
    found
}

#[test]
fn real_cameras_are_read_as_another_reader_reads_them() {
    let Some(folder) = shared::folder("cameras") else { return };
    let list = std::fs::read_to_string(folder.join("expected.json")).expect("the list is read");
    let list: Value = serde_json::from_str(&list).expect("the list is JSON");
    let mut failures = Vec::new();
    let mut unused: BTreeSet<_> = DIFFERENCES.iter().map(|&(file, key, _)| (file, key)).collect();
    let mut count = 0;
    for (name, expected) in list.as_object().expect("the list is an object") {
        count += 1;
        for (key, words) in differences(expected, &meta_of(&folder.join(name))) {
            if !unused.remove(&(name.as_str(), key)) {
                failures.push(format!("{name}: {key}: {words}"));
            }
        }
    }
    assert_eq!(count, 133, "files in the list");
    assert!(failures.is_empty(), "{} differences:\n{}", failures.len(), failures.join("\n"));
    assert!(unused.is_empty(), "these agree now, take them off the table: {unused:?}");
}
