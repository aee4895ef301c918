//! What files beside the photos said when they were last read or written, and what of it was taken
//! over.
//!
//! It is the common ground of a merge: what a file says otherwise now, somebody else has changed. One
//! row a photo and source: a sidecar by its name, [`EMBEDDED`] for the photo's own header, the
//! predecessor's list by its name. It is written together with the labels that come of it, so that a
//! killed program hears a change again or has taken it over, never half of it (`tests/sidecar.rs`).
//!
//! What is taken over is a step by `import`: it is in the log, and is not one to undo.

use std::collections::HashMap;
use std::collections::HashSet;
use std::sync::Arc;

use rusqlite::Connection;
use rusqlite::ToSql;
use rusqlite::TransactionBehavior;
use rusqlite::types::FromSql;
use rusqlite::types::FromSqlError;
use rusqlite::types::FromSqlResult;
use rusqlite::types::ToSqlOutput;
use rusqlite::types::ValueRef;
use serde::Deserialize;
use serde::Serialize;

use super::Decisions;
use super::Known;
use super::Origin;
use super::insert_edits;
use super::insert_step;
use super::schema;
use super::written::Written;
use crate::core::edit::Act;
use crate::core::edit::Edit;
use crate::core::edit::Lead;
use crate::core::edit::Step;
use crate::core::label::Label;
use crate::core::label::Verdict;
use crate::core::photo::PhotoId;
use crate::core::photo::Timestamp;
use crate::core::said::Said;
use crate::disk::DiskResult;
use crate::disk::sidecar::Stamp;

/// The source that is the photo's own header.
pub const EMBEDDED: &str = "";

/// What a source said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// The file's name, or [`EMBEDDED`].
    pub source: Box<str>,
    /// What it said.
    pub said: Said,
    /// The file's state then, where it is a sidecar.
    pub stamp: Option<Stamp>,
    /// The last step of the photo that was known then.
    pub step: i64,
}

/// What was heard of one photo, to be taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absorbed {
    /// The photo.
    pub photo: PhotoId,
    /// Its label before and after, where that changes. Applied as the difference that it makes.
    pub change: Option<(Label, Label)>,
    /// What the sources say now.
    pub heard: Vec<Heard>,
    /// What the predecessor would have decided: kept apart, never a label.
    pub proposal: Option<Verdict>,
}

/// What the store knows of one photo.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// Its present label.
    pub label: Label,
    /// The step that made it; 0 where there is none.
    pub step: i64,
    /// The labels that it has had since its sources were heard. A killed run may have written any of
    /// them into a sidecar without remembering that.
    pub since: Vec<Label>,
    /// What its sources said last.
    pub heard: Vec<Heard>,
}

impl Decisions {
    /// Takes over what files say, in one transaction that is on the disk when it returns. Gives the
    /// labels that the photos with a change have now.
    ///
    /// `newcomers` are those of the photos that are not bound yet.
    ///
    /// # Panics
    /// When a photo is neither bound nor a newcomer.
    pub fn absorb(
        &mut self,
        absorbed: &[Absorbed],
        newcomers: &[Known<'_>],
        at: Timestamp,
    ) -> DiskResult<Vec<(PhotoId, Label)>> {
        self.try_absorb(absorbed, newcomers, at).map_err(|e| {
            self.bindings.forget(newcomers);
            schema::trouble("save", &self.path, e)
        })
    }

    fn try_absorb(
        &mut self,
        absorbed: &[Absorbed],
        newcomers: &[Known<'_>],
        at: Timestamp,
    ) -> rusqlite::Result<Vec<(PhotoId, Label)>> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut begin = HashMap::new();
        for known in newcomers {
            let found = self.bindings.find_or_add(&tx, known)?;
            begin.extend(found.map(|d| (known.photo, d.label)));
        }
        let edit = |a: &Absorbed| {
            let (before, after) = a.change.clone()?;
            Some(Edit { photo: a.photo, before, after })
        };
        // A label that a copy elsewhere has lent becomes the photo's own with its first row.
        let changed: HashSet<PhotoId> =
            absorbed.iter().filter(|a| a.change.is_some()).map(|a| a.photo).collect();
        let lent = begin.iter().filter(|(photo, _)| !changed.contains(*photo));
        let own = lent.map(|(&photo, label): (_, &Label)| Edit {
            photo,
            before: label.clone(),
            after: label.clone(),
        });
        let edits: Arc<[Edit]> = absorbed.iter().filter_map(edit).chain(own).collect();
        if !edits.is_empty() {
            let step =
                Step { number: 0, act: Act::Do, edits: Arc::clone(&edits), at, lead: Lead::Nobody };
            let row = insert_step(&tx, self.run, &step, None, Origin::Import)?;
            insert_edits(&tx, (&self.bindings, &begin), row, &step, &mut Default::default())?;
        }
        for one in absorbed {
            let row = self.bindings.row(one.photo).expect("an absorbed photo is bound or new");
            one.heard.iter().try_for_each(|heard| insert_heard(&tx, row, heard))?;
            if let Some(verdict) = one.proposal {
                let word = if verdict == Verdict::Keep { "keep" } else { "trash" };
                let sql = "INSERT OR REPLACE INTO proposed (photo, verdict) VALUES (?1, ?2)";
                tx.prepare_cached(sql)?.execute((row, word))?;
            }
        }
        let mut labels = Vec::with_capacity(edits.len());
        for edit in edits.iter() {
            let row = self.bindings.row(edit.photo).expect("an edited photo is bound or new");
            labels.push((edit.photo, label_of(&tx, row)?));
        }
        tx.commit()?;
        Ok(labels)
    }

    /// What is known of photos; nothing of those that are not bound.
    pub fn states(
        &self,
        photos: impl IntoIterator<Item = PhotoId>,
    ) -> DiskResult<Vec<(PhotoId, State)>> {
        let bound = photos.into_iter().filter_map(|p| Some((p, self.bindings.row(p)?)));
        let read = |(photo, row)| Ok((photo, self.state(row)?));
        let all: rusqlite::Result<_> = bound.map(read).collect();
        all.map_err(|e| schema::trouble("read", &self.path, e))
    }

    fn state(&self, row: i64) -> rusqlite::Result<State> {
        let sql = "SELECT source, said, size, modified, step FROM heard WHERE photo = ?1";
        let mut query = self.db.prepare_cached(sql)?;
        let heard = query.query_map([row], |row| {
            let (size, modified): (Option<i64>, Option<i64>) = (row.get(2)?, row.get(3)?);
            let stamp = size.zip(modified).map(|(size, modified_nanos)| Stamp {
                modified_nanos,
                size_bytes: size.cast_unsigned(),
            });
            let source: String = row.get(0)?;
            let SaidInRow(said) = row.get(1)?;
            Ok(Heard { source: source.into(), said, stamp, step: row.get(4)? })
        })?;
        let heard: Vec<Heard> = heard.collect::<rusqlite::Result<_>>()?;
        let sidecars = heard.iter().filter(|heard| heard.stamp.is_some());
        let from = sidecars.map(|heard| heard.step).min().unwrap_or(0);
        let sql = "SELECT step, after FROM edit WHERE photo = ?1 AND step > ?2 ORDER BY step";
        let mut query = self.db.prepare_cached(sql)?;
        let later = query.query_map([row, from], |row| {
            let Written(label) = row.get(1)?;
            Ok((row.get(0)?, label))
        })?;
        let later: Vec<(i64, Label)> = later.collect::<rusqlite::Result<_>>()?;
        let step = later.last().map_or(from, |(step, _)| *step);
        let since = later.into_iter().map(|(_, label)| label).collect();
        Ok(State { label: label_of(&self.db, row)?, step, since, heard })
    }

    /// What the predecessor would have decided about the photos of this run.
    pub fn proposals(&self) -> DiskResult<Vec<(PhotoId, Verdict)>> {
        let read = || -> rusqlite::Result<Vec<(PhotoId, Verdict)>> {
            let mut query = self.db.prepare_cached("SELECT photo, verdict FROM proposed")?;
            let rows = query.query_map([], |row| {
                let word: String = row.get(1)?;
                let verdict = if word == "keep" { Verdict::Keep } else { Verdict::Trash };
                Ok(self.bindings.photo(row.get(0)?).map(|photo| (photo, verdict)))
            })?;
            rows.filter_map(Result::transpose).collect()
        };
        read().map_err(|e| schema::trouble("read", &self.path, e))
    }
}

fn label_of(db: &Connection, row: i64) -> rusqlite::Result<Label> {
    let mut query = db.prepare_cached("SELECT label FROM label WHERE photo = ?1")?;
    let mut rows = query.query([row])?;
    let found = rows.next()?.map(|row| row.get::<_, Written>(0)).transpose()?;
    Ok(found.map(|Written(label)| label).unwrap_or_default())
}

fn insert_heard(db: &Connection, row: i64, heard: &Heard) -> rusqlite::Result<()> {
    let size = heard.stamp.map(|stamp| stamp.size_bytes.cast_signed());
    let modified = heard.stamp.map(|stamp| stamp.modified_nanos);
    let said = SaidInRow(heard.said.clone());
    db.prepare_cached(
        "INSERT OR REPLACE INTO heard (photo, source, said, size, modified, step)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute((row, &heard.source, said, size, modified, heard.step))?;
    Ok(())
}

/// What a source said, in a column: JSON without what it did not say.
struct SaidInRow(Said);

#[derive(Serialize, Deserialize)]
struct Words {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rating: Option<i8>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    stars: Option<u8>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pick: Option<u8>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    colour: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
}

impl ToSql for SaidInRow {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let Said { rating, stars, pick, ref colour, ref tags } = self.0;
        let tags = tags.iter().map(ToString::to_string).collect();
        let colour = colour.as_deref().map(str::to_owned);
        let json = serde_json::to_string(&Words { rating, stars, pick, colour, tags })
            .map_err(|e| rusqlite::Error::ToSqlConversionFailure(Box::new(e)))?;
        Ok(json.into())
    }
}

impl FromSql for SaidInRow {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let words: Words =
            serde_json::from_str(value.as_str()?).map_err(|e| FromSqlError::Other(Box::new(e)))?;
        let Words { rating, stars, pick, colour, tags } = words;
        let tags = tags.into_iter().map(Arc::from).collect();
        Ok(Self(Said { rating, stars, pick, colour: colour.map(Arc::from), tags }))
    }
}
