//! Which row of the store a photo of this run is.
//!
//! ```text
//! 1  fingerprint and path are recorded                          that row
//! 2  fingerprint is recorded at a path where nothing is now     that row, moved to the new path
//! 3  fingerprint is recorded outside of the folders opened      its label to begin with, and a
//!                                                               row of its own once decided on
//! 4  path, capture time and serial number are recorded          that row, with the fingerprint
//!                                                               that another program made; the
//!                                                               former one stays good for 3
//!    anything else                                              an unknown photo
//! ```
//!
//! So a reformatted card's other IMG_0001.JPG begins without decisions, and copies within one
//! shoot stay apart. A row belongs to at most one path of a run; of two photos that claim a moved
//! row the first takes it, unless a file of the row's own name lies beside it, which will.
//!
//! The path recorded is that of the folder without symbolic links, and the file's name: opening a
//! shoot by another road finds it again. A photo whose header cannot be read has no fingerprint
//! and is bound by its path alone.
//!
//! Files are asked for only where a fingerprint is recorded under other paths, each once a run.

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::ffi::OsStr;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::Path;
use std::path::PathBuf;

use rusqlite::Connection;
use rusqlite::OptionalExtension;

use super::Decided;
use super::Known;
use super::written::Written;
use super::written::WrittenPath;
use crate::core::photo::Fingerprint;
use crate::core::photo::PhotoId;
use crate::core::photo::Timestamp;

/// How many rows of one fingerprint are weighed against each other for one photo: more are copies
/// by the hundred, where one is as good as the next and all against all would take minutes.
const WEIGHED: usize = 16;

/// Which photos of this run are which rows.
#[derive(Debug, Default)]
pub(super) struct Bindings {
    rows: HashMap<PhotoId, i64>,
    photos: HashMap<i64, PhotoId>,
    /// By [`key`]: photos without a row, for when another program gives them one.
    waiting: HashMap<[u8; 16], PhotoId>,
    elsewhere: HashMap<Fingerprint, Elsewhere>,
    folders: Vec<PathBuf>,
    canonical: HashMap<PathBuf, PathBuf>,
}

/// The rows of one fingerprint that are not photos of the folders opened.
#[derive(Debug, Default)]
struct Elsewhere {
    /// Rows at whose path nothing is any more.
    vanished: BTreeMap<i64, PathBuf>,
    /// The same by file name; may name rows that have been taken.
    by_name: HashMap<OsString, Vec<i64>>,
    /// What was decided last on a copy outside of the folders.
    copy: Option<Decided>,
}

impl Bindings {
    /// Says that the photos below `folder` are those of this run.
    pub(super) fn open_folder(&mut self, folder: &Path) {
        self.folders.push(fs::canonicalize(folder).unwrap_or_else(|_| absolute(folder)));
        self.elsewhere.clear();
    }

    pub(super) fn row(&self, photo: PhotoId) -> Option<i64> {
        self.rows.get(&photo).copied()
    }

    pub(super) fn photo(&self, row: i64) -> Option<PhotoId> {
        self.photos.get(&row).copied()
    }

    /// Undoes what was bound in a transaction that failed.
    pub(super) fn forget(&mut self, known: &[Known<'_>]) {
        self.unbind(known.iter().map(|known| known.photo));
    }

    /// Lets go of photos that are not at their paths any more.
    pub(super) fn release(&mut self, photos: &[PhotoId]) {
        self.unbind(photos.iter().copied());
    }

    fn unbind(&mut self, photos: impl Iterator<Item = PhotoId>) {
        for photo in photos {
            if let Some(row) = self.rows.remove(&photo) {
                self.photos.remove(&row);
            }
        }
        self.elsewhere.clear();
    }

    /// Finds the photo's row by the rules above, and what has been decided about the photo.
    pub(super) fn find(
        &mut self,
        db: &Connection,
        known: &Known<'_>,
    ) -> rusqlite::Result<Option<Decided>> {
        if let Some(row) = self.row(known.photo) {
            return decided(db, row);
        }
        let path = self.recorded_path(known.path);
        let fingerprint = known.fingerprint.unwrap_or_else(|| of_path(&path));
        let mut exact =
            db.prepare_cached("SELECT id FROM photo WHERE fingerprint = ?1 AND path = ?2")?;
        if let Some(row) = exact.query_row((fingerprint.0, &path), |r| r.get(0)).optional()? {
            return self.bind(db, known.photo, row);
        }
        if let Some(elsewhere) = self.elsewhere(db, fingerprint)? {
            while let Some((row, old)) = elsewhere.take(&path.0) {
                let mut moved =
                    db.prepare_cached("UPDATE photo SET path = ?1 WHERE id = ?2 AND path = ?3")?;
                // Another program may have moved it since.
                if moved.execute((&path, row, WrittenPath(old)))? == 1 {
                    return self.bind(db, known.photo, row);
                }
            }
            if let Some(copy) = elsewhere.copy.clone() {
                self.waiting.insert(key(fingerprint, &path), known.photo);
                return Ok(Some(copy));
            }
        }
        if let Some(row) = self.rewritten(db, known, &path)? {
            rewrite(db, row, fingerprint)?;
            return self.bind(db, known.photo, row);
        }
        self.waiting.insert(key(fingerprint, &path), known.photo);
        Ok(None)
    }

    /// Finds the photo's row, or makes one; the answer is what the photo begins with.
    pub(super) fn find_or_add(
        &mut self,
        db: &Connection,
        known: &Known<'_>,
    ) -> rusqlite::Result<Option<Decided>> {
        let begin = self.find(db, known)?;
        if self.row(known.photo).is_some() {
            return Ok(begin);
        }
        let path = self.recorded_path(known.path);
        let fingerprint = known.fingerprint.unwrap_or_else(|| of_path(&path));
        let captured = known.captured.map(|t| t.0);
        db.prepare_cached(
            "INSERT INTO photo (fingerprint, path, captured, serial) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute((fingerprint.0, &path, captured, known.serial))?;
        self.bind(db, known.photo, db.last_insert_rowid())?;
        Ok(begin)
    }

    /// Binds the row that another program has made to the photo that waited for it, if one did.
    pub(super) fn welcome(&mut self, row: i64, fingerprint: Fingerprint, path: &WrittenPath) {
        if let Some(photo) = self.waiting.remove(&key(fingerprint, path)) {
            self.rows.insert(photo, row);
            self.photos.entry(row).or_insert(photo);
        }
    }

    fn bind(
        &mut self,
        db: &Connection,
        photo: PhotoId,
        row: i64,
    ) -> rusqlite::Result<Option<Decided>> {
        self.rows.insert(photo, row);
        self.photos.entry(row).or_insert(photo);
        decided(db, row)
    }

    /// Rule 4: the row of a file into whose header another program has written.
    fn rewritten(
        &self,
        db: &Connection,
        known: &Known<'_>,
        path: &WrittenPath,
    ) -> rusqlite::Result<Option<i64>> {
        let Some(Timestamp(captured)) = known.captured else { return Ok(None) };
        let mut query = db.prepare_cached(
            "SELECT id FROM photo WHERE path = ?1 AND captured = ?2 AND serial IS ?3 ORDER BY id DESC",
        )?;
        let row = query.query_row((path, captured, known.serial), |r| r.get(0)).optional()?;
        Ok(row.filter(|row| !self.photos.contains_key(row)))
    }

    /// What is recorded of the fingerprint under other paths; `None` where nothing is.
    fn elsewhere(
        &mut self,
        db: &Connection,
        fingerprint: Fingerprint,
    ) -> rusqlite::Result<Option<&mut Elsewhere>> {
        if !self.elsewhere.contains_key(&fingerprint) {
            let mut query = db.prepare_cached(
                "SELECT photo.id, path, step, FALSE
                 FROM photo LEFT JOIN label ON label.photo = photo.id WHERE fingerprint = ?1
                 UNION ALL SELECT photo.id, path, step, TRUE
                 FROM former JOIN photo ON photo.id = former.photo
                 LEFT JOIN label ON label.photo = photo.id WHERE former.fingerprint = ?1",
            )?;
            let mut rows = query.query([fingerprint.0])?;
            let mut found = Elsewhere::default();
            let mut newest = None;
            let mut is_recorded = false;
            while let Some(row) = rows.next()? {
                is_recorded = true;
                let (id, WrittenPath(path), step) = (row.get(0)?, row.get(1)?, row.get(2)?);
                if self.photos.contains_key(&id) {
                    continue;
                }
                let is_former: bool = row.get(3)?;
                let is_gone = has_vanished(&path);
                if is_gone && !is_former {
                    found.add(id, path);
                } else if is_gone || !self.folders.iter().any(|f| path.starts_with(f)) {
                    newest = newest.max(Option::<i64>::map(step, |step| (step, id)));
                }
            }
            if !is_recorded {
                return Ok(None);
            }
            if let Some((_, id)) = newest {
                found.copy = decided(db, id)?;
            }
            self.elsewhere.insert(fingerprint, found);
        }
        Ok(self.elsewhere.get_mut(&fingerprint))
    }

    fn recorded_path(&mut self, path: &Path) -> WrittenPath {
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
            return WrittenPath(absolute(path));
        };
        if let Some(known) = self.canonical.get(folder) {
            return WrittenPath(known.join(name));
        }
        // The parent of a bare file name is empty, and means the folder that we are in.
        let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let canonical = fs::canonicalize(here).unwrap_or_else(|_| absolute(here));
        let path = canonical.join(name);
        self.canonical.insert(folder.to_owned(), canonical);
        WrittenPath(path)
    }
}

impl Elsewhere {
    fn add(&mut self, row: i64, path: PathBuf) {
        let name = path.file_name().unwrap_or_default().to_owned();
        self.by_name.entry(name).or_default().push(row);
        self.vanished.insert(row, path);
    }

    /// Takes the vanished row that the file now at `path` most probably was, with its old path:
    /// one whose path ends most alike, or else one whose name no file beside `path` bears.
    fn take(&mut self, path: &Path) -> Option<(i64, PathBuf)> {
        let row = self.namesake(path).or_else(|| {
            let gone = self.vanished.iter().take(WEIGHED);
            gone.filter(|(_, old)| has_vanished(&path.with_file_name(name(old))))
                .map(|(&row, _)| row)
                .next()
        })?;
        self.vanished.remove(&row).map(|old| (row, old))
    }

    fn namesake(&mut self, path: &Path) -> Option<i64> {
        let rows = self.by_name.get_mut(name(path))?;
        let alike = |old: &Path| {
            old.components().rev().zip(path.components().rev()).take_while(|(a, b)| a == b).count()
        };
        let weighed = rows.iter().enumerate().take(WEIGHED);
        let known = weighed.filter_map(|(at, row)| Some((alike(self.vanished.get(row)?), at)));
        // The first of equals.
        let (_, at) = known.max_by_key(|&(alike, at)| (alike, usize::MAX - at))?;
        Some(rows.swap_remove(at))
    }
}

/// Gives a row the fingerprint that its file has now. The former one is remembered: an untouched
/// copy of the file may lie on a backup disk, and begins with what was decided.
fn rewrite(db: &Connection, row: i64, fingerprint: Fingerprint) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT OR IGNORE INTO former (fingerprint, photo)
         SELECT fingerprint, id FROM photo WHERE id = ?1",
    )?
    .execute([row])?;
    let mut same = db.prepare_cached("UPDATE photo SET fingerprint = ?1 WHERE id = ?2")?;
    same.execute((fingerprint.0, row))?;
    Ok(())
}

/// What stands in the store about the photo of `row`.
fn decided(db: &Connection, row: i64) -> rusqlite::Result<Option<Decided>> {
    let mut query = db.prepare_cached(
        "SELECT label, origin, at, model IS NULL AND (origin = 'import' OR (origin = 'person' AND 2 >
           (SELECT count(*) FROM (SELECT 1 FROM edit WHERE edit.step = step.id LIMIT 2))))
         FROM label JOIN step ON step.id = label.step WHERE photo = ?1",
    )?;
    query
        .query_row([row], |r| {
            let Written(label) = r.get(0)?;
            let (by, at) = (r.get(1)?, Timestamp(r.get(2)?));
            Ok(Decided { label, by, at, is_free: r.get(3)? })
        })
        .optional()
}

fn name(path: &Path) -> &OsStr {
    path.file_name().unwrap_or_default()
}

/// Whether there is certainly nothing at `path`: a folder that may not be read hides its files.
fn has_vanished(path: &Path) -> bool {
    let gone =
        |e: io::Error| matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory);
    fs::symlink_metadata(path).is_err_and(gone)
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// Stands for the fingerprint of a photo whose header cannot be read.
fn of_path(path: &WrittenPath) -> Fingerprint {
    Fingerprint(digest(&[b"path", &path.bytes()]))
}

fn key(fingerprint: Fingerprint, path: &WrittenPath) -> [u8; 16] {
    digest(&[&fingerprint.0, &path.bytes()])
}

fn digest(parts: &[&[u8]]) -> [u8; 16] {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(part);
    }
    let mut digest = [0; 16];
    hasher.finalize_xof().fill(&mut digest);
    digest
}
