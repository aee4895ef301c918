//! The tables that lead from large pictures' own spaces to the working space: one for all pictures of
//! a profile, made when the first is in a frame, kept while there is room.

use std::collections::HashMap;

use crate::core::colour::Lattice;
use crate::core::colour::Space;

use super::super::table;

/// Tables kept beside those in the frame: 920 KB each.
const KEPT: usize = 8;

struct Held {
    group: wgpu::BindGroup,
    seen_frame: u64,
}

/// All tables on the device, by key.
pub(super) struct Tables {
    layout: wgpu::BindGroupLayout,
    /// For pictures that need none.
    none: wgpu::BindGroup,
    held: HashMap<u64, Held>,
    frame: u64,
}

impl Tables {
    pub(super) fn new(device: &wgpu::Device, queue: &wgpu::Queue) -> Self {
        let layout = table::layout(device);
        let none = table::group(device, queue, &layout, None);
        Self { layout, none, held: HashMap::new(), frame: 0 }
    }

    /// What group 3 of the pipeline is.
    pub(super) const fn layout(&self) -> &wgpu::BindGroupLayout {
        &self.layout
    }

    /// Begins a frame; of the tables that were not in the last one, those seen last stay.
    pub(super) fn begin(&mut self) {
        while self.held.len() > KEPT {
            let unseen = self.held.iter().filter(|(_, held)| held.seen_frame < self.frame);
            let Some((&key, _)) = unseen.min_by_key(|(_, held)| held.seen_frame) else { break };
            self.held.remove(&key);
        }
        self.frame += 1;
    }

    /// Has the table of a picture's space on the device.
    pub(super) fn see(&mut self, device: &wgpu::Device, queue: &wgpu::Queue, lattice: &Lattice) {
        let (layout, frame) = (&self.layout, self.frame);
        let make = || Held {
            group: table::group(device, queue, layout, Some(lattice)),
            seen_frame: frame,
        };
        self.held.entry(lattice.key()).or_insert_with(make).seen_frame = frame;
    }

    /// Makes the table of a key what `pass` reads.
    pub(super) fn bind(&self, pass: &mut wgpu::RenderPass<'_>, key: Option<u64>) {
        let held = key.and_then(|key| self.held.get(&key));
        pass.set_bind_group(3, held.map_or(&self.none, |held| &held.group), &[]);
    }
}

/// The `space` of a piece: `SPACE_` in `shaders/loupe.wgsl`.
pub(super) const fn number(space: &Space) -> u32 {
    match space {
        Space::Srgb => 0,
        Space::Working => 1,
        Space::Table(_) => 2,
    }
}
