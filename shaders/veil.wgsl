// What is laid over photos to judge them by: detail as heat, where it is strongest, and thirds.

struct Veil {
    rect_px: vec4f,
    origin_px: vec2f,
    size_px: vec2f,
    page: u32,
    flags: u32,
    line_px: f32,
    pad: u32,
}

@group(0) @binding(1) var<storage, read> veils: array<Veil>;
@group(1) @binding(0) var details: texture_2d_array<f32>;
@group(1) @binding(1) var linear: sampler;

const FLAG_HEAT: u32 = 16u;
const FLAG_PEAKING: u32 = 32u;
const FLAG_THIRDS: u32 = 64u;

// sRGB-encoded.
const WARM = vec3f(0.86, 0.16, 0.05);
const HOT = vec3f(1.0, 0.86, 0.30);

struct Varying {
    @builtin(position) position: vec4f,
    @location(0) @interpolate(flat) index: u32,
}

@vertex
fn vertex(@builtin(vertex_index) at: u32, @builtin(instance_index) index: u32) -> Varying {
    let rect_px = veils[index].rect_px;
    return Varying(clip_from_px(rect_px.xy + corner(at) * rect_px.zw), index);
}

@fragment
fn fragment(in: Varying) -> @location(0) vec4f {
    let veil = veils[in.index];
    var shown = vec4f();
    if veil.size_px.x > 0.0 && (veil.flags & (FLAG_HEAT | FLAG_PEAKING)) != 0u {
        let share = detail(veil, in.position.xy);
        if (veil.flags & FLAG_HEAT) != 0u {
            let colour = mix(WARM, HOT, smoothstep(0.35, 1.0, share));
            shown = over(colour, 0.62 * smoothstep(0.06, 0.7, share), shown);
        }
        if (veil.flags & FLAG_PEAKING) != 0u {
            shown = over(PEAK, 0.55 * smoothstep(0.42, 0.6, share), shown);
        }
    }
    if (veil.flags & FLAG_THIRDS) != 0u {
        shown = thirds(veil, in.position.xy, shown);
    }
    return shown;
}

// Premultiplied.
fn over(colour: vec3f, alpha: f32, under: vec4f) -> vec4f {
    return vec4f(shown_from_srgb(colour) * alpha, alpha) + under * (1.0 - alpha);
}

// No sample comes nearer than half a cell to the edge, or a neighbour's detail would bleed in.
fn detail(veil: Veil, at_px: vec2f) -> f32 {
    let print = footprint(at_px, veil.rect_px, veil.size_px, veil.flags);
    let at = clamp(print.middle, vec2f(0.5), veil.size_px - 0.5);
    let uv = (veil.origin_px + at) / vec2f(textureDimensions(details));
    return textureSampleLevel(details, linear, uv, veil.page, 0.0).r;
}

// A light line with a dark one on either side: seen on every ground.
fn thirds(veil: Veil, at_px: vec2f, under: vec4f) -> vec4f {
    let at = at_px - veil.rect_px.xy;
    let off = min(abs(at - veil.rect_px.zw / 3.0), abs(at - veil.rect_px.zw * (2.0 / 3.0)));
    let nearest = min(off.x, off.y);
    if nearest <= 0.5 * veil.line_px {
        return over(vec3f(1.0), 0.6, under);
    }
    return over(vec3f(), select(0.0, 0.35, nearest <= 1.5 * veil.line_px), under);
}
