//! Made-up photographers: photos in bursts, what they would keep, and how they come to decide.
//!
//! A photo has a quality, the sum of its burst's and its own; it is kept when that is high enough. What is
//! measured of it are several noisy views of both, so that photos of a burst are alike in what is seen and in
//! what is decided, and mistakes come in bursts.

use rushlight::core::guard;
use rushlight::core::guard::Budget;
use rushlight::core::guard::audit::mixed;
use rushlight::core::guard::looks::Looks;
use rushlight::core::learner::Fold;
use rushlight::core::learner::Lesson;
use rushlight::core::learner::Model;
use rushlight::core::learner::Study;
use rushlight::core::learner::calibration::Scaling;
use rushlight::core::learner::table::Table;

/// Numbers of a photo.
const WIDTH: usize = 8;

/// How a photographer is made up.
#[derive(Debug, Clone, Copy)]
pub struct Make {
    /// Photos of the shoot.
    pub photos: usize,
    /// The share of a photo's quality, and of the noise in what is seen, that its burst has, 0 to 1.
    pub alike: f64,
    /// Standard deviation of what is seen about what is.
    pub noise: f64,
}

/// What became of one photographer's shoot.
#[derive(Debug, Clone, Copy, Default)]
pub struct Outcome {
    /// At how many looks something was proposed.
    pub proposing_looks: usize,
    /// Whether the budget was broken over the photos undecided, at any look.
    pub is_broken: bool,
    /// At the last look, the share of the undecided trash that was proposed.
    pub caught: f64,
}

/// Dice that fall the same way everywhere.
struct Dice(u64, u64);

impl Dice {
    fn unit(&mut self) -> f64 {
        self.1 += 1;
        ((mixed(self.0, self.1) >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// Normal, by Box and Muller.
    fn normal(&mut self) -> f64 {
        (-2.0 * self.unit().ln()).sqrt() * (std::f64::consts::TAU * self.unit()).cos()
    }
}

/// The photos of a shoot in the order of its bursts, which is random: rows, bursts, what is kept.
fn shoot(make: &Make, seed: u64) -> (Table, Vec<bool>) {
    let mut dice = Dice(seed, 0);
    let (mut values, mut bursts, mut is_kept) = (Vec::new(), Vec::new(), Vec::new());
    let (shared, own) = (make.alike.sqrt(), (1.0 - make.alike).sqrt());
    let mut burst = 0;
    while is_kept.len() < make.photos {
        let size = [1, 1, 2, 3, 4, 6, 9][(dice.unit() * 7.0) as usize];
        let quality = dice.normal();
        let haze: Vec<f64> = (0..WIDTH).map(|_| dice.normal()).collect();
        for _ in 0..size {
            let true_quality = shared * quality + own * dice.normal();
            is_kept.push(true_quality > 0.15);
            bursts.push(burst);
            for (column, haze) in haze.iter().enumerate() {
                let seen = if column < WIDTH / 2 { true_quality } else { 0.0 };
                let off = make.noise * (shared * haze + own * dice.normal());
                values.push((seen + off) as f32);
            }
        }
        burst += 1;
    }
    (Table::of_rows(WIDTH, values, bursts), is_kept)
}

/// A shoot decided burst after burst up to half of it, with the guard looking at its fixed counts.
pub fn cull(make: &Make, budget: &Budget, seed: u64) -> Outcome {
    let (table, is_kept) = shoot(make, seed);
    let mut looks = Looks::default();
    let mut lessons: Vec<Lesson> = Vec::new();
    let mut outcome = Outcome::default();
    let mut kept = 0;
    for row in 0..is_kept.len() {
        let is_new = row == 0 || table.bursts()[row] != table.bursts()[row - 1];
        if is_new && looks.is_due(kept) {
            let confidence = looks.confidence(kept, budget.confidence);
            looks = looks.after(kept);
            look(&table, &is_kept, &lessons, &Budget { confidence, ..*budget }, &mut outcome);
        }
        if is_new && row >= is_kept.len() / 2 {
            break;
        }
        lessons.push(Lesson { row: row as u32, is_kept: is_kept[row], is_free: true });
        kept += usize::from(is_kept[row]);
    }
    outcome
}

fn look(
    table: &Table,
    is_kept: &[bool],
    lessons: &[Lesson],
    budget: &Budget,
    outcome: &mut Outcome,
) {
    let run = |folds: &mut [Fold]| folds.iter_mut().for_each(Fold::run);
    let study = Study::of(table, lessons, run);
    let model = Model::fit(table, lessons, Scaling::default()).scaled(study.scaling);
    let keep = model.predict(table);
    let rest = lessons.len()..is_kept.len();
    let expected: f64 = keep[rest.clone()].iter().map(|p| f64::from(*p)).sum();
    let Some(below) = guard::rule(&study.cases, expected, budget).below else {
        outcome.caught = 0.0;
        return;
    };
    let share = |class: bool| {
        let of = rest.clone().filter(|row| is_kept[*row] == class);
        let proposed = of.clone().filter(|row| keep[*row] < below).count();
        proposed as f64 / of.count().max(1) as f64
    };
    outcome.proposing_looks += 1;
    outcome.is_broken |= share(true) > budget.loss;
    outcome.caught = share(false);
}
