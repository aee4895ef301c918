//! Small pictures: every tile of a frame in one instanced draw.
//!
//! A tile on a page that was never written is left out: it would show another photo.

use std::ops::Range;

use crate::core::frame::Tile;

use super::display::Display;
use super::instances::Instances;
use super::layout;
use super::layout::Filter;
use super::pages::Pages;
use super::shader;

/// Exponent from a factor on what the eye sees to one on the light.
const EYE_GAMMA: f32 = 2.2;

/// Draws tiles.
pub(super) struct Tiles {
    pipeline: wgpu::RenderPipeline,
    instances: Instances<layout::Tile>,
}

impl Tiles {
    pub(super) fn new(
        device: &wgpu::Device,
        format: wgpu::TextureFormat,
        view: &wgpu::Buffer,
        pages: &Pages,
        display: &Display,
    ) -> Self {
        let instances = Instances::new(device, view);
        let recipe = shader::Recipe {
            name: "tile",
            source: shader::TILE,
            groups: &[instances.layout(), pages.layout(), display.layout()],
            blend: None,
            format,
        };
        Self { pipeline: shader::pipeline(device, &recipe), instances }
    }

    /// Takes the tiles of a new frame; gives the instances that they are.
    pub(super) fn collect(&mut self, tiles: &[Tile], pages: &Pages) -> Range<u32> {
        let rows = &mut self.instances.rows;
        rows.clear();
        rows.extend(tiles.iter().filter(|t| pages.holds(t.seat.page)).map(instance));
        0..rows.len() as u32
    }

    /// Adds one tile that is drawn by itself; `None` where it has no page.
    pub(super) fn add(&mut self, tile: &Tile, pages: &Pages) -> Option<Range<u32>> {
        let at = self.instances.rows.len() as u32;
        pages.holds(tile.seat.page).then(|| self.instances.rows.push(instance(tile)))?;
        Some(at..at + 1)
    }

    /// Copies what was collected to the device.
    pub(super) fn send(&mut self, device: &wgpu::Device, queue: &wgpu::Queue) {
        self.instances.send(device, queue);
    }

    /// Draws some of the collected tiles.
    pub(super) fn draw(
        &self,
        pass: &mut wgpu::RenderPass<'_>,
        pages: &Pages,
        instances: Range<u32>,
    ) {
        pass.set_pipeline(&self.pipeline);
        self.instances.bind(pass);
        pages.bind(pass);
        pass.draw(0..4, instances);
    }
}

fn instance(tile: &Tile) -> layout::Tile {
    let filter = Filter::fitting(tile.rect_px, tile.turn.upright(tile.size_px));
    layout::Tile {
        rect_px: tile.rect_px,
        origin_px: tile.seat.origin_px().map(|v| v as f32),
        size_px: tile.size_px.map(|v| v as f32),
        page: u32::from(tile.seat.page),
        flags: layout::flags(tile.turn, filter),
        gain: gain(tile.brightness),
        pad: 0,
    }
}

/// The factor on the light for one on what the eye sees, 0 to 1.
pub(super) fn gain(brightness: f32) -> f32 {
    brightness.clamp(0.0, 1.0).powf(EYE_GAMMA)
}
