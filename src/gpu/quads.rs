//! Boxes, borders and badges: three groups of a frame, each one instanced draw.
//!
//! Edges are smooth at every size because the shader measures the distance to them; a box on whole
//! pixels covers exactly those.

use std::ops::Range;

use crate::core::frame::Frame;
use crate::core::frame::Glyph;
use crate::core::frame::Quad;

use super::instances::Instances;
use super::layout;
use super::shader;

/// Which quads of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    /// Under the pictures.
    Base,
    /// Over the pictures.
    Marks,
    /// Over everything but the overlay's text.
    Overlay,
}

/// Draws quads.
pub(super) struct Quads {
    pipeline: wgpu::RenderPipeline,
    instances: Instances<layout::Quad>,
    ends: [u32; 3],
}

impl Quads {
    pub(super) fn new(
        device: &wgpu::Device,
        format: wgpu::TextureFormat,
        view: &wgpu::Buffer,
    ) -> Self {
        let instances = Instances::new(device, view);
        let recipe = shader::Recipe {
            name: "quad",
            source: shader::QUAD,
            groups: &[instances.layout()],
            blend: Some(wgpu::BlendState::PREMULTIPLIED_ALPHA_BLENDING),
            format,
        };
        Self { pipeline: shader::pipeline(device, &recipe), instances, ends: [0; 3] }
    }

    /// Takes the quads of a new frame and copies them to the device.
    pub(super) fn send(&mut self, device: &wgpu::Device, queue: &wgpu::Queue, frame: &Frame) {
        self.instances.rows.clear();
        let groups = [&frame.base.quads, &frame.marks, &frame.overlay.quads];
        for (end, quads) in self.ends.iter_mut().zip(groups) {
            self.instances.rows.extend(quads.iter().map(instance));
            *end = self.instances.rows.len() as u32;
        }
        self.instances.send(device, queue);
    }

    /// Draws one group; gives the number of draws, 0 or 1.
    pub(super) fn draw(&self, pass: &mut wgpu::RenderPass<'_>, group: Group) -> u32 {
        let instances = self.range(group);
        if instances.is_empty() {
            return 0;
        }
        pass.set_pipeline(&self.pipeline);
        self.instances.bind(pass);
        pass.draw(0..4, instances);
        1
    }

    fn range(&self, group: Group) -> Range<u32> {
        let [base, marks, overlay] = self.ends;
        match group {
            Group::Base => 0..base,
            Group::Marks => base..marks,
            Group::Overlay => marks..overlay,
        }
    }
}

fn instance(quad: &Quad) -> layout::Quad {
    layout::Quad {
        rect_px: quad.rect_px,
        fill: u32::from_le_bytes(quad.fill),
        border: u32::from_le_bytes(quad.border),
        radius_px: quad.radius_px.max(0.0),
        border_px: quad.border_px.max(0.0),
        glyph: match quad.glyph {
            Glyph::Box => 0,
            Glyph::Star => 1,
            Glyph::Check => 2,
            Glyph::Cross => 3,
        },
        pad: 0,
        pad_more: [0; 2],
    }
}
