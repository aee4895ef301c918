//! The export panel's keys, and what the jobs answer.
//!
//! A plan is made anew with every change and whenever the panel opens, on another thread; Enter does
//! what was shown and nothing else. A run goes on while the panel is closed, and is stopped, whole
//! photo by whole photo, when the program ends.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::Desk;
use crate::app::input::Key;
use crate::app::panel::Over;
use crate::app::panel::export::ExportPanel;
use crate::app::panel::export::Row;
use crate::app::panel::export::State;
use crate::app::panel::export::WHICH;
use crate::app::words;
use crate::core::photo::PhotoId;
use crate::core::photo::Timestamp;
use crate::jobs::export::outbox::Done;
use crate::jobs::export::outbox::Ended;
use crate::jobs::export::outbox::Planned;
use crate::jobs::export::outbox::Task;
use crate::jobs::export::outbox::Wanted;

impl Desk {
    /// Opens the panel.
    pub fn open_export(&mut self) {
        let Some(shoot) = &self.shoot else { return };
        if self.outbox.is_none() {
            self.outbox = Some(shoot.outbox());
        }
        let folder = self.export_folder.clone().unwrap_or_else(|| {
            let first = shoot.roots().first().cloned().unwrap_or_default();
            first.with_file_name("selected").to_string_lossy().into_owned()
        });
        let mut panel = ExportPanel::new(folder);
        if self.review.selected_count() > 1 {
            panel.which = WHICH.len() - 1;
        }
        self.panels.over = Over::Export(Box::new(panel));
        self.ask_plan();
        self.take_export_progress();
    }

    /// A key of the panel, with the text that it types.
    pub fn export_key(&mut self, key: Option<Key>, text: &str, now: Timestamp) {
        let Over::Export(panel) = &mut self.panels.over else { return };
        match (panel.state(), key) {
            (_, Some(Key::Escape)) => {
                self.export_folder = Some(panel.folder.clone());
                self.panels.over = Over::Nothing;
            }
            (State::Running { is_paused, .. }, Some(Key::Space)) => {
                let is_paused = !*is_paused;
                if let Some(run) = self.outbox.as_ref().and_then(|outbox| outbox.run()) {
                    run.pause(is_paused);
                }
                self.take_export_progress();
            }
            (State::Running { .. }, Some(Key::Backspace)) => {
                if let Some(run) = self.outbox.as_ref().and_then(|outbox| outbox.run()) {
                    run.stop();
                }
            }
            (State::Running { .. }, _) => {}
            (State::Ended { .. }, _) => self.ask_plan(),
            (_, Some(Key::Enter)) => {
                let plan = panel.plan().cloned();
                if let Some(plan) = plan {
                    self.begin_export(Task::Go(plan), now);
                }
            }
            (_, Some(Key::Up)) => panel.step(false),
            (_, Some(Key::Down | Key::Tab)) => panel.step(true),
            (_, Some(key @ (Key::Left | Key::Right))) => {
                let has_changed = panel.turn(key == Key::Right);
                if has_changed {
                    self.ask_plan();
                }
            }
            (_, Some(Key::Backspace)) if panel.row == Row::Folder => {
                panel.place_mut().pop();
                self.ask_plan();
            }
            _ if panel.row == Row::Folder => {
                panel.place_mut().extend(text.chars().filter(|c| !c.is_control()));
                self.ask_plan();
            }
            _ => {}
        }
    }

    /// A key of the panel with Ctrl.
    pub fn export_chord(&mut self, key: Key, now: Timestamp) {
        let Over::Export(panel) = &self.panels.over else { return };
        let (can_undo, can_resume) = match panel.state() {
            State::Offered(offer) => (offer.undoable.is_some(), offer.interrupted.is_some()),
            State::Ended { can_undo, .. } => (*can_undo, false),
            _ => return,
        };
        match key {
            Key::Char('z') if can_undo => self.begin_export(Task::Undo, now),
            Key::Char('r') if can_resume => self.begin_export(Task::Resume, now),
            _ => {}
        }
    }

    fn begin_export(&mut self, task: Task, now: Timestamp) {
        let (Some(outbox), Over::Export(panel)) = (&mut self.outbox, &mut self.panels.over) else {
            return;
        };
        let (photo_count, bytes) = match (&task, panel.state()) {
            (Task::Go(Planned::Carry(plan)), _) => (plan.photos.len(), plan.size_bytes()),
            (Task::Go(Planned::List(listing)), _) => (listing.photos.len(), 0),
            (Task::Resume, State::Offered(offer)) => (offer.interrupted.unwrap_or(0), 0),
            (Task::Undo, State::Offered(offer)) => (offer.undoable.unwrap_or(0), 0),
            // Of the run that has just ended.
            _ => (self.export_total.0, 0),
        };
        self.export_total = (photo_count, bytes);
        outbox.begin(task, now);
        self.take_export_progress();
    }

    fn ask_plan(&mut self) {
        let (Some(shoot), Some(outbox)) = (&self.shoot, &mut self.outbox) else { return };
        let Over::Export(panel) = &mut self.panels.over else { return };
        let is_selected = |photo: &PhotoId| self.review.is_selected(*photo);
        let selected = match self.review.selected_count() {
            0 => self.review.current().into_iter().collect(),
            _ => self.review.order().photos().iter().copied().filter(is_selected).collect(),
        };
        panel.put(State::Looking);
        self.export_basis = (self.last_number, self.review.counts());
        outbox.plan(Wanted {
            board: shoot.shared_board(),
            whole: Arc::clone(&shoot.board().order()),
            shown: Arc::clone(self.review.order()),
            labels: self.review.labels().clone(),
            selected,
            which: WHICH[panel.which].0,
            deed: panel.deed(),
            place: PathBuf::from(panel.place().trim()),
            embed: panel.is_embedding().then_some(shoot.convention()),
        });
    }

    /// Takes what the jobs answer. Never waits.
    pub(super) fn take_export_news(&mut self, now: Timestamp) {
        let is_open = matches!(&self.panels.over, Over::Export(panel) if panel.is_planning());
        if is_open && self.export_basis != (self.last_number, self.review.counts()) {
            // Keys pressed before the panel opened wait for their frames, and count.
            self.ask_plan();
        }
        let Some(outbox) = &mut self.outbox else { return };
        let (offer, ended) = (outbox.take_offer(), outbox.take_ended());
        if let (Some(offer), Over::Export(panel)) = (offer, &mut self.panels.over)
            && *panel.state() == State::Looking
        {
            panel.put(State::Offered(Box::new(offer)));
        }
        if let Some(ended) = ended {
            let words = told(&ended);
            let can_undo =
                matches!(&ended.outcome, Ok(Done::Carried(journal)) if journal.can_be_undone());
            match &mut self.panels.over {
                Over::Export(panel) => panel.put(State::Ended { words, can_undo }),
                _ => self.tell(words, now),
            }
        }
        self.take_export_progress();
    }

    fn take_export_progress(&mut self) {
        let Some(run) = self.outbox.as_ref().and_then(|outbox| outbox.run()) else { return };
        let Over::Export(panel) = &mut self.panels.over else { return };
        panel.put(State::Running {
            photo_count: self.export_total.0,
            tried_count: run.photos_tried.load(Ordering::Acquire),
            bytes: self.export_total.1,
            bytes_done: run.bytes_done.load(Ordering::Acquire),
            is_paused: run.is_paused(),
        });
    }
}

fn told(ended: &Ended) -> String {
    match (&ended.outcome, &ended.failure) {
        (Err(reason), _) => format!("stopped: {reason}"),
        (Ok(Done::Listed(count, file)), _) => {
            format!("listed {} in {}", words::counted(*count, "photo"), file.display())
        }
        (Ok(Done::Carried(journal)), None) => {
            words::outcome(journal, [ended.failed_count, ended.plain_count])
        }
        (Ok(Done::Carried(journal)), Some(failure)) => {
            format!(
                "{}; {failure}",
                words::outcome(journal, [ended.failed_count, ended.plain_count])
            )
        }
    }
}
