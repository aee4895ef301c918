//! Why a photo has its probability: what moved it, in words, and which decided photos are most like it.
//!
//! How far a column moved the vote is counted along the photo's way down each tree: the change of the mean
//! vote at a split is its column's (Saabas, 2014), so that the changes and the mean vote of all decided photos add
//! up to the photo's vote. A probability is a curve over votes: what lies between that of the mean vote
//! ([`Why::base`]) and the photo's own is dealt out in proportion to the changes (the rescale rule of Shrikumar,
//! Greenside and Kundaje, 2017), so that the reasons add up to it as well. No other model is asked: these are
//! the very trees that gave the probability.
//!
//! Columns that say the same in words are one reason, and so are all numbers of an embedding, which have no
//! words of their own. Whether a photo has little or much of something is told from the mean of the decided photos;
//! what is not known of it moves it too, but is never told as little or much of it.
//!
//! Units: probabilities and differences of them, 0 to 1; distances in standard deviations of the decided photos.

use super::Lesson;
use super::Model;
use super::forest::Means;
use super::table::Column;
use super::table::Table;
use crate::core::features::burst;

/// A vote that was moved by less than this in all: the curve is as good as straight there.
const FLAT: f32 = 1e-4;

/// What is said of an embedding that moved a photo down or up.
const LIKE: [&str; 2] = ["like photos that you trash", "like photos that you keep"];

/// What is said of a photo of whose burst nothing is known: there are no other photos in it.
const ALONE: &str = "alone";

/// What is said of a photo of which something else is not known.
const UNKNOWN: &str = "lacking in data";

/// Something that moved a probability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reason {
    /// What the photo is, in words that follow "it is".
    pub words: &'static str,
    /// By how much that moved its probability: above 0 towards keep.
    pub moved: f32,
}

/// Why a photo has its probability.
#[derive(Debug, Clone, PartialEq)]
pub struct Why {
    /// The probability that it is kept.
    pub keep: f32,
    /// What it were without knowing anything of the photo.
    pub base: f32,
    /// What moved it from the one to the other, most first: all of it.
    pub reasons: Vec<Reason>,
    /// The rows of the trashed and of the kept photo that are most like it.
    pub nearest: [Option<u32>; 2],
}

/// What explanations of one model are made from.
#[derive(Debug, Clone, PartialEq)]
pub struct Grounds {
    means: Means,
    /// By column, over the decided photos.
    spreads: Vec<Spread>,
}

/// How a column's values lie.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Spread {
    mean: f32,
    /// The standard deviation; 0 where all are alike.
    deviation: f32,
}

impl Spread {
    fn of(values: impl Iterator<Item = f32> + Clone) -> Self {
        let count = values.clone().count().max(1) as f64;
        let mean = values.clone().map(f64::from).sum::<f64>() / count;
        let square = values.map(|value| (f64::from(value) - mean).powi(2)).sum::<f64>() / count;
        // Rounding makes a little of values that are all the same.
        let is_spread = square.sqrt() > 1e-6 * mean.abs().max(1e-6);
        Self { mean: mean as f32, deviation: if is_spread { square.sqrt() as f32 } else { 0.0 } }
    }

    /// In standard deviations.
    fn standard(&self, difference: f32) -> f32 {
        if self.deviation > 0.0 { difference / self.deviation } else { 0.0 }
    }
}

/// Columns that say the same.
struct Group {
    /// A photo with little of it, and one with much.
    words: [&'static str; 2],
    /// By how much they moved the vote.
    moved: f32,
    /// Below 0 where the photo has little of what moved it.
    lean: f32,
}

impl Group {
    fn reason(&self, slope: f32) -> Reason {
        // Of an embedding nothing is much or little but what it led to.
        let is_much = if self.words == LIKE { self.moved >= 0.0 } else { self.lean >= 0.0 };
        Reason { words: self.words[usize::from(is_much)], moved: self.moved * slope }
    }
}

impl Model {
    /// What explanations of this model, learned from `lessons`, are made from.
    #[must_use]
    pub fn grounds(&self, table: &Table, lessons: &[Lesson]) -> Grounds {
        let rows = lessons.iter().map(|lesson| table.row(lesson.row as usize));
        let spread = |column: usize| Spread::of(rows.clone().map(move |row| row[column]));
        let spreads = (0..table.columns().len()).map(spread).collect();
        Grounds { means: self.forest.means(&rows), spreads }
    }

    /// Why a row has its probability; `grounds` are those of this model.
    #[must_use]
    pub fn explain(&self, grounds: &Grounds, table: &Table, lessons: &[Lesson], row: usize) -> Why {
        let values = table.row(row);
        let mut moved = vec![0.0; values.len()];
        self.forest.blame(&grounds.means, values, &mut moved);
        let (base_vote, vote) = (grounds.means.base(), self.forest.vote(values));
        let [base, keep] = [base_vote, vote].map(|vote| self.scaling.probability(vote));
        let way: f32 = moved.iter().sum();
        let slope = match way.abs() < FLAT {
            false => (keep - base) / way,
            true => {
                let ends = [vote - FLAT, vote + FLAT].map(|v| self.scaling.probability(v));
                (ends[1] - ends[0]) / (2.0 * FLAT)
            }
        };
        let groups = groups(grounds, table, row, &moved);
        let mut reasons: Vec<Reason> = Vec::new();
        for reason in groups.iter().map(|group| group.reason(slope)) {
            // A burst of one says that it is alone, too.
            match reasons.iter_mut().find(|other| other.words == reason.words) {
                Some(other) => other.moved += reason.moved,
                None => reasons.push(reason),
            }
        }
        reasons.retain(|reason| reason.moved != 0.0);
        reasons.sort_by(|a, b| b.moved.abs().total_cmp(&a.moved.abs()));
        let nearest = [false, true].map(|is_kept| grounds.nearest(table, lessons, row, is_kept));
        Why { keep, base, reasons, nearest }
    }
}

/// What a column says of a photo with little and with much of it, and whether that is turned round.
fn words(column: &Column, is_known: bool) -> ([&'static str; 2], bool) {
    match column {
        Column::Embedding(_) => (LIKE, false),
        Column::Feature(feature) if !is_known => {
            let is_of_burst = burst::features().any(|other| std::ptr::eq(other, *feature));
            ([if is_of_burst { ALONE } else { UNKNOWN }; 2], false)
        }
        // Some measures fall where others rise: their words stand the other way round.
        Column::Feature(feature) if feature.low > feature.high => {
            ([feature.high, feature.low], true)
        }
        Column::Feature(feature) => ([feature.low, feature.high], false),
    }
}

/// The columns by what they say, in the order of the table.
fn groups(grounds: &Grounds, table: &Table, row: usize, moved: &[f32]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (at, column) in table.columns().iter().enumerate() {
        let (words, is_turned) = words(column, !table.is_stand_in(row, at));
        let spread = grounds.spreads[at];
        let much = spread.standard(table.row(row)[at] - spread.mean);
        let lean = moved[at].abs() * if is_turned { -much } else { much };
        match groups.iter_mut().find(|group| group.words == words) {
            Some(group) => {
                group.moved += moved[at];
                group.lean += lean;
            }
            None => groups.push(Group { words, moved: moved[at], lean }),
        }
    }
    groups
}

impl Grounds {
    /// Of the lessons of a class, the photo most like this one, by the Euclidean distance over all columns,
    /// each in its standard deviations; the first in capture order of equals. `None` where there is none but
    /// the photo itself.
    fn nearest(&self, table: &Table, lessons: &[Lesson], row: usize, is_kept: bool) -> Option<u32> {
        let mine = table.row(row);
        let distance = |lesson: &Lesson| {
            let pairs = mine.iter().zip(table.row(lesson.row as usize)).zip(&self.spreads);
            pairs.map(|((a, b), spread)| spread.standard(a - b).powi(2)).sum::<f32>()
        };
        let others = lessons.iter().filter(|l| l.is_kept == is_kept && l.row as usize != row);
        let nearest = others
            .map(|lesson| (distance(lesson), lesson.row))
            .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        nearest.map(|(_, row)| row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::features::PICTURE_COUNT;
    use crate::core::features::PictureFeatures;
    use crate::core::features::picture_features;
    use crate::core::guard::audit::mixed;
    use crate::core::learner::Fold;
    use crate::core::learner::Study;
    use crate::core::learner::calibration::Scaling;
    use crate::core::learner::table::Inputs;
    use crate::core::learner::table::Known;
    use crate::core::photo::PhotoMeta;

    /// The table of photos of which only the measures named are not all alike.
    fn table(photos: &[Vec<(&str, f32)>]) -> Table {
        let features = |photo: &Vec<(&str, f32)>| {
            let mut features = PictureFeatures([0.5; PICTURE_COUNT]);
            for (name, value) in photo {
                let at = picture_features().position(|feature| feature.name == *name).unwrap();
                features.0[at] = *value;
            }
            features
        };
        let (features, meta): (Vec<_>, _) =
            (photos.iter().map(features).collect(), PhotoMeta::default());
        let known = |features| Some(Known { features, meta: &meta, embedding: None, scores: None });
        let known: Vec<_> = features.iter().map(known).collect();
        let bursts: Vec<_> = (0..photos.len()).map(|at| at..at + 1).collect();
        Table::new(&known, &bursts, Inputs::All)
    }

    fn lessons(is_kept: impl Iterator<Item = bool>) -> Vec<Lesson> {
        (0..).zip(is_kept).map(|(row, is_kept)| Lesson { row, is_kept, is_free: true }).collect()
    }

    fn share(at: u64) -> f32 {
        (mixed(5, at) >> 40) as f32 / (1_u64 << 24) as f32
    }

    /// Photos of which two of six numbers decide, with a model of the first 200 and its calibration.
    fn learned() -> (Table, Vec<Lesson>, Model) {
        let values: Vec<f32> = (0..300 * 6).map(share).collect();
        let table = Table::of_rows(6, values, (0..300).collect());
        let is_kept = |row: usize| table.row(row)[0] > 0.4 && table.row(row)[3] < 0.7;
        let lessons = lessons((0..200).map(is_kept));
        let run = |folds: &mut [Fold]| folds.iter_mut().for_each(Fold::run);
        let study = Study::of(&table, &lessons, run);
        let model = Model::fit(&table, &lessons, study.scaling);
        (table, lessons, model)
    }

    #[test]
    fn reasons_add_up_to_the_way_from_the_base_to_the_probability() {
        let (table, lessons, model) = learned();
        let (grounds, keep) = (model.grounds(&table, &lessons), model.predict(&table));
        let base = model.explain(&grounds, &table, &lessons, 0).base;
        for (row, keep) in keep.into_iter().enumerate() {
            let why = model.explain(&grounds, &table, &lessons, row);
            assert_eq!((why.keep, why.base), (keep, base));
            let moved: f32 = why.reasons.iter().map(|reason| reason.moved).sum();
            assert!((base + moved - keep).abs() < 1e-4, "{row}: {why:?}");
        }
    }

    #[test]
    fn a_photo_moved_by_one_measure_alone_names_it() {
        let photos: Vec<_> = (0..60).map(|at| vec![("chroma_mean", share(at))]).collect();
        let table = table(&photos);
        let lessons = lessons(photos.iter().map(|photo| photo[0].1 > 0.5));
        let model = Model::fit(&table, &lessons, Scaling::default());
        let grounds = model.grounds(&table, &lessons);
        for (row, photo) in photos.iter().enumerate() {
            let why = model.explain(&grounds, &table, &lessons, row);
            let [reason] = why.reasons[..] else { panic!("one reason: {why:?}") };
            if (photo[0].1 - 0.5).abs() > 0.2 {
                let is_kept = photo[0].1 > 0.5;
                let words = if is_kept { "of strong colours" } else { "of weak colours" };
                assert_eq!((reason.words, reason.moved > 0.0), (words, is_kept), "{photo:?}");
            }
        }
    }

    #[test]
    fn measures_that_say_the_same_are_one_reason_whichever_way_they_count() {
        // The one falls with motion, the other rises with it.
        let photo = |at| vec![("fine_least", 1.0 - share(at)), ("fine_spread", share(at))];
        let photos: Vec<_> = (0..60).map(photo).collect();
        let table = table(&photos);
        let lessons = lessons(photos.iter().map(|photo| photo[1].1 < 0.5));
        let model = Model::fit(&table, &lessons, Scaling::default());
        let grounds = model.grounds(&table, &lessons);
        let blurred = (0..60).filter(|at| photos[*at][1].1 > 0.8);
        for row in blurred {
            let why = model.explain(&grounds, &table, &lessons, row);
            let words: Vec<_> = why.reasons.iter().map(|reason| reason.words).collect();
            assert_eq!(words, ["blurred by motion"], "{why:?}");
        }
    }

    #[test]
    fn what_is_not_known_is_not_told_as_much_or_little() {
        // Every other photo has no detail map.
        let photo = |at: u64| {
            let detail = if at.is_multiple_of(2) { f32::NAN } else { 100.0 + share(at) };
            vec![("detail_mean", detail)]
        };
        let photos: Vec<_> = (0..60).map(photo).collect();
        let table = table(&photos);
        let lessons = lessons((0..60).map(|at| share(at) > 0.5));
        let model = Model::fit(&table, &lessons, Scaling::default());
        let grounds = model.grounds(&table, &lessons);
        for row in (0..60).step_by(2) {
            let why = model.explain(&grounds, &table, &lessons, row);
            assert!(why.reasons.iter().all(|reason| reason.words == UNKNOWN), "{why:?}");
        }
        let why = model.explain(&grounds, &table, &lessons, 1);
        assert!(why.reasons.iter().any(|reason| reason.words.ends_with("much detail")), "{why:?}");
    }

    #[test]
    fn a_photo_alone_is_never_the_sharpest_of_its_burst() {
        assert_eq!(words(&Column::Feature(burst::features().next().unwrap()), false).0, [ALONE; 2]);
        let words: Vec<_> = burst::features().flat_map(|f| [f.low, f.high]).collect();
        assert!(words.contains(&ALONE), "it is what a burst of one is called");
    }

    #[test]
    fn the_nearest_of_each_class_is_found_whatever_the_units() {
        // The second column counts in thousands, and would decide alone if it were not for that.
        let rows = [[0.0, 5e3], [0.1, 3e3], [1.0, 5.1e3], [0.9, 8e3], [0.9, 5.02e3], [0.1, 5e3]];
        let table = Table::of_rows(2, rows.concat(), (0..6).collect());
        let lessons = lessons([true, false, true, false].into_iter());
        let model = Model::fit(&table, &lessons, Scaling::default());
        let grounds = model.grounds(&table, &lessons);
        let nearest = |row| model.explain(&grounds, &table, &lessons, row).nearest;
        assert_eq!(nearest(4), [Some(3), Some(2)]);
        assert_eq!(nearest(5), [Some(1), Some(0)]);
        assert_eq!(nearest(0), [Some(1), Some(2)], "not itself");
    }
}
