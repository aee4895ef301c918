//! What is remembered of a shoot from one run to the next, beside its decisions: the last blind audit, and
//! the last look of the guard. Read when the teacher looks at the shoot for the first time, written when there
//! is another one.

use std::collections::HashMap;
use std::path::Path;
use std::path::PathBuf;

use crate::core::guard::Budget;
use crate::core::guard::looks::Looks;
use crate::core::guard::walk::Stop;
use crate::core::guard::walk::Walk;
use crate::core::label::Verdict;
use crate::core::order::Order;
use crate::core::photo::PhotoId;
use crate::disk::DiskResult;
use crate::disk::audits;
use crate::disk::audits::Audited;
use crate::disk::looks;
use crate::disk::looks::Looked;
use crate::jobs::board::Board;

/// Which shoot's memory, in which data folder.
#[derive(Debug, Clone)]
pub struct Shelf {
    /// The data folder.
    pub data: PathBuf,
    /// The folders and files that were opened.
    pub roots: Vec<PathBuf>,
}

impl Shelf {
    /// The audit that was begun last. Photos that are gone are left out: why they went has nothing to do
    /// with the sample.
    pub(super) fn audit(&self, board: &Board, whole: &Order) -> Option<Walk> {
        let audited = audits::load(&self.data, &self.roots)?;
        let photos = by_path(board, whole);
        let stop = |(path, is_sampled): &(PathBuf, bool)| {
            Some(Stop { photo: *photos.get(path.as_path())?, is_sampled: *is_sampled })
        };
        let stops: Vec<Stop> = audited.stops.iter().filter_map(stop).collect();
        let Audited { proposed, kept_elsewhere, .. } = audited;
        stops.iter().any(|stop| stop.is_sampled).then_some(Walk { stops, proposed, kept_elsewhere })
    }

    /// Keeps an audit in the place of the last one.
    pub(super) fn keep_audit(&self, board: &Board, walk: &Walk) -> DiskResult<()> {
        let stop = |stop: &Stop| Some((path_of(board, stop.photo)?.to_owned(), stop.is_sampled));
        let audited = Audited {
            roots: self.roots.clone(),
            proposed: walk.proposed,
            kept_elsewhere: walk.kept_elsewhere,
            stops: walk.stops.iter().filter_map(stop).collect(),
        };
        audits::save(&self.data, audited)
    }

    /// The looks that the guard has had, and what it let be proposed at the last one, by photo; nothing of
    /// that where it held to another budget.
    pub(super) fn look(
        &self,
        board: &Board,
        whole: &Order,
        budget: &Budget,
    ) -> Option<(Looks, Vec<Verdict>)> {
        let looked = looks::load(&self.data, &self.roots)?;
        let looks = Looks { reached: looked.reached, spent: looked.spent };
        if [looked.keep_loss, looked.confidence] != [budget.loss, budget.confidence] {
            return Some((looks.anew(), Vec::new()));
        }
        let photos = by_path(board, whole);
        let mut proposals = vec![Verdict::Undecided; whole.column_len()];
        for (paths, verdict) in [(&looked.trash, Verdict::Trash), (&looked.keep, Verdict::Keep)] {
            for photo in paths.iter().filter_map(|path| photos.get(path.as_path())) {
                proposals[photo.index()] = verdict;
            }
        }
        Some((looks, proposals))
    }

    /// Keeps a look in the place of the last one.
    pub(super) fn keep_look(
        &self,
        board: &Board,
        budget: &Budget,
        looks: Looks,
        proposals: &[Verdict],
    ) -> DiskResult<()> {
        let of = |verdict: Verdict| {
            let photos = (0_u32..).zip(proposals).filter(|(_, proposal)| **proposal == verdict);
            photos.filter_map(|(at, _)| Some(path_of(board, PhotoId(at))?.to_owned())).collect()
        };
        let looked = Looked {
            roots: self.roots.clone(),
            keep_loss: budget.loss,
            confidence: budget.confidence,
            reached: looks.reached,
            spent: looks.spent,
            trash: of(Verdict::Trash),
            keep: of(Verdict::Keep),
        };
        looks::save(&self.data, looked)
    }
}

fn path_of(board: &Board, photo: PhotoId) -> Option<&Path> {
    board.slot(photo).map(|slot| &*slot.path)
}

fn by_path<'a>(board: &'a Board, whole: &Order) -> HashMap<&'a Path, PhotoId> {
    let photos = whole.photos().iter();
    photos.filter_map(|photo| Some((path_of(board, *photo)?, *photo))).collect()
}
