//! What photos were measured to be: one value of bytes for each photo and kind.
//!
//! A value is kept with the version of what made it; one of another version is stale and no value. Each
//! has a checksum. What the bytes mean is known to whoever asks. A photo that leaves the cache takes its
//! measures along.

use rusqlite::Connection;
use rusqlite::OptionalExtension;
use rusqlite::Row;
use rusqlite::params;
use xxhash_rust::xxh3::xxh3_64;

use super::Cache;
use super::Found;
use super::key::RowId;
use super::locked;
use super::put::Untold;
use crate::disk::DiskResult;

/// Their table in the index.
pub(super) const TABLE: &str = "
CREATE TABLE measure (
    id INTEGER NOT NULL,         -- the photo's
    kind INTEGER NOT NULL,       -- 0: features, 1: embedding, 2: scopes
    version INTEGER NOT NULL,    -- of what made it
    sum INTEGER NOT NULL,        -- xxh3 of the value
    value BLOB NOT NULL,
    PRIMARY KEY (id, kind)
) WITHOUT ROWID;
";

/// What was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MeasureKind {
    /// The features of its picture (`core::features`).
    Features,
    /// What a network made of it.
    Embedding,
    /// Its histogram and parade (`core::scopes`).
    Scopes,
}

/// One value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    /// What was measured.
    pub kind: MeasureKind,
    /// By which version of what measures it.
    pub version: u32,
    /// The value.
    pub bytes: Vec<u8>,
}

impl MeasureKind {
    const fn number(self) -> u8 {
        match self {
            Self::Features => 0,
            Self::Embedding => 1,
            Self::Scopes => 2,
        }
    }
}

impl Cache {
    /// What a photo was measured to be by this `version`; `None` where it was not, or by another one,
    /// or the value is damaged.
    #[must_use]
    pub fn measure(&self, found: &Found, kind: MeasureKind, version: u32) -> Option<Vec<u8>> {
        self.ask(|index| index.measure(found.row, kind, version))?
    }

    /// Keeps measures of photos that are cached, beside what is kept of them; one of a photo that has
    /// left meanwhile is dropped. At once on the disk: hand over many. A program that only reads
    /// keeps nothing.
    ///
    /// # Errors
    /// When the index cannot be written.
    pub fn put_measures(&self, new: &[(&Found, Measure)]) -> DiskResult<()> {
        let Some(writer) = &self.writer else { return Ok(()) };
        self.commit()?;
        let new: Vec<_> = new.iter().map(|(found, measure)| (found.row, measure.clone())).collect();
        let written = locked(&writer.index).add_measures(&new);
        written.map_err(|error| self.words(Untold::Index(error)))
    }
}

/// The value of a photo.
pub(super) fn find(
    db: &Connection,
    row: RowId,
    kind: MeasureKind,
    version: u32,
) -> rusqlite::Result<Option<Vec<u8>>> {
    let mut find = db.prepare_cached(
        "SELECT sum, value FROM measure WHERE id = ?1 AND kind = ?2 AND version = ?3",
    )?;
    let read = |row: &Row| Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?));
    let found = find.query_row(params![row.0, kind.number(), version], read).optional()?;
    Ok(found.filter(|(sum, value)| xxh3_64(value).cast_signed() == *sum).map(|(_, value)| value))
}

/// Writes a value in the place of the one before.
pub(super) fn insert(db: &Connection, row: RowId, measure: &Measure) -> rusqlite::Result<()> {
    let mut insert = db.prepare_cached(
        "INSERT OR REPLACE INTO measure (id, kind, version, sum, value) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    let sum = xxh3_64(&measure.bytes).cast_signed();
    let values = params![row.0, measure.kind.number(), measure.version, sum, measure.bytes];
    insert.execute(values).map(drop)
}

/// As [`insert`], for a photo that may have left.
pub(super) fn insert_if_known(
    db: &Connection,
    row: RowId,
    measure: &Measure,
) -> rusqlite::Result<()> {
    let is_known = db.prepare_cached("SELECT 1 FROM photo WHERE id = ?1")?.exists([row.0])?;
    if is_known { insert(db, row, measure) } else { Ok(()) }
}

/// Forgets all values of a photo.
pub(super) fn forget(db: &Connection, row: RowId) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM measure WHERE id = ?1")?.execute([row.0]).map(drop)
}
