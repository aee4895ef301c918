//! `rushlight decisions`: what has been decided about a shoot, for people and for scripts.

use std::io;
use std::io::Write;
use std::path::Path;

use serde::Serialize;

use super::AppError;
use super::AppResult;
use super::Outcome;
use super::check_paths;
use super::written;
use crate::app::cli;
use crate::core::label::Colour;
use crate::core::label::Verdict;
use crate::disk::decisions::Decided;
use crate::disk::decisions::Origin;
use crate::disk::folders::Folders;
use crate::jobs::decided;

/// A photo as it is printed. The names are an interface and stay.
#[derive(Debug, Serialize)]
pub(super) struct Row<'a> {
    file: String,
    verdict: Option<&'static str>,
    stars: u8,
    colour: Option<&'static str>,
    tags: Vec<&'a str>,
    by: &'static str,
    at: String,
}

impl<'a> Row<'a> {
    pub(super) fn new(file: &Path, decided: &'a Decided) -> Self {
        let label = &decided.label;
        Self {
            file: file.display().to_string(),
            verdict: match label.verdict {
                Verdict::Undecided => None,
                Verdict::Keep => Some("keep"),
                Verdict::Trash => Some("trash"),
            },
            stars: label.stars,
            colour: match label.colour {
                Colour::None => None,
                Colour::Red => Some("red"),
                Colour::Yellow => Some("yellow"),
                Colour::Green => Some("green"),
                Colour::Blue => Some("blue"),
            },
            tags: label.tags().iter().map(AsRef::as_ref).collect(),
            // Whoever accepts a proposal decides.
            by: match decided.by {
                Origin::Person | Origin::Proposal => "person",
                Origin::Import => "import",
            },
            at: format!("{}Z", decided.at),
        }
    }

    /// As a row of a table. Tags stand in one cell, with a semicolon between two.
    pub(super) fn cells(&self) -> [String; 7] {
        [
            self.file.clone(),
            self.verdict.unwrap_or_default().to_owned(),
            self.stars.to_string(),
            self.colour.unwrap_or_default().to_owned(),
            self.tags.join(";"),
            self.by.to_owned(),
            self.at.clone(),
        ]
    }
}

/// Reads what is decided about photos and writes it to `out`.
///
/// # Errors
/// When a path does not exist, there is no photo, or the store cannot be read.
pub fn run(task: &cli::Decisions, out: &mut dyn Write) -> AppResult<Outcome> {
    check_paths(&task.paths)?;
    let summary = decided::read(&task.paths, &Folders::find()?.data)?;
    for reason in &summary.failed {
        tracing::warn!("{reason}");
    }
    if summary.total == 0 && summary.failed.is_empty() {
        return Err(AppError::NoPhotos { paths: task.paths.clone() });
    }
    let rows = summary.photos.iter().map(|(file, decided)| Row::new(file, decided));
    written(match (task.json, task.csv) {
        (true, _) => write_json(rows, out),
        (_, true) => write_csv(rows, out),
        _ => write_words(rows, summary.total, out),
    })?;
    Ok(if summary.failed.is_empty() { Outcome::Done } else { Outcome::Partly })
}

fn write_json<'a>(rows: impl Iterator<Item = Row<'a>>, out: &mut dyn Write) -> io::Result<()> {
    for row in rows {
        serde_json::to_writer(&mut *out, &row)?;
        writeln!(out)?;
    }
    Ok(())
}

fn write_csv<'a>(rows: impl Iterator<Item = Row<'a>>, out: &mut dyn Write) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record(["file", "verdict", "stars", "colour", "tags", "by", "at"])?;
    for row in rows {
        table.write_record(row.cells())?;
    }
    table.flush()
}

fn write_words<'a>(
    rows: impl Iterator<Item = Row<'a>>,
    total: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut count = 0;
    for row in rows {
        count += 1;
        let stars = "*".repeat(usize::from(row.stars));
        let (verdict, colour) = (row.verdict.unwrap_or("-"), row.colour.unwrap_or_default());
        write!(out, "{verdict:<5}  {stars:<5}  {colour:<6}  {}", row.file)?;
        if !row.tags.is_empty() {
            write!(out, "  [{}]", row.tags.join(", "))?;
        }
        writeln!(out)?;
    }
    writeln!(out, "{count} of {total} photos decided on")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::label::Decision;
    use crate::core::label::Label;
    use crate::core::photo::Timestamp;

    fn decided(decisions: &[Decision]) -> Decided {
        let label = decisions.iter().fold(Label::default(), |label, d| label.with(d));
        let at = Timestamp::from_civil([2026, 5, 3], [12, 0, 1], 0).expect("the date exists");
        Decided { label, by: Origin::Person, at, is_free: true }
    }

    fn text(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        write(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn json_has_the_names_that_scripts_read() {
        let kept = decided(&[Decision::Keep, Decision::Stars(4), Decision::Tag("a".into())]);
        let starred = decided(&[Decision::Stars(1), Decision::Colour(Colour::Red)]);
        let rows = [("a.jpg", &kept), ("b.jpg", &starred)];
        let json = text(|out| write_json(rows.iter().map(|(f, d)| Row::new(Path::new(f), d)), out));
        let expect = [
            r#"{"file":"a.jpg","verdict":"keep","stars":4,"colour":null,"tags":["a"],"by":"person","at":"2026-05-03T12:00:01Z"}"#,
            r#"{"file":"b.jpg","verdict":null,"stars":1,"colour":"red","tags":[],"by":"person","at":"2026-05-03T12:00:01Z"}"#,
        ];
        assert_eq!(json.lines().collect::<Vec<_>>(), expect);
    }

    #[test]
    fn csv_quotes_what_must_be_quoted() {
        let tags = ["first, dance", "cake"].map(|tag| Decision::Tag(tag.into()));
        let trashed = decided(&[&[Decision::Trash], &tags[..]].concat());
        let csv =
            text(|out| write_csv([Row::new(Path::new("a \"1\".jpg"), &trashed)].into_iter(), out));
        assert_eq!(
            csv,
            "file,verdict,stars,colour,tags,by,at\n\
             \"a \"\"1\"\".jpg\",trash,0,,\"cake;first, dance\",person,2026-05-03T12:00:01Z\n"
        );
    }
}
