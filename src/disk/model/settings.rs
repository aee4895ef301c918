//! What a person may set of the network: the table `[model]` of the settings file.
//!
//! How mistakes are told is `disk::config`'s; this file knows what is one. Whether a network's
//! shapes fit what is said here is seen when it is loaded, by `jobs::embed`.

use std::path::Path;
use std::path::PathBuf;

use serde::Deserialize;
use serde::Serialize;
use toml::Value;

/// The largest side that a network may want, in cells: the length of a tile.
const LONGEST: i64 = 512;

/// Another network than ours, and where the library that runs it is.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ModelSettings {
    /// The ONNX file. Ours, where it is not set.
    pub path: Option<PathBuf>,
    /// Side of the square that the network wants, where its file leaves that open.
    pub input_size: Option<u32>,
    /// What is taken off red, green and blue (0 to 1), and off what further planes it wants.
    pub mean: Option<Vec<f32>>,
    /// What they are divided by.
    pub std: Option<Vec<f32>>,
    /// The output that is the embedding, where there are several.
    pub output: Option<String>,
    /// The library of ONNX Runtime. Looked for, where it is not set.
    pub library: Option<PathBuf>,
}

impl ModelSettings {
    /// Sets one key. `wrong` is told the key, what is expected, and what is there.
    pub(in crate::disk) fn set(
        &mut self,
        key: &str,
        value: &Value,
        wrong: &mut dyn FnMut(Option<&str>, &str, &Value),
    ) {
        let whole_path =
            value.as_str().filter(|text| Path::new(text).is_absolute()).map(PathBuf::from);
        let mut say = |expected| wrong(Some(key), expected, value);
        match (key, value) {
            ("path", _) if whole_path.is_some() => self.path = whole_path,
            ("library", _) if whole_path.is_some() => self.library = whole_path,
            ("path" | "library", _) => say("the whole path of a file"),
            ("input_size", Value::Integer(side @ 1..=LONGEST)) => {
                self.input_size = Some(*side as u32);
            }
            ("input_size", _) => say("a whole number of cells, 1 to 512"),
            ("mean", _) => match numbers(value) {
                Some(mean) => self.mean = Some(mean),
                None => say("a list of 3, 4 or 8 numbers"),
            },
            ("std", _) => match numbers(value).filter(|std| std.iter().all(|&s| s > 0.0)) {
                Some(std) => self.std = Some(std),
                None => say("a list of 3, 4 or 8 numbers above 0"),
            },
            ("output", Value::String(name)) if !name.is_empty() => self.output = Some(name.clone()),
            ("output", _) => say("the name of an output"),
            _ => say("no key of that name"),
        }
    }
}

/// A list of as many numbers as there can be planes.
fn numbers(value: &Value) -> Option<Vec<f32>> {
    let number = |v: &Value| v.as_float().or(v.as_integer().map(|i| i as f64)).map(|v| v as f32);
    let numbers: Option<Vec<f32>> = value.as_array()?.iter().map(number).collect();
    numbers.filter(|n| matches!(n.len(), 3 | 4 | 8) && n.iter().all(|n| n.is_finite()))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::disk::config::Settings;

    #[track_caller]
    fn check(text: &str, expect: &ModelSettings, mistake: &str) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("settings.toml");
        fs::write(&path, text).unwrap();
        let (settings, mistakes) = Settings::load(&path);
        let told: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
        assert_eq!(&settings.model, expect, "{text}");
        match mistake {
            "" => assert_eq!(told, [""; 0]),
            words => assert!(told.len() == 1 && told[0].contains(words), "{told:?}"),
        }
    }

    #[test]
    fn another_network_is_set_in_five_lines() {
        let root = std::env::temp_dir();
        let expect = ModelSettings {
            path: Some(root.clone()),
            input_size: Some(224),
            mean: Some(vec![0.5, 0.25, 0.0]),
            std: Some(vec![1.0, 2.0, 0.5]),
            output: Some("features".to_owned()),
            library: None,
        };
        let text = format!(
            "[model]\npath = {root:?}\ninput_size = 224\nmean = [0.5, 0.25, 0]\nstd = [1, 2.0, 0.5]\noutput = \"features\"\n"
        );
        check(&text, &expect, "");
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("settings.toml");
        let settings = Settings { model: expect, ..Settings::default() };
        settings.save(&path).unwrap();
        assert_eq!(Settings::load(&path).0, settings);
    }

    #[test]
    fn a_mistake_costs_its_own_key_alone() {
        for (text, words) in [
            ("path = \"net.onnx\"", "model.\"path\" is \"net.onnx\", expected the whole path"),
            ("library = 3", "expected the whole path of a file"),
            ("input_size = 0", "expected a whole number of cells, 1 to 512"),
            ("input_size = 224.0", "expected a whole number of cells"),
            ("mean = [0.5, 0.5]", "expected a list of 3, 4 or 8 numbers"),
            ("mean = [0.5, 0.5, nan]", "expected a list of 3, 4 or 8 numbers"),
            ("std = [1, 1, 0]", "expected a list of 3, 4 or 8 numbers above 0"),
            ("output = \"\"", "expected the name of an output"),
            ("size = 3", "expected no key of that name"),
        ] {
            check(&format!("[model]\n{text}\n"), &ModelSettings::default(), words);
        }
        check("model = 1", &ModelSettings::default(), "expected a table with path");
    }
}
