//! What a network is given of a photo: planes of one size, made from its tile and its detail map.
//!
//! The tile is fitted into a square, its shape kept, and centred; the rest is 0, which is the mean.
//!
//! ```text
//! plane 0 1 2   red, green, blue, sRGB-encoded, 0 to 1
//! plane 3       detail: bits of the coder, 0 to 1 for 0 to 510; 0 where a photo has no map
//! plane 4 to 7  how much the luma of neighbouring texels differs: across, down, and along the two
//!               diagonals, falling and rising; the root of the mean square d in levels of 255, told as
//!               log2(1 + d) / 8
//! ```
//!
//! Each value is the mean of what a cell covers, at the tile's own resolution: a tile of 512 texels in
//! 128 cells is seen as a whole, and what 4 x 4 texels lose in a mean, the last planes tell. The root of
//! the mean square, since the plain mean of an edge's differences is the same however wide blur has
//! made it; the logarithm, since noise is a hundredth of an edge; four directions, since a moved
//! camera blurs one of them most. A network of others has the first three planes alone.
//!
//! `models/train/planes.py` does the same for training; `tests/embed_input.rs` compares.
//! Tiles are to be given as they were decoded: coding them in blocks adds noise of its own.
//!
//! Units: values are dimensionless and normalised: less the plane's mean, over its deviation.

use super::photo::Turn;
use super::texels::Texels;
use super::texels::source_of;

/// Planes that there are.
pub const PLANES: usize = 8;

/// Weights of red, green and blue in luma: ITU-R BT.601, 2.5.1.
const LUMA: [f32; 3] = [0.299, 0.587, 0.114];

/// What a network wants to see.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Form {
    /// Side of the square, in cells; at least 1.
    pub side: usize,
    /// Planes, in the order above: 3, 4 or 8.
    pub planes: usize,
    /// What is taken off each plane.
    pub mean: [f32; PLANES],
    /// What each plane is divided by; never 0.
    pub std: [f32; PLANES],
}

impl Form {
    /// What our own network was trained on: `models/train/planes.py`.
    pub const OURS: Self = Self {
        side: 128,
        planes: PLANES,
        mean: [0.45, 0.45, 0.43, 0.31, 0.32, 0.32, 0.32, 0.32],
        std: [0.29, 0.29, 0.30, 0.13, 0.16, 0.16, 0.16, 0.16],
    };

    /// Values of one photo.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.planes * self.side * self.side
    }

    /// Whether there is nothing to see.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A detail map: see `disk::jpeg::DetailMap`, which this floor does not know.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Detail<'a> {
    /// Cells a row, and rows.
    pub cells: [usize; 2],
    /// How many of them the picture covers, across and down: the last may stand out.
    pub extent: [f32; 2],
    /// How the map, as stored, is turned to stand upright.
    pub turn: Turn,
    /// Pairs of bits, row by row; as many as there are cells.
    pub bit_pairs: &'a [u8],
}

/// A photo to look at.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    /// Its tile, upright, in the largest size that there is.
    pub tile: &'a Texels,
    /// Where its coder found detail, if that is known.
    pub detail: Option<Detail<'a>>,
}

/// What one cell takes of a row of values: where it begins, and how much of each it covers.
struct Span {
    first: usize,
    /// They sum to 1.
    weights: Vec<f32>,
}

/// The spans of `count` equal cells over the first `extent` of `length` values.
fn spans(length: usize, extent: f64, count: usize) -> Vec<Span> {
    let step = extent / count as f64;
    let span = |cell: usize| {
        let (low, high) = (cell as f64 * step, (cell + 1) as f64 * step);
        let first = (low as usize).min(length - 1);
        let last = (high.ceil() as usize).clamp(first + 1, length);
        let cover = |at: usize| (high.min((at + 1) as f64) - low.max(at as f64)).max(0.0);
        let whole: f64 = (first..last).map(cover).sum();
        // A cell beyond the values sees the last of them.
        let weight = |at| if whole > 0.0 { cover(at) / whole } else { 1.0 };
        Span { first, weights: (first..last).map(|at| weight(at) as f32).collect() }
    };
    (0..count).map(span).collect()
}

/// Writes what a network of this form sees of a photo into `out`, of [`Form::len`] values, whatever
/// was there.
pub fn write(look: &Look, form: &Form, out: &mut [f32]) {
    out.fill(0.0);
    let [width, height] = look.tile.size_px().map(|side| side as usize);
    let long = width.max(height);
    let fitted = |side: usize| ((side * form.side * 2 + long) / (2 * long)).max(1);
    let frame = Frame { fitted: [width, height].map(fitted), form };
    write_tile(look.tile, &frame, out);
    if form.planes > 3 {
        let bits = look.detail.map(|detail| upright_bits(&detail, frame.fitted));
        let bits = bits.unwrap_or_else(|| vec![0.0; frame.fitted[0] * frame.fitted[1]]);
        for (row, bits) in bits.chunks_exact(frame.fitted[0]).enumerate() {
            frame.put(3, row, bits.iter().copied(), out);
        }
    }
}

/// Where the picture stands in the square.
struct Frame<'a> {
    /// Width and height of the picture, in cells.
    fitted: [usize; 2],
    form: &'a Form,
}

impl Frame<'_> {
    /// Puts a row of a plane in its place, normalised.
    fn put(&self, plane: usize, row: usize, values: impl Iterator<Item = f32>, out: &mut [f32]) {
        let Form { side, mean, std, .. } = *self.form;
        let [left, top] = self.fitted.map(|fitted| (side - fitted) / 2);
        let at = (plane * side + top + row) * side + left;
        let scale = std[plane].recip();
        for (out, value) in out[at..at + self.fitted[0]].iter_mut().zip(values) {
            *out = (value - mean[plane]) * scale;
        }
    }
}

/// A row of texels as values, 0 to 1.
struct Row {
    y: usize,
    rgb: [Vec<f32>; 3],
    luma: Vec<f32>,
}

impl Row {
    fn of(tile: &Texels, y: usize) -> Self {
        let width = tile.size_px()[0] as usize;
        let (texels, _) = tile.bytes()[y * width * 4..][..width * 4].as_chunks::<4>();
        let plane = |k: usize| texels.iter().map(|t| f32::from(t[k]) * (1.0 / 255.0)).collect();
        let rgb: [Vec<f32>; 3] = std::array::from_fn(plane);
        let [red, green, blue] = &rgb;
        let luma = red.iter().zip(green).zip(blue);
        let luma = luma.map(|((r, g), b)| r * LUMA[0] + g * LUMA[1] + b * LUMA[2]).collect();
        Self { y, rgb, luma }
    }
}

/// A tile that is read from the top, two rows at a time.
struct Rows<'a> {
    tile: &'a Texels,
    /// The last two: a row that two cells share is asked for twice.
    held: [Row; 2],
}

impl<'a> Rows<'a> {
    fn of(tile: &'a Texels) -> Self {
        Self { tile, held: [Row::of(tile, 0), Row::of(tile, 0)] }
    }

    /// Row `y` and the one below it; the last has itself below.
    fn pair(&mut self, y: usize) -> [&Row; 2] {
        let last = self.tile.size_px()[1] as usize - 1;
        let below = (y + 1).min(last);
        if self.held[1].y == y {
            self.held.swap(0, 1);
        } else if self.held[0].y != y {
            self.held[0] = Row::of(self.tile, y);
        }
        if self.held[1].y != below {
            self.held[1] = Row::of(self.tile, below);
        }
        [&self.held[0], &self.held[1]]
    }
}

/// Adds `weight` times `values` to `sums`.
fn add(sums: &mut [f32], weight: f32, values: impl Iterator<Item = f32>) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += weight * value;
    }
}

/// Adds `weight` times the squared differences of a row to `sums`: across, down, falling, rising. The
/// last texel, and the last row, have no neighbour and count as like it.
fn add_slopes(sums: &mut [Vec<f32>], weight: f32, luma: &[f32], below: Option<&Vec<f32>>) {
    let square = |a: &f32, b: &f32| (b - a) * (b - a);
    let [across, down, falling, rising] = sums else { return };
    let next = &luma[1..];
    add(across, weight, luma.iter().zip(next).map(|(a, b)| square(a, b)));
    let Some(below) = below else { return };
    let next_below = &below[1..];
    add(down, weight, luma.iter().zip(below).map(|(a, b)| square(a, b)));
    add(falling, weight, luma.iter().zip(next_below).map(|(a, b)| square(a, b)));
    add(rising, weight, below.iter().zip(next).map(|(a, b)| square(a, b)));
}

/// The planes that come from the tile: down first, whole rows at a time, then across.
fn write_tile(tile: &Texels, frame: &Frame, out: &mut [f32]) {
    let [width, height] = tile.size_px().map(|side| side as usize);
    let has_slopes = frame.form.planes == PLANES;
    let across = spans(width, width as f64, frame.fitted[0]);
    let down = spans(height, height as f64, frame.fitted[1]);
    let mut rows = Rows::of(tile);
    let mut sums = vec![vec![0.0; width]; if has_slopes { 7 } else { 3 }];
    for (cell, span) in down.iter().enumerate() {
        sums.iter_mut().for_each(|sum| sum.fill(0.0));
        for (y, &weight) in (span.first..).zip(&span.weights) {
            let [row, below] = rows.pair(y);
            let (colours, slopes) = sums.split_at_mut(3);
            for (sum, plane) in colours.iter_mut().zip(&row.rgb) {
                add(sum, weight, plane.iter().copied());
            }
            add_slopes(slopes, weight, &row.luma, (below.y > y).then_some(&below.luma));
        }
        for (plane, sum) in sums.iter().enumerate() {
            let mean = |span: &Span| -> f32 {
                sum[span.first..].iter().zip(&span.weights).map(|(v, w)| v * w).sum()
            };
            let slope = |span: &Span| (1.0 + 255.0 * mean(span).sqrt()).log2() / 8.0;
            match plane {
                0..3 => frame.put(plane, cell, across.iter().map(mean), out),
                _ => frame.put(plane + 1, cell, across.iter().map(slope), out),
            }
        }
    }
}

/// The map in `fitted` cells of the upright picture, by rows from the top; 1 is 255 pairs of bits.
#[must_use]
pub fn upright_bits(detail: &Detail, fitted: [usize; 2]) -> Vec<f32> {
    let size = fitted.map(|side| side as u32);
    let stored = detail.turn.upright(size).map(|side| side as usize);
    let [columns, rows] = detail.cells;
    let across = spans(columns, f64::from(detail.extent[0]), stored[0]);
    let down = spans(rows, f64::from(detail.extent[1]), stored[1]);
    let bits = |x: &Span, y: &Span| -> f32 {
        let row = |at: usize| &detail.bit_pairs[at * columns + x.first..][..x.weights.len()];
        let mean = |at| row(at).iter().zip(&x.weights).map(|(&b, w)| f32::from(b) * w).sum::<f32>();
        (y.first..).zip(&y.weights).map(|(at, w)| mean(at) * w).sum::<f32>() * (1.0 / 255.0)
    };
    let mut out = Vec::with_capacity(fitted[0] * fitted[1]);
    for y in 0..size[1] {
        for x in 0..size[0] {
            let stored = stored.map(|side| side as u32);
            let [sx, sy] = source_of(detail.turn, stored, [x, y]).map(|at| at as usize);
            out.push(bits(&across[sx], &down[sy]));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_photo_is_plain_and_the_rest_is_the_mean() {
        for size_px in [[512, 341], [60, 90], [1, 1], [300, 2], [7, 700]] {
            let tile = Texels::filled(size_px, [255, 0, 51, 255]);
            let form = Form { side: 32, planes: 3, mean: [0.0; PLANES], std: [1.0; PLANES] };
            let mut out = vec![f32::NAN; form.len()];
            write(&Look { tile: &tile, detail: None }, &form, &mut out);
            let fitted =
                size_px.map(|s| (s as f32 * 32.0 / size_px[0].max(size_px[1]) as f32).round());
            let cells = fitted.map(|side| side.max(1.0)).iter().product::<f32>();
            for (plane, value) in [1.0, 0.0, 0.2].into_iter().enumerate() {
                let plane = &out[plane * 1024..][..1024];
                let sum: f32 = plane.iter().sum();
                assert!((sum - value * cells).abs() < 0.01, "{size_px:?}: {sum}");
                assert!(plane.iter().all(|&v| v.abs() < 1e-6 || (v - value).abs() < 1e-5));
            }
        }
    }

    #[test]
    fn blur_lowers_the_slopes_and_leaves_the_colours() {
        let edge = |ramp: i32| {
            let level = |x: i32| ((x - 100) * 255 / ramp).clamp(0, 255) as u8;
            let bytes =
                (0..256 * 256).flat_map(|at| [[level(at % 256); 3].as_slice(), &[255]].concat());
            let tile = Texels::new(256, 256, bytes.collect()).unwrap();
            let mut out = vec![0.0; Form::OURS.len()];
            write(&Look { tile: &tile, detail: None }, &Form::OURS, &mut out);
            // The slopes across and down, of the middle row, as levels.
            [4, 5].map(|plane| {
                let row = &out[(plane * 128 + 64) * 128..][..128];
                let greatest = row.iter().copied().fold(f32::MIN, f32::max);
                ((greatest * Form::OURS.std[plane] + Form::OURS.mean[plane]) * 8.0).exp2() - 1.0
            })
        };
        let [[sharp, flat], [soft, still_flat]] = [edge(1), edge(12)];
        // A step of 255 in one of two texels; and in 12 texels, 21.25 in each.
        assert!((sharp - 255.0 * 0.5_f32.sqrt()).abs() < 0.5, "{sharp}");
        assert!((soft - 21.25).abs() < 0.5, "{soft}");
        assert!(flat.abs() < 0.01 && still_flat.abs() < 0.01, "{flat}, {still_flat}");
    }
}
