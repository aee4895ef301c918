//! The index: a row a photo in an SQLite file, found by a hash of its path.
//!
//! WAL and `synchronous=NORMAL`: a power cut loses the last commits and nothing else, and what is
//! lost is decoded again. Each row has a checksum of its own over all but slots and time, so that a
//! flipped bit is a miss and no false fact; slots are checked by what lies in them.
//!
//! The detail map has a table of its own: it is 20 times as long as the rest, and what is looked up
//! a hundred thousand times should lie close together.

use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::ErrorCode;
use rusqlite::OpenFlags;
use rusqlite::OptionalExtension;
use rusqlite::Row;
use rusqlite::params;
use rusqlite::types::ValueRef;
use xxhash_rust::xxh3::Xxh3Default;
use xxhash_rust::xxh3::xxh3_64;

use super::care::Counts;
use super::facts::Detail;
use super::key::Key;
use super::key::RowId;
use super::key::path_of;
use super::layout::CODINGS;
use super::layout::coding_number;
use super::ledger::Resident;
use super::levels::Levels;
use super::measures;
use super::measures::Measure;
use super::measures::MeasureKind;
use crate::core::coded::Coding;
use crate::core::photo::Timestamp;

/// Its name within the cache's folder.
pub(super) const FILE: &str = "index.sqlite";

/// Changes when a table, a slot or a value changes its meaning; kept as `user_version`.
/// 3: tiles are in the working space, and what photos were measured to be is kept with them.
const FORMAT: i64 = 3;

/// "RLTI", SQLite's `application_id`: tells our file from another program's.
const APPLICATION: i64 = 0x524C_5449;

/// How long another program's lock is waited for: the readers' are held for one row.
const BUSY: Duration = Duration::from_secs(2);

const TABLES: &str = "
CREATE TABLE cache (number INTEGER NOT NULL); -- also in the header of each atlas
CREATE TABLE photo (
    id INTEGER PRIMARY KEY,      -- xxh3 of the path
    path BLOB NOT NULL,          -- as the system has it
    size_bytes INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    seen INTEGER NOT NULL,       -- microseconds since 1970, UTC
    coding INTEGER NOT NULL,     -- 0: bc7, 1: rgba8
    large INTEGER, small INTEGER, micro INTEGER, -- slots
    sum INTEGER NOT NULL,        -- xxh3 of the row without id, seen and slots
    levels BLOB NOT NULL,
    facts BLOB NOT NULL
);
CREATE TABLE detail (
    id INTEGER PRIMARY KEY,
    sum INTEGER NOT NULL,        -- xxh3 of the map
    width INTEGER NOT NULL,
    map BLOB NOT NULL
);
";

const COLUMNS: &str =
    "path, size_bytes, mtime_ns, seen, coding, large, small, micro, sum, levels, facts";

/// What the index is to keep of a photo.
#[derive(Debug)]
pub(super) struct NewRow {
    pub(super) key: Key,
    pub(super) levels: Levels,
    pub(super) facts: Vec<u8>,
    pub(super) detail: Option<Detail>,
    pub(super) measures: Vec<Measure>,
}

/// One difference between the ledger and the index.
#[derive(Debug)]
pub(super) struct Change {
    pub(super) row: RowId,
    /// Where the photo is now; `None` when it is gone.
    pub(super) resident: Option<Resident>,
    /// What was put, where it is not only seen or moved.
    pub(super) new: Option<Box<NewRow>>,
}

/// A row whose checksum fits.
#[derive(Debug)]
pub(super) struct Stored {
    pub(super) row: RowId,
    pub(super) resident: Resident,
    pub(super) levels: Levels,
    pub(super) facts: Vec<u8>,
}

/// A connection to the index.
#[derive(Debug)]
pub(super) struct Index(Connection);

impl Index {
    /// Makes an index numbered `cache`. There must be no file.
    pub(super) fn create(folder: &Path, cache: u64) -> rusqlite::Result<Self> {
        let mut db = Connection::open(folder.join(FILE))?;
        db.pragma_update(None, "page_size", 4096)?;
        prepare(&db)?;
        db.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
        let made = db.transaction()?;
        made.execute_batch(TABLES)?;
        made.execute_batch(measures::TABLE)?;
        made.execute("INSERT INTO cache (number) VALUES (?1)", [cache.cast_signed()])?;
        made.pragma_update(None, "application_id", APPLICATION)?;
        made.pragma_update(None, "user_version", FORMAT)?;
        made.commit()?;
        Ok(Self(db))
    }

    /// Opens the index, with the number of its cache. `None` where it is another program's or of
    /// another format.
    pub(super) fn open(folder: &Path) -> rusqlite::Result<Option<(Self, u64)>> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = Connection::open_with_flags(folder.join(FILE), flags)?;
        prepare(&db)?;
        let ask = |name| db.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        if (ask("application_id")?, ask("user_version")?) != (APPLICATION, FORMAT) {
            return Ok(None);
        }
        let number: i64 = db.query_row("SELECT number FROM cache", [], |row| row.get(0))?;
        Ok(Some((Self(db), number.cast_unsigned())))
    }

    /// Whether the index is ours, of an earlier format: what it knows can be had again, and nobody
    /// need be told.
    pub(super) fn is_older(folder: &Path) -> rusqlite::Result<bool> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = Connection::open_with_flags(folder.join(FILE), flags)?;
        let ask = |name| db.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        Ok(ask("application_id")? == APPLICATION && (1..FORMAT).contains(&ask("user_version")?))
    }

    /// Tells `each` where every photo is; `None` where the row cannot be read. Every page of the rows
    /// is read: damage to the tree is seen here.
    pub(super) fn residents(
        &self,
        each: &mut dyn FnMut(RowId, Option<Resident>),
    ) -> rusqlite::Result<()> {
        let mut all = self.0.prepare("SELECT id, seen, coding, large, small, micro FROM photo")?;
        let mut rows = all.query([])?;
        while let Some(row) = rows.next()? {
            each(RowId(row.get(0)?), readable(resident_of(row, 1))?);
        }
        Ok(())
    }

    /// The row of `key`, where there is one of the same size and time, and its checksum fits.
    pub(super) fn find(&self, key: &Key) -> rusqlite::Result<Option<Stored>> {
        let mut find = self.0.prepare_cached(FIND)?;
        let mut rows = find.query([key.row().0])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let is_same = row.get_ref(0)?.as_bytes().ok() == Some(key.path_bytes())
            && row.get_ref(1)? == ValueRef::Integer(key.size_bytes().cast_signed())
            && row.get_ref(2)? == ValueRef::Integer(key.mtime_ns());
        if is_same { readable(stored(key.row(), row)) } else { Ok(None) }
    }

    /// The first `count` rows whose number is above `after`, and of how many the checksum does not
    /// fit, by number and path.
    pub(super) fn page(&self, after: RowId, count: u32) -> rusqlite::Result<Vec<Checked>> {
        let text = format!("SELECT {COLUMNS}, id FROM photo WHERE id > ?1 ORDER BY id LIMIT ?2");
        let mut page = self.0.prepare_cached(&text)?;
        let mut rows = page.query(params![after.0, count])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let number = RowId(row.get(11)?);
            let path = path_of(row.get_ref(0)?.as_bytes().unwrap_or_default());
            found.push(Checked { row: number, path, stored: readable(stored(number, row))? });
        }
        Ok(found)
    }

    /// How much of what there is.
    pub(super) fn counts(&self) -> rusqlite::Result<Counts> {
        let text = "SELECT count(*), count(large), count(small), count(micro), total(coding = 1), \
                    min(seen), max(seen) FROM photo";
        self.0.query_row(text, [], |row| {
            let count = |at| row.get::<_, i64>(at).map(i64::cast_unsigned);
            let time = |at| row.get::<_, Option<i64>>(at).map(|at| at.map(Timestamp));
            Ok(Counts {
                photos: count(0)?,
                large: count(1)?,
                small: count(2)?,
                micro: count(3)?,
                rgba8: row.get::<_, f64>(4)? as u64,
                oldest: time(5)?,
                newest: time(6)?,
            })
        })
    }

    /// The map of a photo, where there is one and its checksum fits.
    pub(super) fn detail(&self, row: RowId) -> rusqlite::Result<Option<Detail>> {
        let mut find = self.0.prepare_cached("SELECT sum, width, map FROM detail WHERE id = ?1")?;
        let read = |row: &Row| Ok((row.get::<_, i64>(0)?, row.get::<_, u8>(1)?, row.get(2)?));
        let found = readable(find.query_row([row.0], read).optional())?;
        Ok(found.and_then(|(sum, width, map): (i64, u8, Vec<u8>)| {
            let height = u8::try_from(map.len().checked_div(usize::from(width))?).ok()?;
            (xxh3_64(&map) == sum.cast_unsigned()).then(|| Detail::new([width, height], map))?
        }))
    }

    /// What a photo was measured to be, where that was kept under `version`.
    pub(super) fn measure(
        &self,
        row: RowId,
        kind: MeasureKind,
        version: u32,
    ) -> rusqlite::Result<Option<Vec<u8>>> {
        readable(measures::find(&self.0, row, kind, version))
    }

    /// Keeps measures of photos that are there, all or none.
    pub(super) fn add_measures(&mut self, new: &[(RowId, Measure)]) -> rusqlite::Result<()> {
        let made = self.0.transaction()?;
        for (row, measure) in new {
            measures::insert_if_known(&made, *row, measure)?;
        }
        made.commit()
    }

    /// Writes the differences, all or none.
    pub(super) fn apply(&mut self, changes: &[Change]) -> rusqlite::Result<()> {
        let made = self.0.transaction()?;
        for change in changes {
            apply(&made, change)?;
        }
        made.commit()
    }

    /// Gives pages that hold nothing back to the disk, and what waits in the log to the file.
    pub(super) fn vacuum(&self) -> rusqlite::Result<()> {
        self.0.execute_batch("VACUUM")?;
        self.0.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
    }
}

/// A row as it is found when all are looked at.
#[derive(Debug)]
pub(super) struct Checked {
    pub(super) row: RowId,
    pub(super) path: PathBuf,
    /// `None` where its checksum does not fit.
    pub(super) stored: Option<Stored>,
}

const FIND: &str = "SELECT path, size_bytes, mtime_ns, seen, coding, large, small, micro, sum, \
                    levels, facts FROM photo WHERE id = ?1";

/// Bytes of the index and of what SQLite keeps beside it.
pub(super) fn size_bytes(folder: &Path) -> [u64; 2] {
    let [index, beside @ ..] = files(folder).map(|p| std::fs::metadata(p).map_or(0, |m| m.len()));
    [index, beside.iter().sum()]
}

/// The files that SQLite makes for the index.
pub(super) fn files(folder: &Path) -> [PathBuf; 4] {
    ["", "-wal", "-shm", "-journal"].map(|end| folder.join(format!("{FILE}{end}")))
}

/// Whether the file is damaged or no SQLite file at all, as opposed to locked, full or refused.
pub(super) fn is_damage(error: &rusqlite::Error) -> bool {
    match error {
        rusqlite::Error::SqliteFailure(inner, _) => matches!(
            inner.code,
            // Unknown: a table is missing or has other columns, though the format number is ours.
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::Unknown
        ),
        rusqlite::Error::SqlInputError { .. } => true,
        // The number of the cache is not there.
        rusqlite::Error::QueryReturnedNoRows => true,
        _ => false,
    }
}

/// Whether the disk has no room.
pub(super) fn is_full(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DiskFull)
}

fn prepare(db: &Connection) -> rusqlite::Result<()> {
    db.busy_timeout(BUSY)?;
    db.pragma_update(None, "synchronous", "NORMAL")?;
    // A mebibyte of log at most between two commits: what the cap sets aside is for one commit.
    db.pragma_update_and_check(None, "wal_autocheckpoint", 256, |_| Ok(()))?;
    db.pragma_update_and_check(None, "journal_size_limit", 1 << 20, |_| Ok(()))
}

fn stored(row: RowId, found: &Row) -> rusqlite::Result<Option<Stored>> {
    let blob = |at| -> rusqlite::Result<&[u8]> { Ok(found.get_ref(at)?.as_blob()?) };
    let (path, levels, facts) = (blob(0)?, blob(9)?, blob(10)?);
    let Some(resident) = resident_of(found, 3)? else { return Ok(None) };
    let numbers = [found.get(1)?, found.get(2)?];
    let sum = sum_of(path, numbers, resident.coding, levels, facts);
    if sum != found.get::<_, i64>(8)? {
        return Ok(None);
    }
    let facts = facts.to_vec();
    let levels = Levels::parse(levels, resident.coding);
    Ok(levels.map(|levels| Stored { row, resident, levels, facts }))
}

/// What is not of the column's kind was not written by this program: a bad row, no bad index.
fn readable<T>(read: rusqlite::Result<Option<T>>) -> rusqlite::Result<Option<T>> {
    match read {
        Err(
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::InvalidColumnType(..),
        ) => Ok(None),
        other => other,
    }
}

/// Time, coding and slots from the columns at `at` on; `None` for a coding that is not ours.
fn resident_of(row: &Row, at: usize) -> rusqlite::Result<Option<Resident>> {
    let coding = usize::try_from(row.get::<_, i64>(at + 1)?).ok();
    let slots = [row.get(at + 2)?, row.get(at + 3)?, row.get(at + 4)?];
    let seen = Timestamp(row.get(at)?);
    let coding = coding.and_then(|number| CODINGS.get(number)).copied();
    Ok(coding.map(|coding| Resident { seen, coding, slots }))
}

/// The checksum of a row: `numbers` are size and time.
fn sum_of(path: &[u8], numbers: [i64; 2], coding: Coding, levels: &[u8], facts: &[u8]) -> i64 {
    let mut hasher = Xxh3Default::new();
    for part in [path, levels, facts] {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    numbers.iter().for_each(|n| hasher.update(&n.to_le_bytes()));
    hasher.update(&[coding_number(coding)]);
    hasher.digest().cast_signed()
}

fn apply(db: &Connection, change: &Change) -> rusqlite::Result<()> {
    let row = change.row.0;
    let forget_detail = || db.prepare_cached("DELETE FROM detail WHERE id = ?1")?.execute([row]);
    let Some(Resident { seen, coding, slots: [large, small, micro] }) = change.resident else {
        forget_detail()?;
        measures::forget(db, change.row)?;
        return db.prepare_cached("DELETE FROM photo WHERE id = ?1")?.execute([row]).map(drop);
    };
    let Some(new) = &change.new else {
        let mut update = db.prepare_cached(
            "UPDATE photo SET seen = ?2, large = ?3, small = ?4, micro = ?5 WHERE id = ?1",
        )?;
        return update.execute(params![row, seen.0, large, small, micro]).map(drop);
    };
    let key = &new.key;
    let (size_bytes, mtime_ns) = (key.size_bytes().cast_signed(), key.mtime_ns());
    let levels = new.levels.to_bytes();
    let numbers = [size_bytes, mtime_ns];
    let sum = sum_of(key.path_bytes(), numbers, coding, &levels, &new.facts);
    let coding = coding_number(coding);
    let mut insert = db.prepare_cached(
        "INSERT OR REPLACE INTO photo (id, path, size_bytes, mtime_ns, seen, coding, large, \
         small, micro, sum, levels, facts) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?;
    let (path, facts) = (key.path_bytes(), &new.facts);
    insert.execute(params![
        row, path, size_bytes, mtime_ns, seen.0, coding, large, small, micro, sum, levels, facts
    ])?;
    measures::forget(db, change.row)?;
    for measure in &new.measures {
        measures::insert(db, change.row, measure)?;
    }
    match &new.detail {
        None => forget_detail().map(drop),
        Some(detail) => {
            let mut insert = db.prepare_cached(
                "INSERT OR REPLACE INTO detail (id, sum, width, map) VALUES (?1, ?2, ?3, ?4)",
            )?;
            let sum = xxh3_64(detail.cells()).cast_signed();
            insert.execute(params![row, sum, detail.size()[0], detail.cells()]).map(drop)
        }
    }
}
