//! Which photos are shown, and who is current when others are.
//!
//! The order may be a part of the shoot. What it lacks is neither current nor selected, so that no
//! key reaches a photo that cannot be seen; where it lacks the current photo, the nearest one that
//! it has becomes current, by the order before, the next rather than the one behind.
//!
//! A decision may make a photo one that would not be shown any more. It stays where it is until
//! another order comes: whoever decides looks at what they just did, and a wall that closes its
//! gaps after every key could not be culled. Such photos are *stale*: going on after a decision
//! passes them over (`a_decision_goes_on_to_the_next_photo_that_is_not_stale`).

use std::sync::Arc;

use super::PhotoSet;
use super::Review;
use super::Stage;
use crate::core::order::Order;
use crate::core::photo::PhotoId;
use crate::core::view::Grid;
use crate::core::view::Viewport;

/// What is shown, current and selected, to come back to.
#[derive(Debug, Clone)]
pub struct Stand {
    order: Arc<Order>,
    current: Option<PhotoId>,
    selection: PhotoSet,
    stale: PhotoSet,
    anchor: Option<PhotoId>,
    stage: Stage,
    grid: Grid,
    viewport: Viewport,
}

impl Stand {
    /// The photo that was current.
    #[must_use]
    pub const fn current(&self) -> Option<PhotoId> {
        self.current
    }
}

impl Review {
    /// Takes over another order. The current photo and the selection stay, but for photos that the
    /// order lacks. Until the person does anything, the first photo is current and the view stays
    /// at the top.
    pub fn set_order(&mut self, order: Arc<Order>) {
        let (home, before) = (self.current, Arc::clone(&self.order));
        self.take_order(order, home, &before);
    }

    /// The same, but the photo that was current at `stand` is, or the nearest to it: what is looked
    /// through while a filter is typed leads away from nowhere.
    pub fn set_order_near(&mut self, order: Arc<Order>, stand: &Stand) {
        self.take_order(order, stand.current, &stand.order);
    }

    fn take_order(&mut self, order: Arc<Order>, home: Option<PhotoId>, before: &Order) {
        let eye = self.eye();
        self.labels.grow(order.column_len());
        self.order = order;
        self.selection.retain(|photo| self.order.index_of(photo).is_some());
        self.stale.clear();
        self.current = match home.filter(|_| self.is_touched) {
            Some(home) => nearest(home, before, &self.order),
            None => self.order.photo_at(0),
        };
        if self.current.is_none() {
            self.stage = Stage::Grid;
        }
        self.grid.unpin();
        self.fit();
        self.keep(eye.as_ref());
        self.revision += 1;
    }

    /// Where the person stands now.
    #[must_use]
    pub fn stand(&self) -> Stand {
        Stand {
            order: Arc::clone(&self.order),
            current: self.current,
            selection: self.selection.clone(),
            stale: self.stale.clone(),
            anchor: self.anchor,
            stage: self.stage,
            grid: self.grid,
            viewport: self.viewport,
        }
    }

    /// Comes back to where the person stood. Decisions stay what they are now.
    pub fn resume(&mut self, stand: Stand) {
        self.order = stand.order;
        self.current = stand.current;
        self.selection.become_like(stand.selection);
        self.stale.become_like(stand.stale);
        self.anchor = stand.anchor;
        self.stage = stand.stage;
        if stand.viewport == self.viewport {
            self.grid = stand.grid;
            self.fit();
        } else {
            self.grid.unpin();
            self.fit();
            self.grid.clamp(&self.viewport, &self.rows);
            self.reveal_current();
        }
        self.revision += 1;
    }

    /// Says whether a shown photo is one that would not be shown any more.
    pub fn set_stale(&mut self, photo: PhotoId, is_stale: bool) {
        let before = self.stale.revision();
        match is_stale && self.order.index_of(photo).is_some() {
            true => self.stale.insert(photo),
            false => self.stale.remove(photo),
        }
        self.revision += u64::from(self.stale.revision() != before);
    }

    /// How many of the shown photos would not be shown any more.
    #[must_use]
    pub const fn stale_count(&self) -> usize {
        self.stale.count()
    }

    /// The next index after `index` that is not stale.
    pub(super) fn next_fresh(&self, index: usize) -> Option<usize> {
        let photos = self.order.photos();
        (index + 1..photos.len()).find(|&at| !self.stale.contains(photos[at]))
    }
}

/// The photo of `order` that stands nearest to `home` in the order before.
fn nearest(home: PhotoId, before: &Order, order: &Order) -> Option<PhotoId> {
    let is_there = |photo: &PhotoId| order.index_of(*photo).is_some();
    if is_there(&home) || order.is_empty() {
        return Some(home).filter(is_there);
    }
    let from = before.index_of(home).unwrap_or(0);
    let photos = before.photos();
    // Away from `home`, a step after and a step before in turn.
    let beside = (1..photos.len()).flat_map(|step| [Some(from + step), from.checked_sub(step)]);
    let found = beside.flatten().find_map(|at| photos.get(at).copied().filter(is_there));
    // Without any in common, what stands at the same place.
    found.or_else(|| order.photo_at(from.min(order.len() - 1)))
}
