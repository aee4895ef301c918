//! A table of instances: rows collected on our side, one buffer on the device's.
//!
//! The buffer doubles when the rows outgrow it and never shrinks; collecting and sending allocate
//! nothing once warm. Bound as group 0 together with the view.

use bytemuck::Pod;

use super::shader;

/// Rows that a new buffer holds: a screen of tiles.
const ROWS_MIN: usize = 256;

/// Rows of `T` for one shader.
pub(super) struct Instances<T> {
    /// What the next [`Instances::send`] sends.
    pub rows: Vec<T>,
    layout: wgpu::BindGroupLayout,
    view: wgpu::Buffer,
    buffer: wgpu::Buffer,
    group: wgpu::BindGroup,
    rows_max: usize,
}

impl<T: Pod> Instances<T> {
    pub(super) fn new(device: &wgpu::Device, view: &wgpu::Buffer) -> Self {
        let layout = shader::instances_layout(device);
        let (buffer, group) = storage::<T>(device, &layout, view, ROWS_MIN);
        // 128 MiB, the least that devices offer, are 2.7 million tiles: nobody sees the cut.
        let limit_bytes = device.limits().max_storage_buffer_binding_size;
        let rows_max = usize::try_from(limit_bytes).unwrap_or(usize::MAX) / size_of::<T>();
        Self { rows: Vec::new(), layout, view: view.clone(), buffer, group, rows_max }
    }

    /// What group 0 of the pipeline is.
    pub(super) const fn layout(&self) -> &wgpu::BindGroupLayout {
        &self.layout
    }

    /// Copies the rows to the device, in time for the next submission.
    pub(super) fn send(&mut self, device: &wgpu::Device, queue: &wgpu::Queue) {
        self.rows.truncate(self.rows_max);
        let bytes: &[u8] = bytemuck::cast_slice(&self.rows);
        if bytes.len() as u64 > self.buffer.size() {
            let row_count = self.rows.len().next_power_of_two().min(self.rows_max);
            (self.buffer, self.group) = storage::<T>(device, &self.layout, &self.view, row_count);
        }
        if !bytes.is_empty() {
            queue.write_buffer(&self.buffer, 0, bytes);
        }
    }

    /// Makes the table the one that `pass` reads.
    pub(super) fn bind(&self, pass: &mut wgpu::RenderPass<'_>) {
        pass.set_bind_group(0, &self.group, &[]);
    }
}

fn storage<T>(
    device: &wgpu::Device,
    layout: &wgpu::BindGroupLayout,
    view: &wgpu::Buffer,
    row_count: usize,
) -> (wgpu::Buffer, wgpu::BindGroup) {
    let buffer = device.create_buffer(&wgpu::BufferDescriptor {
        label: Some("instances"),
        size: (row_count * size_of::<T>()) as u64,
        usage: wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    });
    let group = device.create_bind_group(&wgpu::BindGroupDescriptor {
        label: Some("instances"),
        layout,
        entries: &[
            wgpu::BindGroupEntry { binding: 0, resource: view.as_entire_binding() },
            wgpu::BindGroupEntry { binding: 1, resource: buffer.as_entire_binding() },
        ],
    });
    (buffer, group)
}
