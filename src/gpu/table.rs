//! Tables over all colours as the device reads them: a texture of three dimensions and its sampler.
//!
//! 16-bit floats: 2,048 steps for each doubling, so that the table's own rounding is a tenth of a byte
//! step, and values beyond 0 to 1 have their place.

use wgpu::TextureViewDimension;

use crate::core::colour::Lattice;

use super::shader;

/// What a group with a table looks like to a pipeline.
pub(super) fn layout(device: &wgpu::Device) -> wgpu::BindGroupLayout {
    shader::texture_layout(device, TextureViewDimension::D3)
}

/// A group with `lattice`; with a texel that nobody looks at where there is none.
pub(super) fn group(
    device: &wgpu::Device,
    queue: &wgpu::Queue,
    layout: &wgpu::BindGroupLayout,
    lattice: Option<&Lattice>,
) -> wgpu::BindGroup {
    let edge = lattice.map_or(1, |lattice| lattice.edge() as u32);
    let size = wgpu::Extent3d { width: edge, height: edge, depth_or_array_layers: edge };
    let texture = device.create_texture(&wgpu::TextureDescriptor {
        label: Some("colour table"),
        size,
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D3,
        format: wgpu::TextureFormat::Rgba16Float,
        usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
        view_formats: &[],
    });
    if let Some(lattice) = lattice {
        let texels = |&[r, g, b]: &[f32; 3]| [r, g, b, 1.0].map(half);
        let texels: Vec<[u16; 4]> = lattice.values().iter().map(texels).collect();
        let rows = wgpu::TexelCopyBufferLayout {
            offset: 0,
            bytes_per_row: Some(edge * size_of::<[u16; 4]>() as u32),
            rows_per_image: Some(edge),
        };
        queue.write_texture(texture.as_image_copy(), bytemuck::cast_slice(&texels), rows, size);
    }
    shader::texture_group(device, layout, &texture, TextureViewDimension::D3)
}

/// A number as IEEE 754-2008 binary16, to the nearest; what is too small for it is zero, what is too
/// large the largest that it has.
fn half(value: f32) -> u16 {
    const LARGEST: u16 = 0x7BFF;
    let sign = ((value.to_bits() >> 16) & 0x8000) as u16;
    let bits = value.abs().to_bits();
    // Below 2^-14 a step is always 2^-24.
    if bits < 113 << 23 {
        return sign | (value.abs() * 16_777_216.0).round() as u16;
    }
    // Half of what is cut off, so that it is rounded; a carry into the exponent is right there.
    let rounded = (bits + 0x1000) >> 13;
    sign | u16::try_from(rounded - (112 << 10)).map_or(LARGEST, |it| it.min(LARGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: f32, expect: u16) {
        assert_eq!(half(value), expect, "{value}: {:04x}, not {expect:04x}", half(value));
    }

    #[test]
    fn halves_are_those_of_the_standard() {
        check(0.0, 0);
        check(-0.0, 0x8000);
        check(1.0, 0x3C00);
        check(-2.0, 0xC000);
        check(0.333_251_95, 0x3555);
        check(65_504.0, 0x7BFF);
        check(1e9, 0x7BFF);
        check(6.103_515_6e-5, 0x0400);
        check(5.960_464_5e-8, 0x0001);
        check(1e-9, 0);
        // Half-way to the next, and the carry that it makes.
        check(0.999_9, 0x3C00);
    }

    #[test]
    fn halves_are_near_to_a_two_thousandth() {
        for step in 1..4000_u16 {
            let value = f32::from(step) / 2000.0;
            let bits = half(value);
            let back =
                (1.0 + f32::from(bits & 0x3FF) / 1024.0) * 2.0_f32.powi(i32::from(bits >> 10) - 15);
            assert!((back / value - 1.0).abs() < 1.0 / 2047.0, "{value}: {back}");
        }
    }
}
