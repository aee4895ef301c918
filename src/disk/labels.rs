//! Labels from a file: which photos were kept and which trashed, as other programs and tests say it.
//!
//! Two kinds, told apart by the name: `.json` is one object with an object for each file, whose `label` is
//! keep or trash, and which may tell true faults beside it (a made-up shoot's `truth.json`); everything
//! else is comma-separated (RFC 4180) with a heading `file,label`. Files are named as they are called, or
//! by their path.

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::DiskError;
use super::DiskResult;

/// What is said of one photo.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Labelled {
    /// Kept, or else trashed.
    pub is_kept: bool,
    /// True faults by their names, where the file tells them.
    pub faults: BTreeMap<String, f64>,
    /// Whether it is the best of its burst, where the file tells.
    pub is_best: Option<bool>,
    /// What it is a picture of, where the file tells.
    pub source: Option<String>,
}

/// The labels of a file.
#[derive(Debug, Clone, Default)]
pub struct Labels(HashMap<String, Labelled>);

#[derive(Deserialize)]
struct Truth {
    label: String,
    #[serde(default)]
    faults: BTreeMap<String, f64>,
    best: Option<bool>,
    source: Option<String>,
}

#[derive(Deserialize)]
struct Line {
    file: String,
    label: String,
}

impl Labels {
    /// Reads a file of labels.
    ///
    /// # Errors
    /// When it cannot be read, or says something else than keep and trash.
    pub fn read(path: &Path) -> DiskResult<Self> {
        let text = fs::read_to_string(path)
            .map_err(|source| DiskError::LabelsUnread { path: path.to_owned(), source })?;
        let is_json = path.extension().is_some_and(|kind| kind.eq_ignore_ascii_case("json"));
        let parsed = if is_json { from_json(&text) } else { from_csv(&text) };
        parsed.map(Self).map_err(|reason| DiskError::Labels { reason, path: path.to_owned() })
    }

    /// What is said of the photo at `path`.
    #[must_use]
    pub fn of(&self, path: &Path) -> Option<&Labelled> {
        let name = path.file_name()?.to_str()?;
        let whole = path.to_str().and_then(|whole| self.0.get(whole));
        whole.or_else(|| self.0.get(name))
    }

    /// How many photos something is said of.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing is said of any photo.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn from_json(text: &str) -> Result<HashMap<String, Labelled>, String> {
    let all: HashMap<String, Truth> = serde_json::from_str(text).map_err(|e| e.to_string())?;
    let each = |(file, truth): (String, Truth)| {
        let is_kept = verdict(&truth.label).ok_or_else(|| strange(&file, &truth.label))?;
        let Truth { faults, best, source, .. } = truth;
        Ok((file, Labelled { is_kept, faults, is_best: best, source }))
    };
    all.into_iter().map(each).collect()
}

fn from_csv(text: &str) -> Result<HashMap<String, Labelled>, String> {
    let mut lines = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let each = |line: csv::Result<Line>| {
        let Line { file, label } = line.map_err(|e| e.to_string())?;
        let is_kept = verdict(&label).ok_or_else(|| strange(&file, &label))?;
        Ok((file, Labelled { is_kept, ..Labelled::default() }))
    };
    lines.deserialize().map(each).collect()
}

fn verdict(label: &str) -> Option<bool> {
    match label.to_ascii_lowercase().as_str() {
        "keep" => Some(true),
        "trash" => Some(false),
        _ => None,
    }
}

fn strange(file: &str, label: &str) -> String {
    format!("{file} is labelled {label:?}, expected keep or trash")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, text: &str, expect: Option<&[(&str, bool)]>) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(name);
        fs::write(&path, text).unwrap();
        let found = Labels::read(&path).ok().map(|labels| {
            let mut all: Vec<_> = labels.0.into_iter().map(|(f, l)| (f, l.is_kept)).collect();
            all.sort();
            all
        });
        let expect: Option<Vec<_>> =
            expect.map(|all| all.iter().map(|(f, kept)| ((*f).to_owned(), *kept)).collect());
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn labels_come_as_a_table_or_as_truth() {
        let two: &[_] = &[("a, b.jpg", true), ("c.jpg", false)];
        check("l.csv", "file,label\n\"a, b.jpg\",keep\nc.jpg, Trash\n", Some(two));
        check("l.csv", "label,more,file\nkeep,1,\"a, b.jpg\"\ntrash,2,c.jpg\n", Some(two));
        check(
            "t.json",
            r#"{"a, b.jpg":{"label":"keep","scene":1},"c.jpg":{"label":"trash","faults":{"motion":22},"burst":null}}"#,
            Some(two),
        );
        check("l.csv", "file,label\na.jpg,maybe\n", None);
        check("l.csv", "a.jpg,keep\n", Some(&[]));
        check("t.json", "[]", None);
        check("l.csv", "file,stars\na.jpg,keep\n", None);
    }

    #[test]
    fn photos_are_found_by_name_or_by_path() {
        let labels = Labels(from_csv("file,label\na.jpg,keep\n/x/b.jpg,trash\n").unwrap());
        assert!(labels.of(Path::new("/y/a.jpg")).is_some());
        assert!(labels.of(Path::new("/x/b.jpg")).is_some());
        assert!(labels.of(Path::new("/y/b.jpg")).is_none());
        assert_eq!(labels.len(), 2);
    }
}
