//! `rushlight predict` and `rushlight evaluate`: what can be asked for.

use std::path::PathBuf;

use clap::Args;
use clap::ValueEnum;

/// `rushlight predict`.
#[derive(Debug, Args)]
pub struct Predict {
    /// Folders or photos. What is not in the cache yet is read first.
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,

    /// The share of the photos you would keep that may be proposed as trash, 0 to 1, held with 95 %
    /// confidence; where your decisions cannot support that, nothing is proposed. Each run is a promise of its
    /// own: whoever asks again after a few more decisions, until something is proposed, has chosen a lucky moment.
    #[arg(long, value_name = "SHARE", default_value_t = 0.02, value_parser = parse_share)]
    pub budget: f64,

    /// Print one JSON object a line, a photo each: file, keep (its probability) and proposal.
    #[arg(long)]
    pub json: bool,
}

/// `rushlight evaluate`.
#[derive(Debug, Args)]
pub struct Evaluate {
    /// Folders or photos. What is not in the cache yet is read first.
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,

    /// The labels: comma-separated with the heading file,label (keep or trash), or a made-up shoot's
    /// truth.json.
    #[arg(long, value_name = "FILE")]
    pub labels: PathBuf,

    /// The share of the photos that is learned from, in whole bursts; the rest is judged.
    #[arg(long, value_name = "SHARE", default_value_t = 0.2, value_parser = parse_share)]
    pub fraction: f64,

    /// The same seed learns from the same bursts.
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,

    /// The keep-loss that proposals are held to, 0 to 1.
    #[arg(long, value_name = "SHARE", default_value_t = 0.02, value_parser = parse_share)]
    pub budget: f64,

    /// What is learned from: all, features alone, what a network says alone, or the true faults that
    /// truth.json tells, which is as good as it can be.
    #[arg(long, value_name = "WHAT", value_enum, default_value_t = Seen::All)]
    pub inputs: Seen,

    /// Print one JSON object.
    #[arg(long)]
    pub json: bool,

    /// Print what the learner saw instead, as comma-separated values: for comparing others with it.
    #[arg(long, conflicts_with = "json")]
    pub table: bool,
}

/// What an evaluation learns from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Seen {
    /// Features, and what a network says where there is one.
    All,
    /// Features alone.
    Features,
    /// What a network says alone.
    Embedding,
    /// The true faults.
    Truth,
}

fn parse_share(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("expected a share from 0 to 1, as in 0.02".to_owned()),
    }
}
