//! A picture of a frame, without a window: for sheets and for tests.
//!
//! Waits for the device until the picture is whole, which a window never does.

use std::sync::Arc;
use std::sync::OnceLock;

use crate::core::frame::Frame;
use crate::core::texels::Texels;

use super::GpuError;
use super::GpuResult;
use super::device::Device;
use super::renderer::Drawn;
use super::renderer::Renderer;

/// Something to draw to that can be read back.
pub struct Capture {
    device: Device,
    texture: wgpu::Texture,
    view: wgpu::TextureView,
    buffer: wgpu::Buffer,
    pitch_bytes: u32,
}

impl Capture {
    /// The format that a renderer for captures is made with.
    pub const FORMAT: wgpu::TextureFormat = wgpu::TextureFormat::Rgba8UnormSrgb;

    /// Pictures of `size_px` pixels.
    pub fn new(device: &Device, size_px: [u32; 2]) -> GpuResult<Self> {
        Self::with_format(device, size_px, Self::FORMAT)
    }

    /// The same in another format of four bytes, red first: as a window without sRGB would be.
    pub fn with_format(
        device: &Device,
        size_px: [u32; 2],
        format: wgpu::TextureFormat,
    ) -> GpuResult<Self> {
        let [width, height] = size_px;
        let limits = device.device.limits();
        let limit_px = limits.max_texture_dimension_2d;
        // The reading back goes through one buffer, whose rows are padded.
        let pitch_bytes = u64::from(width) * 4;
        let pitch_bytes =
            pitch_bytes.next_multiple_of(u64::from(wgpu::COPY_BYTES_PER_ROW_ALIGNMENT));
        let is_drawable = size_px.iter().all(|side| (1..=limit_px).contains(side));
        if !is_drawable || pitch_bytes * u64::from(height) > limits.max_buffer_size {
            return Err(GpuError::TooLarge { size_px, limit_px });
        }
        let texture = device.device.create_texture(&wgpu::TextureDescriptor {
            label: Some("capture"),
            size: wgpu::Extent3d { width, height, depth_or_array_layers: 1 },
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format,
            usage: wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::COPY_SRC,
            view_formats: &[],
        });
        let buffer = device.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("capture"),
            size: pitch_bytes * u64::from(height),
            usage: wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ,
            mapped_at_creation: false,
        });
        let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
        let pitch_bytes = pitch_bytes as u32;
        Ok(Self { device: device.clone(), texture, view, buffer, pitch_bytes })
    }

    /// What a renderer draws to, for those who read nothing back.
    #[must_use]
    pub const fn target(&self) -> &wgpu::TextureView {
        &self.view
    }

    /// Draws `frame` when all of it is on the device, and reads the picture back. The frame has
    /// the size of the capture.
    pub fn shoot(&mut self, renderer: &mut Renderer, frame: &Frame) -> GpuResult<(Texels, Drawn)> {
        let size_px = [self.texture.width(), self.texture.height()];
        assert_eq!(frame.size_px, size_px, "the frame has the size of the capture");
        while !renderer.prepare(frame) {
            self.check()?;
        }
        let drawn = renderer.draw(&self.view);
        self.check()?;
        let texels = self.read_back()?;
        self.check()?;
        Ok((texels, drawn))
    }

    fn check(&self) -> GpuResult<()> {
        if self.device.is_lost() {
            return Err(GpuError::Lost);
        }
        match self.device.faults().next() {
            Some(reason) => Err(GpuError::Refused { reason }),
            None => Ok(()),
        }
    }

    fn read_back(&self) -> GpuResult<Texels> {
        let (gpu, queue) = (&self.device.device, &self.device.queue);
        let mut encoder = gpu.create_command_encoder(&Default::default());
        encoder.copy_texture_to_buffer(
            self.texture.as_image_copy(),
            wgpu::TexelCopyBufferInfo {
                buffer: &self.buffer,
                layout: wgpu::TexelCopyBufferLayout {
                    offset: 0,
                    bytes_per_row: Some(self.pitch_bytes),
                    rows_per_image: None,
                },
            },
            self.texture.size(),
        );
        queue.submit([encoder.finish()]);
        let failed = |reason: String| GpuError::ReadBack { reason };
        let outcome = Arc::new(OnceLock::new());
        let answer = Arc::clone(&outcome);
        self.buffer.map_async(wgpu::MapMode::Read, .., move |mapped| _ = answer.set(mapped));
        gpu.poll(wgpu::PollType::wait_indefinitely()).map_err(|e| failed(e.to_string()))?;
        match outcome.get() {
            Some(Ok(())) => {}
            Some(Err(e)) => return Err(failed(e.to_string())),
            None => return Err(failed("the device gave no answer".to_owned())),
        }
        let (width, height) = (self.texture.width(), self.texture.height());
        let mut bytes = Vec::with_capacity(width as usize * height as usize * 4);
        {
            let rows = self.buffer.get_mapped_range(..).map_err(|e| failed(e.to_string()))?;
            for row in rows.chunks_exact(self.pitch_bytes as usize) {
                bytes.extend_from_slice(&row[..width as usize * 4]);
            }
        }
        self.buffer.unmap();
        Ok(Texels::new(width, height, bytes).expect("a row was read for each row"))
    }
}
