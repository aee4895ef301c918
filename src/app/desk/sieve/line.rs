//! The line that a filter is typed into: what is typed is shown, and Escape goes back.
//!
//! While it is open the photo that was current when it opened comes back as soon as it matches again;
//! Escape brings all of the view back, the scroll too.

use std::sync::Arc;

use super::Spec;
use crate::app::desk::Desk;
use crate::app::panel::FilterLine;
use crate::app::panel::Over;
use crate::core::order::Order;
use crate::core::review::Stand;

/// What the open line goes back to.
#[derive(Debug)]
pub(super) struct Before {
    pub(super) spec: Spec,
    pub(super) stand: Stand,
    pub(super) whole: Arc<Order>,
    /// Whether its order was still to come.
    pub(super) is_due: bool,
}

impl Desk {
    /// Opens the line with the filter in force.
    pub fn open_filter_line(&mut self) {
        let text = self.filter_text().to_owned();
        self.sieve.before = Some(Before {
            spec: self.sieve.spec.clone(),
            stand: self.review.stand(),
            whole: Arc::clone(&self.sieve.whole),
            is_due: self.sieve.is_due || self.sieve.is_waiting,
        });
        self.panels.over = Over::FilterLine(FilterLine::new(text));
    }

    /// Changes what is typed in the line, and shows what it finds.
    pub fn edit_filter_line(&mut self, edit: impl FnOnce(&mut FilterLine)) {
        let Over::FilterLine(line) = &mut self.panels.over else { return };
        edit(line);
        let (text, filter) = (line.text.trim().to_owned(), Arc::new(line.reading.filter.clone()));
        let sort = self.sieve.spec.sort;
        // A text that asks the same, a blank at its end, looks for nothing anew.
        self.sieve.is_due |= filter != self.sieve.spec.filter;
        self.sieve.spec = Spec { text, filter, sort };
    }

    /// Closes the line and keeps its filter. One with a mistake stays open: what is in force and
    /// what is read in the status line must be the same.
    pub fn confirm_filter_line(&mut self) {
        let Over::FilterLine(line) = &self.panels.over else { return };
        if line.reading.diagnostics.is_empty() {
            self.panels.over = Over::Nothing;
            self.sieve.before = None;
            self.sieve.is_due = true;
        }
    }

    /// Closes the line; everything is as it was before it opened.
    pub fn cancel_filter_line(&mut self) {
        self.panels.over = Over::Nothing;
        let Some(before) = self.sieve.before.take() else { return };
        self.review.resume(before.stand);
        let sieve = &mut self.sieve;
        sieve.spec = before.spec;
        sieve.whole = before.whole;
        sieve.is_due = before.is_due;
        sieve.displaced.clear();
        // What is still being looked for is not wanted any more.
        sieve.asked += 1;
        (sieve.is_waiting, sieve.ready) = (false, None);
    }
}
