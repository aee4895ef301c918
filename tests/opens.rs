//! How often a photo's file is opened: once without a window, twice at most with one, for its header
//! and for its picture. On a network or a card each open costs more than what is read.
//!
//! Counted by strace from outside, so that no open escapes; Linux alone has it.

use std::collections::BTreeMap;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;

use rushlight::core::coded::Coding;
use rushlight::core::photo::Timestamp;
use rushlight::disk::cache::settings::CacheSettings;
use rushlight::disk::folders::Folders;
use rushlight::gpu::device::Device;
use rushlight::gpu::device::Preference;
use rushlight::jobs::cached::Cached;
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
    // All photos on the screen, or a few of them in wide cells.
    for cell in ["90", "450"] {
        let home = Home::new();
        let sheet = home.dir.path().join("sheet.png");
        let sheet = sheet.to_str().expect("the system's folder has a plain name");
        let opens = home.opens(&["sheet", "-o", sheet, "--size", "1280x800", "--cell", cell]);
        assert_eq!(opens.len(), PHOTOS);
        assert!(opens.values().all(|&count| count <= 2), "cells of {cell}: {opens:#?}");
    }
}

#[test]
fn what_was_read_once_is_not_opened_again() {
    if is_missing_strace() {
        return;
    }
    let home = Home::new();
    assert_eq!(home.opens(&["index"]).len(), PHOTOS);
    assert!(home.opens(&["index"]).is_empty(), "all of it is in the cache");
    if let Err(error) = Device::offscreen(Preference::Software) {
        println!("skipped: {error}");
        return;
    }
    let sheet = home.dir.path().join("sheet.png");
    let sheet = sheet.to_str().expect("the system's folder has a plain name");
    let opens = home.opens(&["sheet", "-o", sheet, "--size", "1280x800", "--cell", "90"]);
    assert!(opens.is_empty(), "the window reads what index has kept: {opens:#?}");
}

#[test]
fn learning_reads_no_photo_again() {
    if is_missing_strace() {
        return;
    }
    let home = Home::new();
    let labels = home.dir.path().join("labels.csv");
    let photos = std::fs::read_dir(home.photos()).expect("the folder is listed");
    let names: Vec<_> = photos.flatten().map(|f| f.file_name().into_string()).collect();
    let lines = names.iter().flatten().filter(|name| !name.ends_with("json")).enumerate();
    let label = |at: usize| if at.is_multiple_of(2) { "keep" } else { "trash" };
    let lines: String = lines.map(|(at, name)| format!("{name},{}\n", label(at))).collect();
    std::fs::write(&labels, format!("file,label\n{lines}")).expect("it is written");
    let labels = labels.to_str().expect("the system's folder has a plain name");
    let evaluate = ["evaluate", "--json", "--fraction", "0.5", "--labels", labels];
    assert_eq!(home.opens(&evaluate).len(), PHOTOS, "what is not cached is read once");
    assert!(home.opens(&evaluate).is_empty(), "and never again");
    assert!(home.opens(&["predict", "--json"]).is_empty());
}

#[test]
fn a_second_run_reads_the_cache_and_says_so() {
    let home = Home::new();
    let folders = Folders {
        data: home.dir.path().join("data"),
        cache: home.dir.path().join("cache"),
        config: home.dir.path().join("config"),
    };
    // Each run opens the cache anew.
    let run = || {
        let cached = Cached::at(&CacheSettings::default(), &folders, Coding::Bc7);
        let summary = index::index(&[home.photos()], &cached, Timestamp(0), &|_, _| {});
        assert_eq!((cached.take_hint(), summary.failed.len()), (None, 0));
        assert_eq!(summary.photos, PHOTOS as u64);
        [summary.opens, summary.decodes, summary.cache_hits, summary.bytes_read.min(1)]
    };
    let all = PHOTOS as u64;
    assert_eq!(run(), [all, all, 0, 1]);
    assert_eq!(run(), [0, 0, all, 0]);
    // A photo that was replaced is read again, and it alone.
    let files = std::fs::read_dir(home.photos()).expect("the folder is listed");
    let mut photos = files.flatten().map(|f| f.path());
    let photo = photos.find(|p| p.extension().is_some_and(|e| e != "json")).expect("there is one");
    let mut bytes = std::fs::read(&photo).expect("it is read");
    bytes.extend([0xFF, 0xD9]);
    std::fs::write(&photo, bytes).expect("it is written");
    assert_eq!(run(), [1, 1, all - 1, 1]);
    std::fs::remove_dir_all(&folders.cache).expect("it can be deleted at any time");
    assert_eq!(run(), [all, all, 0, 1]);
}

#[test]
fn what_is_reported_is_what_was_done() {
    let home = Home::new();
    let cached = Cached::none(Coding::Bc7);
    let summary = index::index(&[home.photos()], &cached, Timestamp(0), &|_, _| {});
    assert_eq!((summary.photos, summary.failed.len()), (PHOTOS as u64, 0));
    assert_eq!((summary.opens, summary.decodes), (PHOTOS as u64, PHOTOS as u64));
    let files = std::fs::read_dir(home.photos()).expect("the folder is listed");
    let photos = files.flatten().filter(|f| f.path().extension().is_some_and(|e| e != "json"));
    let bytes: u64 = photos.map(|f| f.metadata().expect("it is there").len()).sum();
    assert_eq!(summary.bytes_read, bytes, "no byte is read twice");
}
