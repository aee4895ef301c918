//! What another learner's votes on the photos of `rushlight evaluate --table` are worth, calibrated and guarded as
//! Rushlight's own are.
//!
//! ```text
//! rushlight evaluate SHOOT --labels LABELS --table > table.csv
//! cargo run --release --example rival -- 0.02 < voted.csv
//! ```
//!
//! `voted.csv` has the columns label, burst and fold of that table and `vote`, a probability of keep, 0 to 1: on a photo with a
//! fold by a learner that has not seen that fold, on the others by one that has seen all folds. 0.02 is the
//! budget. Prints one JSON object, named as those of `rushlight evaluate --json` are.

use std::io;
use std::path::PathBuf;

use anyhow::Context;
use serde::Deserialize;
use serde_json::json;

use rushlight::core::guard::Budget;
use rushlight::core::learner;
use rushlight::core::learner::Lesson;
use rushlight::core::learner::Study;
use rushlight::jobs::learn::evaluate::Tried;
use rushlight::jobs::learn::evaluate::Verdict;
use rushlight::jobs::learn::work;

#[derive(Deserialize)]
struct Voted {
    label: String,
    burst: u32,
    fold: Option<u8>,
    vote: f32,
}

impl Voted {
    fn is_kept(&self) -> bool {
        self.label == "keep"
    }

    /// In log-odds, held from the infinite.
    fn vote(&self) -> f32 {
        let vote = self.vote.clamp(1e-6, 1.0 - 1e-6);
        (vote / (1.0 - vote)).ln()
    }
}

fn main() -> anyhow::Result<()> {
    let budget = std::env::args().nth(1).context("expected the budget, as in 0.02")?;
    let budget = Budget { loss: budget.parse().context("the budget")?, ..Budget::default() };
    let voted: Result<Vec<Voted>, csv::Error> =
        csv::Reader::from_reader(io::stdin()).into_deserialize().collect();
    println!("{}", report(&voted?, &budget)?);
    Ok(())
}

fn report(voted: &[Voted], budget: &Budget) -> anyhow::Result<serde_json::Value> {
    let learned = || voted.iter().zip(0_u32..).filter_map(|(one, row)| Some((one, row, one.fold?)));
    let lesson =
        |(one, row, _): (&Voted, u32, u8)| Lesson { row, is_kept: one.is_kept(), is_free: true };
    let lessons: Vec<Lesson> = learned().map(lesson).collect();
    if let Some(silence) = learner::silence(&lessons) {
        anyhow::bail!("nothing can be learned: {silence:?}");
    }
    let alike: Vec<u32> = learned().map(|(one, ..)| one.burst).collect();
    let votes: Vec<f32> = learned().map(|(one, ..)| one.vote()).collect();
    let study =
        Study::of_votes(&lessons, &alike, &votes, learned().map(|(.., fold)| fold).collect());
    let keep: Vec<f32> = voted.iter().map(|one| study.scaling.probability(one.vote())).collect();
    let [trash, hold] = work::rulings(&study, &keep, &lessons, budget);
    let tried = |(row, (one, keep)): (usize, (&Voted, &f32))| Tried {
        path: PathBuf::new(),
        row,
        is_kept: one.is_kept(),
        fold: one.fold,
        keep: *keep,
    };
    let tried: Vec<Tried> = voted.iter().zip(&keep).enumerate().map(tried).collect();
    let verdict = Verdict::of(&tried, &trash, &hold);
    Ok(json!({
        "photos": verdict.photos,
        "decisions": verdict.decisions,
        "pr_auc": verdict.figures.pr_auc,
        "roc_auc": verdict.figures.roc_auc,
        "brier": verdict.figures.brier,
        "ece": verdict.figures.ece,
        "proposed": verdict.proposed,
        "proposed_keep_loss": verdict.proposed_keep_loss,
        "proposed_junk_caught": verdict.proposed_junk_caught,
        "missing": trash.missing,
        "design_effect": trash.design_effect,
    }))
}
