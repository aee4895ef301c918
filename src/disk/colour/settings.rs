//! What a person may set of the display and of what is drawn around photos: the table `[display]` of
//! the settings file.
//!
//! How mistakes are told is `disk::config`'s; this file knows what is one.

use std::path::Path;
use std::path::PathBuf;

use serde::Deserialize;
use serde::Serialize;
use toml::Value;

/// What is around the photos.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// Dark grey.
    #[default]
    Dark,
    /// Light grey.
    Light,
    /// As the desktop has it, dark where it does not say.
    System,
}

/// What the display shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DisplaySettings {
    /// Its ICC profile; sRGB where it is not set.
    pub icc: Option<PathBuf>,
    /// What is around the photos.
    pub theme: Theme,
    /// Enlarges text and badges beyond the display's own scale factor: 0.5 to 4.
    pub ui_scale: f32,
}

impl Default for DisplaySettings {
    fn default() -> Self {
        Self { icc: None, theme: Theme::default(), ui_scale: 1.0 }
    }
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
            ("theme", _) => match value.clone().try_into() {
                Ok(theme) => self.theme = theme,
                Err(_) => wrong(Some(key), "dark, light or system", value),
            },
            ("ui_scale", _) => {
                match value.as_integer().map_or(value.as_float(), |i| Some(i as f64)) {
                    Some(factor) if (0.5..=4.0).contains(&factor) => self.ui_scale = factor as f32,
                    _ => wrong(Some(key), "a factor from 0.5 to 4", value),
                }
            }
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
    fn the_theme_has_a_name_and_the_scale_has_bounds() {
        let set = |text: &str| toml::from_str::<toml::Table>(text).unwrap();
        let mut display = DisplaySettings::default();
        let mut told = 0;
        for (key, value) in &set("theme = \"light\"\nui_scale = 2") {
            display.set(key, value, &mut |_, _, _| told += 1);
        }
        let expect = DisplaySettings { theme: Theme::Light, ui_scale: 2.0, icc: None };
        assert_eq!((&display, told), (&expect, 0));
        for (key, value) in &set("theme = \"blue\"\nui_scale = 9") {
            display.set(key, value, &mut |_, _, _| told += 1);
        }
        assert_eq!((&display, told), (&expect, 2), "what was set before stays");
    }

    #[test]
    fn a_displays_profile_is_a_whole_path() {
        let path = std::env::temp_dir().join("display.icc");
        check(&format!("[display]\nicc = {path:?}\n"), Some(&path), "");
        check("display.icc = \"a.icc\"", None, "expected the whole path of an ICC profile");
        check("display.icc = 3", None, "expected the whole path of an ICC profile");
        check("display.gamma = 3", None, "expected no key of that name");
        check("display = 3", None, "expected a table with icc, theme or ui_scale");
    }
}
