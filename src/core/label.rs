//! What a person has decided about one photo, and how one decision changes it.
//!
//! A [`Label`] is the whole of it; a [`Decision`] is one key's worth of change. This file knows
//! nothing of who decides when (`review`) nor of where it is kept (`disk::decisions`).

use std::sync::Arc;

/// Keep, trash, or not decided yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Verdict {
    /// Nobody has decided.
    #[default]
    Undecided,
    /// The photo stays.
    Keep,
    /// The photo goes.
    Trash,
}

/// A colour label; the names are those that Lightroom and Bridge give to the keys 6 to 9.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Colour {
    /// No colour.
    #[default]
    None,
    /// Key 6.
    Red,
    /// Key 7.
    Yellow,
    /// Key 8.
    Green,
    /// Key 9.
    Blue,
}

/// Everything decided about one photo. Cloning allocates nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Label {
    /// Keep or trash.
    pub verdict: Verdict,
    /// 0 to 5; 0 is none.
    pub stars: u8,
    /// The colour label.
    pub colour: Colour,
    /// Clockwise quarter turns that the person added to what EXIF says, 0 to 3.
    pub quarter_turns: u8,
    /// Sorted, without duplicates; `None` when there are none, so that most labels own no memory.
    pub tags: Option<Arc<[Arc<str>]>>,
}

/// One key's worth of change to a label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Keep it.
    Keep,
    /// Trash it.
    Trash,
    /// Neither keep nor trash; stars, colour and tags stay.
    Clear,
    /// Give it so many stars, 0 to 5.
    Stars(u8),
    /// Give it this colour, or take the colour away where it has it already.
    Colour(Colour),
    /// Add a tag.
    Tag(Arc<str>),
    /// Take a tag away.
    Untag(Arc<str>),
    /// Turn what is shown by so many clockwise quarters.
    Turn(u8),
}

impl Decision {
    /// Whether the program may go on to the next photo after it.
    #[must_use]
    pub const fn advances(&self) -> bool {
        matches!(self, Self::Keep | Self::Trash | Self::Clear | Self::Stars(_))
    }
}

impl Label {
    /// The label after one decision.
    #[must_use]
    pub fn with(&self, decision: &Decision) -> Self {
        let mut label = self.clone();
        match decision {
            Decision::Keep => label.verdict = Verdict::Keep,
            Decision::Trash => label.verdict = Verdict::Trash,
            Decision::Clear => label.verdict = Verdict::Undecided,
            Decision::Stars(count) => label.stars = (*count).min(5),
            Decision::Colour(colour) => {
                label.colour = if label.colour == *colour { Colour::None } else { *colour };
            }
            Decision::Tag(tag) => {
                label.set_tags(label.tags().iter().chain([tag]).cloned().collect());
            }
            Decision::Untag(tag) => {
                label.set_tags(label.tags().iter().filter(|t| *t != tag).cloned().collect());
            }
            Decision::Turn(quarters) => {
                label.quarter_turns = (label.quarter_turns + quarters) & 3;
            }
        }
        label
    }

    /// This label, changed in what differs between `from` and `to`, and in nothing else.
    ///
    /// A step that was made on `from` is so applied to a label that has changed since: another
    /// program's stars outlive our verdict.
    #[must_use]
    pub fn rebased(&self, from: &Self, to: &Self) -> Self {
        fn pick<T: Copy + PartialEq>(mine: T, from: T, to: T) -> T {
            if from == to { mine } else { to }
        }
        let mut label = Self {
            verdict: pick(self.verdict, from.verdict, to.verdict),
            stars: pick(self.stars, from.stars, to.stars),
            colour: pick(self.colour, from.colour, to.colour),
            quarter_turns: pick(self.quarter_turns, from.quarter_turns, to.quarter_turns),
            tags: None,
        };
        let stays = |t: &&Arc<str>| to.tags().contains(t) || !from.tags().contains(t);
        let comes = |t: &&Arc<str>| !from.tags().contains(t);
        let kept = self.tags().iter().filter(stays);
        label.set_tags(kept.chain(to.tags().iter().filter(comes)).cloned().collect());
        label
    }

    /// The tags, sorted.
    #[must_use]
    pub fn tags(&self) -> &[Arc<str>] {
        self.tags.as_deref().unwrap_or_default()
    }

    /// Replaces the tags by `tags`, sorted and without duplicates.
    pub fn set_tags(&mut self, mut tags: Vec<Arc<str>>) {
        tags.sort();
        tags.dedup();
        self.tags = if tags.is_empty() { None } else { Some(tags.into()) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_given_twice_is_taken_away() {
        let red = Label::default().with(&Decision::Colour(Colour::Red));
        assert_eq!(red.colour, Colour::Red);
        assert_eq!(red.with(&Decision::Colour(Colour::Red)).colour, Colour::None);
    }

    #[test]
    fn tags_are_sorted_and_kept_once() {
        let label = ["b", "a", "b"]
            .iter()
            .fold(Label::default(), |l, t| l.with(&Decision::Tag(Arc::from(*t))));
        assert_eq!(label.tags(), &[Arc::from("a"), Arc::from("b")]);
        let bare = label.with(&Decision::Untag("a".into())).with(&Decision::Untag("b".into()));
        assert_eq!(bare, Label::default());
    }

    #[test]
    fn clearing_keeps_the_stars() {
        let label = Label::default().with(&Decision::Stars(4)).with(&Decision::Trash);
        let clear = label.with(&Decision::Clear);
        assert_eq!((clear.verdict, clear.stars), (Verdict::Undecided, 4));
    }

    #[test]
    fn a_rebased_step_changes_only_its_own() {
        let tagged = |tags: &[&str]| {
            tags.iter().fold(Label::default(), |l, t| l.with(&Decision::Tag(Arc::from(*t))))
        };
        let mine = tagged(&["a", "b"]).with(&Decision::Stars(4));
        let from = tagged(&["b"]);
        let to = tagged(&["c"]).with(&Decision::Keep);
        let expect = tagged(&["a", "c"]).with(&Decision::Stars(4)).with(&Decision::Keep);
        assert_eq!(mine.rebased(&from, &to), expect);
        assert_eq!(from.rebased(&from, &to), to);
    }

    #[test]
    fn four_turns_are_none() {
        let turned = (0..4).fold(Label::default(), |l, _| l.with(&Decision::Turn(1)));
        assert_eq!(turned, Label::default());
    }
}
