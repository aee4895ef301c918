//! Where one is, at the right end of the status line: the photo in the loupe, what is shown of the
//! shoot, the burst, the number.

use std::fmt::Write;

use super::News;
use super::Scene;
use super::mark;
use super::words;
use crate::core::order::Sort;
use crate::core::review::Stage;
use crate::jobs::board::Slot;

/// So many letters of a filter are shown: it was typed a moment ago.
const FILTER_LETTERS: usize = 40;

/// How much is said of the place, the most first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Settings, name, zoom, filter, burst, number.
    All,
    /// Name, zoom, filter, burst, number.
    Name,
    /// Filter, burst, number.
    Burst,
    /// How many are shown, and the number.
    Number,
    /// The number alone, with a filter of how many.
    Least,
}

/// Writes the place, or the widest that it gets in this shoot.
pub fn write_place(scene: &Scene<'_>, place: Place, is_widest: bool, text: &mut String) {
    let order = scene.review.order();
    let current = scene.review.current();
    let at = current.and_then(|photo| Some((photo, order.index_of(photo)?)));
    if let Some((photo, _)) = at
        && scene.stage == Stage::Loupe
        && place <= Place::Name
        && let Some(slot) = scene.board.slot(photo)
    {
        if place == Place::All {
            write_settings(slot, text);
        }
        mark::write_photo(slot, text);
        text.push_str("   ");
        write_zoom(scene, text);
    }
    if place <= Place::Burst {
        write_sieve(scene, text);
    }
    let is_filtered = !scene.news.filter.is_empty();
    if is_filtered && (place <= Place::Number || at.is_none()) {
        words::count(text, order.len());
        text.push_str(" of ");
        words::count(text, scene.review.counts().total);
        text.push_str(" shown");
    }
    let Some((_, index)) = at else { return };
    if is_filtered && place <= Place::Number {
        text.push_str("   ");
    }
    let burst = order.burst_at(index);
    if is_widest && place <= Place::Burst && order.is_by_time() {
        text.push_str("burst 99/99   ");
    } else if place <= Place::Burst && burst.len() > 1 {
        let at = index - burst.start + 1;
        _ = write!(text, "burst {at}/{}   ", burst.len());
    }
    words::count(text, if is_widest { order.len() } else { index + 1 });
    text.push_str(" of ");
    words::count(text, order.len());
    if is_filtered && place == Place::Least {
        text.push_str(" of ");
        words::count(text, scene.review.counts().total);
    }
}

/// The filter and the sort in force.
fn write_sieve(scene: &Scene<'_>, text: &mut String) {
    let News { filter, sort, .. } = scene.news;
    if !filter.is_empty() {
        let mut letters = filter.chars();
        text.extend(letters.by_ref().take(FILTER_LETTERS));
        text.push_str(if letters.next().is_some() { "…" } else { "" });
        text.push_str("   ");
    }
    if sort != Sort::default() {
        text.push_str(words::sort(sort));
        text.push_str("   ");
    }
}

/// How the photo was taken, in the line rather than on the photo, where it could not be read over
/// a bright sky.
fn write_settings(slot: &Slot, text: &mut String) {
    let start = text.len();
    if let Some(header) = slot.header() {
        words::settings(text, &header.meta);
    }
    if text.len() > start {
        text.push_str("       ");
    }
}

fn write_zoom(scene: &Scene<'_>, text: &mut String) {
    let Some(photo) = scene.review.current() else { return };
    let Some(slot) = scene.board.slot(photo) else { return };
    let scale = scene.review.loupe_scale(photo, super::grid::upright_px(slot));
    _ = write!(text, "{:.0} %   ", scale * 100.0);
}
