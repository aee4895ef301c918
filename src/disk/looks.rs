//! The last look of the guard at each shoot: how many it has had, and what it let be proposed.
//!
//! A file of JSON for each shoot in the folder `looks` of the data folder. It keeps a program that starts again from
//! looking once more at the same decisions, which would be one more chance of a lucky moment. Can be thrown away: it
//! then looks again, and pays for that with a part of the error that later looks would have had. What is not
//! Unicode is not remembered.

use std::fs;
use std::io;
use std::path::Path;
use std::path::PathBuf;
use std::time::SystemTime;

use serde::Deserialize;
use serde::Serialize;
use xxhash_rust::xxh3::xxh3_64;

use super::DiskError;
use super::DiskResult;
use super::config::write_whole;

/// The folder within the data folder.
pub const FOLDER: &str = "looks";

/// How many shoots are remembered: a season of them.
const KEPT: usize = 50;

/// A look as it stands in its file: what it is called there must not change.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Looked {
    /// The folders and files that were opened.
    pub roots: Vec<PathBuf>,
    /// The keep-loss that it held to, 0 to 1.
    pub keep_loss: f64,
    /// How sure that was to be, 0 to 1.
    pub confidence: f64,
    /// How many of the counts at which the guard looks had been reached.
    pub reached: usize,
    /// How many parts of the error have been spent.
    pub spent: usize,
    /// What was proposed as trash.
    pub trash: Vec<PathBuf>,
    /// What was proposed as keep.
    pub keep: Vec<PathBuf>,
}

/// The last look at the shoot that was opened as `roots`, from the data folder.
#[must_use]
pub fn load(data: &Path, roots: &[PathBuf]) -> Option<Looked> {
    let text = fs::read_to_string(file(data, roots)?).ok()?;
    let looked: Looked = serde_json::from_str(&text).ok()?;
    (looked.roots == roots).then_some(looked)
}

/// Puts a look in the place of the one before at the same shoot.
///
/// # Errors
/// When the file or its folder cannot be written.
pub fn save(data: &Path, mut looked: Looked) -> DiskResult<()> {
    let Some(path) = file(data, &looked.roots) else { return Ok(()) };
    for photos in [&mut looked.trash, &mut looked.keep] {
        photos.retain(|photo| photo.to_str().is_some());
    }
    let text = serde_json::to_string(&looked).expect("a look is JSON");
    write_whole(&path, text.as_bytes()).map_err(|source| DiskError::Write { path, source })?;
    // One file too many costs nothing but its room.
    _ = forget_oldest(&data.join(FOLDER));
    Ok(())
}

/// The file of a shoot; `None` where its roots are not Unicode.
fn file(data: &Path, roots: &[PathBuf]) -> Option<PathBuf> {
    let roots: Option<Vec<&str>> = roots.iter().map(|root| root.to_str()).collect();
    // No path holds a zero byte.
    let number = xxh3_64(roots?.join("\0").as_bytes());
    Some(data.join(FOLDER).join(format!("{number:016x}.json")))
}

fn forget_oldest(folder: &Path) -> io::Result<()> {
    let mut all: Vec<(SystemTime, PathBuf)> = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        all.push((entry.metadata()?.modified()?, entry.path()));
    }
    all.sort();
    let too_many = all.len().saturating_sub(KEPT);
    all[..too_many].iter().try_for_each(|(_, path)| fs::remove_file(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looked(root: &str, reached: usize) -> Looked {
        Looked {
            roots: vec![root.into(), "/ü \"b\"".into()],
            keep_loss: 0.02,
            confidence: 0.95,
            reached,
            spent: reached + 1,
            trash: vec!["/a/1.jpg".into(), "/a/\n2.jpg".into()],
            keep: Vec::new(),
        }
    }

    #[test]
    fn a_look_goes_there_and_back_and_the_next_one_takes_its_place() {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("new");
        assert_eq!(load(&data, &looked("/a", 1).roots), None);
        for look in [looked("/a", 1), looked("/b", 1), looked("/a", 2)] {
            save(&data, look).unwrap();
        }
        assert_eq!(load(&data, &looked("/a", 0).roots), Some(looked("/a", 2)));
        assert_eq!(load(&data, &looked("/b", 0).roots), Some(looked("/b", 1)));
        assert_eq!(load(&data, &["/a".into()]), None, "other folders are another shoot");
        fs::write(file(&data, &looked("/a", 0).roots).unwrap(), "{\"roots\":").unwrap();
        assert_eq!(load(&data, &looked("/a", 0).roots), None, "a torn one is none");
    }

    #[test]
    fn the_oldest_are_forgotten() {
        let dir = tempfile::tempdir().unwrap();
        let shoot = |number: usize| looked(&format!("/{number}"), 1);
        for number in 0..KEPT + 3 {
            save(dir.path(), shoot(number)).unwrap();
            let path = file(dir.path(), &shoot(number).roots).unwrap();
            let file = fs::File::options().append(true).open(path).unwrap();
            let at = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(number as u64);
            file.set_modified(at).unwrap();
        }
        // The newest is told from the others with the next one that is kept.
        save(dir.path(), shoot(KEPT + 3)).unwrap();
        assert_eq!(fs::read_dir(dir.path().join(FOLDER)).unwrap().count(), KEPT);
        assert_eq!(load(dir.path(), &shoot(3).roots), None);
        assert!(load(dir.path(), &shoot(4).roots).is_some());
    }
}
