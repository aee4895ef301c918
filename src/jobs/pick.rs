//! The desktop's folder picker, beside the window: the dialog blocks, the window must not.

use std::path::PathBuf;

use super::Waker;
use super::aside::Aside;

/// What became of the dialog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Picked {
    /// The person chose a folder.
    Folder(PathBuf),
    /// The person chose nothing, or this desktop has no picker: the dialog does not say which.
    Nothing,
}

/// Opens the picker; `wake` is called when there is an answer.
#[must_use]
pub fn folder(wake: Waker) -> Aside<Picked> {
    Aside::run("picker", wake, Some(Picked::Nothing), || {
        let dialog = rfd::FileDialog::new().set_title("Open a shoot");
        dialog.pick_folder().map_or(Picked::Nothing, Picked::Folder)
    })
}
