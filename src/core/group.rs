//! Which neighbours of the capture order belong together: sessions and bursts.
//!
//! A session is photos of one camera with no gap over [`SESSION_GAP`], a burst the same with
//! [`BURST_GAP`]. What is shown is one order, though, and the photos of two cameras may alternate
//! in it, while a session or a burst must be one range of it to be walked and drawn. So groups that
//! interleave are joined, and a boundary lies where no camera's group goes on across it:
//!
//! ```text
//! camera A   a1 a2    a3    a4             a1-a4 interleave with b1: one span
//! camera B         b1          b2 b3       b2 b3 begin after a4: a span of their own
//! span       |--------------| |-----|
//! ```
//!
//! With one camera this is the definition word for word. Photos without a time are bursts of one
//! and one session together.
//!
//! Invariant: spans cover the order without a hole, and a burst lies within one session
//! (`tests/order.rs`).

use std::collections::HashMap;
use std::time::Duration;

use super::order::Taken;

/// The longest pause within a session.
pub const SESSION_GAP: Duration = Duration::from_mins(10);

/// The longest pause within a burst.
pub const BURST_GAP: Duration = Duration::from_secs(15);

/// The index at which each session begins, rising. `taken` is in capture order: by time, photos
/// without one last.
#[must_use]
pub fn sessions(taken: &[Taken]) -> Vec<u32> {
    let timed = timed_count(taken);
    let mut starts = span_starts(&taken[..timed], SESSION_GAP);
    if timed < taken.len() {
        starts.push(timed as u32);
    }
    starts
}

/// The index at which each burst begins, rising. `taken` is in capture order: by time, photos
/// without one last.
#[must_use]
pub fn bursts(taken: &[Taken]) -> Vec<u32> {
    let timed = timed_count(taken);
    let mut starts = span_starts(&taken[..timed], BURST_GAP);
    starts.extend(timed as u32..taken.len() as u32);
    starts
}

fn timed_count(taken: &[Taken]) -> usize {
    taken.partition_point(|t| t.captured.is_some())
}

/// Every photo begins a span, and takes back every beginning that lies between it and the photo
/// that its own camera took just before, if that is within `gap`.
fn span_starts(timed: &[Taken], gap: Duration) -> Vec<u32> {
    let gap_micros = i64::try_from(gap.as_micros()).unwrap_or(i64::MAX);
    let mut starts: Vec<u32> = Vec::new();
    let mut last_of_body: HashMap<u32, (u32, i64)> = HashMap::new();
    for (index, shot) in (0_u32..).zip(timed) {
        let Some(at) = shot.captured else { continue };
        starts.push(index);
        let Some((before, then)) = last_of_body.insert(shot.body, (index, at.0)) else { continue };
        if at.0.saturating_sub(then) <= gap_micros {
            while starts.last().is_some_and(|&start| start > before) {
                starts.pop();
            }
        }
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::photo::PhotoId;
    use crate::core::photo::Timestamp;

    /// `shots` are cameras and seconds ("a0 a10 b12", "?" without a time); `expect` has the sizes
    /// of the sessions and those of the bursts.
    #[track_caller]
    fn check(shots: &str, sessions_expect: &[usize], bursts_expect: &[usize]) {
        let taken: Vec<_> = (0_u32..)
            .zip(shots.split_whitespace())
            .map(|(at, shot)| Taken {
                photo: PhotoId(at),
                captured: shot[1..].parse().ok().map(|s: f64| Timestamp((s * 1e6) as i64)),
                name_rank: at,
                body: u32::from(shot.as_bytes()[0]),
            })
            .collect();
        let sizes = |starts: Vec<u32>| -> Vec<usize> {
            let ends = starts.iter().skip(1).copied().chain([taken.len() as u32]);
            starts.iter().zip(ends).map(|(s, e)| (e - s) as usize).collect()
        };
        assert_eq!(sizes(sessions(&taken)), sessions_expect, "sessions of {shots:?}");
        assert_eq!(sizes(bursts(&taken)), bursts_expect, "bursts of {shots:?}");
    }

    #[test]
    fn a_gap_over_the_limit_begins_a_group() {
        check("a0 a15 a30.1 a630.1 a1230.2", &[4, 1], &[2, 1, 1, 1]);
    }

    #[test]
    fn cameras_that_alternate_share_a_span() {
        check("a0 b1 a2 b3", &[4], &[4]);
    }

    #[test]
    fn a_camera_that_follows_another_begins_its_own_burst() {
        check("a0 a1 b2 b3", &[2, 2], &[2, 2]);
        check("a0 a1 b2 b3 a60", &[5], &[2, 2, 1]);
    }

    #[test]
    fn a_burst_is_not_torn_by_one_photo_of_another_camera() {
        check("a0 a2 b3 a4 a60 b90", &[6], &[4, 1, 1]);
    }

    #[test]
    fn photos_without_a_time_are_one_session_and_no_burst() {
        check("a0 a1 a? b? a?", &[2, 3], &[2, 1, 1, 1]);
        check("a? a?", &[2], &[1, 1]);
        check("", &[], &[]);
    }
}
