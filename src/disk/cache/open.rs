//! Opening a cache, and beginning anew what is not to be trusted.
//!
//! | what is found | what is done |
//! | --- | --- |
//! | no index, damage in it, another format, another program's | all our files go, by their names |
//! | an earlier format | the same, and nobody is told |
//! | an atlas is missing, cut off, or another cache's | its slots are free; the other atlases stay |
//! | a slot that two rows name, or that is not there | the row without it |
//!
//! Only files that have the names of ours are deleted, only by the program that has the lock. What was
//! done is data for the caller to log.

use std::collections::hash_map::RandomState;
use std::fmt;
use std::fs;
use std::hash::BuildHasher;
use std::hash::Hasher;
use std::io;
use std::path::Path;
use std::sync::Mutex;

use rusqlite::ErrorCode;

use super::Cache;
use super::Writer;
use super::atlas::Atlas;
use super::atlas::remove_if_there;
use super::claim::Claim;
use super::files::Files;
use super::index;
use super::index::Index;
use super::key::RowId;
use super::layout::AtlasName;
use super::ledger::Ledger;
use super::ledger::Resident;
use super::locked;
use super::room::Room;
use super::room::SPARE_BYTES;
use super::volume;
use crate::core::coded::Coding;
use crate::disk::DiskError;
use crate::disk::DiskResult;

/// Stands in the folder when damage was met while the index was in use.
const DAMAGED: &str = "damaged";

/// <https://bford.info/cachedir/>: tells backup programs that the folder can be left out.
const TAG: &str = "Signature: 8a477f597d28d172789f06886806bc55\n\
                   # Tiles of photos, made by Rushlight. All of it can be deleted at any time.\n";

/// Which cache, and how.
#[derive(Debug, Clone, Copy)]
pub struct Setup<'a> {
    /// The cache's own folder; made where there is none. [`volume::Home`] finds one.
    pub folder: &'a Path,
    /// The coding that the device reads.
    pub coding: Coding,
    /// What all files together may take, in bytes. 12 MiB of it are kept for SQLite.
    pub cap_bytes: u64,
}

/// What was wrong with the cache when it was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// The index was not to be trusted: the cache is empty now.
    Rebuilt {
        /// What was wrong with it.
        why: &'static str,
    },
    /// An atlas was not to be trusted: its pictures are gone.
    AtlasLost {
        /// Its name within the folder.
        file: &'static str,
        /// What was wrong with it.
        why: &'static str,
    },
    /// Rows named slots that are not there or another photo's.
    SlotsLost {
        /// How many photos had such rows.
        photos: u64,
    },
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rebuilt { why } => write!(f, "the tile cache begins anew: {why}"),
            Self::AtlasLost { file, why } => {
                write!(f, "a part of the tile cache begins anew: {why}; file: {file}")
            }
            Self::SlotsLost { photos } => {
                write!(f, "tiles of {photos} photos are lost and will be made again")
            }
        }
    }
}

impl Cache {
    /// Opens the cache, and makes it where there is none. Another program that has it open for
    /// writing is no error: then this one reads ([`Cache::is_writer`]).
    ///
    /// Takes about a microsecond a photo; more where the cap has become smaller and much must go.
    ///
    /// # Errors
    /// When the folder is on a network ([`DiskError::CacheOnNetwork`]), cannot be written to, or the
    /// index cannot be opened though it is not damaged. The program runs without a cache then.
    pub fn open(setup: &Setup) -> DiskResult<Self> {
        let Setup { folder, coding, cap_bytes } = *setup;
        if let Some(kind) = volume::network(folder) {
            return Err(DiskError::CacheOnNetwork { kind, path: folder.to_owned() });
        }
        let failed = |source| DiskError::Write { path: folder.to_owned(), source };
        make_folder(folder).map_err(failed)?;
        let Some(claim) = Claim::take(folder).map_err(failed)? else {
            return Ok(Self::open_to_read(folder, coding));
        };
        let mut findings = Vec::new();
        let (index, number, ledger, doubtful) = match trusted(folder, &mut findings)? {
            Ok(good) => good,
            Err(why) => {
                why.into_iter().for_each(|why| findings.push(Finding::Rebuilt { why }));
                remove_all(folder).map_err(failed)?;
                let number = RandomState::new().build_hasher().finish();
                let index =
                    Index::create(folder, number).map_err(|e| trouble("make", folder, e))?;
                (index, number, Ledger::default(), Vec::new())
            }
        };
        let mut room = Room::new(ledger, cap_bytes, index_bytes(folder));
        doubtful.into_iter().for_each(|row| room.mark(row));
        let writer = Writer { index: Mutex::new(index), room: Mutex::new(room), _claim: claim };
        let (files, writer) = (Files::new(folder, number), Some(writer));
        let cache = Self { coding, files, idle: Mutex::default(), writer, findings };
        cache.fit()?;
        Ok(cache)
    }

    /// The cache of a program that does not write; empty where there is none that can be read.
    fn open_to_read(folder: &Path, coding: Coding) -> Self {
        let index = Index::open(folder).ok().flatten();
        let (idle, number) = index.map_or((vec![], 0), |(index, number)| (vec![index], number));
        let files = Files::new(folder, number);
        Self { coding, files, idle: Mutex::new(idle), writer: None, findings: Vec::new() }
    }

    /// Makes room where the cap has become smaller since the last run.
    fn fit(&self) -> DiskResult<()> {
        let Some(writer) = &self.writer else { return Ok(()) };
        let budget_bytes = {
            let room = locked(&writer.room);
            (room.used_bytes() > room.budget_bytes()).then(|| room.budget_bytes())
        };
        budget_bytes.map_or(Ok(()), |target| self.trim_to(writer, target))
    }
}

/// What the cap has to count of the index: SQLite's log only where it is longer than what is set
/// aside for it.
pub(super) fn index_bytes(folder: &Path) -> u64 {
    let [index, beside] = index::size_bytes(folder);
    index + beside.saturating_sub(SPARE_BYTES)
}

/// Has the index begun anew when the cache is opened next. Best effort: who cannot write this finds
/// the damage again.
pub(super) fn mark_damaged(folder: &Path) {
    _ = fs::write(folder.join(DAMAGED), "");
}

/// An error of SQLite in the person's words.
pub(super) fn trouble(doing: &'static str, folder: &Path, source: rusqlite::Error) -> DiskError {
    let reason = match source.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => "the disk is full",
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => "it may only be read",
        Some(ErrorCode::CannotOpen) => "the file cannot be opened",
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => "another program is using it",
        Some(ErrorCode::SystemIoFailure) => "the disk does not read or write",
        _ if index::is_damage(&source) => "it is damaged; `rushlight cache clear` begins anew",
        _ => "it does not answer as expected",
    };
    let source = Box::new(source);
    DiskError::Cache { doing, reason, path: folder.join(index::FILE), source }
}

/// Deletes our files, by their names; what else is in the folder stays.
pub(super) fn remove_all(folder: &Path) -> io::Result<()> {
    // The index first: where the rest fails, it does not speak of slots that are gone.
    for path in index::files(folder) {
        remove_if_there(&path)?;
    }
    for name in AtlasName::ALL {
        remove_if_there(&folder.join(name.file()))?;
    }
    remove_if_there(&folder.join(DAMAGED))
}

/// Makes the folder, for this user alone, and marks it as one that need not be backed up.
fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    let tag = folder.join("CACHEDIR.TAG");
    if tag.exists() { Ok(()) } else { fs::write(tag, TAG) }
}

/// The index, its number, the ledger, and the rows that must be written again; or why it all begins
/// anew: without a reason where there was nothing.
type Trusted = Result<(Index, u64, Ledger, Vec<RowId>), Option<&'static str>>;

fn trusted(folder: &Path, findings: &mut Vec<Finding>) -> DiskResult<Trusted> {
    if !folder.join(index::FILE).exists() {
        let is_left = AtlasName::ALL.iter().any(|name| folder.join(name.file()).exists());
        return Ok(Err(is_left.then_some("its index is missing")));
    }
    if folder.join(DAMAGED).exists() {
        return Ok(Err(Some("its index was found damaged")));
    }
    let (index, number) = match Index::open(folder) {
        Ok(Some(opened)) => opened,
        Ok(None) => {
            let is_older = Index::is_older(folder).unwrap_or(false);
            return Ok(Err((!is_older).then_some("its index has another format")));
        }
        Err(e) if index::is_damage(&e) => return Ok(Err(Some("its index is damaged"))),
        Err(e) => return Err(trouble("open", folder, e)),
    };
    let mut ledger = Ledger::default();
    let mut lost = [None; 6];
    for name in AtlasName::ALL {
        match slots_of(folder, name, number) {
            Ok(slots) => ledger.grow(name, slots),
            Err(why) => lost[name.index()] = Some(why),
        }
    }
    let mut doubtful = Vec::new();
    let mut is_named = [false; 6];
    let read = index.residents(&mut |row, resident| {
        resident.iter().flat_map(Resident::places).for_each(|(n, _)| is_named[n.index()] = true);
        // A row that cannot be read is not admitted: told again, it is gone.
        if !resident.is_some_and(|resident| ledger.admit(row, resident)) {
            doubtful.push(row);
        }
    });
    match read {
        Ok(()) => {}
        Err(e) if index::is_damage(&e) => return Ok(Err(Some("its index is damaged"))),
        Err(e) => return Err(trouble("read", folder, e)),
    }
    for name in AtlasName::ALL {
        match lost[name.index()] {
            // An atlas that no row names was never made.
            Some(Lost::Missing) if !is_named[name.index()] => {}
            Some(lost) => {
                let file = name.file();
                remove_if_there(&folder.join(file))
                    .map_err(|source| DiskError::Write { path: folder.join(file), source })?;
                findings.push(Finding::AtlasLost { file, why: lost.words() });
            }
            None => {}
        }
    }
    if !doubtful.is_empty() {
        findings.push(Finding::SlotsLost { photos: doubtful.len() as u64 });
    }
    Ok(Ok((index, number, ledger, doubtful)))
}

/// Why an atlas is not to be trusted.
#[derive(Debug, Clone, Copy)]
enum Lost {
    Missing,
    Foreign,
    Unreadable,
}

impl Lost {
    const fn words(self) -> &'static str {
        match self {
            Self::Missing => "the file is missing",
            Self::Foreign => "the file is damaged, or belongs to another cache",
            Self::Unreadable => "the file cannot be read",
        }
    }
}

fn slots_of(folder: &Path, name: AtlasName, number: u64) -> Result<u32, Lost> {
    match Atlas::open(folder, name, number) {
        Ok(Some(atlas)) => atlas.slots().map_err(|_| Lost::Unreadable),
        Ok(None) => Err(Lost::Foreign),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Err(Lost::Missing),
        Err(_) => Err(Lost::Unreadable),
    }
}
