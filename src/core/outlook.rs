//! What a model makes of the photos at one moment: probabilities, proposals, and what it would ask.
//!
//! A column by photo, made by `jobs::learn` and read by the window, filters and drawings. A proposal is never a
//! decision: it stands beside the photo until a person accepts it.

use std::sync::Arc;

use super::guard::Ruling;
use super::label::Verdict;
use super::learner::Silence;
use super::learner::figures::BINS;
use super::learner::figures::Bin;
use super::learner::figures::Figures;
use super::learner::why::Reason;
use super::photo::PhotoId;

/// What is known of a model from photos that it had not seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Figures out of fold.
    pub figures: Figures,
    /// The reliability curve.
    pub reliability: [Bin; BINS],
    /// What the guard would say now; what is proposed is by its last look.
    pub trash: Ruling,
    /// How many photos more have to be kept until the guard looks again, and what is proposed changes.
    pub until_look: usize,
}

/// What a model makes of the photos.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outlook {
    /// How many decisions it was learned from.
    pub lessons: usize,
    /// Photos whose features are known: the others have no probability.
    pub known: usize,
    /// Why there is no model.
    pub silence: Option<Silence>,
    /// What is known of it, once its folds have run.
    pub report: Option<Report>,
    /// By photo, the probability that it is kept, 0 to 1; not a number where there is none.
    pub keep: Vec<f32>,
    /// By photo, what is proposed, by the model that the guard has looked at.
    pub proposals: Vec<Verdict>,
    /// By photo, what the program before this one had proposed; it holds where the model proposes
    /// nothing.
    pub imported: Arc<Vec<Verdict>>,
    /// How many are proposed as trash and as keep among the photos that were undecided.
    pub proposed: [usize; 2],
    /// Undecided photos whose decision would teach most, of different bursts, the best first.
    pub questions: Vec<PhotoId>,
    /// Photos of which nothing is told, in rising order: a person decides about them without knowing what
    /// the model makes of them.
    pub hidden: Arc<[PhotoId]>,
}

/// Why a photo has its probability, or has none.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The photo.
    pub photo: PhotoId,
    /// What there is to say.
    pub explained: Explained,
}

/// What there is to say of a photo.
#[derive(Debug, Clone, PartialEq)]
pub enum Explained {
    /// There is no model.
    Silent(Silence),
    /// Its features are not known yet.
    Unmeasured,
    /// It has a probability.
    Because(Because),
}

/// Why a photo has its probability.
#[derive(Debug, Clone, PartialEq)]
pub struct Because {
    /// The probability that it is kept, 0 to 1.
    pub keep: f32,
    /// What it were without knowing anything of the photo, 0 to 1.
    pub base: f32,
    /// What moved it from the one to the other, most first; all of it.
    pub reasons: Vec<Reason>,
    /// The trashed and the kept photo that are most like it.
    pub nearest: [Option<PhotoId>; 2],
    /// Whether it is one of the photos learned from.
    pub is_lesson: bool,
}

impl Outlook {
    /// The probability that a photo is kept.
    #[must_use]
    pub fn keep(&self, photo: PhotoId) -> Option<f32> {
        let keep = self.keep.get(photo.index()).copied();
        keep.filter(|keep| !keep.is_nan() && !self.is_hidden(photo))
    }

    /// What is proposed for a photo, of which `verdict` is decided: nothing for a decided one.
    #[must_use]
    pub fn proposal(&self, photo: PhotoId, verdict: Verdict) -> Option<Verdict> {
        let columns = [&*self.proposals, &**self.imported];
        let mut proposals = columns.into_iter().filter_map(|column| column.get(photo.index()));
        let proposal = proposals.find(|proposal| **proposal != Verdict::Undecided).copied();
        let is_told = verdict == Verdict::Undecided && !self.is_hidden(photo);
        proposal.filter(|_| is_told)
    }

    /// Whether nothing is told of a photo.
    #[must_use]
    pub fn is_hidden(&self, photo: PhotoId) -> bool {
        self.hidden.binary_search(&photo).is_ok()
    }

    /// How many more kept photos it takes until anything may be proposed as trash: as many as answer for it,
    /// and until the guard looks. `None` where something is proposed, could be but for the guard's next look,
    /// or nothing is known yet.
    #[must_use]
    pub fn missing(&self) -> Option<usize> {
        let report = self.report.as_ref().filter(|report| report.trash.missing > 0)?;
        (self.proposed[0] == 0).then_some(report.trash.missing.max(report.until_look))
    }

    /// How many more kept photos it takes until the guard looks again; `None` where something is proposed as
    /// trash, or no look is to come.
    #[must_use]
    pub fn until_look(&self) -> Option<usize> {
        let report = self.report.as_ref().filter(|report| report.until_look > 0)?;
        (self.proposed[0] == 0).then_some(report.until_look)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_earlier_program_proposed_holds_until_the_model_says_otherwise() {
        let [trash, keep, nothing] = [Verdict::Trash, Verdict::Keep, Verdict::Undecided];
        let outlook = Outlook {
            proposals: vec![nothing, keep],
            imported: Arc::new(vec![trash, trash, nothing, keep]),
            ..Outlook::default()
        };
        let of = |photo| outlook.proposal(PhotoId(photo), nothing);
        assert_eq!([0, 1, 2, 3].map(of), [Some(trash), Some(keep), None, Some(keep)]);
        assert_eq!(outlook.proposal(PhotoId(0), keep), None, "a person has decided");
    }

    #[test]
    fn nothing_is_proposed_for_a_decided_photo() {
        let outlook = Outlook {
            proposals: vec![Verdict::Trash, Verdict::Undecided],
            keep: vec![0.1, f32::NAN],
            ..Outlook::default()
        };
        let of = |photo, verdict| outlook.proposal(PhotoId(photo), verdict);
        assert_eq!(of(0, Verdict::Undecided), Some(Verdict::Trash));
        assert_eq!(of(0, Verdict::Keep), None, "a person has decided otherwise");
        assert_eq!(of(1, Verdict::Undecided), None);
        assert_eq!(of(2, Verdict::Undecided), None, "it came after the model was made");
        assert_eq!([0, 1, 2].map(|p| outlook.keep(PhotoId(p))), [Some(0.1), None, None]);
    }

    #[test]
    fn of_a_hidden_photo_nothing_is_told() {
        let outlook = Outlook {
            proposals: vec![Verdict::Trash; 4],
            keep: vec![0.1; 4],
            hidden: [1, 3].map(PhotoId).into(),
            ..Outlook::default()
        };
        let told = [0, 1, 2, 3].map(|photo| {
            let proposal = outlook.proposal(PhotoId(photo), Verdict::Undecided);
            (proposal.is_some(), outlook.keep(PhotoId(photo)).is_some())
        });
        assert_eq!(told, [(true, true), (false, false), (true, true), (false, false)]);
    }
}
