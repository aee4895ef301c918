//! `rushlight cache`: looks after the tiles on disk.
//!
//! What is done is `disk::cache`'s; here it is put into words. Asking for numbers changes nothing and
//! works beside an open Rushlight; the rest is refused while one is open.

use std::io;
use std::io::Write;
use std::path::Path;

use serde::Serialize;

use super::AppError;
use super::AppResult;
use super::Outcome;
use super::index::progress_bar;
use crate::app::cli::CacheTask;
use crate::core::coded::Coding;
use crate::core::photo::Timestamp;
use crate::disk::cache::Cache;
use crate::disk::cache::Setup;
use crate::disk::cache::care;
use crate::disk::cache::care::Counts;
use crate::disk::cache::care::Holder;
use crate::disk::cache::care::Stats;
use crate::disk::cache::care::Verdict;
use crate::disk::cache::volume;
use crate::disk::cache::volume::Home;
use crate::disk::config::Settings;
use crate::disk::folders::Folders;

/// Does the task and says what was done.
///
/// # Errors
/// When another Rushlight has the cache open, there is no folder for it, or files cannot be written.
pub fn run(task: &CacheTask, out: &mut dyn Write) -> AppResult<Outcome> {
    let home = home()?;
    let (outcome, written) = match task {
        CacheTask::Stats(task) => {
            let stats = Stats::of(&home.folder);
            let written = match task.json {
                true => write_json(&home, &stats, out),
                false => write_words(&home, &stats, out),
            };
            (Outcome::Done, written)
        }
        CacheTask::Clear => {
            let freed = care::clear(&home.folder)?;
            (Outcome::Done, writeln!(out, "deleted {} of tiles", size(freed)))
        }
        CacheTask::Verify | CacheTask::Trim(_) if !home.folder.exists() => {
            (Outcome::Done, writeln!(out, "no tiles are kept yet; folder: {}", folder(&home)))
        }
        CacheTask::Verify => verify(&home, out)?,
        CacheTask::Trim(task) => (Outcome::Done, trim(&home, task.to, out)?),
    };
    written.map_err(|source| AppError::System {
        what: "writing to the terminal",
        source: source.into(),
    })?;
    Ok(outcome)
}

/// Where the settings say that the cache is.
fn home() -> AppResult<Home> {
    let folders = Folders::find()?;
    let (settings, mistakes) = Settings::load(&folders.settings());
    for mistake in mistakes {
        tracing::warn!("{mistake}");
    }
    let home = Home::find(&settings.cache, &folders)?;
    if let Some((wanted, kind)) = &home.instead_of {
        let (wanted, taken) = (wanted.display(), home.folder.display());
        tracing::warn!(
            "tiles are not kept on a network ({kind}): {wanted}; they are in {taken}. \
             `folder` under [cache] in the settings names another place"
        );
    }
    Ok(home)
}

fn open(home: &Home, out: &mut dyn Write) -> AppResult<(Cache, io::Result<()>)> {
    let Home { folder, cap_bytes, .. } = home;
    // Every task looks at both codings.
    let cache = Cache::open(&Setup { folder, coding: Coding::Bc7, cap_bytes: *cap_bytes })?;
    let written = cache.findings().iter().try_for_each(|finding| writeln!(out, "{finding}"));
    Ok((cache, written))
}

fn verify(home: &Home, out: &mut dyn Write) -> AppResult<(Outcome, io::Result<()>)> {
    let (cache, written) = open(home, out)?;
    let bar = progress_bar();
    let verdict = cache.verify(&mut |done, total| {
        bar.set_length(total);
        bar.set_position(done);
    });
    bar.finish_and_clear();
    let verdict = verdict?;
    let is_whole = verdict.bad.is_empty() && cache.findings().is_empty();
    let outcome = if is_whole { Outcome::Done } else { Outcome::Partly };
    Ok((outcome, written.and_then(|()| write_verdict(&verdict, out))))
}

fn write_verdict(verdict: &Verdict, out: &mut dyn Write) -> io::Result<()> {
    let Verdict { photos, pictures, bytes, bad } = verdict;
    writeln!(out, "checked {photos} photos: {pictures} tiles, {}", size(*bytes))?;
    match bad.len() {
        0 => writeln!(out, "all are whole"),
        count => {
            writeln!(out, "{count} photos had damaged tiles; they will be made again:")?;
            bad.iter().try_for_each(|path| writeln!(out, "  {}", path.display()))
        }
    }
}

fn trim(home: &Home, to_gb: Option<f64>, out: &mut dyn Write) -> AppResult<io::Result<()>> {
    let (cache, written) = open(home, out)?;
    let target_bytes = to_gb.map_or(home.cap_bytes, volume::bytes_of_gb);
    let [before, after] = cache.trim(target_bytes)?;
    Ok(written.and_then(|()| {
        let freed = size(before.saturating_sub(after));
        writeln!(out, "gave {freed} back to the disk; tiles take {} now", size(after))
    }))
}

fn folder(home: &Home) -> std::path::Display<'_> {
    Path::display(&home.folder)
}

/// The numbers as they are printed. The names are an interface and stay.
#[derive(Debug, Serialize)]
struct Report<'a> {
    folder: String,
    cap_bytes: u64,
    total_bytes: u64,
    photos: u64,
    large: u64,
    small: u64,
    micro: u64,
    rgba8: u64,
    oldest_seen: Option<String>,
    newest_seen: Option<String>,
    is_open: bool,
    process: Option<u32>,
    files: Vec<FileReport<'a>>,
}

#[derive(Debug, Serialize)]
struct FileReport<'a> {
    file: &'a str,
    bytes: u64,
}

fn write_json(home: &Home, stats: &Stats, out: &mut dyn Write) -> io::Result<()> {
    let counts = stats.counts.unwrap_or_default();
    let Counts { photos, large, small, micro, rgba8, oldest, newest } = counts;
    let (is_open, process) = match stats.holder {
        Holder::Nobody => (false, None),
        Holder::Program(process) => (true, process),
    };
    let files = stats.files.iter().map(|(file, bytes)| FileReport { file, bytes: *bytes });
    let report = Report {
        folder: folder(home).to_string(),
        cap_bytes: home.cap_bytes,
        total_bytes: stats.total_bytes(),
        photos,
        large,
        small,
        micro,
        rgba8,
        oldest_seen: oldest.map(|at| format!("{}Z", time(at, 'T'))),
        newest_seen: newest.map(|at| format!("{}Z", time(at, 'T'))),
        is_open,
        process,
        files: files.collect(),
    };
    serde_json::to_writer(&mut *out, &report)?;
    writeln!(out)
}

fn write_words(home: &Home, stats: &Stats, out: &mut dyn Write) -> io::Result<()> {
    let (total, cap) = (size(stats.total_bytes()), size(home.cap_bytes));
    writeln!(out, "folder   {}", folder(home))?;
    writeln!(out, "takes    {total} of at most {cap} (size_gb under [cache] in the settings)")?;
    match &stats.counts {
        None => writeln!(out, "photos   none yet")?,
        Some(counts) => {
            let Counts { photos, large, small, .. } = counts;
            writeln!(
                out,
                "photos   {photos}; {large} open sharp in the grid, {small} at least small"
            )?;
            if let (Some(oldest), Some(newest)) = (counts.oldest, counts.newest) {
                let (oldest, newest) = (time(oldest, ' '), time(newest, ' '));
                writeln!(out, "looked   at for the last time from {oldest} to {newest} (UTC)")?;
            }
        }
    }
    match stats.holder {
        Holder::Nobody => writeln!(out, "open in  no Rushlight")?,
        Holder::Program(None) => writeln!(out, "open in  another Rushlight")?,
        Holder::Program(Some(process)) => {
            writeln!(out, "open in  another Rushlight, process {process}")?;
        }
    }
    stats.files.iter().try_for_each(|(file, bytes)| writeln!(out, "{:>10}  {file}", size(*bytes)))
}

/// Bytes in the unit in which they are told most shortly: powers of ten, as disks are sold.
fn size(bytes: u64) -> String {
    match bytes {
        0..1000 => format!("{bytes} bytes"),
        1000..1_000_000 => format!("{:.0} kB", bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.2} GB", bytes as f64 / 1e9),
    }
}

fn time(at: Timestamp, between: char) -> String {
    let [year, month, day, hour, minute, second] = at.to_civil();
    format!("{year:04}-{month:02}-{day:02}{between}{hour:02}:{minute:02}:{second:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> (Home, Stats) {
        let home = Home { folder: "/c/tiles".into(), cap_bytes: 20_000_000_000, instead_of: None };
        let counts = Counts {
            photos: 3,
            large: 1,
            small: 2,
            micro: 2,
            rgba8: 0,
            oldest: Some(Timestamp(0)),
            newest: Some(Timestamp(86_400 * Timestamp::SECOND)),
        };
        let files = vec![("bc7/large.atlas".to_owned(), 225_280), ("index.sqlite".to_owned(), 900)];
        (home, Stats { files, counts: Some(counts), holder: Holder::Program(Some(7)) })
    }

    fn text(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        write(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn json_has_the_names_that_scripts_read() {
        let (home, stats) = example();
        let expect = concat!(
            r#"{"folder":"/c/tiles","cap_bytes":20000000000,"total_bytes":226180,"photos":3,"#,
            r#""large":1,"small":2,"micro":2,"rgba8":0,"oldest_seen":"1970-01-01T00:00:00Z","#,
            r#""newest_seen":"1970-01-02T00:00:00Z","is_open":true,"process":7,"files":["#,
            r#"{"file":"bc7/large.atlas","bytes":225280},{"file":"index.sqlite","bytes":900}]}"#,
            "\n"
        );
        assert_eq!(text(|out| write_json(&home, &stats, out)), expect);
    }

    #[test]
    fn words_are_a_photographers() {
        let (home, stats) = example();
        let expect = "folder   /c/tiles\n\
             takes    226 kB of at most 20.00 GB (size_gb under [cache] in the settings)\n\
             photos   3; 1 open sharp in the grid, 2 at least small\n\
             looked   at for the last time from 1970-01-01 00:00:00 to 1970-01-02 00:00:00 (UTC)\n\
             open in  another Rushlight, process 7\n    \
             225 kB  bc7/large.atlas\n \
             900 bytes  index.sqlite\n";
        assert_eq!(text(|out| write_words(&home, &stats, out)), expect);
    }

    #[test]
    fn a_verdict_names_every_damaged_photo() {
        let verdict =
            Verdict { photos: 2, pictures: 8, bytes: 5_000_000, bad: vec!["/a/1.jpg".into()] };
        let expect = "checked 2 photos: 8 tiles, 5.0 MB\n\
                      1 photos had damaged tiles; they will be made again:\n  /a/1.jpg\n";
        assert_eq!(text(|out| write_verdict(&verdict, out)), expect);
    }
}
