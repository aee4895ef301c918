"""What the network sees of a photo, from its tile and its detail map.

`src/core/embed_input.rs` does the same in the program; `models/reference.json` holds what this
file makes of a made-up tile, and a test there compares.
"""
import struct

import numpy as np

#: Long side of the input, in cells.
SIDE = 128

#: Red, green, blue, detail, and how much the luma of neighbours differs: across, down, and along the two
#: diagonals, falling and rising. The root of the mean square, for the mean alone of an edge is the
#: same however wide blur has made it; and as a logarithm, for noise is a hundredth of an edge.
PLANES = 8

#: Of the planes, each 0 to 1 (see `planes`), over the training frames, rounded.
MEAN = np.array([0.45, 0.45, 0.43, 0.31, 0.32, 0.32, 0.32, 0.32], np.float32)
STD = np.array([0.29, 0.29, 0.30, 0.13, 0.16, 0.16, 0.16, 0.16], np.float32)


def read_tiles(path):
    """Yields name, tile (h, w, 3), map as stored (rows, columns) or None, cells that the picture covers,
    turn: the file that `examples/tiles.rs` writes."""
    with open(path, "rb") as f:
        while head := f.read(4):
            name = f.read(struct.unpack("<I", head)[0]).decode()
            w, h, columns, rows, cell_px, full_w, full_h, turn = struct.unpack("<8I", f.read(32))
            tile = np.frombuffer(f.read(w * h * 3), np.uint8).reshape(h, w, 3)
            detail = None
            if columns:
                detail = np.frombuffer(f.read(columns * rows), np.uint8).reshape(rows, columns)
            yield name, tile, detail, (full_w / max(cell_px, 1), full_h / max(cell_px, 1)), turn


def means(length, extent, cells):
    """The matrix that takes means: row i weighs what lies between i and i + 1 `cells`-ths of `extent`
    of `length` values, by how much of it each value covers."""
    edges = np.arange(cells + 1) * (extent / cells)
    low, high = edges[:-1, None], edges[1:, None]
    at = np.arange(length)[None, :]
    cover = np.clip(np.minimum(high, at + 1) - np.maximum(low, at), 0, None)
    return (cover / cover.sum(1, keepdims=True)).astype(np.float32)


def upright(plane, turn):
    """A plane as stored, turned upright: EXIF 1 to 8."""
    if turn in (2, 4, 5, 7):
        plane = plane[:, ::-1]
    quarters = {1: 0, 2: 0, 3: 2, 4: 2, 5: 3, 6: 1, 7: 1, 8: 3}[turn]
    return np.rot90(plane, -quarters)


def planes(tile, detail, extent, turn):
    """The input, (PLANES, SIDE, SIDE), normalised: the tile fitted into the square, centred, the rest 0."""
    h, w = tile.shape[:2]
    long = max(w, h)
    across, down = (max((side * SIDE * 2 + long) // (2 * long), 1) for side in (w, h))
    columns, rows = means(w, w, across), means(h, h, down)
    rgb = tile.astype(np.float32) / 255
    luma = rgb @ np.array([0.299, 0.587, 0.114], np.float32)
    # The last one has no neighbour and counts as like it.
    slopes = np.zeros((4, h, w), np.float32)
    slopes[0, :, :-1] = luma[:, 1:] - luma[:, :-1]
    slopes[1, :-1] = luma[1:] - luma[:-1]
    slopes[2, :-1, :-1] = luma[1:, 1:] - luma[:-1, :-1]
    slopes[3, :-1, :-1] = luma[:-1, 1:] - luma[1:, :-1]
    bits = np.zeros((down, across), np.float32)
    if detail is not None:
        stored = (down, across) if turn < 5 else (across, down)
        y = means(detail.shape[0], extent[1], stored[0])
        x = means(detail.shape[1], extent[0], stored[1])
        bits = upright(y @ (detail.astype(np.float32) / 255) @ x.T, turn)
    parts = [rows @ p @ columns.T for p in (rgb[..., 0], rgb[..., 1], rgb[..., 2])]
    parts += [bits] + [np.log2(1 + 255 * np.sqrt(rows @ (d * d) @ columns.T)) / 8 for d in slopes]
    out = np.zeros((PLANES, SIDE, SIDE), np.float32)
    left, top = (SIDE - across) // 2, (SIDE - down) // 2
    picture = (np.stack(parts) - MEAN[:, None, None]) / STD[:, None, None]
    out[:, top:top + down, left:left + across] = picture
    return out
