//! The textures of large pictures: cut into slabs, filled some rows a frame, kept for a while.
//!
//! ```text
//!  stored picture, 9000 wide            a slab's texture: its core and a margin of its neighbours
//! +-----------+-----------+------+            +--+-----------+--+
//! | core 4032 | core 4032 | 936  |            |32|   core    |32|   at most 4096 a side
//! +-----------+-----------+------+            +--+-----------+--+
//! ```
//!
//! The margin is what blending and averaging read beyond the core, so that no seam is seen: a
//! pixel may cover 60 texels before it reaches past it.
//!
//! A picture in the frame keeps its textures; of the others those seen last are kept, within a
//! number of bytes, as long as somebody still has their texels: a picture that is made anew has
//! another key, and what nobody has is never asked for again. Never holds on to `Texels` itself: a picture
//! that leaves the frame half-way goes on when it is back.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Weak;

use wgpu::TextureViewDimension;

use crate::core::frame::Picture;
use crate::core::texels::Texels;

use super::super::shader;

/// The longest side of a slab: every device can, and a slab is at most 64 MiB.
const SLAB_EDGE_PX: u32 = 4096;

/// How far a slab's texture reaches into its neighbours.
const MARGIN_PX: u32 = 32;

/// A part of a picture with a texture of its own.
pub(super) struct Slab {
    /// Where in the stored picture the texture begins.
    pub origin_px: [u32; 2],
    /// Left, top, right, bottom in the stored picture of what is drawn from this slab.
    pub core_px: [u32; 4],
    texture: wgpu::Texture,
    group: wgpu::BindGroup,
}

impl Slab {
    /// Makes the slab what `pass` reads.
    pub(super) fn bind(&self, pass: &mut wgpu::RenderPass<'_>) {
        pass.set_bind_group(1, &self.group, &[]);
    }

    /// Copies `row_count` rows from `row` on.
    fn send_rows(&self, queue: &wgpu::Queue, texels: &Texels, row: u32, row_count: u32) {
        let pitch_bytes = texels.size_px()[0] * 4;
        let width = self.texture.width();
        let [x, y] = self.origin_px;
        let start = (y + row) as usize * pitch_bytes as usize + x as usize * 4;
        let length = (row_count - 1) as usize * pitch_bytes as usize + width as usize * 4;
        queue.write_texture(
            wgpu::TexelCopyTextureInfo {
                origin: wgpu::Origin3d { x: 0, y: row, z: 0 },
                ..self.texture.as_image_copy()
            },
            &texels.bytes()[start..start + length],
            wgpu::TexelCopyBufferLayout {
                offset: 0,
                bytes_per_row: Some(pitch_bytes),
                rows_per_image: None,
            },
            wgpu::Extent3d { width, height: row_count, depth_or_array_layers: 1 },
        );
    }
}

/// One picture on the device, or on its way there.
struct Held {
    texels: Weak<Texels>,
    size_px: [u32; 2],
    slabs: Vec<Slab>,
    /// The slab that is being filled, and its next row.
    next: (usize, u32),
    seen_frame: u64,
    size_bytes: u64,
}

impl Held {
    fn is_ready(&self) -> bool {
        self.next.0 == self.slabs.len()
    }
}

/// All pictures on the device, by key.
pub(super) struct Pictures {
    layout: wgpu::BindGroupLayout,
    edge_px: u32,
    held: HashMap<u64, Held>,
    frame: u64,
}

impl Pictures {
    pub(super) fn new(device: &wgpu::Device, layout: wgpu::BindGroupLayout) -> Self {
        let edge_px = device.limits().max_texture_dimension_2d.min(SLAB_EDGE_PX);
        Self { layout, edge_px, held: HashMap::new(), frame: 0 }
    }

    /// The slabs of a picture that has come whole.
    pub(super) fn ready(&self, key: u64) -> Option<&[Slab]> {
        self.held.get(&key).filter(|held| held.is_ready()).map(|held| held.slabs.as_slice())
    }

    /// Begins a frame that shows `pictures`: makes their textures, and frees others until those
    /// that stay take at most `keep_bytes`.
    pub(super) fn see(&mut self, device: &wgpu::Device, pictures: &[Picture], keep_bytes: u64) {
        self.frame += 1;
        self.held.retain(|_, held| held.texels.strong_count() > 0);
        for picture in pictures {
            let size_px = picture.texels.size_px();
            let held = self.held.get_mut(&picture.key).filter(|held| held.size_px == size_px);
            if let Some(held) = held {
                held.seen_frame = self.frame;
                held.texels = Arc::downgrade(&picture.texels);
            } else {
                // Before the new textures are made, so that old and new are not both there.
                self.held.remove(&picture.key);
                self.free(keep_bytes.saturating_sub(size_bytes(size_px)));
                let fresh = self.make(device, &picture.texels);
                self.held.insert(picture.key, fresh);
            }
        }
        self.free(keep_bytes);
    }

    /// Bytes of all textures.
    pub(super) fn held_bytes(&self) -> u64 {
        self.held.values().map(|held| held.size_bytes).sum()
    }

    /// Copies the next rows of a picture, about `budget_bytes` of them; gives how many bytes.
    pub(super) fn send(
        &mut self,
        queue: &wgpu::Queue,
        picture: &Picture,
        budget_bytes: u64,
    ) -> u64 {
        let Some(held) = self.held.get_mut(&picture.key) else { return 0 };
        let mut sent_bytes = 0;
        while let Some(slab) = held.slabs.get(held.next.0)
            && sent_bytes < budget_bytes
        {
            let (row, rows) = (held.next.1, slab.texture.height());
            let row_bytes = u64::from(slab.texture.width()) * 4;
            // One row at least, or a budget smaller than a row would never end.
            let affordable = ((budget_bytes - sent_bytes) / row_bytes).max(1);
            let row_count = u32::try_from(affordable).unwrap_or(u32::MAX).min(rows - row);
            slab.send_rows(queue, &picture.texels, row, row_count);
            sent_bytes += u64::from(row_count) * row_bytes;
            held.next.1 += row_count;
            if held.next.1 == rows {
                held.next = (held.next.0 + 1, 0);
            }
        }
        sent_bytes
    }

    /// Frees pictures that are not in this frame, longest unseen first.
    fn free(&mut self, keep_bytes: u64) {
        let mut held_bytes = self.held_bytes();
        while held_bytes > keep_bytes {
            let unseen = self.held.iter().filter(|(_, held)| held.seen_frame < self.frame);
            let Some((&key, _)) = unseen.min_by_key(|(_, held)| held.seen_frame) else { return };
            held_bytes -= self.held.remove(&key).map_or(0, |held| held.size_bytes);
        }
    }

    fn make(&self, device: &wgpu::Device, texels: &Arc<Texels>) -> Held {
        let size_px = texels.size_px();
        let [columns, rows] = size_px.map(|length| cuts(length, self.edge_px));
        let mut slabs = Vec::with_capacity(columns.len() * rows.len());
        for row in &rows {
            for column in &columns {
                slabs.push(self.slab(device, column, row));
            }
        }
        let size_bytes = size_bytes(size_px);
        let texels = Arc::downgrade(texels);
        Held { texels, size_px, slabs, next: (0, 0), seen_frame: self.frame, size_bytes }
    }

    fn slab(&self, device: &wgpu::Device, column: &Cut, row: &Cut) -> Slab {
        let texture = device.create_texture(&wgpu::TextureDescriptor {
            label: Some("picture"),
            size: wgpu::Extent3d {
                width: column.texture.1 - column.texture.0,
                height: row.texture.1 - row.texture.0,
                depth_or_array_layers: 1,
            },
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: wgpu::TextureFormat::Rgba8UnormSrgb,
            usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
            view_formats: &[],
        });
        let group = shader::texture_group(device, &self.layout, &texture, TextureViewDimension::D2);
        Slab {
            origin_px: [column.texture.0, row.texture.0],
            core_px: [column.core.0, row.core.0, column.core.1, row.core.1],
            texture,
            group,
        }
    }
}

/// Bytes of a picture on the device, but for the few of the margins.
fn size_bytes(size_px: [u32; 2]) -> u64 {
    u64::from(size_px[0]) * u64::from(size_px[1]) * 4
}

/// One slab along one axis: first texel and the one after the last.
#[derive(Debug, PartialEq)]
struct Cut {
    core: (u32, u32),
    texture: (u32, u32),
}

/// Cuts `length` texels into slabs whose textures have at most `edge_px`.
fn cuts(length: u32, edge_px: u32) -> Vec<Cut> {
    if length <= edge_px {
        return vec![Cut { core: (0, length), texture: (0, length) }];
    }
    let stride = edge_px - 2 * MARGIN_PX;
    (0..length.div_ceil(stride))
        .map(|i| {
            let core = (i * stride, length.min((i + 1) * stride));
            let texture = (core.0.saturating_sub(MARGIN_PX), length.min(core.1 + MARGIN_PX));
            Cut { core, texture }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cores_meet_and_textures_fit() {
        for length in [1, 100, 4096, 4097, 8064, 8256, 65_535] {
            let cuts = cuts(length, 4096);
            assert_eq!(cuts.first().map(|c| c.core.0), Some(0), "{length}");
            assert_eq!(cuts.last().map(|c| c.core.1), Some(length), "{length}");
            assert!(cuts.windows(2).all(|w| w[0].core.1 == w[1].core.0), "{length}: {cuts:?}");
            assert!(cuts.iter().all(|c| c.texture.1 - c.texture.0 <= 4096), "{length}: {cuts:?}");
            assert!(cuts.iter().all(|c| c.core.0 < c.core.1), "{length}: {cuts:?}");
        }
    }
}
