//! What was planned and how far it has come, so that it goes on after a crash and can be undone in
//! a later run.
//!
//! One file a run, a line of JSON each, only ever added to. The plan is on the disk before the
//! first file is touched. What follows is a hint that saves work: what really happened is told by
//! where the files are. A torn last line is dropped.
//!
//! While a run lasts its journal is locked; one that is not locked and has no end was interrupted.

mod line;

use std::fs;
use std::fs::File;
use std::fs::OpenOptions;
use std::io;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

use serde::Deserialize;
use serde::Serialize;

use self::line::Act;
use self::line::Line;
use self::line::Name;
use super::write_error;
use crate::core::export::Action;
use crate::core::export::Embed;
use crate::core::export::Item;
use crate::core::export::Photo;
use crate::core::export::Plan;
use crate::core::photo::Timestamp;
use crate::core::said::Convention;
use crate::disk::DiskError;
use crate::disk::DiskResult;
use crate::disk::decisions::sync_folder;

/// The folder of the journals within the data folder.
pub const FOLDER: &str = "exports";

/// How many finished journals are kept: as many steps back as anyone remembers.
const KEPT: usize = 50;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum End {
    /// Every photo was tried.
    Whole,
    /// The person stopped it.
    Stopped,
    /// It was undone.
    Undone,
}

/// A run that was planned.
#[derive(Debug)]
pub struct Journal {
    /// Counts the runs, from 1.
    pub number: u32,
    /// What is done.
    pub action: Action,
    /// The folder that photos go to.
    pub target: Option<PathBuf>,
    /// When it was planned.
    pub at: Timestamp,
    /// The photos, under the names that they go by now.
    pub photos: Vec<Photo>,
    /// By photo: whether it is known to be in its new place.
    pub is_done: Vec<bool>,
    /// Whether it goes backwards.
    pub is_undoing: bool,
    /// How it ended, if it has.
    pub end: Option<End>,
    /// What copies of JPEGs carry within them.
    pub embed: Option<Embed>,
    file: File,
    path: PathBuf,
}

impl Journal {
    /// Writes a plan down, locked; when this returns, it is on the disk.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(data: &Path, plan: Plan, at: Timestamp) -> DiskResult<Self> {
        let folder = data.join(FOLDER);
        fs::create_dir_all(&folder).map_err(|e| write_error(&folder, e))?;
        let mut number = numbers(data).last().map_or(1, |last| last + 1);
        let (path, file) = loop {
            let path = path_of(data, number);
            match OpenOptions::new().append(true).create_new(true).open(&path) {
                Ok(file) => break (path, file),
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => number += 1,
                Err(e) => return Err(write_error(&path, e)),
            }
        };
        let failed = |e| write_error(&path, e);
        file.try_lock().map_err(|e| failed(e.into()))?;
        let act = match plan.action {
            Action::Copy => Act::Copy,
            Action::Move => Act::Move,
            Action::Trash => Act::Trash,
            Action::TrashBeside => Act::TrashBeside,
        };
        let target = plan.target.as_deref().map(Name::new);
        let mut text = line(&Line::Begin { format: 1, action: act, target, at: at.0 });
        for photo in &plan.photos {
            let item = |i: &Item| (Name::new(&i.from), Name::new(&i.to), i.bytes);
            text += &line(&Line::Photo(photo.iter().map(item).collect()));
        }
        if let Some(embed) = &plan.embed {
            text += &line(&Line::Embed { by_label: embed.convention == Convention::Label });
            for (photo, items) in plan.photos.iter().enumerate() {
                text += &embed.label(items).map_or(String::new(), |l| line(&Line::said(photo, l)));
            }
        }
        text += &line(&Line::Planned { photos: plan.photos.len() });
        (&file).write_all(text.as_bytes()).map_err(failed)?;
        file.sync_all().map_err(failed)?;
        sync_folder(&folder).map_err(failed)?;
        let is_done = vec![false; plan.photos.len()];
        let Plan { action, target, photos, embed, .. } = plan;
        let (is_undoing, end) = (false, None);
        Ok(Self { number, action, target, at, photos, is_done, is_undoing, end, embed, file, path })
    }

    /// Opens a journal to go on with it, locked. `None` where it is in use, or was never whole.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn open(data: &Path, number: u32) -> DiskResult<Option<Self>> {
        let path = path_of(data, number);
        let unread = |source| DiskError::Read { path: path.clone(), source };
        let file = OpenOptions::new().read(true).append(true).open(&path).map_err(unread)?;
        if file.try_lock().is_err() {
            return Ok(None);
        }
        let text = fs::read(&path).map_err(unread)?;
        let whole = text.iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1);
        if whole < text.len() {
            // What is added must begin on a line of its own.
            file.set_len(whole as u64).map_err(unread)?;
        }
        let text = String::from_utf8_lossy(&text[..whole]).into_owned();
        let journal = Self {
            number,
            action: Action::Copy,
            target: None,
            at: Timestamp(0),
            photos: Vec::new(),
            is_done: Vec::new(),
            is_undoing: false,
            end: None,
            embed: None,
            file,
            path,
        };
        Ok(journal.follow(&text))
    }

    fn follow(mut self, text: &str) -> Option<Self> {
        let mut is_planned = false;
        for line in text.lines() {
            match serde_json::from_str(line).ok()? {
                Line::Begin { format, action, target, at } => {
                    if format != 1 {
                        return None;
                    }
                    self.action = match action {
                        Act::Copy => Action::Copy,
                        Act::Move => Action::Move,
                        Act::Trash => Action::Trash,
                        Act::TrashBeside => Action::TrashBeside,
                    };
                    self.target = target.map(Name::path);
                    self.at = Timestamp(at);
                }
                Line::Photo(items) => {
                    let item = |(from, to, bytes): (Name, Name, u64)| Item {
                        from: from.path(),
                        to: to.path(),
                        bytes,
                    };
                    self.photos.push(items.into_iter().map(item).collect());
                    self.is_done.push(false);
                }
                Line::Planned { photos } => is_planned = photos == self.photos.len(),
                Line::Embed { by_label } => {
                    let convention = if by_label { Convention::Label } else { Convention::Rating };
                    self.embed = Some(Embed { convention, ..Embed::default() });
                }
                Line::Said { photo, verdict, stars, colour, tags } => {
                    let path = self.photos.get(photo)?.first()?.from.clone();
                    let label = line::label(verdict, stars, colour, &tags);
                    self.embed.as_mut()?.labels.insert(path, label);
                }
                Line::Renamed { photo, to } => {
                    let items = self.photos.get_mut(photo)?;
                    items.iter_mut().zip(to).for_each(|(item, to)| item.to = to.path());
                }
                Line::Done { photo } => *self.is_done.get_mut(photo)? = true,
                Line::Back { photo } => *self.is_done.get_mut(photo)? = false,
                Line::Undoing => {
                    self.is_undoing = true;
                    self.end = None;
                }
                Line::End(end) => self.end = Some(end),
            }
        }
        is_planned.then_some(self)
    }

    /// Whether there is a way back. Copies are not taken away.
    #[must_use]
    pub fn can_be_undone(&self) -> bool {
        self.action != Action::Copy && self.end != Some(End::Undone)
    }

    /// Gives a photo other names, and says so before they are used.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn rename(&mut self, photo: usize, items: Photo) -> DiskResult<()> {
        let to = items.iter().map(|item| Name::new(&item.to)).collect();
        self.photos[photo] = items;
        self.write(&Line::Renamed { photo, to })
    }

    /// Says that a photo is in its new place, or back.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn settle(&mut self, photo: usize) -> DiskResult<()> {
        self.is_done[photo] = !self.is_undoing;
        let line = if self.is_undoing { Line::Back { photo } } else { Line::Done { photo } };
        self.write(&line)
    }

    /// Turns round: from here on photos go back.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn turn_round(&mut self) -> DiskResult<()> {
        (self.is_undoing, self.end) = (true, None);
        self.write(&Line::Undoing)
    }

    /// Says how it ended.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn end(&mut self, end: End) -> DiskResult<()> {
        self.end = Some(end);
        self.write(&Line::End(end))
    }

    fn write(&mut self, what: &Line) -> DiskResult<()> {
        // One call a line: a killed program leaves whole lines but for the last.
        (&self.file).write_all(line(what).as_bytes()).map_err(|e| write_error(&self.path, e))
    }
}

/// The numbers of all journals, rising.
#[must_use]
pub fn numbers(data: &Path) -> Vec<u32> {
    let entries = fs::read_dir(data.join(FOLDER)).into_iter().flatten().flatten();
    let number = |path: PathBuf| path.file_stem()?.to_str()?.parse().ok();
    let mut numbers: Vec<u32> = entries.filter_map(|entry| number(entry.path())).collect();
    numbers.sort_unstable();
    numbers
}

/// Forgets the oldest of the journals that have ended.
pub fn forget_old(data: &Path) {
    let numbers = numbers(data);
    for &number in numbers.iter().take(numbers.len().saturating_sub(KEPT)) {
        if Journal::open(data, number).is_ok_and(|j| j.is_some_and(|j| j.end.is_some())) {
            // One that stays is forgotten another day.
            _ = fs::remove_file(path_of(data, number));
        }
    }
}

fn path_of(data: &Path, number: u32) -> PathBuf {
    data.join(FOLDER).join(format!("{number:06}.jsonl"))
}

fn line(line: &Line) -> String {
    serde_json::to_string(line).expect("a line is JSON") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::label::Colour;
    use crate::core::label::Decision;
    use crate::core::label::Label;

    fn plan() -> Plan {
        let item = |name: &str| Item {
            from: Path::new("/a").join(name),
            to: Path::new("/b").join(name),
            bytes: 3,
        };
        Plan {
            action: Action::Move,
            target: Some("/b".into()),
            photos: vec![vec![item("1.jpg"), item("1.xmp")], vec![item("2.jpg")]],
            renamed_count: 0,
            there_count: 0,
            embed: None,
        }
    }

    #[test]
    fn what_copies_carry_is_known_after_a_restart() {
        let data = tempfile::tempdir().unwrap();
        let mut label = Label { stars: 4, colour: Colour::Green, ..Label::default() };
        label = label.with(&Decision::Trash).with(&Decision::Tag("a \"b\"".into()));
        let labels = [("/a/1.jpg".into(), label), ("/a/2.jpg".into(), Label::default())];
        for convention in [Convention::Label, Convention::Rating] {
            let embed = Some(Embed { convention, labels: labels.clone().into() });
            let plan = Plan { action: Action::Copy, embed: embed.clone(), ..plan() };
            let number = Journal::begin(data.path(), plan, Timestamp(7)).unwrap().number;
            assert_eq!(Journal::open(data.path(), number).unwrap().unwrap().embed, embed);
        }
    }

    #[test]
    fn a_journal_tells_the_plan_and_how_far_it_has_come_though_its_end_is_torn() {
        let data = tempfile::tempdir().unwrap();
        let mut journal = Journal::begin(data.path(), plan(), Timestamp(7)).unwrap();
        assert!(Journal::open(data.path(), 1).unwrap().is_none(), "it is in use");
        let mut other = journal.photos[1].clone();
        other[0].to = "/b/2 (2).jpg".into();
        journal.rename(1, other).unwrap();
        journal.settle(1).unwrap();
        drop(journal);
        let path = path_of(data.path(), 1);
        let whole = fs::read(&path).unwrap();
        fs::write(&path, [&whole[..], b"{\"Done\":{\"pho"].concat()).unwrap();
        let journal = Journal::open(data.path(), 1).unwrap().unwrap();
        assert_eq!((journal.action, journal.at, journal.end), (Action::Move, Timestamp(7), None));
        assert_eq!(journal.photos[0], plan().photos[0]);
        assert_eq!(journal.photos[1][0].to, Path::new("/b/2 (2).jpg"));
        assert_eq!(journal.is_done, [false, true]);
        assert_eq!(fs::read(&path).unwrap(), whole);
    }

    #[test]
    fn a_plan_that_is_not_whole_was_never_begun() {
        let data = tempfile::tempdir().unwrap();
        drop(Journal::begin(data.path(), plan(), Timestamp(7)).unwrap());
        let path = path_of(data.path(), 1);
        let whole = fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = whole.lines().collect();
        fs::write(&path, lines[..2].join("\n") + "\n").unwrap();
        assert!(Journal::open(data.path(), 1).unwrap().is_none());
    }
}
