//! Backups of the decision store: whole copies made by SQLite itself, the last five kept.
//!
//! A backup is written under a name that no reader takes for one, checked, made durable and then
//! renamed, so that what bears a backup's name is whole; only then is the oldest deleted. The name
//! tells the time in UTC. When to back up is for the save thread to say.

use std::fs;
use std::fs::File;
use std::io;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

use rusqlite::Connection;

use super::Decisions;
use super::schema;
use crate::core::photo::Timestamp;
use crate::disk::DiskError;
use crate::disk::DiskResult;

/// Ends the name of a backup that is not whole yet.
const PARTIAL: &str = ".partial";

/// How many backups are kept.
pub const KEPT: usize = 5;

impl Decisions {
    /// Copies the store into the folder `backups` beside it, and deletes what is older than the
    /// newest [`KEPT`]. `now` is in UTC and names the copy.
    pub fn back_up(&mut self, now: Timestamp) -> DiskResult<PathBuf> {
        let folder = folder(&self.path);
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source: io::Error| DiskError::Write { path, source }
        };
        fs::create_dir_all(&folder).map_err(failed(&folder))?;
        let name = name(now);
        let partial = folder.join(format!("{name}{PARTIAL}"));
        // What a killed run left is no use to anyone; what is younger may be being written.
        for (at, left) in list(&folder, PARTIAL) {
            if left == partial || at.plus_seconds(3600) < now {
                fs::remove_file(&left).map_err(failed(&left))?;
            }
        }
        copy(&self.db, &partial).map_err(|e| schema::trouble("back up", &self.path, e))?;
        let target = folder.join(name);
        File::options()
            .write(true)
            .open(&partial)
            .and_then(|file| file.sync_all())
            .and_then(|()| fs::rename(&partial, &target))
            .map_err(failed(&target))?;
        sync_folder(&folder).map_err(failed(&folder))?;
        let all = list(&folder, "");
        for (_, old) in all.iter().take(all.len().saturating_sub(KEPT)) {
            fs::remove_file(old).map_err(failed(old))?;
        }
        Ok(target)
    }

    /// When the newest backup was made, in UTC; `None` when there is none.
    #[must_use]
    pub fn last_backup_at(&self) -> Option<Timestamp> {
        list(&folder(&self.path), "").pop().map(|(at, _)| at)
    }
}

/// The newest backup of the store at `path`.
pub(super) fn newest(path: &Path) -> Option<PathBuf> {
    list(&folder(path), "").pop().map(|(_, path)| path)
}

fn folder(store: &Path) -> PathBuf {
    store.with_file_name("backups")
}

/// Copies the store, and reads the copy once: a damaged store must not push out good backups.
fn copy(store: &Connection, target: &Path) -> rusqlite::Result<()> {
    let mut copy = Connection::open(target)?;
    rusqlite::backup::Backup::new(store, &mut copy)?.run_to_completion(
        i32::MAX,
        Duration::from_millis(50),
        None,
    )?;
    // One file that any tool opens, also where it may not be written.
    copy.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))?;
    let verdict: String = copy.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if verdict == "ok" { Ok(()) } else { Err(schema::sqlite_says(verdict)) }
}

/// The backups in `folder` whose names go on with `suffix`, oldest first. None in a folder that
/// cannot be read.
fn list(folder: &Path, suffix: &str) -> Vec<(Timestamp, PathBuf)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut all: Vec<_> = entries
        .filter_map(|e| Some((time_of(e.file_name().to_str()?.strip_suffix(suffix)?)?, e.path())))
        .collect();
    all.sort();
    all
}

fn name(now: Timestamp) -> String {
    let [year, month, day, hour, minute, second] = now.to_civil();
    format!("decisions-{year:04}{month:02}{day:02}-{hour:02}{minute:02}{second:02}.sqlite")
}

/// The time that a backup's name tells; `None` for another file.
fn time_of(name: &str) -> Option<Timestamp> {
    let (date, time) = name.strip_prefix("decisions-")?.strip_suffix(".sqlite")?.split_once('-')?;
    let is_number = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if date.len() != 8 || time.len() != 6 || !is_number(date) || !is_number(time) {
        return None;
    }
    let part = |text: &str, from, to| text[from..to].parse::<u32>().ok();
    let year = date[..4].parse().ok()?;
    let month = i32::try_from(part(date, 4, 6)?).ok()?;
    let day = i32::try_from(part(date, 6, 8)?).ok()?;
    let time = [part(time, 0, 2)?, part(time, 2, 4)?, part(time, 4, 6)?];
    Timestamp::from_civil([year, month, day], time, 0)
}

/// Makes a new name durable. Windows opens no folders and needs none of this.
pub(in crate::disk) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_its_time() {
        let at = Timestamp::from_civil([2026, 5, 3], [7, 8, 9], 0).unwrap();
        assert_eq!(name(at), "decisions-20260503-070809.sqlite");
        assert_eq!(time_of(&name(at)), Some(at));
        for other in [
            "decisions.sqlite",
            "decisions-20260503-070809.sqlite.partial",
            "decisions-2026é503-070809.sqlite",
            "decisions-2026050-070809.sqlite",
        ] {
            assert_eq!(time_of(other), None, "{other}");
        }
    }
}
