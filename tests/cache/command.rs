//! `rushlight cache`, the program itself: two processes on one cache, exit codes, words.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::process::Output;
use std::process::Stdio;

use super::AMPLE;
use super::day;
use super::gate;
use super::kept;
use super::open;
use super::put;
use super::sample::Sample;

/// The folders of a person, all in one: the cache is `cache/rushlight/tiles`.
struct Person(tempfile::TempDir);

impl Person {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn tiles(&self) -> std::path::PathBuf {
        self.0.path().join("cache/rushlight/tiles")
    }

    /// What the program says, and its exit code.
    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rushlight"));
        let at = |name| self.0.path().join(name);
        command.arg("cache").args(arguments).env("HOME", self.0.path());
        command.env("XDG_CACHE_HOME", at("cache")).env("XDG_CONFIG_HOME", at("config"));
        command.env("XDG_DATA_HOME", at("data")).env_remove("RUSHLIGHT_LOG");
        let child = {
            let _gate = gate();
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        };
        let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (status.code().unwrap(), text(stdout), text(stderr))
    }
}

fn flip(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 1;
    fs::write(path, bytes).unwrap();
}

#[test]
fn nothing_is_kept_yet() {
    let person = Person::new();
    let (code, out, _) = person.run(&["stats"]);
    assert!(code == 0 && out.contains("photos   none yet\n"), "{out}");
    let (code, out, _) = person.run(&["verify"]);
    assert!(code == 0 && out.starts_with("no tiles are kept yet; folder: "), "{out}");
    assert_eq!(person.run(&["clear"]), (0, "deleted 0 bytes of tiles\n".into(), "".into()));
    assert!(!person.tiles().exists(), "asking makes nothing");
}

#[test]
fn an_open_rushlight_is_read_beside_and_not_disturbed() {
    let person = Person::new();
    let cache = open(&person.tiles(), AMPLE);
    put(&cache, &Sample::new(1), day(1));
    cache.commit().unwrap();
    let (code, out, _) = person.run(&["stats", "--json"]);
    let stats: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &stats["photos"], &stats["is_open"]), (0, &1.into(), &true.into()));
    assert_eq!(stats["process"], std::process::id());
    for task in ["verify", "clear", "trim"] {
        let (code, _, said) = person.run(&[task]);
        assert_eq!(code, 1, "{task}");
        let expect = "rushlight: another Rushlight has the tile cache open: close it";
        assert!(said.starts_with(expect), "{said}");
    }
    assert_eq!(kept(&cache, &Sample::new(1), day(1)), "lmst");
}

#[test]
fn what_is_damaged_is_named_and_the_exit_code_says_so() {
    let person = Person::new();
    let cache = open(&person.tiles(), AMPLE);
    (0..2).for_each(|i| put(&cache, &Sample::new(i), day(1)));
    drop(cache);
    let (code, out, _) = person.run(&["verify"]);
    assert!(code == 0 && out.starts_with("checked 2 photos: 8 tiles, "), "{out}");
    flip(&person.tiles().join("bc7/small.atlas"), 4096 + 11_264);
    let (code, out, _) = person.run(&["verify"]);
    assert!(out.contains("1 photos had damaged tiles"), "{out}");
    assert!(out.ends_with("  /shoot/IMG_0001.JPG\n"), "{out}");
    assert_eq!(code, 3);
    assert_eq!(person.run(&["verify"]).0, 0);
}

#[test]
fn tiles_are_trimmed_and_cleared_as_the_settings_say() {
    let person = Person::new();
    let folder = person.0.path().join("fast");
    fs::create_dir_all(person.0.path().join("config/rushlight")).unwrap();
    let settings = format!("[cache]\nsize_gb = 1.5\nfolder = {folder:?}\n");
    fs::write(person.0.path().join("config/rushlight/settings.toml"), settings).unwrap();
    let cache = open(&folder.join("rushlight-tiles"), AMPLE);
    (0..60).for_each(|i| put(&cache, &Sample::new(i), day(i.into())));
    drop(cache);
    let (_, out, _) = person.run(&["stats"]);
    assert!(out.contains("of at most 1.50 GB") && out.contains("photos   60; 60 "), "{out}");
    let (code, out, _) = person.run(&["trim", "--to", "0.006"]);
    assert!(code == 0 && out.starts_with("gave 5"), "{out}");
    let (_, out, _) = person.run(&["stats", "--json"]);
    let stats: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert!(stats["total_bytes"].as_u64().unwrap() <= 6_000_000, "{stats}");
    assert_eq!((&stats["photos"], &stats["small"]), (&60.into(), &60.into()));
    let (code, out, _) = person.run(&["clear"]);
    assert!(code == 0 && out.starts_with("deleted 5."), "{out}");
    assert!(!folder.join("rushlight-tiles/index.sqlite").exists());
}
