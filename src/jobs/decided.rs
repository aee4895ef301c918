//! What has been decided about a shoot, without a window: the scan, the headers that decisions are
//! bound by, and the store.

use std::path::Path;
use std::path::PathBuf;

use rayon::prelude::*;

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

/// Reads what the store in `store` knows about the photos under `roots`.
///
/// # Errors
/// When the store cannot be opened or read.
pub fn read(roots: &[PathBuf], store: &Path) -> DiskResult<Summary> {
    let mut paths = Vec::new();
    let mut summary = Summary::default();
    scan::scan(roots, &mut |found| {
        match found {
            Found::Photo(path) => paths.push(path),
            Found::Twin(_) | Found::Other => {}
            Found::Trouble(trouble) => summary.failed.push(chain(&trouble)),
        }
        std::ops::ControlFlow::Continue(())
    });
    // What is not Unicode is told apart by its bytes.
    paths.sort_by(|a, b| {
        natural_cmp(&a.to_string_lossy(), &b.to_string_lossy()).then_with(|| a.cmp(b))
    });
    summary.total = paths.len();
    let mut store = Decisions::open(store)?;
    roots.iter().for_each(|root| store.open_folder(root));
    let mut next = 0;
    for batch in paths.chunks(LOOKED_UP) {
        let headers: Vec<_> = batch.par_iter().map(|path| decode::read_header(path)).collect();
        let known: Vec<Known<'_>> = (next..)
            .zip(batch.iter().zip(&headers))
            .map(|(number, (path, header))| Known {
                photo: PhotoId(number),
                path,
                fingerprint: header.as_ref().map(|h| h.fingerprint),
                captured: header.as_ref().and_then(|h| h.meta.captured),
                serial: header.as_ref().and_then(|h| h.meta.serial.as_deref()),
            })
            .collect();
        next += known.len() as u32;
        let decided = store.look_up(&known)?;
        let photos = batch.iter().zip(decided).filter_map(|(path, decided)| {
            let decided = decided.filter(|d| d.label != Label::default())?;
            Some((path.clone(), decided))
        });
        summary.photos.extend(photos);
    }
    Ok(summary)
}
