//! `rushlight export list`: photos for scripts, as paths, CSV or JSON.

use std::collections::HashMap;
use std::io;
use std::io::Write;
use std::path::PathBuf;

use super::super::decisions::Row;
use super::AppResult;
use super::written;
use crate::app::cli::export::Format;
use crate::app::cli::export::List;
use crate::core::export::Source;
use crate::disk::export;
use crate::jobs::decided::Read;
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

/// A list as text, one path a line.
pub fn paths(photos: &[Read]) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    for (photo, _) in photos {
        text.extend(photo.as_os_str().as_encoded_bytes());
        text.push(b'\n');
    }
    Ok(text)
}

/// A list as comma-separated values.
pub fn csv(photos: &[Read]) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    write_csv(photos, &mut text)?;
    Ok(text)
}

/// A list as JSON, an object a line.
pub fn json(photos: &[Read]) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    write_json(photos, &mut text)?;
    Ok(text)
}

fn write_paths(task: &List, chosen: &Chosen, out: &mut dyn Write) -> io::Result<()> {
    let end = if task.null { b"\0" } else { b"\n" };
    let companions = if task.companions { companions(&chosen.photos) } else { HashMap::new() };
    for (photo, _) in &chosen.photos {
        let others = companions.get(photo).into_iter().flatten();
        for path in std::iter::once(photo).chain(others) {
            // As the system has it, be it Unicode or not: a script opens what it is given.
            out.write_all(path.as_os_str().as_encoded_bytes())?;
            out.write_all(end)?;
        }
    }
    Ok(())
}

fn write_csv(photos: &[Read], out: &mut dyn Write) -> io::Result<()> {
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

fn write_json(photos: &[Read], out: &mut dyn Write) -> io::Result<()> {
    let companions = companions(photos);
    for (file, decided) in photos {
        let others = companions.get(file).into_iter().flatten();
        let names = others.map(|path| path.display().to_string().into()).collect();
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

/// What travels with each photo, each folder being looked at once; what cannot be looked up is none.
fn companions(photos: &[Read]) -> HashMap<PathBuf, Vec<PathBuf>> {
    let paths: Vec<PathBuf> = photos.iter().map(|(path, _)| path.clone()).collect();
    let (gathered, _) = export::gather(&paths);
    let split = |files: Vec<Source>| {
        let mut paths = files.into_iter().map(|source| source.path);
        Some((paths.next()?, paths.collect()))
    };
    gathered.into_iter().filter_map(split).collect()
}
