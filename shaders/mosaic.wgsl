// Any number of photos: one instance a photo, whose place follows from its index and whose picture
// from its number. `core::mosaic` has the same geometry on the other side.

struct Mosaic {
    size_px: vec2f,
    left_px: f32,
    gap_px: f32,
    padding_px: f32,
    caption_px: f32,
    border_px: f32,
    gain: f32,
    trashed_gain: f32,
    columns: u32,
    first: u32,
    band_count: u32,
    is_bare: u32,
    edge_px: u32,
    cell: u32,
    selected: u32,
    place: u32,
    keep: u32,
    trash: u32,
    pad: u32,
}

struct Band {
    first: u32,
    blanks: u32,
    top_px: f32,
}

struct Stand {
    photo: u32,
}

struct Photo {
    mean: u32,
    size: u32,
    micro: u32,
    flags: u32,
}

const FLAG_KEEP: u32 = 16u;
const FLAG_TRASH: u32 = 32u;
const FLAG_SELECTED: u32 = 64u;

// Added before rounding: `HALF_UP` in `core::mosaic`.
const HALF_UP: f32 = 0.515625;

@group(0) @binding(1) var<storage, read> photos: array<Photo>;
@group(1) @binding(0) var micros: texture_2d_array<f32>;
@group(1) @binding(1) var linear: sampler;
@group(3) @binding(0) var<uniform> mosaic: Mosaic;
@group(3) @binding(1) var<storage, read> bands: array<Band>;
@group(3) @binding(2) var<storage, read> stands: array<Stand>;

struct Varying {
    @builtin(position) position: vec4f,
    @location(0) @interpolate(flat) photo: u32,
    @location(1) @interpolate(flat) picture_px: vec4f,
}

@vertex
fn vertex(@builtin(vertex_index) at: u32, @builtin(instance_index) instance: u32) -> Varying {
    let index = mosaic.first + instance;
    let photo = stands[index].photo;
    let cell_px = cell_of(index);
    let padding = mosaic.padding_px;
    let room = cell_px.zw - 2.0 * padding - vec2f(0.0, mosaic.caption_px);
    let size = photos[photo].size;
    let shown = vec2f(f32(size & 0xffffu), f32(size >> 16u));
    let picture_px = fitted(shown, vec4f(cell_px.xy + padding, max(room, vec2f(1.0))));
    let rect_px = select(cell_px, picture_px, mosaic.is_bare == 1u);
    return Varying(clip_from_px(rect_px.xy + corner(at) * rect_px.zw), photo, picture_px);
}

// The last band that begins at or before the index: half of those left at each step.
fn cell_of(index: u32) -> vec4f {
    var low = 0u;
    var past = mosaic.band_count;
    while past - low > 1u {
        let middle = (low + past) / 2u;
        if bands[middle].first <= index {
            low = middle;
        } else {
            past = middle;
        }
    }
    let band = bands[low];
    let at = index - band.first + band.blanks;
    let pitch = mosaic.size_px + mosaic.gap_px;
    let steps = vec2f(f32(at % mosaic.columns), f32(at / mosaic.columns));
    return vec4f(vec2f(mosaic.left_px, band.top_px) + steps * pitch, mosaic.size_px);
}

fn fitted(size: vec2f, room: vec4f) -> vec4f {
    let known = max(size, vec2f(1.0));
    let ratio = min(room.z / known.x, room.w / known.y);
    let side = max(floor(known * ratio + HALF_UP), vec2f(1.0));
    return vec4f(room.xy + floor((room.zw - side) / 2.0 + HALF_UP), side);
}

@fragment
fn fragment(in: Varying) -> @location(0) vec4f {
    let photo = photos[in.photo];
    let at = in.position.xy - in.picture_px.xy;
    let edge = min(min(at.x, at.y), min(in.picture_px.z - at.x, in.picture_px.w - at.y));
    if edge < 0.0 {
        let is_selected = (photo.flags & FLAG_SELECTED) != 0u;
        return plain(select(mosaic.cell, mosaic.selected, is_selected));
    }
    let is_trash = (photo.flags & FLAG_TRASH) != 0u;
    if (photo.flags & (FLAG_KEEP | FLAG_TRASH)) != 0u && edge < mosaic.border_px {
        return plain(select(mosaic.keep, mosaic.trash, is_trash));
    }
    let gain = mosaic.gain * select(1.0, mosaic.trashed_gain, is_trash);
    var light = linear_from_srgb(unpack4x8unorm(photo.mean).rgb);
    if photo.micro != 0u {
        light = micro(in, photo);
    } else if (photo.mean >> 24u) == 0u {
        let place = linear_from_srgb(unpack4x8unorm(mosaic.place).rgb);
        return vec4f(shown_from_linear(place * gain), 1.0);
    }
    return vec4f(shown_from_working(light * gain), 1.0);
}

fn plain(rgba: u32) -> vec4f {
    return vec4f(shown_from_srgb(unpack4x8unorm(rgba).rgb), 1.0);
}

// No tap comes nearer than half a texel to the edge, or the neighbour's seat would bleed in.
fn micro(in: Varying, photo: Photo) -> vec3f {
    let size = vec2f(f32(photo.micro & 0xffu), f32(photo.micro >> 8u));
    let print = footprint(in.position.xy, in.picture_px, size, photo.flags & 3u);
    let page_px = textureDimensions(micros);
    let columns = page_px.x / mosaic.edge_px;
    let seats = columns * columns;
    let seat = in.photo % seats;
    let origin = vec2f(f32(seat % columns), f32(seat / columns)) * f32(mosaic.edge_px);
    let count = tap_count(print.side);
    var sum = vec3f();
    for (var y = 0.0; y < count.y; y += 1.0) {
        for (var x = 0.0; x < count.x; x += 1.0) {
            let at = clamp(tap(print, vec2f(x, y), count), vec2f(0.5), size - 0.5);
            let uv = (origin + at) / vec2f(page_px);
            sum += textureSampleLevel(micros, linear, uv, in.photo / seats, 0.0).rgb;
        }
    }
    return sum / (count.x * count.y);
}
