//! The device: found, opened, and watched.
//!
//! Takes the platform's own interface first (Vulkan, Metal, Direct3D 12), then whatever there is.
//! `WGPU_BACKEND` and `WGPU_POWER_PREF` overrule the choice, for a person whose driver misbehaves.
//! All of the adapter's own limits are asked for: the default 8192 texels a side are fewer than a
//! 45 megapixel picture is wide. Block compression is asked for where it is offered, and tiles are
//! then made in blocks ([`Device::coding`]).
//!
//! Nothing here panics on what the device says later: faults are collected ([`Device::faults`]),
//! a lost device is a flag ([`Device::is_lost`]). Both are read without waiting.

use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

use crossbeam_queue::ArrayQueue;
use wgpu::rwh::HasDisplayHandle;

use super::GpuError;
use super::GpuResult;
use super::timer;
use crate::core::coded::Coding;

/// Faults kept until they are read: the first ones say why, the rest follow from them.
const FAULTS_MAX: usize = 16;

/// What the device said was wrong, in the order that it said so.
#[derive(Debug, Clone)]
pub(super) struct Faults(Arc<ArrayQueue<String>>);

impl Faults {
    /// Keeps a fault; one that finds no room is dropped, the earlier ones matter more.
    pub(super) fn record(&self, fault: String) {
        _ = self.0.push(fault);
    }
}

/// Which adapter to take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preference {
    /// The fastest.
    Hardware,
    /// The one that draws on the processor, or else any: every machine then draws the same.
    Software,
}

/// An open device. Cloning gives another handle to the same one.
#[derive(Debug, Clone)]
pub struct Device {
    pub(super) instance: wgpu::Instance,
    pub(super) adapter: wgpu::Adapter,
    pub(super) device: wgpu::Device,
    pub(super) queue: wgpu::Queue,
    pub(super) faults: Faults,
    coding: Coding,
    is_lost: Arc<AtomicBool>,
}

impl Device {
    /// A device that draws without a window.
    pub fn offscreen(preference: Preference) -> GpuResult<Self> {
        let (instance, adapter) = find_offscreen(preference)?;
        let coding = coding(&adapter);
        open(instance, adapter, coding)
    }

    /// The same with counters for [`super::timer::Timer`], where the adapter offers them.
    pub fn timed(preference: Preference) -> GpuResult<Self> {
        let (instance, adapter) = find_offscreen(preference)?;
        let (coding, features) = (coding(&adapter), adapter.features() & timer::FEATURES);
        open_with(instance, adapter, coding, features)
    }

    /// The same as if the adapter offered no block compression.
    pub fn offscreen_without_blocks(preference: Preference) -> GpuResult<Self> {
        let (instance, adapter) = find_offscreen(preference)?;
        open(instance, adapter, Coding::Rgba8)
    }

    /// A device that can draw into a window, with the window's surface.
    ///
    /// `window` is called again when the first kind of backend does not work; `display` is the
    /// connection that the window belongs to (OpenGL on Wayland needs it).
    pub(super) fn for_window<D>(
        display: &D,
        window: impl Fn() -> wgpu::SurfaceTarget<'static>,
    ) -> GpuResult<(Self, wgpu::Surface<'static>)>
    where
        D: HasDisplayHandle + Debug + Clone + Send + Sync + 'static,
    {
        let attempt = |backends| {
            let instance = instance(Some(Box::new(display.clone())), backends);
            let surface = match instance.create_surface(window()) {
                Ok(surface) => surface,
                // Without any driver there is no surface either: the driver is what is missing.
                Err(source) => {
                    return find(instance, None, false).and(Err(GpuError::Window { source }));
                }
            };
            let (instance, adapter) = find(instance, Some(&surface), false)?;
            let coding = coding(&adapter);
            Ok((open(instance, adapter, coding)?, surface))
        };
        attempt(Backends::Native).or_else(|_: GpuError| attempt(Backends::All))
    }

    /// Whether the device is gone. All that was on it is gone too: see [`super::renderer`].
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.is_lost.load(Ordering::Acquire)
    }

    /// What went wrong since the last call, oldest first; at most 16. Waits for nobody.
    pub fn faults(&self) -> impl Iterator<Item = String> {
        std::iter::from_fn(|| self.faults.0.pop())
    }

    /// How tiles are read: what a renderer on this device wants its uploads in.
    #[must_use]
    pub const fn coding(&self) -> Coding {
        self.coding
    }

    /// The adapter's name and how it is spoken to, for the log and the help.
    #[must_use]
    pub fn name(&self) -> String {
        name_of(&self.adapter)
    }

    /// Whether the processor draws.
    #[must_use]
    pub fn is_software(&self) -> bool {
        self.adapter.get_info().device_type == wgpu::DeviceType::Cpu
    }

    /// The longest side of a picture that the device draws to, or of one piece that it draws.
    #[must_use]
    pub fn edge_limit_px(&self) -> u32 {
        self.device.limits().max_texture_dimension_2d
    }

    /// The most pages that a renderer can have on this device.
    #[must_use]
    pub fn page_limit(&self) -> u16 {
        u16::try_from(self.device.limits().max_texture_array_layers).unwrap_or(u16::MAX)
    }

    /// Loses the device as a driver's reset would: for tests of what happens then.
    pub fn destroy(&self) {
        self.device.destroy();
        // The device says so only when it is asked, and a destroyed one cannot be waited for.
        _ = self.device.poll(wgpu::PollType::Poll);
    }
}

/// Which interfaces to the hardware are tried.
#[derive(Debug, Clone, Copy)]
enum Backends {
    /// The platform's own.
    Native,
    /// OpenGL too: looking for it takes time, and some drivers misbehave when merely asked.
    All,
}

fn instance(
    display: Option<Box<dyn wgpu::wgt::WgpuHasDisplayHandle>>,
    backends: Backends,
) -> wgpu::Instance {
    let mut wanted = wgpu::InstanceDescriptor::new_without_display_handle();
    wanted.display = display;
    wanted.backends = match backends {
        Backends::Native => wgpu::Backends::PRIMARY,
        Backends::All => wgpu::Backends::all(),
    };
    wgpu::Instance::new(wanted.with_env())
}

fn find(
    instance: wgpu::Instance,
    surface: Option<&wgpu::Surface<'static>>,
    force_fallback_adapter: bool,
) -> GpuResult<(wgpu::Instance, wgpu::Adapter)> {
    let wanted = wgpu::RequestAdapterOptions {
        power_preference: wgpu::PowerPreference::from_env()
            .unwrap_or(wgpu::PowerPreference::HighPerformance),
        compatible_surface: surface,
        force_fallback_adapter,
        ..Default::default()
    };
    match pollster::block_on(instance.request_adapter(&wanted)) {
        Ok(adapter) => Ok((instance, adapter)),
        Err(source) => Err(GpuError::NoAdapter { source }),
    }
}

fn find_offscreen(preference: Preference) -> GpuResult<(wgpu::Instance, wgpu::Adapter)> {
    let first = match preference {
        Preference::Hardware => find(instance(None, Backends::Native), None, false),
        Preference::Software => find(instance(None, Backends::All), None, true),
    };
    first.or_else(|_| find(instance(None, Backends::All), None, false))
}

/// How tiles are best read: in blocks where they can be. OpenGL cannot move blocks from one texture
/// to another in wgpu, which pages do when they grow.
fn coding(adapter: &wgpu::Adapter) -> Coding {
    let has_blocks = adapter.features().contains(wgpu::Features::TEXTURE_COMPRESSION_BC);
    let is_opengl = adapter.get_info().backend == wgpu::Backend::Gl;
    if has_blocks && !is_opengl { Coding::Bc7 } else { Coding::Rgba8 }
}

fn open(instance: wgpu::Instance, adapter: wgpu::Adapter, coding: Coding) -> GpuResult<Device> {
    open_with(instance, adapter, coding, wgpu::Features::empty())
}

fn open_with(
    instance: wgpu::Instance,
    adapter: wgpu::Adapter,
    coding: Coding,
    features: wgpu::Features,
) -> GpuResult<Device> {
    let lacking = |what| GpuError::Lacking { what, adapter: name_of(&adapter) };
    let limits = adapter.limits();
    let flags = adapter.get_downlevel_capabilities().flags;
    // Three tables of the mosaic in a stage, and pages of `core::atlas::PAGE_EDGE_PX`.
    if !flags.contains(wgpu::DownlevelFlags::VERTEX_STORAGE)
        || limits.max_storage_buffers_per_shader_stage < 3
    {
        return Err(lacking("storage buffers in vertex shaders"));
    }
    if limits.max_texture_dimension_2d < crate::core::atlas::PAGE_EDGE_PX {
        return Err(lacking("textures of 2048 texels a side"));
    }
    let wanted = wgpu::DeviceDescriptor {
        label: None,
        required_features: match coding {
            Coding::Rgba8 => features,
            Coding::Bc7 => features | wgpu::Features::TEXTURE_COMPRESSION_BC,
        },
        required_limits: limits,
        ..Default::default()
    };
    let (device, queue) = pollster::block_on(adapter.request_device(&wanted))
        .map_err(|source| GpuError::Open { adapter: name_of(&adapter), source })?;

    let faults = Faults(Arc::new(ArrayQueue::new(FAULTS_MAX)));
    let sink = faults.clone();
    device.on_uncaptured_error(Arc::new(move |fault: wgpu::Error| sink.record(fault.to_string())));
    let is_lost = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&is_lost);
    device.set_device_lost_callback(move |_, _| flag.store(true, Ordering::Release));
    Ok(Device { instance, adapter, device, queue, faults, coding, is_lost })
}

fn name_of(adapter: &wgpu::Adapter) -> String {
    let info = adapter.get_info();
    format!("{} ({}, {})", info.name, info.backend, info.driver_info)
}
