//! Which photos are asked for and in which order, and when the ones on screen are exchanged.
//!
//! ```text
//! line, keys --> Spec --asked--> jobs::sift --ready--> swap, between two frames --> Review
//!                 ^                                      |
//!                 +-- Escape: as it was, at once         +-- a key before the next frame: back
//! ```
//!
//! When an order is asked for: when filter or sort change, when the person asks again (F5, Enter in
//! the line), when the whole order or the stored labels come in, and when what is undone is not
//! shown. Never because of a decision: what was just decided stays in its place, or a wall under
//! `undecided` would move with every key and a slip could not be seen. It is stale then, is passed
//! over, and the status line says so.
//!
//! Invariant 3 of the crate holds across an exchange: the old order stays on screen until the new
//! one is whole; an exchange waits for keys that wait for their frame; and a deciding key that
//! comes before the exchanged order has been shown takes the exchange back to what the last shown
//! frame has, reaches that, and the exchange is made again (`tests/desk/filter.rs`,
//! `tests/desk/exchange.rs`). A key on an empty screen reaches nothing.
//!
//! `line` is where the filter is typed.

mod line;

use std::sync::Arc;

use super::Desk;
use crate::app::compose::words;
use crate::core::command::Command;
use crate::core::edit::Act;
use crate::core::edit::Step;
use crate::core::features::sharpness::Sharpness;
use crate::core::filter::Filter;
use crate::core::order::Order;
use crate::core::order::Sort;
use crate::core::order::SortKey;
use crate::core::outlook::Outlook;
use crate::core::photo::PhotoId;
use crate::core::photo::Timestamp;
use crate::core::review::Aim;
use crate::core::review::LabelColumn;
use crate::core::review::Stage;
use crate::core::review::Stand;
use crate::jobs::shoot::Shoot;
use crate::jobs::sift::Known;
use crate::jobs::sift::Wanted;
use line::Before;

/// Which photos are shown, in which order.
#[derive(Debug, Clone, Default)]
struct Spec {
    /// As it was typed.
    text: String,
    filter: Arc<Filter>,
    sort: Sort,
}

impl Spec {
    /// Whether it is the shoot as it is.
    fn is_plain(&self) -> bool {
        self.filter.is_everything() && self.sort == Sort::default()
    }

    fn reads_sharpness(&self) -> bool {
        self.filter.reads_sharpness() || self.sort.key == SortKey::Sharp
    }
}

/// What stood on a frame before an exchange that has not been shown yet.
#[derive(Debug)]
struct Displaced {
    aim: Aim,
    stand: Stand,
}

/// What is asked for and how far it has come.
#[derive(Debug, Default)]
pub(super) struct Sieve {
    spec: Spec,
    before: Option<Before>,
    /// One for the last frame shown, one for the last composed; further ones nobody has seen.
    displaced: Vec<Displaced>,
    /// Whether an order is to be asked for.
    is_due: bool,
    /// Whether one has been asked for and is not on the table yet.
    is_waiting: bool,
    /// The number of the last wish.
    asked: u64,
    /// The whole order that it was of.
    whole: Arc<Order>,
    /// The answer, until it is taken.
    ready: Option<Arc<Order>>,
    /// How sharp the photos are, where the order was made of that, and of how many that was known.
    sharpness: Option<Arc<Sharpness>>,
    measured: u32,
    /// Photos decided since the last wish, which knows nothing of it.
    changed: Vec<PhotoId>,
    /// What was undone and is to be looked at.
    goal: Option<PhotoId>,
}

/// Whether so many photos of known sharpness are worth an order anew after one made of `before`: all of
/// them, or twice as many, so that photos on screen change their places a few times and not with each one.
const fn is_worth(known: u32, before: u32, all: usize) -> bool {
    known > before && (known as usize >= all || known >= 2 * before)
}

impl Desk {
    /// The filter in force, as it was typed; empty without one.
    #[must_use]
    pub fn filter_text(&self) -> &str {
        self.sieve.text()
    }

    /// The sort in force.
    #[must_use]
    pub const fn sort(&self) -> Sort {
        self.sieve.sort()
    }

    /// Shows the photos that `text` finds; all of them where it is empty.
    pub fn filter_by(&mut self, text: &str) {
        let filter = Arc::new(Filter::read(text).filter);
        self.sieve.spec = Spec { text: text.to_owned(), filter, sort: self.sort() };
        self.sieve.is_due = true;
    }

    /// Looks anew which photos match.
    pub const fn filter_again(&mut self) {
        self.sieve.is_due = true;
    }

    /// Sorts by the next key.
    pub fn sort_next(&mut self, now: Timestamp) {
        self.sort_by(self.sort().next(), now);
    }

    /// Turns the order round.
    pub fn turn_sort(&mut self, now: Timestamp) {
        self.sort_by(self.sort().turned(), now);
    }

    fn sort_by(&mut self, sort: Sort, now: Timestamp) {
        self.sieve.spec.sort = sort;
        self.sieve.is_due = true;
        self.tell(format!("sorted {}", words::sort(sort)), now);
    }

    /// Whether Escape clears the filter: nothing else is left to go back from.
    fn clears_filter(&self, command: &Command) -> bool {
        *command == Command::Back
            && self.review.stage() == Stage::Grid
            && self.review.selected_count() == 0
            && !self.sieve.spec.filter.is_everything()
    }

    /// Clears the filter where `command` asks for that; gives whether it did.
    pub(super) fn clear_filter(&mut self, command: &Command) -> bool {
        let clears = self.clears_filter(command);
        if clears {
            self.filter_by("");
        }
        clears
    }

    /// Asks for an order if one is due. Before a decision too: it is asked for what was so when the
    /// person asked, and what they decide after that stays in its place.
    pub(super) fn ask_order(&mut self) {
        let Some(shoot) = &self.shoot else { return };
        let sieve = &mut self.sieve;
        let whole = shoot.board().order();
        let known = shoot.board().measured();
        sieve.is_due |=
            sieve.spec.reads_sharpness() && is_worth(known, sieve.measured, whole.len());
        if !sieve.spec.is_plain() && (sieve.is_due || !Arc::ptr_eq(&whole, &sieve.whole)) {
            sieve.asked += 1;
            sieve.measured = known;
            let (labels, outlook) = (self.review.labels().clone(), self.tutor.outlook.clone());
            sieve.ask(shoot, Arc::clone(&whole), labels, outlook);
        }
    }

    /// Asks for an order if one is due, and takes the one that is there.
    pub(super) fn take_order(&mut self, now: Timestamp) {
        self.ask_order();
        let Some(shoot) = &self.shoot else { return };
        let sieve = &mut self.sieve;
        let order = if sieve.spec.is_plain() {
            (sieve.is_due, sieve.is_waiting, sieve.ready) = (false, false, None);
            let whole = shoot.board().order();
            (!Arc::ptr_eq(&whole, self.review.order())).then(|| Arc::clone(&whole))
        } else {
            while let Some(answer) = shoot.sifter().take() {
                if answer.number == sieve.asked {
                    sieve.ready = Some(answer.order);
                    sieve.sharpness = answer.sharpness;
                }
            }
            sieve.ready.clone()
        };
        // Where nothing is shown no key can be aimed at anything.
        if let Some(order) = order
            && (self.pending.is_empty() || self.review.current().is_none())
        {
            (self.sieve.is_waiting, self.sieve.ready) = (false, None);
            self.exchange(order, now);
        }
    }

    fn exchange(&mut self, order: Arc<Order>, now: Timestamp) {
        self.change_view(|desk| {
            match &desk.sieve.before {
                Some(before) => desk.review.set_order_near(order, &before.stand),
                None => desk.review.set_order(order),
            }
            if let Some(goal) = desk.sieve.goal.take() {
                desk.look_at(goal, now);
            }
            for photo in std::mem::take(&mut desk.sieve.changed) {
                desk.judge(photo);
            }
        });
    }

    /// Changes what is shown without a key: one that comes before a frame has shown it takes that back
    /// and reaches what it was aimed at.
    pub(super) fn change_view(&mut self, change: impl FnOnce(&mut Self)) {
        let (aim, stand) = (self.review.aim(), self.review.stand());
        change(self);
        if self.review.aim() != aim {
            self.sieve.displaced.push(Displaced { aim, stand });
        }
        self.forget_unseen();
    }

    /// Forgets what no frame has that is on the screen or on its way there.
    fn forget_unseen(&mut self) {
        let frames = [self.presented, self.composed];
        self.sieve.displaced.retain(|displaced| frames.contains(&Some(displaced.aim)));
    }

    fn look_at(&mut self, goal: PhotoId, now: Timestamp) {
        if self.review.order().index_of(goal).is_none() {
            self.tell("that was about photos that the filter hides", now);
        } else {
            self.review.show_alone(goal);
        }
    }

    /// Before a deciding key is taken in: goes back to what the last shown frame has, if it was
    /// exchanged since.
    pub(super) fn take_exchange_back(&mut self) {
        let shown = self.presented;
        let found = self.sieve.displaced.iter().position(|d| Some(d.aim) == shown);
        let Some(found) = found else { return };
        let displaced = self.sieve.displaced.swap_remove(found);
        self.sieve.ready = Some(Arc::clone(self.review.order()));
        self.review.resume(displaced.stand);
        self.presented = Some(self.review.aim());
        self.settle_exchange();
    }

    /// A frame is on the screen: what it shows, if it was exchanged since, is what a key goes back
    /// to; where it shows what is so now there is nothing to go back to.
    pub(super) fn note_presented(&mut self) {
        if self.presented == Some(self.review.aim()) {
            self.settle_exchange();
        }
        self.forget_unseen();
    }

    /// The person went on from what is shown: no key goes back behind that.
    pub(super) fn settle_exchange(&mut self) {
        self.sieve.displaced.clear();
    }

    /// Takes notice of a step: which shown photos it made stale, and whether any is seen.
    pub(super) fn note_step(&mut self, step: &Step) {
        if let Some(before) = &mut self.sieve.before {
            // A key from before the line was opened: Escape does not go back behind it.
            before.stand = self.review.stand();
        }
        if self.sieve.spec.is_plain() {
            return;
        }
        for edit in step.edits.iter() {
            self.note_label(edit.photo);
        }
        let is_seen = |photo| self.review.order().index_of(photo).is_some();
        if step.act != Act::Do && !step.edits.iter().any(|edit| is_seen(edit.photo)) {
            self.sieve.goal = step.edits.first().map(|edit| edit.photo);
            self.sieve.is_due = true;
        }
    }

    /// Takes notice of another label of one photo.
    pub(super) fn note_label(&mut self, photo: PhotoId) {
        if self.sieve.spec.filter.reads_labels() {
            self.sieve.changed.push(photo);
            self.judge(photo);
        }
    }

    /// Says whether a photo still matches.
    fn judge(&mut self, photo: PhotoId) {
        let Some(shoot) = &self.shoot else { return };
        let label = self.review.label(photo);
        let sharpness = self.sieve.sharpness.as_deref();
        let known = Known { outlook: self.outlook(), sharpness };
        let passes = shoot.sifter().passes(&self.sieve.spec.filter, photo, label, known);
        self.review.set_stale(photo, !passes);
    }

    /// Labels have come from the store: what was found without them is looked for again.
    pub(super) const fn note_stored_labels(&mut self) {
        self.sieve.is_due = true;
    }

    /// A learner has begun to know the photos: what was found without it is looked for again.
    pub(super) fn note_first_outlook(&mut self) {
        let spec = &self.sieve.spec;
        self.sieve.is_due |= spec.filter.reads_outlook() || spec.sort.key == SortKey::Keep;
    }

    /// Takes up a sort of an earlier run.
    pub(super) const fn set_sort(&mut self, sort: Sort) {
        self.sieve.spec.sort = sort;
        self.sieve.is_due = true;
    }

    /// A new shoot: no filter, and answers for the old one are not ours.
    pub(super) fn reset_sieve(&mut self) {
        let asked = self.sieve.asked;
        self.sieve = Sieve { asked, ..Sieve::default() };
    }
}

impl Sieve {
    pub(super) fn text(&self) -> &str {
        if self.spec.filter.is_everything() { "" } else { &self.spec.text }
    }

    pub(super) const fn sort(&self) -> Sort {
        self.spec.sort
    }

    fn ask(
        &mut self,
        shoot: &Shoot,
        whole: Arc<Order>,
        labels: LabelColumn,
        outlook: Option<Arc<Outlook>>,
    ) {
        (self.is_due, self.is_waiting, self.ready) = (false, true, None);
        self.changed.clear();
        self.whole = Arc::clone(&whole);
        let (filter, sort) = (Arc::clone(&self.spec.filter), self.spec.sort);
        shoot.sifter().ask(Wanted { number: self.asked, filter, sort, whole, labels, outlook });
    }
}
