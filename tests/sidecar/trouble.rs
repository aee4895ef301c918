//! A full disk, a folder that may only be read, one that goes away: the store has every decision, the
//! person is told, nothing is torn, and the sidecars follow when they can.
//!
//! Full and read-only file systems are made in a mount namespace of a child process (`unshare`); where
//! that may not be done the tests skip with a printed line.

use std::env;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::Ordering;

use rushlight::core::label::Decision;
use rushlight::core::said::Said;
use rushlight::disk::sidecar::settings::SidecarSettings;

use super::clerk::PATIENCE;
use super::clerk::Run;
use super::clerk::said;
use super::clerk::sidecar;
use super::clerk::wait_for;
use super::shoot::Shoot;

/// Variable that tells the child the folder in which a small file system is mounted.
const CHILD: &str = "RUSHLIGHT_TEST_MOUNTED";

/// Runs a test function of this file in another process, with a file system of `size` at a folder that
/// it is told; gives whether that could be done.
#[track_caller]
fn in_small_file_system(name: &str, size: &str) {
    let dir = tempfile::tempdir().unwrap();
    let script = format!(
        "mount -t tmpfs -o size={size} none '{0}' || exit 77; \
         {CHILD}='{0}' exec '{1}' --exact trouble::{name} --nocapture",
        dir.path().display(),
        env::current_exe().unwrap().display()
    );
    let output = Command::new("unshare").args(["-rm", "sh", "-c", &script]).output();
    let code = output.as_ref().ok().and_then(|output| output.status.code());
    match (output, code) {
        (Ok(_), Some(0)) => {}
        (Ok(output), Some(101)) => {
            panic!("{}", String::from_utf8_lossy(&output.stderr))
        }
        _ => println!("skipped: no file system of one's own may be mounted here"),
    }
}

/// Photos in the mounted folder, and a store elsewhere; `None` in the process that mounts nothing.
fn mounted() -> Option<(Shoot, std::path::PathBuf)> {
    let folder = env::var(CHILD).ok()?;
    let shoot = Shoot::of(3, [16, 12]);
    for entry in fs::read_dir(shoot.photos()).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, Path::new(&folder).join(path.file_name().unwrap())).unwrap();
    }
    Some((shoot, folder.into()))
}

/// Writes until nothing fits any more.
fn fill(folder: &Path) {
    let mut file = fs::File::create(folder.join("filler.bin")).unwrap();
    while file.write_all(&[7; 4096]).is_ok() {}
}

fn drafts(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name());
    entries.filter(|name| name.to_string_lossy().starts_with(".rushlight")).count()
}

/// Not a test by itself: the child of the test below.
#[test]
fn a_child_on_a_full_disk() {
    let Some((shoot, folder)) = mounted() else { return };
    let mut run = Run::with(&folder, &shoot.store(), SidecarSettings::default());
    run.decide(0, &Decision::Stars(3));
    wait_for("the first sidecar", || folder.join("p000.xmp").exists().then_some(()));
    let before = fs::read(folder.join("p000.xmp")).unwrap();
    fill(&folder);
    run.decide(0, &Decision::Stars(5));
    run.decide(1, &Decision::Keep);
    let told = run.hint();
    assert!(told.starts_with("sidecars are not written: cannot write the file"), "{told}");
    wait_for("the store", || (run.saver.saved_number() == 3).then_some(()));
    wait_for("both failures", || {
        (run.saver.tally().failed.load(Ordering::Relaxed) == 2).then_some(())
    });
    assert_eq!(fs::read(folder.join("p000.xmp")).unwrap(), before, "the old one is whole");
    assert_eq!((drafts(&folder), folder.join("p001.xmp").exists()), (0, false));
    fs::remove_file(folder.join("filler.bin")).unwrap();
    wait_for("the sidecars", || {
        let five = Said { rating: Some(5), ..Said::default() };
        (said(&folder.join("p000.xmp")) == five && folder.join("p001.xmp").exists()).then_some(())
    });
    wait_for("the end of it", || {
        (run.saver.tally().unwritten.load(Ordering::Relaxed) == 0).then_some(())
    });
    run.end();
    assert_eq!(drafts(&folder), 0);
}

#[test]
fn a_full_disk_delays_sidecars_and_nothing_else() {
    in_small_file_system("a_child_on_a_full_disk", "96k");
}

/// Not a test by itself: the child of the test below.
#[test]
fn a_child_on_a_disk_that_may_only_be_read() {
    let Some((shoot, folder)) = mounted() else { return };
    let mount = |how: &str| {
        let status = Command::new("mount").args(["-o", how]).arg(&folder).status().unwrap();
        assert!(status.success());
    };
    mount("remount,ro");
    let mut run = Run::with(&folder, &shoot.store(), SidecarSettings::default());
    run.decide(0, &Decision::Keep);
    let told = run.hint();
    assert!(told.starts_with("sidecars are not written: cannot write the file"), "{told}");
    // Leaving takes as long as trying again a few times, and the decision is in the store.
    let begun = std::time::Instant::now();
    run.end();
    assert!(begun.elapsed() < PATIENCE / 4, "{:?}", begun.elapsed());
    mount("remount,rw");
    assert!(!folder.join("p000.xmp").exists());
    let run = Run::with(&folder, &shoot.store(), SidecarSettings::default());
    wait_for("the sidecar", || folder.join("p000.xmp").exists().then_some(()));
    run.end();
}

#[test]
fn what_may_only_be_read_is_decided_all_the_same() {
    in_small_file_system("a_child_on_a_disk_that_may_only_be_read", "96k");
}

#[test]
fn a_folder_that_goes_away_and_comes_back_gets_its_sidecars() {
    let shoot = Shoot::of(2, [16, 12]);
    let mut run = Run::open(&shoot);
    run.decide(0, &Decision::Keep);
    wait_for("the first sidecar", || sidecar(&shoot, 0).exists().then_some(()));
    let away = shoot.photos().with_file_name("away");
    fs::rename(shoot.photos(), &away).unwrap();
    run.decide(0, &Decision::Trash);
    run.decide(1, &Decision::Keep);
    wait_for("the store", || (run.saver.saved_number() == 3).then_some(()));
    let told = run.hint();
    assert!(told.starts_with("sidecars are not written: "), "{told}");
    assert!(!shoot.photos().exists(), "no folder is made in its place");
    fs::rename(&away, shoot.photos()).unwrap();
    wait_for("the sidecars", || {
        let is_written = sidecar(&shoot, 1).exists() && said(&sidecar(&shoot, 0)).pick == Some(1);
        is_written.then_some(())
    });
    run.end();
    assert_eq!(drafts(&shoot.photos()), 0);
}
