//! Every photo's micro picture: a texture array of seats that follow from the photo's number.
//!
//! `core::mosaic` says how many there are and how large. The array grows by [`STEP`] pages as photos
//! of higher numbers come; a page is 4 MiB in blocks, 16 MiB without. What lies beside a picture in
//! its seat is never drawn, as in `pages`.

use std::sync::Arc;

use wgpu::TextureViewDimension;

use crate::core::atlas::PAGE_EDGE_PX;
use crate::core::coded::Coded;
use crate::core::coded::Coding;
use crate::core::mosaic;

use super::pages;
use super::shader;

/// Pages that the array grows by: copying what is there costs a millisecond or two, and seven such
/// steps bring 100,000 photos.
const STEP: u32 = 4;

/// The texture array.
pub(super) struct Micros {
    texture: wgpu::Texture,
    coding: Coding,
    layout: wgpu::BindGroupLayout,
    group: wgpu::BindGroup,
    page_count: u32,
    page_limit: u32,
}

impl Micros {
    pub(super) fn new(device: &wgpu::Device, coding: Coding) -> Self {
        let page_limit =
            mosaic::page_limit(coding).clamp(1, device.limits().max_texture_array_layers);
        let layout = shader::texture_layout(device, TextureViewDimension::D2Array);
        let texture = pages::array(device, coding, 1);
        let group = shader::texture_group(device, &layout, &texture, TextureViewDimension::D2Array);
        Self { texture, coding, layout, group, page_count: 1, page_limit }
    }

    /// What group 1 of the pipeline is.
    pub(super) const fn layout(&self) -> &wgpu::BindGroupLayout {
        &self.layout
    }

    /// Makes the array what `pass` reads.
    pub(super) fn bind(&self, pass: &mut wgpu::RenderPass<'_>) {
        pass.set_bind_group(1, &self.group, &[]);
    }

    /// Whether a photo has a seat.
    pub(super) const fn has_seat(&self, photo: u32) -> bool {
        photo / mosaic::seats(self.coding) < self.page_limit
    }

    /// Bytes of the array.
    pub(super) fn size_bytes(&self) -> u64 {
        let page = self.coding.size_bytes([PAGE_EDGE_PX, PAGE_EDGE_PX]) as u64;
        page * u64::from(self.page_count)
    }

    /// Copies pictures into their photos' seats; gives the number of bytes.
    pub(super) fn write(
        &mut self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        micros: &[(u32, Arc<Coded>)],
    ) -> u64 {
        let pages = micros.iter().map(|(photo, _)| photo / mosaic::seats(self.coding));
        let wanted = pages.max().map_or(0, |last| last + 1).min(self.page_limit);
        if wanted > self.page_count {
            self.grow(device, queue, wanted.next_multiple_of(STEP).min(self.page_limit));
        }
        micros.iter().map(|(photo, coded)| self.seat(queue, *photo, coded)).sum()
    }

    fn seat(&self, queue: &wgpu::Queue, photo: u32, coded: &Coded) -> u64 {
        let edge_px = mosaic::edge_px(self.coding);
        let is_fitting = coded.edge_px() <= edge_px && coded.coding() == self.coding;
        debug_assert!(is_fitting, "{coded:?} among micro pictures in {:?}", self.coding);
        if !is_fitting || !self.has_seat(photo) {
            return 0;
        }
        let seats = mosaic::seats(self.coding);
        let (page, seat) = (photo / seats, photo % seats);
        let columns = PAGE_EDGE_PX / edge_px;
        let [x, y] = [seat % columns * edge_px, seat / columns * edge_px];
        pages::put(queue, &self.texture, [x, y, page], coded)
    }

    fn grow(&mut self, device: &wgpu::Device, queue: &wgpu::Queue, page_count: u32) {
        let held = self.page_count;
        let texture = pages::grown(device, queue, (&self.texture, held), self.coding, page_count);
        self.group =
            shader::texture_group(device, &self.layout, &texture, TextureViewDimension::D2Array);
        self.texture = texture;
        self.page_count = page_count;
    }
}
