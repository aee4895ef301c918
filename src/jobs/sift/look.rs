//! What a filter is told of one photo.

use std::borrow::Cow;

use super::ClockOffsets;
use super::Known;
use crate::core::filter::Facts;
use crate::core::label::Label;
use crate::core::photo::PhotoId;
use crate::core::photo::PhotoMeta;
use crate::core::photo::Timestamp;
use crate::jobs::board::Slot;

/// What the board and the labels know of a photo.
pub(super) struct Look<'a> {
    pub(super) photo: PhotoId,
    pub(super) slot: &'a Slot,
    pub(super) label: &'a Label,
    pub(super) burst_len: usize,
    pub(super) clock_offsets: &'a ClockOffsets,
    pub(super) known: Known<'a>,
}

impl Facts for Look<'_> {
    fn file_name(&self) -> Cow<'_, str> {
        let path = self.slot.path.as_os_str().as_encoded_bytes();
        let is_separator = |byte: &u8| std::path::is_separator(char::from(*byte));
        // Separators are ASCII, which is never part of another letter. A path looked at as a path
        // costs as much as all the rest.
        let start = path.iter().rposition(is_separator).map_or(0, |at| at + 1);
        match str::from_utf8(&path[start..]) {
            Ok(name) => name.into(),
            Err(_) => self.slot.path.file_name().unwrap_or_default().to_string_lossy(),
        }
    }

    fn label(&self) -> &Label {
        self.label
    }

    fn meta(&self) -> Option<&PhotoMeta> {
        self.slot.header().map(|header| &header.meta)
    }

    fn captured(&self) -> Option<Timestamp> {
        let meta = self.meta()?;
        let captured = meta.captured?;
        if self.clock_offsets.is_empty() {
            return Some(captured);
        }
        let offset = meta.body().and_then(|body| self.clock_offsets.get(&body).copied());
        Some(captured.plus_seconds(offset.unwrap_or(0)))
    }

    fn burst_len(&self) -> usize {
        self.burst_len
    }

    fn keep(&self) -> Option<f32> {
        self.known.keep(self.photo)
    }

    fn is_proposed(&self) -> bool {
        let verdict = self.label.verdict;
        self.known.outlook.is_some_and(|outlook| outlook.proposal(self.photo, verdict).is_some())
    }

    fn sharp(&self) -> Option<f32> {
        self.known.sharp(self.photo)
    }
}
