//! What a file says of a photo in the words that photo programs share, and how that meets what is
//! decided here.
//!
//! [`Said`] holds the properties (XMP specification part 2; digiKam's and our own namespace) as they
//! stand; where they stand is `disk::xmp`'s. Three questions are answered here: what a file means
//! ([`Said::label`]), what it should say for a label ([`Said::with`]), and what another program has
//! changed in it ([`Said::since`]). A change meets the present label in [`Changes::onto`]: what only
//! one side has changed is taken, what both have changed to different values is a [`Dispute`], which
//! somebody must settle.
//!
//! | decided | `xmp:Rating` | our `Stars` | `digiKam:PickLabel` |
//! | --- | --- | --- | --- |
//! | trash, with 3 stars | -1 | 3 | 1 |
//! | keep, with 3 stars | 3 | - | 3 |
//! | undecided, no stars | 0 where there is one | - | 0 where there was 1 or 3 |
//!
//! Proposals never come here: there is no label that holds one.

use std::fmt;
use std::sync::Arc;

use super::label::Colour;
use super::label::Label;
use super::label::Verdict;

/// How a verdict is told to other programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Convention {
    /// As `xmp:Rating`, which is -1 for the trash, and as `digiKam:PickLabel`.
    #[default]
    Rating,
    /// `xmp:Rating` is left alone: the verdict is a word in `xmp:Label` where the photo has no colour
    /// and no other program's word, and `digiKam:PickLabel`; stars are kept in our own namespace.
    Label,
}

/// What a file says of a photo; `None` where it does not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// `xmp:Rating`: 0 to 5 stars, or -1, rejected.
    pub rating: Option<i8>,
    /// The stars that `rating` has no place for, in our own namespace: 0 to 5.
    pub stars: Option<u8>,
    /// `digiKam:PickLabel`: 0 none, 1 rejected, 2 pending, 3 accepted.
    pub pick: Option<u8>,
    /// `xmp:Label`, any text; the names of our colours are those of Lightroom and Bridge.
    pub colour: Option<Arc<str>>,
    /// `dc:subject`, sorted, without duplicates.
    pub tags: Vec<Arc<str>>,
}

/// The rejected value of `xmp:Rating`.
const REJECTED: i8 = -1;

/// The words for keep and trash in `xmp:Label`.
const WORDS: [(Verdict, &str); 2] = [(Verdict::Keep, "Keep"), (Verdict::Trash, "Trash")];

const COLOURS: [(Colour, &str); 4] = [
    (Colour::Red, "Red"),
    (Colour::Yellow, "Yellow"),
    (Colour::Green, "Green"),
    (Colour::Blue, "Blue"),
];

impl Said {
    /// Whether nothing is said.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        *self == Self::default()
    }

    /// The label that this means by itself.
    #[must_use]
    pub fn label(&self, convention: Convention) -> Label {
        let verdict = match (self.rating, self.picked(), self.word()) {
            (Some(REJECTED), ..) => Verdict::Trash,
            (_, Verdict::Undecided, Some(word)) => word,
            (_, picked, _) => picked,
        };
        let stars = self.star_count(convention).unwrap_or(0);
        let mut label = Label { verdict, stars, colour: self.known_colour(), ..Label::default() };
        label.set_tags(self.tags.clone());
        label
    }

    /// What the file should say for `label`, when it says this now. What it says already in other
    /// words stays, and so does what is no business of ours.
    #[must_use]
    pub fn with(&self, label: &Label, convention: Convention) -> Self {
        let stars = Some(label.stars).filter(|&stars| stars > 0);
        let (rating, stars) = match (convention, label.verdict) {
            (Convention::Label, _) => (self.rating, stars),
            (Convention::Rating, Verdict::Trash) => (Some(REJECTED), stars),
            (Convention::Rating, _) => (stars.or(self.rating.map(|_| 0)).map(|s| s as i8), None),
        };
        let pick = match label.verdict {
            Verdict::Trash => Some(1),
            Verdict::Keep => Some(3),
            // "Pending" is undecided as well.
            Verdict::Undecided => self.pick.map(|pick| if pick == 2 { 2 } else { 0 }),
        };
        let colour = self.colour_for(label, convention);
        Self { rating, stars, pick, colour, tags: label.tags().to_vec() }
    }

    fn colour_for(&self, label: &Label, convention: Convention) -> Option<Arc<str>> {
        let present = self.colour.clone();
        if label.colour != Colour::None {
            let is_said = self.known_colour() == label.colour;
            let name = COLOURS.iter().find(|(colour, _)| *colour == label.colour);
            return if is_said { present } else { name.map(|(_, name)| (*name).into()) };
        }
        let is_ours = self.known_colour() != Colour::None || self.word().is_some();
        match present {
            Some(foreign) if !is_ours => Some(foreign),
            _ if convention == Convention::Rating => None,
            _ => WORDS.iter().find(|(v, _)| *v == label.verdict).map(|(_, word)| (*word).into()),
        }
    }

    /// What has changed since the file said `base`.
    #[must_use]
    pub fn since(&self, base: &Self, convention: Convention) -> Changes {
        let [before, after] = [base, self].map(|said| said.label(convention));
        let stars = self.star_count(convention).map(|to| Change { from: before.stars, to });
        let is_in = |tags: &[Arc<str>], tag: &Arc<str>| tags.binary_search(tag).is_ok();
        let beyond = |one: &[Arc<str>], other: &[Arc<str>]| {
            one.iter().filter(|tag| !is_in(other, tag)).cloned().collect()
        };
        Changes {
            verdict: change(before.verdict, self.verdict_since(base, convention)),
            stars: stars.filter(|change| change.from != change.to),
            colour: change(before.colour, after.colour),
            tags_in: beyond(after.tags(), before.tags()),
            tags_out: beyond(before.tags(), after.tags()),
        }
    }

    /// The verdict after another program's change. A program writes the one property that it knows
    /// and leaves the others, so the one that has changed tells.
    fn verdict_since(&self, base: &Self, convention: Convention) -> Verdict {
        let [was_rejected, is_rejected] = [base, self].map(|said| said.rating == Some(REJECTED));
        if was_rejected == is_rejected {
            // Without the rating, which may have been there before a later "accepted".
            let has_changed = self.picked() != base.picked() || self.word() != base.word();
            let said = Self { rating: None, ..self.clone() };
            let bare = |said: &Self| said.label(convention).verdict;
            return if has_changed { bare(&said) } else { bare(base) };
        }
        match (is_rejected, self.picked()) {
            (true, _) => Verdict::Trash,
            (false, Verdict::Trash) => Verdict::Undecided,
            (false, picked) => picked,
        }
    }

    fn picked(&self) -> Verdict {
        match self.pick {
            Some(1) => Verdict::Trash,
            Some(3) => Verdict::Keep,
            _ => Verdict::Undecided,
        }
    }

    fn word(&self) -> Option<Verdict> {
        let text = self.colour.as_deref()?;
        WORDS.iter().find(|(_, word)| *word == text).map(|(verdict, _)| *verdict)
    }

    fn known_colour(&self) -> Colour {
        let text = self.colour.as_deref().unwrap_or_default();
        let found = COLOURS.iter().find(|(_, name)| name.eq_ignore_ascii_case(text));
        found.map_or(Colour::None, |(colour, _)| *colour)
    }

    /// `None` where another program's "rejected" has taken the place of the stars.
    fn star_count(&self, convention: Convention) -> Option<u8> {
        let stars = self.stars.map(|stars| stars.min(5));
        let rated = self.rating.map(|rating| rating.clamp(0, 5).unsigned_abs());
        match (convention, self.rating) {
            (Convention::Rating, Some(REJECTED)) => stars,
            // Stars of ours beside a rating without any: somebody took the rejection back.
            (Convention::Rating, _) => rated.filter(|&count| count > 0).or(stars).or(Some(0)),
            (Convention::Label, _) => stars.or(rated).or(Some(0)),
        }
    }
}

/// A value that became another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change<T> {
    /// What it was.
    pub from: T,
    /// What it is.
    pub to: T,
}

fn change<T: PartialEq>(from: T, to: T) -> Option<Change<T>> {
    (from != to).then_some(Change { from, to })
}

/// What another program has changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Keep or trash.
    pub verdict: Option<Change<Verdict>>,
    /// Stars.
    pub stars: Option<Change<u8>>,
    /// The colour label.
    pub colour: Option<Change<Colour>>,
    /// Tags that are new.
    pub tags_in: Vec<Arc<str>>,
    /// Tags that are gone.
    pub tags_out: Vec<Arc<str>>,
}

impl Changes {
    /// Both changes, this one where the two disagree.
    #[must_use]
    pub fn over(mut self, weaker: Self) -> Self {
        self.verdict = self.verdict.or(weaker.verdict);
        self.stars = self.stars.or(weaker.stars);
        self.colour = self.colour.or(weaker.colour);
        let is_new = |tag: &Arc<str>, tags: &[Arc<str>]| !tags.contains(tag);
        self.tags_in.extend(weaker.tags_in.into_iter().filter(|t| is_new(t, &self.tags_out)));
        self.tags_out.extend(weaker.tags_out.into_iter().filter(|t| is_new(t, &self.tags_in)));
        self
    }

    /// The changes applied to what is decided here. A tag is there or not, and so never in dispute.
    #[must_use]
    pub fn onto(&self, ours: &Label) -> Merged {
        let mut label = ours.clone();
        let mut disputes = Vec::new();
        if let Some(theirs) = settle(&mut label.verdict, self.verdict) {
            disputes.push(Dispute::Verdict { ours: ours.verdict, theirs });
        }
        if let Some(theirs) = settle(&mut label.stars, self.stars) {
            disputes.push(Dispute::Stars { ours: ours.stars, theirs });
        }
        if let Some(theirs) = settle(&mut label.colour, self.colour) {
            disputes.push(Dispute::Colour { ours: ours.colour, theirs });
        }
        let stays = |tag: &&Arc<str>| !self.tags_out.contains(tag);
        let kept = ours.tags().iter().filter(stays).chain(&self.tags_in);
        label.set_tags(kept.cloned().collect());
        Merged { label, disputes }
    }
}

/// Takes a change over, or gives the value that is in dispute.
fn settle<T: Copy + PartialEq>(ours: &mut T, change: Option<Change<T>>) -> Option<T> {
    let Change { from, to } = change?;
    if *ours == from {
        *ours = to;
    }
    (*ours != to).then_some(to)
}

/// What comes of two sides' changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// The label, ours where there is a dispute.
    pub label: Label,
    /// What both sides have changed to different values.
    pub disputes: Vec<Dispute>,
}

/// One thing that both sides have changed to different values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dispute {
    /// Keep or trash.
    Verdict {
        /// Decided here.
        ours: Verdict,
        /// Said by the file.
        theirs: Verdict,
    },
    /// Stars.
    Stars {
        /// Decided here.
        ours: u8,
        /// Said by the file.
        theirs: u8,
    },
    /// The colour label.
    Colour {
        /// Decided here.
        ours: Colour,
        /// Said by the file.
        theirs: Colour,
    },
}

impl Dispute {
    /// Whether a later decision here, from one label to another, settles it.
    #[must_use]
    pub fn is_settled_by(&self, before: &Label, after: &Label) -> bool {
        match self {
            Self::Verdict { .. } => before.verdict != after.verdict,
            Self::Stars { .. } => before.stars != after.stars,
            Self::Colour { .. } => before.colour != after.colour,
        }
    }
}

/// `3 stars here, 4 in the file`.
impl fmt::Display for Dispute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = |verdict| match verdict {
            Verdict::Undecided => "undecided",
            Verdict::Keep => "keep",
            Verdict::Trash => "trash",
        };
        let colour = |colour| {
            let named = COLOURS.iter().find(|(known, _)| *known == colour);
            named.map_or("no colour", |(_, name)| name)
        };
        match *self {
            Self::Verdict { ours, theirs } => {
                write!(f, "{} here, {} in the file", verdict(ours), verdict(theirs))
            }
            Self::Stars { ours: 1, theirs } => write!(f, "1 star here, {theirs} in the file"),
            Self::Stars { ours, theirs } => write!(f, "{ours} stars here, {theirs} in the file"),
            Self::Colour { ours, theirs } => {
                write!(f, "{} here, {} in the file", colour(ours), colour(theirs))
            }
        }
    }
}

#[cfg(test)]
mod tests;
