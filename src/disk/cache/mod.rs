//! Photos decoded once: their small pictures and what is known of them, kept over the runs.
//!
//! # On the disk
//!
//! A folder with an index in SQLite, three atlases for each [`Coding`], and a lock. Everything in it can
//! be deleted at any time; it costs time and nothing else.
//!
//! ```text
//! CACHEDIR.TAG           backup programs leave the folder out
//! lock                   whoever has it locked writes; its process number
//! index.sqlite           a row a photo: path, size, mtime | last seen | slots | levels | facts | sum
//!   (-wal, -shm)                                               |          |
//! bc7/large.atlas        +--------+--------------------+ ...   |          +- size and checksum of
//!                        | header | 512 px     | 256px |   <---+             each picture
//!                        +--------+--------------------+ ...
//!                          4 KiB    slot 0: 221,184 B
//! bc7/small.atlas        +--------+--------+--------+ ...
//!                        | header | 128 px | 128 px |
//!                        +--------+--------+--------+ ...
//!                          4 KiB    11,264 B a slot
//! bc7/micro.atlas        header, then 32 px pictures: 1,024 B a slot
//! rgba8/...              the same for devices that read no blocks, four times as large
//!
//! atlas header: "RUSHLIGHT ATLAS\0" | format u32 | coding u16 | tier u16 | slot bytes u64
//!               | number of the cache u64, also in the index | xxh3 of all before u64
//! ```
//!
//! Numbers are little-endian. `layout` has the slots, `index` the tables, `facts` and `levels` the
//! values in a row, `measures` what photos were measured to be, `atlas` the files of slots, `ledger` who has which slot, `room` who makes way for
//! whom, `open` what is done about damage, `put` writing, `care` what a person can ask for, `volume`
//! where it all lies.
//!
//! # What is believed
//!
//! A slot is believed when xxh3 of its bytes is what the row says. So nothing is ever flushed to the
//! disk by hand: pictures that a power cut has lost or torn, a slot that another photo took since the
//! row was read, bits that have rotted are all the same miss, and the photo is decoded again. xxh3, not
//! BLAKE3, which the decisions' fingerprints use: it finds mistakes as well, in 60 % of the time
//! (`benches/cache.rs`), and who can write into this folder could as well write a fitting row. A row has
//! a checksum of its own.
//! Nothing is mapped: a mapped file that is cut off kills the program, a read past its end is a miss.
//!
//! # Threads and programs
//!
//! Everything takes `&Cache` from any thread: look-ups share a few connections, reads need no lock,
//! [`Cache::put`] holds one for the choice of slots and none while it writes. Rows are written by the
//! batch, by [`Cache::commit`] or by the put that fills one: a photo is found after that. Starts no
//! thread, reads no clock.
//!
//! One program writes. Another one that opens the cache meanwhile only reads, for as long as it has it
//! open; its puts say so. Where it starts before the first has made the index, it finds nothing.

mod atlas;
mod bytes;
pub mod care;
mod claim;
pub mod facts;
mod files;
mod index;
mod key;
pub mod layout;
mod ledger;
mod levels;
mod measures;
mod open;
mod put;
mod room;
mod said;
pub mod settings;
pub mod volume;

use std::path::Path;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use xxhash_rust::xxh3::xxh3_64;

use self::claim::Claim;
use self::facts::Detail;
use self::facts::Facts;
use self::files::Files;
use self::index::Index;
use self::key::RowId;
use self::layout::AtlasName;
use self::layout::Level;
use self::levels::Kept;
use self::room::Room;
use crate::core::coded::Coded;
use crate::core::coded::Coding;
use crate::core::photo::Timestamp;

pub use self::key::Key;
pub use self::measures::Measure;
pub use self::measures::MeasureKind;
pub use self::open::Finding;
pub use self::open::Setup;
pub use self::put::NewPhoto;
pub use self::put::Put;

/// How much later than the last time a photo must be asked for to be written down again. Whole shoots
/// are looked up at every start; who is seen longest ago is a matter of days.
const SEEN_STEP_SECONDS: i64 = 3600;

/// The cache, open.
#[derive(Debug)]
pub struct Cache {
    coding: Coding,
    files: Files,
    /// Connections that nobody uses just now: as many as threads have looked at once.
    idle: Mutex<Vec<Index>>,
    /// What only the one program that writes has.
    writer: Option<Writer>,
    findings: Vec<Finding>,
}

/// The right to write, and what it takes. Whoever locks both locks `index` first.
#[derive(Debug)]
struct Writer {
    index: Mutex<Index>,
    room: Mutex<Room>,
    /// Dropped last: until then nobody else writes.
    _claim: Claim,
}

/// A photo that the cache knows, as it was when it was looked up.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// What is known of it.
    pub facts: Facts,
    row: RowId,
    /// By level: its slot, and what lies there.
    pictures: [Option<(u32, Kept)>; 4],
}

impl Found {
    /// Width and height of a cached picture, in texels; `None` where it is not cached in the coding
    /// that the cache was opened with.
    #[must_use]
    pub fn size_px(&self, level: Level) -> Option<[u32; 2]> {
        self.pictures[level as usize].map(|(_, kept)| kept.size_px())
    }
}

impl Cache {
    /// The photo, where it is cached and its file has not changed since. Reads no picture. `now` is
    /// remembered as the time when it was last asked for, by the hour.
    #[must_use]
    pub fn lookup(&self, key: &Key, now: Timestamp) -> Option<Found> {
        let stored = self.ask(|index| index.find(key))??;
        let facts = Facts::parse(&stored.facts)?;
        if let Some(writer) = &self.writer
            && stored.resident.seen.plus_seconds(SEEN_STEP_SECONDS) <= now
        {
            locked(&writer.room).see(stored.row, now);
        }
        let is_ours = stored.resident.coding == self.coding;
        let pictures = Level::ALL.map(|level| {
            let slot = stored.resident.slots[level.tier().index()]?;
            Some((slot, stored.levels.get(level)?)).filter(|_| is_ours)
        });
        Some(Found { facts, row: stored.row, pictures })
    }

    /// One of the photo's pictures; `None` where it is not cached, or not any more, or damaged: then
    /// it is to be decoded. Reads into `buffer`, whose room is used and whose bytes are lost.
    #[must_use]
    pub fn read_level(&self, found: &Found, level: Level, buffer: Vec<u8>) -> Option<Coded> {
        let mut bytes = buffer;
        let size_px = self.read_into(found, level, &mut bytes)?;
        Coded::new(size_px, self.coding, bytes)
    }

    /// As [`Cache::read_level`], into a buffer that stays the caller's and is empty on `None`: its
    /// width and height in texels.
    #[must_use]
    pub fn read_into(&self, found: &Found, level: Level, bytes: &mut Vec<u8>) -> Option<[u32; 2]> {
        bytes.clear();
        let (slot, kept) = found.pictures[level as usize]?;
        let is_good = self.read_slot(self.coding, level, slot, kept, bytes);
        if !is_good {
            bytes.clear();
        }
        is_good.then(|| kept.size_px())
    }

    /// The photo's detail map, where one was put.
    #[must_use]
    pub fn detail(&self, found: &Found) -> Option<Detail> {
        self.ask(|index| index.detail(found.row))?
    }

    /// How the pictures are stored that are read and put here.
    #[must_use]
    pub const fn coding(&self) -> Coding {
        self.coding
    }

    /// Whether this program writes. Otherwise another one does, and this one only reads.
    #[must_use]
    pub const fn is_writer(&self) -> bool {
        self.writer.is_some()
    }

    /// What was wrong with the cache when it was opened, and has been put right.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Where it is.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.files.folder()
    }

    /// Whether what lies in the slot is what was put there; fills `bytes` with it.
    fn read_slot(
        &self,
        coding: Coding,
        level: Level,
        slot: u32,
        kept: Kept,
        bytes: &mut Vec<u8>,
    ) -> bool {
        bytes.resize(coding.size_bytes(kept.size_px()), 0);
        let atlas = self.files.get(AtlasName { coding, tier: level.tier() });
        let read = atlas.map(|atlas| atlas.read(slot, level.offset_bytes(coding), bytes));
        matches!(read, Some(Ok(()))) && xxh3_64(bytes) == kept.sum
    }

    /// Asks a connection that nobody else uses. `None` where the index cannot be read: a miss.
    fn ask<T>(&self, question: impl FnOnce(&Index) -> rusqlite::Result<T>) -> Option<T> {
        let idle = locked(&self.idle).pop();
        let index = match idle {
            Some(index) => index,
            None => match Index::open(self.files.folder()) {
                Ok(Some((index, number))) if number == self.files.cache() => index,
                _ => return None,
            },
        };
        match question(&index) {
            Ok(answer) => {
                locked(&self.idle).push(index);
                Some(answer)
            }
            Err(error) => {
                if self.is_writer() && index::is_damage(&error) {
                    open::mark_damaged(self.files.folder());
                }
                None
            }
        }
    }
}

impl Drop for Cache {
    /// Writes the rows that wait. Who wants to hear that it failed commits before.
    fn drop(&mut self) {
        _ = self.commit();
    }
}

/// A panic under one of these locks leaves numbers that checksums do not depend on.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
