//! The display's space: the last step of every pixel of a picture, in the shader.
//!
//! A matrix in the view, and where the display has not sRGB's transfer function a table in group 2 of
//! every pipeline that draws pictures. Boxes and text are in the display's own colours: their greys
//! are grey everywhere.

use crate::core::colour;
use crate::core::colour::IDENTITY;

use super::table;

/// What the shader is to do for the display.
pub(super) struct Display {
    layout: wgpu::BindGroupLayout,
    group: wgpu::BindGroup,
    matrix: colour::Matrix,
    has_table: bool,
}

impl Display {
    pub(super) fn new(device: &wgpu::Device, queue: &wgpu::Queue) -> Self {
        let layout = table::layout(device);
        let group = table::group(device, queue, &layout, None);
        let mut display = Self { layout, group, matrix: IDENTITY, has_table: false };
        display.show(device, queue, &colour::Display::default());
        display
    }

    /// Shows colours as `display` wants them.
    pub(super) fn show(
        &mut self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        display: &colour::Display,
    ) {
        let (matrix, table) = match display {
            colour::Display::Matrix(matrix) => (*matrix, None),
            colour::Display::Table(matrix, table) => (*matrix, Some(&**table)),
        };
        self.group = table::group(device, queue, &self.layout, table);
        self.matrix = matrix;
        self.has_table = table.is_some();
    }

    /// What group 2 of a pipeline is.
    pub(super) const fn layout(&self) -> &wgpu::BindGroupLayout {
        &self.layout
    }

    /// The matrix as columns of a uniform.
    pub(super) fn columns(&self) -> [[f32; 4]; 3] {
        let [x, y, z] = self.matrix;
        [0, 1, 2].map(|at| [x[at], y[at], z[at], 0.0])
    }

    /// 1 where the table follows.
    pub(super) fn has_table(&self) -> u32 {
        u32::from(self.has_table)
    }

    /// Makes the table what `pass` reads.
    pub(super) fn bind(&self, pass: &mut wgpu::RenderPass<'_>) {
        pass.set_bind_group(2, &self.group, &[]);
    }
}
