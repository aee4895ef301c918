//! A photographer's evening, from the card to the folder for the editor: pairs of JPEG and raw file,
//! a filter, decisions, a proposal accepted, a tag, a search, a slip taken back, copies, the end, and the next morning.
//!
//! What comes of it is read by exiftool, which no one here wrote; where it is not installed that part
//! is skipped with a printed line.

use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;
use serde_json::json;

use super::desktop::Desktop;
use super::desktop::wait_for;
use super::photos;
use super::photos::Logged;
use super::raw_writer;
use super::raw_writer::Tiff;
use super::raw_writer::Value as Tag;
use super::table::CURRENT;
use super::table::KEEP;
use super::table::TRASH;
use super::table::Table;

const COUNT: usize = 8;

/// What a raw developer has left beside the first raw file.
const DEVELOPED: &str = "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF \
    xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about='' \
    xmlns:crs='http://ns.adobe.com/camera-raw-settings/1.0/' crs:Exposure2012='+0.35'/>\
    </rdf:RDF></x:xmpmeta>";

/// What the program before this one has left in the folder.
const PROPOSED: &str =
    r#"{"IMG_8.jpg": {"state": "trash", "label_source": "auto", "rating": 0, "tags": []}}"#;

/// The photos of a card: each with a raw file that has its picture as a preview.
fn card(folder: &Path) -> PathBuf {
    let folder = photos::write(folder, COUNT);
    for number in 1..=COUNT {
        let preview = raw_writer::jpeg([420, 280], photos::colour(number));
        let (model, length) = (Tag::Text("Model 7"), Tag::Long(preview.len() as u32));
        let directory = vec![(0x0110, model), (0x0111, Tag::To(preview)), (0x0117, length)];
        let raw = Tiff::file([42, 0], vec![directory]);
        fs::write(folder.join(format!("IMG_{number}.CR2")), raw).expect("it is written");
    }
    fs::write(folder.join("IMG_1.xmp"), DEVELOPED).expect("it is written");
    fs::write(folder.join(".ratings_tags.json"), PROPOSED).expect("it is written");
    folder
}

/// The photos' own files, by name, with their bytes.
fn originals(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let names = (1..=COUNT).flat_map(|n| ["jpg", "CR2"].map(|e| format!("IMG_{n}.{e}")));
    names.map(|name| (name.clone(), fs::read(folder.join(name)).expect("it is there"))).collect()
}

/// The names in a folder, sorted, without hidden ones.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter(|name| !name.starts_with('.')).collect();
    names.sort();
    names
}

/// Rating, pick label, tags and the raw developer's exposure, as exiftool reads them; it must find
/// nothing to complain of in the XMP.
fn read(path: &Path) -> Option<Value> {
    let args = ["-json", "-G1", "-XMP:all", "-validate", "-warning", "-a"];
    let Ok(output) = Command::new("exiftool").args(args).arg(path).output() else {
        println!("skipped: exiftool is not installed");
        return None;
    };
    let all: Value = serde_json::from_slice(&output.stdout).expect("exiftool writes JSON");
    let warning = all[0]["ExifTool:Warning"].as_str().unwrap_or_default();
    assert!(!warning.contains("XMP"), "{warning}: {}", path.display());
    let keys =
        ["XMP-xmp:Rating", "XMP-digiKam:PickLabel", "XMP-dc:Subject", "XMP-crs:Exposure2012"];
    // A pick label of 0 is none: it is there where the slip was in the sidecar for a moment.
    let value = |key: &str| match &all[0][key] {
        none if *none == json!(0) => Value::Null,
        value => value.clone(),
    };
    Some(keys.into_iter().map(value).collect())
}

/// Decides, finds, tags and slips; leaves everything decided and all photos shown.
fn cull(table: &Table<'_>) {
    let desktop = table.desktop;
    // Keep 1, trash 2, keep 3, four stars for 4, keep 5.
    desktop.keys(&["k", "t", "k", "4", "k"]);
    table.wait_for_steps(5);
    table.see_mark(1, KEEP);
    table.see_mark(2, TRASH);
    // What is left: 4, 6, 7 and 8. The next key is for 6, where the work has got to.
    desktop.keys(&["slash", "u", "n", "d", "e", "c", "i", "d", "e", "d", "Return"]);
    desktop.see("5 gone", |shot| shot.find(photos::colour(5)).is_none().then_some(()));
    desktop.keys(&["k"]);
    let log = table.wait_for_steps(6);
    assert_eq!(log[5], Logged::of_one(6, r#"{"verdict":"keep"}"#));
    desktop.keys(&["ctrl+t", "a", "n", "n", "a", "Return"]);
    let log = table.wait_for_steps(7);
    assert_eq!(log[6], Logged::of_one(7, r#"{"tags":["anna"]}"#));
    // The program before this one would have trashed 8: the person looks at it, and accepts that.
    desktop.keys(&["Right", "y"]);
    let log = table.wait_for_steps(8);
    assert_eq!(log[7], Logged::of_one(8, r#"{"verdict":"trash"}"#));
    desktop.keys(&["Escape"]);
    desktop.see("5 back", |shot| shot.find(photos::colour(5)));
    desktop.keys(&["slash", "a", "n", "n", "a", "Return"]);
    desktop.see("5 gone", |shot| shot.find(photos::colour(5)).is_none().then_some(()));
    // Five stars for 7, and a slip that is taken back.
    desktop.keys(&["5", "t", "ctrl+z"]);
    let log = table.wait_for_steps(11);
    assert_eq!((log[10].act.as_str(), log[10].edits[0].0.as_str()), ("undo", "IMG_7.jpg"));
    desktop.keys(&["ctrl+0"]);
    desktop.see("5 back", |shot| shot.find(photos::colour(5)));
}

/// Copies the kept ones through the panel, the JPEGs with what is decided in them.
fn copy(table: &Table<'_>, folder: &Path) {
    let sidecars: Vec<String> = (1..=8).map(|n| format!("IMG_{n}.xmp")).collect();
    wait_for("a sidecar of each photo that is decided on", || {
        let names = names(folder);
        sidecars.iter().all(|name| names.contains(name)).then_some(())
    });
    let expect: Vec<String> = [1, 3, 5, 6]
        .iter()
        .flat_map(|n| ["CR2", "jpg", "xmp"].map(|e| format!("IMG_{n}.{e}")))
        .collect();
    let keys = ["ctrl+e", "Down", "Down", "Down", "Right"];
    table.desktop.keys(&keys);
    wait_for("the copies", || {
        if names(&table.desktop.path("selected")) == expect {
            return Some(());
        }
        // Does nothing before it is shown what would happen.
        table.desktop.keys(&["Return"]);
        None
    });
    table.desktop.keys(&["Escape"]);
}

#[test]
fn an_evening_of_pairs_ends_in_a_folder_that_others_can_read() {
    let Some(desktop) = Desktop::start() else { return };
    let folder = card(&desktop.path("shoot"));
    let before = originals(&folder);
    let table = Table::open(&desktop, &folder, COUNT);
    cull(&table);
    copy(&table, &folder);
    // Left at the last of the kept, with only these on the screen.
    desktop.keys(&["ctrl+1"]);
    desktop.see("4 gone", |shot| shot.find(photos::colour(4)).is_none().then_some(()));
    desktop.keys(&["End"]);
    // The upper side of the fourth cell, which the fourth photo was as high as.
    let [left, top, width, _] = table.places[3];
    let outline = [left + width / 2, top - 6];
    desktop.see("the outline at 6", |shot| shot.is(outline, CURRENT).then_some(()));
    let places = table.leave();
    // The next morning everything is as it was left: the next key is for 6.
    let table = Table::reopen(&desktop, &folder, places, (1, KEEP));
    desktop.see("the outline at 6", |shot| shot.is(outline, CURRENT).then_some(()));
    desktop.see("4 hidden", |shot| shot.find(photos::colour(4)).is_none().then_some(()));
    desktop.keys(&["3"]);
    let log = table.wait_for_steps(12);
    assert_eq!(log[11], Logged::of_one(6, r#"{"verdict":"keep","stars":3}"#));
    table.leave();
    assert!(originals(&folder) == before, "no photo has been touched");
    let copies = desktop.path("selected");
    for (name, bytes) in before.iter().filter(|(name, _)| name.ends_with("CR2")) {
        let copy = fs::read(copies.join(name));
        assert!(copy.is_err() || copy.is_ok_and(|copy| copy == *bytes), "{name}");
    }
    check_read(&folder, &copies);
}

/// What exiftool reads is what was decided.
fn check_read(folder: &Path, copies: &Path) {
    let kept = json!([null, 3, null, null]);
    for (path, expect) in [
        (folder.join("IMG_1.xmp"), json!([null, 3, null, "+0.35"])),
        (folder.join("IMG_2.xmp"), json!([-1, 1, null, null])),
        (folder.join("IMG_4.xmp"), json!([4, null, null, null])),
        (folder.join("IMG_6.xmp"), json!([3, 3, null, null])),
        (folder.join("IMG_7.xmp"), json!([5, null, "anna", null])),
        (folder.join("IMG_8.xmp"), json!([-1, 1, null, null])),
        (copies.join("IMG_1.xmp"), json!([null, 3, null, "+0.35"])),
        // How the raw file is developed is not for the JPEG.
        (copies.join("IMG_1.jpg"), kept.clone()),
        (copies.join("IMG_3.jpg"), kept.clone()),
        (copies.join("IMG_5.jpg"), kept.clone()),
        // Copied before it got its stars.
        (copies.join("IMG_6.jpg"), kept),
        (folder.join("IMG_6.jpg"), json!([null, null, null, null])),
    ] {
        let Some(found) = read(&path) else { return };
        assert_eq!(found, expect, "{}", path.display());
    }
}
