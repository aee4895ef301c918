//! The window's surface: its format, its size, and what each of its moods asks of the app.
//!
//! Format: an sRGB one where offered; else one that can be seen as sRGB; else an 8-bit one that
//! the shaders encode for, where blending is darker than in light (no desktop known to need it).
//!
//! Presentation: Mailbox where offered, because Fifo may hold the window's thread for a frame and
//! more; Fifo everywhere else, and nothing that tears.

use std::fmt::Debug;

use wgpu::CurrentSurfaceTexture;
use wgpu::SurfaceTarget;
use wgpu::TextureFormat;
use wgpu::rwh::HasDisplayHandle;

use super::GpuError;
use super::GpuResult;
use super::device::Device;

/// A window's surface.
#[derive(Debug)]
pub struct Surface {
    // None only while it is being made again: the old one must go first.
    inner: Option<wgpu::Surface<'static>>,
    config: wgpu::SurfaceConfiguration,
    view_format: TextureFormat,
}

/// A picture of the window to draw into.
#[derive(Debug)]
pub struct Target {
    /// What the renderer draws to.
    pub view: wgpu::TextureView,
    texture: wgpu::SurfaceTexture,
}

/// What the window answers when it is asked for a picture to draw into.
#[derive(Debug)]
pub enum Acquired {
    /// Draw, then [`Surface::present`].
    Ready(Target),
    /// Nothing this time: ask for another redraw.
    Later,
    /// The window is covered or minimised: wait until it says that it is seen again.
    Hidden,
    /// The surface is gone: [`Surface::renew`], or, if [`Device::is_lost`], begin with a device.
    Lost,
}

impl Surface {
    /// Finds a device that can draw into `window`, and makes the window's surface of `size_px`.
    ///
    /// `display` is the connection to the display that the window was made with.
    pub fn open<W, D>(window: &W, display: &D, size_px: [u32; 2]) -> GpuResult<(Device, Self)>
    where
        W: Into<SurfaceTarget<'static>> + Clone,
        D: HasDisplayHandle + Debug + Clone + Send + Sync + 'static,
    {
        let (device, inner) = Device::for_window(display, || window.clone().into())?;
        let (config, view_format) = configuration(&device, &inner, size_px)?;
        inner.configure(&device.device, &config);
        Ok((device, Self { inner: Some(inner), config, view_format }))
    }

    /// Makes the surface again on the same device, after [`Acquired::Lost`].
    pub fn renew(
        &mut self,
        device: &Device,
        window: impl Into<SurfaceTarget<'static>>,
    ) -> GpuResult<()> {
        self.inner = None;
        let inner =
            device.instance.create_surface(window).map_err(|source| GpuError::Window { source })?;
        inner.configure(&device.device, &self.config);
        self.inner = Some(inner);
        Ok(())
    }

    /// Finds a device again, and makes the surface again on it, after [`Device::is_lost`]. The old
    /// surface goes first: a window has one at a time.
    ///
    /// # Errors
    /// As [`Surface::open`]; there is no surface then.
    pub fn reopen<W, D>(&mut self, window: &W, display: &D) -> GpuResult<Device>
    where
        W: Into<SurfaceTarget<'static>> + Clone,
        D: HasDisplayHandle + Debug + Clone + Send + Sync + 'static,
    {
        self.inner = None;
        let (device, new) = Self::open(window, display, self.size_px())?;
        *self = new;
        Ok(device)
    }

    /// The format that a renderer for this surface is made with.
    #[must_use]
    pub const fn format(&self) -> TextureFormat {
        self.view_format
    }

    /// Width and height in physical pixels.
    #[must_use]
    pub const fn size_px(&self) -> [u32; 2] {
        [self.config.width, self.config.height]
    }

    /// Follows the window's size; a window without any (minimised) keeps the last one.
    pub fn resize(&mut self, device: &Device, size_px: [u32; 2]) {
        if size_px.contains(&0) {
            return;
        }
        let [width, height] = size_px.map(|side| side.min(device.edge_limit_px()));
        if [width, height] != self.size_px() {
            (self.config.width, self.config.height) = (width, height);
            self.configure(device);
        }
    }

    /// Asks for a picture to draw into. A surface that no longer fits its window is fitted and
    /// asked once more.
    pub fn acquire(&mut self, device: &Device) -> Acquired {
        // A lost device has an outdated surface for ever.
        if device.is_lost() {
            return Acquired::Lost;
        }
        match self.ask() {
            Acquired::Later => {
                self.configure(device);
                self.ask()
            }
            answer => answer,
        }
    }

    /// Shows what was drawn.
    pub fn present(&self, device: &Device, target: Target) {
        drop(target.view);
        device.queue.present(target.texture);
    }

    fn ask(&self) -> Acquired {
        let Some(inner) = &self.inner else { return Acquired::Lost };
        match inner.get_current_texture() {
            // A suboptimal picture is drawn all the same: the size that makes it optimal again
            // comes with an event, and fitting at each frame would cost more than it gains.
            CurrentSurfaceTexture::Success(texture)
            | CurrentSurfaceTexture::Suboptimal(texture) => {
                let view = texture.texture.create_view(&wgpu::TextureViewDescriptor {
                    format: Some(self.view_format),
                    ..Default::default()
                });
                Acquired::Ready(Target { view, texture })
            }
            CurrentSurfaceTexture::Outdated
            | CurrentSurfaceTexture::Timeout
            | CurrentSurfaceTexture::Validation => Acquired::Later,
            CurrentSurfaceTexture::Occluded => Acquired::Hidden,
            CurrentSurfaceTexture::Lost => Acquired::Lost,
        }
    }

    fn configure(&self, device: &Device) {
        if let Some(inner) = &self.inner {
            inner.configure(&device.device, &self.config);
        }
    }
}

fn configuration(
    device: &Device,
    surface: &wgpu::Surface<'static>,
    size_px: [u32; 2],
) -> GpuResult<(wgpu::SurfaceConfiguration, TextureFormat)> {
    let offered = surface.get_capabilities(&device.adapter);
    let flags = device.adapter.get_downlevel_capabilities().flags;
    let can_view = flags.contains(wgpu::DownlevelFlags::SURFACE_VIEW_FORMATS);
    let (format, view_format) = formats(&offered.formats, can_view)
        .ok_or_else(|| GpuError::NoFormat { adapter: device.name() })?;
    let [width, height] = size_px.map(|side| side.clamp(1, device.edge_limit_px()));
    let opaque = wgpu::CompositeAlphaMode::Opaque;
    let config = wgpu::SurfaceConfiguration {
        usage: wgpu::TextureUsages::RENDER_ATTACHMENT,
        format,
        color_space: wgpu::SurfaceColorSpace::Auto,
        width,
        height,
        present_mode: if offered.present_modes.contains(&wgpu::PresentMode::Mailbox) {
            wgpu::PresentMode::Mailbox
        } else {
            wgpu::PresentMode::Fifo
        },
        desired_maximum_frame_latency: 2,
        alpha_mode: if offered.alpha_modes.contains(&opaque) {
            opaque
        } else {
            wgpu::CompositeAlphaMode::Auto
        },
        view_formats: if view_format == format { vec![] } else { vec![view_format] },
    };
    Ok((config, view_format))
}

/// The format to configure and the one to see it as, out of those `offered`.
fn formats(offered: &[TextureFormat], can_view: bool) -> Option<(TextureFormat, TextureFormat)> {
    let is_bytes = |format: &TextureFormat| {
        matches!(format.remove_srgb_suffix(), TextureFormat::Bgra8Unorm | TextureFormat::Rgba8Unorm)
    };
    let bytes = || offered.iter().copied().filter(is_bytes);
    if let Some(format) = bytes().find(TextureFormat::is_srgb) {
        return Some((format, format));
    }
    let plain = bytes().next()?;
    Some((plain, if can_view { plain.add_srgb_suffix() } else { plain }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(
        offered: &[TextureFormat],
        can_view: bool,
        expect: Option<(TextureFormat, TextureFormat)>,
    ) {
        assert_eq!(formats(offered, can_view), expect, "{offered:?}, {can_view}");
    }

    #[test]
    fn an_srgb_view_is_taken_wherever_there_is_one() {
        use TextureFormat::Bgra8Unorm;
        use TextureFormat::Bgra8UnormSrgb;
        use TextureFormat::Rgba16Float;
        check(&[Bgra8Unorm, Bgra8UnormSrgb], true, Some((Bgra8UnormSrgb, Bgra8UnormSrgb)));
        check(&[Rgba16Float, Bgra8Unorm], true, Some((Bgra8Unorm, Bgra8UnormSrgb)));
        check(&[Bgra8Unorm], false, Some((Bgra8Unorm, Bgra8Unorm)));
        check(&[Rgba16Float], true, None);
    }
}
