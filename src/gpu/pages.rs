//! The pages: one texture array that all tiles are drawn from, and the way of tiles into seats.
//!
//! `core::atlas` decides who sits where; this file copies. A seat is written from its top left
//! corner; what an earlier photo left beside is never drawn, because the shader comes no nearer
//! than half a texel to the edge of what a tile says is there (`a_neighbour_does_not_bleed_in`).
//!
//! The array is in one coding, the device's ([`super::device::Device::coding`]). Blocks are copied
//! whole: a tile of 511 x 341 texels is 512 x 344 on its page, and what fills it up is as little drawn
//! as a neighbour is (`nothing_is_seen_of_what_fills_up_blocks` in `tests/blocks.rs`). A tile in
//! another coding is refused: it stays where it came from, and its seat as it was.
//!
//! The array starts small and doubles when a seat on a further page is written, so that a small
//! shoot takes little memory. A page is 4 MiB in blocks, 16 MiB without.

use wgpu::TextureViewDimension;

use crate::core::atlas::PAGE_EDGE_PX;
use crate::core::coded::Coded;
use crate::core::coded::Coding;
use crate::core::frame::Upload;

use super::shader;

/// Pages at the start: 16 MiB in blocks, a screen of large tiles.
const PAGES_MIN: u32 = 4;

/// The texture array.
pub(super) struct Pages {
    texture: wgpu::Texture,
    coding: Coding,
    layout: wgpu::BindGroupLayout,
    group: wgpu::BindGroup,
    page_count: u32,
    page_limit: u32,
}

impl Pages {
    /// At most `page_limit` pages in a coding that the device has; fewer where it has fewer.
    pub(super) fn new(device: &wgpu::Device, coding: Coding, page_limit: u16) -> Self {
        let page_limit = u32::from(page_limit).clamp(1, device.limits().max_texture_array_layers);
        let page_count = PAGES_MIN.min(page_limit);
        let layout = shader::texture_layout(device, TextureViewDimension::D2Array);
        let texture = array(device, coding, page_count);
        let group = shader::texture_group(device, &layout, &texture, TextureViewDimension::D2Array);
        Self { texture, coding, layout, group, page_count, page_limit }
    }

    /// What group 1 of the pipeline is.
    pub(super) const fn layout(&self) -> &wgpu::BindGroupLayout {
        &self.layout
    }

    /// The most pages that there will ever be.
    pub(super) const fn page_limit(&self) -> u32 {
        self.page_limit
    }

    /// Bytes of the texture.
    pub(super) fn size_bytes(&self) -> u64 {
        let layer_bytes = self.coding.size_bytes([PAGE_EDGE_PX; 2]) as u64;
        u64::from(self.texture.depth_or_array_layers()) * layer_bytes
    }

    /// Whether a page has ever been written: a tile on another one would show a wrong picture.
    pub(super) fn holds(&self, page: u16) -> bool {
        u32::from(page) < self.page_count
    }

    /// Makes the pages what `pass` reads.
    pub(super) fn bind(&self, pass: &mut wgpu::RenderPass<'_>) {
        pass.set_bind_group(1, &self.group, &[]);
    }

    /// Copies all of `uploads` into their seats; gives the number of bytes.
    pub(super) fn write(
        &mut self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        uploads: &[Upload],
    ) -> u64 {
        let last = uploads.iter().map(|u| u32::from(u.seat.page)).max().unwrap_or(0);
        debug_assert!(last < self.page_limit, "page {last} of {}", self.page_limit);
        if last >= self.page_count && self.page_count < self.page_limit {
            let wanted = (last + 1).next_power_of_two();
            self.grow(device, queue, wanted.min(self.page_limit));
        }
        uploads.iter().map(|upload| self.seat(queue, upload)).sum()
    }

    fn seat(&self, queue: &wgpu::Queue, upload: &Upload) -> u64 {
        let (seat, coded) = (upload.seat, &*upload.coded);
        let is_fitting = coded.edge_px() <= seat.class.edge_px() && coded.coding() == self.coding;
        debug_assert!(is_fitting, "{coded:?} for {:?} of pages in {:?}", seat.class, self.coding);
        if !is_fitting || !self.holds(seat.page) {
            return 0;
        }
        let [x, y] = seat.origin_px();
        put(queue, &self.texture, [x, y, u32::from(seat.page)], coded)
    }

    fn grow(&mut self, device: &wgpu::Device, queue: &wgpu::Queue, page_count: u32) {
        let texture =
            grown(device, queue, (&self.texture, self.page_count), self.coding, page_count);
        self.group =
            shader::texture_group(device, &self.layout, &texture, TextureViewDimension::D2Array);
        self.texture = texture;
        self.page_count = page_count;
    }
}

/// As what the device reads a coding: light comes out of the sampler, so that filtering is linear.
pub(super) const fn format(coding: Coding) -> wgpu::TextureFormat {
    match coding {
        Coding::Rgba8 => wgpu::TextureFormat::Rgba8UnormSrgb,
        Coding::Bc7 => wgpu::TextureFormat::Bc7RgbaUnormSrgb,
    }
}

/// Copies a picture to a place on a page, given as x, y and page; gives the number of bytes.
pub(super) fn put(
    queue: &wgpu::Queue,
    texture: &wgpu::Texture,
    [x, y, z]: [u32; 3],
    coded: &Coded,
) -> u64 {
    let (block_px, _) = texture.format().block_dimensions();
    let [width, height] = coded.size_px().map(|side| side.next_multiple_of(block_px));
    queue.write_texture(
        wgpu::TexelCopyTextureInfo {
            origin: wgpu::Origin3d { x, y, z },
            ..texture.as_image_copy()
        },
        coded.bytes(),
        wgpu::TexelCopyBufferLayout {
            offset: 0,
            // A row of blocks, where there are blocks.
            bytes_per_row: Some(coded.coding().size_bytes([width, block_px]) as u32),
            rows_per_image: None,
        },
        wgpu::Extent3d { width, height, depth_or_array_layers: 1 },
    );
    coded.bytes().len() as u64
}

/// An array of more pages that begins with the `held` ones of another.
pub(super) fn grown(
    device: &wgpu::Device,
    queue: &wgpu::Queue,
    (texture, held): (&wgpu::Texture, u32),
    coding: Coding,
    page_count: u32,
) -> wgpu::Texture {
    let larger = array(device, coding, page_count);
    let mut encoder = device.create_command_encoder(&Default::default());
    encoder.copy_texture_to_texture(
        texture.as_image_copy(),
        larger.as_image_copy(),
        wgpu::Extent3d { width: PAGE_EDGE_PX, height: PAGE_EDGE_PX, depth_or_array_layers: held },
    );
    queue.submit([encoder.finish()]);
    larger
}

pub(super) fn array(device: &wgpu::Device, coding: Coding, page_count: u32) -> wgpu::Texture {
    // OpenGL takes a single layer for a plain texture and each six square ones for a cube: there
    // are two at least, and one more instead of a multiple of six.
    let layers = page_count.max(2) + u32::from(page_count.is_multiple_of(6));
    device.create_texture(&wgpu::TextureDescriptor {
        label: Some("pages"),
        size: wgpu::Extent3d {
            width: PAGE_EDGE_PX,
            height: PAGE_EDGE_PX,
            depth_or_array_layers: layers.min(device.limits().max_texture_array_layers),
        },
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format: format(coding),
        usage: wgpu::TextureUsages::TEXTURE_BINDING
            | wgpu::TextureUsages::COPY_DST
            | wgpu::TextureUsages::COPY_SRC,
        view_formats: &[],
    })
}
