//! Histogram and RGB parade of a photo: how its file uses the values that it has.
//!
//! Of the values as they are stored, in the file's own colour space, as the camera's histogram is: what is at
//! its ends there is lost, whatever the display shows. Counted over some hundred thousand pixels, which tell
//! a share of a thousandth to a third of itself and better. The parade is as wide as the photo stands.

use super::photo::Turn;

/// Changes when what is counted does: what is kept under another version is stale.
pub const VERSION: u32 = 1;

/// Steps of a channel in the histogram: four values each.
pub const BINS: usize = 64;

/// Columns of the parade.
pub const COLUMNS: usize = 48;

/// Steps of a channel in the parade: eight values each.
pub const LEVELS: usize = 32;

/// Pixels that are counted, about.
const SAMPLES: usize = 120_000;

const LEN: usize = 3 * BINS + 3 * COLUMNS * LEVELS;

/// Both of a photo, by channel: red, green, blue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scopes {
    /// First the histograms, then the parades, column by column from the left, each from the dark end. The
    /// square root of a count, 255 for the largest of its kind but for the histogram's two ends.
    bytes: Vec<u8>,
}

/// The place of a step in the bytes.
const fn bin(channel: usize, value: u8) -> usize {
    channel * BINS + value as usize * BINS / 256
}

const fn level(channel: usize, column: usize, value: u8) -> usize {
    3 * BINS + (channel * COLUMNS + column) * LEVELS + value as usize * LEVELS / 256
}

impl Scopes {
    /// Of a picture as stored: `rgb` has `size_px` pixels of three bytes; `turn` makes it stand upright.
    #[must_use]
    pub fn measure(rgb: &[u8], size_px: [usize; 2], turn: Turn) -> Self {
        let [width, height] = size_px;
        let step = ((width * height) as f64 / SAMPLES as f64).sqrt().ceil().max(1.0) as usize;
        let columns = columns([width, height], turn);
        let mut counts = vec![0_u32; LEN];
        for (y, row) in rgb.chunks_exact((width * 3).max(1)).enumerate().step_by(step) {
            for (x, pixel) in row.as_chunks::<3>().0.iter().enumerate().step_by(step) {
                let column = columns[if turn.is_sideways() { y } else { x }];
                for (channel, &value) in pixel.iter().enumerate() {
                    counts[bin(channel, value)] += 1;
                    counts[level(channel, column, value)] += 1;
                }
            }
        }
        Self { bytes: shares(&counts) }
    }

    /// The values as bytes, to be kept.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The values that `bytes` are; `None` where they are too many or too few.
    #[must_use]
    pub fn parse(bytes: Vec<u8>) -> Option<Self> {
        (bytes.len() == LEN).then_some(Self { bytes })
    }

    /// The histogram of a channel, 0 red to 2 blue, from the dark end: 0 to 255.
    #[must_use]
    pub fn histogram(&self, channel: usize) -> &[u8] {
        &self.bytes[channel * BINS..][..BINS]
    }

    /// One column of a channel's parade, from the dark end: 0 to 255.
    #[must_use]
    pub fn parade(&self, channel: usize, column: usize) -> &[u8] {
        &self.bytes[level(channel, column, 0)..][..LEVELS]
    }

    /// Bytes in memory.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        self.bytes.len()
    }
}

/// The columns of the upright photo that stored ones are in, or stored rows where it lies on its side.
fn columns([width, height]: [usize; 2], turn: Turn) -> Vec<usize> {
    let length = if turn.is_sideways() { height } else { width };
    let is_from_right = match turn.quarter_count() {
        0 => turn.is_mirrored(),
        1 => true,
        2 => !turn.is_mirrored(),
        _ => false,
    };
    let column = |at: usize| if is_from_right { length - 1 - at } else { at } * COLUMNS / length;
    (0..length).map(column).collect()
}

fn shares(counts: &[u32]) -> Vec<u8> {
    // A clipped sky would flatten all the rest.
    let is_end = |at: usize| at.is_multiple_of(BINS) || at % BINS == BINS - 1;
    let (histogram, parade) = counts.split_at(3 * BINS);
    let inner =
        histogram.iter().enumerate().filter(|(at, _)| !is_end(*at)).map(|(_, count)| *count);
    let most = inner.max().unwrap_or(0).max(histogram.iter().max().map_or(0, |most| most / 8));
    let share = |count: &u32, most: u32| {
        let share = (f64::from(*count) / f64::from(most.max(1))).sqrt().min(1.0);
        // What is there at all is seen.
        if *count > 0 { (share * 255.0).round().max(1.0) as u8 } else { 0 }
    };
    let parade_most = parade.iter().max().copied().unwrap_or(0);
    let histogram = histogram.iter().map(|count| share(count, most));
    histogram.chain(parade.iter().map(|count| share(count, parade_most))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 96 x 64: red on the left, middling grey on the right, one white row at the top.
    fn picture() -> Vec<u8> {
        let at = |x: usize, y: usize| match (x < 48, y) {
            (_, 0) => [255; 3],
            (true, _) => [200, 0, 0],
            (false, _) => [128; 3],
        };
        (0..64).flat_map(|y| (0..96).flat_map(move |x| at(x, y))).collect()
    }

    #[test]
    fn a_histogram_tells_how_often_a_value_is_there() {
        let scopes = Scopes::measure(&picture(), [96, 64], Turn::NONE);
        let red = scopes.histogram(0);
        let there: Vec<usize> = (0..BINS).filter(|&bin| red[bin] > 0).collect();
        assert_eq!(there, [32, 50, 63]);
        assert_eq!([red[32], red[50]], [255, 255], "as many of either");
        assert!(red[63] < 60, "a row of 64 of all");
        let blue = scopes.histogram(2);
        assert_eq!((blue[32], blue[0] > 200), (255, true), "no blue in the red half");
    }

    #[test]
    fn a_parade_stands_as_the_photo_stands() {
        let is_red = |scopes: &Scopes, column: usize| {
            scopes.parade(0, column)[25] > 0 && scopes.parade(2, column)[0] > 0
        };
        for (exif, left, right) in [(1, true, false), (2, false, true), (3, false, true)] {
            let scopes = Scopes::measure(&picture(), [96, 64], Turn::from_exif(exif));
            assert_eq!((is_red(&scopes, 1), is_red(&scopes, 46)), (left, right), "{exif}");
        }
        // On its side red is above or below, and the white row at the right or at the left.
        for (exif, white) in [(6, COLUMNS - 1), (8, 0), (5, 0), (7, COLUMNS - 1)] {
            let scopes = Scopes::measure(&picture(), [96, 64], Turn::from_exif(exif));
            let is_white = |column: usize| scopes.parade(2, column)[LEVELS - 1] > 0;
            let columns: Vec<usize> = (0..COLUMNS).filter(|&column| is_white(column)).collect();
            assert_eq!(columns, [white], "{exif}");
            assert!(is_red(&scopes, 20) && scopes.parade(2, 20)[16] > 0, "{exif}");
        }
    }

    #[test]
    fn what_is_kept_is_what_was_measured() {
        let scopes = Scopes::measure(&picture(), [96, 64], Turn::NONE);
        assert_eq!(Scopes::parse(scopes.as_bytes().to_vec()), Some(scopes));
        assert_eq!(Scopes::parse(vec![0; 7]), None);
    }

    #[test]
    fn the_smallest_picture_has_scopes() {
        let scopes = Scopes::measure(&[9, 9, 9], [1, 1], Turn::from_exif(6));
        assert_eq!(scopes.histogram(1)[2], 255);
    }
}
