// What every shader shares: the surface, colours, and how a stored picture lies under a pixel.
//
// Group 0 is the same everywhere: the view at binding 0, this shader's instances at binding 1.
// Units: `_px` on the surface is a physical pixel, y downwards; in a picture it is a texel.

struct View {
    size_px: vec2f,
    // 1 where the target has no sRGB format: the shader encodes, and blending is not in light.
    is_encoding: u32,
    // 1 where a table follows the matrix.
    has_table: u32,
    shown_from_working: mat3x3f,
    // Bit 0: clipped pixels are marked; bit 1: those on sharp edges.
    shading: u32,
    pad: u32,
    pad_more: vec2u,
}

@group(0) @binding(0) var<uniform> view: View;

// From encoded values, after the matrix, to those that are sent to the display, as sRGB's light.
@group(2) @binding(0) var display_table: texture_3d<f32>;
@group(2) @binding(1) var display_blend: sampler;

// Bits of `view.shading`.
const SHADING_CLIPPING: u32 = 1u;
const SHADING_PEAKING: u32 = 2u;

// sRGB-encoded.
const PEAK = vec3f(1.0, 0.88, 0.12);
const CLIPPED_HIGH = vec3f(1.0, 0.20, 0.16);
const CLIPPED_LOW = vec3f(0.20, 0.45, 1.0);

// By columns: `SRGB_FROM_WORKING` in core/colour.rs.
const SRGB_FROM_WORKING = mat3x3f(
    1.2249402, -0.0420570, -0.0196376,
    -0.2249402, 1.0420570, -0.0786361,
    0.0, 0.0, 1.0982736,
);

// What a channel that is full may be off after coding, in light.
const FULL = 0.985;
// 2.6 of 255.
const EMPTY = 0.0008;

// Bits of `flags`. The lowest two are clockwise quarter turns.
const FLAG_SIDEWAYS: u32 = 1u;
const FLAG_MIRRORED: u32 = 4u;
const FLAG_NEAREST: u32 = 8u;

// Taps along one axis: with two texels a tap, a picture 16 times too large is still averaged whole.
const TAPS_MAX: f32 = 8.0;

// Corner 0 to 3 of a strip: left top, right top, left bottom, right bottom.
fn corner(index: u32) -> vec2f {
    return vec2f(f32(index & 1u), f32(index >> 1u));
}

fn clip_from_px(at_px: vec2f) -> vec4f {
    let at = at_px / view.size_px * 2.0 - 1.0;
    return vec4f(at.x, -at.y, 0.0, 1.0);
}

// IEC 61966-2-1, section 5.2.
fn linear_from_srgb(rgb: vec3f) -> vec3f {
    let high = pow((rgb + 0.055) / 1.055, vec3f(2.4));
    return select(high, rgb / 12.92, rgb <= vec3f(0.04045));
}

fn srgb_from_linear(rgb: vec3f) -> vec3f {
    let high = 1.055 * pow(rgb, vec3f(1.0 / 2.4)) - 0.055;
    return select(high, rgb * 12.92, rgb <= vec3f(0.0031308));
}

// Light as the target wants it.
fn shown_from_linear(rgb: vec3f) -> vec3f {
    if view.is_encoding == 1u {
        return srgb_from_linear(clamp(rgb, vec3f(), vec3f(1.0)));
    }
    return rgb;
}

// An sRGB-encoded colour as the target wants it.
fn shown_from_srgb(rgb: vec3f) -> vec3f {
    if view.is_encoding == 1u {
        return rgb;
    }
    return linear_from_srgb(rgb);
}

// Light of an encoded colour by a table whose outermost corners are 0 and 1, cut to what there is.
fn in_table(table: texture_3d<f32>, blend: sampler, encoded: vec3f) -> vec3f {
    let edge = vec3f(textureDimensions(table));
    let at = clamp(encoded, vec3f(), vec3f(1.0)) * (edge - 1.0) + 0.5;
    let light = textureSampleLevel(table, blend, at / edge, 0.0).rgb;
    return clamp(light, vec3f(), vec3f(1.0));
}

// Light of the working space as the display's target wants it. What the display cannot show is cut
// channel by channel: the border moves no colour inside.
fn shown_from_working(light: vec3f) -> vec3f {
    let shown = view.shown_from_working * light;
    if view.has_table == 1u {
        let encoded = srgb_from_linear(clamp(shown, vec3f(), vec3f(1.0)));
        return shown_from_linear(in_table(display_table, display_blend, encoded));
    }
    return shown_from_linear(shown);
}

// Light of the working space as it is shown, marked where the file could hold no more. A channel of sRGB
// is full where it is just that: what lies beyond is a colour of a wider space.
fn marked(light: vec3f, shown: vec3f) -> vec3f {
    if (view.shading & SHADING_CLIPPING) == 0u {
        return shown;
    }
    let srgb = SRGB_FROM_WORKING * light;
    if any(light >= vec3f(FULL)) || any(abs(srgb - 1.0) <= vec3f(1.0 - FULL)) {
        return shown_from_srgb(CLIPPED_HIGH);
    }
    return select(shown, shown_from_srgb(CLIPPED_LOW), all(srgb <= vec3f(EMPTY)));
}

// What one pixel covers of a stored picture, in texels.
struct Footprint {
    middle: vec2f,
    side: vec2f,
}

// `at_px` is the middle of a pixel inside `rect_px`, the place of the picture after its turn.
fn footprint(at_px: vec2f, rect_px: vec4f, stored_px: vec2f, flags: u32) -> Footprint {
    let is_sideways = (flags & FLAG_SIDEWAYS) != 0u;
    let upright_px = select(stored_px, stored_px.yx, is_sideways);
    // A picture at its own size divides to exactly 1, and every position below stays exact.
    let per_px = upright_px / rect_px.zw;
    let at = (at_px - rect_px.xy) * per_px;
    var stored = at;
    switch flags & 3u {
        case 1u: { stored = vec2f(at.y, stored_px.y - at.x); }
        case 2u: { stored = stored_px - at; }
        case 3u: { stored = vec2f(stored_px.x - at.y, at.x); }
        default: {}
    }
    if (flags & FLAG_MIRRORED) != 0u {
        stored.x = stored_px.x - stored.x;
    }
    return Footprint(stored, select(per_px, per_px.yx, is_sideways));
}

// How many bilinear taps average a footprint: each takes in two texels an axis.
fn tap_count(side: vec2f) -> vec2f {
    // The small allowance keeps a picture of almost twice the size at one tap.
    return clamp(ceil(side * 0.5 - 0.01), vec2f(1.0), vec2f(TAPS_MAX));
}

// Tap `index` of `count`, spread evenly over the footprint.
fn tap(print: Footprint, index: vec2f, count: vec2f) -> vec2f {
    return print.middle + print.side * ((index + 0.5) / count - 0.5);
}
