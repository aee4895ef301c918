//! What the learner knows of a photo: numbers with names, measured in one pass over what the one
//! decode of its picture gave.
//!
//! ```text
//! picture, as stored -+- light       exposure, contrast, colour     -+
//!                     +- variogram   sharpness, motion, noise        +- PictureFeatures, kept with the
//!                     +- place       composition                     |  photo under [`VERSION`]
//! detail map ---------+- detail      sharpness at full resolution   -+
//! header ---------------- header     camera, hour                   -+
//! neighbours ------------ burst      lead over the rest of the burst +- computed anew for each fit
//! network --------------- embedding, scores                         -+
//! the whole shoot ------- sharpness   the share of it that is less sharp, for filters and sorts
//! ```
//!
//! The measures of the picture are the same whatever scale it was decoded at, as long as [`Picture`]
//! is the mean over squares of the photo's own pixels. What cannot be known (no header, no
//! detail map) is NaN; who learns puts the mean of the others in its place. Pure arithmetic: a
//! picture of one pixel has features too.

pub mod burst;
mod detail;
pub mod header;
mod light;
mod place;
pub mod scores;
pub mod sharpness;
mod variogram;

use self::variogram::Variogram;

/// Changes when a measure of the picture changes its meaning: what is kept under another version is
/// stale.
pub const VERSION: u32 = 1;

/// One of the numbers: what it is called, and what it says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Feature {
    /// Its name: in tables, and stable within a version.
    pub name: &'static str,
    /// What one of it is; empty for a plain number.
    pub unit: &'static str,
    /// The least and the most that it can be; what is measured is brought within them.
    pub range: [f32; 2],
    /// A photo with little of it, in words that follow "because it is".
    pub low: &'static str,
    /// A photo with much of it, likewise.
    pub high: &'static str,
}

impl Feature {
    const fn new(
        name: &'static str,
        unit: &'static str,
        range: [f32; 2],
        words: [&'static str; 2],
    ) -> Self {
        Self { name, unit, range, low: words[0], high: words[1] }
    }

    /// The value within the range; what is not a number stays unknown.
    #[must_use]
    pub const fn bound(&self, value: f32) -> f32 {
        value.clamp(self.range[0], self.range[1])
    }
}

/// A decoded picture as stored, not upright.
#[derive(Debug, Clone, Copy)]
pub struct Picture<'a> {
    /// Width and height, at least one each.
    pub size_px: [usize; 2],
    /// `width * height` times red, green, blue, sRGB-encoded.
    pub rgb: &'a [u8],
    /// Whether width and height change places when it stands upright.
    pub is_sideways: bool,
}

/// A map of where the coder found detail, as stored.
#[derive(Debug, Clone, Copy)]
pub struct DetailCells<'a> {
    /// Cells a row, at least one.
    pub width: usize,
    /// Mean pairs of AC bits per 8 x 8 pixels, rows from the top.
    pub cells: &'a [u8],
}

const PARTS: [&[Feature]; 4] =
    [&light::FEATURES, &variogram::FEATURES, &place::FEATURES, &detail::FEATURES];

/// How many measures of the picture there are.
pub const PICTURE_COUNT: usize = light::FEATURES.len()
    + variogram::FEATURES.len()
    + place::FEATURES.len()
    + detail::FEATURES.len();

/// The measures of a picture, in the order of [`picture_features`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PictureFeatures(pub [f32; PICTURE_COUNT]);

/// What each of the measures of a picture is.
pub fn picture_features() -> impl Iterator<Item = &'static Feature> {
    PARTS.into_iter().flatten()
}

impl PictureFeatures {
    /// Measures a picture. `detail` is its detail map, where the decoder has made one.
    #[must_use]
    pub fn measure(picture: &Picture, detail: Option<DetailCells>) -> Self {
        let luma = light::luma(picture);
        let variogram = Variogram::of(&luma, picture.size_px);
        let light = light::measure(picture, &luma);
        let sharp = variogram.measure();
        let place = place::measure(picture, &variogram);
        let detail = detail.map_or([f32::NAN; _], |map| detail::measure(&map));
        let all = light.into_iter().chain(sharp).chain(place).chain(detail);
        let mut values = [f32::NAN; PICTURE_COUNT];
        for ((place, value), feature) in values.iter_mut().zip(all).zip(picture_features()) {
            *place = feature.bound(value);
        }
        Self(values)
    }

    /// The values as bytes, to be kept: little-endian, four each.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|value| value.to_le_bytes()).collect()
    }

    /// The values that `bytes` are; `None` where they are too many or too few, or beyond their
    /// ranges.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let (values, rest) = bytes.as_chunks::<4>();
        if values.len() != PICTURE_COUNT || !rest.is_empty() {
            return None;
        }
        let values: [f32; PICTURE_COUNT] = std::array::from_fn(|i| f32::from_le_bytes(values[i]));
        let mut pairs = values.iter().zip(picture_features());
        let is_sound =
            pairs.all(|(value, feature)| value.is_nan() || feature.bound(*value) == *value);
        is_sound.then_some(Self(values))
    }

    /// The value called `name`; `None` where there is none of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<f32> {
        picture_features().position(|feature| feature.name == name).map(|at| self.0[at])
    }
}

/// Values sorted, for percentiles.
fn sorted(values: impl Iterator<Item = f32>) -> Vec<f32> {
    let mut sorted: Vec<f32> = values.collect();
    sorted.sort_unstable_by(f32::total_cmp);
    sorted
}

/// The value below which `share` of `sorted` lie; 0 of none.
fn percentile(sorted: &[f32], share: f32) -> f32 {
    let at = (sorted.len().saturating_sub(1) as f32 * share).round() as usize;
    sorted.get(at).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests;
