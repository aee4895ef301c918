//! `rushlight settings`, `completions` and `man`: what the program says about itself.

use std::io::Write;

use clap::CommandFactory;

use super::AppError;
use super::AppResult;
use super::Outcome;
use super::written;
use crate::app::cli::Cli;
use crate::app::cli::Completions;
use crate::app::cli::Settings as Task;
use crate::app::input;
use crate::app::input::keys;
use crate::disk::config::Settings;
use crate::disk::folders::Folders;

/// What can be set, with its defaults: a settings file that changes nothing.
const DEFAULTS: &str = include_str!("../../../assets/settings.toml");

/// Prints the defaults, or checks the settings file.
///
/// # Errors
/// When no home folder is known, or nobody reads.
pub fn run(task: &Task, out: &mut dyn Write) -> AppResult<Outcome> {
    if task.defaults {
        written(write!(out, "{}", defaults()))?;
        return Ok(Outcome::Done);
    }
    let path = Folders::find()?.settings();
    let (settings, mistakes) = Settings::load(&path);
    let (_, key_mistakes) = keys::KeyMap::new(&settings.keys);
    let of_keys = key_mistakes.iter().map(|mistake| mistake.told(&path));
    let mistakes: Vec<String> = mistakes.iter().map(ToString::to_string).chain(of_keys).collect();
    for mistake in &mistakes {
        tracing::warn!("{mistake}");
    }
    written(writeln!(out, "{}", path.display()))?;
    Ok(if mistakes.is_empty() { Outcome::Done } else { Outcome::Partly })
}

/// The defaults with every key that can be mapped, from the table that the help is made from.
#[must_use]
pub fn defaults() -> String {
    let mut text = DEFAULTS.to_owned();
    for section in input::SECTIONS {
        text += &format!("\n# {}\n", section.title);
        for binding in section.bindings {
            let chords: Vec<String> =
                binding.chords.iter().map(|&chord| format!("{:?}", keys::name(chord))).collect();
            text += &format!("# {} = [{}]  # {}\n", binding.id, chords.join(", "), binding.help);
        }
    }
    text
}

/// Writes what a shell completes the command line by.
///
/// # Errors
/// When nobody reads.
pub fn complete(task: &Completions, out: &mut dyn Write) -> AppResult<Outcome> {
    let mut text = Vec::new();
    clap_complete::generate(task.shell, &mut Cli::command(), "rushlight", &mut text);
    written(out.write_all(&text))?;
    Ok(Outcome::Done)
}

/// Writes the manual page, in roff.
///
/// # Errors
/// When nobody reads.
pub fn man(out: &mut dyn Write) -> AppResult<Outcome> {
    let failed =
        |source: std::io::Error| AppError::System { what: "the page", source: source.into() };
    clap_mangen::Man::new(Cli::command()).render(out).map_err(failed)?;
    Ok(Outcome::Done)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The defaults with their comments taken away, so that they are set.
    fn set() -> String {
        let is_prose = |line: &&str| !line.starts_with("# ") || line.contains(" = ");
        let bare = |line: &str| line.trim_start_matches("# ").to_owned() + "\n";
        defaults().lines().filter(is_prose).map(bare).collect()
    }

    #[test]
    fn the_defaults_change_nothing_though_they_are_set() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.toml");
        std::fs::write(&path, set()).unwrap();
        let (settings, mistakes) = Settings::load(&path);
        assert!(mistakes.is_empty(), "{mistakes:?} in {}", set());
        let (map, wrong) = keys::KeyMap::new(&settings.keys);
        assert!(wrong.is_empty(), "{wrong:?}");
        assert_eq!(map, keys::KeyMap::default());
        let expect = Settings { keys: settings.keys.clone(), ..Settings::default() };
        let cache = settings.cache.clone();
        assert_eq!(Settings { cell_px: None, cache: expect.cache.clone(), ..settings }, expect);
        assert_eq!(cache.size_gb, Some(50.0));
    }
}
