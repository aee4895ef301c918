//! `rushlight PATH...`: the window.

use std::path::PathBuf;
use std::sync::OnceLock;

use winit::event_loop::EventLoop;

use super::AppError;
use super::AppResult;
use super::Outcome;
use super::check_paths;
use super::sheet;
use crate::app::cli::Open;
use crate::app::input::keys::KeyMap;
use crate::app::opener::Opener;
use crate::app::window::Table;
use crate::app::window::Wake;
use crate::app::window::ending::Ending;
use crate::disk::config::Settings;
use crate::disk::folders::Folders;
use crate::disk::places::Places;
use crate::disk::sidecar::settings::SidecarSettings;

/// Reads the settings and finds the folders to open.
///
/// # Errors
/// When none of the paths exists, or no home folder is known.
pub fn opener(task: &Open) -> AppResult<Opener> {
    let folders = Folders::find()?;
    let (mut settings, mistakes) = Settings::load(&folders.settings());
    for mistake in mistakes {
        tracing::warn!("{mistake}");
    }
    let (keys, mistakes) = KeyMap::new(&settings.keys);
    for mistake in mistakes {
        tracing::warn!("{}", mistake.told(&folders.settings()));
    }
    keys.use_it();
    check_paths(&task.paths)?;
    for clock in &task.clock {
        settings.clock_offsets_seconds.insert(clock.body.clone(), clock.seconds);
    }
    let roots = match task.paths.is_empty() {
        // A folder that has gone since is no reason to fail: the picker opens instead.
        true => settings.last_folders.iter().filter(|p| p.exists()).cloned().collect(),
        false => task.paths.iter().map(|p| absolute(p)).collect(),
    };
    let ui_scale = task.ui_scale.unwrap_or(settings.display.ui_scale);
    let theme = task.theme.unwrap_or(settings.display.theme);
    let is_full_screen = !task.windowed;
    let clocks_set = task.clock.iter().map(|clock| clock.body.clone()).collect();
    let cached = OnceLock::new();
    let write = settings.sidecars.write && !task.no_sidecars;
    let sidecars = SidecarSettings { write, ..settings.sidecars.clone() };
    let places = Places::load(&folders.data);
    Ok(Opener {
        settings,
        folders,
        roots,
        is_full_screen,
        ui_scale,
        theme,
        clocks_set,
        sidecars,
        places,
        cached,
    })
}

/// Opens the window and returns when it is closed.
///
/// # Errors
/// When there is no GPU, or the settings cannot be written. Where there is no display, a sheet is
/// written instead.
pub fn run(opener: Opener) -> AppResult<Outcome> {
    let event_loop = match EventLoop::<Wake>::with_user_event().build() {
        Ok(event_loop) => event_loop,
        Err(error) => {
            tracing::info!(%error, "no display");
            return instead_of_window(&opener);
        }
    };
    let (settings_path, data) = (opener.folders.settings(), opener.folders.data.clone());
    let mut settings = opener.settings.clone();
    let mut table = Table::new(event_loop.create_proxy(), opener);
    let ended = event_loop.run_app(&mut table);
    let ending = table.end();
    ended.map_err(|source| AppError::System { what: "a window", source: source.into() })?;
    // Before anything else that may go wrong: nothing matters more.
    if ending.lost_count > 0 {
        tracing::error!("{} decisions could not be written to the store", ending.lost_count);
    }
    if let Some(failure) = ending.failure {
        return Err(failure);
    }
    if let Err(error) = ending.places.save(&data) {
        // It costs a way back to a photo, and nothing else.
        tracing::warn!("{error}");
    }
    remember(&mut settings, &ending);
    settings.save(&settings_path)?;
    if ending.has_faults {
        tracing::warn!("some photos cannot be shown; rushlight index names each with its reason");
    }
    let is_well = ending.lost_count == 0 && !ending.has_faults;
    Ok(if is_well { Outcome::Done } else { Outcome::Partly })
}

fn remember(settings: &mut Settings, ending: &Ending) {
    if !ending.roots.is_empty() {
        settings.last_folders.clone_from(&ending.roots);
    }
    settings.auto_advance = ending.auto_advance;
    settings.fast_travel = ending.fast_travel;
    settings.cell_px = Some(ending.cell);
}

/// Says that there is no display, and writes what the window would have shown.
fn instead_of_window(opener: &Opener) -> AppResult<Outcome> {
    let output = PathBuf::from("rushlight-sheet.png");
    let order = sheet::Order {
        output: &output,
        size_px: [1920, 1080],
        scale: 1.0,
        loupe: None,
        cell_px: None,
        theme: opener.theme,
    };
    tracing::warn!("no display was found: writing a sheet instead of opening a window");
    if opener.roots.is_empty() {
        return Err(AppError::NoPhotos { paths: opener.roots.clone() });
    }
    let outcome = sheet::draw(opener, opener.roots.clone(), &order)?;
    tracing::warn!("wrote the sheet; file: {}", absolute(&output).display());
    Ok(outcome)
}

/// A path that still means the same when the program is started from another folder.
fn absolute(path: &std::path::Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}
