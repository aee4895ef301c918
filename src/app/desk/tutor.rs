//! What the program learns at the desk: when it is asked to, and what becomes of its proposals.
//!
//! The teacher is asked after every change of a label and when more is known of the photos; its
//! outlook is taken between two frames. A proposal is accepted as the last *presented* frame showed it: an outlook
//! that came since has not been seen by anybody.

use std::sync::Arc;

use super::Desk;
use super::audit::Check;
use super::why::Curiosity;
use crate::core::command::Command;
use crate::core::edit::Act;
use crate::core::edit::Lead;
use crate::core::edit::Step;
use crate::core::label::Decision;
use crate::core::label::Verdict;
use crate::core::order::Order;
use crate::core::outlook::Outlook;
use crate::core::photo::PhotoId;
use crate::core::photo::Timestamp;
use crate::jobs::learn::teacher::Teacher;
use crate::jobs::learn::teacher::Wanted;
use crate::jobs::shoot::Shoot;

/// How long is waited between two wishes that only more known photos give rise to.
const PATIENCE_MICROS: i64 = 2_000_000;

/// What is known of the learner.
#[derive(Debug, Default)]
pub(super) struct Tutor {
    /// The newest.
    pub(super) outlook: Option<Arc<Outlook>>,
    /// That of the frame composed last, and of the last one shown.
    composed: Option<Arc<Outlook>>,
    presented: Option<Arc<Outlook>>,
    /// What the program before this one had proposed, by photo.
    imported: Arc<Vec<Verdict>>,
    /// The number of the last wish, and what it was made of.
    asked: u64,
    made_of: Option<Basis>,
    /// The photo that the person was asked about.
    question: Option<PhotoId>,
    /// Why the current photo has its probability.
    pub(super) why: Curiosity,
    /// The blind audit.
    pub(super) check: Check,
}

/// What a wish is made of.
#[derive(Debug)]
struct Basis {
    labels: u64,
    features: u32,
    whole: Arc<Order>,
    at: Timestamp,
}

impl Desk {
    /// What the learner makes of the photos; `None` before it has looked.
    #[must_use]
    pub fn outlook(&self) -> Option<&Outlook> {
        self.tutor.outlook.as_deref()
    }

    /// Asks the teacher if there is something new to learn from, and takes what it has made.
    pub(super) fn take_outlook(&mut self, now: Timestamp) {
        let teacher = self.shoot.as_ref().and_then(Shoot::teacher);
        if let Some(mut outlook) = teacher.and_then(Teacher::take) {
            let knows_nothing = |outlook: &Arc<Outlook>| outlook.keep.is_empty();
            if self.tutor.outlook.as_ref().is_none_or(knows_nothing) {
                self.note_first_outlook();
            }
            if !self.tutor.imported.is_empty() {
                Arc::make_mut(&mut outlook).imported = Arc::clone(&self.tutor.imported);
            }
            self.tutor.outlook = Some(outlook);
        }
        let Some((shoot, teacher)) = self.shoot.as_ref().and_then(|s| Some((s, s.teacher()?)))
        else {
            return;
        };
        let (board, labels) = (shoot.board(), self.review.labels_changed());
        let counts = self.review.counts();
        if !self.is_restored || !shoot.is_sorted() || counts.kept + counts.trashed == 0 {
            return;
        }
        let (features, whole) = (board.measured(), board.order());
        let is_due = self.tutor.made_of.as_ref().is_none_or(|made_of| {
            let is_whole = features as usize >= board.photo_count();
            let is_time = is_whole || now.0 - made_of.at.0 >= PATIENCE_MICROS;
            made_of.labels != labels
                || !Arc::ptr_eq(&made_of.whole, &whole)
                || (made_of.features != features && is_time)
        });
        if is_due {
            self.tutor.asked += 1;
            let labels_now = self.review.labels().clone();
            let whole = Arc::clone(&whole);
            self.tutor.made_of =
                Some(Basis { labels, features, whole: Arc::clone(&whole), at: now });
            teacher.ask(Wanted { number: self.tutor.asked, whole, labels: labels_now });
        }
    }

    /// Takes what the program before this one had proposed.
    pub(super) fn note_imported(&mut self, proposals: &[(PhotoId, Verdict)]) {
        let imported = Arc::make_mut(&mut self.tutor.imported);
        for (photo, verdict) in proposals {
            if imported.len() <= photo.index() {
                imported.resize(photo.index() + 1, Verdict::Undecided);
            }
            imported[photo.index()] = *verdict;
        }
        let mut outlook = self.tutor.outlook.take().unwrap_or_default();
        // What a frame on the screen has stays as it is.
        Arc::make_mut(&mut outlook).imported = Arc::clone(&self.tutor.imported);
        self.tutor.outlook = Some(outlook);
        self.note_first_outlook();
    }

    /// A frame was composed with the newest outlook.
    pub(super) fn note_outlook_composed(&mut self) {
        self.tutor.composed.clone_from(&self.tutor.outlook);
    }

    /// The frame composed last is on the screen.
    pub(super) fn note_outlook_presented(&mut self) {
        self.tutor.presented.clone_from(&self.tutor.composed);
    }

    /// Another shoot: what was learned of the old one is not of this one.
    pub(super) fn reset_tutor(&mut self) {
        let asked = self.tutor.asked;
        self.tutor = Tutor { asked, ..Tutor::default() };
    }

    /// What a frame that is on the screen proposes for a photo.
    fn proposed(&self, photo: PhotoId) -> Option<Decision> {
        let verdict = self.review.label(photo).verdict;
        match self.tutor.presented.as_ref()?.proposal(photo, verdict)? {
            Verdict::Keep => Some(Decision::Keep),
            Verdict::Trash => Some(Decision::Trash),
            Verdict::Undecided => None,
        }
    }

    /// Accepts what is proposed for the current photo, or for `all` that are selected.
    pub(super) fn accept(&mut self, all: bool, now: Timestamp) -> Option<Step> {
        let photos =
            if all { self.review.reached() } else { self.review.current().into_iter().collect() };
        let decisions: Vec<_> =
            photos.into_iter().filter_map(|photo| Some((photo, self.proposed(photo)?))).collect();
        if decisions.is_empty() {
            let words =
                if all { "nothing is proposed for these" } else { "nothing is proposed here" };
            self.tell(words, now);
        }
        self.review.decide_each(decisions.into_iter(), (Lead::Proposal, !all), now)
    }

    /// Goes to the photo whose decision would teach most.
    pub(super) fn ask(&mut self, now: Timestamp) {
        let is_open = |photo: &&PhotoId| {
            self.review.label(**photo).verdict == Verdict::Undecided
                && self.review.current() != Some(**photo)
                && self.review.order().index_of(**photo).is_some()
        };
        let questions = self.tutor.outlook.as_ref().map(|outlook| &outlook.questions);
        match questions.and_then(|questions| questions.iter().find(is_open).copied()) {
            Some(photo) => {
                self.tutor.question = Some(photo);
                _ = self.review.apply(&Command::GoTo { photo }, |_| None, now);
            }
            None => self.tell("there is nothing to ask yet: decide about ten photos first", now),
        }
    }

    /// Who led to a step that is about to be stored. Who decides as the screen proposes may have followed
    /// it; who decides against it has not, and leaving that out would hide just where the model errs.
    pub(super) fn lead_of(&self, step: &Step) -> Lead {
        let [edit] = &*step.edits else { return step.lead };
        let proposes_it = |outlook: &Arc<Outlook>| {
            outlook.proposal(edit.photo, edit.before.verdict) == Some(edit.after.verdict)
        };
        let is_led = self.tutor.question == Some(edit.photo)
            || self.tutor.presented.as_ref().is_some_and(proposes_it);
        match step.lead {
            Lead::Nobody if step.act == Act::Do && self.tutor.is_blind(edit.photo) => Lead::Audit,
            Lead::Nobody if step.act == Act::Do && is_led => Lead::Question,
            lead => lead,
        }
    }

    /// Tells the teacher of a step.
    pub(super) fn note_lesson(&mut self, step: &Step) {
        let is_led = step.lead != Lead::Nobody || step.act != Act::Do || step.edits.len() > 1;
        for edit in step.edits.iter().filter(|e| e.before.verdict != e.after.verdict) {
            self.note_lead(edit.photo, is_led);
            if self.tutor.question == Some(edit.photo) {
                self.tutor.question = None;
            }
        }
    }

    /// Says whether a model led to what is decided about a photo, as far as is known.
    pub(super) fn note_lead(&self, photo: PhotoId, is_led: bool) {
        if let Some(teacher) = self.shoot.as_ref().and_then(|shoot| shoot.teacher()) {
            teacher.note_lead(photo, is_led);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::theme;

    const NOW: Timestamp = Timestamp(0);

    /// Two photos, of which a frame shows the first as the current one.
    fn desk() -> Desk {
        let mut desk = Desk::new(1, theme::viewport([800.0, 600.0], 1.0));
        desk.review.set_photo_count(2);
        desk.review.set_order(Arc::new(Order::by_name(vec![PhotoId(0), PhotoId(1)])));
        show(&mut desk);
        desk
    }

    fn show(desk: &mut Desk) {
        desk.compose(1.0);
        desk.presented(NOW);
    }

    fn propose(desk: &mut Desk, proposals: [Verdict; 2]) {
        let outlook = Outlook { proposals: proposals.to_vec(), ..Outlook::default() };
        desk.tutor.outlook = Some(Arc::new(outlook));
    }

    fn verdicts(desk: &Desk) -> [Verdict; 2] {
        [0, 1].map(|photo| desk.review.label(PhotoId(photo)).verdict)
    }

    #[test]
    fn a_proposal_is_accepted_as_it_was_shown() {
        let mut desk = desk();
        propose(&mut desk, [Verdict::Trash; 2]);
        desk.command(Command::Accept { all: false }, NOW);
        assert_eq!(verdicts(&desk), [Verdict::Undecided; 2], "no frame has shown it");
        show(&mut desk);
        propose(&mut desk, [Verdict::Keep; 2]);
        desk.command(Command::Accept { all: false }, NOW);
        assert_eq!(verdicts(&desk), [Verdict::Trash, Verdict::Undecided], "the screen said trash");
        assert_eq!(desk.review.current(), Some(PhotoId(1)), "it goes on as after a key");
    }

    #[test]
    fn a_proposal_never_changes_what_a_person_decided() {
        let mut desk = desk();
        propose(&mut desk, [Verdict::Trash; 2]);
        desk.command(Command::Decide(Decision::Keep), NOW);
        desk.command(Command::SelectAll, NOW);
        show(&mut desk);
        desk.command(Command::Accept { all: true }, NOW);
        assert_eq!(verdicts(&desk), [Verdict::Keep, Verdict::Trash]);
    }

    #[test]
    fn what_is_decided_as_proposed_was_led_to_and_what_is_decided_against_it_was_not() {
        let mut desk = desk();
        propose(&mut desk, [Verdict::Trash; 2]);
        show(&mut desk);
        desk.command(Command::Decide(Decision::Trash), NOW);
        show(&mut desk);
        desk.command(Command::Decide(Decision::Keep), NOW);
        let leads: Vec<Lead> = desk.unsent.iter().map(|step| step.lead).collect();
        assert_eq!(leads, [Lead::Question, Lead::Nobody]);
    }
}
