//! `rushlight export`: photos out of the shoot, without a window.
//!
//! What would happen is said first, with counts and sizes; then it happens.

pub mod list;

use std::collections::HashMap;
use std::io::Write;
use std::path::PathBuf;

use indicatif::ProgressBar;
use indicatif::ProgressStyle;

use super::AppError;
use super::AppResult;
use super::Outcome;
use super::check_paths;
use super::written;
use crate::app::cli::export::Carry;
use crate::app::cli::export::Task;
use crate::app::cli::export::Which;
use crate::app::window::now;
use crate::app::words;
use crate::core::export;
use crate::core::export::Action;
use crate::core::export::Embed;
use crate::core::export::Plan;
use crate::core::filter::Filter;
use crate::core::label::Label;
use crate::disk::config::Settings;
use crate::disk::export as files;
use crate::disk::export::journal;
use crate::disk::export::journal::Journal;
use crate::disk::folders::Folders;
use crate::jobs::export as jobs;
use crate::jobs::export::Run;
use crate::jobs::export::choose;
use crate::jobs::export::choose::Chosen;

/// Does one task.
///
/// # Errors
/// When a path does not exist, there is no photo, a store cannot be read, or nothing can be written.
pub fn run(task: &Task, out: &mut dyn Write) -> AppResult<Outcome> {
    match task {
        Task::Copy(task) => {
            let Carry { which, to, dry_run } = &task.carry;
            let plan = carried(Action::Copy, which, to, task.embed_xmp)?;
            carry_out(plan, *dry_run, out)
        }
        Task::Move(task) => {
            let plan = carried(Action::Move, &task.which, &task.to, false)?;
            carry_out(plan, task.dry_run, out)
        }
        Task::Trash(task) => {
            let (photos, _, outcome) = gathered(&task.which)?;
            let action = if task.beside { Action::TrashBeside } else { Action::Trash };
            carry_out((export::plan_trash(action, photos), outcome), task.dry_run, out)
        }
        Task::List(task) => {
            let chosen = choose(&task.which)?;
            let outcome = told(&chosen);
            list::run(task, &chosen, out)?;
            Ok(outcome)
        }
        Task::Resume => {
            let found = jobs::interrupted(&Folders::find()?.data);
            let journal = found.ok_or(AppError::NoRun { what: "resume" })?;
            go(journal, out)
        }
        Task::Undo(task) => undo(task.number, out),
        Task::Log => log(out),
    }
}

/// The photos asked for, with what the filter line says of a mistake.
fn choose(which: &Which) -> AppResult<Chosen> {
    check_paths(&which.paths)?;
    let text = match which {
        Which { kept: true, .. } => "keep",
        Which { trashed: true, .. } => "trash",
        Which { undecided: true, .. } => "undecided",
        Which { filter: Some(text), .. } => text,
        _ => "",
    };
    let reading = Filter::read(text);
    if let Some(mistake) = reading.diagnostics.first() {
        // What is moved by a filter that means something else cannot be guessed at.
        return Err(AppError::Filter { words: mistake.words.to_string(), text: text.to_owned() });
    }
    if reading.filter.reads_outlook() {
        let words = "only the window knows what is learned from decisions";
        return Err(AppError::Filter { words: words.to_owned(), text: text.to_owned() });
    }
    if reading.filter.reads_sharpness() {
        let words = "only the window knows how sharp the photos are";
        return Err(AppError::Filter { words: words.to_owned(), text: text.to_owned() });
    }
    let folders = Folders::find()?;
    let (settings, _) = Settings::load(&folders.settings());
    let roots: Vec<PathBuf> =
        which.paths.iter().map(|p| std::path::absolute(p).unwrap_or_else(|_| p.clone())).collect();
    let offsets = &settings.clock_offsets_seconds;
    let chosen = choose::choose(&roots, &folders.data, reading.filter, offsets)?;
    if chosen.total == 0 && chosen.failed.is_empty() {
        return Err(AppError::NoPhotos { paths: which.paths.clone() });
    }
    Ok(chosen)
}

fn told(chosen: &Chosen) -> Outcome {
    for reason in &chosen.failed {
        tracing::warn!("{reason}");
    }
    if chosen.failed.is_empty() { Outcome::Done } else { Outcome::Partly }
}

/// The photos with all their files, and what is decided about them.
type Gathered = (Vec<Vec<export::Source>>, HashMap<PathBuf, Label>, Outcome);

fn gathered(which: &Which) -> AppResult<Gathered> {
    let chosen = choose(which)?;
    let mut outcome = told(&chosen);
    let paths: Vec<PathBuf> = chosen.photos.iter().map(|(path, _)| path.clone()).collect();
    let decided = chosen.photos.into_iter().filter_map(|(p, decided)| Some((p, decided?.label)));
    let (photos, troubles) = files::gather(&paths);
    for trouble in &troubles {
        tracing::warn!("{trouble}");
        outcome = Outcome::Partly;
    }
    Ok((photos, decided.collect(), outcome))
}

fn carried(
    action: Action,
    which: &Which,
    to: &std::path::Path,
    is_embedding: bool,
) -> AppResult<(Plan, Outcome)> {
    let (photos, labels, outcome) = gathered(which)?;
    let (settings, _) = Settings::load(&Folders::find()?.settings());
    let convention = settings.sidecars.verdict;
    let embed = is_embedding.then_some(Embed { convention, labels });
    Ok((export::plan(action, photos, files::target(to)?, embed), outcome))
}

fn carry_out(
    (plan, outcome): (Plan, Outcome),
    is_dry: bool,
    out: &mut dyn Write,
) -> AppResult<Outcome> {
    written(writeln!(out, "{}", words::plan(&plan)))?;
    if is_dry || plan.photos.is_empty() {
        return Ok(outcome);
    }
    let data = Folders::find()?.data;
    let done = go(Journal::begin(&data, plan, now())?, out)?;
    journal::forget_old(&data);
    Ok(if outcome == Outcome::Partly { outcome } else { done })
}

fn go(mut journal: Journal, out: &mut dyn Write) -> AppResult<Outcome> {
    if journal.is_undoing {
        return go_back(journal, out);
    }
    let run = Run::default();
    let bar = bar(journal.photos.len());
    let tell =
        || bar.set_position(run.photos_tried.load(std::sync::atomic::Ordering::Relaxed) as u64);
    let ended = jobs::go(&mut journal, &run, &tell);
    bar.finish_and_clear();
    ended?;
    summed_up(&journal, &run, out)
}

fn undo(number: Option<u32>, out: &mut dyn Write) -> AppResult<Outcome> {
    let data = Folders::find()?.data;
    let found = match number {
        Some(number) => Journal::open(&data, number)?.filter(Journal::can_be_undone),
        None => jobs::undoable(&data),
    };
    go_back(found.ok_or(AppError::NoRun { what: "undo" })?, out)
}

fn go_back(mut journal: Journal, out: &mut dyn Write) -> AppResult<Outcome> {
    let run = Run::default();
    let bar = bar(journal.photos.len());
    let tell =
        || bar.set_position(run.photos_tried.load(std::sync::atomic::Ordering::Relaxed) as u64);
    let ended = jobs::undo(&mut journal, &run, &tell);
    bar.finish_and_clear();
    ended?;
    summed_up(&journal, &run, out)
}

fn summed_up(journal: &Journal, run: &Run, out: &mut dyn Write) -> AppResult<Outcome> {
    let mut failed_count = 0;
    while let Some(reason) = run.failures.pop() {
        tracing::warn!("{reason}");
        failed_count += 1;
    }
    let mut plain_count = 0;
    while let Some(reason) = run.plain.pop() {
        tracing::warn!("{reason}");
        plain_count += 1;
    }
    written(writeln!(out, "{}", words::outcome(journal, [failed_count, plain_count])))?;
    Ok(if failed_count + plain_count == 0 { Outcome::Done } else { Outcome::Partly })
}

fn log(out: &mut dyn Write) -> AppResult<Outcome> {
    let data = Folders::find()?.data;
    for number in journal::numbers(&data).into_iter().rev() {
        let line = match Journal::open(&data, number) {
            Ok(Some(journal)) => words::logged(&journal),
            Ok(None) => format!("{number:>4}  under way, or never begun"),
            Err(error) => format!("{number:>4}  {error}"),
        };
        written(writeln!(out, "{line}"))?;
    }
    Ok(Outcome::Done)
}

/// A bar on the terminal; nothing where the output is a pipe.
fn bar(photo_count: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {pos} of {len} photos, {eta} left");
    let style = style.expect("the template is valid");
    ProgressBar::new(photo_count as u64).with_style(style)
}
