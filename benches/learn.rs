//! What does learning cost, on one core, and the fit on all of them, as the window has it?
//!
//! Budget: with 2,000 decisions new probabilities in 50 ms, folds, calibration and guard within 1 s behind
//! them; 100,000 photos predicted in 200 ms.

use std::hint::black_box;

use criterion::Criterion;
use criterion::Throughput;
use criterion::criterion_group;
use criterion::criterion_main;
use rushlight::core::guard;
use rushlight::core::guard::Budget;
use rushlight::core::guard::audit::mixed;
use rushlight::core::learner::Fold;
use rushlight::core::learner::Lesson;
use rushlight::core::learner::Model;
use rushlight::core::learner::Sprout;
use rushlight::core::learner::Study;
use rushlight::core::learner::calibration::Scaling;
use rushlight::core::learner::table::Table;
use rushlight::jobs::learn::work;

const DECISIONS: usize = 2000;
const PHOTOS: usize = 100_000;

/// As many columns as features and an embedding of 128 numbers have.
const WIDTH: usize = 230;

/// Rows of which a few columns tell, with noise, what is kept; bursts of three.
fn shoot(photos: usize) -> (Table, Vec<bool>) {
    let unit = |at: usize| (mixed(7, at as u64) >> 40) as f32 / (1_u64 << 24) as f32;
    let values: Vec<f32> = (0..photos * WIDTH).map(unit).collect();
    let is_kept = |at: usize| {
        let row = &values[at * WIDTH..][..WIDTH];
        row[0] + row[17] - row[101] + 0.6 * (unit(at * 31 + 5) - 0.5) > 0.5
    };
    let is_kept = (0..photos).map(is_kept).collect();
    let bursts = (0..photos as u32).map(|at| at / 3).collect();
    (Table::of_rows(WIDTH, values, bursts), is_kept)
}

fn lessons(is_kept: &[bool]) -> Vec<Lesson> {
    let lesson =
        |(row, &is_kept): (usize, &bool)| Lesson { row: row as u32, is_kept, is_free: true };
    is_kept.iter().enumerate().take(DECISIONS).map(lesson).collect()
}

fn learn(c: &mut Criterion) {
    let (table, is_kept) = shoot(DECISIONS);
    let lessons = lessons(&is_kept);
    let mut group = c.benchmark_group("2,000 decisions");
    group.sample_size(10);
    group.bench_function("new probabilities of their photos", |b| {
        b.iter(|| Model::fit(&table, &lessons, Scaling::default()).predict(black_box(&table)));
    });
    let one_by_one = |sprouts: &mut [Sprout]| sprouts.iter_mut().for_each(Sprout::grow);
    // As after a key: a part of the trees at once, the others with the folds.
    let before = Model::fit(&table, &lessons[1..], Scaling::default());
    let mut turns = 0..;
    let mut renew = || before.renewed(&table, &lessons, turns.next().unwrap_or(0), one_by_one);
    group.bench_function("the same after one more", |b| {
        b.iter(|| renew().predict(black_box(&table)));
    });
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    group.bench_function(format!("the same on {cores} cores"), |b| {
        let fit = || work::fit(&table, &lessons, Scaling::default());
        b.iter(|| fit().predict(black_box(&table)));
    });
    group.bench_function("folds, calibration and guard", |b| {
        b.iter(|| {
            let run = |folds: &mut [Fold]| folds.iter_mut().for_each(Fold::run);
            let study = Study::of(&table, &lessons, run);
            guard::rule(black_box(&study.cases), 1e4, &Budget::default())
        });
    });
    group.finish();
}

fn predict(c: &mut Criterion) {
    let (table, is_kept) = shoot(PHOTOS);
    let model = Model::fit(&table, &lessons(&is_kept), Scaling::default());
    let mut group = c.benchmark_group("a model of 2,000 decisions");
    group.sample_size(10);
    group.throughput(Throughput::Elements(PHOTOS as u64));
    group.bench_function("predicts 100,000 photos", |b| {
        b.iter(|| black_box(model.predict(black_box(&table))));
    });
    group.finish();
}

criterion_group!(benches, learn, predict);
criterion_main!(benches);
