//! `rushlight index`: reads a shoot and says what was read.

use std::io::Write;
use std::time::Instant;

use indicatif::ProgressBar;
use indicatif::ProgressStyle;
use serde::Serialize;

use super::AppError;
use super::AppResult;
use super::Outcome;
use super::check_paths;
use crate::app::cli::Index;
use crate::app::window::now;
use crate::core::coded::Coding;
use crate::disk::config::Settings;
use crate::disk::folders::Folders;
use crate::jobs::cached::Cached;
use crate::jobs::embed::Loading;
use crate::jobs::index;
use crate::jobs::index::Summary;

/// The summary as it is printed. The names are an interface and stay.
#[derive(Debug, Serialize)]
struct Report {
    photos: u64,
    failed: usize,
    opens: u64,
    decodes: u64,
    previews: u64,
    cache_hits: u64,
    bytes_read: u64,
    seconds: f64,
    photos_per_second: f64,
}

/// One failed file as it is printed.
#[derive(Debug, Serialize)]
struct Failed {
    file: String,
    reason: String,
}

/// Reads a shoot and writes what was read to `out`.
///
/// # Errors
/// When a path does not exist, or there is no photo.
pub fn run(task: &Index, out: &mut dyn Write) -> AppResult<Outcome> {
    check_paths(&task.paths)?;
    let begin = Instant::now();
    let bar = progress_bar();
    let folders = Folders::find()?;
    let (settings, mistakes) = Settings::load(&folders.settings());
    for mistake in mistakes {
        tracing::warn!("{mistake}");
    }
    // Every device that draws without delay reads blocks.
    let network = Loading::later(settings.model.clone(), Some(folders.clone()));
    let cached = Cached::at(&settings.cache, &folders, Coding::Bc7).seen_by(network);
    let summary = index::index(&task.paths, &cached, now(), &|done, total| {
        bar.set_length(total);
        bar.set_position(done);
    });
    bar.finish_and_clear();
    while let Some(hint) = cached.take_hint() {
        tracing::warn!("{hint}");
    }
    let seconds = begin.elapsed().as_secs_f64();
    let written = match task.json {
        true => write_json(&summary, seconds, out),
        false => write_words(&summary, seconds, out),
    };
    written.map_err(|source| AppError::System {
        what: "writing the summary",
        source: source.into(),
    })?;
    match &summary {
        Summary { photos: 0, failed, .. } if failed.is_empty() => {
            Err(AppError::NoPhotos { paths: task.paths.clone() })
        }
        Summary { failed, .. } if failed.is_empty() => Ok(Outcome::Done),
        _ => Ok(Outcome::Partly),
    }
}

/// A progress bar on the terminal's error output; nothing where that is no terminal.
pub(super) fn progress_bar() -> ProgressBar {
    let style =
        ProgressStyle::with_template("{bar:40} {pos} of {len} photos, {per_sec}, {eta} left");
    let bar = ProgressBar::new(0);
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

fn report(summary: &Summary, seconds: f64) -> Report {
    Report {
        photos: summary.photos,
        failed: summary.failed.len(),
        opens: summary.opens,
        decodes: summary.decodes,
        previews: summary.previews,
        cache_hits: summary.cache_hits,
        bytes_read: summary.bytes_read,
        seconds,
        photos_per_second: if seconds > 0.0 { summary.photos as f64 / seconds } else { 0.0 },
    }
}

fn write_json(summary: &Summary, seconds: f64, out: &mut dyn Write) -> std::io::Result<()> {
    serde_json::to_writer(&mut *out, &report(summary, seconds))?;
    writeln!(out)?;
    for (path, reason) in &summary.failed {
        let failed = Failed { file: path.display().to_string(), reason: reason.clone() };
        serde_json::to_writer(&mut *out, &failed)?;
        writeln!(out)?;
    }
    Ok(())
}

fn write_words(summary: &Summary, seconds: f64, out: &mut dyn Write) -> std::io::Result<()> {
    let Report { photos, failed, opens, decodes, previews, cache_hits, bytes_read, .. } =
        report(summary, seconds);
    let rate = photos as f64 / seconds.max(1e-9);
    let megabytes = bytes_read as f64 / 1e6;
    writeln!(out, "{photos} photos in {seconds:.2} s, {rate:.1} photos a second")?;
    writeln!(
        out,
        "{opens} opens, {decodes} decodes, {previews} previews, {cache_hits} from the cache, \
         {megabytes:.1} MB read"
    )?;
    if failed > 0 {
        writeln!(out, "{failed} failed:")?;
    }
    for (_, reason) in &summary.failed {
        writeln!(out, "  {reason}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary() -> Summary {
        Summary {
            photos: 3,
            failed: vec![("b.jpg".into(), "the file is empty (0 bytes); file: b.jpg".into())],
            opens: 3,
            decodes: 2,
            bytes_read: 2_500_000,
            ..Summary::default()
        }
    }

    #[test]
    fn json_has_the_names_that_scripts_read() {
        let mut out = Vec::new();
        write_json(&summary(), 0.5, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines,
            [
                r#"{"photos":3,"failed":1,"opens":3,"decodes":2,"previews":0,"cache_hits":0,"bytes_read":2500000,"seconds":0.5,"photos_per_second":6.0}"#,
                r#"{"file":"b.jpg","reason":"the file is empty (0 bytes); file: b.jpg"}"#,
            ]
        );
    }

    #[test]
    fn words_name_every_failed_file() {
        let mut out = Vec::new();
        write_words(&summary(), 0.5, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("3 photos in 0.50 s, 6.0 photos a second"), "{text}");
        assert!(
            text.ends_with("1 failed:\n  the file is empty (0 bytes); file: b.jpg\n"),
            "{text}"
        );
    }
}
