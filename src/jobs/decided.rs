//! What has been decided about a shoot, without a window: the scan, the headers that decisions are
//! bound by, and the store.

use std::path::Path;
use std::path::PathBuf;

use rayon::prelude::*;

use super::board::Board;
use super::board::Header;
use super::decode;
use super::shoot::chain;
use crate::core::label::Label;
use crate::core::order::natural_cmp;
use crate::core::photo::PhotoId;
use crate::disk::DiskResult;
use crate::disk::decisions::Decided;
use crate::disk::decisions::Decisions;
use crate::disk::decisions::Known;
use crate::disk::scan;
use crate::disk::scan::Found;

/// Photos looked up in one transaction: another program's commit waits for a few milliseconds.
const LOOKED_UP: usize = 1024;

/// What was found.
#[derive(Debug, Default)]
pub struct Summary {
    /// Photos that something is decided about, in natural order of their names.
    pub photos: Vec<(PathBuf, Decided)>,
    /// How many photos there are in all.
    pub total: usize,
    /// Files and folders that could not be read, with the reason.
    pub failed: Vec<String>,
}

/// A photo and what is decided about it.
pub type Read = (PathBuf, Option<Decided>);

/// Reads what the store in `store` knows about the photos under `roots`.
///
/// # Errors
/// When the store cannot be opened or read.
pub fn read(roots: &[PathBuf], store: &Path) -> DiskResult<Summary> {
    let (photos, failed) = read_all(roots, store, &Board::default())?;
    let total = photos.len();
    let decided = |(path, decided): Read| {
        decided.filter(|d| d.label != Label::default()).map(|decided| (path, decided))
    };
    Ok(Summary { photos: photos.into_iter().filter_map(decided).collect(), total, failed })
}

/// The same of all photos, in natural order of their names; their headers go onto the board, under
/// the numbers that they have in the list.
///
/// # Errors
/// When the store cannot be opened or read.
pub fn read_all(
    roots: &[PathBuf],
    store: &Path,
    board: &Board,
) -> DiskResult<(Vec<Read>, Vec<String>)> {
    let (mut paths, mut failed) = (Vec::new(), Vec::new());
    scan::scan(roots, &mut |found| {
        match found {
            Found::Photo(path) => paths.push(path),
            Found::Twin(_) | Found::Other => {}
            Found::Trouble(trouble) => failed.push(chain(&trouble)),
        }
        std::ops::ControlFlow::Continue(())
    });
    // What is not Unicode is told apart by its bytes.
    paths.sort_by(|a, b| {
        natural_cmp(&a.to_string_lossy(), &b.to_string_lossy()).then_with(|| a.cmp(b))
    });
    let mut store = Decisions::open(store)?;
    roots.iter().for_each(|root| store.open_folder(root));
    let mut photos = Vec::with_capacity(paths.len());
    for batch in paths.chunks(LOOKED_UP) {
        let headers: Vec<_> = batch.par_iter().map(|path| decode::read_header(path)).collect();
        let known = |(path, header): (&PathBuf, Option<Header>)| {
            let photo = board.add(path.as_path().into());
            if let (Some(header), Some(slot)) = (header, board.slot(photo)) {
                slot.set_header(header);
            }
            photo
        };
        let ids: Vec<PhotoId> = batch.iter().zip(headers).map(known).collect();
        let known: Vec<Known<'_>> =
            ids.iter().zip(batch).map(|(&p, path)| of(board, p, path)).collect();
        let decided = store.look_up(&known)?;
        photos.extend(batch.iter().cloned().zip(decided));
    }
    Ok((photos, failed))
}

/// A photo of the board as the store knows photos.
#[must_use]
pub fn of<'a>(board: &'a Board, photo: PhotoId, path: &'a Path) -> Known<'a> {
    let header = board.slot(photo).and_then(|slot| slot.header());
    Known {
        photo,
        path,
        fingerprint: header.map(|h| h.fingerprint),
        captured: header.and_then(|h| h.meta.captured),
        serial: header.and_then(|h| h.meta.serial.as_deref()),
    }
}
