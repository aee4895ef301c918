//! What is laid over photos to judge them by: all veils of a frame in one instanced draw.

use crate::core::frame::Frame;
use crate::core::frame::Veil;

use super::clip::Clip;
use super::details::Details;
use super::details::TEXELS_A_CELL;
use super::instances::Instances;
use super::layout;
use super::layout::Filter;
use super::shader;
use super::shader::Late;

/// Draws veils.
pub(super) struct Veils {
    device: wgpu::Device,
    pipeline: Late,
    instances: Instances<layout::Veil>,
    details: Details,
    clip: Option<Clip>,
}

impl Veils {
    pub(super) fn new(
        device: &wgpu::Device,
        format: wgpu::TextureFormat,
        view: &wgpu::Buffer,
    ) -> Self {
        let (instances, details) = (Instances::new(device, view), Details::new(device));
        let recipe = shader::Recipe {
            name: "veil",
            source: shader::VEIL,
            groups: &[instances.layout(), details.layout()],
            blend: Some(wgpu::BlendState::PREMULTIPLIED_ALPHA_BLENDING),
            format,
        };
        let pipeline = Late::new(device, &recipe);
        Self { device: device.clone(), pipeline, instances, details, clip: None }
    }

    /// Bytes of the detail of all tiles.
    pub(super) fn size_bytes(&self) -> u64 {
        self.details.size_bytes()
    }

    /// Takes the veils of a new frame, and the detail that comes with its tiles; gives the bytes of that.
    pub(super) fn send(&mut self, queue: &wgpu::Queue, frame: &Frame) -> u64 {
        let sent_bytes = self.details.write(&self.device, queue, &frame.uploads);
        let (rows, details) = (&mut self.instances.rows, &self.details);
        rows.clear();
        rows.extend(frame.veils.iter().map(|veil| instance(veil, details)));
        self.instances.send(&self.device, queue);
        let is_any = !frame.veils.is_empty();
        self.clip = Clip::cut(frame.veil_clip_px, frame.size_px).filter(|_| is_any);
        sent_bytes
    }

    /// Builds what is not built yet.
    pub(super) fn build(&self) {
        _ = self.pipeline.get();
    }

    /// Draws all; gives the number of draws, 0 or 1.
    pub(super) fn draw(&self, pass: &mut wgpu::RenderPass<'_>) -> u32 {
        let Some(clip) = &self.clip else { return 0 };
        clip.apply(pass);
        pass.set_pipeline(self.pipeline.get());
        self.instances.bind(pass);
        self.details.bind(pass);
        pass.draw(0..4, 0..self.instances.rows.len() as u32);
        1
    }
}

fn instance(veil: &Veil, details: &Details) -> layout::Veil {
    let detail = veil.detail.filter(|(seat, _)| details.holds(seat.page));
    let (page, origin, size) = match detail {
        Some((seat, size)) => (seat.page, seat.origin_px().map(|at| at / TEXELS_A_CELL), size),
        None => (0, [0; 2], [0; 2]),
    };
    let kinds = [veil.is_heat, veil.is_peaking, veil.is_thirds];
    let kinds = kinds.iter().zip([16, 32, 64]).map(|(is_on, bit)| u32::from(*is_on) * bit);
    layout::Veil {
        rect_px: veil.rect_px,
        origin_px: origin.map(|at| at as f32),
        size_px: size.map(|side| side as f32),
        page: page.into(),
        flags: layout::flags(veil.turn, Filter::Linear) + kinds.sum::<u32>(),
        line_px: veil.line_px,
        pad: 0,
    }
}
