//! Large pictures: where each piece is drawn, and what stands in until all pieces are there.
//!
//! A picture that is drawn smaller than it is is averaged in the shader, tap by tap over all the
//! texels under a pixel, so that no mip chain is kept: a tap takes in two texels an axis, and the
//! taps of a whole picture never read more than its texels once. Beyond 16 times too large texels
//! are left out; a tile serves better there.
//!
//! A picture with an empty clip is uploaded and not drawn: so the next one is ready when its key
//! comes.

mod pictures;
mod tables;

use std::ops::Range;

use wgpu::TextureViewDimension;

use crate::core::colour::Space;
use crate::core::frame::Frame;
use crate::core::frame::Picture;
use crate::core::photo::Turn;

use super::clip::Clip;
use super::display::Display;
use super::instances::Instances;
use super::layout;
use super::layout::Filter;
use super::pages::Pages;
use super::shader;
use super::shader::Late;
use super::tiles::Tiles;
use pictures::Pictures;
use pictures::Slab;
use tables::Tables;

/// Draws large pictures.
pub(super) struct Loupe {
    pipeline: Late,
    instances: Instances<layout::Piece>,
    pictures: Pictures,
    tables: Tables,
    steps: Vec<Step>,
}

/// How much of the device large pictures may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Bytes copied to the device a frame; a picture comes a few frames later instead of one frame
    /// coming late. 32 MiB are about 3 ms over PCI Express 3.
    pub upload_bytes: u64,
    /// Bytes of textures kept, five pictures of 45 megapixels; a frame that shows more keeps its own.
    pub keep_bytes: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Self { upload_bytes: 32 << 20, keep_bytes: 1 << 30 }
    }
}

/// One draw.
enum Step {
    /// A piece of a picture.
    Piece { key: u64, slab: usize, table: Option<u64>, instance: u32, clip: Clip },
    /// The tile in its place.
    StandIn { instances: Range<u32>, clip: Clip },
}

/// What was copied to the device for a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Sent {
    pub bytes: u64,
    pub is_complete: bool,
}

impl Loupe {
    pub(super) fn new(
        (device, queue): (&wgpu::Device, &wgpu::Queue),
        format: wgpu::TextureFormat,
        view: &wgpu::Buffer,
        display: &Display,
    ) -> Self {
        let instances = Instances::new(device, view);
        let textures = shader::texture_layout(device, TextureViewDimension::D2);
        let tables = Tables::new(device, queue);
        let recipe = shader::Recipe {
            name: "loupe",
            source: shader::LOUPE,
            groups: &[instances.layout(), &textures, display.layout(), tables.layout()],
            blend: None,
            format,
        };
        let pipeline = Late::new(device, &recipe);
        let pictures = Pictures::new(device, textures);
        Self { pipeline, instances, pictures, tables, steps: Vec::new() }
    }

    /// Builds what is not built yet.
    pub(super) fn build(&self) {
        _ = self.pipeline.get();
    }

    /// Bytes of all pictures on the device.
    pub(super) fn picture_bytes(&self) -> u64 {
        self.pictures.held_bytes()
    }

    /// Takes the pictures of a new frame, copies what the budget allows, and adds the tiles that
    /// stand in for the rest.
    pub(super) fn send(
        &mut self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        frame: &Frame,
        budget: Budget,
        (tiles, pages): (&mut Tiles, &Pages),
    ) -> Sent {
        self.steps.clear();
        self.instances.rows.clear();
        self.pictures.see(device, &frame.pictures, budget.keep_bytes);
        self.tables.begin();
        let mut sent = Sent { bytes: 0, is_complete: true };
        for picture in &frame.pictures {
            if let Space::Table(lattice) = picture.texels.space() {
                self.tables.see(device, queue, lattice);
            }
            let left = budget.upload_bytes.max(1).saturating_sub(sent.bytes);
            sent.bytes += self.pictures.send(queue, picture, left);
            let is_ready = self.pictures.ready(picture.key).is_some();
            sent.is_complete &= is_ready;
            let Some(clip) = Clip::cut(picture.clip_px, frame.size_px) else { continue };
            if is_ready {
                self.plan(picture, clip);
            } else if let Some(stand_in) = &picture.stand_in
                && let Some(instances) = tiles.add(stand_in, pages)
            {
                self.steps.push(Step::StandIn { instances, clip });
            }
        }
        self.instances.send(device, queue);
        sent
    }

    /// Draws what was planned; gives the number of draws.
    pub(super) fn draw(
        &self,
        pass: &mut wgpu::RenderPass<'_>,
        tiles: &Tiles,
        pages: &Pages,
    ) -> u32 {
        for step in &self.steps {
            match step {
                Step::StandIn { instances, clip } => {
                    clip.apply(pass);
                    tiles.draw(pass, pages, instances.clone());
                }
                Step::Piece { key, slab, table, instance, clip } => {
                    let Some(slabs) = self.pictures.ready(*key) else { continue };
                    clip.apply(pass);
                    pass.set_pipeline(self.pipeline.get());
                    self.instances.bind(pass);
                    slabs[*slab].bind(pass);
                    self.tables.bind(pass, *table);
                    pass.draw(0..4, *instance..*instance + 1);
                }
            }
        }
        self.steps.len() as u32
    }

    /// Plans the pieces of a picture that can be seen.
    fn plan(&mut self, picture: &Picture, clip: Clip) {
        let size_px = picture.texels.size_px();
        let space = picture.texels.space();
        let table = match space {
            Space::Table(lattice) => Some(lattice.key()),
            Space::Srgb | Space::Working => None,
        };
        let filter = if picture.is_crisp {
            Filter::Nearest
        } else {
            Filter::fitting(picture.rect_px, picture.turn.upright(size_px))
        };
        for (at, slab) in self.pictures.ready(picture.key).into_iter().flatten().enumerate() {
            let rect_px = place(slab, size_px, picture);
            if !clip.touches(rect_px) {
                continue;
            }
            let instance = self.instances.rows.len() as u32;
            self.instances.rows.push(layout::Piece {
                rect_px,
                picture_px: picture.rect_px,
                size_px: size_px.map(|v| v as f32),
                origin_px: slab.origin_px.map(|v| v as f32),
                flags: layout::flags(picture.turn, filter),
                space: tables::number(space),
                pad_more: [0; 2],
            });
            self.steps.push(Step::Piece { key: picture.key, slab: at, table, instance, clip });
        }
    }
}

/// Left, top, right, bottom on the surface of the part of the picture that `slab` stands for.
fn place(slab: &Slab, size_px: [u32; 2], picture: &Picture) -> [f32; 4] {
    let upright_px = picture.turn.upright(size_px);
    let [left, top, width, height] = picture.rect_px;
    let [x0, y0, x1, y1] = upright_edges(slab.core_px, size_px, picture.turn);
    // An edge that two slabs share is the same number in both, so no pixel falls between them.
    let x = |at: u32| left + width * (at as f32 / upright_px[0] as f32);
    let y = |at: u32| top + height * (at as f32 / upright_px[1] as f32);
    [x(x0), y(y0), x(x1), y(y1)]
}

/// Where `[left, top, right, bottom]` of a stored picture of `size_px` lies after the turn.
fn upright_edges(stored: [u32; 4], size_px: [u32; 2], turn: Turn) -> [u32; 4] {
    let [width, height] = size_px;
    let [mut x0, y0, mut x1, y1] = stored;
    if turn.is_mirrored() {
        (x0, x1) = (width - x1, width - x0);
    }
    match turn.quarter_count() {
        1 => [height - y1, x0, height - y0, x1],
        2 => [width - x1, height - y1, width - x0, height - y0],
        3 => [y0, width - x1, y1, width - x0],
        _ => [x0, y0, x1, y1],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(exif: u32, expect: [u32; 4]) {
        // The stored picture is 10 x 6; the part is its left top 3 x 2.
        assert_eq!(upright_edges([0, 0, 3, 2], [10, 6], Turn::from_exif(exif)), expect, "{exif}");
    }

    #[test]
    fn a_part_turns_with_its_picture() {
        check(1, [0, 0, 3, 2]);
        check(2, [7, 0, 10, 2]);
        check(3, [7, 4, 10, 6]);
        check(4, [0, 4, 3, 6]);
        check(5, [0, 0, 2, 3]);
        check(6, [4, 0, 6, 3]);
        check(7, [4, 7, 6, 10]);
        check(8, [0, 7, 2, 10]);
    }
}
