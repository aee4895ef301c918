// Small pictures out of the pages: one instance a tile, one draw for all.

struct Tile {
    rect_px: vec4f,
    origin_px: vec2f,
    size_px: vec2f,
    page: u32,
    flags: u32,
    gain: f32,
    pad: u32,
}

@group(0) @binding(1) var<storage, read> tiles: array<Tile>;
@group(1) @binding(0) var pages: texture_2d_array<f32>;
@group(1) @binding(1) var linear: sampler;

struct Varying {
    @builtin(position) position: vec4f,
    @location(0) @interpolate(flat) index: u32,
}

@vertex
fn vertex(@builtin(vertex_index) at: u32, @builtin(instance_index) index: u32) -> Varying {
    let rect_px = tiles[index].rect_px;
    return Varying(clip_from_px(rect_px.xy + corner(at) * rect_px.zw), index);
}

@fragment
fn fragment(in: Varying) -> @location(0) vec4f {
    let tile = tiles[in.index];
    let print = footprint(in.position.xy, tile.rect_px, tile.size_px, tile.flags);
    var light = vec3f();
    if (tile.flags & FLAG_NEAREST) != 0u {
        let at = clamp(floor(print.middle), vec2f(), tile.size_px - 1.0);
        light = textureLoad(pages, vec2i(tile.origin_px + at), i32(tile.page), 0).rgb;
    } else {
        light = mean(tile, print);
    }
    return vec4f(marked(light, shown_from_working(light * tile.gain)), 1.0);
}

// No tap comes nearer than half a texel to the edge, or the neighbour's seat would bleed in.
fn mean(tile: Tile, print: Footprint) -> vec3f {
    let count = tap_count(print.side);
    let page_px = vec2f(textureDimensions(pages));
    var sum = vec3f();
    for (var y = 0.0; y < count.y; y += 1.0) {
        for (var x = 0.0; x < count.x; x += 1.0) {
            let at = clamp(tap(print, vec2f(x, y), count), vec2f(0.5), tile.size_px - 0.5);
            let uv = (tile.origin_px + at) / page_px;
            sum += textureSampleLevel(pages, linear, uv, tile.page, 0.0).rgb;
        }
    }
    return sum / (count.x * count.y);
}
