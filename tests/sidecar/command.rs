//! `rushlight sidecars write`, the program itself: what it writes, what it says, how it exits.

use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;

use rushlight::core::label::Decision;
use rushlight::core::said::Said;
use rushlight::disk::sidecar::settings::SidecarSettings;
use serde_json::Value;

use super::clerk::Run;
use super::clerk::rewrite;
use super::clerk::said;
use super::clerk::sidecar;
use super::shoot::Shoot;

/// The folder for a person's data, in which the program looks for a store.
fn store(home: &Path) -> PathBuf {
    home.join("data/rushlight")
}

/// What the program prints, and its exit code.
fn write(home: &Path, shoot: &Shoot, more: &[&str]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rushlight"));
    command.args(["sidecars", "write"]).args(more).arg(shoot.photos());
    command.env("HOME", home).env("XDG_DATA_HOME", home.join("data"));
    command.env("XDG_CONFIG_HOME", home.join("config")).env("XDG_CACHE_HOME", home.join("cache"));
    command.env_remove("RUSHLIGHT_LOG").stderr(Stdio::inherit());
    let output = command.output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

/// A shoot of three photos of which the first two are decided, without sidecars.
fn decided(home: &Path) -> Shoot {
    let shoot = Shoot::of(3, [16, 12]);
    let settings = SidecarSettings { write: false, ..SidecarSettings::default() };
    let mut run = Run::with(&shoot.photos(), &store(home), settings);
    run.decide(0, &Decision::Keep);
    run.decide(1, &Decision::Stars(2));
    run.end();
    assert!(!sidecar(&shoot, 0).exists());
    shoot
}

#[test]
fn what_was_decided_without_sidecars_is_written_later() {
    let home = tempfile::tempdir().unwrap();
    let shoot = decided(home.path());
    let (code, words) = write(home.path(), &shoot, &[]);
    assert_eq!((code, words.as_str()), (0, "3 photos, 2 sidecars written, 0 photos taken over\n"));
    assert_eq!(said(&sidecar(&shoot, 0)).pick, Some(3));
    assert_eq!(said(&sidecar(&shoot, 1)).rating, Some(2));
    assert!(!sidecar(&shoot, 2).exists());
    let (_, words) = write(home.path(), &shoot, &[]);
    assert_eq!(words, "3 photos, 0 sidecars written, 0 photos taken over\n");
}

#[test]
fn a_dispute_is_named_and_settled_by_a_side() {
    let home = tempfile::tempdir().unwrap();
    for (side, expect) in [("ours", 2), ("theirs", 5)] {
        let shoot = decided(&home.path().join(side));
        let home = home.path().join(side);
        let path = sidecar(&shoot, 1);
        rewrite(&path, |said| said.rating = Some(5));
        let theirs = fs::read(&path).unwrap();
        let (code, words) = write(&home, &shoot, &["--json"]);
        let told: Value = serde_json::from_str(&words).unwrap();
        assert_eq!((code, &told["written"]), (3, &Value::from(1)), "{words}");
        assert_eq!(told["disputed"][0]["says"], "2 stars here, 5 in the file");
        assert_eq!(fs::read(&path).unwrap(), theirs, "it is left alone");
        let (code, words) = write(&home, &shoot, &["--prefer", side]);
        assert_eq!(code, 0, "{words}");
        assert_eq!(said(&path).rating, Some(expect), "{side}");
        let mut run = Run::with(&shoot.photos(), &store(&home), SidecarSettings::default());
        super::clerk::wait_for("the stars", || (run.label(1).stars == expect as u8).then_some(()));
        run.end();
    }
}

#[test]
fn other_programs_words_are_taken_over_first() {
    let home = tempfile::tempdir().unwrap();
    let shoot = decided(home.path());
    rewrite(&sidecar(&shoot, 2), |said| said.rating = Some(4));
    rewrite(&sidecar(&shoot, 0), |said| said.tags = vec!["x".into()]);
    let (code, words) = write(home.path(), &shoot, &[]);
    assert_eq!((code, words.as_str()), (0, "3 photos, 2 sidecars written, 2 photos taken over\n"));
    let both = Said { pick: Some(3), tags: vec!["x".into()], ..Said::default() };
    assert_eq!(said(&sidecar(&shoot, 0)), both);
}

#[test]
fn a_sidecar_that_is_not_understood_is_named_and_left() {
    let home = tempfile::tempdir().unwrap();
    let shoot = decided(home.path());
    fs::write(sidecar(&shoot, 0), "<x:xmpmeta").unwrap();
    let (code, words) = write(home.path(), &shoot, &["--json"]);
    let told: Value = serde_json::from_str(&words).unwrap();
    assert_eq!((code, told["failed"].as_array().unwrap().len()), (3, 1), "{words}");
    assert_eq!(fs::read(sidecar(&shoot, 0)).unwrap(), b"<x:xmpmeta");
    assert_eq!(said(&sidecar(&shoot, 1)).rating, Some(2), "the others are written");
}

#[test]
fn both_files_of_a_pair_have_their_sidecars() {
    let home = tempfile::tempdir().unwrap();
    let shoot = decided(home.path());
    fs::write(shoot.photos().join("p000.CR2"), "not looked into").unwrap();
    let config = home.path().join("config/rushlight");
    fs::create_dir_all(&config).unwrap();
    fs::write(config.join("settings.toml"), "[sidecars]\nlayout = \"full\"\n").unwrap();
    let (code, words) = write(home.path(), &shoot, &[]);
    assert_eq!((code, words.as_str()), (0, "3 photos, 3 sidecars written, 0 photos taken over\n"));
    for name in ["p000.jpg.xmp", "p000.CR2.xmp"] {
        assert_eq!(said(&shoot.photos().join(name)).pick, Some(3), "{name}");
    }
}
