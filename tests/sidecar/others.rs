//! exiftool and exiv2 read what we wrote, and we read what they wrote.
//!
//! Where they are not installed the tests skip with a printed line.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use rushlight::core::said::Said;
use rushlight::disk::sidecar;
use serde_json::Value;

use super::clerk::said;
use super::foreign::DARKTABLE;
use super::foreign::DIGIKAM;
use super::foreign::LIGHTROOM;

/// Whether a program is missing, which is told.
fn is_missing(program: &str, version: &str) -> bool {
    let is_missing = !Command::new(program).arg(version).output().is_ok_and(|o| o.status.success());
    if is_missing {
        println!("skipped: {program} is not installed");
    }
    is_missing
}

/// What exiftool reads, with the names of groups.
fn exiftool(path: &Path) -> Value {
    let output = Command::new("exiftool")
        .args(["-json", "-G1", "-a", "-struct", "-all:all", "-validate", "-warning"])
        .arg(path)
        .output()
        .unwrap();
    let all: Value = serde_json::from_slice(&output.stdout).unwrap();
    all[0].clone()
}

/// What exiv2 reads, as lines of key and value; it must find nothing to complain of.
fn exiv2(path: &Path) -> Vec<String> {
    let output = Command::new("exiv2").args(["-PXkv"]).arg(path).output().unwrap();
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() && words.is_empty(), "{words}");
    let lines = String::from_utf8(output.stdout).unwrap();
    lines.lines().map(|l| l.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

fn full() -> Said {
    Said {
        rating: Some(-1),
        stars: Some(4),
        pick: Some(1),
        colour: Some("Red".into()),
        tags: vec![Arc::from("Anna & Bo"), Arc::from("été <1>")],
    }
}

#[test]
fn exiftool_reads_our_sidecars_as_they_are_meant() {
    if is_missing("exiftool", "-ver") {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    for (name, before) in [
        ("new", None),
        ("lightroom", Some(LIGHTROOM)),
        ("darktable", Some(DARKTABLE)),
        ("digikam", Some(DIGIKAM)),
    ] {
        let path = dir.path().join(format!("{name}.xmp"));
        if let Some(text) = before {
            fs::write(&path, text).unwrap();
        }
        let foreign = before.map(|_| exiftool(&path));
        sidecar::write(&path, &full(), sidecar::stamp(&path).unwrap()).unwrap();
        let found = exiftool(&path);
        assert_eq!(found["XMP-xmp:Rating"], -1, "{name}: {found:#}");
        assert_eq!(found["XMP-xmp:Label"], "Red", "{name}");
        assert_eq!(found["XMP-digiKam:PickLabel"], 1, "{name}: {found:#}");
        assert_eq!(found["XMP-dc:Subject"].as_array().unwrap().len(), 2, "{name}");
        assert!(found["XMP-dc:Subject"].to_string().contains("été <1>"), "{name}");
        // It complains of nothing but what it complained of in the other program's own.
        let verdict =
            foreign.as_ref().map_or(Value::from("OK"), |f| f["ExifTool:Validate"].clone());
        assert_eq!(found["ExifTool:Validate"], verdict, "{name}: {found:#}");
        let warning = foreign.as_ref().and_then(|f| f.get("ExifTool:Warning"));
        assert_eq!(found.get("ExifTool:Warning"), warning, "{name}: {found:#}");
        // Everything else that it read before it reads now.
        let ours = ["Rating", "Label", "PickLabel", "Subject", "Stars"];
        for (key, value) in foreign.as_ref().and_then(Value::as_object).into_iter().flatten() {
            let is_about_the_file = key.starts_with("System:") || key.starts_with("ExifTool:");
            let is_ours = key.starts_with("XMP-")
                && !key.starts_with("XMP-microsoft")
                && ours.contains(&key.split(':').nth(1).unwrap());
            if !is_about_the_file && !is_ours && key != "SourceFile" {
                assert_eq!(&found[key], value, "{name}: {key}");
            }
        }
    }
}

#[test]
fn exiv2_reads_our_sidecars_as_they_are_meant() {
    if is_missing("exiv2", "--version") {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    for (name, before) in
        [("new", None), ("lightroom", Some(LIGHTROOM)), ("digikam", Some(DIGIKAM))]
    {
        let path = dir.path().join(format!("{name}.xmp"));
        if let Some(text) = before {
            fs::write(&path, text).unwrap();
        }
        sidecar::write(&path, &full(), sidecar::stamp(&path).unwrap()).unwrap();
        let found = exiv2(&path);
        for line in [
            "Xmp.xmp.Rating -1",
            "Xmp.xmp.Label Red",
            "Xmp.digiKam.PickLabel 1",
            "Xmp.dc.subject Anna & Bo, été <1>",
            "Xmp.rushlight.Stars 4",
        ] {
            assert!(found.iter().any(|l| l == line), "{name}: {line} in {found:#?}");
        }
    }
}

#[test]
fn what_exiftool_wrote_is_read_and_survives_us() {
    if is_missing("exiftool", "-ver") {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.xmp");
    let write = |words: &[&str]| {
        let status = Command::new("exiftool")
            .args(["-q", "-overwrite_original"])
            .args(words)
            .arg(&path)
            .status()
            .unwrap();
        assert!(status.success());
    };
    write(&[
        "-XMP-xmp:Rating=4",
        "-XMP-xmp:Label=Purple",
        "-XMP-dc:Subject=a",
        "-XMP-dc:Subject=b",
        "-XMP-dc:Creator=Zoë",
        "-XMP-photoshop:City=Brünn",
        "-XMP-lr:HierarchicalSubject=x|y",
        "-XMP-digiKam:PickLabel=3",
        "-XMP-iptcExt:LocationShownCity=Wien",
    ]);
    let theirs = exiftool(&path);
    let tags = vec![Arc::from("a"), Arc::from("b")];
    let expect =
        Said { rating: Some(4), stars: None, pick: Some(3), colour: Some("Purple".into()), tags };
    assert_eq!(said(&path), expect);
    let changed = Said { rating: Some(2), ..expect.clone() };
    sidecar::write(&path, &changed, sidecar::stamp(&path).unwrap()).unwrap();
    let ours = exiftool(&path);
    for key in ["XMP-dc:Creator", "XMP-photoshop:City", "XMP-lr:HierarchicalSubject"] {
        assert_eq!((&ours[key], ours.get(key).is_some()), (&theirs[key], true), "{key}");
    }
    assert_eq!(ours["XMP-xmp:Rating"], 2);
    // And it goes on from there.
    write(&["-XMP-xmp:Rating=5"]);
    assert_eq!(said(&path), Said { rating: Some(5), ..expect });
}
