//! Any number of photos in one instanced draw, from what stays on the device.
//!
//! A frame brings the records that have changed and where the bands lie; the order travels when it
//! is another one. Collecting and sending allocate nothing once warm. Tables double when they are
//! outgrown; what was in them is copied on the device.

use std::sync::Arc;

use crate::core::frame::Frame;
use crate::core::mosaic;
use crate::core::mosaic::Mark;
use crate::core::mosaic::Record;
use crate::core::order::Order;

use super::clip::Clip;
use super::display::Display;
use super::layout;
use super::micros::Micros;
use super::shader;
use super::shader::Binding;
use super::shader::Late;
use super::tiles::gain;

/// Rows that a new table holds.
const ROWS_MIN: usize = 1024;

/// Draws a mosaic.
pub(super) struct Mosaic {
    pipeline: Late,
    view: wgpu::Buffer,
    uniform: wgpu::Buffer,
    photos: wgpu::Buffer,
    bands: wgpu::Buffer,
    stands: wgpu::Buffer,
    layouts: [wgpu::BindGroupLayout; 2],
    groups: [wgpu::BindGroup; 2],
    micros: Micros,
    order: Arc<Order>,
    scratch: Scratch,
    edge_px: u32,
    count: u32,
    clip: Option<Clip>,
    surface: Option<Clip>,
}

/// Memory to collect in.
#[derive(Default)]
struct Scratch {
    photos: Vec<layout::Photo>,
    bands: Vec<layout::Band>,
    stands: Vec<layout::Stand>,
}

impl Mosaic {
    pub(super) fn new(
        device: &wgpu::Device,
        format: wgpu::TextureFormat,
        view: &wgpu::Buffer,
        micros: Micros,
        edge_px: u32,
        display: &Display,
    ) -> Self {
        let layouts = [
            shader::buffers_layout(device, &[Binding::Uniform, Binding::Storage]),
            shader::buffers_layout(device, &[Binding::Uniform, Binding::Storage, Binding::Storage]),
        ];
        let recipe = shader::Recipe {
            name: "mosaic",
            source: shader::MOSAIC,
            groups: &[&layouts[0], micros.layout(), display.layout(), &layouts[1]],
            blend: None,
            format,
        };
        let pipeline = Late::new(device, &recipe);
        let uniform = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("mosaic"),
            size: size_of::<layout::Mosaic>() as u64,
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let photos = table::<layout::Photo>(device, ROWS_MIN);
        let bands = table::<layout::Band>(device, ROWS_MIN);
        let stands = table::<layout::Stand>(device, ROWS_MIN);
        let groups = [
            shader::buffers_group(device, &layouts[0], &[view, &photos]),
            shader::buffers_group(device, &layouts[1], &[&uniform, &bands, &stands]),
        ];
        let (order, scratch) = (Arc::default(), Scratch::default());
        let view = view.clone();
        Self {
            pipeline,
            view,
            uniform,
            photos,
            bands,
            stands,
            layouts,
            groups,
            micros,
            order,
            scratch,
            edge_px,
            count: 0,
            clip: None,
            surface: None,
        }
    }

    /// Bytes of all micro pictures' texture.
    pub(super) fn picture_bytes(&self) -> u64 {
        self.micros.size_bytes()
    }

    /// Takes a new frame's mosaic and its changes to the device; gives the bytes of pictures.
    pub(super) fn send(
        &mut self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        frame: &Frame,
    ) -> u64 {
        let changes = &frame.mosaic.changes;
        let bytes = self.micros.write(device, queue, &changes.micros);
        self.send_records(device, queue, changes);
        self.count = frame.mosaic.count;
        let [width, height] = frame.size_px.map(|side| side as f32);
        self.surface = Clip::cut([0.0, 0.0, width, height], frame.size_px);
        self.clip = Clip::cut(frame.mosaic.clip_px, frame.size_px);
        if self.count > 0 {
            self.send_order(device, queue, &frame.mosaic.order);
            self.send_cells(device, queue, &frame.mosaic);
        }
        bytes
    }

    /// Builds what is not built yet.
    pub(super) fn build(&self) {
        _ = self.pipeline.get();
    }

    /// Draws the cells; gives the number of draws, 0 or 1.
    pub(super) fn draw(&self, pass: &mut wgpu::RenderPass<'_>) -> u32 {
        let (Some(clip), Some(surface), 1..) = (self.clip, self.surface, self.count) else {
            return 0;
        };
        clip.apply(pass);
        pass.set_pipeline(self.pipeline.get());
        pass.set_bind_group(0, &self.groups[0], &[]);
        self.micros.bind(pass);
        pass.set_bind_group(3, &self.groups[1], &[]);
        pass.draw(0..4, 0..self.count);
        surface.apply(pass);
        1
    }

    fn send_records(
        &mut self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        changes: &mosaic::Changes,
    ) {
        if changes.is_new {
            let mut encoder = device.create_command_encoder(&Default::default());
            encoder.clear_buffer(&self.photos, 0, None);
            queue.submit([encoder.finish()]);
        }
        let end = changes.spans.iter().map(|[first, count]| first + count).max().unwrap_or(0);
        self.make_room(device, queue, end as usize);
        let rows = &mut self.scratch.photos;
        rows.clear();
        rows.extend(changes.records.iter().map(row));
        let mut from = 0;
        for &[first, count] in &changes.spans {
            let span = &rows[from..from + count as usize];
            let offset = u64::from(first) * size_of::<layout::Photo>() as u64;
            queue.write_buffer(&self.photos, offset, bytemuck::cast_slice(span));
            from += count as usize;
        }
    }

    /// Makes room for so many records. New ones are zero: nothing is known of those photos.
    fn make_room(&mut self, device: &wgpu::Device, queue: &wgpu::Queue, row_count: usize) {
        if let Some(grown) = outgrown::<layout::Photo>(device, &self.photos, row_count) {
            let mut encoder = device.create_command_encoder(&Default::default());
            encoder.copy_buffer_to_buffer(&self.photos, 0, &grown, 0, self.photos.size());
            queue.submit([encoder.finish()]);
            self.photos = grown;
            let buffers = [&self.view, &self.photos];
            self.groups[0] = shader::buffers_group(device, &self.layouts[0], &buffers);
        }
    }

    fn send_order(&mut self, device: &wgpu::Device, queue: &wgpu::Queue, order: &Arc<Order>) {
        if Arc::ptr_eq(order, &self.order) {
            return;
        }
        self.order = Arc::clone(order);
        // A record beyond the table would be read as another photo's.
        self.make_room(device, queue, order.column_len());
        let rows = &mut self.scratch.stands;
        rows.clear();
        rows.extend(order.photos().iter().map(|photo| layout::Stand { photo: photo.0 }));
        if let Some(grown) = outgrown::<layout::Stand>(device, &self.stands, rows.len()) {
            self.stands = grown;
            self.bind_cells(device);
        }
        queue.write_buffer(&self.stands, 0, bytemuck::cast_slice(&self.scratch.stands));
    }

    fn send_cells(&mut self, device: &wgpu::Device, queue: &wgpu::Queue, mosaic: &mosaic::Mosaic) {
        let rows = &mut self.scratch.bands;
        rows.clear();
        rows.extend(mosaic.bands.iter().map(|band| layout::Band {
            first: band.first,
            blanks: band.blanks,
            top_px: band.top_px,
        }));
        let band_count = rows.len() as u32;
        if let Some(grown) = outgrown::<layout::Band>(device, &self.bands, rows.len()) {
            self.bands = grown;
            self.bind_cells(device);
        }
        queue.write_buffer(&self.bands, 0, bytemuck::cast_slice(&self.scratch.bands));
        let uniform = layout::Mosaic { band_count, edge_px: self.edge_px, ..cells(mosaic) };
        queue.write_buffer(&self.uniform, 0, bytemuck::bytes_of(&uniform));
    }

    fn bind_cells(&mut self, device: &wgpu::Device) {
        let buffers = [&self.uniform, &self.bands, &self.stands];
        self.groups[1] = shader::buffers_group(device, &self.layouts[1], &buffers);
    }
}

fn cells(mosaic: &mosaic::Mosaic) -> layout::Mosaic {
    let (cells, colours) = (&mosaic.cells, &mosaic.colours);
    layout::Mosaic {
        size_px: cells.size_px,
        left_px: cells.left_px,
        gap_px: cells.gap_px,
        padding_px: cells.padding_px,
        caption_px: cells.caption_px,
        border_px: if mosaic.is_bare { 0.0 } else { cells.border_px },
        gain: gain(mosaic.brightness),
        trashed_gain: gain(mosaic.trashed_brightness),
        columns: cells.columns.max(1),
        first: mosaic.first,
        band_count: 0,
        is_bare: u32::from(mosaic.is_bare),
        edge_px: 0,
        cell: u32::from_le_bytes(colours.cell),
        selected: u32::from_le_bytes(colours.selected),
        place: u32::from_le_bytes(colours.place),
        keep: u32::from_le_bytes(colours.keep),
        trash: u32::from_le_bytes(colours.trash),
        pad: 0,
    }
}

fn row(record: &Record) -> layout::Photo {
    let [red, green, blue] = record.mean;
    let [width, height] = record.size_px.map(|side| u32::from(side.max(1)));
    let mark = match record.mark {
        Mark::None => 0,
        Mark::Keep => 16,
        Mark::Trash => 32,
    };
    layout::Photo {
        mean: u32::from_le_bytes([red, green, blue, if record.has_mean { 255 } else { 0 }]),
        size: width | height << 16,
        micro: u32::from(record.micro_px[0]) | u32::from(record.micro_px[1]) << 8,
        flags: u32::from(record.quarter_turns % 4) | mark | u32::from(record.is_selected) << 6,
    }
}

fn table<T>(device: &wgpu::Device, row_count: usize) -> wgpu::Buffer {
    device.create_buffer(&wgpu::BufferDescriptor {
        label: Some("mosaic"),
        size: (row_count * size_of::<T>()) as u64,
        usage: wgpu::BufferUsages::STORAGE
            | wgpu::BufferUsages::COPY_DST
            | wgpu::BufferUsages::COPY_SRC,
        mapped_at_creation: false,
    })
}

/// A larger table, where `row_count` rows do not fit into this one.
fn outgrown<T>(
    device: &wgpu::Device,
    buffer: &wgpu::Buffer,
    row_count: usize,
) -> Option<wgpu::Buffer> {
    let is_outgrown = (row_count * size_of::<T>()) as u64 > buffer.size();
    is_outgrown.then(|| table::<T>(device, row_count.next_power_of_two()))
}
