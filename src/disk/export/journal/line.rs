//! The lines of a journal, as they stand in its file: what they are called there must not change.

use std::path::Path;
use std::path::PathBuf;

use serde::Deserialize;
use serde::Serialize;

use super::End;
use crate::core::label::Colour;
use crate::core::label::Label;
use crate::core::label::Verdict;

/// A line.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Line {
    Begin {
        format: u32,
        action: Act,
        target: Option<Name>,
        at: i64,
    },
    Photo(Vec<(Name, Name, u64)>),
    /// The plan ends here.
    Planned {
        photos: usize,
    },
    /// The copies of JPEGs carry what is decided.
    Embed {
        /// Whether the verdict goes into the label.
        by_label: bool,
    },
    /// What is decided about the photo.
    Said {
        photo: usize,
        verdict: Option<bool>,
        stars: u8,
        colour: Option<Hue>,
        tags: Vec<String>,
    },
    /// The photo goes by other names: another file stood in the way.
    Renamed {
        photo: usize,
        to: Vec<Name>,
    },
    /// The photo is in its new place.
    Done {
        photo: usize,
    },
    /// From here on, backwards.
    Undoing,
    /// The photo is back.
    Back {
        photo: usize,
    },
    End(End),
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) enum Act {
    Copy,
    Move,
    Trash,
    TrashBeside,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) enum Hue {
    Red,
    Yellow,
    Green,
    Blue,
}

impl Line {
    /// What is decided about a photo.
    pub(super) fn said(photo: usize, label: &Label) -> Self {
        let verdict = match label.verdict {
            Verdict::Undecided => None,
            verdict => Some(verdict == Verdict::Keep),
        };
        let colour = match label.colour {
            Colour::None => None,
            Colour::Red => Some(Hue::Red),
            Colour::Yellow => Some(Hue::Yellow),
            Colour::Green => Some(Hue::Green),
            Colour::Blue => Some(Hue::Blue),
        };
        let tags = label.tags().iter().map(ToString::to_string).collect();
        Self::Said { photo, verdict, stars: label.stars, colour, tags }
    }
}

/// The label of a [`Line::Said`].
pub(super) fn label(
    verdict: Option<bool>,
    stars: u8,
    colour: Option<Hue>,
    tags: &[String],
) -> Label {
    let verdict = match verdict {
        None => Verdict::Undecided,
        Some(true) => Verdict::Keep,
        Some(false) => Verdict::Trash,
    };
    let colour = match colour {
        None => Colour::None,
        Some(Hue::Red) => Colour::Red,
        Some(Hue::Yellow) => Colour::Yellow,
        Some(Hue::Green) => Colour::Green,
        Some(Hue::Blue) => Colour::Blue,
    };
    let mut label = Label { verdict, stars: stars.min(5), colour, ..Label::default() };
    label.set_tags(tags.iter().map(|tag| tag.as_str().into()).collect());
    label
}

/// A path: as text where it is Unicode, else as its bytes.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Name {
    Text(String),
    Bytes(Vec<u8>),
}

impl Name {
    pub(super) fn new(path: &Path) -> Self {
        match path.to_str() {
            Some(text) => Self::Text(text.to_owned()),
            None => Self::Bytes(path.as_os_str().as_encoded_bytes().to_vec()),
        }
    }

    pub(super) fn path(self) -> PathBuf {
        match self {
            Self::Text(text) => text.into(),
            #[cfg(unix)]
            Self::Bytes(bytes) => {
                use std::os::unix::ffi::OsStringExt;
                std::ffi::OsString::from_vec(bytes).into()
            }
            // Finds no file, which is told.
            #[cfg(not(unix))]
            Self::Bytes(bytes) => String::from_utf8_lossy(&bytes).into_owned().into(),
        }
    }
}
