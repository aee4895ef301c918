//! How a shoot is opened: from folders and settings to running jobs.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::OnceLock;

use super::window::now;
use crate::core::coded::Coding;
use crate::core::colour::Display;
use crate::core::guard;
use crate::disk::colour::display_of;
use crate::disk::colour::settings::Theme;
use crate::disk::config::Settings;
use crate::disk::folders::Folders;
use crate::disk::places::Places;
use crate::disk::sidecar::settings::SidecarSettings;
use crate::jobs::Waker;
use crate::jobs::cached::Cached;
use crate::jobs::embed::Loading;
use crate::jobs::ledger::Budget;
use crate::jobs::shoot::Opening;
use crate::jobs::shoot::Shoot;

/// Memory for the loupe's pictures: five of 45 megapixels, at 4 bytes a pixel.
const VIEW_BYTES: usize = 900 << 20;

/// What opening a shoot needs.
#[derive(Debug)]
pub struct Opener {
    /// What the person set.
    pub settings: Settings,
    /// Where things are kept.
    pub folders: Folders,
    /// What to open first; empty for the folder picker.
    pub roots: Vec<PathBuf>,
    /// Whether the window begins on the whole screen.
    pub is_full_screen: bool,
    /// Bodies whose clocks were moved for this run: the person is told where one took no photo.
    pub clocks_set: Vec<String>,
    /// Whether and how sidecars are written in this run.
    pub sidecars: SidecarSettings,
    /// Where the person was in each shoot.
    pub places: Places,
    /// The tile cache: one for every shoot that is opened, made with the first.
    pub cached: OnceLock<Arc<Cached>>,
    /// Enlarges text and badges beyond the display's own scale factor.
    pub ui_scale: f32,
    /// What is around the photos.
    pub theme: Theme,
}

impl Opener {
    /// What the display shows, by the profile that the person has set; sRGB where there is none, or
    /// where it cannot be used, which is told.
    #[must_use]
    pub fn display(&self) -> Display {
        let Some(path) = &self.settings.display.icc else { return Display::default() };
        display_of(path).unwrap_or_else(|error| {
            tracing::warn!("{error}");
            Display::default()
        })
    }

    /// Opens a shoot whose tiles are made in `coding`, for the device that draws them.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn open(&self, roots: Vec<PathBuf>, coding: Coding, wake: &Waker) -> io::Result<Shoot> {
        let place = self.places.of(&roots).and_then(|place| place.photo.clone());
        self.start(roots, coding, wake, (Some(self.sidecars.clone()), place))
    }

    /// Opens a shoot to be looked at and not decided on: no file beside a photo is touched.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn look(&self, roots: Vec<PathBuf>, coding: Coding, wake: &Waker) -> io::Result<Shoot> {
        self.start(roots, coding, wake, (None, None))
    }

    fn start(
        &self,
        roots: Vec<PathBuf>,
        coding: Coding,
        wake: &Waker,
        (sidecars, place): (Option<SidecarSettings>, Option<PathBuf>),
    ) -> io::Result<Shoot> {
        let tile_bytes = self.settings.tile_memory_mib as usize * (1 << 20);
        let learning = &self.settings.learn;
        let cached = self.cached.get_or_init(|| Arc::new(self.cache_for(coding)));
        let learn = learning
            .enabled
            .then(|| guard::Budget { loss: learning.keep_loss, ..guard::Budget::default() });
        let opening = Opening {
            roots,
            clock_offsets_seconds: self.settings.clock_offsets_seconds.clone(),
            clocks_set: self.clocks_set.clone(),
            cached: Arc::clone(cached),
            budget: Budget { tile_bytes, view_bytes: VIEW_BYTES },
            store: self.folders.data.clone(),
            now: now(),
            learn,
            sidecars,
        };
        Shoot::open_at(opening, place, wake)
    }

    /// The tile cache. A network looks at photos where somebody learns from that; it is loaded when the
    /// first photo is decoded, and never where all are cached.
    fn cache_for(&self, coding: Coding) -> Cached {
        let cached = Cached::at(&self.settings.cache, &self.folders, coding);
        match self.settings.learn.enabled {
            true => cached
                .seen_by(Loading::later(self.settings.model.clone(), Some(self.folders.clone()))),
            false => cached,
        }
    }
}
