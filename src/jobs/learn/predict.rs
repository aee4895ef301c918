//! Probabilities and proposals for a shoot from what is decided in the store, without a window.

use std::path::Path;
use std::path::PathBuf;

use super::gather::Gathered;
use super::rows;
use super::work;
use super::work::Proposal;
use crate::core::guard::Budget;
use crate::core::guard::Ruling;
use crate::core::label::Verdict;
use crate::core::learner;
use crate::core::learner::Lesson;
use crate::core::learner::Silence;
use crate::core::learner::table::Inputs;
use crate::core::photo::PhotoId;
use crate::disk::DiskResult;
use crate::disk::decisions::Decided;
use crate::disk::decisions::Decisions;
use crate::disk::decisions::Known;
use crate::disk::decisions::Origin;

/// Photos looked up in one transaction.
const LOOKED_UP: usize = 1024;

/// One photo.
#[derive(Debug, Clone, PartialEq)]
pub struct Predicted {
    /// Its file.
    pub path: PathBuf,
    /// The probability that it is kept, 0 to 1; `None` without a model or without features.
    pub keep: Option<f32>,
    /// What is proposed; never for a photo that is decided about.
    pub proposal: Option<Proposal>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Predictions {
    /// In capture order.
    pub photos: Vec<Predicted>,
    /// Why there is no model.
    pub silence: Option<Silence>,
    /// What the guard says of trash.
    pub trash: Option<Ruling>,
}

/// Learns from the decisions in the folder `store` about the photos gathered, and predicts all of them.
///
/// # Errors
/// When the store cannot be opened or read.
pub fn predict(
    gathered: &Gathered,
    roots: &[PathBuf],
    store: &Path,
    budget: &Budget,
) -> DiskResult<Predictions> {
    let decided = decided(gathered, roots, store)?;
    let order = &gathered.order;
    let table = rows::table(&gathered.board, order, Inputs::All);
    let lesson = |(at, decided): (usize, &Option<Decided>)| {
        let decided = decided.as_ref()?;
        // What the program proposed is no lesson until a person has accepted it.
        let is_kept = match decided.label.verdict {
            Verdict::Keep => true,
            Verdict::Trash => false,
            Verdict::Undecided => return None,
        };
        let is_free = decided.is_free && decided.by != Origin::Proposal;
        Some(Lesson { row: table.row_of(at)? as u32, is_kept, is_free })
    };
    let lessons: Vec<Lesson> = decided.iter().enumerate().filter_map(lesson).collect();
    let silence = learner::silence(&lessons);
    let learned = silence.is_none().then(|| work::learn(&table, &lessons, budget));
    let photo = |(at, photo): (usize, &PhotoId)| {
        let path = gathered.board.slot(*photo)?.path.to_path_buf();
        let is_decided =
            decided[at].as_ref().is_some_and(|d| d.label.verdict != Verdict::Undecided);
        let keep = table.row_of(at).zip(learned.as_ref()).map(|(row, l)| l.keep[row]);
        let proposal = learned.as_ref().zip(keep).and_then(|(l, keep)| l.proposal(keep));
        Some(Predicted { path, keep, proposal: proposal.filter(|_| !is_decided) })
    };
    let photos = order.photos().iter().enumerate().filter_map(photo).collect();
    Ok(Predictions { photos, silence, trash: learned.map(|learned| learned.trash) })
}

/// What is decided about each photo, in capture order.
fn decided(
    gathered: &Gathered,
    roots: &[PathBuf],
    store: &Path,
) -> DiskResult<Vec<Option<Decided>>> {
    let mut store = Decisions::open(store)?;
    roots.iter().for_each(|root| store.open_folder(root));
    let known = |photo: &PhotoId| {
        let slot = gathered.board.slot(*photo)?;
        let header = slot.header();
        Some(Known {
            photo: *photo,
            path: &slot.path,
            fingerprint: header.map(|h| h.fingerprint),
            captured: header.and_then(|h| h.meta.captured),
            serial: header.and_then(|h| h.meta.serial.as_deref()),
        })
    };
    let known: Vec<Known> = gathered.order.photos().iter().filter_map(known).collect();
    let mut decided = Vec::with_capacity(known.len());
    for batch in known.chunks(LOOKED_UP) {
        decided.extend(store.look_up(batch)?);
    }
    Ok(decided)
}
