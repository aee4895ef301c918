//! A forest of extremely randomized trees (Geurts, Ernst and Wehenkel, 2006): each split is the best of
//! a few that were drawn at random, and each tree sees every decided photo. After a decision more, some of
//! the trees can grow anew at once and the others a moment later ([`Forest::renewed`]).
//!
//! Chosen by measurement: three shoots of 900 photos, learning from a fifth of the bursts,
//! features alone, mean of two draws (`tools/compare_learners.py` makes such a table):
//!
//! ```text
//!                                             PR-AUC  ROC-AUC
//! true faults (ceiling)                        0.922   0.948
//! extremely randomized trees, 64               0.917   0.945
//! CatBoost, 300 trees                          0.906   0.940
//! logistic regression, three hinges a column   0.892   0.936
//! ```
//!
//! It needs no tuning, does not care for the scale of a column, and what is random in it is a
//! hash of tree, node and draw: the same decisions give the same bits, on however many threads trees grow.
//! Units: a photo's vote is the mean over the trees of the log-odds of being kept in the leaf that it falls into, drawn
//! towards 0 the fewer photos the leaf has, so that pure leaves tell how pure (`growth`). Log-odds, and not the shares
//! themselves: a few trees that are sure then weigh more than many that are not. Of two shoots of 1,500 photos to tune on the
//! guard found 31 % of the trash instead of 29 (38 instead of 33 from features alone), ten draws each.
//!
//! Trees are flat arrays, and a leaf's next node is itself: photos walk down a tree side by side, so that
//! the processor waits for the memory of several at a time, and none is asked whether it has arrived.

mod growth;

use std::sync::Arc;

use growth::Growth;

/// How many trees there are.
pub const TREES: usize = 64;

/// In so many turns all trees have grown anew.
pub const TURNS: usize = 4;

/// Photos that walk down a tree side by side.
const ABREAST: usize = 8;

/// Photos that one tree after the other is asked of: their rows stay in a core's memory meanwhile.
const BLOCK: usize = 128;

/// A node: goes on to `next` where the value is below `split`, else to the one behind that. A leaf goes on
/// to itself: no value is above its split, which is no number.
#[derive(Debug, Clone, Copy)]
struct Node {
    split: f32,
    next: u32,
    column: u16,
}

impl PartialEq for Node {
    /// Leaves are the same too, whose split equals nothing.
    fn eq(&self, other: &Self) -> bool {
        let is_same = self.split.to_bits() == other.split.to_bits();
        is_same && (self.next, self.column) == (other.next, other.column)
    }
}

/// A tree that has grown.
#[derive(Debug, Clone, Default, PartialEq)]
struct Tree {
    nodes: Vec<Node>,
    /// By leaf, the log-odds of being kept; 0 at other nodes.
    votes: Vec<f32>,
}

/// A forest that has learned.
#[derive(Debug, Clone, PartialEq)]
pub struct Forest {
    trees: Vec<Arc<Tree>>,
}

/// A tree that is to grow: all of a forest can at once.
#[derive(Debug)]
pub struct Sprout<'a> {
    lessons: &'a Lessons<'a>,
    photos: &'a [u32],
    number: usize,
    tree: Tree,
}

/// Decided photos, column after column: that is how a tree looks at them.
#[derive(Debug)]
pub struct Lessons<'a> {
    /// By column, then by photo.
    pub columns: &'a [Vec<f32>],
    /// By photo: whether it was kept.
    pub is_kept: &'a [bool],
}

impl Sprout<'_> {
    /// Grows.
    pub fn grow(&mut self) {
        self.tree = Growth::of(self.lessons, self.photos.to_vec(), self.number as u64);
    }
}

/// Lets trees of these numbers grow.
fn grown(
    lessons: &Lessons,
    photos: &[u32],
    numbers: impl Iterator<Item = usize>,
    run: impl FnOnce(&mut [Sprout]),
) -> impl Iterator<Item = (usize, Arc<Tree>)> {
    let sprout = |number| Sprout { lessons, photos, number, tree: Tree::default() };
    let mut sprouts: Vec<Sprout> = numbers.map(sprout).collect();
    run(&mut sprouts);
    let grown: Vec<_> = sprouts.into_iter().map(|s| (s.number, Arc::new(s.tree))).collect();
    grown.into_iter()
}

/// Lets trees grow one after the other.
pub fn one_by_one(sprouts: &mut [Sprout]) {
    sprouts.iter_mut().for_each(Sprout::grow);
}

impl Forest {
    /// Learns from those of the photos that are named in `photos`; `run` lets the trees grow, on whatever
    /// threads it likes.
    #[must_use]
    pub fn fit(lessons: &Lessons, photos: &[u32], run: impl FnOnce(&mut [Sprout])) -> Self {
        let all = grown(lessons, photos, 0..TREES, run);
        Self { trees: all.map(|(_, tree)| tree).collect() }
    }

    /// The forest with those trees grown anew whose `turn` it is, one in [`TURNS`]; the others know what
    /// they have known.
    #[must_use]
    pub fn renewed(
        &self,
        lessons: &Lessons,
        photos: &[u32],
        turn: usize,
        run: impl FnOnce(&mut [Sprout]),
    ) -> Self {
        let mut trees = self.trees.clone();
        let due = (turn % TURNS..TREES).step_by(TURNS);
        for (number, tree) in grown(lessons, photos, due, run) {
            trees[number] = tree;
        }
        Self { trees }
    }

    /// The mean vote for a photo with these values, in log-odds.
    #[must_use]
    pub fn vote(&self, row: &[f32]) -> f32 {
        self.votes(1, |_| row)[0]
    }

    /// The mean votes, in log-odds, for `count` photos, whose values `row` gives.
    #[must_use]
    pub fn votes<'r>(&self, count: usize, row: impl Fn(usize) -> &'r [f32]) -> Vec<f32> {
        let mut votes = vec![0.0; count];
        let mut rows: Vec<&[f32]> = Vec::with_capacity(BLOCK);
        for (block, votes) in votes.chunks_mut(BLOCK).enumerate() {
            rows.clear();
            rows.extend((0..votes.len()).map(|at| row(block * BLOCK + at)));
            for tree in &self.trees {
                for (rows, votes) in rows.chunks(ABREAST).zip(votes.chunks_mut(ABREAST)) {
                    tree.add_votes(rows, votes);
                }
            }
            votes.iter_mut().for_each(|vote| *vote /= self.trees.len() as f32);
        }
        votes
    }

    /// By how much each column moved the vote for a photo: on its way down a tree, the change of the
    /// mean vote at each split is its column's (Saabas, 2014). The changes and the mean over all
    /// photos, which is not part of the answer, add up to the vote.
    pub fn blame(&self, means: &Means, row: &[f32], moved: &mut [f32]) {
        moved.fill(0.0);
        for (tree, means) in self.trees.iter().zip(&means.0) {
            let mut at = 0;
            while !tree.is_leaf(at) {
                let next = step(&tree.nodes[at], row);
                let column = usize::from(tree.nodes[at].column);
                moved[column] += (means[next] - means[at]) / TREES as f32;
                at = next;
            }
        }
    }

    /// The mean vote below each node, over `rows`.
    #[must_use]
    pub fn means<'r>(&self, rows: &(impl Iterator<Item = &'r [f32]> + Clone)) -> Means {
        let of = |tree: &Arc<Tree>| {
            let mut sums = vec![[0.0_f32; 2]; tree.nodes.len()];
            for row in rows.clone() {
                let mut leaf_vote = [0.0];
                tree.add_votes(&[row], &mut leaf_vote);
                let mut at = 0;
                loop {
                    sums[at] = [sums[at][0] + leaf_vote[0], sums[at][1] + 1.0];
                    if tree.is_leaf(at) {
                        break;
                    }
                    at = step(&tree.nodes[at], row);
                }
            }
            sums.iter().map(|[sum, count]| sum / count.max(1.0)).collect()
        };
        Means(self.trees.iter().map(of).collect())
    }
}

/// By tree and node, the mean vote below it.
#[derive(Debug, Clone, PartialEq)]
pub struct Means(Vec<Vec<f32>>);

impl Means {
    /// The mean vote over all photos.
    #[must_use]
    pub fn base(&self) -> f32 {
        self.0.iter().map(|tree| tree[0]).sum::<f32>() / self.0.len().max(1) as f32
    }
}

#[inline]
fn step(node: &Node, row: &[f32]) -> usize {
    let is_above = row[usize::from(node.column)] >= node.split;
    node.next as usize + usize::from(is_above)
}

impl Tree {
    fn is_leaf(&self, at: usize) -> bool {
        self.nodes[at].next as usize == at
    }

    /// Adds this tree's vote for each of at most [`ABREAST`] photos.
    fn add_votes(&self, rows: &[&[f32]], votes: &mut [f32]) {
        let mut places = [0_usize; ABREAST];
        loop {
            let mut moved = 0;
            for (at, row) in places.iter_mut().zip(rows) {
                let next = step(&self.nodes[*at], row);
                moved |= next ^ *at;
                *at = next;
            }
            if moved == 0 {
                break;
            }
        }
        for (vote, at) in votes.iter_mut().zip(places) {
            *vote += self.votes[at];
        }
    }

    /// Adds a leaf; gives its number.
    fn add_leaf(&mut self) -> usize {
        let at = self.nodes.len();
        self.nodes.push(Node { split: f32::NAN, next: at as u32, column: 0 });
        self.votes.push(0.0);
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::guard::audit::mixed;

    /// Two columns that decide and four that do not.
    fn rows(count: usize) -> (Vec<Vec<f32>>, Vec<bool>) {
        let noise = |at: usize| (mixed(9, at as u64) >> 40) as f32 / (1_u64 << 24) as f32;
        let columns: Vec<Vec<f32>> =
            (0..6).map(|c| (0..count).map(|at| noise(at * 6 + c)).collect()).collect();
        let is_kept = (0..count).map(|at| columns[0][at] > 0.4 && columns[3][at] < 0.7).collect();
        (columns, is_kept)
    }

    fn fitted(columns: &[Vec<f32>], is_kept: &[bool], photos: &[u32]) -> Forest {
        Forest::fit(&Lessons { columns, is_kept }, photos, one_by_one)
    }

    #[test]
    fn what_decides_is_learned_and_told() {
        let (columns, is_kept) = rows(600);
        let photos: Vec<u32> = (0..300).collect();
        let forest = fitted(&columns, &is_kept, &photos);
        let row = |at: usize| columns.iter().map(|c| c[at]).collect::<Vec<f32>>();
        let is_right = |at: &usize| (forest.vote(&row(*at)) >= 0.0) == is_kept[*at];
        let right = (300..600).filter(is_right).count();
        assert!(right > 255, "{right} of 300");
        let rows: Vec<_> = (0..300).map(row).collect();
        let means = forest.means(&rows.iter().map(Vec::as_slice));
        let mut moved = [0.0; 6];
        forest.blame(&means, &[0.05, 0.5, 0.5, 0.2, 0.5, 0.5], &mut moved);
        let most = (0..6).min_by(|a, b| moved[*a].total_cmp(&moved[*b]));
        assert_eq!(most, Some(0), "{moved:?}");
        let mean = rows.iter().map(|row| forest.vote(row)).sum::<f32>() / 300.0;
        forest.blame(&means, &rows[7], &mut moved);
        let vote = mean + moved.iter().sum::<f32>();
        assert!((vote - forest.vote(&rows[7])).abs() < 1e-3);
    }

    #[test]
    fn the_same_photos_give_the_same_bits_in_whatever_order_trees_grow_and_votes_are_asked() {
        let (columns, is_kept) = rows(200);
        let photos: Vec<u32> = (0..200).collect();
        let row = |at: usize| columns.iter().map(|c| c[at]).collect::<Vec<f32>>();
        let rows: Vec<_> = (0..200).map(row).collect();
        let votes = |forest: &Forest| forest.votes(200, |at| &rows[at]);
        let forest = fitted(&columns, &is_kept, &photos);
        let lessons = Lessons { columns: &columns, is_kept: &is_kept };
        let last_first = |sprouts: &mut [Sprout]| sprouts.iter_mut().rev().for_each(Sprout::grow);
        assert_eq!(forest, Forest::fit(&lessons, &photos, last_first));
        let alone: Vec<f32> = rows.iter().map(|row| forest.vote(row)).collect();
        assert_eq!(votes(&forest), alone);
    }

    #[test]
    fn a_forest_renewed_turn_by_turn_is_the_one_that_grows_at_once() {
        let (columns, is_kept) = rows(200);
        let lessons = Lessons { columns: &columns, is_kept: &is_kept };
        let photos: Vec<u32> = (0..200).collect();
        let (before, after) = [&photos[1..], &photos].map(|p| fitted(&columns, &is_kept, p)).into();
        let mut forest: Forest = before;
        for turn in 7..7 + TURNS {
            assert_ne!(forest, after);
            let renewed = forest.renewed(&lessons, &photos, turn, one_by_one);
            let pairs = renewed.trees.iter().zip(&forest.trees);
            assert_eq!(pairs.filter(|(a, b)| !Arc::ptr_eq(a, b)).count(), TREES / TURNS);
            forest = renewed;
        }
        assert_eq!(forest, after);
    }

    #[test]
    fn a_value_beyond_all_numbers_stays_in_its_leaf() {
        let (columns, is_kept) = rows(200);
        let forest = fitted(&columns, &is_kept, &(0..200).collect::<Vec<_>>());
        for odd in [f32::INFINITY, f32::NEG_INFINITY, f32::NAN] {
            let vote = forest.vote(&[odd; 6]);
            assert!(vote.is_finite(), "{odd}: {vote}");
        }
    }

    #[test]
    fn photos_that_are_all_alike_are_one_leaf() {
        let columns = vec![vec![1.0; 10]; 3];
        let is_kept: Vec<bool> = (0..10).map(|at| at < 3).collect();
        let forest = fitted(&columns, &is_kept, &(0..10).collect::<Vec<_>>());
        // Both classes weigh the same, however few there are of one.
        assert!(forest.vote(&[1.0; 3]).abs() < 1e-6);
    }
}
