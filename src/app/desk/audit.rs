//! The blind audit at the desk: a random sample of what is proposed as trash, shown without any sign of that.
//!
//! ```text
//! Ctrl B --draw--> Walk --hidden from every outlook--> road: an order of its own, in the loupe
//!           |                                             |  Ctrl B, Esc, a filter: away, and Ctrl B goes on
//!           +--kept by the teacher for the next run       +--every stop is decided: back, and M tells what it found
//! ```
//!
//! As long as a stop is undecided nothing that is shown tells what the model makes of the stops, wherever they
//! are shown: badge, probability, filter, sort, explanation and `Y` all ask the outlook, which hides them.
//!
//! The road's order comes and goes between two frames as a filter's does (`sieve`), so that a key never
//! reaches a photo that the last shown frame had not.

use std::sync::Arc;

use super::Desk;
use super::tutor::Tutor;
use crate::core::command::Command;
use crate::core::guard::walk::Progress;
use crate::core::guard::walk::Walk;
use crate::core::label::Verdict;
use crate::core::order::Order;
use crate::core::order::Sort;
use crate::core::photo::PhotoId;
use crate::core::photo::Timestamp;
use crate::core::review::Stage;
use crate::core::review::Stand;
use crate::jobs::learn::teacher::Teacher;
use crate::jobs::shoot::Shoot;

/// What the status line says in the place of a filter.
const ROAD: &str = "blind check";

/// The audit of the shoot.
#[derive(Debug, Default)]
pub(super) struct Check {
    /// The last one, finished or not.
    walk: Option<Walk>,
    /// Its photos in rising order, and none.
    photos: Arc<[PhotoId]>,
    nothing: Arc<[PhotoId]>,
    /// How far it has come, and how often labels had changed then.
    progress: Option<(Progress, u64)>,
    /// Where the person is walking through it now.
    road: Option<Road>,
}

/// A walk that is on the screen, or about to be.
#[derive(Debug)]
struct Road {
    order: Arc<Order>,
    /// Where it was left for the road, and which photos were asked for there.
    stand: Stand,
    filter: String,
    sort: Sort,
    is_leaving: bool,
}

impl Check {
    fn new(walk: Walk) -> Self {
        Self { photos: walk.photos().into(), walk: Some(walk), ..Self::default() }
    }

    /// Whether some of its photos are undecided: nothing is told of any of them.
    fn is_open(&self) -> bool {
        let finished = |(progress, _): &(Progress, u64)| progress.decided[0] == progress.decided[1];
        self.walk.is_some() && !self.progress.as_ref().is_some_and(finished)
    }
}

impl Tutor {
    /// How far the audit has come; `None` before there is one.
    pub(super) fn progress(&self) -> Option<Progress> {
        self.check.progress.map(|(progress, _)| progress)
    }

    /// The same while it is on the screen.
    pub(super) fn road_progress(&self) -> Option<Progress> {
        self.progress().filter(|_| self.check.road.is_some())
    }

    /// What the status line says in the place of a filter.
    pub(super) fn road_text(&self) -> Option<&'static str> {
        self.check.road.is_some().then_some(ROAD)
    }

    /// Whether a photo is decided about blind.
    pub(super) fn is_blind(&self, photo: PhotoId) -> bool {
        self.check.is_open() && self.check.photos.binary_search(&photo).is_ok()
    }

    /// Hides the audit's photos in the outlook, or shows them again when it has ended.
    pub(super) fn hide(&mut self) {
        let check = &self.check;
        let hidden = if check.is_open() { &check.photos } else { &check.nothing };
        if let Some(outlook) = self.outlook.as_mut().filter(|outlook| outlook.hidden != *hidden) {
            // What a frame on the screen has stays as it is.
            Arc::make_mut(outlook).hidden = Arc::clone(hidden);
        }
    }
}

impl Desk {
    /// Begins a blind audit of what is proposed as trash, goes on with one, or leaves it for now.
    pub fn toggle_audit(&mut self, now: Timestamp) {
        if let Some(road) = &mut self.tutor.check.road {
            road.is_leaving = true;
            self.tell("left unfinished: the same key goes on", now);
            return;
        }
        if !self.tutor.check.is_open() && !self.draw_audit(now) {
            return;
        }
        let Some(walk) = &self.tutor.check.walk else { return };
        let photos = walk.stops.iter().map(|stop| stop.photo).collect();
        self.tutor.check.road = Some(Road {
            order: Arc::new(Order::by_name(photos)),
            stand: self.review.stand(),
            filter: self.filter_text().to_owned(),
            sort: self.sort(),
            is_leaving: false,
        });
        self.tell("some of these are proposed as trash: decide as you would", now);
    }

    /// Draws a sample of what is proposed; gives whether there is anything.
    fn draw_audit(&mut self, now: Timestamp) -> bool {
        let (Some(shoot), Some(outlook)) = (&self.shoot, self.tutor.outlook.as_deref()) else {
            self.tell("nothing is proposed as trash yet", now);
            return false;
        };
        // What an earlier program had proposed may be there without any model: then nobody can say how
        // many others would be kept.
        if outlook.keep.is_empty() {
            self.tell("nothing is learned yet: decide about ten photos first", now);
            return false;
        }
        let whole = shoot.board().order();
        let is_open = |p: &&PhotoId| self.review.label(**p).verdict == Verdict::Undecided;
        let open = whole.photos().iter().filter(is_open);
        let (proposed, others): (Vec<PhotoId>, Vec<PhotoId>) = open.copied().partition(|photo| {
            outlook.proposal(*photo, Verdict::Undecided) == Some(Verdict::Trash)
        });
        let keep = |photo: &PhotoId| outlook.keep(*photo).map_or(0.0, f64::from);
        let kept_elsewhere = others.iter().map(keep).sum();
        // Any number will do that the person cannot choose.
        let Some(walk) = Walk::draw(&proposed, &others, kept_elsewhere, now.0.cast_unsigned())
        else {
            self.tell("nothing is proposed as trash yet", now);
            return false;
        };
        if let Some(teacher) = shoot.teacher() {
            teacher.note_audit(walk.clone());
        }
        self.tutor.check = Check::new(walk);
        self.note_progress();
        self.tutor.hide();
        true
    }

    /// Takes the audit of an earlier run, which comes before the first outlook of a model.
    pub(super) fn take_audit(&mut self) {
        let teacher = self.shoot.as_ref().and_then(Shoot::teacher);
        if let Some(walk) = teacher.and_then(Teacher::take_audit)
            && self.tutor.check.walk.is_none()
        {
            self.tutor.check = Check::new(walk);
        }
        self.note_progress();
        self.tutor.hide();
    }

    /// Looks how far the audit has come, if anything was decided since.
    fn note_progress(&mut self) {
        let changes = self.review.labels_changed();
        let check = &self.tutor.check;
        let (Some(walk), Some(shoot)) = (&check.walk, &self.shoot) else { return };
        let is_new = check.progress.as_ref().is_none_or(|(_, seen)| *seen != changes);
        if let Some(budget) = shoot.teacher().map(Teacher::budget).filter(|_| is_new) {
            let verdict = |photo| self.review.label(photo).verdict;
            let progress = walk.progress(verdict, [budget.loss, budget.confidence]);
            self.tutor.check.progress = Some((progress, changes));
        }
    }

    /// Brings the road on the screen or away from it; gives whether it is what is shown.
    pub(super) fn take_road(&mut self, now: Timestamp) -> bool {
        let is_ended = !self.tutor.check.is_open();
        let Some(road) = &self.tutor.check.road else { return false };
        // Another filter or sort leads away: it is what the person wants to see now.
        if road.filter != self.filter_text() || road.sort != self.sort() {
            self.tutor.check.road = None;
            return false;
        }
        // Where nothing is shown no key can be aimed at anything.
        let may_change = self.pending.is_empty() || self.review.current().is_none();
        if (is_ended || road.is_leaving) && may_change {
            self.leave_road(is_ended, now);
            return false;
        }
        if may_change && !road.is_leaving && !Arc::ptr_eq(&road.order, self.review.order()) {
            let order = Arc::clone(&road.order);
            let is_open = |p: &&PhotoId| self.review.label(**p).verdict == Verdict::Undecided;
            let first = order.photos().iter().find(is_open).copied();
            self.change_view(|desk| {
                desk.review.set_order(order);
                if let Some(first) = first {
                    desk.review.show_alone(first);
                }
                _ = desk.review.apply(&Command::Open, |_| None, now);
            });
        }
        true
    }

    /// Goes back to where the person was before the road.
    fn leave_road(&mut self, is_ended: bool, now: Timestamp) {
        let Some(road) = self.tutor.check.road.take() else { return };
        self.change_view(|desk| desk.review.resume(road.stand));
        // What was looked for before the road may be another thing now.
        self.filter_again();
        if is_ended {
            self.tell("all of them are decided: this is what was found", now);
            if !self.panels.learned {
                self.toggle_learned();
            }
        }
    }

    /// Whether a command leads away from the road: Escape in its grid, where there is nothing else to go
    /// back from.
    pub(super) fn leaves_road(&mut self, command: &Command, now: Timestamp) -> bool {
        let is_back = *command == Command::Back
            && self.review.stage() == Stage::Grid
            && self.review.selected_count() == 0;
        let leaves = is_back && self.tutor.check.road.is_some();
        if leaves {
            self.toggle_audit(now);
        }
        leaves
    }
}
