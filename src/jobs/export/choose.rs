//! Which photos a filter finds, without a window: the same words and the same order as in it.

use std::collections::BTreeMap;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use crate::core::filter::Filter;
use crate::core::order::Order;
use crate::core::order::Sort;
use crate::core::photo::PhotoId;
use crate::core::review::Review;
use crate::core::view::Viewport;
use crate::disk::DiskResult;
use crate::disk::decisions::Decided;
use crate::jobs::board::Board;
use crate::jobs::decided;
use crate::jobs::sift;
use crate::jobs::sift::Wanted;
use crate::jobs::sort;

/// What was found.
#[derive(Debug, Default)]
pub struct Chosen {
    /// The photos that pass, in capture order.
    pub photos: Vec<(PathBuf, Option<Decided>)>,
    /// How many photos there are in all.
    pub total: usize,
    /// Files and folders that could not be read, with the reason.
    pub failed: Vec<String>,
}

/// Reads the shoot under `roots` and sifts it.
///
/// # Errors
/// When the store cannot be opened or read.
pub fn choose(
    roots: &[PathBuf],
    store: &Path,
    filter: Filter,
    clock_offsets: &BTreeMap<String, i64>,
) -> DiskResult<Chosen> {
    let board = Board::default();
    let (photos, failed) = decided::read_all(roots, store, &board)?;
    board.set_order(Arc::new(sort::by_time(&board, clock_offsets)));
    let mut review = Review::new(Viewport::new([100.0; 2], 1.0));
    review.set_photo_count(photos.len());
    review.set_order(Arc::clone(&board.order()));
    let label = |(at, (_, decided)): (u32, &(PathBuf, Option<Decided>))| {
        decided.as_ref().map(|decided| (PhotoId(at), decided.label.clone()))
    };
    // There are no steps yet that what is restored could differ from.
    _ = review.restore((0..).zip(&photos).filter_map(label));
    let wanted = Wanted {
        number: 1,
        filter: Arc::new(filter),
        sort: Sort::default(),
        whole: Arc::clone(&board.order()),
        labels: review.labels().clone(),
        outlook: None,
    };
    let order = sift::sift(&board, clock_offsets, &wanted, None, &|| false);
    let total = photos.len();
    let mut photos: Vec<_> = photos.into_iter().map(Some).collect();
    let order = order.iter().flat_map(Order::photos);
    let passing = order.filter_map(|photo| photos.get_mut(photo.index())?.take());
    Ok(Chosen { photos: passing.collect(), total, failed })
}
