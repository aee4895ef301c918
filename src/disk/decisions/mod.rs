//! What the person has decided, kept for good: an SQLite file that only grows.
//!
//! The store is a log of steps, each a list of edits (a photo, its label before and after), and
//! the present label of each photo, which follows from the log and is written in the same
//! transaction (`tests/decisions.rs`: `the_log_tells_the_labels`). An undo is a step like any
//! other. Every SQLite tool opens it; the view `decided` is for people.
//!
//! Here: committing steps and noticing those of other programs. `binding` finds a photo's row,
//! `history` undo and redo, `heard` what files beside the photos said, `backup` the copies, `schema` the tables, `written` the words.
//!
//! A step is applied as the difference that it makes (`Label::rebased`): where the store knows
//! more than whoever made the step, because another program wrote or because the photo had not
//! been looked up yet, what the step does not touch stays as it was.
//!
//! One connection, one thread. Starts no thread, retries nothing, reads no clock.

mod backup;
mod binding;
mod heard;
mod history;
mod schema;
mod written;

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use rusqlite::Connection;
use rusqlite::OptionalExtension;
use rusqlite::ToSql;
use rusqlite::TransactionBehavior;
use rusqlite::types::FromSql;
use rusqlite::types::FromSqlError;
use rusqlite::types::FromSqlResult;
use rusqlite::types::ToSqlOutput;
use rusqlite::types::ValueRef;

use self::binding::Bindings;
use self::history::Acted;
use self::history::Stacks;
use self::written::Written;
use super::DiskResult;
use crate::core::edit::Act;
use crate::core::edit::Edit;
use crate::core::edit::Lead;
use crate::core::edit::Step;
use crate::core::label::Label;
use crate::core::learner;
use crate::core::photo::Fingerprint;
use crate::core::photo::PhotoId;
use crate::core::photo::Timestamp;

pub use self::backup::KEPT;
pub(super) use self::backup::sync_folder;
pub use self::heard::Absorbed;
pub use self::heard::EMBEDDED;
pub use self::heard::Heard;
pub use self::heard::State;
pub use self::history::HISTORY_STEPS;
pub use self::history::History;

/// A photo with what it is recognised by.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The photo in this run.
    pub photo: PhotoId,
    /// Its file.
    pub path: &'a Path,
    /// `None` where the header cannot be read: then the photo is bound by its path alone, and
    /// its decisions do not outlive a new name.
    pub fingerprint: Option<Fingerprint>,
    /// Its capture time, on the camera's clock.
    pub captured: Option<Timestamp>,
    /// The serial number of the camera's body.
    pub serial: Option<&'a str>,
}

/// Who decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The person, with a key.
    Person,
    /// Taken over from another program's data.
    Import,
    /// The person, by accepting a proposal.
    Proposal,
}

/// What was decided about a photo, and the last step that did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// The present label.
    pub label: Label,
    /// Who made the last step.
    pub by: Origin,
    /// When, in UTC.
    pub at: Timestamp,
    /// Whether that step was about this photo alone and no model led to it: such decisions tell how good
    /// a model is. What another program has decided is free of ours.
    pub is_free: bool,
}

/// The decision store, open.
#[derive(Debug)]
pub struct Decisions {
    db: Connection,
    path: PathBuf,
    /// Names this run in the log.
    run: i64,
    bindings: Bindings,
    stacks: Stacks<Arc<[Edit]>>,
    /// The newest step when other programs' steps were last asked for.
    asked_step: i64,
    /// SQLite's number for what others have committed, at that time.
    asked_version: i64,
}

impl Decisions {
    /// The store's name within the data folder.
    pub const FILE: &str = "decisions.sqlite";

    /// Opens the store in the folder `dir`, or makes the folder and an empty store.
    pub fn open(dir: &Path) -> DiskResult<Self> {
        let path = dir.join(Self::FILE);
        let db = schema::open(&path)?;
        let read = |sql| {
            db.query_row(sql, [], |row| row.get(0)).map_err(|e| schema::trouble("open", &path, e))
        };
        // The version first: what is committed between the two is asked for once more.
        let asked_version = read("PRAGMA data_version")?;
        let asked_step = read("SELECT coalesce(max(id), 0) FROM step")?;
        let run = read("SELECT random()")?;
        let (bindings, stacks) = (Bindings::default(), Stacks::default());
        Ok(Self { db, path, run, bindings, stacks, asked_step, asked_version })
    }

    /// Says that photos of `folder` will be looked up. A photo of which a copy has been decided on
    /// within the folders opened is another photo; elsewhere, its decisions are taken over.
    pub fn open_folder(&mut self, folder: &Path) {
        self.bindings.open_folder(folder);
    }

    /// Says that photos are no longer at their paths: what is decided about them waits for whatever
    /// is found to be them.
    pub fn release(&mut self, photos: &[PhotoId]) {
        self.bindings.release(photos);
    }

    /// Finds what has been decided about photos, in one transaction; `binding` has the rules.
    pub fn look_up(&mut self, known: &[Known<'_>]) -> DiskResult<Vec<Option<Decided>>> {
        self.try_look_up(known).map_err(|e| {
            self.bindings.forget(known);
            schema::trouble("read", &self.path, e)
        })
    }

    fn try_look_up(&mut self, known: &[Known<'_>]) -> rusqlite::Result<Vec<Option<Decided>>> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let found = known.iter().map(|k| self.bindings.find(&tx, k)).collect::<Result<_, _>>()?;
        tx.commit()?;
        Ok(found)
    }

    /// Whether the photo has a place in the store, so that steps on it can be written.
    #[must_use]
    pub fn is_bound(&self, photo: PhotoId) -> bool {
        self.bindings.row(photo).is_some()
    }

    /// Writes steps, in their order and in one transaction; they are on the disk when it returns.
    ///
    /// `newcomers` are those photos of the steps that are not bound yet. The answer is the labels
    /// of photos that were not, in the store, what a step took them for: what they are now.
    ///
    /// # Panics
    /// When a photo of a step is neither bound nor a newcomer.
    pub fn append(
        &mut self,
        steps: &[Step],
        newcomers: &[Known<'_>],
    ) -> DiskResult<Vec<(PhotoId, Label)>> {
        self.try_append(steps, newcomers).map_err(|e| {
            self.bindings.forget(newcomers);
            schema::trouble("save", &self.path, e)
        })
    }

    fn try_append(
        &mut self,
        steps: &[Step],
        newcomers: &[Known<'_>],
    ) -> rusqlite::Result<Vec<(PhotoId, Label)>> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut begin = HashMap::new();
        for known in newcomers {
            let found = self.bindings.find_or_add(&tx, known)?;
            begin.extend(found.map(|d| (known.photo, d.label)));
        }
        let mut stacks = self.stacks.clone();
        let mut surprises = BTreeMap::new();
        for step in steps.iter().filter(|s| !s.edits.is_empty()) {
            let of_step = stacks.step_of(step.act, &step.edits);
            let by = match step.lead {
                Lead::Nobody | Lead::Question | Lead::Audit => Origin::Person,
                Lead::Proposal => Origin::Proposal,
            };
            let row = insert_step(&tx, self.run, step, of_step, by)?;
            insert_edits(&tx, (&self.bindings, &begin), row, step, &mut surprises)?;
            match (step.act, of_step) {
                (Act::Do, _) => stacks.push(row, Arc::clone(&step.edits)),
                (act, Some(of)) => _ = stacks.carry(act, of),
                // Older than what is remembered: the log alone knows it.
                (_, None) => {}
            }
        }
        tx.commit()?;
        self.stacks = stacks;
        Ok(surprises.into_iter().collect())
    }

    /// When the last step was made, in UTC; `None` in an empty store.
    pub fn changed_at(&self) -> DiskResult<Option<Timestamp>> {
        let sql = "SELECT at FROM step ORDER BY id DESC LIMIT 1";
        let at = self.db.query_row(sql, [], |row| row.get(0).map(Timestamp)).optional();
        at.map_err(|e| schema::trouble("read", &self.path, e))
    }

    /// The present labels of photos that other programs have changed since this was last asked.
    /// Costs one short question while there is nothing.
    pub fn news(&mut self) -> DiskResult<Vec<(PhotoId, Label)>> {
        self.try_news().map_err(|e| schema::trouble("read", &self.path, e))
    }

    fn try_news(&mut self) -> rusqlite::Result<Vec<(PhotoId, Label)>> {
        let version = self.db.query_row("PRAGMA data_version", [], |row| row.get(0))?;
        if version == self.asked_version {
            return Ok(Vec::new());
        }
        let tx = self.db.transaction()?;
        let newest = tx.query_row("SELECT coalesce(max(id), 0) FROM step", [], |row| row.get(0))?;
        let mut news = BTreeMap::new();
        {
            let mut query = tx.prepare_cached(
                "SELECT photo.id, fingerprint, path, label FROM step
                 JOIN edit ON edit.step = step.id JOIN photo ON photo.id = edit.photo
                 JOIN label ON label.photo = photo.id WHERE step.id > ?1 AND run <> ?2",
            )?;
            let mut rows = query.query([self.asked_step, self.run])?;
            while let Some(row) = rows.next()? {
                let (id, path) = (row.get(0)?, row.get(2)?);
                if self.bindings.photo(id).is_none() {
                    self.bindings.welcome(id, Fingerprint(row.get(1)?), &path);
                }
                if let Some(photo) = self.bindings.photo(id) {
                    let Written(label) = row.get(3)?;
                    news.insert(photo, label);
                }
            }
        }
        tx.commit()?;
        (self.asked_step, self.asked_version) = (newest, version);
        Ok(news.into_iter().collect())
    }
}

fn insert_step(
    db: &Connection,
    run: i64,
    step: &Step,
    of_step: Option<i64>,
    by: Origin,
) -> rusqlite::Result<i64> {
    // A model of this version led to it.
    let model = match step.lead {
        Lead::Nobody => None,
        Lead::Question | Lead::Proposal => Some(format!("rushlight {}", learner::VERSION)),
        Lead::Audit => Some(format!("rushlight {}, audit", learner::VERSION)),
    };
    db.prepare_cached(
        "INSERT INTO step (run, act, of_step, at, origin, model) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute((run, Acted(step.act), of_step, step.at.0, by, model))?;
    Ok(db.last_insert_rowid())
}

/// Writes a step's edits and the labels that come of them; notes labels that were not as the step
/// took them to be.
fn insert_edits(
    db: &Connection,
    (bindings, begin): (&Bindings, &HashMap<PhotoId, Label>),
    step_row: i64,
    step: &Step,
    surprises: &mut BTreeMap<PhotoId, Label>,
) -> rusqlite::Result<()> {
    let mut present = db.prepare_cached("SELECT label FROM label WHERE photo = ?1")?;
    let mut edit = db.prepare_cached(
        "INSERT INTO edit (step, place, photo, before, after) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    let mut label = db.prepare_cached(
        "INSERT INTO label (photo, step, label) VALUES (?1, ?2, ?3) ON CONFLICT (photo)
         DO UPDATE SET step = excluded.step, label = excluded.label",
    )?;
    for (place, change) in (0_i64..).zip(step.edits.iter()) {
        let row = bindings.row(change.photo).expect("a photo of a step is bound or a newcomer");
        let (from, to) = match step.act {
            Act::Do | Act::Redo => (&change.before, &change.after),
            Act::Undo => (&change.after, &change.before),
        };
        // Without a label of its own, a photo begins with that of a copy elsewhere, or afresh.
        let before = present.query_row([row], |r| r.get(0)).optional()?;
        let begun = || Written(begin.get(&change.photo).unwrap_or(from).clone());
        let before = before.unwrap_or_else(begun);
        let after = Written(before.0.rebased(from, to));
        edit.execute((step_row, place, row, &before, &after))?;
        label.execute((row, step_row, &after))?;
        if before.0 != *from {
            surprises.insert(change.photo, after.0);
        } else if let Some(known) = surprises.get_mut(&change.photo) {
            *known = after.0;
        }
    }
    Ok(())
}

impl ToSql for Origin {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Person => "person",
            Self::Import => "import",
            Self::Proposal => "proposal",
        }
        .into())
    }
}

impl FromSql for Origin {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value.as_str()? {
            "person" => Ok(Self::Person),
            "import" => Ok(Self::Import),
            "proposal" => Ok(Self::Proposal),
            _ => Err(FromSqlError::InvalidType),
        }
    }
}
