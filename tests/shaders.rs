//! Every shader as it is used is accepted by naga, and both sides mean the same bytes.
//!
//! Form only: what the shaders mean is checked by `pixels.rs` and `golden.rs`.

use naga::ShaderStage;
use naga::TypeInner;
use naga::valid::Capabilities;
use naga::valid::ValidationFlags;
use naga::valid::Validator;
use rushlight::gpu::layout;
use rushlight::gpu::shader;

/// Every shader, parsed.
fn modules() -> impl Iterator<Item = (&'static str, naga::Module)> {
    shader::ALL.iter().map(|&(name, source)| {
        let module = naga::front::wgsl::parse_str(source)
            .unwrap_or_else(|e| panic!("{name}.wgsl: {}", e.emit_to_string(source)));
        (name, module)
    })
}

/// A struct's fields with their offsets, and its size, in bytes.
fn struct_of(module: &naga::Module, name: &str) -> Option<(Vec<(String, u32)>, u32)> {
    module.types.iter().find_map(|(_, ty)| match &ty.inner {
        TypeInner::Struct { members, span } if ty.name.as_deref() == Some(name) => {
            let fields = members.iter().map(|m| (m.name.clone().unwrap_or_default(), m.offset));
            Some((fields.collect(), *span))
        }
        _ => None,
    })
}

#[test]
fn every_shader_is_valid() {
    for (name, module) in modules() {
        Validator::new(ValidationFlags::all(), Capabilities::empty())
            .validate(&module)
            .unwrap_or_else(|e| panic!("{name}.wgsl: {e:?}"));
    }
}

#[test]
fn every_shader_has_the_two_entry_points() {
    for (name, module) in modules() {
        let found: Vec<_> =
            module.entry_points.iter().map(|e| (e.name.as_str(), e.stage)).collect();
        let expect = [("vertex", ShaderStage::Vertex), ("fragment", ShaderStage::Fragment)];
        assert_eq!(found, expect, "{name}.wgsl");
    }
}

#[test]
fn every_shared_struct_has_one_layout() {
    for &(name, size, fields) in layout::SHAPES {
        let expect: Vec<_> = fields.iter().map(|&(f, at)| (f.to_owned(), at)).collect();
        let mut seen = false;
        for (shader, module) in modules() {
            let Some((found, span)) = struct_of(&module, name) else { continue };
            seen = true;
            assert_eq!(found, expect, "fields of {name}: left {shader}.wgsl, right layout.rs");
            assert_eq!(span, size, "size of {name}: left {shader}.wgsl, right layout.rs");
        }
        assert!(seen, "no shader declares `struct {name}`");
    }
}

#[test]
fn every_buffer_of_a_shader_is_a_shared_struct() {
    for (shader, module) in modules() {
        let spaces = [
            naga::AddressSpace::Uniform,
            naga::AddressSpace::Storage { access: naga::StorageAccess::LOAD },
        ];
        for (_, variable) in
            module.global_variables.iter().filter(|(_, v)| spaces.contains(&v.space))
        {
            let ty = match module.types[variable.ty].inner {
                TypeInner::Array { base, .. } => base,
                _ => variable.ty,
            };
            let name = module.types[ty].name.clone().unwrap_or_default();
            let is_shared = layout::SHAPES.iter().any(|&(shared, ..)| shared == name);
            assert!(is_shared, "{shader}.wgsl has a buffer of `{name}`, layout.rs has not");
        }
    }
}
