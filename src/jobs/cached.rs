//! The cache on disk as the pool uses it: what is known of a photo, its tile, and what is kept of
//! one that has just been decoded.
//!
//! The cache is opened by the first thread that asks, never by the window, and once a program: a
//! shoot that follows another goes on with it. Whatever goes wrong with it costs time and nothing
//! else: it is told once, and photos are decoded.

use std::path::Path;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

use crossbeam_queue::SegQueue;

use super::board::Header;
use super::board::Tile;
use super::embed::Loading;
use super::glance::Glance;
use super::shoot::chain;
use crate::core::atlas::Class;
use crate::core::coded::Coding;
use crate::core::detail;
use crate::core::detail::DetailTexels;
use crate::core::features;
use crate::core::features::PictureFeatures;
use crate::core::mosaic;
use crate::core::photo::PhotoId;
use crate::core::photo::Timestamp;
use crate::core::photo::Turn;
use crate::core::scopes;
use crate::core::scopes::Scopes;
use crate::core::traits::Packed;
use crate::disk::DiskResult;
use crate::disk::cache::Cache;
use crate::disk::cache::Found;
use crate::disk::cache::Key;
use crate::disk::cache::Measure;
use crate::disk::cache::MeasureKind;
use crate::disk::cache::NewPhoto;
use crate::disk::cache::Put;
use crate::disk::cache::Setup;
use crate::disk::cache::facts::Detail;
use crate::disk::cache::facts::Facts;
use crate::disk::cache::layout::Level;
use crate::disk::cache::settings::CacheSettings;
use crate::disk::cache::volume::Home;
use crate::disk::folders::Folders;
use crate::disk::picture::TileParts;

/// The cache of this program.
#[derive(Debug)]
pub struct Cached {
    /// Where it is to be; `None` for a program that keeps nothing.
    place: Option<(CacheSettings, Folders)>,
    coding: Coding,
    cache: OnceLock<Option<Cache>>,
    /// What looks at each photo that is decoded; `None` where nothing does.
    network: Option<Arc<Loading>>,
    /// There is no network to be had, or it failed: told, and not tried again.
    is_blind: AtomicBool,
    hints: SegQueue<String>,
}

impl Cached {
    /// A cache that is opened when it is first asked for, in the folder that the settings say, for
    /// a device that reads `coding`.
    #[must_use]
    pub fn at(settings: &CacheSettings, folders: &Folders, coding: Coding) -> Self {
        Self { place: Some((settings.clone(), folders.clone())), ..Self::none(coding) }
    }

    /// None: everything is decoded anew.
    #[must_use]
    pub const fn none(coding: Coding) -> Self {
        Self {
            place: None,
            coding,
            cache: OnceLock::new(),
            network: None,
            is_blind: AtomicBool::new(false),
            hints: SegQueue::new(),
        }
    }

    /// The same with a network that looks at each photo that is decoded.
    #[must_use]
    pub fn seen_by(self, network: Arc<Loading>) -> Self {
        Self { network: Some(network), ..self }
    }

    /// How the tiles are coded.
    #[must_use]
    pub const fn coding(&self) -> Coding {
        self.coding
    }

    /// What the person should know, once.
    #[must_use]
    pub fn take_hint(&self) -> Option<String> {
        self.hints.pop()
    }

    /// What is known of the file at `path` as it lies there now; opens no photo.
    #[must_use]
    pub fn look_up(&self, path: &Path, now: Timestamp) -> Option<Found> {
        let cache = self.cache()?;
        cache.lookup(&Key::at(path)?, now)
    }

    /// A photo's tile with the level that a cell of `class` needs, and those of `have` beside it;
    /// `None` where that level is not cached, or not any more.
    #[must_use]
    pub fn tile(&self, found: &Found, class: Class, have: Option<&Tile>) -> Option<Tile> {
        let size_px = found.facts.size_px?;
        let mut levels = have.map_or([None, None, None], |tile| tile.levels.clone());
        // A photo that is smaller than the class has no level of it.
        let held = Class::ALL[..=class as usize].iter().rev();
        let &best = held.clone().find(|&&class| found.size_px(Level::from(class)).is_some())?;
        let coded = self.cache()?.read_level(found, Level::from(best), Vec::new())?;
        levels[best as usize] = Some(Arc::new(coded));
        let (detail, scopes) = match have {
            Some(have) => (have.detail.clone(), have.scopes.clone()),
            None => (self.detail(found, size_px).map(Arc::new), self.scopes(found).map(Arc::new)),
        };
        let mean = found.facts.mean;
        let tile = Tile { levels, mean, whole_px: size_px, detail, scopes };
        tile.serves(class).then_some(tile)
    }

    /// Where a photo of `size_px` has detail, upright.
    fn detail(&self, found: &Found, size_px: [u32; 2]) -> Option<DetailTexels> {
        let kept = self.cache()?.detail(found)?;
        let (cells, turn) = (kept.size().map(usize::from), found.facts.meta.turn);
        let map = detail::kept(cells, kept.cells(), size_px, turn, Detail::EDGE.into());
        DetailTexels::of(&map, size_px)
    }

    fn scopes(&self, found: &Found) -> Option<Scopes> {
        Scopes::parse(self.cache()?.measure(found, MeasureKind::Scopes, scopes::VERSION)?)
    }

    /// What is known of a photo for an overview.
    #[must_use]
    pub fn glance(&self, photo: PhotoId, found: &Found) -> Glance {
        let cache = self.cache().filter(|_| photo.0 < mosaic::photo_limit(self.coding));
        let micro = cache.and_then(|cache| cache.read_level(found, Level::Micro, Vec::new()));
        Glance::lasting(photo, found.facts.mean, micro, true)
    }

    /// Keeps what was decoded of the file that `key` stands for, and what a network made of it; gives
    /// whether it is kept. Told once where that cannot be.
    pub fn keep(
        &self,
        key: &Key,
        header: &Header,
        (made, traits): (&TileParts, Option<&Packed>),
        now: Timestamp,
    ) -> bool {
        let Some(cache) = self.cache() else { return false };
        let facts = Facts {
            meta: header.meta.clone(),
            fingerprint: header.fingerprint,
            mean: made.mean,
            size_px: Some(made.full_size_px),
            colours: made.profile.words().map(Box::from),
        };
        let detail = made.detail.as_ref().and_then(|map| {
            let size = [u8::try_from(map.width).ok()?, u8::try_from(map.height).ok()?];
            Detail::new(size, map.bit_pairs.clone())
        });
        let tile = Class::ALL.into_iter().zip(&made.levels);
        let tile = tile.filter_map(|(class, coded)| Some((Level::from(class), coded.as_deref()?)));
        let levels: Vec<_> = tile.chain([(Level::Micro, &made.micro)]).collect();
        let mut measures = vec![
            Measure {
                kind: MeasureKind::Features,
                version: features::VERSION,
                bytes: made.features.to_bytes(),
            },
            Measure {
                kind: MeasureKind::Scopes,
                version: scopes::VERSION,
                bytes: made.scopes.as_bytes().to_vec(),
            },
        ];
        measures.extend(traits.zip(self.traits_version()).map(|(traits, version)| Measure {
            kind: MeasureKind::Embedding,
            version,
            bytes: traits.as_bytes().to_vec(),
        }));
        let photo = NewPhoto {
            key,
            facts: &facts,
            detail: detail.as_ref(),
            measures: &measures,
            levels: &levels,
        };
        match cache.put(&photo, now) {
            Ok(Put::Kept) => return true,
            Ok(Put::NotWriter | Put::Stopped | Put::NoPlace) => {}
            Ok(Put::Unfit(level)) => tracing::error!(?level, "a tile fits no slot"),
            Ok(Put::DiskFull) => {
                let folder = cache.folder().display();
                self.hints.push(format!("the disk is full: tiles are not kept; folder: {folder}"));
            }
            Err(error) => self.hints.push(chain(&error)),
        }
        false
    }

    /// What the photo's picture was measured to be; `None` where that is not kept, or stale.
    #[must_use]
    pub fn features(&self, found: &Found) -> Option<PictureFeatures> {
        let kept = self.cache()?.measure(found, MeasureKind::Features, features::VERSION)?;
        PictureFeatures::parse(&kept)
    }

    /// What this program's network made of the photo; `None` where that is not kept, or was another
    /// network's.
    #[must_use]
    pub fn traits(&self, found: &Found) -> Option<Packed> {
        let version = self.traits_version()?;
        Packed::parse(self.cache()?.measure(found, MeasureKind::Embedding, version)?)
    }

    fn traits_version(&self) -> Option<u32> {
        self.network.as_ref()?.version()
    }

    /// Whether a photo that no network has looked at is to be decoded for that. Waits for the network to
    /// be loaded: not for the window thread.
    #[must_use]
    pub fn has_network(&self) -> bool {
        self.network.as_ref().is_some_and(|network| match network.wait() {
            Ok(_) => !self.is_blind.load(Ordering::Relaxed),
            Err(reason) => {
                self.go_blind(reason);
                false
            }
        })
    }

    /// What the network makes of a photo that was decoded with `turn`; `None` where there is none, which
    /// is told once.
    #[must_use]
    pub fn look(&self, made: &TileParts, turn: Turn) -> Option<Packed> {
        let network = self.network.as_ref().filter(|_| !self.is_blind.load(Ordering::Relaxed))?;
        match network.look(&made.look(turn)) {
            Ok(traits) => Some(Packed::of(&traits)),
            Err(reason) => {
                self.go_blind(&reason);
                None
            }
        }
    }

    fn go_blind(&self, reason: &str) {
        if !self.is_blind.swap(true, Ordering::Relaxed) {
            self.hints.push(format!("photos are judged without the network: {reason}"));
        }
    }

    /// Makes what was kept findable: to be called when there is nothing else to do.
    pub fn commit(&self) {
        // Nothing is opened for that.
        let Some(cache) = self.cache.get().and_then(Option::as_ref) else { return };
        if let Err(error) = cache.commit() {
            self.hints.push(chain(&error));
        }
    }

    fn cache(&self) -> Option<&Cache> {
        let (settings, folders) = self.place.as_ref()?;
        let opened = self.cache.get_or_init(|| match self.open(settings, folders) {
            Ok(cache) => Some(cache),
            Err(error) => {
                self.hints.push(format!("tiles are not kept: {}", chain(&error)));
                None
            }
        });
        opened.as_ref()
    }

    fn open(&self, settings: &CacheSettings, folders: &Folders) -> DiskResult<Cache> {
        let home = Home::find(settings, folders)?;
        if let Some((wanted, kind)) = &home.instead_of {
            let (here, wanted) = (home.folder.display(), wanted.display());
            let told = format!("tiles are kept in {here}: {wanted} is on a network ({kind})");
            self.hints.push(told);
        }
        let setup = Setup { folder: &home.folder, coding: self.coding, cap_bytes: home.cap_bytes };
        let cache = Cache::open(&setup)?;
        for finding in cache.findings() {
            tracing::warn!("{finding}");
        }
        tracing::info!(folder = %home.folder.display(), writes = cache.is_writer(), "the tile cache");
        Ok(cache)
    }
}
