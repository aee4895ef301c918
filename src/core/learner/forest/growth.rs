//! How a tree grows: from all its photos in one leaf, split by split.

use super::Lessons;
use super::Node;
use super::Tree;
use crate::core::guard::audit::mixed;

/// Columns tried at a node: this share of them.
const TRIED_SHARE: f64 = 0.1;

/// Photos of a leaf at the least.
const LEAF: usize = 2;

/// A leaf votes as if so many photos more were in it, half of them kept: the m-estimate (Cestnik, 1990). Without
/// it every leaf of trash alone says the same, so that a third of the trash cannot be told apart and one kept photo
/// beside it hides all of that from the guard (Provost and Domingos, 2003). With the mean of shares as the vote the guard
/// found 40, 43, 47 and 48 % of the trash at 0, 2, 4 and 6 (four shoots of 1,500 photos, ten draws each); with that
/// of log-odds it hardly matters above 0.
const DOUBT: f32 = 4.0;

/// A tree while it grows.
pub(super) struct Growth<'a> {
    lessons: &'a Lessons<'a>,
    tree: Tree,
    number: u64,
    /// What a trashed and a kept photo count: both classes weigh the same.
    class_weights: [f32; 2],
    /// By photo of the node that is split: 1 for a kept one.
    kept: Vec<u8>,
    /// Their values in the column that is tried.
    values: Vec<f32>,
}

/// A split that was tried.
struct Split {
    column: u16,
    at: f32,
    /// The weighted impurity that it takes away, over what it cannot.
    gain: f32,
}

impl<'a> Growth<'a> {
    pub(super) fn of(lessons: &'a Lessons<'a>, mut photos: Vec<u32>, number: u64) -> Tree {
        let tree = Tree::default();
        let kept = photos.iter().filter(|at| lessons.is_kept[**at as usize]).count().max(1) as f32;
        let all = photos.len() as f32;
        let class_weights = [0.5 * all / (all - kept).max(1.0), 0.5 * all / kept];
        let (kept, values) = (Vec::new(), Vec::new());
        let mut growth = Self { lessons, tree, number, class_weights, kept, values };
        let root = growth.tree.add_leaf();
        let mut waiting = vec![(root, 0_usize, photos.len())];
        while let Some((node, from, to)) = waiting.pop() {
            let part = &mut photos[from..to];
            let weights = growth.weigh(part);
            let is_mixed = weights[0] > 0.0 && weights[1] > 0.0;
            let may_split = part.len() >= 2 * LEAF && is_mixed;
            let split = if may_split { growth.best(node, part, weights) } else { None };
            let Some(split) = split else {
                growth.tree.votes[node] = log_odds(weights);
                continue;
            };
            let column = &lessons.columns[usize::from(split.column)];
            let middle = from + parted(part, |photo| column[*photo as usize] < split.at);
            let next = growth.tree.add_leaf();
            growth.tree.add_leaf();
            growth.tree.nodes[node] =
                Node { split: split.at, next: next as u32, column: split.column };
            waiting.push((next + 1, middle, to));
            waiting.push((next, from, middle));
        }
        growth.tree
    }

    /// What the trashed and the kept photos of a node weigh, whose classes are noted for `attempt`.
    fn weigh(&mut self, photos: &[u32]) -> [f32; 2] {
        let is_kept = self.lessons.is_kept;
        self.kept.clear();
        self.kept.extend(photos.iter().map(|photo| u8::from(is_kept[*photo as usize])));
        let kept = self.kept.iter().map(|kept| usize::from(*kept)).sum::<usize>();
        let [trash, keep] = self.class_weights;
        [(photos.len() - kept) as f32 * trash, kept as f32 * keep]
    }

    /// The best of the splits that are tried at a node; `None` where all photos are alike.
    fn best(&mut self, node: usize, photos: &[u32], weights: [f32; 2]) -> Option<Split> {
        let width = self.lessons.columns.len();
        let wanted = ((width as f64 * TRIED_SHARE).ceil() as usize).clamp(1, width);
        let mut best: Option<Split> = None;
        let mut tried = 0;
        // A column in which all photos are alike does not count as tried, up to a limit.
        for draw in 0..(wanted * 4) as u64 {
            if tried == wanted {
                break;
            }
            let dice = mixed(self.number << 32 | node as u64, draw);
            let column = (dice % width as u64) as u16;
            let share = (dice >> 40) as f32 / (1_u64 << 24) as f32;
            let Some(split) = self.attempt(column, share, photos, weights) else { continue };
            tried += 1;
            if best.as_ref().is_none_or(|best| split.gain > best.gain) {
                best = Some(split);
            }
        }
        best
    }

    /// Splits between the least and the most at `share` of the way.
    fn attempt(
        &mut self,
        column: u16,
        share: f32,
        photos: &[u32],
        [trash, kept]: [f32; 2],
    ) -> Option<Split> {
        let values = &self.lessons.columns[usize::from(column)];
        self.values.clear();
        self.values.extend(photos.iter().map(|photo| values[*photo as usize]));
        let (mut least, mut most) = (f32::INFINITY, f32::NEG_INFINITY);
        for value in &self.values {
            (least, most) = (least.min(*value), most.max(*value));
        }
        let at = least + share * (most - least);
        // Rounding may put it on the least value, below which there is nothing.
        if at <= least || at > most {
            return None;
        }
        let (mut count, mut kept_count) = (0_u32, 0_u32);
        for (value, is_kept) in self.values.iter().zip(&self.kept) {
            let is_below = u32::from(*value < at);
            count += is_below;
            kept_count += is_below & u32::from(*is_kept);
        }
        let (count, kept_count) = (count as usize, kept_count as usize);
        if count < LEAF || photos.len() - count < LEAF {
            return None;
        }
        let [of_trash, of_kept] = self.class_weights;
        let below = [(count - kept_count) as f32 * of_trash, kept_count as f32 * of_kept];
        let above = [trash - below[0], kept - below[1]];
        // Gini's impurity of a part, times its weight, is 2 t k / (t + k).
        let impurity = |[trash, kept]: [f32; 2]| trash * kept / (trash + kept).max(1e-9);
        let gain = impurity([trash, kept]) - impurity(below) - impurity(above);
        Some(Split { column, at, gain })
    }
}

/// What a leaf says in which the trashed and the kept photos weigh so much.
fn log_odds([trash, kept]: [f32; 2]) -> f32 {
    ((kept + 0.5 * DOUBT) / (trash + 0.5 * DOUBT)).ln()
}

/// Brings those of which `is_first` holds to the front; gives how many they are.
fn parted(photos: &mut [u32], is_first: impl Fn(&u32) -> bool) -> usize {
    let mut count = 0;
    for at in 0..photos.len() {
        if is_first(&photos[at]) {
            photos.swap(count, at);
            count += 1;
        }
    }
    count
}
