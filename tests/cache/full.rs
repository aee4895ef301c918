//! A disk without room: said once, and what is there is read on.

use std::path::Path;
use std::process::Command;

use rushlight::disk::cache::Put;

use super::AMPLE;
use super::day;
use super::gate;
use super::kept;
use super::open;
use super::put;
use super::sample::Sample;

/// A file system in memory of `size_mib`; `None` where none may be mounted.
struct Memory(tempfile::TempDir);

impl Memory {
    fn mount(size_mib: u32) -> Option<Self> {
        let _gate = gate();
        let dir = tempfile::tempdir().unwrap();
        let size = format!("size={size_mib}m");
        let mut mount = Command::new("mount");
        let mount = mount.args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(dir.path()).output();
        mount.is_ok_and(|done| done.status.success()).then_some(Self(dir))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        let _gate = gate();
        _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

#[test]
fn a_full_disk_is_told_once_and_reading_goes_on() {
    let Some(memory) = Memory::mount(8) else {
        println!("skipped: no file system may be mounted here");
        return;
    };
    let folder = memory.path().join("tiles");
    let cache = open(&folder, AMPLE);
    let puts: Vec<Put> = (0..200).map(|i| Sample::new(i).put(&cache, day(1))).collect();
    let kept_count = puts.iter().take_while(|put| **put == Put::Kept).count();
    assert!((10..150).contains(&kept_count), "{kept_count} of 8 MiB");
    assert_eq!(puts[kept_count], Put::DiskFull);
    assert!(puts[kept_count + 1..].iter().all(|put| *put == Put::Stopped));
    // The rows need room too: all or none are there, and the error is told once.
    let is_told = cache.commit().is_err();
    assert!(cache.commit().is_ok());
    let found = (0..kept_count as u32).filter(|&i| kept(&cache, &Sample::new(i), day(1)) == "lmst");
    assert_eq!(found.count(), if is_told { 0 } else { kept_count });
    drop(cache);
    // With room again, it is as before.
    std::fs::remove_file(folder.join("bc7/large.atlas")).unwrap();
    let cache = open(&folder, AMPLE);
    put(&cache, &Sample::new(200), day(2));
    cache.commit().unwrap();
    assert_eq!(kept(&cache, &Sample::new(200), day(2)), "lmst");
}

#[test]
fn a_disk_that_is_full_when_the_rows_are_written_is_told_once() {
    let Some(memory) = Memory::mount(4) else {
        println!("skipped: no file system may be mounted here");
        return;
    };
    let folder = memory.path().join("tiles");
    let cache = open(&folder, AMPLE);
    put(&cache, &Sample::new(1), day(1));
    cache.commit().unwrap();
    (2..5).for_each(|i| put(&cache, &Sample::new(i), day(1)));
    // Somebody else takes the rest.
    let filler = std::fs::File::create(memory.path().join("filler")).unwrap();
    while std::io::Write::write_all(&mut &filler, &[1; 4096]).is_ok() {}
    let told = cache.commit().unwrap_err().to_string();
    assert!(told.starts_with("cannot write the tile cache: the disk is full; file: "), "{told}");
    assert!(cache.commit().is_ok());
    assert_eq!(Sample::new(9).put(&cache, day(1)), Put::Stopped);
    assert_eq!(kept(&cache, &Sample::new(1), day(1)), "lmst");
}
