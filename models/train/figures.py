"""How good the network is on photographs that training never saw: shoots made by the program for
tests from the held-out sources alone."""
import json
import os
import subprocess
import sys

import jax
import numpy as np
from PIL import Image

import batches
import net
from frames import SCORES, scores

#: Name, photos, megapixels, seed; in quick runs the first alone, with a tenth of the photos.
SHOOTS = (("0.6 MP", 600, 0.6, 1001), ("12 MP", 120, 12, 1002))


def shoots(args, aside, is_quick):
    """By name: inputs, truths, sources, bursts."""
    folder = os.path.join(args.work, "aside")
    os.makedirs(folder, exist_ok=True)
    for name in aside:
        link = os.path.join(folder, name)
        if not os.path.lexists(link):
            os.symlink(os.path.abspath(os.path.join(args.photos, "sources", name)), link)
    made = {}
    for name, photos, megapixels, seed in SHOOTS[:1] if is_quick else SHOOTS:
        photos = photos // 10 if is_quick else photos
        shoot = os.path.join(args.work, f"shoot-{megapixels}-{photos}")
        if not os.path.exists(os.path.join(shoot, "done")):
            subprocess.run([sys.executable, args.maker, shoot, "--photos", str(photos), "--megapixels", str(megapixels),
                            "--taste", "--seed", str(seed), "--sources", folder, "--jobs", str(args.workers)],
                           check=True, stdout=subprocess.DEVNULL)
            open(os.path.join(shoot, "done"), "w").close()
        inputs, names = batches.arrays(shoot, args.tiles, args.workers)
        with open(os.path.join(shoot, "truth.json")) as f:
            truth = json.load(f)
        made[name] = (inputs, np.array([scores(truth[n]["faults"], iso(os.path.join(shoot, n))) for n in names]),
                      np.array([truth[n]["source"] for n in names]), np.array([truth[n]["scene"] for n in names]))
    return made


def iso(path):
    """ISO speed of a photo's EXIF (tag 0x8827)."""
    return Image.open(path).getexif().get_ifd(0x8769)[0x8827]


def trained(weights, running, blind=()):
    """What the trained weights make of inputs: embeddings and scores."""
    step = jax.jit(lambda x: net.forward(weights, running, x, False)[:2])

    def look(x):
        x[:, list(blind)] = 0
        embedding, logits = step(x)
        return np.asarray(embedding), np.asarray(jax.nn.sigmoid(logits))

    return look


def written(model):
    """What the written file makes of inputs."""
    import onnxruntime
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    return lambda x: session.run(["embedding", "scores"], {"input": x})


def run(look, inputs):
    """Embeddings and scores of all inputs."""
    parts = [look(inputs[at:at + 64].astype(np.float32)) for at in range(0, len(inputs), 64)]
    return [np.concatenate(p) for p in zip(*parts)]


def without_map(inputs):
    """The same photos, as if their coder had left no map."""
    inputs = inputs.copy()
    inputs[:, 3][inputs[:, 0] != 0] = batches.NO_DETAIL
    return inputs


def auc(score, is_positive):
    """Area under the ROC curve: how often a positive is above a negative."""
    score, is_positive = np.asarray(score, float), np.asarray(is_positive, bool)
    order = np.unique(score, return_inverse=True)[1]
    counts = np.bincount(order)
    rank = (np.cumsum(counts) - (counts - 1) / 2)[order]
    positive, negative = is_positive.sum(), (~is_positive).sum()
    if not positive or not negative:
        return float("nan")
    return float((rank[is_positive].sum() - positive * (positive + 1) / 2) / (positive * negative))


def measure(look, made):
    """Figures by shoot; of one whose photos have detail maps, without them as well."""
    told = {}
    shoots = dict(made)
    for name, (inputs, *rest) in made.items():
        bare = without_map(inputs)
        if not np.array_equal(bare, inputs):
            shoots[name + ", no map"] = (bare, *rest)
    for name, (inputs, truth, source, burst) in shoots.items():
        embedding, found = run(look, inputs)
        one = {}
        for k, score in enumerate(SCORES):
            is_faulty = truth[:, k] > 0.0
            one[score] = dict(auc=round(auc(found[:, k], is_faulty), 3),
                              mean_error=round(float(np.abs(found[:, k] - truth[:, k]).mean()), 3),
                              correlation=round(float(np.corrcoef(found[:, k], truth[:, k])[0, 1]), 3),
                              right_within_bursts=within(found[:, k], truth[:, k], burst))
        alike = embedding @ embedding.T
        other = burst[:, None] != burst[None, :]
        same = source[:, None] == source[None, :]
        pairs = np.triu(other, 1)
        nearest = np.where(other, alike, -2).argmax(1)
        one["embedding"] = dict(same_source_auc=round(auc(alike[pairs], same[pairs]), 3),
                                nearest_is_same_source=round(float((source[nearest] == source).mean()), 3),
                                chance=round(float(same[pairs].mean()), 3))
        told[name] = dict(photos=len(inputs), **one)
    return told


def within(found, truth, burst):
    """How often, of two frames of one burst whose truths differ by 0.1, the worse one is scored worse;
    None where no burst has two such."""
    right = total = 0.0
    for b in np.unique(burst):
        at = np.flatnonzero(burst == b)
        worse = truth[at][:, None] > truth[at][None, :] + 0.1
        order = np.sign(found[at][:, None] - found[at][None, :])
        right += ((order[worse] + 1) / 2).sum()
        total += worse.sum()
    return round(float(right / total), 3) if total else None


def check(model, weights, running, inputs):
    """Fails unless the written file gives what the trained network gives."""
    x = inputs.astype(np.float32)
    for a, b in zip(written(model)(x), trained(weights, running)(x)):
        assert np.abs(a - b).max() < 1e-4, np.abs(a - b).max()
