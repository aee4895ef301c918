//! A picture in parts between restart markers, each of which can be decoded on a thread of its own.
//!
//! Decides where a picture can be parted, and that parting changes nothing: the pixels are those of
//! the sequential decoder, bit for bit, and where a part cannot be decoded the whole is decoded once
//! more in sequence, which then says why. Starts no thread; whoever has some runs the parts.
//!
//! ```text
//! strips    |  0  |  1  |  2  |  3  |  4  |  5  |       a part begins where a strip and a segment do
//! segments  |   0    |   1    |   2    |   3    |
//! parts     |        0        |        1        |
//! ```

use std::ops::Range;

use super::JpegError;
use super::detail::DetailSums;
use super::scan::Scan;
use super::scan::Start;

/// Strips of a picture, and the rows of pixels that they become.
pub struct Part<'p> {
    scan: &'p Scan<'p>,
    start: Start,
    strips: Range<usize>,
    rgb: &'p mut [u8],
    outcome: Option<Result<DetailSums, JpegError>>,
}

impl Part<'_> {
    /// Decodes the part; answers whether it could be. If not, or if this is never called, that costs
    /// time and no pixel: the picture is then decoded in sequence.
    pub fn decode(&mut self) -> bool {
        let outcome = self.scan.decode(self.start, self.strips.clone(), self.rgb);
        self.outcome.insert(outcome).is_ok()
    }
}

/// Has `run` decode the picture to `rgb` in at most `most` parts; `None` when it cannot be parted
/// or a part was not decoded.
pub fn decode(
    scan: &Scan,
    restart_mcus: usize,
    bytes: &[u8],
    most: usize,
    rgb: &mut [u8],
    run: impl FnOnce(&mut [Part]),
) -> Option<DetailSums> {
    let mut rest = rgb;
    let mut parts = Vec::new();
    for (start, strips) in parting(scan, restart_mcus, bytes, most)? {
        let whole = strips.len() * scan.grid.mcu_px[1] * scan.row_bytes();
        let rows = rest.len().min(whole);
        let rgb = rest.split_off_mut(..rows)?;
        parts.push(Part { scan, start, strips, rgb, outcome: None });
    }
    run(&mut parts);
    let mut sums = DetailSums::new(scan.grid.blocks);
    for part in parts {
        sums.join(&part.outcome?.ok()?);
    }
    Some(sums)
}

/// Where each part starts, and its strips; `None` when there would be less than two.
fn parting(
    scan: &Scan,
    restart_mcus: usize,
    bytes: &[u8],
    most: usize,
) -> Option<Vec<(Start, Range<usize>)>> {
    let [columns, strips] = scan.grid.mcus;
    if restart_mcus == 0 || most < 2 || scan.leans_down().ok()? {
        return None;
    }
    // So many strips begin and end with a segment.
    let step = restart_mcus / greatest_divisor(restart_mcus, columns);
    let steps = strips.div_ceil(step);
    let count = most.min(steps);
    if count < 2 {
        return None;
    }
    let segments = (columns * strips).div_ceil(restart_mcus);
    let starts = segment_starts(bytes, scan.start(), segments)?;
    let first_of = |part: usize| (part * steps / count * step).min(strips);
    let part = |part: usize| {
        let strips = first_of(part)..first_of(part + 1);
        (starts[strips.start * columns / restart_mcus], strips)
    };
    Some((0..count).map(part).collect())
}

fn greatest_divisor(a: usize, b: usize) -> usize {
    if b == 0 { a } else { greatest_divisor(b, a % b) }
}

/// The starts of `count` segments; `None` when their markers are not those that must come.
fn segment_starts(bytes: &[u8], first: Start, count: usize) -> Option<Vec<Start>> {
    let mut starts = vec![first];
    let mut at = first.at;
    while starts.len() < count {
        at += memchr::memchr(0xFF, bytes.get(at..)?)?;
        let restarts = starts.len();
        let expect = 0xD0 | ((restarts - 1) & 7) as u8;
        match *bytes.get(at + 1)? {
            0 => at += 2,
            // A marker may be preceded by any number of these.
            0xFF => at += 1,
            found if found == expect => {
                at += 2;
                starts.push(Start { at, restarts });
            }
            _ => return None,
        }
    }
    Some(starts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], count: usize, expect: Option<&[usize]>) {
        let found = segment_starts(bytes, Start { at: 1, restarts: 0 }, count);
        let expect = expect.map(|places| {
            let start = |(restarts, &at)| Start { at, restarts };
            places.iter().enumerate().map(start).collect::<Vec<_>>()
        });
        assert_eq!(found, expect);
    }

    #[test]
    fn segments_start_behind_the_markers_that_must_come() {
        let bytes = [9, 1, 0xFF, 0, 0xFF, 0xD0, 2, 0xFF, 0xFF, 0xD1, 0xFF, 0xD2, 3, 0xFF, 0xD9];
        check(&bytes, 1, Some(&[1]));
        check(&bytes, 3, Some(&[1, 6, 10]));
        check(&bytes, 4, Some(&[1, 6, 10, 12]));
        check(&bytes, 5, None);
        check(&bytes[..9], 3, None);
        check(&[9, 1, 0xFF, 0xD1, 2], 2, None);
    }
}
