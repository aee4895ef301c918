//! What a person may set of learning: the table `[learn]` of the settings file.
//!
//! How mistakes are told is `disk::config`'s; this file knows what is one.

use serde::Deserialize;
use serde::Serialize;
use toml::Value;

/// Whether the program learns from decisions, and what it may propose.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LearnSettings {
    /// Whether it learns at all.
    pub enabled: bool,
    /// Kept photos that may be among those proposed as trash, over all kept ones, 0.001 to 0.5.
    pub keep_loss: f64,
}

impl Default for LearnSettings {
    fn default() -> Self {
        Self { enabled: true, keep_loss: 0.02 }
    }
}

impl LearnSettings {
    /// Sets one key. `wrong` is told the key, what is expected, and what is there.
    pub(in crate::disk) fn set(
        &mut self,
        key: &str,
        value: &Value,
        wrong: &mut dyn FnMut(Option<&str>, &str, &Value),
    ) {
        match (key, value.as_bool(), value.as_float()) {
            ("enabled", Some(enabled), _) => self.enabled = enabled,
            ("enabled", ..) => wrong(Some(key), "true or false", value),
            ("keep_loss", _, Some(loss)) if (0.001..=0.5).contains(&loss) => self.keep_loss = loss,
            ("keep_loss", ..) => wrong(Some(key), "a share, 0.001 to 0.5", value),
            _ => wrong(Some(key), "no key of that name", value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_costs_its_own_key() {
        let mut settings = LearnSettings::default();
        let mut told = Vec::new();
        let table = "enabled = false\nkeep_loss = 2\nspeed = 1".parse::<toml::Table>().unwrap();
        for (key, value) in &table {
            let mut wrong = |key: Option<&str>, expected: &str, _: &Value| {
                told.push(format!("{} {expected}", key.unwrap_or_default()));
            };
            settings.set(key, value, &mut wrong);
        }
        assert_eq!(settings, LearnSettings { enabled: false, keep_loss: 0.02 });
        assert_eq!(told, ["keep_loss a share, 0.001 to 0.5", "speed no key of that name"]);
    }
}
