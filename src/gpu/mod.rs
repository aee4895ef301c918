//! The floor that touches the device: it draws a [`Frame`](crate::core::frame::Frame) and knows no
//! more. It never sees a path, a label's meaning, a key or a clock, and starts no thread.
//!
//! ```text
//! device ──> surface (a window) ──┐
//!        └─> capture (a picture) ─┴─> renderer ─┬─> pages, tiles   small pictures, one draw
//!                                               ├─> loupe          large pictures, in pieces
//!                                               ├─> veils          what is laid over photos
//!                                               ├─> quads          boxes and badges
//!                                               └─> text           glyphon
//! ```
//!
//! Colour: tiles are in the working space, large pictures say in which they are, boxes and text are in
//! the display's own (`core::colour`). All are encoded by sRGB's curve or nearly; the target is an
//! sRGB view, so that filtering and blending happen in light. Where a window offers no sRGB view, the
//! shaders encode and blending is the slightly darker one of most programs (see [`surface`]).
//!
//! Failure: what cannot start is a [`GpuError`]. What goes wrong on a running device (a mistake of
//! ours, memory that runs out) never panics: [`device::Device::faults`] collects it. A lost device
//! is said by [`device::Device::is_lost`], and [`renderer`] tells what its owner must do.

mod clip;
mod details;
mod display;
mod instances;
mod loupe;
mod micros;
mod mosaic;
mod pages;
mod quads;
mod table;
mod tiles;
mod veils;

pub mod capture;
pub mod device;
pub mod layout;
pub mod renderer;
pub mod shader;
pub mod surface;
pub mod text;
pub mod timer;

/// What can go wrong between the program and the device.
#[derive(Debug, thiserror::Error)]
pub enum GpuError {
    /// No adapter at all, not even in software.
    #[error("no GPU was found, and no software one: {}", remedy())]
    NoAdapter {
        /// Which backends were asked, and what each said.
        source: wgpu::RequestAdapterError,
    },

    /// The adapter cannot do what the renderer is built on.
    #[error("the GPU cannot draw this: it lacks {what}; {}; GPU: {adapter}", remedy())]
    Lacking {
        /// What is missing.
        what: &'static str,
        /// The adapter's name.
        adapter: String,
    },

    /// The driver refuses to open the device.
    #[error("cannot open the GPU: {}; GPU: {adapter}", remedy())]
    Open {
        /// The adapter's name.
        adapter: String,
        /// What the driver said.
        source: wgpu::RequestDeviceError,
    },

    /// The window cannot be drawn to.
    #[error("cannot draw into the window")]
    Window {
        /// What the system said.
        source: wgpu::CreateSurfaceError,
    },

    /// The window and the adapter have no format in common.
    #[error("cannot draw into the window: it shares no format with the GPU; GPU: {adapter}")]
    NoFormat {
        /// The adapter's name.
        adapter: String,
    },

    /// The picture to be drawn is larger than the device draws.
    #[error("cannot draw {} x {} pixels: the GPU draws 1 to {limit_px} a side", size_px[0], size_px[1])]
    TooLarge {
        /// What was asked for.
        size_px: [u32; 2],
        /// The longest side that the device draws.
        limit_px: u32,
    },

    /// The device was lost: unplugged, reset, or its driver replaced.
    #[error("the GPU was lost; close other programs that use it, or start again")]
    Lost,

    /// What was drawn cannot be read back.
    #[error("cannot read the picture back from the GPU: {reason}")]
    ReadBack {
        /// What the device said.
        reason: String,
    },

    /// The device refused something while a picture was drawn.
    #[error("the GPU refused to draw: {reason}")]
    Refused {
        /// What the device said, first of all.
        reason: String,
    },
}

/// The result of everything on this floor.
pub type GpuResult<T> = Result<T, GpuError>;

/// What a person can do about a missing or failing device.
const fn remedy() -> &'static str {
    if cfg!(target_os = "linux") {
        "install the GPU's Vulkan driver, or mesa-vulkan-drivers to draw in software"
    } else {
        "update the graphics driver"
    }
}
