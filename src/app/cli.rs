//! The command line: what can be asked for, and what `--help` says of it.

pub mod export;
pub mod learning;
pub mod sidecars;

use std::path::PathBuf;

use clap::Args;
use clap::Parser;
use clap::Subcommand;

use crate::disk::colour::settings::Theme;
use crate::disk::config;

/// A light table for very large photo shoots: look, keep or trash, at the speed of a key.
///
/// Opens the folders (and everything in them) in a window. Without any, it opens what was open
/// last, or asks for a folder. Press ? in the window for all keys.
#[derive(Debug, Parser)]
#[command(
    version = env!("RUSHLIGHT_VERSION"),
    args_conflicts_with_subcommands = true,
    after_help = "Exit codes: 0 all is well, 1 nothing could be done, 2 the command line is \
                  wrong, 3 some photos or decisions failed (each is named).\n\n\
                  A folder that is called like a task is opened as ./demo."
)]
pub struct Cli {
    /// What to do without a window.
    #[command(subcommand)]
    pub command: Option<Task>,

    /// How the window opens.
    #[command(flatten)]
    pub open: Open,
}

/// How the window opens.
#[derive(Debug, Clone, Args)]
pub struct Open {
    /// Folders or photos; folders are searched with all that is in them.
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// Begin in a window instead of on the whole screen.
    #[arg(long)]
    pub windowed: bool,

    /// Write no sidecars (XMP): what is decided is kept all the same, and `rushlight sidecars write`
    /// writes them later.
    #[arg(long)]
    pub no_sidecars: bool,

    /// Enlarge text and badges by this factor, 0.5 to 4, instead of the one in the settings.
    #[arg(long, value_name = "FACTOR", value_parser = parse_ui_scale)]
    pub ui_scale: Option<f32>,

    /// Draw a dark or a light grey around the photos, or as the desktop has it, instead of what the
    /// settings say.
    #[arg(long, value_name = "THEME", value_parser = parse_theme)]
    pub theme: Option<Theme>,

    /// Move the clock of a camera, for two cameras that disagree: "BODY=+00:03:20". The body is
    /// named as the information panel (I) shows it, model and serial number. Remembered.
    #[arg(long, value_name = "BODY=OFFSET", value_parser = parse_clock)]
    pub clock: Vec<Clock>,
}

/// How far the clock of a camera is to be moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    /// The camera's body, as [`crate::core::photo::PhotoMeta::body`] names it.
    pub body: String,
    /// Seconds to add to its time.
    pub seconds: i64,
}

/// What can be done without a window.
#[derive(Debug, Subcommand)]
pub enum Task {
    /// Read a shoot: headers and pictures of everything in it.
    Index(Index),
    /// Print what the headers of photos say: camera, lens, time, exposure, size.
    Exif(Exif),
    /// Print what has been decided about a shoot.
    Decisions(Decisions),
    /// Copy, move or trash what has been decided on, or write lists of it.
    ///
    /// Raw twins and sidecars of the same name go with their photo. No file is ever put in the place
    /// of another: where a name is taken, the photo gets a number. Copies are verified before an
    /// original is removed. What is interrupted can be resumed, what was moved or trashed undone,
    /// also after a restart.
    Export(export::Export),
    /// Check the settings and say where they are, or print all of them with their defaults.
    Settings(Settings),
    /// Print what a shell completes the command line by.
    Completions(Completions),
    /// Print the manual page.
    Man,
    /// Look after sidecars (XMP), by which other programs read what is decided.
    Sidecars(sidecars::SidecarsArgs),
    /// Print for each photo how probably you would keep it, by what you have decided so far.
    Predict(learning::Predict),
    /// Measure how well the learner does on a shoot whose labels are known.
    Evaluate(learning::Evaluate),
    /// Draw what the window would show into a PNG.
    Sheet(Sheet),
    /// Write a shoot of made-up photos, to try things on.
    Demo(Demo),
    /// Look after the small pictures that are kept on the disk.
    ///
    /// Small pictures (tiles) of every photo that was once decoded are kept on the disk, so that the
    /// next start need not decode it again. They can be deleted at any time: that costs time and
    /// nothing else, no decision and no photo. The settings say how much they may take, and where:
    /// `size_gb = 20` and `folder = "/media/fast-disk"` under `[cache]`.
    Cache(CacheArgs),
}

/// `rushlight settings`.
#[derive(Debug, Args)]
pub struct Settings {
    /// Print everything that can be set, keys too, with what it is without being set.
    #[arg(long)]
    pub defaults: bool,
}

/// `rushlight completions`.
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell.
    #[arg(value_name = "SHELL")]
    pub shell: clap_complete::Shell,
}

/// `rushlight cache`.
#[derive(Debug, Args)]
pub struct CacheArgs {
    /// What to do with them.
    #[command(subcommand)]
    pub task: CacheTask,
}

/// What can be done with the tiles on disk.
#[derive(Debug, Subcommand)]
pub enum CacheTask {
    /// Say where they are, how much they take, and of how many photos.
    Stats(CacheStats),
    /// Read every tile, and forget the damaged ones: they will be made again.
    Verify,
    /// Delete them all. Asks nothing: decisions and photos are elsewhere and stay.
    Clear,
    /// Give unused bytes back to the disk, and with --to the tiles seen longest ago.
    Trim(CacheTrim),
}

/// `rushlight cache stats`.
#[derive(Debug, Args)]
pub struct CacheStats {
    /// Print one JSON object.
    #[arg(long)]
    pub json: bool,
}

/// `rushlight cache trim`.
#[derive(Debug, Args)]
pub struct CacheTrim {
    /// How much may be left, in gigabytes. They grow again with use: `size_gb` in the settings keeps
    /// them small.
    #[arg(long, value_name = "GB", value_parser = parse_gigabytes)]
    pub to: Option<f64>,
}

/// `rushlight index`.
#[derive(Debug, Args)]
pub struct Index {
    /// Folders or photos.
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,

    /// Print one JSON object a line: the summary, then each failed file.
    #[arg(long)]
    pub json: bool,
}

/// `rushlight exif`.
#[derive(Debug, Args)]
pub struct Exif {
    /// Photos.
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,

    /// Print one JSON object a line, a file each; null is what the header does not say.
    #[arg(long)]
    pub json: bool,
}

/// `rushlight decisions`.
#[derive(Debug, Args)]
pub struct Decisions {
    /// Folders or photos. Photos about which nothing is decided are left out.
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,

    /// Print one JSON object a line, a photo each.
    #[arg(long)]
    pub json: bool,

    /// Print comma-separated values (RFC 4180) with a heading.
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
}

/// `rushlight sheet`.
#[derive(Debug, Args)]
pub struct Sheet {
    /// Folders or photos.
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,

    /// The PNG to write; its name ends in .png.
    #[arg(short, long, value_name = "FILE", value_parser = parse_png)]
    pub output: PathBuf,

    /// Width and height in pixels.
    #[arg(long, value_name = "WxH", default_value = "3840x2160", value_parser = parse_size)]
    pub size: [u32; 2],

    /// Device pixels for a logical pixel, 0.5 to 4.
    #[arg(long, value_name = "FACTOR", default_value_t = 2.0, value_parser = parse_ui_scale)]
    pub scale: f32,

    /// Show this photo alone: its path, or its name where only one has it.
    #[arg(long, value_name = "NAME")]
    pub loupe: Option<PathBuf>,

    /// Side of a cell in pixels.
    #[arg(long, value_name = "PX")]
    pub cell: Option<f32>,

    /// What is around the photos: dark or light.
    #[arg(long, value_name = "THEME", default_value = "dark", value_parser = parse_theme)]
    pub theme: Theme,
}

/// `rushlight demo`.
#[derive(Debug, Args)]
pub struct Demo {
    /// A new or empty folder.
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,

    /// How many photos.
    #[arg(long, value_name = "N", default_value_t = 240, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub photos: u32,

    /// How large they are, 0.01 to 200.
    #[arg(long, value_name = "M", default_value_t = 2.0, value_parser = parse_megapixels)]
    pub megapixels: f32,

    /// The same seed writes the same photos.
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
}

/// `BODY=+00:03:20` as a body and seconds.
fn parse_clock(text: &str) -> Result<Clock, String> {
    let (body, offset) = text.rsplit_once('=').ok_or("expected BODY=+00:03:20, found no =")?;
    let body = body.trim().to_owned();
    if body.is_empty() {
        return Err("expected BODY=+00:03:20, found no body before the =".to_owned());
    }
    Ok(Clock { body, seconds: config::parse_offset(offset)? })
}

/// A sheet is written as PNG whatever its name says.
fn parse_png(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    match path.extension() {
        Some(kind) if kind.eq_ignore_ascii_case("png") => Ok(path),
        _ => Err("expected a file name that ends in .png".to_owned()),
    }
}

fn parse_size(text: &str) -> Result<[u32; 2], String> {
    let sides = text.split_once(['x', 'X', '×']).and_then(|(width, height)| {
        Some([width.trim().parse().ok()?, height.trim().parse().ok()?])
    });
    match sides {
        Some(size @ [16..=16_384, 16..=16_384]) => Ok(size),
        _ => Err("expected width x height, 16 to 16384 each, as in 3840x2160".to_owned()),
    }
}

fn parse_theme(text: &str) -> Result<Theme, String> {
    match text {
        "dark" => Ok(Theme::Dark),
        "light" => Ok(Theme::Light),
        "system" => Ok(Theme::System),
        _ => Err("expected dark, light or system".to_owned()),
    }
}

fn parse_ui_scale(text: &str) -> Result<f32, String> {
    parse_within(text, 0.5, 4.0)
}

fn parse_megapixels(text: &str) -> Result<f32, String> {
    parse_within(text, 0.01, 200.0)
}

fn parse_gigabytes(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(gb) if (0.0..=1e6).contains(&gb) => Ok(gb),
        _ => Err("expected gigabytes, as in 20 or 0.5".to_owned()),
    }
}

fn parse_within(text: &str, least: f32, most: f32) -> Result<f32, String> {
    match text.parse() {
        Ok(value) if (least..=most).contains(&value) => Ok(value),
        _ => Err(format!("expected a number from {least} to {most}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn folders_and_tasks_are_told_apart() {
        let cli = Cli::parse_from(["rushlight", "a", "b"]);
        assert!(cli.command.is_none());
        assert_eq!(cli.open.paths, [PathBuf::from("a"), PathBuf::from("b")]);
        let cli = Cli::parse_from(["rushlight", "index", "a", "--json"]);
        assert!(matches!(cli.command, Some(Task::Index(Index { json: true, .. }))));
    }

    #[test]
    fn a_clock_offset_names_a_body_and_seconds() {
        let clock = parse_clock("EOS R5 123=+00:03:20").unwrap();
        assert_eq!(clock, Clock { body: "EOS R5 123".into(), seconds: 200 });
        for text in ["EOS R5", "EOS R5=soon", "=+5"] {
            assert!(parse_clock(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn gigabytes_are_a_number_and_no_more() {
        let cli = Cli::parse_from(["rushlight", "cache", "trim", "--to", "0.5"]);
        let Some(Task::Cache(CacheArgs { task: CacheTask::Trim(trim) })) = cli.command else {
            panic!("it is a trim");
        };
        assert_eq!(trim.to, Some(0.5));
        for text in ["-1", "nan", "20GB", "inf", ""] {
            assert!(parse_gigabytes(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_sheet_is_a_png() {
        assert!(parse_png("a.PNG").is_ok());
        assert!(parse_png("a.jpg").is_err() && parse_png("sheet").is_err());
    }

    #[test]
    fn sizes_that_no_device_draws_are_refused() {
        assert_eq!(parse_size("3840x2160"), Ok([3840, 2160]));
        for text in ["3840", "0x100", "100x99999", "ax1", ""] {
            assert!(parse_size(text).is_err(), "{text:?}");
        }
    }
}
