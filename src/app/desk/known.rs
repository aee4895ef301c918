//! What is known at the desk: of the photos, of what is shown, and of what is saved.

use std::path::PathBuf;

use super::Desk;
use crate::jobs::board::Board;
use crate::jobs::shoot::Shoot;

impl Desk {
    /// Whether what was decided in earlier runs is known, or cannot be had.
    #[must_use]
    pub const fn is_restored(&self) -> bool {
        self.is_restored
    }

    /// Whether everything has been found, read, and put in its lasting order.
    #[must_use]
    pub fn is_sorted(&self) -> bool {
        self.shoot.as_ref().is_none_or(Shoot::is_sorted)
    }

    /// What is known of the photos.
    #[must_use]
    pub fn board(&self) -> &Board {
        self.shoot.as_ref().map_or(&*self.nothing, Shoot::board)
    }

    /// Whether every visible cell shows its photo's lasting picture, or cannot.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.aloft().is_none()
            && self.shoot.as_ref().is_none_or(|shoot| shoot.is_settled(&self.wish))
    }

    /// Whether some file or folder of the shoot could not be read or shown.
    #[must_use]
    pub fn has_faults(&self) -> bool {
        self.has_scan_trouble || self.board().failed() > 0
    }

    /// How many decisions are not durable yet.
    #[must_use]
    pub fn unsaved_count(&self) -> u64 {
        let saved = self.shoot.as_ref().map_or(0, Shoot::saved_number);
        self.last_number.saturating_sub(saved) + self.waiting_decisions()
    }

    /// The folders and files of the shoot.
    #[must_use]
    pub fn roots(&self) -> &[PathBuf] {
        self.shoot.as_ref().map_or(&[], Shoot::roots)
    }
}
