//! The settings that a person can write by hand.
//!
//! A mistake in the settings costs its own key alone: the default is taken for it, and the mistake
//! is told with line and key. What a person wrote is not destroyed either: saving changes the keys
//! whose values have changed and leaves the others, the unknown and the mistaken ones, as they are
//! (comments excepted, which are lost when something is saved). A file that is no TOML at all is
//! never written over.
//!
//! Units: bytes in MiB, cells in physical pixels, clock offsets in seconds.

mod keys;

use std::collections::BTreeMap;
use std::fs;
use std::fs::File;
use std::io;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

use serde::Deserialize;
use serde::Serialize;
use toml::Spanned;
use toml::Table;
use toml::Value;

use super::DiskError;
use super::DiskResult;
use super::cache::settings::CacheSettings;
use super::colour::settings::DisplaySettings;
use super::decisions::sync_folder;
use super::learn::LearnSettings;
use super::model::settings::ModelSettings;
use super::sidecar::settings::SidecarSettings;

/// What a person may set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// The files and folders opened last. A name that is not Unicode is not remembered.
    pub last_folders: Vec<PathBuf>,
    /// Whether a decision goes on to the next photo.
    pub auto_advance: bool,
    /// Whether held arrow keys travel faster and faster instead of showing every photo.
    pub fast_travel: bool,
    /// How much memory tiles may take, in MiB.
    pub tile_memory_mib: u32,
    /// Seconds to add to the clock of a camera body, named as `PhotoMeta::body` names it.
    pub clock_offsets_seconds: BTreeMap<String, i64>,
    /// Width of a cell of the grid in physical pixels.
    pub cell_px: Option<f32>,
    /// The tiles on disk.
    pub cache: CacheSettings,
    /// The network, and the library that runs it.
    pub model: ModelSettings,
    /// Keys that are not the usual ones, by what they do.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub keys: BTreeMap<String, Vec<String>>,
    /// Sidecars.
    pub sidecars: SidecarSettings,
    /// What the display shows.
    pub display: DisplaySettings,
    /// Learning from what is decided.
    pub learn: LearnSettings,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            last_folders: Vec::new(),
            auto_advance: true,
            fast_travel: false,
            // 1,160 tiles of 3:2 with all their levels in BC7 (231 KB each), or 4,900 without the
            // largest, which leaves first: more than the largest wall shows of either.
            tile_memory_mib: 64,
            clock_offsets_seconds: BTreeMap::new(),
            cell_px: None,
            cache: CacheSettings::default(),
            model: ModelSettings::default(),
            keys: BTreeMap::new(),
            sidecars: SidecarSettings::default(),
            display: DisplaySettings::default(),
            learn: LearnSettings::default(),
        }
    }
}

impl Settings {
    /// Reads the settings file, with the mistakes in it. No file is no mistake.
    #[must_use]
    pub fn load(path: &Path) -> (Self, Vec<DiskError>) {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                return Self::default().and(Vec::new());
            }
            Err(e) => return Self::default().and(vec![mistake(path, e.to_string())]),
        };
        let (settings, reasons) = match Self::parse(&text) {
            Ok(read) => read,
            Err(reason) => (Self::default(), vec![reason]),
        };
        settings.and(reasons.into_iter().map(|r| mistake(path, r)).collect())
    }

    fn and(self, mistakes: Vec<DiskError>) -> (Self, Vec<DiskError>) {
        (self, mistakes)
    }

    /// Writes what differs from the file, to another name first: a crash leaves the old or the new.
    pub fn save(&self, path: &Path) -> DiskResult<()> {
        let failed = |source| DiskError::Write { path: path.to_owned(), source };
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(e) if e.kind() == io::ErrorKind::NotFound => String::new(),
            Err(e) => return Err(failed(e)),
        };
        let mut table: Table =
            toml::from_str(&text).map_err(|e| mistake(path, syntax(&text, &e)))?;
        let (old, _) = Self::parse(&text).map_err(|r| mistake(path, r))?;
        let (old, new) = (old.table(), self.table());
        let keys: Vec<_> = old.keys().chain(new.keys()).cloned().collect();
        for key in keys.into_iter().filter(|key| old.get(key) != new.get(key)) {
            match new.get(&key) {
                Some(value) => _ = table.insert(key, value.clone()),
                None => _ = table.remove(&key),
            }
        }
        let text = toml::to_string_pretty(&table).expect("a table of TOML values is TOML");
        write_whole(path, text.as_bytes()).map_err(failed)
    }

    /// The settings that `text` makes, and the mistakes in single keys; or why it is no TOML.
    fn parse(text: &str) -> Result<(Self, Vec<String>), String> {
        let table: BTreeMap<Spanned<String>, Spanned<Value>> =
            toml::from_str(text).map_err(|e| syntax(text, &e))?;
        let mut settings = Self::default();
        let mut mistakes = Vec::new();
        for (key, value) in table {
            let line = line_of(text, key.span().start);
            let key = key.into_inner();
            settings.set(&key, value.into_inner(), &mut |inner, expected, found| {
                let key = inner.map_or_else(|| key.clone(), |inner| format!("{key}.\"{inner}\""));
                mistakes.push(format!("line {line}: {key} is {found}, expected {expected}"));
            });
        }
        Ok((settings, mistakes))
    }

    fn table(&self) -> Table {
        let is_unicode = |path: &&PathBuf| path.to_str().is_some();
        let last_folders = self.last_folders.iter().filter(is_unicode).cloned().collect();
        Table::try_from(Self { last_folders, ..self.clone() }).expect("the settings are TOML")
    }
}

const OFFSETS: &str = "seconds or an offset such as \"+00:03:20\" or \"-90s\"";

/// The seconds that an offset like `+00:03:20`, `-90s` or `+3600` means.
pub fn parse_offset(text: &str) -> Result<i64, String> {
    let refused = || format!("{text:?} is no clock offset, expected {OFFSETS}");
    let bare = text.trim();
    let (sign, digits) = match bare.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, bare.strip_prefix('+').unwrap_or(bare)),
    };
    let number = |part: &str| {
        let is_digits = !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        // Nine digits of hours are still far from the end of an i64 of seconds.
        (is_digits && part.len() <= 9).then(|| part.parse::<i64>().ok()).flatten()
    };
    let parts: Option<Vec<i64>> = digits.split(':').map(number).collect();
    let seconds = match parts.as_deref() {
        Some([seconds]) => Some(*seconds),
        Some([h, m]) if *m < 60 => Some(h * 3600 + m * 60),
        Some([h, m, s]) if *m < 60 && *s < 60 => Some(h * 3600 + m * 60 + s),
        _ => digits.strip_suffix('s').and_then(number),
    };
    seconds.map(|seconds| sign * seconds).ok_or_else(refused)
}

fn mistake(path: &Path, reason: String) -> DiskError {
    DiskError::Settings { reason, path: path.to_owned() }
}

fn syntax(text: &str, error: &toml::de::Error) -> String {
    let line = line_of(text, error.span().map_or(0, |span| span.start));
    format!("line {line}: {}", error.message())
}

/// The line, from 1, on which `key` of a table is set in a settings file.
#[must_use]
pub fn line_in(path: &Path, table: &str, key: &str) -> Option<usize> {
    let text = fs::read_to_string(path).ok()?;
    let inside = text.lines().zip(1..).skip_while(|(line, _)| line.trim() != format!("[{table}]"));
    let name =
        |line: &str| line.split_once('=').map(|(name, _)| name.trim().trim_matches('"') == key);
    inside.skip(1).find(|(line, _)| name(line) == Some(true)).map(|(_, number)| number)
}

/// The line, from 1, on which the byte at `offset` stands.
fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|&b| b == b'\n').count() + 1
}

/// Writes a file as a whole or not at all.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let partial = path.with_extension("partial");
    let mut file = File::create(&partial)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    fs::rename(&partial, path)?;
    sync_folder(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> (Settings, Vec<String>) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("settings.toml");
        fs::write(&path, text).unwrap();
        let (settings, mistakes) = Settings::load(&path);
        let words = |m: &DiskError| m.to_string().split("; file").next().unwrap().to_owned();
        (settings, mistakes.iter().map(words).collect())
    }

    #[track_caller]
    fn check_mistake(text: &str, expect: &str) {
        let (settings, mistakes) = load(text);
        assert_eq!(mistakes, [format!("the settings cannot be understood: {expect}")], "{text}");
        assert_eq!(settings, Settings::default());
    }

    #[test]
    fn a_mistake_names_line_and_key() {
        check_mistake("\nauto_advance = 1", "line 2: auto_advance is 1, expected true or false");
        check_mistake(
            "tile_memory_mib = -1",
            "line 1: tile_memory_mib is -1, expected a whole number of MiB",
        );
        check_mistake(
            "cell_px = nan",
            "line 1: cell_px is nan, expected a number of pixels, at least 1",
        );
        check_mistake("zoom = 1", "line 1: zoom is 1, expected no key of that name");
        check_mistake(
            "[clock_offsets_seconds]\n\"EOS R5 1\" = \"soon\"",
            "line 1: clock_offsets_seconds.\"EOS R5 1\" is \"soon\", expected seconds or an offset such as \"+00:03:20\" or \"-90s\"",
        );
    }

    #[test]
    fn a_mistake_leaves_the_other_keys() {
        let (settings, mistakes) = load("auto_advance = \"no\"\ncell_px = 200\n");
        assert_eq!(
            (settings.cell_px, settings.auto_advance, mistakes.len()),
            (Some(200.0), true, 1)
        );
    }

    #[test]
    fn a_file_that_is_no_toml_gives_the_defaults_and_stays() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("settings.toml");
        fs::write(&path, "auto_advance = true\ncell_px = = 3").unwrap();
        let (settings, mistakes) = Settings::load(&path);
        assert_eq!(settings, Settings::default());
        assert!(mistakes[0].to_string().contains("line 2: "), "{}", mistakes[0]);
        assert!(settings.save(&path).is_err());
        assert!(fs::read_to_string(&path).unwrap().contains("= ="));
    }

    #[test]
    fn settings_go_there_and_back() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("new/settings.toml");
        let mut settings = Settings {
            last_folders: vec!["/a b".into()],
            auto_advance: false,
            fast_travel: true,
            tile_memory_mib: 7,
            clock_offsets_seconds: BTreeMap::from([("Z 9 12".to_owned(), -90)]),
            cell_px: Some(96.5),
            cache: CacheSettings { size_gb: Some(2.5), folder: Some("/c".into()) },
            model: ModelSettings::default(),
            keys: BTreeMap::from([("keep".to_owned(), vec!["Q".to_owned()])]),
            sidecars: SidecarSettings { write: false, ..SidecarSettings::default() },
            display: DisplaySettings { icc: Some("/d.icc".into()), ..DisplaySettings::default() },
            learn: LearnSettings { enabled: false, keep_loss: 0.05 },
        };
        settings.save(&path).unwrap();
        assert_eq!(Settings::load(&path).0, settings);
        settings.cell_px = None;
        settings.save(&path).unwrap();
        assert_eq!(Settings::load(&path).0, settings);
        assert_eq!(fs::read_dir(dir.path().join("new")).unwrap().count(), 1);
    }

    #[test]
    fn saving_leaves_what_it_did_not_change() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("settings.toml");
        fs::write(&path, "tile_memory_mib = \"4096\"\nlater = 1\n").unwrap();
        let (settings, _) = Settings::load(&path);
        Settings { auto_advance: false, ..settings }.save(&path).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        for line in ["tile_memory_mib = \"4096\"", "later = 1", "auto_advance = false"] {
            assert!(text.contains(line), "{line} in {text}");
        }
    }

    #[test]
    fn offsets_are_read_in_three_ways() {
        for (text, expect) in [
            ("+00:03:20", Some(200)),
            ("-90s", Some(-90)),
            ("+3600", Some(3600)),
            ("-1:30", Some(-5400)),
            ("0", Some(0)),
            ("", None),
            ("+", None),
            ("1:60:00", None),
            ("--3", None),
            ("1:2:3:4", None),
            ("9999999999", None),
            ("3 m", None),
        ] {
            assert_eq!(parse_offset(text).ok(), expect, "{text:?}");
        }
    }
}
