//! Where the last blind audit of a shoot is kept: read when the teacher looks at the shoot for the first
//! time, written when another one is begun.

use std::collections::HashMap;
use std::path::Path;
use std::path::PathBuf;

use crate::core::guard::walk::Stop;
use crate::core::guard::walk::Walk;
use crate::core::order::Order;
use crate::core::photo::PhotoId;
use crate::disk::DiskResult;
use crate::disk::audits;
use crate::disk::audits::Audited;
use crate::jobs::board::Board;

/// Which shoot's audit, in which data folder.
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
    pub(super) fn load(&self, board: &Board, whole: &Order) -> Option<Walk> {
        let audited = audits::load(&self.data, &self.roots)?;
        let path = |photo: &PhotoId| board.slot(*photo).map(|slot| slot.path.to_path_buf());
        let photos: HashMap<PathBuf, PhotoId> =
            whole.photos().iter().filter_map(|photo| Some((path(photo)?, *photo))).collect();
        let stop = |(path, is_sampled): &(PathBuf, bool)| {
            Some(Stop { photo: *photos.get(path)?, is_sampled: *is_sampled })
        };
        let stops: Vec<Stop> = audited.stops.iter().filter_map(stop).collect();
        let Audited { proposed, kept_elsewhere, .. } = audited;
        stops.iter().any(|stop| stop.is_sampled).then_some(Walk { stops, proposed, kept_elsewhere })
    }

    /// Keeps an audit in the place of the last one.
    pub(super) fn save(&self, board: &Board, walk: &Walk) -> DiskResult<()> {
        let stop = |stop: &Stop| {
            let path: &Path = &board.slot(stop.photo)?.path;
            Some((path.to_owned(), stop.is_sampled))
        };
        let audited = Audited {
            roots: self.roots.clone(),
            proposed: walk.proposed,
            kept_elsewhere: walk.kept_elsewhere,
            stops: walk.stops.iter().filter_map(stop).collect(),
        };
        audits::save(&self.data, audited)
    }
}
