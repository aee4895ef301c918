//! What the learner sees: a row of numbers for each photo of the shoot.
//!
//! Rows are the photos in capture order; those whose picture is not measured yet have none. Columns are
//! the features (`core::features`) and the numbers of an embedding, if there is one. What is not known
//! is the mean of the column's known values, so that it moves no probability.

use std::ops::Range;

use super::alike;
use crate::core::features::Feature;
use crate::core::features::PictureFeatures;
use crate::core::features::burst;
use crate::core::features::header;
use crate::core::features::picture_features;
use crate::core::features::scores;
use crate::core::photo::PhotoMeta;

/// The most numbers of an embedding that are looked at.
pub const EMBEDDING_LIMIT: usize = 128;

/// What is known of a photo.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// What its picture was measured to be.
    pub features: &'a PictureFeatures,
    /// What its header says.
    pub meta: &'a PhotoMeta,
    /// What a network made of it: all photos' come from the same network.
    pub embedding: Option<&'a [f32]>,
    /// A network's scores: defocus, motion, exposure, noise.
    pub scores: Option<[f32; scores::SCORES]>,
}

/// Which columns are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Inputs {
    /// All there are.
    #[default]
    All,
    /// The features alone, without what a network says.
    Features,
    /// What a network says alone.
    Embedding,
}

/// What one column is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Column {
    /// A feature.
    Feature(&'static Feature),
    /// A number of the embedding.
    Embedding(u16),
}

/// The rows of a shoot.
#[derive(Debug, Clone, Default)]
pub struct Table {
    columns: Vec<Column>,
    /// Row after row.
    values: Vec<f32>,
    /// By photo: its row.
    row_of: Vec<Option<u32>>,
    /// By row: its burst.
    bursts: Vec<u32>,
    /// By row: its burst, or the first one that shows the same.
    alike: Vec<u32>,
    /// By column: what stands for what is not known; not a number where everything is.
    stand_ins: Vec<f32>,
}

impl Table {
    /// The table of `photos`, in capture order, cut into `bursts`, which cover them.
    #[must_use]
    pub fn new(photos: &[Option<Known>], bursts: &[Range<usize>], inputs: Inputs) -> Self {
        let embeddings = photos.iter().flatten().filter_map(|known| known.embedding);
        let length = embeddings.map(<[f32]>::len).max().unwrap_or(0).min(EMBEDDING_LIMIT);
        let columns = columns(length, inputs);
        let mut table = Self { columns, row_of: vec![None; photos.len()], ..Self::default() };
        let places = burst::Places::default();
        let mut embeddings = Vec::new();
        for (number, range) in (0..).zip(bursts) {
            let members: Vec<(usize, Known)> =
                range.clone().filter_map(|at| Some((at, photos[at]?))).collect();
            let pictures: Vec<_> = members.iter().map(|(_, known)| known.features).collect();
            let faults: Vec<_> = members.iter().map(|(_, known)| known.scores).collect();
            for (at, (photo, known)) in members.iter().enumerate() {
                table.row_of[*photo] = Some(table.bursts.len() as u32);
                table.bursts.push(number);
                embeddings.push(known.embedding);
                let embedding = known.embedding.unwrap_or_default();
                let features = known.features.0.into_iter().chain(header::values(known.meta));
                let features = features.chain(places.values(&pictures, at));
                let scores = scores::values(&faults, at);
                let embedding = (0..length).map(|i| embedding.get(i).copied().unwrap_or(f32::NAN));
                if inputs != Inputs::Embedding {
                    table.values.extend(features);
                }
                if inputs != Inputs::Features {
                    table.values.extend(scores.into_iter().chain(embedding));
                }
            }
        }
        table.alike = alike::groups(&table.bursts, &embeddings);
        table.fill();
        table
    }

    /// A table of any numbers: `values` has rows of `width`, `bursts` says which burst each row is of.
    #[must_use]
    pub fn of_rows(width: usize, values: Vec<f32>, bursts: Vec<u32>) -> Self {
        let columns = (0..width).map(|at| Column::Embedding(at as u16)).collect();
        let row_of = (0..bursts.len() as u32).map(Some).collect();
        let (alike, stand_ins) = (bursts.clone(), Vec::new());
        let mut table = Self { columns, values, row_of, bursts, alike, stand_ins };
        table.values.resize(width * table.bursts.len(), f32::NAN);
        table.fill();
        table
    }

    /// Puts the mean of a column in the place of what is not known.
    fn fill(&mut self) {
        let width = self.columns.len();
        self.stand_ins = vec![f32::NAN; width];
        for column in 0..width {
            let known = self.values.iter().skip(column).step_by(width).filter(|v| v.is_finite());
            let (sum, count) = known.fold((0.0, 0.0), |(s, n), v| (s + f64::from(*v), n + 1.0));
            let mean = if count > 0.0 { (sum / count) as f32 } else { 0.0 };
            for value in self.values.iter_mut().skip(column).step_by(width) {
                if !value.is_finite() {
                    *value = mean;
                    self.stand_ins[column] = mean;
                }
            }
        }
    }

    /// What the columns are.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bursts.len()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bursts.is_empty()
    }

    /// A row's numbers, one for each column.
    #[must_use]
    pub fn row(&self, row: usize) -> &[f32] {
        &self.values[row * self.columns.len()..][..self.columns.len()]
    }

    /// Whether a number of a row is only the mean of the others, as nothing is known of it. One that happens
    /// to be the very mean, where others are not known, is taken for unknown too.
    #[must_use]
    pub fn is_stand_in(&self, row: usize, column: usize) -> bool {
        self.row(row)[column] == self.stand_ins[column]
    }

    /// The row of a photo, by its place in capture order.
    #[must_use]
    pub fn row_of(&self, photo: usize) -> Option<usize> {
        self.row_of.get(photo).copied().flatten().map(|row| row as usize)
    }

    /// By row, the number of its burst.
    #[must_use]
    pub fn bursts(&self) -> &[u32] {
        &self.bursts
    }

    /// By row, the group that must not be parted: its burst, with those that show the same.
    #[must_use]
    pub fn alike(&self) -> &[u32] {
        &self.alike
    }
}

fn columns(embedding: usize, inputs: Inputs) -> Vec<Column> {
    let features = picture_features().chain(&header::FEATURES).chain(burst::features());
    let features = features.map(Column::Feature).filter(|_| inputs != Inputs::Embedding);
    let scores = scores::FEATURES.iter().map(Column::Feature);
    let embedding = (0..embedding as u16).map(Column::Embedding);
    let network = scores.chain(embedding).filter(|_| inputs != Inputs::Features);
    features.chain(network).collect()
}
