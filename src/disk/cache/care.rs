//! What a person can ask for: how large the cache is, whether it is whole, less of it, none of it.
//!
//! Asking how large it is takes no lock and repairs nothing. The rest needs the right to write: while
//! another Rushlight has the cache open, it is refused.

use std::fs;
use std::path::Path;
use std::path::PathBuf;

use super::Cache;
use super::Writer;
use super::claim::Claim;
use super::facts::Facts;
use super::index;
use super::index::Checked;
use super::index::Index;
use super::index::Stored;
use super::key::RowId;
use super::layout::AtlasName;
use super::layout::Level;
use super::locked;
use super::open;
use crate::core::coded::Coding;
use crate::core::photo::Timestamp;
use crate::disk::DiskError;
use crate::disk::DiskResult;

/// Rows that are looked at together, so that a long check keeps no old state of the index alive.
const PAGE_ROWS: u32 = 256;

/// Who writes to the cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// No program has it open for writing.
    Nobody,
    /// One has: the number of its process, where the system tells.
    Program(Option<u32>),
}

/// What is in the cache.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stats {
    /// Each file that is there, by its name within the folder, and its bytes.
    pub files: Vec<(String, u64)>,
    /// What the index counts; `None` where there is none, or it cannot be read.
    pub counts: Option<Counts>,
    /// Who writes.
    pub holder: Holder,
}

/// What the index counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Photos of which something is known: their headers need not be read again.
    pub photos: u64,
    /// Photos whose large picture need not be decoded again.
    pub large: u64,
    /// Photos with a small picture.
    pub small: u64,
    /// Photos with a picture for the overview.
    pub micro: u64,
    /// Photos with pictures for devices that read no blocks.
    pub rgba8: u64,
    /// When the photo seen longest ago was last asked for.
    pub oldest: Option<Timestamp>,
    /// When a photo was last asked for.
    pub newest: Option<Timestamp>,
}

impl Stats {
    /// What is in the cache in `folder`. Where there is none, it is empty.
    #[must_use]
    pub fn of(folder: &Path) -> Self {
        let size = |path: &Path| fs::metadata(path).map_or(0, |m| m.len());
        let atlases = AtlasName::ALL.map(|name| (name.file().to_owned(), folder.join(name.file())));
        let beside = index::files(folder).map(|path| {
            let name = path.file_name().map(|n| n.to_string_lossy().into_owned());
            (name.unwrap_or_default(), path)
        });
        let all = atlases.into_iter().chain(beside).map(|(name, path)| (name, size(&path)));
        let counts = Index::open(folder).ok().flatten().and_then(|(index, _)| index.counts().ok());
        let holder = Claim::holder(folder).map_or(Holder::Nobody, Holder::Program);
        Self { files: all.filter(|(_, bytes)| *bytes > 0).collect(), counts, holder }
    }

    /// Bytes of all files.
    #[must_use]
    pub fn total_bytes(&self) -> u64 {
        self.files.iter().map(|(_, bytes)| bytes).sum()
    }
}

/// What a check of everything found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verdict {
    /// Photos looked at.
    pub photos: u64,
    /// Pictures looked at.
    pub pictures: u64,
    /// Bytes of them.
    pub bytes: u64,
    /// Photos of which something was damaged. They are forgotten and will be decoded again.
    pub bad: Vec<PathBuf>,
}

impl Cache {
    /// Reads every picture and every row, and forgets the photos that are not whole. `progress` is
    /// told how many photos are done, and of how many.
    ///
    /// # Errors
    /// When another program writes, or the index cannot be read or written.
    pub fn verify(&self, progress: &mut dyn FnMut(u64, u64)) -> DiskResult<Verdict> {
        let writer = self.writer_or_busy()?;
        self.commit()?;
        let total = locked(&writer.room).ledger.photos() as u64;
        let mut verdict = Verdict::default();
        let mut after = RowId(i64::MIN);
        let mut buffer = Vec::new();
        loop {
            let page = locked(&writer.index).page(after, PAGE_ROWS);
            let page = page.map_err(|e| open::trouble("read", self.folder(), e))?;
            let Some(last) = page.last() else { break };
            after = last.row;
            for checked in page {
                let Checked { row, path, stored } = checked;
                let is_whole = stored.is_some_and(|s| self.is_whole(&s, &mut verdict, &mut buffer));
                if !is_whole {
                    verdict.bad.push(path);
                    locked(&writer.room).forget(row);
                }
                verdict.photos += 1;
                progress(verdict.photos, total.max(verdict.photos));
            }
        }
        verdict.bad.sort();
        self.commit()?;
        Ok(verdict)
    }

    /// Makes the cache take at most `target_bytes`, longest unseen first, large pictures before the
    /// rest, and gives back all that nobody has. Answers how many bytes it took before and takes now.
    ///
    /// # Errors
    /// When another program writes, or the files cannot be written.
    pub fn trim(&self, target_bytes: u64) -> DiskResult<[u64; 2]> {
        let writer = self.writer_or_busy()?;
        let before = Stats::of(self.folder()).total_bytes();
        self.commit()?;
        // Rows that went before may have left pages: only what is really there is to make way.
        self.vacuum(writer)?;
        let [_, beside_bytes] = index::size_bytes(self.folder());
        self.trim_to(writer, target_bytes.saturating_sub(beside_bytes))?;
        Ok([before, Stats::of(self.folder()).total_bytes()])
    }

    pub(super) fn trim_to(&self, writer: &Writer, target_bytes: u64) -> DiskResult<()> {
        let failed = |source| DiskError::Write { path: self.folder().to_owned(), source };
        locked(&writer.room).trim(&self.files, target_bytes).map_err(failed)?;
        self.commit()?;
        self.vacuum(writer)
    }

    fn vacuum(&self, writer: &Writer) -> DiskResult<()> {
        let vacuumed = locked(&writer.index).vacuum();
        vacuumed.map_err(|e| open::trouble("write", self.folder(), e))?;
        let index_bytes = open::index_bytes(self.folder());
        let failed = |source| DiskError::Write { path: self.folder().to_owned(), source };
        locked(&writer.room).told(&self.files, index_bytes).map_err(failed)
    }

    fn writer_or_busy(&self) -> DiskResult<&Writer> {
        self.writer.as_ref().ok_or_else(|| DiskError::CacheBusy { path: self.folder().to_owned() })
    }

    fn is_whole(&self, stored: &Stored, verdict: &mut Verdict, buffer: &mut Vec<u8>) -> bool {
        let coding = stored.resident.coding;
        let mut is_whole = Facts::parse(&stored.facts).is_some();
        for level in Level::ALL {
            let slot = stored.resident.slots[level.tier().index()];
            let (Some(slot), Some(kept)) = (slot, stored.levels.get(level)) else { continue };
            is_whole &= self.read_slot(coding, level, slot, kept, buffer);
            verdict.pictures += 1;
            verdict.bytes += coding.size_bytes(kept.size_px()) as u64;
        }
        is_whole
    }
}

/// Deletes the cache in `folder`: our files, by their names. Answers how many bytes they had.
///
/// # Errors
/// When another program has it open, or a file cannot be deleted.
pub fn clear(folder: &Path) -> DiskResult<u64> {
    if !folder.exists() {
        return Ok(0);
    }
    let failed = |source| DiskError::Write { path: folder.to_owned(), source };
    let claim = Claim::take(folder).map_err(failed)?;
    let Some(_claim) = claim else {
        return Err(DiskError::CacheBusy { path: folder.to_owned() });
    };
    let bytes = Stats::of(folder).total_bytes();
    open::remove_all(folder).map_err(failed)?;
    for coding in [Coding::Bc7, Coding::Rgba8] {
        // Where something else is in it, it stays.
        _ = fs::remove_dir(folder.join(super::layout::folder(coding)));
    }
    Ok(bytes)
}
