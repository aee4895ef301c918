//! One thing that is asked of a photo, and whether it holds.

use std::cmp::Ordering;

use super::Facts;
use super::fold::Fold;
use super::period::Period;
use crate::core::label::Colour;
use crate::core::label::Verdict;

/// How a value is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    /// `:`
    Has,
    /// `=`
    Is,
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `>=`
    AtLeast,
    /// `>`
    Above,
}

/// Something about a photo that is a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quantity {
    Stars,
    Iso,
    /// An f-number.
    Aperture,
    /// Seconds.
    Exposure,
    /// Millimetres.
    Focal,
    /// Photos in the burst.
    Burst,
    /// How probably it would be kept, 0 to 1.
    Keep,
    /// The share of the shoot that is less sharp, 0 to 1.
    Sharp,
}

/// Something about a photo that is a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Text {
    Name,
    Camera,
    Lens,
    Tag,
}

/// One thing that is asked of a photo.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Term {
    /// Anywhere in any text.
    Word(Fold),
    /// Anywhere in one text.
    Has(Text, Fold),
    /// All of one text.
    Is(Text, Fold),
    Verdict(Verdict),
    Colour(Colour),
    Tagged,
    Proposed,
    Number(Quantity, Relation, f64),
    Date(Relation, Period),
}

impl Relation {
    /// Whether it holds between what a photo has and what was typed.
    pub(super) const fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Has | Self::Is => order.is_eq(),
            Self::Below => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::AtLeast => order.is_ge(),
            Self::Above => order.is_gt(),
        }
    }
}

impl Quantity {
    fn of(self, facts: &impl Facts) -> Option<f64> {
        match self {
            Self::Stars => Some(f64::from(facts.label().stars)),
            Self::Burst => Some(facts.burst_len() as f64),
            Self::Keep => facts.keep().map(f64::from),
            Self::Sharp => facts.sharp().map(f64::from),
            Self::Iso => facts.meta()?.iso.map(f64::from),
            Self::Aperture => facts.meta()?.f_number.map(f64::from),
            Self::Exposure => facts.meta()?.exposure_seconds,
            Self::Focal => facts.meta()?.focal_mm.map(f64::from),
        }
    }

    /// How far from a typed value what counts as equal may be: lenses write 2.83 for what is
    /// engraved as 2.8, shutters 1/256 for 1/250; a third of a stop is 12 and 26 percent.
    fn tolerance(self, typed: f64) -> f64 {
        match self {
            Self::Stars | Self::Iso | Self::Burst => 0.0,
            Self::Aperture => 0.05,
            Self::Exposure => typed * 0.05,
            Self::Focal => 0.5,
            // As far as it is shown.
            Self::Keep => 0.005,
            // Of a thousand photos each has its own.
            Self::Sharp => 0.0005,
        }
    }

    fn place(self, found: f64, typed: f64) -> Ordering {
        if (found - typed).abs() <= self.tolerance(typed) {
            Ordering::Equal
        } else {
            found.total_cmp(&typed)
        }
    }
}

impl Text {
    fn has(self, word: &Fold, facts: &impl Facts) -> bool {
        match self {
            Self::Name => word.is_in(&facts.file_name()),
            Self::Camera => camera(facts).is_some_and(|(make, model)| word.is_in_pair(make, model)),
            Self::Lens => lens(facts).is_some_and(|lens| word.is_in(lens)),
            Self::Tag => facts.label().tags().iter().any(|tag| word.is_in(tag)),
        }
    }

    /// A camera is called by its model alone as well as with its maker before it.
    fn is(self, word: &Fold, facts: &impl Facts) -> bool {
        match self {
            Self::Name => word.is(&facts.file_name()),
            Self::Camera => camera(facts).is_some_and(|(make, model)| {
                let joined = [make, " ", model];
                word.is(model) || word.is_joined(joined)
            }),
            Self::Lens => lens(facts).is_some_and(|lens| word.is(lens)),
            Self::Tag => facts.label().tags().iter().any(|tag| word.is(tag)),
        }
    }
}

/// Maker and model; `None` where the header has neither.
fn camera(facts: &impl Facts) -> Option<(&str, &str)> {
    let meta = facts.meta()?;
    let (make, model) = (meta.make.as_deref(), meta.model.as_deref());
    (make.is_some() || model.is_some()).then(|| (make.unwrap_or(""), model.unwrap_or("")))
}

fn lens(facts: &impl Facts) -> Option<&str> {
    facts.meta()?.lens.as_deref()
}

impl Term {
    pub(super) fn matches(&self, facts: &impl Facts) -> bool {
        match self {
            Self::Word(word) => [Text::Name, Text::Camera, Text::Lens, Text::Tag]
                .into_iter()
                .any(|text| text.has(word, facts)),
            Self::Has(text, word) => text.has(word, facts),
            Self::Is(text, word) => text.is(word, facts),
            Self::Verdict(verdict) => facts.label().verdict == *verdict,
            Self::Colour(colour) => facts.label().colour == *colour,
            Self::Tagged => facts.label().tags.is_some(),
            Self::Proposed => facts.is_proposed(),
            Self::Number(quantity, relation, typed) => quantity
                .of(facts)
                .is_some_and(|found| relation.holds(quantity.place(found, *typed))),
            Self::Date(relation, period) => {
                facts.captured().is_some_and(|at| relation.holds(period.place(at)))
            }
        }
    }

    pub(super) const fn reads_labels(&self) -> bool {
        match self {
            Self::Word(_) | Self::Verdict(_) | Self::Colour(_) | Self::Tagged => true,
            // A decided photo has no proposal.
            Self::Proposed => true,
            Self::Has(text, _) | Self::Is(text, _) => matches!(text, Text::Tag),
            Self::Number(quantity, ..) => matches!(quantity, Quantity::Stars),
            Self::Date(..) => false,
        }
    }

    pub(super) const fn reads_outlook(&self) -> bool {
        matches!(self, Self::Proposed | Self::Number(Quantity::Keep, ..))
    }

    pub(super) const fn reads_sharpness(&self) -> bool {
        matches!(self, Self::Number(Quantity::Sharp, ..))
    }

    pub(super) const fn reads_bursts(&self) -> bool {
        matches!(self, Self::Number(Quantity::Burst, ..))
    }
}
