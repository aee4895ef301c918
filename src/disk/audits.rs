//! The last blind audit of each shoot: which photos are looked at, and of how many they are a sample.
//!
//! One small file of JSON in the data folder, a shoot a line, the newest first. What the person decides is in the
//! decision store; without this file it stays there and only what it says of the proposals is lost.
//! What is not Unicode is not remembered.

use std::fs;
use std::path::Path;
use std::path::PathBuf;

use serde::Deserialize;
use serde::Serialize;

use super::DiskError;
use super::DiskResult;
use super::config::write_whole;

/// The file within the data folder.
pub const FILE: &str = "audits.json";

/// How many shoots are remembered.
const KEPT: usize = 50;

/// An audit as it stands in the file: what it is called there must not change.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Audited {
    /// The folders and files that were opened.
    pub roots: Vec<PathBuf>,
    /// How many photos were proposed.
    pub proposed: usize,
    /// How many of the other photos were expected to be kept.
    pub kept_elsewhere: f64,
    /// The photos in the order in which they are shown, each with whether it is of the sample.
    pub stops: Vec<(PathBuf, bool)>,
}

/// The audit of the shoot that was opened as `roots`, from the data folder.
#[must_use]
pub fn load(data: &Path, roots: &[PathBuf]) -> Option<Audited> {
    lines(data).into_iter().find(|audited| audited.roots == roots)
}

/// Puts an audit in the place of the one of the same shoot.
///
/// # Errors
/// When the file or its folder cannot be written.
pub fn save(data: &Path, mut audited: Audited) -> DiskResult<()> {
    let is_unicode = |path: &Path| path.to_str().is_some();
    if !audited.roots.iter().all(|root| is_unicode(root)) {
        return Ok(());
    }
    audited.stops.retain(|(path, _)| is_unicode(path));
    let others = lines(data).into_iter().filter(|other| other.roots != audited.roots);
    let text: String = std::iter::once(audited.clone())
        .chain(others)
        .take(KEPT)
        .map(|line| serde_json::to_string(&line).expect("an audit is JSON") + "\n")
        .collect();
    let path = data.join(FILE);
    write_whole(&path, text.as_bytes()).map_err(|source| DiskError::Write { path, source })
}

/// One audit a line, so that a torn or foreign one costs only itself.
fn lines(data: &Path) -> Vec<Audited> {
    let text = fs::read_to_string(data.join(FILE)).unwrap_or_default();
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn audited(root: &str, proposed: usize) -> Audited {
        let stops = vec![("/a \"b\"/1.jpg".into(), true), ("/ü\n/2.jpg".into(), false)];
        Audited { roots: vec![root.into()], proposed, kept_elsewhere: 12.5, stops }
    }

    #[test]
    fn an_audit_goes_there_and_back_and_the_next_one_takes_its_place() {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("new");
        assert_eq!(load(&data, &["/a".into()]), None);
        save(&data, audited("/a", 40)).unwrap();
        save(&data, audited("/b", 9)).unwrap();
        assert_eq!(load(&data, &["/a".into()]), Some(audited("/a", 40)));
        save(&data, audited("/a", 50)).unwrap();
        assert_eq!(load(&data, &["/a".into()]), Some(audited("/a", 50)));
        assert_eq!(load(&data, &["/b".into()]), Some(audited("/b", 9)));
        assert_eq!(fs::read_to_string(data.join(FILE)).unwrap().lines().count(), 2);
    }

    #[test]
    fn a_line_that_is_torn_costs_itself() {
        let dir = tempfile::tempdir().unwrap();
        save(dir.path(), audited("/a", 40)).unwrap();
        let whole = fs::read_to_string(dir.path().join(FILE)).unwrap();
        fs::write(dir.path().join(FILE), format!("{}\n{whole}", &whole[..20])).unwrap();
        assert_eq!(load(dir.path(), &["/a".into()]), Some(audited("/a", 40)));
    }
}
