//! How long the device takes for what it is given, by its own counters: for benches.
//!
//! The window has no use for it, and asks its device for no counters.

use std::sync::Arc;
use std::sync::OnceLock;
use std::time::Duration;

use super::GpuError;
use super::GpuResult;
use super::device::Device;

/// What a device must offer.
pub(super) const FEATURES: wgpu::Features =
    wgpu::Features::TIMESTAMP_QUERY.union(wgpu::Features::TIMESTAMP_QUERY_INSIDE_ENCODERS);

const BYTES: u64 = 2 * size_of::<u64>() as u64;

/// Two counters of a device.
pub struct Timer {
    device: Device,
    queries: wgpu::QuerySet,
    resolved: wgpu::Buffer,
    read: wgpu::Buffer,
}

impl Timer {
    /// The counters of a device from [`Device::timed`]; `None` where it offers none.
    #[must_use]
    pub fn of(device: &Device) -> Option<Self> {
        let gpu = &device.device;
        if !gpu.features().contains(FEATURES) {
            return None;
        }
        let queries = gpu.create_query_set(&wgpu::QuerySetDescriptor {
            label: Some("timer"),
            ty: wgpu::QueryType::Timestamp,
            count: 2,
        });
        let buffer = |usage| {
            gpu.create_buffer(&wgpu::BufferDescriptor {
                label: Some("timer"),
                size: BYTES,
                usage,
                mapped_at_creation: false,
            })
        };
        let resolved = buffer(wgpu::BufferUsages::QUERY_RESOLVE | wgpu::BufferUsages::COPY_SRC);
        let read = buffer(wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST);
        Some(Self { device: device.clone(), queries, resolved, read })
    }

    /// How long the device takes for what `work` submits, copies to it included. Waits for the device.
    ///
    /// # Errors
    /// When the device is lost, or does not give its counters.
    pub fn time(&self, work: impl FnOnce()) -> GpuResult<Duration> {
        let (gpu, queue) = (&self.device.device, &self.device.queue);
        let mut before = gpu.create_command_encoder(&Default::default());
        before.write_timestamp(&self.queries, 0);
        queue.submit([before.finish()]);
        work();
        let mut after = gpu.create_command_encoder(&Default::default());
        after.write_timestamp(&self.queries, 1);
        after.resolve_query_set(&self.queries, 0..2, &self.resolved, 0);
        after.copy_buffer_to_buffer(&self.resolved, 0, &self.read, 0, BYTES);
        queue.submit([after.finish()]);
        let [begin, end] = self.counters()?;
        let nanos = end.wrapping_sub(begin) as f64 * f64::from(queue.get_timestamp_period());
        Ok(Duration::from_nanos(nanos as u64))
    }

    fn counters(&self) -> GpuResult<[u64; 2]> {
        let failed = |reason: String| GpuError::ReadBack { reason };
        let outcome = Arc::new(OnceLock::new());
        let answer = Arc::clone(&outcome);
        self.read.map_async(wgpu::MapMode::Read, .., move |mapped| _ = answer.set(mapped));
        let wait = wgpu::PollType::wait_indefinitely();
        self.device.device.poll(wait).map_err(|e| failed(e.to_string()))?;
        match outcome.get() {
            Some(Ok(())) => {}
            Some(Err(e)) => return Err(failed(e.to_string())),
            None => return Err(failed("the device gave no answer".to_owned())),
        }
        let mut counters = [0; 2];
        {
            let bytes = self.read.get_mapped_range(..).map_err(|e| failed(e.to_string()))?;
            for (counter, bytes) in counters.iter_mut().zip(bytes.chunks_exact(8)) {
                *counter = bytemuck::pod_read_unaligned(bytes);
            }
        }
        self.read.unmap();
        Ok(counters)
    }
}
