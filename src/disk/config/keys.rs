//! What each key of the settings file sets, and what is wrong with it.

use serde::de::DeserializeOwned;
use toml::Value;

use super::OFFSETS;
use super::Settings;
use super::parse_offset;

/// Is told the key within a key, what is expected, and what is there.
type Wrong<'a> = &'a mut dyn FnMut(Option<&str>, &str, &Value);

impl Settings {
    /// Sets one key. `wrong` is told the key within the key, what is expected, and what is there.
    pub(super) fn set(&mut self, key: &str, value: Value, wrong: Wrong<'_>) {
        match key {
            "last_folders" => put(&mut self.last_folders, &value, "a list of texts", wrong),
            "auto_advance" => put(&mut self.auto_advance, &value, "true or false", wrong),
            "fast_travel" => put(&mut self.fast_travel, &value, "true or false", wrong),
            "tile_memory_mib" => {
                put(&mut self.tile_memory_mib, &value, "a whole number of MiB", wrong);
            }
            "cell_px" => match value.as_integer().map_or(value.as_float(), |i| Some(i as f64)) {
                Some(px) if px.is_finite() && px >= 1.0 => self.cell_px = Some(px as f32),
                _ => wrong(None, "a number of pixels, at least 1", &value),
            },
            "keys" => match value {
                Value::Table(lines) => {
                    for (id, value) in lines {
                        let one = value.as_str().map(|name| vec![name.to_owned()]);
                        match one.map_or_else(|| value.clone().try_into(), Ok) {
                            Ok(names) => _ = self.keys.insert(id, names),
                            Err(_) => wrong(Some(&id), "a key or a list of keys", &value),
                        }
                    }
                }
                other => wrong(None, "a table of keys", &other),
            },
            "clock_offsets_seconds" => match value {
                Value::Table(bodies) => {
                    for (body, value) in bodies {
                        let text = value.as_str().map(parse_offset);
                        match value.as_integer().or(text.and_then(Result::ok)) {
                            Some(seconds) => _ = self.clock_offsets_seconds.insert(body, seconds),
                            None => wrong(Some(&body), OFFSETS, &value),
                        }
                    }
                }
                other => wrong(None, "a table of camera bodies", &other),
            },
            _ => self.set_table(key, &value, wrong),
        }
    }

    fn set_table(&mut self, key: &str, value: &Value, wrong: Wrong<'_>) {
        match key {
            "cache" => each(value, "a table with size_gb or folder", wrong, |k, v, w| {
                self.cache.set(k, v, w);
            }),
            "model" => each(value, "a table with path, input_size and others", wrong, |k, v, w| {
                self.model.set(k, v, w);
            }),
            "sidecars" => each(value, "a table with write, layout or verdict", wrong, |k, v, w| {
                self.sidecars.set(k, v, w);
            }),
            "display" => {
                each(value, "a table with icc, theme or ui_scale", wrong, |k, v, w| {
                    self.display.set(k, v, w);
                });
            }
            "learn" => each(value, "a table with enabled or keep_loss", wrong, |k, v, w| {
                self.learn.set(k, v, w);
            }),
            _ => wrong(None, "no key of that name", value),
        }
    }
}

fn put<T: DeserializeOwned>(
    place: &mut T,
    value: &Value,
    expected: &str,
    wrong: &mut dyn FnMut(Option<&str>, &str, &Value),
) {
    match value.clone().try_into() {
        Ok(value) => *place = value,
        Err(_) => wrong(None, expected, value),
    }
}

/// Sets each key of a table.
fn each(
    value: &Value,
    expected: &str,
    wrong: Wrong<'_>,
    mut set: impl FnMut(&str, &Value, Wrong<'_>),
) {
    match value {
        Value::Table(inner) => inner.iter().for_each(|(key, value)| set(key, value, &mut *wrong)),
        other => wrong(None, expected, other),
    }
}
