//! The tables of the decision store, and what has to be true before anything is read from it.
//!
//! Opens a store or makes one, refuses one that is newer or damaged and never replaces it, and
//! puts what SQLite says in the user's words. What stands in the tables is others' business.
//!
//! A commit is on the disk when it returns: the log is written ahead (WAL) with
//! `synchronous=FULL`. Where the file system has no shared memory (NFS, SMB) SQLite answers with
//! another journal than the one asked for; then it is a journal that is truncated.

use std::fs;
use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::ErrorCode;
use rusqlite::TransactionBehavior;

use super::backup;
use crate::disk::DiskError;
use crate::disk::DiskResult;

/// The format of the tables below, kept as SQLite's `user_version`.
const FORMAT: i64 = 3;

/// How long a second program's commit is waited for: far longer than one takes.
const BUSY: Duration = Duration::from_secs(2);

/// Comments inside of a statement are kept in the file, for whoever opens it with another tool.
/// Nothing newer than such tools may know stands here (`->>` made old ones refuse the whole file).
const TABLES: &str = "
CREATE TABLE photo (
    id INTEGER PRIMARY KEY,
    fingerprint BLOB NOT NULL, -- what the photo is recognised by under another name
    path BLOB NOT NULL,        -- text; a blob where the name is not Unicode
    captured INTEGER,          -- microseconds since 1970 on the camera's clock
    serial TEXT,               -- of the camera's body
    UNIQUE (fingerprint, path)
);
CREATE INDEX photo_by_path ON photo (path);

CREATE TABLE step ( -- what one key did; never changed, never deleted
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL,                -- one run of the program
    act TEXT NOT NULL CHECK (act IN ('do', 'undo', 'redo')),
    of_step INTEGER REFERENCES step (id), -- the step undone or done again
    at INTEGER NOT NULL,                 -- microseconds since 1970, UTC
    origin TEXT NOT NULL CHECK (origin IN ('person', 'import', 'proposal')),
    model TEXT                           -- whose proposal it was
);
CREATE TABLE edit ( -- the log: its last 'after' is a photo's present label
    step INTEGER NOT NULL REFERENCES step (id),
    place INTEGER NOT NULL, -- within the step
    photo INTEGER NOT NULL REFERENCES photo (id),
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    PRIMARY KEY (step, place)
) WITHOUT ROWID;
CREATE TABLE label ( -- the present state, derived from the log
    photo INTEGER PRIMARY KEY REFERENCES photo (id),
    step INTEGER NOT NULL REFERENCES step (id),
    label TEXT NOT NULL
);

CREATE TRIGGER step_is_not_changed BEFORE UPDATE ON step
    BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END;
CREATE TRIGGER step_is_not_deleted BEFORE DELETE ON step
    BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END;
CREATE TRIGGER edit_is_not_changed BEFORE UPDATE ON edit
    BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END;
CREATE TRIGGER edit_is_not_deleted BEFORE DELETE ON edit
    BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END;

CREATE VIEW decided AS -- for people
    SELECT photo.path, json_extract(label, '$.verdict') AS verdict,
        coalesce(json_extract(label, '$.stars'), 0) AS stars,
        json_extract(label, '$.colour') AS colour, json_extract(label, '$.tags') AS tags,
        step.origin AS by, datetime(step.at / 1000000, 'unixepoch') AS at
    FROM label JOIN photo ON photo.id = label.photo JOIN step ON step.id = label.step;
";

/// What format 2 has beyond format 1.
const FORMER: &str = "
CREATE TABLE former ( -- fingerprints that a photo had before another program wrote into its file
    fingerprint BLOB NOT NULL,
    photo INTEGER NOT NULL REFERENCES photo (id),
    PRIMARY KEY (fingerprint, photo)
) WITHOUT ROWID;
";

/// What format 3 has beyond format 2.
const HEARD: &str = "
CREATE TABLE IF NOT EXISTS heard ( -- what sidecars and headers said when they were last read or written
    photo INTEGER NOT NULL REFERENCES photo (id),
    source TEXT NOT NULL, -- the file's name; empty for the photo's own header
    said TEXT NOT NULL,
    size INTEGER,         -- of a sidecar, in bytes
    modified INTEGER,     -- of a sidecar, in nanoseconds since 1970, UTC
    step INTEGER NOT NULL, -- the photo's last step then
    PRIMARY KEY (photo, source)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS edit_by_photo ON edit (photo, step);
CREATE TABLE IF NOT EXISTS proposed ( -- what an earlier program would have decided; nobody did
    photo INTEGER PRIMARY KEY REFERENCES photo (id),
    verdict TEXT NOT NULL CHECK (verdict IN ('keep', 'trash'))
);
";

/// Opens the store at `path`, or makes an empty one.
pub(super) fn open(path: &Path) -> DiskResult<Connection> {
    let said = |source| trouble("open", path, source);
    if let Some(dir) = path.parent() {
        fs::create_dir_all(dir)
            .map_err(|source| DiskError::Write { path: dir.to_owned(), source })?;
    }
    // SQLite takes an empty file for a new store: with a backup beside it, it is a lost one.
    if fs::metadata(path).is_ok_and(|m| m.len() == 0)
        && let Some(backup) = backup::newest(path)
    {
        let path = path.to_owned();
        return Err(DiskError::StoreDamaged { backup: Some(backup), path, source: None });
    }
    let mut db = Connection::open(path).map_err(said)?;
    db.busy_timeout(BUSY).map_err(said)?;
    let found = format(&db).map_err(said)?;
    if found > FORMAT {
        return Err(DiskError::StoreFormat { found, expected: FORMAT, path: path.to_owned() });
    }
    prepare(&mut db).map_err(said)?;
    let verdict: String =
        db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(said)?;
    if verdict != "ok" {
        return Err(damaged(path, sqlite_says(verdict)));
    }
    Ok(db)
}

fn format(db: &Connection) -> rusqlite::Result<i64> {
    db.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Sets what holds for a connection, and makes the tables of a new store.
fn prepare(db: &mut Connection) -> rusqlite::Result<()> {
    let journal: String =
        db.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if journal != "wal" {
        db.pragma_update_and_check(None, "journal_mode", "TRUNCATE", |_| Ok(()))?;
    }
    db.pragma_update(None, "synchronous", "FULL")?;
    // macOS only: its plain fsync leaves the data in the drive's own memory.
    db.pragma_update(None, "fullfsync", true)?;
    db.pragma_update(None, "foreign_keys", true)?;
    // More statements than the 16 that are kept otherwise.
    db.set_prepared_statement_cache_capacity(32);
    if format(db)? < FORMAT {
        // Asked again under the lock: two programs may start at once.
        let made = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let found = format(&made)?;
        if found == 0 {
            made.execute_batch(TABLES)?;
        }
        if found < 2 {
            made.execute_batch(FORMER)?;
        }
        if found < FORMAT {
            made.execute_batch(HEARD)?;
            made.pragma_update(None, "user_version", FORMAT)?;
        }
        made.commit()?;
    }
    Ok(())
}

/// What SQLite said of the store at `path`, in the user's words.
pub(super) fn trouble(doing: &'static str, path: &Path, source: rusqlite::Error) -> DiskError {
    let reason = match source.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            return damaged(path, source);
        }
        Some(ErrorCode::DiskFull) => "the disk is full",
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => "they may only be read",
        Some(ErrorCode::CannotOpen) => "the file cannot be opened",
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "another program is writing to them"
        }
        Some(ErrorCode::SystemIoFailure) => "the disk does not read or write",
        _ => "the store does not answer as expected",
    };
    DiskError::Store { doing, reason, path: path.to_owned(), source }
}

fn damaged(path: &Path, source: rusqlite::Error) -> DiskError {
    let backup = backup::newest(path);
    DiskError::StoreDamaged { backup, path: path.to_owned(), source: Some(source) }
}

/// The words of a check as an error.
pub(super) fn sqlite_says(words: String) -> rusqlite::Error {
    let corrupt = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
    rusqlite::Error::SqliteFailure(corrupt, Some(words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::ffi;

    #[track_caller]
    fn check(code: i32, expect: &str) {
        let said = rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
        assert_eq!(trouble("save", Path::new("/d.sqlite"), said).to_string(), expect);
    }

    #[test]
    fn trouble_is_told_in_the_users_words() {
        check(ffi::SQLITE_FULL, "cannot save the decisions: the disk is full; file: /d.sqlite");
        check(
            ffi::SQLITE_READONLY_DIRECTORY,
            "cannot save the decisions: they may only be read; file: /d.sqlite",
        );
        check(
            ffi::SQLITE_BUSY_SNAPSHOT,
            "cannot save the decisions: another program is writing to them; file: /d.sqlite",
        );
        check(
            ffi::SQLITE_CORRUPT,
            "the decisions are damaged and were left as they are; there is no backup; to begin without decisions, move the file away; file: /d.sqlite",
        );
    }

    #[test]
    fn a_commit_is_on_the_disk_when_it_returns() {
        let dir = tempfile::tempdir().unwrap();
        let db = open(&dir.path().join("new/d.sqlite")).unwrap();
        let ask = |name| db.pragma_query_value(None, name, |r| r.get::<_, i64>(0)).unwrap();
        assert_eq!(ask("synchronous"), 2);
        let journal = db.pragma_query_value(None, "journal_mode", |r| r.get::<_, String>(0));
        assert_eq!(journal.unwrap(), "wal");
    }

    #[test]
    fn the_log_is_only_added_to() {
        let dir = tempfile::tempdir().unwrap();
        let db = open(&dir.path().join("d.sqlite")).unwrap();
        db.execute_batch(
            "INSERT INTO step (run, act, at, origin) VALUES (1, 'do', 0, 'person');
             INSERT INTO photo (fingerprint, path) VALUES (x'00', 'a');
             INSERT INTO edit VALUES (1, 0, 1, '{}', '{}');",
        )
        .unwrap();
        for change in [
            "UPDATE step SET at = 1",
            "DELETE FROM step",
            "UPDATE edit SET after = '{}'",
            "DELETE FROM edit",
            "INSERT INTO edit VALUES (1, 1, 2, '{}', '{}')",
        ] {
            assert!(db.execute_batch(change).is_err(), "{change}");
        }
    }
}
