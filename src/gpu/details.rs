//! Where tiles have detail: a texture array beside the pages, with a cell for each four texels a side.
//!
//! A tile's detail lies at a quarter of its seat's place, so that whoever seats tiles seats this too. It
//! is written with the tile, whether an overlay is on or not: a key that shows one then waits for nothing.
//! A sixteenth of a page of blocks.

use wgpu::TextureViewDimension;

use crate::core::atlas::PAGE_EDGE_PX;
use crate::core::atlas::Seat;
use crate::core::detail::DetailTexels;
use crate::core::frame::Upload;

use super::shader;

/// Texels of a page to a cell, a side.
pub(super) const TEXELS_A_CELL: u32 = 4;

const EDGE: u32 = PAGE_EDGE_PX / TEXELS_A_CELL;

/// The texture array.
pub(super) struct Details {
    texture: wgpu::Texture,
    layout: wgpu::BindGroupLayout,
    group: wgpu::BindGroup,
}

impl Details {
    pub(super) fn new(device: &wgpu::Device) -> Self {
        let layout = shader::texture_layout(device, TextureViewDimension::D2Array);
        let texture = array(device, 2);
        let group = shader::texture_group(device, &layout, &texture, TextureViewDimension::D2Array);
        Self { texture, layout, group }
    }

    /// What group 1 of the pipeline is.
    pub(super) const fn layout(&self) -> &wgpu::BindGroupLayout {
        &self.layout
    }

    /// Makes the array what `pass` reads.
    pub(super) fn bind(&self, pass: &mut wgpu::RenderPass<'_>) {
        pass.set_bind_group(1, &self.group, &[]);
    }

    /// Bytes of the texture.
    pub(super) fn size_bytes(&self) -> u64 {
        u64::from(self.layers()) * u64::from(EDGE * EDGE)
    }

    /// Whether a page has ever been written.
    pub(super) fn holds(&self, page: u16) -> bool {
        u32::from(page) < self.layers()
    }

    /// Copies what `uploads` bring to the places of their seats; gives the number of bytes.
    pub(super) fn write(
        &mut self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        uploads: &[Upload],
    ) -> u64 {
        let with_detail = || uploads.iter().filter_map(|u| Some((u.seat, u.detail.as_deref()?)));
        let last = with_detail().map(|(seat, _)| u32::from(seat.page)).max();
        let limit = device.limits().max_texture_array_layers;
        if let Some(last) = last.filter(|last| *last >= self.layers() && *last < limit) {
            self.grow(device, queue, (last + 1).next_power_of_two().min(limit));
        }
        with_detail().map(|(seat, detail)| self.seat(queue, seat, detail)).sum()
    }

    fn seat(&self, queue: &wgpu::Queue, seat: Seat, detail: &DetailTexels) -> u64 {
        let [width, height] = detail.size();
        let is_fitting = width.max(height) <= seat.class.edge_px() / TEXELS_A_CELL;
        debug_assert!(is_fitting, "{width} x {height} for {:?}", seat.class);
        if !is_fitting || !self.holds(seat.page) {
            return 0;
        }
        let [x, y] = seat.origin_px().map(|at| at / TEXELS_A_CELL);
        queue.write_texture(
            wgpu::TexelCopyTextureInfo {
                origin: wgpu::Origin3d { x, y, z: seat.page.into() },
                ..self.texture.as_image_copy()
            },
            detail.shares(),
            wgpu::TexelCopyBufferLayout {
                offset: 0,
                bytes_per_row: Some(width),
                rows_per_image: None,
            },
            wgpu::Extent3d { width, height, depth_or_array_layers: 1 },
        );
        detail.shares().len() as u64
    }

    fn grow(&mut self, device: &wgpu::Device, queue: &wgpu::Queue, layers: u32) {
        let larger = array(device, layers);
        let mut encoder = device.create_command_encoder(&Default::default());
        encoder.copy_texture_to_texture(
            self.texture.as_image_copy(),
            larger.as_image_copy(),
            self.texture.size(),
        );
        queue.submit([encoder.finish()]);
        let dimension = TextureViewDimension::D2Array;
        self.group = shader::texture_group(device, &self.layout, &larger, dimension);
        self.texture = larger;
    }

    fn layers(&self) -> u32 {
        self.texture.depth_or_array_layers()
    }
}

fn array(device: &wgpu::Device, layers: u32) -> wgpu::Texture {
    // OpenGL takes each six square layers for a cube, as `pages` says.
    let layers = layers.max(2) + u32::from(layers.is_multiple_of(6));
    device.create_texture(&wgpu::TextureDescriptor {
        label: Some("details"),
        size: wgpu::Extent3d {
            width: EDGE,
            height: EDGE,
            depth_or_array_layers: layers.min(device.limits().max_texture_array_layers),
        },
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format: wgpu::TextureFormat::R8Unorm,
        usage: wgpu::TextureUsages::TEXTURE_BINDING
            | wgpu::TextureUsages::COPY_DST
            | wgpu::TextureUsages::COPY_SRC,
        view_formats: &[],
    })
}
