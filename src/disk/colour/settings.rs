//! What a person may set of the display: the table `[display]` of the settings file.
//!
//! How mistakes are told is `disk::config`'s; this file knows what is one.

use std::path::Path;
use std::path::PathBuf;

use serde::Deserialize;
use serde::Serialize;
use toml::Value;

/// What the display shows.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct DisplaySettings {
    /// Its ICC profile; sRGB where it is not set.
    pub icc: Option<PathBuf>,
}

impl DisplaySettings {
    /// Sets one key. `wrong` is told the key, what is expected, and what is there.
    pub(in crate::disk) fn set(
        &mut self,
        key: &str,
        value: &Value,
        wrong: &mut dyn FnMut(Option<&str>, &str, &Value),
    ) {
        match (key, value.as_str()) {
            ("icc", Some(text)) if Path::new(text).is_absolute() => self.icc = Some(text.into()),
            ("icc", _) => wrong(Some(key), "the whole path of an ICC profile", value),
            _ => wrong(Some(key), "no key of that name", value),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::disk::config::Settings;

    #[track_caller]
    fn check(text: &str, expect: Option<&Path>, mistake: &str) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("settings.toml");
        fs::write(&path, text).unwrap();
        let (settings, mistakes) = Settings::load(&path);
        assert_eq!(settings.display.icc.as_deref(), expect, "{text}");
        let told: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
        match mistake {
            "" => assert_eq!(told, [""; 0]),
            words => assert!(told.len() == 1 && told[0].contains(words), "{told:?}"),
        }
    }

    #[test]
    fn a_displays_profile_is_a_whole_path() {
        let path = std::env::temp_dir().join("display.icc");
        check(&format!("[display]\nicc = {path:?}\n"), Some(&path), "");
        check("display.icc = \"a.icc\"", None, "expected the whole path of an ICC profile");
        check("display.icc = 3", None, "expected the whole path of an ICC profile");
        check("display.gamma = 3", None, "expected no key of that name");
        check("display = 3", None, "expected a table with icc");
    }
}
