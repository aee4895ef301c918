//! The shaders' sources, joined, and how one becomes a pipeline.
//!
//! Every shader begins with `common.wgsl` and has the entry points `vertex` and `fragment`
//! (`tests/shaders.rs` checks that, and that naga accepts them).
//!
//! Group 0 is the view and the shader's instances; group 1, where there is one, a texture and its
//! sampler; group 2 the display's table, group 3 the picture's own, the same
//! way, or what the mosaic needs beside.

use std::cell::OnceCell;

use wgpu::ShaderStages;

/// Small pictures.
pub const TILE: &str =
    concat!(include_str!("../../shaders/common.wgsl"), include_str!("../../shaders/tile.wgsl"));

/// Large pictures.
pub const LOUPE: &str =
    concat!(include_str!("../../shaders/common.wgsl"), include_str!("../../shaders/loupe.wgsl"));

/// Boxes and badges.
pub const QUAD: &str =
    concat!(include_str!("../../shaders/common.wgsl"), include_str!("../../shaders/quad.wgsl"));

/// Any number of photos.
pub const MOSAIC: &str =
    concat!(include_str!("../../shaders/common.wgsl"), include_str!("../../shaders/mosaic.wgsl"));

/// What is laid over photos.
pub const VEIL: &str =
    concat!(include_str!("../../shaders/common.wgsl"), include_str!("../../shaders/veil.wgsl"));

/// All of them by the name of their file.
pub const ALL: &[(&str, &str)] =
    &[("tile", TILE), ("loupe", LOUPE), ("quad", QUAD), ("mosaic", MOSAIC), ("veil", VEIL)];

/// What differs between two pipelines.
pub(super) struct Recipe<'a> {
    pub name: &'static str,
    pub source: &'static str,
    pub groups: &'a [&'a wgpu::BindGroupLayout],
    pub blend: Option<wgpu::BlendState>,
    pub format: wgpu::TextureFormat,
}

/// A pipeline that is built when it is first drawn with, or when there is time for it: a first frame
/// waits for every pipeline that is built before it, and needs few.
pub(super) struct Late {
    device: wgpu::Device,
    name: &'static str,
    source: &'static str,
    groups: Vec<wgpu::BindGroupLayout>,
    blend: Option<wgpu::BlendState>,
    format: wgpu::TextureFormat,
    built: OnceCell<wgpu::RenderPipeline>,
}

impl Late {
    pub(super) fn new(device: &wgpu::Device, recipe: &Recipe<'_>) -> Self {
        Self {
            device: device.clone(),
            name: recipe.name,
            source: recipe.source,
            groups: recipe.groups.iter().map(|&group| group.clone()).collect(),
            blend: recipe.blend,
            format: recipe.format,
            built: OnceCell::new(),
        }
    }

    /// The pipeline, built if it is not yet.
    pub(super) fn get(&self) -> &wgpu::RenderPipeline {
        self.built.get_or_init(|| {
            let groups: Vec<_> = self.groups.iter().collect();
            let (name, source) = (self.name, self.source);
            let recipe =
                Recipe { name, source, groups: &groups, blend: self.blend, format: self.format };
            pipeline(&self.device, &recipe)
        })
    }
}

/// A pipeline that draws strips of four corners.
pub(super) fn pipeline(device: &wgpu::Device, recipe: &Recipe<'_>) -> wgpu::RenderPipeline {
    let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
        label: Some(recipe.name),
        source: wgpu::ShaderSource::Wgsl(recipe.source.into()),
    });
    let groups: Vec<_> = recipe.groups.iter().map(|&group| Some(group)).collect();
    let layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
        label: Some(recipe.name),
        bind_group_layouts: &groups,
        immediate_size: 0,
    });
    let target = wgpu::ColorTargetState {
        format: recipe.format,
        blend: recipe.blend,
        write_mask: wgpu::ColorWrites::ALL,
    };
    device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
        label: Some(recipe.name),
        layout: Some(&layout),
        vertex: wgpu::VertexState {
            module: &module,
            entry_point: Some("vertex"),
            compilation_options: wgpu::PipelineCompilationOptions::default(),
            buffers: &[],
        },
        primitive: wgpu::PrimitiveState {
            topology: wgpu::PrimitiveTopology::TriangleStrip,
            ..Default::default()
        },
        depth_stencil: None,
        multisample: wgpu::MultisampleState::default(),
        fragment: Some(wgpu::FragmentState {
            module: &module,
            entry_point: Some("fragment"),
            compilation_options: wgpu::PipelineCompilationOptions::default(),
            targets: &[Some(target)],
        }),
        multiview_mask: None,
        cache: None,
    })
}

/// Group 0: the view, and a table of instances.
pub(super) fn instances_layout(device: &wgpu::Device) -> wgpu::BindGroupLayout {
    buffers_layout(device, &[Binding::Uniform, Binding::Storage])
}

/// What a group of buffers has at a binding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Binding {
    Uniform,
    Storage,
}

/// A group of buffers, bound one after the other from 0.
pub(super) fn buffers_layout(device: &wgpu::Device, bindings: &[Binding]) -> wgpu::BindGroupLayout {
    let entry = |(at, binding): (u32, &Binding)| wgpu::BindGroupLayoutEntry {
        binding: at,
        visibility: ShaderStages::VERTEX_FRAGMENT,
        ty: wgpu::BindingType::Buffer {
            ty: match binding {
                Binding::Uniform => wgpu::BufferBindingType::Uniform,
                Binding::Storage => wgpu::BufferBindingType::Storage { read_only: true },
            },
            has_dynamic_offset: false,
            min_binding_size: None,
        },
        count: None,
    };
    let entries: Vec<_> = (0..).zip(bindings).map(entry).collect();
    device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
        label: Some("buffers"),
        entries: &entries,
    })
}

/// The same, filled.
pub(super) fn buffers_group(
    device: &wgpu::Device,
    layout: &wgpu::BindGroupLayout,
    buffers: &[&wgpu::Buffer],
) -> wgpu::BindGroup {
    let resources = buffers.iter().map(|buffer| buffer.as_entire_binding());
    let entries: Vec<_> = (0..)
        .zip(resources)
        .map(|(binding, resource)| wgpu::BindGroupEntry { binding, resource })
        .collect();
    device.create_bind_group(&wgpu::BindGroupDescriptor {
        label: Some("buffers"),
        layout,
        entries: &entries,
    })
}

/// Group 1: a texture of one layer, of many, or of three dimensions, and its sampler.
pub(super) fn texture_layout(
    device: &wgpu::Device,
    dimension: wgpu::TextureViewDimension,
) -> wgpu::BindGroupLayout {
    let entry = |binding, ty| wgpu::BindGroupLayoutEntry {
        binding,
        visibility: ShaderStages::FRAGMENT,
        ty,
        count: None,
    };
    let texture = wgpu::BindingType::Texture {
        sample_type: wgpu::TextureSampleType::Float { filterable: true },
        view_dimension: dimension,
        multisampled: false,
    };
    let sampler = wgpu::BindingType::Sampler(wgpu::SamplerBindingType::Filtering);
    device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
        label: Some("texture"),
        entries: &[entry(0, texture), entry(1, sampler)],
    })
}

/// Group 1, filled: a texture seen as `layout` wants it, and a sampler that blends its texels.
pub(super) fn texture_group(
    device: &wgpu::Device,
    layout: &wgpu::BindGroupLayout,
    texture: &wgpu::Texture,
    dimension: wgpu::TextureViewDimension,
) -> wgpu::BindGroup {
    let view = texture.create_view(&wgpu::TextureViewDescriptor {
        dimension: Some(dimension),
        ..Default::default()
    });
    let sampler = device.create_sampler(&wgpu::SamplerDescriptor {
        label: Some("linear"),
        mag_filter: wgpu::FilterMode::Linear,
        min_filter: wgpu::FilterMode::Linear,
        ..Default::default()
    });
    device.create_bind_group(&wgpu::BindGroupDescriptor {
        label: Some("texture"),
        layout,
        entries: &[
            wgpu::BindGroupEntry {
                binding: 0,
                resource: wgpu::BindingResource::TextureView(&view),
            },
            wgpu::BindGroupEntry { binding: 1, resource: wgpu::BindingResource::Sampler(&sampler) },
        ],
    })
}
