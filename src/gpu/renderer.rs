//! A frame becomes pixels: everything in the frame's order, in one pass.
//!
//! ```text
//! frame ── prepare ──> seats filled, tables sent    always, once a frame that was composed
//!              └─ draw ──> the target               when there is one to draw to
//! ```
//!
//! The two are apart because a window may have no picture to draw to just now, while the frame's
//! uploads must still reach their seats: `core::atlas` believes they have.
//!
//! Number of draws: at most one for each group of quads, one for the mosaic, one for all tiles, one
//! for all veils, one for each stratum's text, and one for each visible piece of a large picture; it does not grow with
//! the number of tiles or photos (`tests/golden.rs`).
//!
//! **When the device is lost** ([`Device::is_lost`]) nothing panics and nothing is drawn. The owner
//! opens a device again, makes a new renderer (and surface), gives it the system's fonts again, and
//! resets its `core::atlas`, since all seats are empty: the next frames then upload their tiles as
//! if never seen. Large pictures come back by themselves, the frame carries their texels.

use crate::core::colour;
use crate::core::frame::Frame;
use crate::core::frame::Rgba;
use crate::core::mosaic;
use crate::core::texels::linear_from_srgb;

use super::clip::Clip;
use super::device::Device;
use super::display::Display;
use super::layout::View;
use super::loupe::Loupe;
use super::micros::Micros;
use super::mosaic::Mosaic;
use super::pages::Pages;
use super::quads::Group;
use super::quads::Quads;
use super::text::FontDatabase;
use super::text::Layer;
use super::text::Text;
use super::tiles::Tiles;
use super::veils::Veils;

pub use super::loupe::Budget;

/// What became of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Drawn {
    /// Number of draws.
    pub draw_calls: u32,
    /// Whether all large pictures were drawn from their own texels. If not, draw another frame with
    /// them: more will have come.
    pub is_complete: bool,
    /// Bytes of texels that were copied to the device.
    pub upload_bytes: u64,
}

/// Draws frames on one device, into targets of one format.
pub struct Renderer {
    device: Device,
    view: wgpu::Buffer,
    is_encoding: bool,
    display: Display,
    pages: Pages,
    mosaic: Mosaic,
    tiles: Tiles,
    loupe: Loupe,
    veils: Veils,
    quads: Quads,
    text: Text,
    budget: Budget,
    prepared: Prepared,
}

/// What `draw` must know of the frame that was prepared.
#[derive(Default)]
struct Prepared {
    size_px: [u32; 2],
    background: wgpu::Color,
    tile_count: u32,
    drawn: Drawn,
    is_drawn: bool,
}

impl Renderer {
    /// A renderer for targets of `format`, with at most `page_limit` pages of tiles in the
    /// device's coding, 4 MiB each in blocks, else 16; [`Renderer::page_limit`] says how many the
    /// device gives.
    #[must_use]
    pub fn new(device: &Device, format: wgpu::TextureFormat, page_limit: u16) -> Self {
        let (gpu, queue) = (&device.device, &device.queue);
        let view = gpu.create_buffer(&wgpu::BufferDescriptor {
            label: Some("view"),
            size: size_of::<View>() as u64,
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let pages = Pages::new(gpu, device.coding(), page_limit);
        let display = Display::new(gpu, queue);
        let micros = Micros::new(gpu, device.coding());
        let edge_px = mosaic::edge_px(device.coding());
        Self {
            device: device.clone(),
            mosaic: Mosaic::new(gpu, format, &view, micros, edge_px, &display),
            is_encoding: !format.is_srgb(),
            tiles: Tiles::new(gpu, format, &view, &pages, &display),
            loupe: Loupe::new((gpu, queue), format, &view, &display),
            veils: Veils::new(gpu, format, &view),
            quads: Quads::new(gpu, format, &view),
            text: Text::new(gpu, queue, format),
            budget: Budget::default(),
            prepared: Prepared { is_drawn: true, ..Prepared::default() },
            pages,
            display,
            view,
        }
    }

    /// The same with another budget for large pictures.
    #[must_use]
    pub fn with_budget(mut self, budget: Budget) -> Self {
        self.budget = budget;
        self
    }

    /// The most pages that tiles can be on: seats beyond them are never drawn.
    #[must_use]
    pub fn page_limit(&self) -> u16 {
        u16::try_from(self.pages.page_limit()).unwrap_or(u16::MAX)
    }

    /// Bytes of the textures that hold photos: the pages of tiles, the micro pictures, and the loupe's.
    #[must_use]
    pub fn texture_bytes(&self) -> u64 {
        self.pages.size_bytes()
            + self.veils.size_bytes()
            + self.mosaic.picture_bytes()
            + self.loupe.picture_bytes()
    }

    /// Shows colours as another display wants them from the next frame on; sRGB before.
    pub fn use_display(&mut self, display: &colour::Display) {
        self.display.show(&self.device.device, &self.device.queue, display);
    }

    /// Draws text with other fonts from the next frame on.
    pub fn use_fonts(&mut self, fonts: FontDatabase) {
        self.text.use_fonts(fonts);
    }

    /// Takes a new frame to the device: its uploads reach their seats, and as much of its large
    /// pictures as the budget allows. Says whether they are all there.
    pub fn prepare(&mut self, frame: &Frame) -> bool {
        let (gpu, queue) = (&self.device.device, &self.device.queue);
        if !self.prepared.is_drawn {
            // Copies wait for a submission and take memory until then.
            queue.submit([]);
        }
        let upload_bytes = self.pages.write(gpu, queue, &frame.uploads)
            + self.mosaic.send(gpu, queue, frame)
            + self.veils.send(queue, frame);
        let view = View {
            size_px: frame.size_px.map(|v| v as f32),
            is_encoding: u32::from(self.is_encoding),
            has_table: self.display.has_table(),
            shown_from_working: self.display.columns(),
            shading: u32::from(frame.shading.is_clipping) + 2 * u32::from(frame.shading.is_peaking),
            pad: 0,
            pad_more: [0; 2],
        };
        queue.write_buffer(&self.view, 0, bytemuck::bytes_of(&view));
        let tiles = self.tiles.collect(&frame.tiles, &self.pages);
        let stage = (&mut self.tiles, &self.pages);
        let sent = self.loupe.send(gpu, queue, frame, self.budget, stage);
        self.tiles.send(gpu, queue);
        self.quads.send(gpu, queue, frame);
        if let Err(fault) = self.text.send(gpu, queue, frame) {
            self.device.faults.record(format!("cannot draw the text: {fault}"));
        }
        self.prepared = Prepared {
            size_px: frame.size_px,
            background: self.background(frame.background),
            tile_count: tiles.end,
            drawn: Drawn {
                draw_calls: 0,
                is_complete: sent.is_complete,
                upload_bytes: upload_bytes + sent.bytes,
            },
            is_drawn: false,
        };
        if tiles.end > 0 && self.prepared.drawn.upload_bytes == 0 {
            // All that is shown is there: what a key may ask for next need not wait for its pipeline.
            self.mosaic.build();
            self.loupe.build();
            self.veils.build();
        }
        sent.is_complete
    }

    /// Draws the frame that was prepared last into `target`, which has the format given to
    /// [`Renderer::new`] and the frame's size; a target of another size is only cleared, because
    /// the window has changed meanwhile and another frame is on its way.
    pub fn draw(&mut self, target: &wgpu::TextureView) -> Drawn {
        let (gpu, queue) = (&self.device.device, &self.device.queue);
        let mut encoder = gpu.create_command_encoder(&Default::default());
        let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
            label: Some("frame"),
            color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                view: target,
                depth_slice: None,
                resolve_target: None,
                ops: wgpu::Operations {
                    load: wgpu::LoadOp::Clear(self.prepared.background),
                    store: wgpu::StoreOp::Store,
                },
            })],
            ..Default::default()
        });
        let texture = target.texture();
        let is_fitting = [texture.width(), texture.height()] == self.prepared.size_px;
        let draw_calls = if is_fitting { self.draw_all(&mut pass) } else { 0 };
        drop(pass);
        queue.submit([encoder.finish()]);
        self.prepared.is_drawn = true;
        Drawn { draw_calls, ..self.prepared.drawn }
    }

    fn draw_all(&self, pass: &mut wgpu::RenderPass<'_>) -> u32 {
        self.display.bind(pass);
        let mut draw_calls = self.quads.draw(pass, Group::Base);
        draw_calls += self.mosaic.draw(pass);
        if self.prepared.tile_count > 0 {
            self.tiles.draw(pass, &self.pages, 0..self.prepared.tile_count);
            draw_calls += 1;
        }
        draw_calls += self.loupe.draw(pass, &self.tiles, &self.pages);
        draw_calls += self.veils.draw(pass);
        let [width, height] = self.prepared.size_px;
        if let Some(whole) = Clip::cut([0.0, 0.0, width as f32, height as f32], [width, height]) {
            whole.apply(pass);
        }
        draw_calls += self.quads.draw(pass, Group::Marks);
        draw_calls += self.text.draw(pass, Layer::Base);
        draw_calls += self.quads.draw(pass, Group::Overlay);
        draw_calls + self.text.draw(pass, Layer::Overlay)
    }

    /// A colour as clearing wants it: light, unless the target has no sRGB format.
    fn background(&self, [red, green, blue, _]: Rgba) -> wgpu::Color {
        let [r, g, b] = [red, green, blue].map(|value| {
            if self.is_encoding {
                f64::from(value) / 255.0
            } else {
                f64::from(linear_from_srgb(value))
            }
        });
        wgpu::Color { r, g, b, a: 1.0 }
    }
}
