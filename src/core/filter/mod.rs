//! Which photos are shown: a line of words and terms, read into a test that a photo passes or not.
//!
//! ```text
//! filter     = any
//! any        = all { "or" all }
//! all        = { ["and"] inverted }             side by side is "and", and binds tighter than "or"
//! inverted   = { "not" } atom                   "not" binds tightest
//! atom       = "(" any ")" | comparison | flag | word
//! comparison = field relation value             spaces around the relation are allowed
//! relation   = ":" | "=" | "<" | "<=" | ">=" | ">"
//! flag       = keep kept trash trashed undecided proposed tagged burst red yellow green blue
//! word       = anything else, or anything in quotes
//! ```
//!
//! | field | value | finds |
//! | --- | --- | --- |
//! | `name camera lens tag` | words, with spaces in quotes | `:` text anywhere in it, `=` all of it |
//! | `colour` (`color`) | `red yellow green blue none` | the colour label |
//! | `stars` | 0 to 5 | stars |
//! | `iso` | `1600` | ISO speed |
//! | `f` (`f/`) | `2.8`; `f/2.8` alone is `f=2.8` | aperture, equal within 0.05 |
//! | `t` | `1/250`, `0.5`, `30s` | exposure in seconds, equal within 5 % |
//! | `mm` | `85`, `85mm` | focal length, equal within 0.5 mm |
//! | `burst` | `5` | photos in the photo's burst of the whole shoot; `burst` alone is `burst>1` |
//! | `p` | `0.2`, `20%` | how probably it would be kept, equal within half a percent |
//! | `sharp` | `0.3`, `30%` | the share of the shoot that is less sharp |
//! | `date` | `2026`, `2026-05`, `2026-05-03`, `2026-05-03T14`, `2026-05-03T14:05` | capture time |
//!
//! A date is the whole period that it names: `date:2026-05` is within that May, `date>2026-05`
//! after its end, `date>=2026-05` from its beginning on. Words are looked for in file name, camera,
//! lens and tags. Upper and lower case are alike everywhere. What a photo's header does not say
//! satisfies no comparison, so `iso<400` and `iso>=400` both leave a scan out and `not iso>=400`
//! has it. In quotes everything is a word: `"not"`, `"iso"`.
//!
//! Reading cannot fail. A faulty part is left out as if it had not been written, and a
//! [`Diagnostic`] says where and why; what was not closed is closed at the end.
//!
//! Invariants: no text panics, every diagnostic lies within the text, and a filter is what a
//! second, naive reading makes of the text (`tests/filter.rs`). Matching allocates nothing, but for
//! file names that are not Unicode.

mod fields;
mod fold;
mod lexer;
mod parser;
mod period;
mod term;

use std::borrow::Cow;
use std::ops::Range;

use super::label::Label;
use super::photo::PhotoMeta;
use super::photo::Timestamp;
use term::Term;

/// What a filter asks of a photo. Each is asked for only where the filter needs it.
pub trait Facts {
    /// The name of its file, without folders.
    fn file_name(&self) -> Cow<'_, str>;

    /// What is decided about it.
    fn label(&self) -> &Label;

    /// What its header says; `None` until that has been read.
    fn meta(&self) -> Option<&PhotoMeta>;

    /// When it was taken, with the clock offset of its camera already applied.
    fn captured(&self) -> Option<Timestamp>;

    /// How many photos its burst has in the whole shoot, itself included.
    fn burst_len(&self) -> usize;

    /// How probably it would be kept, 0 to 1; `None` without a learner that knows it.
    fn keep(&self) -> Option<f32>;

    /// Whether anything is proposed for it.
    fn is_proposed(&self) -> bool;

    /// The share of the shoot that is less sharp, 0 to 1; `None` until that has been measured.
    fn sharp(&self) -> Option<f32>;
}

/// A test that a photo passes or not; the default one every photo passes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filter {
    root: Option<Node>,
}

/// A mistake in the text of a filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Where, in bytes of the text.
    pub range: Range<usize>,
    /// What is wrong, for the person.
    pub words: String,
}

/// A text that has been read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reading {
    /// What could be understood of it.
    pub filter: Filter,
    /// What could not, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// A part of a filter. `All` and `Any` are never empty.
#[derive(Debug, Clone, PartialEq)]
enum Node {
    Term(Term),
    Not(Box<Self>),
    All(Vec<Self>),
    Any(Vec<Self>),
}

impl Filter {
    /// Reads a text.
    #[must_use]
    pub fn read(text: &str) -> Reading {
        parser::read(text)
    }

    /// Whether every photo passes because nothing is asked.
    #[must_use]
    pub const fn is_everything(&self) -> bool {
        self.root.is_none()
    }

    /// Whether a photo passes.
    #[must_use]
    pub fn matches(&self, facts: &impl Facts) -> bool {
        self.root.as_ref().is_none_or(|root| root.matches(facts))
    }

    /// Whether a decision can change who passes.
    #[must_use]
    pub fn reads_labels(&self) -> bool {
        self.root.as_ref().is_some_and(|root| root.has(Term::reads_labels))
    }

    /// Whether it asks for what a learner makes of the photos.
    #[must_use]
    pub fn reads_outlook(&self) -> bool {
        self.root.as_ref().is_some_and(|root| root.has(Term::reads_outlook))
    }

    /// Whether it asks how sharp the photos are.
    #[must_use]
    pub fn reads_sharpness(&self) -> bool {
        self.root.as_ref().is_some_and(|root| root.has(Term::reads_sharpness))
    }

    /// Whether the lengths of bursts are asked for.
    #[must_use]
    pub fn reads_bursts(&self) -> bool {
        self.root.as_ref().is_some_and(|root| root.has(Term::reads_bursts))
    }
}

impl Node {
    fn matches(&self, facts: &impl Facts) -> bool {
        match self {
            Self::Term(term) => term.matches(facts),
            Self::Not(node) => !node.matches(facts),
            Self::All(nodes) => nodes.iter().all(|node| node.matches(facts)),
            Self::Any(nodes) => nodes.iter().any(|node| node.matches(facts)),
        }
    }

    fn has(&self, is_it: fn(&Term) -> bool) -> bool {
        match self {
            Self::Term(term) => is_it(term),
            Self::Not(node) => node.has(is_it),
            Self::All(nodes) | Self::Any(nodes) => nodes.iter().any(|node| node.has(is_it)),
        }
    }
}

#[cfg(test)]
mod tests;
