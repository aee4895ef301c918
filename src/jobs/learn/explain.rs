//! Why a photo has its probability, by the model that the teacher has learned last.
//!
//! On the teacher's thread, when nothing is left to learn from or a new model is there; what an explanation is made
//! from is made with the first one that a model is asked for.

use std::sync::OnceLock;

use crate::core::learner::Lesson;
use crate::core::learner::Model;
use crate::core::learner::Silence;
use crate::core::learner::table::Table;
use crate::core::learner::why::Grounds;
use crate::core::order::Order;
use crate::core::outlook::Because;
use crate::core::outlook::Explained;
use crate::core::outlook::Explanation;
use crate::core::photo::PhotoId;

/// What there is to explain by.
#[derive(Debug, Default)]
pub(super) enum Lore {
    /// Nothing has been looked at yet.
    #[default]
    Nothing,
    /// There is no model, for this reason.
    Silent(Silence),
    /// A model with what it was learned from.
    Learned(Box<Learned>),
}

/// A model with what it was learned from.
#[derive(Debug)]
pub(super) struct Learned {
    model: Model,
    lessons: Vec<Lesson>,
    grounds: OnceLock<Grounds>,
}

impl Lore {
    /// That of a model.
    pub(super) fn of(model: Model, lessons: &[Lesson]) -> Self {
        let (lessons, grounds) = (lessons.to_vec(), OnceLock::new());
        Self::Learned(Box::new(Learned { model, lessons, grounds }))
    }

    /// Explains a photo; `table` is the one that the model was learned from, of the photos of `whole`. `None`
    /// before anything has been looked at.
    pub(super) fn explain(
        &self,
        photo: PhotoId,
        whole: &Order,
        table: &Table,
    ) -> Option<Explanation> {
        let explained = match self {
            Self::Nothing => return None,
            Self::Silent(silence) => Explained::Silent(*silence),
            Self::Learned(learned) => match whole.index_of(photo).and_then(|at| table.row_of(at)) {
                None => Explained::Unmeasured,
                Some(row) => Explained::Because(learned.because(row, whole, table)),
            },
        };
        Some(Explanation { photo, explained })
    }
}

impl Learned {
    fn because(&self, row: usize, whole: &Order, table: &Table) -> Because {
        let grounds = self.grounds.get_or_init(|| self.model.grounds(table, &self.lessons));
        let why = self.model.explain(grounds, table, &self.lessons, row);
        let photo = |row: u32| {
            let of_row = |at: &usize| table.row_of(*at) == Some(row as usize);
            (0..whole.len()).find(of_row).and_then(|at| whole.photo_at(at))
        };
        Because {
            nearest: why.nearest.map(|row| row.and_then(photo)),
            is_lesson: self.lessons.iter().any(|lesson| lesson.row as usize == row),
            keep: why.keep,
            base: why.base,
            reasons: why.reasons,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::learner::calibration::Scaling;

    #[test]
    fn a_photo_that_is_not_in_the_table_is_not_measured() {
        let whole = Order::by_name((0..13).map(PhotoId).collect());
        let values: Vec<f32> = (0..12_u8).map(f32::from).collect();
        let table = Table::of_rows(1, values, (0..12).collect());
        let lesson = |row| Lesson { row, is_kept: row > 5, is_free: true };
        let lessons: Vec<Lesson> = (0..12).map(lesson).collect();
        let model = Model::fit(&table, &lessons, Scaling::default());
        let lore = Lore::of(model, &lessons[..11]);
        let explained = |photo| lore.explain(PhotoId(photo), &whole, &table).unwrap().explained;
        assert_eq!(explained(12), Explained::Unmeasured);
        let Explained::Because(because) = explained(8) else { panic!("its row is known") };
        assert!(because.is_lesson);
        assert_eq!(because.nearest, [Some(PhotoId(5)), Some(PhotoId(7))]);
        let Explained::Because(because) = explained(11) else { panic!("its row is known") };
        assert_eq!((because.is_lesson, because.nearest[1]), (false, Some(PhotoId(10))));
    }

    #[test]
    fn before_anything_is_learned_there_is_no_answer_or_the_reason() {
        let (whole, table) = (Order::by_name(vec![PhotoId(0)]), Table::default());
        assert_eq!(Lore::Nothing.explain(PhotoId(0), &whole, &table), None);
        let explanation = Lore::Silent(Silence::NoneKept).explain(PhotoId(0), &whole, &table);
        let explained = Explained::Silent(Silence::NoneKept);
        assert_eq!(explanation, Some(Explanation { photo: PhotoId(0), explained }));
    }
}
