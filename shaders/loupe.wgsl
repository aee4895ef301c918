// One piece of a large picture: its own texture, a part of the picture's place.

struct Piece {
    // Where this piece is drawn, and where the whole picture is, after the turn.
    rect_px: vec4f,
    picture_px: vec4f,
    // Of the whole picture as stored, and where the texture's first texel lies in it.
    size_px: vec2f,
    origin_px: vec2f,
    flags: u32,
    space: u32,
    pad_more: vec2u,
}

@group(0) @binding(1) var<storage, read> pieces: array<Piece>;
@group(1) @binding(0) var texels: texture_2d<f32>;
@group(1) @binding(1) var linear: sampler;

// From encoded values of the picture's own space to light of the working space.
@group(3) @binding(0) var picture_table: texture_3d<f32>;
@group(3) @binding(1) var picture_blend: sampler;

const SPACE_SRGB: u32 = 0u;
const SPACE_TABLE: u32 = 2u;

// By columns, as WGSL has them: `WORKING_FROM_SRGB` in core/colour.rs.
const WORKING_FROM_SRGB = mat3x3f(
    0.82246197, 0.0331942, 0.01708263,
    0.17753803, 0.9668058, 0.07239744,
    0.0, 0.0, 0.91051993,
);

// Half the highest frequencies of luma at a sharp edge of middling contrast, as the eye's steps.
const PEAK_FROM = vec2f(0.05, 0.11);

// Left, right, up, down.
const NEIGHBOURS = array(vec2f(-1.0, 0.0), vec2f(1.0, 0.0), vec2f(0.0, -1.0), vec2f(0.0, 1.0));

struct Varying {
    @builtin(position) position: vec4f,
    @location(0) @interpolate(flat) index: u32,
}

@vertex
fn vertex(@builtin(vertex_index) at: u32, @builtin(instance_index) index: u32) -> Varying {
    let rect_px = pieces[index].rect_px;
    // The two ends, not one end and a width: neighbours then share an edge to the last bit.
    return Varying(clip_from_px(mix(rect_px.xy, rect_px.zw, corner(at))), index);
}

@fragment
fn fragment(in: Varying) -> @location(0) vec4f {
    let piece = pieces[in.index];
    let print = footprint(in.position.xy, piece.picture_px, piece.size_px, piece.flags);
    var light = vec3f();
    if (piece.flags & FLAG_NEAREST) != 0u {
        let at = clamp(floor(print.middle), vec2f(), piece.size_px - 1.0) - piece.origin_px;
        let last = vec2f(textureDimensions(texels)) - 1.0;
        light = exactly(textureLoad(texels, vec2i(clamp(at, vec2f(), last)), 0).rgb);
    } else {
        light = mean(piece, print);
    }
    let working = working_from(light, piece.space);
    var shown = marked(working, shown_from_working(working));
    if (view.shading & SHADING_PEAKING) != 0u {
        shown = peaked(shown, edge(piece, print, light));
    }
    return vec4f(shown, 1.0);
}

// Luma of light in steps that look equal. CIE 1931 Y of the working space, then about its cube root.
fn seen_luma(light: vec3f) -> f32 {
    return sqrt(max(dot(light, vec3f(0.2289746, 0.6917385, 0.0792869)), 0.0));
}

// How much of the mark of a sharp edge a pixel gets, from its luma and the sum of its four neighbours'.
fn peak(luma: f32, around: f32) -> f32 {
    return smoothstep(PEAK_FROM.x, PEAK_FROM.y, abs(luma - 0.25 * around));
}

fn peaked(shown: vec3f, amount: f32) -> vec3f {
    return mix(shown, shown_from_srgb(PEAK), amount);
}

// From the pixels beside this one, or the texels where these are larger. In the picture's own space: an
// edge is one in each.
fn edge(piece: Piece, print: Footprint, light: vec3f) -> f32 {
    let step = max(print.side, vec2f(1.0));
    var around = 0.0;
    for (var i = 0u; i < 4u; i += 1u) {
        let beside = Footprint(print.middle + step * NEIGHBOURS[i], print.side);
        around += seen_luma(mean(piece, beside));
    }
    return peak(seen_luma(light), around);
}

// The light of one texel, which some devices give to half a byte step only: beside a bright channel a
// dark one would be seen to be off by several once a matrix has led to another space.
fn exactly(light: vec3f) -> vec3f {
    return linear_from_srgb(round(srgb_from_linear(light) * 255.0) / 255.0);
}

// Averaged by sRGB's curve whatever the space: a table is used only where that is near to light. Cut
// to the working space, as tiles are.
fn working_from(light: vec3f, space: u32) -> vec3f {
    switch space {
        case SPACE_SRGB: { return WORKING_FROM_SRGB * light; }
        case SPACE_TABLE: {
            return in_table(picture_table, picture_blend, srgb_from_linear(light));
        }
        default: { return light; }
    }
}

// The sampler repeats the edge; pieces overlap by more than half of the widest footprint.
fn mean(piece: Piece, print: Footprint) -> vec3f {
    let count = tap_count(print.side);
    let texture_px = vec2f(textureDimensions(texels));
    var sum = vec3f();
    for (var y = 0.0; y < count.y; y += 1.0) {
        for (var x = 0.0; x < count.x; x += 1.0) {
            let at = tap(print, vec2f(x, y), count) - piece.origin_px;
            sum += textureSampleLevel(texels, linear, at / texture_px, 0.0).rgb;
        }
    }
    return sum / (count.x * count.y);
}
