//! Who has which slot, and who was seen longest ago. In memory, touches no file.
//!
//! Only the program that writes keeps a ledger; it is made from the index when the cache is opened
//! and is the truth from then on: the index is told what has changed.
//!
//! ```text
//!           take             settle
//!   free ---------> writing ---------> a photo's
//!    ^                 | give_back        | forget, forget_large, or settled anew
//!    +-----------------+------------------+
//! ```
//!
//! Invariant: a slot has one owner, and the owner has it (`owners_and_residents_agree`;
//! `tests/cache.rs` over random scripts).

use std::collections::BTreeSet;
use std::collections::HashMap;

use super::key::RowId;
use super::layout::AtlasName;
use super::layout::CODINGS;
use super::layout::Tier;
use crate::core::coded::Coding;
use crate::core::photo::Timestamp;

/// Where a photo's pictures are, and when somebody last asked for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Resident {
    /// When it was last asked for.
    pub(super) seen: Timestamp,
    /// How its pictures are stored.
    pub(super) coding: Coding,
    /// By tier.
    pub(super) slots: [Option<u32>; 3],
}

impl Resident {
    /// The atlas and number of each slot.
    pub(super) fn places(&self) -> impl Iterator<Item = (AtlasName, u32)> {
        let coding = self.coding;
        Tier::ALL
            .into_iter()
            .zip(self.slots)
            .filter_map(move |(tier, slot)| slot.map(|slot| (AtlasName { coding, tier }, slot)))
    }
}

/// Whose a slot is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// Nobody's.
    Free,
    /// Somebody writes to it.
    Writing,
    /// A photo's.
    Photo(RowId),
}

/// The slots of one atlas.
#[derive(Debug, Default)]
pub(super) struct Slots {
    owners: Vec<Owner>,
    /// Lowest first, so that files stay dense.
    free: BTreeSet<u32>,
}

impl Slots {
    /// How many there are.
    pub(super) const fn len(&self) -> u32 {
        self.owners.len() as u32
    }

    /// How many are nobody's.
    pub(super) fn free_count(&self) -> u32 {
        self.free.len() as u32
    }

    /// Whose the last slot is.
    pub(super) fn last(&self) -> Option<Owner> {
        self.owners.last().copied()
    }

    fn set(&mut self, slot: u32, owner: Owner) {
        self.owners[slot as usize] = owner;
        match owner {
            Owner::Free => _ = self.free.insert(slot),
            Owner::Writing | Owner::Photo(_) => _ = self.free.remove(&slot),
        }
    }

    fn is_free(&self, slot: u32) -> bool {
        self.free.contains(&slot)
    }
}

/// The photos that may have to go, the one seen longest ago last.
#[derive(Debug, Default)]
struct Queue(Vec<(Timestamp, RowId)>);

impl Queue {
    /// The photo seen longest ago among those for which `is_meant`; it stays in the queue until
    /// that is no longer so. Made anew when it has run out: those seen since stand in none.
    fn oldest(
        &mut self,
        residents: &HashMap<RowId, Resident>,
        is_meant: impl Fn(&Resident) -> bool,
    ) -> Option<(Timestamp, RowId)> {
        for is_fresh in [false, true] {
            if is_fresh {
                let meant = residents.iter().filter(|(_, r)| is_meant(r));
                self.0.extend(meant.map(|(&row, r)| (r.seen, row)));
                self.0.sort_unstable_by(|a, b| b.cmp(a));
            }
            while let Some(&(seen, row)) = self.0.last() {
                if residents.get(&row).is_some_and(|r| r.seen == seen && is_meant(r)) {
                    return Some((seen, row));
                }
                self.0.pop();
            }
        }
        None
    }
}

/// All slots and all photos.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    residents: HashMap<RowId, Resident>,
    atlases: [Slots; 6],
    /// Photos with a large slot, by coding.
    large: [Queue; 2],
    /// All photos.
    all: Queue,
}

impl Ledger {
    /// Takes a photo from the index, with those of its slots that are there and nobody's.
    /// Answers whether that is all of them.
    pub(super) fn admit(&mut self, row: RowId, mut resident: Resident) -> bool {
        let mut is_whole = true;
        for (name, slot) in resident.places().collect::<Vec<_>>() {
            if self.atlases[name.index()].is_free(slot) {
                self.atlases[name.index()].set(slot, Owner::Photo(row));
            } else {
                resident.slots[name.tier.index()] = None;
                is_whole = false;
            }
        }
        self.residents.insert(row, resident);
        is_whole
    }

    pub(super) const fn slots(&self, name: AtlasName) -> &Slots {
        &self.atlases[name.index()]
    }

    pub(super) fn get(&self, row: RowId) -> Option<&Resident> {
        self.residents.get(&row)
    }

    pub(super) fn photos(&self) -> usize {
        self.residents.len()
    }

    /// A free slot, to be written to.
    pub(super) fn take(&mut self, name: AtlasName) -> Option<u32> {
        let slots = &mut self.atlases[name.index()];
        let slot = *slots.free.first()?;
        slots.set(slot, Owner::Writing);
        Some(slot)
    }

    /// A slot that was taken and not used.
    pub(super) fn give_back(&mut self, name: AtlasName, slot: u32) {
        self.atlases[name.index()].set(slot, Owner::Free);
    }

    /// The slots of `resident` have been written: they are the photo's. Its old ones are free.
    pub(super) fn settle(&mut self, row: RowId, resident: Resident) {
        self.forget(row);
        for (name, slot) in resident.places() {
            self.atlases[name.index()].set(slot, Owner::Photo(row));
        }
        self.residents.insert(row, resident);
    }

    /// The photo goes, its slots are free.
    pub(super) fn forget(&mut self, row: RowId) {
        for (name, slot) in self.residents.remove(&row).iter().flat_map(Resident::places) {
            self.atlases[name.index()].set(slot, Owner::Free);
        }
    }

    /// The photo's slot in one tier goes.
    pub(super) fn forget_tier(&mut self, row: RowId, tier: Tier) {
        let Some(resident) = self.residents.get_mut(&row) else { return };
        if let Some(slot) = resident.slots[tier.index()].take() {
            self.atlases[AtlasName { coding: resident.coding, tier }.index()]
                .set(slot, Owner::Free);
        }
    }

    /// Somebody asked for the photo.
    pub(super) fn see(&mut self, row: RowId, now: Timestamp) {
        if let Some(resident) = self.residents.get_mut(&row) {
            resident.seen = resident.seen.max(now);
        }
    }

    /// The photo of this coding with a large slot that was seen longest ago.
    pub(super) fn oldest_large_of(&mut self, coding: Coding) -> Option<(Timestamp, RowId)> {
        let slots = self.slots(AtlasName { coding, tier: Tier::Large });
        // Asked first: the search would look at every photo to find none.
        if slots.free_count() == slots.len() {
            return None;
        }
        let has_large = |r: &Resident| r.coding == coding && r.slots[0].is_some();
        self.large[CODINGS.iter().position(|&c| c == coding)?].oldest(&self.residents, has_large)
    }

    /// The photo of any coding with a large slot that was seen longest ago, and its coding.
    pub(super) fn oldest_large(&mut self) -> Option<(Coding, RowId)> {
        let found = CODINGS.map(|coding| Some((self.oldest_large_of(coding)?, coding)));
        let ((_, row), coding) = found.into_iter().flatten().min_by_key(|((seen, _), _)| *seen)?;
        Some((coding, row))
    }

    /// The photo that was seen longest ago.
    pub(super) fn oldest(&mut self) -> Option<RowId> {
        self.all.oldest(&self.residents, |_| true).map(|(_, row)| row)
    }

    /// The atlas has become longer.
    pub(super) fn grow(&mut self, name: AtlasName, slots: u32) {
        let atlas = &mut self.atlases[name.index()];
        let begin = atlas.len();
        atlas.owners.extend((0..slots).map(|_| Owner::Free));
        atlas.free.extend(begin..begin + slots);
    }

    /// The last slot of the atlas, which is free, is gone.
    pub(super) fn cut_last(&mut self, name: AtlasName) {
        let atlas = &mut self.atlases[name.index()];
        if atlas.owners.pop().is_some() {
            atlas.free.remove(&atlas.len());
        }
    }

    /// Moves the photo in the last slot to the lowest free one, and answers both: from, to.
    pub(super) fn move_last(&mut self, name: AtlasName) -> Option<(RowId, [u32; 2])> {
        let atlas = &mut self.atlases[name.index()];
        let from = atlas.len().checked_sub(1)?;
        let Owner::Photo(row) = atlas.owners[from as usize] else { return None };
        let to = *atlas.free.first()?;
        let resident = self.residents.get_mut(&row)?;
        resident.slots[name.tier.index()] = Some(to);
        atlas.set(from, Owner::Free);
        atlas.set(to, Owner::Photo(row));
        Some((row, [from, to]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LARGE: AtlasName = AtlasName { coding: Coding::Bc7, tier: Tier::Large };

    fn resident(seen: i64, large: Option<u32>) -> Resident {
        Resident { seen: Timestamp(seen), coding: Coding::Bc7, slots: [large, None, None] }
    }

    fn ledger(seen: &[i64]) -> Ledger {
        let mut ledger = Ledger::default();
        ledger.grow(LARGE, seen.len() as u32);
        for (at, &seen) in seen.iter().enumerate() {
            let slot = ledger.take(LARGE);
            ledger.settle(RowId(at as i64), resident(seen, slot));
        }
        ledger
    }

    fn owners_and_residents_agree(ledger: &Ledger) {
        for name in AtlasName::ALL {
            let slots = ledger.slots(name);
            for (slot, owner) in (0..).zip(&slots.owners) {
                assert_eq!(slots.is_free(slot), *owner == Owner::Free);
                if let Owner::Photo(row) = owner {
                    let has_it = ledger.residents[row].places().any(|p| p == (name, slot));
                    assert!(has_it, "{name:?} {slot}");
                }
            }
        }
        for (&row, resident) in &ledger.residents {
            for (name, slot) in resident.places() {
                assert_eq!(ledger.slots(name).owners[slot as usize], Owner::Photo(row));
            }
        }
    }

    #[test]
    fn the_one_seen_longest_ago_is_found_again_and_again() {
        let mut ledger = ledger(&[30, 10, 20, 40]);
        assert_eq!(ledger.oldest_large(), Some((Coding::Bc7, RowId(1))));
        ledger.see(RowId(1), Timestamp(50));
        assert_eq!(ledger.oldest(), Some(RowId(2)));
        ledger.forget_tier(RowId(2), Tier::Large);
        assert_eq!(ledger.oldest_large(), Some((Coding::Bc7, RowId(0))));
        for expect in [2, 0, 3, 1] {
            let row = ledger.oldest().unwrap();
            assert_eq!(row, RowId(expect));
            ledger.forget(row);
            owners_and_residents_agree(&ledger);
        }
        assert_eq!((ledger.oldest(), ledger.oldest_large()), (None, None));
    }

    #[test]
    fn a_slot_that_two_rows_name_is_the_firsts() {
        let mut ledger = Ledger::default();
        ledger.grow(LARGE, 2);
        assert!(ledger.admit(RowId(1), resident(0, Some(1))));
        assert!(!ledger.admit(RowId(2), resident(0, Some(1))));
        assert!(!ledger.admit(RowId(3), resident(0, Some(2))));
        owners_and_residents_agree(&ledger);
    }

    #[test]
    fn the_last_moves_into_the_hole() {
        let mut ledger = ledger(&[1, 2, 3]);
        assert_eq!(ledger.move_last(LARGE), None);
        ledger.forget(RowId(0));
        assert_eq!(ledger.move_last(LARGE), Some((RowId(2), [2, 0])));
        ledger.cut_last(LARGE);
        owners_and_residents_agree(&ledger);
        assert_eq!((ledger.slots(LARGE).len(), ledger.slots(LARGE).free_count()), (2, 0));
    }
}
