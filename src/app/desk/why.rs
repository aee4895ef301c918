//! Why the current photo has its probability: when that is asked, and what is told meanwhile.
//!
//! While the panel is open the teacher is asked anew whenever another photo is current or there is another
//! outlook; what it says of a photo is shown until it has said something newer of the same one.

use std::sync::Arc;

use super::Desk;
use super::tutor::Tutor;
use crate::app::compose::why::Told;
use crate::core::outlook::Explanation;
use crate::core::outlook::Outlook;
use crate::core::photo::PhotoId;
use crate::jobs::shoot::Shoot;

/// What has been asked, and answered.
#[derive(Debug, Default)]
pub(super) struct Curiosity {
    /// The photo asked about last, and the outlook that there was then.
    asked: Option<(PhotoId, Arc<Outlook>)>,
    answer: Option<Explanation>,
}

impl Desk {
    /// Asks the teacher about the current photo if the panel is open, and takes what it has said.
    pub(super) fn take_why(&mut self) {
        let Some(teacher) = self.shoot.as_ref().and_then(Shoot::teacher) else { return };
        if let Some(answer) = teacher.take_why() {
            self.tutor.why.answer = Some(answer);
        }
        if !self.panels.why {
            return;
        }
        let (Some(photo), Some(outlook)) = (self.review.current(), &self.tutor.outlook) else {
            return;
        };
        let is_new = |(of, by): &(PhotoId, Arc<Outlook>)| *of != photo || !Arc::ptr_eq(by, outlook);
        if self.tutor.why.asked.as_ref().is_none_or(is_new) {
            self.tutor.why.asked = Some((photo, Arc::clone(outlook)));
            teacher.ask_why(photo);
        }
    }
}

impl Tutor {
    /// What the panel tells of the current photo; `is_learning` says whether anything is learned at all.
    pub(super) fn told(&self, current: Option<PhotoId>, is_learning: bool) -> Told<'_> {
        if !is_learning {
            return Told::Off;
        }
        if current.is_some_and(|photo| self.is_blind(photo)) {
            return Told::Blind;
        }
        let answer = self.why.answer.as_ref();
        match answer.filter(|answer| Some(answer.photo) == current) {
            Some(answer) => Told::Explained(&answer.explained),
            None if self.outlook.is_some() => Told::Asked,
            None => Told::Nothing,
        }
    }
}
