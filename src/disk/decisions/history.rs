//! What can be undone and done again: two stacks, kept while the program runs and rebuilt from
//! the log when it starts.
//!
//! A step goes on top of the steps that can be undone and empties those that can be done again;
//! an undo carries its step from one stack to the other, a redo carries it back. Rebuilding plays
//! the whole log so, but for steps of which a photo is not in this shoot: they cannot be shown,
//! so they cannot be undone here, and a step that shares a photo with one made later cannot either.
//!
//! What was taken over from files is no step to undo: the person did not make it here. A step beneath
//! it is undone as the difference that it made, so what was taken over stays.
//!
//! Two programs on one shoot write one log: after the next start it is one history.

use std::collections::HashSet;
use std::mem;
use std::sync::Arc;

use rusqlite::Connection;
use rusqlite::types::FromSql;
use rusqlite::types::FromSqlError;
use rusqlite::types::FromSqlResult;
use rusqlite::types::ToSql;
use rusqlite::types::ToSqlOutput;
use rusqlite::types::ValueRef;

use super::Decisions;
use super::binding::Bindings;
use super::schema;
use super::written::Written;
use crate::core::edit::Act;
use crate::core::edit::Edit;
use crate::core::photo::PhotoId;
use crate::disk::DiskResult;

/// How many steps can be undone.
pub const HISTORY_STEPS: usize = 200;

/// What earlier runs left to undo and to do again, oldest first, at most [`HISTORY_STEPS`] each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// Steps that can be undone.
    pub undo: Vec<Arc<[Edit]>>,
    /// Steps that can be done again; the last one first.
    pub redo: Vec<Arc<[Edit]>>,
}

impl Decisions {
    /// Rebuilds undo and redo from the log, once every photo of the shoot has been looked up.
    ///
    /// Steps of this run are left out, since whoever made them has them: they belong on top of
    /// `undo`, and if there are any, nothing of `redo` is left.
    pub fn history(&mut self) -> DiskResult<History> {
        self.rebuild().map_err(|e| schema::trouble("read", &self.path, e))
    }

    fn rebuild(&mut self) -> rusqlite::Result<History> {
        let tx = self.db.transaction()?;
        let played = replay(&tx, &self.bindings)?;
        let mut ours = mem::take(&mut self.stacks);
        let mut history = History::default();
        for (from, to, out) in [
            (played.undo, &mut self.stacks.undo, &mut history.undo),
            (played.redo, &mut self.stacks.redo, &mut history.redo),
        ] {
            for (step, of_photos) in from {
                let known = ours.pull(step);
                let edits = match known {
                    Some(edits) => edits,
                    None => edits_of(&tx, &self.bindings, step)?,
                };
                if of_photos.run != self.run {
                    out.push(Arc::clone(&edits));
                }
                to.push((step, edits));
            }
        }
        tx.commit()?;
        Ok(history)
    }
}

/// Steps by their row, oldest first, each with a `T`.
#[derive(Debug, Clone)]
pub(super) struct Stacks<T> {
    pub(super) undo: Vec<(i64, T)>,
    pub(super) redo: Vec<(i64, T)>,
}

impl<T> Default for Stacks<T> {
    fn default() -> Self {
        Self { undo: Vec::new(), redo: Vec::new() }
    }
}

impl<T> Stacks<T> {
    /// Puts a new step on top.
    pub(super) fn push(&mut self, step: i64, what: T) {
        self.redo.clear();
        self.undo.push((step, what));
        let surplus = self.undo.len().saturating_sub(HISTORY_STEPS);
        self.undo.drain(..surplus);
    }

    /// Carries a step over; false where it is not known any more.
    pub(super) fn carry(&mut self, act: Act, step: i64) -> bool {
        let (from, to) = match act {
            Act::Undo => (&mut self.undo, &mut self.redo),
            Act::Do | Act::Redo => (&mut self.redo, &mut self.undo),
        };
        let Some(at) = from.iter().rposition(|(s, _)| *s == step) else { return false };
        to.push(from.remove(at));
        true
    }

    fn pull(&mut self, step: i64) -> Option<T> {
        let stack =
            if self.undo.iter().any(|(s, _)| *s == step) { &mut self.undo } else { &mut self.redo };
        let at = stack.iter().position(|(s, _)| *s == step)?;
        Some(stack.swap_remove(at).1)
    }
}

impl Stacks<Arc<[Edit]>> {
    /// The step that is undone or done again, told by its edits.
    pub(super) fn step_of(&self, act: Act, edits: &Arc<[Edit]>) -> Option<i64> {
        let stack = match act {
            Act::Do => return None,
            Act::Undo => &self.undo,
            Act::Redo => &self.redo,
        };
        let is_it = |e: &Arc<[Edit]>| Arc::ptr_eq(e, edits) || e == edits;
        stack.iter().rev().find(|(_, e)| is_it(e)).map(|(step, _)| *step)
    }
}

/// One step of the log, without its labels.
struct Logged {
    run: i64,
    act: Act,
    of_step: Option<i64>,
    /// Rows of those of its photos that are in this shoot.
    photos: Vec<i64>,
    is_whole: bool,
}

fn replay(db: &Connection, bindings: &Bindings) -> rusqlite::Result<Stacks<Logged>> {
    let mut query = db.prepare_cached(
        "SELECT step.id, run, act, of_step, photo FROM step JOIN edit ON edit.step = step.id
         WHERE origin <> 'import' ORDER BY step.id, place",
    )?;
    let mut rows = query.query([])?;
    let mut stacks = Stacks::default();
    let mut last: Option<(i64, Logged)> = None;
    while let Some(row) = rows.next()? {
        let (step, photo) = (row.get(0)?, row.get(4)?);
        if last.as_ref().is_none_or(|(s, _)| *s != step) {
            let (run, Acted(act), of_step) = (row.get(1)?, row.get(2)?, row.get(3)?);
            let next = Logged { run, act, of_step, photos: Vec::new(), is_whole: true };
            play(&mut stacks, last.replace((step, next)));
        }
        if let Some((_, logged)) = &mut last {
            match bindings.photo(photo) {
                Some(_) => logged.photos.push(photo),
                None => logged.is_whole = false,
            }
        }
    }
    play(&mut stacks, last);
    Ok(stacks)
}

fn play(stacks: &mut Stacks<Logged>, step: Option<(i64, Logged)>) {
    let Some((step, logged)) = step else { return };
    if logged.photos.is_empty() {
        return;
    }
    if logged.is_whole {
        match (logged.act, logged.of_step) {
            (Act::Do, _) => return stacks.push(step, logged),
            (act, Some(of)) if stacks.carry(act, of) => return,
            _ => {}
        }
    }
    let touched: HashSet<i64> = logged.photos.into_iter().collect();
    let is_apart = |(_, s): &(i64, Logged)| !s.photos.iter().any(|p| touched.contains(p));
    stacks.undo.retain(is_apart);
    stacks.redo.retain(is_apart);
}

fn edits_of(db: &Connection, bindings: &Bindings, step: i64) -> rusqlite::Result<Arc<[Edit]>> {
    let mut query =
        db.prepare_cached("SELECT photo, before, after FROM edit WHERE step = ?1 ORDER BY place")?;
    let rows = query.query_map([step], |row| {
        let (Written(before), Written(after)) = (row.get(1)?, row.get(2)?);
        let photo: Option<PhotoId> = bindings.photo(row.get(0)?);
        Ok(photo.map(|photo| Edit { photo, before, after }))
    })?;
    rows.filter_map(Result::transpose).collect()
}

/// An act in a column.
pub(super) struct Acted(pub(super) Act);

impl ToSql for Acted {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self.0 {
            Act::Do => "do",
            Act::Undo => "undo",
            Act::Redo => "redo",
        }
        .into())
    }
}

impl FromSql for Acted {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value.as_str()? {
            "do" => Ok(Self(Act::Do)),
            "undo" => Ok(Self(Act::Undo)),
            "redo" => Ok(Self(Act::Redo)),
            _ => Err(FromSqlError::InvalidType),
        }
    }
}
