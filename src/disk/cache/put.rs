//! Writing: pictures first, without a lock; rows later, many at a time.
//!
//! ```text
//! put: slots, under the lock -> pictures, by the caller's thread -> the row waits -+
//! commit, or the put that finds 128 rows waiting: one transaction for each 128 <---+
//! ```
//!
//! A row that is lost with the program, or whose slot was lost, is a photo to be decoded again.

use std::io;
use std::path::PathBuf;

use xxhash_rust::xxh3::xxh3_64;

use super::Cache;
use super::Writer;
use super::facts::Detail;
use super::facts::Facts;
use super::index;
use super::index::NewRow;
use super::key::Key;
use super::layout::AtlasName;
use super::layout::Level;
use super::ledger::Resident;
use super::levels::Kept;
use super::levels::Levels;
use super::locked;
use super::measures::Measure;
use super::open;
use super::room::Refusal;
use crate::core::coded::Coded;
use crate::core::photo::Timestamp;
use crate::disk::DiskError;
use crate::disk::DiskResult;

/// Rows of one transaction: what `room` sets aside for SQLite rests on it.
const BATCH_ROWS: usize = 128;

/// What is to be kept of a photo. It takes the place of all that was kept of the file's path.
#[derive(Debug, Clone, Copy)]
pub struct NewPhoto<'a> {
    /// Its file, as it was when it was read.
    pub key: &'a Key,
    /// What is known of it.
    pub facts: &'a Facts,
    /// What the decoder saw of detail.
    pub detail: Option<&'a Detail>,
    /// What it was measured to be, each kind at most once.
    pub measures: &'a [Measure],
    /// Its pictures, each level at most once; not all need be there.
    pub levels: &'a [(Level, &'a Coded)],
}

/// What came of a put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// It is kept, and found after the next commit.
    Kept,
    /// Another program writes; this one only reads.
    NotWriter,
    /// The disk is full. Said once; reading goes on, and from now on puts answer
    /// [`Put::Stopped`], until the cache is opened again.
    DiskFull,
    /// Something failed before, and was said then.
    Stopped,
    /// Nothing can make way for it: the cap is too small, or all slots are being written to.
    NoPlace,
    /// A picture has another coding than the cache, more bytes than its level may have, or there
    /// are two of its level.
    Unfit(Level),
}

impl Cache {
    /// Keeps a photo. Its file may be a new one under an old path: the old one's slots are free then.
    ///
    /// # Errors
    /// When writing fails for another reason than a full disk; said once, as [`Put::DiskFull`].
    pub fn put(&self, photo: &NewPhoto, now: Timestamp) -> DiskResult<Put> {
        let Some(writer) = &self.writer else { return Ok(Put::NotWriter) };
        let (levels, tiers) = match self.fitting(photo) {
            Ok(fitting) => fitting,
            Err(level) => return Ok(Put::Unfit(level)),
        };
        let placed = {
            let mut room = locked(&writer.room);
            if room.is_stopped {
                return Ok(Put::Stopped);
            }
            room.place(&self.files, self.coding, tiers)
        };
        let slots = match placed {
            Ok(slots) => slots,
            Err(Refusal::Cap) => return Ok(Put::NoPlace),
            Err(Refusal::System(e)) => return self.stop(writer, self.folder().to_owned(), e),
        };
        if let Err((path, error)) = self.write(photo, slots) {
            locked(&writer.room).abandon(self.coding, slots);
            return self.stop(writer, path, error);
        }
        let (key, detail) = (photo.key.clone(), photo.detail.cloned());
        let measures = photo.measures.to_vec();
        let new = NewRow { key, levels, facts: photo.facts.to_bytes(), detail, measures };
        let waiting = {
            let mut room = locked(&writer.room);
            room.settle(new, Resident { seen: now, coding: self.coding, slots });
            room.waiting()
        };
        if waiting < BATCH_ROWS {
            return Ok(Put::Kept);
        }
        match self.tell(writer) {
            Ok(()) => Ok(Put::Kept),
            Err(Untold::Index(e)) if index::is_full(&e) => Ok(Put::DiskFull),
            Err(untold) => Err(self.words(untold)),
        }
    }

    /// Writes the rows that wait. To be called when a queue has run empty, and before the end.
    ///
    /// # Errors
    /// When the index cannot be written, once: what waits is lost, and nothing more is put.
    pub fn commit(&self) -> DiskResult<()> {
        let Some(writer) = &self.writer else { return Ok(()) };
        self.tell(writer).map_err(|untold| self.words(untold))
    }

    /// What the row says of the pictures, and the tiers that they need; or the one that does not fit.
    fn fitting(&self, photo: &NewPhoto) -> Result<(Levels, [bool; 3]), Level> {
        let mut levels = Levels::default();
        let mut tiers = [false; 3];
        for &(level, coded) in photo.levels {
            let bytes = coded.bytes();
            let size_px = coded.size_px().map(|side| u16::try_from(side).ok());
            let is_fitting = coded.coding() == self.coding
                && bytes.len() <= level.limit_bytes(self.coding)
                && levels.get(level).is_none();
            let ([Some(width), Some(height)], true) = (size_px, is_fitting) else {
                return Err(level);
            };
            let kept = Kept { size_px: [width, height], sum: xxh3_64(bytes) };
            levels.0[level as usize] = Some(kept);
            tiers[level.tier().index()] = true;
        }
        Ok((levels, tiers))
    }

    fn write(&self, photo: &NewPhoto, slots: [Option<u32>; 3]) -> Result<(), (PathBuf, io::Error)> {
        for &(level, coded) in photo.levels {
            let (coding, tier) = (self.coding, level.tier());
            let name = AtlasName { coding, tier };
            let slot = slots[tier.index()].expect("`fitting` asked for the tier of every level");
            let atlas = self.files.get_or_create(name);
            atlas
                .and_then(|atlas| atlas.write(slot, level.offset_bytes(coding), coded.bytes()))
                .map_err(|e| (self.files.path(name), e))?;
        }
        Ok(())
    }

    /// Nothing is put from now on: who comes first says why.
    fn stop(&self, writer: &Writer, path: PathBuf, source: io::Error) -> DiskResult<Put> {
        let was_stopped = std::mem::replace(&mut locked(&writer.room).is_stopped, true);
        match source.kind() {
            _ if was_stopped => Ok(Put::Stopped),
            // A file system that has no room for the file, or no numbers for its length (FAT).
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge => Ok(Put::DiskFull),
            _ => Err(DiskError::Write { path, source }),
        }
    }

    /// Tells the index what has changed.
    pub(super) fn tell(&self, writer: &Writer) -> Result<(), Untold> {
        let mut index = locked(&writer.index);
        let changes = locked(&writer.room).take_changes();
        for batch in changes.chunks(BATCH_ROWS) {
            if let Err(error) = index.apply(batch) {
                if index::is_damage(&error) {
                    open::mark_damaged(self.folder());
                }
                let was_mute = locked(&writer.room).fall_silent();
                return if was_mute { Ok(()) } else { Err(Untold::Index(error)) };
            }
        }
        let index_bytes = open::index_bytes(self.folder());
        locked(&writer.room).told(&self.files, index_bytes).map_err(Untold::Atlas)
    }

    /// What could not be told, in the person's words.
    pub(super) fn words(&self, untold: Untold) -> DiskError {
        match untold {
            Untold::Index(error) => open::trouble("write", self.folder(), error),
            Untold::Atlas(source) => DiskError::Write { path: self.folder().to_owned(), source },
        }
    }
}

/// Why the index does not know.
#[derive(Debug)]
pub(super) enum Untold {
    /// SQLite.
    Index(rusqlite::Error),
    /// The atlases could not make way.
    Atlas(io::Error),
}
