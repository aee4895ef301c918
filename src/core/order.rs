//! The order that photos are shown in: natural file-name order first, capture order once every
//! header has been read; or a part of the shoot, sorted otherwise (`arranged`).
//!
//! Decides what comes before what. Which neighbours belong together is decided in `group`, who
//! makes an order and when in `jobs`.
//!
//! Invariant: a photo stands in an order at most once and `index_of` undoes `photo_at`
//! (`an_order_knows_where_each_photo_is`); [`natural_cmp`] is a total order (`tests/order.rs`).

mod arranged;

pub use arranged::Sort;
pub use arranged::SortKey;
pub use arranged::share_rank;

use std::cmp::Ordering;
use std::ops::Range;
use std::sync::Arc;

use super::group;
use super::photo::PhotoId;
use super::photo::Timestamp;

/// The photos of the shoot, or some of them, in the order that they are shown, cut into sessions
/// and bursts.
///
/// Invariant: a photo stands in it at most once, and `index_of` undoes `photo_at`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Order {
    photos: Vec<PhotoId>,
    /// By photo: its index in `photos`, or `u32::MAX`.
    indices: Vec<u32>,
    /// Index in `photos` at which each burst begins, rising.
    burst_starts: Vec<u32>,
    /// Index in `photos` at which each session begins, rising.
    session_starts: Vec<u32>,
    /// Whether it is by capture time; before that it is by name.
    is_by_time: bool,
    /// How many photos have a capture time: those at the beginning, where it is by time.
    timed_count: usize,
    /// The photos of the whole shoot in natural name order.
    named: Arc<[PhotoId]>,
}

/// What is needed of a photo to put it in capture order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// The photo.
    pub photo: PhotoId,
    /// When it was taken, with the clock offset of its camera already applied.
    pub captured: Option<Timestamp>,
    /// Its rank in natural name order: decides between equal times, and among photos without one.
    pub name_rank: u32,
    /// Stands for the camera body that took it; sessions and bursts are those of one body.
    pub body: u32,
}

impl Order {
    /// Photos by name, without sessions or bursts yet.
    #[must_use]
    pub fn by_name(photos: Vec<PhotoId>) -> Self {
        let mut order = Self { named: photos.as_slice().into(), photos, ..Self::default() };
        order.index();
        order
    }

    /// Photos by capture time, then name, with their sessions and bursts.
    ///
    /// Photos without a time come after all others, by name: placed among the timed ones by their
    /// names they would tear bursts apart, and a scan or an export is looked for at an end.
    #[must_use]
    pub fn by_time(mut entries: Vec<Taken>) -> Self {
        entries.sort_by_key(|t| (t.name_rank, t.photo));
        let named = entries.iter().map(|t| t.photo).collect();
        entries.sort_unstable_by_key(|t| (t.captured.is_none(), t.captured, t.name_rank, t.photo));
        let mut order = Self {
            photos: entries.iter().map(|t| t.photo).collect(),
            burst_starts: group::bursts(&entries),
            session_starts: group::sessions(&entries),
            is_by_time: true,
            timed_count: entries.partition_point(|t| t.captured.is_some()),
            named,
            ..Self::default()
        };
        order.index();
        order
    }

    /// How many photos there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.photos.len()
    }

    /// Whether there is no photo.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.photos.is_empty()
    }

    /// Whether the order is by capture time, first or last photo first.
    #[must_use]
    pub const fn is_by_time(&self) -> bool {
        self.is_by_time
    }

    /// The photos, first to last.
    #[must_use]
    pub fn photos(&self) -> &[PhotoId] {
        &self.photos
    }

    /// The photo at an index.
    #[must_use]
    pub fn photo_at(&self, index: usize) -> Option<PhotoId> {
        self.photos.get(index).copied()
    }

    /// The index of a photo.
    #[must_use]
    pub fn index_of(&self, photo: PhotoId) -> Option<usize> {
        let index = *self.indices.get(photo.index())?;
        (index != u32::MAX).then_some(index as usize)
    }

    /// The indices of the burst that the photo at `index` belongs to; empty without bursts.
    #[must_use]
    pub fn burst_at(&self, index: usize) -> Range<usize> {
        span(&self.burst_starts, index, self.len())
    }

    /// The indices of the session that the photo at `index` belongs to; empty without sessions.
    #[must_use]
    pub fn session_at(&self, index: usize) -> Range<usize> {
        span(&self.session_starts, index, self.len())
    }

    /// The index at which each session begins, rising; none without sessions.
    #[must_use]
    pub fn session_starts(&self) -> &[u32] {
        &self.session_starts
    }

    /// One more than the largest photo number in it: how long a per-photo column must be.
    #[must_use]
    pub fn column_len(&self) -> usize {
        self.indices.len()
    }

    fn index(&mut self) {
        let count = self.photos.iter().map(|p| p.index() + 1).max().unwrap_or(0);
        self.indices = vec![u32::MAX; count];
        for (at, photo) in (0_u32..).zip(&self.photos) {
            self.indices[photo.index()] = at;
        }
    }
}

/// The span of `starts` that `index` lies in; the last one ends at `end`.
fn span(starts: &[u32], index: usize, end: usize) -> Range<usize> {
    let after = starts.partition_point(|&s| s as usize <= index);
    if after == 0 || index >= end {
        return 0..0;
    }
    let next = starts.get(after).map_or(end, |&s| s as usize);
    starts[after - 1] as usize..next
}

/// Compares two paths the way people number files: folder before name, digits by their value,
/// upper and lower case alike. Only equal paths are `Equal`; what is left is decided by the bytes.
///
/// `/` and `\` both separate. The photos of a folder stand before those of its subfolders, and a
/// dot before everything else, so that `IMG_1.jpg` stands before `IMG_1-2.jpg`.
#[must_use]
pub fn natural_cmp(a: &str, b: &str) -> Ordering {
    let shared = shared_tokens(a, b);
    let (folder_a, name_a) = split_folder(&a[shared..]);
    let (folder_b, name_b) = split_folder(&b[shared..]);
    let folders = match (folder_a, folder_b) {
        (Some(a), Some(b)) => cmp_folders(a, b),
        (a, b) => a.is_some().cmp(&b.is_some()),
    };
    folders.then_with(|| cmp_part(name_a, name_b)).then_with(|| a.cmp(b))
}

const SEPARATORS: [char; 2] = ['/', '\\'];

/// How many bytes at the beginning of both paths are equal, ending before any run of digits that
/// may differ: neighbours in a sort share most of their path, and looking at it once a comparison
/// is most of the cost.
fn shared_tokens(a: &str, b: &str) -> usize {
    const STRIDE: usize = 16;
    let strides = a.as_bytes().chunks_exact(STRIDE).zip(b.as_bytes().chunks_exact(STRIDE));
    let skipped = strides.take_while(|(a, b)| a == b).count() * STRIDE;
    let rest = a.bytes().skip(skipped).zip(b.bytes().skip(skipped));
    let mut end = skipped + rest.take_while(|(a, b)| a == b).count();
    while !a.is_char_boundary(end) || (end > 0 && a.as_bytes()[end - 1].is_ascii_digit()) {
        end -= 1;
    }
    end
}

fn split_folder(path: &str) -> (Option<&str>, &str) {
    // Both separators are ASCII, which is never part of another letter in UTF-8.
    match path.bytes().rposition(|byte| SEPARATORS.contains(&char::from(byte))) {
        Some(at) => (Some(&path[..at]), &path[at + 1..]),
        None => (None, path),
    }
}

fn cmp_folders(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.split(SEPARATORS), b.split(SEPARATORS));
    loop {
        match (a.next(), b.next()) {
            (Some(a), Some(b)) => match cmp_part(a, b) {
                Ordering::Equal => {}
                unequal => return unequal,
            },
            (a, b) => return a.is_some().cmp(&b.is_some()),
        }
    }
}

/// One letter, or one run of digits without its leading zeros.
#[derive(Clone, Copy)]
enum Token<'a> {
    Letter(char),
    Number(&'a str),
}

/// Compares one file or folder name, token by token.
fn cmp_part(mut a: &str, mut b: &str) -> Ordering {
    loop {
        let (token_a, token_b) = match (take_token(&mut a), take_token(&mut b)) {
            (Some(a), Some(b)) => (a, b),
            (a, b) => return a.is_some().cmp(&b.is_some()),
        };
        let tokens = match (token_a, token_b) {
            // Numbers without leading zeros: the longer one is larger, and none overflows.
            (Token::Number(a), Token::Number(b)) => a.len().cmp(&b.len()).then_with(|| a.cmp(b)),
            (Token::Letter(a), Token::Letter(b)) => a.cmp(&b),
            (Token::Number(_), Token::Letter(b)) => '0'.cmp(&b),
            (Token::Letter(a), Token::Number(_)) => a.cmp(&'0'),
        };
        if tokens.is_ne() {
            return tokens;
        }
    }
}

fn take_token<'a>(rest: &mut &'a str) -> Option<Token<'a>> {
    let first = *rest.as_bytes().first()?;
    if first.is_ascii_digit() {
        let end = rest.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len());
        let (digits, after) = rest.split_at(end);
        *rest = after;
        return Some(Token::Number(digits.trim_start_matches('0')));
    }
    if first.is_ascii() {
        *rest = &rest[1..];
        return Some(Token::Letter(match first {
            b'.' => '\0',
            byte => char::from(byte.to_ascii_lowercase()),
        }));
    }
    let letter = rest.chars().next()?;
    *rest = &rest[letter.len_utf8()..];
    // The first letter of a longer lower case is enough: the bytes decide between the rest.
    Some(Token::Letter(letter.to_lowercase().next().unwrap_or(letter)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Says that `paths`, separated by spaces, stand in their natural order, each before the next.
    #[track_caller]
    fn check(paths: &str) {
        let paths: Vec<_> = paths.split(' ').collect();
        for (i, a) in paths.iter().enumerate() {
            for (j, b) in paths.iter().enumerate() {
                assert_eq!(natural_cmp(a, b), i.cmp(&j), "{a} against {b}");
            }
        }
    }

    #[test]
    fn digits_count_by_their_value() {
        check("IMG_2 IMG_10 IMG_100");
        check("a9b a10a a10b");
    }

    #[test]
    fn long_runs_of_digits_do_not_overflow() {
        let long = "9".repeat(400);
        check(&format!("a1 a{long} a1{long} a2{long}"));
    }

    #[test]
    fn case_and_leading_zeros_only_decide_between_equals() {
        check("IMG_1 img_1 IMG_2");
        check("a01 a1 a002 a02 a2");
        check("É É1 é1 é2");
    }

    #[test]
    fn folders_come_before_names() {
        check("z.jpg 2/b.jpg 2/9/a.jpg 10/a.jpg");
        check("x1 x/1 xz/1 xz/y/0");
        check("/é 9A/ İ/İ");
        check("day1/IMG_9.jpg day1-late/IMG_1.jpg day2/IMG_1.jpg");
    }

    #[test]
    fn a_copy_comes_after_its_original() {
        check("IMG_1.jpg IMG_1-2.jpg IMG_1a.jpg");
        assert_eq!(natural_cmp("IMG_1.jpg", "IMG_1 (2).jpg"), Ordering::Less);
    }

    fn taken(photo: u32, seconds: Option<i64>, name_rank: u32) -> Taken {
        let captured = seconds.map(|s| Timestamp(s * Timestamp::SECOND));
        Taken { photo: PhotoId(photo), captured, name_rank, body: 0 }
    }

    #[test]
    fn equal_times_go_by_name_and_photos_without_a_time_come_last() {
        let order = Order::by_time(vec![
            taken(0, None, 0),
            taken(1, Some(20), 3),
            taken(2, Some(20), 2),
            taken(3, Some(-5), 4),
            taken(4, None, 1),
        ]);
        assert_eq!(order.photos(), [3, 2, 1, 0, 4].map(PhotoId));
        assert!(order.is_by_time());
        assert_eq!(order.session_at(4), 3..5);
        assert_eq!(order.burst_at(4), 4..5);
    }

    #[test]
    fn an_order_knows_where_each_photo_is() {
        let order = Order::by_name([7, 2, 5].map(PhotoId).to_vec());
        for index in 0..3 {
            let photo = order.photo_at(index).expect("three photos");
            assert_eq!(order.index_of(photo), Some(index));
        }
        assert_eq!(order.index_of(PhotoId(3)), None);
        assert_eq!(order.index_of(PhotoId(99)), None);
        assert_eq!(order.burst_at(0), 0..0, "no bursts by name");
    }
}
