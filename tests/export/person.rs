//! A person with a shoot of twins: a JPEG, a raw file and a sidecar each, and with decisions.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::ops::Range;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;

use rushlight::core::edit::Act;
use rushlight::core::edit::Edit;
use rushlight::core::edit::Lead;
use rushlight::core::edit::Step;
use rushlight::core::label::Decision;
use rushlight::core::label::Label;
use rushlight::core::photo::PhotoId;
use rushlight::core::photo::Timestamp;
use rushlight::disk::decisions::Decisions;
use rushlight::disk::decisions::Known;
use rushlight::jobs::decode;

use super::shoot::Shoot;

pub const RAW_BYTES: usize = 200_000;
pub const XMP_BYTES: usize = 900;

pub struct Person(Shoot);

impl Person {
    pub fn new(count: usize) -> Self {
        let shoot = Shoot::of(count, [320, 240]);
        for number in 0..count {
            let path = |extension| shoot.photos().join(format!("p{number:03}.{extension}"));
            fs::write(path("CR2"), vec![number as u8; RAW_BYTES]).unwrap();
            fs::write(path("xmp"), format!("{number:0XMP_BYTES$}")).unwrap();
        }
        Self(shoot)
    }

    pub fn dir(&self) -> PathBuf {
        self.0.photos().parent().unwrap().to_owned()
    }

    pub fn twins(&self, number: usize) -> Vec<PathBuf> {
        names_of(&[number]).iter().map(|name| self.0.photos().join(name)).collect()
    }

    pub fn jpeg_bytes(&self, numbers: Range<usize>) -> u64 {
        let path = |number| self.0.photos().join(format!("p{number:03}.jpg"));
        numbers.map(|number| path(number).metadata().unwrap().len()).sum()
    }

    /// Decides as the window would: in the store.
    pub fn decide(&self, numbers: &[usize], verdict: &str) {
        let decision = if verdict == "keep" { Decision::Keep } else { Decision::Trash };
        numbers.iter().for_each(|number| self.decide_all(*number, std::slice::from_ref(&decision)));
    }

    /// Decides several things about one photo.
    pub fn decide_all(&self, number: usize, decisions: &[Decision]) {
        let mut store = Decisions::open(&self.dir().join("data/rushlight")).unwrap();
        store.open_folder(&self.0.photos());
        let photo = PhotoId(0);
        let path = self.0.photos().join(format!("p{number:03}.jpg"));
        let header = decode::read_header(&path).unwrap();
        let known = Known {
            photo,
            path: &path,
            fingerprint: Some(header.fingerprint),
            captured: header.meta.captured,
            serial: None,
        };
        let before =
            store.look_up(&[known]).unwrap()[0].clone().map_or(Label::default(), |d| d.label);
        let after = decisions.iter().fold(before.clone(), |label, decision| label.with(decision));
        let edit = Edit { photo, after, before };
        let step = Step {
            number: 1,
            act: Act::Do,
            edits: vec![edit].into(),
            at: Timestamp(1),
            lead: Lead::Nobody,
        };
        store.append(&[step], &[known]).unwrap();
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rushlight"));
        let at = |name| self.dir().join(name);
        command.args(arguments).current_dir(self.dir()).env("HOME", self.dir());
        command.env("XDG_CACHE_HOME", at("cache")).env("XDG_CONFIG_HOME", at("config"));
        command.env("XDG_DATA_HOME", at("data")).env_remove("RUSHLIGHT_LOG");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// The exit code, and what the program says.
    pub fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let output = self.command(arguments).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    pub fn export(&self, arguments: &[&str]) -> (i32, String, String) {
        self.run(&[&["export"], arguments].concat())
    }

    pub fn names(&self, folder: &str) -> Vec<String> {
        names_in(&self.dir().join(folder))
    }

    /// Every file of the person's but the program's own, with its bytes.
    pub fn files(&self) -> BTreeSet<(String, Vec<u8>)> {
        let is_ours = |path: &Path| path.starts_with("data") || path.starts_with("cache");
        let relative = |path: PathBuf| path.strip_prefix(self.dir()).unwrap().to_owned();
        let files = walk(&self.dir()).into_iter().map(|path| (relative(path.clone()), path));
        let files = files.filter(|(name, _)| !is_ours(name));
        files.map(|(name, path)| (name.display().to_string(), fs::read(path).unwrap())).collect()
    }
}

/// All files under a folder.
pub fn walk(folder: &Path) -> Vec<PathBuf> {
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files
}

/// The names of the files in a folder, sorted; none where there is no folder.
pub fn names_in(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.is_file());
    let name = |path: &OsStr| path.to_str().unwrap().to_owned();
    let mut names: Vec<String> = files.map(|path| name(path.file_name().unwrap())).collect();
    names.sort();
    names
}

/// The names of photos with their twins, sorted.
pub fn names_of(numbers: &[usize]) -> Vec<String> {
    let of = |n: &usize| ["CR2", "jpg", "xmp"].map(|e| format!("p{n:03}.{e}"));
    numbers.iter().flat_map(of).collect()
}

/// A folder on another volume than temporary files are on.
pub fn other_volume() -> Option<tempfile::TempDir> {
    let here = tempfile::tempdir().unwrap().path().metadata().unwrap().dev();
    let other = tempfile::tempdir_in("/dev/shm").ok();
    let other = other.filter(|folder| folder.path().metadata().unwrap().dev() != here);
    if other.is_none() {
        println!("skipped: /dev/shm is no other volume here");
    }
    other
}
