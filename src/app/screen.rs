//! The window's side of the device: draws the desk's frame and keeps the device alive.
//!
//! A lost device is made again from nothing; whoever composes is told, forgets what was on it and sends
//! everything anew. Decisions and place are the desk's and do not notice.

use std::path::PathBuf;
use std::sync::Arc;

use winit::event_loop::OwnedDisplayHandle;
use winit::window::Window;

use crate::core::atlas::PAGE_EDGE_PX;
use crate::core::coded::Coding;
use crate::core::colour::Display;
use crate::core::frame::Frame;
use crate::gpu::GpuError;
use crate::gpu::GpuResult;
use crate::gpu::device::Device;
use crate::gpu::renderer::Renderer;
use crate::gpu::surface::Acquired;
use crate::gpu::surface::Surface;
use crate::gpu::text::FontDatabase;

/// The window, its surface, and what draws into it.
pub struct Screen {
    /// The window.
    pub window: Arc<Window>,
    display: OwnedDisplayHandle,
    // Dropped before the window that it draws into.
    surface: Surface,
    device: Device,
    renderer: Renderer,
    // What a renderer made again must be given again.
    fonts: Option<FontDatabase>,
    colours: Display,
    page_count: u16,
}

/// What came of drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// The frame is on its way to the screen, all of it.
    Whole,
    /// The frame is on its way, and another one should follow.
    Partly,
    /// Nothing was shown: ask again.
    Later,
    /// Nothing can be shown until the window is seen again.
    Hidden,
    /// Nothing was shown: the device was lost and is another one now, on which nothing is. Ask again.
    Renewed,
}

/// What the window is called, so that two of them can be told apart.
#[must_use]
pub fn title(roots: &[PathBuf]) -> String {
    let Some(first) = roots.first() else { return "Rushlight".to_owned() };
    let name = first.file_name().unwrap_or(first.as_os_str()).to_string_lossy();
    match roots.len() {
        1 => format!("Rushlight: {name}"),
        count => format!("Rushlight: {name} and {} more", count - 1),
    }
}

/// Pages for a surface of so many pixels: a screen of cells shows at most four texels a pixel, and
/// as much again is kept around it; never fewer than one a class and a few to spare.
#[must_use]
pub fn page_count(size_px: [u32; 2]) -> u16 {
    let page_texels = u64::from(PAGE_EDGE_PX) * u64::from(PAGE_EDGE_PX);
    let texels = u64::from(size_px[0]) * u64::from(size_px[1]) * 8;
    texels.div_ceil(page_texels).clamp(8, 64) as u16
}

impl Screen {
    /// Opens the device for a window on a display that shows `colours`.
    ///
    /// # Errors
    /// When there is no GPU, not even in software, or it cannot draw into the window.
    pub fn open(
        window: Arc<Window>,
        display: OwnedDisplayHandle,
        page_count: u16,
        colours: Display,
    ) -> GpuResult<Self> {
        let size_px = window.inner_size().into();
        let (device, surface) = Surface::open(&window, &display, size_px)?;
        tracing::info!(gpu = device.name(), ?size_px, page_count, "drawing");
        let mut renderer = Renderer::new(&device, surface.format(), page_count);
        renderer.use_display(&colours);
        Ok(Self { window, display, surface, device, renderer, fonts: None, colours, page_count })
    }

    /// How the device reads tiles.
    #[must_use]
    pub const fn coding(&self) -> Coding {
        self.device.coding()
    }

    /// Follows the window's size.
    pub fn resize(&mut self, size_px: [u32; 2]) {
        self.surface.resize(&self.device, size_px);
    }

    /// Puts more fonts in place.
    pub fn use_fonts(&mut self, fonts: FontDatabase) {
        self.renderer.use_fonts(fonts.clone());
        self.fonts = Some(fonts);
    }

    /// Puts the fonts of another window in place, if it has them already.
    pub fn share_fonts(&mut self, other: &Self) {
        if let Some(fonts) = &other.fonts {
            self.use_fonts(fonts.clone());
        }
    }

    /// Tells how much memory the photos take on the device; benches/hundred_thousand.py reads it.
    pub fn tell_memory(&self) {
        tracing::info!(
            textures_mib = self.renderer.texture_bytes() >> 20,
            "the renderer's textures"
        );
    }

    /// Draws a frame.
    ///
    /// # Errors
    /// When the device was lost and none can be had again.
    pub fn show(&mut self, frame: &Frame) -> GpuResult<Shown> {
        if self.device.is_lost() {
            self.reopen()?;
            return Ok(Shown::Renewed);
        }
        // Before asking for something to draw into: the frame's uploads are in no later one.
        let is_whole = self.renderer.prepare(frame);
        let target = match self.surface.acquire(&self.device) {
            Acquired::Ready(target) => target,
            Acquired::Later => return Ok(Shown::Later),
            Acquired::Hidden => return Ok(Shown::Hidden),
            Acquired::Lost => {
                self.surface.renew(&self.device, Arc::clone(&self.window))?;
                return Ok(Shown::Later);
            }
        };
        self.renderer.draw(&target.view);
        self.window.pre_present_notify();
        self.surface.present(&self.device, target);
        for fault in self.device.faults() {
            tracing::error!(fault, "the GPU refused something");
        }
        Ok(if is_whole { Shown::Whole } else { Shown::Partly })
    }

    fn reopen(&mut self) -> GpuResult<()> {
        tracing::warn!("the GPU was lost; opening it again");
        let coding = self.coding();
        self.device = self.surface.reopen(&self.window, &self.display)?;
        if self.coding() != coding {
            // Another GPU, which cannot read the tiles that there are: better said than left blank.
            return Err(GpuError::Lost);
        }
        self.renderer = Renderer::new(&self.device, self.surface.format(), self.page_count);
        self.renderer.use_display(&self.colours);
        if let Some(fonts) = &self.fonts {
            self.renderer.use_fonts(fonts.clone());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_4k_screen_of_cells_has_its_pages() {
        assert_eq!(page_count([3840, 2160]), 16);
        assert_eq!(page_count([1280, 720]), 8);
        assert_eq!(page_count([20_000, 20_000]), 64);
    }
}
