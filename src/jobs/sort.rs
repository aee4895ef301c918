//! From the board's columns to an order: collects what `core::order` sorts.

use std::collections::BTreeMap;
use std::collections::HashMap;

use super::board::Board;
use crate::core::order;
use crate::core::order::Order;
use crate::core::order::Taken;
use crate::core::photo::PhotoId;
use crate::core::photo::PhotoMeta;

/// All photos found so far in natural order of their names.
#[must_use]
pub fn by_name(board: &Board) -> Order {
    Order::by_name(named(board))
}

/// Those of the bodies named that took no photo of the shoot.
#[must_use]
pub fn unknown_bodies<'a>(board: &Board, named: &'a [String]) -> Vec<&'a str> {
    let mut unknown: Vec<&str> = named.iter().map(String::as_str).collect();
    let slots = (0..board.photo_count() as u32).filter_map(|at| board.slot(PhotoId(at)));
    for slot in slots {
        if unknown.is_empty() {
            break;
        }
        if let Some(body) = slot.header().and_then(|header| header.meta.body()) {
            unknown.retain(|name| *name != body);
        }
    }
    unknown
}

/// All photos in capture order; photos that tell no time by name, behind the others.
///
/// `clock_offsets_seconds` is added to the clock of each camera body that it names.
#[must_use]
pub fn by_time(board: &Board, clock_offsets_seconds: &BTreeMap<String, i64>) -> Order {
    let mut bodies = HashMap::new();
    let taken = (0_u32..).zip(named(board)).map(|(name_rank, photo)| {
        let meta = board.slot(photo).and_then(|s| s.header()).map(|h| &h.meta);
        let body = meta.and_then(PhotoMeta::body);
        let offset = body.as_ref().and_then(|b| clock_offsets_seconds.get(b)).copied();
        let captured = meta.and_then(|m| m.captured);
        let next_body = bodies.len() as u32;
        Taken {
            photo,
            captured: captured.map(|at| at.plus_seconds(offset.unwrap_or(0))),
            name_rank,
            body: *bodies.entry(body).or_insert(next_body),
        }
    });
    Order::by_time(taken.collect())
}

fn named(board: &Board) -> Vec<PhotoId> {
    let count = u32::try_from(board.photo_count()).unwrap_or(u32::MAX);
    let mut names: Vec<(String, PhotoId)> = (0..count)
        .map(PhotoId)
        .filter_map(|photo| Some((board.slot(photo).filter(|slot| !slot.is_gone())?, photo)))
        .map(|(slot, photo)| (slot.path.to_string_lossy().into_owned(), photo))
        .collect();
    names.sort_by(|a, b| order::natural_cmp(&a.0, &b.0));
    names.into_iter().map(|(_, photo)| photo).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::photo::Fingerprint;
    use crate::core::photo::Timestamp;
    use crate::jobs::board::Header;
    use std::path::Path;

    /// A board of files, each with the model of its camera and the second it was taken in.
    fn board(photos: &[(&str, &str, Option<i64>)]) -> Board {
        let board = Board::default();
        for &(name, model, second) in photos {
            let photo = board.add(Path::new(name).into());
            let captured = second.map(|s| Timestamp(s * Timestamp::SECOND));
            let meta = PhotoMeta { model: Some(model.into()), captured, ..PhotoMeta::default() };
            let header = Header { meta, fingerprint: Fingerprint([0; 16]) };
            board.slot(photo).unwrap().set_header(header);
        }
        board
    }

    fn names(board: &Board, order: &Order) -> String {
        let name = |p: &PhotoId| board.slot(*p).unwrap().path.display().to_string();
        order.photos().iter().map(name).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn names_are_in_natural_order() {
        let board = board(&[("IMG_10", "A", None), ("IMG_9", "A", None), ("IMG_1", "A", None)]);
        assert_eq!(names(&board, &by_name(&board)), "IMG_1 IMG_9 IMG_10");
    }

    #[test]
    fn a_clock_offset_moves_one_camera() {
        let board = board(&[("a", "A", Some(10)), ("b", "B", Some(3605)), ("c", "A", Some(20))]);
        assert_eq!(names(&board, &by_time(&board, &BTreeMap::new())), "a c b");
        let offsets = BTreeMap::from([("B".to_owned(), -3590)]);
        assert_eq!(names(&board, &by_time(&board, &offsets)), "a b c");
    }
}
