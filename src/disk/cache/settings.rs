//! What a person may set of the cache: the table `[cache]` of the settings file.
//!
//! How mistakes are told is `disk::config`'s; this file knows what is one.

use std::path::Path;
use std::path::PathBuf;

use serde::Deserialize;
use serde::Serialize;
use toml::Value;

/// The least cap that is of use, in gigabytes: 400 photos.
const LEAST_GB: f64 = 0.1;

/// How large the cache may be, and where.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct CacheSettings {
    /// What it may take, in gigabytes of 10^9 bytes. A tenth of the volume, at most 50, where it is
    /// not set.
    pub size_gb: Option<f64>,
    /// The folder that its own folder is in. The platform's, where it is not set.
    pub folder: Option<PathBuf>,
}

impl CacheSettings {
    /// Sets one key. `wrong` is told the key, what is expected, and what is there.
    pub(in crate::disk) fn set(
        &mut self,
        key: &str,
        value: &Value,
        wrong: &mut dyn FnMut(Option<&str>, &str, &Value),
    ) {
        let number = value.as_integer().map_or(value.as_float(), |i| Some(i as f64));
        match (key, number, value.as_str()) {
            ("size_gb", Some(gb), _) if gb.is_finite() && gb >= LEAST_GB => self.size_gb = Some(gb),
            ("size_gb", ..) => wrong(Some(key), "gigabytes, at least 0.1", value),
            ("folder", _, Some(text)) if Path::new(text).is_absolute() => {
                self.folder = Some(text.into());
            }
            ("folder", ..) => wrong(Some(key), "the whole path of a folder", value),
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
    fn check(text: &str, expect: &CacheSettings, mistake: &str) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("settings.toml");
        fs::write(&path, text).unwrap();
        let (settings, mistakes) = Settings::load(&path);
        let told: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
        assert_eq!(&settings.cache, expect, "{text}");
        match mistake {
            "" => assert_eq!(told, [""; 0]),
            words => assert!(told.len() == 1 && told[0].contains(words), "{told:?}"),
        }
    }

    fn sized(gb: f64) -> CacheSettings {
        CacheSettings { size_gb: Some(gb), folder: None }
    }

    #[test]
    fn a_mistake_costs_its_own_key_alone() {
        let root = std::env::temp_dir();
        let whole = CacheSettings { size_gb: Some(20.0), folder: Some(root.clone()) };
        check(&format!("[cache]\nsize_gb = 20\nfolder = {root:?}\n"), &whole, "");
        check("cache.size_gb = 0.5", &sized(0.5), "");
        check(
            "[cache]\nsize_gb = 2\nfolder = \"tiles\"\n",
            &sized(2.0),
            "line 1: cache.\"folder\" is \"tiles\", expected the whole path of a folder",
        );
        for bad in ["0", "-1", "nan", "inf", "\"20 GB\""] {
            let text = format!("[cache]\nsize_gb = {bad}\n");
            check(&text, &CacheSettings::default(), "expected gigabytes, at least 0.1");
        }
        check("cache.sise_gb = 3", &CacheSettings::default(), "expected no key of that name");
        check("cache = 20", &CacheSettings::default(), "expected a table with size_gb or folder");
    }

    #[test]
    fn what_was_set_outlives_saving() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("settings.toml");
        fs::write(&path, "[cache]\nsize_gb = 2.5\n").unwrap();
        let (settings, _) = Settings::load(&path);
        Settings { auto_advance: false, ..settings }.save(&path).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap().matches("size_gb = 2.5").count(), 1);
        let unset = Settings { cache: CacheSettings::default(), ..Settings::default() };
        unset.save(&dir.path().join("new.toml")).unwrap();
        assert_eq!(fs::read_to_string(dir.path().join("new.toml")).unwrap(), "");
    }
}
