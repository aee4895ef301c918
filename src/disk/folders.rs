//! Where the platform keeps our files.

use std::path::PathBuf;

use etcetera::BaseStrategy;

use super::DiskError;
use super::DiskResult;

/// Our folders: XDG's on Linux and its like, the native ones on macOS and Windows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folders {
    /// Decisions: what cannot be made again.
    pub data: PathBuf,
    /// What can be deleted at any time.
    pub cache: PathBuf,
    /// The settings.
    pub config: PathBuf,
}

impl Folders {
    /// Asks the platform; makes no folder.
    pub fn find() -> DiskResult<Self> {
        let base =
            etcetera::base_strategy::choose_native_strategy().map_err(|_| DiskError::NoHome)?;
        let ours = |dir: PathBuf| dir.join("rushlight");
        Ok(Self {
            data: ours(base.data_dir()),
            cache: ours(base.cache_dir()),
            config: ours(base.config_dir()),
        })
    }

    /// The settings file.
    #[must_use]
    pub fn settings(&self) -> PathBuf {
        self.config.join("settings.toml")
    }
}
