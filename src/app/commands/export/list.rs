//! `rushlight export list`: photos for scripts, as paths, CSV or JSON.

use std::io;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

use super::super::decisions::Row;
use super::AppResult;
use super::written;
use crate::app::cli::export::Format;
use crate::app::cli::export::List;
use crate::disk::decisions::Decided;
use crate::disk::export;
use crate::jobs::export::choose::Chosen;

/// Writes the list to its file or to `out`.
pub fn run(task: &List, chosen: &Chosen, out: &mut dyn Write) -> AppResult<()> {
    let Some(output) = &task.output else { return written(write(task, chosen, out)) };
    let mut text = Vec::new();
    written(write(task, chosen, &mut text))?;
    Ok(export::write_list(output, &text)?)
}

fn write(task: &List, chosen: &Chosen, out: &mut dyn Write) -> io::Result<()> {
    match task.format {
        Format::Paths => write_paths(task, chosen, out),
        Format::Csv => write_csv(&chosen.photos, out),
        Format::Json => write_json(&chosen.photos, out),
    }
}

fn write_paths(task: &List, chosen: &Chosen, out: &mut dyn Write) -> io::Result<()> {
    let end = if task.null { b"\0" } else { b"\n" };
    for (photo, _) in &chosen.photos {
        let companions = if task.companions { companions(photo) } else { Vec::new() };
        for path in std::iter::once(photo).chain(&companions) {
            // As the system has it, be it Unicode or not: a script opens what it is given.
            out.write_all(path.as_os_str().as_encoded_bytes())?;
            out.write_all(end)?;
        }
    }
    Ok(())
}

fn write_csv(photos: &[(PathBuf, Option<Decided>)], out: &mut dyn Write) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record(["file", "verdict", "stars", "colour", "tags", "by", "at"])?;
    for (file, decided) in photos {
        match decided {
            Some(decided) => table.write_record(Row::new(file, decided).cells())?,
            None => table.write_record([&file.display().to_string(), "", "0", "", "", "", ""])?,
        }
    }
    table.flush()
}

fn write_json(photos: &[(PathBuf, Option<Decided>)], out: &mut dyn Write) -> io::Result<()> {
    for (file, decided) in photos {
        let names = companions(file).iter().map(|path| path.display().to_string().into()).collect();
        let mut value = match decided {
            Some(decided) => serde_json::to_value(Row::new(file, decided))?,
            None => serde_json::json!({
                "file": file.display().to_string(), "verdict": null, "stars": 0,
                "colour": null, "tags": [], "by": null, "at": null,
            }),
        };
        value["companions"] = serde_json::Value::Array(names);
        serde_json::to_writer(&mut *out, &value)?;
        writeln!(out)?;
    }
    Ok(())
}

/// What travels with a photo; what cannot be looked up is none.
fn companions(photo: &Path) -> Vec<PathBuf> {
    let (gathered, _) = export::gather(&[photo.to_owned()]);
    let files = gathered.into_iter().flatten().map(|source| source.path);
    files.filter(|path| path != photo).collect()
}
