//! Large pictures for the loupe: the preview, every second pixel, all of them.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use super::Hands;
use super::file::crew;
use super::file::picture_in;
use super::file::preview_of;
use super::is_too_heavy;
use crate::core::texels::Texels;
use crate::disk::DiskResult;
use crate::disk::picture;
use crate::disk::source::Source;
use crate::jobs::board::Slot;
use crate::jobs::board::Stage;
use crate::jobs::board::View;
use crate::jobs::board::Views;
use crate::jobs::plan::ViewWish;
use crate::jobs::plan::weight::Weight;

/// Tells one large picture of the run from every other.
static NEXT_KEY: AtomicU64 = AtomicU64::new(1);

impl Hands {
    /// Shows the preview in the loupe, until the picture is decoded.
    fn show_preview(&self, wish: &ViewWish, slot: &Slot, source: &mut Source) {
        if slot.stage() <= Stage::Provisional
            && slot.views().is_none()
            && let Some(texels) = preview_of(source, slot, wish.box_px)
        {
            // Made for no box at all, so that it serves no wish and the picture follows.
            let views = Views { box_px: [0, 0], fit: view(texels), full: None };
            slot.set_views(Some(Arc::new(views)));
            self.ledger.note_views(wish.photo);
            (self.wake)();
        }
    }

    /// Shows every second pixel where fewer are shown, until all are decoded.
    fn show_half(&self, wish: &ViewWish, slot: &Slot, half: Texels) {
        let old = slot.views();
        let shown_px = old.as_ref().map_or(0, |views| views.fit.texels.edge_px());
        if half.edge_px() > shown_px {
            // It serves the box that the smaller one was made for, and no larger one.
            let box_px = old.as_ref().map_or([0, 0], |views| views.box_px);
            slot.set_views(Some(Arc::new(Views { box_px, fit: view(half), full: None })));
            self.ledger.note_views(wish.photo);
            (self.wake)();
        }
    }

    /// Decodes the main picture for the loupe, unless it is too heavy to be decoded now.
    pub(super) fn make_views(
        &self,
        wish: &ViewWish,
        slot: &Slot,
        weight: Weight,
    ) -> DiskResult<()> {
        let mut source = self.opened(wish.photo, slot)?;
        self.show_preview(wish, slot, &mut source);
        if is_too_heavy(slot, weight) {
            return Ok(());
        }
        let (format, turn, bytes) = picture_in(&mut source, &slot.path)?;
        let limits = picture::Limits::default();
        let (box_px, path) = (wish.box_px, &slot.path);
        let views = if wish.wants_full {
            if let Some(half) = picture::decode_half(bytes, format, turn, &limits, path, crew())? {
                self.show_half(wish, slot, half);
            }
            let (full, fit) =
                picture::decode_full_and_fit(bytes, format, turn, &limits, box_px, path)?;
            Views { box_px, fit: view(fit), full: Some(view(full)) }
        } else {
            let fit = picture::decode_fit(bytes, format, turn, &limits, box_px, path, crew())?;
            let full = slot.views().as_ref().and_then(|old| old.full.clone());
            Views { box_px, fit: view(fit), full }
        };
        slot.set_views(Some(Arc::new(views)));
        self.ledger.note_views(wish.photo);
        Ok(())
    }
}

fn view(texels: Texels) -> View {
    View { key: NEXT_KEY.fetch_add(1, Ordering::Relaxed), texels: Arc::new(texels) }
}
