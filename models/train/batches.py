"""The frames as arrays, and batches of them: some frames of some scenes, turned and mirrored."""
import json
import os
import subprocess
from multiprocessing import get_context

import numpy as np

from planes import MEAN, PLANES, SIDE, STD, planes, read_tiles

#: What the plane of detail holds where a photo has no map, after normalisation.
NO_DETAIL = -MEAN[3] / STD[3]


def _input(photo):
    name, *parts = photo
    return name, planes(*parts).astype(np.float16)


def arrays(folder, tiles_program, workers):
    """Inputs (float16), names: of a folder's photos, through the program's own tiles."""
    tiles, made = folder + ".tiles", folder + ".npz"
    if not os.path.exists(tiles):
        subprocess.run([tiles_program, folder, tiles + ".part"], check=True, stdout=subprocess.DEVNULL)
        os.rename(tiles + ".part", tiles)
    if not os.path.exists(made):
        with get_context("spawn").Pool(workers) as pool:
            names, inputs = zip(*pool.imap(_input, read_tiles(tiles), chunksize=16))
        np.savez(made + ".part.npz", inputs=np.stack(inputs), names=np.array(names))
        os.rename(made + ".part.npz", made)
    found = np.load(made)
    return found["inputs"], found["names"].tolist()


def training_set(folder, tiles_program, workers):
    """Inputs, scenes, truths."""
    inputs, names = arrays(folder, tiles_program, workers)
    with open(os.path.join(folder, "truth.json")) as f:
        truth = json.load(f)
    scene = np.array([truth[n]["scene"] for n in names], np.int32)
    return inputs, scene, np.array([truth[n]["scores"] for n in names], np.float32)


def turned(x, r):
    """Mirrored and transposed at random, with the planes of slopes in their new directions."""
    across, down = r.choice([1, -1], 2)
    x = x[:, ::down, ::across]
    order = [0, 1, 2, 3, 4, 5, 6, 7]
    if across != down:
        order[6], order[7] = 7, 6
    if r.random() < 0.5:
        order[4], order[5] = 5, 4
        x = x.transpose(0, 2, 1)
    return x[order]


class Batches:
    """Batches without end: half of the scenes of a batch are whole sources, half are parts."""

    def __init__(self, inputs, scene, truth, seed, scenes=18, frames=4):
        self.inputs, self.scene, self.truth = inputs, scene, truth
        self.scenes, self.frames = scenes, frames
        self.r = np.random.default_rng(seed)
        self.by_scene = {s: np.flatnonzero(scene == s) for s in np.unique(scene)}
        self.wholes = [s for s in self.by_scene if s % 8 == 0]
        self.parts = [s for s in self.by_scene if s % 8 != 0]

    def next(self):
        r, half = self.r, self.scenes // 2
        chosen = np.concatenate([r.choice(self.wholes, half, replace=False),
                                 r.choice(self.parts, self.scenes - half, replace=False)])
        at = np.concatenate([r.choice(self.by_scene[s], self.frames) for s in chosen])
        x = np.empty((len(at), PLANES, SIDE, SIDE), np.float32)
        for row, index in zip(x, at):
            row[:] = turned(self.inputs[index], r)
            picture = row[0] != 0
            # Some photos have no map whatever their size: progressive ones, other formats.
            if r.random() < 0.25:
                row[3][picture] = NO_DETAIL
            row[:3] += picture * r.normal(0, 0.04, (3, 1, 1)).astype(np.float32)
        return x, self.scene[at], self.truth[at]
