//! `rushlight export`: what can be asked for.

use std::path::PathBuf;

use clap::Args;
use clap::Subcommand;
use clap::ValueEnum;

/// `rushlight export`.
#[derive(Debug, Args)]
pub struct Export {
    /// What to do with the photos.
    #[command(subcommand)]
    pub task: Task,
}

/// What can be done with photos.
#[derive(Debug, Subcommand)]
pub enum Task {
    /// Copy photos to a folder; what is there already is left out.
    Copy(Copy),
    /// Move photos to a folder. Their decisions go with them.
    Move(Carry),
    /// Put photos into the system's trash.
    ///
    /// Where there is none, as on some network drives, they go into a folder .rushlight-trash beside
    /// them.
    Trash(Trash),
    /// Write a list of photos for scripts.
    List(List),
    /// Go on with what was interrupted.
    Resume,
    /// Bring back what was moved or trashed last, or in the run that the log numbers.
    Undo(Undo),
    /// Tell what was done, the last first.
    Log,
}

/// Which photos.
#[derive(Debug, Clone, Args)]
pub struct Which {
    /// Folders or photos.
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,

    /// Those decided to be kept.
    #[arg(long, group = "which")]
    pub kept: bool,

    /// Those decided to be trashed.
    #[arg(long, group = "which")]
    pub trashed: bool,

    /// Those that nothing is decided about.
    #[arg(long, group = "which")]
    pub undecided: bool,

    /// Those that a filter finds, in the words of the window's filter line: "keep stars>=3".
    #[arg(long, value_name = "WORDS", group = "which")]
    pub filter: Option<String>,

    /// All.
    #[arg(long, group = "which")]
    pub all: bool,
}

/// `rushlight export copy`.
#[derive(Debug, Args)]
pub struct Copy {
    /// What is copied, and where to.
    #[command(flatten)]
    pub carry: Carry,

    /// Put what is decided into the copies of JPEGs too, as XMP: for programs that read no sidecar
    /// beside a JPEG, as Lightroom Classic. Originals stay as they are.
    #[arg(long)]
    pub embed_xmp: bool,
}

/// `rushlight export copy` and `move`.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("which").required(true))]
pub struct Carry {
    /// Which photos.
    #[command(flatten)]
    pub which: Which,

    /// The folder that they go to; made where there is none.
    #[arg(long, value_name = "DIR")]
    pub to: PathBuf,

    /// Say what would happen, with counts and sizes, and do nothing.
    #[arg(long)]
    pub dry_run: bool,
}

/// `rushlight export trash`.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("which").required(true))]
pub struct Trash {
    /// Which photos.
    #[command(flatten)]
    pub which: Which,

    /// Say what would happen, with counts and sizes, and do nothing.
    #[arg(long)]
    pub dry_run: bool,

    /// Use the folder .rushlight-trash beside the photos and not the system's trash.
    #[arg(long)]
    pub beside: bool,
}

/// `rushlight export list`.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("which").required(true))]
pub struct List {
    /// Which photos.
    #[command(flatten)]
    pub which: Which,

    /// How the list is written.
    #[arg(long, value_name = "FORMAT", default_value = "paths")]
    pub format: Format,

    /// In lists of paths: companions too, each on a line behind its photo.
    #[arg(long)]
    pub companions: bool,

    /// In lists of paths: a zero byte behind each instead of a line break, as xargs -0 reads.
    #[arg(short = '0', long)]
    pub null: bool,

    /// The file to write instead of the terminal.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// How a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// One path a line.
    Paths,
    /// Comma-separated values (RFC 4180) with a heading.
    Csv,
    /// One JSON object a line, a photo each, with its companions.
    Json,
}

/// `rushlight export undo`.
#[derive(Debug, Args)]
pub struct Undo {
    /// The number that the log gives; without it, the last run.
    #[arg(value_name = "NUMBER")]
    pub number: Option<u32>,
}
