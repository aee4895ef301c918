//! What the jobs and the person are told, taken in between two frames.

use super::Desk;
use crate::core::label::Label;
use crate::core::photo::PhotoId;
use crate::core::photo::Timestamp;
use crate::jobs::save::News as StoreNews;
use crate::jobs::shoot::Shoot;

/// How long something that was just done is told.
const NOTICE_MICROS: i64 = 4_000_000;

impl Desk {
    /// Tells something that was just done.
    pub fn tell(&mut self, notice: impl Into<String>, now: Timestamp) {
        self.notice = Some((notice.into(), Timestamp(now.0 + NOTICE_MICROS)));
    }

    /// Takes what the jobs have done since. Never waits.
    pub fn take_news(&mut self, now: Timestamp) {
        self.now = now;
        self.take_store_news(now);
        self.take_export_news(now);
        self.take_outlook(now);
        self.take_audit();
        self.take_why();
        if !self.take_road(now) {
            self.take_order(now);
        }
        self.take_place();
    }

    fn take_store_news(&mut self, now: Timestamp) {
        let Some(shoot) = &self.shoot else { return };
        self.review.set_photo_count(shoot.board().photo_count());
        self.stock.grow(shoot.board().photo_count());
        while let Some(news) = self.shoot.as_ref().and_then(Shoot::take_news) {
            match news {
                StoreNews::Labels(labels) => {
                    self.note_stored_labels();
                    if let Some(step) = self.review.restore(labels) {
                        self.last_number = step.number;
                        self.unsent.push_back(step);
                    }
                }
                StoreNews::History { undo, redo } => {
                    self.review.restore_history(undo, redo);
                    self.is_restored = true;
                }
                StoreNews::Led(photos) => {
                    photos.into_iter().for_each(|photo| self.note_lead(photo, true));
                }
                StoreNews::Proposed(proposals) => self.note_imported(&proposals),
                StoreNews::Foreign(labels) => {
                    // Nobody knows here how they came to be.
                    labels.iter().for_each(|(photo, _)| self.note_lead(*photo, true));
                    self.take_labels(labels);
                }
                StoreNews::Merged { labels, as_of } => {
                    // All that the labels hold is durable.
                    self.review.acknowledge(as_of);
                    self.take_labels(labels);
                }
                StoreNews::Trouble(trouble) => {
                    self.is_restored |= trouble.is_some();
                    self.trouble = trouble;
                }
            }
        }
        let Some(shoot) = &self.shoot else { return };
        // Read after the news: what it acknowledges is in them.
        self.review.acknowledge(shoot.saved_number());
        if self.notice.is_none() {
            let trouble = shoot.take_trouble();
            self.has_scan_trouble |= trouble.is_some();
            if let Some(words) = trouble.or_else(|| shoot.take_hint()) {
                tracing::warn!("{words}");
                self.notice = Some((words, Timestamp(now.0 + 2 * NOTICE_MICROS)));
            }
        }
        while let Some(step) = self.unsent.pop_front() {
            if let Err(step) = shoot.save(step) {
                self.unsent.push_front(step);
                break;
            }
        }
        if self.notice.as_ref().is_some_and(|(_, until)| *until <= now) {
            self.notice = None;
        }
    }

    /// Takes labels that were changed elsewhere.
    fn take_labels(&mut self, labels: Vec<(PhotoId, Label)>) {
        for (photo, label) in labels {
            self.review.foreign(photo, label);
            self.note_label(photo);
        }
    }

    /// When what is told now must go.
    #[must_use]
    pub fn notice_ends(&self) -> Option<Timestamp> {
        self.notice.as_ref().map(|(_, until)| *until)
    }
}
