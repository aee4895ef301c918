//! `rushlight sidecars`: what can be asked for.

use std::path::PathBuf;

use clap::Args;
use clap::Subcommand;
use clap::ValueEnum;

/// `rushlight sidecars`.
#[derive(Debug, Args)]
pub struct SidecarsArgs {
    /// What to do with them.
    #[command(subcommand)]
    pub task: SidecarsTask,
}

/// What can be done with sidecars.
#[derive(Debug, Subcommand)]
pub enum SidecarsTask {
    /// Take over what other programs wrote, then write what is decided.
    ///
    /// The window does both by itself. This is for shoots that were decided with --no-sidecars or on
    /// media that could not be written, and for sidecars that say otherwise than what is decided here.
    Write(SidecarsWrite),
}

/// `rushlight sidecars write`.
#[derive(Debug, Args)]
pub struct SidecarsWrite {
    /// Folders or photos.
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,

    /// Where a file says otherwise than what is decided here, let this be right: "ours" or "theirs".
    /// Without it such photos are named, and their sidecars left alone.
    #[arg(long, value_name = "SIDE")]
    pub prefer: Option<Prefer>,

    /// Print one JSON object.
    #[arg(long)]
    pub json: bool,
}

/// Whose word counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Prefer {
    /// What is decided here.
    Ours,
    /// What the files say.
    Theirs,
}
