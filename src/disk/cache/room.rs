//! Room for a newcomer under the cap: files grow by steps, and who was seen longest ago makes way.
//!
//! ```text
//! needs a slot of | first              | at the cap
//! large           | a free one, growth | the large slot seen longest ago, its small pictures stay
//! small, micro    | a free one, growth | while they have under a quarter of the cap: large slots give
//!                 |                    | their bytes; then the photo seen longest ago, all of it
//! ```
//!
//! So the overview outlives the large pictures, and yet cannot crowd them out. A file gives bytes
//! back from its end: who lives there moves into a hole. A reader that still knows the old place finds
//! nothing, or another's bytes, which its checksum refuses.
//!
//! Held: atlases and index take no more than the cap less [`SPARE_BYTES`] whenever the index has been
//! told (`tests/cache.rs`, `scripts_agree_with_the_model`). Where the cap is smaller than that and one
//! photo, nothing is put.

use std::collections::HashMap;
use std::io;

use super::files::Files;
use super::index::Change;
use super::index::NewRow;
use super::key::RowId;
use super::layout::AtlasName;
use super::layout::PAGE_BYTES;
use super::layout::Tier;
use super::ledger::Ledger;
use super::ledger::Owner;
use super::ledger::Resident;
use crate::core::coded::Coding;
use crate::core::photo::Timestamp;

/// What the cap keeps back for what SQLite adds before it is counted: a batch of 128 rows of at most
/// seven pages with their maps, once in the index and once in its log, and the log's mebibyte.
pub(super) const SPARE_BYTES: u64 = 12 << 20;

/// Slots that a file grows by: 57 MB of large ones, 2.9 MB of small ones; less where that is more than
/// a 64th of all.
const STEP_SLOTS: u64 = 256;

/// Bytes that large slots give at once when others need them, so that it is seldom: 19 slots, or a
/// 64th of all where the cap is small.
const STEP_BYTES: u64 = 4 << 20;

/// Why there is no room.
#[derive(Debug)]
pub(super) enum Refusal {
    /// Nothing can make way under the cap.
    Cap,
    /// The system said so.
    System(io::Error),
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self::System(error)
    }
}

/// What the writer knows: who has which slot, what it all takes, what the index is to be told.
#[derive(Debug)]
pub(super) struct Room {
    pub(super) ledger: Ledger,
    cap_bytes: u64,
    index_bytes: u64,
    changes: HashMap<RowId, Option<Box<NewRow>>>,
    /// The disk was full or broken: nothing is written until the cache is opened again.
    pub(super) is_stopped: bool,
    is_silent: bool,
}

impl Room {
    pub(super) fn new(ledger: Ledger, cap_bytes: u64, index_bytes: u64) -> Self {
        let changes = HashMap::new();
        Self { ledger, cap_bytes, index_bytes, changes, is_stopped: false, is_silent: false }
    }

    /// Slots of these tiers for a photo. Given back with [`Room::abandon`], or the photo's with
    /// [`Room::settle`].
    pub(super) fn place(
        &mut self,
        files: &Files,
        coding: Coding,
        tiers: [bool; 3],
    ) -> Result<[Option<u32>; 3], Refusal> {
        let mut slots = [None; 3];
        for tier in Tier::ALL.into_iter().filter(|tier| tiers[tier.index()]) {
            match self.slot(files, AtlasName { coding, tier }) {
                Ok(slot) => slots[tier.index()] = Some(slot),
                Err(refusal) => {
                    self.abandon(coding, slots);
                    return Err(refusal);
                }
            }
        }
        Ok(slots)
    }

    /// Gives back what [`Room::place`] gave.
    pub(super) fn abandon(&mut self, coding: Coding, slots: [Option<u32>; 3]) {
        for (tier, slot) in Tier::ALL.into_iter().zip(slots) {
            slot.into_iter().for_each(|s| self.ledger.give_back(AtlasName { coding, tier }, s));
        }
    }

    /// The photo's slots are written: the index is to be told.
    pub(super) fn settle(&mut self, new: NewRow, resident: Resident) {
        let row = new.key.row();
        self.ledger.settle(row, resident);
        self.changes.insert(row, Some(Box::new(new)));
    }

    /// Somebody asked for the photo.
    pub(super) fn see(&mut self, row: RowId, now: Timestamp) {
        if self.ledger.get(row).is_some() {
            self.ledger.see(row, now);
            self.mark(row);
        }
    }

    /// The photo goes, all of it.
    pub(super) fn forget(&mut self, row: RowId) {
        self.ledger.forget(row);
        self.changes.insert(row, None);
    }

    fn forget_large(&mut self, row: RowId) {
        self.ledger.forget_tier(row, Tier::Large);
        self.mark(row);
    }

    /// The index is to be told of the photo again.
    pub(super) fn mark(&mut self, row: RowId) {
        self.changes.entry(row).or_default();
    }

    /// The index cannot be written: nothing is put or told from now on. Answers whether that was so
    /// already.
    pub(super) fn fall_silent(&mut self) -> bool {
        self.is_stopped = true;
        std::mem::replace(&mut self.is_silent, true)
    }

    /// How many rows wait to be written.
    pub(super) fn waiting(&self) -> usize {
        self.changes.len()
    }

    /// Takes what the index is to be told.
    pub(super) fn take_changes(&mut self) -> Vec<Change> {
        let taken = std::mem::take(&mut self.changes);
        let change = |(row, new)| Change { row, resident: self.ledger.get(row).copied(), new };
        taken.into_iter().map(change).collect()
    }

    /// The index has been told and is so large now: the atlases make way for it.
    pub(super) fn told(&mut self, files: &Files, index_bytes: u64) -> io::Result<()> {
        self.index_bytes = index_bytes;
        loop {
            let over_bytes = self.used_bytes().saturating_sub(self.budget_bytes());
            let fitted = match over_bytes {
                0 => return Ok(()),
                _ if self.ledger.oldest_large().is_some() => {
                    self.shrink_large(files, over_bytes.max(self.step_bytes()))
                }
                _ => self.shrink_overview(files, over_bytes),
            };
            match fitted {
                Ok(()) => {}
                // Nothing is left that could make way.
                Err(Refusal::Cap) => return Ok(()),
                Err(Refusal::System(error)) => return Err(error),
            }
        }
    }

    /// What atlases and index take.
    pub(super) fn used_bytes(&self) -> u64 {
        let atlases: u64 = AtlasName::ALL.into_iter().map(|name| self.file_bytes(name)).sum();
        atlases + self.index_bytes
    }

    fn step_bytes(&self) -> u64 {
        STEP_BYTES.min(self.budget_bytes() / 64)
    }

    fn left_bytes(&self) -> u64 {
        self.budget_bytes().saturating_sub(self.used_bytes())
    }

    /// An atlas that was never needed has no file; its header counts from the first slot on.
    fn file_bytes(&self, name: AtlasName) -> u64 {
        match self.ledger.slots(name).len() {
            0 => PAGE_BYTES,
            slots => name.file_bytes(slots),
        }
    }

    fn overview_bytes(&self) -> u64 {
        let is_overview = |name: &AtlasName| name.tier != Tier::Large;
        AtlasName::ALL.into_iter().filter(is_overview).map(|name| self.file_bytes(name)).sum()
    }

    fn slot(&mut self, files: &Files, name: AtlasName) -> Result<u32, Refusal> {
        loop {
            if let Some(slot) = self.ledger.take(name) {
                return Ok(slot);
            }
            let fits = self.left_bytes() / name.slot_bytes();
            if fits > 0 {
                let step = (self.budget_bytes() / 64 / name.slot_bytes()).clamp(1, STEP_SLOTS);
                self.grow(files, name, step.min(fits) as u32)?;
            } else if name.tier == Tier::Large {
                self.evict_for_large(files, name)?;
            } else {
                self.evict_for_overview(files, name)?;
            }
        }
    }

    fn grow(&mut self, files: &Files, name: AtlasName, slots: u32) -> io::Result<()> {
        files.get_or_create(name)?.resize(self.ledger.slots(name).len() + slots)?;
        self.ledger.grow(name, slots);
        Ok(())
    }

    fn evict_for_large(&mut self, files: &Files, name: AtlasName) -> Result<(), Refusal> {
        match self.ledger.oldest_large() {
            Some((coding, row)) if coding == name.coding => {
                self.forget_large(row);
                Ok(())
            }
            Some(_) => self.shrink_large(files, name.slot_bytes()),
            // Room that the overview took while there was plenty.
            None if self.overview_bytes() > self.budget_bytes() / 4 => {
                self.shrink_overview(files, name.slot_bytes())
            }
            None => Err(Refusal::Cap),
        }
    }

    fn evict_for_overview(&mut self, files: &Files, name: AtlasName) -> Result<(), Refusal> {
        let is_small = self.overview_bytes() + name.slot_bytes() <= self.budget_bytes() / 4;
        if is_small && self.ledger.oldest_large().is_some() {
            match self.shrink_large(files, name.slot_bytes().max(self.step_bytes())) {
                Err(Refusal::Cap) => {}
                fitted => return fitted,
            }
        }
        let row = self.ledger.oldest().ok_or(Refusal::Cap)?;
        let is_ours = self.ledger.get(row).is_some_and(|r| r.coding == name.coding);
        self.forget(row);
        if is_ours { Ok(()) } else { Ok(self.compact(files)?) }
    }

    /// Evicts large slots, longest unseen first, until their file can give `bytes` back, and does.
    fn shrink_large(&mut self, files: &Files, bytes: u64) -> Result<(), Refusal> {
        let Some((coding, _)) = self.ledger.oldest_large() else { return Err(Refusal::Cap) };
        let name = AtlasName { coding, tier: Tier::Large };
        let count = u32::try_from(bytes.div_ceil(name.slot_bytes())).unwrap_or(u32::MAX);
        while self.ledger.slots(name).free_count() < count
            && let Some((_, row)) = self.ledger.oldest_large_of(coding)
        {
            self.forget_large(row);
        }
        let before = self.used_bytes();
        self.shrink(files, name, count)?;
        if self.used_bytes() < before { Ok(()) } else { Err(Refusal::Cap) }
    }

    /// Evicts photos, longest unseen first, until the small atlases can give `bytes` back.
    fn shrink_overview(&mut self, files: &Files, bytes: u64) -> Result<(), Refusal> {
        let before = self.used_bytes();
        while self.free_bytes() < bytes
            && let Some(row) = self.ledger.oldest()
        {
            self.forget(row);
        }
        self.compact(files)?;
        if self.used_bytes() < before { Ok(()) } else { Err(Refusal::Cap) }
    }

    fn free_bytes(&self) -> u64 {
        let free =
            |name: AtlasName| u64::from(self.ledger.slots(name).free_count()) * name.slot_bytes();
        AtlasName::ALL.into_iter().map(free).sum()
    }

    /// Gives all free slots back to the disk.
    fn compact(&mut self, files: &Files) -> io::Result<()> {
        AtlasName::ALL
            .into_iter()
            .try_for_each(|name| self.shrink(files, name, self.ledger.slots(name).free_count()))
    }

    /// Makes an atlas shorter by `count` slots, or by as many as are free and as writers allow:
    /// who writes to the last slot cannot be moved.
    fn shrink(&mut self, files: &Files, name: AtlasName, count: u32) -> io::Result<()> {
        for _ in 0..count {
            match self.ledger.slots(name).last() {
                Some(Owner::Free) => {}
                Some(Owner::Photo(_)) => {
                    let Some((row, [from, to])) = self.ledger.move_last(name) else { break };
                    self.mark(row);
                    // What cannot be copied is lost: its checksum will say so.
                    _ = files.get_or_create(name)?.copy(from, to);
                }
                Some(Owner::Writing) | None => break,
            }
            self.ledger.cut_last(name);
        }
        match files.get(name) {
            Some(atlas) => atlas.resize(self.ledger.slots(name).len()),
            None => Ok(()),
        }
    }

    /// Makes everything fit into `target_bytes`, longest unseen first, large slots before the rest;
    /// then gives back what nobody has. Counts on an index that becomes smaller with its rows: it is
    /// to be told and vacuumed next.
    pub(super) fn trim(&mut self, files: &Files, target_bytes: u64) -> io::Result<()> {
        let (index_bytes, photos) = (self.index_bytes, self.ledger.photos().max(1) as u64);
        loop {
            let left = self.ledger.photos() as u64;
            // In u128: gigabytes times millions.
            let spared = u128::from(index_bytes) * u128::from(photos - left.min(photos));
            let spared_bytes = (spared / u128::from(photos)) as u64;
            let will_bytes = self.used_bytes() - self.free_bytes() - spared_bytes;
            if will_bytes <= target_bytes {
                break;
            }
            if let Some((_, row)) = self.ledger.oldest_large() {
                self.forget_large(row);
            } else if let Some(row) = self.ledger.oldest() {
                self.forget(row);
            } else {
                break;
            }
        }
        self.compact(files)
    }

    /// What a cap leaves for atlases and index.
    pub(super) fn budget_bytes(&self) -> u64 {
        self.cap_bytes.saturating_sub(SPARE_BYTES)
    }
}
