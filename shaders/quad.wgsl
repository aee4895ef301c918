// Boxes with round corners, and the badges' shapes, by distance: smooth at every size.

struct Quad {
    rect_px: vec4f,
    fill: u32,
    border: u32,
    radius_px: f32,
    border_px: f32,
    glyph: u32,
    pad: u32,
    pad_more: vec2u,
}

const GLYPH_STAR: u32 = 1u;
const GLYPH_CHECK: u32 = 2u;
const GLYPH_CROSS: u32 = 3u;

@group(0) @binding(1) var<storage, read> quads: array<Quad>;

struct Varying {
    @builtin(position) position: vec4f,
    @location(0) @interpolate(flat) index: u32,
    // Premultiplied, as the target wants them.
    @location(1) @interpolate(flat) fill: vec4f,
    @location(2) @interpolate(flat) border: vec4f,
}

@vertex
fn vertex(@builtin(vertex_index) at: u32, @builtin(instance_index) index: u32) -> Varying {
    let quad = quads[index];
    // A pixel more all around: a smooth edge may lie half outside.
    let side = corner(at);
    let at_px = quad.rect_px.xy + side * quad.rect_px.zw + (side * 2.0 - 1.0);
    return Varying(clip_from_px(at_px), index, colour(quad.fill), colour(quad.border));
}

@fragment
fn fragment(in: Varying) -> @location(0) vec4f {
    let quad = quads[in.index];
    let half_px = quad.rect_px.zw * 0.5;
    let distance = distance_px(quad, in.position.xy - quad.rect_px.xy - half_px, half_px);
    let whole = coverage(distance);
    let inside = coverage(distance + quad.border_px);
    return in.fill * inside + in.border * (whole - inside);
}

fn colour(rgba: u32) -> vec4f {
    let c = unpack4x8unorm(rgba);
    return vec4f(shown_from_srgb(c.rgb) * c.a, c.a);
}

// How much of a pixel lies inside an edge that is so far from its middle.
fn coverage(distance_px: f32) -> f32 {
    return clamp(0.5 - distance_px, 0.0, 1.0);
}

// From `at_px`, seen from the middle, to the shape's edge; negative inside.
fn distance_px(quad: Quad, at_px: vec2f, half_px: vec2f) -> f32 {
    let half_side_px = min(half_px.x, half_px.y);
    let at = at_px / half_side_px;
    switch quad.glyph {
        case GLYPH_STAR: { return star(at) * half_side_px; }
        case GLYPH_CHECK: { return check(at) * half_side_px; }
        case GLYPH_CROSS: { return cross_of_two(at) * half_side_px; }
        default: { return round_box(at_px, half_px, min(quad.radius_px, half_side_px)); }
    }
}

fn round_box(at: vec2f, half: vec2f, radius: f32) -> f32 {
    let q = abs(at) - half + radius;
    return length(max(q, vec2f())) + min(max(q.x, q.y), 0.0) - radius;
}

// The shapes below fill the square from -1 to 1, y downwards.

// After Inigo Quilez, "2D distance functions": fold the plane into one ray, measure one edge.
fn star(at: vec2f) -> f32 {
    // A star of radius 1 is 1.902 wide and 1.809 high, its tip farther from the middle.
    let radius = 1.0515;
    let inner = 0.46;
    let fold_a = vec2f(0.809017, -0.587785);
    let fold_b = vec2f(-fold_a.x, fold_a.y);
    var p = vec2f(abs(at.x), 0.1 - at.y);
    p -= 2.0 * max(dot(fold_a, p), 0.0) * fold_a;
    p -= 2.0 * max(dot(fold_b, p), 0.0) * fold_b;
    p = vec2f(abs(p.x), p.y - radius);
    let edge = inner * vec2f(-fold_a.y, fold_a.x) - vec2f(0.0, 1.0);
    let along = clamp(dot(p, edge) / dot(edge, edge), 0.0, radius);
    return length(p - edge * along) * sign(p.y * edge.x - p.x * edge.y);
}

fn check(at: vec2f) -> f32 {
    let knee = vec2f(-0.25, 0.6);
    let short = stroke(at, vec2f(-0.8, 0.05), knee);
    return min(short, stroke(at, knee, vec2f(0.8, -0.6))) - 0.19;
}

fn cross_of_two(at: vec2f) -> f32 {
    let p = abs(at);
    return stroke(p, vec2f(), vec2f(0.7)) - 0.19;
}

fn stroke(at: vec2f, a: vec2f, b: vec2f) -> f32 {
    let along = clamp(dot(at - a, b - a) / dot(b - a, b - a), 0.0, 1.0);
    return length(at - a - (b - a) * along);
}
