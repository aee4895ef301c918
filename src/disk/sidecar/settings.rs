//! What a person may set of sidecars: the table `[sidecars]` of the settings file.
//!
//! How mistakes are told is `disk::config`'s; this file knows what is one.

use serde::Deserialize;
use serde::Serialize;
use toml::Value;

use crate::core::said::Convention;

/// What a new sidecar is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// `IMG.xmp`, as Lightroom and Capture One.
    #[default]
    Stem,
    /// `IMG.JPG.xmp`, as darktable and digiKam.
    Full,
}

/// How a verdict is told.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Convention", rename_all = "lowercase")]
enum ConventionWord {
    Rating,
    Label,
}

/// Whether sidecars are written, what they are called, and what they say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SidecarSettings {
    /// Whether they are written at all.
    pub write: bool,
    /// What a new one is called. Those that exist are used under the name that they have.
    pub layout: Layout,
    /// How a verdict is told.
    #[serde(with = "ConventionWord")]
    pub verdict: Convention,
}

impl Default for SidecarSettings {
    fn default() -> Self {
        Self { write: true, layout: Layout::default(), verdict: Convention::default() }
    }
}

impl SidecarSettings {
    /// Sets one key. `wrong` is told the key, what is expected, and what is there.
    pub(in crate::disk) fn set(
        &mut self,
        key: &str,
        value: &Value,
        wrong: &mut dyn FnMut(Option<&str>, &str, &Value),
    ) {
        match (key, value.as_bool(), value.as_str()) {
            ("write", Some(write), _) => self.write = write,
            ("write", ..) => wrong(Some(key), "true or false", value),
            ("layout", _, Some("stem")) => self.layout = Layout::Stem,
            ("layout", _, Some("full")) => self.layout = Layout::Full,
            ("layout", ..) => {
                wrong(Some(key), "\"stem\" (IMG.xmp) or \"full\" (IMG.JPG.xmp)", value);
            }
            ("verdict", _, Some("rating")) => self.verdict = Convention::Rating,
            ("verdict", _, Some("label")) => self.verdict = Convention::Label,
            ("verdict", ..) => wrong(Some(key), "\"rating\" or \"label\"", value),
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
    fn check(text: &str, expect: &SidecarSettings, mistake: Option<&str>) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("settings.toml");
        fs::write(&path, text).unwrap();
        let (settings, mistakes) = Settings::load(&path);
        assert_eq!(&settings.sidecars, expect, "{text}");
        let told: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
        let is_told = mistake.is_none_or(|words| told.iter().any(|t| t.contains(words)));
        assert!(told.len() == usize::from(mistake.is_some()) && is_told, "{told:?}");
    }

    #[test]
    fn a_mistake_costs_its_own_key() {
        check("", &SidecarSettings::default(), None);
        let expect =
            SidecarSettings { write: false, layout: Layout::Full, verdict: Convention::Label };
        let text = "[sidecars]\nwrite = false\nlayout = \"full\"\nverdict = \"label\"";
        check(text, &expect, None);
        let full = SidecarSettings { layout: Layout::Full, ..SidecarSettings::default() };
        let text = "[sidecars]\nverdict = \"stars\"\nlayout = \"full\"";
        check(text, &full, Some("sidecars.\"verdict\" is \"stars\", expected \"rating\" or"));
        check(
            "sidecars = 1",
            &SidecarSettings::default(),
            Some("expected a table with write, layout or verdict"),
        );
    }
}
