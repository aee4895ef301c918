"""Frames with known faults, made by the program that makes shoots for tests, from the sources.

A frame belongs to a scene: a source as a whole, seen under any crop of 0.6 to 0.95, mirrored or not, as
a made-up shoot shows it; or, where the source has the pixels, one of four narrow parts of it. Frames of
one scene are the same scene to the embedding, those of other sources are others, and those of
another part of the same source are neither.
"""
import importlib.util
import json
import math
import os
import random
from multiprocessing import Pool

from PIL import Image

#: What a fault of score 1 is: the largest that a made-up shoot has.
DEFOCUS_FULL_PX, MOTION_FULL_PX, EXPOSURE_FULL_EV, NOISE_FULL_ISO = 18.0, 70.0, 3.0, 6400.0
SCORES = ("defocus", "motion", "exposure", "noise")

#: Width of a copy of a source from which small frames are made, so that each opens faster.
COPY_PX = 2880


def load_maker(path):
    spec = importlib.util.spec_from_file_location("make_shoot", path)
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    return maker


def scores(faults, iso):
    """The truth about a frame, each 0 (none) to 1 (as much as a shoot ever has)."""
    return [min(faults.get("defocus", 0.0) / DEFOCUS_FULL_PX, 1.0),
            min(faults.get("motion", 0.0) / MOTION_FULL_PX, 1.0),
            min(abs(faults.get("exposure_ev", 0.0)) / EXPOSURE_FULL_EV, 1.0),
            math.log2(iso / 100) / math.log2(NOISE_FULL_ISO / 100)]


def faults_of(r):
    """Like those of a made-up shoot, but of every strength and more often."""
    faults, roll = {}, r.random()
    if roll < 0.34:
        faults["defocus"] = r.uniform(2, 20)
    elif roll < 0.58:
        faults["motion"] = r.randrange(14, 78)
    if r.random() < 0.28:
        faults["exposure_ev"] = r.choice([-1, 1]) * r.uniform(1.0, 3.2)
    return faults


def size_of(r, width):
    """Mostly 3:2, now and then another camera's shape, of the same area."""
    shape = r.choices([3 / 2, 4 / 3, 16 / 9, 1.0], [0.76, 0.14, 0.05, 0.05])[0]
    across = int(width * math.sqrt(shape / 1.5)) // 16 * 16
    return across, int(across / shape)


def copies(sources, folder):
    """Each source at no more than COPY_PX, in our own folder."""
    os.makedirs(folder, exist_ok=True)
    made = {}
    for number, (path, _) in enumerate(sources):
        made[path] = os.path.join(folder, f"{number:03}.jpg")
        if not os.path.exists(made[path]):
            image = Image.open(path).convert("RGB")
            image.thumbnail((COPY_PX, COPY_PX), Image.LANCZOS)
            image.save(made[path], quality=97, subsampling=0)
    return made


def plan(sources, small_copies, counts, seed):
    """The frames of all sources: `counts` of 0.6, 2.5 and 12 megapixels a source, and in narrow parts."""
    r = random.Random(seed)
    jobs = []

    def add(number, path, part, width, crop, at):
        base = dict(source=path, size=size_of(r, width), crop=crop, at=at, mirror=r.random() < 0.5,
                    shift=(r.gauss(0, 0.006), r.gauss(0, 0.006)), iso=r.choice([100, 200, 400, 800, 1600, 6400]),
                    faults=faults_of(r), seed=seed * 1_000_003 + len(jobs))
        jobs.append(dict(spec=base, quality=r.choice([92, 93, 94, 95]), subsampling=r.choice([1, 2]),
                         source=number, scene=number * 8 + part))

    for number, (path, base) in enumerate(sources):
        copy = small_copies[path]
        copy_base = min(base, min(COPY_PX, base))
        for _ in range(counts["small"]):
            least = min(max(0.6, 960 / copy_base), 0.93)
            add(number, copy, 0, 960, r.uniform(least, 0.95), (r.random(), r.random()))
        if base >= 2000:
            narrow = max(0.34, 960 / base)
            for part in range(4):
                corner = (part % 2, part // 2)
                for _ in range(counts["narrow"]):
                    at = tuple(min(max(abs(c - r.uniform(0, 0.12)), 0), 1) for c in corner)
                    source = path if base * narrow < 1400 and base > COPY_PX else copy
                    add(number, source, 1 + part, 960, r.uniform(narrow, min(narrow * 1.25, 0.6)), at)
        if base >= 1600:
            for _ in range(counts["medium"]):
                add(number, copy, 0, 1920, r.uniform(0.7, 0.95), (r.random(), r.random()))
        if base >= 2500:
            for _ in range(counts["large"]):
                add(number, path, 0, 4240, r.uniform(0.6, 0.95), (r.random(), r.random()))
    return jobs


_MAKER = None


def _start(maker_path):
    global _MAKER
    _MAKER = load_maker(maker_path)
    _MAKER.noise_tile()


def _write(job):
    path, frame = job
    if not os.path.exists(path):
        image = _MAKER.render(frame["spec"])
        bytes_ = _MAKER.jpeg(image, frame["quality"], frame["subsampling"])
        with open(path + ".part", "wb") as f:
            f.write(bytes_)
        os.rename(path + ".part", path)
    return path


def write(frames, folder, maker_path, workers):
    """Writes the frames, and `truth.json` beside them."""
    os.makedirs(folder, exist_ok=True)
    jobs = [(os.path.join(folder, f"frame_{n:06}.jpg"), frame) for n, frame in enumerate(frames)]
    truth = {os.path.basename(path): dict(source=f["source"], scene=f["scene"],
                                          scores=scores(f["spec"]["faults"], f["spec"]["iso"]))
             for path, f in jobs}
    # The largest first, so that no worker is left with one at the end.
    jobs.sort(key=lambda job: -job[1]["spec"]["size"][0])
    with Pool(workers, _start, (maker_path,)) as pool:
        for n, _ in enumerate(pool.imap_unordered(_write, jobs, chunksize=4), 1):
            if n % 500 == 0 or n == len(jobs):
                print(f"frames {n}/{len(jobs)}", flush=True)
    with open(os.path.join(folder, "truth.json"), "w") as f:
        json.dump(truth, f)
