//! Where the person was in each shoot: the photo, the filter, the sort and the size of the cells.
//!
//! One small file of JSON in the data folder, for the last shoots opened, the newest first. It can be
//! thrown away at any time, so that one that cannot be read is an empty one. What is not Unicode is
//! not remembered. Two programs that end at the same time may forget one place.
//!
//! Units: cells in logical pixels.

use std::fs;
use std::path::Path;
use std::path::PathBuf;

use serde::Deserialize;
use serde::Serialize;

use super::DiskError;
use super::DiskResult;
use super::config::write_whole;
use crate::core::order::Sort;
use crate::core::order::SortKey;

/// The file within the data folder.
pub const FILE: &str = "places.json";

/// How many shoots are remembered: a season of them.
const KEPT: usize = 50;

/// Where the person was in a shoot.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Place {
    /// The folders and files that were opened.
    pub roots: Vec<PathBuf>,
    /// The current photo.
    pub photo: Option<PathBuf>,
    /// The filter in force, as it was typed; empty without one.
    pub filter: String,
    /// The sort in force.
    pub sort: Sort,
    /// Width of a cell in logical pixels.
    pub cell: f32,
}

/// The places of the last shoots, the newest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Places {
    all: Vec<Place>,
    /// How many of the first are from this run.
    new_count: usize,
}

/// A place as it stands in the file: what it is called there must not change.
#[derive(Serialize, Deserialize)]
struct Line {
    roots: Vec<String>,
    #[serde(default)]
    photo: Option<String>,
    #[serde(default)]
    filter: String,
    #[serde(default)]
    sort: String,
    #[serde(default)]
    is_reversed: bool,
    #[serde(default)]
    cell: f32,
}

const SORTS: [(SortKey, &str); 5] = [
    (SortKey::Time, "time"),
    (SortKey::Name, "name"),
    (SortKey::Stars, "stars"),
    (SortKey::Keep, "keep"),
    (SortKey::Sharp, "sharp"),
];

impl Line {
    /// `None` where a root is not Unicode.
    fn new(place: &Place) -> Option<Self> {
        let text = |path: &PathBuf| path.to_str().map(str::to_owned);
        let sort = SORTS.iter().find(|(key, _)| *key == place.sort.key);
        Some(Self {
            roots: place.roots.iter().map(text).collect::<Option<_>>()?,
            photo: place.photo.as_ref().and_then(text),
            filter: place.filter.clone(),
            sort: sort.map_or("", |(_, name)| *name).to_owned(),
            is_reversed: place.sort.is_reversed,
            cell: place.cell,
        })
    }

    fn place(self) -> Place {
        let key = SORTS.iter().find(|(_, name)| *name == self.sort);
        let key = key.map_or(Sort::default().key, |(key, _)| *key);
        Place {
            roots: self.roots.into_iter().map(PathBuf::from).collect(),
            photo: self.photo.map(PathBuf::from),
            filter: self.filter,
            sort: Sort { key, is_reversed: self.is_reversed },
            cell: if self.cell.is_finite() { self.cell } else { 0.0 },
        }
    }
}

impl Places {
    /// Reads what is remembered in the data folder.
    #[must_use]
    pub fn load(data: &Path) -> Self {
        let text = fs::read_to_string(data.join(FILE)).unwrap_or_default();
        // One place a line, so that a torn or foreign one costs only itself.
        let lines = text.lines().filter_map(|line| serde_json::from_str::<Line>(line).ok());
        Self { all: lines.map(Line::place).collect(), new_count: 0 }
    }

    /// Where the person was when this was open last.
    #[must_use]
    pub fn of(&self, roots: &[PathBuf]) -> Option<&Place> {
        self.all.iter().find(|place| place.roots == roots)
    }

    /// Takes note of where the person is. Touches no file.
    pub fn note(&mut self, place: Place) {
        let at = self.all.iter().position(|other| other.roots == place.roots);
        if let Some(at) = at {
            self.all.remove(at);
            self.new_count -= usize::from(at < self.new_count);
        }
        self.all.insert(0, place);
        self.new_count += 1;
    }

    /// Writes what this run has taken note of before what the file says now, to another name first.
    ///
    /// # Errors
    /// When the file or its folder cannot be written.
    pub fn save(&self, data: &Path) -> DiskResult<()> {
        if self.new_count == 0 {
            return Ok(());
        }
        let mut whole = Self::load(data);
        self.all[..self.new_count].iter().rev().for_each(|place| whole.note(place.clone()));
        let lines = whole.all.iter().filter_map(Line::new).take(KEPT);
        let text: String = lines
            .map(|line| serde_json::to_string(&line).expect("a place is JSON") + "\n")
            .collect();
        let path = data.join(FILE);
        write_whole(&path, text.as_bytes()).map_err(|source| DiskError::Write { path, source })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(root: &str, filter: &str) -> Place {
        Place { roots: vec![root.into()], filter: filter.to_owned(), ..Place::default() }
    }

    #[test]
    fn a_place_goes_there_and_back() {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("new");
        let whole = Place {
            roots: vec!["/a \"b\"".into(), "/ü\n".into()],
            photo: Some("/a/IMG_1.jpg".into()),
            filter: "stars>=3 \"x\"".into(),
            sort: Sort { key: SortKey::Stars, is_reversed: true },
            cell: 123.5,
        };
        let mut places = Places::load(&data);
        places.note(whole.clone());
        places.save(&data).unwrap();
        let places = Places::load(&data);
        assert_eq!(places.of(&whole.roots), Some(&whole));
        assert_eq!(places.of(&whole.roots[..1]), None, "other roots are another shoot");
    }

    #[test]
    fn the_last_fifty_are_kept_and_another_program_s_too() {
        let dir = tempfile::tempdir().unwrap();
        let (mut first, mut second) = (Places::load(dir.path()), Places::load(dir.path()));
        (0..30).for_each(|n| first.note(place(&format!("/first {n}"), "")));
        (0..25).for_each(|n| second.note(place(&format!("/second {n}"), "")));
        second.note(place("/second 3", "keep"));
        first.save(dir.path()).unwrap();
        second.save(dir.path()).unwrap();
        let all = Places::load(dir.path());
        assert_eq!(all.all.len(), KEPT);
        assert_eq!(all.all[0], place("/second 3", "keep"));
        let is_there = |root: &str| all.of(&[root.into()]).is_some();
        assert!(is_there("/first 29") && is_there("/first 5") && !is_there("/first 4"));
    }

    #[test]
    fn a_line_that_is_torn_costs_itself() {
        let dir = tempfile::tempdir().unwrap();
        let text =
            "{\"roots\":[\"/a\"],\"photo\n{\"roots\":[\"/b\"],\"sort\":\"luck\",\"new\":1}\n\0";
        fs::write(dir.path().join(FILE), text).unwrap();
        assert_eq!(Places::load(dir.path()).all, [place("/b", "")]);
    }
}
