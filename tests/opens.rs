//! How often a photo's file is opened: once without a window, twice at most with one, for its header
//! and for its picture. On a network or a card each open costs more than what is read.
//!
//! Counted by strace from outside, so that no open escapes; Linux alone has it.

use std::collections::BTreeMap;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;

use rushlight::gpu::device::Device;
use rushlight::gpu::device::Preference;
use rushlight::jobs::index;

/// Photos: more than a screen of the sheet below shows, so that some are on it and some are not.
const PHOTOS: usize = 60;

/// A person's folders and a shoot with embedded thumbnails.
struct Home {
    dir: tempfile::TempDir,
}

impl Home {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("a folder can be made");
        let home = Self { dir };
        let count = PHOTOS.to_string();
        let mut demo = home.rushlight(Command::new(env!("CARGO_BIN_EXE_rushlight")));
        demo.arg("demo").arg(home.photos()).args(["--photos", &count, "--megapixels", "0.1"]);
        assert!(demo.status().expect("rushlight starts").success());
        home
    }

    fn photos(&self) -> PathBuf {
        self.dir.path().join("photos")
    }

    fn rushlight(&self, mut command: Command) -> Command {
        for name in ["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"] {
            command.env(name, self.dir.path());
        }
        command.env_remove("RUSHLIGHT_LOG");
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command
    }

    /// How often each photo was opened while rushlight ran with `words`.
    fn opens(&self, words: &[&str]) -> BTreeMap<String, usize> {
        let log = self.dir.path().join("strace.txt");
        let mut command = Command::new("strace");
        command.args(["-f", "-qq", "-e", "trace=open,openat,openat2", "-o"]).arg(&log);
        command.arg(env!("CARGO_BIN_EXE_rushlight")).args(words).arg(self.photos());
        assert!(self.rushlight(command).status().expect("strace starts").success());
        let log = std::fs::read(&log).expect("strace wrote a log");
        let mut opens = BTreeMap::new();
        for line in String::from_utf8_lossy(&log).lines() {
            // `123 openat(AT_FDCWD, "/tmp/a/IMG_1.JPG", O_RDONLY|O_CLOEXEC) = 3`, or, when another
            // thread comes between, the same without its end.
            let Some(path) = line.split('"').nth(1).map(Path::new) else { continue };
            let is_photo = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("jpg"));
            if is_photo && !line.contains("resumed>") {
                *opens.entry(path.display().to_string()).or_default() += 1;
            }
        }
        opens
    }
}

/// Whether opens cannot be counted here, which is told.
fn is_missing_strace() -> bool {
    let probe = Command::new("strace").args(["-qq", "-o", "/dev/null", "true"]).output();
    let is_missing = !probe.is_ok_and(|output| output.status.success());
    if is_missing {
        println!("skipped: strace is not installed, or may not trace");
    }
    is_missing
}

#[test]
fn without_a_window_each_photo_is_opened_once() {
    if is_missing_strace() {
        return;
    }
    let opens = Home::new().opens(&["index"]);
    assert_eq!(opens.len(), PHOTOS);
    assert!(opens.values().all(|&count| count == 1), "{opens:#?}");
}

#[test]
fn the_window_opens_a_photo_twice_at_most() {
    if is_missing_strace() {
        return;
    }
    if let Err(error) = Device::offscreen(Preference::Software) {
        println!("skipped: {error}");
        return;
    }
    let home = Home::new();
    let sheet = home.dir.path().join("sheet.png");
    let sheet = sheet.to_str().expect("the system's folder has a plain name");
    // All photos on the screen, or a few of them in wide cells.
    for cell in ["90", "450"] {
        let opens = home.opens(&["sheet", "-o", sheet, "--size", "1280x800", "--cell", cell]);
        assert_eq!(opens.len(), PHOTOS);
        assert!(opens.values().all(|&count| count <= 2), "cells of {cell}: {opens:#?}");
    }
}

#[test]
fn what_is_reported_is_what_was_done() {
    let home = Home::new();
    let summary = index::index(&[home.photos()], &|_, _| {});
    assert_eq!((summary.photos, summary.failed.len()), (PHOTOS as u64, 0));
    assert_eq!((summary.opens, summary.decodes), (PHOTOS as u64, PHOTOS as u64));
    let files = std::fs::read_dir(home.photos()).expect("the folder is listed");
    let photos = files.flatten().filter(|f| f.path().extension().is_some_and(|e| e != "json"));
    let bytes: u64 = photos.map(|f| f.metadata().expect("it is there").len()).sum();
    assert_eq!(summary.bytes_read, bytes, "no byte is read twice");
}
