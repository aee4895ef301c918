//! The window's exports: planning, going, undoing, one at a time on a thread of its own. The window
//! asks and takes answers, and never waits.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use super::Run;
use super::list::Listing;
use super::list::Print;
use crate::core::export;
use crate::core::export::Action;
use crate::core::export::Embed;
use crate::core::export::Plan;
use crate::core::label::Label;
use crate::core::label::Verdict;
use crate::core::order::Order;
use crate::core::photo::PhotoId;
use crate::core::photo::Timestamp;
use crate::core::review::LabelColumn;
use crate::core::said::Convention;
use crate::disk::DiskResult;
use crate::disk::export as files;
use crate::disk::export::journal;
use crate::disk::export::journal::End;
use crate::disk::export::journal::Journal;
use crate::jobs::Waker;
use crate::jobs::aside::Aside;
use crate::jobs::board::Board;
use crate::jobs::shoot::chain;

/// Which photos.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Those that stay, of the whole shoot.
    Kept,
    /// Those that go, of the whole shoot.
    Trashed,
    /// Those that the filter shows.
    Shown,
    /// Those that are selected, or else the current one.
    Selected,
}

/// What can be done with photos.
#[derive(Debug, Clone, Copy)]
pub enum Deed {
    /// They leave, or copies of them.
    Carry(Action),
    /// They are listed, in this form.
    List(Print),
}

/// What would happen.
#[derive(Debug, Clone, PartialEq)]
pub enum Planned {
    /// Photos leave, or copies of them.
    Carry(Plan),
    /// A list is written.
    List(Listing),
}

impl Planned {
    /// How many photos it is about.
    #[must_use]
    pub fn photo_count(&self) -> usize {
        match self {
            Self::Carry(plan) => plan.photos.len(),
            Self::List(listing) => listing.photos.len(),
        }
    }
}

/// What is to be planned.
pub struct Wanted {
    /// The photos.
    pub board: Arc<Board>,
    /// The whole shoot.
    pub whole: Arc<Order>,
    /// What is shown of it.
    pub shown: Arc<Order>,
    /// What is decided.
    pub labels: LabelColumn,
    /// What is selected.
    pub selected: Vec<PhotoId>,
    /// Which photos are meant.
    pub which: Which,
    /// What is to be done.
    pub deed: Deed,
    /// The folder that they go to, or the file of a list.
    pub place: PathBuf,
    /// Whether copies of JPEGs carry what is decided, and how a verdict is said there.
    pub embed: Option<Convention>,
}

/// What would happen, and what happened before.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// What would happen, or why it cannot.
    pub plan: Result<Planned, String>,
    /// How many photos cannot be found.
    pub missing_count: usize,
    /// Photos of a run that was interrupted and can be gone on with.
    pub interrupted: Option<usize>,
    /// Photos of the last run that can be undone.
    pub undoable: Option<usize>,
}

/// What was done.
#[derive(Debug)]
pub enum Done {
    /// What the journal says.
    Carried(Journal),
    /// A list of so many photos was written.
    Listed(usize, PathBuf),
}

/// What has become of a run.
#[derive(Debug)]
pub struct Ended {
    /// What was done, or why it stopped.
    pub outcome: Result<Done, String>,
    /// How many photos could not go.
    pub failed_count: usize,
    /// How many were copied without what is decided in them.
    pub plain_count: usize,
    /// Why the first could not go, or went without.
    pub failure: Option<String>,
}

/// What is asked for with a run.
#[derive(Debug, Clone)]
pub enum Task {
    /// Do what was planned.
    Go(Planned),
    /// Go on with what was interrupted.
    Resume,
    /// Bring back what went last.
    Undo,
}

/// The thread's other side.
pub struct Outbox {
    data: PathBuf,
    wake: Waker,
    planning: Option<Aside<Offer>>,
    running: Option<(Arc<Run>, Aside<Ended>)>,
}

impl Outbox {
    /// An outbox whose journals are in the folder `data`.
    #[must_use]
    pub const fn new(data: PathBuf, wake: Waker) -> Self {
        Self { data, wake, planning: None, running: None }
    }

    /// Asks what would happen, in the place of what was asked before.
    pub fn plan(&mut self, wanted: Wanted) {
        let data = self.data.clone();
        let look = move || {
            let (plan, missing_count) = plan(&wanted);
            let count = |journal: Option<Journal>| journal.map(|journal| journal.photos.len());
            let undoable = count(super::undoable(&data));
            Offer { plan, missing_count, interrupted: count(super::interrupted(&data)), undoable }
        };
        self.planning = Some(Aside::run("plan", Arc::clone(&self.wake), None, look));
    }

    /// What would happen, once.
    pub fn take_offer(&mut self) -> Option<Offer> {
        self.planning.as_ref().and_then(Aside::take)
    }

    /// Begins a run, unless one is under way.
    pub fn begin(&mut self, what: Task, now: Timestamp) {
        if self.running.is_some() {
            return;
        }
        let run = Arc::new(Run::default());
        let (ours, data, wake) = (Arc::clone(&run), self.data.clone(), Arc::clone(&self.wake));
        let work = move || {
            let outcome = work(what, &data, &ours, &wake, now).map_err(|error| chain(&error));
            journal::forget_old(&data);
            let failed_count = ours.failed_count.load(Ordering::Acquire);
            let plain_count = ours.plain_count.load(Ordering::Acquire);
            let failure = ours.failures.pop().or_else(|| ours.plain.pop());
            Ended { outcome, failed_count, plain_count, failure }
        };
        self.running = Some((run, Aside::run("export", Arc::clone(&self.wake), None, work)));
    }

    /// The run that is under way.
    #[must_use]
    pub fn run(&self) -> Option<&Run> {
        self.running.as_ref().map(|(run, _)| &**run)
    }

    /// What has become of the run, once.
    pub fn take_ended(&mut self) -> Option<Ended> {
        let ended = self.running.as_ref().and_then(|(_, aside)| aside.take())?;
        self.running = None;
        Some(ended)
    }

    /// Stops the run that is under way and waits until its photo is whole, `patience` at most.
    pub fn close(&mut self, patience: Duration) {
        let deadline = Instant::now() + patience;
        if let Some(run) = self.run() {
            run.stop();
        }
        while self.running.is_some() && Instant::now() < deadline && self.take_ended().is_none() {
            thread::sleep(Duration::from_millis(5));
        }
    }
}

fn plan(wanted: &Wanted) -> (Result<Planned, String>, usize) {
    let verdict = |photo: PhotoId| wanted.labels.get(photo).verdict;
    let order = if wanted.which == Which::Shown { &wanted.shown } else { &wanted.whole };
    let is_meant = |photo: &PhotoId| match wanted.which {
        Which::Kept => verdict(*photo) == Verdict::Keep,
        Which::Trashed => verdict(*photo) == Verdict::Trash,
        Which::Shown | Which::Selected => true,
    };
    let all = if wanted.which == Which::Selected { &wanted.selected } else { order.photos() };
    let meant = all.iter().copied().filter(is_meant);
    let named = |photo| Some((wanted.board.slot(photo)?.path.to_path_buf(), photo));
    let named: Vec<(PathBuf, PhotoId)> = meant.filter_map(named).collect();
    let action = match wanted.deed {
        Deed::Carry(action) => action,
        Deed::List(print) => return (list(wanted, named, print), 0),
    };
    let paths: Vec<PathBuf> = named.iter().map(|(path, _)| path.clone()).collect();
    let (photos, troubles) = files::gather(&paths);
    let embed = wanted.embed.map(|convention| {
        // A photo that nobody has decided about says what its files say.
        let decided = named.into_iter().map(|(path, photo)| (path, wanted.labels.get(photo)));
        let labels = decided.filter(|(_, label)| **label != Label::default());
        Embed { convention, labels: labels.map(|(p, label)| (p, label.clone())).collect() }
    });
    let plan = match action {
        Action::Trash | Action::TrashBeside => Ok(export::plan_trash(action, photos)),
        Action::Copy | Action::Move => files::target(&wanted.place)
            .map(|target| export::plan(action, photos, target, embed))
            .map_err(|error| chain(&error)),
    };
    (plan.map(Planned::Carry), troubles.len())
}

fn list(wanted: &Wanted, photos: Vec<(PathBuf, PhotoId)>, print: Print) -> Result<Planned, String> {
    let file = std::path::absolute(&wanted.place).map_err(|error| error.to_string())?;
    if files::exists(&file) {
        return Err(format!("there is a file of that name already: {}", file.display()));
    }
    let (board, labels) = (Arc::clone(&wanted.board), wanted.labels.clone());
    Ok(Planned::List(Listing { photos, file, board, labels, print }))
}

fn work(
    what: Task,
    data: &std::path::Path,
    run: &Run,
    wake: &Waker,
    now: Timestamp,
) -> DiskResult<Done> {
    // As often as a person can read, not as often as a block is copied: the window draws each time.
    let told = std::sync::Mutex::new(Instant::now());
    let tell = || {
        let mut told = told.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if told.elapsed() > Duration::from_millis(50) {
            *told = Instant::now();
            wake();
        }
    };
    let nothing = || crate::disk::DiskError::Missing { path: data.join(journal::FOLDER) };
    let mut journal = match what {
        Task::Go(Planned::Carry(plan)) => Journal::begin(data, plan, now)?,
        Task::Go(Planned::List(listing)) => {
            super::list::write(&listing, data, now)?;
            return Ok(Done::Listed(listing.photos.len(), listing.file));
        }
        Task::Resume => super::interrupted(data).ok_or_else(nothing)?,
        Task::Undo => {
            let mut journal = super::undoable(data).ok_or_else(nothing)?;
            super::undo(&mut journal, run, &tell)?;
            return Ok(Done::Carried(journal));
        }
    };
    let _: End = match journal.is_undoing {
        true => super::undo(&mut journal, run, &tell)?,
        false => super::go(&mut journal, run, &tell)?,
    };
    Ok(Done::Carried(journal))
}
